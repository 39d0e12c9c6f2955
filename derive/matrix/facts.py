"""What is known of names, taken away while differentiating by them and put back for the result; and how results are spelled.

A declared symmetric X is differentiated as if its entries were free, so its symmetry may be used only afterwards. Arrays of
ones and identities that a rule brought in get the name declared for that size; declared functions their own name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from derive.matrix.atoms import Monomial
from derive.matrix.keys import key, scalar_key
from derive.matrix.monomials import combined, join, split
from derive.matrix.nodes import SCALAR, ArrayName, Entry, Shape
from derive.matrix.shapes import shape_of
from derive.rules import with_named_functions
from derive.symbols import SymbolTable
from derive.tree import Call, Name, Node, Product, Transpose, functions, names, states, transform, walk

USED = frozenset(
    {"symmetric", "symmetric positive definite", "diagonal", "probability vector", "orthogonal", "positive definite"}
)


def stripped(name: ArrayName) -> ArrayName:
    """A name of which nothing is known that a derivative by it must not use."""
    return ArrayName(name.key, name.shape, name.properties - USED, name.role, name.of)


def without_facts(tree: Node, keys: set[str]) -> Node:
    return transform(tree, lambda node: stripped(node) if isinstance(node, ArrayName) and node.key in keys else None)


def restored(tree: Node, table: SymbolTable) -> Node:
    """The tree with everything declared of its names."""

    def restore(node: Node) -> Node | None:
        if not isinstance(node, ArrayName) or node.key not in table or node.role in {"ones", "identity"}:
            return None
        symbol = table[node.key]
        if symbol.properties == node.properties:
            return None
        return ArrayName(node.key, node.shape, symbol.properties, symbol.role or node.role, symbol.of or node.of)

    return transform(tree, restore)


def named_functions_in(tree: Node, table: SymbolTable) -> Node:
    """Functions declared as named ones (`logistic sigmoid`) replaced by the row they name."""
    return with_named_functions(tree, table)


# --- intermediates ---------------------------------------------------------------------------------------------------


class Intermediates:
    """Definitions to be put back: parts of a tree that equal one are replaced by its name, later definitions first.

    A tree can hold a definition only if it holds all its names: each is kept under the one fewest share.
    """

    def __init__(self, where: Mapping[str, Node], table: SymbolTable) -> None:
        foldings = [_Folding(name, named_functions_in(definition, table)) for name, definition in where.items()]
        shared = Counter(name for folding in foldings for name in folding.names)
        self.under: dict[str | None, list[tuple[int, _Folding]]] = {}
        for place, folding in enumerate(foldings):
            rarest = min(sorted(folding.names), key=shared.__getitem__, default=None)
            self.under.setdefault(rarest, []).append((place, folding))

    def named_again(self, tree: Node) -> Node:
        """The tree with the names of intermediates."""
        if not self.under:
            return tree
        possible = [pair for name in (None, *tree.names) for pair in self.under.get(name, ())]
        for _, folding in sorted(possible, key=lambda pair: -pair[0]):
            tree = folding.of(tree)
        return tree


class _Folding:
    """Replaces one definition: as a whole, as a run of factors with its scalars, as a power of a scalar."""

    def __init__(self, name: str, definition: Node) -> None:
        shape = shape_of(definition)
        self.symbol: Node = Name(name) if shape == SCALAR else ArrayName(name, shape)
        self.key, self.flipped = key(definition), key(definition, flip=True)
        known = {
            node.key for node in walk(definition) if isinstance(node, ArrayName) and node.role in {"ones", "identity"}
        }
        self.names = frozenset(definition.names) - known
        self.part, self.scalar = split(definition), shape == SCALAR

    def of(self, tree: Node) -> Node:
        if not self.names.issubset(tree.names):
            return tree
        if states(tree):  # the condition of an indicator
            return tree.rebuilt(tuple(self.of(child) for child in tree.children))
        if key(tree) == self.key:
            return self.symbol
        if not self.scalar and key(tree) == self.flipped:
            return Transpose(self.symbol)
        if not tree.children:
            return tree
        children = tuple(self.of(child) for child in tree.children)
        same = all(new is old for new, old in zip(children, tree.children, strict=True))
        rebuilt = tree if same else tree.rebuilt(children)  # what is the same keeps the keys worked out for it
        if states(rebuilt):  # the condition of an indicator has no value
            return rebuilt
        part = split(rebuilt)
        if part.coefficient and (part.word or part.scalars) and part.word != (rebuilt,):
            changed = self._in_scalars(part) if self.scalar else self._in_word(part)
            if changed is not None:
                return join(changed)
        return rebuilt

    def _in_scalars(self, part: Monomial) -> Monomial | None:
        if self.part.coefficient != 1 or not self.part.scalars:
            return None
        have = {scalar_key(base): exponent for base, exponent in part.scalars}
        ratios = {have.get(scalar_key(base), Fraction(0)) / exponent for base, exponent in self.part.scalars}
        if len(ratios) != 1 or not (times := ratios.pop()) or times.denominator != 1:
            return None
        used = {scalar_key(base) for base, _ in self.part.scalars}
        kept = tuple(pair for pair in part.scalars if scalar_key(pair[0]) not in used)
        return replace(part, scalars=(*kept, (self.symbol, times)))

    def _in_word(self, part: Monomial) -> Monomial | None:
        found: Monomial | None = None
        wanted = self.part
        if len(wanted.word) + len(wanted.scalars) < 2:
            return None
        for base, exponent in part.scalars:  # inside 1×1 words
            if isinstance(base, Product) and exponent.denominator == 1 and len(split(base).scalars) == 1:
                continue
        for flip in (False, True):
            word = [key(item, flip=flip) for item in (reversed(wanted.word) if flip else wanted.word)]
            for start in range(len(part.word) - len(word) + 1):
                have = {scalar_key(base): exponent for base, exponent in part.scalars}
                fits = all(have.get(scalar_key(b), Fraction(0)) * e >= e * e for b, e in wanted.scalars)
                if fits and [key(item) for item in part.word[start : start + len(word)]] == word:
                    symbol = Transpose(self.symbol) if flip else self.symbol
                    rest = tuple((b, -e) for b, e in wanted.scalars)
                    items = (*part.word[:start], symbol, *part.word[start + len(word) :])
                    found = combined(
                        [Monomial(part.coefficient / wanted.coefficient, part.scalars, items), Monomial(scalars=rest)]
                    )
                    return self._in_word(found) or found
        return found


# --- spelling --------------------------------------------------------------------------------------------------------


def styled(tree: Node, f: Node, table: SymbolTable) -> Node:
    """Ones, identities, the Kronecker delta and declared functions by the names they have in the table.

    `f` is the formula as its author wrote it: a function written there by its own name keeps that name.
    """
    written = set(functions(f))
    own = {row: name for name, row in reversed(table.named_functions.items()) if name in written or row not in written}
    roles = {
        (s.role, s.shape): s.key for s in reversed(list(table.values())) if s.role in {"ones", "identity", "delta"}
    }

    sizes = {
        role: {n.shape for n in walk(tree) if isinstance(n, ArrayName) and n.role == role}
        for role in ("ones", "identity")
    }

    def style(node: Node) -> Node | None:
        match node:
            case Entry(operand=ArrayName(role="identity"), indices=indices) if delta := _delta(table):
                return Entry(delta, indices)
            case ArrayName(role="ones" | "identity" as role):
                return _spelled(node, roles, table, f, single=len(sizes[role]) < 2)
            case Call(function=function) if function in own:
                return Call(own[function], node.arguments, node.order)
        return None

    return transform(tree, style)


def _delta(table: SymbolTable) -> ArrayName | None:
    symbol = next((s for s in table.values() if s.role == "delta"), None)
    return None if symbol is None else ArrayName(symbol.key, symbol.shape or SCALAR, symbol.properties, "delta")


def _spelled(
    node: ArrayName, roles: Mapping[tuple[str, Shape | None], str], table: SymbolTable, f: Node, *, single: bool
) -> Node | None:
    """The name for an array of ones or an identity: the declared one, else a usual one; with its size if others are about."""
    if node.key in table and table[node.key].shape == node.shape and table[node.key].role == node.role:
        return None
    name = roles.get((node.role, node.shape))
    if name is not None:
        return ArrayName(name, node.shape, node.properties, node.role)
    rows, columns = node.shape
    if node.role == "ones" and columns != 1:
        column = ArrayName(r"\mathbf{1}", (rows, 1), role="ones")
        other = ArrayName(r"\mathbf{1}", (columns, 1), role="ones")
        parts = [_spelled(part, roles, table, f, single=rows == columns) or part for part in (column, other)]
        return Product((parts[0], Transpose(parts[1])))
    plain = node.key.partition("_")[0]
    if not single or plain in table or plain in names(f):
        script = str(rows) if len(str(rows)) == 1 else f"{{{rows}}}"
        return ArrayName(f"{plain}_{script}", node.shape, node.properties, node.role)
    return None
