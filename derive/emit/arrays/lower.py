"""Typed tree of arrays → values: every part computed once, chains of matrices multiplied in the order that costs least."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce

from derive.emit.arrays.chains import best_cut, flat_chain
from derive.emit.arrays.products import Values
from derive.emit.arrays.values import Axes, Value, reachable
from derive.errors import NoRule
from derive.matrix.atoms import rational, whole_number
from derive.matrix.nodes import (
    ArrayName,
    Entry,
    EntrywisePower,
    EntrywiseQuotient,
    Hadamard,
    Kronecker,
    Norm,
    Shape,
)
from derive.matrix.shapes import segments, shape_of
from derive.symbols import SymbolTable
from derive.tree import (
    Absolute,
    Binder,
    Call,
    Cases,
    Chain,
    Constant,
    Determinant,
    Indicator,
    Listing,
    Logical,
    Matrix,
    Name,
    Negative,
    Node,
    Number,
    OffKinks,
    Otherwise,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    Transpose,
)
from derive.write import latex

VECTORS_OF = {"left singular", "right singular", "eigenvector"}
HELD = (Sum, Hadamard, EntrywiseQuotient)
MAX_POWER = 3  # of a matrix power written as products


def axes_of(shape: Shape) -> Axes:
    """A scalar has no axis, a vector or row one."""
    return tuple(size for size in shape if size != 1) if 1 in shape else shape


class Lowering:
    """The values of trees; names that are defined through their definitions."""

    def __init__(self, definitions: Mapping[str, Node], table: SymbolTable) -> None:
        self.values, self.definitions, self.table = Values(), definitions, table
        self.bound: dict[str, Value] = {}  # what stands for a part already computed, and indices of sums
        self.known: dict[Node, Value] = {}
        self.running: list[str] = []  # the indices of the sums around, whose values are theirs alone
        self.indices = 0
        self.holding = True  # whether sums and products are computed for themselves

    def value(self, tree: Node) -> Value:
        """The value of a tree. Raises NoRule for what has no code."""
        indexed = any(index in tree.names for index in self.running)
        found = None if indexed else self.known.get(tree)
        if found is None:
            found = self._value(tree)
            if self.holding and isinstance(tree, HELD):
                found = self.values.held(found)
            if not indexed:
                self.known[tree] = found
        return found

    def _value(self, tree: Node) -> Value:
        rule = _RULES.get(type(tree))
        if rule is None:
            raise NoRule(f"arrays have no code for {type(tree).__name__.lower()} yet")
        return rule(self, tree)

    # --- names --------------------------------------------------------------------------------------------------------

    def name(self, tree: Name | ArrayName) -> Value:
        key = tree.key
        if key in self.bound:
            return self.bound[key]
        if key in self.definitions:
            return self.values.held(self.value(self.definitions[key]), named=True)
        if isinstance(tree, ArrayName):
            return self.array(tree)
        symbol = self.table.get(key)
        if symbol is not None and symbol.role in {"dimension", "index"}:
            return self.values.size(key)
        return self.values.make("input", data=key)

    def array(self, tree: ArrayName) -> Value:
        made, axes = self.values, axes_of(tree.shape)
        match tree.role:
            case "ones" | "zeros":
                return made.filled(made.number(tree.role == "ones"), axes)
            case "identity":
                return made.make("eye", axes=axes) if axes else made.number(1)
            case "centring":
                return made.make("centring", axes=axes)
            case role if role in VECTORS_OF:
                owner = self.table.get(tree.of)
                if owner is None or owner.shape is None:
                    raise NoRule(f"nothing is known of {tree.of}")
                return made.make(role, (self.value(ArrayName(tree.of, owner.shape)),), axes=axes)
            case "delta":
                raise NoRule(f"{tree.key} is the Kronecker delta; only its entries have code")
        return made.make("input", data=tree.key, axes=axes)

    # --- sums and products --------------------------------------------------------------------------------------------

    def product(self, tree: Product) -> Value:
        """Scalars, and the chain of what is no scalar."""
        runs = segments(tree.factors)
        scalars: list[Value] = []
        chain: list[Node] = []
        for run in runs:
            if shape_of(run[0])[0] == 1 == shape_of(run[-1])[1]:
                scalars.append(self.chain(run)[0])
            else:
                chain += run
        if not chain:
            return self.values.multiply(*scalars)
        return self.values.multiply(*scalars, self.chain(tuple(chain))[0])

    def chain(self, factors: tuple[Node, ...]) -> tuple[Value, Shape]:
        """A run of factors, multiplied in the order that costs least."""
        return self._chained(flat_chain(factors))

    def _chained(self, factors: tuple[Node, ...]) -> tuple[Value, Shape]:
        if len(factors) == 1:
            return self.value(factors[0]), shape_of(factors[0])
        cut = best_cut(factors)
        (left, a), (right, b) = self._chained(factors[:cut]), self._chained(factors[cut:])
        return self.times(left, a, right, b), (a[0], b[1])

    def times(self, left: Value, a: Shape, right: Value, b: Shape) -> Value:
        made = self.values
        if not left.axes or not right.axes:
            return made.multiply(left, right)
        if a[1] == 1:
            return made.outer(left, right)
        if a[0] == 1 == b[1]:
            return made.dot(left, right)
        if a[0] == 1:
            return made.by_vector(made.transpose(right), left)
        return made.by_vector(left, right) if b[1] == 1 else made.product(left, right)

    def quotient(self, tree: Quotient | EntrywiseQuotient) -> Value:
        return self.values.divide(self.value(tree.numerator), self.value(tree.denominator))

    def power(self, tree: Power) -> Value:
        if shape_of(tree.base) != (1, 1):
            return self.matrix_power(tree)
        exponent = rational(tree.exponent)
        if exponent is not None and exponent.denominator == 1 and isinstance(tree.base, Norm) and exponent > 1:
            square = self.squared_norm(tree.base)
            if square is not None and exponent % 2 == 0:
                return self.values.power(square, exponent / 2)
        return self.raised(tree.base, tree.exponent)

    def raised(self, base: Node, exponent: Node) -> Value:
        if isinstance(base, Constant) and base.name == "e":
            return self.values.applied(Call("exp", (Name("@0"),)), self.value(exponent))
        value = rational(exponent)
        if value is not None:
            return self.values.power(self.value(base), value)
        return self.values.applied(Power(Name("@0"), Name("@1")), self.value(base), self.value(exponent))

    def matrix_power(self, tree: Power) -> Value:
        made, base = self.values, self.value(tree.base)
        count = whole_number(tree.exponent)
        if base.op in {"diagonal", "eye"} and count is not None:
            inner = made.power(made.diagonal_of(base), Fraction(count))
            return made.diagonal(inner)
        if count is not None and count < 0:
            base = made.transpose(made.make("inverse", (made.transpose(base),), axes=base.axes)) if base.op == "transpose" \
                else made.make("inverse", (base,), axes=base.axes)  # fmt: skip
            count = -count
        if count is None or count > MAX_POWER or count == 0:
            return made.make("matrix_power", (base, self.whole(tree.exponent) if count is None else made.number(count)), axes=base.axes)  # fmt: skip
        return reduce(made.product, [base] * count)

    def whole(self, tree: Node) -> Value:
        """A whole number: of numbers, sizes and indices."""
        value = self.value(tree)
        if not value.plain or any(part.op in {"divide", "constant"} for part in reachable(value)):
            raise NoRule(f"{latex(tree)} is not made of whole numbers, sizes and indices")
        return value

    # --- functions ----------------------------------------------------------------------------------------------------

    def call(self, tree: Call) -> Value:
        rule = None if tree.order else CALLS.get(tree.function)
        if rule is not None:
            return rule(self, tree.arguments[0])
        if tree.function == "log" and not tree.order:
            found = self.logarithm(tree.arguments[0])
            if found is not None:
                return found
        places = tuple(Name(f"@{k}") for k in range(len(tree.arguments)))
        return self.values.applied(Call(tree.function, places, tree.order), *map(self.value, tree.arguments))

    def logarithm(self, inside: Node) -> Value | None:
        """log det, log |det| and log softmax have functions of their own, which neither overflow nor vanish."""
        while isinstance(inside, Name | ArrayName) and inside.key in self.definitions:
            inside = self.definitions[inside.key]
        match inside:
            case Determinant(operand=operand):
                return self.values.make("log_det", (self.value(operand),))
            case Absolute(operand=Determinant(operand=operand)):
                return self.values.make("log_abs_det", (self.value(operand),))
            case Call(function="softmax", arguments=(operand,), order=0):
                z = self.value(operand)
                return self.values.make("log_softmax", (z,), axes=z.axes)
        return None

    def entrywise(self, form: Callable[..., Node], *operands: Node) -> Value:
        places = [Name(f"@{k}") for k in range(len(operands))]
        return self.values.applied(form(*places), *map(self.value, operands))

    def indicator(self, tree: Indicator) -> Value:
        form, sides = self._condition(tree.condition, [])
        return self.values.applied(Indicator(form), *map(self.value, sides))

    def cases(self, tree: Cases) -> Value:
        sides: list[Node] = []
        conditions = [self._condition(condition, sides)[0] for condition in tree.conditions]
        places = [Name(f"@{len(sides) + k}") for k in range(len(tree.values))]
        return self.values.applied(Cases(tuple(places), tuple(conditions)), *map(self.value, (*sides, *tree.values)))

    def _condition(self, condition: Node, sides: list[Node]) -> tuple[Node, list[Node]]:
        match condition:
            case Otherwise():
                return condition, sides
            case Logical(connective=connective, statements=statements):
                return Logical(connective, tuple(self._condition(s, sides)[0] for s in statements)), sides
            case Chain(sides=parts, relations=relations, continued=False):
                first = len(sides)
                sides += parts
                return Chain(tuple(Name(f"@{first + k}") for k in range(len(parts))), relations), sides
        raise NoRule(f"{latex(condition)} is no condition that can be computed")

    def norm(self, tree: Norm) -> Value:
        square = self.squared_norm(tree)
        if square is not None:
            return self.values.power(square, Fraction(1, 2))
        value = self.value(tree.operand)
        if tree.kind in {"1", "infinity"} and (tree.kind == "1" or len(value.axes) < 2):
            size = self.values.applied(Absolute(Name("@0")), value)
            return self.values.total(size) if tree.kind == "1" else self.values.make("largest", (size,))
        if tree.kind in {"2", "*"} and len(value.axes) == 2:
            return self.values.make("spectral_norm" if tree.kind == "2" else "nuclear_norm", (value,))
        raise NoRule(f"no code for the norm of kind {tree.kind or 'unsaid'} of a matrix")

    def squared_norm(self, tree: Norm) -> Value | None:
        """Σ of the squares of the entries, for the norms that are its root."""
        value = self.value(tree.operand)
        if tree.kind == "F" or (tree.kind in {"", "2"} and len(value.axes) < 2):
            return self.values.paired(value, value) if value.axes else self.values.power(value, Fraction(2))
        return None

    # --- entries and sums over an index -------------------------------------------------------------------------------

    def entry(self, tree: Entry) -> Value:
        made = self.values
        if isinstance(tree.operand, ArrayName) and tree.operand.role == "delta":
            one, other = map(self.whole, tree.indices)
            return made.applied(Indicator(Chain((Name("@0"), Name("@1")), ("=",))), one, other)
        value, shape = self.value(tree.operand), shape_of(tree.operand)
        indices = list(tree.indices)
        if len(indices) == 2 and len(value.axes) == 1:
            indices = [index for index, size in zip(indices, shape, strict=True) if size != 1]
        places = [made.subtract(self.whole(index), made.number(1)) for index in indices]
        return made.make("entry", (value, *places)) if value.axes else value

    def sum_over(self, tree: Binder) -> Value:
        if tree.kind != "sum":
            raise NoRule(f"arrays have code for sums over an index, not for the kind {tree.kind}")
        low, high = map(self.whole, tree.bounds)
        before = self.bound.get(tree.index)
        self.indices += 1
        index = self.values.make("index", data=(tree.index, self.indices))
        self.bound[tree.index] = index
        self.running.append(tree.index)
        try:
            body = self.value(tree.body)
        finally:
            self.running.pop()
            del self.bound[tree.index]
            if before is not None:
                self.bound[tree.index] = before
        made = self.values
        if all(part is not index for part in reachable(body)):
            return made.multiply(made.add(high, made.negative(low), made.number(1)), body)
        return made.make("sum_over", (low, high, index, body), axes=body.axes)

    # --- what is written out, and what sets matrices together ----------------------------------------------------------

    def matrix(self, tree: Matrix) -> Value:
        rows = tuple(tuple(map(shape_of, row)) for row in tree.rows)
        axes = axes_of(shape_of(tree))
        if not axes:
            return self.value(tree.rows[0][0])
        return self.values.make("blocks", [self.value(part) for part in tree.children], rows, axes)

    def kronecker(self, tree: Kronecker) -> Value:
        def both(left: tuple[Value, Shape], right: tuple[Value, Shape]) -> tuple[Value, Shape]:
            from derive.matrix.shapes import size_product

            (u, a), (v, b) = left, right
            shape = (size_product(a[0], b[0]), size_product(a[1], b[1]))
            if not u.axes or not v.axes:
                return self.values.multiply(u, v), shape
            return self.values.make("kronecker", (u, v), (a, b), axes_of(shape)), shape

        return reduce(both, [(self.value(factor), shape_of(factor)) for factor in tree.factors])[0]


def _softmax(at: Lowering, operand: Node) -> Value:
    z = at.value(operand)
    return at.values.make("softmax", (z,), axes=z.axes) if z.axes else at.values.number(1)


def _trace(at: Lowering, operand: Node) -> Value:
    value = at.value(operand)
    return at.values.trace(value) if value.axes else value


def _diag(at: Lowering, operand: Node) -> Value:
    value = at.value(operand)
    if not value.axes:
        return value
    return at.values.diagonal(value) if len(value.axes) == 1 else at.values.diagonal_of(value)


def _adjugate(at: Lowering, operand: Node) -> Value:
    value = at.value(operand)
    inverse = at.values.make("inverse", (value,), axes=value.axes)
    return at.values.multiply(at.values.make("det", (value,)), inverse)


def _of_matrix(op: str, *, scalar: bool = False, turned: bool = False) -> Callable[[Lowering, Node], Value]:
    def rule(at: Lowering, operand: Node) -> Value:
        value = at.value(operand)
        if len(value.axes) != 2:
            raise NoRule(f"no code for {op} of what is no matrix")
        return at.values.make(op, (value,), axes=() if scalar else value.axes[::-1] if turned else value.axes)

    return rule


CALLS: dict[str, Callable[[Lowering, Node], Value]] = {
    "tr":         _trace,
    "diag":       _diag,
    "vec":        lambda at, operand: at.values.vectorised(at.value(operand), axes_of(shape_of(Call("vec", (operand,))))),
    "softmax":    _softmax,
    "logsumexp":  lambda at, operand: at.values.make("logsumexp", (at.value(operand),)),
    "expm":       _of_matrix("expm"),
    "adj":        _adjugate,
    "pinv":       _of_matrix("pinv", turned=True),
    "lambda_max": _of_matrix("lambda_max", scalar=True),
    "lambda_min": _of_matrix("lambda_min", scalar=True),
}  # fmt: skip

_RULES: dict[type[Node], Callable[[Lowering, Node], Value]] = {
    Number:    lambda at, tree: at.values.number(tree.value),  # type: ignore[attr-defined]
    Constant:  lambda at, tree: at.values.make("constant", data=tree),
    Name:      Lowering.name,  # type: ignore[dict-item]
    ArrayName: Lowering.name,  # type: ignore[dict-item]
    Sum:       lambda at, tree: at.values.add(*map(at.value, tree.children)),
    Negative:  lambda at, tree: at.values.negative(at.value(tree.children[0])),
    Product:   Lowering.product,  # type: ignore[dict-item]
    Quotient:  Lowering.quotient,  # type: ignore[dict-item]
    Power:     Lowering.power,  # type: ignore[dict-item]
    Root:      lambda at, tree: at.entrywise(Root, *tree.children) if len(tree.children) == 2
               else at.values.power(at.value(tree.children[0]), Fraction(1, 2)),
    Absolute:  lambda at, tree: at.entrywise(Absolute, *tree.children),
    Transpose: lambda at, tree: at.values.transpose(at.value(tree.children[0])),
    Determinant: lambda at, tree: at.values.make("det", (at.value(tree.children[0]),)),
    Hadamard:  lambda at, tree: at.values.multiply(*map(at.value, tree.children)),
    EntrywiseQuotient: Lowering.quotient,  # type: ignore[dict-item]
    EntrywisePower: lambda at, tree: at.raised(*tree.children),
    Kronecker: Lowering.kronecker,  # type: ignore[dict-item]
    Norm:      Lowering.norm,  # type: ignore[dict-item]
    Entry:     Lowering.entry,  # type: ignore[dict-item]
    Binder:    Lowering.sum_over,  # type: ignore[dict-item]
    Matrix:    Lowering.matrix,  # type: ignore[dict-item]
    Listing:   lambda at, tree: at.values.make("blocks", [at.value(e) for e in tree.children],
                                               (tuple(map(shape_of, tree.children)),), (len(tree.children),)),
    Indicator: Lowering.indicator,  # type: ignore[dict-item]
    Cases:     Lowering.cases,  # type: ignore[dict-item]
    OffKinks:  lambda at, tree: at.value(tree.children[0]),
    Call:      Lowering.call,  # type: ignore[dict-item]
}  # fmt: skip
