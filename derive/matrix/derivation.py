"""The derivative of a formula of vectors and matrices as a Derivation, with the names its result brings along declared."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from derive.errors import BadSpec, NoRule, TooLarge
from derive.expression import Expression
from derive.matrix.backward import DEEP, LONG, Backward, Line, Naming
from derive.matrix.collect import collected
from derive.matrix.entry_maps import INDICES
from derive.matrix.layouts import LAYOUTS, backward_lines, derive_array
from derive.matrix.nodes import SCALAR, VECTORS_OF, ArrayName, Entry
from derive.matrix.remarks import remarks
from derive.matrix.shapes import shape_of, symbol_of_value
from derive.matrix.steps import law_of, lines_of
from derive.matrix.task import Task, named, variable_of
from derive.program import Program
from derive.steps import Derivation, Step
from derive.symbols import Symbol, SymbolTable
from derive.tree import Derivative, Name, Negative, Node, substitute, walk
from derive.write import latex

BY_ENTRIES = frozenset(["jacobian", "derivative"])  # layouts that have no matrix form of order 3 or 4
BROUGHT = VECTORS_OF | {"identity", "ones", "zeros", "differential", "upstream", "commutation"}


class ArrayDerivation(Derivation):
    """A derivation whose lines are found when they are first asked for: the closed form does not need them."""

    cotangents: Container[str]  # names of the program that stand for what was long

    def __init__(
        self,
        f: Node,
        wrt: str,
        closed: Node,
        table: SymbolTable,
        program: Program,
        layout: str,
        cotangents: Container[str] = (),
    ) -> None:
        for name, value in (("f", f), ("wrt", (wrt,)), ("closed", closed), ("symbols", table), ("program", program)):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "layout", layout)
        object.__setattr__(self, "cotangents", cotangents)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Of a defined scalar the backward pass; else the differential law by law, dX at the end, what is read off."""
        if self.layout == "gradient" and self._goes_by_names:
            lines = self._by_names()
            if len(lines) > 1:
                return (*lines, *self._put_in(lines[-1]))
        f = self.f
        met = set(self.wrt)
        above = [key for key in self.program.definitions if key not in met and self._reaches(key, met)]
        for name in reversed(above):
            f = substitute(f, {name: self.program.definitions[name]})
        return tuple(
            Step(Expression(line.right, self.symbols), line.law, latex(line.right), line.left, line.differential)
            for line in lines_of(f, self.wrt[0], self.closed, self.symbols, self.layout)
        )

    @property
    def _goes_by_names(self) -> bool:
        """Whether f is a defined name, or would be long or deep with the definitions put in."""
        if isinstance(self.f, Name):
            return self.f.key in self.program.definitions
        sizes: dict[str, int] = {}
        depths: dict[str, int] = {}
        for key, tree in (*self.program.needed(self.f).items(), ("", self.f)):
            met = [node.names[0] for node in walk(tree) if isinstance(node, Name | ArrayName)]
            sizes[key] = tree.size + sum(sizes.get(name, 0) for name in met)
            depths[key] = tree.depth + max((depths.get(name, 0) for name in met), default=0)
        return sizes[""] > LONG or depths[""] > DEEP

    def _by_names(self) -> tuple[Step, ...]:
        """The backward pass; a formula that has no name is called f in it."""
        if isinstance(self.f, Name):
            return backward_pass(self.f, (self.by,), self.symbols, self.program)
        top = Name("f")
        while top.key in self.symbols:
            top = Name(top.key + "'")
        lines = backward_pass(top, (self.by,), self.symbols, Program({**self.program.definitions, top.key: self.f}))
        meant = {top.key: self.f}
        return tuple(
            replace(
                line,
                expression=Expression(substitute(line.expression.tree, meant), self.symbols),
                about=None if line.about is None else substitute(line.about, meant),
            )
            for line in lines
        )

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the closed form takes for granted, and what the names are that it brings along."""
        symbol = self.symbols.resolve(self.wrt[0]) if self.wrt else None
        named = [
            f"{key} stands for {latex(tree)}"
            for key, tree in self.program.needed(self.closed).items()
            if key in self.cotangents
        ]
        return (*remarks(symbol, self.layout, self.closed), *named)

    def _reaches(self, key: str, met: set[str]) -> bool:
        """Whether a definition depends on what was met; then it is met, too."""
        if met.isdisjoint(self.program.mentions(key)):
            return False
        met.add(key)
        return True

    @property
    def by(self) -> Node:
        """What the derivative is taken by."""
        symbol = self.symbols[self.wrt[0]]
        return Name(symbol.key) if symbol.shape is None else ArrayName(symbol.key, symbol.shape, symbol.properties)

    def _put_in(self, last: Step) -> tuple[Step, ...]:
        if last.expression.tree == self.closed:
            return ()
        return (Step(Expression(self.closed, self.symbols), "put in", latex(self.closed), about=last.about),)


class ArrayFormula(ArrayDerivation):
    """A formula of derivatives, each taken through all definitions."""

    def __init__(self, f: Node, closed: Node, table: SymbolTable, program: Program) -> None:
        super().__init__(f, "", closed, table, program, "")
        object.__setattr__(self, "wrt", ())

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The derivatives put in."""
        return (Step(Expression(self.closed, self.symbols), "derivatives put in", latex(self.closed)),)


def backward_pass(top: Name, wanted: Sequence[Node], table: SymbolTable, program: Program) -> tuple[Step, ...]:
    """One line a name, from the top down to the names wanted, each with the lines before it. Raises NoRule, TooLarge."""
    return tuple(
        Step(
            Expression(line.value, table), _law(line, program), latex(line.value), latex(line.symbol), about=line.symbol
        )
        for line in backward_lines(top, wanted, table, program.definitions)
    )


def _law(line: Line, program: Program) -> str:
    """The laws of the definitions that pass to a name."""
    return ", ".join(dict.fromkeys(law_of(_inside(program.definitions[key])) for key in line.passed_by))


def _inside(definition: Node) -> Node:
    """A definition without its sign."""
    return definition.operand if isinstance(definition, Negative) else definition


def asked_derivation(ask: Node, layout: str, table: SymbolTable, program: Program) -> Derivation:
    """The derivation of what a question asks: a derivative in a layout, or a formula of derivatives.

    Without a layout a scalar's derivative is its gradient, a column's by a column the Jacobian. Raises NoRule, TooLarge,
    BadSpec for an unknown layout.
    """
    from derive.matrix.derivatives import differentiated, layout_of

    if isinstance(ask, Derivative) and len(ask.variables) == 1:
        variable = ask.variables[0]
        return array_derivation(ask.operand, variable.key, layout or layout_of(ask.operand, variable), table, program)
    if layout:
        raise BadSpec("a layout is that of one derivative by a vector or matrix")
    closed = collected(differentiated(ask, program, table))
    return ArrayFormula(ask, closed, table.extended(_brought(walk(closed), table)), program)


def array_derivation(
    f: Node, wrt: str, layout: str, table: SymbolTable, program: Program, *, name_cotangents: bool = False
) -> Derivation:
    """∂f/∂wrt in a layout. Raises NoRule, BadSpec for a layout that is not known, TooLarge.

    The closed form is written with the names of the program; with `name_cotangents` that of a deep network with names
    of cotangents, too, which the program of the derivation defines.
    """
    if layout not in LAYOUTS:
        raise BadSpec(f"layout {layout!r} is not known; use one of {', '.join(LAYOUTS)}")
    table = table.with_upstream(shape_of(f))
    naming = Naming({*table, *program.definitions}) if name_cotangents else None
    try:
        closed = derive_array(f, wrt, layout, table, program.definitions, naming)
    except RecursionError:
        raise TooLarge("nested too deeply for one formula; go name by name") from None
    except NoRule:
        if layout not in BY_ENTRIES or shape_of(variable_of(wrt, table)[0]) == SCALAR:
            raise
        f, wrt, table = entrywise(f, wrt, table)
        layout, closed = "entry", derive_array(f, wrt, "entry", table, program.definitions)
    if naming is not None and naming.definitions:
        program = Program({**program.definitions, **naming.definitions}, program.recurrences)
        table = table.extended([symbol_of_value(key, tree) for key, tree in naming.definitions.items()])
    table = table.extended(_brought((*walk(closed), *_asked_for(f, wrt, layout, table, program)), table))
    return ArrayDerivation(f, wrt, closed, table, program, layout, naming.definitions if naming is not None else ())


def entrywise(f: Node, wrt: str, table: SymbolTable) -> tuple[Node, str, SymbolTable]:
    """One entry of f and one of the variable, by indices no one has used: f_{ij} and X_{kl}. Raises NoRule."""
    x, _ = variable_of(wrt, table)
    sizes = [size for shape in (shape_of(f), shape_of(x)) for size in shape if size != 1]
    if any(isinstance(size, str) and " " in size for size in sizes):
        raise NoRule("no indices for entries of what has a size made of others")
    free = [name for name in INDICES if name not in table and name not in f.names]
    if len(free) < len(sizes):
        raise NoRule("no letter is left for an index")
    specs = {name: f"index {size}" for name, size in zip(free, sizes, strict=False)}
    if r"\delta" not in table and r"\delta" not in f.names and not any(s.role == "delta" for s in table.values()):
        specs[r"\delta"] = "Kronecker delta"
    letters = [Name(name) for name in free]
    count = sum(size != 1 for size in shape_of(f))
    chosen = Entry(x, tuple(letters[count : len(sizes)])) if len(sizes) > count else x
    table = table.extended(SymbolTable.from_specs(specs).values())
    return Entry(f, tuple(letters[:count])) if count else f, latex(chosen), table


def _asked_for(f: Node, wrt: str, layout: str, table: SymbolTable, program: Program) -> list[Node]:
    """The upstream gradient or the differential a layout is about, also where the result, being 0, does not hold it."""
    symbol = table.resolve(wrt)
    if layout not in {"vjp", "differential"} or symbol is None:
        return []
    task = Task(f, named(symbol.key, symbol.shape or SCALAR), table, Backward(program.definitions, table))
    upstream = layout == "vjp"
    return [
        task.declared("upstream", "G", shape_of(f))
        if upstream
        else task.declared("differential", f"d{symbol.key}", task.shape)
    ]


def _brought(nodes: Iterable[Node], table: SymbolTable) -> list[Symbol]:
    """Identities, ones, the differential and the upstream gradient of the result that nobody declared."""
    found = {
        node.key: Symbol(node.key, "array", node.properties, shape=node.shape, role=node.role, of=node.of)
        for node in nodes
        if isinstance(node, ArrayName) and node.role in BROUGHT and node.key not in table
    }
    return list(found.values())
