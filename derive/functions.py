"""The elementary and special functions: one row each, from which reading, printing, differentiation and evaluation follow.

A row names the function's LaTeX (its spellings, the first one printed), the derivatives by its arguments `u`, `v`, `w`
in our own notation (`f` is the call itself; empty where there is no rule), and, where it has one, its definition
through other rows (the canonical form works on that). The SymPy class is a column; what a backend needs besides (balls,
mpmath, floats, torch) stands with the backend and is keyed by these names.

A function of any number of arguments (arity 0) is symmetric; its one derivative is by an argument `u`, `v` being the
function of all the others, and its definition joins two.
Where a function has no value or no derivative inside the reals is said in its row: `domain` holds conditions, `kinks`
formulas whose zeros are the points without a derivative.

Conventions: principal branches; arccot(u) = arctan(1/u), odd, as in SymPy and mpmath; sinc is not normalised, sin(u)/u;
mod has the sign of the divisor, rem that of the dividend; LeakyReLU has torch's default slope 0.01, ELU has α = 1.
Derivatives: Abramowitz & Stegun 4.2–4.6, 5.1, 6, 7, 9; DLMF 4.13, 8.8, 25.11; by the chain rule for those of deep
learning. SELU: Klambauer et al., Self-Normalizing Neural Networks, 2017.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Function:
    """One function of one or more real variables."""

    name: str
    spellings: tuple[str, ...]
    derivatives: tuple[str, ...]  # by each argument; "" where there is no rule
    definition: str = ""  # through exp, log, roots, |·| and primitive rows; empty for the primitive ones
    sympy: str = ""
    domain: str = ""  # where it is real and finite; empty: everywhere
    kinks: tuple[str, ...] = ()
    arity: int = 1  # 0: two or more, in any order
    increasing: bool = False
    subscripted: bool = False  # the first argument is written as a subscript

    @property
    def derivative(self) -> str:
        """Of a function of one argument: its derivative."""
        return self.derivatives[0]


def _op(*words: str) -> tuple[str, ...]:
    return tuple(rf"\operatorname{{{word}}}" for word in words)


_SELU = ("1.0507009873554804934193349852946", "1.6732632423543772848170429916717")  # λ, α

_ELEMENTARY = (
    #        name       spellings                                   derivative                                 definition                       sympy
    Function("exp",     (r"\exp",),                                 (r"\exp(u)",),                             "",                              "exp",   increasing=True),
    Function("log",     (r"\ln", r"\log"),                          (r"\frac{1}{u}",),                         "",                              "log",   "u > 0", increasing=True),
    Function("sin",     (r"\sin",),                                 (r"\cos(u)",),                             "",                              "sin"),
    Function("cos",     (r"\cos",),                                 (r"-\sin(u)",),                            "",                              "cos"),
    Function("tan",     (r"\tan", r"\tg"),                          (r"\frac{1}{\cos(u)^2}",),                 r"\frac{\sin(u)}{\cos(u)}",      "tan",   r"\cos(u) \ne 0"),
    Function("sec",     (r"\sec",),                                 (r"\sec(u)\tan(u)",),                      r"\frac{1}{\cos(u)}",            "sec",   r"\cos(u) \ne 0"),
    Function("csc",     (r"\csc", *_op("cosec")),                   (r"-\csc(u)\cot(u)",),                     r"\frac{1}{\sin(u)}",            "csc",   r"\sin(u) \ne 0"),
    Function("cot",     (r"\cot", r"\ctg", *_op("cotan")),          (r"-\frac{1}{\sin(u)^2}",),                r"\frac{\cos(u)}{\sin(u)}",      "cot",   r"\sin(u) \ne 0"),
    Function("arcsin",  (r"\arcsin", *_op("asin")),                 (r"\frac{1}{\sqrt{1-u^2}}",),              "",                              "asin",  r"|u| \le 1", increasing=True),
    Function("arccos",  (r"\arccos", *_op("acos")),                 (r"-\frac{1}{\sqrt{1-u^2}}",),             r"\frac{\pi}{2}-\arcsin(u)",     "acos",  r"|u| \le 1"),
    Function("arctan",  (r"\arctan", r"\arctg", *_op("atan")),      (r"\frac{1}{1+u^2}",),                     "",                              "atan",  increasing=True),
    Function("arccot",  (*_op("arccot", "acot"), r"\arccot", r"\arcctg"), (r"-\frac{1}{1+u^2}",),              r"\arctan\left(\frac{1}{u}\right)", "acot", r"u \ne 0"),
    Function("arcsec",  (*_op("arcsec", "asec"), r"\arcsec"),       (r"\frac{1}{|u|\sqrt{u^2-1}}",),           r"\frac{\pi}{2}-\arcsin\left(\frac{1}{u}\right)", "asec", r"|u| \ge 1"),
    Function("arccsc",  (*_op("arccsc", "acsc", "arccosec"), r"\arccsc"), (r"-\frac{1}{|u|\sqrt{u^2-1}}",),    r"\arcsin\left(\frac{1}{u}\right)", "acsc", r"|u| \ge 1"),
    Function("sinh",    (r"\sinh", r"\sh"),                         (r"\cosh(u)",),                            r"\frac{\exp(u)-\exp(-u)}{2}",   "sinh",  increasing=True),
    Function("cosh",    (r"\cosh", r"\ch"),                         (r"\sinh(u)",),                            r"\frac{\exp(u)+\exp(-u)}{2}",   "cosh"),
    Function("tanh",    (r"\tanh", r"\th"),                         (r"1-\tanh(u)^2",),                        r"\frac{\exp(2u)-1}{\exp(2u)+1}", "tanh", increasing=True),
    Function("sech",    (*_op("sech"), r"\sech"),                   (r"-\operatorname{sech}(u)\tanh(u)",),     r"\frac{2}{\exp(u)+\exp(-u)}",   "sech"),
    Function("csch",    (*_op("csch", "cosech"), r"\csch"),         (r"-\operatorname{csch}(u)\coth(u)",),     r"\frac{2}{\exp(u)-\exp(-u)}",   "csch",  r"u \ne 0"),
    Function("coth",    (r"\coth",),                                (r"1-\coth(u)^2",),                        r"\frac{\exp(2u)+1}{\exp(2u)-1}", "coth", r"u \ne 0"),
    Function("arsinh",  (*_op("arsinh", "arcsinh", "asinh"), r"\arsinh", r"\arcsinh"), (r"\frac{1}{\sqrt{u^2+1}}",), r"\ln(u+\sqrt{u^2+1})",    "asinh", increasing=True),
    Function("arcosh",  (*_op("arcosh", "arccosh", "acosh"), r"\arcosh", r"\arccosh"), (r"\frac{1}{\sqrt{u^2-1}}",), r"\ln(u+\sqrt{u^2-1})",    "acosh", r"u \ge 1"),
    Function("artanh",  (*_op("artanh", "arctanh", "atanh"), r"\artanh", r"\arctanh"), (r"\frac{1}{1-u^2}",),  r"\frac{1}{2}\ln\left(\frac{1+u}{1-u}\right)", "atanh", "|u| < 1", increasing=True),
    Function("arcoth",  (*_op("arcoth", "arccoth", "acoth"), r"\arcoth"), (r"\frac{1}{1-u^2}",),               r"\frac{1}{2}\ln\left(\frac{u+1}{u-1}\right)", "acoth", "|u| > 1"),
    Function("arsech",  (*_op("arsech", "arcsech", "asech"),),      (r"-\frac{1}{u\sqrt{1-u^2}}",),            r"\ln\left(\frac{1+\sqrt{1-u^2}}{u}\right)", "asech", r"0 < u \le 1"),
    Function("arcsch",  (*_op("arcsch", "arccsch", "acsch"),),      (r"-\frac{1}{|u|\sqrt{1+u^2}}",),          r"\ln\left(\frac{1}{u}+\frac{\sqrt{1+u^2}}{|u|}\right)", "acsch", r"u \ne 0"),
    Function("sinc",    _op("sinc"),                                (r"\frac{\cos(u)-\operatorname{sinc}(u)}{u}",), r"\frac{\sin(u)}{u}",       "sinc"),
    Function("log_base", _op("logbase"),                            (r"-\frac{\ln(v)}{u\ln(u)^2}", r"\frac{1}{v\ln(u)}"), r"\frac{\ln(v)}{\ln(u)}", domain=r"u > 0, v > 0", arity=2),
    Function("percent", _op("percent"),                             (r"\frac{1}{100}",),                       r"\frac{u}{100}",                increasing=True),
    Function("identity", _op("id", "identity"),                     ("1",),                                    "u",                             increasing=True),
)  # fmt: skip

_KINKED = (
    #        name       spellings                                   derivatives                                definition
    Function("sign",    (*_op("sign", "sgn"), r"\sgn", r"\sign"),   ("0",),                                    "",                              "sign",    kinks=("u",)),
    Function("floor",   (*_op("floor"),),                           ("0",),                                    "",                              "floor",   kinks=(r"u-\operatorname{floor}(u)",)),
    Function("ceiling", (*_op("ceil", "ceiling"),),                 ("0",),                                    r"-\operatorname{floor}(-u)",    "ceiling", kinks=(r"u-\operatorname{floor}(u)",)),
    Function("mod",     _op("mod"),                                 ("1", r"-\operatorname{floor}\left(\frac{u}{v}\right)"), r"u-v\operatorname{floor}\left(\frac{u}{v}\right)", "Mod", r"v \ne 0", (r"\operatorname{mod}(u,v)",), arity=2),
    Function("rem",     _op("rem"),                                 ("1", r"-\operatorname{sign}\left(\frac{u}{v}\right)\operatorname{floor}\left(\left|\frac{u}{v}\right|\right)"),
             r"u-v\operatorname{sign}\left(\frac{u}{v}\right)\operatorname{floor}\left(\left|\frac{u}{v}\right|\right)", domain=r"v \ne 0", kinks=(r"\operatorname{mod}(u,v)",), arity=2),
    Function("max",     (r"\max", r"\sup"),                        (r"\frac{1+\operatorname{sign}(u-v)}{2}",), r"\frac{u+v+|u-v|}{2}",         "Max",     kinks=("u-v",), arity=0),
    Function("min",     (r"\min", r"\inf"),                        (r"\frac{1-\operatorname{sign}(u-v)}{2}",), r"\frac{u+v-|u-v|}{2}",         "Min",     kinks=("u-v",), arity=0),
    Function("clip",    _op("clip", "clamp"),                       (r"\frac{(1+\operatorname{sign}(u-v))(1-\operatorname{sign}(u-w))}{4}",
             r"\frac{(1-\operatorname{sign}(u-v))(1-\operatorname{sign}(v-w))}{4}", r"\frac{1+\operatorname{sign}(\max(u,v)-w)}{2}"), r"\min(\max(u,v),w)", kinks=("u-v", "u-w", "v-w"), arity=3),
    Function("relu",    _op("ReLU", "relu"),                        (r"\frac{1+\operatorname{sign}(u)}{2}",),  r"\frac{u+|u|}{2}",              kinks=("u",)),
    Function("relu6",   _op("ReLU6", "relu6"),                      (r"\frac{\operatorname{sign}(u)-\operatorname{sign}(u-6)}{2}",), r"\frac{|u|-|u-6|+6}{2}", kinks=("u", "u-6")),
    Function("leaky_relu", _op("LeakyReLU", "leakyrelu", "lrelu"),  (r"\frac{1.01+0.99\operatorname{sign}(u)}{2}",), r"\frac{1.01u+0.99|u|}{2}", kinks=("u",), increasing=True),
    Function("prelu",   _op("PReLU", "prelu"),                      (r"\frac{1+v+(1-v)\operatorname{sign}(u)}{2}", r"\frac{u-|u|}{2}"), r"\frac{(1+v)u+(1-v)|u|}{2}", kinks=("u",), arity=2),
    Function("elu",     _op("ELU", "elu"),                          (r"\exp\left(\frac{u-|u|}{2}\right)",),    r"\frac{u+|u|}{2}+\exp\left(\frac{u-|u|}{2}\right)-1", increasing=True),
    Function("selu",    _op("SELU", "selu"),                        (rf"{_SELU[0]}\left(\frac{{1+\operatorname{{sign}}(u)}}{{2}}+{_SELU[1]}\frac{{1-\operatorname{{sign}}(u)}}{{2}}\exp\left(\frac{{u-|u|}}{{2}}\right)\right)",),
             rf"{_SELU[0]}\left(\frac{{u+|u|}}{{2}}+{_SELU[1]}\left(\exp\left(\frac{{u-|u|}}{{2}}\right)-1\right)\right)", kinks=("u",), increasing=True),
    Function("hardsigmoid", _op("hardsigmoid", "HardSigmoid"),      (r"\frac{\operatorname{sign}(u+3)-\operatorname{sign}(u-3)}{12}",), r"\frac{|u+3|-|u-3|+6}{12}", kinks=("u+3", "u-3")),
    Function("hardtanh", _op("hardtanh", "HardTanh"),               (r"\frac{\operatorname{sign}(u+1)-\operatorname{sign}(u-1)}{2}",), r"\frac{|u+1|-|u-1|}{2}", kinks=("u+1", "u-1")),
    Function("hardswish", _op("hardswish", "HardSwish"),            (r"\operatorname{hardsigmoid}(u)+u\frac{\operatorname{sign}(u+3)-\operatorname{sign}(u-3)}{12}",), r"u\frac{|u+3|-|u-3|+6}{12}", kinks=("u+3", "u-3")),
    Function("softsign", _op("softsign", "SoftSign"),               (r"\frac{1}{(1+|u|)^2}",),                 r"\frac{u}{1+|u|}",              increasing=True),
)  # fmt: skip

_LEARNING = (
    #        name        spellings                                   derivatives                               definition
    Function("sigmoid",  _op("sigmoid", "logistic", "expit"),        (r"\operatorname{sigmoid}(u)(1-\operatorname{sigmoid}(u))",), r"\frac{1}{1+\exp(-u)}", increasing=True),
    Function("logit",    _op("logit"),                               (r"\frac{1}{u(1-u)}",),                   r"\ln\left(\frac{u}{1-u}\right)", domain="0 < u < 1", increasing=True),
    Function("softplus", _op("softplus", "SoftPlus"),                (r"\operatorname{sigmoid}(u)",),          r"\ln(1+\exp(u))",               increasing=True),
    Function("log_sigmoid", _op("logsigmoid", "LogSigmoid"),         (r"\operatorname{sigmoid}(-u)",),         r"-\ln(1+\exp(-u))",             increasing=True),
    Function("silu",     _op("SiLU", "silu", "swish", "Swish"),      (r"\operatorname{sigmoid}(u)(1+u(1-\operatorname{sigmoid}(u)))",), r"\frac{u}{1+\exp(-u)}"),
    Function("mish",     _op("mish", "Mish"),                        (r"\tanh(\operatorname{softplus}(u))+u\operatorname{sigmoid}(u)\operatorname{sech}(\operatorname{softplus}(u))^2",), r"u\tanh(\ln(1+\exp(u)))"),
    Function("gelu",     _op("GELU", "gelu"),                        (r"\operatorname{ncdf}(u)+u\operatorname{npdf}(u)",), r"\frac{u}{2}\left(1+\operatorname{erf}\left(\frac{u}{\sqrt{2}}\right)\right)"),
    Function("gelu_tanh", _op("GELUtanh", "gelutanh"),               (r"\frac{1}{2}\left(1+\tanh\left(\sqrt{\frac{2}{\pi}}\left(u+0.044715u^3\right)\right)\right)+\frac{u}{2}\operatorname{sech}\left(\sqrt{\frac{2}{\pi}}\left(u+0.044715u^3\right)\right)^2\sqrt{\frac{2}{\pi}}\left(1+0.134145u^2\right)",),
             r"\frac{u}{2}\left(1+\tanh\left(\sqrt{\frac{2}{\pi}}\left(u+0.044715u^3\right)\right)\right)"),
    Function("normal_pdf", _op("npdf", "normpdf"),                   (r"-u\operatorname{npdf}(u)",),           r"\frac{\exp\left(-\frac{u^2}{2}\right)}{\sqrt{2\pi}}"),
    Function("normal_cdf", _op("ncdf", "normcdf"),                   (r"\operatorname{npdf}(u)",),             r"\frac{1}{2}\left(1+\operatorname{erf}\left(\frac{u}{\sqrt{2}}\right)\right)", increasing=True),
    Function("hypot",    _op("hypot"),                               (r"\frac{u}{f}",),                        r"\sqrt{u^2+v^2}",               kinks=("f",), arity=0),
    Function("atan2",    _op("atan2", "arctan2"),                    (r"\frac{v}{u^2+v^2}", r"-\frac{u}{u^2+v^2}"), "",                      "atan2", r"u^2+v^2 \ne 0", arity=2),
    Function("xlogy",    _op("xlogy"),                               (r"\ln(v)", r"\frac{u}{v}"),              r"u\ln(v)",                      domain="v > 0", arity=2),
    Function("logaddexp", _op("logaddexp"),                          (r"\operatorname{sigmoid}(u-v)",),        r"\ln(\exp(u)+\exp(v))",         arity=0),
)  # fmt: skip

_SPECIAL = (
    #        name        spellings                                   derivatives                               definition                       sympy
    Function("erf",      _op("erf"),                                 (r"\frac{2}{\sqrt{\pi}}\exp(-u^2)",),     "",                              "erf",    increasing=True),
    Function("erfc",     _op("erfc"),                                (r"-\frac{2}{\sqrt{\pi}}\exp(-u^2)",),    r"1-\operatorname{erf}(u)",      "erfc"),
    Function("erfi",     _op("erfi"),                                (r"\frac{2}{\sqrt{\pi}}\exp(u^2)",),      "",                              "erfi",   increasing=True),
    Function("erfinv",   _op("erfinv"),                              (r"\frac{\sqrt{\pi}}{2}\exp(\operatorname{erfinv}(u)^2)",), "",            "erfinv", "|u| < 1", increasing=True),
    Function("erfcx",    _op("erfcx"),                               (r"2u\operatorname{erfcx}(u)-\frac{2}{\sqrt{\pi}}",), r"\exp(u^2)\operatorname{erfc}(u)"),
    Function("gamma",    (r"\Gamma", *_op("gamma", "Gamma")),        (r"\Gamma(u)\operatorname{digamma}(u)",),                   "",                              "gamma",  r"u \ne 0, -1, -2, \ldots"),
    Function("upper_gamma", (r"\Gamma", *_op("uppergamma")),         ("", r"-v^{u-1}\exp(-v)"),                "",                              "uppergamma", "v > 0", arity=2),
    Function("gamma_q",  _op("Q", "gammaincc"),                      ("", r"-\frac{v^{u-1}\exp(-v)}{\Gamma(u)}"), r"\frac{\Gamma(u,v)}{\Gamma(u)}", domain="v > 0", arity=2),
    Function("gamma_p",  _op("P", "gammainc"),                       ("", r"\frac{v^{u-1}\exp(-v)}{\Gamma(u)}"), r"1-\frac{\Gamma(u,v)}{\Gamma(u)}", domain="v > 0", arity=2),
    Function("loggamma", _op("loggamma", "lgamma", "gammaln"),       (r"\operatorname{digamma}(u)",),                            r"\ln(\Gamma(u))",               "loggamma", "u > 0"),
    Function("digamma",  _op("digamma"),                 (r"\operatorname{polygamma}(1,u)",),      "",                              "digamma", r"u \ne 0, -1, -2, \ldots"),
    Function("polygamma", _op("polygamma"),                          ("", r"\operatorname{polygamma}(u+1,v)"), "",                              "polygamma", r"u \in \{0, 1, \ldots\}", arity=2),
    Function("beta",     _op("B", "Beta", "beta"),                   (r"\operatorname{B}(u,v)(\operatorname{digamma}(u)-\operatorname{digamma}(u+v))", r"\operatorname{B}(u,v)(\operatorname{digamma}(v)-\operatorname{digamma}(u+v))"), r"\frac{\Gamma(u)\Gamma(v)}{\Gamma(u+v)}", "beta", arity=2),
    Function("factorial", _op("factorial"),                          (r"\Gamma(u+1)\operatorname{digamma}(u+1)",),               r"\Gamma(u+1)",                  "factorial", r"u \ne -1, -2, \ldots"),
    Function("binomial", _op("binomial"),                            (r"\operatorname{binomial}(u,v)(\operatorname{digamma}(u+1)-\operatorname{digamma}(u-v+1))", r"\operatorname{binomial}(u,v)(\operatorname{digamma}(u-v+1)-\operatorname{digamma}(v+1))"), r"\frac{\Gamma(u+1)}{\Gamma(v+1)\Gamma(u-v+1)}", "binomial", arity=2),
    Function("bessel_j", _op("J", "besselj"),                                   ("", r"\frac{\operatorname{J}_{u-1}(v)-\operatorname{J}_{u+1}(v)}{2}"), "", "besselj", arity=2, subscripted=True),
    Function("bessel_y", _op("Y", "bessely"),                                   ("", r"\frac{\operatorname{Y}_{u-1}(v)-\operatorname{Y}_{u+1}(v)}{2}"), "", "bessely", "v > 0", arity=2, subscripted=True),
    Function("bessel_i", _op("I", "besseli"),                                   ("", r"\frac{\operatorname{I}_{u-1}(v)+\operatorname{I}_{u+1}(v)}{2}"), "", "besseli", arity=2, subscripted=True),
    Function("bessel_k", _op("K", "besselk"),                                   ("", r"-\frac{\operatorname{K}_{u-1}(v)+\operatorname{K}_{u+1}(v)}{2}"), "", "besselk", "v > 0", arity=2, subscripted=True),
    Function("lambert_w", _op("W", "LambertW"),                      (r"\frac{1}{u+\exp(\operatorname{W}(u))}",), "",                           "LambertW", r"u \ge -\frac{1}{e}"),
    Function("zeta",     _op("zeta"),                   ("",),                                    "",                              "zeta",   r"u \ne 1"),
    Function("hurwitz_zeta", _op("zeta", "hurwitzzeta"),             ("", r"-u\operatorname{zeta}(u+1,v)"),    "",                              "zeta",   "u > 1, v > 0", arity=2),
    Function("Ei",       _op("Ei"),                                  (r"\frac{\exp(u)}{u}",),                  "",                              "Ei",     r"u \ne 0"),
    Function("Shi",      _op("Shi"),                                 (r"\frac{\sinh(u)}{u}",),                 "",                              "Shi",    increasing=True),
    Function("Chi",      _op("Chi"),                                 (r"\frac{\cosh(u)}{u}",),                 "",                              "Chi",    "u > 0"),
    Function("expint",   _op("E", "expint"),                         ("", r"-\operatorname{E}_{u-1}(v)"),      "",                              "expint", "v > 0", arity=2, subscripted=True),
)  # fmt: skip

_ROWS = (*_ELEMENTARY, *_KINKED, *_LEARNING, *_SPECIAL)
FUNCTIONS: dict[str, Function] = {row.name: row for row in _ROWS}
# one spelling, two functions: the number of arguments tells them apart
OVERLOADS: dict[tuple[str, int], str] = {
    ("gamma", 2): "upper_gamma",
    ("zeta", 2): "hurwitz_zeta",
    ("leaky_relu", 2): "prelu",
}
# every spelling a formula may use: commands, and words set upright by \operatorname, \mathrm, \text
SPELLED: dict[str, str] = {
    spelling: row.name
    for row in reversed(_ROWS)
    for text in row.spellings
    for spelling in (text, rf"\operatorname{{{text[1:]}}}")
    if not (row.subscripted and len(text) == len(r"\operatorname{J}"))
}
# `\operatorname{J}_{\nu}(x)`: the subscript is the first argument
SUBSCRIPTED: dict[str, str] = {row.spellings[0]: row.name for row in _ROWS if row.subscripted}
# letters that are functions only where a bracket follows and nobody declared them
LETTERS = frozenset([r"\Gamma", *(s for s in SPELLED if len(s) == len(r"\operatorname{J}"))])
# the same, and read so in the formulas of an author only: a submission may mean something else by them
USUAL: dict[str, str] = {
    r"\psi": "digamma", r"\zeta": "zeta", r"\sigma": "sigmoid", r"\Phi": "normal_cdf", r"\varphi": "normal_pdf",
}  # fmt: skip
# words that are functions even without a backslash
WORDS = frozenset(
    spelling[len(r"\operatorname{") : -1]
    for spelling, name in SPELLED.items()
    if spelling.startswith(r"\operatorname{")
    and len(spelling) > len(r"\operatorname{Ei}")
    and name not in {"gamma", "upper_gamma", "gamma_p", "gamma_q", "beta", "zeta", "hurwitz_zeta", "percent"}
) | {"ln"}  # fmt: skip
SPELLED[r"\operatorname{atan}_2"] = "atan2"  # as SymPy prints it
# what \sin^{-1} means
INVERSES = (
    {name: f"arc{name}" for name in ("sin", "cos", "tan", "cot", "sec", "csc")}
    | {f"{name}h": f"ar{name}h" for name in ("sin", "cos", "tan", "cot", "sec")}
    | {"csch": "arcsch", "erf": "erfinv", "sigmoid": "logit"}
)
