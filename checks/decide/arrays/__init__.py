"""Deciding claims between formulas of vectors and matrices by draws: exact over the rationals, else by balls.

    sizes.py entries.py draws.py      small different sizes; exact entries within what is declared; a whole draw
    evaluate.py fields.py             values at a draw; over the rationals or as balls
    (arithmetic.py matrix_functions.py: of numbers and matrices, whatever they are)
    compare.py separation.py          a certain difference at one draw; at many
    jumps.py                          kinks and jumps, and what draws may miss beyond them
    counterexamples.py replay.py      the difference shrunk, and evaluated again by mpmath
    slips.py findings.py              the kind of mistake that leads from the truth to a wrong formula
    equality.py                       draws and the canonical form in one pipeline

`separate` refutes with a counterexample, or verifies by agreement at all draws; it never proves.
"""

from checks.decide.arrays.draws import ArrayClaim, Draw
from checks.decide.arrays.findings import CLASSES, find
from checks.decide.arrays.separation import separate

__all__ = ["CLASSES", "ArrayClaim", "Draw", "find", "separate"]
