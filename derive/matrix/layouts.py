"""Gradient, Jacobian, Hessian, vjp, differential, …: every layout from pullbacks alone.

With a symbol G for the cotangent of f's value the pullback L(G) is a formula linear in G. Pulling a symbol dX back
through L to G gives the differential dF, and what stands at dX in a term of dF says the rest: W dx the Jacobian W,
P dX Q the matrix Qᵀ ⊗ P of vec dX and the entries P_ik Q_lj.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from derive.errors import BadSpec, NoRule
from derive.matrix.atoms import Monomial, identity, is_scalar
from derive.matrix.backward import Backward, Line, Naming
from derive.matrix.build import add, negative, product, transpose
from derive.matrix.collect import collected
from derive.matrix.contract import in_matrices
from derive.matrix.entries import in_vectors
from derive.matrix.entry_maps import EntryMap, entry, place_of
from derive.matrix.facts import Intermediates, named_functions_in, restored, styled, without_facts
from derive.matrix.hadamard import hadamard
from derive.matrix.linear_maps import read_off, vec, vec_off
from derive.matrix.monomials import join, split
from derive.matrix.nodes import SCALAR, ArrayName, Entry, Shape
from derive.matrix.products import apart_products
from derive.matrix.pullback import Pull
from derive.matrix.shapes import shape_of, size_of_vector, size_product
from derive.matrix.task import Task, manner_of, named, variable_of
from derive.symbols import Symbol, SymbolTable
from derive.tree import ONE, ZERO, Name, Node, Quotient, names


def derive_array(
    f: Node,
    wrt: str,
    layout: str,
    table: SymbolTable,
    where: Mapping[str, Node] | None = None,
    naming: Naming | None = None,
) -> Node:
    """The derivative of a formula of arrays in a layout, in the form a book prints.

    `where` names intermediates: cotangents are passed back from name to name, and the result is written with the names.
    With `naming` that of a deep network is written with names of cotangents, too, which are put there. Raises NoRule
    where the table of rules has no entry or the layout no matrix form, BadSpec for an unknown layout.
    """
    rule = LAYOUTS.get(layout)
    if rule is None:
        raise BadSpec(f"layout {layout!r} is not known; use one of {', '.join(LAYOUTS)}")
    x, indices = variable_of(wrt, table)
    key = x.names[0]
    ready = Ready(f, where or {}, {key}, table)
    task = Task(without_facts(ready.f, {key}), x, table, ready.backward, naming)
    raw = _entry(task, indices) if indices or layout == "entry" else rule(task)
    found = ready.tidy(restored(raw, table))
    if naming is not None:
        naming.definitions.update({k: ready.styled(restored(v, table)) for k, v in naming.definitions.items()})
    if found == ZERO and not indices:
        return zeros(shape_in(layout, shape_of(task.f), task.shape), table)
    return ready.styled(found)


def backward_lines(top: Name, wanted: Sequence[Node], table: SymbolTable, where: Mapping[str, Node]) -> list[Line]:
    """The backward pass of a scalar down to the names wanted, one line a name. Raises NoRule, TooLarge."""
    ready = Ready(top, where, {node.names[0] for node in wanted}, table)
    lines = ready.backward.lines(top, [restored(node, table) for node in wanted])
    return [
        replace(
            line,
            value=ready.styled(restored(line.value, table)),
            worked_out=ready.styled(restored(line.worked_out, table)),
        )
        for line in lines
    ]


class Ready:
    """A formula and definitions as the rules take them, for derivatives by the names `keys`."""

    def __init__(self, f: Node, where: Mapping[str, Node], keys: set[str], table: SymbolTable) -> None:
        self.written, self.keys, self.table = f, keys, table
        self.where = {name: tree for name, tree in where.items() if name not in keys}
        self.by = {*keys, *self.where}
        self.f = self.taken_up(f)
        self.where = {name: self.taken_up(tree) for name, tree in self.where.items()}
        self.intermediates = Intermediates(self.where, table)
        self.manner = manner_of((self.f, *self.where.values()), table)
        plain = {name: without_facts(tree, keys) for name, tree in self.where.items()}
        self.backward = Backward(plain, table, self.tidy)

    def taken_up(self, tree: Node) -> Node:
        """Sums over entries as products with ones, functions by the rows they name."""
        tree = named_functions_in(tree, self.table)
        for name in names(tree):
            if name in self.by:
                tree = apart_products(in_vectors(in_matrices(tree, name), name), name)
        return tree

    def tidy(self, tree: Node) -> Node:
        """The shortest form, with the names of intermediates."""
        return collected(self.intermediates.named_again(tree), self.manner)

    def styled(self, tree: Node) -> Node:
        """As the author spells it."""
        return styled(self.intermediates.named_again(tree), self.written, self.table)


def shape_in(layout: str, f: Shape, x: Shape) -> Shape:
    """The shape of a derivative in a layout, from those of f and of the variable."""
    if layout == "differential" or (x == SCALAR and layout not in {"vjp", "vec-jacobian"}):
        return f
    if f == SCALAR and layout.startswith("jacobian"):
        return x if layout == "jacobian-transposed" else x[::-1]
    if layout in {"jacobian", "jacobian-transposed", "hessian", "second-derivative"}:
        rows, columns = size_of_vector(f), size_product(*x)
        if f == SCALAR:
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


def _gradient(task: Task) -> Node:
    if not is_scalar(task.f):
        if is_scalar(task.x):
            return _derivative(task)
        rows, columns = shape_of(task.f)
        raise NoRule(f"no gradient: f is {rows}×{columns}, not a scalar; ask for the jacobian, vjp or differential")
    return task.backward.pulled(task.f, ONE, task.key, task.naming)


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
    symbol = named(task.free("G"), shape)
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
    symbol = named(task.free(f"d{task.key}"), task.shape)
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
    of_gradient = replace(task, f=gradient)
    return _jacobian(of_gradient) if task.shape[1] == 1 else _vec_jacobian(of_gradient)


def _vec_jacobian(task: Task) -> Node:
    if is_scalar(task.x):
        return vec(_derivative(task))
    if is_scalar(task.f):
        return transpose(vec(task.pulled(ONE)))
    symbol = named(task.free(f"d{task.key}"), task.shape)
    return vec_off(_forward(task, symbol), symbol)


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


def _entry(task: Task, by: tuple[Node, ...]) -> Node:
    """∂F_{ij}/∂X_{kl}: what stands in dF_{ij} at dX = e_k e_lᵀ; of a scalar the entry of the gradient."""
    if not by:
        raise BadSpec("the layout entry asks for the derivative by an entry such as X_{kl}")
    f, indices = (task.f.operand, task.f.indices) if isinstance(task.f, Entry) else (task.f, ())
    where = place_of(by, task.shape)
    if is_scalar(f):
        return entry(collected(task.pulled(ONE)), where)
    if not indices:
        raise BadSpec("the layout entry asks for one entry of what is differentiated, such as (A X)_{ij}")
    symbol = named(task.free(f"d{task.key}"), task.shape)
    found = _forward(replace(task, f=f), symbol)
    return EntryMap(symbol, where, _taken(task, by)).at(found, place_of(indices, shape_of(f)))


def _taken(task: Task, by: tuple[Node, ...]) -> SymbolTable:
    """The table with every name that occurs, which no new index may be called."""
    used = dict.fromkeys(name for node in (task.f, *by) for name in node.names if name not in task.table)
    return task.table.extended([Symbol(name) for name in used])
