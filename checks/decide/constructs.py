"""Values of what is no arithmetic: case distinctions, indicators, sums, products and integrals, for balls and numbers.

A condition must be certain at the point; where two balls overlap, the difference is worked out exactly if it is a
rational number there, and has no value otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from checks.decide.elementary import Undefined
from derive.errors import TooLarge
from derive.tree import Binder, Chain, Constant, Logical, Negative, Node, Otherwise, Sum, number, substitute

MAX_TERMS = 1_000  # of a sum or product with numbers as bounds


def truth(statement: Node, compare: Callable[[Node, str, Node], bool]) -> bool:
    """Whether a statement holds at a point; `compare` answers for one relation or raises."""
    match statement:
        case Chain(sides=sides, relations=relations):
            return all(compare(a, r, b) for a, r, b in zip(sides, relations, sides[1:], strict=False))
        case Logical(connective="and", statements=statements):
            return all(truth(part, compare) for part in statements)
        case Logical(statements=statements):
            return any(truth(part, compare) for part in statements)
        case Otherwise():
            return True
    raise TooLarge("a condition that is no comparison")


def compare_balls(left: Any, relation: str, right: Any, exact: Callable[[], Fraction | None]) -> bool:
    """Whether a relation is certain to hold, or certain not to, between two balls. Raises Undefined."""
    if not left.overlaps(right):
        sign = 1 if left > right else -1
    elif left.is_exact() and right.is_exact() and left == right:
        sign = 0
    else:
        difference = exact()
        if difference is None:
            raise Undefined("whether a condition holds is not certain")
        sign = (difference > 0) - (difference < 0)
    return holds_for(sign, relation)


def holds_for(sign: int, relation: str) -> bool:
    """Whether a relation holds between two numbers whose difference has this sign."""
    table = {"<": sign < 0, r"\le": sign <= 0, ">": sign > 0, r"\ge": sign >= 0, "=": sign == 0, r"\ne": sign != 0}
    if relation not in table:
        raise TooLarge(f"the condition {relation} has no exact meaning")
    return table[relation]


def exact_difference(left: Node, right: Node, exact: dict[str, Node]) -> Fraction | None:
    """left − right as a rational number, names put in, if that is what it is."""
    from derive.normal import normal_form

    try:
        return normal_form(substitute(Sum((left, Negative(right))), exact)).constant
    except (TooLarge, ZeroDivisionError):
        return None


def terms_of(tree: Binder, bound: Callable[[Node], Fraction | None]) -> Iterator[Node]:
    """The terms of a sum or the factors of a product with the index put in. Raises Undefined, TooLarge."""
    if any(isinstance(b, Constant) and b.name == "infinity" for b in tree.bounds):
        raise TooLarge("a sum of infinitely many terms cannot be computed to certain digits here")
    low, high = (bound(b) for b in tree.bounds)
    if low is None or high is None or low.denominator != 1 or high.denominator != 1:
        raise Undefined("a bound that is no whole number")
    if high < low - 1:
        raise Undefined("an upper bound below the lower one")
    if high - low >= MAX_TERMS:
        raise TooLarge(f"a sum of more than {MAX_TERMS} terms")
    for k in range(int(low), int(high) + 1):
        yield substitute(tree.body, {tree.index: number(k)})
