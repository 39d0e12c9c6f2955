"""Reverse accumulation for arrays: what a cotangent of a value is for each operand. One table of rules, nothing expanded.

A cotangent G of a part u says that the whole changes by ⟨G, du⟩ = Σ G_ij du_ij. A rule yields pairs (operand, its
cotangent); the pullback is linear in G, so it also gives differentials (see `layouts`). Where u has no derivative by
an operand that the table knows, NoRule is raised: the answer is never 0 by default.

Sources: Magnus & Neudecker, Matrix Differential Calculus, 8–9; Petersen & Pedersen, The Matrix Cookbook (2012), 2;
Golub & Pereyra, SIAM J. Numer. Anal. 10 (1973) for the pseudo-inverse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from derive.errors import NoRule, TooLarge
from derive.functions import FUNCTIONS
from derive.matrix.build import (
    HALF,
    add,
    diag,
    identity,
    inner,
    inverse,
    is_scalar,
    is_square,
    negative,
    ones,
    power,
    product,
    reciprocal,
    scaled,
    split,
    transpose,
    whole_number,
)
from derive.matrix.hadamard import hadamard, lifted, over, spread, to_entrywise_power
from derive.matrix.nodes import ArrayName, EntrywisePower, EntrywiseQuotient, Hadamard, Kronecker, Norm
from derive.matrix.products import unstacked
from derive.matrix.shapes import segments, shape_of
from derive.rules import PLACES, _parsed, law_of
from derive.symbols import SymbolTable
from derive.tree import (
    ONE,
    ZERO,
    Absolute,
    Binder,
    Call,
    Chain,
    Constant,
    Determinant,
    FunctionName,
    Indicator,
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
    names,
    number,
    walk,
)

MAX_NODES = 10_000
Pairs = Iterable[tuple[Node, Node]]
Needs = Callable[[Node], bool]


class Pull:
    """The pullback of cotangents to one name; the table says what singular vectors and eigenvectors are declared."""

    def __init__(self, key: str, table: SymbolTable) -> None:
        self.key, self.table = key, table

    def __call__(self, node: Node, cotangent: Node) -> Node:
        """The cotangent of the name where that of `node` is given. Raises NoRule, TooLarge."""
        check(node)
        found: list[Node] = []
        self._into(node, cotangent, found)
        return add(found)

    def needs(self, node: Node) -> bool:
        return self.key in names(node)

    def _into(self, node: Node, cotangent: Node, found: list[Node]) -> None:
        if cotangent == ZERO or not self.needs(node):
            return
        if isinstance(node, Name | ArrayName):
            found.append(cotangent)
            return
        if isinstance(node, Binder):
            found.append(self._over_index(node, cotangent))
            return
        for child, part in self.parts(node, cotangent):
            self._into(child, part, found)

    def parts(self, node: Node, cotangent: Node) -> Pairs:
        """The operands that depend on the name, each with its cotangent."""
        if isinstance(node, Call):
            return _call(node, cotangent, self)
        rule = RULES.get(type(node))
        if rule is None:
            raise NoRule(f"no rule for {_spoken(node)}")
        return rule(node, cotangent, self)

    def _over_index(self, node: Binder, cotangent: Node) -> Node:
        """The pullback of a sum is the sum of the pullbacks."""
        if node.kind != "sum" or any(self.needs(bound) for bound in node.bounds):
            raise NoRule(f"no rule for a {node.kind} of arrays whose bounds or kind depend on {self.key}")
        if node.index in names(cotangent):
            raise NoRule(f"no rule for sums over the same index {node.index} one inside another")
        body = Pull(self.key, self.table)(node.body, cotangent)
        return ZERO if body == ZERO else Binder("sum", node.index, node.bounds, body)


def check(node: Node) -> None:
    """Raises TooLarge for too large a tree, NoRule for a function without its argument."""
    for count, part in enumerate(walk(node)):
        if count > MAX_NODES:
            raise TooLarge(f"more than {MAX_NODES} nodes to differentiate")
        if isinstance(part, FunctionName):
            raise NoRule(f"no rule for {part.function} without its argument")


def _spoken(node: Node) -> str:
    return f"the derivative of {type(node).__name__.lower()}"


# --- products --------------------------------------------------------------------------------------------------------


def _product(node: Product, g: Node, pull: Pull) -> Pairs:
    """d(P X S): s Pᵀ G Sᵀ for a matrix factor, ⟨G, rest⟩ for a scalar factor or a run of factors that is 1×1."""
    runs = segments(node.factors)
    scalar = [shape_of(run[0])[0] == 1 == shape_of(run[-1])[1] for run in runs]
    for place, run in enumerate(runs):
        if not any(pull.needs(factor) for factor in run):
            continue
        if scalar[place]:
            rest = product(*(f for other, r in enumerate(runs) if other != place for f in r))
            yield from _factors(run, inner(rest, g) if not is_scalar(g) else product(g, rest), [], [], pull)
        else:
            front = product(*(f for other, r in enumerate(runs) if scalar[other] for f in r))
            before = [f for other, r in enumerate(runs[:place]) if not scalar[other] for f in r]
            after = [f for other, r in enumerate(runs[place + 1 :], place + 1) if not scalar[other] for f in r]
            yield from _factors(run, g, before, after, pull, front)


def _factors(
    run: tuple[Node, ...], g: Node, before: list[Node], after: list[Node], pull: Pull, front: Node = ONE
) -> Pairs:
    for index, factor in enumerate(run):
        if pull.needs(factor):
            left = product(*before, *run[:index])
            right = product(*run[index + 1 :], *after)
            yield factor, product(front, transpose(left), g, transpose(right))


def _quotient(node: Quotient, g: Node, pull: Pull) -> Pairs:
    top, bottom = node.children
    if not is_scalar(bottom):
        raise NoRule("no rule for a quotient by an array; ⊘ divides entry by entry")
    if pull.needs(top):
        yield top, product(reciprocal(bottom), g)
    if pull.needs(bottom):
        yield bottom, negative(product(inner(top, g), power(bottom, -2)))


def _power(node: Power, g: Node, pull: Pull) -> Pairs:
    base, exponent = node.children
    if is_scalar(node) or (isinstance(base, Constant | Name | Number) and is_scalar(base)):
        return _scalar_law(node, g, pull)
    k = whole_number(exponent)
    if k is None or pull.needs(exponent) or abs(k) > 12:
        raise NoRule("no rule for a matrix power whose exponent is no small whole number")
    if k < 0:
        turned = transpose(inverse(base))
        return [(base, negative(product(*[turned] * (i + 1), g, *[turned] * (-k - i)))) for i in range(-k)]
    turned = transpose(base)
    return [(base, product(*[turned] * i, g, *[turned] * (k - 1 - i))) for i in range(k)]


def _scalar_law(node: Node, g: Node, pull: Pull) -> Pairs:
    """Scalar functions of scalars, by the table of laws."""
    needed = [pull.needs(child) for child in node.children]
    if isinstance(node, Power) and isinstance(node.base, Determinant) and not needed[1]:
        return [(node.base, product(g, node.exponent, node, reciprocal(node.base)))]  # det divides out
    _, partials = law_of(node, needed)
    return [
        (child, product(g, partial))
        for child, partial, need in zip(node.children, partials, needed, strict=True)
        if need
    ]


# --- norms, traces, determinants -------------------------------------------------------------------------------------


def _norm(node: Norm, g: Node, pull: Pull) -> Pairs:
    x = node.operand
    rows, columns = shape_of(x)
    vector = 1 in (rows, columns)
    if node.kind == "F" or (node.kind == "2" and vector) or (not node.kind and vector):
        return [(x, product(g, reciprocal(node), x))]
    if node.kind == "1" and vector:
        return [(x, product(g, Call("sign", (x,))))]
    if node.kind == "2":
        u, v = (_declared(pull.table, x, f"{side} singular") for side in ("left", "right"))
        if u is not None and v is not None:
            return [(x, product(g, u, transpose(v)))]
        raise NoRule("no rule for the spectral norm without its declared singular vectors")
    raise NoRule(f"no rule for the norm of kind {node.kind or 'unsaid'}")


def _declared(table: SymbolTable, node: Node, role: str) -> Node | None:
    """The vector that is declared to belong to a name, as its top singular vector or eigenvector."""
    if not isinstance(node, ArrayName):
        return None
    for symbol in table.values():
        if symbol.role == role and symbol.of == node.key and symbol.shape is not None:
            return ArrayName(symbol.key, symbol.shape, symbol.properties, symbol.role, symbol.of)
    return None


def _determinant(node: Determinant, g: Node, _: Pull) -> Pairs:
    return [(node.operand, product(g, node, transpose(inverse(node.operand))))]


def _trace(node: Call, g: Node, pull: Pull) -> Pairs:
    x = node.arguments[0]
    match x:
        case Kronecker(factors=factors) if all(map(is_square, factors)):
            traces: list[Node] = [Call("tr", (factor,)) for factor in factors]
            return [(Product(tuple(traces)), g)]
        case Power(base=base, exponent=exponent) if not pull.needs(exponent):
            lower = number(k - 1) if (k := whole_number(exponent)) is not None else add([exponent, number(-1)])
            if not is_scalar(base):
                return [(base, product(g, exponent, transpose(_matrix_power(base, lower))))]
    return [(x, product(g, identity(shape_of(x)[0])))]


def _matrix_power(base: Node, exponent: Node) -> Node:
    k = whole_number(exponent)
    return Power(base, exponent) if k is None else power(base, k)


def _diag(node: Call, g: Node, _: Pull) -> Pairs:
    x = node.arguments[0]
    return [(x, transpose(diag(g)) if shape_of(x)[0] == 1 else diag(g))]


def _adjugate(node: Call, g: Node, _: Pull) -> Pairs:
    """adj X = det(X) X⁻¹."""
    x = node.arguments[0]
    return [(Product((Determinant(x), Power(x, number(-1)))), g)]


def _pseudo_inverse(node: Call, g: Node, _: Pull) -> Pairs:
    x, turned = node.arguments[0], transpose(node)
    rows, columns = shape_of(x)
    left = add([identity(columns), negative(product(node, x))])
    right = add([identity(rows), negative(product(x, node))])
    yield x, negative(product(turned, g, turned))
    yield x, product(right, transpose(g), node, turned)
    yield x, product(turned, node, transpose(g), left)


def _exponential(node: Call, g: Node, pull: Pull) -> Pairs:
    """expm(tA) by t, and by X inside a trace, where the cotangent commutes with X."""
    x = node.arguments[0]
    part = split(x)
    if part.word and not any(pull.needs(item) for item in part.word):
        yield from _along_line(node, x, g)
        return
    if len(split(g).word) == 1 and getattr(split(g).word[0], "role", "") == "identity":
        yield x, product(g, transpose(node))
        return
    raise NoRule("no rule for the matrix exponential by its matrix outside a trace")


def _along_line(node: Call, x: Node, g: Node) -> Pairs:
    part = split(x)
    matrix = product(*part.word)
    whole: Node = product(number(part.coefficient), *(b if e == 1 else Power(b, number(e)) for b, e in part.scalars))
    yield whole, inner(g, product(matrix, node)) if not is_scalar(g) else product(g, matrix, node)


def _eigenvalue(node: Call, g: Node, pull: Pull) -> Pairs:
    x = node.arguments[0]
    u = _declared(pull.table, x, "eigenvector")
    if u is None:
        raise NoRule("no rule for the largest eigenvalue without its declared eigenvector")
    return [(x, product(g, u, transpose(u)))]


# --- entry by entry --------------------------------------------------------------------------------------------------


def _hadamard(node: Hadamard, g: Node, pull: Pull) -> Pairs:
    for index, factor in enumerate(node.factors):
        if pull.needs(factor):
            yield factor, hadamard(*node.factors[:index], g, *node.factors[index + 1 :])


def _entrywise_quotient(node: EntrywiseQuotient, g: Node, pull: Pull) -> Pairs:
    top, bottom = node.children
    if pull.needs(top):
        yield top, over(g, bottom)
    if pull.needs(bottom):
        yield bottom, negative(hadamard(g, over(top, to_entrywise_power(bottom, Fraction(2)))))


def _entrywise_power(node: EntrywisePower, g: Node, pull: Pull) -> Pairs:
    base, exponent = node.children
    if is_scalar(base):
        return _scalar_law(Power(base, exponent), g, pull)
    pairs = []
    if pull.needs(base):
        pairs.append(
            (
                base,
                hadamard(
                    g, lifted(law_of(Power(Name("u"), exponent), (True, False))[1][0], {"u": base}, shape_of(base))
                ),
            )
        )
    if pull.needs(exponent):
        pairs.append((exponent, inner(hadamard(node, Call("log", (base,))), g)))
    return pairs


def _root(node: Root, g: Node, pull: Pull) -> Pairs:
    if is_scalar(node) or node.index is not None:
        return _scalar_law(node, g, pull)
    return [(node.radicand, hadamard(g, scaled(HALF, to_entrywise_power(node.radicand, -HALF))))]


def _absolute(node: Absolute, g: Node, _: Pull) -> Pairs:
    return [(node.operand, hadamard(g, Call("sign", (node.operand,))))]


def _call(node: Call, g: Node, pull: Pull) -> Pairs:
    rule = CALLS.get(node.function)
    if rule is not None and not node.order:
        return rule(node, g, pull)
    if node.function == "log" and isinstance(node.arguments[0], Absolute) and not node.order:
        inside = node.arguments[0].operand  # log|u| has the slope 1/u on either side of 0
        return [(inside, over(g, inside))]
    pairs = []
    for index, argument in enumerate(node.arguments):
        if pull.needs(argument):
            part = hadamard(g, spread(slope(node, index), shape_of(node)))
            if is_scalar(argument) and not is_scalar(node):  # one number for every entry
                part = inner(ones(shape_of(node)), part)
            pairs.append((argument, part))
    return pairs


def slope(call: Call, index: int = 0) -> Node:
    """f'(X) entry by entry, by one argument. Raises NoRule."""
    special = SLOPES.get(call.function)
    arguments, shape = call.arguments, shape_of(call)
    if special and not call.order and len(arguments) == special[0]:
        return special[1](arguments[index], arguments[1 - index] if len(arguments) == 2 else ZERO)
    row = FUNCTIONS.get(call.function)
    if row is None:
        if len(arguments) != 1:
            raise NoRule(f"no rule for the derivative of {call.function}, a function of several arguments")
        return Call(call.function, arguments, call.order + 1)
    if all(map(is_scalar, arguments)):
        return law_of(call, [place == index for place in range(len(arguments))])[1][index]
    if call.order:
        from derive.rules import function_derivative_of_order

        if len(arguments) != 1:
            raise NoRule(f"no rule for the derivative of {call.function} with primes")
        tree = function_derivative_of_order(Call(call.function, (Name("u"),)), call.order + 1)
        return lifted(tree, {"u": arguments[0]}, shape)
    text = row.derivatives[index if row.arity else 0]
    if not text or (not row.arity and len(arguments) != 2):
        raise NoRule(f"no rule for the derivative of {row.name} by its argument {index + 1}")
    return lifted(_parsed(text), _places(call, index), shape)


def _places(call: Call, index: int) -> dict[str, Node]:
    if FUNCTIONS[call.function].arity:
        return {**dict(zip(PLACES, call.arguments, strict=False)), "f": call}
    return {"u": call.arguments[index], "v": call.arguments[1 - index], "f": call}


def _where(left: Node, relation: str, right: Node) -> Node:
    return Indicator(Chain((left, right), (relation,)))


# functions whose slope is an indicator: number of arguments, slope by the argument u, v being the other one
SLOPES: dict[str, tuple[int, Callable[[Node, Node], Node]]] = {
    "relu": (1, lambda u, _: _where(u, ">", ZERO)),
    "max":  (2, lambda u, v: _where(u, ">", v)),
    "min":  (2, lambda u, v: _where(u, "<", v)),
}  # fmt: skip


# --- softmax ---------------------------------------------------------------------------------------------------------


def _softmax(node: Call, g: Node, _: Pull) -> Pairs:
    """p ⊙ G − (pᵀG) p; of a matrix by rows: P ⊙ G − diag((P ⊙ G)𝟏) P."""
    z = node.arguments[0]
    rows, columns = shape_of(z)
    weighted = hadamard(node, g)
    if 1 in (rows, columns):
        return [(z, add([weighted, negative(product(inner(node, g), node))]))]
    sums = product(weighted, ones((columns, 1)))
    return [(z, add([weighted, negative(product(diag(sums), node))]))]


def _logsumexp(node: Call, g: Node, _: Pull) -> Pairs:
    z = node.arguments[0]
    return [(z, product(g, Call("softmax", (z,))))]


# --- the tables ------------------------------------------------------------------------------------------------------

Rule = Callable[[Any, Node, Pull], Pairs]

# kind of node → the cotangents of its operands where that of its value is G
RULES: dict[type[Node], Rule] = {
    Sum:               lambda node, g, _: [(term, g) for term in node.terms],
    Negative:          lambda node, g, _: [(node.operand, negative(g))],
    Product:           _product,
    Quotient:          _quotient,
    Power:             _power,
    Transpose:         lambda node, g, _: [(node.operand, transpose(g))],
    Determinant:       _determinant,
    Norm:              _norm,
    Hadamard:          _hadamard,
    EntrywiseQuotient: _entrywise_quotient,
    EntrywisePower:    _entrywise_power,
    Root:              _root,
    Absolute:          _absolute,
    Indicator:         lambda *_: [],
}  # fmt: skip

CALLS: dict[str, Rule] = {
    "tr":         _trace,
    "diag":       _diag,
    "softmax":    _softmax,
    "logsumexp":  _logsumexp,
    "adj":        _adjugate,
    "pinv":       _pseudo_inverse,
    "expm":       _exponential,
    "lambda_max": _eigenvalue,
    "vec":        lambda node, g, _: [(node.arguments[0], unstacked(g))],
}  # fmt: skip
