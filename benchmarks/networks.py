"""Four networks as formulas, as NumPy a person writes with its backward pass, and as torch: what emitted code is held against.

Each hand-written function returns the derivatives by the names of `wrt`, from the arguments by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = Any


@dataclass(frozen=True)
class Network:
    """A network: symbols, definitions, the name that is differentiated, by what; sizes to measure; two other versions."""

    symbols: Mapping[str, str]
    where: Mapping[str, str]
    f: str
    wrt: tuple[str, ...]
    sizes: tuple[Mapping[str, int], ...]
    by_hand: Callable[..., tuple[Array, ...]]
    in_torch: Callable[..., Any]

    def inputs(self, sizes: Mapping[str, int], seed: int = 0) -> dict[str, Array]:
        """Random arguments of these sizes; rows of a matrix Y are one-hot."""
        random = np.random.default_rng(seed)
        found: dict[str, Array] = {}
        for name, spec in self.symbols.items():
            kind, *axes = spec.split(",")[0].split()
            shape = tuple(sizes[axis] for axis in axes)
            if kind in {"ones", "dimension"}:
                continue
            found[name] = (
                np.eye(shape[1])[random.integers(0, shape[1], shape[0])] if name == "Y" else random.normal(size=shape)
            )
            if kind == "positive":
                found[name] = np.float64(1e-5)
            if name.startswith("W"):
                found[name] /= np.sqrt(shape[0])
        return found


def _classifier(X: Array, W_1: Array, W_2: Array, b_1: Array, b_2: Array, Y: Array) -> tuple[Array, ...]:
    Z = X @ W_1 + b_1
    H = np.maximum(Z, 0)
    S = H @ W_2 + b_2
    E = np.exp(S - S.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    dS = (P - Y) / len(X)
    dZ = (dS @ W_2.T) * (Z > 0)
    return X.T @ dZ, dZ.sum(axis=0), H.T @ dS, dS.sum(axis=0)


def _classifier_torch(torch: Any, X: Any, W_1: Any, W_2: Any, b_1: Any, b_2: Any, Y: Any) -> Any:
    S = torch.relu(X @ W_1 + b_1) @ W_2 + b_2
    return -(Y * torch.log_softmax(S, 1)).sum() / len(X)


def _residual(X: Array, W_1: Array, W_2: Array, b_1: Array, b_2: Array, T: Array) -> tuple[Array, ...]:
    Z = X @ W_1 + b_1
    H = np.maximum(Z, 0)
    dO = X + H @ W_2 + b_2 - T
    dZ = (dO @ W_2.T) * (Z > 0)
    return dO + dZ @ W_1.T, X.T @ dZ, dZ.sum(axis=0), H.T @ dO, dO.sum(axis=0)


def _residual_torch(torch: Any, X: Any, W_1: Any, W_2: Any, b_1: Any, b_2: Any, T: Any) -> Any:
    O = X + torch.relu(X @ W_1 + b_1) @ W_2 + b_2
    return ((O - T) ** 2).sum() / 2


def _layer_norm(X: Array, gamma: Array, beta: Array, epsilon: float, G: Array) -> tuple[Array, ...]:  # noqa: ARG001
    C = X - X.mean(axis=1, keepdims=True)
    scale = 1 / np.sqrt((C * C).mean(axis=1, keepdims=True) + epsilon)
    N = C * scale
    dN = G * gamma
    dX = scale * (dN - dN.mean(axis=1, keepdims=True) - N * (dN * N).mean(axis=1, keepdims=True))
    return dX, (G * N).sum(axis=0), G.sum(axis=0)


def _layer_norm_torch(torch: Any, X: Any, gamma: Any, beta: Any, epsilon: Any, G: Any) -> Any:
    return (G * torch.nn.functional.layer_norm(X, X.shape[1:], gamma, beta, float(epsilon))).sum()


def _attention(Q: Array, K: Array, V: Array, G: Array) -> tuple[Array, ...]:
    scale = 1 / np.sqrt(Q.shape[1])
    S = Q @ K.T * scale
    E = np.exp(S - S.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    dP = G @ V.T
    dS = P * (dP - (dP * P).sum(axis=1, keepdims=True)) * scale
    return dS @ K, dS.T @ Q, P.T @ G


def _attention_torch(torch: Any, Q: Any, K: Any, V: Any, G: Any) -> Any:
    return (G * (torch.softmax(Q @ K.T / Q.shape[1] ** 0.5, 1) @ V)).sum()


NETWORKS: dict[str, Network] = {
    "classifier": Network(
        {
            "X": "matrix m n", "W_1": "matrix n h", "W_2": "matrix h k", "b_1": "vector h", "b_2": "vector k",
            "Y": "matrix m k", r"\mathbf{1}": "ones m", "m": "dimension",
        },
        {
            "Z": r"X W_1 + \mathbf{1} b_1^T",
            "H": r"\operatorname{ReLU}(Z)",
            "S": r"H W_2 + \mathbf{1} b_2^T",
            "P": r"\operatorname{softmax}(S)",
            "L": r"-\frac{1}{m} \operatorname{tr}(Y^T \log(P))",
        },
        "L", ("W_1", "b_1", "W_2", "b_2"),
        ({"m": 8, "n": 10, "h": 16, "k": 5}, {"m": 64, "n": 100, "h": 128, "k": 10}, {"m": 256, "n": 784, "h": 512, "k": 10}),
        _classifier, _classifier_torch,
    ),
    "residual block": Network(
        {
            "X": "matrix m n", "W_1": "matrix n h", "W_2": "matrix h n", "b_1": "vector h", "b_2": "vector n",
            "T": "matrix m n", r"\mathbf{1}": "ones m",
        },
        {
            "Z": r"X W_1 + \mathbf{1} b_1^T",
            "H": r"\max(0, Z)",
            "O": r"X + H W_2 + \mathbf{1} b_2^T",
            "L": r"\frac{1}{2} \|O - T\|_F^2",
        },
        "L", ("X", "W_1", "b_1", "W_2", "b_2"),
        ({"m": 8, "n": 16, "h": 16}, {"m": 64, "n": 64, "h": 128}, {"m": 256, "n": 512, "h": 512}),
        _residual, _residual_torch,
    ),
    "layer normalisation": Network(
        {
            "X": "matrix m n", r"\gamma": "vector n", r"\beta": "vector n", r"\varepsilon": "positive", "G": "matrix m n",
            r"\mathbf{1}": "ones n", r"\mathbf{1}_m": "ones m", "n": "dimension",
        },
        {
            r"\mu": r"\frac{1}{n} X \mathbf{1}",
            "C": r"X - \mu \mathbf{1}^T",
            "v": r"\frac{1}{n} (C \odot C) \mathbf{1}",
            "s": r"\sqrt{v + \varepsilon \mathbf{1}_m}",
            "N": r"C \oslash (s \mathbf{1}^T)",
            "O": r"N \odot (\mathbf{1}_m \gamma^T) + \mathbf{1}_m \beta^T",
            "L": r"\operatorname{tr}(G^T O)",
        },
        "L", ("X", r"\gamma", r"\beta"),
        ({"m": 8, "n": 16}, {"m": 64, "n": 128}, {"m": 512, "n": 512}),
        _layer_norm, _layer_norm_torch,
    ),
    "attention": Network(
        {"Q": "matrix m d", "K": "matrix n d", "V": "matrix n k", "G": "matrix m k", "d": "dimension"},
        {
            "S": r"\frac{Q K^T}{\sqrt{d}}",
            "P": r"\operatorname{softmax}(S)",
            "O": "P V",
            "L": r"\operatorname{tr}(G^T O)",
        },
        "L", ("Q", "K", "V"),
        ({"m": 8, "n": 8, "d": 8, "k": 8}, {"m": 64, "n": 64, "d": 32, "k": 32}, {"m": 512, "n": 512, "d": 64, "k": 64}),
        _attention, _attention_torch,
    ),
}  # fmt: skip
