"""Reverse accumulation part by part: each operation is taken over names for its operands, and the one table of pullbacks asked.

Because every operand and the cotangent are names there, what a rule yields is as short as the rule, nothing is computed
again that the function computed on its way, and what several uses pass on to one part is added before it goes further.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from derive.emit.arrays.chains import best_cut, flat_chain
from derive.emit.arrays.lower import Lowering
from derive.emit.arrays.values import Value
from derive.matrix.atoms import rational, whole_number
from derive.matrix.nodes import SCALAR, ArrayName, EntrywisePower, Norm, Shape
from derive.matrix.pullback import Pull
from derive.matrix.shapes import segments, shape_of
from derive.symbols import SymbolTable
from derive.tree import (
    ZERO,
    Absolute,
    Binder,
    Call,
    Constant,
    Determinant,
    Indicator,
    Name,
    Node,
    Number,
    Power,
    Product,
    Transpose,
    times,
    walk,
)

LEAVES = (Name, ArrayName, Number, Constant)


def named(key: str, shape: Shape) -> Node:
    return Name(key) if shape == SCALAR else ArrayName(key, shape)


@dataclass(frozen=True, slots=True)
class Unit:
    """One operation over names: its form, and which part each name stands for."""

    form: Node
    parts: Mapping[str, Node]


class _Local(Pull):
    """The pullback of one operation to all the names that lead to the variables."""

    def __init__(self, keys: Collection[str], table: SymbolTable) -> None:
        super().__init__("", table)
        self.keys = keys

    def needs(self, node: Node) -> bool:
        return any(key in self.keys for key in node.names)

    def of(self, form: Node, cotangent: Node) -> list[tuple[Node, Node]]:
        self.found: list[tuple[Node, Node]] = []
        self._into(form, cotangent, [])
        return self.found

    def _into(self, node: Node, cotangent: Node, found: list[Node]) -> None:
        if isinstance(node, Name | ArrayName) and self.needs(node):
            self.found.append((node, cotangent))
        elif isinstance(node, Binder) and self.needs(node):
            self._over(node, cotangent)
        else:
            super()._into(node, cotangent, found)

    def _over(self, node: Binder, cotangent: Node) -> None:
        """The pullback of a sum is the sum of the pullbacks, for each name."""
        leaves = {leaf.key: leaf for leaf in walk(node.body) if isinstance(leaf, Name | ArrayName)}
        for key in [key for key in node.body.names if key in self.keys]:
            inner = Pull(key, self.table).over_index(node, cotangent)
            if inner != ZERO:
                self.found.append((leaves[key], inner))


@dataclass
class Backward:
    """The derivatives of one function by several names in one pass."""

    lowering: Lowering
    table: SymbolTable
    wrt: tuple[str, ...]
    stands: dict[Node, Node] = field(default_factory=dict)  # part → the name that stands for it
    adjoints: list[tuple[str, Value]] = field(default_factory=list)  # of defined names, in the order computed

    def __post_init__(self) -> None:
        self.depends = set(self.wrt)
        for name, definition in self.lowering.definitions.items():
            if not self.depends.isdisjoint(definition.names):
                self.depends.add(name)

    def needs(self, tree: Node) -> bool:
        return not self.depends.isdisjoint(tree.names)

    def gradients(self, f: Node, cotangent: Value) -> dict[str, Value]:
        """The derivative by each name that f depends on. Raises NoRule."""
        units: dict[Node, Unit | None] = {}
        order: list[Node] = []
        self._visit(f, units, order)
        given: dict[Node, list[Value]] = {f: [cotangent]} if self.needs(f) else {}
        found: dict[str, Value] = {}
        for tree in reversed(order):
            if tree not in given:
                continue
            unit, made = units[tree], self.lowering.values
            whole = made.held(made.add(*given.pop(tree)), named=unit is None)
            if unit is not None:
                self._pass_on(unit, tree, whole, given)
                continue
            key = tree.names[0]
            definition = self.lowering.definitions.get(key)
            if key in self.wrt:
                found[key] = whole
            if definition is not None:
                self.adjoints.append((key, whole))
                if self.needs(definition):
                    given.setdefault(definition, []).append(whole)
        return found

    def _visit(self, tree: Node, units: dict[Node, Unit | None], order: list[Node]) -> None:
        """The parts that lead to the variables, operands first."""
        if tree in units:
            return
        if isinstance(tree, Name | ArrayName):
            units[tree] = None
            definition = self.lowering.definitions.get(tree.key)
            if definition is not None and self.needs(definition):
                self._visit(definition, units, order)
        else:
            unit = units[tree] = self.unit(tree)
            for part in unit.parts.values():
                if self.needs(part):
                    self._visit(part, units, order)
        order.append(tree)

    def _pass_on(self, unit: Unit, tree: Node, whole: Value, given: dict[Node, list[Value]]) -> None:
        for key, part in unit.parts.items():
            self.lowering.bound[key] = self.lowering.value(part)
        keys = {key for key, part in unit.parts.items() if self.needs(part)} | self.depends
        for leaf, passed in _Local(keys, self.table).of(unit.form, self._cotangent(tree, whole)):
            part = unit.parts.get(leaf.names[0], leaf)
            self.lowering.holding = False  # what is passed on is, once it is added up
            value = self.lowering.value(passed)
            self.lowering.holding = True
            axes = self.lowering.value(part).axes
            if value.axes != axes:  # a number, or 0, for an array of it
                value = self.lowering.values.filled(value, axes)
            given.setdefault(part, []).append(value)

    def _cotangent(self, tree: Node, whole: Value) -> Node:
        """The cotangent as a name; of vec it is a vec."""
        shape = shape_of(tree)
        key = f"@g{len(self.lowering.bound)}"
        if isinstance(tree, Call) and tree.function == "vec":
            inner = shape_of(tree.arguments[0])
            if 1 not in inner:
                self.lowering.bound[key] = self.lowering.values.make("unvec", (whole,), axes=inner)
                return Call("vec", (named(key, inner),))
        self.lowering.bound[key] = whole
        return named(key, shape)

    # --- one operation ------------------------------------------------------------------------------------------------

    def stand(self, part: Node) -> Node:
        """The name of a part; names and numbers stand for themselves."""
        if isinstance(part, LEAVES) or rational(part) is not None:
            return part
        if part not in self.stands:
            self.stands[part] = named(f"@{len(self.stands)}", shape_of(part))
        return self.stands[part]

    def unit(self, tree: Node) -> Unit:
        form = self._form(tree)
        standing = {name.names[0]: part for part, name in self.stands.items()}
        parts = {key: standing[key] for key in form.names if key in standing}
        for leaf in walk(form):
            if isinstance(leaf, Name | ArrayName) and leaf.key not in parts and leaf.key in self.depends:
                parts[leaf.key] = leaf
        return Unit(form, parts)

    def _form(self, tree: Node) -> Node:
        """The operation over names. What cancels in a derivative stays together: log det, log softmax, powers of norms."""
        match tree:
            case Product(factors=factors):
                return self._product(factors)
            case Transpose(operand=operand):
                return Transpose(self.stand(operand))
            case Call(function="log", arguments=(inside,), order=0):
                return Call("log", (self._inside_log(inside),))
            case Power(base=Norm() | Determinant() as base, exponent=exponent):
                return Power(base.rebuilt((self.stand(base.children[0]),)), self.stand(exponent))
            case Call(function="tr", arguments=(inside,)) if not isinstance(inside, LEAVES):
                return Call("tr", (self._form(inside),))
            case Call(function="expm", arguments=(inside,)):
                return Call("expm", (self._factors(inside),))
            case Power(exponent=exponent) | EntrywisePower(exponent=exponent) if rational(exponent) is not None:
                return tree.rebuilt((self.stand(tree.children[0]), exponent))
            case Binder() | Indicator():
                return tree
            case Norm(operand=ArrayName()) | Call(function="lambda_max" | "lambda_min"):
                return tree
        return tree.rebuilt(tuple(map(self.stand, tree.children)))

    def _inside_log(self, inside: Node) -> Node:
        while isinstance(inside, Name | ArrayName) and inside.key in self.lowering.definitions:
            definition = self.lowering.definitions[inside.key]
            if not _joins_log(definition) and not isinstance(definition, Name | ArrayName):
                return inside
            inside = definition
        if not _joins_log(inside):
            return self.stand(inside)
        inner = inside.children[0]
        if isinstance(inner, Determinant):
            return inside.rebuilt((inner.rebuilt((self.stand(inner.operand),)),))
        return inside.rebuilt((self.stand(inner),))

    def _factors(self, tree: Node) -> Node:
        """The factors of a product, of which the rule of the matrix exponential tells the matrix from the numbers."""
        if isinstance(tree, Product):
            return tree.rebuilt(tuple(map(self.stand, tree.factors)))
        return self.stand(tree)

    def _product(self, factors: tuple[Node, ...]) -> Node:
        """Scalars and one chain; a chain as the two parts that are multiplied last."""
        runs = segments(factors)
        if len(runs) == 1:
            chain = flat_chain(runs[0])
            if len(chain) == 1:
                return self._form(chain[0])
            cut = best_cut(chain)
            return Product((*self._part(chain[:cut]), *self._part(chain[cut:])))
        scalars = [times(list(run)) for run in runs if _ends(run) == SCALAR]
        chain = tuple(factor for run in runs if _ends(run) != SCALAR for factor in run)
        return Product(tuple(map(self.stand, [*scalars, *([times(list(chain))] if chain else [])])))

    def _part(self, factors: tuple[Node, ...]) -> tuple[Node, ...]:
        """A part of a chain; a transpose or an inverse stays visible, so that it costs nothing or is solved for."""
        if len(factors) > 1:
            return (self.stand(Product(factors)),)
        return (self._factor(factors[0]),)

    def _factor(self, factor: Node) -> Node:
        match factor:
            case Transpose(operand=operand):
                return Transpose(self._factor(operand))
            case Power(base=base, exponent=exponent) if whole_number(exponent) == -1 and shape_of(base) != SCALAR:
                return Power(self.stand(base), exponent)
            case Call(function="diag", arguments=(inside,)) if shape_of(inside)[1] == 1:
                return Call("diag", (self.stand(inside),))
        return self.stand(factor)


def _joins_log(inside: Node) -> bool:
    match inside:
        case Determinant() | Absolute(operand=Determinant()) | Call(function="softmax", order=0):
            return True
    return False


def _ends(run: tuple[Node, ...]) -> Shape:
    return shape_of(run[0])[0], shape_of(run[-1])[1]
