"""Questions of a problem: what is asked or claimed in a part, what else is accepted, and the wrong forms met before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from derive.errors import BadSpec
from derive.fields import did_you_mean, list_field, only_fields, points_field, text_field, texts_field
from derive.parts import Part, across_parts, reading_table
from derive.read import read
from derive.symbols import SymbolTable
from derive.tree import HasProperty, Node, names, states

_WORDS = re.compile(r"(\s+[A-Za-z][A-Za-z-]+\b(?:\s+[A-Za-z][A-Za-z-]+\b)*\s*)")  # but `\tanh`, `\operatorname{ReLU}`
_FIELDS = {"id", "part", "ask", "claim", "points", "accepts", "rejects", "layout"}
_REJECT_FIELDS = {"latex", "code", "hint"}


@dataclass(frozen=True, slots=True)
class Reject:
    """A wrong form met before, with the code it must be refuted with and a hint for whoever wrote it."""

    latex: str
    code: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Something asked of a part: a formula to be worked out, or a statement to be shown (a claim); over the program's keys."""

    id: str
    part: str
    ask: Node
    latex: str
    points: float = 1.0
    accepts: tuple[str, ...] = ()
    rejects: tuple[Reject, ...] = ()
    layout: str = ""  # of a derivative by a vector or matrix; empty: gradient of a scalar, Jacobian of a column

    @property
    def typeset(self) -> str:
        """What is asked as LaTeX to be set: the words of `s is convex` as text."""
        return (
            _WORDS.sub(r"\\text{\1}", self.latex)
            if isinstance(self.ask, HasProperty) and r"\text" not in self.latex
            else self.latex
        )

    @property
    def is_claim(self) -> bool:
        """Whether a statement is to be shown, and nothing is derived."""
        return states(self.ask)


def question_of(data: Mapping[str, Any], parts: Mapping[str, Part], inputs: SymbolTable) -> Question:
    """A question from its fields. Raises BadSpec, Unreadable."""
    only_fields(data, _FIELDS, "question")
    if "id" not in data or ("ask" in data) == ("claim" in data):
        raise BadSpec("a question has an id, and one of ask (a formula to work out) and claim (a statement to show)")
    what, field_name = f"question {data['id']!r}", "claim" if "claim" in data else "ask"
    id_, written = text_field(data, "id", "question"), text_field(data, field_name, what)
    part = text_field(data, "part", what, next(iter(parts)))
    if part not in parts:
        raise BadSpec(f"{what}: there is no part {part!r}{did_you_mean(part, parts)}")
    table = reading_table(inputs, parts, part)
    tree = read(written, table).tree
    if states(tree) and field_name == "ask":
        raise BadSpec(f"{what}: ask for a formula; a relation to be shown is a claim")
    if not states(tree) and field_name == "claim":
        raise BadSpec(f"{what}: a claim is a relation; a formula to work out goes into ask")
    ask = across_parts(tree, part, parts)
    unknown = [n for n in names(ask) if n not in table and "@" not in n]
    if unknown:
        raise BadSpec(f"{what}: {unknown[0]} is not defined")
    rejects = []
    for reject in list_field(data, "rejects", what):
        only_fields(reject, _REJECT_FIELDS, f"{what}: rejects")
        if not {"latex", "code"} <= set(reject):
            raise BadSpec(f"{what}: each of rejects has latex and code")
        rejects.append(Reject(*(text_field(reject, name, f"{what}: rejects") for name in ("latex", "code", "hint"))))
    from derive.matrix.layouts import LAYOUTS

    layout = text_field(data, "layout", what)
    if layout and layout not in LAYOUTS:
        raise BadSpec(f"{what}: layout {layout!r} is not known{did_you_mean(layout, LAYOUTS)}")
    accepts = texts_field(data, "accepts", what)
    return Question(id_, part, ask, written, points_field(data, what), accepts, tuple(rejects), layout)
