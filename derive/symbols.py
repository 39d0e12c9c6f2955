"""What a name is: specs such as `real, positive` or `function, increasing` turned into a symbol table.

The table decides how a formula is read (whether `S(z)` is a call or a product, whether the star of `z_5^*` belongs to
the name), so it knows each symbol by its canonical spelling and by every other spelling declared for it. Spellings are
compared after `canonical_name`, which only orders and braces scripts: `z^*_5`, `z_{5}^{*}` and `z_5^*` are one name,
while `x` and `X`, `x` and `\\mathbf{x}` never are.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from derive.errors import BadSpec
from derive.lazy import lazy
from derive.matrix import specs
from derive.matrix.nodes import SCALAR, Shape
from derive.names import canonical_name
from derive.phrases import HOLE, is_phrase, phrase_pattern, term_pattern
from derive.scripts import member_pattern, unbraced

SEQUENCES = frozenset(
    ["sequence", "random sequence", "random"]
)  # g_1, g_2, …: functions of a whole number, under the key g_
# names a problem's author writes → the function of derive.functions that is meant
NAMED_FUNCTIONS = {
    "logistic sigmoid": "sigmoid", "logistic function": "sigmoid", "sigmoid": "sigmoid", "logistic": "sigmoid",
    "tanh": "tanh", "hyperbolic tangent": "tanh", "hyperbolic sine": "sinh", "sinh": "sinh",
    "hyperbolic cosine": "cosh", "cosh": "cosh", "softplus": "softplus", "softsign": "softsign",
    "log sigmoid": "log_sigmoid", "log-sigmoid": "log_sigmoid", "logit": "logit",
    "exp": "exp", "exponential": "exp", "log": "log", "logarithm": "log", "natural logarithm": "log",
    "sin": "sin", "sine": "sin", "cos": "cos", "cosine": "cos", "tan": "tan", "tangent": "tan",
    "arctan": "arctan", "arctangent": "arctan", "identity": "identity", "sign": "sign",
    "ReLU": "relu", "relu": "relu", "rectifier": "relu", "rectified linear unit": "relu",
    "ReLU6": "relu6", "leaky ReLU": "leaky_relu", "ELU": "elu", "exponential linear unit": "elu", "SELU": "selu",
    "scaled exponential linear unit": "selu", "SiLU": "silu", "swish": "silu", "GELU": "gelu",
    "Gaussian error linear unit": "gelu", "GELU tanh": "gelu_tanh", "mish": "mish", "hard sigmoid": "hardsigmoid",
    "hard tanh": "hardtanh", "hard swish": "hardswish", "error function": "erf", "erf": "erf",
    "complementary error function": "erfc", "standard normal cdf": "normal_cdf", "standard normal pdf": "normal_pdf",
    "standard normal density": "normal_pdf", "gamma function": "gamma", "digamma": "digamma",
    "digamma function": "digamma", "Lambert W": "lambert_w", "Lambert W function": "lambert_w",
    "Riemann zeta function": "zeta",
}  # fmt: skip
HALF_PLANE = re.compile(r"(Re|Im)(>=|<=|>|<|!=|=)0")
_SIGN_TESTS: dict[str, Callable[[Fraction], bool]] = {
    ">": lambda u: u > 0, ">=": lambda u: u >= 0, "<": lambda u: u < 0, "<=": lambda u: u <= 0,
    "=": lambda u: u == 0, "!=": lambda u: u != 0,
}  # fmt: skip
_HOLDS: dict[str, Callable[[Fraction], bool]] = {
    "positive": lambda value: value.numerator > 0, "nonnegative": lambda value: value.numerator >= 0,
    "negative": lambda value: value.numerator < 0, "nonzero": lambda value: value.numerator != 0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Symbol:
    """One declared name: a scalar with its domain, a function of one real variable, or (kind "array") a vector or matrix.

    Bounds and signs of an array are those of its entries. The shape of an upstream gradient is None until it is fixed.
    """

    key: str
    kind: str = "real"
    properties: frozenset[str] = frozenset()
    lower: Fraction | None = None  # bounds of the domain
    upper: Fraction | None = None
    closed: tuple[bool, bool] = (False, False)  # whether the bounds belong to it
    named: str | None = None  # for a function: the row of derive.functions it stands for
    spellings: tuple[str, ...] = ()
    shape: Shape | None = None
    role: str = ""  # of an array, a size or an index: see derive.matrix.specs
    defined: bool = False  # by a formula: an intermediate name, whose members are not known
    code: tuple[str, ...] = ()  # what the name is called in programs
    of: str = ""  # what a differential, an upstream gradient, a singular vector or an index belongs to

    @property
    def is_array(self) -> bool:
        """Whether the name stands for a vector or matrix."""
        return self.kind == "array"

    @property
    def is_function(self) -> bool:
        """Whether the name is applied to arguments rather than multiplied."""
        return self.kind == "function"

    @property
    def is_sequence(self) -> bool:
        """Whether the name has terms g_1, g_2, …."""
        return self.role == "sequence"

    @property
    def limited(self) -> bool:
        """Whether anything is known of its values but the kind of number."""
        return bool(self.properties) or self.lower is not None or self.upper is not None

    def term(self, key: str) -> Symbol:
        """One term of a sequence under a name of its own: a real of the sequence's domain."""
        signs = self.properties & frozenset(_HOLDS)
        return Symbol(key, "real", signs, self.lower, self.upper, self.closed)

    def admits(self, value: Any) -> bool:
        """Whether a rational number, or one with `real` and `imaginary` parts, lies in the declared domain."""
        if self.kind == "complex":
            return self._admits_complex(value)
        if self.is_array:
            return False
        if not isinstance(value, Fraction):
            return False
        if self.kind == "integer" and value.denominator != 1:
            return False
        if any(not _HOLDS[sign](value) for sign in self.properties if sign in _HOLDS):
            return False
        above = self.lower is None or value > self.lower or (self.closed[0] and value == self.lower)
        return above and (self.upper is None or value < self.upper or (self.closed[1] and value == self.upper))

    def _admits_complex(self, value: Any) -> bool:
        real, imaginary = (value, Fraction(0)) if isinstance(value, Fraction) else (value.real, value.imaginary)
        if "nonzero" in self.properties and real == imaginary == 0:
            return False
        parts = {"Re": real, "Im": imaginary}
        planes = (match for p in self.properties if (match := HALF_PLANE.fullmatch(p)))
        return all(_SIGN_TESTS[match[2]](parts[match[1]]) for match in planes)

    def describe(self) -> str:
        """The spec again, as a person would write it."""
        words = [self._kind_in_words(), *sorted(self.properties)]
        if any(self.closed):
            left, right = "(["[self.closed[0]], ")]"[self.closed[1]]
            low, high = ("-inf" if self.lower is None else self.lower), ("inf" if self.upper is None else self.upper)
            words.append(f"in {left}{low}, {high}{right}")
        elif self.lower is not None and self.upper is not None:
            words.append(f"between {self.lower} and {self.upper}")
        elif self.lower is not None:
            words.append(f"greater than {self.lower}")
        elif self.upper is not None:
            words.append(f"less than {self.upper}")
        named = next((words for words, row in NAMED_FUNCTIONS.items() if row == self.named), self.named)
        return ", ".join(words + ([named] if named else []))

    def _kind_in_words(self) -> str:
        if self.role in {"sequence", "expectation"}:
            return self.role
        if self.role in {"dimension", "delta"}:
            return {"delta": "Kronecker delta"}.get(self.role, self.role)
        if self.of:
            return specs.described(self.role, self.of)
        if not self.is_array or self.shape is None:
            return self.kind
        rows, columns = self.shape
        if self.role == "family":
            return f"family {rows} of vector {columns}"
        if self.role in {"ones", "zeros", "identity"}:
            return f"{self.role} {rows}" if columns == 1 or self.role == "identity" else f"{self.role} {rows} {columns}"
        kind = f"vector {rows}" if columns == 1 else f"row {columns}" if rows == 1 else f"matrix {rows} {columns}"
        return f"{kind}, the centring matrix" if self.role == "centring" else kind


_WORD = re.compile("[A-Za-z]{2,}")


class SymbolTable(Mapping[str, Symbol]):
    """The declared names of a formula by canonical spelling, with every other spelling pointing at them."""

    def __init__(self, symbols: Iterable[Symbol] = ()) -> None:
        self._symbols: dict[str, Symbol] = {}
        self._spelled: dict[str, str] = {}
        for symbol in symbols:
            if symbol.key in self._symbols:
                raise BadSpec(f"{symbol.key} is declared twice")
            self._symbols[symbol.key] = symbol
        for symbol in self._symbols.values():
            for spelling in (symbol.key, *symbol.spellings):
                owner = self._spelled.setdefault(spelling, symbol.key)
                if owner != symbol.key:
                    raise BadSpec(f"{spelling} is declared as a spelling of {owner} and of {symbol.key}")

    @lazy
    def words(self) -> tuple[str, ...]:
        """The spellings that are words of two letters or more, longest first."""
        return tuple(sorted((s for s in self._spelled if _WORD.fullmatch(s)), key=len, reverse=True))

    @lazy
    def phrases(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        """The spellings that are several symbols long, such as `f(x_0)` or `\\Delta x`, longest first."""
        found = sorted((s for s in self._spelled if is_phrase(s)), key=len, reverse=True)
        return tuple((phrase_pattern(spelling), spelling) for spelling in found)

    @lazy
    def has_arrays(self) -> bool:
        """Whether a vector or matrix is declared."""
        return any(symbol.is_array for symbol in self._symbols.values())

    @lazy
    def named_functions(self) -> dict[str, str]:
        """What the functions declared as named ones are called in derive.functions."""
        return {key: symbol.named for key, symbol in self._symbols.items() if symbol.named}

    @classmethod
    def from_specs(cls, declared: Mapping[str, Any] | None) -> SymbolTable:
        """A table from `{"x": "real", "\\sigma": "function, increasing"}`; a spec may also be a table with `spec` and
        `latex` (its spellings, the first one printed), or `{"domain": "real", "interval": [a, b]}`.

        Raises BadSpec naming the symbol and the nearest spec that makes sense.
        """
        if isinstance(declared, SymbolTable):
            return declared
        if declared is not None and not isinstance(declared, Mapping):
            raise BadSpec(f'symbols are a table such as {{"x": "real"}}, not {type(declared).__name__}')
        if not all(isinstance(name, str) for name in declared or ()):
            raise BadSpec("the names of symbols are strings")
        from derive.declarations import symbols_of  # which makes symbols

        return cls(symbols_of(declared or {}))

    def with_upstream(self, shape: Shape, of: str = "") -> SymbolTable:
        """This table where the upstream gradients (of a name, or all) have the shape of f's value; (1, 1) is a scalar."""
        kind = "real" if shape == SCALAR else "array"
        symbols = self._symbols.values()
        if not any(symbol.role == "upstream" for symbol in symbols):
            return self
        return SymbolTable(
            replace(s, kind=kind, shape=None if kind == "real" else shape)
            if s.role == "upstream" and (not of or s.of == of)
            else s
            for s in symbols
        )

    def resolve(self, spelling: str) -> Symbol | None:
        """The symbol spelled so, or None."""
        key = self._spelled.get(spelling)
        return self.member(spelling) or self.sizes.get(spelling) if key is None else self._symbols[key]

    @lazy
    def sizes(self) -> dict[str, Symbol]:
        """The letters of the shapes that are declared: whole numbers nobody declares."""
        letters = {
            size
            for symbol in self._symbols.values()
            for size in (*(symbol.shape or ()), symbol.of * (symbol.role == "index"))
        }
        return {
            key: Symbol(key, "integer", frozenset({"positive"}), role="dimension")
            for size in letters
            if isinstance(size, str) and specs.is_letter(size) and (key := canonical_name(size)) not in self._spelled
        }

    @lazy
    def sequences(self) -> dict[str, Symbol]:
        """The sequences by what stands before the index: g of g_t."""
        every = (symbol for symbol in self._symbols.values() if symbol.is_sequence)
        return {s[:-1]: symbol for symbol in every for s in (symbol.key, *symbol.spellings) if HOLE not in s}

    @lazy
    def term_phrases(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        """What the terms of sequences look like that are spelled with their index inside, and the key of the sequence."""
        every = (symbol for symbol in self._symbols.values() if symbol.is_sequence)
        return tuple((term_pattern(s), symbol.key) for symbol in every for s in symbol.spellings if HOLE in s)

    @lazy
    def families(self) -> tuple[tuple[re.Pattern[str], Symbol], ...]:
        """What the members of names such as `x_i` look like; defined names and functions have none."""
        own = (symbol for symbol in self._symbols.values() if not symbol.defined and not symbol.is_function)
        return tuple((pattern, symbol) for symbol in own if (pattern := member_pattern(symbol.key)))

    def member(self, key: str) -> Symbol | None:
        """The symbol `x_3` of a declared family `x_i`, or `g` of independent g_1, g_2, … of one law; None if there is neither."""
        if self.sequences and (symbol := self.sequences.get(key)) is not None and "iid" in symbol.properties:
            return symbol.term(symbol.key[:-1])
        if not self.families or not any(char.isdigit() for char in key):
            return None
        for pattern, family in self.families:
            if pattern.fullmatch(unbraced(key)):
                return replace(family, key=key, spellings=())
        return None

    def extended(self, symbols: Iterable[Symbol]) -> SymbolTable:
        """This table with further symbols; one declared under the same key stays, a mere other spelling gives way."""
        new = [symbol for symbol in symbols if symbol.key not in self._symbols]
        taken = {symbol.key for symbol in new}
        if len(taken) == len(new) and not any(s.spellings or s.key in self._spelled for s in new):
            return self._with(new) if new else self
        kept = [
            replace(s, spellings=tuple(x for x in s.spellings if x not in taken)) if taken & set(s.spellings) else s
            for s in self._symbols.values()
        ]
        return SymbolTable((*kept, *new)) if new else self

    def _with(self, new: list[Symbol]) -> SymbolTable:
        """This table with symbols whose keys are new to it, and which have no other spelling."""
        table = SymbolTable()
        table._symbols = self._symbols | {symbol.key: symbol for symbol in new}
        table._spelled = self._spelled | {symbol.key: symbol.key for symbol in new}
        vars(table)["phrases"] = self.phrases
        if not any(_WORD.fullmatch(symbol.key) for symbol in new):
            vars(table)["words"] = self.words
        if not any(member_pattern(symbol.key) for symbol in new):
            vars(table)["families"] = self.families
        return table

    def nearest(self, spelling: str) -> str | None:
        """The declared spelling most like one that is not declared; None where none is like it."""
        others = [s for s in self._spelled if s != spelling]
        close = difflib.get_close_matches(spelling, others, n=1, cutoff=0.6)
        if close:
            return close[0]
        stem = spelling.split("_", maxsplit=1)[0].split("^", maxsplit=1)[0]
        return min((s for s in others if s.split("_")[0].split("^")[0] == stem), key=len, default=None)

    def __getitem__(self, key: str) -> Symbol:
        symbol = self._symbols.get(key) or self.member(key) or self.sizes.get(key)
        if symbol is None:
            raise KeyError(key)
        return symbol

    def __iter__(self) -> Iterator[str]:
        return iter(self._symbols)

    def __len__(self) -> int:
        return len(self._symbols)
