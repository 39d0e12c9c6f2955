"""Programs whose computation graph is drawn and labelled: system S6."""

from __future__ import annotations

from typing import Any

ENTRIES: list[dict[str, Any]] = [
    {
        "schema": 1,
        "id": "computation-graph",
        "system": "S6",
        "title": "A small program, its computation graph and its partial derivatives",
        "source": "Reverse accumulation (Griewank and Walther, Evaluating Derivatives, 2008, chapter 3)",
        "symbols": {
            "x_0": "real",
            **{name: {"spec": "real", "code": [f"{name}_"]} for name in "abcdef"},
        },
        "part": [
            {
                "name": "program",
                "given": [
                    "x_1 = b x_0 + c",
                    "x_2 = x_0 + x_1 f",
                    r"x_3 = (x_0 - e x_1)^a + \sin(d x_2)",
                    "x_4 = x_3 x_2 + d x_1",
                ],
                "values": ["x_0 = 0.5", *(f"{name} = 1" for name in "abcdef")],
            }
        ],
        "question": [
            {"id": f"by-{name}", "part": "program", "ask": rf"\frac{{\partial x_4}}{{\partial {name}}}"}
            for name in "abcdef"
        ],
    },
]
