"""How two statements are related, both directions together, as verdicts.

`equal` asks for the same solutions wherever both statements have values, ⇒ for what holds where its conclusion has one; ⇔
and a step of a derivation are judged strictly: a solution at which the other line has no value is lost. The codes are

    equivalent        the same solutions
    same-roots        the same solutions, some of them with another multiplicity: (x−3)² = 0 and x = 3
    implies           the second follows from the first, not the other way round
    implied-by        the first follows from the second, not the other way round
    not-equivalent    a solution of one is none of the other, and no implication is proven
    vacuous           p ⇒ q holds, and no solution of p was found
    not-implied       the arrow fails, and so does the converse or it is not known
    …-domain          the same where all that is against it is a solution at which the other side has no value
    statements        undecided
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any
from zlib import crc32

from checks.decide.claim import Claim, Setting
from checks.decide.separation import within_sizes
from checks.decide.sequences.decide import about_sequences, untied
from checks.decide.statements.downhill import contradicting
from checks.decide.statements.proofs import Prover
from checks.decide.statements.sentence import ORDER, TRUE, NoSentence, Sentence, said_in, sentence
from checks.decide.statements.solutions import Ground, admits, candidates
from checks.decide.statements.truth import FAILURES, ExactPoint, Place
from checks.verdict import Verdict
from derive.errors import TooLarge
from derive.normal import Kernel, fraction_tree, normal_form
from derive.symbols import SymbolTable
from derive.tree import Chain, Implication, Logical, Node, Number, Quotient, times
from derive.write import latex


@dataclass(frozen=True)
class Direction:
    """Whether one sentence implies another, and how that is known."""

    holds: bool | None  # where the conclusion has a value; None: not known
    how: str = ""
    point: ExactPoint | None = None  # the premise holds here, the conclusion does not
    strict: bool | None = None  # whether the conclusion also has a value; None: not known
    without_value: ExactPoint | None = None  # the premise holds here, the conclusion has no value
    met: int = 0  # points at which the premise held
    valued: bool = False  # whether the conclusion had a value at one of them
    stands_for: Mapping[str, str] = field(default_factory=dict)  # what general functions are at the point

    @property
    def strictly(self) -> bool | None:
        """Whether every solution of the premise is one of the conclusion."""
        if self.holds is False or self.strict is False:
            return False
        return True if self.holds and self.strict else None


def direction(premise: Sentence, conclusion: Sentence, setting: Setting) -> Direction:
    """Whether the conclusion holds wherever the premise does: a point against it, else a proof, else unknown."""
    setting, is_complex = _numbers(premise, conclusion, setting)
    keys = tuple(dict.fromkeys((*premise.names, *conclusion.names)))
    inputs = tuple(symbol for symbol in map(setting.symbol, keys) if not symbol.is_function)
    ground = Ground(inputs, is_complex, crc32(repr((premise, conclusion)).encode()))
    search = _searched(premise, conclusion, setting, ground)
    if search.holds is False:
        return search
    prover = Prover(setting, is_complex)
    how = prover.implied(premise, conclusion)
    if how is None and not is_complex:
        further = _searched(premise, conclusion, setting, ground, downhill=True)
        if further.holds is False:
            return further
    strict = True if how and search.strict is None and prover.strictly(premise, conclusion) else search.strict
    return replace(search, holds=True if how else None, how=how or "", strict=strict)


def _searched(
    premise: Sentence, conclusion: Sentence, setting: Setting, ground: Ground, *, downhill: bool = False
) -> Direction:
    """What points tell of an implication: one against it, or one at which the conclusion has no value."""
    found = Direction(None)
    for world in Claim(_together(premise), _together(conclusion), setting).worlds():
        first, second = said_in(premise, world), said_in(conclusion, world)
        for point in contradicting(first, second, setting) if downhill else candidates(first, second, ground):
            if downhill and not all(admits(symbol, point[symbol.key]) for symbol in ground.inputs):
                continue
            here = Place(point, is_complex=ground.is_complex)
            if here.holds(first) is not True or not within_sizes(ground.inputs, _numbers_of(point)):
                continue
            found = replace(found, met=found.met + 1, valued=found.valued or here.defined(second) is True)
            if here.holds(second) is False:
                if here.defined(second):
                    if not here.replayed(first, second):
                        continue
                    stands = {f"{function}(z)": activation.latex for function, activation in world.items()}
                    return replace(found, holds=False, how="point", point=point, strict=False, stands_for=stands)
                if found.without_value is None:
                    found = replace(found, strict=False, without_value=point)
    return found


def _numbers_of(point: Mapping[str, Node]) -> dict[str, Fraction]:
    """The names whose value at a point is a number that is written out."""
    return {key: value.value for key, value in point.items() if isinstance(value, Number)}


def _numbers(premise: Sentence, conclusion: Sentence, setting: Setting) -> tuple[Setting, bool]:
    """The setting with names of order relations taken real, and whether complex numbers are left."""
    ordered = {n for s in (premise, conclusion) for a in s.atoms if a.relation in ORDER for n in a.names}
    names = dict.fromkeys((*premise.names, *conclusion.names))
    complex_names = {name for name in names if setting.symbol(name).kind == "complex"}
    if ordered & complex_names:
        real = {name: replace(setting.symbol(name), kind="real") for name in ordered & complex_names}
        kept = [symbol for key, symbol in setting.symbols.items() if key not in real]
        setting = Setting(SymbolTable([*kept, *real.values()]), setting.program)
    is_complex = bool(complex_names - ordered) or premise.is_complex or conclusion.is_complex
    return setting, is_complex


def _together(part: Sentence) -> Node:
    return times([atom.difference for atom in part.atoms])


# --- verdicts --------------------------------------------------------------------------------------------------------


def decide_same(left: Node, right: Node, setting: Setting) -> Verdict:
    """Whether two statements have the same solutions wherever both have values."""
    if about_sequences(setting, left, right):
        return untied()
    try:
        first, second = sentence(left, setting), sentence(right, setting)
        forth, back = direction(first, second, setting), direction(second, first, setting)
    except (NoSentence, *FAILURES) as error:
        return _undecided(error)
    return _verdict(first, second, forth, back, (forth.holds, back.holds))


def decide_step(before: Node, after: Node, setting: Setting) -> Verdict:
    """Whether a statement follows from the one before; the code says how the two are related, taken strictly."""
    if about_sequences(setting, before, after):
        return untied()
    try:
        first, second = sentence(before, setting), sentence(after, setting)
        forth, back = direction(first, second, setting), direction(second, first, setting)
    except (NoSentence, *FAILURES) as error:
        return _undecided(error)
    verdict = _verdict(first, second, forth, back, (forth.strictly, back.strictly))
    if verdict.code in {"implies", "implies-domain"}:
        return replace(verdict, status="proven", code="implies")
    return verdict


def decide_implication(tree: Implication, setting: Setting) -> Verdict:
    """Every arrow of p ⇒ q ⇔ r, in turn; the first that fails or is not decided is the verdict."""
    if about_sequences(setting, tree):
        return untied()
    if tree.continued:
        return Verdict("undecided", "no-statement", "undecided: the statement before the first arrow is missing")
    try:
        sentences = [sentence(part, setting) for part in tree.statements]
        verdicts = [
            _arrow(first, arrow, second, setting)
            for first, arrow, second in zip(sentences, tree.arrows, sentences[1:], strict=False)
        ]
    except (NoSentence, *FAILURES) as error:
        return _undecided(error)
    for status in ("refuted", "undecided"):
        for verdict in verdicts:
            if verdict.status == status:
                return verdict
    return verdicts[0] if len(verdicts) == 1 else replace(
        verdicts[-1], evidence="; ".join(dict.fromkeys(v.evidence for v in verdicts)))  # fmt: skip


def _arrow(first: Sentence, arrow: str, second: Sentence, setting: Setting) -> Verdict:
    if arrow == r"\Leftarrow":
        return _arrow(second, r"\Rightarrow", first, setting)
    forth = direction(first, second, setting)
    if arrow == r"\Leftrightarrow":
        back = direction(second, first, setting)
        return _verdict(first, second, forth, back, (_kept(forth), _kept(back)))
    if forth.holds:
        if not forth.met:
            return Verdict(
                "proven", "vacuous", f"nothing satisfies the premise, as far as was found ({_MEANS[forth.how]})"
            )
        if not forth.valued:
            said = f"undecided: the conclusion has no value at the points at which the premise holds{_met(forth)}"
            return Verdict("undecided", "no-point", said)
        gap = None if forth.without_value is None else _values(forth.without_value, forth)
        return Verdict("proven", "implies", f"{_proof(forth)}{_noted(forth, 'conclusion')}", no_value=gap)
    if forth.holds is False:
        back = direction(second, first, setting)
        code, turned = "not-implied", ""
        if back.holds:
            code, turned = "implied-by", "; the arrow holds the other way round"
        return _refuted(code, forth, "premise", "conclusion", turned)
    return Verdict("undecided", "statements", f"undecided: no counterexample to the arrow was found and no proof{_met(forth)}")  # fmt: skip


def _kept(found: Direction) -> bool | None:
    """Whether every solution is kept, as ⇔ says: not one at which the other side has no value."""
    return False if found.without_value is not None else found.holds


def decide_sentence(tree: Logical | Chain, setting: Setting) -> Verdict:
    """Whether relations joined by "and" and "or" hold everywhere on the declared domain."""
    if about_sequences(setting, tree):
        return untied()
    try:
        found = direction(TRUE, sentence(tree, setting), setting)
    except (NoSentence, *FAILURES) as error:
        return _undecided(error)
    if found.holds:
        return Verdict("proven", "statements", f"it holds wherever it has a value ({_MEANS[found.how]})")
    if found.holds is False and found.point is not None:
        return Verdict(
            "refuted", "counterexample", f"it does not hold at {_at(found.point, found)}", _values(found.point, found)
        )
    return Verdict("undecided", "statements", "undecided: no counterexample was found and no proof")


def _verdict(
    first: Sentence, second: Sentence, forth: Direction, back: Direction, known: tuple[bool | None, bool | None]
) -> Verdict:
    ahead, behind = known
    if ahead and behind:
        code = "same-roots" if _other_multiplicities(first, second) else "equivalent"
        what = "the same solutions" + (", some of them another number of times" if code == "same-roots" else "")
        if not forth.met and not back.met:
            what = "neither has a solution" if "identical" not in (forth.how, back.how) else what
        notes = f"{_noted(forth, 'second')}{_noted(back, 'first')}"
        return Verdict("proven", code, f"{what}: {_proof(forth)}; the converse {_proof(back, start='')}{notes}")
    if ahead is False and behind is not True:
        return _refuted("not-equivalent", forth, "first", "second")
    if ahead is False:
        return _refuted("implied-by", forth, "first", "second", "; the first follows from the second")
    if behind is False:
        code = "implies" if ahead else "not-equivalent"
        return _refuted(code, back, "second", "first", "; the second follows from the first" if ahead else "")
    missing = [
        f"the {after} follows from the {before}"
        for known_one, after, before in ((ahead, "second", "first"), (behind, "first", "second"))
        if known_one is None
    ]
    return Verdict(
        "undecided", "statements", f"undecided: no proof and no counterexample that {' or that '.join(missing)}"
    )


_MEANS = {
    "identical": "it is the same relation",
    "no value": "one of them divides by zero throughout",
    "substitution": "putting in what an equation gives for a name",
    "ideal": "by the ideal the equations generate",
    "bounds": "the premises bound the names, and the sides under these bounds",
    "slopes": "the functions have bounded slopes, and stretch a difference by no more",
    "z3": "z3 finds no real numbers that satisfy one and contradict the other",
}


def _proof(found: Direction, start: str = "one implies the other ") -> str:
    return f"{start}({_MEANS[found.how]})"


def _noted(found: Direction, which: str) -> str:
    return f"; at {_at(found.without_value, found)} the {which} has no value" if found.without_value is not None else ""


def _met(found: Direction) -> str:
    return f"; the premise holds at {found.met} of the points tried" if found.met else "; no point at which the premise holds was found"  # fmt: skip


def _refuted(code: str, found: Direction, holding: str, failing: str, more: str = "") -> Verdict:
    point = found.without_value if found.point is None else found.point
    assert point is not None
    what, code = ("does not hold", code) if found.point is not None else ("has no value", f"{code}-domain")
    at = f"at {_at(point, found)} " if point else ""
    at += f"the {holding} holds and the {failing} {what}"
    return Verdict("refuted", code, f"{at}{more}", _values(point, found))


def _undecided(error: BaseException) -> Verdict:
    code = (
        "effort" if isinstance(error, TooLarge) else "no-statement" if isinstance(error, NoSentence) else "statements"
    )
    why = "the statement is nested too deeply" if isinstance(error, RecursionError) else str(error)
    return Verdict("undecided", code, f"undecided: {why}")


def _at(point: ExactPoint, found: Direction) -> str:
    return ", ".join(f"{name} = {value}" for name, value in _values(point, found).items())


def _values(point: ExactPoint, found: Direction) -> dict[str, str]:
    return {name: _shown(tree) for name, tree in point.items()} | dict(found.stands_for)


def _shown(tree: Node) -> str:
    """A fraction as people type it, anything else as LaTeX in its simplest known form."""
    try:
        form = normal_form(tree, mode="complex")
    except FAILURES:
        return latex(tree)
    if form.constant is not None:
        return str(form.constant)
    if isinstance(tree, Number | Quotient):
        return latex(tree)
    return latex(fraction_tree(form))


def _other_multiplicities(first: Sentence, second: Sentence) -> bool:
    """Whether both are equations with the same irreducible factors to other powers."""
    counts = [_factors(part) for part in (first, second)]
    if None in counts:
        return False
    one, other = counts
    assert one is not None
    assert other is not None
    return set(one) == set(other) and one != other


def _factors(part: Sentence) -> Mapping[str, int] | None:
    alternatives = part.alternatives
    if any(len(atoms) != 1 or atoms[0].relation != "=" for atoms in alternatives):
        return None
    found: dict[str, int] = {}
    try:
        for (atom,) in alternatives:
            form = normal_form(atom.difference, mode="complex")
            for factor, power in form.numerator.factor()[1]:
                key = repr(_monic(factor, form.kernels))
                found[key] = found.get(key, 0) + int(power)
    except FAILURES:
        return None
    return found


def _monic(polynomial: Any, kernels: Sequence[Kernel]) -> list[tuple[str, str]]:
    terms = [
        (tuple((kernels[i].key, int(e)) for i, e in enumerate(powers) if e), c) for powers, c in polynomial.terms()
    ]
    lead = terms[0][1]
    return sorted((repr(powers), str(c / lead)) for powers, c in terms)
