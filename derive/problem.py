"""Problems: symbols, parts with definitions, questions; read from a TOML file or a catalogue entry of the same fields.

Each part is a scope. A name that two parts define in the same way is one quantity; a name they define differently is
told apart inside the program as `z_4@skip`, so that one flat program holds all parts and a formula that mixes them can
still be judged. Nobody writes answers: the closed form of a question is derived when it is first asked for.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derive.entries import carried_out
from derive.errors import BadSpec, NoRule
from derive.matrix.nodes import SCALAR, ArrayName, has_arrays
from derive.matrix.shapes import symbol_of_value
from derive.names import canonical_name
from derive.phrases import spelling_or_phrase
from derive.program import Program
from derive.read import read
from derive.recurrence.definition import recurrences_of, sequences_given, term_of
from derive.recurrence.derivation import derive_recurrence
from derive.recurrence.terms import terms
from derive.steps import Derivation, Step, derive_by, derive_formula
from derive.symbols import Symbol, SymbolTable
from derive.tree import Derivative, Matrix, Name, Node, names, states, substitute
from derive.write import latex

if TYPE_CHECKING:
    from derive.paths.model import PathQuestion, Walk

MAX_FILE = 1_000_000
MAX_POINTS = 1e9
OF_ANOTHER = frozenset({"rows", "columns"})  # letters for what another name has: no quantities of their own
_FIELDS = {"schema", "id", "title", "source", "system", "symbols", "part", "question"}
_PART_FIELDS = {"name", "given", "values", "symbols", "spelled", "conditions"}
_QUESTION_FIELDS = {"id", "part", "ask", "claim", "points", "accepts", "rejects", "layout"}
_REJECT_FIELDS = {"latex", "code", "hint"}


@dataclass(frozen=True, slots=True)
class Reject:
    """A wrong form met before, with the code it must be refuted with and a hint for whoever wrote it."""

    latex: str
    code: str
    hint: str = ""


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

    @property
    def lines(self) -> tuple[tuple[str, Node], ...]:
        """Everything that is given, left sides as LaTeX."""
        return (*self.given, *((latex(left), right) for left, right in self.recurring))

    def bound(self, tree: Node) -> Node:
        """A formula of this part over the keys of the program."""
        return substitute(tree, {name: Name(key) for name, key in self.quantities.items() if name != key})


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
    def is_claim(self) -> bool:
        """Whether a statement is to be shown, and nothing is derived."""
        return states(self.ask)


@dataclass(frozen=True)
class Problem:
    """Symbols, parts and questions; see the module."""

    id: str
    title: str
    symbols: SymbolTable
    parts: Mapping[str, Part]
    questions: tuple[Question, ...]
    program: Program
    source: str = ""
    system: str = ""
    walks: Mapping[str, Walk] = field(default_factory=dict)  # paths of optimisers, by part
    path_questions: tuple[PathQuestion, ...] = ()
    _derived: dict[str, Derivation] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def from_toml(cls, path: str | Path) -> Problem:
        """Read a problem file. Raises BadSpec (with the file and field), Unreadable (with the formula), OSError."""
        text = Path(path).read_bytes()
        if len(text) > MAX_FILE:
            raise BadSpec(f"{path}: a problem file has at most {MAX_FILE} bytes")
        try:
            data = tomllib.loads(text.decode("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadSpec(f"{path}: not TOML: {error}") from None
        try:
            return cls.from_dict(data)
        except BadSpec as error:
            raise BadSpec(f"{path}: {error}") from None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Problem:
        """Build a problem from its fields. Raises BadSpec, Unreadable."""
        _known(data, _FIELDS, "problem")
        for required in ("id", "part"):
            if required not in data:
                raise BadSpec(f"the field {required!r} is missing")
        if data.get("schema", 1) != 1:
            raise BadSpec(f"schema {data['schema']!r} is not known; this version reads schema 1")
        symbols = data.get("symbols", {})
        if not isinstance(symbols, Mapping):
            raise BadSpec(f"symbols: a table of names is expected, got {symbols!r}")
        walks: Mapping[str, Walk] = {}
        about_paths: tuple[PathQuestion, ...] = ()
        if isinstance(data["part"], list) and any(
            isinstance(part, Mapping) and "rule" in part for part in data["part"]
        ):
            from derive.paths.model import with_walks

            data, walks, about_paths = with_walks(data)
            symbols = data["symbols"]
        inputs = SymbolTable.from_specs(symbols)
        inputs = inputs.extended(_sequences(data["part"], inputs))
        parts, program = _parts(data["part"], inputs)
        questions = tuple(_question(q, parts, inputs) for q in _list(data, "question", "problem"))
        _unique([*(q.id for q in questions), *(q.id for q in about_paths)], "question")
        texts = (_text(data, field_name, "problem") for field_name in ("title", "source", "system"))
        title, source, system = texts
        return cls(
            _text(data, "id", "problem"), title or data["id"], inputs, parts, questions, program, source, system,
            walks, about_paths,
        )  # fmt: skip

    @cached_property
    def table(self) -> SymbolTable:
        """What a formula about this problem may name: the inputs and every name of every part."""
        return reading_table(self.symbols, self.parts)

    @cached_property
    def tables(self) -> Mapping[str, SymbolTable]:
        """The same for each part, with the shapes its names have there; one and the same where no part differs."""
        found = {}
        for name in self.parts:
            own = reading_table(self.symbols, self.parts, name)
            differs = self.parts[name].inputs or any(
                own[key].shape != symbol.shape for key, symbol in self.table.items()
            )
            found[name] = own if differs else self.table
        return found

    def is_input(self, name: str) -> bool:
        """Whether a name is declared, for the whole problem or in a part."""
        return name in self.symbols or any(name in part.inputs for part in self.parts.values())

    def read(self, latex: str, part: str) -> Node:
        """A formula written in the names of a part, over the program's keys. Raises Unreadable."""
        return self.parts[part].bound(read(latex, self.tables[part]).tree)

    def question(self, id: str) -> Question:
        """The question with an id. Raises KeyError."""
        return next(question for question in self.questions if question.id == id)

    @property
    def formulas(self) -> tuple[Question, ...]:
        """The questions with a closed form."""
        return tuple(question for question in self.questions if not question.is_claim)

    @property
    def claims(self) -> tuple[Question, ...]:
        """The questions that are statements to be shown."""
        return tuple(question for question in self.questions if question.is_claim)

    @cached_property
    def keyed(self) -> SymbolTable:
        """The inputs and definitions by the keys of the program, under which each quantity has one name."""
        declared = (
            replace(symbol, key=part.quantities[name])
            for part in self.parts.values()
            for name, symbol in part.inputs.items()
            if name in part.quantities
        )
        values = (symbol_of_value(key, tree) for key, tree in self.program.definitions.items())
        return self.symbols.extended((*declared, *values)).extended(self.table.values())

    def node(self, key: str) -> Node:
        """A key of the program as a formula, with its shape."""
        symbol = self.keyed.get(key)
        return (
            ArrayName(key, symbol.shape, symbol.properties, symbol.role, symbol.of)
            if symbol and symbol.shape
            else Name(key)
        )

    def derivation(self, question: Question) -> Derivation:
        """The derivation of what is asked, derived once. Raises NoRule (for a claim, too), TooLarge."""
        if question.is_claim:
            raise NoRule(f"question {question.id!r} is a statement to be shown; there is no closed form of it")
        if question.id not in self._derived:
            self._derived[question.id] = self._derivation(question)
        return self._derived[question.id]

    def _derivation(self, question: Question) -> Derivation:
        ask = question.ask
        if self.program.recurrences and any(True for _ in terms(ask)):
            return derive_recurrence(ask, self.program, self.table)
        if isinstance(ask, Name | ArrayName):  # what a name is: its definition
            ask = self.program.definitions.get(ask.key, ask)
        if has_arrays(ask, *self.program.needed(ask).values()):
            from derive.matrix.derivation import asked_derivation

            return asked_derivation(ask, question.layout, self.keyed, self.program)
        if isinstance(ask, Derivative) and isinstance(ask.operand, Name):
            return derive_by(ask.operand, tuple(v.key for v in ask.variables), self.program, self.table)
        return derive_formula(ask, self.program, self.table)

    def backward_passes(self) -> Iterator[tuple[str, tuple[Step, ...]]]:
        """For each part, the backward pass of a scalar to all that questions differentiate it by, vectors or matrices."""
        asked: dict[tuple[str, str], dict[Node, None]] = {}
        for question in self.formulas:
            ask = question.ask
            if (
                isinstance(ask, Derivative)
                and isinstance(ask.operand, Name)
                and ask.operand.key in self.program.definitions
            ):
                by = [variable for variable in ask.variables if isinstance(variable, ArrayName)]
                asked.setdefault((question.part, ask.operand.key), {}).update(dict.fromkeys(by))
        for (part, top), variables in asked.items():
            inputs = [variable for variable in variables if variable.names[0] not in self.program.definitions]
            if len(variables) > 1 and inputs:
                from derive.matrix.derivation import backward_pass

                yield part, backward_pass(Name(top), inputs, self.keyed, self.program)


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


def _parts(data: Any, inputs: SymbolTable) -> tuple[dict[str, Part], Program]:
    if not isinstance(data, list) or not data:
        raise BadSpec("a problem has at least one [[part]]")
    definitions: dict[str, Node] = {}
    taken: set[str] = set()
    parts: dict[str, Part] = {}
    for entry in data:
        _known(entry, _PART_FIELDS, "part")
        name = _text(entry, "name", "part", "main")
        if name in parts:
            raise BadSpec(f"two parts are called {name!r}")
        part = _part(name, entry, inputs, definitions, taken)
        table = SymbolTable(part.inputs.values()).extended(inputs.values())
        values = dict(_value(line, table, name) for line in _texts(entry, "values", f"part {name!r}"))
        parts[name] = replace(part, values=values, conditions=_conditions(entry, part, inputs))
    recurring = dict.fromkeys(pair for part in parts.values() for pair in part.recurring)
    return parts, Program(definitions, recurrences_of(list(recurring)))


def _conditions(entry: Mapping[str, Any], part: Part, inputs: SymbolTable) -> tuple[Node, ...]:
    """What a part states that is neither given nor claimed. Raises BadSpec, Unreadable."""
    what = f"part {part.name!r}: conditions"
    table = reading_table(inputs, {part.name: part}, part.name)
    found = tuple(read(text, table).tree for text in _texts(entry, "conditions", f"part {part.name!r}"))
    if not all(states(tree) for tree in found):
        raise BadSpec(f"{what}: a condition is a relation")
    return found


def _sequences(data: Any, inputs: SymbolTable) -> list[Symbol]:
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
    spelled = {
        canonical_name(key): tuple(
            spelling_or_phrase(key, s) for s in _texts(data.get("spelled", {}), key, f"{what}: spelled")
        )
        for key in _table(data, "spelled", what)
    }
    table = SymbolTable(own.values()).extended(inputs.values()) if own else inputs
    written: list[tuple[str, Node]] = []
    named = [left for left, symbol in own.items() if symbol.role not in OF_ANOTHER]
    quantities = {left: left if left not in taken else f"{left}@{name}" for left in named}
    recurring: list[tuple[Node, Node]] = []
    for line in _texts(data, "given", what):
        parts = term_of(line.partition("=")[0]) if inputs.sequences else None
        if parts is not None and parts[0] in inputs.sequences:
            recurring.append(_recurring(line, table, name, quantities))
            continue
        left, tree = _definition(line, table, name)
        if left in quantities:
            raise BadSpec(f"part {name!r} defines {left} twice")
        table = table.extended([with_spellings(symbol_of_value(left, tree), spelled)])
        bound = substitute(tree, {n: Name(key) for n, key in quantities.items()})
        key = left
        if definitions.get(left, bound) != bound or (left in taken and left not in definitions):
            key = f"{left}@{name}"
        definitions.setdefault(key, bound)
        quantities[left] = key
        written.append((left, tree))
    if unknown := [key for key in spelled if key not in quantities]:
        raise BadSpec(f"{what}: spelled names {unknown[0]}, which the part does not define")
    taken.update(quantities.values())
    return Part(name, tuple(written), quantities, recurring=tuple(recurring), inputs=own, spelled=spelled)


def _own_symbols(data: Mapping[str, Any], inputs: SymbolTable, what: str) -> dict[str, Symbol]:
    """What is declared in a part alone."""
    own = dict(SymbolTable.from_specs(_table(data, "symbols", what)))
    if again := [key for key, symbol in own.items() if key in inputs and symbol.role not in OF_ANOTHER]:
        raise BadSpec(f"{what}: {again[0]} is declared for the whole problem already")
    if functions := [key for key, symbol in own.items() if symbol.is_function]:
        raise BadSpec(f"{what}: declare the function {functions[0]} for the whole problem")
    return own


def _table(data: Mapping[str, Any], name: str, what: str) -> Mapping[str, Any]:
    value = data.get(name, {})
    if not isinstance(value, Mapping):
        raise BadSpec(f"{what}: {name} is a table of names, not {value!r}")
    return value


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


def _question(data: Mapping[str, Any], parts: Mapping[str, Part], inputs: SymbolTable) -> Question:
    _known(data, _QUESTION_FIELDS, "question")
    if "id" not in data or ("ask" in data) == ("claim" in data):
        raise BadSpec("a question has an id, and one of ask (a formula to work out) and claim (a statement to show)")
    what, field_name = f"question {data['id']!r}", "claim" if "claim" in data else "ask"
    id_, written = _text(data, "id", "question"), _text(data, field_name, what)
    part = _text(data, "part", what, next(iter(parts)))
    if part not in parts:
        raise BadSpec(f"{what}: there is no part {part!r}{_did_you_mean(part, parts)}")
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
    for reject in _list(data, "rejects", what):
        _known(reject, _REJECT_FIELDS, f"{what}: rejects")
        if not {"latex", "code"} <= set(reject):
            raise BadSpec(f"{what}: each of rejects has latex and code")
        rejects.append(Reject(*(_text(reject, name, f"{what}: rejects") for name in ("latex", "code", "hint"))))
    from derive.matrix.layouts import LAYOUTS

    layout = _text(data, "layout", what)
    if layout and layout not in LAYOUTS:
        raise BadSpec(f"{what}: layout {layout!r} is not known{_did_you_mean(layout, LAYOUTS)}")
    accepts = _texts(data, "accepts", what)
    return Question(id_, part, ask, written, _points(data, what), accepts, tuple(rejects), layout)


def _points(data: Mapping[str, Any], what: str) -> float:
    points = data.get("points", 1)
    if isinstance(points, bool) or not isinstance(points, int | float) or not 0 <= points < MAX_POINTS:
        raise BadSpec(f"{what}: points is a number from 0 on, not {points!r}")
    return float(points)


def _text(data: Mapping[str, Any], name: str, what: str, default: str = "") -> str:
    value = data.get(name, default)
    if not isinstance(value, str):
        raise BadSpec(f"{what}: {name} is text, not {value!r}")
    return value


def _list(data: Mapping[str, Any], name: str, what: str) -> list[Any]:
    value = data.get(name, [])
    if not isinstance(value, list | tuple):
        raise BadSpec(f"{what}: {name} is a list, not {value!r}")
    return list(value)


def _texts(data: Mapping[str, Any], name: str, what: str) -> tuple[str, ...]:
    return tuple(_text({name: value}, name, what) for value in _list(data, name, what))


def across_parts(tree: Node, part: str, parts: Mapping[str, Part]) -> Node:
    """Names of the part first, those it lacks from the one other part that defines them."""
    owner: dict[str, str] = {}
    for other in (part, *(p for p in parts if p != part)):
        for name, key in parts[other].quantities.items():
            owner.setdefault(name, key)
    return substitute(tree, {name: Name(key) for name, key in owner.items() if name != key})


def _known(data: Any, fields: set[str], what: str) -> None:
    if not isinstance(data, Mapping):
        raise BadSpec(f"{what}: a table is expected, got {data!r}")
    for field_name in data:
        if field_name not in fields:
            raise BadSpec(f"{what}: unknown field {field_name!r}{_did_you_mean(field_name, fields)}")


def _did_you_mean(word: str, known: Any) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _unique(ids: list[str], what: str) -> None:
    for index, id_ in enumerate(ids):
        if id_ in ids[:index]:
            raise BadSpec(f"two {what}s have the id {id_!r}")
