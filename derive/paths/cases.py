r"""`\begin{cases} -1 & \text{if } w < 1 \\ … \end{cases}` → values with the conditions they stand under, and the loss it is the slope of.

Conditions are relations, joined by commas, "and", "or"; a bare number after "or" repeats the relation before it (`w = 1 or 1 + h`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from derive.errors import BadSpec, Unreadable
from derive.paths.losses import PiecewiseLinear
from derive.read import read
from derive.symbols import SymbolTable
from derive.tree import Chain, Name, Negative, Node, Number, Power, Product, Quotient, Sum

MAX_ROWS = 32
MAX_EXPONENT = 64
_ENVIRONMENT = re.compile(r"\\begin\{cases\}(.*)\\end\{cases\}", re.DOTALL)
_WORDS = re.compile(r"\\(?:text|mathrm|textrm|mbox)\s*\{([^{}]*)\}")
_IF = re.compile(r"\b(?:if|for|when|where|falls|wenn)\b")
_ORDER = {
    "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    r"\le": lambda a, b: a <= b,
    r"\ge": lambda a, b: a >= b,
}


def rational(tree: Node, values: Mapping[str, Fraction]) -> Fraction | None:
    """The value of a rational formula; None where it is none, or a name has no value."""
    match tree:
        case Number():
            return Fraction(tree.value)
        case Name():
            return values.get(tree.key)
        case Negative():
            inner = rational(tree.operand, values)
            return None if inner is None else -inner
        case Quotient():
            top, bottom = rational(tree.numerator, values), rational(tree.denominator, values)
            return None if top is None or not bottom else top / bottom
        case Power():
            base, exponent = rational(tree.base, values), rational(tree.exponent, values)
            if base is None or exponent is None or exponent.denominator != 1 or not 0 <= exponent <= MAX_EXPONENT:
                return None
            return base ** int(exponent)
        case Sum() | Product():
            found = [rational(child, values) for child in tree.children]
            known = [value for value in found if value is not None]
            if len(known) != len(found):
                return None
            if isinstance(tree, Sum):
                return sum(known, Fraction(0))
            product = Fraction(1)
            for value in known:
                product *= value
            return product
    return None


@dataclass(frozen=True, slots=True)
class Cases:
    """Rows of (value, alternatives); a row holds where one alternative, a list of chains, does. No alternative: otherwise."""

    rows: tuple[tuple[Node, tuple[tuple[Chain, ...], ...]], ...]

    def at(self, values: Mapping[str, Fraction]) -> Fraction | None:
        """The value at a point; None where no row applies, or one that does has no rational value."""
        for value, alternatives in self.rows:
            if not alternatives or any(all(_holds(chain, values) for chain in one) for one in alternatives):
                return rational(value, values)
        return None

    def bounds(self, values: Mapping[str, Fraction], position: str) -> set[Fraction]:
        """The positions at which a condition changes, where its sides are the position plus a number, or a number."""
        found: set[Fraction] = set()
        chains = (chain for _, alternatives in self.rows for one in alternatives for chain in one)
        for chain in chains:
            for left, right in zip(chain.sides, chain.sides[1:], strict=False):
                difference = [_at(left, right, {**values, position: Fraction(p)}) for p in (0, 1)]
                if None in difference or difference[0] == difference[1]:
                    continue
                assert difference[0] is not None
                assert difference[1] is not None
                found.add(difference[0] / (difference[0] - difference[1]))
        return found

    def loss(self, values: Mapping[str, Fraction], position: str) -> PiecewiseLinear:
        """The loss whose slope this is. Raises BadSpec where it is not piecewise constant or has gaps."""
        at = sorted(self.bounds(values, position))
        if not at:
            raise BadSpec("the cases name no breakpoint")
        between = [at[0] - 1, *((a + b) / 2 for a, b in zip(at, at[1:], strict=False)), at[-1] + 1]
        slopes, kinks = ([self.at({**values, position: p}) for p in points] for points in (between, at))
        if None in slopes or None in kinks:
            raise BadSpec("the cases do not say what the slope is everywhere")
        return PiecewiseLinear.of(at, [s for s in slopes if s is not None], [k for k in kinks if k is not None])


def _at(left: Node, right: Node, values: Mapping[str, Fraction]) -> Fraction | None:
    a, b = rational(left, values), rational(right, values)
    return None if a is None or b is None else a - b


def _holds(chain: Chain, values: Mapping[str, Fraction]) -> bool:
    sides = [rational(side, values) for side in chain.sides]
    return all(
        a is not None and b is not None and relation in _ORDER and _ORDER[relation](a, b)
        for a, relation, b in zip(sides, chain.relations, sides[1:], strict=False)
    )


def read_cases(text: str, table: SymbolTable) -> Cases | None:
    """The cases of a formula; None if it has no `cases` environment. Raises Unreadable."""
    found = _ENVIRONMENT.search(text)
    if found is None:
        return None
    rows = [row for row in re.split(r"\\\\", found[1]) if row.strip()]
    if len(rows) > MAX_ROWS:
        raise Unreadable("too-large", f"cases have at most {MAX_ROWS} rows", text=text)
    return Cases(tuple(_row(row, table) for row in rows))


def _row(row: str, table: SymbolTable) -> tuple[Node, tuple[tuple[Chain, ...], ...]]:
    value, _, condition = row.partition("&")
    plain = _IF.sub(" ", _WORDS.sub(r" \1 ", condition)).strip().rstrip(",.;")
    number = read(value.strip().rstrip(","), table).tree
    if not plain or re.fullmatch(r"(?:otherwise|else)\.?", plain.strip()):
        return number, ()
    alternatives: list[tuple[Chain, ...]] = []
    for one in re.split(r"\bor\b|\\lor|\\vee", plain):
        chains: list[Chain] = []
        for part in re.split(r"\band\b|,|\\land|\\wedge", one):
            tree = read(part.strip(), table).tree
            if isinstance(tree, Chain):
                chains.append(tree)
            elif alternatives and len(alternatives[-1][-1].sides) == 2:  # `w = 1 or 1 + h`
                before = alternatives[-1][-1]
                chains.append(Chain((before.sides[0], tree), before.relations))
            else:
                raise Unreadable(
                    "condition", "a condition states nothing", hint="write a relation such as w < 1", text=part
                )
        alternatives.append(tuple(chains))
    return number, tuple(alternatives)
