"""Relations between values of functions whose slope is bounded: the mean value theorem, and the triangle inequality.

    |σ(u) − σ(v)| ≤ ¼ |u − v|        |ln σ'(u) − ln σ'(v)| ≤ |u − v|        0 < σ(u) < 1        ln σ'(u) ≤ −2 ln 2

Every value f(u) becomes a name, and the difference of the two sides a polynomial in such names and the inputs. Two values of
one function are replaced by their difference where one of them is then gone; every term is bounded: a value by the range
of f, a difference of values by the greatest slope of f times the bound of u − v, which is found in the same way or is a
premise. What is left is a relation between the inputs, proven by the other means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import permutations

from checks.decide.bounds.order import signs_chosen
from checks.decide.bounds.products import RANGES, difference_of_logarithms
from checks.decide.floats import value
from checks.decide.intervals import Interval
from checks.decide.statements.sentence import ORDER, Atom
from derive.errors import NoRule, TooLarge
from derive.normal import Kernel, normal_form, vanishes
from derive.rules import definition_of
from derive.splitting import NEGATIVE, form_sign
from derive.tree import (
    ONE,
    Absolute,
    Call,
    Name,
    Negative,
    Node,
    Power,
    Sum,
    number,
    substitute,
    times,
    total,
    transform,
)
from derive.tree import ZERO as ZERO_NODE

LOG_SLOPE = "ln sigmoid'"
# greatest |f'|, attained nowhere or at single points only: between two different points the slope is smaller
SLOPES = {
    "sigmoid": Fraction(1, 4), "tanh": Fraction(1), "softplus": Fraction(1), "arctan": Fraction(1), "sin": Fraction(1),
    "cos": Fraction(1), LOG_SLOPE: Fraction(1),
}  # fmt: skip
GROWING = "ln of what is at least 1"
BELOW = {"softplus": Interval(Fraction(0)), GROWING: Interval(Fraction(0), None, (True, False))}
HIGHEST_LOG_SLOPE = times([number(-2), Call("log", (number(2),))])
WHOLE = frozenset(["name", "constant", "exp", "log", "sin", "cos"])  # kernels with a value wherever the formula has one
MAX_VALUES = 16
MAX_DEPTH = 8
FAILURES = (TooLarge, ZeroDivisionError, NoRule, RecursionError)
Bound = tuple[Node, bool]  # of the inputs, and whether it is certain not to be attained
Differences = dict[str, tuple[str, Node]]  # f(u) − f(v) by its name: f and u − v
Prove = Callable[[Atom], bool]


class _NoBound(Exception):
    """A term that nothing is known of."""


def follows_by_slopes(atom: Atom, premises: Sequence[Atom], prove: Prove) -> bool:
    """Whether a relation follows; `prove` proves relations between the inputs."""
    if atom.relation not in ORDER:
        return False
    less, more = (atom.left, atom.right) if atom.relation in {"<", r"\le"} else (atom.right, atom.left)
    strict = atom.relation in {"<", ">"}
    try:
        if _positive(Sum((more, Negative(less))), premises, prove, strict=strict):
            return True
        logarithms = difference_of_logarithms(less, more, strict=strict)
        return logarithms is not None and _positive(logarithms, premises, prove, strict=strict)
    except FAILURES:
        return False


def _positive(tree: Node, premises: Sequence[Atom], prove: Prove, *, strict: bool) -> bool:
    """Whether a formula is > 0 (≥ 0 unless strict) wherever the premises hold and it has a value."""
    names = _Values()
    parts = [names.named(part) for part in signs_chosen(tree)]
    if not 0 < len(names.values) <= MAX_VALUES:
        return False
    names.told(premises)
    try:
        bounds = [names.above(Negative(part)) for part in parts]
    except _NoBound:
        return False
    return all(prove(Atom(bound, "<" if strict and not less else r"\le", ZERO_NODE)) for bound, less in bounds)


@dataclass
class _Values:
    """The names of values, and premises about how far two formulas are apart."""

    values: dict[Name, tuple[str, Node]] = field(default_factory=dict)
    known: list[tuple[Node, Bound]] = field(default_factory=list)
    sizes: dict[Node, Bound | None] = field(default_factory=dict)

    def told(self, premises: Sequence[Atom]) -> None:
        """Premises that say how large something is at most."""
        for atom in premises:
            less, more = (atom.left, atom.right) if atom.relation in {"<", r"\le"} else (atom.right, atom.left)
            if isinstance(less, Absolute) and atom.relation in ORDER and self.named(more) == more:
                self.known.append((self.named(less.operand), (more, atom.relation in {"<", ">"})))

    def named(self, tree: Node) -> Node:
        """The formula with names for the values of functions of bounded slope."""
        return transform(transform(transform(tree, _log_slope), _slope), self._value)

    def _value(self, node: Node) -> Node | None:
        if not isinstance(node, Call) or node.order or not (node.function in SLOPES or node.function == GROWING):
            return None
        what = (node.function, node.arguments[0])  # the values in the argument have names already
        name = next((name for name, known in self.values.items() if known == what), None)
        if name is None:
            name = Name(f"\0{node.function}_{len(self.values)}")
            self.values[name] = what
        return name

    def above(self, tree: Node) -> Bound:
        """What a formula is never greater than. Raises _NoBound."""
        tree, differences = self.paired(tree, 0)
        bounds: list[Bound] = []
        for c, factors in _terms(tree):
            if len(factors) == 1 and factors[0][1] == 1 and (end := self.one_sided(c, factors[0][0])) is not None:
                bounds.append(end)
            elif any(self.is_value(kernel.tree, differences) for kernel, _ in factors):
                size, strict = self.size_of_term(factors, differences, 0)
                bounds.append((times([number(abs(c)), size]), strict))
            else:
                bounds.append((times([number(c), *(Power(k.tree, number(n)) for k, n in factors)]), False))
        return total([bound for bound, _ in bounds]), any(strict for _, strict in bounds)

    def one_sided(self, c: Fraction, kernel: Kernel) -> Bound | None:
        """c times a value."""
        function, _ = self.values.get(kernel.tree, ("", None)) if isinstance(kernel.tree, Name) else ("", None)
        if function == LOG_SLOPE and c > 0:
            return times([number(c), HIGHEST_LOG_SLOPE]), False
        known = (RANGES | BELOW).get(function, Interval())
        end, closed = (known.high, known.closed[1]) if c > 0 else (known.low, known.closed[0])
        if end is not None:
            return number(c * end), not closed
        return None

    def size(self, tree: Node, depth: int) -> Bound:
        """What the absolute value of a formula is never greater than. Raises _NoBound."""
        if tree not in self.sizes:
            try:
                self.sizes[tree] = self._size(tree, depth)
            except _NoBound:
                self.sizes[tree] = None
        bound = self.sizes[tree]
        if bound is None:
            raise _NoBound
        return bound

    def _size(self, tree: Node, depth: int) -> Bound:
        for inside, bound in self.known:
            if any(vanishes(Sum((tree, signed))).holds for signed in (inside, Negative(inside))):
                return bound
        if depth > MAX_DEPTH:
            raise _NoBound
        tree, differences = self.paired(tree, depth)
        bounds = [(abs(c), self.size_of_term(factors, differences, depth)) for c, factors in _terms(tree)]
        return total([times([number(c), bound]) for c, (bound, _) in bounds]), any(strict for _, (_, strict) in bounds)

    def size_of_term(self, factors: list[tuple[Kernel, int]], differences: Differences, depth: int) -> Bound:
        """Of a product; strict only if every factor is, for the others may be 0."""
        bounds: list[Node] = []
        strict = bool(factors)
        for kernel, n in factors:
            size, below = self.size_of_factor(kernel.tree, differences, depth)
            strict = strict and below
            bounds.append(kernel.tree if n % 2 == 0 and size == Absolute(kernel.tree) else size)
            bounds[-1] = Power(bounds[-1], number(n))
        return times(bounds), strict

    def size_of_factor(self, factor: Node, differences: Differences, depth: int) -> Bound:
        """Of a value, a difference of values, or a formula of the inputs."""
        if isinstance(factor, Name) and factor.key in differences:
            function, difference = differences[factor.key]
            bound, strict = self.size(difference, depth + 1)
            return times([number(SLOPES[function]), bound]), strict
        if isinstance(factor, Name) and factor in self.values:
            known = RANGES.get(self.values[factor][0], Interval())
            if known.low is None or known.high is None:
                raise _NoBound
            return number(max(-known.low, known.high)), not any(known.closed)
        if self.mentioned(factor):
            raise _NoBound
        return Absolute(factor), False

    def paired(self, tree: Node, depth: int) -> tuple[Node, Differences]:
        """The formula with differences of values of one function where one of two is then gone; the smallest first."""
        differences: Differences = {}
        for first, second in self._near(tree, depth):
            (function, u), (_, v) = self.values[first], self.values[second]
            name = Name(f"{first.key} − {second.key}")
            put = substitute(tree, {first.key: Sum((second, name))})
            if not any(second.key in kernel.tree.names for _, factors in _terms(put) for kernel, _ in factors):
                tree = substitute(put, {second.key: ZERO_NODE})
                differences[name.key] = (function, Sum((u, Negative(v))))
        return tree, differences

    def _near(self, tree: Node, depth: int) -> list[tuple[Name, Name]]:
        """Pairs of values of one function by how far apart their arguments may be, all inputs being 1."""
        found: list[tuple[float, Name, Name]] = []
        here = [name for name in self.values if name.key in tree.names]
        for first, second in permutations(here, 2):
            (one, u), (other, v) = self.values[first], self.values[second]
            if one == other in SLOPES:
                try:
                    bound, _ = self.size(Sum((u, Negative(v))), depth + 1)
                    found.append((value(bound, dict.fromkeys(bound.names, 1.0)), first, second))
                except (_NoBound, ValueError, ArithmeticError):
                    continue
        found.sort(key=lambda pair: pair[0])
        return [(first, second) for _, first, second in found]

    def mentioned(self, tree: Node) -> bool:
        """Whether a formula holds a value."""
        return any(name.key in tree.names for name in self.values)

    def is_value(self, tree: Node, differences: Differences) -> bool:
        """Whether a factor holds a value, or a difference of values."""
        return self.mentioned(tree) or any(name in differences for name in tree.names)


def _terms(tree: Node) -> Iterator[tuple[Fraction, list[tuple[Kernel, int]]]]:
    """The terms of a polynomial over kernels. Raises _NoBound where there is a denominator, or a root: √(x²y) is 0 at x = 0."""
    form = normal_form(tree)
    if not form.denominator.is_constant():
        raise _NoBound
    scale = form.denominator.leading_coefficient()
    for powers, c in form.numerator.terms():
        factors = [(kernel, int(n)) for kernel, n in zip(form.kernels, powers, strict=False) if n]
        if not all(kernel.key[0] in WHOLE or isinstance(kernel.tree, Absolute) for kernel, _ in factors):
            raise _NoBound
        yield Fraction(int(c.p), int(c.q)) / Fraction(int(scale.p), int(scale.q)), factors


def _log_slope(node: Node) -> Node | None:
    """ln σ'(u), and ln of what is at least 1, as functions of their own."""
    if not isinstance(node, Call) or node.function != "log" or node.order:
        return None
    inside = node.arguments[0]
    if isinstance(inside, Call) and inside.function == "sigmoid" and inside.order == 1:
        return Call(LOG_SLOPE, inside.arguments)
    if not inside.names:
        return None
    above = form_sign(normal_form(Sum((inside, Negative(ONE)))))
    return None if above & NEGATIVE else Call(GROWING, node.arguments)


def _slope(node: Node) -> Node | None:
    """f' through f."""
    return definition_of(node) if isinstance(node, Call) and node.order == 1 and node.function in SLOPES else None
