"""The tokens of one row, or of an inline formula → its statements: `a = b, \\quad c = d \\text{ if } x` are three."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from checks.submission import labels
from checks.submission.tokens import (
    ARROWS,
    OPERATORS,
    RELATIONS,
    TEXTS,
    WIDE,
    Tokens,
    begins_with,
    content,
    depths,
    ends_with,
    group_end,
    relations,
    significant,
    table,
)

if TYPE_CHECKING:
    from checks.submission.decode import Notes
    from checks.submission.document import Kind, Role

_PREMISE = re.compile(
    r"\s*(?:,\s*)?(?:if(?!\s+and\s+only)|where|when|whenever|for|since|because|as|assuming|given|provided|unless|with|"
    r"suppose|let|falls|wenn|für|اگر)\b",
    re.IGNORECASE,
)
_THEN = re.compile(
    r"\s*(?:,\s*)?(?:so|then|thus|therefore|hence|also|dann|alors|donc)\b[\s,:]*(?:that)?\s*", re.IGNORECASE
)
_AND = re.compile(r"\s*,?\s*(?:and|und|et|y|&)\s*", re.IGNORECASE)
_REASON = re.compile(r"\s*[(\[]|\s*(?:by|from|using|because|via|chain|cf)\b", re.IGNORECASE)
_DOTS = table(r"\dots \vdots \ddots \cdots \ldots .")
_BOXES = frozenset({r"\boxed", r"\fbox", r"\framebox", r"\colorbox"})
_STRIKES = frozenset({r"\cancel", r"\bcancel", r"\xcancel", r"\sout", r"\st"})


LONGEST = 4000  # tokens; a longer row is one statement, as it stands
NESTED = 20  # boxes around a formula, or comments behind it, that are taken off


@dataclass
class Draft:
    """A formula in the making."""

    tokens: Tokens
    kind: Kind = "display"
    role: Role = "claim"
    label: str | None = None
    section: int = 0
    continues: bool = False
    sentence: int = 0
    since: int = 0  # the sentence whose premises hold here
    words: str = ""  # of the sentence, before the formula
    after: str = ""  # the words right behind it
    lasting: bool = False
    cell_empty: bool = False  # its left cell is empty: `& + c`
    leads_on: bool = False  # an arrow at its end leads to the formula after it

    @property
    def has_relation(self) -> bool:
        return bool(relations(self.tokens))


@dataclass
class _Atom:
    """tokens[first:last], led in by a separator: "", wide, comma, and, premise, then or note."""

    first: int
    last: int
    lead: str


@dataclass
class _Splitter:
    tokens: Tokens
    notes: Notes
    levels: list[int] = field(default_factory=list)
    related: list[int] = field(default_factory=list)
    atoms: list[_Atom] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.levels = depths(self.tokens)
        self.related = relations(self.tokens)

    def run(self) -> list[_Atom]:
        first, lead, index = 0, "", 0
        while index < len(self.tokens):
            found, end = self._separator(index, first) if self.levels[index] == 0 else ("", index + 1)
            if found:
                self._add(first, index, lead)
                # an empty atom hands its separator on, the stronger one: `, \quad \text{where}`
                lead = found if first < index or found not in {"wide", "comma"} or not lead else lead
                first = end
            index = end
        self._add(first, len(self.tokens), lead)
        return self._fold()

    def _separator(self, index: int, first: int) -> tuple[str, int]:
        text = self.tokens[index].text
        if text in WIDE:
            return "wide", index + 1
        if text in {",", ";"} and index + 1 < len(self.tokens):
            following = self.tokens[index + 1]
            if following.blank or following.text[:1].isalpha() or following.text[:1] == "\\":  # x=2,y=3 but 0,5
                return "comma", index + 1
        if text == r"\forall":
            return "premise", index + 1
        if text in TEXTS:
            return self._text(index, first)
        return "", index + 1

    def _text(self, index: int, first: int) -> tuple[str, int]:
        end = max(group_end(self.tokens, index + 1), index + 1)
        words = content(self.tokens[index + 1 : end])
        if _PREMISE.match(words):
            return "premise", end
        if _THEN.fullmatch(words):
            return "then", end
        if _AND.fullmatch(words):
            return "and", end
        if not labels.trim(self.tokens[first:index]) and self._leads(words, end):
            self.notes.add(self.tokens[index].start, f"comment, not read: {words.strip()[:200]}")
            return "note", end
        return "", end

    def _leads(self, words: str, end: int) -> bool:
        """Is a text at the beginning a remark (`\\text{Loss: } L = …`) rather than a name (`\\text{tr} A`)?"""
        more = bool(labels.trim(self.tokens[end:]))
        return more and (words[-1:] in {" ", ":", "."} or len(words.split()) > 1) and not labels.is_label(words)

    def _add(self, first: int, last: int, lead: str) -> None:
        if labels.trim(self.tokens[first:last]) or lead in {"premise", "then"}:
            self.atoms.append(_Atom(first, last, lead))

    def _fold(self) -> list[_Atom]:
        """Atoms that are no statement of their own go back to the one before, what separated them included."""
        whole: list[_Atom] = []
        for atom in self.atoms:
            if whole and not self._separate(whole[-1], atom):
                whole[-1].last = atom.last
            else:
                whole.append(atom)
        return whole

    def _separate(self, left: _Atom, right: _Atom) -> bool:
        if right.lead in {"premise", "then"}:
            return True
        tokens = self.tokens[right.first : right.last]
        if self._is_label(left) or (right.lead == "wide" and self._is_label(right)):
            return True
        before = self.tokens[max(left.first, left.last - 4) : left.last]
        if begins_with(tokens, RELATIONS) or ends_with(before, OPERATORS):
            return False
        return self._relates(left) and self._relates(right)

    def _relates(self, atom: _Atom) -> bool:
        index = bisect_left(self.related, atom.first)
        return index < len(self.related) and self.related[index] < atom.last

    def _is_label(self, atom: _Atom) -> bool:
        return atom.last - atom.first < 20 and label_of(self.tokens[atom.first : atom.last]) is not None


def label_of(tokens: Tokens) -> str | None:
    """The label that is all these tokens hold: `\\text{II}`, `(2)`."""
    tokens = labels.trim(tokens)
    text = "".join(token.text for token in tokens)
    if tokens and tokens[0].text in TEXTS and group_end(tokens, 1) == len(tokens):
        inside = content(tokens[1:])
        return inside.strip() if labels.is_label(inside) else None
    return text if text.startswith("(") and text.endswith(")") and labels.is_label(text) else None


def statements(tokens: Tokens, role: Role, kind: Kind, notes: Notes) -> list[Draft]:
    """The statements of a row, in order; comments go to the notes. Labels found stand at the statement they follow."""
    if len(tokens) > LONGEST:
        return [Draft(labels.trim(tokens), kind, role)]
    tokens, label = labels.take(tokens)
    tokens, struck = unwrap(tokens)
    if struck:
        notes.add(tokens[0].start, "struck out")
        return [Draft(tokens, kind, "mention", label)]
    drafts: list[Draft] = []
    atoms = _Splitter(tokens, notes).run()
    for index, atom in enumerate(atoms):
        part, leads_on = tokens[atom.first : atom.last], False
        if index + 1 < len(atoms):
            leads_on, part = _under_arrow(part), _without_arrow(part)
        name = label_of(part)
        if name and drafts:
            drafts[-1].label = drafts[-1].label or name
        elif name:
            label = label or name
        else:
            found = _statement(part, _role(atom, role, drafts), kind, notes)
            for draft in found:
                draft.leads_on = leads_on
            drafts.extend(found)
    if drafts and label:
        drafts[0].label = drafts[0].label or label
    return drafts


def _role(atom: _Atom, role: Role, before: list[Draft]) -> Role:
    if atom.lead == "premise":
        return "assumption"
    if atom.lead == "then":
        return "conclusion" if any(draft.role == "assumption" for draft in before) else role
    # "a if x > 0 and y > 0": what follows an assumption is one, too
    return before[-1].role if before and before[-1].role != role else role


def _statement(tokens: Tokens, role: Role, kind: Kind, notes: Notes) -> list[Draft]:
    tokens, label = labels.take(labels.unpunctuate(tokens))
    tokens, name = _without_comments(labels.unpunctuate(tokens), notes)
    tokens, struck = unwrap(tokens)
    tokens, inner = labels.take(_without_operation(tokens, notes))
    tokens = labels.unpunctuate(tokens)
    if significant(tokens) is None or all(token.blank or token.text in _DOTS for token in tokens):
        return []
    return [Draft(tokens, kind, "mention" if struck else role, label or name or inner)]


def unwrap(tokens: Tokens) -> tuple[Tokens, bool]:
    """What \\boxed or \\cancel around the whole formula holds; was it struck out?"""
    struck = False
    for _ in range(NESTED):
        core = labels.unpunctuate(tokens)
        boxed, cancelled = labels.whole_group(core, _BOXES), labels.whole_group(core, _STRIKES)
        inside = boxed if boxed is not None else cancelled
        if not inside:
            return tokens, struck
        struck = struck or cancelled is not None
        tokens = inside
    return tokens, struck


def _without_comments(tokens: Tokens, notes: Notes) -> tuple[Tokens, str | None]:
    """Without `\\quad \\text{(chain rule)}` and arrows that lead to such a comment; a short text is a label."""
    label = None
    for _ in range(NESTED):
        start = labels.text_group_before(tokens, len(tokens))
        if start is None:
            break
        words, before = content(tokens[start + 1 :]), tokens[:start]
        if not _is_comment(words, before):
            break
        if before and labels.is_label(words):
            label = words.strip()
        else:
            notes.add(tokens[start].start, f"comment, not read: {words.strip()[:200]}")
        tokens = labels.unpunctuate(before)
        tokens = _without_arrow(tokens)
    return tokens, label


def _is_comment(words: str, before: Tokens) -> bool:
    rest = [token.text for token in before if not token.text.isspace()]
    if not rest or rest[-1] in WIDE or rest[-1] in {",", ";", ":"} or ends_with(before, ARROWS) or _under_arrow(before):
        return True
    return len(words.split()) > 1 or bool(_REASON.match(words))


def _under_arrow(tokens: Tokens) -> bool:
    """Do the tokens end in an arrow, be it with something written over it?"""
    return len(_without_arrow(tokens)) < len(labels.trim(tokens))


def _without_arrow(tokens: Tokens) -> Tokens:
    """Without an arrow that leads nowhere."""
    tokens = labels.trim(tokens)
    if ends_with(tokens, ARROWS):
        return labels.unpunctuate(tokens[:-1])
    last = next(
        (i for i in range(len(tokens) - 1, -1, -1) if tokens[i].text in {r"\xrightarrow", r"\xRightarrow"}), None
    )
    if last is not None and group_end(tokens, _after_option(tokens, last + 1)) == len(tokens):
        return labels.unpunctuate(tokens[:last])
    return tokens


def _after_option(tokens: Tokens, index: int) -> int:
    if index < len(tokens) and tokens[index].text == "[":
        return next((i + 1 for i in range(index, len(tokens)) if tokens[i].text == "]"), index)
    return index


def _without_operation(tokens: Tokens, notes: Notes) -> Tokens:
    """Without a note of what is done to both sides: `\\div t \\rightarrow`, `\\frac{\\div t}{\\div t} \\rightarrow`."""
    start = [token.text for token in tokens[:3] if not token.blank]
    if start[:1] != [r"\div"] and start[:3] != [r"\frac", "{", r"\div"]:
        return tokens
    arrow = next((index for index in relations(tokens) if tokens[index].text in ARROWS), None)
    if arrow is None:
        return tokens
    words = "".join(token.text for token in tokens[:arrow]).strip()
    notes.add(tokens[0].start, f"comment, not read: {words}")
    return tokens[arrow:]
