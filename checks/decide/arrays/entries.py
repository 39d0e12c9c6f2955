"""Exact entries for declared arrays: small rationals, generic within what is declared and nothing beyond it.

Symmetric only where declared; orthogonal matrices by Cayley's transform (I − S)(I + S)⁻¹ of a skew S, which is rational;
positive definite ones as M Mᵀ + I; probability vectors as shares. A property without a row here raises NoRule: entries
drawn without heeding it could refute what is true.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

from flint import fmpq, fmpq_mat

from checks.decide.arrays.sizes import Sizes, is_condition, size_of
from derive.errors import NoRule, TooLarge
from derive.matrix.nodes import ArrayName

Rows = tuple[tuple[Fraction, ...], ...]
Draw = Callable[[], Fraction]  # the next number; never runs out
MAX_CONSTANT = 4096  # entries of zeros, ones and identities, which need no drawing
MAX_ENTRIES = 144  # of a declared array
TRIES = 20  # for a determinant that is not zero, or of the declared sign
Bound = Fraction | None
DEFINITE = frozenset({"positive definite", "positive semidefinite"})
# what is said of every entry, in the order in which it is seen to
SIGNED: dict[str, Callable[[Fraction], Fraction]] = {
    "nonnegative": abs,
    "positive": lambda v: abs(v) or Fraction(1),
    "nonzero": lambda v: v or Fraction(1),
    "negative": lambda v: -abs(v) or Fraction(-1),
    "large positive": lambda v: 40 + abs(v),
}


DRAWS: dict[str, Callable[[Random], Fraction]] = {
    "generic": lambda r: Fraction(r.choice((-1, 1)) * r.randint(1, 7), r.choice((1, 1, 2, 3))),
    "small": lambda r: Fraction(r.choice((-1, 1)) * r.randint(1, 9), r.choice((16, 20, 27))),
    "positive": lambda r: Fraction(r.randint(1, 11), r.choice((3, 4, 8))),
    "integers": lambda r: Fraction(r.choice((-1, 1)) * r.randint(1, 4)),
    "large": lambda r: Fraction(r.randint(20, 60), r.choice((1, 3))),
    "zeros": lambda r: Fraction(r.choice((0, 1, 1, -1))),
    "few": lambda r: Fraction(r.choice((1, -1, 2, -2, 0, 3))),
    "halves": lambda r: Fraction(r.choice((1, -1, 2, 3, -3)), 2),
}


def drawn(stratum: str, random: Random) -> Draw:
    """The numbers of a stratum, one after the other."""
    return lambda: DRAWS[stratum](random)


def entries(name: ArrayName, sizes: Sizes, draw: Draw, bounds: tuple[Bound, Bound] = (None, None)) -> Rows:
    """Values of a declared array, `bounds` those of its entries. Raises NoRule for a property that no draw heeds."""
    rows, columns = (size_of(d, sizes) for d in name.shape)
    if rows * columns > (MAX_ENTRIES if name.role not in {*CONSTANT, "commutation"} else MAX_CONSTANT):
        raise TooLarge(f"{name.key} has more than {MAX_ENTRIES} entries")
    if name.role == "commutation":
        return _of_rows(_commutation(*(size_of(d, sizes) for d in name.of.split(" by "))), columns)
    if name.role in CONSTANT:
        return _of_rows(CONSTANT[name.role](rows, columns), columns)
    if name.role not in FREE:
        raise NoRule(f"no entries for {name.key}, {name.role}")
    signed, structured = _entrywise({p for p in name.properties if not is_condition(p)}, bounds, draw)
    if "unit vector" in structured:
        structured -= {"unit vector"}
        if structured or 1 not in {rows, columns}:
            raise NoRule(f"no entries for {name.key} that are a unit vector and more")
        return _of_rows(_unit([signed() for _ in range(rows * columns)]), columns)
    if "probability vector" in structured:
        structured -= {"probability vector"}
        shares = [abs(signed()) + Fraction(1, 4) for _ in range(rows * columns)]
        return _of_rows([value / sum(shares) for value in shares], columns)
    for words, kind in _TOGETHER:
        if words <= structured:
            structured = (structured - words) | {kind}
    if len(structured) > 1 and "diagonal" in structured and name.properties & DEFINITE:
        structured, signed = {"diagonal"}, _then(signed, lambda v: abs(v) + Fraction(1, 8))
    for kind, makes in _STRUCTURES.items():
        if kind in structured and rows == columns and not structured - _IMPLIED.get(kind, frozenset()) - {kind}:
            return makes(rows, signed)
    if structured:
        raise NoRule(f"no entries that are {' and '.join(sorted(structured))}")
    return _of_rows([signed() for _ in range(rows * columns)], columns)


def _entrywise(wanted: set[str], bounds: tuple[Bound, Bound], draw: Draw) -> tuple[Draw, set[str]]:
    """How one entry is drawn, and the properties that are not about entries."""
    left: set[str] = set()
    for declared in wanted:
        if declared not in SIGNED:
            left.add(declared)
    for declared, change in SIGNED.items():
        if declared in wanted:
            draw = _then(draw, change)
    low, high = bounds
    if low is not None and high is not None:
        return _then(draw, lambda v: low + (high - low) * ((1 + v / (1 + abs(v))) / 2)), left
    if low is not None:
        return _then(draw, lambda v: low + abs(v) + Fraction(1, 8)), left
    if high is not None:
        return _then(draw, lambda v: high - abs(v) - Fraction(1, 8)), left
    return draw, left


def _then(draw: Draw, change: Callable[[Fraction], Fraction]) -> Draw:
    return lambda: change(draw())


def _of_rows(values: list[Fraction], columns: int) -> Rows:
    return tuple(tuple(values[k : k + columns]) for k in range(0, len(values), columns))


def _unit(values: list[Fraction]) -> list[Fraction]:
    """A rational point of the sphere: the stereographic image of all values but the last."""
    plane = values[:-1]
    square = sum((v * v for v in plane), start=Fraction(0))
    return [*(2 * v / (1 + square) for v in plane), (square - 1) / (1 + square)]


CONSTANT: dict[str, Callable[[int, int], list[Fraction]]] = {
    "ones": lambda rows, columns: [Fraction(1)] * (rows * columns),
    "zeros": lambda rows, columns: [Fraction(0)] * (rows * columns),
    "identity": lambda rows, columns: [Fraction(i == j) for i in range(rows) for j in range(columns)],
    "centring": lambda rows, columns: [
        Fraction(i == j) - Fraction(1, rows) for i in range(rows) for j in range(columns)
    ],
}


def _commutation(rows: int, columns: int) -> list[Fraction]:
    """K with K vec(M) = vec(Mᵀ) for M of these sizes."""
    size = rows * columns
    return [Fraction((i // columns, i % columns) == (j % rows, j // rows)) for i in range(size) for j in range(size)]


FREE = frozenset({"family", "", "row", "differential", "upstream"})


def _full(n: int, draw: Draw) -> fmpq_mat:
    return fmpq_mat(n, n, [fmpq(v.numerator, v.denominator) for v in (draw() for _ in range(n * n))])


def _rows_of(matrix: fmpq_mat) -> Rows:
    return tuple(tuple(Fraction(int(v.p), int(v.q)) for v in row) for row in matrix.tolist())


def _identity(n: int) -> fmpq_mat:
    return fmpq_mat(n, n, [int(i == j) for i in range(n) for j in range(n)])


def _symmetric(n: int, draw: Draw) -> Rows:
    rows = [[draw() for _ in range(n)] for _ in range(n)]
    return tuple(tuple(rows[min(i, j)][max(i, j)] for j in range(n)) for i in range(n))


def _definite(n: int, draw: Draw) -> Rows:
    m = _full(n, draw)
    return _rows_of(m * m.transpose() + _identity(n))


def _added(left: Rows, right: Rows) -> Rows:
    return tuple(tuple(u + v for u, v in zip(a, b, strict=True)) for a, b in zip(left, right, strict=True))


def _semidefinite(n: int, draw: Draw) -> Rows:
    """Of full rank, or of one less."""
    m = fmpq_mat(n, n - int(draw() > 0))
    for i in range(n):
        for j in range(m.ncols()):
            v = draw()
            m[i, j] = fmpq(v.numerator, v.denominator)
    return _rows_of(m * m.transpose())


def _diagonal(n: int, draw: Draw) -> Rows:
    return tuple(tuple(draw() if i == j else Fraction(0) for j in range(n)) for i in range(n))


def _orthogonal(n: int, draw: Draw) -> Rows:
    m = _full(n, draw)
    skew, one = m - m.transpose(), _identity(n)
    turned = _rows_of((one - skew) * (one + skew).inv())  # a rotation; with one row negated a reflection
    return turned if draw() > 0 else (tuple(-v for v in turned[0]), *turned[1:])


def _skew(n: int, draw: Draw) -> Rows:
    m = _full(n, draw)
    return _rows_of(m - m.transpose())


def _invertible(n: int, draw: Draw) -> Rows:
    for shift in range(TRIES):
        m = _full(n, draw) + _identity(n) * shift
        if m.det() != 0:
            return _rows_of(m)
    raise NoRule("no invertible matrix was found")


def _positive_determinant(n: int, draw: Draw) -> Rows:
    rows = _invertible(n, draw)
    if fmpq_mat(n, n, [fmpq(v.numerator, v.denominator) for row in rows for v in row]).det() < 0:
        rows = (
            ((-rows[0][0],),) if n == 1 else (rows[1], rows[0], *rows[2:])
        )  # two rows exchanged: the sign of the determinant changes
    return rows


def _lower(n: int, draw: Draw) -> Rows:
    return tuple(tuple(draw() if i >= j else Fraction(0) for j in range(n)) for i in range(n))


def _upper(n: int, draw: Draw) -> Rows:
    return tuple(tuple(draw() if i <= j else Fraction(0) for j in range(n)) for i in range(n))


# the strongest first: a matrix that is several things is drawn as the first, which must imply the others
_STRUCTURES: dict[str, Callable[[int, Draw], Rows]] = {
    "orthogonal": _orthogonal,
    "diagonal": _diagonal,
    "symmetric positive definite": _definite,
    "symmetric positive semidefinite": _semidefinite,
    "symmetric": _symmetric,
    "skew-symmetric": _skew,
    "lower triangular": _lower,
    "upper triangular": _upper,
    "det > 0": _positive_determinant,
    "invertible": _invertible,
}
_IMPLIED: dict[str, frozenset[str]] = {
    "orthogonal": frozenset({"invertible"}),
    "diagonal": frozenset({"symmetric", "invertible", "upper triangular", "lower triangular"}),
    "symmetric positive definite": frozenset({"invertible", "det > 0"}),
    "symmetric": frozenset({"invertible"}),
    "lower triangular": frozenset({"invertible"}),
    "upper triangular": frozenset({"invertible"}),
    "det > 0": frozenset({"invertible"}),
}
_TOGETHER = (  # two words that are one structure
    (frozenset({"symmetric", "positive definite"}), "symmetric positive definite"),
    (frozenset({"symmetric", "positive semidefinite"}), "symmetric positive semidefinite"),
)
