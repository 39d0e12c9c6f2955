"""A claim about sequences for symbolic indices → a proof of it, or none.

as it stands     the terms of recurrences as unknowns
the recurrence   put in for the latest terms until both sides mention the same ones
closed forms     put in for every term
induction        on the claim itself, v_t = F(t): base and step, where the recurrence has no closed form in the table
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import partial

from checks.decide.claim import Claim
from checks.decide.sequences.instances import expectations
from checks.verdict import Verdict
from derive.errors import NoRule, TooLarge
from derive.recurrence import limits
from derive.recurrence.closed import Closed, equal, forms, proven, with_forms
from derive.recurrence.expectation import expected
from derive.recurrence.signs import Signs
from derive.recurrence.terms import indices, shift_of, terms
from derive.tree import Binder, Call, Name, Negative, Node, Sum, transform

MAX_UNFOLDED = 4  # times the recurrence is put in


class Prover:
    """The ways to prove one claim."""

    def __init__(self, claim: Claim) -> None:
        self.table, program = claim.setting.symbols, claim.setting.program
        self.recurrences = program.recurrences
        self.signs = Signs(self.table)
        self.left, self.right = (program.expanded(side) for side in (claim.left, claim.right))
        self.index = next(iter(indices(self.left, self.right)), None)
        self._forms: dict[str, Closed] | None = None

    @property
    def forms(self) -> dict[str, Closed]:
        """The closed forms of the recurrences."""
        if self._forms is None:
            self._forms = forms(self.recurrences, self.signs)
        return self._forms

    def proof(self) -> Verdict | None:
        """The first proof that goes through."""
        for way, attempt in self._ways():
            try:
                if attempt():
                    return Verdict("proven", *way)
            except (NoRule, TooLarge, ZeroDivisionError):
                continue
        return None

    def order(self, relation: str) -> Verdict | None:
        """A proof of ≤ or ≥: the difference of the closed forms is certain not to be negative."""
        greater, less = (self.left, self.right) if relation == r"\ge" else (self.right, self.left)
        sides = (with_forms(side, self.recurrences, self.forms) for side in (greater, less))
        above, below = (self._worked_out(side) for side in sides)
        if relation not in (r"\ge", r"\le") or not self.signs.nonnegative(Sum((above, Negative(below)))):
            return None
        return Verdict(
            "proven", "signs", f"the sign of the difference is certain, with the closed form of {self._names()} put in"
        )

    def _ways(self) -> Iterator[tuple[tuple[str, str], Callable[[], bool]]]:
        yield (
            ("normal-form", "both sides have one normal form, sums and maxima over the same terms"),
            self._as_it_stands,
        )
        if not any(call.function in self.recurrences for side in (self.left, self.right) for call in terms(side)):
            return
        yield ("recurrence", f"it is the recurrence of {self._names()}, put in"), self._unfolded
        closed = f"by the closed form of {self._names(self.forms)}, which is proven by induction"
        yield ("induction", closed), self._closed
        yield (
            (
                "induction",
                f"by induction over {self._over()}: it holds at the start, and the step leads from one term to the next",
            ),
            self._induction,
        )

    def _names(self, among: Mapping[str, object] | None = None) -> str:
        """The recurrences that are mentioned, those among some."""
        known = self.recurrences if among is None else among
        met = {call.function[:-1] for side in (self.left, self.right) for call in terms(side) if call.function in known}
        return ", ".join(sorted(met))

    def _over(self) -> str:
        return self.index or "t"

    def _worked_out(self, tree: Node) -> Node:
        """Limits of p-norms and expectations taken."""
        tree = limits.taken(tree, self.signs)
        return expected(tree, self.table) if expectations(self.table, tree) else tree

    def _equal(self, left: Node, right: Node) -> bool:
        left, right = self._worked_out(left), self._worked_out(right)
        if any(
            isinstance(node, Binder) and node.kind.startswith("limit")
            for side in (left, right)
            for node in _nodes(side)
        ):
            return False  # a limit of what is only known under another name may not exist
        return equal(left, right, self.signs, self.index)

    def _as_it_stands(self) -> bool:
        return self._equal(self.left, self.right)

    def _unfolded(self) -> bool:
        left, right = self.left, self.right
        for _ in range(MAX_UNFOLDED):
            latest = self._latest(left, right)
            if latest is None:
                return False
            left, right = (
                _replaced(side, latest, self.recurrences[latest.function].at(latest.arguments[0]))
                for side in (left, right)
            )
            if self._equal(left, right):
                return True
        return False

    def _latest(self, *sides: Node) -> Call | None:
        """The term of a recurrence with the greatest index that is mentioned."""
        found: list[tuple[tuple[int, Fraction], Call]] = []
        for side in sides:
            for call in terms(side):
                if call.function in self.recurrences and call.arguments[0].names:
                    shift = shift_of(call.arguments[0], self.recurrences[call.function].index)
                    if shift is not None:
                        found.append(((list(self.recurrences).index(call.function), shift), call))
        return max(found, key=lambda pair: pair[0])[1] if found else None

    def _closed(self) -> bool:
        """With the closed forms put in, those of the recurrences that rest on others first, as few as will do."""
        left, right = self.left, self.right
        for sequence in reversed(self.recurrences):
            before = left, right
            one = {sequence: self.recurrences[sequence]}
            left, right = (with_forms(side, one, self.forms) for side in before)
            if (left, right) != before and self._equal(left, right):
                return True
        return False

    def _induction(self) -> bool:
        for side, other in ((self.left, self.right), (self.right, self.left)):
            if not isinstance(side, Call) or side.function not in self.recurrences or expectations(self.table, other):
                continue
            recurrence = self.recurrences[side.function]
            own = any(call.function == side.function for call in terms(other))
            if own or side.arguments[0] != Name(recurrence.index):
                continue
            others = {s: r for s, r in self.recurrences.items() if s != side.function}
            if proven(recurrence, other, self.signs, partial(with_forms, recurrences=others, closed=self.forms)):
                return True
        return False


def _nodes(tree: Node) -> Iterator[Node]:
    yield tree
    for child in tree.children:
        yield from _nodes(child)


def _replaced(tree: Node, call: Call, value: Node) -> Node:
    return transform(tree, lambda node: value if node == call else None)
