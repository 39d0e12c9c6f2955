"""A parse error → one sentence: the state the parser stopped in is looked up in a table of malformed samples.

The table is at once documentation, test data and error catalogue: each sample is parsed once when the first error is
met, and the state it fails in, with the token it fails at, says which diagnosis that state means (the idea is lark's
`match_examples`). What no sample covers gets the general sentence, naming the symbol at which reading stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from derive.errors import Unreadable
from derive.read.automaton import Stuck, Token

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A likely cause, the code and sentence for it, and samples (over x, y, z and a function f) that show it."""

    code: str
    reason: str
    hint: str
    samples: tuple[str, ...]


DIAGNOSES = (
    Diagnosis("operator-doubled", "two operators stand side by side", "remove one, or write what belongs between them",
              ("x + * y", "x * * y", "x + / y", "x / * y", "x - \\cdot y", "= \\cdot x", "\\frac{\\cdot x}{y}", "* x",
               "+ * x", "\\sqrt{/ x}", "|* x|", "f(/ x)", "x - -y", "x + -y", "- -x", "(- -x)", "= - -x")),
    Diagnosis("operand-missing", "the formula ends where a term or factor should follow", "complete it",
              ("x +", "x \\cdot", "x /", "-", "x - ", "x * -")),
    Diagnosis("side-missing", "a relation has nothing on one side", "write both sides",
              ("x =", "x = y \\le", "= ", "x = = y", "x < = y", "x + = y", "x \\cdot = y", "x \\Rightarrow", "x = \\Rightarrow y",
               "\\Rightarrow \\Rightarrow x", "x \\Rightarrow \\Rightarrow y")),
    Diagnosis("empty-bracket", "a bracket has nothing in it", "write what belongs inside",
              ("()", "x ()", "\\frac{}{x}", "\\frac{x}{}", "\\sqrt{}", "f()", "x + ()", "\\frac{x}{y}{}")),
    Diagnosis("operand-missing-in-bracket", "a bracket closes where a term or factor should follow", "complete it",
              ("(x +)", "(x \\cdot)", "\\frac{x +}{y}", "x^{y +}", "f(x -)", "\\left|x +\\right|", "\\sqrt{x \\cdot}", "f(x /)", "(-)",
               "\\frac{x}{y +}", "\\frac{x}{y \\cdot}", "\\sqrt[x +]{y}", "\\frac{\\partial (x +)}{\\partial y}",
               "(x -)", "\\frac{x -}{y}", "\\frac{x}{y -}", "x^{y -}", "f(x +)", "\\left|x -\\right|", "\\sqrt{x +}", "\\sqrt{x -}",
               "\\sqrt[x -]{y}", "\\frac{x /}{y}", "x^{y \\cdot}", "x^{y /}", "f(x \\cdot)", "(x /)", "\\frac{x}{-}", "x^{-}", "f(-)")),
    Diagnosis("relation-in-expression", "a relation stands inside a bracket, fraction or exponent",
              "write each statement on its own",
              ("x (y = z)", "x + (y = z)", "(x = y) z", "(x = y) + z", "(x = y) \\cdot z", "(x = y)^{z}", "-(x = y)",
               "\\frac{x = y}{z}", "x^{y = z}", "f(x < y)", "\\sqrt{x = y}", "|x = y|", "\\frac{\\partial x = y}{\\partial z}")),
    Diagnosis("connective-in-expression", "“and” or “or” stands where it joins no two statements",
              "write a relation on both sides: x = 1 \\text{ or } x = 2",
              ("x = (y \\lor z)", "(y \\lor z)", "(y \\land z)", "f(x \\lor y)", "\\lor x", "x \\lor", "x = y \\lor", "x = y \\land", "x (y \\lor z)",
               "\\frac{x \\lor y}{z}", "x \\lor \\lor y", "x = y \\land \\lor z")),
    Diagnosis("stray-comma", "a comma stands where no list is", "write one formula at a time",
              ("x , y", "x = y , z", "\\frac{x, y}{z}", ", x", "(, x)")),
    Diagnosis("list-incomplete", "the list of arguments is incomplete", "write an argument on both sides of the comma",
              ("f(x,)", "f(,x)", "f(x,,y)")),
    Diagnosis("stray-differential", "a differential ∂ or d stands outside a derivative",
              "write \\frac{\\partial y}{\\partial x}, or declare d if it is a name",
              ("\\partial x", "x \\partial y", "\\partial x + y", "\\partial x = y", "x + \\partial y z",
               "\\frac{x}{y} \\partial", "\\partial f(x)", "\\partial (x)", "x = \\partial")),
    Diagnosis("derivative-incomplete", "a derivative does not say by what it is taken", "write \\frac{\\partial y}{\\partial x}",
              ("\\frac{\\partial x}{\\partial}", "\\frac{\\partial}{\\partial}", "\\frac{\\partial x}{\\partial (x + y)}",
               "\\frac{\\partial x}{\\partial 2}", "\\partial x / \\partial", "\\partial x / y", "\\frac{\\partial x}{\\partial y + z}",
               "\\frac{\\partial x}{\\partial y \\cdot z}", "\\frac{\\partial x}{\\partial f}", "\\frac{\\partial x}{\\partial y z}",
               "\\partial x / \\partial 2", "\\frac{\\partial x}{\\partial \\frac{x}{y}}")),
)  # fmt: skip


def diagnosed(stuck: Stuck, text: str, tokens: Sequence[Token]) -> Unreadable:
    """The error of a formula as Unreadable, with its place and likely cause."""
    at_end = stuck.token is None
    offset = len(text) if stuck.token is None else stuck.token.start_pos
    end = len(text) if stuck.token is None else stuck.token.end_pos
    found = _states().get((stuck.state, stuck.symbol))
    if found is None:
        shown = "the end" if at_end else text[offset:end]
        return Unreadable("syntax", f"reading stopped at {shown}", text=text, offset=offset, length=end - offset,
                          hint="check what stands before it")  # fmt: skip
    if at_end and tokens:
        offset = tokens[-1].start_pos
        end = tokens[-1].end_pos
    return Unreadable(found.code, found.reason, text=text, offset=offset, length=end - offset, hint=found.hint)


def empty(text: str) -> Unreadable:
    """Nothing but spaces."""
    return Unreadable("empty", "there is no formula here", text=text, hint="write one")


@lru_cache(maxsize=1)
def _states() -> dict[tuple[int, str], Diagnosis]:
    """Which diagnosis a parser state means when it meets a token; the first sample that reaches it names it."""
    from derive.read import parser
    from derive.read.lexer import lex
    from derive.symbols import SymbolTable

    table = SymbolTable.from_specs({"x": "real", "y": "real", "z": "real", "f": "function"})
    states: dict[tuple[int, str], Diagnosis] = {}
    for diagnosis in DIAGNOSES:
        for sample in diagnosis.samples:
            try:
                parser().run(lex(sample, table).tokens)
            except Stuck as stuck:
                states.setdefault((stuck.state, stuck.symbol), diagnosis)
    return states
