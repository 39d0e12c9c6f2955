"""Programs written as assignments, `x3 = (x0 - e*x1)**a + torch.sin(d*x2)` → definitions in order, and values of leaves.

Python's notation, read by our own grammar and never executed: names, numbers, + − * / **, brackets, and calls of known
functions, with or without `torch.`, `np.`, `math.`. `a = Variable(torch.tensor([1.0]), requires_grad=True)`, `a = torch.tensor(1.)`
and `a = 1.0` give a leaf its value. `x0` and `x_0` are the same name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from derive.errors import Unreadable
from derive.tree import Absolute, Call, Name, Negative, Node, Power, Product, Quotient, Root, Sum, number

if TYPE_CHECKING:
    from lark import Lark

MAX_LENGTH = 20_000
MAX_NESTING = 60
_MODULES = {"torch", "np", "numpy", "math", "nn", "F", "jnp", "functional"}
_FUNCTIONS = {
    "sin": "sin", "cos": "cos", "tan": "tan", "exp": "exp", "log": "log", "tanh": "tanh", "sinh": "sinh", "cosh": "cosh",
    "sigmoid": "sigmoid", "relu": "relu", "softplus": "softplus", "atan": "arctan", "arctan": "arctan", "asin": "arcsin",
    "acos": "arccos", "erf": "erf",
}  # fmt: skip
_OF_TWO = {"max": "max", "maximum": "max", "min": "min", "minimum": "min"}
_CALLED = tuple(sorted({*_FUNCTIONS, *_OF_TWO, "sqrt", "pow", "abs"}))
_BINARY: dict[str, Callable[[Node, Node], Node]] = {
    "+": lambda a, b: Sum((*(a.terms if isinstance(a, Sum) else (a,)), b)),
    "-": lambda a, b: Sum((*(a.terms if isinstance(a, Sum) else (a,)), Negative(b))),
    "*": lambda a, b: Product((*(a.factors if isinstance(a, Product) else (a,)), b)),
    "/": Quotient,
    "**": Power,
}


@dataclass(frozen=True, slots=True)
class Assignments:
    """Definitions in order, by canonical name; the values given to leaves; the names as written."""

    definitions: dict[str, Node] = field(default_factory=dict)
    values: dict[str, Fraction] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    @property
    def used(self) -> tuple[str, ...]:
        """The names formulas are written with, in order."""
        return tuple(dict.fromkeys(name for tree in self.definitions.values() for name in tree.names))


def read_assignments(text: str) -> Assignments:
    """Read a program. Raises Unreadable with the line and column of what is not understood."""
    from lark.exceptions import UnexpectedInput

    if len(text) > MAX_LENGTH:
        raise Unreadable("too-long", f"a program has at most {MAX_LENGTH} characters", text=text, offset=MAX_LENGTH)
    _check_nesting(text)
    try:
        tree = _grammar().parse(text)
    except UnexpectedInput as error:
        place = getattr(error, "pos_in_stream", None)
        at = place if isinstance(place, int) and place >= 0 else len(text)
        raise Unreadable("syntax", "an assignment, name = formula, is expected", text=text, offset=at,
                         hint="+ - * / **, brackets, numbers, names and functions such as torch.sin are read") from None  # fmt: skip
    found = Assignments()
    for line in tree.children:
        _assign(line, found, text)
    _joined(found)
    return found


def _joined(found: Assignments) -> None:
    """`a_ = tensor(1.)` and then `a`: a leaf that is never used, and a name without a value that it must be; said so."""
    used = found.used
    for key in [key for key in found.values if key.endswith("_") and key not in used]:
        stem = canonical(key.rstrip("_"))
        if stem in used and stem not in found.values and stem not in found.definitions:
            found.values[stem] = found.values.pop(key)
            found.remarks.append(f"{found.written[key]} is given a value and never used, {found.written[stem]} is used and has none: "
                                 "read as one name")  # fmt: skip


def canonical(name: str) -> str:
    """`x0` → `x_0`, `x10` → `x_{10}`; a name without digits at its end stays, less underscores that end it."""
    match = re.fullmatch(r"([A-Za-z]+)_?(\d+)", name)
    if match:
        digits = match.group(2)
        return f"{match.group(1)}_{digits}" if len(digits) == 1 else f"{match.group(1)}_{{{digits}}}"
    return name


def _assign(line: Any, found: Assignments, text: str) -> None:
    token, value = line.children
    key = canonical(str(token))
    if key in found.definitions or key in found.values:
        raise Unreadable("redefined", f"{token} is assigned twice", text=text, offset=token.start_pos, length=len(token),
                         hint="give the second quantity a name of its own")  # fmt: skip
    found.written[key] = str(token)
    if value.data == "leaf" or _is_literal(value):
        tokens = list(value.scan_values(lambda _: True))
        numbers, minus = [t for t in tokens if t.type == "NUMBER"], any(t.type == "MINUS" for t in tokens)
        if len(numbers) != 1:
            raise Unreadable("leaf", f"{token} is given {len(numbers)} numbers; one is expected", text=text,
                             offset=token.start_pos, length=len(token))  # fmt: skip
        found.values[key] = -Fraction(str(numbers[0])) if minus else Fraction(str(numbers[0]))
        return
    found.definitions[key] = _formula(value, found, text)


def _is_literal(value: Any) -> bool:
    """A number, or minus a number."""
    return bool(value.data == "number" or (value.data == "negative" and value.children[1].data == "number"))


def _formula(tree: Any, found: Assignments, text: str) -> Node:
    parts = tree.children
    match tree.data:
        case "number":
            return number(Fraction(str(parts[0])))
        case "name":
            key = canonical(str(parts[0]))
            found.written.setdefault(key, str(parts[0]))
            return Name(key)
        case "binary":
            return _BINARY[str(parts[1])](_formula(parts[0], found, text), _formula(parts[2], found, text))
        case "negative":
            return Negative(_formula(parts[1], found, text))
        case "same":
            return _formula(parts[1], found, text)
        case "call":
            return _call(parts, found, text)
    token = next(tree.scan_values(lambda _: True))
    raise Unreadable("syntax", f"{token} is no formula here", text=text, offset=token.start_pos, length=len(token))


def _call(parts: list[Any], found: Assignments, text: str) -> Node:
    token = parts[0]
    *modules, name = str(token).split(".")
    arguments = tuple(_formula(part, found, text) for part in parts[1:])
    wanted = 2 if name == "pow" or name in _OF_TWO else 1
    if name not in _CALLED or not set(modules) <= _MODULES or len(arguments) != wanted:
        raise Unreadable("unknown-function", f"{token} with {len(arguments)} argument{'s' * (len(arguments) != 1)} is no known function",
                         text=text, offset=token.start_pos, length=len(token),
                         hint=f"known are {', '.join(_CALLED)}")  # fmt: skip
    if name == "sqrt":
        return Root(arguments[0])
    if name == "abs":
        return Absolute(arguments[0])
    return Power(*arguments) if name == "pow" else Call({**_FUNCTIONS, **_OF_TWO}[name], arguments)


def _check_nesting(text: str) -> None:
    depth = 0
    for offset, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if depth > MAX_NESTING:
            raise Unreadable("too-deep", f"brackets nested deeper than {MAX_NESTING}", text=text, offset=offset)


@cache
def _grammar() -> Lark:
    from lark import Lark

    grammar = files("derive.read").joinpath("assignments.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", maybe_placeholders=False)
