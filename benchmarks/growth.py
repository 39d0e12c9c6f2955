"""How the work grows with the formula: softmax, linear chains and unrolled Adam at doubling sizes. Asserts nothing.

    python benchmarks/growth.py [--sympy 8] [--limit 20]

Each row is decided by checks.equal from LaTeX, after one call to warm up, the least of three times; the factor is that to
the row before, and the length that of all the LaTeX given. Up to the size --sympy names, SymPy's simplify is handed the
same difference with all definitions put in, and timed for the decision alone; ≠ marks a wrong no, > one that was stopped
after --limit seconds.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from time import process_time

from pairs import Pair
from peers import Peer

import derive
from checks import equal
from checks.api import setting_of, side_tree
from derive.write import latex


@dataclass(frozen=True, slots=True)
class Case:
    """Two sides over definitions; with `gradient`, the left side is derived by that name first."""

    left: str
    right: str
    symbols: dict[str, str]
    where: dict[str, str] = field(default_factory=dict)
    gradient: str | None = None

    def run(self) -> str:
        """Decide it, and say how."""
        left = self.left
        if self.gradient is not None:
            left = derive.gradient(left, self.gradient, self.symbols, where=self.where)  # type: ignore[assignment]
        verdict = equal(left, self.right, self.symbols, where=self.where)
        return f"{verdict.status} ({verdict.code})"

    def length(self) -> int:
        """The characters given."""
        return sum(map(len, (self.left, self.right, *self.where.values())))


def softmax_sum(n: int) -> Case:
    """Σ p_k = 1, every p_k written out."""
    names, total = _softmax(n)
    return Case("+".join(rf"\frac{{e^{{{z}}}}}{{{total}}}" for z in names), "1", dict.fromkeys(names, "real"))


def softmax_names(n: int) -> Case:
    """Σ p_k = 1 with p_k = e^{z_k}/S, S = Σ e^{z_k} as definitions."""
    names, total = _softmax(n)
    where = {"S": total} | {f"p_{{{k}}}": rf"\frac{{e^{{{z}}}}}{{S}}" for k, z in enumerate(names, 1)}
    return Case("+".join(f"p_{{{k}}}" for k in range(1, n + 1)), "1", dict.fromkeys(names, "real"), where)


def softmax_row(n: int) -> Case:
    """Σ_j ∂p_1/∂z_j = 0 through the same definitions."""
    case = softmax_names(n)
    row = "+".join(rf"\frac{{\partial p_{{1}}}}{{\partial {z}}}" for z in case.symbols)
    return Case(row, "0", case.symbols, case.where)


def _softmax(n: int) -> tuple[list[str], str]:
    names = [f"z_{{{k}}}" for k in range(1, n + 1)]
    return names, "+".join(f"e^{{{z}}}" for z in names)


def chain(n: int) -> Case:
    """∂h_n/∂x of n layers h_k = σ(w h_{k−1}), derived and compared with the product as written by hand."""
    where: dict[str, str] = {}
    for k in range(1, n + 1):
        where[f"z_{{{k}}}"] = rf"w h_{{{k - 1}}}" if k > 1 else "w x"
        where[f"h_{{{k}}}"] = rf"\sigma(z_{{{k}}})"
    by_hand = rf"w^{{{n}}}" + "".join(rf"\sigma'(z_{{{k}}})" for k in range(1, n + 1))
    return Case(f"h_{{{n}}}", by_hand, {"x": "real", "w": "real", r"\sigma": "function"}, where, gradient="x")


def adam_mean(t: int) -> Case:
    """m_t of the recurrence m_k = β m_{k−1} + (1−β) g_k against its closed form."""
    return _moving_average(t, "m", r"\beta", "")


def adam_square(t: int) -> Case:
    """The same of v_t, over squares."""
    return _moving_average(t, "v", r"\gamma", "^2")


def adam_bias(t: int) -> Case:
    """The corrected mean of a constant gradient is that gradient."""
    case = _moving_average(t, "m", r"\beta", "")
    where = {key: formula.replace(f"g_{{{k}}}", "g") for k, (key, formula) in enumerate(case.where.items(), 1)}
    return Case(rf"\frac{{m_{{{t}}}}}{{1-\beta^{{{t}}}}}", "g", {r"\beta": "between 0 and 1", "g": "real"}, where)


def _moving_average(t: int, name: str, beta: str, power: str) -> Case:
    symbols = {beta: "between 0 and 1"} | {f"g_{{{k}}}": "real" for k in range(1, t + 1)}
    where = {f"{name}_{{1}}": rf"(1-{beta})g_{{1}}{power}"}
    for k in range(2, t + 1):
        where[f"{name}_{{{k}}}"] = rf"{beta} {name}_{{{k - 1}}}+(1-{beta})g_{{{k}}}{power}"
    closed = "+".join(rf"{beta}^{{{t - k}}}g_{{{k}}}{power}" for k in range(1, t + 1))
    return Case(f"{name}_{{{t}}}", rf"(1-{beta})({closed})", symbols, where)


TABLES: tuple[tuple[Callable[[int], Case], tuple[int, ...]], ...] = (
    (softmax_sum, (4, 8, 16)),  # written out it is quadratic: 32 terms are more than a formula may have
    (softmax_names, (4, 8, 16, 32)),
    (softmax_row, (4, 8, 16, 32)),
    (chain, (4, 8, 16, 32, 64)),
    (adam_mean, (4, 8, 16, 32, 64)),
    (adam_square, (4, 8, 16, 32, 64)),
    (adam_bias, (4, 8, 16, 32, 64)),
)


def main() -> None:
    """One table for each family."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sympy", type=int, default=8, metavar="SIZE", help="the largest size SymPy is asked")
    parser.add_argument("--limit", type=float, default=20.0, help="seconds SymPy has for a row")
    arguments = parser.parse_args()
    peer = Peer("simplify(a - b) == 0", sys.executable, "sympy_worker.py", how="simplify")
    for family, sizes in TABLES:
        print(f"\n{family.__doc__}")
        print(f"{'n':>5}{'length':>9}{'ms':>9}{'factor':>8}{'SymPy ms':>11}{'ratio':>7}   verdict")
        before: float | None = None
        family(3).run()
        for n in sizes:
            case = family(n)
            seconds, verdict = timed(case)
            factor = f"{seconds / before:8.1f}" if before else " " * 8
            before = seconds
            beside = (
                _beside(peer, case, arguments.limit, seconds)
                if n <= arguments.sympy and not case.gradient
                else " " * 18
            )
            print(f"{n:>5}{case.length():>9}{seconds * 1000:>9.1f}{factor}{beside}   {verdict}")
    peer.end()


def timed(case: Case) -> tuple[float, str]:
    """The least of three times of one process, each at names of its own so that nothing is remembered, and the verdict."""
    taken = []
    for mark in "abc":
        fresh = _renamed(case, mark)
        start = process_time()
        verdict = fresh.run()
        taken.append(process_time() - start)
    return min(taken), verdict


def _renamed(case: Case, mark: str) -> Case:
    """The same over names with a letter in their subscripts, which the caches have not met."""

    def put(text: str) -> str:
        return text.replace("z_{", f"z_{{{mark}").replace("g_{", f"g_{{{mark}")

    where = {put(key): put(formula) for key, formula in case.where.items()}
    return Case(put(case.left), put(case.right), {put(k): s for k, s in case.symbols.items()}, where, case.gradient)


def _beside(peer: Peer, case: Case, limit: float, ours: float) -> str:
    """SymPy's time and its ratio to ours; ∂a/∂b is taken by our differentiator first."""
    setting = setting_of(case.symbols, case.where)
    sides = [latex(setting.program.expanded(side_tree(side, setting))) for side in (case.left, case.right)]
    answer = peer.ask(Pair(sides[0], sides[1], case.symbols, equal=True), limit)
    said = {"yes": " ", "no": "≠", "undecided": ">"}.get(answer.said, "?")
    return f"{answer.seconds * 1000:>10.0f}{said}{answer.seconds / ours:>7.0f}"


if __name__ == "__main__":
    main()
