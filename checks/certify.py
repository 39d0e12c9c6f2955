"""Problem → certificate: every answer the program derives is checked by other means before anyone is graded by it.

closed form      agrees with torch autograd
steps            each proven equal to the closed form
accepts          each proven equal;   rejects   each refuted, with the code the entry names
mutants          each that differs by float64 evaluation is refuted; a survivor fails
paths            each position beside a simulation with fractions and torch.optim, each greatest height beside what passes
claims           shown to hold; what is accepted holds, what is rejected is refuted, mutants that are violated are refuted
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from checks.claims import Violations, decided, statement_mutants
from checks.decide.claim import Claim, Setting
from checks.decide.equality import decide_equal
from checks.decide.kink_remarks import kinks_of_derivation
from checks.decide.sequences.decide import about_sequences
from checks.diagnose import diagnose
from checks.mutants import Mutant, mutants
from checks.verdict import Verdict
from derive.errors import NoRule, TooLarge, Unreadable
from derive.kinks import differentiated
from derive.matrix.nodes import has_arrays
from derive.problem import Problem
from derive.questions import Question
from derive.rules import with_named_functions
from derive.steps import Derivation
from derive.textbook import expanded
from derive.tree import Derivative, Node, states, total, walk
from derive.write import latex

if TYPE_CHECKING:
    from checks.witness.torch_backend import Evaluator

MUTANT_ROWS = 96
DIFFERENT = 1e-6  # relative, at one row at least: what float64 cannot blur
BLUR = 1e-14  # times the running error in units of epsilon


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was checked, in numbers, and every check that failed, as a sentence."""

    problem: str
    questions: int = 0
    claims: int = 0
    claims_proven: int = 0
    steps: int = 0
    accepts: int = 0
    rejects: int = 0
    hypothesis_inputs: int = 0
    seeded_inputs: int = 0
    mutants_made: int = 0
    mutants_differing: int = 0
    mutants_refuted: int = 0
    positions: int = 0  # of paths, each beside a simulation with fractions and torch.optim
    failures: tuple[str, ...] = ()
    kinks: tuple[str, ...] = ()  # where a closed form is a convention, as sentences
    question: str = ""  # where it is that of one question
    status: str = ""  # of one question: proven, verified, or undecided; of a claim that does not hold, what it is
    code: str = ""  # of a claim: how it was decided, and in a sentence
    evidence: str = ""
    each: tuple[Certificate, ...] = ()  # of a problem: one a question

    @property
    def holds(self) -> bool:
        """Whether everything that was checked is as it should be."""
        return not self.failures

    def __add__(self, other: Certificate) -> Certificate:
        counts = {name: getattr(self, name) + getattr(other, name) for name in _COUNTS}
        return replace(self, **counts, failures=self.failures + other.failures, kinks=self.kinks + other.kinks)

    def as_dict(self) -> dict[str, Any]:
        """The JSON of one certified problem."""
        counts = {name: getattr(self, name) for name in _COUNTS}
        return {
            "problem": self.problem,
            "holds": self.holds,
            **counts,
            "failures": list(self.failures),
            "kinks": list(self.kinks),
            **({name: getattr(self, name) for name in _OF_ONE} if self.question else {}),
            **({"each": [one.as_dict() for one in self.each]} if self.each else {}),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Certificate:
        """What `as_dict` wrote. Raises KeyError, TypeError."""
        fields = {name: data[name] for name in _COUNTS}
        return cls(
            data["problem"], **fields, failures=tuple(data["failures"]), kinks=tuple(data["kinks"]),
            **{name: data.get(name, "") for name in _OF_ONE},
            each=tuple(cls.from_dict(one) for one in data.get("each", ())),
        )  # fmt: skip


_COUNTS = (
    "questions", "claims", "claims_proven", "steps", "accepts", "rejects", "hypothesis_inputs", "seeded_inputs",
    "mutants_made", "mutants_differing", "mutants_refuted", "positions",
)  # fmt: skip


_OF_ONE = ("question", "status", "code", "evidence")


def certify(problem: Problem, *, examples: int = 200, progress: Callable[[str], None] | None = None) -> Certificate:
    """Check every question of a problem; `progress` is told each question before it is checked."""
    each = []
    for name in questions_of(problem):
        if progress:
            progress(f"{problem.id}: {name}")
        each.append(certify_question(problem, name, examples))
    return gathered(problem.id, each)


def gathered(problem: str, each: Iterable[Certificate]) -> Certificate:
    """The certificates of all questions of a problem as one."""
    each = tuple(each)
    return replace(sum(each, Certificate(problem)), each=each)


def questions_of(problem: Problem) -> tuple[str, ...]:
    """The ids of everything asked, in the order in which it is certified."""
    return (*(question.id for question in problem.questions), *(question.id for question in problem.path_questions))


def certify_question(problem: Problem, id: str, examples: int = 200) -> Certificate:
    """Check one question of a problem. Raises StopIteration if there is none with the id."""
    if id in {question.id for question in problem.path_questions}:
        return _path_certified(problem, id)
    question = problem.question(id)
    checked = _checked(problem, question)
    certificate = checked.claim_certified() if question.is_claim else checked.certified(examples)
    return replace(certificate, question=id)


def _path_certified(problem: Problem, id: str) -> Certificate:
    """A question about a path: the first of a path stands for all, that no position is counted twice."""
    from checks.walks.certify import certified

    asked = next(question for question in problem.path_questions if question.id == id)
    first = next(question for question in problem.path_questions if question.part == asked.part)
    if asked is not first:
        where = f"with {first.id}"
        return Certificate(problem.id, 1, question=id, status="verified", code=where, evidence=f"checked {where}")
    paths = certified(problem, asked.part)
    return Certificate(
        problem.id, 1, positions=paths.positions, failures=paths.failures, question=id, status="verified"
    )


def _checked(problem: Problem, question: Question) -> CheckedQuestion:
    """The checks of a question, those of sequences where it asks for one."""
    if about_sequences(Setting(problem.table, problem.program), question.ask):
        from checks.certify_sequences import SequenceQuestion

        return SequenceQuestion(problem, question)
    if not question.is_claim and has_arrays(question.ask, *problem.program.needed(question.ask).values()):
        from checks.certify_arrays import CheckedArrays

        return CheckedArrays(problem, question)
    return CheckedQuestion(problem, question)


@dataclass
class CheckedQuestion:
    """One question being checked."""

    problem: Problem
    question: Question
    failures: list[str] = field(default_factory=list)

    @cached_property
    def setting(self) -> Setting:
        return Setting(self.problem.keyed, self.problem.program)

    def certified(self, examples: int) -> Certificate:
        try:
            derivation = self.problem.derivation(self.question)
        except (NoRule, TooLarge) as error:
            self.fail(f"no closed form: {error}")
            return Certificate(self.problem.id, questions=1, failures=tuple(self.failures), status="undecided")
        hypothesis, seeded = self.against_autograd(derivation, examples)
        self.check_steps(derivation)
        self.check_forms(derivation)
        made, differing, refuted = self.check_mutants(derivation)
        return Certificate(
            self.problem.id, 1, 0, 0, len(derivation.steps), len(self.question.accepts), len(self.question.rejects),
            hypothesis, seeded, made, differing, refuted, 0, tuple(self.failures), self.kinks(derivation),
            status="undecided" if self.failures else self.status(derivation, hypothesis + seeded),
        )  # fmt: skip

    def status(self, derivation: Derivation, inputs: int) -> str:
        """What a closed form is of which nothing failed: verified by autograd; proven by its steps if nothing is differentiated."""
        differentiates = derivation.wrt or any(isinstance(node, Derivative) for node in walk(self.question.ask))
        return "verified" if inputs else "undecided" if differentiates else "proven"

    def claim_certified(self) -> Certificate:
        """A statement to be shown: it holds, what is rejected does not, and no mutant that is violated holds."""
        verdict = decided(self.problem, self.question.ask)
        if verdict.status not in ("proven", "verified"):
            self.fail(f"the claim {self.question.latex} is {verdict.status}: {verdict.evidence}")
        for wanted, what, form, code in self.listed():
            try:
                found = decided(self.problem, self.problem.read(form, self.question.part))
            except Unreadable as error:
                self.fail(f"the {what} statement {form} cannot be read: {error}")
                continue
            if found.status not in (("refuted",) if wanted == "refuted" else ("proven", "verified")):
                self.fail(f"the {what} statement {form} is {found.status}: {found.evidence}")
            elif code and found.code != code:
                self.fail(f"the rejected statement {form} is refuted as {found.code}, the entry says {code}")
        own = self.problem.parts[self.question.part].quantities
        kept = set(own.values())  # not what another part means by a name of this one
        among = tuple(k for k in self.problem.program.definitions if k in kept or k.partition("@")[0] not in own)
        made = list(statement_mutants(self.question.ask, among))
        differing = self.violated(made)
        refuted = 0
        for mutant in differing:
            found = decided(self.problem, mutant.tree)
            refuted += found.status == "refuted"
            if found.status != "refuted":
                self.fail(f"the mutant {latex(mutant.tree)} ({mutant.kind}) is {found.status}: {found.evidence}")
        return Certificate(
            self.problem.id, 1, 1, int(verdict.status == "proven"), 0, len(self.question.accepts),
            len(self.question.rejects), 0, 0, len(made), len(differing), refuted, 0, tuple(self.failures),
            status=verdict.status, code=verdict.code, evidence=verdict.evidence,
        )  # fmt: skip

    def violated(self, made: list[Mutant]) -> list[Mutant]:
        """The mutants of a statement that float64 values contradict."""
        violations = Violations(self.problem, self.question)
        return [mutant for mutant in made if violations.violated(mutant.tree)]

    def kinks(self, derivation: Derivation) -> tuple[str, ...]:
        """What there is at the kinks of what was asked."""
        asked = f"{self.problem.id}, question {self.question.id}"
        return tuple(f"{asked}: {kink.sentence()}" for kink in kinks_of_derivation(derivation))

    def fail(self, sentence: str) -> None:
        self.failures.append(f"{self.problem.id}, question {self.question.id}: {sentence}")

    def against_autograd(self, derivation: Derivation, examples: int) -> tuple[int, int]:
        """What is asked, its derivatives taken by torch, beside the closed form."""
        from checks.witness.autograd import witnessed
        from checks.witness.comparison import Comparison

        outcome = witnessed(Comparison(derivation.closed, self.question.ask, (), self.setting), examples)
        if outcome.verdict.status != "verified":
            self.fail(
                f"the closed form {latex(derivation.closed)} is not what autograd finds: {outcome.verdict.evidence}"
            )
        return outcome.hypothesis, outcome.seeded

    def equal(self, form: Node, derivation: Derivation) -> Verdict:
        return decide_equal(Claim(form, derivation.off_kinks, self.setting))

    def check_steps(self, derivation: Derivation) -> None:
        program = self.problem.program
        for step in derivation.steps:
            if step.differential:
                continue  # what is read off from it is certified
            # a chain rule holds local derivatives of names; what remains of a higher order is total
            tree = differentiated(program.with_local_derivatives(step.expression.tree), program, self.problem.keyed)
            verdict = self.equal(tree, derivation)
            if verdict.status != "proven":
                self.fail(
                    f"the step {step.latex} ({step.law}) is not proven equal to the closed form: {verdict.evidence}"
                )

    def check_forms(self, derivation: Derivation) -> None:
        for wanted, what, form, code in self.listed():
            try:
                tree = self.problem.read(form, self.question.part)
            except Unreadable as error:
                self.fail(f"the {what} form {form} cannot be read: {error}")
                continue
            if states(tree):
                self.fail(f"the {what} form {form} is a relation; write a formula")
                continue
            verdict = self.equal(differentiated(tree, self.problem.program, self.problem.keyed), derivation)
            if verdict.status != wanted:
                self.fail(f"the {what} form {form} is not {wanted}: {verdict.status}, {verdict.evidence}")
            elif code and (found := self.mistake(derivation.closed, tree, verdict)) != code:
                self.fail(f"the rejected form {form} is diagnosed as {found}, the entry says {code}")

    def mistake(self, truth: Node, wrong: Node, _: Verdict) -> str:
        """The code of what is wrong with a refuted form."""
        return diagnose(truth, wrong, self.setting).code

    def listed(self) -> Iterator[tuple[str, str, str, str]]:
        yield from (("proven", "accepted", form, "") for form in self.question.accepts)
        yield from (("refuted", "rejected", reject.latex, reject.code) for reject in self.question.rejects)

    def check_mutants(self, derivation: Derivation) -> tuple[int, int, int]:
        made = list(self.mutants(derivation))
        differing = [mutant for mutant in made if self.differs(mutant.tree, derivation)]
        refuted = 0
        for mutant in differing:
            verdict = self.equal(mutant.tree, derivation)
            refuted += verdict.status == "refuted"
            if verdict.status != "refuted":
                self.fail(f"the mutant {latex(mutant.tree)} ({mutant.kind}) is {verdict.status}: {verdict.evidence}")
        return len(made), len(differing), refuted

    def mutants(self, derivation: Derivation) -> Iterator[Mutant]:
        """Of the collected and of the expanded form, each once."""
        forms = [derivation.closed]
        try:
            forms.append(expanded(derivation.closed))
        except (TooLarge, ZeroDivisionError):
            pass  # the collected form alone, as in the derivation
        among = tuple(self.scalars)
        seen = set(forms)
        for form in forms:
            for mutant in mutants(form, among):
                if mutant.tree not in seen:
                    seen.add(mutant.tree)
                    yield mutant

    @cached_property
    def scalars(self) -> dict[str, Node]:
        """The definitions of numbers, made of numbers alone: what a formula of scalars may be mistaken for."""
        program = self.problem.program
        definitions = program.definitions.items()
        return {key: tree for key, tree in definitions if not has_arrays(tree, *program.needed(tree).values())}

    def differs(self, tree: Node, derivation: Derivation) -> bool:
        """Whether float64 values tell two formulas apart: torch's, which share nothing with the balls that refute."""
        closed = with_named_functions(derivation.closed, self.problem.keyed)
        tree = with_named_functions(tree, self.problem.keyed)
        f = with_named_functions(derivation.f, self.problem.keyed)
        return any(apart(evaluator, closed, tree, f) for evaluator in self.evaluators)

    @cached_property
    def evaluators(self) -> list[Evaluator]:
        """One for each activation, at the same rows; what mutants have in common is evaluated once."""
        from checks.witness.inputs import seeded_batch
        from checks.witness.torch_backend import Evaluator

        claim = Claim(total(list(self.scalars.values())), self.question.ask, self.setting)
        columns = seeded_batch(claim.inputs, claim.seed, MUTANT_ROWS).columns
        return [Evaluator(columns, self.setting.named, world) for world in claim.worlds()]


def apart(evaluator: Evaluator, left: Node, right: Node, f: Node) -> bool:
    """At a row where f has no kink: there the derivative is a convention."""
    a, b = evaluator(left), evaluator(right)
    blurred = DIFFERENT * (abs(a) + abs(b)) + BLUR * (evaluator.spread(left) + evaluator.spread(right))
    return bool(
        ((abs(a - b) > blurred) & ~evaluator.kinks(f)).any()
    )  # never where a side has no value: nothing is greater than NaN
