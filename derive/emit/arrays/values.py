"""Values of array code, each once: what is computed, from what, and with which axes; sums and products entry by entry.

A scalar has no axis, a vector (a row too) one, a matrix two. What repeats numbers is known for what it is: `fill` (one
number everywhere), `rows` (every row is v), `columns` (every column is v). What acts entry by entry acts on them before
they are repeated, so X + 𝟏bᵀ adds b.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod
from typing import Any

from derive.matrix.nodes import Dimension
from derive.tree import Name, Node, Power, Root, number

Axes = tuple[Dimension, ...]
SPREAD = frozenset({"outer", "diagonal", "eye"})  # matrices known by fewer numbers than they have entries
PLAIN = frozenset({"number", "size", "index", "constant"})


@dataclass(frozen=True, eq=False, slots=True)
class Value:
    """One value: the operation, its operands, what else says which it is, and the axes. Compared by identity."""

    op: str
    args: tuple[Value, ...]
    data: Any
    axes: Axes
    place: int
    plain: bool  # a plain Python number in the code

    def is_number(self, wanted: int) -> bool:
        return self.op == "number" and self.data == wanted


@dataclass(slots=True)
class Entrywise:
    """All values of one function, each made once; what acts entry by entry."""

    made: dict[tuple[Any, ...], Value] = field(default_factory=dict)

    def make(self, op: str, args: Sequence[Value] = (), data: Any = None, axes: Axes = ()) -> Value:
        key = (op, *(arg.place for arg in args), "|", data, axes)
        found = self.made.get(key)
        if found is None:
            plain = op in PLAIN or (op in {"add", "multiply", "divide"} and all(arg.plain for arg in args))
            found = self.made[key] = Value(op, tuple(args), data, axes, len(self.made), plain)
        return found

    def held(self, value: Value, *, named: bool = False) -> Value:
        """A value others do not look into: its sum or product is computed once, however many use it.

        A scalar times what is computed once anyway stays open, unless it has a name.
        """
        if not value.axes or value.op not in {"add", "multiply", "divide"}:
            return value
        rest = self.unscaled(value)[1]
        if rest.op in SPREAD or rest.op == "input" or (rest.op not in {"add", "multiply", "divide"} and not named):
            return value
        return self.make("held", (value,), axes=value.axes)

    # --- numbers and what repeats them --------------------------------------------------------------------------------

    def number(self, value: Fraction | int) -> Value:
        return self.make("number", data=Fraction(value))

    def size(self, dimension: Dimension) -> Value:
        return self.number(dimension) if isinstance(dimension, int) else self.make("size", data=dimension)

    def filled(self, scalar: Value, axes: Axes) -> Value:
        return self.make("fill", (scalar,), axes=axes) if axes else scalar

    def spread(self, kind: str, vector: Value, axes: Axes) -> Value:
        """A matrix all `rows`, or all `columns`, of which are one vector."""
        if vector.op == "fill":
            return self.filled(vector.args[0], axes)
        return self.make(kind, (vector,), axes=axes)

    def rows(self, vector: Value, axes: Axes) -> Value:
        return self.spread("rows", vector, axes)

    def columns(self, vector: Value, axes: Axes) -> Value:
        return self.spread("columns", vector, axes)

    # --- entry by entry -----------------------------------------------------------------------------------------------

    def applied(self, form: Node, *args: Value) -> Value:
        """A formula of numbers over the names @0, @1, … at every entry."""
        axes = _axes(args)
        hoisted = self._hoisted(args, lambda *inner: self.applied(form, *inner))
        if hoisted is not None:
            return hoisted
        return self.make("apply", [_unfilled(arg) for arg in args], form, axes)

    def _hoisted(self, args: Sequence[Value], rule: Any) -> Value | None:
        """What acts entry by entry on repeated numbers acts before they are repeated."""
        axes = _axes(args)
        if not axes:
            return None
        for kind, others in (("fill", ("fill",)), ("rows", ("fill", "rows")), ("columns", ("fill", "columns"))):
            if all(not arg.axes or arg.op in others for arg in args):
                inner: Value = rule(*(arg.args[0] if arg.axes else arg for arg in args))
                return self.filled(inner, axes) if kind == "fill" else self.spread(kind, inner, axes)
        return None

    def power(self, base: Value, exponent: Fraction) -> Value:
        if exponent == 1:
            return base
        if base.op == "number" and exponent.denominator == 1 and (base.data or exponent > 0) and abs(exponent) < 64:
            return self.number(base.data ** int(exponent))
        if exponent < 0:
            return self.divide(self.number(1), self.power(base, -exponent))
        if not exponent:
            return self.filled(self.number(1), base.axes)
        if exponent == Fraction(1, 2):
            return self.applied(Root(Name("@0")), base)
        return self.applied(Power(Name("@0"), number(exponent)), base)

    def add(self, *terms: Value) -> Value:
        axes = _axes(terms)
        found: dict[int, tuple[Fraction, Value]] = {}
        for term in self._terms(terms):
            factor, rest = self._coefficient(term)
            before = found.get(rest.place, (Fraction(0), rest))
            found[rest.place] = (before[0] + factor, rest)
        kept = [(factor, rest) for factor, rest in found.values() if factor and not rest.is_number(0)]
        if axes:
            kept.sort(key=lambda pair: not pair[1].axes)  # arrays first
            hoisted = self._hoisted([rest for _, rest in kept], lambda *r: self._sum([f for f, _ in kept], r))
            if kept and hoisted is not None:
                return hoisted
        whole = self._shared(kept) or self._sum([factor for factor, _ in kept], [rest for _, rest in kept])
        return whole if whole.axes == axes else self.filled(whole, axes)

    def _shared(self, kept: list[tuple[Fraction, Value]]) -> Value | None:
        """A scalar factor of all terms in front of their sum, so that one array is multiplied by it."""
        parts = [self._deep(self.multiply(self.number(factor), rest)) for factor, rest in kept]
        if len(parts) < 2 or any(not rest.axes for _, rest in parts):
            return None
        split = [self._coefficient(scalar) for scalar, _ in parts]
        factor, shared = split[0]
        if any(other > 0 for other, _ in split):
            factor = abs(factor)
        if shared.is_number(1) or any(other is not shared for _, other in split):
            return None
        terms = [self.multiply(self.number(f / factor), rest) for (f, _), (_, rest) in zip(split, parts, strict=True)]
        return self.multiply(self.number(factor), shared, self.add(*terms))

    def _deep(self, value: Value) -> tuple[Value, Value]:
        """A scalar factor, those of repeated rows and columns included."""
        scalar, rest = self.unscaled(value)
        if rest.op in {"rows", "columns"}:
            inner, vector = self.unscaled(rest.args[0])
            return self.multiply(scalar, inner), self.spread(rest.op, vector, rest.axes)
        if rest.op == "multiply":
            parts = [self._deep(arg) if arg.op in {"rows", "columns"} else (self.number(1), arg) for arg in rest.args]
            return self.multiply(scalar, *(s for s, _ in parts)), self.multiply(*(r for _, r in parts))
        return scalar, rest

    def _terms(self, terms: Iterable[Value]) -> Iterable[Value]:
        for term in terms:
            if term.op == "add" or (term.op == "fill" and not term.args[0].is_number(0)):
                yield from self._terms(term.args)
            elif term.op != "fill":
                yield term

    def _coefficient(self, term: Value) -> tuple[Fraction, Value]:
        if term.op == "number":
            return term.data, self.number(1)
        if term.op == "multiply" and term.args[0].op == "number":
            factor, rest = self._coefficient(self.multiply(*term.args[1:]))
            return term.args[0].data * factor, rest
        if term.op == "multiply" and any(arg.op in {"rows", "columns"} for arg in term.args):
            parts = [
                self._coefficient(arg) if arg.op in {"rows", "columns"} else (Fraction(1), arg) for arg in term.args
            ]
            factor = prod((f for f, _ in parts), start=Fraction(1))
            return (factor, self.multiply(*(rest for _, rest in parts))) if factor != 1 else (factor, term)
        if term.op == "divide":
            (over, top), (under, bottom) = map(self._coefficient, term.args)
            return (over / under, self.divide(top, bottom)) if under else (Fraction(1), term)
        if term.op in {"rows", "columns"}:
            factor, rest = self._coefficient(term.args[0])
            return factor, self.spread(term.op, rest, term.axes)
        return Fraction(1), term

    def _sum(self, factors: Sequence[Fraction], rests: Sequence[Value]) -> Value:
        several = len(factors) > 1
        terms = [
            self._times([self.number(-1), rest])
            if several and f == -1 and rest.axes
            else self.multiply(self.number(f), rest)
            for f, rest in zip(factors, rests, strict=True)
        ]
        terms.sort(key=_is_negative)
        if not terms:
            return self.number(0)
        if all(term.op == "number" for term in terms):
            return self.number(sum(term.data for term in terms))
        return terms[0] if len(terms) == 1 else self.make("add", terms, axes=_axes(terms))

    def negative(self, value: Value) -> Value:
        return self.multiply(self.number(-1), value)

    def subtract(self, left: Value, right: Value) -> Value:
        return self.add(left, self.negative(right))

    def divide(self, top: Value, bottom: Value) -> Value:
        return self._quotient([top], [bottom])

    def multiply(self, *factors: Value) -> Value:
        """The product entry by entry; scalars stand in front, so that they meet before an array does."""
        return self._quotient(factors, ())

    def _quotient(self, above: Sequence[Value], below: Sequence[Value]) -> Value:
        axes = _axes((*above, *below))
        coefficient, tops, bottoms = self._factors(above, below)
        if not coefficient:
            return self.filled(self.number(0), axes)
        arrays = [v for v in (*tops, *bottoms) if v.axes]
        if arrays and all(v.axes == axes for v in arrays):
            hoisted = self._hoisted_quotient(coefficient, tops, bottoms, axes)
            if hoisted is not None:
                return hoisted
        whole = self._built(coefficient, tops, bottoms)
        return whole if whole.axes == axes else self.filled(whole, axes)

    def _factors(self, above: Sequence[Value], below: Sequence[Value]) -> tuple[Fraction, list[Value], list[Value]]:
        coefficient = Fraction(1)
        found: tuple[list[Value], list[Value]] = ([], [])
        stack = [(v, 0) for v in above] + [(v, 1) for v in below]
        while stack:
            value, side = stack.pop(0)
            if value.op == "fill":
                value = value.args[0]
            if value.op == "number" and (value.data or not side):
                coefficient = coefficient / value.data if side else coefficient * value.data
            elif value.op == "multiply":
                stack = [(arg, side) for arg in value.args] + stack
            elif value.op == "divide":
                stack = [(value.args[0], side), (value.args[1], 1 - side), *stack]
            else:
                found[side].append(value)
        return coefficient, found[0], found[1]

    def _hoisted_quotient(
        self, coefficient: Fraction, tops: list[Value], bottoms: list[Value], axes: Axes
    ) -> Value | None:
        arrays = [v for v in (*tops, *bottoms) if v.axes]
        for kind in ("rows", "columns"):
            if all(v.op == kind for v in arrays):
                inner = [[v.args[0] if v.axes else v for v in side] for side in (tops, bottoms)]
                whole = self._quotient([self.number(coefficient), *inner[0]], inner[1])
                return self.spread(kind, whole, axes)
        if len(arrays) == 1 and arrays[0] in tops and arrays[0].op in {"outer", "diagonal"}:
            scalars = [v for v in tops if not v.axes]
            first, *others = arrays[0].args
            scaled = self._quotient([self.number(coefficient), *scalars, first], bottoms)
            return self.make(arrays[0].op, (scaled, *others), axes=arrays[0].axes)
        return None

    def _built(self, coefficient: Fraction, tops: list[Value], bottoms: list[Value]) -> Value:
        def side(values: list[Value], arrays: bool) -> list[Value]:
            return sorted((v for v in values if bool(v.axes) == arrays), key=lambda v: v.place)

        above, below = side(tops, False), side(bottoms, False)
        top = self._times([*([self.number(coefficient.numerator)] if coefficient.numerator != 1 else []), *above])
        bottom = self._times(
            [*([self.number(coefficient.denominator)] if coefficient.denominator != 1 else []), *below]
        )
        arrays, under = side(tops, True), side(bottoms, True)
        if not arrays and not under:
            return self._over(top, bottom)
        if arrays and not under and abs(coefficient.numerator) == 1 and not above:
            return self._over(self._times([*([top] if coefficient < 0 else []), *arrays]), bottom)
        front = self._over(top, bottom)
        spread = next((v for v in arrays if v.op in {"rows", "columns"}), None)
        if spread is not None and not front.is_number(1) and len(arrays) > 1:  # fewer numbers to multiply
            arrays.remove(spread)
            arrays.append(self.spread(spread.op, self.multiply(front, spread.args[0]), spread.axes))
            front = self.number(1)
        return self._over(
            self._times([*([] if front.is_number(1) and arrays else [front]), *arrays]), self._times(under)
        )

    def _times(self, values: list[Value]) -> Value:
        if not values:
            return self.number(1)
        flat = [inner for v in values for inner in (v.args if v.op == "multiply" else (v,))]
        return flat[0] if len(flat) == 1 else self.make("multiply", flat, axes=_axes(flat))

    def _over(self, top: Value, bottom: Value) -> Value:
        if bottom.is_number(1):
            return top
        if top.op == "number" and bottom.op == "number" and bottom.data:
            return self.number(top.data / bottom.data)
        return self.make("divide", (top, bottom), axes=_axes((top, bottom)))

    def unscaled(self, value: Value) -> tuple[Value, Value]:
        """A scalar factor of an array, and the rest."""
        one = self.number(1)
        if value.op == "multiply" and value.axes:
            scalars = [arg for arg in value.args if not arg.axes]
            return self._times(scalars), self._times([arg for arg in value.args if arg.axes])
        if value.op == "divide" and value.axes and not value.args[1].axes:
            scalar, rest = self.unscaled(value.args[0])
            return self.divide(scalar, value.args[1]), rest
        if value.op == "divide":
            scalar, rest = self.unscaled(value.args[0])
            return (one, value) if scalar.is_number(1) else (scalar, self.divide(rest, value.args[1]))
        return one, value


def _axes(args: Iterable[Value]) -> Axes:
    """The axes of what acts entry by entry."""
    return max((arg.axes for arg in args), key=len, default=())


def _unfilled(value: Value) -> Value:
    return value.args[0] if value.op == "fill" else value


def _is_negative(value: Value) -> bool:
    first = value.args[0] if value.op in {"multiply", "divide"} else value
    first = first.args[0] if first.op == "multiply" else first
    return first.op == "number" and first.data < 0


def reachable(*values: Value) -> list[Value]:
    """All values that some are made of, operands first."""
    seen: dict[int, Value] = {}
    stack = list(values)
    while stack:
        value = stack.pop()
        if value.place not in seen:
            seen[value.place] = value
            stack += value.args
    return [seen[place] for place in sorted(seen)]
