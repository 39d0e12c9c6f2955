"""Derives random formulas of vectors and matrices in every layout that fits, and holds each result against torch autograd.

    python benchmarks/matrix_fuzz.py --formulas 2000 --seed 0

Of each result is asked: torch autograd agrees; read again from its own LaTeX it is equal to itself; a small change to it
that changes its value is not called equal; its lines can be printed. A clear refusal (`no rule for …`) is allowed,
counted and listed by reason. Exit code 1 if there is a finding.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from matrix_formulas import SYMBOLS, VARIABLES, Formula, drawn

from checks import against_autograd, equal
from checks.decide.arrays.draws import ArrayClaim
from checks.decide.claim import Setting
from checks.verdict import Verdict
from checks.witness.arrays import columns_of
from checks.witness.torch_arrays import Arrays
from derive import NoRule, TooLarge, Unreadable, gradient
from derive.matrix.nodes import SCALAR
from derive.program import Program
from derive.read import read
from derive.steps import Derivation
from derive.symbols import SymbolTable
from derive.tree import Name, Negative, Node, Number, Product, Sum, Transpose, number, walk

MAX_NODES = 12
MAX_MUTANTS = 3  # of each result
EXAMPLES = 3  # inputs from hypothesis for each layout; the seeded batches are larger
YES = ("proven", "verified")


@dataclass
class Tally:
    """What was found, and what was refused or left open."""

    asked: int = 0
    derived: int = 0
    status: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    mutants: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)

    def found(self, what: str, asked: tuple[str, str, str], detail: str) -> None:
        formula, name, layout = asked
        self.findings.append(f"{what}: {layout} of {formula} by {name}\n       {detail}")
        print(self.findings[-1], flush=True)


def layouts_of(formula: Formula, name: str) -> list[str]:
    """The layouts that make sense of a value and a variable of these shapes."""
    f, x = formula.shape, VARIABLES[name]
    if x == SCALAR:
        return ["derivative"] if f != SCALAR else ["derivative", "second-derivative"]
    if f == SCALAR:
        second = ["hessian"] if x[1] == 1 else ["hessian", "gradient-symmetric-entries"] if x[0] == x[1] else []
        return ["gradient", "differential", "jacobian", *second]
    if f[1] == x[1] == 1:
        return ["jacobian", "jacobian-transposed", "vjp", "differential"]
    return ["vec-jacobian", "vjp", "differential"]


def asked_of(formula: Formula, random: Random) -> Iterator[tuple[str, str]]:
    """Names that occur, or now and then one that does not, each with two layouts."""
    names = [name for name in VARIABLES if name in formula.names] or ["x"]
    name = random.choice(names)
    layouts = layouts_of(formula, name)
    yield name, layouts[0]
    if len(layouts) > 1:
        yield name, random.choice(layouts[1:])


def tried(formula: Formula, name: str, layout: str, tally: Tally, random: Random) -> None:
    """One derivative and everything that is asked of it."""
    asked = (formula.latex, name, layout)
    tally.asked += 1
    try:
        derivation = gradient(formula.latex, name, specs_for(layout, name), layout=layout)
    except (NoRule, TooLarge) as error:
        tally.refused[re.sub(r"\$.*?\$", "…", str(error))] += 1
        return
    tally.derived += 1
    verdict = against_autograd(derivation, derivation, name, layout=layout, examples=EXAMPLES)
    why = verdict.evidence if verdict.status == "undecided" else verdict.code
    tally.status[f"{verdict.status} ({why})"] += 1
    if verdict.status == "refuted":
        tally.found("autograd disagrees", asked, f"{derivation.closed_form.latex()}\n       {verdict.evidence}")
    derivation.latex()
    read_again(derivation, asked, tally)
    if verdict.status == "verified":
        changed(derivation, asked, tally, random)


def specs_for(layout: str, name: str) -> dict[str, str]:
    """The symbols, with a name for dX where the layout wants one."""
    brought = {f"d{name}": f"differential of {name}"} if layout == "differential" else {}
    return {**SYMBOLS, **brought}


def read_again(derivation: Derivation, asked: tuple[str, str, str], tally: Tally) -> None:
    """The result, read from its own LaTeX, is the same tree, or at least equal to itself."""
    text = derivation.closed_form.latex()
    try:
        tree = read(text, derivation.symbols).tree
    except Unreadable as error:
        tally.found("not read again", asked, f"{text}\n       {error}")
        return
    verdict = equal(text, derivation, derivation.symbols)
    tally.again["same tree" if tree == derivation.closed else "another tree"] += 1
    tally.again[f"{verdict.status} ({verdict.evidence})" if verdict.status == "undecided" else verdict.status] += 1
    if verdict.status == "refuted":
        tally.found("not equal to itself", asked, f"{text}\n       {verdict.evidence}")


def changed(derivation: Derivation, asked: tuple[str, str, str], tally: Tally, random: Random) -> None:
    """Small changes that change the value, each of which must not be called equal."""
    mutants = list(mutants_of(derivation.closed))
    for mutant in random.sample(mutants, min(len(mutants), MAX_MUTANTS)):
        if not differs(mutant, derivation):
            continue
        verdict: Verdict = equal(wrapped(mutant, derivation), derivation, derivation.symbols)
        tally.mutants[verdict.status] += 1
        if verdict.status in YES:
            from derive.write import latex

            tally.found("a wrong form is called equal", asked, f"{latex(mutant)}\n       {verdict.evidence}")


def wrapped(tree: Node, derivation: Derivation) -> object:
    from derive import Expression

    return Expression(tree, derivation.symbols)


def mutants_of(tree: Node) -> Iterator[Node]:
    """A sign, a term left out, a factor 2, a transpose, two factors exchanged; only what still has a shape."""
    for part in set(walk(tree)):
        for other in _changes(part):
            try:
                whole = _replaced(tree, part, other)
                if whole != tree:
                    from derive.matrix.shapes import shape_of

                    if shape_of(whole) == shape_of(tree):
                        yield whole
            except (Unreadable, ValueError):
                continue


def _changes(part: Node) -> Iterator[Node]:
    if isinstance(part, Sum):
        for index, term in enumerate(part.terms):
            rest = part.terms[:index] + part.terms[index + 1 :]
            yield rest[0] if len(rest) == 1 else Sum(rest)
            other = term.operand if isinstance(term, Negative) else Negative(term)
            yield Sum((*part.terms[:index], other, *part.terms[index + 1 :]))
    if isinstance(part, Product):
        yield Product((number(2), *part.factors))
        for index in range(len(part.factors) - 1):
            a, b = part.factors[index : index + 2]
            yield Product((*part.factors[:index], b, a, *part.factors[index + 2 :]))
    if isinstance(part, Transpose):
        yield part.operand
    if isinstance(part, Number) and part.value != 0:
        yield number(part.value + 1)
    if part.has_array and not isinstance(part, Sum | Product | Number | Name | Transpose):
        yield Transpose(part)
        yield Negative(part)


def _replaced(tree: Node, part: Node, other: Node) -> Node:
    if tree == part:
        return other
    return tree.rebuilt(tuple(_replaced(child, part, other) for child in tree.children)) if tree.children else tree


def differs(mutant: Node, derivation: Derivation) -> bool:
    """Whether torch finds another value at some draw, well beyond rounding."""
    import torch

    setting = Setting(derivation.symbols, Program())
    claim = ArrayClaim(mutant, derivation.closed, setting)
    for turn, sizes in enumerate(claim.sizes(2)):
        try:
            draw = claim.draw(sizes, "positive" if turn else "generic", turn, claim.worlds()[0])
            for choice in draw.choices[:1]:
                at = Arrays(columns_of([draw]), draw.sizes, Program(), draw.world, choice)
                a, b = (at.value(side) for side in claim.sides)
                if a.shape != b.shape or bool((torch.abs(a - b) > 1e-4 * (1 + torch.abs(b))).any()):
                    return bool(torch.isfinite(a).all() and torch.isfinite(b).all())
        except (NoRule, TooLarge, RuntimeError, ZeroDivisionError):
            return False
    return False


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--formulas", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    tally, start = Tally(), time.perf_counter()
    SymbolTable.from_specs(SYMBOLS)
    for index in range(options.first, options.first + options.formulas):
        random = Random(f"{options.seed} {index}")
        formula = drawn(random, MAX_NODES)
        for name, layout in asked_of(formula, random):
            try:
                tried(formula, name, layout, tally, random)
            except Exception as error:  # noqa: BLE001 - whatever comes out is a finding
                frames = traceback.extract_tb(error.__traceback__)[-6:]
                place = " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))
                tally.found("crash", (formula.latex, name, layout), f"{type(error).__name__}: {error}\n       {place}")
    print(f"{options.formulas} formulas, {tally.asked} derivatives, {time.perf_counter() - start:.0f} s; "
          f"derived {tally.derived}, refused {sum(tally.refused.values())}, findings {len(tally.findings)}")  # fmt: skip
    for title, counter in (("autograd", tally.status), ("read again", tally.again), ("mutants", tally.mutants),
                           ("refused", tally.refused)):  # fmt: skip
        for what, count in counter.most_common(40):
            print(f"{count:7} {title}: {what}")
    return 1 if tally.findings else 0


if __name__ == "__main__":
    sys.exit(main())
