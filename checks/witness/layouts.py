"""What a derivative is in every layout: which entry of it is which derivative of which entry of f.

    gradient                      shape of the variable, f a scalar
    jacobian                      ∂f_i/∂x_j; of a scalar the gradient transposed
    jacobian-transposed           the same transposed
    hessian, second-derivative    ∂²f/∂x_i∂x_j, of a matrix by vec
    derivative                    by a scalar, shape of f
    vjp                           Σ G_ij ∂f_ij/∂X, G the upstream gradient
    vec-jacobian                  ∂vec f/∂(vec X)ᵀ
    differential                  f'(X)[dX], shape of f
    entry                         ∂f/∂X_kl
    gradient-symmetric-entries    by the entries of a symmetric X: G + Gᵀ − diag G
    gradient-symmetric-projection (G + Gᵀ)/2
    gradient-diagonal-entries     by the diagonal of a diagonal X

One table for both witnesses: each entry is a linear form in the Jacobian (or the second derivatives) of f.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

from checks.decide.arrays.draws import Draw
from checks.witness.torch_arrays import Arrays, Tensor
from derive.errors import BadSpec, NoRule
from derive.matrix.nodes import ArrayName, Entry
from derive.program import Program
from derive.read import read
from derive.symbols import Symbol, SymbolTable
from derive.tree import Name, Node

LAYOUTS = (
    "gradient", "jacobian", "jacobian-transposed", "hessian", "second-derivative", "derivative", "vjp", "vec-jacobian",
    "differential", "entry", "gradient-symmetric-entries", "gradient-symmetric-projection", "gradient-diagonal-entries",
)  # fmt: skip
SECOND_ORDER = frozenset({"hessian", "second-derivative"})
MAX_COMPONENTS = 400


def named(symbol: Symbol) -> Node:
    """A declared name as a formula."""
    if symbol.shape is None:
        return Name(symbol.key)
    return ArrayName(symbol.key, symbol.shape, symbol.properties, symbol.role, symbol.of)


@dataclass(frozen=True)
class Target:
    """The derivative that is wanted; `beside` are names it needs besides: the upstream gradient, the differential."""

    variable: Node  # ArrayName or Name
    layout: str
    beside: Node | None = None
    indices: tuple[Node, ...] = ()

    @classmethod
    def of(cls, wrt: str, layout: str, table: SymbolTable) -> Target:
        """Raises BadSpec where the layout wants what is not declared, Unreadable."""
        written = named(table[wrt]) if wrt in table else read(wrt, table).tree
        variable, indices = (written.operand, written.indices) if isinstance(written, Entry) else (written, ())
        if not isinstance(variable, ArrayName | Name):
            raise BadSpec(f"{wrt} is no declared variable")
        role = {"vjp": "upstream", "differential": "differential"}.get(layout)
        beside = None
        if role:
            keys = [s.key for s in table.values() if s.role == role and (role == "upstream" or s.of == variable.key)]
            if len(keys) != 1:
                raise BadSpec(f"the layout {layout} wants one name declared as {role}, found {len(keys)}")
            beside = read(keys[0], table).tree
        return cls(variable, layout, beside, indices)

    @property
    def key(self) -> str:
        return self.variable.names[0]

    @property
    def names(self) -> tuple[Node, ...]:
        """What has to be drawn for it."""
        return tuple(n for n in (self.variable, self.beside, *self.indices) if n is not None)


def by_autograd(
    target: Target, f: Node, given: Mapping[str, Tensor], draw: Draw, program: Program, choice: Mapping[str, int]
) -> Tensor:
    """The derivative on a batch in the layout wanted. Raises NoRule."""
    with torch.inference_mode(mode=False), torch.enable_grad():
        x = given[target.key].clone().requires_grad_()
        at = Arrays({**given, target.key: x}, draw.sizes, program, draw.world, choice)
        value = at.value(f).expand(len(x), -1, -1)
        first = jacobian(value, x)
        if target.layout in SECOND_ORDER:
            return _second(target, first, x).detach()
        found = _FIRST[target.layout](first, target, at).detach()
        return torch.where(torch.isfinite(value).all(dim=(1, 2))[:, None, None], found, torch.nan)


def jacobian(value: Tensor, x: Tensor) -> Tensor:
    """(B, rows of f, columns of f, rows of x, columns of x), itself differentiable."""
    count = value.shape[1] * value.shape[2]
    if count > MAX_COMPONENTS:
        raise NoRule("a Jacobian of more entries than are compared")
    flat = value.reshape(len(x), count)
    slopes = [_slope(flat[:, k].sum(), x) for k in range(count)]
    return torch.stack(slopes, 1).reshape(len(x), value.shape[1], value.shape[2], *x.shape[1:])


def _slope(total: Tensor, x: Tensor) -> Tensor:
    if not total.requires_grad:
        return torch.zeros_like(x)
    (found,) = torch.autograd.grad(total, x, create_graph=True, allow_unused=True)
    return torch.zeros_like(x) if found is None else found


def _second(target: Target, first: Tensor, x: Tensor) -> Tensor:
    if target.layout == "second-derivative":
        value = first[..., 0, 0]
        return jacobian(value, x)[..., 0, 0]
    _scalar(first, target.layout)
    gradient = first[:, 0, 0].mT.reshape(len(x), -1, 1)
    return _by_vec(jacobian(gradient, x))


def _scalar(first: Tensor, layout: str) -> None:
    if first.shape[1:3] != (1, 1):
        raise NoRule(f"the layout {layout} is one of scalars")


def _gradient(first: Tensor, target: Target, _: Arrays) -> Tensor:
    _scalar(first, target.layout)
    return first[:, 0, 0]


def _jacobian(first: Tensor, *_: Any) -> Tensor:
    b, r, c, n, m = first.shape
    if r == c == 1:
        return first[:, 0, 0].mT
    if n == m == 1:
        return first[..., 0, 0]
    if 1 in (r, c) and 1 in (n, m):
        return first.reshape(b, r * c, n * m)
    raise NoRule("a Jacobian that is no matrix")


def _by_vec(first: Tensor) -> Tensor:
    """∂vec f/∂(vec X)ᵀ, columns stacked."""
    b, r, c, n, m = first.shape
    return first.permute(0, 2, 1, 4, 3).reshape(b, r * c, n * m)


def _derivative(first: Tensor, *_: Any) -> Tensor:
    if first.shape[3:] != (1, 1):
        raise NoRule("the layout derivative is one by a scalar")
    return first[..., 0, 0]


def _vjp(first: Tensor, target: Target, at: Arrays) -> Tensor:
    assert target.beside is not None
    upstream = at.value(target.beside).expand(len(first), -1, -1)
    if upstream.shape[1:] != first.shape[1:3]:
        raise NoRule("the upstream gradient has another shape than f")
    return torch.einsum("brc,brcnm->bnm", upstream, first)


def _differential(first: Tensor, target: Target, at: Arrays) -> Tensor:
    assert target.beside is not None
    return torch.einsum("bnm,brcnm->brc", at.value(target.beside).expand(len(first), -1, -1), first)


def _entry(first: Tensor, target: Target, at: Arrays) -> Tensor:
    _scalar(first, target.layout)
    return at.entry(first[:, 0, 0], [at.counted(index) - 1 for index in target.indices])


def _symmetric_entries(first: Tensor, target: Target, at: Arrays) -> Tensor:
    g = _gradient(first, target, at)
    return g + g.mT - torch.diag_embed(torch.diagonal(g, dim1=1, dim2=2))


def _symmetric_projection(first: Tensor, target: Target, at: Arrays) -> Tensor:
    g = _gradient(first, target, at)
    return (g + g.mT) / 2


def _diagonal_entries(first: Tensor, target: Target, at: Arrays) -> Tensor:
    return torch.diag_embed(torch.diagonal(_gradient(first, target, at), dim1=1, dim2=2))


_FIRST: dict[str, Any] = {
    "gradient": _gradient,
    "jacobian": _jacobian,
    "jacobian-transposed": lambda first, target, at: _jacobian(first, target, at).mT,
    "derivative": _derivative,
    "vjp": _vjp,
    "vec-jacobian": lambda first, *_: _by_vec(first),
    "differential": _differential,
    "entry": _entry,
    "gradient-symmetric-entries": _symmetric_entries,
    "gradient-symmetric-projection": _symmetric_projection,
    "gradient-diagonal-entries": _diagonal_entries,
}

# an entry (row, column) of the derivative: the entry of f it is of, and directions it is taken in; None is all of f by G
Direction = dict[tuple[int, int], Any]


def directions(
    target: Target, entry: tuple[int, int], shape: tuple[int, int], by: tuple[int, int], *, places: tuple[int, ...] = ()
) -> tuple[tuple[int, int] | None, tuple[Direction, ...]]:
    """Which entry of f (None: paired with the upstream gradient), differentiated in which directions in turn.

    `shape` is that of f, `by` that of the variable. An empty direction gives 0.
    """
    i, j = entry
    rows, n = shape[0], by[0]
    of_f = (0, 0)
    match target.layout:
        case "gradient" | "vjp":
            return (None if target.layout == "vjp" else of_f), ({(i, j): 1},)
        case "jacobian" | "jacobian-transposed":
            if target.layout == "jacobian-transposed":
                i, j = j, i
            if shape == (1, 1):
                return of_f, ({(j, i): 1},)
            if by == (1, 1):
                return (i, j), ({(0, 0): 1},)
            return divmod(i, shape[1]), ({divmod(j, by[1]): 1},)
        case "hessian":
            return of_f, ({(i % n, i // n): 1}, {(j % n, j // n): 1})
        case "second-derivative":
            return (i, j), ({(0, 0): 1}, {(0, 0): 1})
        case "derivative":
            return (i, j), ({(0, 0): 1},)
        case "vec-jacobian":
            return (i % rows, i // rows), ({(j % n, j // n): 1},)
        case "differential":
            return (i, j), ()
        case "entry":
            where = (places[0] - 1, places[1] - 1) if len(places) == 2 else (places[0] - 1, 0)
            return of_f, ({where: 1},)
        case "gradient-symmetric-entries":
            return of_f, ({(i, j): 1, (j, i): 1},)
        case "gradient-symmetric-projection":
            return of_f, ({(i, j): 1, (j, i): 1} if i == j else {(i, j): 0.5, (j, i): 0.5},)
    return of_f, ({(i, j): 1} if i == j else {},)
