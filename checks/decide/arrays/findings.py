"""What is wrong with a wrong formula of arrays: the code of the mistake that leads to it from the truth, and a sentence.

    the whole            another shape, the other layout, the sign, a constant, a scalar factor
    one slip             of what was written that mends it, or of the truth that makes it (slips.py)
    symmetric draws      right only if the square matrices are symmetric

Slips are sifted at a few draws with balls; the first that fits is then confirmed by `separate`.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any

from flint import arb

from checks.decide.arrays.arithmetic import Irrational
from checks.decide.arrays.counterexamples import FAILURES
from checks.decide.arrays.draws import MIXED, ArrayClaim, Draw
from checks.decide.arrays.fields import Balls
from checks.decide.arrays.separation import separate
from checks.decide.arrays.slips import FROM_TRUTH, Slip, slips
from checks.decide.balls import precision
from checks.decide.claim import Setting
from checks.edits import sentence
from derive.errors import NoRule, TooLarge, Unreadable
from derive.matrix.nodes import ArrayName, Hadamard
from derive.matrix.shapes import shape_of
from derive.rules import with_named_functions
from derive.tree import (
    Name,
    Negative,
    Node,
    Number,
    Product,
    Quotient,
    Sum,
    Transpose,
    number,
    transform,
    walk,
)

BITS = 96
SIFTING = 3  # draws at which a slip must fit
MAX_SLIPS = 4_000
MAX_RATIO = 10**6
CONSTANTS = 64  # the largest numerator and denominator of a constant factor that is named
NOT_EQUAL = ("not-equal", "no single slip explains it")
Finding = tuple[str, str]

# what the classes of the measured cases are called
CLASSES: dict[str, frozenset[str]] = {
    "shape": frozenset({"shape"}),
    "other-layout": frozenset({"shape", "transposition"}),
    "only-if-symmetric": frozenset({"unstated assumption"}),
    "sign": frozenset({"sign"}),
    "constant-factor": frozenset({"factor or constant"}),
    "missing-factor": frozenset({"factor or constant"}),
    "extra-factor": frozenset({"factor or constant"}),
    "missing-term": frozenset({"missing term"}),
    "extra-term": frozenset({"missing term"}),
    "factor-order": frozenset({"factor order"}),
    "transpose": frozenset({"transposition"}),
    "chain-rule": frozenset({"chain rule"}),
    "wrong-variable": frozenset({"wrong variable"}),
    "power": frozenset({"power"}),
    "product-kind": frozenset({"wrong rule"}),
    "prime": frozenset({"wrong rule"}),
    "not-equal": frozenset({"wrong rule"}),
}


def find(truth: Node, wrong: Node, setting: Setting) -> Finding:
    """The code of the mistake and a sentence; `not-equal` if no single slip explains it."""
    try:
        search = _Search(truth, wrong, setting)
    except (NoRule, TooLarge):
        return NOT_EQUAL
    if not search.draws:
        return NOT_EQUAL
    return search.of_shape() or search.of_whole() or search.by_slip() or NOT_EQUAL


class _Search:
    def __init__(self, truth: Node, wrong: Node, setting: Setting) -> None:
        self.truth, self.wrong, self.setting = truth, wrong, setting
        self.claim = ArrayClaim(truth, wrong, setting)
        self.draws: list[Draw] = []
        self.sides: list[tuple[Any, Any]] = []
        self.evaluators: list[Balls] = []
        self.resolve = lru_cache(maxsize=None)(lambda tree: with_named_functions(tree, setting.symbols))
        for draw in _draws(self.claim):
            self.take(draw)
            if len(self.draws) == (4 * SIFTING if self.claim.in_cells else SIFTING):
                break

    def take(self, draw: Draw) -> None:
        """A draw at which both sides have a value."""
        choice = draw.choices[-1] if draw.choices else {}
        at = Balls(draw.arrays, draw.sizes, self.setting.named, draw.world, choice)
        try:
            with precision(BITS):
                sides = at(self.resolve(self.truth)), at(self.resolve(self.wrong))
        except (*FAILURES, Irrational):
            return
        self.draws.append(draw)
        self.evaluators.append(at)
        self.sides.append(sides)

    # --- the whole ---------------------------------------------------------------------------------------------------

    def of_shape(self) -> Finding | None:
        at = self.evaluators[0]
        if at.shape(self.sides[0][0]) == at.shape(self.sides[0][1]):
            return None
        if self.is_equal(Transpose(self.wrong)):
            return "other-layout", "right in the other layout: it is the transpose of the truth"
        shapes = [_shape_in_words(tree) for tree in (self.truth, self.wrong)]
        return "shape", f"it is {shapes[1]}, the truth is {shapes[0]}"

    def of_whole(self) -> Finding | None:
        if self.is_equal(Negative(self.wrong)):
            return "sign", "the sign of the whole is wrong"
        if self.is_equal(Transpose(self.wrong)):
            reordered = self.first(slips(self.wrong, (), ("factor-order",)), mending=True)
            return reordered or ("other-layout", "right in the other layout: it is the transpose of the truth")
        ratio = self.ratio()
        if ratio is not None and self.is_equal(Product((number(ratio), self.wrong))):
            return "constant-factor", sentence("a constant factor {} is missing", number(ratio))
        return self.of_convention()

    def of_convention(self) -> Finding | None:
        """The gradient by a symmetric or diagonal matrix in another convention."""
        if not _is_square(self.truth):
            return None
        shape = shape_of(self.truth)
        declared = {p for symbol in self.setting.symbols.values() if symbol.shape == shape for p in symbol.properties}
        eye = ArrayName("I", shape, role="identity")
        wrong, truth = self.wrong, self.truth
        if "symmetric" in declared:
            doubled = Sum((wrong, Transpose(wrong), Negative(Hadamard((wrong, eye)))))
            if self.is_equal(doubled):
                return "only-if-symmetric", "the gradient by a matrix whose entries are all free; here it is symmetric"
            if self.made(Sum((truth, Transpose(truth), Negative(Hadamard((truth, eye)))))):
                return (
                    "only-if-symmetric",
                    "the gradient by the entries of a symmetric matrix; here all entries are free",
                )
        if "diagonal" in declared and any(self.is_equal(Hadamard((s, eye))) for s in (wrong, Transpose(wrong))):
            return "only-if-symmetric", "the gradient by a matrix whose entries are all free; here it is diagonal"
        return None

    def ratio(self) -> Fraction | None:
        """truth / wrong where that is one small rational number at every entry and draw."""
        found: Fraction | None = None
        for at, (truth, wrong) in zip(self.evaluators, self.sides, strict=True):
            for a, b in _entry_pairs(at, truth, wrong):
                if b.contains(0):
                    if not a.contains(0):
                        return None
                    continue
                with precision(BITS):
                    if not abs(a / b) < MAX_RATIO:
                        return None
                    value = Fraction(float((a / b).mid())).limit_denominator(CONSTANTS)
                    near = (a / b).overlaps(arb(value.numerator) / value.denominator)
                if not near or (found is not None and value != found):
                    return None
                found = value
        return found or None

    # --- one slip ----------------------------------------------------------------------------------------------------

    def by_slip(self) -> Finding | None:
        names = tuple(
            dict.fromkeys(n for t in (self.truth, self.wrong) for n in walk(t) if isinstance(n, ArrayName | Name))
        )
        mended = self.first(slips(self.wrong, names), mending=True)
        if mended:
            return mended
        return (
            self.if_symmetric() or self.first(slips(self.truth, names, FROM_TRUTH), mending=False) or self.by_scalar()
        )

    def first(self, found: Iterator[tuple[Slip, Node]], *, mending: bool) -> Finding | None:
        for count, (slip, tree) in enumerate(found):
            if count >= MAX_SLIPS:
                break
            if self.is_equal(tree) if mending else self.made(tree):
                return slip.code(mending=mending), _said(slip, mending=mending)
        return None

    def by_scalar(self) -> Finding | None:
        """The truth is what was written times a scalar that occurs, or divided by it."""
        every = (n for t in (self.truth, self.wrong) for n in walk(t) if not isinstance(n, Number) and _is_scalar(n))
        for scalar in dict.fromkeys(every):
            if self.is_equal(Product((scalar, self.wrong))):
                return "missing-factor", sentence("the factor {} is missing", scalar)
            if self.is_equal(Quotient(self.wrong, scalar)):
                return "extra-factor", sentence("the factor {} is one too many", scalar)
        return None

    def if_symmetric(self) -> Finding | None:
        """Right where every plain square matrix is symmetric."""
        squares = {
            key
            for key, name in self.claim.arrays.items()
            if name.shape[0] == name.shape[1] and not name.role and not name.properties & {"symmetric", "orthogonal"}
        }
        if not squares:
            return None

        def marked(node: Node) -> Node | None:
            if isinstance(node, ArrayName) and node.key in squares:
                return ArrayName(node.key, node.shape, node.properties | {"symmetric"}, node.role, node.of)
            return None

        truth, wrong = (transform(tree, marked) for tree in (self.truth, self.wrong))
        verdict = separate(truth, wrong, self.setting, shrink=False)
        if verdict.status != "verified":
            return None
        listed = ", ".join(sorted(f"${key}$" for key in squares))
        return "only-if-symmetric", f"right only if {listed} {'is' if len(squares) == 1 else 'are'} symmetric"

    # --- equality ----------------------------------------------------------------------------------------------------

    def is_equal(self, candidate: Node) -> bool:
        """Whether a candidate has the value of the truth at every draw, and as far as `separate` can tell."""
        return self.fits(candidate, 0) and self.confirmed(candidate, self.truth)

    def made(self, candidate: Node) -> bool:
        """Whether it has the value of what was written."""
        return self.fits(candidate, 1) and self.confirmed(candidate, self.wrong)

    def fits(self, candidate: Node, side: int) -> bool:
        try:
            tree = self.resolve(candidate)
            with precision(BITS):
                for at, sides in zip(self.evaluators, self.sides, strict=True):
                    value = at(tree)
                    if at.shape(value) != at.shape(sides[side]):
                        return False
                    if not all(a.overlaps(b) for a, b in _entry_pairs(at, value, sides[side])):
                        return False
        except (*FAILURES, Unreadable):
            return False
        return True

    def confirmed(self, candidate: Node, side: Node) -> bool:
        found = separate(candidate, side, self.setting, shrink=False)
        return found.status == "verified" or found.code == "cells"  # a name for the mistake, and no verdict


def _entry_pairs(at: Balls, left: Any, right: Any) -> Iterator[tuple[Any, Any]]:
    for row, other in zip(at.rows(left), at.rows(right), strict=True):
        yield from zip(row, other, strict=True)


def _draws(claim: ArrayClaim) -> Iterator[Draw]:
    """Generic ones first; positive and small ones where those leave the domain."""
    worlds = claim.worlds()
    assignments = list(claim.sizes(2)) or [{}]
    strata = (
        "generic",
        "integers",
        "generic",
        "small",
        "positive",
        "small",
        "positive",
        *(MIXED, "small", "generic") * 6,
    )
    for turn, stratum in enumerate(strata):
        yield claim.draw(assignments[turn % len(assignments)], stratum, 500 + turn, worlds[turn % len(worlds)])


def _shape_in_words(tree: Node) -> str:
    try:
        rows, columns = shape_of(tree)
    except Unreadable:
        return "not defined"
    if (rows, columns) == (1, 1):
        return "a scalar"
    return f"a column of {rows} entries" if columns == 1 else f"{rows}×{columns}"


def _is_square(tree: Node) -> bool:
    try:
        rows, columns = shape_of(tree)
    except Unreadable:
        return False
    return rows == columns and rows != 1


def _is_scalar(tree: Node) -> bool:
    try:
        return shape_of(tree) == (1, 1)
    except Unreadable:
        return False


def _said(slip: Slip, *, mending: bool) -> str:
    if slip.part is not None and slip.kind in {"term", "factor", "chain-rule", "constant-factor"}:
        what = "term" if slip.kind == "term" else "factor"
        return sentence(f"the {what} {{}} {'is one too many' if mending else 'is missing'}", slip.part)
    changed = slip.new if slip.instead is None else slip.instead
    right, written = (changed, slip.old) if mending else (slip.old, changed)
    return sentence("{} belongs where {} stands", right, written)
