"""One spelling for one value: matrix formulas multiplied out, for all sizes at once. Equal if every coefficient vanishes.

    products       words of atoms; inverses cancel, diagonal matrices merge, a factor 1×1 is a scalar
    entrywise      ⊙, ⊘, f(X), diag(a) M diag(b), outer products: one scalar formula for the entry, taken apart into terms by
                   the normal form of scalars, so σ(1 − σ), y ⊘ s ⊙ s and exp(u)/Σexp(u) are seen through
    scalars        uᵀMv and its transpose are one name, tr is cyclic, 1ᵀ(a ⊙ b) = aᵀb, 1ᵀ1 = n; the scalar normal form does
                   the rest

Inverses are taken to exist where they are written. That two formulas have different spellings says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from derive.errors import NoRule
from derive.matrix.atoms import dimension
from derive.matrix.entrywise import Entries
from derive.matrix.nodes import (
    ArrayName,
    Entry,
    EntrywisePower,
    EntrywiseQuotient,
    Hadamard,
    Kronecker,
    Norm,
)
from derive.matrix.pairing import Scalars
from derive.matrix.shapes import shape_of
from derive.matrix.words import Atom, Linear, Word, spelled, transposed
from derive.normal import normal_form
from derive.tree import (
    ONE,
    ZERO,
    Absolute,
    Binder,
    Call,
    Chain,
    Determinant,
    Indicator,
    Name,
    Negative,
    Node,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    Transpose,
    states,
    times,
    total,
)
from derive.write import latex

MAX_POWER = 12
SCALAR = (1, 1)
ORDERS = {">": 1, r"\ge": 1, "<": -1, r"\le": -1}  # off kinks ≥ is >; the greater side first
ENTRYWISE = (Hadamard, EntrywiseQuotient, EntrywisePower, Absolute, Root, Indicator)
ARRAY_FUNCTIONS = frozenset(["tr", "diag", "vec", "softmax", "logsumexp", "expm", "adj", "pinv"])


def equal(left: Node, right: Node) -> bool:
    """Whether two matrix formulas have one canonical form. Raises TooLarge, NoRule, ZeroDivisionError."""
    canonical = Canonical()
    difference: Node = Sum((left, Negative(right)))
    if shape_of(left) != shape_of(right):
        return False
    if shape_of(left) == SCALAR:
        return canonical.vanishes(canonical.scalar(difference))
    return all(canonical.vanishes(c) for _, c in canonical.merged(canonical.linear(difference)).terms)


class Canonical(Scalars, Entries):
    """The canonical forms of the parts of formulas, each worked out once."""

    def __init__(self) -> None:
        super().__init__()
        self._linear: dict[Node, Linear] = {}
        self._scalar: dict[Node, Node] = {}

    def vanishes(self, coefficient: Node) -> bool:
        """Whether a scalar coefficient is zero."""
        return bool(normal_form(self.with_sums_merged(coefficient)).numerator.is_zero())

    # --- arrays ------------------------------------------------------------------------------------------------------

    def linear(self, node: Node) -> Linear:
        """A vector or matrix as words. Raises NoRule."""
        if node not in self._linear:
            self._linear[node] = self._as_linear(node)
        return self._linear[node]

    def _as_linear(self, node: Node) -> Linear:
        shape = shape_of(node)
        match node:
            case ArrayName():
                return self._named(node)
            case Sum(terms=parts):
                return Linear(shape, (term for part in parts for term in self.linear(part).terms))
            case Negative(operand=u):
                return self.linear(u).negative()
            case Transpose(operand=u):
                return self.linear(u).transposed()
            case Product(factors=factors):
                return self._product(factors)
            case Quotient(numerator=u, denominator=v):
                return self.linear(u).scaled(Quotient(ONE, self.scalar(v)))
            case Power(base=u, exponent=k):
                return self._power(u, k)
            case Kronecker(factors=factors):
                return self._kronecker(factors, shape)
            case Call(function=f, arguments=(u,)) if f in ARRAY_FUNCTIONS:
                return self._function(f, u, node)
        if isinstance(node, ENTRYWISE) or (isinstance(node, Call) and node.function not in ARRAY_FUNCTIONS):
            return self.from_entry(self.entry(node), shape)
        raise NoRule(f"no canonical form for {type(node).__name__}")

    def _named(self, node: ArrayName) -> Linear:
        rows, columns = node.shape
        if node.role == "identity":
            return Linear(node.shape, [((), ONE)])
        if node.role == "ones":
            return self.ones(rows, columns)
        if node.role == "zeros":
            return Linear(node.shape)
        if node.role == "centring":
            inverse_size: Node = Quotient(ONE, dimension(rows))
            result = Linear(node.shape, [((), ONE)])
            for word, c in self.ones(rows, columns).scaled(inverse_size).terms:
                result.add(word, Negative(c))
            return result
        if "diagonal" in node.properties:
            return self.diagonal((Atom(f"diag {node.key}", rows, 1),), (rows, columns))
        kind = next((kind for kind in ("orthogonal", "probability vector") if kind in node.properties), "")
        atom = Atom(node.key, rows, columns, symmetric="symmetric" in node.properties, kind=kind)
        return Linear(node.shape, [((atom,), ONE)])

    def _product(self, factors: Sequence[Node]) -> Linear:
        """Factors left to right; a run of factors that is 1×1 is a scalar."""
        scale: list[Node] = []
        current: Linear | None = None
        index = 0
        while index < len(factors):
            factor, shape = factors[index], shape_of(factors[index])
            if shape == SCALAR:
                scale.append(self.scalar(factor))
            elif current is None or current.shape[1] == shape[0]:
                current = self.linear(factor) if current is None else self.times(current, self.linear(factor))
                if current.shape == SCALAR:
                    scale.append(self.as_scalar(current))
                    current = None
            else:  # a scalar such as xᵀy between matrices
                last = next(j for j in range(index + 1, len(factors)) if shape_of(Product(tuple(factors[index : j + 1]))) == SCALAR)  # fmt: skip
                scale.append(self.scalar(Product(tuple(factors[index : last + 1]))))
                index = last
            index += 1
        if current is None:
            return Linear(SCALAR, [((), times(scale))])
        return current.scaled(times(scale)) if scale else current

    def times(self, left: Linear, right: Linear) -> Linear:
        """The product, words settled."""
        found = Linear((left.shape[0], right.shape[1]))
        for first, a in left.terms:
            for second, b in right.terms:
                coefficient = b if a == ONE else a if b == ONE else times([a, b])
                for word, c in self.settled(first + second, found.shape).scaled(coefficient).terms:
                    found.add(word, c)
        return found

    def _power(self, base: Node, exponent: Node) -> Linear:
        power = normal_form(exponent).constant
        if power is None or power.denominator != 1 or abs(power) > MAX_POWER:
            raise NoRule("no canonical form for a power of a matrix that is no small whole number")
        root = self.linear(base) if power >= 0 else self.inverse(self.linear(base))
        identity = Linear(root.shape, [((), ONE)])
        return reduce(self.times, [root] * abs(int(power)), identity)

    def inverse(self, linear: Linear) -> Linear:
        """The inverse: of a word of square factors the inverses backwards, of anything else an atom."""
        if len(linear.terms) == 1:
            ((word, coefficient),) = linear.terms
            if len(word) == 1 and word[0].kind == "diagonal" and coefficient == ONE:
                column = self.from_entry(Quotient(ONE, self.column_entry(word[0].inside)), (word[0].rows, 1))
                return column.mapped(linear.shape, lambda inner: self.diagonal(inner, linear.shape))
            if all(atom.rows == atom.columns and atom.kind != "diagonal" for atom in word):
                backwards = tuple(self._inverted(atom) for atom in reversed(word))
                return self.settled(backwards, linear.shape).scaled(
                    Quotient(ONE, coefficient) if coefficient != ONE else ONE
                )
        key, turned = self.key_of(linear), self.key_of(linear.transposed())
        atom = Atom(
            f"({min(key, turned)})⁻¹", *linear.shape, turned=turned < key, symmetric=key == turned, kind="inverse"
        )
        if atom.symmetric:
            atom = Atom(atom.key, *linear.shape, symmetric=True, kind="inverse")
        return Linear(linear.shape, [((atom,), ONE)])

    def _inverted(self, atom: Atom) -> Atom:
        if atom.kind == "inverse" and atom.inside:
            inner = atom.inside[0]
            return inner if not atom.turned else inner.transposed()
        if atom.kind == "orthogonal":
            return atom.transposed()
        upright = atom if not atom.turned else atom.transposed()
        return Atom(f"({upright.key})⁻¹", atom.rows, atom.columns, atom.turned, atom.symmetric, "inverse", None, (upright,))  # fmt: skip

    def _kronecker(self, factors: Sequence[Node], shape: tuple[object, object]) -> Linear:
        found = Linear(shape)  # type: ignore[arg-type]
        combinations: list[tuple[tuple[Word, ...], Node]] = [((), ONE)]
        for factor in factors:
            combinations = [
                ((*words, word), times([a, b])) for words, a in combinations for word, b in self.linear(factor).terms
            ]
        for words, coefficient in combinations:
            key = " ⊗ ".join(map(spelled, words))
            found.add((Atom(f"({key})", shape[0], shape[1]),), coefficient)  # type: ignore[arg-type]
        return found

    def _function(self, function: str, argument: Node, node: Node) -> Linear:
        shape = shape_of(node)
        if function == "diag":
            inner = self.linear(argument)
            if inner.shape[1] == 1:
                return inner.mapped(shape, lambda word: self.diagonal(word, shape))
            return inner.mapped(shape, lambda word: self.diagonal_of(word, shape))
        if function == "softmax":
            return self.from_entry(self.entry(node), shape)
        if function == "adj":
            return self.linear(Product((Determinant(argument), Power(argument, Negative(ONE)))))
        if function == "pinv" and isinstance(argument, ArrayName) and _is_tall(argument):
            gram = Product((Transpose(argument), argument))
            return self.linear(Product((Power(gram, Negative(ONE)), Transpose(argument))))
        key = f"{function}({self.key_of(self.linear(argument))})"
        turned = f"{function}({self.key_of(self.linear(argument).transposed())})"
        if function == "expm":
            terms = self.linear(argument).terms
            commuting = terms[0][0] if len(terms) == 1 and len(terms[0][0]) == 1 else ()
            atom = Atom(min(key, turned), *shape, turned < key, key == turned, "exponential", None, commuting)
            return Linear(shape, [((atom,), ONE)])
        return Linear(shape, [((Atom(key, *shape),), ONE)])

    # --- entries -----------------------------------------------------------------------------------------------------

    def entry(self, node: Node) -> Node:
        """The entry of a vector or matrix as a scalar formula over names of words."""
        if states(node):  # the condition of an indicator
            return node.rebuilt(tuple(self.entry(child) for child in node.children))
        if shape_of(node) == SCALAR:
            return self.scalar(node)
        if shape_of(node)[0] == 1:
            return self.entry(Transpose(node)) if not isinstance(node, Transpose) else self.entry(node.operand)
        match node:
            case ArrayName(role="ones"):
                return ONE
            case Hadamard(factors=factors):
                return times([self.entry(f) for f in factors])
            case EntrywiseQuotient(numerator=u, denominator=v):
                return Quotient(self.entry(u), self.entry(v))
            case EntrywisePower(base=u, exponent=k):
                return Power(self.entry(u), self.scalar(k))
            case Sum(terms=parts):
                return Sum(tuple(self.entry(part) for part in parts))
            case Negative(operand=u):
                return Negative(self.entry(u))
            case Quotient(numerator=u, denominator=v) if shape_of(v) == SCALAR:
                return Quotient(self.entry(u), self.scalar(v))
            case Indicator(condition=Chain(sides=(left, right), relations=(relation,))) if relation in ORDERS:
                return _switch(*(self.entry(side) for side in (left, right)[:: ORDERS[relation]]))
            case Absolute() | Root() | Indicator():
                return node.rebuilt(tuple(self.entry(child) for child in node.children))
            case Call(function="softmax", arguments=(u,)):
                return self._softmax(u)
            case Call(function=f) if f not in ARRAY_FUNCTIONS:
                return node.rebuilt(tuple(self.entry(child) for child in node.children))
            case Product(factors=factors) if sum(shape_of(f) != SCALAR for f in factors) == 1:
                return times([self.entry(f) for f in factors])
        return self.entry_of(self.linear(node))

    def _softmax(self, argument: Node) -> Node:
        powers: Node = Call("exp", (argument,))
        rows, columns = shape_of(argument)
        if columns == 1:
            return Quotient(self.entry(powers), self.summed(self.entry(powers), rows))
        across = self.times(self.from_entry(self.entry(powers), (rows, columns)), self.ones(columns, 1))
        return Quotient(self.entry(powers), self.entry_of(across))

    # --- scalars -----------------------------------------------------------------------------------------------------

    def scalar(self, node: Node) -> Node:
        """A formula of shape (1, 1) as a tree over names of scalars."""
        if node not in self._scalar:
            self._scalar[node] = self._as_scalar(node)
        return self._scalar[node]

    def _as_scalar(self, node: Node) -> Node:
        match node:
            case Product(factors=factors):
                if all(shape_of(f) == SCALAR for f in factors):
                    return times([self.scalar(f) for f in factors])
                return self.as_scalar(self._product(factors))
            case Transpose(operand=u):
                return self.scalar(u) if shape_of(u) == SCALAR else self.as_scalar(self.linear(node))
            case Call(function="tr", arguments=(u,)):
                return self.traced(self.linear(u))
            case Call(function="logsumexp", arguments=(u,)):
                return Call("log", (self.summed(self.entry(Call("exp", (u,))), shape_of(u)[0]),))
            case Determinant(operand=u):
                return self.determinant(self.linear(u))
            case Norm():
                return self._norm(node)
            case Entry(operand=u, indices=indices):
                return self._entry(u, [latex(index) for index in indices])
            case Binder():
                return self._bound(node)
        if states(node) or all(states(child) or shape_of(child) == SCALAR for child in node.children):
            return node.rebuilt(tuple(self.scalar(child) for child in node.children)) if node.children else node
        raise NoRule(f"no canonical form for {type(node).__name__}")

    def _entry(self, operand: Node, indices: list[str]) -> Node:
        """One entry, of a formula multiplied out: Σ of entries of words; an entry of the identity is Kronecker's delta."""
        if isinstance(operand, ArrayName) and operand.role == "delta":
            return self._entry_of_word((), indices)
        terms = self.merged(self.linear(operand)).terms
        return total([times([c, self._entry_of_word(word, indices)]) for word, c in terms])

    def _entry_of_word(self, word: Word, indices: list[str]) -> Node:
        if not word:
            return ONE if len(set(indices)) == 1 else Name(f"s|I[{','.join(sorted(indices))}]")
        if len(word) == 1 and word[0].kind == "ones":
            return ONE
        ways = [(spelled(word), indices), (spelled(transposed(word)), indices[::-1])]
        key, places = min(ways) if len(indices) == 2 else ways[0]
        return Name(f"s|{key}[{','.join(places)}]")

    def _norm(self, node: Norm) -> Node:
        u = node.operand
        if node.kind == "1" and shape_of(u)[1] == 1:
            return self.summed(Absolute(self.entry(u)), shape_of(u)[0])
        if node.kind == "F" or (node.kind == "2" and shape_of(u)[1] == 1):
            return Root(self.traced(self.times(self.linear(u).transposed(), self.linear(u))))
        linear = unturned(self.linear(u)) if node.kind in {"2", "*"} else self.linear(u)
        keys = [self.key_of(linear), self.key_of(linear.transposed())]
        return Name(f"s|norm {node.kind} {min(keys)}")

    def _bound(self, node: Binder) -> Node:
        if node.kind != "sum":
            raise NoRule(f"no canonical form for a {node.kind} of matrices")
        return Binder(node.kind, node.index, node.bounds, self.scalar(node.body))

    def determinant(self, linear: Linear) -> Node:
        """det of a word of square factors is the product of theirs; of anything else a name."""
        if len(linear.terms) == 1:
            ((word, coefficient),) = linear.terms
            if all(atom.rows == atom.columns for atom in word):
                factors = [self._determinant_of(atom) for atom in word]
                scale = [] if coefficient == ONE else [Power(coefficient, dimension(linear.shape[0]))]
                return times([*scale, *factors])
        return Name(f"s|det {min(self.key_of(linear), self.key_of(linear.transposed()))}")

    def _determinant_of(self, atom: Atom) -> Node:
        if atom.kind == "inverse":
            key = atom.key[1:-3]
            return Quotient(ONE, Name(f"s|det {key}"))
        return Name(f"s|det {atom.key}")


def unturned(linear: Linear) -> Linear:
    """A word without orthogonal factors at its ends, which no singular value depends on; another combination as it is."""
    if len(linear.terms) != 1:
        return linear
    ((word, coefficient),) = linear.terms
    while len(word) > 1 and word[0].kind == "orthogonal":
        word = word[1:]
    while len(word) > 1 and word[-1].kind == "orthogonal":
        word = word[:-1]
    return Linear((word[0].rows, word[-1].columns), [(word, coefficient)]) if word else linear


def _is_tall(matrix: ArrayName) -> bool:
    """Whether a matrix is declared to have at least as many rows as columns; its columns are taken to be independent."""
    rows, columns = matrix.shape
    return any(f"{rows} {sign} {columns}" in matrix.properties for sign in (">", ">=")) or any(
        f"{columns} {sign} {rows}" in matrix.properties for sign in ("<", "<=")
    )


def _switch(greater: Node, less: Node) -> Node:
    """1[u > v], the same for u − v > 0; 1 − 1[v > u] for one of the two orders, and 1[ReLU(u) > 0] is 1[u > 0]."""
    if less == ZERO and isinstance(greater, Call) and greater.function == "relu" and not greater.order:
        greater = greater.arguments[0]
    if latex(greater) < latex(less):
        return Sum((ONE, Negative(Indicator(Chain((less, greater), (">",))))))
    return Indicator(Chain((greater, less), (">",)))
