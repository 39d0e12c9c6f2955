"""Lark's LALR tables run over tokens: what each rule keeps of its parts is worked out once, when the parser is built."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lark import Lark
    from lark.grammar import Rule

END = "$END"
STATE = "#"  # under which a row keeps its number
Row = dict[str, Any]  # symbol → the row after a shift, or a reduction
Callback = Callable[[list[Any]], Any] | None  # None: the one part stands for the whole
Reduction = tuple[int, str, Callback]  # how many values, the rule's name, what is made of them


@dataclass(slots=True, eq=False)
class Token:
    """A terminal of the grammar, what it says, and where it stood in the text."""

    type: str
    value: Any
    start_pos: int
    end_pos: int


class Stuck(Exception):
    """A token, or the end (None), stands where the grammar has no place for it: the state says what came before."""

    def __init__(self, state: int, token: Token | None) -> None:
        super().__init__("no place in the grammar")
        self.state, self.token = state, token
        self.symbol = END if token is None else token.type


class Automaton:
    """The parser of a grammar, with the methods of a builder named after its rules; keeps no state between runs."""

    def __init__(self, lark: Lark, builder: object) -> None:
        tables = lark.parse_interactive("").parser_state.parse_conf
        rows: dict[int, Row] = {state: {STATE: state} for state in tables.states}
        for state, row in tables.states.items():
            for symbol, (action, target) in row.items():  # Lark's names are tokens, which compare slowly
                rows[state][str(symbol)] = rows[target] if action.name == "Shift" else reduction(target, builder)
        self.start, self.end = rows[tables.start_state], rows[tables.end_state]

    def run(self, tokens: Sequence[Token]) -> Any:
        """What the callbacks make of a whole sequence of tokens. Raises Stuck, and what callbacks raise."""
        row = self.start
        rows, values = [row], []
        for token in (*tokens, None):
            symbol = END if token is None else token.type
            while True:
                step = row.get(symbol)
                if type(step) is dict:
                    row = step
                    rows.append(row)
                    values.append(token)
                    break
                if step is None:
                    raise Stuck(row[STATE], token)
                size, rule, callback = step
                if callback is not None:
                    cut = len(values) - size
                    values[cut:] = [callback(values[cut:])]
                del rows[-size:]
                row = rows[-1][rule]  # after a rule there is a shift
                rows.append(row)
                if token is None and row is self.end:
                    return values[-1]
        raise AssertionError("the end is either taken or stuck")


def reduction(rule: Rule, builder: object) -> Reduction:
    """What is done when a rule is complete, by Lark's conventions: terminals called `_…` are dropped, rules called `_…`
    put their parts into the rule around them, and with `?` a single part stands for the whole.
    """
    size, name = len(rule.expansion), str(rule.origin.name)
    assert size, "no rule of the grammar is empty"
    kept = [index for index, symbol in enumerate(rule.expansion) if not getattr(symbol, "filter_out", False)
            or rule.options.keep_all_tokens]  # fmt: skip
    spread = [not symbol.is_term and symbol.name.startswith("_") for symbol in (rule.expansion[i] for i in kept)]
    parts = _parts(kept, spread, size)
    if name.startswith("_"):
        return size, name, parts
    single = rule.options.expand1 and not rule.alias
    if single and size == 1 and not any(spread):
        return size, name, None
    return size, name, _called(getattr(builder, rule.alias or name), parts, single=single)


def _parts(kept: list[int], spread: list[bool], size: int) -> Callable[[list[Any]], list[Any]]:
    """The parts of a rule that count, those of the rules inside it put in their place."""
    if not any(spread):
        return (lambda values: values) if len(kept) == size else (lambda values: [values[i] for i in kept])

    def flat(values: list[Any]) -> list[Any]:
        found: list[Any] = []
        for index, several in zip(kept, spread, strict=True):
            if several:
                found += values[index]
            else:
                found.append(values[index])
        return found

    return flat


def _called(method: Callable[..., Any], parts: Callable[[list[Any]], list[Any]], *, single: bool) -> Callback:
    def call(values: list[Any]) -> Any:
        found = parts(values)
        return found[0] if single and len(found) == 1 else method(*found)

    return call
