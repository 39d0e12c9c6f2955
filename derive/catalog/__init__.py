"""The catalogue: systems of machine-learning mathematics, one module a topic, one entry a problem.

An entry has the fields of a problem file and states definitions and questions, never answers. Entries are checked
when they are first looked up: a bad one raises BadSpec or Unreadable naming the field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from derive.catalog import (
    activations,
    arrays,
    bumps,
    chains,
    classification,
    dead_units,
    equivalences,
    graphs,
    line_search,
    lipschitz,
    networks,
    optimal_step,
    optimisers,
    skip_ratio,
)
from derive.problem import Problem

TOPICS = (
    chains,
    skip_ratio,
    bumps,
    graphs,
    networks,
    classification,
    activations,
    equivalences,
    dead_units,
    arrays,
    optimisers,
    line_search,
    lipschitz,
    optimal_step,
)
_ENTRIES: dict[str, dict[str, Any]] = {entry["id"]: entry for topic in TOPICS for entry in topic.ENTRIES}


def _fields(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry with the fields that are derived, not written."""
    derived = entry.get("derived")
    return {**{k: v for k, v in entry.items() if k != "derived"}, **(derived() if derived else {})}


class Catalog(Mapping[str, Problem]):
    """Problems by id, in the order of the systems; each is built when first asked for."""

    def __init__(self) -> None:
        self._built: dict[str, Problem] = {}

    def __getitem__(self, id: str) -> Problem:
        if id not in self._built:
            self._built[id] = Problem.from_dict(_fields(_ENTRIES[id]))
        return self._built[id]

    def entry(self, id: str) -> Mapping[str, Any]:
        """The fields of an entry, as a problem file has them. Raises KeyError."""
        return _fields(_ENTRIES[id])

    def __iter__(self) -> Iterator[str]:
        return iter(_ENTRIES)

    def __len__(self) -> int:
        return len(_ENTRIES)


catalog = Catalog()
