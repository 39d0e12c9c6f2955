"""Arguments of the wrong type are refused in a sentence, never by an error from inside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import checks
import derive
from derive import BadSpec

REAL = {"x": "real"}
WRONG: list[tuple[Callable[[], Any], str]] = [
    (lambda: checks.holds(True), "not bool"),
    (lambda: checks.holds("x = x", REAL, where=3), "not int"),
    (lambda: checks.equal("x", "x", [("x", "real")]), "not list"),
    (lambda: checks.equal("x", "x", "x=real"), "not str"),
    (lambda: checks.equal("x", "x", {3: "real"}), "names of symbols"),
    (lambda: checks.equal("x", "x", REAL, where=["p"]), "not list"),
    (lambda: checks.equal("x", "x", REAL, where={"p": 3}), "not int"),
    (lambda: checks.equal("x", "x", REAL, where={3: "x"}), "not int"),
    (lambda: checks.equal(None, "x", REAL), "not NoneType"),
    (lambda: checks.equal(1.5, "x", REAL), "not float"),
    (lambda: checks.equal(["x"], "x", REAL), "not list"),
    (lambda: checks.step(1, 2, REAL), "not int"),
    (lambda: derive.parse(b"x", REAL), "not bytes"),
    (lambda: derive.gradient(3, "x", REAL), "not int"),
    (lambda: derive.gradient("x", None, REAL), "not by NoneType"),
    (lambda: derive.gradient("x", ["x", None], REAL), "not NoneType"),
]


@pytest.mark.parametrize(("call", "said"), WRONG)
def test_arguments_of_the_wrong_type_are_refused_in_a_sentence(call: Callable[[], Any], said: str) -> None:
    with pytest.raises(BadSpec, match=said):
        call()
