r"""Formulas over sequences in the form a textbook writes: exponents worked out, products flat, E drawn in factor by factor.

Every form is compared with the one it was made from before it is used (sums.py); where that fails the old one stays.
"""

from __future__ import annotations

from derive.errors import TooLarge
from derive.normal import normal_form, polynomial_tree
from derive.recurrence.expectation import many_terms, random_terms
from derive.recurrence.sums import same
from derive.recurrence.terms import is_term, whole
from derive.symbols import SymbolTable
from derive.tree import (
    ONE,
    Binder,
    Call,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    number,
    substitute,
    times,
    total,
    transform,
)


def tidy(tree: Node) -> Node:
    """Exponents and subscripts worked out, nested products and sums flat, factors 1 and powers 1 and 0 gone."""
    return transform(tree, _tidied)


def _tidied(node: Node) -> Node | None:
    match node:
        case Power(base=base, exponent=exponent):
            power = simple(exponent)
            value = whole(power)
            return ONE if value == 0 else base if value == 1 else Power(base, power)
        case Call(function=function, arguments=(index,)) if is_term(node):
            return Call(function, (simple(index),))
        case Binder(bounds=bounds) if node.kind in ("sum", "product", "maximum", "minimum"):
            return Binder(node.kind, node.index, tuple(map(simple, bounds)), node.body)
        case Product(factors=factors):
            flat = [
                part for factor in factors for part in (factor.factors if isinstance(factor, Product) else (factor,))
            ]
            return times([factor for factor in flat if factor != ONE])
        case Sum(terms=terms):
            return total([part for term in terms for part in (term.terms if isinstance(term, Sum) else (term,))])
    return None


def simple(tree: Node) -> Node:
    """A linear formula with its numbers added up, the names in the order they are written."""
    if not isinstance(tree, Sum | Product | Negative):
        return tree
    try:
        form = normal_form(tree)
    except (TooLarge, ZeroDivisionError):
        return tree
    if form.constant is not None:
        return number(form.constant)
    if (
        not form.denominator.is_one()
        or max(form.numerator.degrees()) > 1
        or any(len(k.tree.names) != 1 for k in form.kernels)
    ):
        return tree
    terms = polynomial_tree(form.numerator, form.kernels)
    parts = terms.terms if isinstance(terms, Sum) else (terms,)
    order = {name: place for place, name in enumerate(tree.names)}
    return total(sorted(parts, key=lambda part: order.get(part.names[0], 0) if part.names else len(order)))


def expectation_lines(tree: Node, table: SymbolTable) -> list[tuple[Node, str]]:
    """From E[…] to moments: E drawn in, the terms of one law, geometric sums, what cancels; each line with its law."""
    lines: list[tuple[Node, str]] = []
    before = tree
    for law, change in (
        ("E is linear", lambda node: _linear(node, table)),
        ("the terms are of one law", lambda node: _of_one_law(node, table)),
        ("constant factors", _factored),
        ("a geometric sum", _geometric),
        ("cancelled", _cancelled),
    ):
        after = tidy(transform(before, change))
        if after != before and same(after, before):
            lines.append((after, law))
            before = after
        elif after != before and law in ("E is linear", "the terms are of one law"):
            lines.append((after, law))  # what these laws say of E is no identity of its values as unknowns
            before = after
    return lines


def _is_expectation(node: Node, table: SymbolTable) -> bool:
    return isinstance(node, Call) and node.function in table and table[node.function].role == "expectation"


def _linear(node: Node, table: SymbolTable) -> Node | None:
    if not isinstance(node, Call) or not _is_expectation(node, table):
        return None
    return _drawn_in(node.arguments[0], node.function, table)


def _drawn_in(body: Node, sign: str, table: SymbolTable) -> Node:
    """E of sums, of factors that are not random, of what stands under a Σ."""
    if not random_terms(body, table):
        return body
    match body:
        case Sum(terms=terms):
            return Sum(tuple(_drawn_in(term, sign, table) for term in terms))
        case Negative(operand=operand):
            return Negative(_drawn_in(operand, sign, table))
        case Quotient(numerator=top, denominator=bottom) if not random_terms(bottom, table):
            return Quotient(_drawn_in(top, sign, table), bottom)
        case Binder(kind="sum", index=index, bounds=bounds, body=inner):
            return Binder("sum", index, bounds, _drawn_in(inner, sign, table))
        case Product(factors=factors):
            still = [factor for factor in factors if not random_terms(factor, table)]
            moving = [factor for factor in factors if random_terms(factor, table)]
            inside = _drawn_in(moving[0], sign, table) if len(moving) == 1 else Call(sign, (times(moving),))
            return times([*still, inside])
    return Call(sign, (body,))


def _of_one_law(node: Node, table: SymbolTable) -> Node | None:
    """E[g_i²] → E[g²] where that is all that is random in it."""
    if not isinstance(node, Call) or not _is_expectation(node, table):
        return None
    met = random_terms(node.arguments[0], table)
    if len(met) != 1 or not isinstance(met[0], Call) or met[0].function not in table:
        return None
    if "iid" not in table[met[0].function].properties or many_terms(met[0], node.arguments[0]):
        return None
    drawn = Name(met[0].function[:-1])
    return transform(node, lambda part: drawn if part == met[0] else None)


def restates_law(left: Node, right: Node, table: SymbolTable) -> bool:
    """Whether E[φ(g_i)] = E[φ(g_j)] or E[φ(g)] says no more than that the terms are of one law."""
    if left == right or not (_is_expectation(left, table) and _is_expectation(right, table)):
        return False
    return (_of_one_law(left, table) or left) == (_of_one_law(right, table) or right)


def _factored(node: Node) -> Node | None:
    """Factors without the index in front of a Σ."""
    if not isinstance(node, Binder) or node.kind != "sum" or not isinstance(node.body, Product):
        return None
    still = [factor for factor in node.body.factors if node.index not in factor.names]
    moving = [factor for factor in node.body.factors if node.index in factor.names]
    return times([*still, Binder("sum", node.index, node.bounds, times(moving))]) if still and moving else None


def _geometric(node: Node) -> Node | None:
    """Σ_{i=1}^{t} r^{t−i} and Σ_{i=0}^{t−1} r^i are (1 − r^t)/(1 − r)."""
    if not isinstance(node, Binder) or node.kind != "sum" or not isinstance(node.body, Power):
        return None
    ratio, (low, high) = node.body.base, node.bounds
    if node.index in ratio.names:
        return None
    ends = [simple(substitute(node.body.exponent, {node.index: end})) for end in (low, high)]
    falling = whole(ends[1])
    start, stop = (ends[1], ends[0]) if falling is not None else (ends[0], ends[1])
    after = simple(Sum((stop, ONE)))
    first: Node = ONE if whole(start) == 0 else Power(ratio, start)
    return Quotient(Sum((first, Negative(Power(ratio, after)))), Sum((ONE, Negative(ratio))))


def _cancelled(node: Node) -> Node | None:
    """A factor that a quotient beside it, or the one it stands in, divides by."""
    match node:
        case Quotient(numerator=Product(factors=top), denominator=bottom) if bottom in top:
            place = top.index(bottom)
            return times([*top[:place], *top[place + 1 :]])
    if not isinstance(node, Product):
        return None
    factors = list(node.factors)
    for place, factor in enumerate(factors):
        if isinstance(factor, Quotient) and factor.denominator in factors:
            factors[place] = factor.numerator
            factors.remove(factor.denominator)
            return times(_constants_first(factors))
    return None


def _constants_first(factors: list[Node]) -> list[Node]:
    return sorted(factors, key=lambda factor: not isinstance(factor, Number))
