"""That one sentence implies another: for every alternative of the first, each demand of the second.

    the same relation            it stands among those that hold, or only a function is taken off (peeling.py)
    substitution                 an equation solved for a name, put into a relation, which is then proven by itself
    ideal                        the equations force one of the equations asked for (ideal.py), over any numbers
    logarithms                   the same for the logarithms of names that have a sign (logarithms.py)
    z3                           no reals satisfy the relations that hold and contradict those asked for
    slopes                       functions of bounded slope stretch a difference by so much only (slopes.py)
    bounds                       premises taken as bounds of names, the conclusion proven under them (premises.py)

`strictly`: the second sentence also has a value wherever the first holds; otherwise it is implied where it has one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from checks.decide import solver
from checks.decide.claim import Claim, Setting
from checks.decide.domains import restrictions
from checks.decide.intervals import Interval, declared
from checks.decide.order_proofs import proof_of_order
from checks.decide.properties import with_properties
from checks.decide.statements.ideal import follows
from checks.decide.statements.logarithms import by_logarithms
from checks.decide.statements.peeling import peeled
from checks.decide.statements.premises import as_declarations
from checks.decide.statements.sentence import OPPOSITE, ORDER, Atom, Sentence
from checks.decide.statements.slopes import follows_by_slopes
from checks.decide.statements.truth import FAILURES
from derive.functions import FUNCTIONS
from derive.normal import normal_form, polynomial_tree, vanishes
from derive.normal.form import Kernel, Mode
from derive.tree import (
    ZERO,
    Binder,
    Call,
    Cases,
    Indicator,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Quotient,
    Root,
    number,
    substitute,
    walk,
)

_WHOLE = frozenset(["name", "constant", "exp", "sin", "cos"])  # kernels without a domain of their own
_TOLD = frozenset(["log", "log_base"])  # whose domains `restrictions` tells in full
MAX_SUBSTITUTED = 4  # equations solved one after the other


@dataclass(frozen=True)
class Prover:
    """Proofs of implications between sentences in a setting."""

    setting: Setting
    is_complex: bool

    @property
    def mode(self) -> Mode:
        """Of the normal form."""
        return "complex" if self.is_complex else "real"

    def implied(self, premise: Sentence, conclusion: Sentence) -> str | None:
        """How it is proven that the conclusion holds where the premise does and the conclusion has a value."""
        how: list[str] = []
        for alternative in premise.alternatives:
            empty = self._clause(alternative, ())
            if empty:
                how.append(empty)
                continue
            for demand in conclusion.demands:
                found = self._clause(alternative, demand)
                if not found:
                    return None
                how.append(found)
        return _strongest(how)

    def strictly(self, premise: Sentence, conclusion: Sentence) -> bool:
        """Whether the conclusion is certain to have a value wherever the premise holds."""
        return all(
            self._clause(alternative, (needed,)) is not None
            for alternative in premise.alternatives
            if not self._clause(alternative, ())
            for atom in conclusion.atoms
            for needed in self._needed(atom, alternative)
        )

    def _needed(self, atom: Atom, alternative: Sequence[Atom]) -> Iterator[Atom]:
        """What must hold for a relation to have a value; something false where that cannot be said."""
        known = set(_partial_parts(part for a in alternative for part in (a.left, a.right)))
        if set(_partial_parts((atom.left, atom.right))) <= known:
            return  # the premise has a value, and the same parts
        if not all(_domain_told(node) for node in walk(atom.difference)):
            yield Atom(ZERO, r"\ne", ZERO)
            return
        limits = restrictions(atom.difference)
        yield from (Atom(u, r"\ne", ZERO) for u in limits.nonzero)
        if self.is_complex:
            yield from (Atom(u, r"\ne", ZERO) for u in limits.positive)
        else:
            yield from (Atom(u, r"\ge", ZERO) for u in limits.nonnegative)
            yield from (Atom(u, ">", ZERO) for u in limits.positive)

    # --- one alternative, one demand ---------------------------------------------------------------------------------

    def _clause(self, alternative: Sequence[Atom], demand: Sequence[Atom]) -> str | None:
        """How one of the relations of the demand is forced by all of those of the alternative; none: a contradiction."""
        if any(atom in alternative for atom in demand):
            return "identical"
        if not self.is_complex:
            alternative = tuple(dict.fromkeys((*alternative, *map(peeled, alternative))))
            demand = tuple(dict.fromkeys((*demand, *map(peeled, demand))))
        try:
            if any(_never_defined(atom, self.mode) for atom in alternative):
                return "no value"
            return (
                self._by_substitution(alternative, demand)
                or self._by_ideal(alternative, demand)
                or self.by_z3(alternative, demand)
                or self._by_logarithms(alternative, demand)
                or self._by_slopes(alternative, demand)
                or self._by_declarations(alternative, demand)
            )
        except FAILURES:
            return None

    def _by_substitution(self, alternative: Sequence[Atom], demand: Sequence[Atom]) -> str | None:
        equations = [a.difference for a in alternative if a.relation == "=" and a.names]
        values = self.solved(equations)
        for atom in demand:
            here = Atom(substitute(atom.left, values), atom.relation, substitute(atom.right, values))
            if self._true(here):
                return "substitution"
        if not demand and any(
            self._true(Atom(substitute(a.left, values), OPPOSITE[a.relation], substitute(a.right, values)))
            for a in alternative
            if not _same_numbers(a, values)
        ):
            return "substitution"
        return None

    def _by_declarations(self, alternative: Sequence[Atom], demand: Sequence[Atom]) -> str | None:
        """A conclusion that is an inequality, under premises that bound names or order them."""
        asked = [atom for atom in demand if atom.relation in ORDER]
        if self.is_complex or not asked:
            return None
        equations = [a.difference for a in alternative if a.relation == "=" and a.names]
        solved = self.solved(equations)
        premises = [Atom(substitute(a.left, solved), a.relation, substitute(a.right, solved)) for a in alternative]
        found = as_declarations(premises, self.setting)
        if found is None:
            return None
        setting, values = found
        for atom in asked:
            left, right = (substitute(substitute(side, solved), values) for side in (atom.left, atom.right))
            if proof_of_order(Claim(left, right, setting), atom.relation) is not None:
                return "bounds"
        return None

    def solved(self, equations: list[Node]) -> dict[str, Node]:
        """Names as formulas of others, from equations that are linear in them with a number before them.

        Only where the value has a value wherever the equation has: √(x²y) is 0 at x = 0, |x|·√y need not be there.
        """
        values: dict[str, Node] = {}
        for _ in range(MAX_SUBSTITUTED):
            for tree in equations:
                here = substitute(tree, values)
                solved = _linear(here, self.mode)
                if solved is None:
                    continue
                name, value = solved
                values = {key: substitute(old, {name: value}) for key, old in values.items()} | {name: value}
                equations = [e for e in equations if e is not tree]
                break
            else:
                break
        return values

    def _true(self, atom: Atom) -> bool:
        """Whether a relation is proven to hold wherever its sides have values."""
        from checks.decide.proofs import prove

        claim = Claim(atom.left, atom.right, self.setting)
        if claim.is_complex and atom.relation in ORDER:
            return False
        if atom.relation == "=":
            return prove(claim) is not None
        return not self.is_complex and proof_of_order(claim, atom.relation) is not None

    def _by_ideal(self, alternative: Sequence[Atom], demand: Sequence[Atom]) -> str | None:
        zero = [a.difference for a in alternative if a.relation == "="]
        zero += [a.difference for a in demand if a.relation == r"\ne"]
        nonzero = [a.difference for a in alternative if a.relation in {r"\ne", "<", ">"}]
        nonzero += [Name(key) for key in self._never_zero if any(key in a.names for a in alternative)]
        goals = [a.difference for a in demand if a.relation == "="]
        if not zero or (demand and not goals and not any(a.relation == r"\ne" for a in demand)):
            return None
        return "ideal" if follows(zero, nonzero, goals, self.mode) else None

    @cached_property
    def _never_zero(self) -> tuple[str, ...]:
        symbols = [symbol for symbol in self.setting.symbols.values() if not symbol.is_function]
        return tuple(s.key for s in symbols if "nonzero" in s.properties or _excludes_zero(declared(s)))

    def by_z3(self, alternative: Sequence[Atom], demand: Sequence[Atom]) -> str | None:
        """Whether no reals satisfy the alternative and contradict all of the demand."""
        if self.is_complex:
            return None
        facts = [(a.difference, a.relation) for a in alternative]
        facts += [(a.difference, OPPOSITE[a.relation]) for a in demand]
        symbols = self.setting.symbols
        general = tuple(s.key for s in symbols.values() if s.is_function)
        told = [(with_properties(tree, symbols, general), relation) for tree, relation in facts]
        names = dict.fromkeys(name for tree, _ in facts for name in tree.names)
        bounds = {name: declared(self.setting.symbol(name)) for name in names}
        told += [(Name(name), r"\ne") for name in names if "nonzero" in self.setting.symbol(name).properties]
        return "z3" if solver.contradicts(told, bounds) else None

    def _by_slopes(self, alternative: Sequence[Atom], demand: Sequence[Atom]) -> str | None:
        """By how far functions of bounded slope can stretch a difference."""
        if self.is_complex:
            return None
        return next(("slopes" for a in demand if follows_by_slopes(a, alternative, self._true)), None)

    def _by_logarithms(self, alternative: Sequence[Atom], demand: Sequence[Atom]) -> str | None:
        """z3 once more, with what has a sign put as a power of e."""
        found = None if self.is_complex else by_logarithms((*alternative, *demand), self.setting)
        if found is None:
            return None
        atoms, setting = found
        plain = [peeled(atom) for atom in atoms]
        return Prover(setting, self.is_complex).by_z3(plain[: len(alternative)], plain[len(alternative) :])


def _strongest(how: Sequence[str]) -> str:
    """The means that says most about what a proof rests on."""
    return next((means for means in ("bounds", "slopes", "z3", "ideal", "substitution") if means in how), "identical")


def _excludes_zero(interval: Interval) -> bool:
    low, high = interval.low, interval.high
    return (low is not None and (low > 0 or (low == 0 and not interval.closed[0]))) or (
        high is not None and (high < 0 or (high == 0 and not interval.closed[1]))
    )


def _same_numbers(atom: Atom, values: dict[str, Node]) -> bool:
    """Whether a relation is one the values were taken from, or says nothing of a name."""
    return atom.relation == "=" and not set(atom.names).isdisjoint(values)


def _linear(tree: Node, mode: Mode) -> tuple[str, Node] | None:
    """name and value, where a formula is c·name + rest with a number c and a rest that does not mention the name."""
    form = normal_form(tree, mode=mode)
    if not form.denominator.is_constant() or not all(_whole(kernel) for kernel in form.kernels):
        return None
    for index, kernel in enumerate(form.kernels):
        if kernel.key[0] != "name" or form.numerator.degrees()[index] != 1:
            continue
        name = str(kernel.key[1])
        if any(name in other.tree.names for j, other in enumerate(form.kernels) if j != index and form.numerator.degrees()[j]):  # fmt: skip
            continue
        terms = dict(form.numerator.terms())
        with_name = [powers for powers in terms if powers[index]]
        if len(with_name) != 1 or sum(with_name[0]) != 1:
            continue
        slope = terms.pop(with_name[0])
        rest = form.numerator.context().from_dict(terms)
        return name, Negative(Quotient(polynomial_tree(rest, form.kernels), _rational(slope)))
    return None


def _whole(kernel: Kernel) -> bool:
    """Whether a kernel has a value wherever the formula it was taken from has one."""
    return kernel.key[0] in _WHOLE or not kernel.tree.names


def _never_defined(atom: Atom, mode: Mode) -> bool:
    """Whether a relation divides by something that is zero throughout."""
    return any(_vanishes(u, mode) for u in restrictions(atom.difference).nonzero)


def _vanishes(tree: Node, mode: Mode) -> bool:
    try:
        return vanishes(tree, mode).holds
    except FAILURES:
        return False


def _rational(value: Any) -> Node:
    return number(Fraction(int(value.p), int(value.q)))


def _partial_parts(trees: Iterator[Node] | tuple[Node, ...]) -> Iterator[Node]:
    """The parts of formulas that decide where they have a value."""
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, Quotient):
                yield node.denominator
            elif (
                isinstance(node, Root | Cases | Indicator | Binder)
                or (isinstance(node, Call) and (node.order or not _everywhere(node)))
                or (isinstance(node, Power) and not _whole_exponent(node))
            ):
                yield node


def _whole_exponent(power: Power) -> bool:
    return isinstance(power.exponent, Number) and power.exponent.value.denominator == 1


def _everywhere(call: Call) -> bool:
    row = FUNCTIONS.get(call.function)
    return row is None or not row.domain


def _domain_told(node: Node) -> bool:
    """Whether `restrictions` says all that is needed for this part to have a value."""
    if isinstance(node, Cases | Indicator | Binder):
        return False
    if isinstance(node, Call):
        return _everywhere(node) or (node.function in _TOLD and not node.order)
    return not (isinstance(node, Power) and node.exponent.names)
