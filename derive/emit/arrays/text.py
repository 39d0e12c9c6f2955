"""Values → statements of NumPy or torch: what has a name, or is used twice, gets a line; the rest is one expression."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from derive.emit.arrays.values import Value, reachable
from derive.emit.identifiers import identifier
from derive.emit.piece import ATOM, PRODUCT, SUM, UNARY, Piece
from derive.emit.writer import GROUP, Writer
from derive.errors import NoRule, TooLarge
from derive.matrix.nodes import Dimension, Shape
from derive.tree import Call, Indicator

FREE = frozenset(
    {"input", "number", "size", "index", "constant", "fill", "held", "rows", "columns", "transpose"}
)  # costs nothing
MAX_VALUES = 5_000
LETTER = r"\\?[A-Za-z]+(?:_(?:\w|\{\w+\}))?"  # a size
BOOLEAN = re.compile(r"(np|torch)\.where\((.*), 1, .*\)")

# operation → NumPy, torch; {0} is the text of the first operand, bracketed where {0!r} would need it
CALLS: Mapping[str, tuple[str, str]] = {
    "total":          ("{u}.sum()",                              "{u}.sum()"),
    "trace":          ("{u}.trace()",                            "{u}.trace()"),
    "diagonal_of":    ("{u}.diagonal()",                         "{u}.diagonal()"),
    "diagonal":       ("np.diag({0})",                           "torch.diag({0})"),
    "transpose":      ("{u}.T",                                  "{u}.T"),
    "outer":          ("np.outer({0}, {1})",                     "torch.outer({0}, {1})"),
    "solve":          ("np.linalg.solve({0}, {1})",              "torch.linalg.solve({0}, {1})"),
    "inverse":        ("np.linalg.inv({0})",                     "torch.linalg.inv({0})"),
    "det":            ("np.linalg.det({0})",                     "torch.linalg.det({0})"),
    "log_det":        ("_log_det({0})",                          "torch.logdet({0})"),
    "log_abs_det":    ("np.linalg.slogdet({0})[1]",              "torch.linalg.slogdet({0})[1]"),
    "matrix_power":   ("np.linalg.matrix_power({0}, {1})",       "torch.linalg.matrix_power({0}, {1})"),
    "frobenius":      ("np.vdot({0}, {1})",                      "({u} * {v}).sum()"),
    "vec":            ("{u}.T.reshape(-1)",                      "{u}.T.reshape(-1)"),
    "softmax":        ("_softmax({0})",                          "torch.softmax({0}, -1)"),
    "log_softmax":    ("_log_softmax({0})",                      "torch.log_softmax({0}, -1)"),
    "logsumexp":      ("_logsumexp({0})",                        "torch.logsumexp({0}, -1)"),
    "expm":           ("_expm({0})",                             "torch.linalg.matrix_exp({0})"),
    "pinv":           ("np.linalg.pinv({0})",                    "torch.linalg.pinv({0})"),
    "lambda_max":     ("np.linalg.eigvalsh({0})[-1]",            "torch.linalg.eigvalsh({0})[-1]"),
    "lambda_min":     ("np.linalg.eigvalsh({0})[0]",             "torch.linalg.eigvalsh({0})[0]"),
    "eigenvector":    ("np.linalg.eigh({0})[1][:, -1]",          "torch.linalg.eigh({0})[1][:, -1]"),
    "left singular":  ("np.linalg.svd({0}, full_matrices=False)[0][:, 0]", "torch.linalg.svd({0}, full_matrices=False)[0][:, 0]"),
    "right singular": ("np.linalg.svd({0}, full_matrices=False)[2][0]",    "torch.linalg.svd({0}, full_matrices=False)[2][0]"),
    "spectral_norm":  ("np.linalg.norm({0}, 2)",                 "torch.linalg.matrix_norm({0}, 2)"),
    "nuclear_norm":   ('np.linalg.norm({0}, "nuc")',             'torch.linalg.matrix_norm({0}, "nuc")'),
    "largest":        ("{u}.max()",                              "{u}.max()"),
}  # fmt: skip


class Text:
    """Writes the values of one function with a scalar writer, which knows numbers and functions."""

    def __init__(self, writer: Writer, sizes: Mapping[str, str]) -> None:
        self.writer, self.sizes = writer, sizes
        self.torch = writer.language == "torch"
        self.given: dict[int, Piece] = {}  # place → the name that holds the value
        self.wanted: dict[int, str] = {}
        self.count: dict[int, int] = {}
        self.inside: set[int] = set()  # what depends on the index of a sum

    def statements(self, labels: Iterable[tuple[Value, str]], results: list[Value]) -> list[str]:
        """The lines for all that the results need, and the texts of the results. Raises TooLarge."""
        live = reachable(*results)
        if len(live) > MAX_VALUES:
            raise TooLarge(f"more than {MAX_VALUES} operations")
        for value, name in labels:
            self.wanted.setdefault(value.place, name)
        self._count(live, results)
        for value in live:
            if value.place in self.inside or value.place in self.given:
                continue
            if (self.count[value.place] > 1 and value.op not in FREE) or self._labelled(value):
                self._define(value)
        return [self.shown(result) for result in results]

    def _labelled(self, value: Value) -> bool:
        return value.place in self.wanted and (value.op not in FREE or value.op in {"transpose", "held"})

    def _define(self, value: Value) -> None:
        text = self.piece(value).text
        name = self.writer.names.fresh(self.wanted.get(value.place, _name_of(value)))
        self.writer.line(f"{name} = {text}")
        self.given[value.place] = Piece(name, ATOM, value.plain)

    def _count(self, live: list[Value], results: list[Value]) -> None:
        for value in live:
            if value.op == "index" or (
                value.op != "sum_over" and any(arg.place in self.inside for arg in value.args)
            ) or (value.op == "sum_over" and self._open(value)):  # fmt: skip
                self.inside.add(value.place)
        self.count = dict.fromkeys((value.place for value in live), 0)
        for result in results:
            self.count[result.place] += 1
        for value in reversed(live):
            looped = value.op == "sum_over" or value.place in self.inside
            passed = (
                max(1, self.count[value.place])
                if value.op in FREE and not self._labelled(value)
                else 2
                if looped
                else 1
            )
            for arg in value.args:
                self.count[arg.place] += passed

    def _open(self, loop: Value) -> bool:
        """Whether a sum depends on the index of another around it."""
        own = loop.args[2]
        return any(part.op == "index" and part is not own for part in _free(loop))

    # --- expressions --------------------------------------------------------------------------------------------------

    def shown(self, value: Value) -> str:
        """A value as it is returned: of its own axes, and never a plain number."""
        piece = self.piece(value)
        return self.writer.lifted(piece).text

    def piece(self, value: Value) -> Piece:
        """The text of a value with all its axes."""
        if value.place in self.given:
            return self.given[value.place]
        rule = _RULES.get(value.op)
        if rule is not None:
            return rule(self, value)
        if value.op not in CALLS:
            raise NoRule(f"{self.writer.shown} has no form for {value.op}")
        template = CALLS[value.op][self.torch]
        pieces = [self.piece(arg) for arg in value.args]
        if "{0}" in template and self.torch and value.op != "matrix_power":
            pieces = [self.writer.lifted(piece) for piece in pieces]
        for name in re.findall(r"(?<![\w.])_[a-z]\w*", template):
            self.writer.need(name)
        places = {place: piece.at(ATOM) for place, piece in zip("uv", pieces, strict=False)}
        return Piece(template.format(*(piece.text for piece in pieces), **places))

    def entrywise(self, value: Value) -> Piece:
        """The text where NumPy repeats numbers by itself."""
        if value.place in self.given:
            return self.given[value.place]
        match value.op:
            case "fill" | "rows":
                return self.piece(value.args[0])
            case "columns":
                piece = self.piece(value.args[0])
                if piece.text.startswith("-") and piece.rank >= PRODUCT:
                    text = piece.text[1:]
                    text = text if text.isidentifier() else f"({text})"
                    return Piece(f"-{text}[:, None]", UNARY)
                return Piece(f"{piece.at(ATOM)}[:, None]")
            case "held":
                return self.entrywise(value.args[0])
        return self.piece(value)

    def add(self, value: Value) -> Piece:
        texts: list[str] = []
        for index, term in enumerate(value.args):
            piece = self.entrywise(term)
            negative = piece.text.startswith("-") and piece.rank >= PRODUCT
            if index and negative:
                texts.append("- " + piece.text[1:])
            else:
                texts.append(("+ " if index else "") + piece.at(PRODUCT if index else SUM))
        if len(texts) > GROUP:
            groups = [" ".join(texts[i : i + GROUP]) for i in range(0, len(texts), GROUP)]
            texts = [f"{'+ ' if i else ''}({group.removeprefix('+ ')})" if not group.startswith("- ")
                     else f"{'+ ' if i else ''}(-{group[2:]})" for i, group in enumerate(groups)]  # fmt: skip
        return Piece(" ".join(texts), SUM, value.plain)

    def multiply(self, value: Value) -> Piece:
        first, *others = value.args
        if first.is_number(-1):
            rest = self.multiply_all(others)
            return Piece("-" + rest.at(PRODUCT), min(UNARY, max(PRODUCT, rest.rank)), value.plain)
        piece = self.multiply_all(value.args)
        return Piece(piece.text, piece.rank, value.plain)

    def multiply_all(self, factors: Iterable[Value]) -> Piece:
        factors = list(factors)
        if len(factors) == 1:
            return self.entrywise(factors[0])
        plain = [f for f in factors if not _is_indicator(f)]
        texts = []
        for factor in factors:
            piece = self.entrywise(factor)
            condition = (
                BOOLEAN.fullmatch(piece.text)
                if _is_indicator(factor) and any(f.axes or not f.plain for f in plain)
                else None
            )
            texts.append(f"({condition[2]})" if condition else piece.at(UNARY))
        if len(texts) > GROUP:
            texts = [f"({' * '.join(texts[i : i + GROUP])})" for i in range(0, len(texts), GROUP)]
        return Piece(" * ".join(texts), PRODUCT)

    def divide(self, value: Value) -> Piece:
        top, bottom = map(self.entrywise, value.args)
        if bottom.scalar and not (value.args[1].op in {"number", "size"} and value.args[1].data):
            bottom = self.writer.lifted(bottom)  # Python would stop at a zero
        return Piece(f"{top.at(PRODUCT)} / {bottom.at(UNARY)}", PRODUCT, value.plain)

    def matmul(self, value: Value) -> Piece:
        left, right = map(self.piece, value.args)
        return Piece(f"{left.at(UNARY)} @ {right.at(UNARY)}", PRODUCT)

    def apply(self, value: Value) -> Piece:
        """A function of numbers, entry by entry."""
        known = {f"@{k}": self.entrywise(arg) for k, arg in enumerate(value.args)}
        lines = len(self.writer.lines)
        with self.writer.knowing(known):
            piece = self.writer.written(value.data)
        if value.place in self.inside and len(self.writer.lines) != lines:
            raise NoRule("a case distinction inside a sum over an index has no code for arrays")
        return piece

    def along(self, value: Value) -> Piece:
        return Piece(f"{self.piece(value.args[0]).at(ATOM)}.sum({value.data})")

    def fill(self, value: Value) -> Piece:
        piece, shape = self.piece(value.args[0]), self.shape(value.axes)
        scalar = value.args[0]
        known = "zeros" if scalar.is_number(0) else "ones" if scalar.is_number(1) else ""
        if not self.torch:
            return Piece(f"np.{known}({shape})" if known else f"np.full({shape}, {self.writer.lifted(piece).text})")
        ones = f"{self.like()}new_ones({shape})"
        return Piece(ones) if value.args[0].is_number(1) else Piece(f"{ones} * {piece.at(UNARY)}", PRODUCT)

    def like(self) -> str:
        """What makes a tensor of the dtype and device of the arguments."""
        return f"{self.writer.reference}." if self.writer.reference else "torch.empty((), dtype=torch.float64)."

    def repeated(self, value: Value) -> Piece:
        vector = self.piece(value.args[0]).at(ATOM)
        count = self.size(value.axes[0 if value.op == "rows" else 1])
        column = "" if value.op == "rows" else "[:, None]"
        times = f"{count}, 1" if value.op == "rows" else f"1, {count}"
        return Piece(f"{vector}{column}.repeat({times})" if self.torch else f"np.tile({vector}{column}, ({times}))")

    def eye(self, value: Value) -> Piece:
        size = self.size(value.axes[0])
        if not self.torch:
            return Piece(f"np.eye({size})")
        return Piece(f"torch.diag({self.like()}new_ones({size}))")

    def centring(self, value: Value) -> Piece:
        size = self.size(value.axes[0])
        return Piece(f"{self.eye(value).text} - 1 / {size}", SUM)

    def unvec(self, value: Value) -> Piece:
        rows, columns = map(self.size, value.axes)
        return Piece(f"{self.piece(value.args[0]).at(ATOM)}.reshape({columns}, {rows}).T")

    def entry(self, value: Value) -> Piece:
        array, *places = value.args
        listed = ", ".join(self.piece(place).text for place in places)
        return Piece(f"{self.piece(array).at(ATOM)}[{listed}]")

    def sum_over(self, value: Value) -> Piece:
        low, high, index, body = value.args
        name = self.writer.names.fresh(identifier(index.data[0]))
        self.given[index.place] = Piece(name, ATOM, scalar=True)
        text = self.writer.lifted(self.piece(body)).text
        stop = str(int(high.data) + 1) if high.op == "number" else f"{self.piece(high).at(SUM)} + 1"
        return Piece(f"sum({text} for {name} in range({self.piece(low).text}, {stop}))")

    def square(self, value: Value, shape: Shape) -> str:
        """The text with two axes."""
        text = (self.piece(value) if value.axes else self.writer.lifted(self.piece(value))).at(ATOM)
        if not value.axes:
            return f"{text}.reshape(1, 1)" if self.torch else text
        if len(value.axes) == 2:
            return text
        return f"{text}[:, None]" if shape[1] == 1 else f"{text}[None, :]"

    def blocks(self, value: Value) -> Piece:
        parts = iter(value.args)
        rows = [[self.square(next(parts), shape) for shape in row] for row in value.data]
        listed = [f"[{', '.join(row)}]" for row in rows]
        if self.torch:
            listed = [f"torch.cat({row}, 1)" for row in listed]
        text = f"{'torch.cat' if self.torch else 'np.block'}([{', '.join(listed)}])"
        return Piece(text if len(value.axes) == 2 else f"{text}.reshape(-1)")

    def kronecker(self, value: Value) -> Piece:
        both = [self.square(arg, shape) for arg, shape in zip(value.args, value.data, strict=True)]
        if self.torch:  # whose kron takes no view
            both = [f"{text}.contiguous()" for text in both]
        text = f"{'torch' if self.torch else 'np'}.kron({', '.join(both)})"
        return Piece(text if len(value.axes) == 2 else f"{text}.reshape(-1)")

    # --- sizes --------------------------------------------------------------------------------------------------------

    def shape(self, axes: tuple[Dimension, ...]) -> str:
        return self.size(axes[0]) if len(axes) == 1 else f"({', '.join(map(self.size, axes))})"

    def size(self, dimension: Dimension) -> str:
        """m n, m + 1 … in code."""
        found: list[str] = []
        for part in re.findall(rf"\d+|[()+]|{LETTER}", str(dimension)):
            if found and part not in ")+" and found[-1] not in "(+":
                found.append("*")
            found.append(part if part in "()+" or part.isdigit() else self.letter(part))
        return " ".join(found).replace("( ", "(").replace(" )", ")")

    def measured(self, value: Value) -> Piece:
        text = self.size(value.data)
        return Piece(text, ATOM if text.isidentifier() else SUM, scalar=True)

    def letter(self, name: str) -> str:
        if name not in self.sizes:
            raise NoRule(f"the size {name} has no value in the code")
        return self.sizes[name]


def _free(value: Value) -> list[Value]:
    """The parts of a value but for the sums within it that are closed."""
    return [part for arg in value.args for part in reachable(arg)]


def _is_indicator(value: Value) -> bool:
    return value.op == "apply" and isinstance(value.data, Indicator)


def _name_of(value: Value) -> str:
    """What a value without a name is called."""
    if value.op == "apply":
        name = value.data.function if isinstance(value.data, Call) else type(value.data).__name__
        return re.sub("[^a-z]", "", name.lower()) or "u"
    short = {"matmul": "product", "dot": "product", "along": "sums", "total": "total", "divide": "ratio", "add": "u",
             "multiply": "u", "outer": "product"}  # fmt: skip
    return short.get(value.op, value.op.replace(" ", "_"))


_RULES: dict[str, Callable[[Text, Value], Piece]] = {
    "input":    lambda text, value: text.writer.known[value.data],
    "number":   lambda text, value: text.writer.number(Fraction(value.data)),
    "size":     Text.measured,
    "constant": lambda text, value: text.writer.constant(value.data),
    "held":     lambda text, value: text.piece(value.args[0]),
    "add":      Text.add,
    "multiply": Text.multiply,
    "divide":   Text.divide,
    "matmul":   Text.matmul,
    "dot":      Text.matmul,
    "apply":    Text.apply,
    "along":    Text.along,
    "fill":     Text.fill,
    "rows":     Text.repeated,
    "columns":  Text.repeated,
    "eye":      Text.eye,
    "centring": Text.centring,
    "unvec":    Text.unvec,
    "entry":    Text.entry,
    "sum_over": Text.sum_over,
    "blocks":   Text.blocks,
    "kronecker": Text.kronecker,
}  # fmt: skip


def letters_in(value: Value) -> list[str]:
    """The sizes that the text of a value mentions."""
    match value.op:
        case "size":
            sizes: tuple[Dimension, ...] = (value.data,)
        case "fill" | "rows" | "columns" | "eye" | "centring" | "unvec":
            sizes = value.axes
        case _:
            return []
    return [letter for size in sizes for letter in re.findall(LETTER, str(size))]
