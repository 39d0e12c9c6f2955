"""The order in which a chain of matrices is multiplied: from the vectors, so that no matrix is formed without need."""

from __future__ import annotations

from derive.matrix.nodes import Dimension
from derive.matrix.shapes import segments, shape_of
from derive.tree import Node, Product, Transpose

LETTER = 64  # what an unknown size counts beside 1


def flat_chain(factors: tuple[Node, ...]) -> tuple[Node, ...]:
    """The factors of a chain with products inside taken apart where these have no scalars of their own."""
    flat: list[Node] = []
    for factor in factors:
        match factor:
            case Product(factors=inner) if _is_chain(inner):
                flat += flat_chain(inner)
            case Transpose(operand=Product(factors=inner)) if _is_chain(inner):
                flat += flat_chain(tuple(map(turned, reversed(inner))))
            case Transpose(operand=Transpose(operand=inside)):
                flat += flat_chain((inside,))
            case _:
                flat.append(factor)
    return tuple(flat)


def turned(factor: Node) -> Node:
    return factor.operand if isinstance(factor, Transpose) else Transpose(factor)


def _is_chain(factors: tuple[Node, ...]) -> bool:
    return len(segments(factors)) == 1 and shape_of(factors[0])[0] != 1 != shape_of(factors[-1])[1]


def best_cut(factors: tuple[Node, ...]) -> int:
    """Where a chain is cut into the two parts that are multiplied last. (Matrix-chain ordering.)"""
    sizes = [_weight(shape_of(factor)[0]) for factor in factors] + [_weight(shape_of(factors[-1])[1])]
    return _ordered(tuple(sizes))[0, len(factors)][1]


def _weight(size: Dimension) -> int:
    return size if isinstance(size, int) else LETTER


def _ordered(sizes: tuple[int, ...]) -> dict[tuple[int, int], tuple[int, int]]:
    """For each run of factors its cost and its last cut; of equal cuts the last, as people read from the left."""
    count = len(sizes) - 1
    best: dict[tuple[int, int], tuple[int, int]] = {(i, i + 1): (0, i) for i in range(count)}
    for length in range(2, count + 1):
        for i in range(count - length + 1):
            j = i + length
            options = [(best[i, k][0] + best[k, j][0] + sizes[i] * sizes[k] * sizes[j], -k) for k in range(i + 1, j)]
            cost, cut = min(options)
            best[i, j] = (cost, -cut)
    return best
