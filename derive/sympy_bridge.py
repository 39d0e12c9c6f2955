"""Typed trees ↔ SymPy expressions, for callers who work with SymPy; the project itself decides without it."""

from __future__ import annotations

from typing import Any

import sympy

from derive.errors import NoRule
from derive.functions import FUNCTIONS
from derive.symbols import SymbolTable
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
    number,
    times,
    total,
)

_CONSTANTS = {"e": sympy.E, "pi": sympy.pi, "infinity": sympy.oo, "i": sympy.I}
_RELATIONS = {"=": sympy.Eq, r"\ne": sympy.Ne, "<": sympy.Lt, r"\le": sympy.Le, ">": sympy.Gt, r"\ge": sympy.Ge}
# class and number of arguments → row; arity 0 is any number of them
_FROM_CLASS = {(row.sympy, row.arity): row.name for row in FUNCTIONS.values() if row.sympy}


def to_sympy(tree: Node, table: SymbolTable) -> sympy.Expr:
    """The SymPy expression of a tree; symbols carry the declared assumptions. Raises NoRule."""

    def of(node: Node) -> Any:
        match node:
            case Number(value=value):
                return sympy.Rational(value.numerator, value.denominator)
            case Constant(name=name):
                return _CONSTANTS[name]
            case Name(key=key):
                return symbol(key, table)
            case Sum(terms=terms):
                return sympy.Add(*(of(term) for term in terms))
            case Product(factors=factors):
                return sympy.Mul(*(of(factor) for factor in factors))
            case Negative(operand=operand):
                return -of(operand)
            case Quotient(numerator=top, denominator=bottom):
                return of(top) / of(bottom)
            case Power(base=base, exponent=exponent):
                return of(base) ** of(exponent)
            case Root(radicand=radicand, index=index):
                return (
                    sympy.real_root(of(radicand), 2 if index is None else of(index))
                    if index
                    else sympy.sqrt(of(radicand))
                )
            case Absolute(operand=operand):
                return sympy.Abs(of(operand))
            case Derivative(operand=operand, variables=variables):
                return sympy.Derivative(of(operand), *(of(v) for v in variables))
            case Call():
                return of_call(node)
            case Binder():
                return of_binder(node)
            case Cases(values=values, conditions=conditions):
                return sympy.Piecewise(*((of(v), statement(c)) for v, c in zip(values, conditions, strict=True)))
            case Indicator(condition=condition):
                return sympy.Piecewise((1, statement(condition)), (0, True))
        raise NoRule(f"SymPy has no form for {type(node).__name__.lower()}")

    def of_binder(node: Binder) -> Any:
        body, index, bounds = of(node.body), symbol(node.index, table), [of(bound) for bound in node.bounds]
        if len(bounds) == 2:
            return {"sum": sympy.Sum, "product": sympy.Product, "integral": sympy.Integral}[node.kind](
                body, (index, *bounds)
            )
        return sympy.Limit(body, index, bounds[0], {"limit": "+-", "limit+": "+", "limit-": "-"}[node.kind])

    def statement(node: Node) -> Any:
        match node:
            case Chain(sides=sides, relations=relations) if all(r in _RELATIONS for r in relations):
                pairs = zip(sides, relations, sides[1:], strict=False)
                return sympy.And(*(_RELATIONS[relation](of(left), of(right)) for left, relation, right in pairs))
            case Logical(connective=connective, statements=parts):
                return (sympy.And if connective == "and" else sympy.Or)(*map(statement, parts))
            case Otherwise():
                return sympy.true
        raise NoRule(f"SymPy has no form for {type(node).__name__.lower()}")

    def of_call(node: Call) -> Any:
        from derive.rules import definition_of

        if node.function not in FUNCTIONS:
            argument = of(node.arguments[0])
            function = sympy.Function(node.function)
            variable = sympy.Dummy("u")
            applied = function(variable).diff(variable, node.order) if node.order else function(variable)
            return (
                applied.subs(variable, argument) if not node.order else sympy.Subs(applied, variable, argument).doit()
            )
        row = FUNCTIONS[node.function]
        if row.sympy and not node.order:
            return getattr(sympy, row.sympy)(*(of(argument) for argument in node.arguments))
        defined = definition_of(node)
        if defined is None:
            raise NoRule(f"SymPy has no form for {node.function}")
        return of(defined)

    return of(tree)


def symbol(key: str, table: SymbolTable) -> sympy.Symbol:
    """The SymPy symbol of a declared name, with its assumptions."""
    declared = table.get(key)
    if declared is None:
        return sympy.Symbol(key, real=True)
    assumptions: dict[str, bool] = {"integer": True} if declared.kind == "integer" else {"real": True}
    assumptions |= {p: True for p in declared.properties if p in {"positive", "negative", "nonnegative", "nonzero"}}
    if declared.lower is not None and declared.lower >= 0:
        assumptions["positive"] = True
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
        from fractions import Fraction

        return number(Fraction(int(expression.p), int(expression.q)))
    if isinstance(expression, sympy.Float):
        raise NoRule("a floating-point number has no exact value; give a Rational")
    for name, constant in _CONSTANTS.items():
        if expression == constant:
            return Constant(name)
    if isinstance(expression, sympy.Add):
        return total([from_sympy(a) for a in expression.args])
    if isinstance(expression, sympy.Mul):
        return times([from_sympy(a) for a in expression.args])
    if isinstance(expression, sympy.Pow):
        return Power(from_sympy(expression.base), from_sympy(expression.exp))
    if isinstance(expression, sympy.Abs):
        return Absolute(from_sympy(expression.args[0]))
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
