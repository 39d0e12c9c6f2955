"""What is declared of a general function: true of all that are so is never refuted, false is refuted by one that is so."""

from fractions import Fraction

import pytest

from checks.api import holds
from checks.decide.activations import standing_for
from checks.decide.replay import replay
from derive.declarations import symbol_from_spec
from derive.errors import BadSpec, NoRule
from derive.program import Program
from derive.ranges import Range, ranges_of
from derive.read import read
from derive.symbols import Symbol, SymbolTable

PLACES = [Fraction(n, 4) for n in (-80, -21, -9, -4, -1, 0, 1, 2, 3, 4, 9, 21, 80)]
SPECS = (
    "positive", "nonnegative", "negative", "nonzero", "increasing", "between 0 and 1", "between -2 and 5",
    "between -2 and -1/3", "in [0, 1]", "in [0, 1)", "in (-1, 2]", "in [0, inf)", "in (-inf, 3]", "in [2, 2]",
    "greater than 2", "greater than -1/2", "less than -1", "less than 4", "increasing, positive", "increasing, nonnegative",
    "increasing, negative", "increasing, nonzero", "increasing, between -1 and 1", "increasing, in [0, 1]",
    "increasing, greater than 2", "increasing, less than 1/3", "positive, less than 3", "nonnegative, between -1 and 1",
    "negative, greater than -4", "nonzero, between -1 and 2", "nonzero, in [0, 1]", "nonzero, nonnegative",
    "increasing, nonzero, in [-1, 1]",
)  # fmt: skip


def decided(statement: str, spec: str, **others: str):
    return holds(statement, {"x": "real", "y": "real", "h": f"function, {spec}", **others})


@pytest.mark.parametrize("spec", SPECS)
def test_what_stands_for_a_function_has_every_declared_property(spec: str):
    symbol = symbol_from_spec("h", f"function, {spec}")
    numbers = Symbol("h", "real", symbol.properties - {"increasing"}, symbol.lower, symbol.upper, symbol.closed)
    standing = [one.moved(place, turn) for one in standing_for(symbol) for place in range(3) for turn in range(3)]
    assert standing
    for activation in standing:
        for at in PLACES:
            # enough digits for what differs from a bound by e^-60
            value = replay(activation.derivative(0), {"z": at}, Program(), {}, 80)
            assert numbers.admits(Fraction(str(value))), (activation.latex, at)
            if "increasing" in symbol.properties:
                assert replay(activation.derivative(1), {"z": at}, Program(), {}, 80) > 0, (activation.latex, at)


@pytest.mark.parametrize("spec", SPECS)
def test_some_function_comes_near_to_each_declared_bound(spec: str):
    symbol = symbol_from_spec("h", f"function, {spec}")
    far = [*PLACES, Fraction(10**4), Fraction(-(10**4))]
    values = [replay(a.derivative(0), {"z": z}, Program(), {}) for a in standing_for(symbol) for z in far]
    for within in ranges_of(symbol):
        for end in (within.lower, within.upper):
            assert min(abs(v - float(end)) for v in values) < 1e-3 if end is not None else max(map(abs, values)) > 1e3


TRUE = [
    ("h(x) > 0", "positive", "proven"),
    (r"h(x) \ge 0", "positive", "proven"),
    (r"h(x) \ne 0", "positive", "proven"),
    ("h(x)^2 + h(x) > 0", "positive", "proven"),
    ("|h(x)| = h(x)", "positive", "proven"),
    (r"\sqrt{h(x)^2} = h(x)", "nonnegative", "proven"),
    (r"h(x) \ge 0", "nonnegative", "proven"),
    ("h(x) < 0", "negative", "proven"),
    ("|h(x)| = -h(x)", "negative", "proven"),
    ("h(x)^2 > 0", "nonzero", "proven"),
    (r"h(x) \ne 0", "nonzero", "proven"),
    ("0 < h(x)", "between 0 and 1", "proven"),
    ("h(x) < 1", "between 0 and 1", "proven"),
    ("h(x) (1 - h(x)) > 0", "between 0 and 1", "proven"),
    (r"h(x)^2 \le h(x)", "in [0, 1]", "proven"),
    (r"h(x) \le 1", "in (0, 1]", "proven"),
    ("h(x) > 0", "in (0, 1]", "proven"),
    ("h(x) < 1", "in [0, 1)", "proven"),
    ("h(x) = 2", "in [2, 2]", "proven"),
    ("h(x) > 0", "nonzero, in [0, 1]", "proven"),
    ("h(x)^2 > 4", "greater than 2", "proven"),
    ("h(x) < -1/2", "less than -1", "proven"),
    ("h(x) > 0", "increasing, positive", "proven"),
    ("h'(x) > 0", "increasing, between 0 and 1", "proven"),
    (r"x > 0 \Rightarrow x h(x) > 0", "positive", "proven"),
    (r"x < y \Rightarrow h(x) < h(y)", "increasing, positive", "undecided"),
    (r"4 h(x) (1 - h(x)) \le 1", "between 0 and 1", None),
    (r"h(x) h(y) > 0", "positive", "proven"),
]


@pytest.mark.parametrize(("statement", "spec", "status"), TRUE)
def test_what_is_true_of_every_function_declared_so_is_not_refuted(statement: str, spec: str, status: str | None):
    found = decided(statement, spec).status
    assert found == status if status else found in {"proven", "undecided"}


FALSE = [
    ("h(x) > 0", "nonnegative"),
    ("h(x) < 1", "in [0, 1]"),
    ("h(x) < 1", "in (0, 1]"),
    ("h(x) > 0", "in [0, 1)"),
    ("h(x) > 1", "positive"),
    ("h(x) < 1", "positive"),
    ("h(x) < 100", "positive"),
    ("h(x) > -1/2", "negative"),
    ("h(x) > 0", "nonzero"),
    ("h(x) < 0", "nonzero"),
    ("h(x) < 3/4", "between 0 and 1"),
    ("h(x) > 9/4", "greater than 2"),
    ("h(x) < -5/4", "less than -1"),
    ("h'(x) > 0", "positive"),
    ("h(x) > 0", "increasing, between -1 and 1"),
    (r"h'(x) \ge 1", "increasing, positive"),
    (r"h(x) = h(y)", "in [0, 1]"),
    (r"h(x) = h(x)^2", "in [0, 1]"),
]


@pytest.mark.parametrize(("statement", "spec"), FALSE)
def test_what_is_false_is_refuted_by_a_function_that_is_as_declared(statement: str, spec: str):
    verdict = decided(statement, spec)
    assert verdict.status == "refuted"
    assert verdict.counterexample is not None
    made = verdict.counterexample["h(z)"]
    tree = read(made, SymbolTable.from_specs({"z": "real"})).tree
    symbol = symbol_from_spec("h", f"function, {spec}")
    numbers = Symbol("h", "real", symbol.properties - {"increasing"}, symbol.lower, symbol.upper, symbol.closed)
    assert all(numbers.admits(Fraction(str(replay(tree, {"z": at}, Program(), {}, 80)))) for at in PLACES)
    again = decided(statement, spec)
    assert (again.evidence, again.counterexample) == (verdict.evidence, verdict.counterexample)


def test_functions_with_bounds_that_overlap_are_not_ordered():
    assert decided("h(x) > f(x)", "greater than 2", f="function, less than 1").status == "proven"
    assert decided("h(x) > f(x)", "greater than 1", f="function, less than 2").status == "refuted"
    assert decided("h(x) < f(x)", "between 0 and 1", f="function, between 0 and 1").status == "refuted"


def test_bounds_say_nothing_at_complex_numbers():
    assert decided("|h(w)| = h(w)", "positive", w="complex").status == "undecided"


def test_an_inequality_tried_with_a_few_functions_is_not_verified():
    assert decided("(h(x) - 1/7)^2 > 0", "between 0 and 1").status == "undecided"


def test_entries_of_vectors_are_put_into_functions_that_are_as_declared():
    true = [(r"\sum_{i=1}^n h(v_i) > 0", "positive"), (r"\|h(v)\|_\infty < 1", "between 0 and 1")]
    false = [(r"\sum_{i=1}^n h(v_i) > 0", "negative"), (r"\|h(v)\|_\infty < 1/2", "between 0 and 1")]
    assert all(decided(statement, spec, v="vector n").status == "undecided" for statement, spec in true)
    assert all(decided(statement, spec, v="vector n").status == "refuted" for statement, spec in false)


@pytest.mark.parametrize(
    "spec",
    ["function, positive, negative", "function, nonnegative, less than 0", "function, nonzero, in [0, 0]",
     "function, increasing, in [1, 1]", "function, greater than 3, negative", "sequence, increasing",
     "sequence, positive, increasing"],
)  # fmt: skip
def test_specs_that_no_function_meets_or_that_are_not_heeded_are_refused(spec: str):
    with pytest.raises(BadSpec, match=r"increasing|said of its values"):
        symbol_from_spec("h", spec)


def test_where_no_function_is_known_nothing_stands_for_it():
    with pytest.raises(NoRule, match="h"):
        standing_for(Symbol("h", "function", frozenset({"positive", "negative"})))


def test_ranges_join_signs_and_bounds():
    spec = symbol_from_spec("h", "function, nonnegative, in [-1, 2]")
    assert ranges_of(spec) == (Range(Fraction(0), Fraction(2), (True, True)),)
    apart = symbol_from_spec("h", "function, nonzero, in [-1, 2]")
    assert ranges_of(apart) == (
        Range(Fraction(0), Fraction(2), (False, True)),
        Range(Fraction(-1), Fraction(0), (True, False)),
    )
