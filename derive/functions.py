"""The elementary functions: one row each, from which reading, printing, differentiation and evaluation follow.

A row names the function's LaTeX (its spellings, the first one printed), its derivative in our own notation with `u` as
the argument, and, where it has one, its definition through other rows (the canonical form works on that). The SymPy
class is a column; what a backend needs besides (torch, balls) stands with the backend and is keyed by these names.
Derivatives: Abramowitz & Stegun 4.2–4.6, and by the chain rule for the definitions of deep learning.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Function:
    """One elementary function of one variable."""

    name: str
    spellings: tuple[str, ...]
    derivative: str
    definition: str = ""  # through exp, log and rational operations; empty for the primitive ones
    sympy: str = ""
    increasing: bool = False


_ROWS = (
    #        name        spellings                                          derivative                definition                      sympy
    Function("exp",      (r"\exp",),                                        r"\exp(u)",               "",                             "exp", increasing=True),
    Function("log",      (r"\ln", r"\log"),                                 r"\frac{1}{u}",           "",                             "log", increasing=True),
    Function("sin",      (r"\sin",),                                        r"\cos(u)",               "",                             "sin"),
    Function("cos",      (r"\cos",),                                        r"-\sin(u)",              "",                             "cos"),
    Function("tan",      (r"\tan",),                                        r"\frac{1}{\cos(u)^2}",   r"\frac{\sin(u)}{\cos(u)}",     "tan"),
    Function("arcsin",   (r"\arcsin",),                                     r"\frac{1}{\sqrt{1-u^2}}", "",                            "asin", increasing=True),
    Function("arccos",   (r"\arccos",),                                     r"-\frac{1}{\sqrt{1-u^2}}", "",                           "acos"),
    Function("arctan",   (r"\arctan",),                                     r"\frac{1}{1+u^2}",       "",                             "atan", increasing=True),
    Function("sinh",     (r"\sinh",),                                       r"\cosh(u)",              r"\frac{\exp(u)-\exp(-u)}{2}",  "sinh", increasing=True),
    Function("cosh",     (r"\cosh",),                                       r"\sinh(u)",              r"\frac{\exp(u)+\exp(-u)}{2}",  "cosh"),
    Function("tanh",     (r"\tanh",),                                       r"1-\tanh(u)^2",          r"\frac{\exp(2u)-1}{\exp(2u)+1}", "tanh", increasing=True),
    Function("sigmoid",  (r"\operatorname{sigmoid}",),                      r"\operatorname{sigmoid}(u)(1-\operatorname{sigmoid}(u))", r"\frac{1}{1+\exp(-u)}", increasing=True),
    Function("softplus", (r"\operatorname{softplus}",),                     r"\operatorname{sigmoid}(u)", r"\ln(1+\exp(u))",          increasing=True),
    Function("identity", (r"\operatorname{id}",),                           r"1",                     r"u",                           increasing=True),
)  # fmt: skip

FUNCTIONS: dict[str, Function] = {row.name: row for row in _ROWS}
# every spelling a formula may use: commands, and words set upright by \operatorname, \mathrm, \text
SPELLED: dict[str, str] = {s: row.name for row in _ROWS for s in row.spellings} | {
    rf"\operatorname{{{word}}}": row.name
    for row in _ROWS
    for word in {row.name, *(s.strip("\\") for s in row.spellings)}
}
INVERSES = {"sin": "arcsin", "cos": "arccos", "tan": "arctan"}  # what \sin^{-1} means
