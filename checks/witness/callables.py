"""A torch callable beside formulas: which of its parameters is which declared name, and its value as a column.

Parameters are matched by name: `w_1` and `w1` are the name w_1, `beta1` is \\beta_1, `lambda_` is \\lambda. If some
parameter without a default matches no name, or the signature cannot be read, the declared names are passed by
position, in the order they were declared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Any

import torch

from checks.witness.torch_backend import Evaluator, Tensor
from derive.errors import BadSpec
from derive.names import GREEK
from derive.tree import Name

_PLACES = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)


@dataclass(frozen=True)
class TorchFunction:
    """A callable with the key of the name that goes into each argument."""

    function: Callable[..., Any]
    positional: tuple[str, ...]
    keywords: tuple[tuple[str, str], ...] = ()  # parameter, key

    @property
    def keys(self) -> tuple[str, ...]:
        """The names it depends on."""
        return (*self.positional, *(key for _, key in self.keywords))

    @property
    def name(self) -> str:
        """What it is called, without an address."""
        return str(getattr(self.function, "__qualname__", type(self.function).__name__))

    def __call__(self, evaluator: Evaluator) -> Tensor:
        """Its column. Raises BadSpec where it answers with something else, or branches on a whole column."""
        columns = {key: evaluator(Name(key)) for key in self.keys}
        try:
            with torch.inference_mode(mode=False), torch.enable_grad():
                answer = self.function(
                    *(columns[k] for k in self.positional), **{p: columns[k] for p, k in self.keywords}
                )
        except RuntimeError as error:
            if "Boolean value of Tensor" not in str(error):
                raise
            raise BadSpec(
                f"{self.name} is called with tensors of shape (N,): write torch.where instead of if"
            ) from error
        return self._column(answer, evaluator.rows)

    def _column(self, answer: Any, rows: int) -> Tensor:
        if isinstance(answer, int | float):
            answer = torch.tensor(float(answer), dtype=torch.float64)
        if not isinstance(answer, torch.Tensor) or tuple(answer.shape) not in ((), (rows,)):
            what = (
                f"a tensor of shape {tuple(answer.shape)}"
                if isinstance(answer, torch.Tensor)
                else type(answer).__name__
            )
            raise BadSpec(f"{self.name} answered with {what}; for tensors of shape (N,) it must answer with shape (N,)")
        return answer


def bound(function: Callable[..., Any], names: Sequence[str], declared: Sequence[str]) -> TorchFunction:
    """A callable bound to names; `declared` are those passed by position, in order. Raises BadSpec if they do not fit."""
    parameters = parameters_of(function)
    if parameters is None:
        return TorchFunction(function, tuple(declared))
    by_plain = {plain(key): key for key in reversed(names)}
    matched = {p.name: by_plain[plain(p.name)] for p in parameters if plain(p.name) in by_plain}
    required = [p for p in parameters if p.default is Parameter.empty]
    if all(p.name in matched for p in required) and matched:
        first = [p for p in parameters if p.kind is Parameter.POSITIONAL_ONLY and p.name in matched]
        rest = [p for p in parameters if p.kind is not Parameter.POSITIONAL_ONLY and p.name in matched]
        return TorchFunction(
            function, tuple(matched[p.name] for p in first), tuple((p.name, matched[p.name]) for p in rest)
        )
    places = [p for p in parameters if p.kind is not Parameter.KEYWORD_ONLY]
    if not len([p for p in required if p in places]) <= len(declared) <= len(places):
        takes = ", ".join(p.name for p in parameters)
        raise BadSpec(f"a callable of ({takes}) does not fit the declared names ({', '.join(declared)})")
    return TorchFunction(function, tuple(declared))


def parameters_of(function: Callable[..., Any]) -> list[Parameter] | None:
    """The parameters; None where only positions are known (a built-in, *args). A module's are those of its `forward`."""
    try:
        found = list(signature(getattr(function, "forward", function)).parameters.values())
    except (TypeError, ValueError):
        return None
    if any(p.kind is Parameter.VAR_POSITIONAL for p in found):
        return None
    return [p for p in found if p.kind in _PLACES]


def specs_of(function: Callable[..., Any]) -> Mapping[str, str]:
    """The parameters without a default, declared as reals: what is meant when no symbols are given."""
    return {spelled(p.name): "real" for p in parameters_of(function) or [] if p.default is Parameter.empty}


def spelled(parameter: str) -> str:
    """The name a parameter stands for: `w1` is w_1, `beta_2` is \\beta_2, `lambda_` is \\lambda."""
    match = re.fullmatch(r"([A-Za-z]+?)_?(\d+)", parameter)
    base, index = match.groups() if match else (parameter.rstrip("_"), "")
    base = "\\" + base if base in GREEK else base
    return f"{base}_{index}" if index else base


def plain(name: str) -> str:
    """A name without what a Python identifier cannot hold: \\beta_{12} and beta12 are `beta12`, z^* is `zstar`."""
    return re.sub(r"[\\{}_^]", "", name.replace("*", "star"))
