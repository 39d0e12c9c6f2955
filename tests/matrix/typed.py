"""Random matrix formulas whose shapes fit, over one fixed symbol table, for the property tests."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from derive import SymbolTable
from derive.matrix.nodes import (
    SCALAR,
    ArrayName,
    Entry,
    EntrywisePower,
    EntrywiseQuotient,
    Hadamard,
    Kronecker,
    Norm,
    Shape,
    has_array_name,
)
from derive.tree import (
    ONE,
    Absolute,
    Binder,
    Call,
    Chain,
    Determinant,
    Indicator,
    Matrix,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    Transpose,
    number,
)

TABLE = SymbolTable.from_specs(
    {
        "A": "matrix n n", "S": "matrix n n, symmetric", "B": "matrix m n", "W^{(1)}": "matrix m n", "C": "matrix n m",
        "X_0": "matrix n m", "M": "matrix m m", "x": "vector n", "y": "vector n", "w_1": "vector n", "z": "vector m",
        r"\mathbf{1}": "ones n", "I": "identity n", r"\Sigma": "matrix m m, symmetric positive definite",
        "t": "real", "s": "positive", "n": "dimension", "i": "index m", "j": "index n", r"\delta": "Kronecker delta",
        r"\sigma": "function", "v": "family m of vector n",
    }
)  # fmt: skip
_ARRAYS = {
    symbol.key: symbol for symbol in TABLE.values() if symbol.is_array and symbol.role not in {"delta", "family"}
}


def array(key: str) -> ArrayName:
    """A declared array as the reader makes it."""
    symbol = TABLE[key]
    assert symbol.shape is not None
    return ArrayName(key, symbol.shape, symbol.properties, symbol.role, symbol.of)


_DELTA = array(r"\delta")
_INDICES = {"m": Name("i"), "n": Name("j")}


def leaf(draw: st.DrawFn, shape: Shape) -> Node:
    """A name of a shape, or the transpose of one; an entry or a number of a scalar."""
    if shape == SCALAR:
        return draw(st.sampled_from(_SCALARS))
    keys = [key for key, symbol in _ARRAYS.items() if symbol.shape == shape]
    turned = [key for key, symbol in _ARRAYS.items() if symbol.shape == shape[::-1]]
    return draw(st.sampled_from([*map(array, keys), *(Transpose(array(key)) for key in turned)]))


_SCALARS = (
    Name("t"), Name("s"), Name("n"), number(0), number(2), number(17), Entry(array("x"), (Name("j"),)),
    Entry(array("B"), (Name("i"), Name("j"))), Entry(array("B"), (Number("1"), Number("2"))),
    Entry(_DELTA, (Name("i"), Name("j"))),
)  # fmt: skip


class _Drawing:
    """One formula being drawn."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def one(self, *choices: object) -> Any:
        return self.draw(st.sampled_from(choices))

    def formula(self, shape: Shape, depth: int) -> Node:
        if depth == 0 or self.one(False, False, True):
            return leaf(self.draw, shape)
        rules = [self.sum, self.product, self.negative, self.quotient, self.transposed, self.applied]
        if shape == SCALAR:
            rules += [self.of_vector, self.of_matrix, self.power, self.entry, self.reduced]
        else:
            rules += [self.hadamard, self.entrywise]
        if shape[0] == shape[1] != 1:
            rules.append(self.square)
        if 1 in shape and shape != SCALAR:
            rules.append(self.of_columns)
        return self.one(*rules)(shape, depth - 1)

    def named(self, shape: Shape, depth: int) -> Node:
        """What a `^T` or an index may stand behind: something with a declared array in it that is no entry or norm."""
        node = self.formula(shape, depth)
        scalar = isinstance(node, Entry | Norm | Determinant)
        return array("x") if shape == ("n", 1) and not has_array_name(node) else node if not scalar else Negative(node)

    def sum(self, shape: Shape, depth: int) -> Node:
        return Sum(tuple(self.formula(shape, depth) for _ in range(self.one(2, 3))))

    def product(self, shape: Shape, depth: int) -> Node:
        if self.one(True, False):
            return Product((self.formula(SCALAR, depth), self.formula(shape, depth)))
        inner = self.one("m", "n")
        return Product((self.formula((shape[0], inner), depth), self.formula((inner, shape[1]), depth)))

    def negative(self, shape: Shape, depth: int) -> Node:
        return Negative(self.formula(shape, depth))

    def quotient(self, shape: Shape, depth: int) -> Node:
        return Quotient(self.formula(shape, depth), self.formula(SCALAR, depth))

    def transposed(self, shape: Shape, depth: int) -> Node:
        node = self.named(shape[::-1], depth)
        return Transpose(node) if has_array_name(node) else node

    def applied(self, shape: Shape, depth: int) -> Node:
        return Call(self.one(r"\sigma", "exp", "log", "tanh"), (self.formula(shape, depth),), 0)

    def hadamard(self, shape: Shape, depth: int) -> Node:
        return Hadamard(tuple(self.formula(shape, depth) for _ in range(self.one(2, 3))))

    def entrywise(self, shape: Shape, depth: int) -> Node:
        inner = self.formula(shape, depth)
        return self.one(
            EntrywiseQuotient(inner, self.formula(shape, depth)),
            EntrywisePower(inner, self.one(number(2), number(-1), Name("t"))),
            Root(inner) if shape[0] != shape[1] or shape == SCALAR else EntrywisePower(inner, Quotient(ONE, number(2))),
            Call("max", (number(0), inner)),
            Indicator(Chain((inner, number(0)), (">",))),
        )

    def square(self, shape: Shape, depth: int) -> Node:
        inner = self.formula(shape, depth)
        return self.one(
            Power(inner, self.one(number(2), number(-1), number(-2), number(3))),
            Transpose(Power(inner, Negative(ONE))),
            Call("expm", (inner,)),
            Call("pinv", (inner,)),
            Call("adj", (inner,)),
            Call("diag", (self.formula((shape[0], 1), depth),)),
        )

    def of_columns(self, shape: Shape, depth: int) -> Node:
        inner = self.formula(shape, depth)
        return self.one(Call("softmax", (inner,)), Absolute(inner))

    def of_vector(self, _: Shape, depth: int) -> Node:
        inner = self.formula((self.one("m", "n"), 1), depth)
        return self.one(Norm(inner, self.one("1", "2", "F", "infinity")), Call("logsumexp", (inner,)))

    def of_matrix(self, _: Shape, depth: int) -> Node:
        inner = self.formula(("n", "n"), depth)
        return self.one(
            Determinant(inner),
            Call("tr", (inner,)),
            Call("log", (Determinant(inner),)),
            Norm(inner, self.one("1", "2", "F", "infinity", "*")),
            Call("tr", (Kronecker((inner, self.formula(("m", "m"), depth))),)),
        )

    def power(self, _: Shape, depth: int) -> Node:
        return Power(self.formula(SCALAR, depth), self.one(number(2), number(-1), Name("t")))

    def entry(self, _: Shape, depth: int) -> Node:
        shape: Shape = self.one(("m", "n"), ("n", "n"), ("n", 1), ("m", 1))
        return Entry(self.formula(shape, depth), tuple(_INDICES[str(size)] for size in shape if size != 1))

    def reduced(self, _: Shape, depth: int) -> Node:
        return Binder("sum", "j", (ONE, Name("n")), self.formula(SCALAR, depth))


SHAPES: tuple[Shape, ...] = (SCALAR, ("n", 1), ("m", 1), (1, "n"), ("n", "n"), ("m", "n"), ("n", "m"), ("m", "m"))


@st.composite
def typed(draw: st.DrawFn, depth: int = 3) -> tuple[Shape, Node]:
    """A shape and a formula of it."""
    shape = draw(st.sampled_from(SHAPES))
    return shape, _Drawing(draw).formula(shape, depth)


@st.composite
def blocks(draw: st.DrawFn) -> Node:
    """Two blocks in a row."""
    drawing = _Drawing(draw)
    return Matrix(((drawing.formula(("n", "n"), 2), drawing.formula(("n", "m"), 2)),))
