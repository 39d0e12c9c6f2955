"""Inequalities between scalars made of vectors and matrices of any size, under premises; and A ⪯ B for symmetric ones.

    draws      small first: the premises certainly hold, the relation certainly fails ⇒ refuted, evaluated again by mpmath
    facts      what is known of norms, inner products, quadratic forms and sums (facts.py), and z3 finds no numbers that
               satisfy them and contradict the relation ⇒ proven for all sizes
    otherwise  undecided: an inequality that was only tried at draws is no more than that

A ⪯ B says zᵀ(B − A)z ≥ 0 for every z, A ≺ B that it is > 0 where zᵀz > 0, and each is decided as that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain, count, islice, product
from random import Random
from typing import Any

from checks.decide import solver
from checks.decide.arrays.as_numbers import by_numbers
from checks.decide.arrays.compare import BITS, Difference, said
from checks.decide.arrays.counterexamples import FAILURES, refuted, written
from checks.decide.arrays.draws import ArrayClaim, Draw
from checks.decide.arrays.equality import proven
from checks.decide.arrays.explicit import Written
from checks.decide.arrays.facts import NORM, ROOT, Facts, without_roots
from checks.decide.arrays.fields import Balls
from checks.decide.arrays.norms import by_norms
from checks.decide.arrays.solving import Equation, along_axes, holds_exactly, solved
from checks.decide.balls import precision
from checks.decide.claim import Setting
from checks.decide.intervals import Interval
from checks.verdict import Verdict
from derive.errors import NoRule
from derive.matrix.nodes import ArrayName, Norm
from derive.matrix.shapes import shape_of
from derive.rules import with_named_functions
from derive.tree import ZERO, Call, Chain, Negative, Node, Sum, Transpose, times, walk
from derive.write import latex

ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: bool(a < b),
    r"\le": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    r"\ge": lambda a, b: bool(a >= b),
    "=": lambda a, b: bool(a == b),
}
FAILS: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: bool(a >= b),
    r"\le": lambda a, b: bool(a > b),
    ">": lambda a, b: bool(a <= b),
    r"\ge": lambda a, b: bool(a < b),
    "=": lambda a, b: bool(a != b),
}
MIRRORED = {"<": ">", r"\le": r"\ge", ">": "<", r"\ge": r"\le"}
CONTRARY = {"<": r"\ge", r"\le": ">", ">": r"\le", r"\ge": "<"}
SEMIDEFINITE = {r"\preceq": (1, 0), r"\succeq": (0, 1), r"\prec": (1, 0), r"\succ": (0, 1)}  # larger, smaller side
STRICTLY = frozenset({r"\prec", r"\succ"})
SMALL = ("zeros", "few", "halves", "integers", "generic", "positive")
TURNS = 8
MAX_DRAWS = 400
TAPER = Fraction(
    15, 16
)  # keeps singular values, and the sizes of entries, apart: balls tell no equal ones from near ones


@dataclass(frozen=True)
class Link:
    """One relation; A ⪯ B as one between quadratic forms in any vector."""

    left: Node
    relation: str
    right: Node

    def for_vector(self, vector: Node) -> Link:
        """zᵀAz ≤ zᵀBz of A ⪯ B, zᵀAz < zᵀBz of A ≺ B; another relation as it is."""
        if self.relation not in SEMIDEFINITE:
            return self
        sides = (self.left, self.right)
        large, small = (sides[k] for k in SEMIDEFINITE[self.relation])
        forms = [times([Transpose(vector), side, vector]) for side in (small, large)]
        return Link(forms[0], "<" if self.relation in STRICTLY else r"\le", forms[1])

    @property
    def halves(self) -> tuple[Link, ...]:
        """a ≤ b and a ≥ b of a = b; another relation alone."""
        return tuple(
            Link(self.left, r, self.right) for r in ((r"\le", r"\ge") if self.relation == "=" else (self.relation,))
        )


def links(statement: Node, setting: Setting) -> list[Link]:
    """The relations of a chain, definitions put in. Raises NoRule for what is no chain of relations."""
    if not isinstance(statement, Chain) or statement.continued:
        raise NoRule("only chains of relations are decided between arrays")
    sides = [setting.named.expanded(with_named_functions(side, setting.symbols)) for side in statement.sides]
    return [Link(a, r, b) for a, r, b in zip(sides, statement.relations, sides[1:], strict=False)]


def decide_order(premises: Sequence[Link], claimed: Link, setting: Setting) -> Verdict:
    """Whether a relation holds for all arrays that satisfy the premises."""
    try:
        skew = next((side for side in (claimed.left, claimed.right) if not _symmetric(side, setting)), None)
        if claimed.relation in SEMIDEFINITE and skew is not None:
            return _undecided(
                f"{claimed.relation} compares symmetric matrices, and ${latex(skew)}$ is not known to be one"
            )
        vector = _any_vector(claimed, premises)
        concrete = claimed.for_vector(vector)
        if claimed.relation in STRICTLY:
            premises = (*premises, Link(ZERO, "<", times([Transpose(vector), vector])))
        if concrete.relation not in FAILS:
            return _undecided(f"arrays are not compared by {claimed.relation} under premises")
        if any(shape_of(side) != (1, 1) for side in (concrete.left, concrete.right)):
            return _undecided(f"only numbers are compared by {claimed.relation}; what stands there is an array")
        found = _counterexample(premises, concrete, setting)
        if found is not None:
            return found
        if concrete.relation in ("<", ">") and proven(concrete.left, concrete.right, setting):
            return Verdict("refuted", "equal", f"both sides are the same, and {concrete.relation} is strict", {})
        for prove, code, said_how in PROOFS:
            if all(_quietly(prove, premises, half, setting) for half in concrete.halves):
                return Verdict("proven", code, said_how)
    except FAILURES as error:
        return _undecided(str(error))
    return _undecided("no counterexample was found at the draws tried, and no proof")


def _undecided(why: str) -> Verdict:
    return Verdict("undecided", "inequality", f"undecided: {why}")


def _symmetric(tree: Node, setting: Setting) -> bool:
    return tree == ZERO or proven(tree, Transpose(tree), setting)


def _any_vector(link: Link, premises: Sequence[Link]) -> ArrayName:
    """A vector of which nothing is said anywhere, as long as the matrices of A ⪯ B are wide."""
    taken = {name for said in (link, *premises) for side in (said.left, said.right) for name in side.names}
    key = next(key for key in chain(("z", "v", "u", "q"), (f"z_{{{k}}}" for k in count(1))) if key not in taken)
    rows = next((shape_of(side)[0] for side in (link.left, link.right) if shape_of(side) != (1, 1)), 1)
    return ArrayName(key, (rows, 1))


# --- counterexamples -------------------------------------------------------------------------------------------------


def _counterexample(premises: Sequence[Link], claimed: Link, setting: Setting) -> Verdict | None:
    every = [premise for premise in premises if premise.relation not in SEMIDEFINITE]
    if len(every) != len(premises):
        return None  # no draws heed A ⪯ B
    beside = tuple(side for premise in every for side in (premise.left, premise.right))
    claim = ArrayClaim(claimed.left, claimed.right, setting, beside)
    equations = [(premise.left, premise.right) for premise in every if premise.relation == "="]
    between_arrays = any(shape_of(side) != (1, 1) for equation in equations for side in equation)
    for draw in islice(_draws(claim, equations, between_arrays=between_arrays), MAX_DRAWS):
        found = _violated(claim, every, claimed.relation, draw)
        if found is not None:
            verdict = refuted(claim, found)
            if verdict.status == "refuted" or claimed.relation not in ("<", ">"):
                return verdict
            if found.values[0] == found.values[1] == "0":  # exactly equal, which a replay by digits does not tell
                return _equal_sides(claim, found, claimed.relation)
    return None


def _equal_sides(claim: ArrayClaim, found: Difference, relation: str) -> Verdict | None:
    """A strict relation where both sides are exactly 0, by exact arithmetic or balls of radius 0."""
    with precision(BITS[-1]):
        at = Balls(found.draw.arrays, found.draw.sizes, claim.setting.named, found.draw.world)
        sides = [at.rows(at(side))[0][0] for side in claim.sides]
    if not all(side.is_zero() for side in sides):
        return None
    values = written(claim, found)
    where = ", ".join(f"{name} = {value}" for name, value in values.items())
    return Verdict(
        "refuted",
        "counterexample",
        f"at {where}: both sides are 0, and {relation} is strict",
        values,
        values=found.values,
    )


def _draws(claim: ArrayClaim, equations: list[Equation], *, between_arrays: bool) -> Iterator[Draw]:
    """Small draws, with the equations solved where they can be."""
    for drawn in _small_draws(claim):
        for draw in (drawn, *(along_axes(claim, drawn) if between_arrays else ())):
            yield solved(claim, equations, draw)


def _small_draws(claim: ArrayClaim) -> Iterator[Draw]:
    sizes = [dict.fromkeys(claim.dimensions, 2), *claim.sizes(2)] if claim.dimensions else [{}]
    nothing = dict.fromkeys(claim.keys, Fraction)  # what cannot be 0 is filled with what comes next to it
    for world in claim.worlds()[:1]:
        try:
            yield claim.filled(sizes[0], nothing, world, "zero", Random(0))
        except FAILURES:
            break
    for turn in range(TURNS):
        if turn == 1:
            yield from _turning(claim, sizes[0])
        for chosen in sizes:
            for stratum in SMALL:
                world = claim.worlds()[turn % len(claim.worlds())]
                try:
                    yield claim.draw(chosen, stratum, 2000 + turn, world)
                except FAILURES:
                    continue


def _turning(claim: ArrayClaim, sizes: Mapping[str, int]) -> Iterator[Draw]:
    """Where norms are furthest apart: identities and rotations, columns of ones and units, whole or a little smaller."""
    free = [key for key, node in claim.arrays.items() if not (node.properties or node.role)]
    for matrix, column, scale in product((_identity, _rotation), (_ones, _identity), (Fraction(1), Fraction(7, 8))):
        try:
            draw = claim.draw(sizes, "generic", 0, claim.worlds()[0])
        except FAILURES:
            return
        arrays = dict(draw.arrays)
        for key in free:
            rows, columns = len(arrays[key]), len(arrays[key][0])
            entry = column if 1 in (rows, columns) else matrix
            arrays[key] = tuple(
                tuple(scale * entry(i, j) * TAPER ** max(i, j) for j in range(columns)) for i in range(rows)
            )
        yield replace(draw, arrays=arrays)


def _identity(i: int, j: int) -> Fraction:
    return Fraction(i == j)


def _rotation(i: int, j: int) -> Fraction:
    if max(i, j) > 1:
        return _identity(i, j)
    return Fraction(3, 5) if i == j else Fraction(4 * (j - i), 5)


def _ones(i: int, j: int) -> Fraction:
    del i, j
    return Fraction(1)


def _violated(claim: ArrayClaim, premises: Sequence[Link], relation: str, draw: Draw) -> Difference | None:
    """A difference of the wrong sign where the premises certainly hold, for every choice of their indices."""
    try:
        with precision(BITS[-1]):
            base = Balls(draw.arrays, draw.sizes, claim.setting.named, draw.world)
            for premise in premises:
                if premise.relation == "=" and holds_exactly(claim, (premise.left, premise.right), draw):
                    continue
                for choice in draw.choices:
                    at = Balls(draw.arrays, draw.sizes, claim.setting.named, draw.world, dict(choice))
                    if not _certainly(premise, at):
                        return None
            a, b = (base.rows(base(side))[0][0] for side in claim.sides)
            if not FAILS[relation](a, b):
                return None
            return Difference(draw, {}, values=(said(a), said(b)))
    except (KeyError, *FAILURES):
        return None


def _certainly(premise: Link, at: Balls) -> bool:
    """Whether a relation certainly holds, between arrays in every entry; 0 stands for an array of zeros."""
    left, right = ([entry for row in at.rows(at(side)) for entry in row] for side in (premise.left, premise.right))
    if len(left) != len(right) and ZERO not in (premise.left, premise.right):
        return False
    size = max(len(left), len(right))
    left, right = (side * size if len(side) == 1 else side for side in (left, right))
    return all(ORDERS[premise.relation](a, b) for a, b in zip(left, right, strict=True))


# --- proofs ----------------------------------------------------------------------------------------------------------


def _quietly(prove: Prove, premises: Sequence[Link], claimed: Link, setting: Setting) -> bool:
    try:
        return prove(premises, claimed, setting)
    except FAILURES:
        return False


def by_facts(premises: Sequence[Link], claimed: Link, setting: Setting) -> bool:
    """Whether the laws of facts.py leave no numbers that contradict the relation."""
    facts = Facts(setting)
    goal = facts.goal(Sum((claimed.left, Negative(claimed.right))))
    told: list[tuple[Node, str]] = []
    for premise in premises:
        told += facts.of_premise(premise.left, premise.relation, premise.right, premise.for_vector)
    told += facts.known(strict=claimed.relation in "<>")
    bounds = facts.bounds([goal, *(tree for tree, _ in told)])
    if not solver.contradicts([*told, (goal, CONTRARY[claimed.relation])], bounds):
        return False
    return not solver.contradicts(told, bounds)  # nothing is proven from what contradicts itself


def by_distances(premises: Sequence[Link], claimed: Link, setting: Setting) -> bool:
    """Whether the laws about distances leave no exception: functions of entries and norms are numbers of which no more is known."""
    if premises or not any(isinstance(node, Norm) for side in (claimed.left, claimed.right) for node in walk(side)):
        return False
    facts = Facts(setting, opaque=True)
    goal = without_roots(facts.goal(Sum((claimed.left, Negative(claimed.right)))))
    bounded = [(without_roots(length), without_roots(bound)) for length, bound in facts.distances()]
    needed = set(goal.names)
    told: list[tuple[Node, str]] = []
    for _ in tuple(bounded):  # what bounds what is needed, step by step
        for pair in [pair for pair in bounded if needed & set(pair[0].names)]:
            bounded.remove(pair)
            needed |= set(pair[1].names)
            told.append((Sum((pair[0], Negative(pair[1]))), r"\le"))
    bounds = {name: Interval(Fraction(0), None, (True, False)) for name in needed if name.startswith((ROOT, NORM))}
    return solver.contradicts([*told, (goal, CONTRARY[claimed.relation])], bounds)


def by_entries(premises: Sequence[Link], claimed: Link, setting: Setting) -> bool:
    """Whether, all sizes being small numbers, no entries contradict the relation."""
    written = Written(setting)
    told = [
        (Sum((written.scalar(premise.left), Negative(written.scalar(premise.right)))), premise.relation)
        for premise in premises
    ]
    goal = Sum((written.scalar(claimed.left), Negative(written.scalar(claimed.right))))
    known = [*told, *written.facts]
    return solver.contradicts([*known, (goal, CONTRARY[claimed.relation])], written.bounds)


def by_definition(premises: Sequence[Link], claimed: Link, setting: Setting) -> bool:
    """λmax(M) ≤ c says zᵀMz ≤ c zᵀz for every z, and λmin(M) ≥ c that it is no less."""
    for left, relation, right in (
        (claimed.left, claimed.relation, claimed.right),
        (claimed.right, MIRRORED[claimed.relation], claimed.left),
    ):
        bounds = {"lambda_max": (r"\le", "<"), "lambda_min": (r"\ge", ">")}
        if not isinstance(left, Call) or relation not in bounds.get(left.function, ()):
            continue
        matrix = left.arguments[0]
        if not _symmetric(matrix, setting):
            continue
        vector = _any_vector(Link(matrix, relation, right), premises)
        form, length = times([Transpose(vector), matrix, vector]), times([Transpose(vector), vector])
        some = Link(ZERO, "<", length)
        return by_facts((*premises, some), Link(form, relation, times([right, length])), setting)
    return False


def by_norm_laws(premises: Sequence[Link], claimed: Link, setting: Setting) -> bool:
    """Whether the laws between norms (norms.py) leave no exception."""
    told = [(Sum((p.left, Negative(p.right))), p.relation) for p in premises if p.relation in ORDERS]
    if len(told) != len(premises):
        return False
    return by_norms(Sum((claimed.left, Negative(claimed.right))), CONTRARY[claimed.relation], setting, told)


Prove = Callable[[Sequence[Link], Link, Setting], bool]
PROOFS: tuple[tuple[Prove, str, str], ...] = (
    (by_distances, "distances", "by the greatest slopes of the functions and the norms of the matrices, for all sizes"),
    (by_facts, "array-laws", "what is known of norms, inner products, quadratic forms and sums leaves z3 no exception, for all sizes"),
    (by_numbers, "array-laws", "whatever numbers with their signs stand for the norms and products of vectors, for all sizes"),
    (by_definition, "array-laws", "every quadratic form of the matrix lies within the bound, for all sizes"),
    (by_norm_laws, "norm-laws", "the laws between norms and traces leave z3 no exception, for all sizes"),
    (by_entries, "entries", "z3 finds no entries that contradict it"),
)  # fmt: skip


def mentions_arrays(tree: Node) -> bool:
    """Whether a vector or matrix that is a name occurs."""
    return any(isinstance(node, ArrayName) for node in walk(tree))
