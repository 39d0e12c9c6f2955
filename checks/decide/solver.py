"""z3 on the kernels of a normal form: every kernel a real variable with its relations, the claim negated.

`unsat` proves the claim; anything else says nothing, for kernels may depend on each other in ways z3 is not told. Effort
is counted by z3's own resource limit, so that the same claim ends the same way on any machine. z3 is an extra
(`[inequalities]`): without it nothing here succeeds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from importlib.util import find_spec
from math import prod
from threading import Lock
from typing import Any

from checks.decide.branches import resolved
from checks.decide.domains import restrictions
from checks.decide.intervals import Interval
from derive.errors import TooLarge
from derive.normal import Form, Kernel, Key, normal_form
from derive.splitting import NEGATIVE, POSITIVE, ZERO
from derive.tree import Absolute, Call, Cases, Chain, Indicator, Logical, Negative, Node, Otherwise, Root, Sum, walk

EFFORT = 1_500_000  # z3's resource units: mostly well under a second
MAX_KERNELS = 14
MAX_TERMS = 250
MAX_ROOTS = 5
MAX_CONSTANT_DEGREE = 8  # of the roots of numbers together: algebraic numbers cost z3 a minute and nothing of its limit
_lock = Lock()


@cache
def available() -> bool:
    """Whether z3 is installed."""
    return find_spec("z3") is not None


def proves(left: Node, relation: str, right: Node, bounds: Mapping[str, Interval], given: Node | None = None) -> bool:
    """Whether z3 shows that no point of the domain contradicts a relation where both sides are defined.

    `given` is the difference as it was written, from which it is read where that is.
    """
    if not available():
        return False
    try:
        difference = resolved(Sum((left, Negative(right))))
        written = difference if given is None else resolved(given)
        with _lock:
            if _Encoding(bounds).refutes(difference, relation, written):
                return True
            curved = _Encoding(bounds, curved=True)
            return curved.refutes(difference, relation, written)
    except (TooLarge, ZeroDivisionError, RecursionError, _NotEncoded):
        return False


def contradicts(relations: Sequence[tuple[Node, str]], bounds: Mapping[str, Interval]) -> bool:
    """Whether z3 shows that no point of the domain satisfies `u relation 0` for all of several formulas."""
    if not available():
        return False
    try:
        with _lock:
            for curved in (False, True):
                encoding = _Encoding(bounds, curved=curved)
                for tree, relation in relations:
                    encoding.assume(resolved(tree), relation)
                if encoding.unsatisfiable():
                    return True
            return False
    except (TooLarge, ZeroDivisionError, RecursionError, _NotEncoded):
        return False


class _NotEncoded(Exception):
    """Something z3 cannot be told."""


class _Encoding:
    """The variables and relations of one claim, in a context of its own."""

    def __init__(self, bounds: Mapping[str, Interval], *, curved: bool = False) -> None:
        import z3

        self.z3, self.bounds, self.curved = z3, bounds, curved
        self.curves: list[tuple[str, Any, Any]] = []  # function, argument, value
        self.context = z3.Context()
        self.variables: dict[Key, Any] = {}
        self.facts: list[Any] = []

    def refutes(self, difference: Node, relation: str, given: Node) -> bool:
        """Whether the negated claim, with all that is known, has no solution."""
        limits = restrictions(given)
        self.facts += [self.value(u) >= 0 for u in limits.nonnegative]
        self.facts += [self.value(u) > 0 for u in limits.positive]
        self.facts += [self.value(u) != 0 for u in limits.nonzero]
        form = normal_form(difference)
        roots = [kernel for kernel in form.kernels if kernel.key[0] == "root"]
        constant = prod(kernel.degree for kernel in roots if not kernel.tree.names)
        if len(roots) > MAX_ROOTS or constant > MAX_CONSTANT_DEGREE:
            raise _NotEncoded
        top, bottom = self.sides(form)
        self.facts.append(bottom != 0)
        value = top * bottom  # has the sign of top / bottom
        self.facts.append({
            "=": top != 0, r"\ne": top == 0, "<": value >= 0, r"\le": value > 0, ">": value <= 0, r"\ge": value < 0,
        }[relation])  # fmt: skip
        return self.unsatisfiable()

    def assume(self, tree: Node, relation: str) -> None:
        """One more fact: a formula has a value that stands in a relation to 0."""
        limits = restrictions(tree)
        self.facts += [self.value(u) >= 0 for u in limits.nonnegative]
        self.facts += [self.value(u) > 0 for u in limits.positive]
        self.facts += [self.value(u) != 0 for u in limits.nonzero]
        form = normal_form(tree)
        if sum(1 for kernel in form.kernels if kernel.key[0] == "root") > MAX_ROOTS:
            raise _NotEncoded
        top, bottom = self.sides(form)
        self.facts.append(bottom != 0)
        value = top if form.denominator.is_one() else top * bottom  # has the sign of top / bottom
        self.facts.append(_stands(value, relation))

    def unsatisfiable(self) -> bool:
        """Whether z3 is certain, within its effort, that the facts contradict each other."""
        if self.curved and not self.curves:
            return False  # there is nothing that was not known before
        solver = self.z3.Solver(ctx=self.context)
        solver.set("rlimit", EFFORT // 3 if self.curved else EFFORT)
        solver.add(*self.facts)
        return bool(solver.check() == self.z3.unsat)

    def sides(self, form: Form) -> tuple[Any, Any]:
        if len(form.numerator) > MAX_TERMS or len(form.denominator) > MAX_TERMS:
            raise _NotEncoded
        return self.polynomial(form.numerator, form.kernels), self.polynomial(form.denominator, form.kernels)

    def polynomial(self, polynomial: Any, kernels: tuple[Kernel, ...]) -> Any:
        result = self.number(Fraction(0))
        for powers, c in polynomial.terms():
            term = self.number(Fraction(int(c.p), int(c.q)))
            for kernel, power in zip(kernels, powers, strict=False):
                if power > 64:
                    raise _NotEncoded
                for _ in range(int(power)):
                    term = term * self.variable(kernel)
            result = result + term
        return result

    def number(self, value: Fraction) -> Any:
        return self.z3.RealVal(f"{value.numerator}/{value.denominator}", ctx=self.context)

    def fresh(self) -> Any:
        return self.z3.FreshReal(ctx=self.context)

    def value(self, tree: Node) -> Any:
        """A variable for a formula; its denominator is not zero."""
        top, bottom = self.sides(normal_form(tree))
        quotient = self.fresh()
        self.facts += [quotient * bottom == top, bottom != 0]
        return quotient

    def variable(self, kernel: Kernel) -> Any:
        known = self.variables.get(kernel.key)
        if known is not None:
            return known
        if len(self.variables) >= MAX_KERNELS:
            raise _NotEncoded
        variable = self.variables[kernel.key] = self.fresh()
        kind, tree = kernel.key[0], kernel.tree
        if kind == "name":
            self.bounded(variable, self.bounds.get(str(kernel.key[1]), Interval()))
        elif kernel.key == ("constant", "pi"):
            self.facts += [
                variable > self.number(Fraction("3.14159265")),
                variable < self.number(Fraction("3.14159266")),
            ]
        elif isinstance(tree, Absolute):
            inside = self.value(tree.operand)
            self.facts.append(variable == self.z3.If(inside >= 0, inside, -inside))
        elif isinstance(tree, Call) and tree.function == "sign" and not tree.order:
            inside = self.value(tree.arguments[0])
            one, nothing = self.number(Fraction(1)), self.number(Fraction(0))
            self.facts.append(variable == self.z3.If(inside > 0, one, self.z3.If(inside < 0, -one, nothing)))
        elif isinstance(tree, Call) and tree.function in {"floor", "ceiling"} and not tree.order:
            inside, one = self.value(tree.arguments[0]), self.number(Fraction(1))
            low, high = (variable, inside) if tree.function == "floor" else (inside, variable)
            self.facts += [low <= high, high < low + one]
        elif isinstance(tree, Indicator):
            one, nothing = self.number(Fraction(1)), self.number(Fraction(0))
            self.facts.append(variable == self.z3.If(self.condition(tree.condition), one, nothing))
        elif isinstance(tree, Cases):
            self.cases(variable, tree)
        elif kernel.degree and kernel.replacement is not None:
            self.relation(variable, kernel)
        self.ranged(variable, kernel)
        if self.curved and kind in {"exp", "log"} and tree.children:
            self.curve(str(kind), variable, tree.children[0])
        return variable

    def curve(self, function: str, variable: Any, argument: Node) -> None:
        """What is known of exp and log besides their range: they rise, and lie on one side of a tangent.

        log of what may be negative has no value there, and nothing is said of the kernel.
        """
        inside = self.value(argument)
        one, nothing = self.number(Fraction(1)), self.number(Fraction(0))
        if function == "exp":
            self.facts += [variable >= 1 + inside, (inside < nothing) == (variable < one)]
        else:
            told = self.z3.And(variable <= inside - 1, (inside > one) == (variable > nothing))
            self.facts.append(self.z3.Implies(inside > nothing, told))
        for other, its_inside, its_variable in self.curves:
            if other == function:
                rises = (inside < its_inside) == (variable < its_variable)
                if function == "log":
                    rises = self.z3.Implies(self.z3.And(inside > nothing, its_inside > nothing), rises)
                self.facts.append(rises)
        self.curves.append((function, inside, variable))

    def bounded(self, variable: Any, interval: Interval) -> None:
        if interval.low is not None:
            low = self.number(interval.low)
            self.facts.append(variable >= low if interval.closed[0] else variable > low)
        if interval.high is not None:
            high = self.number(interval.high)
            self.facts.append(variable <= high if interval.closed[1] else variable < high)

    def ranged(self, variable: Any, kernel: Kernel) -> None:
        zero = self.number(Fraction(0))
        if not kernel.sign & NEGATIVE:
            self.facts.append(variable >= zero if kernel.sign & ZERO else variable > zero)
        elif not kernel.sign & POSITIVE:
            self.facts.append(variable <= zero if kernel.sign & ZERO else variable < zero)
        if kernel.bounded:
            self.facts += [variable <= 1, variable >= -1]

    def relation(self, variable: Any, kernel: Kernel) -> None:
        """k^n = u; of an even root only where u ≥ 0.

        √(x²y) is |x|·√y to the normal form, and has the value 0 at x = 0 whatever y is: there the kernel √y is free.
        """
        power = variable
        if kernel.degree > 12 or kernel.replacement is None:
            raise _NotEncoded
        for _ in range(kernel.degree - 1):
            power = power * variable
        top, bottom = self.sides(normal_form(kernel.replacement))
        holds = self.z3.And(power * bottom == top, bottom != 0)
        even_root = kernel.key[0] == "root" and kernel.degree % 2 == 0
        self.facts.append(self.z3.Implies(top * bottom >= 0, holds) if even_root else holds)

    def cases(self, variable: Any, tree: Cases) -> None:
        """The value of the first branch whose condition holds; one must, or there is no value."""
        earlier: list[Any] = []
        for value, condition in zip(tree.values, tree.conditions, strict=True):
            form = normal_form(value)
            if not form.denominator.is_constant() or any(isinstance(n, Root | Call | Cases) for n in walk(value)):
                raise _NotEncoded  # what a branch divides by, or takes a root of, matters only where it applies
            top, bottom = self.sides(form)
            holds = self.condition(condition)
            applies = self.z3.And(holds, *(self.z3.Not(e) for e in earlier))
            self.facts.append(self.z3.Implies(applies, variable * bottom == top))
            earlier.append(holds)
        self.facts.append(self.z3.Or(*earlier))

    def condition(self, statement: Node) -> Any:
        match statement:
            case Otherwise():
                return self.z3.BoolVal(True, ctx=self.context)
            case Logical(connective=connective, statements=parts):
                joined = [self.condition(part) for part in parts]
                return self.z3.And(*joined) if connective == "and" else self.z3.Or(*joined)
            case Chain(sides=sides, relations=relations):
                links = zip(sides, relations, sides[1:], strict=False)
                return self.z3.And(*(self.compared(a, r, b) for a, r, b in links))
        raise _NotEncoded

    def compared(self, left: Node, relation: str, right: Node) -> Any:
        return _stands(self.value(Sum((left, Negative(right)))), relation)


def _stands(d: Any, relation: str) -> Any:
    """`d relation 0` for z3."""
    table = {"<": d < 0, r"\le": d <= 0, ">": d > 0, r"\ge": d >= 0, "=": d == 0, r"\ne": d != 0}
    if relation not in table:
        raise _NotEncoded
    return table[relation]
