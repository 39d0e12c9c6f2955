r"""Statements about functions (derive.read.words reads them): idempotent, even, increasing, convex, Lipschitz and others.

    pieces.py      the formula cut at its kinks: on every piece a formula without branches
    properties.py  one entry a property: how it is shown, how it is refuted
    witnesses.py   points that refute: a jump, two points, three points; each certain by balls

What a property says of all pairs of points is shown by derivatives: on every piece by their sign or size, across the kinks
by continuity (and, for convexity, by slopes that do not fall). A formula whose kinks are not found at rational points is
undecided. Refuted means that points are shown at which the definition itself fails.
"""
