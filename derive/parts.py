"""Parts of a problem: scopes with what is declared, given, valued and supposed in them, read from their fields.

A name that two parts define in the same way is one quantity; a name they define differently is `z_4@skip` in the
program, after the part that came second.

A part that is a special case of another (σ the sigmoid, where the problem's σ is general) says with `said` which words a
submission has to use before its formulas are read in it: what holds for the sigmoid is no answer for every σ. Which function
a general one is there is said with `means`: `means = { '\\sigma' = 's' }`, both declared for the whole problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from derive.entries import carried_out
from derive.errors import BadSpec, NoRule
from derive.fields import only_fields, table_field, text_field, texts_field
from derive.matrix.nodes import SCALAR, ArrayName
from derive.matrix.shapes import symbol_of_value
from derive.names import canonical_name
from derive.phrases import spelling_or_phrase
from derive.program import Program
from derive.read import read
from derive.recurrence.definition import recurrences_of, sequences_given, term_of
from derive.symbols import Symbol, SymbolTable
from derive.tree import Call, FunctionName, Matrix, Name, Node, states, substitute, transform
from derive.write import latex

OF_ANOTHER = frozenset({"rows", "columns"})  # letters for what another name has: no quantities of their own
_FIELDS = {"name", "given", "values", "symbols", "spelled", "conditions", "said", "means"}


@dataclass(frozen=True, slots=True)
class Part:
    """A scope: its definitions as written, and which quantity of the program each of its names is."""

    name: str
    given: tuple[tuple[str, Node], ...]  # written name, written formula
    quantities: Mapping[str, str]  # written name → key in the program
    values: Mapping[str, Node] = field(default_factory=dict)  # of inputs, for what is worked out in numbers
    recurring: tuple[tuple[Node, Node], ...] = ()  # recurrences and their starts: v_t = …, v_0 = …
    inputs: Mapping[str, Symbol] = field(default_factory=dict)  # declared in this part alone, by written name
    spelled: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # other spellings of its names
    conditions: tuple[Node, ...] = ()  # what is wished or supposed in it, and is not claimed
    means: Mapping[str, str] = field(default_factory=dict)  # general function → the one it is in this part
    said: tuple[str, ...] = ()  # only submissions that say one of these are read in it; none: all

    @property
    def lines(self) -> tuple[tuple[str, Node], ...]:
        """Everything that is given, left sides as LaTeX."""
        return (*self.given, *((latex(left), right) for left, right in self.recurring))

    def spoken_of(self, text: str) -> bool:
        """Whether a submission may be about this part."""
        return not self.said or any(word.casefold() in text.casefold() for word in self.said)

    def bound(self, tree: Node) -> Node:
        """A formula of this part over the keys of the program."""
        return meant(substitute(tree, {n: Name(key) for n, key in self.quantities.items() if n != key}), self.means)


def meant(tree: Node, means: Mapping[str, str]) -> Node:
    """The formula with certain functions for the general ones."""

    def put(node: Node) -> Node | None:
        if isinstance(node, Call | FunctionName) and node.function in means:
            return replace(node, function=means[node.function])
        return None

    return transform(tree, put) if means else tree


def reading_table(inputs: SymbolTable, parts: Mapping[str, Part], first: str = "") -> SymbolTable:
    """The inputs and every name of the parts, as reals, or vectors and matrices of their values' shapes.

    A name that parts understand differently is what it is in the part `first`, else in the first part that has it.
    """
    ordered = sorted(parts.values(), key=lambda part: part.name != first)
    own = [symbol for part in ordered[: bool(first)] for symbol in part.inputs.values()]
    table = SymbolTable(own).extended(inputs.values()) if own else inputs
    for part in ordered:
        names = (with_spellings(symbol_of_value(name, tree), part.spelled) for name, tree in part.given)
        table = table.extended(part.inputs.values()).extended(names)
    return table


def with_spellings(symbol: Symbol, spelled: Mapping[str, tuple[str, ...]]) -> Symbol:
    """A defined name with its other spellings."""
    return replace(symbol, spellings=spelled.get(symbol.key, symbol.spellings))


def across_parts(tree: Node, part: str, parts: Mapping[str, Part]) -> Node:
    """Names of the part first, those it lacks from the one other part that defines them."""
    owner: dict[str, str] = {}
    for other in (part, *(p for p in parts if p != part)):
        for name, key in parts[other].quantities.items():
            owner.setdefault(name, key)
    return meant(substitute(tree, {n: Name(key) for n, key in owner.items() if n != key}), parts[part].means)


def parts_of(data: Any, inputs: SymbolTable) -> tuple[dict[str, Part], Program]:
    """The parts by name, and the one program of what they define. Raises BadSpec, Unreadable."""
    if not isinstance(data, list) or not data:
        raise BadSpec("a problem has at least one [[part]]")
    definitions: dict[str, Node] = {}
    taken: set[str] = set()
    parts: dict[str, Part] = {}
    for entry in data:
        only_fields(entry, _FIELDS, "part")
        name = text_field(entry, "name", "part", "main")
        if name in parts:
            raise BadSpec(f"two parts are called {name!r}")
        part = _part(name, entry, inputs, definitions, taken)
        table = SymbolTable(part.inputs.values()).extended(inputs.values())
        values = dict(_value(line, table, name) for line in texts_field(entry, "values", f"part {name!r}"))
        parts[name] = replace(
            part,
            values=values,
            conditions=_conditions(entry, part, inputs),
            said=texts_field(entry, "said", f"part {name!r}"),
        )
    recurring = dict.fromkeys(pair for part in parts.values() for pair in part.recurring)
    return parts, Program(definitions, recurrences_of(list(recurring)))


def _conditions(entry: Mapping[str, Any], part: Part, inputs: SymbolTable) -> tuple[Node, ...]:
    """What a part states that is neither given nor claimed. Raises BadSpec, Unreadable."""
    what = f"part {part.name!r}: conditions"
    table = reading_table(inputs, {part.name: part}, part.name)
    found = tuple(read(text, table).tree for text in texts_field(entry, "conditions", f"part {part.name!r}"))
    if not all(states(tree) for tree in found):
        raise BadSpec(f"{what}: a condition is a relation")
    return found


def sequences_of(data: Any, inputs: SymbolTable) -> list[Symbol]:
    """The sequences that the parts give by a recurrence."""
    entries = data if isinstance(data, list) else []
    given = [entry.get("given", []) for entry in entries if isinstance(entry, Mapping)]
    lines = [line.partition("=") for part in given if isinstance(part, list) for line in part if isinstance(line, str)]
    return sequences_given([(left, right) for left, _, right in lines], inputs)


def _part(
    name: str, data: Mapping[str, Any], inputs: SymbolTable, definitions: dict[str, Node], taken: set[str]
) -> Part:
    """Read a part's symbols and definitions, adding to the program those that are new, and to the keys taken."""
    what = f"part {name!r}"
    own = _own_symbols(data, inputs, what)
    given = table_field(data, "means", what)
    means = {canonical_name(key): canonical_name(text_field(given, key, f"{what}: means")) for key in given}
    for function in (*means, *means.values()):
        if function not in inputs or not inputs[function].is_function:
            raise BadSpec(f"{what}: means names {function}, which is no function of the problem")
    spelled = {
        canonical_name(key): tuple(
            spelling_or_phrase(key, s) for s in texts_field(data.get("spelled", {}), key, f"{what}: spelled")
        )
        for key in table_field(data, "spelled", what)
    }
    table = SymbolTable(own.values()).extended(inputs.values()) if own else inputs
    written: list[tuple[str, Node]] = []
    named = [left for left, symbol in own.items() if symbol.role not in OF_ANOTHER]
    quantities = {left: left if left not in taken else f"{left}@{name}" for left in named}
    recurring: list[tuple[Node, Node]] = []
    for line in texts_field(data, "given", what):
        parts = term_of(line.partition("=")[0]) if inputs.sequences else None
        if parts is not None and parts[0] in inputs.sequences:
            recurring.append(_recurring(line, table, name, quantities))
            continue
        left, tree = _definition(line, table, name)
        if left in quantities:
            raise BadSpec(f"part {name!r} defines {left} twice")
        table = table.extended([with_spellings(symbol_of_value(left, tree), spelled)])
        bound = meant(substitute(tree, {n: Name(key) for n, key in quantities.items()}), means)
        key = left
        if definitions.get(left, bound) != bound or (left in taken and left not in definitions):
            key = f"{left}@{name}"
        definitions.setdefault(key, bound)
        quantities[left] = key
        written.append((left, tree))
    if unknown := [key for key in spelled if key not in quantities]:
        raise BadSpec(f"{what}: spelled names {unknown[0]}, which the part does not define")
    taken.update(quantities.values())
    return Part(name, tuple(written), quantities, recurring=tuple(recurring), inputs=own, spelled=spelled, means=means)


def _own_symbols(data: Mapping[str, Any], inputs: SymbolTable, what: str) -> dict[str, Symbol]:
    """What is declared in a part alone."""
    own = dict(SymbolTable.from_specs(table_field(data, "symbols", what)))
    if again := [key for key, symbol in own.items() if key in inputs and symbol.role not in OF_ANOTHER]:
        raise BadSpec(f"{what}: {again[0]} is declared for the whole problem already")
    if functions := [key for key, symbol in own.items() if symbol.is_function]:
        raise BadSpec(f"{what}: declare the function {functions[0]} for the whole problem")
    return own


def _recurring(line: str, table: SymbolTable, part: str, quantities: Mapping[str, str]) -> tuple[Node, Node]:
    """`v_t = \\beta v_{t-1} + g_t` → both sides, over the program's keys. Raises BadSpec, Unreadable."""
    left, _, right = line.partition("=")
    tree = read(right, table).tree
    if states(tree):
        raise BadSpec(f"part {part!r}: {line!r} has more than one relation; write term = formula")
    return read(left, table).tree, substitute(tree, {n: Name(key) for n, key in quantities.items()})


def _value(line: str, table: SymbolTable, part: str) -> tuple[str, Node]:
    """`x = \\begin{bmatrix} 1 \\\\ 2 \\end{bmatrix}` → ("x", the matrix). Raises BadSpec, Unreadable."""
    left, equals, right = line.partition("=")
    name = read(left, table, free=True).tree if equals else None
    if not isinstance(name, Name | ArrayName) or name.key not in table or table[name.key].is_function:
        raise BadSpec(f"part {part!r}: {line!r} gives no declared input a value; write name = numbers")
    tree = read(right, table).tree
    try:
        value = carried_out(tree) if not tree.names else tree
    except NoRule as error:
        raise BadSpec(f"part {part!r}: the value of {name.key}: {error}") from None
    if value.names or states(value):
        raise BadSpec(f"part {part!r}: the value of {name.key} is no number, vector or matrix of numbers")
    wanted = table[name.key].shape or SCALAR
    shape = value.shape if isinstance(value, Matrix) else SCALAR
    if any(isinstance(size, int) and size != given for size, given in zip(wanted, shape, strict=True)):
        raise BadSpec(f"part {part!r}: {name.key} is {wanted[0]} × {wanted[1]}, its value {shape[0]} × {shape[1]}")
    return name.key, value


def _definition(line: str, table: SymbolTable, part: str) -> tuple[str, Node]:
    """`z_1 = w_1 x + b_1` → ("z_1", tree). Raises BadSpec, Unreadable."""
    left, equals, right = line.partition("=")
    if not equals:
        raise BadSpec(f"part {part!r}: {line!r} is no definition; write name = formula")
    tree = read(left, table, free=True).tree
    if not isinstance(tree, Name | ArrayName):
        raise BadSpec(f"part {part!r}: the left side of {line!r} is no name")
    if tree.key in table and table[tree.key].is_function:
        raise BadSpec(f"part {part!r}: {tree.key} is declared as a function")
    definition = read(right, table).tree
    if states(definition):
        raise BadSpec(f"part {part!r}: {line!r} has more than one relation; write name = formula")
    return tree.key, definition
