"""The three languages: how each writes a number, lifts one, and chooses between two values."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from derive.emit.constructs import bounds
from derive.emit.identifiers import identifier
from derive.emit.piece import ATOM, PRODUCT, UNARY, Piece
from derive.emit.tables import NUMPY, SYMPY, TORCH
from derive.emit.writer import EXACT, Writer, rational
from derive.errors import NoRule, TooLarge
from derive.functions import FUNCTIONS
from derive.rules import definition_of
from derive.tree import Binder, Call, Cases, Chain, Constant, Indicator, Logical, Node, Otherwise, Power
from derive.write import latex

MAX_EXPONENT = 10_000  # of a number SymPy would work out
MAX_BITS = 10_000  # of a whole number in source text; Python reads 4,300 digits


class _Floats(Writer):
    """What NumPy and torch share: numbers are floats."""

    def number(self, value: Fraction) -> Piece:
        """Whole numbers and fractions of them as written, others as the nearest float."""
        size = abs(value)
        if size.numerator >= EXACT or size.denominator >= EXACT:
            return self._nearest(value)
        sign = "-" if value < 0 else ""
        if size.denominator == 1:
            return Piece(f"{sign}{size.numerator}", UNARY if sign else ATOM, scalar=True)
        if size == Fraction(repr(float(size))):  # a decimal
            return Piece(f"{sign}{float(size)!r}", UNARY if sign else ATOM, scalar=True)
        return Piece(f"{sign}{size.numerator} / {size.denominator}", PRODUCT, scalar=True)

    def _nearest(self, value: Fraction) -> Piece:
        try:
            return Piece(repr(float(value)), UNARY if value < 0 else ATOM, scalar=True)
        except OverflowError:
            raise TooLarge("a number beyond the range of floats; use sympy") from None


class NumPy(_Floats):
    """Arrays of 64-bit floats."""

    language: ClassVar = "numpy"
    shown: ClassVar = "NumPy"
    functions: ClassVar = NUMPY
    constants: ClassVar = {"e": "np.e", "pi": "np.pi", "infinity": "np.inf", "nan": "np.nan"}
    absolute: ClassVar = "np.abs"
    square_root: ClassVar = "np.sqrt"

    def lifted(self, piece: Piece) -> Piece:
        return Piece(f"np.float64({piece.text})") if piece.scalar else piece

    def where(self, condition: str, value: Piece, other: Piece) -> Piece:
        return Piece(f"np.where({condition}, {value.text}, {other.text})")

    def special(self, function: str, arguments: tuple[Node, ...]) -> Piece | None:
        if function != "expint":
            return super().special(function, arguments)
        order = rational(arguments[0])
        u = self.lifted(self.piece(arguments[1])).text
        if order is not None and order.denominator == 1 and order >= 0:
            return Piece(f"special.expn({order}, {u})")
        if order is not None and order < 1:
            return self.helper("_expint_below_one", self.number(order).text, u)
        reduced = definition_of(Call(function, arguments))
        if order is None or reduced is None:
            raise NoRule("NumPy has no exponential integral of variable order; use sympy")
        return self.piece(reduced)


class Torch(_Floats):
    """Tensors of the dtype and device of the arguments, differentiable."""

    language: ClassVar = "torch"
    shown: ClassVar = "torch"
    functions: ClassVar = TORCH
    constants: ClassVar = {"e": "torch.e", "pi": "torch.pi", "infinity": "torch.inf", "nan": "torch.nan"}
    absolute: ClassVar = "torch.abs"
    square_root: ClassVar = "torch.sqrt"

    def lifted(self, piece: Piece) -> Piece:
        if not piece.scalar:
            return piece
        if self.reference:
            return Piece(f"{self.reference}.new_tensor({piece.text})")
        return Piece(f"torch.tensor({piece.text}, dtype=torch.float64)")

    def where(self, condition: str, value: Piece, other: Piece) -> Piece:
        if value.scalar and other.scalar:
            value = self.lifted(value)
        return Piece(f"torch.where({condition}, {value.text}, {other.text})")

    def special(self, function: str, arguments: tuple[Node, ...]) -> Piece | None:
        if function not in {"polygamma", "bessel_i"}:
            return super().special(function, arguments)
        order = rational(arguments[0])
        if order is None or order.denominator != 1:
            raise NoRule(f"torch has {function.replace('_', ' ')} for a whole number as order only; use sympy")
        n, u = abs(int(order)), self.lifted(self.piece(arguments[1])).text
        if function == "polygamma":
            if order < 0:
                raise NoRule("a polygamma function of negative order has no value")
            return Piece(f"torch.digamma({u})") if n == 0 else self.helper("_polygamma", str(n), u)
        if n < 2:
            return Piece(f"torch.special.i{n}({u})")
        reduced = definition_of(Call(function, arguments))
        if n > 2 or reduced is None:
            raise NoRule("torch has the Bessel functions I of order 0 and 1 only; use sympy")
        return self.piece(reduced)


class SymPy(Writer):
    """Exact expressions."""

    language: ClassVar = "sympy"
    shown: ClassVar = "SymPy"
    functions: ClassVar = {name: f"sp.{row.sympy}" for name, row in FUNCTIONS.items() if row.sympy} | dict(SYMPY)
    constants: ClassVar = {"e": "sp.E", "pi": "sp.pi", "infinity": "sp.oo", "i": "sp.I"}
    absolute: ClassVar = "sp.Abs"
    square_root: ClassVar = "sp.sqrt"

    def written(self, tree: Node) -> Piece:
        return self.piece(tree)  # exact, so no form is unstable

    def constant(self, tree: Constant) -> Piece:
        return Piece(self.constants[tree.name])

    def number(self, value: Fraction) -> Piece:
        if max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
            raise TooLarge("a number with too many digits")
        if value.denominator == 1:
            return Piece(str(value), UNARY if value < 0 else ATOM, scalar=True)
        return Piece(f"sp.Rational({value.numerator}, {value.denominator})", ATOM)

    def lifted(self, piece: Piece) -> Piece:
        return Piece(f"sp.S({piece.text})") if piece.scalar else piece

    def power(self, tree: Power) -> Piece:
        if not tree.names:
            exponent = rational(tree.exponent)
            if exponent is not None and abs(exponent) > MAX_EXPONENT:
                raise TooLarge("a power of a number with too many digits")
        return super().power(tree)

    def special(self, function: str, arguments: tuple[Node, ...]) -> Piece | None:
        return None  # factorials of whole numbers stay exact

    def condition(self, tree: Node) -> Piece:
        match tree:
            case Chain(sides=sides, relations=relations, continued=False):
                pieces = [self.piece(side) for side in sides]
                triples = zip(pieces, relations, pieces[1:], strict=False)
                parts = [self.compared(a, r, b) for a, r, b in triples]
                return Piece(parts[0] if len(parts) == 1 else f"sp.And({', '.join(parts)})")
            case Logical(connective=connective, statements=statements):
                joined = ", ".join(self.condition(part).text for part in statements)
                return Piece(f"sp.{'And' if connective == 'and' else 'Or'}({joined})")
        raise NoRule(f"{latex(tree)} is no condition that can be computed")

    def compared(self, left: Piece, relation: str, right: Piece) -> str:
        if relation not in RELATIONS:
            raise NoRule(f"the condition {relation} has no exact meaning")
        return f"{RELATIONS[relation]}({left.text}, {right.text})"

    def cases(self, tree: Cases) -> Piece:
        branches = [
            f"({self.piece(value).text}, {'True' if isinstance(condition, Otherwise) else self.condition(condition).text})"
            for value, condition in zip(tree.values, tree.conditions, strict=True)
        ]
        return Piece(f"sp.Piecewise({', '.join(branches)})")

    def indicator(self, tree: Indicator) -> Piece:
        return Piece(f"sp.Piecewise((1, {self.condition(tree.condition).text}), (0, True))")

    def binder(self, tree: Binder) -> Piece:
        lower, upper = bounds(self, tree)
        index = self.names.fresh(identifier(tree.index))
        with self.knowing({tree.index: Piece(index)}):
            body = self.piece(tree.body)
        return self.helper(f"_{tree.kind}", f"lambda {index}: {body.text}", lower, upper)


RELATIONS = {"<": "sp.Lt", r"\le": "sp.Le", ">": "sp.Gt", r"\ge": "sp.Ge", "=": "sp.Eq", r"\ne": "sp.Ne"}
LANGUAGES: dict[str, type[Writer]] = {writer.language: writer for writer in (SymPy, NumPy, Torch)}
