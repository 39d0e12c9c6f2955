"""What is known of scalars made of vectors and matrices: inequality laws, put to the words a claim is made of.

    uᵀu ≥ 0,  (uᵀv)² ≤ (uᵀu)(vᵀv)            Cauchy–Schwarz, for all vectors u, v that the words of the claim end in
    uᵀHu ≥ 0                                 H positive (semi)definite
    λmin(H)·uᵀu ≤ uᵀHu ≤ λmax(H)·uᵀu         H symmetric; both are ≥ 0 where H is positive semidefinite, > 0 where definite
    (Au)ᵀ(Au) ≤ ‖A‖₂²·uᵀu,  ‖A‖₂² ≤ ‖A‖_F²   the operator norm
    ‖A(u − v)‖ ≤ ‖A‖‖u − v‖,  ‖s(a) − s(b)‖ ≤ c‖a − b‖     s a function of each entry, Lipschitz with constant c
    Σ fᵢ ≥ 0                                 fᵢ ≥ 0
    Σ fᵢ(eᵢ − c) ≥ 0                         a premise eᵢ ≥ c for every i, fᵢ ≥ 0: what weighted means lie between
    uᵀHu ≤ m·uᵀu                             a premise H ⪯ mI
    uᵀa = uᵀb                                a premise a = b between columns

Scalars are multiplied out by the canonical form (derive/matrix/canonical.py), which gives each value one name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from checks.decide.bounds.constants import greatest_slope
from checks.decide.claim import Claim, Setting
from checks.decide.intervals import Interval, declared
from checks.decide.order_proofs import proof_of_order
from derive.errors import NoRule, TooLarge
from derive.matrix.canonical import Canonical, unturned
from derive.matrix.nodes import SCALAR, ArrayName, Entry, Norm
from derive.matrix.shapes import shape_of
from derive.matrix.words import Linear, Word, oriented, spelled, transposed
from derive.normal import fraction_tree, normal_form
from derive.program import Program
from derive.symbols import Symbol, SymbolTable
from derive.tree import (
    ONE,
    ZERO,
    Binder,
    Call,
    Name,
    Negative,
    Node,
    Power,
    Product,
    Root,
    Sum,
    Transpose,
    number,
    times,
    transform,
    walk,
)
from derive.write import latex

# whose Lipschitz constant is the greatest size of their slope
CONTINUOUS = frozenset(["relu", "tanh", "sigmoid", "softplus", "silu", "gelu", "mish", "sin", "cos", "arctan"])
ROOT, NORM = "root|", "s|norm"  # of names that stand for numbers ≥ 0
MAX_VECTORS = 6
Fact = tuple[Node, str]  # u relation 0
EXTREMES = {"lambda_max": "λmax", "lambda_min": "λmin"}
DEFINITE = frozenset({"positive definite", "positive semidefinite"})
FAILURES = (NoRule, TooLarge, ZeroDivisionError, RecursionError)


class Recording(Canonical):
    """Canonical forms that remember the words their scalars stand for."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: dict[str, Word] = {}

    def pair(self, piece: Word) -> Node:
        found = super().pair(piece)
        if isinstance(found, Name) and found.key == f"s|{spelled(oriented(piece))}":
            self.pieces[found.key] = oriented(piece)
        return found


class Facts:
    """The facts about one claim, collected while its sides are turned into formulas of scalars."""

    def __init__(self, setting: Setting, *, opaque: bool = False) -> None:
        self.setting, self.opaque = setting, opaque
        self.canonical = Recording()
        self.norms: dict[Word, Node] = {}  # ‖A‖₂ of products
        self.extremes: dict[tuple[str, str], Name] = {}  # λmax(H), λmin(H), by the matrix and which
        self.sums: dict[Binder, None] = {}
        self.applied: dict[
            tuple[str, str], tuple[ArrayName, Node]
        ] = {}  # s(u), u for functions of each entry, if opaque

    def goal(self, tree: Node) -> Node:
        """The formula the facts are looked for: only words that are left in it count. Raises NoRule."""
        found = fraction_tree(normal_form(self.scalar(tree)))
        self.canonical.pieces = {key: word for key, word in self.canonical.pieces.items() if key in found.names}
        return found

    def scalar(self, tree: Node) -> Node:
        """A formula over names of scalars. Raises NoRule."""
        tree = transform(tree, self._named)
        for node in walk(tree):
            if isinstance(node, Norm) and node.kind in {"2", "F"} and 1 not in shape_of(node.operand):
                self._note_norm(node.operand)
            if isinstance(node, Binder) and self._counts_entries(node):
                self.sums[node] = None
        return self.canonical.scalar(transform(tree, self._summed))

    def _note_norm(self, matrix: Node) -> None:
        """The norm of a product of matrices, and of what is left of it without orthogonal factors."""
        linear = self.canonical.linear(matrix)
        for same in (linear, unturned(linear)):
            if len(same.terms) == 1 and same.terms[0][1] == ONE and same.terms[0][0]:
                self.norms[same.terms[0][0]] = self.canonical.scalar(Norm(matrix))

    def _counts_entries(self, node: Binder) -> bool:
        """Whether a sum runs over all entries of columns, and nothing else in it depends on its index."""
        if node.kind != "sum" or len(node.bounds) != 2 or node.bounds[0] != number(1):
            return False
        size = getattr(node.bounds[1], "key", getattr(node.bounds[1], "text", ""))
        entries = [part for part in walk(node.body) if isinstance(part, Entry)]
        fits = all(
            part.indices == (Name(node.index),)
            and isinstance(part.operand, ArrayName)
            and tuple(map(str, part.operand.shape)) == (size, "1")
            for part in entries
        )
        return fits and sum(part == Name(node.index) for part in walk(node.body)) == len(entries)

    def _summed(self, node: Node) -> Node | None:
        """A sum over entries as the canonical form spells it. Raises NoRule for any other: its terms would look constant."""
        if not isinstance(node, Binder):
            return None
        if not self._counts_entries(node):
            raise NoRule("a sum that does not run over the entries of columns")
        size = node.bounds[1].key if isinstance(node.bounds[1], Name) else int(getattr(node.bounds[1], "text", "0"))
        body = transform(node.body, lambda n: self.canonical.entry(n.operand) if isinstance(n, Entry) else None)
        return self.canonical.summed(body, size)

    def _named(self, node: Node) -> Node | None:
        if (
            self.opaque
            and isinstance(node, Call)
            and node.function in CONTINUOUS
            and not node.order
            and _is_column(node)
        ):
            return self._value(node.function, transform(node.arguments[0], self._named))
        if isinstance(node, Call) and node.function in EXTREMES and isinstance(node.arguments[0], ArrayName):
            key = node.arguments[0].key
            return self.extremes.setdefault((key, node.function), Name(f"s|{EXTREMES[node.function]} {key}"))
        return None

    def _value(self, function: str, argument: Node) -> ArrayName:
        """A column that stands for a function of each entry of another."""
        key = function, self.canonical.key_of(self.canonical.linear(argument))
        column = ArrayName(f"{function} {len(self.applied)}", shape_of(argument))
        return self.applied.setdefault(key, (column, argument))[0]

    # --- premises ----------------------------------------------------------------------------------------------------

    def of_premise(self, left: Node, relation: str, right: Node, for_vector: Callable[[Node], Any]) -> list[Fact]:
        """What one premise says of the scalars of the claim."""
        if shape_of(left) != SCALAR or shape_of(right) != SCALAR:
            return self._semidefinite(for_vector) if relation != "=" else self._multiplied(left, right)
        difference = Sum((left, Negative(right)))
        indices = self._indices(difference)
        if not indices:
            return [(self.scalar(difference), relation)]
        if len(indices) > 1 or relation == r"\ne":
            return []
        return self._termwise(difference, relation, indices[0])

    def _indices(self, tree: Node) -> list[str]:
        """Free names that count entries: what is said of them is said of every entry."""
        bound = {node.index for node in walk(tree) if isinstance(node, Binder)}
        entries = [node for node in walk(tree) if isinstance(node, Entry)]
        names = dict.fromkeys(i.key for node in entries for i in node.indices if isinstance(i, Name))
        return [name for name in names if name not in bound]

    def _termwise(self, difference: Node, relation: str, index: str) -> list[Fact]:
        """Σ f(e − c) has the sign of e − c, for every f ≥ 0 that is a term of a sum of the claim, or part of one."""
        found: list[Fact] = []
        for summed in list(self.sums):
            here = _renamed(difference, index, summed.index)
            for factor in _factors(summed.body):
                multiplied = Binder("sum", summed.index, summed.bounds, Product((factor, here)))
                if self._counts_entries(multiplied) and self._nonnegative(factor):
                    looser = {"<": r"\le", ">": r"\ge"}.get(relation, relation)
                    found.append((self._without_noting(multiplied), looser))
        return found

    def _without_noting(self, tree: Node) -> Node:
        """The scalar of a sum that is no part of the claim."""
        return self.canonical.scalar(transform(tree, self._summed))

    def _semidefinite(self, for_vector: Callable[[Node], Any]) -> list[Fact]:
        """uᵀAu ≤ uᵀBu for every vector u that is a name and ends a word of the claim."""
        found: list[Fact] = []
        for vector in self._single_vectors():
            link = for_vector(vector)
            try:
                found.append((self.scalar(Sum((link.left, Negative(link.right)))), r"\le"))
            except FAILURES:
                continue
        return found

    def _multiplied(self, left: Node, right: Node) -> list[Fact]:
        """wᵀa = wᵀb of columns a = b, for every vector w that is a name and ends a word of the claim."""
        if shape_of(left if right == ZERO else right)[1] != 1:
            return []
        found: list[Fact] = []
        for vector in self._single_vectors():
            factor = Transpose(vector)
            terms = [Product((factor, side)) for side in (left, right) if side != ZERO]
            try:
                found.append((self.scalar(Sum((terms[0], *map(Negative, terms[1:])))), "="))
            except FAILURES:
                continue
        return found

    def _single_vectors(self) -> list[ArrayName]:
        """The vectors that are names and end a word of the claim."""
        words = [word[0] for word in self._vectors() if len(word) == 1 and not word[0].turned]
        symbols = [self.setting.symbols.get(atom.key) for atom in words]
        return [ArrayName(s.key, s.shape, s.properties, s.role, s.of) for s in symbols if s is not None and s.shape]

    # --- laws --------------------------------------------------------------------------------------------------------

    def _vectors(self) -> list[Word]:
        """The columns that the words of the claim begin or end with."""
        found: dict[str, Word] = {}
        for word in self.canonical.pieces.values():
            for cut in range(1, len(word)):
                for column in (word[cut:], transposed(word[:cut])):
                    if column[-1].columns == 1:
                        found.setdefault(spelled(column), column)
        return sorted(found.values(), key=lambda word: (len(word), spelled(word)))[:MAX_VECTORS]

    def known(self, *, strict: bool = False) -> list[Fact]:
        """The laws of the table, for what the claim is made of; `strict`: by the least eigenvalues of definite matrices, too."""
        if strict:
            self._note_least()
        vectors = self._vectors()
        squares = {spelled(u): self._inner(u, u) for u in vectors}
        found: list[Fact] = [(square, r"\ge") for square in squares.values()]
        for u, v in combinations(vectors, 2):
            if u[0].rows == v[0].rows:
                bound = Product((squares[spelled(u)], squares[spelled(v)]))
                found.append((Sum((Power(self._inner(u, v), number(2)), Negative(bound))), r"\le"))
        found += self._forms(vectors, squares)
        found += self.eigenvalues()
        found += self._operators(vectors, squares)
        for summed in self.sums:
            if self._nonnegative(summed.body):
                found.append((self._without_noting(summed), r"\ge"))
        return found

    def _note_least(self) -> None:
        for atom in {atom for word in self.canonical.pieces.values() for atom in word}:
            symbol = self.setting.symbols.get(atom.key)
            if symbol is not None and "positive definite" in symbol.properties:
                self.extremes.setdefault((atom.key, "lambda_min"), Name(f"s|{EXTREMES['lambda_min']} {atom.key}"))

    def _inner(self, u: Word, v: Word) -> Node:
        turned = Linear((1, u[0].rows), [(transposed(u), ONE)])
        return self.canonical.as_scalar(self.canonical.times(turned, Linear((v[0].rows, 1), [(v, ONE)])))

    def _forms(self, vectors: list[Word], squares: dict[str, Node]) -> list[Fact]:
        """Quadratic forms of matrices of which something is declared."""
        found: list[Fact] = []
        matrices = {atom for word in self.canonical.pieces.values() for atom in word}
        for matrix, u in product(sorted(matrices, key=lambda a: a.key), vectors):
            symbol = self.setting.symbols.get(matrix.key)
            if symbol is None or symbol.shape is None or matrix.columns != u[0].rows or matrix.rows != matrix.columns:
                continue
            form = self.canonical.pair((*transposed(u), matrix, *u))
            if symbol.properties & DEFINITE:
                found.append((form, r"\ge"))
            for (owner, which), value in self.extremes.items():
                if owner == matrix.key and "symmetric" in symbol.properties:
                    between = Sum((form, Negative(Product((value, squares[spelled(u)])))))
                    found.append((between, r"\le" if which == "lambda_max" else r"\ge"))
        return found

    def eigenvalues(self) -> list[Fact]:
        """How the extreme eigenvalues of one matrix compare, and their sign where it is definite."""
        found: list[Fact] = []
        for (owner, which), value in self.extremes.items():
            symbol = self.setting.symbols.get(owner)
            if symbol is None or "symmetric" not in symbol.properties:
                continue
            if symbol.properties & DEFINITE:
                found.append((value, ">" if "positive definite" in symbol.properties else r"\ge"))
            other = self.extremes.get((owner, "lambda_min"))
            if which == "lambda_max" and other is not None:
                found.append((Sum((value, Negative(other))), r"\ge"))
        return found

    def _operators(self, vectors: list[Word], squares: dict[str, Node]) -> list[Fact]:
        found: list[Fact] = []
        for word, norm in self.norms.items():
            found.append((norm, r"\ge"))
            squared = Power(norm, number(2))
            frobenius = Root(
                self.canonical.traced(Linear((word[-1].columns, word[-1].columns), [(transposed(word) + word, ONE)]))
            )
            found.append((Sum((norm, Negative(frobenius))), r"\le"))
            for acting in (word, transposed(word)):
                for u in vectors:
                    if acting[-1].columns == u[0].rows:
                        image = self._inner(acting + u, acting + u)
                        found.append((Sum((image, Negative(Product((squared, squares[spelled(u)]))))), r"\le"))
        return found

    def distances(self) -> list[tuple[Node, Node]]:
        """Lengths and bounds of them: how far apart the values of functions and of matrices with a norm can be."""
        found = self._entrywise()  # first: it brings words along
        vectors = self._vectors()
        for word, norm in self.norms.items():
            fitting = [u for u in vectors if word[-1].columns == u[0].rows]
            found += [
                (Root(self._inner(word + u, word + u)), Product((norm, Root(self._inner(u, u))))) for u in fitting
            ]
            single = [u for u in fitting if len(u) == 1]
            found += [
                (self._distance(word + u, word + v), Product((norm, self._distance(u, v))))
                for u, v in combinations(single, 2)
            ]
        return found

    def _distance(self, u: Word, v: Word) -> Node:
        """‖u − v‖"""
        return Root(Sum((self._inner(u, u), times([number(-2), self._inner(u, v)]), self._inner(v, v))))

    def _entrywise(self) -> list[tuple[Node, Node]]:
        """Functions of each entry whose slope is bounded: their values are as near as their arguments, times that bound."""
        found: list[tuple[Node, Node]] = []
        for (one, u), (other, v) in combinations(list(self.applied.items())[:MAX_VECTORS], 2):
            slope = greatest_slope(one[0]) if one[0] == other[0] and shape_of(u[1]) == shape_of(v[1]) else None
            if slope is not None:
                values, arguments = (self.canonical.scalar(Norm(Sum((u[k], Negative(v[k]))))) for k in (0, 1))
                found.append((values, Product((number(slope.high), arguments))))
        return found

    def _nonnegative(self, entry: Node) -> bool:
        """Whether a formula of entries is nonnegative, whatever they are within what is declared."""
        names: dict[Node, Symbol] = {}

        def put(node: Node) -> Node | None:
            if isinstance(node, Entry) and isinstance(node.operand, ArrayName):
                own = self.setting.symbol(node.operand.key)
                signs = own.properties & {"positive", "nonnegative", "negative", "nonzero"}
                key = f"e_{len(names)}"
                known = Symbol(key, properties=signs, lower=own.lower, upper=own.upper, closed=own.closed)
                return Name(names.setdefault(node, known).key)
            return None

        tree = transform(entry, put)
        if any(isinstance(node, ArrayName) for node in walk(tree)):
            return False
        others = [s for key, s in self.setting.symbols.items() if key in tree.names]
        table = SymbolTable([*others, *names.values()])
        return proof_of_order(Claim(tree, ZERO, Setting(table, Program())), r"\ge") is not None

    def bounds(self, trees: Iterable[Node]) -> dict[str, Interval]:
        """What is declared of the names that are scalars, and of sizes."""
        found: dict[str, Interval] = {}
        for name in dict.fromkeys(key for tree in trees for key in tree.names):
            symbol = self.setting.symbols.get(name)
            if symbol is not None and not symbol.is_array:
                known = declared(symbol)
                found[name] = Interval(Fraction(1), None, (True, False)) if symbol.role == "dimension" else known
        return found


def without_roots(tree: Node) -> Node:
    """A formula with a name for each root in its normal form. Raises TooLarge."""
    return transform(fraction_tree(normal_form(tree)), lambda n: Name(ROOT + latex(n)) if isinstance(n, Root) else None)


def _is_column(tree: Node) -> bool:
    rows, columns = shape_of(tree)
    return columns == 1 and rows != 1


def _renamed(tree: Node, index: str, to: str) -> Node:
    return transform(tree, lambda node: Name(to) if isinstance(node, Name) and node.key == index else None)


def _factors(body: Node) -> list[Node]:
    """A term of a sum, and what is left of it without one of its factors."""
    if not isinstance(body, Product):
        return [body]
    rest = [body.factors[:k] + body.factors[k + 1 :] for k in range(len(body.factors))]
    return [body, *(times(list(part)) for part in rest if part)]
