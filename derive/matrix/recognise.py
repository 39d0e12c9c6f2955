"""Functions recognised in what the rules left: softmax, the logistic function, tanh, products of diagonal matrices."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from derive.matrix.atoms import Monomial, has_role, is_ones, ones
from derive.matrix.build import add, diag, negative, product, transpose
from derive.matrix.cost import cost
from derive.matrix.hadamard import Entrywise, apart, hadamard, put, to_power, together
from derive.matrix.keys import key
from derive.matrix.monomials import combined, join, split, transposed
from derive.matrix.nodes import EntrywiseQuotient, Hadamard
from derive.matrix.shapes import shape_of
from derive.tree import ONE, Call, Node, Product, Sum, Transpose

RATIOS = {("sinh", "cosh"): "tanh", ("sin", "cos"): "tan"}


# --- words -----------------------------------------------------------------------------------------------------------


def in_monomial(part: Monomial) -> Monomial:
    """A monomial with softmax, logistic functions and diagonal matrices put in their short form."""
    for rule in (_softmax, _logistic, _ratios, _into_sum, _diagonals, _rows):
        changed = rule(part)
        if changed is not None:
            return in_monomial(changed)
    return part


def _exponential(node: Node) -> Node | None:
    return node.arguments[0] if isinstance(node, Call) and node.function == "exp" and not node.order else None


def _softmax(part: Monomial) -> Monomial | None:
    """exp(z) / (𝟏ᵀ exp(z))."""
    for index, (base, exponent) in enumerate(part.scalars):
        z = _normaliser(base)
        if exponent >= 0 or z is None:
            continue
        wanted = key(Call("exp", (z,)))
        for place, item in enumerate(part.word):
            new = _replaced(item, wanted, Call("softmax", (z,)))
            if new is not None:
                scalars = list(part.scalars)
                scalars[index] = (base, exponent + 1)
                word = (*part.word[:place], new, *part.word[place + 1 :])
                return combined([Monomial(part.coefficient, tuple(p for p in scalars if p[1]), word)])
    return None


def _normaliser(base: Node) -> Node | None:
    """z of 𝟏ᵀ exp(z)."""
    if isinstance(base, Product) and len(base.factors) == 2:
        left, right = base.factors
        if is_ones(left) and isinstance(left, Transpose):
            return _exponential(right)
        if is_ones(right) and isinstance(left, Transpose):
            return _exponential(left.operand)
    return None


def _replaced(item: Node, wanted: object, new: Node) -> Node | None:
    """One factor of a word with one exp(z) in it replaced; None if it has none."""
    if isinstance(item, Transpose):
        inner = _replaced(item.operand, wanted, new)
        return None if inner is None else Transpose(inner)
    if key(item) == wanted:
        return new
    if isinstance(item, Call) and item.function == "diag":
        inner = _replaced(item.arguments[0], wanted, new)
        return None if inner is None else diag(inner)
    if isinstance(item, Hadamard | EntrywiseQuotient):
        whole = apart(item)
        for index, (node, exponent) in enumerate(whole.parts):
            if key(node) == wanted and exponent >= 1:
                rest = [(node, exponent - 1)] if exponent > 1 else []
                parts = (*whole.parts[:index], (new, Fraction(1)), *rest, *whole.parts[index + 1 :])
                return put(replace(whole, parts=parts))
    return None


def _logistic(part: Monomial) -> Monomial | None:
    """exp(a) / (1 + exp(a)) = 1 / (1 + exp(−a))."""
    for index, (base, exponent) in enumerate(part.scalars):
        a = _one_plus_exponential(base)
        if a is None or exponent >= 0:
            continue
        for place, (other, power) in enumerate(part.scalars):
            if power > 0 and key(other) == key(Call("exp", (a,))):
                less = min(power, -exponent)
                scalars = list(part.scalars)
                scalars[place] = (other, power - less)
                scalars[index] = (base, exponent + less)
                flipped = Sum((ONE, Call("exp", (negative(a),))))
                kept = tuple(p for p in scalars if p[1])
                return combined([Monomial(part.coefficient, (*kept, (flipped, -less)), part.word)])
    return None


def _one_plus_exponential(base: Node) -> Node | None:
    """a of 1 + exp(a)."""
    if isinstance(base, Sum) and len(base.terms) == 2:
        for one, other in (base.terms, base.terms[::-1]):
            if one == ONE or is_ones(one):
                return _exponential(other)
    return None


def _ratios(part: Monomial) -> Monomial | None:
    for index, (top, power) in enumerate(part.scalars):
        for place, (bottom, other) in enumerate(part.scalars):
            name = _ratio(top, bottom) if power > 0 > other else None
            if name is not None and isinstance(top, Call):
                less = min(power, -other)
                scalars = list(part.scalars)
                scalars[index], scalars[place] = (top, power - less), (bottom, other + less)
                kept = tuple(p for p in scalars if p[1])
                return combined([Monomial(part.coefficient, (*kept, (Call(name, top.arguments), less)), part.word)])
    return None


def _into_sum(part: Monomial) -> Monomial | None:
    """ν (1 + u/ν) = ν + u, where that is shorter."""
    for index, (base, exponent) in enumerate(part.scalars):
        if not isinstance(base, Sum) or abs(exponent) != 1:
            continue
        for place, (factor, other) in enumerate(part.scalars):
            if place == index or other != exponent:
                continue
            inside = add([product(factor, term) for term in base.terms])
            if cost(inside) < cost(base) + cost(factor):
                kept = tuple(pair for i, pair in enumerate(part.scalars) if i not in {index, place})
                return combined([Monomial(part.coefficient, (*kept, (inside, exponent)), part.word)])
    return None


def _ratio(top: Node, bottom: Node) -> str | None:
    if (
        isinstance(top, Call)
        and isinstance(bottom, Call)
        and top.arguments == bottom.arguments
        and not top.order
        and not bottom.order
    ):
        return RATIOS.get((top.function, bottom.function))
    return None


def diagonal_of(item: Node) -> Node | None:
    """u of diag(u)."""
    if isinstance(item, Call) and item.function == "diag" and shape_of(item.arguments[0])[1] == 1:
        return item.arguments[0]
    return None


def _diagonals(part: Monomial) -> Monomial | None:
    """diag(a) diag(b) = diag(a ⊙ b); diag(a) u = a ⊙ u for a column u."""
    for place, item in enumerate(part.word[:-1]):
        a = diagonal_of(item)
        if a is None:
            continue
        b = diagonal_of(part.word[place + 1])
        if b is not None:
            new = split(diag(hadamard(a, b)))
            return _with_word(part, place, 2, new)
        rest = Monomial(word=part.word[place + 1 :])
        if shape_of(part.word[-1])[1] == 1:
            return _with_word(part, place, len(part.word) - place, split(hadamard(a, join(rest))))
    last = diagonal_of(part.word[-1]) if len(part.word) > 1 else None
    if last is not None and shape_of(part.word[0])[0] == 1:
        front = transposed(Monomial(word=part.word[:-1]))
        return _with_word(part, 0, len(part.word), transposed(split(hadamard(last, join(front)))))
    return None


def _with_word(part: Monomial, start: int, length: int, new: Monomial) -> Monomial:
    return combined(
        [Monomial(part.coefficient, part.scalars, part.word[:start]), new, Monomial(word=part.word[start + length :])]
    )


def _rows(part: Monomial) -> Monomial | None:
    """diag(𝟏 ⊘ exp(Z)𝟏) exp(Z) is the softmax of the rows of Z."""
    for place in range(len(part.word) - 1):
        a, z = diagonal_of(part.word[place]), _exponential(part.word[place + 1])
        if a is None or z is None:
            continue
        whole = apart(a)
        sums = key(product(part.word[place + 1], ones((shape_of(z)[1], 1))))
        for index, (node, exponent) in enumerate(whole.parts):
            if exponent < 0 and key(node) == sums:
                left = (
                    *whole.parts[:index],
                    *([(node, exponent + 1)] if exponent != -1 else []),
                    *whole.parts[index + 1 :],
                )
                rest = diag(put(replace(whole, parts=left)))
                return _with_word(part, place, 2, split(product(rest, Call("softmax", (z,)))))
    return None


# --- entry by entry --------------------------------------------------------------------------------------------------


def in_entrywise(whole: Entrywise) -> Entrywise:
    """An entrywise monomial with logistic functions recognised and u𝟏ᵀ ⊙ M written diag(u) M."""
    for rule in (_on_diagonal, _spread_vectors, _entry_ratios):
        changed = rule(whole)
        if changed is not None:
            return in_entrywise(changed)
    return whole


def _on_diagonal(whole: Entrywise) -> Entrywise | None:
    """Aᵀ ⊙ I = A ⊙ I: the parts beside an identity with fewer transposes."""
    if not any(has_role(node, "identity") for node, _ in whole.parts):
        return None
    parts = tuple((min(node, transpose(node), key=cost), e) for node, e in whole.parts)
    return (
        None
        if parts == whole.parts
        else together([replace(whole, parts=()), replace(whole, coefficient=Fraction(1), scalars=(), parts=parts)])
    )


def _spread_vectors(whole: Entrywise) -> Entrywise | None:
    """(u𝟏ᵀ) ⊙ M = diag(u) M and M ⊙ (𝟏vᵀ) = M diag(v)."""
    if len(whole.parts) < 2:
        return None
    for index, (node, exponent) in enumerate(whole.parts):
        word = split(node).word
        if exponent.denominator != 1 or len(word) < 2:
            continue
        rest = put(Entrywise(whole.shape, parts=(*whole.parts[:index], *whole.parts[index + 1 :])))
        front = Entrywise(whole.shape, whole.coefficient, whole.scalars)
        if is_ones(word[-1]) and shape_of(word[-1])[0] == 1:
            u = put(to_power(apart(join(Monomial(word=word[:-1]))), exponent))
            return together([front, apart(join(in_monomial(split(product(diag(u), rest)))))])
        if is_ones(word[0]) and shape_of(word[0])[1] == 1:
            v = put(to_power(apart(join(transposed(Monomial(word=word[1:])))), exponent))
            return together([front, apart(join(in_monomial(split(product(rest, diag(v))))))])
    return None


def _entry_ratios(whole: Entrywise) -> Entrywise | None:
    for top, power in whole.parts:
        for bottom, other in whole.parts:
            if power <= 0 or other >= 0:
                continue
            name = _ratio(top, bottom)
            new: Node | None = Call(name, top.arguments) if name and isinstance(top, Call) else None
            a = _one_plus_exponential(bottom)
            if a is not None and key(top) == key(Call("exp", (a,))):
                new = Call("sigmoid", (a,))
            if new is not None:
                less = min(power, -other)
                taken = Entrywise(whole.shape, parts=((top, -less), (bottom, less), (new, less)))
                return together([whole, taken])
    return None
