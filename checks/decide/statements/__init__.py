"""How two statements are related: same solutions, one implies the other, neither.

    sentence.py      a statement as relations joined by "and" and "or", brought to one form; ± and ∈ {…} written out
    truth.py         whether a sentence holds at one exact point: yes, no, or not known
    solutions.py     points at which a sentence holds: equations solved for one name, boundaries, small numbers
    ideal.py         the algebraic proof: a polynomial vanishes wherever the others do (Rabinowitsch, Gröbner bases)
    peeling.py       one increasing function taken off both sides of a relation
    premises.py      premises as bounds of names, and as differences that are not negative
    proofs.py        that one sentence implies another: substitution, ideals, z3
    relation.py      both directions together: the verdicts of `equal` and `holds` for statements, and of a step

A sentence holds at a point where its sides have values that satisfy it; where a side has no value the relation does not
hold. `p ⇒ q` is refuted by a point of the declared domain at which p certainly holds and q certainly does not, and
proven by showing that there is none. Names in an order relation (<, ≤) are taken as real, as order is of real numbers.
"""
