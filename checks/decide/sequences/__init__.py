"""Claims about sequences: terms v_t of a recurrence, sums and maxima over g_1 … g_t, expectations of random ones.

instances.py     the claim at small numbers for its indices, every term a name of its own: an ordinary claim, which
                 refutes (t = 3, g_1 = 1, …) or holds; expectations over two-point distributions
proofs.py        symbolic t: the recurrence put in, closed forms, canonical sums and maxima, induction on the claim
decide.py        both together; a proof needs an instance that holds
"""
