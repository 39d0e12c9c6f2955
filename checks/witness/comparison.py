"""One comparison: a closed form and what it should be the derivative of, each evaluated in its own way.

Either may be a formula or a torch callable. The formula of f is differentiated by torch; where the two disagree, a
referee that knows neither torch nor the laws of differentiation rules which is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any
from zlib import crc32

import numpy as np
import torch

from checks.decide.claim import Claim, Setting
from checks.witness.callables import TorchFunction
from checks.witness.differences import NoValue, Ruling, as_float, converged, settle, settle_callable, settle_value
from checks.witness.inputs import Columns
from checks.witness.torch_backend import Evaluator, Tensor, World
from derive.rules import with_named_functions
from derive.symbols import Symbol
from derive.tree import ZERO, Derivative, Name, Node
from derive.write import latex

EPSILON = float(np.finfo(float).eps)
ROUNDING = 32  # times the running error's first-order estimate: autograd orders its operations otherwise
CALLABLE_SPREAD = 64.0  # what the rounding of a callable is taken to be, in units of epsilon × (1 + |value|)
Point = Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Seen:
    """Both values at one row, with the rounding of the closed form in units of epsilon."""

    closed: float
    autograd: float
    spread: float


@dataclass(frozen=True)
class Comparison:
    """A closed form and what it should be the derivative of; `f` with no `wrt` is a formula that holds derivatives."""

    closed: Node | TorchFunction
    f: Node | TorchFunction
    wrt: tuple[str, ...]
    setting: Setting

    @cached_property
    def target(self) -> Node:
        """∂f/∂wrt as a formula; 0 for a callable, which has none."""
        if isinstance(self.f, TorchFunction):
            return ZERO
        tree = with_named_functions(self.f, self.setting.symbols)
        return Derivative(tree, tuple(Name(key) for key in self.wrt)) if self.wrt else tree

    @cached_property
    def formula(self) -> Node:
        """The closed form as a formula; 0 for a callable."""
        return (
            ZERO if isinstance(self.closed, TorchFunction) else with_named_functions(self.closed, self.setting.symbols)
        )

    @cached_property
    def claim(self) -> Claim:
        """The formulas that take part, as a claim: its worlds and general functions are ours."""
        return Claim(self.formula, self.target, self.setting)

    @cached_property
    def inputs(self) -> tuple[Symbol, ...]:
        """The names values are needed for."""
        keys = dict.fromkeys(symbol.key for symbol in self.claim.inputs)
        callables = (side for side in (self.closed, self.f) if isinstance(side, TorchFunction))
        wanted = [*self.wrt, *(key for side in callables for key in side.keys)]
        for key in wanted:
            keys.update(dict.fromkeys(self.setting.named.inputs(Name(key))))
        return tuple(self.setting.symbol(key) for key in keys)

    @cached_property
    def seed(self) -> int:
        """A number that depends on what is compared and nothing else."""
        sides = [side.name if isinstance(side, TorchFunction) else latex(side) for side in (self.closed, self.f)]
        needed = self.setting.named.needed(self.target)
        definitions = [f"{key}={latex(tree)}" for key, tree in needed.items()]
        domains = [f"{symbol.key}: {symbol.describe()}" for symbol in self.inputs]
        return crc32("\n".join([*sides, *self.wrt, *definitions, *domains]).encode())

    def by_autograd(self, columns: Columns, world: World) -> tuple[Tensor, Tensor]:
        """The derivative torch finds, NaN where f has no finite value, and the rows at a kink."""
        evaluator = Evaluator(columns, self.setting.named, world, differentiable=True)
        if isinstance(self.f, TorchFunction):
            value = self.f(evaluator)
            found, defined = evaluator.derivative(value, self.wrt), torch.isfinite(value.detach())
        else:
            found, defined = evaluator(self.target), evaluator.defined(self.target)
        return torch.where(defined, found.detach(), torch.nan), evaluator.kinks(self.target)

    def by_formula(self, columns: Columns, world: World) -> tuple[Tensor, Tensor]:
        """The closed form, and how far rounding may have moved it in units of epsilon."""
        evaluator = Evaluator(columns, self.setting.named, world)
        if isinstance(self.closed, TorchFunction):
            value = self.closed(evaluator).detach().expand(evaluator.rows)
            return value, CALLABLE_SPREAD * (1 + abs(value))
        return evaluator(self.formula).detach(), evaluator.spread(self.formula)

    def settled(self, point: Point, world: World, seen: Seen) -> Ruling:
        """Which side is right where they disagree."""
        program = self.setting.named
        if isinstance(self.f, TorchFunction):
            return self._settled_by_values(point, world, seen)
        if isinstance(self.closed, TorchFunction):
            return settle_value(seen.closed, ROUNDING * EPSILON * seen.spread, self.target, point, program, world)
        return settle(self.formula, self.target, point, program, world)

    def _settled_by_values(self, point: Point, world: World, seen: Seen) -> Ruling:
        *inner, last = self.wrt
        closed, slack = seen.closed, ROUNDING * EPSILON * seen.spread
        if not isinstance(self.closed, TorchFunction):
            try:
                closed, slack = as_float(converged(self.formula, point, self.setting.named, world)), 0.0
            except NoValue as reason:
                return Ruling(reason.finding)
        at = float(Evaluator(_repeated(point, 1), self.setting.named, world)(Name(last))[0])

        def along(column: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
            return self._moved(point, world, last, tuple(inner), column)

        return settle_callable(closed, seen.autograd, slack, along, at)

    def _moved(
        self, point: Point, world: World, key: str, inner: tuple[str, ...], column: np.ndarray[Any, Any]
    ) -> np.ndarray[Any, Any]:
        """The callable f (or all but the last of its derivatives) as one name moves."""
        assert isinstance(self.f, TorchFunction)
        columns = {**_repeated(point, len(column)), key: column}
        evaluator = Evaluator(columns, self.setting.named, world, differentiable=bool(inner))
        values = self.f(evaluator)
        moved = evaluator.derivative(values, inner) if inner else values
        return np.asarray(moved.detach().expand(len(column)), dtype=np.float64)


def _repeated(point: Point, rows: int) -> dict[str, np.ndarray[Any, Any]]:
    return {key: np.full(rows, float(value)) for key, value in point.items()}
