"""Matrix calculus: formulas of vectors and matrices of symbolic size, their shapes, derivatives, equality and printing.

A formula is the same tree as everywhere (derive/tree.py), with the nodes of `nodes.py` besides; its names are typed by the
symbol table. A scalar has the shape (1, 1), a vector (n, 1), a row (1, n). Nothing is expanded while reading or deriving.

    nodes.py       ⊙, ⊘, ^{⊙k}, ⊗, norms, entries
    shapes.py      the shape of every part of a formula; a mismatch is a message in the author's own notation
    facts.py       what is known of names, taken away while differentiating by them; how results are spelled
                   (shape_rules.py: one rule for every kind of operation)
    build.py       smart constructors: products, transposes, sums without trivial factors, signs and numbers in front
                   (atoms.py: what single nodes are; monomials.py: number × scalars × word; reduction.py: what cancels
                   in a word; keys.py: which parts are equal)
    hadamard.py    ⊙, ⊘ and entrywise powers as one monomial; scalar formulas lifted to arrays
    entries.py     sums over all entries as products with ones
    contract.py    what is written with indices as products of matrices
    pullback.py    one rule for each operation: what a cotangent of its value is for each operand; nothing is expanded
                   (entry_pullbacks.py: ⊙, ⊘, functions; matrix_pullbacks.py: norms, traces, determinants, …)
    layouts.py     gradient, Jacobian, Hessian, vjp, … all from pullbacks: the value is paired with a symbol G, the pullback
                   is linear in G, and pulling dX back through that gives the differential
                   (task.py: what is asked; linear_maps.py: what stands at dX)
    collect.py     the form a book prints: transposes pushed in, equal words collected, common factors taken out
                   (sums.py: the ways to write a sum; expand.py: multiplied out; signs.py; cost.py: how long a formula
                   is; recognise.py: softmax, logistic functions, diagonal matrices)
    steps.py       the lines of a derivation: df law by law, dX at the end, the result read off
    families.py    rows, columns and matrices written with dots, families of vectors (family_shapes.py: their shapes)
    indexed.py     every entry as sums over indices, one spelling for one value: equality of what is written with indices
                   (index_terms.py: the terms; index_spelling.py: bound indices named)
    canonical.py   everything multiplied out, one spelling for one value: equality for all sizes at once
                   (words.py: products of atoms; entrywise.py: entries; pairing.py: scalars made of arrays)

Sources of the rules: Petersen & Pedersen, The Matrix Cookbook (2012), sections 2.1–2.8; Magnus & Neudecker, Matrix
Differential Calculus; Giles, Collected matrix derivative results for forward and reverse mode (2008).
"""
