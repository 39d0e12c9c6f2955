"""Mutants are single slips: the kinds, the places, and nothing that is the formula itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import derive
from checks.mutants import mutants, neighbours
from derive.write import latex

SYMBOLS = {**dict.fromkeys(("w", "x", "z_3", "z_4", "z_4^*", "z_5", "h_1"), "real"), r"\sigma": "function"}


def made(text, among=()):
    return {(m.kind, latex(m.tree)) for m in mutants(derive.parse(text, SYMBOLS).tree, among)}


@pytest.mark.parametrize(("formula", "kind", "mutant"), [
    ("w x",                   "sign",            "-w x"),
    ("w - x",                 "sign",            "w + x"),
    ("w + x",                 "missing-term",    "w"),
    ("w x",                   "missing-factor",  "x"),
    ("w x",                   "constant-factor", "2 w x"),
    ("2 w x",                 "constant-factor", "4 w x"),
    ("2 w x",                 "constant-factor", "w x"),
    ("w + 1",                 "constant-factor", "w + 2"),
    ("w^4",                   "power",           "w^3"),
    ("w^4",                   "power",           "w^5"),
    ("w^2",                   "power",           "w"),
    ("w x",                   "power",           "w^2 x"),
    (r"\sqrt{x}",             "power",           "x"),
    (r"\sigma'(x)",           "prime",           r"\sigma(x)"),
    (r"\sigma'(x)",           "prime",           r"\sigma''(x)"),
    (r"\frac{w}{x}",          "missing-factor",  "w"),
    (r"\frac{w}{x}",          "missing-factor",  r"\frac{1}{x}"),
    (r"\sigma(z_4) + z_3",    "index",           r"\sigma(z_3) + z_3"),
    ("|x|",                   "absolute",        "x"),
])  # fmt: skip
def test_slips(formula, kind, mutant):
    assert (kind, mutant) in made(formula)


def test_indices_slip_to_names_given():
    assert ("index", r"\sigma(z_5)") in made(r"\sigma(z_4)", ("z_5", "h_1"))
    assert not [1 for kind, _ in made(r"\sigma(z_4)") if kind == "index"]


@pytest.mark.parametrize(("key", "known", "near"), [
    ("z_4",     ("z_3", "z_5", "z_6", "h_3", "z_3^*"), ["z_3", "z_5"]),
    ("z_4^*",   ("z_4", "z_3^*", "z_3"),               ["z_4", "z_3^*"]),
    ("z_{10}",  ("z_9", "z_1", "z_{11}"),              ["z_9", "z_{11}"]),
    ("z_4@skip", ("z_4", "z_3@skip", "z_3"),           ["z_4", "z_3@skip"]),
    ("y",       ("y^*", "x"),                          ["y^*"]),
    ("x",       ("w", "z_1"),                          []),
])  # fmt: skip
def test_neighbours(key, known, near):
    assert neighbours(key, known) == near


@settings(max_examples=60, database=None, deadline=None)
@given(st.recursive(
    st.sampled_from(["w", "x", "z_3", "z_4", "2", "3"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda p: f"({p[0]} + {p[1]})"),
        st.tuples(inner, inner).map(lambda p: rf"({p[0]}) \cdot ({p[1]})"),
        st.tuples(inner, inner).map(lambda p: rf"\frac{{{p[0]}}}{{{p[1]}}}"),
        inner.map(lambda u: rf"\sigma'({u})"),
        inner.map(lambda u: f"(-({u}))"),
        inner.map(lambda u: f"({u})^2"),
    ),
    max_leaves=8,
))  # fmt: skip
def test_every_mutant_is_new_and_made_once(text):
    tree = derive.parse(text, SYMBOLS).tree
    found = [mutant.tree for mutant in mutants(tree)]
    assert tree not in found
    assert len(found) == len(set(found))
    assert len(found) >= 3
    assert {m.kind for m in mutants(tree)} <= {
        "sign", "constant-factor", "power", "missing-factor", "missing-term", "prime", "index", "absolute",
    }  # fmt: skip
