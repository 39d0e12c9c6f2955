"""Words around formulas → their roles: what follows "if" is an assumption, what follows "then" holds under it only.

One pass, one state for the sentence at hand. The table `WORDS` is all the vocabulary there is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checks.submission.document import Role

# premise: an assumption the sentence hangs on     reason: an assumption that is stated as true
# noun: as premise, but a comma never ends it      then: the main clause      case: main clause under a premise
WORDS = {
    "premise": r"if|whether|when|whenever|given(?!\s+by)|provided|as long as|unless|in case|wenn|اگر|إذا",
    "set": r"suppos(?:e|ing)|assum(?:e|ing|ption)|let(?!['’]s|\s+us)|angenommen",
    "reason": r"since|because|where|for (?:all|every|each|any)|weil",
    "noun": r"cases?|situations?|conditions?",
    "case": r"in (?:this|that|which|either|both|the \w+) (?:case|situation)s?|otherwise",
    "then": r"then|so(?!-)|thus|therefore|hence|consequently|we (?:have|get|obtain|find|see)|it follows|implies|imply"
    r"|gives|yields|dann|daher|somit|alors|donc|پس",
    "start": r"falls|si",  # only where a sentence begins: in English the loss falls, too
}
_ABBREVIATION = r"(?:e\.g|i\.e|eqs?|cf|resp|figs?|vs|w\.r\.t|thm|sec|ch|approx|def|prop|lem)\."
_SCAN = re.compile(
    rf"\b(?P<abbreviation>{_ABBREVIATION})|\b(?:"
    + "|".join(rf"(?P<{kind}>{WORDS[kind]})" for kind in ("case", "premise", "set", "reason", "noun", "then", "start"))
    + r")\b|(?P<stop>[.!?。؟](?=\s|$|['\")]))|(?P<comma>[,،])|(?P<word>[^\W\d_]+)",
    re.IGNORECASE,
)
_NEXT_ONLY = re.compile(r"\b(?:for|at|für|bei)(?:\s+(?:the\s+)?point)?\s*$", re.IGNORECASE)
_ALSO = re.compile(r"\s*(?:,|\band\b|\bor\b|\s)*", re.IGNORECASE)
_OPEN_END = re.compile(
    rf"\b(?:{WORDS['premise']}|{WORDS['set']}|{WORDS['reason']}|then)(?:\s+that)?\s*[,:]?\s*$", re.IGNORECASE
)
_POSTPOSED = re.compile(
    r"[^\S\n]*,?[^\S\n]*\n?[^\S\n]*(?:only\s+)?(?-i:(?![A-Z][a-z]))(?:if|when|whenever|provided|unless|as long as)\b",
    re.IGNORECASE,
)
# "Since $a < 1$," and then a display: what the sentence says; after "where" a display is one more of a list
_MAIN_CLAUSE = re.compile(
    r"\b(?:if|when|whenever|since|because|weil|wenn)\b(?!.*\b(?:where|for)\b).*[,،]\s*$", re.IGNORECASE | re.DOTALL
)
_CARRIED = re.compile(rf"\s*(?:and\s+)?(?:{WORDS['then']}|{WORDS['case']})\b", re.IGNORECASE)
_STOP = re.compile(r"[.!?。؟](?=\s|$)")
HEARD = 300  # characters of a sentence that are kept
_TAIL = 200  # characters: the end of a text long enough for the patterns anchored there


class Prose:
    """The sentence at hand."""

    def __init__(self) -> None:
        self.number = 0  # of the sentence
        self.since = 0  # the sentence whose premises hold in this one: "If A, then B. Hence C."
        self.fresh, self.hangs, self.formulas = True, False, 0
        self._before: int | None = None  # the sentence to which one that begins with "hence" goes back
        self._reset()
        self.broken = False  # a paragraph has ended
        self.open_end = False  # …with the words "Suppose that", so that a display may complete the sentence
        self.displayed = False  # a display was the last thing met

    @property
    def lasting(self) -> bool:
        """Does what is assumed here hold beyond the sentence: "Let $x = 2$."?"""
        return self.mode == "assumption" and self.clause == "set"

    def _reset(self) -> None:
        if self.formulas:
            self._before = self.since if self.hangs else None
        self.number += 1
        self.since = self.number
        self.hangs = False  # the sentence has a premise that ends with it
        self.heard = ""  # the words of the sentence
        self.fresh = True  # no word of the sentence read
        self.mode: Role = "claim"
        self.under = False  # the sentence has a premise
        self.clause = ""  # kind of the word that opened the clause
        self.words = 0  # since then
        self.formulas = 0
        self.only: Role | None = None  # role of the next formula alone: "at $x = 0$"

    def feed(self, text: str) -> None:
        """Prose up to the next formula or the end of the line."""
        if not text.strip():
            return
        if self.broken:
            self._begin(text)
        if self.displayed and text.lstrip()[:1].isupper():
            self.number, self.heard = self.number + 1, ""
            self.since = self.since if _CARRIED.match(text) else self.number
        self.displayed = False
        if not _ALSO.fullmatch(text):
            self.only = None
        start = 0
        for match in _SCAN.finditer(text):
            self._meet(match.lastgroup or "")
            start = match.end() if match.lastgroup == "stop" else start
        self.heard = f"{self.heard} {text[start:]}"[-HEARD:]
        tail = text[-_TAIL:]
        self.open_end = bool(_OPEN_END.search(tail))
        if _NEXT_ONLY.search(tail):
            self.only = "assumption"

    def _begin(self, text: str) -> None:
        under = self.under and re.match(r"\s*then\b", text, re.IGNORECASE) is not None
        self._reset()
        self.under, self.broken = under, False

    def _meet(self, kind: str) -> None:
        if kind == "stop":
            self._reset()
            return
        fresh, self.fresh = self.fresh, False
        if kind == "comma":
            self._comma()
        elif kind in {"premise", "set", "reason", "noun"}:
            self.mode, self.clause, self.words, self.formulas = "assumption", kind, 0, 0
            self.under = self.under or kind != "reason"
            self.hangs = self.hangs or kind in {"premise", "noun"}
        elif kind == "start" and fresh:
            self._meet("premise")
        elif kind in {"then", "case"}:
            carried = fresh and self._before is not None and not self.formulas
            if carried and self._before is not None:
                self.since, self.hangs = self._before, True
            self.under = self.under or carried or kind == "case"
            self.then()
        else:
            self.words += 1

    def _comma(self) -> None:
        """ "When we differentiate, $…$": a clause of words is over; one of formulas may be a list."""
        if self.clause in {"premise", "reason"} and not self.formulas and self.words > 1:
            self.then()

    def then(self) -> None:
        """The main clause begins."""
        self.mode, self.clause = ("conclusion" if self.under else "claim"), ""

    def sentence(self) -> None:
        """A list item or heading begins."""
        self._reset()
        self._before = None

    def paragraph(self) -> None:
        """A blank line."""
        self.broken = True

    def role(self, *, display: bool = False, states: bool = False) -> Role:
        """Role of a formula that stands here; one that states something after "for" is a special case: `for $y = 1$ …`."""
        if self.broken and not (display and self.open_end):
            number, since, heard = self.number, self.since, self.heard
            self._reset()
            if display and heard.rstrip().endswith((":", ",")):
                # "For $x = 2$:", and a display after a blank line
                self.number, self.since, self.heard = number, since, heard
            self.broken = False
        if display and self.clause in {"premise", "reason"} and self.formulas and _MAIN_CLAUSE.search(self.heard):
            self.then()
        if display:
            self.open_end, self.displayed = False, True
        self.formulas += 1
        special = self.only == "assumption" and states
        self.under, self.hangs = self.under or special, self.hangs or special
        return self.only or self.mode

    @staticmethod
    def to_the_stop(text: str) -> str:
        """The rest of the sentence, as far as it goes in this text."""
        return _STOP.split(text, maxsplit=1)[0]

    @staticmethod
    def postposed(text: str) -> bool:
        """Does the text make the formula before it conditional: "$A$ if $B$"?"""
        return _POSTPOSED.match(text) is not None
