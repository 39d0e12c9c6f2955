"""Problems: symbols, parts with definitions, questions; read from a TOML file or a catalogue entry of the same fields.

Each part is a scope. A name that two parts define in the same way is one quantity; a name they define differently is
told apart inside the program as `z_4@skip`, so that one flat program holds all parts and a formula that mixes them can
still be judged. Nobody writes answers: the closed form of a question is derived when it is first asked for.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derive.errors import BadSpec, NoRule
from derive.fields import list_field, only_fields, text_field, unique
from derive.matrix.nodes import ArrayName, has_arrays
from derive.matrix.shapes import symbol_of_value
from derive.parts import Part, parts_of, reading_table, sequences_of
from derive.program import Program
from derive.questions import Question, question_of
from derive.read import read
from derive.recurrence.derivation import derive_recurrence
from derive.recurrence.terms import terms
from derive.steps import Derivation, Step, derive_by, derive_formula
from derive.symbols import SymbolTable
from derive.tree import Derivative, Name, Node

if TYPE_CHECKING:
    from derive.paths.model import PathQuestion, Walk

MAX_FILE = 1_000_000
_FIELDS = {"schema", "id", "title", "source", "system", "symbols", "part", "question"}


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
        only_fields(data, _FIELDS, "problem")
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
        inputs = inputs.extended(sequences_of(data["part"], inputs))
        parts, program = parts_of(data["part"], inputs)
        questions = tuple(question_of(q, parts, inputs) for q in list_field(data, "question", "problem"))
        unique([*(q.id for q in questions), *(q.id for q in about_paths)], "question")
        texts = (text_field(data, field_name, "problem") for field_name in ("title", "source", "system"))
        title, source, system = texts
        return cls(
            text_field(data, "id", "problem"), title or data["id"], inputs, parts, questions, program, source, system,
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
