"""A derivation → the text of an importable module: the function, and its derivative by reverse accumulation.

LaTeX stands in docstrings only, where nothing of it can end the string; in code every name is an identifier of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from derive.emit.adjoints import ADJOINT, backward
from derive.emit.identifiers import Identifiers
from derive.emit.languages import LANGUAGES
from derive.emit.piece import Piece
from derive.emit.stable import differentiable, stable_derivative
from derive.emit.text import as_arrays, derivative_prefix, docstring, meaning
from derive.emit.writer import Module, Writer
from derive.errors import NoRule
from derive.functions import FUNCTIONS
from derive.program import Program
from derive.rules import with_named_functions
from derive.steps import with_total_derivatives
from derive.symbols import SymbolTable
from derive.tree import Binder, Call, Derivative, Name, Node, Sum, ValueSet, walk
from derive.write import function_name, latex

IMPORTS = {
    "math.": "import math",
    "np.": "import numpy as np",
    "sp.": "import sympy as sp",
    "torch.": "import torch",
    "special.": "from scipy import special",
}
COUNTED = ("sum", "product")  # over whole numbers, where an integral or limit is not
KINDS = {
    "numpy": "Numbers or arrays that broadcast, entry by entry, as 64-bit floats.",
    "torch": "Tensors of one floating dtype that broadcast, entry by entry.",
    "sympy": "SymPy expressions.",
}


@dataclass(frozen=True, slots=True)
class Function:
    """One function to emit: the names computed on the way, in order, and what it returns."""

    name: str
    heading: str  # LaTeX
    steps: tuple[tuple[str, Node], ...]
    result: Node
    kinks: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked for under one name: f, and its derivative where it has one."""

    f: Node
    wrt: tuple[str, ...] = ()
    closed: Node | None = None
    value: str = "value"  # what the functions are called; without a name the value is left out
    gradient: str = "gradient"
    kinks: tuple[Node, ...] = ()  # where one of these vanishes there is no derivative
    layout: str = "gradient"


def module(title: str, tasks: Sequence[Task], program: Program, symbols: SymbolTable, language: str) -> str:
    """The text of a module with `value` and `gradient` for every task. Raises NoRule, TooLarge."""
    written = Module(symbols)
    texts = [text for task in tasks for text in _functions_of(task, program, symbols, language, written)]
    blocks = [*written.helpers.values(), *texts]
    code = "\n".join(re.sub(r'r?"""[\s\S]*?"""', "", block) for block in blocks)
    imports = [line for prefix, line in IMPORTS.items() if re.search(rf"(?<![\w.]){re.escape(prefix)}", code)]
    standard = [line for line in imports if line == "import math"]
    others = [line for line in imports if line != "import math"]
    title += " Needs SciPy." if IMPORTS["special."] in others else ""
    top = "\n\n".join([docstring([title], 0), *("\n".join(group) for group in (standard, others) if group)])
    return "\n\n\n".join([top, *blocks]) + "\n"


def _functions_of(task: Task, program: Program, symbols: SymbolTable, language: str, written: Module) -> Iterable[str]:
    trees = [task.f, *program.needed(task.f).values(), *([task.closed] if task.closed is not None else [])]
    if any(tree.has_array for tree in trees) and not any(ValueSet in tree.kinds for tree in trees):
        from derive.emit.arrays.module import ArrayTask, array_functions

        asked = ArrayTask(task.f, task.wrt, task.closed, task.layout, task.value, task.gradient)
        yield from array_functions(asked, program, symbols, language, written)
        return
    program = Program(
        [(key, _plain(with_total_derivatives(tree, program), symbols)) for key, tree in program.definitions.items()]
    )
    f = _plain(task.f, symbols)
    # of a formula of derivatives the closed form is the value
    value = f if task.wrt or task.closed is None else _plain(task.closed, symbols)
    functions = [Function(task.value, latex(f), (), value)]
    if task.wrt:
        functions.append(_gradient(task, f, program, symbols, exact=language == "sympy"))
    tensors, wholes = _inputs(f, task, functions, program, symbols)
    for one in functions if task.value else functions[1:]:
        helpers = dict(written.helpers)
        try:
            yield Emitter(one, task, program, symbols, LANGUAGES[language], written).text(tensors, wholes)
        except NoRule as error:
            if one is functions[-1]:
                raise
            written.helpers = helpers  # the derivative of an integral by its bound has code where the integral has none
            yield f"# {one.name} is left out: {error}"


def _plain(tree: Node, symbols: SymbolTable) -> Node:
    return with_named_functions(tree, symbols)


def _gradient(task: Task, f: Node, program: Program, symbols: SymbolTable, exact: bool) -> Function:
    """By reverse accumulation where f goes through definitions, else the closed form, in floats that of the stable form."""
    assert task.closed is not None
    heading = latex(Derivative(f, tuple(Name(key) for key in task.wrt)))
    closed = _plain(task.closed, symbols)
    if len(task.wrt) == 1 and program.needed(f):
        form = (lambda tree: tree) if exact else differentiable
        locals_ = Program([(key, form(tree)) for key, tree in program.definitions.items()])
        sweep = backward(form(f), task.wrt[0], locals_)
        steps = tuple((ADJOINT + name, tree) for name, tree in sweep.adjoints)
        return Function(task.gradient, heading, steps, sweep.result, task.kinks)
    if not program.needed(f):
        heading += f" = {latex(closed)}"
        closed = closed if exact else stable_derivative(f, task.wrt) or closed
    return Function(task.gradient, heading, (), closed, task.kinks)


def _inputs(
    f: Node, task: Task, functions: Sequence[Function], program: Program, symbols: SymbolTable
) -> tuple[list[str], set[str]]:
    """The inputs in the order declared, and which of them are whole numbers because they bound a sum."""
    found = dict.fromkeys([*task.wrt, *(key for one in functions for key in program.inputs(one.result))])
    found.update(dict.fromkeys(program.inputs(f)))
    inputs = [key for key in found if key not in program.definitions and not key.startswith(ADJOINT)]
    order = {key: index for index, key in enumerate(symbols)}
    inputs.sort(key=lambda key: order.get(key, len(order)))
    trees = [f, *(one.result for one in functions), *program.needed(f).values()]
    bounds = [
        bound
        for tree in trees
        for node in walk(tree)
        if isinstance(node, Binder)
        for bound in node.bounds
        if node.kind in COUNTED
    ]
    wholes = {key for bound in bounds for key in bound.names if key in inputs}
    if wholes & set(task.wrt):
        raise NoRule(f"no rule for the derivative by {min(wholes & set(task.wrt))}, a bound of a sum")
    return inputs, wholes


class Emitter:
    """Writes one function of a module."""

    def __init__(
        self, one: Function, task: Task, program: Program, symbols: SymbolTable, language: type[Writer], module_: Module
    ) -> None:
        self.one, self.task, self.program, self.symbols, self.language = one, task, program, symbols, language
        self.module = module_
        self.names = Identifiers(frozenset({"value", "gradient"}))
        results = [one.result, *(tree for _, tree in one.steps)]
        self.forward = program.needed(Sum(tuple(results)))
        self.trees = [*self.forward.values(), *results]

    def text(self, inputs: list[str], wholes: set[str]) -> str:
        exact = self.language.language == "sympy"
        complex_ = [key for key in inputs if key in self.symbols and self.symbols[key].kind == "complex"]
        if complex_ and not exact:
            raise NoRule(
                f"{self.language.shown} code is emitted for real names only, and {complex_[0]} is complex; use sympy"
            )
        parameters = [self.names.of(key) for key in inputs]
        callables = self._callables()
        identifiers = [*parameters, *(self.names.of(name, derivative_prefix(order)) for name, order in callables)]
        floats = [name for name, key in zip(parameters, inputs, strict=True) if key not in wholes]
        whole = [name for name, key in zip(parameters, inputs, strict=True) if key in wholes]
        writer = self.language(self.module, self.names, floats[0] if floats else "")
        for key, name in zip(inputs, parameters, strict=True):
            writer.known[key] = Piece(name, scalar=key in wholes and not exact)
        if not exact:
            for name in whole:
                writer.line(f"{name} = int({name})")
        if writer.language == "numpy":
            as_arrays(writer, floats)
        for key, tree in self.forward.items():
            self._define(writer, key, self.names.of(key), tree)
        for key, tree in self.one.steps:
            self._define(writer, key, self.names.of(key.removeprefix(ADJOINT), "grad_"), tree)
        result = writer.written(self.one.result)
        writer.line(f"return {self._shaped(result, writer, floats)}")
        head = f"def {self.one.name}({', '.join(identifiers)}):"
        return "\n".join([head, docstring(self._notes(inputs, wholes, callables, writer), 1), *writer.lines])

    def _define(self, writer: Writer, key: str, name: str, tree: Node) -> None:
        piece = writer.written(tree)
        writer.line(f"{name} = {writer.lifted(piece).text}")
        writer.known[key] = Piece(name)

    def _shaped(self, result: Piece, writer: Writer, floats: list[str]) -> str:
        """A result that depends on nothing still has the shape of what it belongs to."""
        if not result.scalar or writer.language == "sympy" or not floats:
            return writer.lifted(result).text
        like = self.names.of(self.task.wrt[0]) if self.task.wrt else floats[0]
        like = like if like in floats else floats[0]
        dtype = ", dtype=float" if writer.language == "numpy" else ""
        return f"{'np' if writer.language == 'numpy' else 'torch'}.full_like({like}, {result.text}{dtype})"

    def _callables(self) -> list[tuple[str, int]]:
        """The general functions and the orders of derivative that are called, lowest first."""
        calls = {(node.function, node.order) for tree in self.trees for node in walk(tree) if isinstance(node, Call)}
        met = {name: index for index, name in enumerate(self.symbols)}
        return sorted((c for c in calls if c[0] not in FUNCTIONS), key=lambda c: (met.get(c[0], len(met)), *c))

    def _notes(
        self, inputs: list[str], wholes: set[str], callables: list[tuple[str, int]], writer: Writer
    ) -> list[str]:
        lines = [self.one.heading]
        given = [f"{latex(Name(key))} = {latex(tree)}" for key, tree in self.program.needed(self.task.f).items()]
        if given:
            lines += ["", *given]
        if self.one.kinks:
            where = " or ".join(f"{latex(kink)} = 0" for kink in self.one.kinks)
            lines += ["", f"Where {where} there may be no derivative; what is returned there is a convention, or nan."]
        lines += ["", KINDS[writer.language]] if inputs else []
        for key in inputs:
            symbol = self.symbols.get(key)
            kind = "whole number" if key in wholes else symbol.describe() if symbol else "real"
            lines.append(meaning(self.names.of(key), latex(Name(key)), kind))
        for name, order in callables:
            what = "a function of one variable" if not order else f"the derivative of order {order}"
            written = self.names.of(name, derivative_prefix(order))
            lines.append(meaning(written, function_name(name, order), "its derivative" if order == 1 else what))
        renamed = [key for key in self.forward if self.names.of(key) != key]
        return lines + [f"{self.names.of(key)}: {latex(Name(key))}" for key in renamed]
