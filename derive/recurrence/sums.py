r"""Sums over an index → a canonical form: linear, running with the terms they hold, one upper bound, geometric ones done.

    Σ (a u_i + b w_i)         = a Σ u_i + b Σ w_i            factors without the index outside
    Σ_{j=0}^{t-1} β^j g_{t-j} = Σ_{i=1}^{t} β^{t-i} g_i      the index runs with the first term of a sequence
    Σ_{i=1}^{t-1} u_i         = Σ_{i=1}^{t} u_i − u_t        bounds without a whole part; wherever both sums have a meaning
    Σ_{i=a}^{b} r^i           = (r^a − r^{b+1})/(1 − r)      where r is no 1: the denominator says so
    Π_{i=1}^{t-1} u_i         = Π_{i=1}^{t} u_i / u_t

Normal forms do the rest: what is left of a sum is a kernel, whatever its index is called.
"""

from __future__ import annotations

from fractions import Fraction

from derive.errors import TooLarge
from derive.normal import Form, Kernel, monomial_tree, normal_form, polynomial_tree
from derive.recurrence.terms import terms, whole
from derive.tree import (
    ONE,
    Binder,
    Call,
    Constant,
    Name,
    Negative,
    Node,
    Power,
    Product,
    Quotient,
    Sum,
    number,
    substitute,
    times,
    total,
    walk,
)

MAX_TERMS = 200  # of the body of a sum
MAX_WHOLE = 12  # terms split off at an end of a sum
INDEX = "\0i"


def canonical(tree: Node) -> Node:
    """A tree with every sum and product in its canonical form, inner ones first. Raises TooLarge, ZeroDivisionError."""
    if Binder not in tree.kinds:
        return tree
    tree = tree.rebuilt(tuple(canonical(child) for child in tree.children))
    if not isinstance(tree, Binder) or any(_endless(bound) for bound in tree.bounds):
        return tree
    return {"sum": _sum, "product": _product}.get(tree.kind, _as_it_is)(tree)


def _as_it_is(tree: Node) -> Node:
    return tree


def _endless(bound: Node) -> bool:
    return Constant in bound.kinds and any(node == Constant("infinity") for node in walk(bound))


def _sum(tree: Binder) -> Node:
    low, high = tree.bounds
    parts = [_running(factor, tree.index, low, high) for factor in _split(tree.body, tree.index)]
    return total([times([outside, inside]) for outside, inside in parts])


def _split(body: Node, index: str) -> list[tuple[Node, Node]]:
    """The body as terms (factor without the index, monomial that runs with it)."""
    form = normal_form(body)
    if len(form.numerator) > MAX_TERMS:
        raise TooLarge(f"a sum whose terms have more than {MAX_TERMS} terms each")
    runs = [index in kernel.tree.names for kernel in form.kernels]
    below_outside, below_inside = _denominator(form, runs)
    grouped: dict[tuple[int, ...], list[Node]] = {}
    for powers, c in form.numerator.terms():  # a constant has no kernels, but its ring has a generator
        inside = tuple(int(e) if r else 0 for e, r in zip(powers, runs, strict=False))
        outside = tuple(0 if r else int(e) for e, r in zip(powers, runs, strict=False))
        coefficient = number(Fraction(int(c.p), int(c.q)))
        grouped.setdefault(inside, []).append(times([coefficient, monomial_tree(outside, form.kernels)]))
    return [
        (Quotient(total(coefficients), below_outside), Quotient(_monomial(inside, form.kernels), below_inside))
        for inside, coefficients in grouped.items()
    ]


def _monomial(powers: tuple[int, ...], kernels: tuple[Kernel, ...]) -> Node:
    """A product of kernels, the powers of exponentials in their exponents: r^{2i} is one thing, however it came about."""
    factors: list[Node] = []
    for kernel, power in zip(kernels, powers, strict=True):
        match kernel.tree:
            case Call(function="exp", arguments=(exponent,)) if power:
                factors.append(Call("exp", (times([number(power), exponent]),)))
            case tree if power:
                factors.append(tree if power == 1 else Power(tree, number(power)))
    return times(factors)


def _denominator(form: Form, runs: list[bool]) -> tuple[Node, Node]:
    """The denominator as a factor without the index and one that runs with it."""
    if form.denominator.is_one():
        return ONE, ONE
    powers_met = [[int(e) for e in powers] for powers, _ in form.denominator.terms()]
    common = [min(column) for column in zip(*powers_met, strict=True)]
    shared_in = tuple(e if r else 0 for e, r in zip(common, runs, strict=True))
    rest = [tuple(e - c for e, c in zip(powers, common, strict=True)) for powers in powers_met]
    shared_out = tuple(0 if r else e for e, r in zip(common, runs, strict=True))
    remainder = total([
        times([number(Fraction(int(c.p), int(c.q))), monomial_tree(powers, form.kernels)])
        for powers, (_, c) in zip(rest, form.denominator.terms(), strict=True)
    ])  # fmt: skip
    moving = any(r and e for powers in rest for e, r in zip(powers, runs, strict=True))
    outside, inside = [monomial_tree(shared_out, form.kernels)], [_monomial(shared_in, form.kernels)]
    (inside if moving else outside).append(remainder)
    return times(outside), times(inside)


def _running(parts: tuple[Node, Node], index: str, low: Node, high: Node) -> tuple[Node, Node]:
    """One term of a sum, with the index chosen; new factors without the index go outside."""
    outside, body = parts
    if index not in body.names:
        return outside, Product((body, Sum((high, Negative(low), ONE))))
    ratio = _ratio(body, index)
    if ratio is not None:
        return outside, _geometric(body, index, ratio, low, high)
    body, low, high = over_terms(body, index, low, high)
    again = _split(body, INDEX)
    return outside, total([times([factor, _bounded(inside, low, high)]) for factor, inside in again])


def _ratio(body: Node, index: str) -> Node | None:
    """The r of c r^i; None for what is no power of the index."""
    if next(terms(body), None) is not None or Binder in body.kinds:
        return None
    ratio = _reduced(Quotient(substitute(body, {index: Sum((Name(index), ONE))}), body))
    return None if ratio is None or index in ratio.names else ratio


def _reduced(tree: Node) -> Node | None:
    try:
        form = normal_form(tree)
    except (TooLarge, ZeroDivisionError):
        return None
    return Quotient(polynomial_tree(form.numerator, form.kernels), polynomial_tree(form.denominator, form.kernels))


def _geometric(body: Node, index: str, ratio: Node, low: Node, high: Node) -> Node:
    first, after = (substitute(body, {index: place}) for place in (low, Sum((high, ONE))))
    return Quotient(Sum((first, Negative(after))), Sum((ONE, Negative(ratio))))


def over_terms(body: Node, index: str, low: Node, high: Node) -> tuple[Node, Node, Node]:
    """The body over the canonical index: that of the first term of a sequence in it, reversed if need be."""
    for call in sorted(terms(body), key=lambda call: call.function):
        place = call.arguments[0]
        if index not in place.names:
            continue
        for sign in (1, -1):  # place = sign·index + rest
            rest = normal_form(Sum((place, times([number(-sign), Name(index)]))))
            if any(index in kernel.tree.names for kernel in _used(rest)):
                continue
            away = polynomial_tree(rest.numerator, rest.kernels)
            away = (
                away if rest.denominator.is_one() else Quotient(away, polynomial_tree(rest.denominator, rest.kernels))
            )
            old = times([number(sign), Sum((Name(INDEX), Negative(away)))])
            ends = [Sum((times([number(sign), end]), away)) for end in (low, high)]
            new_low, new_high = ends if sign == 1 else ends[::-1]
            return substitute(body, {index: old}), new_low, new_high
    return substitute(body, {index: Name(INDEX)}), low, high


def _used(form: Form) -> list[Kernel]:
    places = {i for part in (form.numerator, form.denominator) for i, degree in enumerate(part.degrees()) if degree > 0}
    return [form.kernels[i] for i in places]


def _bounded(body: Node, low: Node, high: Node) -> Node:
    """A sum from 1 on, or from where it begins, to a bound without a whole part."""
    if INDEX not in body.names:
        return Product((body, Sum((high, Negative(low), ONE))))
    extra: list[Node] = []
    first, last = whole(low), whole(high)
    if first is not None and last is not None:
        return total([substitute(body, {INDEX: number(k)}) for k in _run(first, last + 1)])
    if first is not None and first != 1:
        extra += [Negative(substitute(body, {INDEX: number(k)})) for k in _run(1, first)]
        extra += [substitute(body, {INDEX: number(k)}) for k in _run(first, 1)]
        low = ONE
    shift, rest = _whole_part(high)
    extra += [substitute(body, {INDEX: Sum((rest, number(k)))}) for k in _run(1, shift + 1)]
    extra += [Negative(substitute(body, {INDEX: Sum((rest, number(k)))})) for k in _run(shift + 1, 1)]
    return total([Binder("sum", INDEX, (low, rest), body), *extra])


def _run(start: int, stop: int) -> range:
    if stop - start > MAX_WHOLE:
        raise TooLarge(f"more than {MAX_WHOLE} terms at an end of a sum")
    return range(start, stop)


def _whole_part(tree: Node) -> tuple[int, Node]:
    """A bound as whole number and rest; the rest has no constant term."""
    form = normal_form(tree)
    if not form.denominator.is_one():
        raise TooLarge("a bound with a denominator")
    for powers, c in form.numerator.terms():
        if not any(powers):
            if int(c.q) != 1:
                raise TooLarge("a bound that is no whole number")
            rest = normal_form(Sum((tree, number(-int(c.p)))))
            return int(c.p), polynomial_tree(rest.numerator, rest.kernels)
    return 0, polynomial_tree(form.numerator, form.kernels)


def _product(tree: Binder) -> Node:
    """Π from 1 on to a bound without a whole part; powers of a factor without the index."""
    low, high = tree.bounds
    if tree.index not in tree.body.names:
        return Power(tree.body, Sum((high, Negative(low), ONE)))
    first, last = whole(low), whole(high)
    body = substitute(tree.body, {tree.index: Name(INDEX)})

    def factor(place: Node) -> Node:
        return substitute(body, {INDEX: place})

    if first is not None and last is not None:
        return times([factor(number(k)) for k in _run(first, last + 1)])
    above, below = [], []
    if first is not None:
        below += [factor(number(k)) for k in _run(1, first)]
        above += [factor(number(k)) for k in _run(first, 1)]
        low = ONE
    shift, rest = _whole_part(high)
    above += [factor(Sum((rest, number(k)))) for k in _run(1, shift + 1)]
    below += [factor(Sum((rest, number(k)))) for k in _run(shift + 1, 1)]
    return Quotient(times([Binder("product", INDEX, (low, rest), body), *above]), times(below))


def vanishes(tree: Node) -> bool:
    """Whether a tree with sums over terms of sequences is zero, by canonical sums and normal form."""
    try:
        return bool(normal_form(canonical(tree)).numerator.is_zero())
    except (TooLarge, ZeroDivisionError):
        return False


def same(left: Node, right: Node) -> bool:
    """Whether two trees have one canonical form."""
    return vanishes(Sum((left, Negative(right))))
