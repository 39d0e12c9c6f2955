"""A class in miniature: correct submissions with at most one slip planted in each → which slips are found, and where.

    python benchmarks/planted.py [--submissions 100] [--seed 6] [--kind KIND] [--show]

The correct transcriptions of examples/submissions are copied; in most copies one side of one formula that was judged
correct is changed: its tree by a slip of checks/mutants.py or checks/decide/arrays/slips.py and written back as LaTeX in
place, a relation turned round, or a digit of a decimal. Only slips that float64 values of torch (or the recurrences, run)
tell from the truth are planted. A slip is found if its line is the first wrong one; a copy without a slip has to have
none. Figures are printed, never asserted; exit code 1 if a copy without a slip has a wrong line.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from random import Random

from slips import KINDS as SLIPS
from slips import more_slips

from checks.certify import MUTANT_ROWS, apart
from checks.certify_arrays import apart as arrays_apart
from checks.certify_arrays import batches
from checks.certify_sequences import SequenceQuestion
from checks.claims import TURNED
from checks.decide.arrays.draws import ArrayClaim
from checks.decide.arrays.slips import FROM_TRUTH, slips
from checks.decide.claim import Claim, Setting
from checks.decide.sequences.decide import about_sequences
from checks.grading import assignments, grade_document
from checks.mutants import mutants
from checks.report.model import SubmissionReport
from checks.submission import read_document
from checks.submission.document import Formula
from checks.verify import EXAMPLES, FOLDER
from checks.witness.inputs import seeded_batch
from checks.witness.torch_backend import Evaluator
from derive.errors import BadSpec, NoRule, TooLarge, Unreadable
from derive.kinks import differentiated
from derive.matrix.nodes import SCALAR, ArrayName, has_arrays
from derive.matrix.shapes import shape_of
from derive.problem import Problem
from derive.read import read
from derive.rules import with_named_functions
from derive.tree import Chain, Name, Node, Transpose, total, walk
from derive.write import latex

UNPLANTED = 10  # every tenth copy has no slip
TRIES = 60  # slips drawn for one copy until one is clearly a slip
NAMES = {"constant-factor": "constant", "wrong-variable": "index", "factor": "missing-factor", "chain-rule": "missing-factor",
         "term": "missing-term"}  # fmt: skip
MADE = ("sign", "constant", "missing-factor", "missing-term", "index", "transpose", "power", "factor-order", "prime", "relation",
         "digit", "product-kind", "absolute")  # fmt: skip
KINDS = (*MADE, *SLIPS)
RELATION = re.compile(r"\\[A-Za-z]+|[=<>≤≥≈]")
DECIMAL = re.compile(r"(?<![\d.])\d+\.\d+(?![\d.])")
TURNED_LATEX = {"<": r"\geq", r"\le": ">", ">": r"\leq", r"\ge": "<"}
OF_PATHS = frozenset({"rounded", "table", "step", "points", "cycle", "double-precision"})  # numbers that have one value


@dataclass(frozen=True, slots=True)
class Source:
    """A correct submission and what it is graded against."""

    file: str
    problem: str
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """A run of a submission that may be changed: a side of a relation, a relation, or a decimal."""

    source: Source
    line: int
    start: int
    end: int
    problem: str
    part: str | None
    kind: str  # "side", "relation", "digit"
    relation: str = ""

    @property
    def raw(self) -> str:
        return self.source.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Copy:
    """A submission to be graded: the source with the slip, or as it was."""

    source: Source
    text: str
    kind: str = ""
    line: int | None = None
    was: str = ""
    now: str = ""


@dataclass(frozen=True)
class Truth:
    """The independent evaluation of the formulas of one problem."""

    problem: Problem

    @cached_property
    def setting(self) -> Setting:
        return Setting(self.problem.keyed, self.problem.program)

    def elsewhere(self, part: str) -> set[str]:
        """The names that only other parts of the problem give a meaning to."""
        every = {name for given in self.problem.parts.values() for name in given.quantities}
        return every - set(self.problem.parts[part].quantities)

    @cached_property
    def evaluators(self) -> list[Evaluator]:
        definitions = list(self.problem.program.definitions.values())
        claim = Claim(total(definitions), total(definitions), self.setting)
        columns = seeded_batch(claim.inputs, claim.seed, MUTANT_ROWS).columns
        return [Evaluator(columns, self.setting.named, world) for world in claim.worlds()]

    def differ(self, left: Node, right: Node) -> bool:
        """Whether values tell two formulas over the keys of the problem apart; False where they have none."""
        try:
            if about_sequences(Setting(self.problem.table, self.problem.program), left):
                return SequenceQuestion(self.problem, self.problem.questions[0]).apart(left, right)
            left, right = (self._taken(side) for side in (left, right))
            if has_arrays(left, right, *self.problem.program.needed(total([left, right])).values()):
                names = tuple(
                    dict.fromkeys(n for t in (left, right) for n in walk(t) if isinstance(n, ArrayName | Name))
                )
                if shape_of(left) != shape_of(right):
                    return True
                claim = ArrayClaim(left, right, self.setting, names)
                return any(arrays_apart(at, left, right) for at in batches(claim, self.setting))
            return any(apart(evaluator, left, right, left) for evaluator in self.evaluators)
        except (NoRule, TooLarge, Unreadable, BadSpec, KeyError, ValueError, ZeroDivisionError, NotImplementedError):
            return False

    def _taken(self, side: Node) -> Node:
        side = differentiated(self.problem.program.opened(side), self.problem.program, self.problem.keyed)
        return with_named_functions(side, self.problem.keyed)


def main() -> int:
    """Plant, grade, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=100)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--kind", action="append", choices=KINDS, help="only slips of this kind")
    parser.add_argument("--show", action="store_true", help="print every slip planted")
    arguments = parser.parse_args()
    sources = [Source(e.file, e.problem, (FOLDER / e.file).read_text("utf-8")) for e in EXAMPLES if not e.mistakes]
    copies = list(planted(sources, arguments.submissions, Random(arguments.seed), arguments.kind or list(KINDS)))
    found: dict[str, Counter[str]] = defaultdict(Counter)
    clean = Counter[str]()
    for copy in copies:
        graded = graded_text(copy.source, copy.text)
        outcome = _outcome(copy, graded)
        if copy.line is None:
            clean[outcome] += 1
        else:
            found[copy.kind][outcome] += 1
        if arguments.show or outcome != "found":
            _print_copy(copy, outcome, graded)
    _print_table(found, clean)
    return 1 if clean["wrong line"] else 0


def planted(sources: list[Source], count: int, random: Random, kinds: list[str]) -> Iterator[Copy]:
    """The copies in turn: every tenth without a slip, the others with one, the kinds and the sources by turns."""
    truths: dict[str, Truth] = {}
    places = {source: list(places_of(source, truths)) for source in sources}
    turn = 0
    for number in range(count):
        if number % UNPLANTED == 0:
            source = sources[number // UNPLANTED % len(sources)]
            yield Copy(source, source.text)
            continue
        for _ in range(len(kinds)):
            kind = kinds[turn % len(kinds)]
            turn += 1
            copy = _with_slip(places, truths, kind, random)
            if copy is not None:
                yield copy
                break


def graded_text(source: Source, text: str) -> SubmissionReport:
    """A text as if it were the file."""
    return grade_document(read_document(source.file, text.encode()), assignments([source.problem]))


def places_of(source: Source, truths: dict[str, Truth]) -> Iterator[Place]:
    """What may be changed: right sides judged correct or found to be the problem's definition, relations, decimals."""
    graded = graded_text(source, source.text)
    for assigned in assignments([source.problem]):
        truths.setdefault(assigned.problem.id, Truth(assigned.problem))
    document = read_document(source.file, source.text.encode())
    formulas = {(f.line, f.column): f for f in document.formulas}
    offsets = _line_offsets(source.text)
    for step in graded.lines:
        formula = _formula_at(formulas, step.line, step.column)
        if step.problem is None or step.verdict not in ("correct", "definition"):
            continue
        given = truths[step.problem].problem
        if given.walks and step.verdict == "correct" and step.code in OF_PATHS:
            yield from _decimals(source, step.line, offsets[step.line - 1] + step.column - 1, step.raw, step.problem)
        elif formula is not None and step.code != "own" and not given.walks:
            yield from _sides(source, formula, offsets, step.step, step.problem, step.part, given)


def _line_offsets(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


def _formula_at(formulas: dict[tuple[int, int], Formula], line: int, column: int) -> Formula | None:
    """The formula a step belongs to: the last that begins on its line at or before its column."""
    before = [at for at in formulas if at[0] == line and at[1] <= column]
    return formulas[max(before)] if before else None


def _decimals(source: Source, line: int, start: int, raw: str, problem: str) -> Iterator[Place]:
    at = source.text.find(raw, max(start - 1, 0)) if raw else -1
    if at < 0 or source.text.count("\n", 0, at) != line - 1:
        return
    for match in DECIMAL.finditer(raw):
        yield Place(source, line, at + match.start(), at + match.end(), problem, None, "digit")


def _sides(
    source: Source, formula: Formula, offsets: list[int], number: int, problem: str, part: str | None, given: Problem
) -> Iterator[Place]:
    """The right side of relation `number` of a formula, and the relation."""
    start = offsets[formula.line - 1] + formula.column - 1
    if not source.text.startswith(formula.text, start) or part is None:
        return
    try:
        tree = read(formula.text, given.tables[part], free=True).tree
    except Unreadable:
        return
    if not isinstance(tree, Chain) or number > len(tree.relations) or number > len(tree.at):
        return
    at = tree.at[number - 1]
    sign = RELATION.match(formula.text, at)
    if sign is None:
        return
    end = tree.at[number] if number < len(tree.at) else len(formula.text)
    line = formula.position(sign.end())[0]
    relation = tree.relations[number - 1]
    if relation in ("=", r"\approx"):  # what is slightly more may still be less than what it is compared with
        yield Place(source, line, start + sign.end(), start + end, problem, part, "side")
    if relation in TURNED_LATEX and relation in TURNED:
        yield Place(source, line, start + at, start + sign.end(), problem, part, "relation", relation)


def _with_slip(places: dict[Source, list[Place]], truths: dict[str, Truth], kind: str, random: Random) -> Copy | None:
    fitting = {source: [place for place in found if _may_have(place, kind)] for source, found in places.items()}
    sources = [source for source, found in fitting.items() if found]
    for _ in range(TRIES if sources else 0):
        source = random.choice(sources)
        place = random.choice(fitting[source])
        now = _changed(place, truths[place.problem], kind, random)
        if now is not None:
            text = source.text[: place.start] + now + source.text[place.end :]
            return Copy(source, text, kind, place.line, place.raw.strip(), now.strip())
    return None


def _may_have(place: Place, kind: str) -> bool:
    if kind == "digit":
        return place.kind == "digit" or (place.kind == "side" and bool(DECIMAL.search(place.raw)))
    return place.kind == ("relation" if kind == "relation" else "side")


def _changed(place: Place, truth: Truth, kind: str, random: Random) -> str | None:
    """What stands at a place with a slip of a kind; None where that kind is not possible there, or changes nothing."""
    if place.kind == "relation":
        return f" {TURNED_LATEX[place.relation]} "
    if place.kind == "digit":
        return _other_digit(place.raw, random)
    assert place.part is not None
    table, part = truth.problem.tables[place.part], truth.problem.parts[place.part]
    try:
        tree = read(place.raw, table).tree
    except Unreadable:
        return None
    if any(name in truth.elsewhere(place.part) for name in tree.names):
        return None  # the author's name for another quantity
    if kind == "digit":
        return _digit_in_side(place.raw, tree, truth, place.part, random)
    made = [changed for name, changed in _slips(tree, truth, place.part) if NAMES.get(name, name) == kind]
    random.shuffle(made)
    for changed in made[:4]:
        written = latex(changed)
        try:
            shape_of(changed)
            again = read(written, table).tree
        except (Unreadable, AssertionError):  # a slip nobody could write down: the bound of a sum negated
            continue
        if again == changed and "_{-" not in written and _is_slip(truth, part.bound(tree), part.bound(changed)):
            return f" {written} "
    return None


def _is_slip(truth: Truth, was: Node, now: Node) -> bool:
    """Whether the value is another one; the transpose of a whole derivative is another layout, and no slip."""
    if not truth.differ(was, now):
        return False
    return not was.has_array or shape_of(was) == SCALAR or truth.differ(was, Transpose(now))


def _digit_in_side(raw: str, tree: Node, truth: Truth, part: str, random: Random) -> str | None:
    match = random.choice(list(DECIMAL.finditer(raw)))
    now = raw[: match.start()] + _other_digit(match.group(), random) + raw[match.end() :]
    bound = truth.problem.parts[part].bound
    return now if truth.differ(bound(tree), bound(read(now, truth.problem.tables[part]).tree)) else None


def _slips(tree: Node, truth: Truth, part: str) -> Iterator[tuple[str, Node]]:
    yield from more_slips(tree)
    given = truth.problem.parts[part].given
    if tree.has_array or has_arrays(*(definition for _, definition in given)):
        trees = (tree, *(definition for _, definition in given))
        names = tuple(dict.fromkeys(n for t in trees for n in walk(t) if isinstance(n, ArrayName | Name)))
        yield from ((slip.kind, changed) for slip, changed in slips(tree, names, FROM_TRUTH))
    else:
        yield from ((mutant.kind, mutant.tree) for mutant in mutants(tree, [name for name, _ in given]))


def _other_digit(number: str, random: Random) -> str:
    """A digit slipped, so that the number changes by more than its last place leaves open."""
    digits = [k for k, sign in enumerate(number) if sign.isdigit()]
    place = random.choice(digits[:-1] if len(digits) > 2 else digits)
    moved = (int(number[place]) + random.choice((3, 4, 6, 7))) % 10
    return number[:place] + str(moved) + number[place + 1 :]


def _outcome(copy: Copy, graded: SubmissionReport) -> str:
    if copy.line is None:
        return "found" if graded.first_wrong_line is None else "wrong line"
    if graded.first_wrong_line == copy.line:
        return "found"
    if graded.first_wrong_line is not None:
        return "another line"
    here = {step.verdict for step in graded.lines if step.line == copy.line}
    return "left open" if here & {"undecided", "unreadable"} else "missed"


def _print_copy(copy: Copy, outcome: str, graded: SubmissionReport) -> None:
    print(f"{outcome}  {copy.kind or 'no slip'}  {copy.source.file}:{copy.line}  first wrong {graded.first_wrong_line}")
    if copy.line is not None:
        print(f"    {copy.was[:200]}\n    {copy.now[:200]}")
    shown = {copy.line, graded.first_wrong_line}
    for step in graded.lines:
        if step.line in shown:
            print(f"      {step.line}.{step.step} {step.verdict} {step.code}: {step.message[:160]}")


def _print_table(found: dict[str, Counter[str]], clean: Counter[str]) -> None:
    outcomes = ("found", "another line", "left open", "missed")
    print(f"{'slip':18}{'planted':>9}" + "".join(f"{outcome:>14}" for outcome in outcomes))
    sums = Counter[str]()
    for kind in KINDS:
        if found[kind]:
            sums.update(found[kind])
            print(f"{kind:18}{found[kind].total():9}" + "".join(f"{found[kind][o]:14}" for o in outcomes))
    print(f"{'all':18}{sums.total():9}" + "".join(f"{sums[o]:14}" for o in outcomes))
    share = 100 * sums["found"] / max(sums.total(), 1)
    print(
        f"found at its line: {share:.1f} %; copies without a slip: {clean.total()}, with a wrong line: {clean['wrong line']}"
    )


if __name__ == "__main__":
    sys.exit(main())
