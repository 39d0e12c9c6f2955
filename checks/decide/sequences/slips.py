"""What is wrong with a wrong closed form: the ratio or the difference of the canonical sums.

a number                     sign, constant-factor
one factor                   missing-factor, extra-factor; power, where the factor stands there with another exponent
a difference without sums    missing-term, extra-term
"""

from __future__ import annotations

from dataclasses import dataclass

from checks.decide.claim import Setting
from derive.declarations import EXPECTATION
from derive.errors import TooLarge
from derive.normal import Form, Kernel, normal_form, polynomial_tree
from derive.recurrence.closed import forms, with_forms
from derive.recurrence.derivation import written_term
from derive.recurrence.expectation import expectations_in, expected
from derive.recurrence.signs import Signs
from derive.recurrence.sums import INDEX, canonical, same
from derive.recurrence.terms import is_term, whole
from derive.recurrence.written import expectation_lines, tidy
from derive.textbook import collected
from derive.tree import Binder, Call, Name, Negative, Node, Power, Product, Quotient, Sum, times, transform, walk
from derive.write import latex


@dataclass(frozen=True, slots=True)
class Slip:
    """A code, and a sentence."""

    code: str
    message: str


def better(truth: Node, setting: Setting) -> Node | None:
    """What to write instead: the truth in closed form, expectations taken; None where that is the truth as it stands."""
    found = closed(truth, setting)
    lines = expectation_lines(found, setting.symbols) if expectations_in(found, setting.symbols) else []
    found = lines[-1][0] if lines else found
    return None if same(found, truth) and not lines else found


def closed(tree: Node, setting: Setting) -> Node:
    """A formula with the closed forms of recurrences put in."""
    recurrences, signs = setting.program.recurrences, Signs(setting.symbols)
    found = forms(recurrences, signs)

    def numbered(node: Node) -> Node | None:
        place = whole(node.arguments[0]) if isinstance(node, Call) and node.function in found else None
        if place is None or not isinstance(node, Call):
            return None
        return written_term(recurrences[node.function], found[node.function].tree, place, signs)

    return tidy(with_forms(transform(setting.program.expanded(tree), numbered), recurrences, found))


def slip(truth: Node, wrong: Node, setting: Setting) -> Slip | None:
    """The slip that makes a wrong formula of a true one; None where no single one does."""
    try:
        right, written = (canonical(expected(closed(side, setting), setting.symbols)) for side in (truth, wrong))
        return _of_ratio(normal_form(Quotient(right, written)), written) or _of_difference(right, written, setting)
    except (TooLarge, ZeroDivisionError):
        return None


def _of_ratio(ratio: Form, written: Node) -> Slip | None:
    if ratio.constant is not None:
        if ratio.constant == -1:
            return Slip("sign", "the sign of the whole is wrong")
        return Slip("constant-factor", f"a constant factor {ratio.constant} is missing")
    if _with_sums(ratio):
        return None
    for part, rest, code in (
        (ratio.numerator, ratio.denominator, "missing"),
        (ratio.denominator, ratio.numerator, "extra"),
    ):
        if not rest.is_constant():
            continue
        factor = collected(polynomial_tree(part / rest.leading_coefficient(), ratio.kernels))
        said = "the factor ${}$ is missing" if code == "missing" else "there is a factor ${}$ too many"
        return Slip("power" if _stands(factor, written) else f"{code}-factor", said.format(latex(_powers(factor))))
    return None


def _stands(factor: Node, written: Node) -> bool:
    """Whether a power of a name stands in a formula."""
    base = factor.base if isinstance(factor, Power) else factor
    if not isinstance(base, Name):
        return False
    powers = (node for node in walk(written) if isinstance(node, Power | Call))
    return any(base.key in node.names for node in powers)


def _of_difference(right: Node, written: Node, setting: Setting) -> Slip | None:
    missing = normal_form(Sum((right, Negative(written))))
    if _with_sums(missing):
        return None
    top, bottom = (
        collected(polynomial_tree(part, missing.kernels)) for part in (missing.numerator, missing.denominator)
    )
    rest = top if missing.denominator.is_one() else Quotient(top, bottom)
    signs = Signs(setting.symbols)
    there, whole = (_sign(tree, signs) for tree in (rest, right))
    if not there or not whole:
        return None
    if there != whole:
        return Slip("extra-term", f"the term ${latex(_powers(collected(Negative(rest))))}$ is one too many")
    return Slip("missing-term", f"the term ${latex(_powers(rest))}$ is missing")


def _sign(tree: Node, signs: Signs) -> int:
    """1 or −1 where a formula has one sign if all terms of sequences are positive, else 0."""

    def positive(node: Node) -> Node | None:
        return (
            Call("exp", (node,))
            if isinstance(node, Call) and (is_term(node) or node.function == EXPECTATION[0])
            else None
        )

    tree = transform(_powers(tidy(tree)), positive)
    return 1 if signs.nonnegative(tree) else -1 if signs.nonnegative(Negative(tree)) else 0


def _powers(tree: Node) -> Node:
    """Exponentials of logarithms as the powers they are."""

    def power(node: Node) -> Node | None:
        match node:
            case Call(function="exp", arguments=(exponent,)):
                factors = exponent.factors if isinstance(exponent, Product) else (exponent,)
                bases = [f for f in factors if isinstance(f, Call) and f.function in ("log", "log of a base")]
                if len(bases) == 1:
                    return Power(bases[0].arguments[0], times([f for f in factors if f is not bases[0]]))
        return None

    return transform(tree, power)


def _with_sums(form: Form) -> bool:
    """Whether a sum over an index is left."""
    return any(INDEX in k.tree.names or any(isinstance(node, Binder) for node in walk(k.tree)) for k in _used(form))


def _used(form: Form) -> list[Kernel]:
    parts = (form.numerator, form.denominator)
    return [kernel for place, kernel in enumerate(form.kernels) if any(part.degrees()[place] > 0 for part in parts)]
