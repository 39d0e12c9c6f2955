r"""`L(w)`, `L(w^*)`, `L(2)` where L is a quantity of the problem → its value at an argument, which reads as a product.

An argument that is a name L depends on says nothing; one of its stem (`w^*`) stands for that name; of a number it is not
known which name it stands for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checks.scope import Scope
from derive.errors import Unreadable
from derive.read import read
from derive.tree import Name, Node, Number

_SCRIPTS = r"(?:_(?:\{[^{}]{1,20}\}|\w)|\^(?:\{[^{}]{1,20}\}|\*)){0,2}"
_NAME = rf"(?:\\[A-Za-z]{{1,20}}|[A-Za-z]){_SCRIPTS}"
_ARGUMENT = rf"(?:\\(?:hat|tilde|bar)\{{\s?[A-Za-z]\s?\}}|{_NAME}|-?\d+(?:\.\d+)?)"
_CALL = re.compile(
    rf"(?<![A-Za-z\\_^])(?:d(?=[A-Za-z\\]))?(?P<name>{_NAME})(?P<brackets>\s?(?:\\left)?\(\s?(?P<arguments>{_ARGUMENT}(?:\s?,\s?{_ARGUMENT}){{0,8}})\s?(?:\\right)?\))"
)
# \frac{\partial L}{\partial w}(0)
_OF_DERIVATIVE = re.compile(
    rf"\\frac\s?\{{\s?(?:\\partial|∂|d)[^{{}}]{{0,40}}\}}\s?\{{\s?(?:\\partial|∂|d)[^{{}}]{{0,40}}\}}"
    rf"(?P<brackets>\s?(?:\\left)?\(\s?(?P<argument>{_ARGUMENT})\s?(?:\\right)?\))"
)


@dataclass(frozen=True, slots=True)
class ValueAt:
    """A quantity at an argument, as it stands in a text."""

    text: str
    brackets: tuple[int, int]
    value: Mapping[str, Node] | None  # what stands for which input; empty where it says nothing; None: not known
    shown: str


def values_at(text: str, scope: Scope) -> list[ValueAt]:
    """The quantities of the problem that are followed by names and numbers in brackets."""
    called = [found for match in _CALL.finditer(text) if (found := _value_at(match, scope))]
    return called + [_derivative_at(match, scope) for match in _OF_DERIVATIVE.finditer(text)]


def without_arguments(text: str, called: Sequence[ValueAt]) -> str:
    """The text with blanks for the arguments, so that every place stays."""
    for call in called:
        start, end = call.brackets
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _value_at(match: re.Match[str], scope: Scope) -> ValueAt | None:
    name = _tree(match["name"], scope)
    if not isinstance(name, Name):
        return None
    keys = {key for part in scope.problem.parts if (key := scope.names_of(part).get(name.key))}
    if not keys or scope.problem.is_input(name.key):
        return None
    program = scope.program
    reached = {
        n
        for key in keys
        for n in (*program.inputs(program.definitions[key]), *program.needed(program.definitions[key]))
    }
    value: dict[str, Node] | None = {}
    arguments = [_tree(argument, scope) for argument in match["arguments"].split(",")]
    for argument in arguments:
        stands_for = _stands_for(argument, reached)
        if stands_for is None:
            value = None
        elif value is not None and argument != Name(stands_for):
            assert argument is not None
            value[stands_for] = argument
    if not any(isinstance(argument, Name | Number) for argument in arguments):
        return None
    said = f"${match['name']}{match['brackets'].strip()}$ is the value of ${match['name']}$"
    return ValueAt(match.group(), match.span("brackets"), value, said)


def _derivative_at(match: re.Match[str], scope: Scope) -> ValueAt:
    argument = _tree(match["argument"], scope)
    plain = isinstance(argument, Name) and scope.problem.is_input(argument.key)
    said = f"${match.group()}$ is the value of the derivative"
    return ValueAt(match.group(), match.span("brackets"), {} if plain else None, said)


def _stands_for(argument: Node | None, reached: set[str]) -> str | None:
    """The name an argument stands for: itself, or the one with its stem."""
    if not isinstance(argument, Name):
        return None
    if argument.key in reached:
        return argument.key
    stem = re.sub(r"\\(?:hat|tilde|bar)\{(.)\}", r"\1", argument.key).partition("^")[0].partition("_")[0]
    return stem if stem in reached else None


def _tree(text: str, scope: Scope) -> Node | None:
    try:
        return read(text, scope.table, free=True).tree
    except Unreadable:
        return None
