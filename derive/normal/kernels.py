"""The generators of a formula: every kernel in it, with one unit for the multiples of an exponent or angle."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from derive.errors import TooLarge
from derive.normal.angles import angle_units, common_measure, exact_angle, without_i
from derive.normal.binders import binder_key, written_out
from derive.normal.calls import RANGES, RELATIONS, meaning_of
from derive.normal.form import MAX_EXPONENT, Form, Kernel, Key, Mode, normal_form
from derive.normal.laws import (
    absolute_split,
    call_key,
    exponent_of,
    exponent_terms,
    held_power,
    log_argument,
    log_sign,
    log_split,
    named_index,
    of_a_base,
    power_key,
    rational_value,
    root_index,
    root_sign,
    root_split,
    statement_key,
)
from derive.splitting import ANY, POSITIVE, ZERO
from derive.tree import (
    ONE,
    Absolute,
    Binder,
    Call,
    Cases,
    Constant,
    Derivative,
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
    number,
    times,
)

ARITHMETIC = (Sum, Product, Negative, Quotient)


class Collector:
    """Collects the kernels of a tree; `closed()` fixes them as generators."""

    def __init__(self, mode: Mode) -> None:
        self.mode, self.opaque = mode, mode == "opaque"
        self.found: dict[Key, Kernel] = {}
        self.exponents: dict[Key, tuple[Node, list[Fraction]]] = {}  # exp: monomial → tree, coefficients met
        self.angles: dict[Key, tuple[Node, list[Fraction]]] = {}  # the same of sin and cos
        self.roots: dict[Key, tuple[Node, set[int]]] = {}  # radicand → tree, indices met
        self.scanned: set[Node] = set()

    def form(self, tree: Node) -> Form:
        return normal_form(tree, mode="real" if self.opaque else self.mode)

    def scan(self, tree: Node) -> None:
        if tree in self.scanned:
            return
        self.scanned.add(tree)
        if isinstance(tree, ARITHMETIC):
            for child in tree.children:
                self.scan(child)
            return
        match tree:
            case Name(key=key):
                self.add(Kernel(("name", key), tree))
            case Number() | Constant(name="infinity"):
                pass
            case Constant(name="e") if not self.opaque:
                self.exponential(ONE)
            case Constant(name="i"):
                self.add(Kernel(("constant", "i"), tree, 2, number(-1)))
            case Constant(name=name):
                self.add(Kernel(("constant", name), tree, sign=POSITIVE))
            case Power():
                self.power(tree)
            case Root(radicand=radicand, index=Node() as index) if named_index(index, self.mode):
                self.scan(Power(radicand, Quotient(ONE, index)))
            case Root(radicand=radicand, index=index):
                self.root(radicand, root_index(index, self.mode))
            case Absolute(operand=operand):
                self.absolute(operand)
            case Call():
                self.call(tree)
            case Derivative():
                raise TooLarge("a derivative that has not been taken")
            case Binder():
                written = None if self.opaque else written_out(tree, self.mode)
                if written is None:
                    self.add(Kernel(binder_key(tree, self.mode), tree))
                else:
                    self.scan(written)
            case Cases():
                self.add(Kernel(statement_key(tree, self.mode), tree))
            case Indicator():
                indicated = statement_key(tree, self.mode)
                self.add(Kernel(indicated, tree, 2, tree, sign=ZERO | POSITIVE, bounded=True))
            case _:
                raise TooLarge(f"a {type(tree).__name__} has no normal form")

    def add(self, kernel: Kernel) -> None:
        self.found.setdefault(kernel.key, kernel)

    def power(self, tree: Power) -> None:
        exponent = rational_value(tree.exponent, self.mode)
        if exponent is None and self.opaque:
            self.add(Kernel(power_key(tree), tree))
            return
        if exponent is None:
            self.exponential(exponent_of(tree, self.mode))
            return
        if exponent.denominator != 1:
            self.root(tree.base, exponent.denominator)
            return
        held = held_power(tree.base, exponent.numerator, self.mode)
        if held is None:
            self.scan(tree.base)
        else:
            for part in held[1:]:
                self.add(Kernel(("held", self.form(part).key), part))

    def root(self, radicand: Node, index: int) -> None:
        if self.opaque:
            self.scan(radicand)
            key = ("root", index, self.form(radicand).key)
            self.add(Kernel(key, Root(radicand, None if index == 2 else number(index)), index, radicand))
            return
        split = root_split(radicand, index, self.mode)
        self.scan(split.outside)
        for tree, degree, _ in split.atoms:
            self.scan(tree)
            self.roots.setdefault(self.form(tree).key, (tree, set()))[1].add(degree)

    def absolute(self, operand: Node) -> None:
        if self.mode != "real":
            self.scan(operand)
            square = () if self.mode == "complex" else (2, Product((operand, operand)))
            self.add(Kernel(("abs", self.form(operand).key), Absolute(operand), *square))
            return
        split = absolute_split(operand)
        self.scan(split.outside)
        for tree, _, _ in split.atoms:
            self.scan(tree)
            self.add(
                Kernel(("abs", self.form(tree).key), Absolute(tree), 2, Product((tree, tree)), sign=ZERO | POSITIVE)
            )

    def call(self, tree: Call) -> None:
        if self.opaque:
            self.add(Kernel(call_key(tree, self.mode), tree))
            return
        if tree.function == "exp" and not tree.order:
            self.exponential(tree.arguments[0])
            return
        if tree.function in {"sin", "cos"} and not tree.order:
            self.angle(tree.arguments[0])
            return
        meaning = meaning_of(tree, self.mode)
        if meaning is not None:
            self.scan(meaning)
        elif tree.function == "log" and not tree.order:
            split = log_split(tree.arguments[0], self.mode)
            self.scan(split.outside)
            for argument, _, _ in split.atoms:
                sign = log_sign(argument) if self.mode == "real" else ANY
                self.add(Kernel(("log", self.form(argument).key), Call("log", (argument,)), sign=sign))
        else:
            sign, bounded = RANGES.get((tree.function, tree.order), (ANY, False))
            degree, power = RELATIONS[tree.function](tree) if tree.function in RELATIONS else (0, None)
            real = self.mode == "real"
            self.add(Kernel(call_key(tree, self.mode), tree, degree, power, sign if real else ANY, bounded and real))

    def exponential(self, exponent: Node) -> None:
        for key, tree, coefficient in exponent_terms(exponent, self.mode):
            logarithm = log_argument(tree)
            rotation = without_i(tree) if self.mode == "complex" else None
            if logarithm is not None:
                self.scan(Power(logarithm, number(coefficient)))
            elif rotation is not None:
                self.scan(Constant("i"))
                self.angle(times([number(coefficient), rotation]))
            else:
                self.exponents.setdefault(key, (tree, []))[1].append(coefficient)

    def angle(self, argument: Node) -> None:
        for key, tree, coefficient in exponent_terms(argument, self.mode):
            exact = exact_angle(tree, coefficient)
            if exact is not None:
                self.scan(exact[0])
                self.scan(exact[1])
            else:
                self.angles.setdefault(key, (tree, []))[1].append(coefficient)

    def closed(self) -> tuple[Kernel, ...]:
        """The kernels in one order, exponentials, angles and roots with a unit for all their multiples."""
        for key, (tree, coefficients) in self.exponents.items():
            unit = common_measure(coefficients)
            argument = times([number(unit), tree]) if unit != 1 else tree
            sign = POSITIVE if self.mode == "real" and not of_a_base(tree) else ANY
            self.add(Kernel(("exp", key, unit), Call("exp", (argument,)), sign=sign))
        for key, (tree, coefficients) in self.angles.items():
            for unit in angle_units(coefficients):
                angle = (times([number(unit), tree]) if unit != 1 else tree,)
                cosine, sine = Call("cos", angle), Call("sin", angle)
                bounded = self.mode == "real"
                relation = Sum((ONE, Negative(Power(cosine, number(2)))))
                self.add(Kernel(("cos", key, unit), cosine, bounded=bounded))
                self.add(Kernel(("sin", key, unit), sine, 2, relation, bounded=bounded))
        for key, (tree, indices) in self.roots.items():
            index = lcm(*indices)
            if index > MAX_EXPONENT:
                raise TooLarge("a root of too high a degree")
            whole = Root(tree, None if index == 2 else number(index))
            self.add(Kernel(("root", index, key), whole, index, tree, root_sign(tree, index, self.mode)))
        return tuple(sorted(self.found.values(), key=lambda kernel: repr(kernel.key)))
