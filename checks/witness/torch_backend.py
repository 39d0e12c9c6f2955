"""Typed tree → torch: one float64 operation for each node, on columns of shape (N,), derivatives by autograd.

Nothing is simplified on the way, so a closed form and the function it was derived from meet nowhere but in torch. A
general function σ is a concrete one (a world names which); its primes are taken by autograd from the formula, not by
the project's own table of laws. Beside each value stands how far rounding may have moved it (running error analysis,
Higham, Accuracy and Stability of Numerical Algorithms, 3.3), in units of the machine epsilon.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import reduce
from math import e, factorial, inf, nan, pi
from typing import Any

import torch
from torch.nn import functional

from checks.decide.activations import Activation
from checks.decide.constructs import terms_of
from checks.decide.elementary import Undefined
from checks.witness.inputs import Columns
from checks.witness.numbers import rational
from derive.errors import NoRule
from derive.kinks import kinks
from derive.program import Program
from derive.rules import definition_of, law_of
from derive.tree import (
    Absolute,
    Binder,
    Call,
    Cases,
    Chain,
    Constant,
    Derivative,
    Indicator,
    Logical,
    Name,
    Negative,
    Node,
    Number,
    Otherwise,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    times,
    total,
    walk,
)

Tensor = Any
World = Mapping[str, Activation]


def _gamma(u: Tensor) -> Tensor:
    """Γ(u), negative between −1 and 0, −3 and −2, …"""
    return torch.exp(torch.lgamma(u)) * torch.where((u > 0) | (torch.floor(u) % 2 == 0), 1.0, -1.0)


def _fixed(order: Tensor, function: str) -> int:
    """The order of a function for which torch wants a number."""
    first = float(order.detach().flatten()[0])
    if order.requires_grad or not bool((order == first).all()) or first != int(first):
        raise NoRule(f"torch has {function} for a whole number as order only")
    return int(first)


def _polygamma(order: Tensor, u: Tensor) -> Tensor:
    """(−1)^{n+1} n! ζ(n+1, u): torch's own is right to nine digits only."""
    n = _fixed(order, "polygamma functions")
    return torch.special.zeta(order + 1, u) * (-1) ** (n + 1) * factorial(n) if n else torch.digamma(u)


def _bessel_i(order: Tensor, u: Tensor) -> Tensor:
    n = abs(_fixed(order, "Bessel functions"))
    if n > 1:
        raise NoRule("torch has the Bessel functions I of order 0 and 1 only")
    return torch.special.i1(u) if n else torch.special.i0(u)


# the rows of derive.functions that torch evaluates by itself; the others go through their definitions.
# torch's softplus is a straight line from 20 on, logaddexp is not; its sinc is sin(πu)/(πu)
ELEMENTARY: dict[str, Callable[..., Tensor]] = {
    "exp":      torch.exp,
    "log":      torch.log,
    "sin":      torch.sin,
    "cos":      torch.cos,
    "tan":      torch.tan,
    "arcsin":   torch.asin,
    "arccos":   torch.acos,
    "arctan":   torch.atan,
    "sinh":     torch.sinh,
    "cosh":     torch.cosh,
    "tanh":     torch.tanh,
    "arsinh":   torch.asinh,
    "arcosh":   torch.acosh,
    "artanh":   torch.atanh,
    "sinc":     lambda u: torch.sinc(u / pi),
    "sign":     torch.sign,
    "floor":    torch.floor,
    "ceiling":  torch.ceil,
    "mod":      torch.remainder,
    "rem":      torch.fmod,
    "max":      lambda *columns: reduce(torch.maximum, columns),
    "min":      lambda *columns: reduce(torch.minimum, columns),
    "clip":     lambda u, low, high: torch.minimum(torch.maximum(u, low), high),
    "relu":     torch.relu,
    "relu6":    functional.relu6,
    "leaky_relu": functional.leaky_relu,
    "elu":      functional.elu,
    "selu":     functional.selu,
    "hardsigmoid": functional.hardsigmoid,
    "hardtanh": functional.hardtanh,
    "hardswish": functional.hardswish,
    "softsign": functional.softsign,
    "sigmoid":  torch.sigmoid,
    "logit":    torch.logit,
    "softplus": lambda u: torch.logaddexp(u, torch.zeros_like(u)),
    "log_sigmoid": functional.logsigmoid,
    "silu":     functional.silu,
    "gelu":     functional.gelu,
    "gelu_tanh": lambda u: functional.gelu(u, approximate="tanh"),
    "normal_cdf": torch.special.ndtr,
    "hypot":    lambda *columns: reduce(torch.hypot, columns),
    "atan2":    torch.atan2,
    "xlogy":    torch.xlogy,
    "logaddexp": lambda *columns: reduce(torch.logaddexp, columns),
    "identity": torch.clone,
    "erf":      torch.erf,
    "erfc":     torch.erfc,
    "erfinv":   torch.erfinv,
    "erfcx":    torch.special.erfcx,
    "gamma":    _gamma,
    "upper_gamma": lambda s, u: torch.special.gammaincc(s, u) * _gamma(s),
    "gamma_q":  torch.special.gammaincc,
    "gamma_p":  torch.special.gammainc,
    "loggamma": lambda u: torch.where((u > 0) | (torch.floor(u) % 2 == 0), torch.lgamma(u), nan),
    "digamma":  torch.digamma,
    "polygamma": _polygamma,
    "bessel_i": _bessel_i,
    "zeta":     lambda u: torch.special.zeta(u, torch.ones_like(u)),
    "hurwitz_zeta": torch.special.zeta,
}  # fmt: skip
# rows that neither torch nor a definition through its operations has
WITHOUT = {
    "erfi": "torch has no erfi",
    "bessel_j": "torch cannot differentiate its Bessel functions J",
    "bessel_y": "torch cannot differentiate its Bessel functions Y",
    "bessel_k": "torch cannot differentiate its Bessel functions K",
    "lambert_w": "torch has no Lambert W function",
    "Ei": "torch has no exponential integral",
    "Shi": "torch has no hyperbolic integrals",
    "Chi": "torch has no hyperbolic integrals",
    "expint": "torch has no exponential integral",
}
COMPARED: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "<": torch.lt, r"\le": torch.le, ">": torch.gt, r"\ge": torch.ge, "=": torch.eq, r"\ne": torch.ne,
}  # fmt: skip
CONSTANTS = {"e": e, "pi": pi, "infinity": inf}


class Evaluator:
    """Values of trees at the rows of some columns; intermediate names through their definitions."""

    def __init__(self, columns: Columns, program: Program, world: World, *, differentiable: bool = False) -> None:
        self.rows = len(next(iter(columns.values()), (0.0,)))
        self.program, self.world, self.differentiable = program, world, differentiable
        self.values: dict[Node, Tensor] = {}
        self.errors: dict[Node, Tensor] = {}
        for key, column in columns.items():
            self.define(key, torch.tensor(column, dtype=torch.float64, device="cpu"))

    def __call__(self, tree: Node) -> Tensor:
        """The column of a tree, of shape (N,). Raises NoRule for what torch has no operation for."""
        with torch.inference_mode(mode=False), torch.enable_grad():
            for key, definition in self.program.needed(tree).items():
                if Name(key) not in self.values:
                    self.define(key, self.value(definition))
            return self.value(tree).expand(self.rows)

    def define(self, key: str, value: Tensor) -> None:
        """A column of its own for every name: two names with one value are still two variables to differentiate by."""
        column = value.expand(self.rows).clone()
        needs_grad = self.differentiable and not column.requires_grad
        self.values[Name(key)] = column.requires_grad_() if needs_grad else column

    def value(self, tree: Node) -> Tensor:
        known = self.values.get(tree)
        if known is None:
            known = self.values[tree] = self.computed(tree)
        return known

    def computed(self, tree: Node) -> Tensor:
        match tree:
            case Number():
                return torch.tensor(float(tree.value), dtype=torch.float64)
            case Constant():
                return torch.tensor(CONSTANTS[tree.name], dtype=torch.float64)
            case Sum():
                return reduce(torch.add, map(self.value, tree.terms))
            case Product():
                return reduce(torch.mul, map(self.value, tree.factors))
            case Negative():
                return -self.value(tree.operand)
            case Quotient():
                return self.value(tree.numerator) / self.value(tree.denominator)
            case Power():
                return self.power(tree)
            case Root():
                return self.root(tree)
            case Absolute():
                return torch.abs(self.value(tree.operand))
            case Call():
                return self.call(tree)
            case Cases():
                return self.cases(tree)
            case Indicator():
                return self.truth(tree.condition).to(torch.float64)
            case Binder(kind="sum" | "product"):
                return self.value(_written_out(tree))
            case Derivative():
                return self.derivative(self.value(tree.operand), tuple(v.key for v in tree.variables))
        raise NoRule(f"torch has no operation for {getattr(tree, 'key', type(tree).__name__.lower())}")

    def cases(self, tree: Cases) -> Tensor:
        """Each branch on the rows it applies to, and on no others: what it lacks elsewhere must not reach its gradient."""
        result = torch.full((self.rows,), nan, dtype=torch.float64)
        for value, rows in self.branches(tree):
            inside = self.at_rows(value, rows)
            result = result.index_put((rows,), inside.value(value).expand(inside.rows))
        return result

    def branches(self, tree: Cases) -> Iterator[tuple[Node, Tensor]]:
        """The values with the rows at which they apply, where there are any."""
        left = torch.ones(self.rows, dtype=torch.bool)
        for value, condition in zip(tree.values, tree.conditions, strict=True):
            met = left & self.truth(condition)
            left = left & ~met
            if met.any():
                yield value, met

    def truth(self, condition: Node) -> Tensor:
        """The rows at which a condition holds."""
        match condition:
            case Otherwise():
                return torch.ones(self.rows, dtype=torch.bool)
            case Logical(connective=connective, statements=statements):
                return reduce(
                    torch.logical_and if connective == "and" else torch.logical_or, map(self.truth, statements)
                )
            case Chain(sides=sides, relations=relations) if COMPARED.keys() >= set(relations):
                columns = [self.value(side).detach().expand(self.rows) for side in sides]
                links = zip(columns, relations, columns[1:], strict=False)
                return reduce(torch.logical_and, (COMPARED[r](a, b) for a, r, b in links))
        raise NoRule("torch has no operation for a condition that is no comparison")

    def at_rows(self, tree: Node, rows: Tensor) -> Evaluator:
        """The names of a tree at some rows only, their errors too where they are known."""
        inside = Evaluator({}, Program(), self.world, differentiable=self.differentiable)
        inside.rows = int(rows.sum())
        for name in map(Name, tree.names):
            if name in self.values:
                inside.values[name] = self.values[name].expand(self.rows)[rows]
            if name in self.errors:
                inside.errors[name] = self.errors[name].expand(self.rows)[rows]
        return inside

    def power(self, tree: Power) -> Tensor:
        base, exponent = self.value(tree.base), rational(tree.exponent)
        if exponent is None:
            return torch.pow(base, self.value(tree.exponent))
        if exponent.denominator == 1:
            return base ** int(exponent)
        if exponent.denominator % 2:  # the real root of a negative number, as everywhere in the project
            return (torch.sign(base) * torch.abs(base) ** (1 / exponent.denominator)) ** exponent.numerator
        return base ** float(exponent)

    def root(self, tree: Root) -> Tensor:
        radicand = self.value(tree.radicand)
        index = Fraction(2) if tree.index is None else rational(tree.index)
        if index is None or index.denominator != 1:
            raise NoRule("the index of a root is no whole number")
        if index == 2:
            return torch.sqrt(radicand)
        if index % 2:
            return torch.sign(radicand) * torch.abs(radicand) ** (1 / int(index))
        return radicand ** (1 / int(index))

    def call(self, tree: Call) -> Tensor:
        if tree.function in self.world:
            argument = self.value(tree.arguments[0])
            return by_autograd(self.world[tree.function].derivative(0), argument, tree.order)
        if tree.order == 0 and tree.function in ELEMENTARY:
            return ELEMENTARY[tree.function](*map(self.value, tree.arguments))
        defined = definition_of(tree)
        if defined is None:
            raise NoRule(WITHOUT.get(tree.function, f"torch has no function {tree.function}"))
        return self.value(defined)

    def derivative(self, value: Tensor, variables: tuple[str, ...]) -> Tensor:
        """The total derivative of a column by names, each in turn, row by row."""
        value = value.expand(self.rows)
        for key in variables:
            value = slope(value, self.values[Name(key)])
        return value

    def kinks(self, tree: Node) -> Tensor:
        """The rows at which something in a tree, or in a definition under it, has no derivative: |u|, max, floor …"""
        zeros = {kink for t in (tree, *self.program.needed(tree).values()) for kink in kinks(t)}
        met = torch.zeros(self.rows, dtype=torch.bool)
        for zero in zeros:
            met = met | (self(zero) == 0)
        return met

    def defined(self, tree: Node) -> Tensor:
        """The rows at which whatever is differentiated in a tree has a finite value: torch's 1/u for log u has one too."""
        operands = [node.operand for node in walk(tree) if isinstance(node, Derivative)]
        columns = [torch.isfinite(self(operand).detach()) for operand in operands]
        return reduce(torch.logical_and, columns, torch.ones(self.rows, dtype=torch.bool))

    # --- running error -----------------------------------------------------------------------------------------------

    def spread(self, tree: Node) -> Tensor:
        """How far rounding may have moved the value of a tree, in units of the machine epsilon, to first order."""
        self(tree)
        for key, definition in self.program.needed(tree).items():
            if Name(key) not in self.errors:
                self.errors[Name(key)] = self.error(definition)
        return self.error(tree).expand(self.rows)

    def error(self, tree: Node) -> Tensor:
        known = self.errors.get(tree)
        if known is None:
            known = self.errors[tree] = self.carried(tree) + abs(self.value(tree).detach())
        return known

    def carried(self, tree: Node) -> Tensor:
        """What the errors of the operands become in the value of a node."""
        if not tree.children:
            return torch.zeros(())
        if isinstance(tree, Cases):
            result = torch.zeros(self.rows, dtype=torch.float64)
            for value, rows in self.branches(tree):
                inside = self.at_rows(value, rows)
                result = result.index_put((rows,), inside.error(value).detach().expand(inside.rows))
            return result
        if isinstance(tree, Indicator):
            return torch.zeros(())
        if isinstance(tree, Binder):
            return self.error(_written_out(tree))
        if isinstance(tree, Call) and tree.function in self.world:
            return self.carried_by_activation(tree)
        varied = [rational(child) is None for child in tree.children]  # numbers are exact enough
        _, partials = law_of(tree, varied)
        pairs = [pair for pair, varies in zip(zip(partials, tree.children, strict=True), varied, strict=True) if varies]
        parts = (abs(self.value(partial).detach()) * self.error(child) for partial, child in pairs)
        return reduce(torch.add, parts, torch.zeros(()))

    def carried_by_activation(self, tree: Call) -> Tensor:
        """A general function loses what the formula that stands for it loses: σ'' far out is a difference of equals."""
        inside = Evaluator({}, Program(), {})
        inside.values[Name("z")] = self.value(tree.arguments[0]).detach()
        inside.errors[Name("z")] = self.error(tree.arguments[0])
        return inside.error(self.world[tree.function].derivative(tree.order))


def _written_out(tree: Binder) -> Node:
    """A sum or product with numbers as bounds, term by term. Raises NoRule."""
    try:
        terms = list(terms_of(tree, rational))
    except Undefined as undefined:
        raise NoRule(f"torch has no operation for a {tree.kind} with such bounds: {undefined}") from None
    return total(terms) if tree.kind == "sum" else times(terms)


def by_autograd(formula: Node, argument: Tensor, order: int) -> Tensor:
    """f^{(order)} at a column, f given as a formula over z: differentiated by torch alone."""
    if order and not argument.requires_grad:
        argument = argument.detach().requires_grad_()
    inside = Evaluator({}, Program(), {})
    inside.values[Name("z")] = argument
    value = inside.value(formula)
    for _ in range(order):
        value = slope(value, argument)
    return value


def slope(value: Tensor, variable: Tensor) -> Tensor:
    """∂value/∂variable row by row (rows do not mix), itself differentiable; 0 where there is no dependence."""
    if not value.requires_grad:
        return torch.zeros_like(variable)
    (found,) = torch.autograd.grad(value.sum(), variable, create_graph=True, allow_unused=True)
    return torch.zeros_like(variable) if found is None else found
