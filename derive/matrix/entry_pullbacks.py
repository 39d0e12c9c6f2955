"""The cotangents of what is done entry by entry: ⊙, ⊘, powers, functions, softmax."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

from derive.errors import NoRule
from derive.functions import FUNCTIONS
from derive.matrix.atoms import HALF, is_scalar, ones
from derive.matrix.build import add, diag, inner, negative, product, reciprocal, scaled
from derive.matrix.hadamard import hadamard, lifted, over, to_entrywise_power
from derive.matrix.nodes import EntrywisePower, EntrywiseQuotient, Hadamard
from derive.matrix.shapes import shape_of
from derive.rules import PLACES, _parsed, law_of
from derive.tree import ZERO, Absolute, Call, Chain, Determinant, Indicator, Name, Node, Power, Root

if TYPE_CHECKING:
    from derive.matrix.pullback import Pull

Pairs = Iterable[tuple[Node, Node]]


def scalar_law(node: Node, g: Node, pull: Pull) -> Pairs:
    """Scalar functions of scalars, by the table of laws."""
    needed = [pull.needs(child) for child in node.children]
    if isinstance(node, Power) and isinstance(node.base, Determinant) and not needed[1]:
        return [(node.base, product(g, node.exponent, node, reciprocal(node.base)))]  # det divides out
    _, partials = law_of(node, needed)
    return [
        (child, product(g, partial))
        for child, partial, need in zip(node.children, partials, needed, strict=True)
        if need
    ]


def hadamard_product(node: Hadamard, g: Node, pull: Pull) -> Pairs:
    for index, factor in enumerate(node.factors):
        if pull.needs(factor):
            yield factor, hadamard(*node.factors[:index], g, *node.factors[index + 1 :])


def entrywise_quotient(node: EntrywiseQuotient, g: Node, pull: Pull) -> Pairs:
    top, bottom = node.children
    if pull.needs(top):
        yield top, over(g, bottom)
    if pull.needs(bottom):
        yield bottom, negative(hadamard(g, over(top, to_entrywise_power(bottom, Fraction(2)))))


def entrywise_power(node: EntrywisePower, g: Node, pull: Pull) -> Pairs:
    base, exponent = node.children
    if is_scalar(base):
        return scalar_law(Power(base, exponent), g, pull)
    pairs = []
    if pull.needs(base):
        pairs.append(
            (
                base,
                hadamard(
                    g, lifted(law_of(Power(Name("u"), exponent), (True, False))[1][0], {"u": base}, shape_of(base))
                ),
            )
        )
    if pull.needs(exponent):
        pairs.append((exponent, inner(hadamard(node, Call("log", (base,))), g)))
    return pairs


def root(node: Root, g: Node, pull: Pull) -> Pairs:
    if is_scalar(node) or node.index is not None:
        return scalar_law(node, g, pull)
    return [(node.radicand, hadamard(g, scaled(HALF, to_entrywise_power(node.radicand, -HALF))))]


def absolute(node: Absolute, g: Node, _: Pull) -> Pairs:
    return [(node.operand, hadamard(g, Call("sign", (node.operand,))))]


def slope(call: Call, index: int = 0) -> Node:
    """f'(X) entry by entry, by one argument. Raises NoRule."""
    special = SLOPES.get(call.function)
    arguments, shape = call.arguments, shape_of(call)
    if special and not call.order and len(arguments) == special[0]:
        return special[1](arguments[index], arguments[1 - index] if len(arguments) == 2 else ZERO)
    row = FUNCTIONS.get(call.function)
    if row is None:
        if len(arguments) != 1:
            raise NoRule(f"no rule for the derivative of {call.function}, a function of several arguments")
        return Call(call.function, arguments, call.order + 1)
    if all(map(is_scalar, arguments)):
        return law_of(call, [place == index for place in range(len(arguments))])[1][index]
    if call.order:
        from derive.rules import function_derivative_of_order

        if len(arguments) != 1:
            raise NoRule(f"no rule for the derivative of {call.function} with primes")
        tree = function_derivative_of_order(Call(call.function, (Name("u"),)), call.order + 1)
        return lifted(tree, {"u": arguments[0]}, shape)
    text = row.derivatives[index if row.arity else 0]
    if not text or (not row.arity and len(arguments) != 2):
        raise NoRule(f"no rule for the derivative of {row.name} by its argument {index + 1}")
    return lifted(_parsed(text), _places(call, index), shape)


def _places(call: Call, index: int) -> dict[str, Node]:
    if FUNCTIONS[call.function].arity:
        return {**dict(zip(PLACES, call.arguments, strict=False)), "f": call}
    return {"u": call.arguments[index], "v": call.arguments[1 - index], "f": call}


def _where(left: Node, relation: str, right: Node) -> Node:
    return Indicator(Chain((left, right), (relation,)))


# functions whose slope is an indicator: number of arguments, slope by the argument u, v being the other one
SLOPES: dict[str, tuple[int, Callable[[Node, Node], Node]]] = {
    "relu": (1, lambda u, _: _where(u, ">", ZERO)),
    "max":  (2, lambda u, v: _where(u, ">", v)),
    "min":  (2, lambda u, v: _where(u, "<", v)),
}  # fmt: skip


def softmax(node: Call, g: Node, _: Pull) -> Pairs:
    """p ⊙ G − (pᵀG) p; of a matrix by rows: P ⊙ G − diag((P ⊙ G)𝟏) P."""
    z = node.arguments[0]
    rows, columns = shape_of(z)
    weighted = hadamard(node, g)
    if 1 in (rows, columns):
        return [(z, add([weighted, negative(product(inner(node, g), node))]))]
    sums = product(weighted, ones((columns, 1)))
    return [(z, add([weighted, negative(product(diag(sums), node))]))]


def logsumexp(node: Call, g: Node, _: Pull) -> Pairs:
    z = node.arguments[0]
    return [(z, product(g, Call("softmax", (z,))))]
