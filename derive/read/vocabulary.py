"""What the commands of LaTeX and the signs of Unicode mean to the reader: tables only."""

from __future__ import annotations

RELATIONS: dict[str, str] = {
    "=": "=", ":=": "=", r"\equiv": "=", r"\coloneqq": "=", "=:": "=:", r"\eqqcolon": "=:", r"\triangleq": "=",
    r"\ne": r"\ne", r"\neq": r"\ne",
    "<": "<", r"\lt": "<", ">": ">", r"\gt": ">",
    r"\le": r"\le", r"\leq": r"\le", r"\leqslant": r"\le",
    "<=": r"\le", ">=": r"\ge", "==": "=",
    r"\ge": r"\ge", r"\geq": r"\ge", r"\geqslant": r"\ge",
    r"\ll": r"\ll", r"\gg": r"\gg",
    r"\preceq": r"\preceq", r"\preccurlyeq": r"\preceq", r"\succeq": r"\succeq", r"\succcurlyeq": r"\succeq",
    r"\prec": r"\prec", r"\succ": r"\succ",
    r"\in": r"\in", r"\approx": r"\approx", r"\simeq": r"\approx", r"\sim": r"\approx",
}  # fmt: skip
LONG_ARROWS: dict[str, str] = {  # with what is said of the step written over them
    r"\xrightarrow": r"\Rightarrow", r"\xRightarrow": r"\Rightarrow",
    r"\xLeftrightarrow": r"\Leftrightarrow", r"\xleftrightarrow": r"\Leftrightarrow",
}  # fmt: skip
ARROWS: dict[str, str] = {
    "=>": r"\Rightarrow", "<=>": r"\Leftrightarrow",
    r"\Rightarrow": r"\Rightarrow", r"\implies": r"\Rightarrow", r"\Longrightarrow": r"\Rightarrow",
    r"\rightarrow": r"\Rightarrow", r"\to": r"\Rightarrow", r"\longrightarrow": r"\Rightarrow",
    r"\Leftarrow": r"\Leftarrow", r"\impliedby": r"\Leftarrow",
    r"\Leftrightarrow": r"\Leftrightarrow", r"\iff": r"\Leftrightarrow", r"\Longleftrightarrow": r"\Leftrightarrow",
}  # fmt: skip
OPERATORS: dict[str, str] = {
    "+": "PLUS", "-": "MINUS", "/": "SLASH", "*": "DOT", ",": "_COMMA", "!": "_BANG", r"\%": "_PERCENT",
    r"\pm": "PLUSMINUS", r"\mp": "MINUSPLUS", r"\bmod": "MOD", r"\mod": "MOD",
    r"\lor": "OR", r"\vee": "OR", r"\land": "AND", r"\wedge": "AND",
    r"\cdot": "DOT", r"\times": "DOT", r"\div": "SLASH", r"\bullet": "DOT", r"\ast": "DOT",
}  # fmt: skip
OPENERS: dict[str, str] = {
    "(": "(", "[": "[", r"\{": r"\{", r"\lbrace": r"\{", r"\lbrack": "[", r"\lvert": "|", r"\lparen": "(", r"\lfloor": "floor", r"\lceil": "ceil",
    r"\langle": "angle",
}  # fmt: skip
CLOSERS: dict[str, str] = {
    ")": "(", "]": "[", r"\}": r"\{", r"\rbrace": r"\{", r"\rbrack": "[", r"\rvert": "|", r"\rparen": "(", r"\rfloor": "floor", r"\rceil": "ceil",
    r"\rangle": "angle",
}  # fmt: skip
MIRROR = {
    "(": ")",
    "[": "]",
    r"\{": r"\}",
    "{": "}",
    "|": "|",
    "floor": r"\rfloor",
    "ceil": r"\rceil",
    "angle": r"\rangle",
    "matrix": r"\end{…}",
    "norm": r"\|",
}
CONSTRUCTS = frozenset([r"\begin", r"\sum", r"\prod", r"\lim", r"\int", r"\binom", r"\dbinom", r"\tbinom", r"\det"])
CONSTANTS: dict[str, str] = {
    "e": "e",
    "i": "i",
    r"\mathrm{i}": "i",
    r"\pi": "pi",
    r"\infty": "infinity",
    r"\mathrm{e}": "e",
}
SPACES = frozenset(
    [r"\,", r"\;", r"\:", r"\!", r"\ ", r"\quad", r"\qquad", "~", "&", r"\displaystyle", r"\textstyle", r"\limits"]
    + [r"\nolimits", r"\hfill", r"\thinspace", r"\medspace", r"\thickspace", r"\allowbreak", r"\nobreak", r"\noindent"]
    + [r"\scriptstyle", r"\nonumber", r"\notag", r"\>"]
)
SIZES = frozenset(
    [r"\left", r"\right", r"\middle"]
    + [rf"\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")]
)
FRACTIONS = frozenset([r"\frac", r"\dfrac", r"\tfrac", r"\cfrac", r"\sfrac", r"\nicefrac"])
MATRICES = frozenset(["matrix", "smallmatrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "array"])
TRANSPOSES = frozenset(
    [
        r"\top",
        r"\intercal",
        r"\mathsf{T}",
        r"\mathsf T",
        r"\mathrm{T}",
        r"\mathrm T",
        r"\text{T}",
        r"\mathsf{\top}",
        r"\mathtt{T}",
        r"\mathit{T}",
        r"\textsf{T}",
        "T",
    ]
)
ENTRYWISE: dict[str, str] = {
    r"\odot": "ODOT", r"\circ": "ODOT", r"\oslash": "OSLASH", r"\otimes": "OTIMES",
    "⊙": "ODOT", "∘": "ODOT", "⊘": "OSLASH", "⊗": "OTIMES",
}  # fmt: skip
NORM_BARS = frozenset([r"\|", r"\Vert", r"\lVert", r"\rVert", "‖", "∥", r"\parallel"])
NORM_KINDS: dict[str, str] = {
    "": "", "2": "2", "1": "1", "F": "F", r"\infty": "infinity", "∞": "infinity", "*": "*", r"\ast": "*", r"\star": "*",
    r"\mathrm{F}": "F", r"\text{F}": "F", r"\mathrm{Fro}": "F", r"\ell_2": "2", r"\ell_1": "1", "fro": "F",
}  # fmt: skip
# functions of vectors and matrices, by every spelling
ARRAY_SPELLED: dict[str, str] = {
    rf"\{word}" if bare else rf"\operatorname{{{word}}}": name
    for name, words in {
        "tr": "tr Tr trace Trace", "diag": "diag Diag", "vec": "vec Vec", "softmax": "softmax Softmax SoftMax",
        "logsumexp": "logsumexp LSE lse LogSumExp", "expm": "expm", "adj": "adj adjugate", "pinv": "pinv",
        "det": "det", "logdet": "logdet",
    }.items()
    for word in words.split()
    for bare in (False, True)
    if not (bare and word == "vec")  # an accent
} | {
    rf"\lambda_{{{written}}}": f"lambda_{word}" for word in ("max", "min") for written in (rf"\{word}", rf"\mathrm{{{word}}}", word)
}  # fmt: skip
ACCENTS = frozenset(
    [r"\hat", r"\widehat", r"\bar", r"\overline", r"\tilde", r"\widetilde", r"\vec", r"\dot", r"\ddot", r"\check"]
    + [r"\breve", r"\mathbf", r"\mathcal", r"\mathbb", r"\mathit", r"\mathsf", r"\boldsymbol", r"\bm", r"\mathscr"]
)
DOTS = frozenset(
    [
        r"\cdots",
        r"\ldots",
        r"\dots",
        r"\vdots",
        r"\ddots",
        r"\iddots",
        r"\dotsb",
        r"\dotsm",
        r"\dotsc",
        r"\dotso",
        r"\hdots",
    ]
)
SAME_ACCENT = {r"\widehat": r"\hat", r"\widetilde": r"\tilde", r"\overline": r"\bar"}  # drawn wider, nothing else
UPRIGHT = frozenset([r"\operatorname", r"\mathrm", r"\text", r"\textrm", r"\mathop", r"\textup", r"\rm"])
REALS = frozenset(["R", r"\R", "ℝ", r"\mathbb", r"\mathbf", r"\mathrm", r"\mathcal"])  # how a space begins
HOLDERS = frozenset([r"\underbrace", r"\overbrace", r"\boxed", r"\fbox", r"\mathstrut", r"\underline", r"\ensuremath"])
STRUCK = frozenset([r"\cancel", r"\bcancel", r"\xcancel", r"\sout", r"\st"])
PRIMES = {"'": 1, "′": 1, "″": 2, "‴": 3, "’": 1, r"\prime": 1}

UNICODE: dict[str, str] = {
    "∂": r"\partial", "·": r"\cdot", "⋅": r"\cdot", "•": r"\cdot", "×": r"\times", "÷": r"\div", "−": "-", "–": "-",
    "≤": r"\le", "⩽": r"\le", "≥": r"\ge", "⩾": r"\ge", "≠": r"\ne", "≈": r"\approx", "≪": r"\ll", "≫": r"\gg",
    "⪯": r"\preceq", "⪰": r"\succeq", "≺": r"\prec", "≻": r"\succ",
    "⇒": r"\Rightarrow", "→": r"\to", "⟹": r"\implies", "⇔": r"\iff", "⟺": r"\iff", "∞": r"\infty", "√": r"\sqrt",
    "∗": "*", "＝": "=", "（": "(", "）": ")", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "≡": r"\equiv",
    "…": r"\dots", "⋯": r"\cdots", "⋮": r"\vdots", "⋱": r"\ddots", "±": r"\pm", "∓": r"\mp", "∈": r"\in",
    "∑": r"\sum", "∏": r"\prod", "∫": r"\int", "ℓ": r"\ell",
    "⟨": r"\langle", "⟩": r"\rangle", "⊤": r"\top",
    "ε": r"\varepsilon", "ϵ": r"\epsilon", "ϕ": r"\phi", "φ": r"\varphi", "ς": r"\varsigma",
}  # fmt: skip
UNICODE.update(
    zip("αβγδζηθικλμνξπρστυχψω",
        [rf"\{n}" for n in "alpha beta gamma delta zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon chi psi omega".split()],
        strict=True)
)  # fmt: skip
UNICODE.update(
    zip(
        "ΓΔΘΛΞΠΣΥΦΨΩ",
        [rf"\{n}" for n in "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split()],
        strict=True,
    )
)
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
