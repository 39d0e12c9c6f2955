"""A claim between formulas of arrays, and the draws it is tried at: sizes, entries, indices, functions standing for σ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from random import Random
from zlib import crc32

from checks.decide.activations import Activation, standing_for
from checks.decide.arrays.entries import Draw as Numbers
from checks.decide.arrays.entries import Rows, drawn, entries
from checks.decide.arrays.evaluate import Evaluator
from checks.decide.arrays.sizes import assignments, conditions, letters, size_of
from checks.decide.claim import Setting
from checks.decide.points import admitted
from derive.errors import NoRule
from derive.functions import FUNCTIONS
from derive.lazy import lazy
from derive.matrix.nodes import VECTORS_OF, ArrayName, Norm
from derive.rules import kinks_of, with_named_functions
from derive.symbols import Symbol
from derive.tree import Absolute, Call, Cases, Constant, Indicator, Node, Root, functions, walk

RATIONAL = frozenset({"tr", "diag", "vec", "adj", "pinv"})
MIXED = "mixed"  # another stratum for every name, so that b may be large where A is small
MIXTURE = ("generic", "small", "positive", "large")
MAX_CHOICES = 24  # of index values at one draw


@dataclass(frozen=True)
class Draw:
    """Where a claim is tried; everything exact."""

    sizes: Mapping[str, int]
    arrays: Mapping[str, Rows]  # scalars too, as 1 × 1
    world: Mapping[str, Activation] = field(default_factory=dict)
    choices: tuple[Mapping[str, int], ...] = ({},)  # of indices
    stratum: str = ""


@dataclass(frozen=True)
class ArrayClaim:
    """Two sides in a setting; that they have equal values of one shape, for all sizes, is claimed."""

    left: Node
    right: Node
    setting: Setting
    beside: tuple[Node, ...] = ()  # names that are drawn although neither side holds them

    @lazy
    def sides(self) -> tuple[Node, Node]:
        """Both sides with named functions resolved."""
        table = self.setting.symbols
        return with_named_functions(self.left, table), with_named_functions(self.right, table)

    @lazy
    def needed(self) -> tuple[Node, ...]:
        """Both sides and the definitions they rest on."""
        program = self.setting.named
        definitions = {k: t for side in self.sides for k, t in program.needed(side).items()}
        return (*self.sides, *definitions.values(), *self.beside)

    @lazy
    def written(self) -> dict[str, ArrayName]:
        """The arrays that occur, and those that they belong to."""
        found = {node.key: node for tree in self.needed for node in walk(tree) if isinstance(node, ArrayName)}
        for node in list(found.values()):
            owner = self.setting.symbols.get(node.of) if node.of else None
            if owner is not None and node.role in VECTORS_OF | {"differential"} and owner.shape is not None:
                found.setdefault(owner.key, ArrayName(owner.key, owner.shape, owner.properties, owner.role, owner.of))
        return found

    @lazy
    def arrays(self) -> dict[str, ArrayName]:
        """The arrays that entries are drawn for: not defined ones, nor eigenvectors and the Kronecker delta."""
        defined = self.setting.program.definitions
        return {
            key: node
            for key, node in self.written.items()
            if key not in defined and node.role not in VECTORS_OF and node.role != "delta"
        }

    @lazy
    def dimensions(self) -> tuple[str, ...]:
        """The sizes that are letters, in shapes or as numbers."""
        shapes = letters(self.written.values())
        named = (key for key in self.free if self.setting.symbol(key).role == "dimension")
        ranges = (self.setting.symbol(key).of for key in self.indices)
        return tuple(dict.fromkeys((*shapes, *named, *(r for r in ranges if r and not r.isdigit()))))

    @lazy
    def free(self) -> tuple[str, ...]:
        """The names values are needed for, arrays left out."""
        program = self.setting.named
        keys = dict.fromkeys(k for side in (*self.sides, *self.beside) for k in program.inputs(side))
        return tuple(key for key in keys if key not in self.written)

    @lazy
    def indices(self) -> tuple[str, ...]:
        """The names that count entries."""
        return tuple(key for key in self.free if self.setting.symbol(key).role == "index")

    @lazy
    def scalars(self) -> tuple[Symbol, ...]:
        """The numbers, neither sizes nor indices."""
        shapes = set(letters(self.written.values()))
        taken = {*self.indices, *shapes}
        symbols = (self.setting.symbol(key) for key in self.free if key not in taken)
        return tuple(symbol for symbol in symbols if symbol.role != "dimension")

    @lazy
    def general_functions(self) -> tuple[str, ...]:
        """The functions of which only properties are known."""
        called = (f for tree in self.needed for f in functions(tree))
        return tuple(dict.fromkeys(f for f in called if f not in FUNCTIONS and f not in Evaluator.calls))

    @lazy
    def is_rational(self) -> bool:
        """Whether both sides may be worked out over the rationals."""
        return not any(
            isinstance(node, Root | Norm | Constant) or (isinstance(node, Call) and node.function not in RATIONAL)
            for tree in self.needed
            for node in walk(tree)
        )

    @lazy
    def in_cells(self) -> bool:
        """Whether a side, or a definition, is another formula on either side of a kink or jump."""
        return any(
            isinstance(node, Indicator | Absolute | Cases)
            or (isinstance(node, Call) and node.function in FUNCTIONS and bool(kinks_of(node)))
            for tree in self.needed
            for node in walk(tree)
        )

    @lazy
    def seed(self) -> int:
        """A number that depends on what is claimed and nothing else."""
        kinds = (type(node).__name__ for side in self.sides for node in walk(side))
        return crc32(repr((self.left.names, self.right.names, *kinds)).encode())

    def worlds(self) -> tuple[Mapping[str, Activation], ...]:
        """Assignments of concrete functions to the general ones; one empty one if there are none. Raises NoRule."""
        if not self.general_functions:
            return ({},)
        choices = {f: standing_for(self.setting.symbol(f)) for f in self.general_functions}
        most = max(len(c) for c in choices.values())
        return tuple(
            {f: c[(turn + place) % len(c)] for place, (f, c) in enumerate(choices.items())} for turn in range(most)
        )

    def sizes(self, count: int) -> Iterator[dict[str, int]]:
        """Assignments of different sizes to the dimensions."""
        return assignments(self.dimensions, conditions(self.written.values()), self.seed, count)

    def draw(self, sizes: Mapping[str, int], stratum: str, turn: int, world: Mapping[str, Activation]) -> Draw:
        """Entries for everything. Raises NoRule for what is declared and cannot be heeded."""
        random = Random(crc32(repr((self.seed, stratum, turn)).encode()))
        strata = ((key, random.choice(MIXTURE) if stratum == MIXED else stratum) for key in self.keys)
        return self.filled(sizes, {key: drawn(kind, random) for key, kind in strata}, world, stratum, random)

    def filled(
        self, sizes: Mapping[str, int], numbers: Mapping[str, Numbers], world: Mapping[str, Activation], stratum: str,
        random: Random,
    ) -> Draw:  # fmt: skip
        """Entries for everything from given numbers. Raises NoRule for what is declared and cannot be heeded."""
        arrays: dict[str, Rows] = {}
        for key, node in self.arrays.items():
            symbol = self.setting.symbol(key)
            arrays[key] = entries(self.like_its_owner(node), sizes, numbers[key], (symbol.lower, symbol.upper))
        for symbol in self.scalars:
            arrays[symbol.key] = ((self.number(symbol, numbers[symbol.key](), random),),)
        return Draw(sizes, arrays, world, self.choices(sizes, random), stratum)

    @property
    def keys(self) -> tuple[str, ...]:
        """What numbers are drawn for."""
        return (*self.arrays, *(symbol.key for symbol in self.scalars))

    def like_its_owner(self, node: ArrayName) -> ArrayName:
        """The differential of a symmetric matrix is symmetric, of a diagonal one diagonal."""
        owner = self.written.get(node.of)
        if node.role != "differential" or owner is None:
            return node
        if owner.properties & {"orthogonal", "unit vector", "probability vector"} or owner.role:
            raise NoRule(f"no entries for a differential of {owner.key}")
        kept = owner.properties & {"symmetric", "diagonal", "skew-symmetric", "upper triangular", "lower triangular"}
        return ArrayName(node.key, node.shape, node.properties | kept, node.role, node.of)

    def number(self, symbol: Symbol, value: Fraction, random: Random) -> Fraction:
        if "large positive" in symbol.properties:
            value = 40 + abs(value)
        found = admitted(symbol, value, random)
        if found is None:
            raise NoRule(f"no number that {symbol.key} may be was found")
        return found

    def choices(self, sizes: Mapping[str, int], random: Random) -> tuple[Mapping[str, int], ...]:
        """Values of the indices: all of them, or some where they are many."""
        if not self.indices:
            return ({},)
        ends = [self.setting.symbol(key).of for key in self.indices]
        highs = [size_of(int(end) if end.isdigit() else end, sizes) for end in ends]
        every = [dict(zip(self.indices, chosen, strict=True)) for chosen in product(*(range(1, n + 1) for n in highs))]
        return tuple(every if len(every) <= MAX_CHOICES else random.sample(every, MAX_CHOICES))
