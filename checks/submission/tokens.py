"""The text of a formula → tokens fine enough to find its rows, cells, labels and statements; the tables of signs.

This is not the reader of formulas: it knows brackets, relations and spacing, and nothing about what a name means.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 50_000  # characters; a longer formula is one token, so that no hostile line is taken apart


def table(words: str) -> frozenset[str]:
    return frozenset(words.split())


ARROWS = table(
    r"\Rightarrow \implies \Longrightarrow \iff \Leftrightarrow \Longleftrightarrow \to \rightarrow \longrightarrow "
    r"\xrightarrow \xRightarrow \leadsto \therefore => -> <=> ⇒ ⟹ → ⟶ ⇔ ⟺ ∴"
)
RELATIONS = ARROWS | table(
    r"= < > <= >= == != := \le \leq \leqslant \ge \geq \geqslant \lt \gt \ll \gg \approx \equiv \ne \neq \sim \simeq "
    r"\cong \propto \doteq \triangleq \coloneqq \preceq \succeq \prec \succ \in \ni \notin \subset \subseteq "
    r"\stackrel \overset \not \mapsto ≤ ≥ ≦ ≧ ≪ ≫ ≈ ≡ ≠ ∼ ≃ ≅ ∝ ∈ ∉ ⊂ ⊆ ≼ ≽ ≜ ≔"
)
# No statement begins with one of these: it carries on the line before.
JOINERS = table(r"+ * / \cdot \times \odot \otimes \oplus \circ \ast · × ⊙ ∘ ⋅")
SIGNS = table(r"- − \pm \mp ± ∓")  # these may begin a statement, too
OPERATORS = JOINERS | SIGNS | RELATIONS  # a statement ends with none of these
SPACES = table(
    r"\quad \qquad \, \; \: \! \> \/ ~ \hfill \hspace \displaystyle \textstyle \limits \nolimits "
    r"\hline \allowbreak \thinspace \enspace \noindent \relax \par"
) | {"\\ ", "\\\n"}
WIDE = frozenset({r"\quad", r"\qquad", r"\hfill", "&"})
TEXTS = table(r"\text \textrm \textit \textbf \textnormal \textsf \mbox \hbox \intertext \shortintertext")
PUNCTUATION = frozenset({",", ";", ".", ":", "。", "，"})

_OPEN = {"(": "(", "[": "(", "{": "{", r"\{": "(", r"\langle": "(", r"\lfloor": "(", r"\lceil": "(",
         r"\lvert": "(", r"\lVert": "(", r"\lbrace": "(", r"\lbrack": "("}  # fmt: skip
_CLOSE = {")": "(", "]": "(", "}": "{", r"\}": "(", r"\rangle": "(", r"\rfloor": "(", r"\rceil": "(",
          r"\rvert": "(", r"\rVert": "(", r"\rbrace": "(", r"\rbrack": "("}  # fmt: skip

_TOKEN = re.compile(
    r"""\\(?:begin|end)\s*\{[A-Za-z]{1,30}\*?\}
      | \\(?:left|right|middle|[bB]igg?[lrm]?)(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\.|\S)?
      | \\\\\*?(?:\[\s*-?[\d.]{1,9}\s*[a-z]{2}\s*\])?
      | \\(?:tag|operatorname|hspace)\*
      | \\[A-Za-z]+ | \\. | \\
      | \s+
      | <=> | => | <= | >= | -> | != | := | ==
      | [{}()\[\]&,;.:=<>+\-−*/~·×⊙∘⋅±∓≤≥≦≧≪≫≈≡≠∼≃≅∝∈∉⊂⊆≼≽≜≔⇒⟹→⟶⇔⟺∴。，①-⑳]
      | [^\\\s{}()\[\]&,;.:=<>+\-−*/~!·×⊙∘⋅±∓≤≥≦≧≪≫≈≡≠∼≃≅∝∈∉⊂⊆≼≽≜≔⇒⟹→⟶⇔⟺∴。，①-⑳]+
      | .""",
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A run of the page from offset `start` on."""

    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def blank(self) -> bool:
        return self.text.isspace() or self.text in SPACES


Tokens = list[Token]


def tokenize(text: str, start: int, end: int) -> Tokens:
    """The tokens of text[start:end]; together they are that text."""
    if end - start > LONGEST:
        return [Token(start, text[start:end])]
    return [Token(match.start(), match.group()) for match in _TOKEN.finditer(text, start, end)]


def bracket(text: str) -> tuple[int, str]:
    """(+1, kind) for what opens, (−1, kind) for what closes, else (0, "")."""
    if text in _OPEN:
        return 1, _OPEN[text]
    if text in _CLOSE:
        return -1, _CLOSE[text]
    if text.startswith("\\") and len(text) > 4:
        return _command_bracket(text)
    return 0, ""


def _command_bracket(text: str) -> tuple[int, str]:
    if text.startswith((r"\begin", r"\end")) and text.endswith("}"):
        return (1 if text[1] == "b" else -1), "env"
    if re.match(r"\\left(?![A-Za-z])", text):
        return 1, "("
    if re.match(r"\\right(?![A-Za-z])", text):
        return -1, "("
    if re.match(r"\\[bB]igg?[lrm]?(?![A-Za-z])", text):
        return bracket(re.sub(r"^\\[A-Za-z]+\s*", "", text))
    return 0, ""


class Brackets:
    """A stack of open brackets that survives lost ones: a brace closes what was left open inside it."""

    def __init__(self) -> None:
        self.stack: list[str] = []
        self.count = {"(": 0, "{": 0, "env": 0}

    def step(self, text: str) -> int:
        """Depth at which the token stands; brackets count as inside of themselves."""
        turn, kind = bracket(text)
        if turn > 0:
            self.stack.append(kind)
            self.count[kind] += 1
        depth = len(self.stack)
        if turn < 0:
            depth = max(depth, 1)
            self._close(kind)
        return depth

    def _close(self, kind: str) -> None:
        if not self.count[kind] or (kind == "(" and self.stack[-1] != "("):
            return
        while True:
            last = self.stack.pop()
            self.count[last] -= 1
            if last == kind:
                return

    @property
    def hard(self) -> int:
        """Open braces and environments: a row of a display does not end inside one."""
        return self.count["{"] + self.count["env"]


def depths(tokens: Sequence[Token]) -> list[int]:
    """For each token the number of brackets around it."""
    brackets = Brackets()
    return [brackets.step(token.text) for token in tokens]


def group_end(tokens: Sequence[Token], index: int) -> int:
    """Index after the braces that open at or, over blanks, after `index`; `index` itself where none open."""
    first = index
    while first < len(tokens) and tokens[first].text.isspace():
        first += 1
    if first == len(tokens) or tokens[first].text != "{":
        return index
    depth = 0
    for position in range(first, len(tokens)):
        depth += {"{": 1, "}": -1}.get(tokens[position].text, 0)
        if depth == 0:
            return position + 1
    return len(tokens)


def content(tokens: Sequence[Token]) -> str:
    """What a group holds, its braces off."""
    return "".join(token.text for token in tokens).strip().removeprefix("{").removesuffix("}")


def script(tokens: Sequence[Token], index: int) -> bool:
    """Is the sign at `index` a superscript or subscript, as the star of `z^*`?"""
    return index > 0 and tokens[index - 1].text.endswith(("^", "_"))


def significant(tokens: Sequence[Token]) -> Token | None:
    """The first token that is neither blank nor an invisible delimiter nor an empty group."""
    for index, token in enumerate(tokens):
        text = token.text
        if token.blank or text in {"&", r"\left.", r"\right."}:
            continue
        if text == "{" and tokens[index + 1 : index + 2] and tokens[index + 1].text == "}":
            continue
        if text == "}" and index and tokens[index - 1].text == "{":
            continue
        return token
    return None


def relations(tokens: Sequence[Token]) -> list[int]:
    """Indices of the relations outside all brackets."""
    levels = depths(tokens)
    return [
        index
        for index, token in enumerate(tokens)
        if token.text in RELATIONS and levels[index] == 0 and not script(tokens, index)
    ]


def begins_with(tokens: Sequence[Token], signs: frozenset[str]) -> bool:
    first = significant(tokens)
    return first is not None and first.text in signs


def ends_with(tokens: Sequence[Token], signs: frozenset[str]) -> bool:
    for index in range(len(tokens) - 1, -1, -1):
        text = tokens[index].text
        if not tokens[index].blank and text not in {r"\left.", r"\right.", "&"}:
            return text in signs and not script(tokens, index)
    return False
