"""Points that contradict p ⇒ u < v, looked for downhill: where v − u is least within the bounds that p puts on the names.

Like every candidate they decide nothing: whether the premise holds and the conclusion fails is told by `truth.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from checks.decide.bounds.products import differences_of_products
from checks.decide.claim import Claim, Setting
from checks.decide.domains import line
from checks.decide.statements.peeling import peeled
from checks.decide.statements.premises import as_declarations
from checks.decide.statements.proofs import Prover
from checks.decide.statements.sentence import ORDER, Atom, Sentence
from checks.decide.worst import least
from derive.tree import ZERO, Call, Node, Sum, number, substitute, transform, walk

MAX_SEARCHES = 4


def lowest(atom: Atom, claim: Claim) -> Iterator[dict[str, Fraction]]:
    """Rational points near where an order relation is nearest to failing, or fails."""
    inner = peeled(atom)
    less, more = (inner.left, inner.right) if inner.relation in {"<", r"\le"} else (inner.right, inner.left)
    formulas = differences_of_products(less, more)
    larger, smaller = (formulas[0], ZERO) if formulas else (more, less)
    idle = _idle(Sum((larger, smaller)), claim)
    larger, smaller = (substitute(side, dict.fromkeys(idle, ZERO)) for side in (larger, smaller))
    for point in least(larger, smaller, claim, simple=True):
        yield {**dict.fromkeys(idle, Fraction(0)), **point}


def _idle(tree: Node, claim: Claim) -> tuple[str, ...]:
    """Names that may be 0 without loss: w and x of wx + b, where all three stand nowhere else."""
    arguments = {node.arguments[0] for node in walk(tree) if isinstance(node, Call) and len(node.arguments) == 1}
    for argument in sorted(arguments, key=lambda argument: -argument.size):
        names = argument.names
        if len(names) < 2 or not set(names).isdisjoint(_without(tree, argument).names):
            continue
        for kept in names:
            idle = tuple(name for name in names if name != kept)
            one = line(substitute(argument, dict.fromkeys(idle, ZERO)))
            if one is not None and all(claim.setting.symbol(name).admits(Fraction(0)) for name in idle):
                return idle
    return ()


def _without(tree: Node, part: Node) -> Node:
    return transform(tree, lambda node: ZERO if node == part else None)


def contradicting(premise: Sentence, conclusion: Sentence, setting: Setting) -> Iterator[Mapping[str, Node]]:
    """Points that may satisfy the premise and contradict the conclusion."""
    prover = Prover(setting, is_complex=False)
    searches = 0
    for alternative in premise.alternatives:
        solved = prover.solved([a.difference for a in alternative if a.relation == "=" and a.names])
        rest = [_with(atom, solved) for atom in alternative]
        bounded, values = as_declarations([atom for atom in rest if atom.names], setting) or (setting, {})
        for demand in conclusion.demands:
            if len(demand) != 1 or demand[0].relation not in ORDER or searches >= MAX_SEARCHES:
                continue
            searches += 1
            atom = _with(_with(demand[0], solved), values)
            for point in lowest(atom, Claim(atom.left, atom.right, bounded)):
                exact = {key: number(value) for key, value in point.items()}
                found = {key: substitute(value, exact) for key, value in values.items()}
                full = {**exact, **found}
                full |= {key: substitute(value, full) for key, value in solved.items()}
                names = dict.fromkeys((*premise.names, *conclusion.names))
                yield {name: full.get(name, number(Fraction(1))) for name in names}


def _with(atom: Atom, values: Mapping[str, Node]) -> Atom:
    return Atom(substitute(atom.left, values), atom.relation, substitute(atom.right, values))
