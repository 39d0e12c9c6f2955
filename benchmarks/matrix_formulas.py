"""Random formulas of vectors and matrices whose shapes fit, written in LaTeX as an author may write them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from derive.matrix.nodes import SCALAR, Shape

SYMBOLS = {
    "x": "vector n", "w": "vector n", "z": "vector m", "A": "matrix m n", "X": "matrix m n", "B": "matrix n n",
    "C": "matrix n n", "S": "matrix n n, symmetric positive definite", "L": "matrix n n, diagonal",
    "Q": "matrix n n, symmetric", "t": "real", "s": "positive", r"\sigma": "function", r"\mathbf{1}": "ones n",
    "I": "identity n", "n": "dimension",
}  # fmt: skip
VARIABLES: dict[str, Shape] = {
    "x": ("n", 1), "w": ("n", 1), "X": ("m", "n"), "B": ("n", "n"), "C": ("n", "n"), "z": ("m", 1), "t": SCALAR,
    "s": SCALAR,
}  # fmt: skip
ARRAYS = frozenset(SYMBOLS) - {"t", "s", "n", r"\sigma", "I", r"\mathbf{1}"}
LEAVES: dict[Shape, tuple[str, ...]] = {
    SCALAR: ("t", "s", "t", "s", r"\left(-2\right)", r"\frac{1}{2}"),
    ("n", 1): ("x", "w", "x", r"\mathbf{1}"),
    ("m", 1): ("z",),
    ("m", "n"): ("A", "X", "X"),
    ("n", "n"): ("B", "C", "B", "S", "L", "Q", "I"),
}
SHAPES: tuple[Shape, ...] = (*[SCALAR] * 6, ("n", 1), ("n", 1), ("m", 1), ("n", "n"), ("m", "n"), ("n", "m"))
ENTRYWISE = (r"\exp", r"\tanh", r"\sin", r"\sigma", r"\operatorname{relu}", r"\operatorname{softplus}", r"\cos",
             r"\operatorname{sigmoid}", r"\arctan")  # fmt: skip


@dataclass(frozen=True)
class Formula:
    """What was drawn."""

    latex: str
    shape: Shape
    names: frozenset[str]


def drawn(random: Random, most: int) -> Formula:
    """A formula of at most so many operations and names."""
    while True:
        shape = random.choice(SHAPES)
        drawing = _Drawing(random)
        text = drawing.formula(shape, random.randint(3, most))
        if drawing.names & ARRAYS:
            return Formula(text, shape, frozenset(drawing.names))


class _Drawing:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.names: set[str] = set()

    def leaf(self, shape: Shape) -> str:
        if shape in LEAVES:
            name = self.random.choice(LEAVES[shape])
            self.names.add(name)
            return name
        return f"{self.leaf(shape[::-1])}^T"

    def formula(self, shape: Shape, most: int) -> str:
        """A formula of a shape with at most `most` nodes, as a factor: in brackets where it needs them."""
        if most <= 1 or (shape in LEAVES and self.random.random() < 0.1):
            return self.leaf(shape)
        rules: list[Callable[[Shape, int], str]] = [self.sum, self.sum, self.product, self.scaled, self.negative]
        if shape == SCALAR:
            rules += [self.inner, self.of_square, self.of_vector, self.of_vector, self.norm, self.power, self.quotient,
                      self.function, self.logarithm, self.trace, self.trace, self.over_index]  # fmt: skip
        else:
            rules += [self.hadamard, self.function, self.entrywise, self.quotient]
            rules += [self.transposed] if 1 not in shape else []
        if shape[1] == 1 != shape[0]:
            rules += [self.applied, self.applied, self.softmax, self.diagonal_of]
        if shape == ("n", "n"):
            rules += [self.inverse, self.square_power, self.diagonal, self.outer, self.gram]
        return self.random.choice(rules)(shape, most - 1)

    def two(self, most: int) -> tuple[int, int]:
        first = self.random.randint(1, max(1, most - 1))
        return first, max(1, most - first)

    def sum(self, shape: Shape, most: int) -> str:
        a, b = self.two(most)
        sign = self.random.choice("+-")
        return rf"\left({self.formula(shape, a)} {sign} {self.formula(shape, b)}\right)"

    def negative(self, shape: Shape, most: int) -> str:
        return rf"\left(-{self.formula(shape, most)}\right)"

    def scaled(self, shape: Shape, most: int) -> str:
        a, b = self.two(most)
        return rf"\left({self.formula(SCALAR, a)} {self.formula(shape, b)}\right)"

    def product(self, shape: Shape, most: int) -> str:
        a, b = self.two(most)
        middle = self.random.choice(["n", "m"])
        if shape == SCALAR:
            return rf"\left({self.formula(SCALAR, a)} {self.formula(SCALAR, b)}\right)"
        if middle == "m" and "m" in shape:
            middle = "n"
        return rf"\left({self.formula((shape[0], middle), a)} {self.formula((middle, shape[1]), b)}\right)"

    def inner(self, _: Shape, most: int) -> str:
        a, b = self.two(most)
        column: Shape = (self.random.choice(["n", "m"]), 1)
        return rf"\left(\left({self.formula(column, a)}\right)^T {self.formula(column, b)}\right)"

    def applied(self, shape: Shape, most: int) -> str:
        a, b = self.two(most)
        inner = self.random.choice(["n", "m"]) if shape[0] == "n" else "n"
        return rf"\left({self.formula((shape[0], inner), a)} {self.formula((inner, 1), b)}\right)"

    def outer(self, shape: Shape, most: int) -> str:
        a, b = self.two(most)
        return rf"\left({self.formula((shape[0], 1), a)} \left({self.formula((shape[1], 1), b)}\right)^T\right)"

    def gram(self, _: Shape, most: int) -> str:
        x = self.formula((self.random.choice(["m", "n"]), "n"), most // 2)
        return rf"\left(\left({x}\right)^T {x}\right)"

    def transposed(self, shape: Shape, most: int) -> str:
        return rf"\left({self.formula(shape[::-1], most)}\right)^T"

    def hadamard(self, shape: Shape, most: int) -> str:
        a, b = self.two(most)
        return rf"\left({self.formula(shape, a)} \odot {self.formula(shape, b)}\right)"

    def entrywise(self, shape: Shape, most: int) -> str:
        inner = self.formula(shape, most)
        kinds = [rf"\left(\left({inner}\right)^{{\odot {self.random.choice([2, 3])}}}\right)"]
        if shape[1] == 1:
            kinds += [rf"|{inner}|", rf"\max\left({inner}, 0\right)"]
        other = self.formula(shape, max(1, most // 3))
        kinds.append(rf"\left({inner} \oslash \exp\left({other}\right)\right)")
        kinds.append(rf"\max\left({inner}, {other}\right)")
        kinds.append(rf"\left(\mathbb{{1}}[{inner} > {other}] \odot {inner}\right)")
        return self.random.choice(kinds)

    def function(self, shape: Shape, most: int) -> str:
        return rf"{self.random.choice(ENTRYWISE)}\left({self.formula(shape, most)}\right)"

    def quotient(self, shape: Shape, most: int) -> str:
        a, b = self.two(most)
        below = self.random.choice([
            lambda: rf"s + \left({self.formula(SCALAR, b)}\right)^2", lambda: rf"\|{self.formula(('n', 1), b)}\|_2",
            lambda: rf"\mathbf{{1}}^T \exp\left({self.formula(('n', 1), b)}\right)", lambda: "s",
        ])()  # fmt: skip
        self.names.add("s")
        return rf"\frac{{{self.formula(shape, a)}}}{{{below}}}"

    def power(self, _: Shape, most: int) -> str:
        return rf"\left(\left({self.formula(SCALAR, most)}\right)^{self.random.choice('23')}\right)"

    def logarithm(self, _: Shape, most: int) -> str:
        inner = self.formula(SCALAR, most)
        return self.random.choice(
            [rf"\log\left(1 + \left({inner}\right)^2\right)", rf"\sqrt{{1 + \left({inner}\right)^2}}"]
        )

    def norm(self, _: Shape, most: int) -> str:
        kind, shapes = self.random.choice([
            ("_2", (("n", 1), ("m", 1))), ("_1", (("n", 1), ("m", 1))), ("_F", (("m", "n"), ("n", "n"))),
            ("_1", (("m", "n"),)),
        ])  # fmt: skip
        square = self.random.choice(["", "^2"]) if kind != "_1" else ""
        return rf"\left\|{self.formula(self.random.choice(shapes), most)}\right\|{kind}{square}"

    def of_vector(self, _: Shape, most: int) -> str:
        inner = self.formula(("n", 1), most)
        return self.random.choice(
            [rf"\operatorname{{logsumexp}}\left({inner}\right)", rf"\left(\mathbf{{1}}^T {inner}\right)"]
        )

    def of_square(self, _: Shape, most: int) -> str:
        inner = self.formula(("n", "n"), most)
        return self.random.choice(
            [rf"\det\left({inner}\right)", rf"\log\det\left(S + {inner} \left({inner}\right)^T\right)"]
        )

    def trace(self, _: Shape, most: int) -> str:
        kron = rf"\operatorname{{tr}}\left({self.formula(('n', 'n'), most // 2)} \otimes {self.leaf(('n', 'n'))}\right)"
        usual = rf"\operatorname{{tr}}\left({self.formula(('n', 'n'), most)}\right)"
        return self.random.choice([usual, usual, usual, kron])

    def over_index(self, _: Shape, most: int) -> str:
        entry = rf"{self.random.choice(['x', 'w'])}_i"
        self.names |= {"x", "w"} & {entry[0]}
        inner = rf"{self.random.choice(ENTRYWISE)}\left({entry} {self.formula(SCALAR, most // 2)}\right)"
        return rf"\left(\sum_{{i=1}}^{{n}} {inner}\right)"

    def softmax(self, shape: Shape, most: int) -> str:
        return rf"\operatorname{{softmax}}\left({self.formula(shape, most)}\right)"

    def diagonal_of(self, shape: Shape, most: int) -> str:
        if shape[0] != "n":
            return self.function(shape, most)
        return rf"\operatorname{{diag}}\left({self.formula(('n', 'n'), most)}\right)"

    def diagonal(self, _: Shape, most: int) -> str:
        return rf"\operatorname{{diag}}\left({self.formula(('n', 1), most)}\right)"

    def inverse(self, _: Shape, most: int) -> str:
        inner = self.formula(("n", "n"), most)
        return self.random.choice([rf"\left(S + {inner} \left({inner}\right)^T\right)^{{-1}}", self.plain_inverse()])

    def plain_inverse(self) -> str:
        name, inverse = self.random.choice([("B", "B^{-1}"), ("C", "C^{-T}")])
        self.names.add(name)
        return inverse

    def square_power(self, shape: Shape, most: int) -> str:
        return rf"\left(\left({self.formula(shape, most)}\right)^{self.random.choice('23')}\right)"
