"""What is wrong with a wrong step: the nearest correct form and the kind of slip that leads from it to what stands there.

    ratio and difference of normal forms    a sign, a constant, a factor too many or too few, a power, a term
    one edit of the tree                    sign, factor, exponent, prime, a term or factor dropped or added, a name
    a consistent renaming of up to three names

Candidates are sifted in floating point and only a form that is then proven equal to the truth is suggested.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Any

from checks.decide.claim import Claim, Setting
from checks.decide.equality import decide_equal
from checks.decide.floats import Sieve, close
from derive.errors import TooLarge
from derive.normal import Form, normal_form, polynomial_tree
from derive.rules import with_named_functions
from derive.textbook import collected
from derive.tree import (
    ONE,
    TWO,
    Absolute,
    Call,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    number,
    substitute,
    times,
    walk,
)
from derive.write import latex

MAX_CANDIDATES = 20_000  # sifted for one step
MAX_RENAMED = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """The kind of mistake, a form that would be right (over the program's keys), and a sentence."""

    code: str
    suggestion: Node | None
    message: str


def diagnose(truth: Node, wrong: Node, setting: Setting, undeclared: tuple[str, ...] = ()) -> Finding:
    """The nearest correct form of a refuted formula. With undeclared names, only renamings are tried."""
    if isinstance(truth, Absolute) and isinstance(wrong, Absolute):
        inner = diagnose(truth.operand, wrong.operand, setting, undeclared)
        return replace(inner, suggestion=None if inner.suggestion is None else Absolute(inner.suggestion))
    search = _Search(truth, wrong, setting)
    if undeclared:
        return search.renamed(undeclared) or Finding("undeclared-name", None, "")
    return (
        search.by_normal_form()
        or search.by_edit()
        or search.renamed(())
        or Finding("not-equal", collected(truth), "no single slip explains it")
    )


class _Search:
    def __init__(self, truth: Node, wrong: Node, setting: Setting) -> None:
        self.truth, self.wrong, self.setting = truth, wrong, setting
        self.sieve = Sieve(setting.named, Claim(truth, wrong, setting).seed)
        self.target = self.sieve(with_named_functions(truth, setting.symbols))
        self.sifted = 0

    # --- the whole formula -------------------------------------------------------------------------------------------

    def by_normal_form(self) -> Finding | None:
        try:
            ratio = normal_form(Quotient(self.truth, self.wrong), opaque=True)
            difference = normal_form(Sum((self.truth, Negative(self.wrong))), opaque=True)
            wrong = normal_form(self.wrong, opaque=True)
        except (TooLarge, ZeroDivisionError):
            return None
        finding = self._of_ratio(ratio) or self._of_difference(difference, wrong)
        if finding and finding.suggestion is not None and not self.proven(finding.suggestion):
            return None
        return finding

    def _of_ratio(self, ratio: Form) -> Finding | None:
        constant = ratio.constant
        if constant is not None:
            if constant == -1:
                return Finding("sign", self._tidy(Negative(self.wrong)), "the sign of the whole is wrong")
            shown = latex(number(constant))
            return Finding("constant-factor", self._scaled(number(constant)), f"a constant factor {shown} is missing")
        top, bottom = (_part(polynomial, ratio) for polynomial in (ratio.numerator, ratio.denominator))
        if ratio.denominator.is_one():
            return Finding(self._grown(top), self._scaled(top), f"the factor {latex(collected(top))} is missing")
        if ratio.numerator.is_one():
            return Finding(
                self._shrunk(bottom), collected(self.truth), f"there is a factor {latex(collected(bottom))} too many"
            )
        if len(ratio.numerator) == 1 and len(ratio.denominator) == 1 and bottom != self.wrong:
            return self._exchanged(top, bottom)
        return self._sum_exchanged(ratio, top, bottom)

    def _sum_exchanged(self, ratio: Form, top: Node, bottom: Node) -> Finding | None:
        """A factor that is a sum in the truth stands with one term too few, too many, or with a wrong sign."""
        change = ratio.numerator - ratio.denominator
        if len(change) != 1:
            return None
        term = polynomial_tree(change, ratio.kernels)
        if len(ratio.numerator) > len(ratio.denominator):
            return Finding(
                "missing-term", collected(self.truth), f"the term {latex(term)} is missing beside {latex(bottom)}"
            )
        if len(ratio.numerator) < len(ratio.denominator):
            return Finding(
                "extra-term",
                collected(self.truth),
                f"the term {latex(_flipped(term))} is one too many beside {latex(top)}",
            )
        return None

    def _grown(self, factor: Node) -> str:
        """A missing factor that already stands there is a matter of its exponent."""
        base = factor.base if isinstance(factor, Power) else factor
        return "power" if any(node == base for node in _powers(self.wrong)) else "missing-factor"

    def _shrunk(self, factor: Node) -> str:
        base = factor.base if isinstance(factor, Power) else factor
        return "power" if any(node == base for node in _powers(self.truth)) else "extra-factor"

    def _exchanged(self, top: Node, bottom: Node) -> Finding:
        code = "factor-exchanged"
        if isinstance(top, Call) and isinstance(bottom, Call) and top.function == bottom.function:
            code = "prime" if top.arguments == bottom.arguments else "index"
        return Finding(code, collected(self.truth), f"{latex(bottom)} stands where {latex(top)} belongs")

    def _of_difference(self, difference: Form, wrong: Form) -> Finding | None:
        if not difference.denominator.is_constant() or len(difference.numerator) != 1:
            return None
        term = polynomial_tree(difference.numerator, difference.kernels)
        written = _terms(wrong)
        opposite = _terms(normal_form(Negative(term), opaque=True))
        half = _terms(normal_form(Quotient(Negative(term), TWO), opaque=True))
        if opposite <= written:
            return Finding("extra-term", collected(self.truth), f"the term {latex(_flipped(term))} is one too many")
        if half <= written:
            return Finding(
                "sign",
                collected(self.truth),
                f"the sign of the term {latex(collected(Quotient(Negative(term), TWO)))} is wrong",
            )
        if {monomial for monomial, _ in opposite} <= {monomial for monomial, _ in written}:
            return Finding(
                "constant-factor", collected(self.truth), f"the coefficient of a term is wrong by {latex(term)}"
            )
        return Finding("missing-term", self._added(term), f"the term {latex(term)} is missing")

    def _tidy(self, node: Node) -> Node:
        return node.operand.operand if isinstance(node, Negative) and isinstance(node.operand, Negative) else node

    def _scaled(self, factor: Node) -> Node:
        return collected(times([factor, self.wrong]))

    def _added(self, term: Node) -> Node:
        terms = self.wrong.terms if isinstance(self.wrong, Sum) else (self.wrong,)
        return Sum((*terms, term))

    # --- one edit ----------------------------------------------------------------------------------------------------

    def by_edit(self) -> Finding | None:
        for code, edited, message in _edits(self.wrong, self.truth):
            if self.passes(edited) and self.proven(edited):
                return Finding(code, edited, message)
        return None

    def passes(self, candidate: Node) -> bool:
        """Whether a candidate may be right, in floating point; at most MAX_CANDIDATES are looked at."""
        self.sifted += 1
        resolved = with_named_functions(candidate, self.setting.symbols)
        return self.sifted <= MAX_CANDIDATES and close(self.sieve(resolved), self.target)

    def proven(self, candidate: Node) -> bool:
        return decide_equal(Claim(candidate, self.truth, self.setting)).status == "proven"

    # --- renamings ---------------------------------------------------------------------------------------------------

    def renamed(self, undeclared: tuple[str, ...]) -> Finding | None:
        """Up to three names exchanged for others, everywhere; undeclared ones must be."""
        targets = [n for n in self.truth.names if n not in undeclared]
        optional = [n for n in self.wrong.names if n not in undeclared]
        for count in range(max(len(undeclared), 1), MAX_RENAMED + 1):
            for chosen in combinations(optional, count - len(undeclared)):
                sources = (*undeclared, *chosen)
                for picked in product(targets, repeat=len(sources)):
                    finding = self._renaming(sources, picked)
                    if finding:
                        return finding
                    if self.sifted > MAX_CANDIDATES:
                        return None
        return None

    def _renaming(self, sources: tuple[str, ...], targets: tuple[str, ...]) -> Finding | None:
        if any(source == target for source, target in zip(sources, targets, strict=True)):
            return None
        candidate = substitute(self.wrong, {s: Name(t) for s, t in zip(sources, targets, strict=True)})
        if not (self.passes(candidate) and self.proven(candidate)):
            return None
        said = ", ".join(f"{latex(Name(s))} → {latex(Name(t))}" for s, t in zip(sources, targets, strict=True))
        return Finding("renamed", candidate, f"it would be right with {said}")


def _part(polynomial: Any, form: Form) -> Node:
    return collected(polynomial_tree(polynomial, form.kernels))


def _terms(form: Form) -> set[tuple[Any, Any]]:
    return set(form.key[0])


def _flipped(term: Node) -> Node:
    return term.operand if isinstance(term, Negative) else Negative(term)


def _powers(node: Node) -> Iterator[Node]:
    """The bases and factors of a product."""
    for part in walk(node):
        yield part.base if isinstance(part, Power) else part


# --- edits -----------------------------------------------------------------------------------------------------------


def _edits(wrong: Node, truth: Node) -> Iterator[tuple[str, Node, str]]:
    """Every tree one edit away: code, tree, and what was changed."""
    swaps = list(truth.names)
    atoms = _atoms(truth)
    edits = [(path, edit) for path, node in _paths(wrong) for edit in _local_edits(node, swaps, atoms)]
    for path, (code, new, message) in sorted(edits, key=lambda found: _LIKELIEST.index(found[1][0])):
        yield code, _replaced(wrong, path, new), message


# where one wrong form has several explanations, the earlier one is given
_LIKELIEST = (
    "sign",
    "power",
    "prime",
    "index",
    "extra-term",
    "missing-term",
    "extra-factor",
    "missing-factor",
    "constant-factor",
)


def _atoms(truth: Node) -> list[Node]:
    """Names and calls of the truth: what a dropped factor may have been."""
    return list(dict.fromkeys(node for node in walk(truth) if isinstance(node, Name | Call)))


def _local_edits(node: Node, names: list[str], atoms: list[Node]) -> Iterator[tuple[str, Node, str]]:
    if isinstance(node, Sum):
        yield from _sum_edits(node)
    if isinstance(node, Product):
        for i, factor in enumerate(node.factors):
            rest = [*node.factors[:i], *node.factors[i + 1 :]]
            yield "extra-factor", times(rest), f"the factor {latex(factor)} is one too many"
    if isinstance(node, Negative):
        yield "sign", node.operand, f"the sign of {latex(node.operand)} is wrong"
    if isinstance(node, Call):
        yield "prime", Call(node.function, node.arguments, node.order + 1), f"{latex(node)} lacks a prime"
        if node.order:
            yield "prime", Call(node.function, node.arguments, node.order - 1), f"{latex(node)} has a prime too many"
    if isinstance(node, Power) and isinstance(node.exponent, Number):
        for step in (1, -1):
            exponent = node.exponent.value + step
            fixed = ONE if exponent == 0 else node.base if exponent == 1 else Power(node.base, number(exponent))
            yield "power", fixed, f"the exponent of {latex(node.base)} should be {exponent}"
    if isinstance(node, Number):
        for value in (node.value + 1, node.value - 1, node.value * 2, node.value / 2):
            yield "constant-factor", number(value), f"{node.text} should be {latex(number(value))}"
    if isinstance(node, Name | Call):
        yield "power", Power(node, TWO), f"the exponent of {latex(node)} should be 2"
    if isinstance(node, Name):
        for name in names:
            if name != node.key:
                yield "index", Name(name), f"{latex(node)} stands where {latex(Name(name))} belongs"
    if not isinstance(node, Number):
        yield "sign", Negative(node), f"the sign of {latex(node)} is wrong"
        for atom in atoms:
            yield "missing-factor", times([node, atom]), f"{latex(node)} lacks the factor {latex(atom)}"
        yield "constant-factor", Product((TWO, node)), f"{latex(node)} lacks the factor 2"
        yield "missing-term", Sum((node, ONE)), f"the term 1 is missing beside {latex(node)}"


def _sum_edits(node: Sum) -> Iterator[tuple[str, Node, str]]:
    for i, term in enumerate(node.terms):
        rest = (*node.terms[:i], *node.terms[i + 1 :])
        yield "extra-term", rest[0] if len(rest) == 1 else Sum(rest), f"the term {latex(term)} is one too many"


Path = tuple[int, ...]


def _paths(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    yield path, node
    for index, child in enumerate(node.children):
        yield from _paths(child, (*path, index))


def _replaced(node: Node, path: Path, new: Node) -> Node:
    if not path:
        return new
    children = list(node.children)
    children[path[0]] = _replaced(children[path[0]], path[1:], new)
    return node.rebuilt(tuple(children))
