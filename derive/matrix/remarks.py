"""What a result of arrays takes for granted, said beside it: entries taken as free, names it brings along.

A matrix declared diagonal has n free entries; the gradient has an entry for each of its n², as if all were free.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.matrix.nodes import ArrayName
from derive.symbols import Symbol
from derive.tree import Node, walk

TIED = ("symmetric", "skew-symmetric", "diagonal", "orthogonal", "upper triangular", "lower triangular",
        "unit vector", "probability vector")  # fmt: skip
OTHERWISE = {
    "symmetric": "; by its free entries: layout gradient-symmetric-entries, within the symmetric matrices: gradient-symmetric-projection",
    "diagonal": "; by its diagonal: layout gradient-diagonal-entries",
}
CONVENTIONS = frozenset(
    {"gradient-symmetric-entries", "gradient-symmetric-projection", "gradient-diagonal-entries", "differential"}
)
OF_ROLE = {
    "left singular": "{name} is the left singular vector of {of} of its largest singular value, which is taken to be simple",
    "right singular": "{name} is the right singular vector of {of} of its largest singular value, which is taken to be simple",
    "eigenvector": "{name} is the unit eigenvector of {of} of its largest eigenvalue, which is taken to be simple",
    "commutation": r"{name} is the commutation matrix: {name} \operatorname{{vec}}(M) = \operatorname{{vec}}(M^T) for M of size {of}",
    "polar": "{name} is U V^T of the singular value decomposition {of} = U Σ V^T, with all singular values taken to be positive",
}  # fmt: skip


def remarks(symbol: Symbol | None, layout: str, closed: Node) -> tuple[str, ...]:
    """The sentences a reader needs beside a result."""
    return tuple(dict.fromkeys((*_tied(symbol, layout), *_names(closed))))


def _tied(symbol: Symbol | None, layout: str) -> Iterator[str]:
    if symbol is None or symbol.role or layout in CONVENTIONS:
        return
    declared = [word for word in TIED if word in symbol.properties]
    declared = ["diagonal"] if "diagonal" in declared else declared
    if declared:
        yield f"the entries of {symbol.key} are taken as free, although it is declared {declared[0]}{OTHERWISE.get(declared[0], '')}"


def _names(closed: Node) -> Iterator[str]:
    for node in walk(closed):
        if isinstance(node, ArrayName) and node.role in OF_ROLE:
            yield OF_ROLE[node.role].format(name=node.key, of=node.of)
