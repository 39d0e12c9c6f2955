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
from checks.decide.sequences.decide import about_sequences
from checks.decide.sequences.slips import better, slip
from checks.edits import edits, sentence
from derive.errors import TooLarge
from derive.normal import Form, normal_form, polynomial_tree
from derive.rules import with_named_functions
from derive.textbook import collected
from derive.tree import (
    TWO,
    Absolute,
    Call,
    Name,
    Negative,
    Node,
    Power,
    Quotient,
    Sum,
    number,
    substitute,
    times,
    walk,
)

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
    if about_sequences(setting, truth, wrong):
        return _of_sequences(truth, wrong, setting, undeclared)
    search = _Search(truth, wrong, setting)
    if undeclared:
        return search.renamed(undeclared) or Finding("undeclared-name", None, "")
    return (
        search.by_normal_form()
        or search.by_edit()
        or search.renamed(())
        or Finding("not-equal", collected(truth), "no single slip explains it")
    )


def _of_sequences(truth: Node, wrong: Node, setting: Setting, undeclared: tuple[str, ...]) -> Finding:
    """The slip in a formula over terms of sequences, beside the closed form of the truth."""
    if undeclared:
        return Finding("undeclared-name", None, "")
    try:
        suggestion = better(truth, setting)
        if suggestion is not None and decide_equal(Claim(truth, suggestion, setting)).status != "proven":
            suggestion = None  # a hint that is not known to be right is none
    except TooLarge:
        return Finding("not-equal", None, "no single slip explains it")
    found = slip(truth, wrong, setting)
    if found is None:
        return Finding("not-equal", suggestion, "no single slip explains it")
    return Finding(found.code, suggestion, found.message)


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
            said = sentence("a constant factor {} is missing", number(constant))
            return Finding("constant-factor", self._scaled(number(constant)), said)
        top, bottom = (_part(polynomial, ratio) for polynomial in (ratio.numerator, ratio.denominator))
        if ratio.denominator.is_one():
            return Finding(self._grown(top), self._scaled(top), sentence("the factor {} is missing", collected(top)))
        if ratio.numerator.is_one():
            return Finding(
                self._shrunk(bottom),
                collected(self.truth),
                sentence("there is a factor {} too many", collected(bottom)),
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
                "missing-term", collected(self.truth), sentence("the term {} is missing beside {}", term, bottom)
            )
        if len(ratio.numerator) < len(ratio.denominator):
            return Finding(
                "extra-term",
                collected(self.truth),
                sentence("the term {} is one too many beside {}", _flipped(term), top),
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
        return Finding(code, collected(self.truth), sentence("{} stands where {} belongs", bottom, top))

    def _of_difference(self, difference: Form, wrong: Form) -> Finding | None:
        if not difference.denominator.is_constant():
            return None
        if len(difference.numerator) != 1:
            return self._of_terms(difference, wrong)
        term = polynomial_tree(difference.numerator, difference.kernels)
        written = _terms(wrong)
        opposite = _terms(normal_form(Negative(term), opaque=True))
        half = _terms(normal_form(Quotient(Negative(term), TWO), opaque=True))
        if opposite <= written:
            return Finding("extra-term", collected(self.truth), sentence("the term {} is one too many", _flipped(term)))
        if half <= written:
            return Finding(
                "sign",
                collected(self.truth),
                sentence("the sign of the term {} is wrong", collected(Quotient(Negative(term), TWO))),
            )
        if {monomial for monomial, _ in opposite} <= {monomial for monomial, _ in written}:
            return Finding(
                "constant-factor", collected(self.truth), sentence("the coefficient of a term is wrong by {}", term)
            )
        return Finding("missing-term", self._added(term), sentence("the term {} is missing", term))

    def _of_terms(self, difference: Form, wrong: Form) -> Finding | None:
        """Several terms are missing, or too many: those that stand there are right."""
        written, right = _terms(wrong), _terms(normal_form(self.truth, opaque=True))
        rest = collected(polynomial_tree(difference.numerator, difference.kernels))
        if written < right:
            return Finding("missing-term", collected(self.truth), sentence("the terms {} are missing", rest))
        if right < written:
            return Finding(
                "extra-term", collected(self.truth), sentence("the terms {} are too many", collected(Negative(rest)))
            )
        return None

    def _tidy(self, node: Node) -> Node:
        return node.operand.operand if isinstance(node, Negative) and isinstance(node.operand, Negative) else node

    def _scaled(self, factor: Node) -> Node:
        return collected(times([factor, self.wrong]))

    def _added(self, term: Node) -> Node:
        terms = self.wrong.terms if isinstance(self.wrong, Sum) else (self.wrong,)
        return Sum((*terms, term))

    # --- one edit ----------------------------------------------------------------------------------------------------

    def by_edit(self) -> Finding | None:
        for edit, edited in edits(self.wrong, self.truth):
            if self.passes(edited) and self.proven(edited):
                return Finding(edit.code, edited, edit.message())
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
        said = ", ".join(sentence("{} → {}", Name(s), Name(t)) for s, t in zip(sources, targets, strict=True))
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
