"""A network of the catalogue trained for real, its closed-form gradients held beside autograd on the way.

    network.py    the problem `small-network` with numbers for its sizes: parameters, data, layers as torch modules
    run.py        settings, epochs of stochastic gradient descent, checkpoints from which an interrupted run goes on
    gradients.py  the catalogue's closed forms on the network's own parameters and batch, beside torch autograd
    pictures.py   the loss over the epochs, and the fit
    command.py    what `derive train` does

Everything is in float64 and seeded; one thread, so that the sums of a run are those of every other run.
"""
