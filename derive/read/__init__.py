"""LaTeX → typed tree.

    text ──lexer──▶ tokens the symbol table decided ──grammar (LALR)──▶ rows ──build──▶ tree

`lexer.py` is the loop over the text; `cursor.py` its state, brackets and arguments, `names.py`, `scripts.py`,
`commands.py` and `constructs.py` what names, scripts, commands and constructs with their own syntax become by the table
and TeX's rules. `grammar.lark` holds the structure, `build.py` its callbacks, `rows.py` the precedence inside products;
`dots.py` reads dots as sums, rows and matrices;
`diagnose.py` turns a parse error into a sentence by comparing it with a table of malformed samples, and `vocabulary.py`
holds the commands. The parser is built when first used and shared by all threads (it keeps no state
between calls). Reading is total: a formula is read whole, or Unreadable says where reading stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from derive.errors import BadSpec, TooLarge, Unreadable
from derive.matrix.families import Dots
from derive.matrix.nodes import Shape
from derive.read.automaton import Automaton, Stuck
from derive.tree import Binder, Call, FunctionName, Name, Node, substitute, walk

if TYPE_CHECKING:
    from derive.symbols import SymbolTable


@dataclass(frozen=True, slots=True)
class Reading:
    """A formula as understood: its tree, the names nobody declared (first offset of each), what was looked past."""

    tree: Node
    undeclared: dict[str, int]
    notes: tuple[str, ...]
    shapes: tuple[tuple[str, Shape], ...] = ()  # parts, as written, and the shapes that labels under them claim


@lru_cache(maxsize=1)
def parser() -> Automaton:
    """The LALR parser with its callbacks."""
    from lark import Lark
    from lark.lexer import Lexer

    from derive.read.build import Builder

    class Fed(Lexer):
        """Stands in for a lexer: the automaton is given tokens."""

        def __init__(self, conf: object) -> None:
            pass

        def lex(self, data: object) -> object:  # type: ignore[override]
            return iter(())

    grammar = files("derive.read").joinpath("grammar.lark").read_text("utf-8")
    return Automaton(Lark(grammar, parser="lalr", lexer=Fed), Builder())


def read(text: str, table: SymbolTable, *, free: bool = False) -> Reading:
    """Read a formula whole. With `free`, undeclared names become names and are listed. Raises Unreadable, BadSpec for no text."""
    from derive.read.diagnose import diagnosed, empty
    from derive.read.lexer import lex
    from derive.read.quantifiers import without_quantifiers
    from derive.read.rows import Ambiguous

    if not isinstance(text, str):
        raise BadSpec(f"a formula is LaTeX text or what was read from it, not {type(text).__name__}")
    if (" is " in text or " has " in text) and (stated := _property(text, table, free=free)) is not None:
        return stated
    text = without_quantifiers(text)
    lexed = lex(text, table, free=free)
    if not lexed.tokens:
        raise empty(text)
    try:
        tree = _without_dots(parser().run(lexed.tokens), table, text)
    except Stuck as stuck:
        raise diagnosed(stuck, text, lexed.tokens) from None
    except Ambiguous as error:
        raise error.at(text) from None
    except TooLarge as error:
        raise Unreadable("too-deep", f"the formula is {error}", text=text, hint="name a part of it") from None
    if table.has_arrays:
        from derive.read.matrices import resolved

        tree, how = resolved(tree, table, text, free=free)
        if how:
            lexed.notes.append(how)
    _refuse_escaped(tree, lexed.bound, table, text)
    return _with_members(
        Reading(tree, lexed.undeclared, tuple(lexed.notes), tuple(lexed.shapes)), table, text, free=free
    )


def _property(text: str, table: SymbolTable, *, free: bool) -> Reading | None:
    r"""`\sigma' is Lipschitz with constant \\frac14`: the formulas in it read by themselves."""
    from derive.read.words import is_property, read_property, refuse_other_words

    if not is_property(text):
        refuse_other_words(text)
        return None
    undeclared: dict[str, int] = {}
    notes: list[str] = []

    def inner(formula: str) -> Node:
        reading = read(formula, table, free=free)
        undeclared.update(reading.undeclared)
        notes.extend(reading.notes)
        return reading.tree

    tree = read_property(text, inner)
    return Reading(tree, undeclared, tuple(notes))


def _without_dots(tree: Node, table: SymbolTable, text: str) -> Node:
    """Dots read as sums, rows, columns and matrices. Raises Unreadable, code `dots`."""
    if Dots not in tree.kinds:
        return tree
    from derive.read.dots import Unclear, written

    at = next(node.at for node in walk(tree) if isinstance(node, Dots))
    try:
        return written(tree, table)
    except Unclear as unclear:
        offset = unclear.at if unclear.at >= 0 else at
        raise Unreadable("dots", unclear.reason, text=text, offset=offset, length=5, hint=unclear.hint) from None


def _with_members(reading: Reading, table: SymbolTable, text: str, *, free: bool) -> Reading:
    """Names that run with the index of a Σ or Π written out; every member is declared, or listed as undeclared."""
    from derive.read.families import Indexed, written_out

    if Binder not in reading.tree.kinds:
        return reading
    try:
        tree, families = written_out(reading.tree)
    except Indexed as error:
        raise Unreadable("indexed-name", error.reason, text=text, offset=max(text.find(error.name), 0),
                         length=len(error.name), hint=error.hint) from None  # fmt: skip
    if not families:
        return reading
    undeclared = {name: at for name, at in reading.undeclared.items() if name in tree.names}
    functions = {node.function for node in walk(tree) if isinstance(node, Call | FunctionName)}
    for member in (name for name in (*tree.names, *sorted(functions)) if name in families):
        symbol = table.resolve(member)
        if symbol is not None and symbol.is_function == (member in functions):
            continue
        family = families[member]
        if not free or member in functions:
            raise Unreadable("indexed-name", f"{family} stands for {member} here, which is not declared", text=text,
                             offset=max(text.find(family), 0), length=len(family), hint=f"declare {member}")  # fmt: skip
        undeclared.setdefault(member, reading.undeclared.get(family, 0))
    spelled = {name: Name(symbol.key) for name in families if (symbol := table.resolve(name)) and symbol.key != name}
    return Reading(substitute(tree, spelled), undeclared, reading.notes, reading.shapes)


def _refuse_escaped(tree: Node, bound: set[str], table: SymbolTable, text: str) -> None:
    """An index means something inside its Σ, Π, ∫ or lim only."""
    for name in tree.names:
        if name in bound and table.resolve(name) is None:
            raise Unreadable("undeclared-name", f"{name} is used outside of what binds it", text=text,
                             offset=text.rfind(name), length=len(name), hint="declare it, or bracket what it runs over")  # fmt: skip
