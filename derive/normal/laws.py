"""Powers, roots, logarithms and absolute values: what they are taken apart into, and what identifies a kernel."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from derive import splitting
from derive.errors import TooLarge
from derive.normal.form import (
    MAX_EXPONENT,
    MAX_TERMS,
    Form,
    Key,
    Mode,
    constant_of,
    content_of,
    fraction_tree,
    monomial_tree,
    normal_form,
    polynomial_tree,
    to_flint,
)
from derive.splitting import ANY, NEGATIVE, POSITIVE, Split
from derive.tree import (
    ONE,
    ZERO,
    Call,
    Cases,
    Chain,
    Constant,
    Indicator,
    Logical,
    Name,
    Negative,
    Node,
    Number,
    Otherwise,
    Power,
    Product,
    Quotient,
    Sum,
    number,
)


def binomial_size(terms: int, exponent: int) -> int:
    """How many terms (t1 + … + tn)^k can have, capped."""
    size = 1
    for i in range(1, terms):
        size = size * (exponent + i) // i
        if size > MAX_TERMS:
            return size
    return size


def rational_value(exponent: Node, mode: Mode) -> Fraction | None:
    """The exponent's value if it is a rational number."""
    if isinstance(exponent, Number):
        return exponent.value
    if isinstance(exponent, Name | Constant):
        return None
    return normal_form(exponent, mode="real" if mode == "opaque" else mode).constant


def named_index(index: Node, mode: Mode) -> bool:
    """Whether a root has a name as its index: it is a power then."""
    return bool(index.names) and mode != "opaque" and rational_value(index, mode) is None


def root_index(index: Node | None, mode: Mode) -> int:
    """The index of a root as a number. Raises TooLarge."""
    value = Fraction(2) if index is None else rational_value(index, mode)
    if value is None or value.denominator != 1 or not 2 <= value <= MAX_EXPONENT:
        raise TooLarge("the index of a root is no small whole number")
    return int(value)


@lru_cache(maxsize=4096)
def exponent_terms(exponent: Node, mode: Mode) -> tuple[tuple[Key, Node, Fraction], ...]:
    """exp(Σ c·m) by its monomials m: identity, tree and coefficient c."""
    if isinstance(exponent, Name):
        return ((((("name", exponent.key), 1),), exponent, Fraction(1)),)
    form = normal_form(exponent, mode="real" if mode == "opaque" else mode)
    if not form.denominator.is_constant():
        scaled = Fraction(1)
        if not form.numerator.is_zero():
            scaled = abs(content_of(form.numerator))
            if form.numerator.leading_coefficient() < 0:
                scaled = -scaled
        return () if form.numerator.is_zero() else (
            (("fraction", Form(form.numerator / to_flint(scaled), form.denominator, form.kernels).key),
             fraction_tree(Form(form.numerator / to_flint(scaled), form.denominator, form.kernels)), scaled),
        )  # fmt: skip
    scale = constant_of(form.denominator)
    return tuple(
        (tuple((form.kernels[i].key, e) for i, e in enumerate(powers) if e), monomial_tree(powers, form.kernels),
         Fraction(int(c.p), int(c.q)) / scale)
        for powers, c in form.numerator.terms()
    )  # fmt: skip


def log_argument(tree: Node) -> Node | None:
    """u, if a monomial is log(u): exp(c·log u) is u^c."""
    is_log = isinstance(tree, Call) and tree.function in {"log", "log of a base"} and tree.order == 0
    return tree.children[0] if is_log else None


def of_a_base(tree: Node) -> bool:
    """Whether exp of it is a power of something that may be negative."""
    seen: set[int] = set()  # kernels share subtrees: every one is looked at once
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, Call) and node.function == "log of a base":
            return True
        if id(node) not in seen:
            seen.add(id(node))
            stack.extend(node.children)
    return False


def exponent_of(tree: Power, mode: Mode) -> Node:
    """The w of u^v = exp(w), v no rational number."""
    if isinstance(tree.base, Constant) and tree.base.name == "e":
        return tree.exponent
    name = "log" if mode == "complex" or _certainly_positive(tree.base) else "log of a base"
    return Product((tree.exponent, Call(name, (tree.base,))))


def _certainly_positive(tree: Node) -> bool:
    return splitting.form_sign(normal_form(tree)) == POSITIVE


@lru_cache(maxsize=1024)
def held_power(base: Node, exponent: int, mode: Mode) -> tuple[Fraction, Node, Node] | None:
    """A power too large to expand, as content and the two sides of the fraction, which are left as they are."""
    if abs(exponent) <= 2 or mode == "opaque":
        return None
    form = normal_form(base, mode=mode)
    sizes = [len(part) for part in (form.numerator, form.denominator)]
    if max(sizes) <= 1 or (abs(exponent) <= MAX_EXPONENT and all(binomial_size(n, abs(exponent)) <= MAX_TERMS for n in sizes)):  # fmt: skip
        return None
    content = content_of(form.numerator) * (-1 if form.numerator.leading_coefficient() < 0 else 1)
    below = content_of(form.denominator)
    top, bottom = form.numerator / to_flint(content), form.denominator / to_flint(below)
    return content / below, polynomial_tree(top, form.kernels), polynomial_tree(bottom, form.kernels)


@lru_cache(maxsize=4096)
def root_split(radicand: Node, index: int, mode: Mode) -> Split:
    """The n-th root of a radicand over its factors; of a complex one only what holds for principal values."""
    if isinstance(radicand, Name):
        return Split(ONE, ((radicand, index, 1),))
    form = normal_form(radicand, mode=mode)
    if mode == "real":
        try:
            return splitting.root(form, index)
        except TooLarge:
            return Split(ONE, ((radicand, index, 1),))
    constant = form.constant
    if constant is None or constant == 0:
        return Split(ONE, ((radicand, index, 1),))
    split = splitting.root(normal_form(number(abs(constant))), index)
    if constant > 0:
        return split
    half_turn = Quotient(Constant("pi"), number(index))
    turned = Sum((Call("cos", (half_turn,)), Product((Constant("i"), Call("sin", (half_turn,))))))
    return Split(Product((split.outside, turned)), split.atoms)


@lru_cache(maxsize=4096)
def absolute_split(operand: Node) -> Split:
    """|u| over the factors of u."""
    if isinstance(operand, Name):
        return Split(ONE, ((operand, 1, 1),))
    try:
        return splitting.absolute(normal_form(operand))
    except TooLarge:
        return Split(ONE, ((operand, 1, 1),))


@lru_cache(maxsize=4096)
def log_split(argument: Node, mode: Mode) -> Split:
    """log u over the factors of u."""
    if isinstance(argument, Name):
        return Split(ZERO, ((argument, 1, 1),))
    form = normal_form(argument, mode=mode)
    constant = form.constant
    if mode == "real" or (constant is not None and constant > 0):
        try:
            return splitting.logarithm(form)
        except TooLarge:
            pass
    return Split(ZERO, ((argument, 1, 1),))


def log_sign(argument: Node) -> int:
    """log u has the sign of u − 1."""
    return ANY if isinstance(argument, Name) else splitting.form_sign(normal_form(Sum((argument, Negative(ONE)))))


def root_sign(radicand: Node, index: int, mode: Mode) -> int:
    """What the n-th root of a radicand may be."""
    if mode != "real":
        return ANY
    sign = splitting.form_sign(normal_form(radicand))
    return sign if index % 2 else sign & ~NEGATIVE or ANY


def call_key(tree: Call, mode: Mode) -> Key:
    """The identity of a call that is a kernel."""
    mode = "real" if mode == "opaque" else mode
    return ("call", tree.function, tree.order, *(normal_form(argument, mode=mode).key for argument in tree.arguments))


def power_key(tree: Power) -> Key:
    """The identity of a power that is left as it is written."""
    return ("power", normal_form(tree.base).key, normal_form(tree.exponent).key)


def statement_key(tree: Node, mode: Mode) -> Key:
    """The identity of a node that is not arithmetic: formulas in it by their normal forms."""
    if isinstance(tree, Cases | Indicator | Chain | Logical | Otherwise):
        own = tuple(part for part in tree.content() if isinstance(part, str | bool))
        relations = tree.relations if isinstance(tree, Chain) else ()
        return (type(tree).__name__, own, relations, *(statement_key(child, mode) for child in tree.children))
    return normal_form(tree, mode="real" if mode == "opaque" else mode).key
