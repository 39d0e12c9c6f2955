"""Formulas of the benchmarks' own: written as Python writes them, printed as LaTeX, evaluated by mpmath.

Nothing of the project is used, so that what is true is known without it. A formula is a tuple: ("x",) a name, (3,) a number,
("sin", a) a function of its arguments, among them + - * / ** neg, `where(a >= b, c, d)`, `sum(k, low, high, body)` and
`D(x, body)`, the derivative by x. `formula("sin(a)**2")` reads one; a value that is not real and finite is None.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

import mpmath

Formula = tuple[Any, ...]
DIGITS = 40
_OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.USub: "neg",
              ast.GtE: ">=", ast.Gt: ">", ast.LtE: "<=", ast.Lt: "<", ast.Eq: "=="}  # fmt: skip


@cache
def formula(text: str) -> Formula:
    """The formula a text of ours writes."""
    return _formula(ast.parse(text, mode="eval").body)


def _formula(node: ast.expr) -> Formula:
    match node:
        case ast.Name(id=name):
            return (name,)
        case ast.Constant(value=int() as value):
            return (Fraction(value),)
        case ast.BinOp(left=left, op=op, right=right):
            return (_OPERATORS[type(op)], _formula(left), _formula(right))
        case ast.UnaryOp(op=op, operand=operand):
            return (_OPERATORS[type(op)], _formula(operand))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return (_OPERATORS[type(op)], _formula(left), _formula(right))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return (name, *map(_formula, arguments))
    raise ValueError(ast.dump(node))


def names(f: Formula) -> frozenset[str]:
    """The names in a formula, indices of sums left out."""
    if len(f) == 1:
        return frozenset(f) if isinstance(f[0], str) and f[0] not in CONSTANTS else frozenset()
    found = frozenset[str]().union(*(names(part) for part in f[1:]))
    return found - {f[1][0]} if f[0] in {"sum", "product"} else found


def size(f: Formula) -> int:
    """How many symbols it takes."""
    return 1 + sum(size(part) for part in f[1:])


def put(f: Formula, values: Mapping[str, Formula]) -> Formula:
    """The formula with formulas for names."""
    if len(f) == 1:
        return values.get(f[0], f)
    return (f[0], *(put(part, values) for part in f[1:]))


def matched(pattern: Formula, f: Formula, found: dict[str, Formula]) -> bool:
    """Whether f is the pattern with formulas for its names, which are put into `found`."""
    if len(pattern) == 1:
        if isinstance(pattern[0], str) and pattern[0] not in CONSTANTS:
            return found.setdefault(pattern[0], f) == f
        return pattern == f
    return (
        pattern[0] == f[0]
        and len(pattern) == len(f)
        and all(matched(p, part, found) for p, part in zip(pattern[1:], f[1:], strict=True))
    )


# --- values ----------------------------------------------------------------------------------------------------------

CONSTANTS = {"pi", "e", "i"}
_MP: dict[str, Callable[..., Any]] = {
    "exp": mpmath.exp, "sin": mpmath.sin, "cos": mpmath.cos, "tan": mpmath.tan, "sinh": mpmath.sinh, "cosh": mpmath.cosh,
    "tanh": mpmath.tanh, "arctan": mpmath.atan, "arcsin": mpmath.asin, "arccos": mpmath.acos, "arsinh": mpmath.asinh,
    "arcosh": mpmath.acosh, "artanh": mpmath.atanh, "erf": mpmath.erf, "erfc": mpmath.erfc, "gamma": mpmath.gamma,
    "factorial": mpmath.factorial, "sigmoid": lambda u: 1 / (1 + mpmath.exp(-u)), "softplus": lambda u: mpmath.log1p(mpmath.exp(u)),
    "silu": lambda u: u / (1 + mpmath.exp(-u)), "gelu": lambda u: u * mpmath.ncdf(u), "ncdf": mpmath.ncdf, "npdf": mpmath.npdf,
    "abs": abs, "sign": mpmath.sign, "floor": mpmath.floor, "ceil": mpmath.ceil,
    "binomial": mpmath.binomial, "sec": mpmath.sec, "csc": mpmath.csc, "cot": mpmath.cot,
}  # fmt: skip
_REAL: dict[str, Callable[..., Any]] = {
    "max": max, "min": min, "relu": lambda u: max(u, mpmath.mpf(0)), "leaky": lambda u: u if u > 0 else u / 100,
    ">=": lambda a, b: a >= b, ">": lambda a, b: a > b, "<=": lambda a, b: a <= b, "<": lambda a, b: a < b,
}  # fmt: skip


class NoValue(Exception):
    """The formula has no real and finite value."""


def value(f: Formula, point: Mapping[str, Any], *, digits: int = DIGITS, principal: bool = False) -> Any:
    """The value at a point, or None where there is none; with `principal` among complex numbers."""
    with mpmath.workdps(digits + 10):
        try:
            known = {name: _number(v) for name, v in point.items()}
            return +_value(f, known, principal)
        except (NoValue, ValueError, ArithmeticError, TypeError, mpmath.libmp.NoConvergence):
            return None


def _number(v: Any) -> Any:
    if isinstance(v, tuple):
        return mpmath.mpc(_number(v[0]), _number(v[1]))
    return mpmath.mpf(v.numerator) / v.denominator


def _value(f: Formula, known: dict[str, Any], principal: bool) -> Any:
    result = _evaluated(f, known, principal)
    if not isinstance(result, bool) and (not mpmath.isfinite(result) or abs(result) > mpmath.mpf(10) ** 400):
        raise NoValue
    if not principal and isinstance(result, mpmath.mpc):
        raise NoValue
    return result


def _evaluated(f: Formula, known: dict[str, Any], principal: bool) -> Any:
    head = f[0]
    if len(f) == 1:
        if isinstance(head, Fraction):
            return _number(head)
        return {"pi": +mpmath.pi, "e": +mpmath.e, "i": mpmath.mpc(0, 1)}[head] if head in CONSTANTS else known[head]
    if head in {"sum", "product"}:
        bounds = [int(_value(bound, known, principal)) for bound in f[2:4]]
        terms = [_value(f[4], {**known, f[1][0]: mpmath.mpf(k)}, principal) for k in range(bounds[0], bounds[1] + 1)]
        return mpmath.fsum(terms) if head == "sum" else mpmath.fprod(terms)
    if head == "D":
        x = f[1][0]
        with mpmath.workdps(2 * mpmath.mp.dps):
            return mpmath.diff(lambda at: _value(f[2], {**known, x: at}, principal), known[x])
    if head == "indicator":
        return mpmath.mpf(bool(_value(f[1], known, principal)))
    if head == "where":
        return _value(f[2] if _value(f[1], known, principal) else f[3], known, principal)
    parts = [_value(part, known, principal) for part in f[1:]]
    match head:
        case "+":
            return parts[0] + parts[1]
        case "-":
            return parts[0] - parts[1]
        case "*":
            return parts[0] * parts[1]
        case "/":
            if abs(parts[1]) < _nothing():
                raise NoValue
            return parts[0] / parts[1]
        case "neg":
            return -parts[0]
        case "**":
            return _power(f[2], parts, principal)
        case "log":
            return mpmath.log(parts[0]) if principal or parts[0] > _nothing() else _none()
        case "sqrt":
            return mpmath.sqrt(parts[0]) if principal or parts[0] >= 0 else _none()
        case "cbrt":
            return mpmath.sign(parts[0]) * mpmath.cbrt(abs(parts[0]))
    return (_MP.get(head) or _REAL[head])(*parts)


def _power(exponent: Formula, parts: list[Any], principal: bool) -> Any:
    base, power = parts
    if principal or base > 0 or mpmath.isint(power):
        if base == 0 and (power < 0 or (power == 0 and names(exponent))):
            raise NoValue
        return base**power
    return base if base == 0 and power > 0 else _none()


def _nothing() -> Any:
    """Below this a number may be what rounding left of zero."""
    return mpmath.mpf(10) ** (20 - mpmath.mp.dps)


def _none() -> Any:
    raise NoValue


# --- derivatives -----------------------------------------------------------------------------------------------------

_SLOPES = {
    "exp": "exp(a)", "log": "1/a", "sin": "cos(a)", "cos": "neg(sin(a))", "tan": "1+tan(a)**2", "sinh": "cosh(a)", "cosh": "sinh(a)",
    "tanh": "1-tanh(a)**2", "arctan": "1/(1+a**2)", "arsinh": "1/sqrt(1+a**2)", "sqrt": "1/(2*sqrt(a))", "sigmoid": "sigmoid(a)*(1-sigmoid(a))",
    "softplus": "sigmoid(a)", "silu": "sigmoid(a)*(1+a*(1-sigmoid(a)))", "erf": "2/sqrt(pi)*exp(neg(a**2))", "abs": "a/abs(a)",
    "arcsin": "1/sqrt(1-a**2)", "arccos": "-1/sqrt(1-a**2)", "artanh": "1/(1-a**2)", "erfc": "-2/sqrt(pi)*exp(neg(a**2))",
    "gelu": "ncdf(a)+a*npdf(a)", "ncdf": "npdf(a)",
}  # fmt: skip


def slope(f: Formula, x: str) -> Formula | None:
    """The derivative by the rules of a textbook, as they give it; None where they say nothing."""
    if x not in names(f):
        return (Fraction(0),)
    if len(f) == 1:
        return (Fraction(1),)
    parts = [slope(part, x) for part in f[1:]]
    if None in parts:
        return None
    a, (da, *rest) = f[1], parts
    match f[0]:
        case "+" | "-":
            return (f[0], da, rest[0])
        case "neg":
            return ("neg", da)
        case "*":
            return ("+", ("*", da, f[2]), ("*", a, rest[0]))
        case "/":
            return ("/", ("-", ("*", da, f[2]), ("*", a, rest[0])), ("**", f[2], (Fraction(2),)))
        case "**" if not names(f[2]):
            return ("*", ("*", f[2], ("**", a, ("-", f[2], (Fraction(1),)))), da)
    return ("*", put(formula(_SLOPES[f[0]]), {"a": a}), da) if f[0] in _SLOPES else None


# --- LaTeX -----------------------------------------------------------------------------------------------------------

_RELATIONS = {">=": r"\ge", ">": ">", "<=": r"\le", "<": "<"}
_WORDS = {name: rf"\{name}" for name in ("exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arctan", "arcsin", "arccos", "max", "min",
                                         "sec", "csc", "cot")} | {"log": r"\ln", "gamma": r"\Gamma"}  # fmt: skip
_OPERATORS_NAMED = {"relu": "ReLU", "sigmoid": "sigmoid", "softplus": "softplus", "silu": "SiLU", "gelu": "GELU", "leaky": "LeakyReLU",
                    "sign": "sign", "ncdf": "ncdf", "npdf": "npdf", "floor": "floor", "ceil": "ceil"}  # fmt: skip
SUM, TERM, FACTOR, ATOM = range(4)


def latex(f: Formula, place: int = SUM) -> str:
    """As it is written in a formula, in brackets where its place needs them."""
    text, kind = _latex(f)
    return text if kind >= place else rf"\left({text}\right)"


def _latex(f: Formula) -> tuple[str, int]:
    head, parts = f[0], f[1:]
    if not parts:
        if isinstance(head, Fraction):
            return (str(head), ATOM if head >= 0 else SUM) if head.denominator == 1 else (_fraction(head), FACTOR)
        return {"pi": r"\pi"}.get(head, head), ATOM
    match head:
        case "+":
            return f"{latex(parts[0])} + {latex(parts[1], TERM)}", SUM
        case "-":
            return f"{latex(parts[0])} - {latex(parts[1], TERM)}", SUM
        case "neg":
            return f"-{latex(parts[0], TERM)}", SUM
        case "*":
            return rf"{latex(parts[0], TERM)} \cdot {latex(parts[1], FACTOR)}", TERM
        case "/":
            return rf"\frac{{{latex(parts[0])}}}{{{latex(parts[1])}}}", FACTOR
        case "**":
            return f"{latex(parts[0], ATOM)}^{{{latex(parts[1])}}}", FACTOR
        case "sqrt":
            return rf"\sqrt{{{latex(parts[0])}}}", FACTOR
        case "cbrt":
            return rf"\sqrt[3]{{{latex(parts[0])}}}", FACTOR
        case "abs":
            return rf"\left|{latex(parts[0])}\right|", FACTOR
        case "factorial":
            return f"{latex(parts[0], ATOM)}!", FACTOR
        case "binomial":
            return rf"\binom{{{latex(parts[0])}}}{{{latex(parts[1])}}}", FACTOR
        case "where":
            return (rf"\begin{{cases}} {latex(parts[1])} & {_condition(parts[0])} \\ {latex(parts[2])} & \text{{otherwise}} "
                    r"\end{cases}", FACTOR)  # fmt: skip
        case "indicator":
            return rf"\mathbb{{1}}[{_condition(parts[0])}]", FACTOR
        case "sum" | "product":
            sign = r"\sum" if head == "sum" else r"\prod"
            return rf"{sign}_{{{parts[0][0]}={latex(parts[1])}}}^{{{latex(parts[2])}}} {latex(parts[3], FACTOR)}", SUM
        case "D":
            return rf"\frac{{\partial}}{{\partial {parts[0][0]}}} \left({latex(parts[1])}\right)", SUM
    word = _WORDS.get(head) or rf"\operatorname{{{_OPERATORS_NAMED.get(head, head)}}}"
    return rf"{word}\left({', '.join(map(latex, parts))}\right)", FACTOR


def _condition(f: Formula) -> str:
    return f"{latex(f[1])} {_RELATIONS[f[0]]} {latex(f[2])}"


def _fraction(v: Fraction) -> str:
    text = rf"\frac{{{abs(v.numerator)}}}{{{v.denominator}}}"
    return text if v > 0 else rf"\left(-{text}\right)"
