r"""A sequence given by its recurrence and start → its closed form, derived and proven by induction; expectations of it.

    given      v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2,  v_0 = 0        symbolic t, general g_1, g_2, …
    unrolled   v_1, v_2, v_3 by putting the recurrence into itself
    closed     v_t = (1-\beta_2) \sum_{i=1}^t \beta_2^{t-i} g_i^2         by the shape of the recurrence (table in closed.py)
    proven     base: F(0) = v_0; step: the recurrence with F(t-1) put in is F(t), both as normal-form identities

A term g_i of a sequence is a call of the sequence's key `g_` at the index, so that substitution, bound indices and normal
forms treat i as the variable it is; `derive.symbols` declares sequences (spec `sequence`, `random, iid`), the reader turns
the subscript into the index.

    terms.py         terms of sequences in a tree; a claim at numbers for its indices, written out
    definition.py    lines `v_t = …`, `v_0 = 0` → a Recurrence; the recurrences of a program
    closed.py        the table of shapes: linear, product, sum, geometric, maximum → closed form; proof by induction
    sums.py          canonical sums: linear, one index, one upper bound, geometric ones done
    maxima.py        canonical maxima: a set of terms and of running terms, nonnegative factors moved in
    expectation.py   E: linear, deterministic factors outside, independent terms of one law
    limits.py        lim_{p→∞} (c(p) Σ a_i^p)^{1/p} = max a_i
    derivation.py    the steps of all this, printable

A closed form is returned only when its induction went through; a shape without a row raises NoRule.
"""
