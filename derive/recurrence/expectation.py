r"""E[…] over random sequences → a formula in moments E[φ(g)], where E is linear and the terms are independent, of one law.

    E[u + w]      = E[u] + E[w]              E[Σ_i u_i] = Σ_i E[u_i]
    E[c u]        = c E[u]                   c without a term of a sequence
    E[φ(g_i)]     = E[φ(g)]                  terms of one law
    E[φ(g_i) ψ(g_j)] = E[φ(g)] E[ψ(g)]       for numbers i ≠ j: independent

What mixes terms whose indices may or may not agree, and a term inside a maximum, stays as it is written.
"""

from __future__ import annotations

from fractions import Fraction

from derive.errors import TooLarge
from derive.normal import monomial_tree, normal_form, polynomial_tree
from derive.normal.form import Kernel
from derive.recurrence.sums import canonical
from derive.recurrence.terms import is_term, whole
from derive.symbols import SymbolTable
from derive.tree import ONE, Binder, Call, Name, Node, Quotient, number, times, total, transform, walk


def expected(tree: Node, table: SymbolTable) -> Node:
    """The tree with every expectation taken as far as the laws go, inner ones first. Raises TooLarge, ZeroDivisionError."""

    def take(node: Node) -> Node | None:
        if not _is_expectation(node, table):
            return None
        assert isinstance(node, Call)
        return _expectation(node.arguments[0], node.function, table)

    return transform(tree, take)


def expectations_in(tree: Node, table: SymbolTable) -> list[Call]:
    """The expectations in a tree."""
    called = (node for node in walk(tree) if isinstance(node, Call)) if Call in tree.kinds else ()
    return [node for node in called if _is_expectation(node, table)]


def _is_expectation(node: Node, table: SymbolTable) -> bool:
    return isinstance(node, Call) and node.function in table and table[node.function].role == "expectation"


def random_terms(tree: Node, table: SymbolTable) -> list[Node]:
    """The terms of sequences in a tree, any of which may be random, and the names for one draw; none inside an E."""
    found: dict[Node, None] = {}
    stack = [tree]
    while stack:
        node = stack.pop()
        if is_term(node) or (isinstance(node, Name) and _is_drawn(node.key, table)):
            found.setdefault(node)
        elif not _is_expectation(node, table):
            stack.extend(reversed(node.children))
    return list(found)


def _is_drawn(name: str, table: SymbolTable) -> bool:
    return name in table.sequences and "iid" in table.sequences[name].properties


def _expectation(body: Node, sign: str, table: SymbolTable) -> Node:
    """E of a polynomial in terms, sums of such and what is not random."""
    form = normal_form(canonical(body))
    bottom = polynomial_tree(form.denominator, form.kernels)
    if random_terms(bottom, table):
        return _moment(body, sign, table)
    parts: list[Node] = []
    for powers, c in form.numerator.terms():  # a constant has no kernels, but its ring has a generator
        random = [bool(random_terms(kernel.tree, table)) for kernel in form.kernels]
        outside = monomial_tree(tuple(0 if r else int(e) for e, r in zip(powers, random, strict=False)), form.kernels)
        inside = [(k, int(e)) for k, e, r in zip(form.kernels, powers, random, strict=False) if r and e]
        coefficient = number(Fraction(int(c.p), int(c.q)))
        parts.append(times([coefficient, outside, _of_product(inside, sign, table)]))
    return Quotient(total(parts), bottom)


def _of_product(factors: list[tuple[Kernel, int]], sign: str, table: SymbolTable) -> Node:
    """E of powers of kernels that are random."""
    if not factors:
        return ONE
    if (
        len(factors) == 1
        and factors[0][1] == 1
        and isinstance(factors[0][0].tree, Binder)
        and factors[0][0].tree.kind == "sum"
    ):
        inner = factors[0][0].tree
        return Binder("sum", inner.index, inner.bounds, _expectation(inner.body, sign, table))
    product = monomial_tree(tuple(e for _, e in factors), tuple(k for k, _ in factors))
    groups: dict[Node, list[tuple[Kernel, int]]] = {}
    for kernel, power in factors:
        met = random_terms(kernel.tree, table)
        if len(met) != 1:
            return _moment(product, sign, table)
        groups.setdefault(met[0], []).append((kernel, power))
    if len(groups) > 1 and not _independent(list(groups), table):
        return _moment(product, sign, table)
    shares = (monomial_tree(tuple(e for _, e in group), tuple(k for k, _ in group)) for group in groups.values())
    return times([_moment(share, sign, table) for share in shares])


def _independent(met: list[Node], table: SymbolTable) -> bool:
    """Whether terms are certain to be independent: of independent sequences of one law, at different numbers."""
    places = [(m.function, whole(m.arguments[0])) if isinstance(m, Call) else ("", None) for m in met]
    iid = all(f in table and "iid" in table[f].properties and place is not None for f, place in places)
    return iid and len(set(places)) == len(places) and len({f for f, _ in places}) == 1


def _moment(body: Node, sign: str, table: SymbolTable) -> Node:
    """E of what is taken no further; a single term of one law is named without its index."""
    met = random_terms(body, table)
    alone = len(met) == 1 and not many_terms(met[0], body)
    if alone and isinstance(met[0], Call) and "iid" in table[met[0].function].properties:
        drawn = Name(met[0].function[:-1])
        body = transform(body, lambda node: drawn if node == met[0] else None)
    return Call(sign, (_written(body),))


def many_terms(term: Node, body: Node) -> bool:
    """Whether `g_i` stands for several terms, its index bound inside the body: those of (Σ_i g_i)² are no single draw."""
    return any(isinstance(node, Binder) and node.index in term.names for node in walk(body))


def _written(body: Node) -> Node:
    """One way to write equal bodies."""
    try:
        form = normal_form(body)
    except (TooLarge, ZeroDivisionError):
        return body
    top, bottom = polynomial_tree(form.numerator, form.kernels), polynomial_tree(form.denominator, form.kernels)
    return top if form.denominator.is_one() else Quotient(top, bottom)
