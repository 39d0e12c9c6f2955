"""What is written as LaTeX reads back as the same tree of the same shape, for generated formulas whose shapes fit."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from typed import TABLE, blocks, typed

from derive.errors import Unreadable
from derive.matrix.shapes import shape_of
from derive.read import read
from derive.tree import ONE, Negative, Power, Transpose
from derive.write import latex


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(typed())
def test_a_formula_reads_back_from_its_own_latex(drawn):
    shape, tree = drawn
    try:
        again = read(latex(tree), TABLE).tree
    except Unreadable as error:  # det exp(A), which other books read as that of the matrix
        if "may be that of the matrix or of every entry" not in str(error):
            raise
        return
    assert again == tree, latex(tree)
    assert shape_of(again) == shape == shape_of(tree)


def test_the_inverse_of_an_entry_is_not_written_as_that_of_a_matrix():
    entry = read("x_j", TABLE).tree
    tree = Transpose(Power(entry, Negative(ONE)))
    assert read(latex(tree), TABLE).tree == tree


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(blocks())
def test_a_row_of_blocks_is_as_wide_as_its_blocks_together(tree):
    assert shape_of(read(latex(tree), TABLE).tree) == ("n", "m + n")
