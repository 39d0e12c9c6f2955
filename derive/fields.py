"""The fields of a problem file: text, lists, tables and numbers, each refused by name when it is something else."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from derive.errors import BadSpec

MAX_POINTS = 1e9


def points_field(data: Mapping[str, Any], what: str) -> float:
    """The points of a question: a number from 0 on. Raises BadSpec."""
    points = data.get("points", 1)
    if isinstance(points, bool) or not isinstance(points, int | float) or not 0 <= points < MAX_POINTS:
        raise BadSpec(f"{what}: points is a number from 0 on, not {points!r}")
    return float(points)


def text_field(data: Mapping[str, Any], name: str, what: str, default: str = "") -> str:
    """A text. Raises BadSpec."""
    value = data.get(name, default)
    if not isinstance(value, str):
        raise BadSpec(f"{what}: {name} is text, not {value!r}")
    return value


def list_field(data: Mapping[str, Any], name: str, what: str) -> list[Any]:
    """A list of anything. Raises BadSpec."""
    value = data.get(name, [])
    if not isinstance(value, list | tuple):
        raise BadSpec(f"{what}: {name} is a list, not {value!r}")
    return list(value)


def texts_field(data: Mapping[str, Any], name: str, what: str) -> tuple[str, ...]:
    """A list of texts. Raises BadSpec."""
    return tuple(text_field({name: value}, name, what) for value in list_field(data, name, what))


def table_field(data: Mapping[str, Any], name: str, what: str) -> Mapping[str, Any]:
    """A table by name. Raises BadSpec."""
    value = data.get(name, {})
    if not isinstance(value, Mapping):
        raise BadSpec(f"{what}: {name} is a table of names, not {value!r}")
    return value


def only_fields(data: Any, fields: set[str], what: str) -> None:
    """Refuse what is no table, or has other fields. Raises BadSpec."""
    if not isinstance(data, Mapping):
        raise BadSpec(f"{what}: a table is expected, got {data!r}")
    for field_name in data:
        if field_name not in fields:
            raise BadSpec(f"{what}: unknown field {field_name!r}{did_you_mean(field_name, fields)}")


def did_you_mean(word: str, known: Any) -> str:
    """The word that comes nearest to an unknown one, to end a sentence with."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def unique(ids: list[str], what: str) -> None:
    """Refuse an id that stands twice. Raises BadSpec."""
    for index, id_ in enumerate(ids):
        if id_ in ids[:index]:
            raise BadSpec(f"two {what}s have the id {id_!r}")
