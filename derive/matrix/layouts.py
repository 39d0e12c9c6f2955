"""Gradient, Jacobian, Hessian, vjp, differential, …: every layout from pullbacks alone.

With a symbol G for the cotangent of f's value the pullback L(G) is a formula linear in G. Pulling a symbol dX back
through L to G gives the differential dF, and what stands at dX in a term of dF says the rest: W dx the Jacobian W,
P dX Q the matrix Qᵀ ⊗ P of vec dX and the entries P_ik Q_lj.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from derive.errors import BadSpec, NoRule
from derive.matrix.build import (
    Monomial,
    add,
    combined,
    diag,
    flat_terms,
    identity,
    is_scalar,
    join,
    negative,
    product,
    split,
    transpose,
)
from derive.matrix.collect import Manner, collected
from derive.matrix.entries import in_vectors
from derive.matrix.facts import named_again, named_functions_in, restored, styled, without_facts
from derive.matrix.hadamard import apart, hadamard, put
from derive.matrix.nodes import SCALAR, ArrayName, Entry, EntrywiseQuotient, Hadamard, Kronecker, Shape
from derive.matrix.products import apart_products
from derive.matrix.pullback import Pull
from derive.matrix.shapes import shape_of, size_of_vector, size_product
from derive.symbols import SymbolTable
from derive.tree import (
    ONE,
    ZERO,
    Binder,
    Call,
    Name,
    Negative,
    Node,
    Quotient,
    Sum,
    Transpose,
    names,
    substitute,
    walk,
)


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked: a formula, the name it is differentiated by, and the table."""

    f: Node
    x: Node
    table: SymbolTable

    @property
    def key(self) -> str:
        return self.x.names[0]

    @property
    def shape(self) -> Shape:
        return shape_of(self.x)

    def pulled(self, cotangent: Node) -> Node:
        return Pull(self.key, self.table)(self.f, cotangent)

    def free(self, base: str) -> str:
        """A spelling that neither the formula nor the table uses."""
        while base in names(self.f) or base in self.table:
            base += "'"
        return base

    def declared(self, role: str, base: str, shape: Shape) -> Node:
        """The name declared in this role, or one that is free."""
        for symbol in self.table.values():
            if symbol.role == role and (role != "differential" or symbol.of == self.key):
                return _symbol(symbol.key, shape, role, symbol.of)
        return _symbol(self.free(base), shape, role, self.key if role == "differential" else "")


def _symbol(name: str, shape: Shape, role: str = "", of: str = "") -> Node:
    return Name(name) if shape == SCALAR else ArrayName(name, shape, role=role, of=of)


def derive_array(f: Node, wrt: str, layout: str, table: SymbolTable, where: Mapping[str, Node] | None = None) -> Node:
    """The derivative of a formula of arrays in a layout, in the form a book prints.

    `where` names intermediates: they are put into f, and the result uses the names where a part equals a definition.
    Raises NoRule where the table of rules has no entry or the layout no matrix form, BadSpec for an unknown layout.
    """
    rule = LAYOUTS.get(layout)
    if rule is None:
        raise BadSpec(f"layout {layout!r} is not known; use one of {', '.join(LAYOUTS)}")
    where = dict(where or {})
    written = f
    f = apart_products(in_vectors(named_functions_in(_expanded(f, where), table), wrt), wrt)
    x, indices = _variable(wrt, table)
    task = Task(without_facts(f, {x.names[0]}), x, table)
    raw = _entry(task, indices) if indices or layout == "entry" else rule(task)
    manner = manner_of(f, table)
    found = collected(named_again(restored(raw, table), where, table), manner)
    if found == ZERO and not indices:
        return zeros(shape_in(layout, shape_of(task.f), task.shape), table)
    return styled(named_again(found, where, table), written, table)


def shape_in(layout: str, f: Shape, x: Shape) -> Shape:
    """The shape of a derivative in a layout, from those of f and of the variable."""
    if layout == "differential" or (x == SCALAR and layout not in {"vjp", "vec-jacobian"}):
        return f
    if layout in {"jacobian", "jacobian-transposed", "hessian", "second-derivative"}:
        rows, columns = size_of_vector(f), size_of_vector(x)
        if f == SCALAR and not layout.startswith("jacobian"):
            rows = columns
        return (columns, rows) if layout == "jacobian-transposed" else (rows, columns)
    return (size_product(*f), size_product(*x)) if layout == "vec-jacobian" else x


def zeros(shape: Shape, table: SymbolTable) -> Node:
    """0 in a shape, by its declared name if it has one."""
    if shape == SCALAR:
        return ZERO
    own = next((symbol.key for symbol in table.values() if symbol.role == "zeros" and symbol.shape == shape), None)
    name = own or (r"\mathbf{0}" if r"\mathbf{0}" not in table else rf"\mathbf{{0}}_{{{shape[0]}{shape[1]}}}")
    return ArrayName(name, shape, role="zeros")


def manner_of(f: Node, table: SymbolTable) -> Manner:
    """What the author wrote and declared."""
    declared = list(table.values())
    return Manner(
        frozenset(part for part in walk(f) if part.children),
        frozenset(s.shape for s in declared if s.role == "identity" and s.shape),
        frozenset(s.shape for s in declared if s.role == "ones" and s.shape),
    )


def _expanded(f: Node, where: Mapping[str, Node]) -> Node:
    for name in reversed(list(where)):
        f = substitute(f, {name: where[name]})
    return f


def _variable(wrt: str, table: SymbolTable) -> tuple[Node, tuple[Node, ...]]:
    """The name to differentiate by, and the indices where an entry of it is meant (X_{kl})."""
    from derive.matrix.facts import stripped

    symbol = table.resolve(wrt)
    if symbol is not None:
        shape = symbol.shape if symbol.is_array and symbol.shape is not None else SCALAR
        return (Name(symbol.key) if shape == SCALAR else stripped(ArrayName(symbol.key, shape, symbol.properties)), ())
    from derive.read import read

    node = read(wrt, table).tree
    if isinstance(node, Entry) and isinstance(node.operand, ArrayName):
        return stripped(node.operand), node.indices
    raise BadSpec(f"{wrt} is no declared variable")


# --- the layouts -----------------------------------------------------------------------------------------------------


def _gradient(task: Task) -> Node:
    if not is_scalar(task.f):
        if is_scalar(task.x):
            return _derivative(task)
        rows, columns = shape_of(task.f)
        raise NoRule(f"no gradient: f is {rows}×{columns}, not a scalar; ask for the jacobian, vjp or differential")
    return task.pulled(ONE)


def _derivative(task: Task) -> Node:
    """By a scalar t: F'(t) has the shape of F."""
    if not is_scalar(task.x):
        return _gradient(task)
    return _forward(task, ONE)


def _forward(task: Task, direction: Node) -> Node:
    """dF for dX = direction: the pullback of the pullback."""
    shape = shape_of(task.f)
    if shape == SCALAR and is_scalar(task.x):
        return product(task.pulled(ONE), direction)
    symbol = _symbol(task.free("G"), shape)
    linear = task.pulled(symbol)
    return ZERO if linear == ZERO else Pull(symbol.names[0], task.table)(linear, direction)


def _second_derivative(task: Task) -> Node:
    if not is_scalar(task.x):
        return _hessian(task)
    return _derivative(replace(task, f=collected(_derivative(task))))


def _vjp(task: Task) -> Node:
    return task.pulled(task.declared("upstream", "G", shape_of(task.f)))


def _differential(task: Task) -> Node:
    return _forward(task, task.declared("differential", f"d{task.key}", task.shape))


def _jacobian(task: Task) -> Node:
    if is_scalar(task.f):
        return transpose(task.pulled(ONE))
    if is_scalar(task.x):
        return _derivative(task)
    if shape_of(task.f)[0] == 1:
        task = replace(task, f=transpose(task.f))
    if task.shape[1] != 1 or shape_of(task.f)[1] != 1:
        raise NoRule("no matrix form of this Jacobian: f and the variable are not both columns; ask for vec-jacobian")
    symbol = _symbol(task.free(f"d{task.key}"), task.shape)
    return read_off(_forward(task, symbol), symbol)


def _jacobian_transposed(task: Task) -> Node:
    return task.pulled(ONE) if is_scalar(task.f) else transpose(_jacobian(task))


def _hessian(task: Task) -> Node:
    if not is_scalar(task.f):
        raise NoRule("no Hessian: f is not a scalar")
    if is_scalar(task.x):
        return _second_derivative(task)
    gradient = collected(task.pulled(ONE))
    if gradient == ZERO:
        return ZERO
    return _jacobian(replace(task, f=gradient))


def _vec_jacobian(task: Task) -> Node:
    if is_scalar(task.x):
        return vec(_derivative(task))
    if is_scalar(task.f):
        return transpose(vec(task.pulled(ONE)))
    symbol = _symbol(task.free(f"d{task.key}"), task.shape)
    return vec_off(_forward(task, symbol), symbol)


def kronecker(left: Node, right: Node) -> Node:
    """A ⊗ B, with numbers and scalars in front."""
    a, b = split(left), split(right)
    front = combined([Monomial(a.coefficient * b.coefficient, (*a.scalars, *b.scalars))])
    first, second = (join(Monomial(word=part.word)) for part in (a, b))
    if ONE in (first, second):
        return product(join(front), second if first == ONE else first)
    return product(join(front), Kronecker((first, second)))


def _symmetric_entries(task: Task) -> Node:
    """dX_ij and dX_ji are one entry: G + Gᵀ − G ∘ I."""
    g = _square_gradient(task)
    return add([g, transpose(g), negative(on_diagonal(g))])


def _symmetric_projection(task: Task) -> Node:
    g = _square_gradient(task)
    return product(Quotient(ONE, add([ONE, ONE])), add([g, transpose(g)]))


def _diagonal_entries(task: Task) -> Node:
    return on_diagonal(_square_gradient(task))


def _square_gradient(task: Task) -> Node:
    if task.shape[0] != task.shape[1]:
        raise NoRule(f"{task.key} is {task.shape[0]}×{task.shape[1]}, not square")
    return collected(restored(_gradient(task), task.table))


def on_diagonal(node: Node) -> Node:
    """G ∘ I."""
    part = split(node)
    front = join(Monomial(part.coefficient, part.scalars))
    return product(front, hadamard(join(Monomial(word=part.word)), identity(shape_of(node)[0])))


LAYOUTS: dict[str, Callable[[Task], Node]] = {
    "gradient": _gradient,
    "derivative": _derivative,
    "jacobian": _jacobian,
    "jacobian-transposed": _jacobian_transposed,
    "hessian": _hessian,
    "second-derivative": _second_derivative,
    "vjp": _vjp,
    "vec-jacobian": _vec_jacobian,
    "differential": _differential,
    "entry": _gradient,
    "gradient-symmetric-entries": _symmetric_entries,
    "gradient-symmetric-projection": _symmetric_projection,
    "gradient-diagonal-entries": _diagonal_entries,
}


# --- reading a linear map off ----------------------------------------------------------------------------------------


def read_off(node: Node, x: Node) -> Node:
    """The matrix M with node = M x, for a column x in which the node is linear. Raises NoRule."""
    name = x.names[0]
    if name not in names(node):
        return ZERO
    if node == x:
        return identity(shape_of(x)[0])
    match node:
        case Sum():
            return add([read_off(term, x) for term in flat_terms(node.terms)])
        case Negative(operand=inner):
            return negative(read_off(inner, x))
        case Transpose(operand=inner) if shape_of(inner)[0] == 1:
            return read_off(transpose(inner), x)
        case Binder(kind="sum", index=index, bounds=bounds, body=body):
            return Binder("sum", index, bounds, read_off(body, x))
        case Hadamard() | EntrywiseQuotient():
            return _off_entrywise(node, x)
        case Call(function="diag", arguments=(inner,)) if shape_of(inner)[1] != 1:
            return _off_diagonal(inner, x)
    return _off_product(split(node), x)


def _off_entrywise(node: Node, x: Node) -> Node:
    rest, held = _parted(node, x)
    return product(diag(rest), read_off(held, x))


def _parted(node: Node, x: Node) -> tuple[Node, Node]:
    """An entrywise product as its constant rest and the one part that holds x."""
    whole = apart(node)
    held = [index for index, (part, _) in enumerate(whole.parts) if x.names[0] in names(part)]
    if len(held) != 1 or whole.parts[held[0]][1] != 1 or any(x.names[0] in names(base) for base, _ in whole.scalars):
        raise NoRule("no rule to read a linear map off an entrywise product")
    rest = put(replace(whole, parts=tuple(p for i, p in enumerate(whole.parts) if i != held[0])))
    return rest, whole.parts[held[0]][0]


def _off_diagonal(inner: Node, x: Node) -> Node:
    """diag(P diag(v) Q) = (P ⊙ Qᵀ) v, the column of the diagonal."""
    terms = []
    for term in flat_terms([inner]):
        part = split(term)
        at = [i for i, item in enumerate(part.word) if x.names[0] in names(item)]
        item = part.word[at[0]] if len(at) == 1 else None
        if not (isinstance(item, Call) and item.function == "diag" and shape_of(item.arguments[0])[1] == 1):
            raise NoRule("no rule to read a linear map off a diagonal")
        size = shape_of(item)[0]
        left = join(Monomial(word=part.word[: at[0]])) if at[0] else identity(size)
        right = join(Monomial(word=part.word[at[0] + 1 :])) if part.word[at[0] + 1 :] else identity(size)
        front = join(Monomial(part.coefficient, part.scalars))
        terms.append(product(front, hadamard(left, transpose(right)), read_off(item.arguments[0], x)))
    return add(terms)


def _off_product(part: Monomial, x: Node) -> Node:
    name = x.names[0]
    for index, (base, exponent) in enumerate(part.scalars):
        if name in names(base):
            rest = Monomial(part.coefficient, part.scalars[:index] + part.scalars[index + 1 :], part.word)
            if exponent != 1:
                break
            return product(join(rest), _row_off(base, x))
    for index, item in enumerate(part.word):
        if name not in names(item):
            continue
        left = Monomial(part.coefficient, part.scalars, part.word[:index])
        right = Monomial(word=part.word[index + 1 :])
        if not right.word:
            inner = item.operand if isinstance(item, Transpose) and shape_of(item.operand)[0] == 1 else item
            if (
                inner is item
                and split(item).word == (item,)
                and not isinstance(item, Sum | Hadamard | EntrywiseQuotient | Binder)
                and item != x
            ):
                break
            return product(join(left), read_off(item, x))
        if shape_of(right.word[-1])[1] == 1:
            return product(join(left), _times_column(item, join(right), x))
        break
    raise NoRule("no rule to read a linear map off this differential")


def _times_column(item: Node, column: Node, x: Node) -> Node:
    """The matrix M with item · column = M x, for a matrix linear in x."""
    match item:
        case Call(function="diag", arguments=(inner,)) if shape_of(inner)[1] == 1:
            return product(diag(column), read_off(inner, x))
        case Transpose(operand=inner) if inner == x:
            return transpose(column)
        case Sum(terms=terms):
            return add([read_off(product(term, column), x) for term in flat_terms(terms) if x.names[0] in names(term)])
        case Hadamard() | EntrywiseQuotient():  # (M ⊙ uvᵀ) w = diag(u) M (v ⊙ w)
            rest, held = _parted(item, x)
            part = split(held)
            cut = next((i for i in range(1, len(part.word)) if shape_of(part.word[i])[0] == 1), None)
            if cut is not None:
                u = join(Monomial(part.coefficient, part.scalars, part.word[:cut]))
                v = transpose(join(Monomial(word=part.word[cut:])))
                return read_off(hadamard(u, product(rest, hadamard(v, column))), x)
    raise NoRule("no rule to read a linear map off this differential")


def _row_off(base: Node, x: Node) -> Node:
    """The row r with base = r x, for a scalar linear in the column x: its gradient, transposed."""
    return transpose(_slope(base, x))


def _slope(scalar: Node, x: Node) -> Node:
    """The gradient of what is linear in X: no X is left in it."""
    found = Pull(x.names[0], SymbolTable())(scalar, ONE)
    if x.names[0] in names(found):
        raise NoRule("no rule to read a linear map off this differential")
    return found


def vec_off(node: Node, x: Node) -> Node:
    """The matrix K with vec(node) = K vec(X), for a node linear in X. Raises NoRule."""
    name = x.names[0]
    if name not in names(node):
        return ZERO
    rows, columns = shape_of(node)
    if node == x:
        return kronecker(identity(columns), identity(rows))
    match node:
        case Sum():
            return add([vec_off(term, x) for term in flat_terms(node.terms)])
        case Hadamard() | EntrywiseQuotient():
            rest, held = _parted(node, x)
            return product(diag(vec(rest)), vec_off(held, x))
        case Transpose():
            raise NoRule("no form without a commutation matrix: the differential holds a transpose")
    part = split(node)
    for index, (base, exponent) in enumerate(part.scalars):
        if name in names(base) and exponent == 1:
            rest = join(Monomial(part.coefficient, part.scalars[:index] + part.scalars[index + 1 :], part.word))
            return product(vec(rest), transpose(vec(_slope(base, x))))
    for index, item in enumerate(part.word):
        if name in names(item) and (len(part.word) > 1 or part.scalars or part.coefficient != 1):
            before, after = shape_of(item)
            left = join(Monomial(word=part.word[:index])) if index else identity(before)
            right = join(Monomial(word=part.word[index + 1 :])) if part.word[index + 1 :] else identity(after)
            front = join(Monomial(part.coefficient, part.scalars))
            around = kronecker(transpose(right), left)
            return product(front, around if item == x else product(around, vec_off(item, x)))
    raise NoRule("no rule to read a linear map off this differential")


def vec(node: Node) -> Node:
    """vec, the columns one below the other; a column is its own, of uvᵀ it is v ⊗ u."""
    if shape_of(node)[1] == 1:
        return node
    part = split(node)
    if not part.coefficient:
        return ZERO
    return product(join(Monomial(part.coefficient, part.scalars)), Call("vec", (join(Monomial(word=part.word)),)))


def _sandwiches(node: Node, x: Node) -> list[tuple[Node, Node, Node, Node]]:
    """The terms of a node linear in X as (scalar, P, X or Xᵀ, Q) with scalar · P X Q. Raises NoRule."""
    found = []
    for term in flat_terms([node]):
        part = split(term)
        at = [i for i, item in enumerate(part.word) if x.names[0] in names(item)]
        if any(x.names[0] in names(base) for base, _ in part.scalars) or len(at) != 1:
            if (len(part.scalars) == 1 and not part.word) or len(at) != 1:
                raise NoRule("no form P dX Q of this differential")
            raise NoRule("no form P dX Q of this differential")
        item = part.word[at[0]]
        if item != x and not (isinstance(item, Transpose) and item.operand == x):
            if isinstance(item, Sum):
                found += [s for t in item.terms for s in _sandwiches(product(*_around(part, at[0], t)), x)]
                continue
            raise NoRule("no form P dX Q of this differential")
        rows, columns = shape_of(item)
        left = join(Monomial(word=part.word[: at[0]])) if at[0] else identity(rows)
        right = join(Monomial(word=part.word[at[0] + 1 :])) if part.word[at[0] + 1 :] else identity(columns)
        found.append((join(Monomial(part.coefficient, part.scalars)), left, item, right))
    return found


def _around(part: Monomial, index: int, inner: Node) -> list[Node]:
    return [
        join(Monomial(part.coefficient, part.scalars)),
        *part.word[:index],
        inner,
        *part.word[index + 1 :],
    ]


# --- entries ---------------------------------------------------------------------------------------------------------


def _entry(task: Task, by: tuple[Node, ...]) -> Node:
    """∂F_{ij}/∂X_{kl}: P dX Q gives P_{ik} Q_{lj}, P dXᵀ Q gives P_{il} Q_{kj}."""
    if not by:
        raise BadSpec("the layout entry asks for the derivative by an entry such as X_{kl}")
    whole_f = task.f
    f, indices = (whole_f.operand, whole_f.indices) if isinstance(whole_f, Entry) else (whole_f, ())
    symbol = _symbol(task.free(f"d{task.key}"), task.shape)
    whole = _forward(replace(task, f=f), symbol)
    rows, columns = _pair(indices, shape_of(f)), _pair(by, task.shape)
    terms = []
    for front, left, middle, right in _sandwiches(whole, symbol):
        k, m = columns[::-1] if isinstance(middle, Transpose) else columns
        terms.append(product(front, entry(left, rows[0], k), entry(right, m, rows[1])))
    return add(terms)


def _pair(indices: tuple[Node, ...], shape: Shape) -> tuple[Node, Node]:
    if len(indices) == 2:
        return indices[0], indices[1]
    if len(indices) == 1:
        return (indices[0], ONE) if shape[1] == 1 else (ONE, indices[0])
    return ONE, ONE


def entry(node: Node, row: Node, column: Node) -> Node:
    """M_{ij}; of an identity 1 or the Kronecker delta, of a transpose M_{ji}."""
    part = split(node)
    front = join(Monomial(part.coefficient, part.scalars))
    if is_scalar(node):
        return node
    body = join(Monomial(word=part.word))
    if isinstance(body, ArrayName) and body.role == "identity":
        return front if row == column else product(front, Entry(body, (row, column)))
    if isinstance(body, Transpose):
        return product(front, entry(body.operand, column, row))
    if isinstance(body, Call) and body.function == "diag" and shape_of(body.arguments[0])[1] == 1 and row == column:
        return product(front, Entry(body.arguments[0], (row,)))
    shape = shape_of(body)
    indices = (row,) if shape[1] == 1 else (column,) if shape[0] == 1 else (row, column)
    return product(front, Entry(body, indices))
