"""Laws between norms, put to the norms a claim is made of; each norm is a number ≥ 0 of which only these laws are known.

    ‖u‖∞ ≤ ‖u‖₂ ≤ ‖u‖₁,  ‖u‖₁² ≤ n‖u‖₂²,  ‖u‖₂² ≤ n‖u‖∞²,  ‖u‖₂² ≤ ‖u‖₁‖u‖∞        vectors of length n
    ‖A‖₂ ≤ ‖A‖_F ≤ ‖A‖_*,  ‖A‖_F² ≤ r‖A‖₂²,  ‖A‖_*² ≤ r‖A‖_F²,  ‖A‖_F² ≤ ‖A‖₂‖A‖_*   r the number of rows, or of columns
    ‖AB⋯‖ ≤ ‖A‖‖B‖⋯                  the Frobenius norm of a product if one factor has it, the nuclear norm if one factor
                                     has it or two have the Frobenius norm, all others spectral; ‖xyᵀ‖ = ‖x‖₂‖y‖₂
    ‖Σ cᵢuᵢ‖ ≤ Σ |cᵢ|‖uᵢ‖,  ‖cu‖ = |c|‖u‖
    |uᵀAv| ≤ ‖u‖₂‖A‖₂‖v‖₂,  |uᵀv| ≤ ‖u‖₁‖v‖∞,  ‖u‖₂² = uᵀu,  ‖A‖_F² = tr(AᵀA)
    |tr A| ≤ ‖A‖_*,  (tr A)² ≤ n‖A‖_F²,  |tr AB| ≤ ‖A‖_F‖B‖_F,  |tr AB| ≤ ‖A‖₂‖B‖_*
    tr H ≥ 0, tr H = ‖H‖_*           H = uᵀMu with M positive semidefinite, or without M
    |λ(S)| ≤ ‖S‖₂,  n λmin(S) ≤ tr S ≤ n λmax(S)      S symmetric; λmax(S) = ‖S‖₂ ≤ tr S where it is positive semidefinite

Source: Horn and Johnson, Matrix Analysis (2nd ed.), sections 5.4 to 5.6 and 7.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import combinations, product

from checks.decide import solver
from checks.decide.arrays.facts import DEFINITE, Fact, Facts
from checks.decide.claim import Setting
from checks.decide.intervals import Interval
from derive.matrix.atoms import dimension
from derive.matrix.nodes import SCALAR, ArrayName, Norm
from derive.matrix.shapes import shape_of
from derive.matrix.words import Linear, Word, transposed
from derive.normal import normal_form
from derive.tree import (
    ONE,
    ZERO,
    Absolute,
    Call,
    Name,
    Negative,
    Node,
    Power,
    Product,
    Sum,
    number,
    times,
    total,
    transform,
    walk,
)

MAX_FACTORS = 6
MAX_NORMS = 10
VECTOR_KINDS, MATRIX_KINDS = ("infinity", "2", "1"), ("2", "F", "*")  # rising
STRONG = {"2": 0, "F": 1, "*": 2}  # singular values: the largest, the root of the sum of squares, the sum


Chain = tuple[Linear, ...]  # factors, left to right


@dataclass(frozen=True)
class Trace:
    """A trace of the claim: of what, and the ways that is written as a product."""

    linear: Linear
    chains: tuple[Chain, ...]


@dataclass(frozen=True)
class Measured:
    """A norm of the claim: of what, and the number that stands for it."""

    kind: str
    linear: Linear
    name: Name
    chains: tuple[Chain, ...]  # the ways it is written as a product

    @property
    def is_vector(self) -> bool:
        return 1 in self.linear.shape

    @property
    def strength(self) -> int:
        """Of a factor: a vector has one singular value, so that all its norms of singular values are one."""
        return 2 if self.is_vector and self.kind == "2" else STRONG.get(self.kind, -1)


class Norms:
    """The norms of one claim, found while its sides are turned into formulas of numbers."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.facts = Facts(setting)
        self.canonical = self.facts.canonical
        self.measured: dict[tuple[str, str], Measured] = {}
        self.traces: dict[Node, Trace] = {}

    def named(self, tree: Node) -> Node:
        """The formula with a name for every norm. Raises NoRule."""
        for node in walk(tree):
            if isinstance(node, Call) and node.function == "tr":
                self._note_trace(node.arguments[0])
        return transform(tree, lambda node: self.norm(node) if isinstance(node, Norm) else None)

    def _note_trace(self, argument: Node) -> None:
        linear = self.canonical.merged(self.canonical.linear(argument))
        if linear.terms:
            self.traces[self.canonical.scalar(Call("tr", (argument,)))] = Trace(linear, self._chains(argument, linear))

    def _chains(self, written: Node, linear: Linear) -> tuple[Chain, ...]:
        """A product as it is written, and as the word it is."""
        found: list[Chain] = []
        if isinstance(written, Product) and all(shape_of(factor) != SCALAR for factor in written.factors):
            found.append(tuple(self.canonical.linear(factor) for factor in written.factors))
        if len(linear.terms) == 1 and linear.terms[0][1] == ONE:
            found.append(_chain(linear.terms[0][0]))
        return tuple(found)

    def norm(self, node: Norm) -> Node:
        """|c| times the name of the norm of what is left without c."""
        linear = self.canonical.merged(self.canonical.linear(node.operand))
        terms = linear.terms
        if not terms:
            return ZERO
        scale: Node = ONE
        if len(terms) == 1:
            scale, linear = _size(terms[0][1]), Linear(linear.shape, [(terms[0][0], ONE)])
        kind = "2" if 1 in linear.shape and node.kind in STRONG else node.kind
        chains = self._chains(node.operand if scale == ONE else ZERO, linear)
        found = self._measure(kind, linear, chains)
        return found.name if scale == ONE else times([scale, found.name])

    def _measure(self, kind: str, linear: Linear, chains: tuple[Chain, ...]) -> Measured:
        name = Name(f"s|norm {kind} {self._key(linear)}")
        return self.measured.setdefault((kind, self._key(linear)), Measured(kind, linear, name, chains))

    def complete(self) -> None:
        """Every norm of whatever a norm of the claim is of: a law may lead over one that is not mentioned."""
        for m in list(self.measured.values()):
            for kind in VECTOR_KINDS if m.is_vector else MATRIX_KINDS:
                self._measure(kind, m.linear, m.chains)

    def _key(self, linear: Linear) -> str:
        """One key for ±u and their transposes."""
        ways = (linear, linear.negative())
        return min(self.canonical.key_of(way) for one in ways for way in (one, one.transposed()))

    def _norms_of(self, factors: Chain) -> list[Measured]:
        """The norms of a product that the claim mentions."""
        key = self._key(self.canonical.merged(reduce(self.canonical.times, factors)))
        return [m for (_, other), m in self.measured.items() if other == key]

    # --- laws --------------------------------------------------------------------------------------------------------

    def laws(self, goal: Node) -> list[Fact]:
        """Everything above, of the norms, inner products and traces of the claim."""
        every = list(self.measured.values())[:MAX_NORMS]
        found: list[Fact] = [(m.name, r"\ge") for m in every]
        for one, other in combinations(every, 2):
            found += self._compared(one, other)
        for m in every:
            found += [(Sum((m.name, Negative(bound))), r"\le") for bound in self._above(m)]
            found += self._outer(m)
            found += self._as_product(m, goal)
        found += self._triangles(every)
        for name, word in self.canonical.pieces.items():
            found += [_at_most(Name(name), bound) for bound in self._inner(word)]
        found += self.facts.eigenvalues()
        found += self._of_eigenvalues()
        for name_of, trace in self.traces.items():
            found += self._of_trace(name_of, trace)
        return found

    def _compared(self, one: Measured, other: Measured) -> Iterator[Fact]:
        """Two norms of one vector or matrix."""
        order = VECTOR_KINDS if one.is_vector else MATRIX_KINDS
        if self._key(one.linear) != self._key(other.linear) or not {one.kind, other.kind} <= {*order}:
            return
        small, large = sorted((one, other), key=lambda m: order.index(m.kind))
        yield Sum((small.name, Negative(large.name))), r"\le"
        steps = order.index(large.kind) - order.index(small.kind)
        for size in one.linear.shape:
            if size != 1:
                wide = times([dimension(size)] * steps + [small.name] * 2)
                yield Sum((Power(large.name, number(2)), Negative(wide))), r"\le"
        middle = self.measured.get((order[1], self._key(one.linear)))
        if steps == 2 and middle is not None:
            yield Sum((Power(middle.name, number(2)), Negative(times([small.name, large.name])))), r"\le"

    def _above(self, m: Measured) -> Iterator[Node]:
        """Bounds of a norm: of a sum by its terms, of a product by its factors."""
        terms = m.linear.terms
        if len(terms) > 1:
            parts = [[n for n in self._norms_of(_chain(word)) if n.kind == m.kind] if word else [] for word, _ in terms]
            if all(parts):
                yield total([times([_size(c), p[0].name]) for (_, c), p in zip(terms, parts, strict=True)])
        if m.kind not in STRONG:
            return
        for factors in self._factored(m.chains):
            strengths = [factor.strength for factor in factors]
            enough = (True, max(strengths) >= 1, 2 in strengths or strengths.count(1) >= 2)
            if min(strengths) >= 0 and enough[0 if m.is_vector else STRONG[m.kind]]:
                yield times([factor.name for factor in factors])

    def _factored(self, chains: Iterable[Chain]) -> Iterator[tuple[Measured, ...]]:
        """The ways products are made of two or more factors whose norms the claim mentions."""
        for chain in chains:
            if not 2 <= len(chain) <= MAX_FACTORS:
                continue
            for cuts in range(1, 2 ** (len(chain) - 1)):
                ends = [0, *(k for k in range(1, len(chain)) if cuts >> (k - 1) & 1), len(chain)]
                runs = [chain[a:b] for a, b in zip(ends, ends[1:], strict=False)]
                yield from product(*(self._norms_of(run) for run in runs))

    def _outer(self, m: Measured) -> Iterator[Fact]:
        """The norms of singular values of xyᵀ are ‖x‖₂‖y‖₂."""
        if m.kind not in STRONG or m.is_vector:
            return
        for chain in m.chains:
            for cut in (k for k in range(1, len(chain)) if chain[k].shape[0] == 1):
                for left, right in product(self._norms_of(chain[:cut]), self._norms_of(chain[cut:])):
                    if left.kind == right.kind == "2":
                        yield Sum((m.name, Negative(times([left.name, right.name])))), "="

    def _as_product(self, m: Measured, goal: Node) -> Iterator[Fact]:
        """‖u‖₂² = uᵀu where the claim has uᵀu, too."""
        if m.kind == "F" or (m.kind == "2" and m.is_vector):
            upright = m.linear if m.linear.shape[0] != 1 else m.linear.transposed()
            square = self.canonical.traced(self.canonical.times(upright.transposed(), upright))
            if square.names and {*square.names} <= {*goal.names}:
                yield Sum((Power(m.name, number(2)), Negative(square))), "="

    def _triangles(self, every: Sequence[Measured]) -> Iterator[Fact]:
        """‖v ± w‖ ≤ ‖v‖ + ‖w‖ for norms of the claim."""
        for v, w in combinations(every, 2):
            if v.kind != w.kind or v.linear.shape != w.linear.shape:
                continue
            for second in (w.linear, w.linear.negative()):
                added = Linear(v.linear.shape, [*v.linear.terms, *second.terms])
                sum_of = self.measured.get((v.kind, self._key(self.canonical.merged(added))))
                if sum_of is not None:
                    yield Sum((sum_of.name, Negative(v.name), Negative(w.name))), r"\le"

    def _inner(self, word: Word) -> Iterator[Node]:
        """Bounds of |uᵀ⋯v|."""
        for factors in self._factored([_chain(word)]):
            kinds = [factor.kind for factor in factors]
            if all(kind in STRONG for kind in kinds) or sorted(kinds) == ["1", "infinity"]:
                yield times([factor.name for factor in factors])

    def _of_trace(self, trace: Node, of: Trace) -> Iterator[Fact]:
        size = dimension(of.linear.shape[0])
        word = of.linear.terms[0][0] if len(of.linear.terms) == 1 and of.linear.terms[0][1] == ONE else ()
        if any(self._is_semidefinite(word[k:] + word[:k]) for k in range(len(word))):
            yield trace, r"\ge"
        definite = bool(word) and self._is_semidefinite(word)
        for m in self._norms_of((of.linear,)):
            if m.kind == "*":
                yield (Sum((trace, Negative(m.name))), "=") if definite else _at_most(trace, m.name)
            elif m.kind == "F":
                yield _at_most(trace, times([size, m.name]), m.name)
            elif m.kind == "2":
                yield _at_most(trace, times([size, m.name]))
            if definite and m.kind in STRONG:
                yield Sum((m.name, Negative(trace))), r"\le"
        for factors in self._factored(of.chains):
            strengths = [factor.strength for factor in factors]
            if min(strengths) >= 0 and (2 in strengths or strengths.count(1) >= 2):
                yield _at_most(trace, times([factor.name for factor in factors]))

    def _of_eigenvalues(self) -> Iterator[Fact]:
        """The extreme eigenvalues of symmetric matrices that are names, beside their norms and traces."""
        for (owner, which), value in self.facts.extremes.items():
            symbol = self.setting.symbols.get(owner)
            if symbol is None or symbol.shape is None or "symmetric" not in symbol.properties:
                continue
            definite = bool(symbol.properties & DEFINITE)
            matrix = self.canonical.linear(ArrayName(owner, symbol.shape, symbol.properties, symbol.role, symbol.of))
            for m in self._norms_of((matrix,)):
                if m.kind in STRONG:
                    yield _at_most(value, m.name)
                if m.kind == "2" and definite and which == "lambda_max":
                    yield Sum((value, Negative(m.name))), "="
            for trace, of in self.traces.items():
                if self._key(of.linear) == self._key(matrix):
                    mean = Sum((trace, Negative(times([dimension(symbol.shape[0]), value]))))
                    yield mean, r"\le" if which == "lambda_max" else r"\ge"
                    if definite:
                        yield Sum((value, Negative(trace))), r"\le"

    def _is_semidefinite(self, word: Word) -> bool:
        """Whether a product reads uᵀMu with M positive semidefinite, or none."""
        middle = word[len(word) // 2]
        inner = middle.inside[0] if middle.kind == "inverse" and middle.inside else middle
        symbol = self.setting.symbols.get(inner.key)
        definite = symbol is not None and bool(symbol.properties & DEFINITE)
        return (len(word) % 2 == 0 or definite) and transposed(word) == word


def by_norms(tree: Node, relation: str, setting: Setting, premises: Sequence[tuple[Node, str]] = ()) -> bool:
    """Whether the laws leave no numbers for which `tree relation 0`, under premises of the same kind."""
    norms = Norms(setting)
    goal = norms.facts.goal(norms.named(tree))
    told = [(norms.facts.scalar(norms.named(premise)), how) for premise, how in premises]
    if not norms.measured and not norms.traces:
        return False
    mentioned = len(norms.measured)
    if _contradicted(norms, told, (goal, relation)):
        return True
    norms.complete()
    return mentioned < len(norms.measured) <= MAX_NORMS and _contradicted(norms, told, (goal, relation))


def _contradicted(norms: Norms, told: Sequence[Fact], goal: Fact) -> bool:
    laws = norms.laws(Sum((goal[0], *(premise for premise, _ in told))))
    bounds = norms.facts.bounds([goal[0], *(law for law, _ in (*told, *laws))])
    linear = [*(t.linear for t in norms.traces.values()), *(m.linear for m in norms.measured.values())]
    words = [word for one in linear for word, _ in one.terms]
    for size in {size for word in words for atom in word for size in (atom.rows, atom.columns)}:
        bounds[str(size)] = Interval(Fraction(1), None, (True, False))
    facts = [*told, *laws]
    return solver.contradicts([*facts, goal], bounds) and not solver.contradicts(facts, bounds)


def _chain(word: Word) -> Chain:
    return tuple(Linear((atom.rows, atom.columns), [((atom,), ONE)]) for atom in word)


def _size(coefficient: Node) -> Node:
    """|c|"""
    value = normal_form(coefficient).constant
    return Absolute(coefficient) if value is None else number(abs(value))


def _at_most(value: Node, bound: Node, times_bound: Node | None = None) -> Fact:
    """|u| ≤ v; with w: u² ≤ v·w."""
    other = bound if times_bound is None else times_bound
    return Sum((Power(value, number(2)), Negative(times([bound, other])))), r"\le"
