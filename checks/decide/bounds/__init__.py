"""Bounds of formulas over intervals and boxes, proven by ball arithmetic.

    tape.py       a formula as straight-line steps that run over any arithmetic: balls, series, gradients, tails
    wide.py       balls of intervals: increasing functions by their ends, so that a wide ball stays as narrow as it can be
    series.py     Taylor series with ball coefficients: every derivative of one variable, at a point or over an interval
    gradients.py  a value with its partial derivatives, over a box
    tails.py      a formula for all s ≥ A, as a sum of e^{ks²} e^{js} sⁱ (log s)ˡ with ball coefficients
    touching.py   where a formula vanishes exactly, and on which side of such a point it has which sign
    curve.py      the sign of a formula of one variable on its whole domain: touching points, tails, bisection between
    boxes.py      the sign of a formula on a box, by bisection with values, gradients and monotonicity
    reduction.py  formulas of several names that depend on one combination of them
    contact.py    formulas of several names that vanish on a line, by their derivatives
    order.py      the proof of a claim u ≤ v from these, with its evidence
    extremes.py   supremum and infimum of a formula, enclosed
    constants.py  Lipschitz constants of activations, enclosed

Everything is certain: balls enclose, zeros are told by the normal form. Effort is counted in boxes.
"""
