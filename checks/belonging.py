"""The formulas of a document and the problems of a set → the problem each formula belongs to.

Exercises stand one after the other, and single letters mean something in every one of them. So it is not asked of each
formula alone whose names it has: of all ways to cut the document into stretches of one problem each, the one is taken in
which the formulas fit their problems best, less a price for every change (dynamic programming; Viterbi, 1967). A change
at a heading costs less than one inside a section, and a formula that carries on another stays with it.

A formula fits a problem by the share of its names that mean something there, intermediate quantities more than inputs;
names declared nowhere count against it, and so do shapes that do not go together, or do only by another convention. A
definition, a start of a recurrence, or a formula asked for, that stands there word for word counts for it. What claims
nothing, and what is supposed, says less.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from checks.judging.course import Course
from checks.judging.definitions import as_definition
from checks.judging.unreadable import mentions
from checks.submission.document import Formula
from derive.errors import Unreadable
from derive.matrix.conventions import ENTRYWISE
from derive.read import Reading
from derive.tree import Chain, FunctionName, HasProperty, Implication, Logical, Node, walk

CHANGE = 0.6  # what it costs to go over to another problem
CHANGE_AT_HEADING = 0.2
ENOUGH = 4  # names: a single letter says little
OF_INPUT = 0.5  # an input says less than a quantity: every problem has an x
BY_WORDS = 0.5  # what cannot be read says less than what can
DEFINED = 0.5  # stands in the problem as written here
DEFINED_OTHERWISE = -0.2
FORCED = -0.2  # read only by taking another convention than the shapes of this problem have
MENTIONED = 0.5  # what claims nothing says less than what does
FOREIGN = -0.5  # the least a formula can fit: one line speaks for no more than that against an exercise
STATING = Chain | Implication | Logical | HasProperty
_WORD = re.compile(r"\\[A-Za-z]+|[A-Za-z]")
_LAYOUT = frozenset(
    r"\frac \dfrac \left \right \partial \cdot \times \quad \qquad \begin \end \sum \prod \dots \ldots \cdots \vdots \ddots \text "
    r"\mathrm \operatorname \Rightarrow \rightarrow \to \leq \le \geq \ge \neq \ne \in \max \min \lim \log \ln \exp \sqrt \hat "
    r"\bar \tilde \mathbb \odot \underbrace \overbrace \boxed \approx \infty \mathbf \vec".split()
)


def belonging(
    formulas: Sequence[Formula], courses: Mapping[str, Course], allowed: Sequence[frozenset[str]]
) -> list[str | None]:
    """The problem of each formula, among those its line allows; None where it allows none."""
    ids = list(courses)
    if len(ids) == 1:
        return [ids[0] if ids[0] in may else None for may in allowed]
    tables = [
        {id_: _fit(courses[id_], formula) for id_ in ids if id_ in may}
        for formula, may in zip(formulas, allowed, strict=True)
    ]
    return _best_cut(formulas, [_indifferent(fits) for fits in tables])


def _indifferent(fits: dict[str, float]) -> dict[str, float]:
    """A formula that fits no problem speaks against none."""
    return fits if max(fits.values(), default=0) > 0 else dict.fromkeys(fits, 0.0)


def _best_cut(formulas: Sequence[Formula], tables: Sequence[dict[str, float]]) -> list[str | None]:
    """The assignment of greatest fit less changes; the problem named first where two are as good."""
    reached: dict[str | None, float] = {None: 0.0}
    came_from: list[dict[str | None, str | None]] = []
    section = formulas[0].section if formulas else 0
    for formula, fits in zip(formulas, tables, strict=True):
        price = CHANGE_AT_HEADING if formula.section != section else 2 * CHANGE if formula.continues else CHANGE
        section = formula.section
        here: dict[str | None, float] = {}
        back: dict[str | None, str | None] = {}
        best = max(reached, key=lambda id_: reached[id_])
        ids: tuple[str | None, ...] = (*fits,) or (None,)
        for id_ in ids:
            stays = id_ in reached and reached[id_] >= reached[best] - price
            back[id_] = id_ if stays else best
            start = reached[back[id_]] - (0.0 if stays or best is None else price)
            here[id_] = start + (0.0 if id_ is None else fits[id_])
        reached = here
        came_from.append(back)
    at = max(reached, key=lambda id_: reached[id_])
    chosen: list[str | None] = []
    for back in reversed(came_from):
        chosen.append(at)
        at = back[at]
    return chosen[::-1]


def _fit(course: Course, formula: Formula) -> float:
    """How well a formula fits a problem, from FOREIGN to 1 and a half."""
    try:
        reading = course.read(formula.text)
    except Unreadable as error:
        return FOREIGN / 2 if error.code == "shape" else fit_of_words(course, formula.text)
    tree, scope = reading.tree, course.scope
    bare = {node.function for node in walk(tree) if isinstance(node, FunctionName) and not node.order}
    unknown = len(scope.unknown(tree)) + len(bare)  # a function without its argument is a letter of another problem
    given = {name for name in tree.names if course.problem.is_input(name)}
    of_parts = {name for part in course.problem.parts for name in scope.names_of(part)}
    quantities = scope.concerns(tree) - len(bare) - len(given & of_parts)
    inputs = len(given - scope.sizes)
    total = unknown + quantities + inputs
    if not total or (total == 1 and not quantities):
        return _stands_there(course, tree)  # a letter alone may be of any exercise
    share = (quantities + OF_INPUT * inputs - unknown) / total
    fit = max(share, FOREIGN) * min(total / ENOUGH, 1) + (FORCED if _forced(reading) else 0)
    claimed = isinstance(tree, STATING) and formula.role != "assumption"
    return fit + _stands_there(course, tree) if claimed else MENTIONED * fit


def _forced(reading: Reading) -> bool:
    return any(ENTRYWISE in note for note in reading.notes)


def fit_of_words(course: Course, text: str) -> float:
    """How well a formula that cannot be read fits a problem, by the share of its words that are known there."""
    words = set(_WORD.findall(re.sub(r"\\(?:begin|end|text|mathrm|operatorname)\s*\{[^}]*\}", " ", text))) - _LAYOUT
    spelled = {
        word
        for key, symbol in course.problem.table.items()
        for spelling in (key, *symbol.spellings)
        for word in _WORD.findall(spelling)
    }
    if not words:
        return 0.0
    share = (2 * len(words & spelled) - len(words)) / len(words) * min(len(words) / ENOUGH, 1)
    says = 1 if share < 0 or mentions(course, text) else OF_INPUT
    return max(BY_WORDS * share * says, FOREIGN)


def _stands_there(course: Course, tree: Node) -> float:
    """What it adds that the problem defines or asks this, or defines one of its quantities otherwise."""
    if not isinstance(tree, Chain):
        return 0
    if any(question.ask in tree.sides or question.ask == tree for question in course.problem.questions):
        return DEFINED
    if any(tree.sides[:2] in part.recurring for part in course.problem.parts.values()):
        return DEFINED
    definition = as_definition(course, tree)
    if definition is None or definition[0] in course.scope.unknown(tree):
        return 0
    return DEFINED if course.scope.defines(*definition) else DEFINED_OTHERWISE
