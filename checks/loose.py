r"""What could not be judged and may answer a question all the same: a person has to look whether it does.

Graded with many exercises, a file says nothing of most of them. So a formula is held open only for the questions it may
answer: one in another notation for those whose derivative it seems to be, a worked-out side that stands alone for those
that ask for a formula. One that cannot be read may answer any question of its exercise, if the file treats that at all;
else those of which it names what is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.taking import shown
from derive.problem import Problem
from derive.questions import Question
from derive.tree import Chain, Derivative, Name, Node, Product, Quotient, Sum, walk

LooseState = tuple[bool, frozenset[str], tuple[str, ...]]
# ∂, ∇, D_w, dL, L', \dot L
_DERIVED = re.compile(r"\\partial(?![A-Za-z])|∂|\\nabla(?![A-Za-z])|∇|(?<![A-Za-z\\])[dD](?![a-z])|['′]|\\prime|\\dot")
_NABLA = re.compile(r"\\nabla(?![A-Za-z_])|∇(?!_)")


class Loose:
    """The questions of a problem that something in a file may answer that could not be judged."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._any = False
        self._questions: set[str] = set()
        self._unread: list[str] = []
        self._stems: dict[str, list[Question]] = {}  # the questions by what they ask the derivative of
        for question in problem.questions:
            operand = operand_of(question.ask)
            if operand is not None:
                self._stems.setdefault(shown(operand.key).partition("^")[0], []).append(question)
        self._patterns = {stem: _as_word(stem) for stem in sorted(self._stems)}

    def may_be_answered(self, question: Question, *, treated: bool) -> bool:
        """Whether a person has to look for the answer, in a file that treats the exercise, or says nothing else of it."""
        if question.id in self._questions or self._any:
            return True
        return bool(self._unread) if treated else any(names_asked(question.ask, text) for text in self._unread)

    def note_any(self) -> None:
        """What was met may answer any question."""
        self._any = True

    def note_unread(self, text: str) -> None:
        """A formula that cannot be read."""
        self._unread.append(text)

    def note_formula(self) -> None:
        """A formula that states nothing: the words around it may say which side it is."""
        self._questions |= {q.id for q in self.problem.questions if not q.is_claim or _asks_equality(q.ask)}

    def note_alone(self, tree: Node) -> None:
        """A worked-out formula that stands alone."""
        if isinstance(tree, Sum | Product | Quotient) and not any(isinstance(node, Derivative) for node in walk(tree)):
            self.note_formula()

    def note_text(self, text: str, *, elsewhere: bool = False) -> None:
        r"""A formula that was not judged, whose left side seems to be what is asked, in another notation: `D_w L`, `\nabla L`.

        Where it stands among the formulas of another exercise it must say more: that, and by what, it is derived.
        """
        left = text.partition("=")[0]
        for stem in self._asked_in(text):
            self._questions |= {q.id for q in self._stems[stem] if not elsewhere or _names_derivative(q, left)}

    def note_name(self, name: str) -> None:
        r"""A name of the author's own that other books have for what is asked: `L_w`, `L_{ww}`, `\dot{L}`."""
        variables = "|".join(
            {re.escape(v.key.partition("_")[0]) for q in self.problem.questions for v in _variables(q.ask)}
        )
        for stem in self._stems if variables else ():
            plain = re.escape(stem)
            if re.fullmatch(rf"{plain}_\{{?(?:{variables})+\}}?|\\dot\{{{plain}\}}|{plain}'+", name):
                self._questions |= {question.id for question in self._stems[stem]}

    def _asked_in(self, text: str) -> Iterator[str]:
        """What is derived, and named on the left. Its quantity alone is not what is asked: that is the definition."""
        left, equals, _ = text.partition("=")
        for stem, pattern in self._patterns.items() if equals else ():
            if pattern.search(left) and left.strip() != stem:
                yield stem

    def saved(self) -> LooseState:
        """A copy, to be restored after a trial."""
        return self._any, frozenset(self._questions), tuple(self._unread)

    def restore(self, copy: LooseState) -> None:
        """Forget what was noted since the copy was made."""
        self._any, self._questions, self._unread = copy[0], {*copy[1]}, [*copy[2]]


def names_asked(ask: Node, text: str) -> bool:
    """Whether a text names what a question asks: a quantity, a derivative of it or by its variable, all names of a claim."""
    plain = _plain(text)
    if isinstance(ask, Derivative):
        of = [name for name in (operand_of(ask), *ask.variables) if name is not None]
        return bool(_DERIVED.search(text)) and any(_named(plain, name.key) for name in of)
    return bool(ask.names) and all(_named(plain, name) for name in ask.names)


def _names_derivative(question: Question, left: str) -> bool:
    by = any(_named(_plain(left), variable.key) for variable in _variables(question.ask))
    return bool(_NABLA.search(left) or (by and _DERIVED.search(left)))


def _named(text: str, key: str) -> bool:
    return bool(_as_word(_plain(shown(key)), r"[A-Za-z0-9]").search(text))


def _plain(text: str) -> str:
    """A_{1} and A_1 written alike."""
    return re.sub(r"([_^])\{\s*([^{}]*?)\s*\}", r"\1\2", text)


def _as_word(stem: str, more: str = r"[A-Za-z]") -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z\\_]){re.escape(stem)}(?!{more})")


def operand_of(ask: Node) -> Name | None:
    """What a question asks the derivative of."""
    return ask.operand if isinstance(ask, Derivative) and isinstance(ask.operand, Name) else None


def _variables(ask: Node) -> tuple[Name, ...]:
    return ask.variables if isinstance(ask, Derivative) else ()


def _asks_equality(ask: Node) -> bool:
    return isinstance(ask, Chain) and "=" in ask.relations
