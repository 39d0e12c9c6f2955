"""Pictures of single formulas: the ratio of two gradients, activations, weights of a moment, the parabola along a gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

BLUE, BROWN, GREEN, GREY = "#1b4f8a", "#b3541e", "#2f6b3a", "0.45"


def _sigmoid(z: Any) -> Any:
    return 0.5 * (1 + np.tanh(z / 2))


def _slope(z: Any) -> Any:
    s = _sigmoid(z)
    return s * (1 - s)


def leader(ink: str) -> dict[str, Any]:
    """The thin line from a label to its curve."""
    return {"arrowstyle": "-", "color": ink, "lw": 0.6, "shrinkB": 3}


def skip_ratio(w: Any, b: Any, h1: Any) -> Any:
    """|∂y/∂w_1| / |∂y*/∂w_1| of the plain chain and the one with skips, σ the sigmoid; both begin with the same h_1."""
    z2 = w * h1 + b
    h2 = _sigmoid(z2)
    z3, z3s = w * h2 + b, w * h2 + h1 + b
    z4, z4s = w * _sigmoid(z3) + b, w * _sigmoid(z3s) + b
    z5 = w * _sigmoid(z4) + b
    z5s = w * _sigmoid(z4s) + _sigmoid(z3s) + b
    plain = w**4 * _slope(z5) * _slope(z4) * _slope(z3) * _slope(z2)
    skips = (w**2 * _slope(z4s) + 1) * (w**2 * _slope(z2) + 1) * _slope(z5s) * _slope(z3s)
    return plain / skips


def skip_bound(w: Any) -> Any:
    """w²/(4+w²) · w²/(4+w²e^{−|w|/4}) · e^{2+w²/16}, which the ratio stays below."""
    return w**2 / (4 + w**2) * w**2 / (4 + w**2 * np.exp(-np.abs(w) / 4)) * np.exp(2 + w**2 / 16)


def draw_skips(figure: Any) -> None:
    """The greatest ratio over b and h_1 (on a fine grid), and its bound; where they reach 1 is marked."""
    axis = figure.subplots()
    w = np.linspace(-3, 3, 241)
    b, h1 = np.linspace(-8, 8, 321)[:, None], np.linspace(0.05, 1, 20)[None, :]
    highest = np.array([skip_ratio(at, b, h1).max() for at in w])
    axis.plot(w, highest, "-", color=BLUE, lw=1.8)
    axis.plot(w, skip_bound(w), "--", color=BROWN, lw=1.5)
    axis.axhline(1, color=GREY, lw=0.9, ls=":")
    for curve, ink, marker in ((highest, BLUE, "o"), (skip_bound(w), BROWN, "s")):
        for low, high in ((-3.0, 0.0), (0.0, 3.0)):
            inside = (w >= low) & (w <= high)
            order = np.argsort(curve[inside])
            at = float(np.interp(1, curve[inside][order], w[inside][order]))
            axis.plot([at], [1], marker, color=ink, ms=5, markerfacecolor="white")
            sign = "{-}" if at < 0 else ""  # no space after the sign
            axis.annotate(rf"$w \approx {sign}{abs(at):.3f}$", (at, 1), textcoords="offset points", xytext=(9 if at < 0 else -9, 6),
                          ha="left" if at < 0 else "right", color=ink, fontsize=8)  # fmt: skip
    axis.set_ylim(0, 2.2)
    axis.set_xlim(-3, 3)
    axis.set_xlabel("$w$")
    axis.set_ylabel(r"$|\partial y/\partial w_1| \;/\; |\partial y^*/\partial w_1|$")
    axis.annotate("bound\n" r"$\frac{w^2}{4+w^2}\cdot\frac{w^2}{4+w^2e^{-|w|/4}}\cdot e^{2+w^2/16}$", (-1.55, float(skip_bound(-1.55))),
                  textcoords="offset points", xytext=(40, 50), color=BROWN, ha="left", arrowprops=leader(BROWN))  # fmt: skip
    axis.annotate("greatest value\nover $b$ and $z_1$", (2.1, float(np.interp(2.1, w, highest))), xytext=(2.45, 0.32), textcoords="data",
                  color=BLUE, ha="center", va="center", arrowprops=leader(BLUE))  # fmt: skip


def draw_activations(figure: Any) -> None:
    """ReLU and softplus; beside them their derivatives."""
    left, right = figure.subplots(1, 2)
    z = np.linspace(-4, 4, 321)
    left.plot(z, np.logaddexp(0, z), "-", color=BLUE, lw=1.8)
    left.plot(z, np.maximum(z, 0), "--", color=BROWN, lw=1.5)
    left.annotate(r"softplus $\ln(1+e^z)$", (-0.3, float(np.logaddexp(0, -0.3))), textcoords="offset points", xytext=(-12, 30), ha="right",
                  color=BLUE, arrowprops=leader(BLUE))  # fmt: skip
    left.annotate(r"ReLU $\max(z, 0)$", (1.5, 1.5), xytext=(1.25, 0.55), textcoords="data", ha="left", color=BROWN,
                  arrowprops=leader(BROWN))  # fmt: skip
    left.plot([0], [np.log(2)], "o", color=BLUE, ms=4)
    left.annotate(r"$\ln 2$", (0, np.log(2)), textcoords="offset points", xytext=(-3, 7), ha="right", color=BLUE)
    right.plot(z, _sigmoid(z), "-", color=BLUE, lw=1.8)
    right.plot([-4, 0], [0, 0], "--", color=BROWN, lw=1.5)
    right.plot([0, 4], [1, 1], "--", color=BROWN, lw=1.5)
    right.plot([0, 0], [0, 1], "o", color=BROWN, ms=5, markerfacecolor="white")
    right.annotate("sigmoid\n$1/(1+e^{-z})$", (-0.6, float(_sigmoid(-0.6))), xytext=(-3.7, 0.6), textcoords="data", ha="left", color=BLUE,
                   arrowprops=leader(BLUE))  # fmt: skip
    right.annotate("derivative of ReLU:\nnone at 0", (0, 0), textcoords="offset points", xytext=(26, 14), color=BROWN, ha="left",
                   arrowprops=leader(BROWN))  # fmt: skip
    left.set_title("functions")
    right.set_title("derivatives")
    for axis in (left, right):
        axis.set_xlabel("$z$")
        axis.set_xlim(-4, 4)
    right.set_ylim(-0.08, 1.12)


def draw_lipschitz(figure: Any) -> None:
    """The circle of all δ of length 1 and what W makes of it; beside it the slopes of three activations with their greatest values."""
    left, right = figure.subplots(1, 2)
    w = np.array([[1.4, 0.6], [0.2, 0.9]])
    turned, sizes, across = np.linalg.svd(w)
    angle = np.linspace(0, 2 * np.pi, 361)
    circle = np.stack([np.cos(angle), np.sin(angle)])
    left.plot(*circle, "--", color=GREY, lw=1.2)
    left.plot(*(w @ circle), "-", color=BLUE, lw=1.8)
    sign = 1 if turned[0, 0] > 0 else -1
    for end, ink, name, at in (
        (sign * sizes[0] * turned[:, 0], BLUE, r"$W v_1$, of length $\sigma_{\max}$", (-6, 19)),
        (sign * across[0], BROWN, "$v_1$", (-8, 4)),
    ):
        left.annotate("", end, (0, 0), arrowprops={"arrowstyle": "->", "color": ink, "lw": 1.5})
        left.annotate(name, end, textcoords="offset points", xytext=at, color=ink, ha="center")
    left.annotate(
        r"$\|\delta\| = 1$",
        (-np.sqrt(0.5), np.sqrt(0.5)),
        textcoords="offset points",
        xytext=(-16, 10),
        ha="center",
        color=GREY,
    )
    left.set_aspect("equal")
    left.set_xlim(-1.9, 2.1)
    left.set_ylim(-1.5, 1.6)
    left.set_title(r"a layer: $\|W\delta\| \leq \sigma_{\max}\|\delta\|$")
    z = np.linspace(-4, 4, 321)
    right.plot([-4, 0], [0, 0], ":", color=GREEN, lw=1.8)
    right.plot([0, 4], [1, 1], ":", color=GREEN, lw=1.8)
    right.plot(z, 1 - np.tanh(z) ** 2, "-", color=BLUE, lw=1.8)
    right.plot(z, _slope(z), "--", color=BROWN, lw=1.5)
    right.plot([0, 0], [1, 0.25], "o", color=BLUE, ms=4)
    right.annotate("ReLU: 1", (2.6, 1), textcoords="offset points", xytext=(0, 6), ha="center", color=GREEN)
    right.annotate("tanh: 1, at 0", (0, 1), textcoords="offset points", xytext=(-8, 4), ha="right", color=BLUE)
    right.annotate(r"sigmoid: $\frac{1}{4}$, at 0", (-2.3, float(_slope(-2.3))), textcoords="offset points", xytext=(-8, 26), ha="center",
                   color=BROWN, arrowprops=leader(BROWN))  # fmt: skip
    right.set_title("activations: the greatest slope")
    right.set_xlabel("$z$")
    right.set_xlim(-4, 4)
    right.set_ylim(-0.08, 1.2)


def draw_moments(figure: Any) -> None:
    """(1 − β2) β2^{t−i} over i, as it is and divided by 1 − β2^t."""
    t = 50
    i = np.arange(1, t + 1)
    # β2, line, marker, colour; for both panels: where its name stands (i, points above), how far its sum is moved up
    looks = (
        (0.9, "-", "o", BLUE, (41, 6), (41, 6), -3, -3),
        (0.99, "--", "s", BROWN, (10, 8), (10, -16), -3, 3),
        (0.999, ":", "^", GREEN, (27, -15), (10, 8), -6, -9),
    )
    for axis, corrected in zip(figure.subplots(1, 2, sharey=True), (False, True), strict=True):
        for beta, line, marker, ink, plain_at, corrected_at, plain_up, corrected_up in looks:
            weights = (1 - beta) * beta ** (t - i) / ((1 - beta**t) if corrected else 1)
            axis.plot(i, weights, ls=line, marker=marker, ms=3, markevery=4, lw=1.2, color=ink, markerfacecolor="white")
            at, up = corrected_at if corrected else plain_at
            axis.annotate(rf"$\beta_2 = {beta}$", (at, weights[at - 1]), textcoords="offset points", xytext=(-4, up),
                          ha="right" if beta == 0.9 else "center", color=ink)  # fmt: skip
            axis.annotate(f"sum {weights.sum():.3g}", (t, weights[-1]), textcoords="offset points",
                          xytext=(5, corrected_up if corrected else plain_up), color=ink, fontsize=8, annotation_clip=False)  # fmt: skip
        formula = r"$(1-\beta_2)\,\beta_2^{t-i}$"
        axis.set_title(rf"in $\hat{{v}}_t$: {formula}$\,/\,(1-\beta_2^t)$" if corrected else rf"in $v_t$: {formula}")
        axis.set_xlabel(f"$i$, with $t = {t}$")
        axis.set_ylim(bottom=-0.012)
    figure.axes[0].set_ylabel("weight of $g_i^2$")


def draw_optimal_step(figure: Any) -> None:
    """f(x0) − ε gᵀg + ½ ε² gᵀHg for H with eigenvalues 1 and 4 and g = (1, 1) in its eigenbasis."""
    axis = figure.subplots()
    eigenvalues, g = np.array([1.0, 4.0]), np.array([1.0, 1.0])
    square, curved = float(g @ g), float(g @ (eigenvalues * g))
    best = square / curved
    epsilon = np.linspace(0, 1.1, 221)
    axis.plot(epsilon, -epsilon * square + epsilon**2 * curved / 2, "-", color=BLUE, lw=1.8)
    axis.plot(epsilon, -epsilon * square, "--", color=GREY, lw=1)
    low, high = 1 / eigenvalues.max(), 1 / eigenvalues.min()
    floor = -1.15
    for at, name in ((low, r"$\frac{1}{\lambda_{\max}}$"), (high, r"$\frac{1}{\lambda_{\min}}$")):
        axis.axvline(at, color=BROWN, lw=1.1, ls=":")
        axis.annotate(
            f"{name}$ = {at:g}$",
            (at, 0.62),
            textcoords="offset points",
            xytext=(-5, 0),
            ha="right",
            color=BROWN,
            fontsize=12,
        )
    axis.annotate(
        "", (low, floor + 0.12), (high, floor + 0.12), arrowprops={"arrowstyle": "<->", "color": BROWN, "lw": 1}
    )
    axis.annotate(
        r"$\epsilon^*$ lies here",
        ((low + high) / 2 + 0.08, floor + 0.12),
        textcoords="offset points",
        xytext=(0, 4),
        color=BROWN,
        ha="center",
    )
    value = -best * square + best**2 * curved / 2
    axis.plot([best], [value], "o", color=BLUE, ms=6, markerfacecolor="white")
    axis.annotate(
        rf"$\epsilon^* = \frac{{g^T g}}{{g^T H g}} = {best:g}$",
        (best, value),
        textcoords="offset points",
        xytext=(10, -30),
        color=BLUE,
        fontsize=12,
    )
    axis.annotate(
        r"$-\epsilon\, g^T g$",
        (0.45, -0.45 * square),
        textcoords="offset points",
        xytext=(-16, -8),
        ha="right",
        color=GREY,
    )
    axis.annotate(r"$-\epsilon\, g^T g + \frac{1}{2}\epsilon^2 g^T H g$", (0.86, -0.86 * square + 0.86**2 * curved / 2), textcoords="offset points",
                  xytext=(-18, 14), color=BLUE, ha="right", arrowprops=leader(BLUE))  # fmt: skip
    axis.set_ylim(floor, 0.85)
    axis.set_xlim(0, 1.1)
    axis.set_xlabel(r"$\epsilon$")
    axis.set_ylabel(r"$f(x_0 - \epsilon g) - f(x_0)$, to second order")
