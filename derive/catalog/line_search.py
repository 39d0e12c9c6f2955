"""Backtracking line search: what a bound of the second derivative says of its steps, and of their number: system S16."""

from __future__ import annotations

from typing import Any

_DECREASE = r"f_0 + \alpha t g^T d"
_SMALL = r"-\frac{g^T d}{m \|d\|_2^2}"
_LARGE = r"-\frac{2 (1 - \alpha) g^T d}{m \|d\|_2^2}"
_COUNT = r"\log_\beta \left(-\frac{g^T d}{m \|d\|_2^2 t}\right)"
# for steps back in whole numbers: \dot{f} for the slope g^T d, q for the squared length
_BOUND = r"-\frac{\dot{f}}{m q}"
_LOGARITHM = r"\log_\beta \left(-\frac{\dot{f}}{m q t}\right)"

ENTRIES: list[dict[str, Any]] = [
    {
        "schema": 1,
        "id": "line-search",
        "system": "S16",
        "title": "Backtracking line search: which steps it accepts, and after how many it stops",
        "source": "Boyd and Vandenberghe, Convex Optimization (2004), section 9.2; Armijo, 1966",
        "symbols": {
            "f_0": {"spec": "real", "latex": ["f_0", "f(x)"]},
            "g": {"spec": "vector n", "latex": ["g", r"\nabla f(x)"]},
            "d": {"spec": "vector n", "latex": ["d", r"\Delta x"]},
            "R": "matrix n n, symmetric positive semidefinite",  # what is left of m I
            "I": "identity n",
            "m": {"spec": "positive", "latex": ["m", "M"]},
            "t": "positive",
            "alpha": "in (0, 0.5]",
            "beta": "between 0 and 1",
            "k": {"spec": "real", "latex": ["k", "x"]},  # steps back: t, beta t, beta^2 t, …
        },
        "part": [
            {
                "name": "step",
                "given": [
                    "H = m I - R",
                    r"F = f_0 + t g^T d + \frac{t^2}{2} d^T H d",
                    r"U = f_0 + t g^T d + \frac{t^2}{2} m \|d\|_2^2",
                ],
                "spelled": {
                    "H": [r"\nabla^2 f(x)", r"\nabla^2 f"],
                    "F": [r"f(x + t \Delta x)", r"f(x + t d)"],
                },
                "conditions": [rf"F \le {_DECREASE}", rf"\beta^k t \le {_SMALL}"],
            },
            {  # of a vector
                "name": "taylor",
                "symbols": {"s": "vector n"},
                "given": ["H = m I - R", r"F_s = f_0 + g^T s + \frac{1}{2} s^T H s"],
                "spelled": {"F_s": ["f(x + s)"], "H": [r"\nabla^2 f(x)", r"\nabla^2 f"]},
            },
            {"name": "count", "symbols": {r"\dot{f}": "negative", "q": "positive"}, "given": [rf"\bar{{t}} = {_BOUND}"]},
        ],
        "question": [
            {"id": "curvature", "part": "step", "claim": r"d^T H d \le m \|d\|_2^2",
             "accepts": [r"H \preceq m I \Rightarrow d^T H d \le m \|d\|_2^2"],
             "rejects": [{"latex": r"d^T H d \le m \|d\|_2", "code": "counterexample", "hint": "the length is squared"},
                         {"latex": r"d^T H d \ge m \|d\|_2^2", "code": "counterexample"}]},
            {"id": "upper-bound", "part": "step", "claim": r"F \le U", "points": 2, "accepts": [r"F \le f_0 + t g^T d + \frac{m t^2}{2} d^T d"],
             "rejects": [{"latex": r"F \le f_0 + t g^T d", "code": "counterexample", "hint": "the term of second order is missing"}]},
            {"id": "accepted", "part": "step", "claim": rf"t \le {_LARGE} \Rightarrow U \le {_DECREASE}", "points": 2,
             "rejects": [{"latex": rf"t \ge {_LARGE} \Rightarrow U \le {_DECREASE}", "code": "counterexample"},
                         {"latex": rf"t \le {_LARGE} \Rightarrow t \le {_SMALL}", "code": "implied-by",
                          "hint": "the smaller bound is enough: it does not follow"}]},
            {"id": "accepted-sooner", "part": "step", "claim": rf"t \le {_SMALL} \Rightarrow U \le {_DECREASE}",
             "rejects": [{"latex": rf"t \le 2 \cdot \left({_SMALL}\right) \Rightarrow U \le {_DECREASE}", "code": "implied-by"}]},
            {"id": "smaller-is-enough", "part": "count", "claim": rf"t \le {_BOUND} \Rightarrow t \le 2 (1 - \alpha) \cdot \left({_BOUND}\right)",
             "rejects": [{"latex": rf"t \le 2 (1 - \alpha) \cdot \left({_BOUND}\right) \Rightarrow t \le {_BOUND}", "code": "implied-by",
                          "hint": "the smaller bound is enough: it does not follow from the larger one"}]},
            {"id": "steps-back", "part": "step", "claim": rf"\beta^k t \le {_SMALL} \Rightarrow k \ge {_COUNT}", "points": 2,
             "accepts": [rf"\beta^k \le -\frac{{g^T d}}{{m \|d\|_2^2 t}} \Rightarrow k \ge {_COUNT}",
                         rf"\beta^k t \le {_SMALL} \Rightarrow k \ge \frac{{1}}{{\ln \beta}} \ln \left(-\frac{{g^T d}}{{m \|d\|_2^2 t}}\right)"],
             "rejects": [{"latex": rf"\beta^k t \le {_SMALL} \Rightarrow k \le {_COUNT}", "code": "counterexample",
                          "hint": "dividing by ln β < 0 turns the sign"}]},
            {"id": "steps-by-number", "part": "count", "claim": rf"\beta^k t \le {_BOUND} \Leftrightarrow k \ge {_LOGARITHM}",
             "rejects": [{"latex": rf"\beta^k t \le {_BOUND} \Rightarrow k \le {_LOGARITHM}", "code": "not-implied",
                          "hint": "dividing by ln β < 0 turns the sign"}]},
            {"id": "enough-steps", "part": "step", "claim": rf"k \ge {_COUNT} \Rightarrow \beta^k t \le {_SMALL}", "points": 2,
             "rejects": [{"latex": rf"k \le {_COUNT} \Rightarrow \beta^k t \le {_SMALL}", "code": "counterexample"}]},
            {"id": "strictly", "part": "step", "claim": rf"\beta^k t < {_SMALL} \Rightarrow k > {_COUNT}",
             "rejects": [{"latex": rf"\beta^k t < {_SMALL} \Rightarrow k < {_COUNT}", "code": "counterexample"}]},
            {"id": "one-fewer", "part": "step", "claim": rf"k < {_COUNT} \Rightarrow \beta^k t > {_SMALL}",
             "rejects": [{"latex": rf"k < {_COUNT} \Rightarrow \beta^k t \le {_SMALL}", "code": "counterexample"}]},
            {"id": "whole-steps", "part": "count", "claim": rf"k = \max(0, \lceil {_LOGARITHM} \rceil) \Rightarrow \beta^k t \le {_BOUND}",
             "rejects": [{"latex": rf"k = \max(0, \lfloor {_LOGARITHM} \rfloor) \Rightarrow \beta^k t \le {_BOUND}", "code": "not-implied",
                          "hint": "a number of steps that is rounded down is too small"}]},
            {"id": "no-step-back", "part": "step", "claim": rf"t \le {_SMALL} \Rightarrow {_COUNT} \le 0",
             "rejects": [{"latex": rf"t \le 2 \cdot \left({_SMALL}\right) \Rightarrow {_COUNT} \le 0", "code": "implied-by"}]},
        ],
    }
]  # fmt: skip
