"""What means one thing here and another there, written out: |·|, sign, case distinctions, even roots.

A branch that the signs in the formula decide is chosen; what is left is named by the factors whose sign it depends on.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from operator import is_not

from checks.decide.constructs import truth
from checks.decide.domains import even
from checks.decide.intervals import Interval
from derive.errors import NoRule, TooLarge
from derive.functions import FUNCTIONS
from derive.normal import normal_form
from derive.rules import definition_of
from derive.splitting import NEGATIVE, POSITIVE, ZERO, factored, form_sign
from derive.tree import (
    Absolute,
    Call,
    Cases,
    Chain,
    Indicator,
    Logical,
    Name,
    Negative,
    Node,
    Root,
    Sum,
    number,
    substitute,
    walk,
)

MAX_NODES = 4_000  # of a tree with its branches written out
BRANCHING = frozenset(["sign", "floor"])


def resolved(tree: Node) -> Node:
    """The tree with functions that have branches written out, and case distinctions decided where signs decide them.

    Written out, an argument stands in several places, so that nested functions double: raises TooLarge beyond MAX_NODES.
    """
    return _written_out(tree, {})


def _written_out(node: Node, known: dict[Node, Node]) -> Node:
    """`resolved`, with what is known of the parts: the same part is worked out once."""
    found = known.get(node)
    if found is None:
        children = tuple([_written_out(child, known) for child in node.children])
        changed = node.rebuilt(children) if any(map(is_not, children, node.children)) else node
        if changed.size > MAX_NODES:
            raise TooLarge(f"more than {MAX_NODES} nodes with the cases of every function written out")
        found = known[node] = _chosen(changed, known)
    return found


def _chosen(node: Node, known: dict[Node, Node]) -> Node:
    """What a node over resolved operands is: its definition written out, the case that holds, or itself."""
    if isinstance(node, Call) and _branches(node.function):
        meaning = definition_of(node)
        return node if meaning is None else _written_out(meaning, known)
    if isinstance(node, Indicator):
        holds = _decided(node.condition)
        return node if holds is None else number(int(holds))
    if isinstance(node, Cases):
        return _resolved_cases(node) or node
    return node


def _resolved_cases(node: Cases) -> Node | None:
    values: list[Node] = []
    conditions: list[Node] = []
    for value, condition in zip(node.values, node.conditions, strict=True):
        holds = _decided(condition)
        if holds is False:
            continue
        if holds and not values:
            return value
        values.append(value)
        conditions.append(condition)
        if holds:
            break
    return Cases(tuple(values), tuple(conditions)) if len(values) < len(node.values) and values else None


def _decided(condition: Node) -> bool | None:
    try:
        return truth(condition, _compare)
    except (_Open, TooLarge, ZeroDivisionError):
        return None


class _Open(Exception):
    """The signs known do not decide a condition."""


def _compare(left: Node, relation: str, right: Node) -> bool:
    sign = form_sign(normal_form(Sum((left, Negative(right)))))
    holding = {"<": NEGATIVE, r"\le": NEGATIVE | ZERO, ">": POSITIVE, r"\ge": POSITIVE | ZERO, "=": ZERO,
               r"\ne": NEGATIVE | POSITIVE}.get(relation)  # fmt: skip
    if holding is None:
        raise _Open
    if not sign & ~holding:
        return True
    if not sign & holding:
        return False
    raise _Open


def branches(node: Node) -> bool:
    """Whether a node means one thing here and another there: |·|, sign, a case distinction, an even root."""
    if isinstance(node, Call):
        return node.function in BRANCHING or _branches(node.function)
    return isinstance(node, Absolute | Cases | Indicator | Root)


@lru_cache(maxsize=512)
def _branches(function: str) -> bool:
    """Whether the definition of a function has |·| or sign in it."""
    row = FUNCTIONS.get(function)
    if row is None or not row.definition:
        return False
    places = tuple(Name(place) for place in "uvw"[: row.arity or 2])
    try:
        meaning = definition_of(Call(function, places))
    except (NoRule, TooLarge):
        return False
    return meaning is not None and any(
        isinstance(node, Absolute) or (isinstance(node, Call) and (node.function in BRANCHING or _branches(node.function)))
        for node in walk(meaning)
    )  # fmt: skip


# --- signs that are open ----------------------------------------------------------------------------------------------


def open_signs(tree: Node) -> Iterator[Node]:
    """The factors whose sign decides a branch of the tree and is not certain."""
    for node in walk(tree):
        for u in _deciding(node):
            yield from uncertain_factors(u)


def _deciding(node: Node) -> Iterator[Node]:
    match node:
        case Absolute(operand=operand):
            yield operand
        case Call(function="sign", arguments=(operand,), order=0):
            yield operand
        case Cases(conditions=conditions):
            for condition in conditions:
                yield from _sides(condition)
        case Indicator(condition=condition):
            yield from _sides(condition)
        case Root(radicand=radicand, index=index) if index is None or even(index):
            yield radicand


def _sides(condition: Node) -> Iterator[Node]:
    if isinstance(condition, Chain):
        for left, right in zip(condition.sides, condition.sides[1:], strict=False):
            yield Sum((left, Negative(right)))
    elif isinstance(condition, Logical):
        for part in condition.statements:
            yield from _sides(part)


def uncertain_factors(u: Node) -> Iterator[Node]:
    """The factors of u that may be positive as well as negative."""
    try:
        form = normal_form(u)
        if not _uncertain(form_sign(form)):
            return
        _, factors = factored(form)
    except (TooLarge, ZeroDivisionError):
        return
    for factor in factors:
        if _uncertain(factor.sign):
            yield factor.tree


def sign_within(u: Node, name: str, interval: Interval) -> int:
    """1 or −1 where u has that sign everywhere in an interval of one name; 0 where that is not certain."""
    try:
        sign = form_sign(normal_form(substitute(u, {name: interval.tree(name)})))
    except (TooLarge, ZeroDivisionError):
        return 0
    return 1 if sign == POSITIVE else -1 if sign == NEGATIVE else 0


def _uncertain(sign: int) -> bool:
    return bool(sign & NEGATIVE and sign & POSITIVE)
