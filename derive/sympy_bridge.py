"""Typed trees ↔ SymPy expressions, for callers who work with SymPy; the project itself decides without it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import sympy

from derive.errors import NoRule
from derive.functions import FUNCTIONS
from derive.symbols import SymbolTable
from derive.tree import (
    ARRAY_FUNCTIONS,
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
    number,
    times,
    total,
)

_CONSTANTS = {"e": sympy.E, "pi": sympy.pi, "infinity": sympy.oo, "i": sympy.I}
# class and number of arguments → row; arity 0 is any number of them
_FROM_CLASS = {(row.sympy, row.arity): row.name for row in FUNCTIONS.values() if row.sympy}
_RELATIONS: dict[str, Any] = {
    "=": sympy.Eq, r"\ne": sympy.Ne, "<": sympy.Lt, r"\le": sympy.Le, ">": sympy.Gt, r"\ge": sympy.Ge,
}  # fmt: skip
_FROM_RELATION = {
    sympy.Eq: "=", sympy.Ne: r"\ne", sympy.StrictLessThan: "<", sympy.LessThan: r"\le",
    sympy.StrictGreaterThan: ">", sympy.GreaterThan: r"\ge",
}  # fmt: skip
_BINDERS = {"sum": sympy.Sum, "product": sympy.Product, "integral": sympy.Integral}
_SIDES = {"limit": "+-", "limit+": "+", "limit-": "-"}


def to_sympy(tree: Node, table: SymbolTable) -> sympy.Expr:
    """The SymPy expression of a tree; symbols carry the declared assumptions. Raises NoRule."""
    return _ToSympy(table).of(tree)


class _ToSympy:
    def __init__(self, table: SymbolTable) -> None:
        self.table = table

    def of(self, node: Node) -> Any:
        match node:
            case Number(value=value):
                return sympy.Rational(value.numerator, value.denominator)
            case Constant(name=name):
                return _CONSTANTS[name]
            case Name(key=key):
                return symbol(key, self.table)
            case Sum(terms=terms):
                return sympy.Add(*map(self.of, terms))
            case Product(factors=factors):
                return sympy.Mul(*map(self.of, factors))
            case Negative(operand=operand):
                return -self.of(operand)
            case Quotient(numerator=top, denominator=bottom):
                return self.of(top) / self.of(bottom)
            case Power(base=base, exponent=exponent):
                return self.of(base) ** self.of(exponent)
            case Root(radicand=radicand, index=None):
                return sympy.sqrt(self.of(radicand))
            case Root(radicand=radicand, index=Node() as index):
                return sympy.real_root(self.of(radicand), self.of(index))
            case Absolute(operand=operand):
                return sympy.Abs(self.of(operand))
            case Derivative(operand=operand, variables=variables):
                return sympy.Derivative(self.of(operand), *map(self.of, variables))
            case Call():
                return self.call(node)
            case Cases(values=values, conditions=conditions):
                branches = zip(values, conditions, strict=True)
                return sympy.Piecewise(*((self.of(value), self.statement(condition)) for value, condition in branches))
            case Indicator(condition=condition):
                return sympy.Piecewise((1, self.statement(condition)), (0, True))
            case Binder():
                return self.binder(node)
        raise NoRule(f"SymPy has no form for {type(node).__name__.lower()}")

    def call(self, node: Call) -> Any:
        from derive.rules import definition_of

        if node.function in ARRAY_FUNCTIONS:
            raise NoRule(f"SymPy has no form for {node.function}")
        if node.function not in FUNCTIONS:
            argument = self.of(node.arguments[0])
            function = sympy.Function(node.function)
            variable = sympy.Dummy("u")
            applied = function(variable).diff(variable, node.order) if node.order else function(variable)
            return (
                applied.subs(variable, argument) if not node.order else sympy.Subs(applied, variable, argument).doit()
            )
        row = FUNCTIONS[node.function]
        if row.sympy and not node.order:
            return getattr(sympy, row.sympy)(*map(self.of, node.arguments))
        defined = definition_of(node)
        if defined is None:
            raise NoRule(f"SymPy has no form for {node.function}")
        return self.of(defined)

    def statement(self, node: Node) -> Any:
        """A condition as SymPy's logic."""
        match node:
            case Otherwise():
                return sympy.true
            case Logical(connective=connective, statements=statements):
                return (sympy.And if connective == "and" else sympy.Or)(*map(self.statement, statements))
            case Chain(sides=sides, relations=relations) if all(relation in _RELATIONS for relation in relations):
                values = [self.of(side) for side in sides]
                return sympy.And(*(_RELATIONS[r](a, b) for a, r, b in zip(values, relations, values[1:], strict=False)))
        raise NoRule("SymPy has no form for a condition that is no comparison")

    def binder(self, node: Binder) -> Any:
        """Σ, Π, ∫, lim, unevaluated."""
        if node.kind not in _SIDES and node.kind not in _BINDERS:
            raise NoRule(f"SymPy has no form for a {node.kind}")
        index, body = symbol(node.index, self.table), self.of(node.body)
        bounds = [self.of(bound) for bound in node.bounds]
        if node.kind in _SIDES:
            return sympy.Limit(body, index, bounds[0], _SIDES[node.kind])
        return _BINDERS[node.kind](body, (index, *bounds))


def symbol(key: str, table: SymbolTable) -> sympy.Symbol:
    """The SymPy symbol of a declared name, with its assumptions."""
    declared = table.get(key)
    if declared is None:
        return sympy.Symbol(key, real=True)
    if declared.kind == "complex":
        return sympy.Symbol(key, complex=True)
    assumptions: dict[str, bool] = {"integer": True} if declared.kind == "integer" else {"real": True}
    assumptions |= {p: True for p in declared.properties if p in {"positive", "negative", "nonnegative", "nonzero"}}
    if declared.lower is not None and declared.lower >= 0:
        touching = declared.lower == 0 and declared.closed[0]
        assumptions["nonnegative" if touching else "positive"] = True
    return sympy.Symbol(key, **assumptions)


def from_sympy(expression: Any) -> Node:
    """The tree of a SymPy expression; symbol names are taken as canonical LaTeX names. Raises NoRule, TypeError."""
    if not isinstance(expression, sympy.Basic):
        raise TypeError(
            f"expected LaTeX, an Expression, a Derivation or a SymPy expression, not {type(expression).__name__}"
        )
    if isinstance(expression, sympy.Symbol):
        return Name(expression.name)
    if isinstance(expression, sympy.Rational):
        return number(Fraction(int(expression.p), int(expression.q)))
    if isinstance(expression, sympy.Float):
        raise NoRule("a floating-point number has no exact value; give a Rational")
    for name, constant in _CONSTANTS.items():
        if expression == constant:
            return Constant(name)
    for kind, rule in _FROM_SYMPY.items():
        if isinstance(expression, kind):
            return rule(expression)
    return _call_from_sympy(expression)


def _call_from_sympy(expression: Any) -> Node:
    name = type(expression).__name__
    count = len(expression.args)
    row = _FROM_CLASS.get((name, count)) or (_FROM_CLASS.get((name, 0)) if count > 1 else None)
    if row:
        return Call(row, tuple(from_sympy(argument) for argument in expression.args))
    if isinstance(expression, sympy.core.function.AppliedUndef) and len(expression.args) == 1:
        return Call(name, (from_sympy(expression.args[0]),))
    raise NoRule(f"SymPy's {name} has no form here")


def _piecewise(expression: Any) -> Node:
    values = tuple(from_sympy(value) for value, _ in expression.args)
    conditions = tuple(_statement(condition) for _, condition in expression.args)
    return Cases(values, conditions)


def _statement(condition: Any) -> Node:
    if condition == sympy.true:
        return Otherwise()
    if isinstance(condition, sympy.And | sympy.Or):
        connective = "and" if isinstance(condition, sympy.And) else "or"
        return Logical(connective, tuple(_statement(part) for part in condition.args))
    relation = _FROM_RELATION.get(type(condition))
    if relation is None:
        raise NoRule(f"SymPy's {type(condition).__name__} is no condition that has a form here")
    return Chain((from_sympy(condition.lhs), from_sympy(condition.rhs)), (relation,))


def _bound(kind: str) -> Callable[[Any], Node]:
    """Σ, Π, ∫ over one or more variables, the innermost first."""

    def rule(expression: Any) -> Node:
        body = from_sympy(expression.function)
        for index, *bounds in expression.limits:
            if len(bounds) != 2:
                raise NoRule(f"SymPy's {type(expression).__name__} without two bounds has no form here")
            body = Binder(kind, index.name, tuple(from_sympy(bound) for bound in bounds), body)
        return body

    return rule


def _limit(expression: Any) -> Node:
    body, variable, point, side = expression.args
    kind = next(kind for kind, sign in _SIDES.items() if sign == str(side))
    return Binder(kind, variable.name, (from_sympy(point),), from_sympy(body))


def _derivative(expression: Any) -> Node:
    if not all(isinstance(variable, sympy.Symbol) for variable in expression.variables):
        raise NoRule("SymPy's Derivative by something that is no name has no form here")
    return Derivative(from_sympy(expression.expr), tuple(Name(variable.name) for variable in expression.variables))


_FROM_SYMPY: dict[Any, Callable[[Any], Node]] = {
    sympy.Add: lambda expression: total([from_sympy(a) for a in expression.args]),
    sympy.Mul: lambda expression: times([from_sympy(a) for a in expression.args]),
    sympy.Pow: lambda expression: Power(from_sympy(expression.base), from_sympy(expression.exp)),
    sympy.Abs: lambda expression: Absolute(from_sympy(expression.args[0])),
    sympy.Piecewise: _piecewise,
    sympy.Sum: _bound("sum"),
    sympy.Product: _bound("product"),
    sympy.Integral: _bound("integral"),
    sympy.Limit: _limit,
    sympy.Derivative: _derivative,
}
