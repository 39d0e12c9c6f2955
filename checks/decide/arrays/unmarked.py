"""‖A‖ of a matrix without an index, beside lengths of vectors: the spectral and the Frobenius norm are both tried.

What is true, or false, of both is so whichever is meant; where they differ the author has to say which.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from checks.verdict import Verdict
from derive.matrix.nodes import UNMARKED, Norm
from derive.tree import Node, transform, walk

NAMES = {"2": "spectral", "F": "Frobenius"}


def has_unmarked(*trees: Node) -> bool:
    """Whether such a norm occurs."""
    return any(
        Norm in tree.kinds and any(isinstance(n, Norm) and n.kind == UNMARKED for n in walk(tree)) for tree in trees
    )


def decide_both(left: Node, right: Node, decide: Callable[[Node, Node], Verdict]) -> Verdict:
    """The verdict that both meanings have; undecided where they have different ones."""
    found = {kind: decide(_marked(left, kind), _marked(right, kind)) for kind in NAMES}
    spectral, frobenius = found.values()
    answers = {verdict.status in {"proven", "verified"} for verdict in found.values()}
    if "undecided" not in {spectral.status, frobenius.status} and len(answers) == 1:
        weaker = max(found.values(), key=lambda verdict: verdict.status == "verified")
        return replace(weaker, evidence=f"for the spectral and the Frobenius norm alike: {weaker.evidence}")
    said = "; ".join(f"with the {NAMES[kind]} norm it is {verdict.status}" for kind, verdict in found.items())
    return Verdict("undecided", "ambiguous", f"undecided: which norm of a matrix is meant is not said; {said}")


def _marked(tree: Node, kind: str) -> Node:
    def mark(node: Node) -> Node | None:
        return Norm(node.operand, kind) if isinstance(node, Norm) and node.kind == UNMARKED else None

    return transform(tree, mark) if has_unmarked(tree) else tree
