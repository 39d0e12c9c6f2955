"""Lark's LALR tables run over tokens: shifts and reductions looked up once when the parser is built, not for each token."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lark import Lark, Token

END = "$END"
Reduction = tuple[int, str, Callable[[list[Any]], Any]]  # how many values, the rule's name, its callback


class Stuck(Exception):
    """A token, or the end (None), stands where the grammar has no place for it: the state says what came before."""

    def __init__(self, state: int, token: Token | None) -> None:
        super().__init__("no place in the grammar")
        self.state, self.token = state, token
        self.symbol = END if token is None else token.type


class Automaton:
    """The parser of a grammar with its callbacks; keeps no state between runs."""

    def __init__(self, lark: Lark) -> None:
        tables = lark.parse_interactive("").parser_state.parse_conf
        self.start, self.end = tables.start_state, tables.end_state
        self.rows: dict[int, dict[str, int | Reduction]] = {}
        for state, row in tables.states.items():
            self.rows[state] = {}
            for symbol, (action, target) in row.items():
                shift = action.name == "Shift"
                self.rows[state][symbol] = target if shift else (
                    len(target.expansion), target.origin.name, tables.callbacks[target])  # fmt: skip

    def run(self, tokens: Sequence[Token]) -> Any:
        """What the callbacks make of a whole sequence of tokens. Raises Stuck, and what callbacks raise."""
        rows, states = self.rows, [self.start]
        values: list[Any] = []
        for token in (*tokens, None):
            symbol = END if token is None else token.type
            while True:
                step = rows[states[-1]].get(symbol)
                if step is None:
                    raise Stuck(states[-1], token)
                if isinstance(step, int):
                    states.append(step)
                    values.append(token)
                    break
                size, rule, callback = step
                cut = len(values) - size
                value = callback(values[cut:])
                del values[cut:], states[cut + 1 :]
                states.append(rows[states[-1]][rule])  # after a rule there is a shift
                values.append(value)
                if token is None and states[-1] == self.end:
                    return value
        raise AssertionError("the end is either taken or stuck")
