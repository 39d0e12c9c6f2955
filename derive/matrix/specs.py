"""Specs of vectors and matrices: `matrix m n, symmetric` → kind, shape, what is declared of it. `derive.symbols` makes the symbol.

A size is a letter (with a subscript if need be) or a number. What belongs to another name (`differential of X`) takes its
shape from that; an upstream gradient has none until a caller says what f's value is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from derive.errors import BadSpec
from derive.matrix.nodes import Shape

SIZE = r"(?:[0-9]+|\\?[A-Za-z]+(?:_(?:[A-Za-z0-9]|\{[A-Za-z0-9]+\}))?)"
_TWO = rf"({SIZE})(?:\s*[×*]\s*|\s+(?:x|by)\s+|\s+|(?<=[0-9])x(?=[0-9]))({SIZE})"
_NAME = r"(\S.*)"
MAX_SIZE = 10_000


@dataclass(frozen=True, slots=True)
class Head:
    """The first part of a spec: `role` is empty for a plain vector or matrix."""

    kind: str  # of the symbol: "array" or "integer"
    role: str = ""
    shape: Shape | None = None
    of: str = ""
    properties: tuple[str, ...] = ()


# role → how its spec is written; one size is a column
_FORMS: tuple[tuple[str, str], ...] = (
    ("", rf"matrix {_TWO}"), ("", rf"vector ({SIZE})"), ("row", rf"row(?: vector)? ({SIZE})"),
    ("ones", rf"ones {_TWO}"), ("ones", rf"ones ({SIZE})"), ("zeros", rf"zeros {_TWO}"), ("zeros", rf"zeros ({SIZE})"),
    ("identity", rf"identity ({SIZE})"),
    ("dimension", "dimension"), ("index", rf"index ({SIZE})"), ("delta", "[Kk]ronecker delta"),
    ("differential", rf"differential of {_NAME}"), ("upstream", rf"upstream gradient of {_NAME}"),
    ("left singular", rf"top left singular vector of {_NAME}"),
    ("right singular", rf"top right singular vector of {_NAME}"),
    ("eigenvector", rf"top eigenvector of {_NAME}"), ("polar", rf"polar factor of {_NAME}"),
    ("commutation", rf"commutation matrix {_TWO}"),
    ("family", rf"family ({SIZE}) of vectors? ({SIZE})"),
    ("rows", rf"rows of {_NAME}"), ("columns", rf"columns of {_NAME}"),
)  # fmt: skip
_HEADS = tuple((role, re.compile(form)) for role, form in _FORMS)
ROLES = frozenset(role for role, _ in _FORMS if role) | {"centring"}
FAMILIES = frozenset(["family", "rows", "columns"])  # of vectors: members are written a_i
BELONGING = frozenset(["differential", "left singular", "right singular", "eigenvector", "polar", "rows", "columns"])
SAMPLES = (
    "vector n", "matrix m n", "ones n", "identity n", "dimension", "index n", "differential of X",
    "upstream gradient of f", "Kronecker delta", "top left singular vector of X", "top right singular vector of X",
    "top eigenvector of X", "polar factor of X", "commutation matrix m n", "family m of vector n", "rows of X", "columns of X",
)  # fmt: skip

# property → what it says, and whether of "square" matrices, "vector"s or "any" array
PROPERTIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "symmetric": ("square", ("symmetric",)),
    "symmetric positive definite": ("square", ("symmetric", "positive definite", "invertible")),
    "symmetric positive semidefinite": ("square", ("symmetric", "positive semidefinite")),
    "positive definite": ("square", ("symmetric", "positive definite", "invertible")),  # as the field takes it
    "positive semidefinite": ("square", ("symmetric", "positive semidefinite")),
    "skew-symmetric": ("square", ("skew-symmetric",)),
    "diagonal": ("square", ("diagonal", "symmetric")),
    "orthogonal": ("square", ("orthogonal", "invertible")),
    "invertible": ("square", ("invertible",)),
    "det > 0": ("square", ("det > 0", "invertible")),
    "upper triangular": ("square", ("upper triangular",)),
    "lower triangular": ("square", ("lower triangular",)),
    "the centring matrix": ("square", ("symmetric",)),
    "probability vector": ("vector", ("probability vector", "nonnegative")),
    "unit vector": ("vector", ("unit vector", "nonzero")),
    "positive": ("any", ("positive",)),
    "large positive": ("any", ("large positive", "positive")),
    "nonnegative": ("any", ("nonnegative",)),
    "negative": ("any", ("negative",)),
    "nonzero": ("any", ("nonzero",)),
}
_SAME = {"nonsingular": "invertible", "centring matrix": "the centring matrix", "the centering matrix": "the centring matrix",
         "centering matrix": "the centring matrix", "det>0": "det > 0", "spd": "symmetric positive definite"}  # fmt: skip
_RELATION = re.compile(rf"({SIZE})\s*(>=|<=|>|<|≥|≤)\s*({SIZE})")
_SIGNS = {"≥": ">=", "≤": "<="}


def head_of(name: str, text: str) -> Head | None:
    """The kind and shape a spec begins with; None if it is none of an array, a size or an index. Raises BadSpec."""
    for role, form in _HEADS:
        match = form.fullmatch(text)
        if match:
            return _head(name, role, match.groups())
    word = text.split(" ", 1)[0]
    if word in {"vector", "matrix", "ones", "identity", "index", "row", "zeros", "family"}:
        sample = next((s for s in SAMPLES if s.startswith(word)), f"{word} n")
        raise BadSpec(f"{name}: {text!r} does not say its size; write {sample!r}, a size being a letter or a number")
    return None


def _head(name: str, role: str, found: tuple[str, ...]) -> Head:
    if role in {"dimension", "index"}:
        return Head("integer", role, of=found[0] if found else "", properties=("positive",))
    if role == "delta":
        return Head("array", role, ("", ""))
    if role in BELONGING or role == "upstream":
        return Head("array", role, of=found[0])
    sizes = [_size(name, text) for text in found]
    if role == "identity":
        return Head(
            "array", role, (sizes[0], sizes[0]), properties=("symmetric", "diagonal", "orthogonal", "invertible")
        )
    if role == "commutation":
        from derive.matrix.shapes import size_product

        return Head(
            "array", role, (size_product(*sizes),) * 2, of=" by ".join(map(str, sizes)), properties=("orthogonal",)
        )
    if role == "row":
        return Head("array", "", (1, sizes[0]))
    return Head("array", role, (sizes[0], sizes[1] if len(sizes) == 2 else 1))


def _size(name: str, text: str) -> str | int:
    if not text.isdigit():
        return text
    if not 0 < int(text) <= MAX_SIZE:
        raise BadSpec(f"{name}: the size {text} is not between 1 and {MAX_SIZE}")
    return int(text)


def property_of(name: str, text: str, shape: Shape | None) -> tuple[str, ...] | None:
    """What a property of an array says in single words; None if it is none. Raises BadSpec where the shape rules it out."""
    text = _SAME.get(text, text)
    if text not in PROPERTIES:
        relation = _RELATION.fullmatch(text)
        if relation is None:
            return None
        left, sign, right = relation.groups()
        return (f"{left} {_SIGNS.get(sign, sign)} {right}",)
    sort, words = PROPERTIES[text]
    if sort == "square" and shape is not None and shape[0] != shape[1]:
        raise BadSpec(f"{name}: {text!r} is said of square matrices, this one is {shape[0]}×{shape[1]}")
    if sort == "vector" and shape is not None and shape[1] != 1:
        raise BadSpec(f"{name}: {text!r} is said of vectors, this is a {shape[0]}×{shape[1]} matrix")
    return words


def is_centring(text: str) -> bool:
    """Whether a property says I − 𝟏𝟏ᵀ/n."""
    return _SAME.get(text, text) == "the centring matrix"


def shape_within(role: str, shape: Shape) -> Shape:
    """The shape of what belongs to an array of a shape: its differential, or a singular vector."""
    if role in {"differential", "polar", "rows", "columns"}:
        return shape
    return (shape[1] if role == "right singular" else shape[0], 1)


def is_letter(size: str) -> bool:
    """Whether a size is one letter with its subscript, no number and no sum or product of sizes."""
    return re.fullmatch(SIZE, size) is not None and not size.isdigit()


def described(role: str, of: str) -> str:
    """The spec of what belongs to a name."""
    words = {"index": "index", "differential": "differential of", "upstream": "upstream gradient of",
             "left singular": "top left singular vector of", "right singular": "top right singular vector of",
             "eigenvector": "top eigenvector of", "polar": "polar factor of",
             "commutation": "commutation matrix", "rows": "rows of", "columns": "columns of"}  # fmt: skip
    return f"{words[role]} {of}"
