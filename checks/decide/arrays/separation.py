"""Both sides of a claim between formulas of arrays at many draws: refuted at the first that differs, else verified."""

from __future__ import annotations

from collections.abc import Iterator

from checks.decide.arrays.arithmetic import ShapeError
from checks.decide.arrays.compare import ENOUGH_DIGITS, Difference, difference_at
from checks.decide.arrays.counterexamples import FAILURES, refuted, shrunk
from checks.decide.arrays.draws import MIXED, ArrayClaim, Draw
from checks.decide.arrays.evaluate import Place
from checks.decide.arrays.jumps import is_zero, may_be_missed, parts_of, sign_of
from checks.decide.arrays.sizes import admitted, conditions
from checks.decide.claim import Setting
from checks.decide.elementary import Undefined
from checks.verdict import Verdict
from derive.errors import NoRule, TooLarge
from derive.matrix.families import Member, Stacked
from derive.matrix.nodes import VECTORS_OF, Entry
from derive.tree import Listing, Matrix, Name, Node, Number, Power, walk
from derive.write import latex

ASSIGNMENTS = 4  # of sizes
STRATA = ("generic", "small", "positive", "integers", "generic", "small", "positive", "integers")
ENOUGH_DRAWS = 6
CELL_DRAWS = 60  # where kinks cut the domain into cells
MAX_KINKS = 3  # of which every combination is met by so many draws
ENOUGH_SIZES = 3
MAX_DRAWS = 64
LARGER = (6, 7, 8, 9, 11, 14)  # sizes
UNLIKE_AT_ONE = (Matrix, Listing, Member, Stacked, Entry)


def separate(left: Node, right: Node, setting: Setting, *, shrink: bool = True, enough: int = 0) -> Verdict:
    """Refuted (code `shape` or `counterexample`), verified (`draws`), or undecided (`no-draw`, `no-rule`, `cells`).

    Domain: every size; draws are of sizes from 2 on, at which rows, columns and numbers differ, and where those agree some
    with a size of 1. Equal means equal shapes and entries wherever both sides are defined, off kinks.
    """
    claim = ArrayClaim(left, right, setting)
    enough = enough or (CELL_DRAWS if claim.in_cells else ENOUGH_DRAWS)
    tally = _Tally()
    try:
        for draw in _draws(claim, max(MAX_DRAWS, 3 * enough)):
            found = tally.add(claim, draw)
            if found:
                return refuted(claim, shrunk(claim, found) if shrink else found)
            enough_met = tally.counted >= enough * len(claim.worlds()) and len(tally.sizes) >= tally.wanted(claim)
            if enough_met and (enough < ENOUGH_DRAWS or not tally.one_sided(claim)):
                break
    except (NoRule, ShapeError, TooLarge) as error:
        return Verdict("undecided", "no-rule", f"undecided: {error}")
    verdict = tally.verdict(claim, enough)
    if verdict.status != "verified" or enough < ENOUGH_DRAWS:
        return verdict
    other = _at_one(claim) or _at_larger(claim)
    if other:
        return refuted(claim, other)
    if _degree(claim) > len(LARGER):
        said = "undecided: a formula of such a degree in its sizes may vanish at all sizes tried, and at no other"
        return Verdict("undecided", "no-draw", said)
    return verdict


def _at_larger(claim: ArrayClaim) -> Difference | None:
    """A difference at larger sizes, where sizes are numbers in the formulas: (n − 2)(n − 3) is 0 at small ones."""
    base = next(claim.sizes(1), {}) if _degree(claim) else {}
    for turn, size in enumerate(LARGER if base else ()):
        sizes = {letter: size + place for place, letter in enumerate(base)}
        if admitted(sizes, conditions(claim.written.values())):
            try:
                found = difference_at(claim, claim.draw(sizes, "generic", turn, claim.worlds()[0]))
            except FAILURES:
                continue
            if isinstance(found, Difference) and not found.of_shapes:
                return found
    return None


def _degree(claim: ArrayClaim) -> int:
    """How often sizes stand in the formulas as numbers, those under a power as often as it says."""

    def count(node: Node) -> int:
        if isinstance(node, Name) and node.key in claim.dimensions:
            return 1
        inner = sum(map(count, node.children))
        if isinstance(node, Power) and isinstance(node.exponent, Number) and inner:
            return inner * max(1, int(abs(node.exponent.value)))
        return inner

    return max((count(tree) for tree in claim.needed), default=0)


def _at_one(claim: ArrayClaim) -> Difference | None:
    """A difference where one size, or every size, is 1. What is written with the entries of larger sizes is left out."""
    parts = [node for tree in claim.needed for node in walk(tree)]
    if not claim.dimensions or any(isinstance(p, UNLIKE_AT_ONE) or getattr(p, "role", "") in VECTORS_OF for p in parts):
        return None
    base = next(claim.sizes(1), {})
    every = [{**base, letter: 1} for letter in base] + [dict.fromkeys(base, 1)]
    for turn, sizes in enumerate(every):
        if admitted(sizes, conditions(claim.written.values())):
            try:
                found = difference_at(claim, claim.draw(sizes, "generic", turn, claim.worlds()[0]))
            except FAILURES:
                continue
            if isinstance(found, Difference) and not found.of_shapes:
                return found
    return None


class _Tally:
    def __init__(self) -> None:
        self.counted, self.digits, self.undefined = 0, float("inf"), 0
        self.sizes: dict[tuple[tuple[str, int], ...], None] = {}
        self.worlds: set[int] = set()
        self.reason = ""
        self.met: dict[Place, set[int]] = {}

    def wanted(self, claim: ArrayClaim) -> int:
        return ENOUGH_SIZES if claim.dimensions else 1

    def add(self, claim: ArrayClaim, draw: Draw) -> Difference | None:
        try:
            found = difference_at(claim, draw)
        except (NoRule, ShapeError):
            raise
        except Undefined:
            self.undefined += 1
            return None
        except FAILURES as error:
            self.reason = str(error)
            return None
        if isinstance(found, Difference):
            return found
        if found.digits < ENOUGH_DIGITS:
            return None
        for place, sides in found.met.items():
            self.met.setdefault(place, set()).update(sides)
        if (
            found.met and found.vanishes and not any(is_zero(side) for side in claim.sides)
        ):  # beyond a jump both may be 0, whatever stands there
            self.undefined += 1
            return None
        self.counted, self.digits = self.counted + 1, min(self.digits, found.digits)
        self.sizes[tuple(draw.sizes.items())] = None
        self.worlds.add(id(draw.world))
        return None

    def one_sided(self, claim: ArrayClaim) -> list[Node]:
        """Of what jumps or has a kink, where all draws were on one side although nothing declared keeps them there."""
        found: dict[Node, None] = {}
        for (kink, _), sides in self.met.items():
            if len(sides) < 2:
                found.update(dict.fromkeys(part for part in parts_of(kink) if not sign_of(part, claim.setting.symbols)))
        return list(found)

    def verdict(self, claim: ArrayClaim, enough: int) -> Verdict:
        if self.counted < enough or len(self.sizes) < self.wanted(claim):
            why = self.reason or f"a value at {self.counted} draws only, none at {self.undefined}"
            return Verdict("undecided", "no-draw", f"undecided: {why}")
        if enough >= ENOUGH_DRAWS and (missed := self.one_sided(claim)):
            return Verdict(
                "undecided",
                "no-draw",
                f"undecided: all draws are on one side of the kink or jump of {latex(missed[0])}",
            )
        if enough >= ENOUGH_DRAWS and self.met and (jump := may_be_missed(claim)):
            return Verdict("undecided", "no-draw", f"undecided: only one side jumps where {latex(jump)} does")
        if enough >= ENOUGH_DRAWS and len({kink for kink, _ in self.met}) > MAX_KINKS:
            said = f"undecided: no proof was found; both sides agree at {self.counted} draws, which may have missed a cell between the kinks"
            return Verdict("undecided", "cells", said)
        how = "exactly" if self.digits == float("inf") else f"to at least {int(min(self.digits, 600))} digits"
        sizes = ", ".join("×".join(str(n) for _, n in chosen) for chosen in self.sizes)
        letters = "×".join(claim.dimensions)
        at = f" with {letters} = {sizes}" if letters else ""
        standing = f", each general function stood in for by {len(claim.worlds())} others" if claim.worlds()[0] else ""
        agree = f"both sides agree {how} at {self.counted} draws{at}{standing}"
        return Verdict("verified", "draws", agree)


def _draws(claim: ArrayClaim, most: int) -> Iterator[Draw]:
    assignments = list(claim.sizes(ASSIGNMENTS)) or [{}]
    worlds = claim.worlds()
    count = max(most, 10 * len(worlds))
    yield from (
        claim.draw(
            assignments[turn % len(assignments)],
            STRATA[(turn // len(assignments) + turn) % len(STRATA)] if turn < 2 * len(STRATA) else MIXED,
            turn,
            worlds[turn % len(worlds)],
        )
        for turn in range(count)
    )
