"""A closed form as source text: LaTeX, SymPy, NumPy or torch, to paste where it is computed with.

    tree, program ──adjoints──▶ straight-line names ──writer, languages, tables──▶ statements ──module──▶ text

Vectors and matrices go through `derive.emit.arrays`.
Only text is written here: none of the languages is imported, and nothing that is emitted is run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from derive.emit.identifiers import Identifiers, identifier
from derive.emit.languages import LANGUAGES as _WRITERS
from derive.emit.module import Task, module
from derive.errors import BadSpec, NoRule
from derive.matrix.nodes import has_arrays
from derive.program import Program
from derive.tree import Derivative, Name, Node, OffKinks
from derive.write import latex

if TYPE_CHECKING:
    from derive.expression import Expression
    from derive.problem import Problem
    from derive.steps import Derivation
    from derive.symbols import SymbolTable

LANGUAGES = ("latex", *_WRITERS)


def code_of_expression(expression: Expression, language: str) -> str:
    """A module with `value`, the expression as a function of its names. Raises BadSpec, NoRule, TooLarge."""
    if _known(language) == "latex":
        return expression.latex()
    title = f"{expression.latex()} in {_WRITERS[language].shown}."
    from derive.steps import with_total_derivatives

    tree = with_total_derivatives(expression.tree, Program())
    return module(title, [Task(tree)], Program(), expression.symbols, language)


def code_of_derivation(derivation: Derivation, language: str) -> str:
    """A module with `value` and `gradient`; of a formula of derivatives, `value` alone."""
    if _known(language) == "latex":
        return derivation.latex()
    _no_recurrences(derivation.program)
    arrays = derivation.f.has_array or derivation.closed.has_array
    left = Derivative(derivation.f, tuple(map(Name, derivation.wrt))) if arrays else derivation.left
    title = f"{latex(left)} in {_WRITERS[language].shown}."
    return module(
        title,
        [Task(derivation.f, derivation.wrt, derivation.closed, kinks=_kinks(derivation), layout=derivation.layout)],
        derivation.program,
        derivation.symbols,
        language,
    )


def code_of_backward(f: Node, wrt: tuple[str, ...], program: Program, symbols: SymbolTable, language: str) -> str:
    """A module with `value` and `gradient`, which returns the derivatives by all names of one backward pass."""
    if _known(language) == "latex":
        raise BadSpec("a backward pass is emitted as numpy or torch")
    if not has_arrays(f, *program.needed(f).values()):
        raise NoRule(
            "a backward pass by several names is emitted for vectors and matrices; ask for one name after another"
        )
    title = f"{latex(f)} and its derivatives in {_WRITERS[language].shown}."
    return module(title, [Task(f, wrt)], program, symbols, language)


def code_of_problem(problem: Problem, language: str) -> str:
    """A module with `gradient_ID` for every question, and `value_NAME` for every name that is differentiated."""
    if _known(language) == "latex":
        return "\n\n".join(problem.derivation(question).latex() for question in problem.formulas)
    _no_recurrences(problem.program)
    names = Identifiers()
    met: set[Node] = set()  # what several questions are about is emitted once
    tasks = []
    for question in problem.formulas:
        derivation = problem.derivation(question)
        f, asked = derivation.f, names.fresh(identifier(question.id.replace("-", "_")))
        about = names.fresh("value_" + (identifier(f.key) if isinstance(f, Name) else asked))
        tasks.append(
            Task(
                f,
                derivation.wrt,
                derivation.closed,
                "" if f in met and derivation.wrt else about,
                f"gradient_{asked}",
                layout=derivation.layout,
            )
        )
        met.add(f)
    return module(f"{problem.title}, in {_WRITERS[language].shown}.", tasks, problem.program, problem.table, language)


def _no_recurrences(program: Program) -> None:
    """Terms of sequences are no inputs of a function."""
    if program.recurrences:
        raise NoRule("no code for the terms of a recurrence; it is a loop over its own equations")


def _kinks(derivation: Derivation) -> tuple[Node, ...]:
    marked = derivation.off_kinks
    return marked.kinks if isinstance(marked, OffKinks) else ()


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise BadSpec(f"code is emitted as {', '.join(LANGUAGES)}, not as {language!r}")
    return language


__all__: Sequence[str] = [
    "LANGUAGES",
    "code_of_backward",
    "code_of_derivation",
    "code_of_expression",
    "code_of_problem",
]
