"""The proof of u < v, u ≤ v and their kin by bounds: the difference is positive on all of the domain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product

from checks.decide.balls import PRECISIONS, precision
from checks.decide.bounds import wide
from checks.decide.bounds.between import Effort
from checks.decide.bounds.boxes import Search, positive_on
from checks.decide.bounds.curve import positive
from checks.decide.bounds.products import differences_of_products, of_bounded_parts
from checks.decide.bounds.reduction import COMBINED, abstracted, reduced
from checks.decide.bounds.tape import taped
from checks.decide.bounds.touching import FAILURES
from checks.decide.domains import Domain
from checks.decide.intervals import Interval
from derive.normal import vanishes
from derive.symbols import SymbolTable
from derive.tree import Absolute, Negative, Node, Number, Product, Sum, times, total
from derive.write import latex

MAX_BOXES_OF_PRODUCTS = 6_000  # of formulas in which nothing grows small: they are settled sooner or later
UNBOUNDED = 100  # boxes that one without an end costs as much as
MAX_SIGNS = 8  # ways to choose signs of absolute values that are subtracted
ASKED: dict[str, tuple[tuple[int, bool], ...]] = {  # relation → what must be positive: ±difference, strictly
    "<": ((-1, True),), r"\le": ((-1, False),), ">": ((1, True),), r"\ge": ((1, False),),
    r"\ne": ((1, True), (-1, True)),
}  # fmt: skip


@dataclass
class Proof:
    """How a difference was shown to have its sign, and a point that contradicts it where one was met."""

    boxes: int = 0
    tails: int = 0
    touching: list[Node] = field(default_factory=list)
    combined: int = 0
    divided: bool = False  # by what is positive and grows small
    worst: Mapping[str, Fraction] | None = None

    @property
    def evidence(self) -> str:
        """What was done, in a sentence."""
        divided = ", divided by factors that are positive," if self.divided else ""
        parts = [f"the difference of the two sides{divided} keeps its sign"]
        how = [f"by balls on {self.boxes} boxes"] if self.boxes else []
        if self.tails:
            how.append("by its leading terms beyond them")
        if self.touching:
            at = ", ".join(dict.fromkeys(f"${latex(tree)}$" for tree in self.touching))
            how.append(f"by its derivatives around the points where it vanishes ({at})")
        if self.combined:
            how.append("as a function of one combination of the names")
        return ": ".join([*parts, ", ".join(how)]) if how else parts[0]


def proof_by_bounds(
    difference: Node, relation: str, domain: Mapping[str, Interval], symbols: SymbolTable
) -> tuple[bool, Proof]:
    """Whether `difference relation 0` is certain wherever the difference has a value in the domain, and how."""
    proof = Proof()
    for sign, strict in ASKED.get(relation, ()):
        signed = difference if sign > 0 else Negative(difference)
        proof = Proof()
        try:
            if all(_positive(part, domain, symbols, strict=strict, proof=proof) for part in signs_chosen(signed)):
                return True, proof
        except FAILURES:
            continue
    return False, proof


def proof_by_products(less: Node, more: Node, domain: Mapping[str, Interval], *, strict: bool) -> Proof | None:
    """Whether less < more (≤ unless strict) is certain for two products wherever both have a value, and how."""
    formulas = differences_of_products(less, more, strict=strict)
    if not formulas:
        return None
    (first, known), *others = (of_bounded_parts(formula, domain) for formula in formulas)
    search = Search(MAX_BOXES_OF_PRODUCTS, unbounded=UNBOUNDED)
    instead = others[0][0] if others else None
    if not positive_on(first, known, strict=strict, search=search, instead=instead):
        return None
    return Proof(boxes=search.boxes, divided=True)


def _positive(tree: Node, domain: Mapping[str, Interval], symbols: SymbolTable, *, strict: bool, proof: Proof) -> bool:
    names = tree.names
    if not names:
        return _constant(tree, strict=strict)
    if _of_part(tree, repeated=True, strict=strict, proof=proof):
        return True
    if len(names) == 1 and _on_line(tree, names[0], domain, symbols, strict=strict, proof=proof):
        return True
    if _of_part(tree, repeated=False, strict=strict, proof=proof):
        return True
    if len(names) == 1:
        return False
    found = reduced(tree, domain)
    if found is not None:
        formula, interval = found
        effort = Effort()
        if not formula.names:
            return _constant(formula, strict=strict)
        if positive(formula, COMBINED.key, interval, strict=strict, effort=effort, total=True):
            _noted(proof, effort)
            proof.combined += 1
            return True
    search = Search()
    holds = positive_on(tree, domain, strict=strict, search=search)
    proof.boxes += search.boxes
    if search.worst is not None:
        proof.worst = search.worst
    return holds


def _of_part(tree: Node, *, repeated: bool, strict: bool, proof: Proof) -> bool:
    """As a formula of one of its parts, for all numbers that part may be."""
    for formula, interval in abstracted(tree, repeated=repeated):
        implied = Domain.of(formula, SymbolTable(), implied=True).intervals.get(COMBINED.key, Interval())
        effort = Effort()
        if positive(formula, COMBINED.key, interval.meet(implied), strict=strict, effort=effort):
            _noted(proof, effort)
            proof.combined += 1
            return True
    return False


def _on_line(
    tree: Node, name: str, domain: Mapping[str, Interval], symbols: SymbolTable, *, strict: bool, proof: Proof
) -> bool:
    symbol = symbols.get(name)
    holes = frozenset([Fraction(0)]) if symbol is not None and "nonzero" in symbol.properties else frozenset()
    effort = Effort()
    holds = positive(tree, name, domain.get(name, Interval()), strict=strict, effort=effort, holes=holes)
    _noted(proof, effort)
    if effort.worst is not None:
        proof.worst = {name: effort.worst}
    return holds


def _noted(proof: Proof, effort: Effort) -> None:
    proof.boxes += effort.boxes
    proof.tails += effort.tails
    proof.touching += effort.touching


def _constant(tree: Node, *, strict: bool) -> bool:
    for bits in PRECISIONS:
        with precision(bits):
            value = taped(tree).run(wide.BALLS, {})
            if value > 0:
                return True
            if value < 0:
                return False
    return not strict and vanishes(tree).holds


def signs_chosen(tree: Node) -> Iterator[Node]:
    """f − c|u| is positive where both f − cu and f + cu are: the formulas that must all be."""
    terms = list(_terms(tree, 1))
    subtracted = [k for k, (sign, term) in enumerate(terms) if sign < 0 and _absolute(term) is not None]
    if not subtracted or 2 ** len(subtracted) > MAX_SIGNS:
        yield tree
        return
    for choice in product((1, -1), repeat=len(subtracted)):
        chosen = dict(zip(subtracted, choice, strict=True))
        parts = []
        for k, (sign, term) in enumerate(terms):
            inside = _absolute(term) if k in chosen else None
            part = term if inside is None else inside
            parts.append(part if sign * chosen.get(k, 1) > 0 else Negative(part))
        yield total(parts)


def _terms(tree: Node, sign: int) -> Iterator[tuple[int, Node]]:
    if isinstance(tree, Sum):
        for term in tree.terms:
            yield from _terms(term, sign)
    elif isinstance(tree, Negative):
        yield from _terms(tree.operand, -sign)
    else:
        yield sign, tree


def _absolute(term: Node) -> Node | None:
    """c·u of c·|u| with a positive number c."""
    if isinstance(term, Absolute):
        return term.operand
    if isinstance(term, Product):
        sizes = [factor for factor in term.factors if isinstance(factor, Absolute)]
        numbers = [factor for factor in term.factors if isinstance(factor, Number) and factor.value > 0]
        if len(sizes) == 1 and len(numbers) == len(term.factors) - 1:
            return times([*numbers, sizes[0].operand])
    return None
