"""Strings nobody would write, drawn from a seed: what `fuzz.py` and its tests feed to the readers and deciders.

`draw(random)` gives one string: a formula or document of ours mutated, tokens of LaTeX spliced, brackets nested, an
environment cut short, a number without end, or characters at random.
"""

from __future__ import annotations

from random import Random

SYMBOLS = {
    "x": "real", "y": "real", "p": "positive", "u": "between 0 and 1", "n": "integer", "c": "complex", "w_1": "nonzero",
    r"\sigma": "function", "f": "function, increasing",
}  # fmt: skip

FORMULAS = (
    "x + y = y + x",
    r"(x + y)^2 = x^2 + 2 x y + y^2",
    r"\frac{x^2 - y^2}{x - y} = x + y",
    r"\frac{\partial \sigma(x y)}{\partial x} = y \sigma'(x y)",
    r"\frac{d}{dx} \left|x\right| = \frac{x}{\left|x\right|}",
    r"\sqrt{x^2} = |x|",
    r"\sqrt[3]{x^3} = x",
    r"\ln(p^2) = 2 \ln p",
    r"e^{x + y} = e^x e^y",
    r"\sin^2 x + \cos^2 x = 1",
    r"\max(x, y) + \min(x, y) = x + y",
    r"\sum_{k=1}^{n} k = \frac{n (n + 1)}{2}",
    r"\sum_{k=0}^{4} \binom{4}{k} x^k = (1 + x)^4",
    r"\prod_{k=1}^{3} (x + k) = (x + 1)(x + 2)(x + 3)",
    r"\int_0^1 x^2 \, dx = \frac13",
    r"\lim_{x \to 0} \frac{\sin x}{x} = 1",
    r"\begin{cases} x & x \ge 0 \\ -x & \text{otherwise} \end{cases} = |x|",
    r"\mathbb{1}[x > 0] \le 1",
    r"\operatorname{ReLU}(x) = \max(0, x)",
    r"\operatorname{softplus}'(x) = \operatorname{sigmoid}(x)",
    r"f''(w_1 x) w_1^2 = \frac{\partial^2 f(w_1 x)}{\partial x^2}",
    r"c^2 + 1 = (c + i)(c - i)",
    r"0 < u < 1",
    r"x^{y^{2}} \ne 0",
    r"\Gamma(p + 1) = p \Gamma(p)",
    r"\log_2 8 = 3",
    r"\tanh x = \frac{e^{x} - e^{-x}}{e^{x} + e^{-x}}",
    r"\left\lfloor x \right\rfloor \le x",
    r"n! = n (n - 1)!",
    r"2.5 \times 10^{-3} x \cdot y / 7 = \frac{x y}{2800}",
)

DOCUMENTS = (
    "# Homework\n\nLet $y = \\sigma(w x)$. Then $$\\frac{dy}{dx} = w \\sigma'(w x).$$ So $x = 2$.\n",
    "1. $a = b$\n2. \\[ \\begin{aligned} y &= x + 1 \\\\ &= 1 + x \\end{aligned} \\]\n\n```python\nx = 1\n```\n",
    "\\documentclass{article}\\begin{document}\\begin{align} y &= x \\tag{1} \\\\ z &= y \\label{eq:z} \\end{align}\\end{document}",
    '{"cells": [{"cell_type": "markdown", "source": ["$x = y$\\n", "and $$y = x$$"]}], "nbformat": 4}',
    "dy/dx = w * s(z5) * x  (by the chain rule)\n  = w s(z_5) x\n> quoted $x$\n\\(a + b\\) and \\$5\n",
    "\\begin{equation} x = \\begin{cases} 1 & y > 0 \\\\ 0 & \\text{else} \\end{cases} \\end{equation} % comment",
)

TOKENS = (
    *"0123456789xynpuc+-*/=<>()[]{}|^_'!,.;:&~$%#@?\"` \n\t\\",
    r"\frac", r"\dfrac", r"\sqrt", r"\sqrt[3]", r"\left", r"\right", r"\left(", r"\right)", r"\left|", r"\right|", r"\big",
    r"\begin{cases}", r"\end{cases}", r"\begin{aligned}", r"\end{aligned}", r"\begin{", r"\end{", r"\\", "&", r"\text{if }",
    r"\sigma", r"\sigma'", r"\sigma^{(2)}", "f", "f'", "w_1", r"\sin", r"\sin^{-1}", r"\ln", r"\log_", r"\exp", r"\max", r"\Gamma",
    r"\operatorname{ReLU}", r"\operatorname{", r"\operatorname{mod}", r"\partial", r"\frac{d}{dx}", r"\frac{\partial}{\partial x}", "dx",
    r"\nabla", r"\sum_{k=1}^{n}", r"\sum", r"\prod_{k=1}^{3}", r"\int_0^1", r"\int", r"\lim_{x \to 0}", r"\to", r"\infty", r"\pi", "e^",
    r"\cdot", r"\times", r"\div", r"\pm", r"\le", r"\ge", r"\ne", r"\approx", r"\implies", r"\in", r"\forall", r"\mathbb{R}", r"\mathbb{1}",
    r"\binom", r"\binom{4}{2}", r"\hat", r"\mathbf{x}", r"\bar", r"\underbrace{", r"_{", "^{", "}", "{", r"\,", r"\quad", r"\ ",
    r"\lfloor", r"\rfloor", r"\label{a}", r"\tag{1}", r"\color{red}", r"\not", r"\over", r"\choose", r"\limits", r"\prime",
    "$", "$$", r"\[", r"\]", r"\(", r"\)", "```", "# ", "- ", "> ", "²", "³", "½", "√", "∑", "∂", "σ", "′", "−", "·", "≤", "→", "∞", "ŷ",
)  # fmt: skip

ENVIRONMENTS = ("cases", "aligned", "align", "equation", "matrix", "array", "document", "tabular", "verbatim", "dcases")
PAIRS = (("(", ")"), ("{", "}"), (r"\frac{1}{", "}"), (r"\sqrt{", "}"), ("x^{", "}"), ("|", "|"), (r"\sin(", ")"), (r"\left(", r"\right)"),
         (r"\sigma(", ")"), ("-", ""), (r"\begin{cases} ", r" & x > 0 \end{cases}"), (r"\frac{d}{dx} (", ")"), ("x_{", "}"), ("$", "$"))  # fmt: skip


def draw(random: Random) -> str:
    """One string."""
    return random.choice(KINDS)(random)


def mutated(random: Random) -> str:
    """A formula of ours with a few pieces removed, doubled, swapped or put in."""
    return _mutated(random.choice(FORMULAS), random, random.randint(1, 6))


def document(random: Random) -> str:
    """A document of ours, mutated or with formulas put in."""
    text = random.choice(DOCUMENTS)
    if random.random() < 0.5:
        at = random.randrange(len(text))
        text = text[:at] + "$" + mutated(random) + "$" + text[at:]
    return _mutated(text, random, random.randint(1, 10))


def spliced(random: Random) -> str:
    """Two formulas cut anywhere and joined."""
    a, b = random.choice(FORMULAS), random.choice(FORMULAS)
    return a[: random.randrange(len(a) + 1)] + b[random.randrange(len(b) + 1) :]


def tokens(random: Random) -> str:
    """Tokens of LaTeX in no order."""
    return "".join(random.choice(TOKENS) for _ in range(random.randint(1, 25)))


def nested(random: Random) -> str:
    """Something inside itself, often too deep; the closing half may be missing."""
    opening, closing = random.choice(PAIRS)
    depth = random.choice((2, 5, 20, 60, 99, 100, 101, 400))
    inside = random.choice((*FORMULAS, "x", "", tokens(random)))
    return opening * depth + inside + closing * random.choice((depth, depth, depth - 1, depth + 1, 0))


def mixed_nesting(random: Random) -> str:
    """Different things inside each other."""
    chosen = [random.choice(PAIRS) for _ in range(random.randint(2, 40))]
    text = "".join(o for o, _ in chosen) + random.choice(("x", "1", "n", "")) + "".join(c for _, c in reversed(chosen))
    return random.choice(("", "y = ")) + text


def cut_short(random: Random) -> str:
    """An environment that begins and does not end, ends twice, or ends as another."""
    name, other = random.choice(ENVIRONMENTS), random.choice(ENVIRONMENTS)
    rows = r" \\ ".join(
        " & ".join(mutated(random) for _ in range(random.randint(1, 3))) for _ in range(random.randint(1, 3))
    )
    whole = rf"\begin{{{name}}}{rows}\end{{{random.choice((name, name, other))}}}"
    return whole[: random.randrange(len(whole) + 1)] + random.choice(("", "", whole))


def huge(random: Random) -> str:
    """Numbers and powers without end, where a number stands in a formula."""
    number = random.choice(("9" * random.randint(1, 1200), "0." + "0" * random.randint(1, 400) + "1", "10^{10^{10}}", "9^{9^{9^9}}",
                            "10^{-100000}", "1/0", "0^0", "2^{1000000}", f"{random.randint(0, 10**9)}!", "1e999", "(10^{400})^{n}",
                            r"\exp(\exp(\exp(9)))", r"\Gamma(10^9)", r"\binom{10^9}{5 \cdot 10^8}", r"\sin(10^{1000})", "(x+y)^{500}",
                            r"\sum_{k=1}^{10^9} k", r"\prod_{k=1}^{999} (x + k)", "x^{n^{n^n}}", "0.1" * 50))  # fmt: skip
    base = random.choice(FORMULAS)
    places = [i for i, c in enumerate(base) if c.isdigit()] or [0]
    at = random.choice(places)
    return base[:at] + random.choice((f"{{{number}}}", f"({number})", number)) + base[at + 1 :]


def characters(random: Random) -> str:
    """Characters at random, from all of Unicode or the part that is common in formulas."""
    pools = (
        (0, 0x7F),
        (0, 0xFF),
        (0x370, 0x3FF),
        (0x2000, 0x22FF),
        (0x1D400, 0x1D7FF),
        (0, 0x10FFFF),
        (0xD800, 0xDFFF),
        (0x300, 0x36F),
    )
    low, high = random.choice(pools)
    return "".join(chr(random.randint(low, high)) for _ in range(random.randint(1, 40)))


def repeated(random: Random) -> str:
    """One token or piece many times over."""
    piece = random.choice((*TOKENS, random.choice(FORMULAS), tokens(random)[:12]))
    return piece * random.choice((3, 30, 300, 3000 // (len(piece) or 1) + 1))


KINDS = (mutated, mutated, mutated, document, document, spliced, spliced, tokens, tokens, nested, mixed_nesting, cut_short, huge,
         characters, repeated)  # fmt: skip


def _mutated(text: str, random: Random, times: int) -> str:
    for _ in range(times):
        at = random.randrange(len(text) + 1)
        end = min(len(text), at + random.choice((1, 1, 1, 2, 5, 12)))
        match random.randrange(6):
            case 0:
                text = text[:at] + text[end:]
            case 1:
                text = text[:at] + text[at:end] * 2 + text[end:]
            case 2:
                text = text[:at] + random.choice(TOKENS) + text[at:]
            case 3:
                text = text[:at] + random.choice(TOKENS) + text[end:]
            case 4:
                other = random.randrange(len(text) + 1)
                text = text[:at] + text[other : other + end - at] + text[end:]
            case _:
                text = text[:at] + chr(random.choice((random.randrange(128), random.randrange(0x3000)))) + text[at:]
    return text
