"""A claim ready for deciding: trees over free names, the definitions they rest on, the domain of each name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from zlib import crc32

from checks.decide.activations import Activation, standing_for
from derive.errors import NoRule
from derive.functions import FUNCTIONS
from derive.kinks import kinks_of_primes, without_kinks
from derive.lazy import lazy
from derive.opening import apart
from derive.program import Program
from derive.ranges import ranges_of
from derive.rules import with_named_functions
from derive.symbols import Symbol, SymbolTable
from derive.tree import ZERO, Call, Constant, Node, OffKinks, Quotient, Sum, functions, transform, walk


@dataclass(frozen=True, slots=True)
class Gaussian:
    """An exact complex number: what a complex symbol is given."""

    real: Fraction
    imaginary: Fraction

    def __str__(self) -> str:
        sign = "-" if self.imaginary < 0 else "+"
        return f"{self.real} {sign} {abs(self.imaginary)} i"


@dataclass(frozen=True)
class Setting:
    """What formulas are judged in: the symbols and the definitions of intermediate names."""

    symbols: SymbolTable
    program: Program

    @lazy
    def named(self) -> Program:
        """The definitions with functions declared as named ones resolved."""
        definitions = [(k, with_named_functions(t, self.symbols)) for k, t in self.program.definitions.items()]
        return Program(definitions, self.program.recurrences)

    def symbol(self, key: str) -> Symbol:
        """The symbol of a key of the program; names nobody declared are reals."""
        return self.symbols.get(key) or Symbol(key)


@dataclass(frozen=True)
class Claim:
    """Two sides in a setting; what is to be compared."""

    left: Node
    right: Node
    setting: Setting

    @lazy
    def sides(self) -> tuple[Node, Node]:
        """Both sides with named functions resolved, as the laws of differentiation give them."""
        left, right = self.named
        return without_kinks(left), without_kinks(right)

    @lazy
    def named(self) -> tuple[Node, Node]:
        """Both sides with named functions resolved and marked with the kinks of what was differentiated."""
        table = self.setting.symbols
        program = self.setting.program
        left, right = program.opened(self.left), program.opened(self.right)
        taken = {*left.names, *right.names, *program.inputs(left), *program.inputs(right)}
        left, right = apart(left, taken), apart(right, taken)
        return with_named_functions(left, table), with_named_functions(right, table)

    @lazy
    def kinks(self) -> tuple[Node, ...]:
        """Formulas where one of which vanishes a derivative on either side may not exist: nothing is decided there."""
        found: dict[Node, None] = {}
        for tree in self.named:
            for part in (tree, *self.setting.named.needed(tree).values()):
                for node in walk(part) if OffKinks in part.kinds or Call in part.kinds else ():
                    if isinstance(node, OffKinks):
                        found.update(dict.fromkeys(node.kinks))
                    elif isinstance(node, Call) and node.order:
                        found.update(dict.fromkeys(kinks_of_primes(node)))
        return tuple(found)

    def off_kinks(self, difference: Node) -> Node:
        """A difference with the same value that has none at the kinks: what deciders read its domain from. Raises TooLarge."""
        both = dict.fromkeys((*self.kinks, *map(self.setting.named.expanded, self.kinks)))
        return Sum((difference, *(Quotient(ZERO, kink) for kink in both))) if both else difference

    @lazy
    def inputs(self) -> tuple[Symbol, ...]:
        """The names that are free: values for them determine both sides."""
        keys = dict.fromkeys(k for tree in (*self.sides, *self.kinks) for k in self.setting.named.inputs(tree))
        return tuple(self.setting.symbol(key) for key in keys)

    @lazy
    def general_functions(self) -> tuple[str, ...]:
        """The functions of which only properties are known."""
        every = (*self.sides, *self.kinks)
        needed = [t for tree in every for t in (tree, *self.setting.named.needed(tree).values())]
        return tuple(dict.fromkeys(f for tree in needed for f in functions(tree) if f not in FUNCTIONS))

    @lazy
    def is_complex(self) -> bool:
        """Whether the claim is about principal values: i occurs, or a name that may be complex."""
        if any(symbol.kind == "complex" for symbol in self.inputs):
            return True
        needed = [t for side in self.sides for t in (side, *self.setting.named.needed(side).values())]
        return any(
            isinstance(node, Constant) and node.name == "i"
            for tree in needed
            if Constant in tree.kinds
            for node in walk(tree)
        )

    @lazy
    def seed(self) -> int:
        """A number that depends on what is claimed and nothing else."""
        content = (
            self.left.names,
            self.right.names,
            *(kind.__name__ for side in self.sides for kind in side.kinds),
        )
        return crc32(repr(content).encode())

    def worlds(self) -> tuple[Mapping[str, Activation], ...]:
        """Assignments of concrete functions to the general ones, the simplest first; one empty one if there are none.

        Of several functions each is also stretched and shifted by itself: what depends on how they compare, the larger of
        f_1(x) and f_2(x), is met in more than one order. Raises NoRule where no function is known to be as declared.
        """
        if not self.general_functions:
            return ({},)
        symbols = {f: self.setting.symbol(f) for f in self.general_functions}
        if self.is_complex and any(part.is_bounded for symbol in symbols.values() for part in ranges_of(symbol)):
            raise NoRule(
                "functions with bounds are functions of a real number"
            )  # what stands for them is bounded there only
        choices = {f: standing_for(symbol) for f, symbol in symbols.items()}
        most = max(len(c) for c in choices.values())
        turns = range(most if len(choices) == 1 else 2 * most)
        return tuple(
            {f: c[(turn + index) % len(c)].moved(index, turn // most) for index, (f, c) in enumerate(choices.items())}
            for turn in turns
        )


def in_world(tree: Node, world: Mapping[str, Activation]) -> Node:
    """The tree with general functions replaced by concrete ones."""
    if not world:
        return tree

    def put(node: Node) -> Node | None:
        if isinstance(node, Call) and node.function in world:
            return world[node.function].formula(node.order, node.arguments[0])
        return None

    return transform(tree, put)


Point = Mapping[str, Fraction]  # a Gaussian where the symbol is complex
