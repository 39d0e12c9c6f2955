"""A statement as relations joined by "and" and "or": chains taken apart, ± and ∈ {…} written out, definitions put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from checks.decide.activations import Activation
from checks.decide.claim import Setting, in_world
from derive.entries import carried_out
from derive.errors import NoRule, TooLarge
from derive.rules import with_named_functions
from derive.tree import (
    ZERO,
    Chain,
    Constant,
    Listing,
    Logical,
    Matrix,
    Negative,
    Node,
    OffKinks,
    PlusMinus,
    Quotient,
    Sum,
    ValueSet,
    transform,
    walk,
)

MAX_ALTERNATIVES = 64  # conjunctions a sentence is multiplied out to
OPPOSITE = {"=": r"\ne", r"\ne": "=", "<": r"\ge", r"\ge": "<", ">": r"\le", r"\le": ">"}
ORDER = frozenset(["<", r"\le", ">", r"\ge"])


class NoSentence(Exception):
    """What stands there states no relation that can be decided; the message says what it is."""


@dataclass(frozen=True)
class Atom:
    """One relation between two formulas over the inputs."""

    left: Node
    relation: str
    right: Node

    @cached_property
    def difference(self) -> Node:
        """left − right; a side that is 0 is left out."""
        if self.right == ZERO:
            return self.left
        return Negative(self.right) if self.left == ZERO else Sum((self.left, Negative(self.right)))

    @property
    def names(self) -> tuple[str, ...]:
        """The inputs that occur."""
        return self.difference.names


@dataclass(frozen=True)
class Sentence:
    """Relations joined by a connective; `and` of nothing is true, `or` of nothing false."""

    connective: str
    parts: tuple[Sentence | Atom, ...]

    @cached_property
    def atoms(self) -> tuple[Atom, ...]:
        """Every relation in it."""
        return tuple(dict.fromkeys(a for p in self.parts for a in ((p,) if isinstance(p, Atom) else p.atoms)))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The inputs that occur."""
        return tuple(dict.fromkeys(name for atom in self.atoms for name in atom.names))

    @cached_property
    def alternatives(self) -> tuple[tuple[Atom, ...], ...]:
        """The same as an `or` of `and`s of relations. Raises TooLarge."""
        return _multiplied(self, "or")

    @cached_property
    def demands(self) -> tuple[tuple[Atom, ...], ...]:
        """The same as an `and` of `or`s of relations. Raises TooLarge."""
        return _multiplied(self, "and")

    @cached_property
    def is_complex(self) -> bool:
        """Whether the imaginary unit occurs."""
        trees = [atom.difference for atom in self.atoms]
        return any(isinstance(node, Constant) and node.name == "i" for tree in trees for node in walk(tree))


TRUE = Sentence("and", ())


def said_in(part: Sentence, world: Mapping[str, Activation]) -> Sentence:
    """The same with concrete functions for the general ones."""
    if not world:
        return part
    parts = (
        Atom(in_world(p.left, world), p.relation, in_world(p.right, world))
        if isinstance(p, Atom)
        else said_in(p, world)
        for p in part.parts
    )
    return Sentence(part.connective, tuple(parts))


def _multiplied(part: Sentence | Atom, outer: str) -> tuple[tuple[Atom, ...], ...]:
    if isinstance(part, Atom):
        return ((part,),)
    inner = [_multiplied(p, outer) for p in part.parts]
    if part.connective == outer:
        found = [group for groups in inner for group in groups]
    else:
        size = 1
        for groups in inner:
            size *= len(groups)
        if size > MAX_ALTERNATIVES:
            raise TooLarge(f"a statement of more than {MAX_ALTERNATIVES} alternatives")
        found = [tuple(dict.fromkeys(a for group in chosen for a in group)) for chosen in product(*inner)]
    if len(found) > MAX_ALTERNATIVES:
        raise TooLarge(f"a statement of more than {MAX_ALTERNATIVES} alternatives")
    return tuple(dict.fromkeys(found))


def sentence(tree: Node, setting: Setting) -> Sentence:
    """What a statement says of its inputs. Raises NoSentence, TooLarge."""
    match tree:
        case Logical(connective=connective, statements=statements):
            return Sentence(connective, tuple(sentence(part, setting) for part in statements))
        case Chain(continued=False):
            readings = tuple(Sentence("and", tuple(_links(chain, setting))) for chain in _signs(tree))
            return readings[0] if len(readings) == 1 else Sentence("or", readings)
    raise NoSentence("this states nothing; write a relation")


def _signs(tree: Chain) -> tuple[Chain, ...]:
    """Both readings of ±, all of them taken together."""
    if not any(isinstance(node, PlusMinus) for node in walk(tree)):
        return (tree,)
    found = []
    for upper in (True, False):

        def signed(node: Node, *, upper: bool = upper) -> Node | None:
            if not isinstance(node, PlusMinus):
                return None
            return node.operand if node.upper == upper else Negative(node.operand)

        changed = transform(tree, signed)
        assert isinstance(changed, Chain)
        found.append(changed)
    return tuple(found)


def _links(tree: Chain, setting: Setting) -> Iterator[Sentence | Atom]:
    for left, relation, right in zip(tree.sides, tree.relations, tree.sides[1:], strict=False):
        if relation == r"\in":
            yield _member(_over_inputs(left, setting), right, setting)
        elif relation not in OPPOSITE:
            raise NoSentence(f"{relation} has no exact meaning to decide")
        elif left.has_array or right.has_array:
            yield _entrywise(_over_inputs(left, setting), relation, _over_inputs(right, setting))
        else:
            yield Atom(_over_inputs(left, setting), relation, _over_inputs(right, setting))


def _member(element: Node, of: Node, setting: Setting) -> Sentence:
    """x ∈ {a, b}, x ∈ [a, b], x ∈ (a, b)."""
    if element.has_array:
        raise NoSentence("only numbers are looked for in a set or an interval")
    if isinstance(of, ValueSet):
        return Sentence("or", tuple(Atom(element, "=", _over_inputs(value, setting)) for value in of.elements))
    if isinstance(of, Listing) and len(of.elements) == 2:
        low, high = (_over_inputs(bound, setting) for bound in of.elements)
        relation = r"\le" if of.opening == "[" else "<"
        return Sentence("and", (Atom(low, relation, element), Atom(element, relation, high)))
    raise NoSentence("what stands after ∈ is no set of values and no interval")


def _entrywise(left: Node, relation: str, right: Node) -> Sentence:
    """Equality of matrices or lists as that of all their entries, ≠ as that of any."""
    try:
        one, other = carried_out(left), carried_out(right)
    except NoRule as error:
        raise NoSentence(str(error)) from None
    if relation not in {"=", r"\ne"} or _shape(one) is None or _shape(one) != _shape(other):
        raise NoSentence("only matrices or lists of one shape are compared here, by = or ≠")
    atoms = (Atom(a, relation, b) for a, b in zip(one.children, other.children, strict=True))
    return Sentence("and" if relation == "=" else "or", tuple(atoms))


def _shape(tree: Node) -> tuple[int, ...] | None:
    if isinstance(tree, Matrix):
        return tree.shape
    return (len(tree.elements),) if isinstance(tree, Listing) else None


def _over_inputs(tree: Node, setting: Setting) -> Node:
    return transform(setting.named.expanded(with_named_functions(tree, setting.symbols)), _off_kinks)


def _off_kinks(node: Node) -> Node | None:
    """A derivative that is said off its kinks has no value at them: 0/k has none where k = 0."""
    if not isinstance(node, OffKinks):
        return None
    return Sum((node.body, *(Quotient(ZERO, kink) for kink in node.kinks)))
