"""A formula of arrays → the functions `value` and `gradient` of a module: names in order, then their adjoints backwards.

Vectors, columns and rows alike, are arrays of one axis, matrices of two; sizes are taken from the arguments. A transpose of
a vector is therefore nothing, x yᵀ an outer product, and A x is `A @ x`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from derive.emit.arrays.backward import Backward
from derive.emit.arrays.lower import Lowering, axes_of
from derive.emit.arrays.settle import settled
from derive.emit.arrays.stable import stable_arrays
from derive.emit.arrays.text import Text, letters_in
from derive.emit.arrays.values import Value, reachable
from derive.emit.identifiers import Identifiers, identifier
from derive.emit.languages import LANGUAGES
from derive.emit.piece import ATOM, Piece
from derive.emit.text import as_arrays, derivative_prefix, docstring, meaning
from derive.emit.writer import Module
from derive.errors import NoRule
from derive.functions import FUNCTIONS
from derive.matrix.entries import in_vectors
from derive.matrix.facts import without_facts
from derive.matrix.nodes import Dimension
from derive.matrix.products import apart_products
from derive.matrix.shapes import shape_of
from derive.program import Program
from derive.rules import with_named_functions
from derive.symbols import SymbolTable
from derive.tree import Call, Name, Node, walk
from derive.write import function_name, latex

REVERSED = ("gradient", "vjp", "jacobian-transposed", "derivative")  # the cotangent goes backwards where f is a number
KINDS = {
    "numpy": "Vectors have one axis, matrices two, of 64-bit floats; numbers are floats.",
    "torch": "Tensors of one floating dtype: vectors have one axis, matrices two, numbers none.",
}


@dataclass(frozen=True, slots=True)
class ArrayTask:
    """What is asked for: f, and its derivative by one name in a layout (`closed`), or by several in one pass."""

    f: Node
    wrt: tuple[str, ...] = ()
    closed: Node | None = None
    layout: str = "gradient"
    value: str = "value"  # what the functions are called; without a name the value is left out
    gradient: str = "gradient"


@dataclass(frozen=True, slots=True)
class _Function:
    """One function to write: its values, those that have a name, and the results."""

    name: str
    heading: str
    results: list[Value]
    labels: list[tuple[Value, str, str]]  # value, prefix, the name it has


def array_functions(
    task: ArrayTask, program: Program, symbols: SymbolTable, language: str, written: Module
) -> list[str]:
    """The texts of the functions. Raises NoRule, TooLarge."""
    if language not in KINDS:
        raise NoRule("code for vectors and matrices is emitted as numpy and torch")
    lowering, f = _prepared(task, program, symbols)
    functions = [_value(task, f, lowering)] if task.value else []
    if task.wrt:
        functions.append(_gradient(task, f, lowering, symbols))
    return [_Emitter(one, task, f, lowering, symbols, language, written).text() for one in functions]


def _prepared(task: ArrayTask, program: Program, symbols: SymbolTable) -> tuple[Lowering, Node]:
    """The definitions with sums over whole ranges as products, in stable forms, and f."""
    arrays = [key for key, symbol in symbols.items() if symbol.is_array and symbol.role != "delta"]

    def form(tree: Node) -> Node:
        tree = with_named_functions(tree, symbols)
        for key in dict.fromkeys([*task.wrt, *(key for key in arrays if key in tree.names)]):
            tree = apart_products(in_vectors(tree, key), key)
        return stable_arrays(without_facts(tree, set(task.wrt)))

    f = form(task.f)
    definitions = {key: form(tree) for key, tree in program.needed(task.f).items()}
    return Lowering(definitions, symbols), f


def _value(task: ArrayTask, f: Node, lowering: Lowering) -> _Function:
    return _Function(task.value, latex(task.f), [lowering.value(f)], _definitions(lowering))


def _definitions(lowering: Lowering) -> list[tuple[Value, str, str]]:
    return [
        (lowering.values.held(lowering.value(tree), named=True), "", key) for key, tree in lowering.definitions.items()
    ]


def _gradient(task: ArrayTask, f: Node, lowering: Lowering, symbols: SymbolTable) -> _Function:
    """By reverse accumulation where one cotangent goes backwards; other layouts by their closed form."""
    heading = f"{task.layout.replace('-', ' ')} of {latex(task.f)} by {', '.join(task.wrt)}"
    labels = _definitions(lowering)
    cotangent = _seed(task, f, lowering)
    if cotangent is not None:
        backward = Backward(lowering, symbols, task.wrt)
        try:
            found = backward.gradients(f, cotangent)
        except NoRule:
            if task.closed is None:
                raise
        else:
            results = [found.get(key) or _zero(key, lowering, symbols) for key in task.wrt]
            adjoints = [(value, "grad_", key) for key, value in backward.adjoints]
            return _Function(task.gradient, heading, results, [*labels, *adjoints])
    if task.closed is None:
        raise NoRule("derivatives by several names are those of a number")
    closed = stable_arrays(with_named_functions(task.closed, symbols))
    return _Function(task.gradient, f"{heading}: {latex(task.closed)}", [lowering.value(closed)], labels)


def _seed(task: ArrayTask, f: Node, lowering: Lowering) -> Value | None:
    """The cotangent of f: 1 of a number, the upstream gradient where that is asked for."""
    shape = shape_of(f)
    if task.layout == "vjp":
        upstream = next((s for s in lowering.table.values() if s.role == "upstream"), None)
        named = [node for node in walk(task.closed) if getattr(node, "role", "") == "upstream"] if task.closed else []
        key = upstream.key if upstream is not None else named[0].names[0] if named else None
        return None if key is None else lowering.values.make("input", data=key, axes=axes_of(shape))
    return lowering.values.number(1) if shape == (1, 1) and task.layout in REVERSED else None


def _zero(key: str, lowering: Lowering, symbols: SymbolTable) -> Value:
    shape = symbols[key].shape if key in symbols and symbols[key].is_array else None
    return lowering.values.filled(lowering.values.number(0), axes_of(shape) if shape else ())


class _Emitter:
    """Writes one function."""

    def __init__(
        self, one: _Function, task: ArrayTask, f: Node, lowering: Lowering, symbols: SymbolTable, language: str, written: Module
    ) -> None:  # fmt: skip
        self.one, self.task, self.f, self.lowering, self.symbols = one, task, f, lowering, symbols
        self.language, self.written = language, written
        self.names = Identifiers(frozenset({"value", "gradient"}))
        self.results, self.labels = self._settled()
        self.live = reachable(*self.results)

    def _settled(self) -> tuple[list[Value], list[tuple[Value, str, str]]]:
        named = {value.place for value, _, _ in self.one.labels}
        done = settled(self.lowering.values, self.one.results, named)
        labels = [(done[v.place], prefix, key) for v, prefix, key in self.one.labels if v.place in done]
        return [done[v.place] for v in self.one.results], labels

    def text(self) -> str:
        inputs = self._inputs()
        letters = self._letters()
        own = self._taken_from(inputs, letters)
        parameters = [self.names.of(key) for key in inputs]
        lone = [letter for letter in letters if letter not in own]
        sizes = {letter: self.names.of(letter, "" if letter not in inputs else "size_") for letter in letters}
        for key in inputs:
            if key in self.symbols and self.symbols[key].kind == "complex":
                raise NoRule(f"code for vectors and matrices is emitted for real names only, and {key} is complex")
        callables = self._callables()
        functions = [self.names.of(name, derivative_prefix(order)) for name, order in callables]
        writer = LANGUAGES[self.language](self.written, self.names, parameters[0] if parameters else "")
        for key, name in zip(inputs, parameters, strict=True):
            writer.known[key] = Piece(name, ATOM)
        if self.language == "numpy":
            as_arrays(writer, parameters)
        head_lines, writer.lines = writer.lines, []
        labels = [(value, self.names_for(prefix, key)) for value, prefix, key in self.labels]
        shown = Text(writer, sizes).statements(labels, self.results)
        writer.line(f"return {', '.join(shown)}")
        mentioned = set(re.findall(r"\w+", "\n".join(writer.lines)))
        lone = [letter for letter in lone if sizes[letter] in mentioned]
        taken = [
            f"    {sizes[letter]} = {self.names.of(key)}.shape[{axis}]"
            for letter, (key, axis) in own.items()
            if sizes[letter] in mentioned
        ]
        head = f"def {self.one.name}({', '.join([*parameters, *(sizes[letter] for letter in lone), *functions])}):"
        notes = self._notes(inputs, [(letter, sizes[letter]) for letter in lone], callables)
        return "\n".join([head, docstring(notes, 1), *head_lines, *taken, *writer.lines])

    def names_for(self, prefix: str, key: str) -> str:
        return prefix + identifier(key)

    def _inputs(self) -> list[str]:
        """The arguments in the order declared: those of f and of what is returned."""
        of_f = self.lowering.value(self.f)
        met = [v.data for v in reachable(*self.results, of_f) if v.op == "input"]
        met += [key for key in self.task.wrt if key in self.symbols and key not in self.lowering.definitions]
        order = {key: index for index, key in enumerate(self.symbols)}
        return sorted(dict.fromkeys(met), key=lambda key: order.get(key, len(order)))

    def _letters(self) -> list[str]:
        """The sizes and indices the code mentions, in the order declared."""
        found: dict[str, None] = {}
        for value in self.live:
            found.update(dict.fromkeys(letters_in(value)))
        order = {key: index for index, key in enumerate(self.symbols)}
        return sorted(found, key=lambda letter: order.get(letter, len(order)))

    def _taken_from(self, inputs: list[str], letters: list[str]) -> dict[str, tuple[str, int]]:
        """The argument and axis that says a size."""
        axes: Mapping[str, tuple[Dimension, ...]] = {
            v.data: v.axes for v in reachable(*self.results, self.lowering.value(self.f)) if v.op == "input"
        }
        found: dict[str, tuple[str, int]] = {}
        for key in inputs:
            for axis, size in enumerate(axes.get(key) or self._declared(key)):
                if size in letters:
                    found.setdefault(str(size), (key, axis))
        return found

    def _declared(self, key: str) -> tuple[Dimension, ...]:
        symbol = self.symbols.get(key)
        return axes_of(symbol.shape) if symbol is not None and symbol.is_array and symbol.shape else ()

    def _callables(self) -> list[tuple[str, int]]:
        """The general functions and the orders of derivative that are called, lowest first."""
        calls = {
            (node.function, node.order)
            for value in self.live
            if value.op == "apply"
            for node in walk(value.data)
            if isinstance(node, Call) and node.function not in FUNCTIONS
        }
        met = {name: index for index, name in enumerate(self.symbols)}
        return sorted(calls, key=lambda c: (met.get(c[0], len(met)), *c))

    def _notes(self, inputs: list[str], lone: list[tuple[str, str]], callables: list[tuple[str, int]]) -> list[str]:
        lines = [self.one.heading]
        given = [f"{latex(Name(key))} = {latex(tree)}" for key, tree in self.lowering.definitions.items()]
        lines += ["", *given] if given else []
        lines += ["", KINDS[self.language]] if inputs else []
        for key in inputs:
            symbol = self.symbols.get(key)
            lines.append(meaning(self.names.of(key), latex(Name(key)), symbol.describe() if symbol else "an array"))
        lines += [meaning(name, letter, "whole number") for letter, name in lone]
        for name, order in callables:
            what = "a function, entry by entry" if not order else f"the derivative of order {order}"
            written = self.names.of(name, derivative_prefix(order))
            lines.append(meaning(written, function_name(name, order), "its derivative" if order == 1 else what))
        if len(self.task.wrt) > 1 and self.one.name == self.task.gradient:
            lines += ["", f"Returns the derivatives by {', '.join(self.names.of(key) for key in self.task.wrt)}."]
        return lines
