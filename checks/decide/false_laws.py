"""Tempting laws that do not hold, each with a point at which it fails. None of them is ever used; all are tested.

Kept in sight so that nobody adds one: what makes each true, where something does, stands in the last column.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FalseLaw:
    """left = right, which fails at `point`; `needs` would make it true."""

    left: str
    right: str
    symbols: str  # names of reals, apart from σ: any function
    point: str
    needs: str = ""


FALSE_LAWS = (
    #        left                             right                                  symbols  fails at                      true for
    FalseLaw(r"\sqrt{x^2}",                   "x",                                   "x",     "x = -1",                     "x ≥ 0"),
    FalseLaw(r"|x|",                          "x",                                   "x",     "x = -1",                     "x ≥ 0"),
    FalseLaw(r"(x^2)^{\frac12}",              "x",                                   "x",     "x = -1",                     "x ≥ 0"),
    FalseLaw(r"(x^y)^z",                      "x^{y z}",                             "x y z", "x = -1, y = 2, z = 1/2",     "x > 0"),
    FalseLaw(r"x^{y^z}",                      "(x^y)^z",                             "x y z", "x = 2, y = 3, z = 2"),
    FalseLaw(r"\sqrt{x + y}",                 r"\sqrt{x} + \sqrt{y}",                "x y",   "x = y = 1"),
    FalseLaw(r"|x + y|",                      "|x| + |y|",                           "x y",   "x = 1, y = -1",              "x y ≥ 0"),
    FalseLaw(r"(x + y)^2",                    "x^2 + y^2",                           "x y",   "x = y = 1"),
    FalseLaw(r"\frac{1}{x + y}",              r"\frac1x + \frac1y",                  "x y",   "x = y = 1"),
    FalseLaw(r"\frac{x + y}{x + z}",          r"\frac{y}{z}",                        "x y z", "x = y = 1, z = 2",           "x = 0"),
    FalseLaw(r"\ln(x + y)",                   r"\ln x + \ln y",                      "x y",   "x = y = 1"),
    FalseLaw(r"\ln(x y)",                     r"\ln(x) \ln(y)",                      "x y",   "x = y = 2"),
    FalseLaw(r"\frac{\ln x}{\ln y}",          r"\ln x - \ln y",                      "x y",   "x = 2, y = 3"),
    FalseLaw(r"\ln(x^2)",                     r"(\ln x)^2",                          "x",     "x = 2"),
    FalseLaw(r"\ln(x^2)",                     r"2 \ln|x| + x - |x|",                 "x",     "x = -1",                     "x > 0"),
    FalseLaw(r"e^{x y}",                      "e^x e^y",                             "x y",   "x = y = 1"),
    FalseLaw(r"e^{x + y}",                    "e^x + e^y",                           "x y",   "x = y = 0"),
    FalseLaw(r"\arcsin(\sin x)",              "x",                                   "x",     "x = 4",                      "|x| ≤ π/2"),
    FalseLaw(r"\arccos(\cos x)",              "x",                                   "x",     "x = -1",                     "0 ≤ x ≤ π"),
    FalseLaw(r"\arctan(\tan x)",              "x",                                   "x",     "x = 4",                      "|x| < π/2"),
    FalseLaw(r"\arctan x + \arctan\frac1x",   r"\frac{\pi}{2}",                      "x",     "x = -1",                     "x > 0"),
    FalseLaw(r"\arctan x + \arctan y",        r"\arctan\frac{x + y}{1 - x y}",       "x y",   "x = y = 2",                  "x y < 1"),
    FalseLaw(r"\sin(x + y)",                  r"\sin x + \sin y",                    "x y",   "x = y = 1"),
    FalseLaw(r"\sin(2x)",                     r"2 \sin x",                           "x",     "x = 1"),
    FalseLaw(r"\sin x",                       r"\sqrt{1 - \cos^2 x}",                "x",     "x = -1",                     "0 ≤ x ≤ π"),
    FalseLaw(r"\tanh(2x)",                    r"2 \tanh x",                          "x",     "x = 1"),
    FalseLaw(r"\sqrt[3]{x}",                  r"\sqrt[6]{x^2}",                      "x",     "x = -1",                     "x ≥ 0"),
    FalseLaw(r"\max(x, y) + z",               r"\max(x, y + z)",                     "x y z", "x = 1, y = z = -1"),
    FalseLaw(r"z \max(x, y)",                 r"\max(z x, z y)",                     "x y z", "x = 1, y = 0, z = -1",       "z ≥ 0"),
    FalseLaw(r"\max(x + y, z)",               r"\max(x, z) + \max(y, z)",            "x y z", "x = y = 1, z = 0"),
    FalseLaw(r"\operatorname{ReLU}(x + y)",   r"\operatorname{ReLU}(x) + \operatorname{ReLU}(y)", "x y", "x = 1, y = -1",  "x y ≥ 0"),
    FalseLaw(r"\operatorname{sign}(x)^2",     "1",                                   "x",     "x = 0",                      "x ≠ 0"),
    FalseLaw(r"\lfloor x + y \rfloor",        r"\lfloor x \rfloor + \lfloor y \rfloor", "x y", "x = y = 1/2",              "x integer"),
    FalseLaw(r"\lfloor -x \rfloor",           r"-\lfloor x \rfloor",                 "x",     "x = 1/2",                    "x integer"),
    FalseLaw(r"\operatorname{sigmoid}(-x)",   r"-\operatorname{sigmoid}(x)",         "x",     "x = 0"),
    FalseLaw(r"\operatorname{sigmoid}'(x)",   r"\operatorname{sigmoid}(x)",          "x",     "x = 0"),
    FalseLaw(r"\operatorname{softplus}(x)",   r"\operatorname{ReLU}(x)",             "x",     "x = 0"),
    FalseLaw(r"\sigma(-x)",                   r"-\sigma(x)",                         "x",     "σ = exp"),
    FalseLaw(r"\sigma(x + y)",                r"\sigma(x) + \sigma(y)",              "x y",   "σ = square"),
    FalseLaw(r"\sigma(x y)",                  r"\sigma(x) \sigma(y)",                "x y",   "σ = exp"),
    FalseLaw(r"\sigma'(x)",                   r"\sigma(x)",                          "x",     "σ = square"),
    FalseLaw(r"\frac{d}{dx} \sigma(x)^2",     r"2 \sigma(x)",                        "x",     "σ = exp"),
    FalseLaw(r"|y| + \sqrt{x^2 y}",           r"y + \sqrt{x^2 y}",                   "x y",   "x = 0, y = -1: √0 = 0", "y ≥ 0"),
)  # fmt: skip

# these differ nowhere: where they are tempting and wrong, one side has no value, and the verdict has to say so
DOMAIN_LAWS = (
    FalseLaw(r"\ln(x^2)",       r"2 \ln x",               "x",     "x = -1",              "x > 0"),
    FalseLaw(r"\ln(x y)",       r"\ln x + \ln y",         "x y",   "x = y = -1",          "x, y > 0"),
    FalseLaw(r"\sqrt{x y}",     r"\sqrt{x} \sqrt{y}",     "x y",   "x = y = -1",          "x, y ≥ 0"),
    FalseLaw(r"\sqrt[4]{x^2}",  r"\sqrt{x}",              "x",     "x = -1",              "x ≥ 0"),
    FalseLaw(r"\frac{x^2}{x}",  "x",                      "x",     "x = 0",               "x ≠ 0"),
    FalseLaw(r"(a b)^c",        "a^c b^c",                "a b c", "a = b = -1, c = 1/2", "a, b > 0"),
)  # fmt: skip
