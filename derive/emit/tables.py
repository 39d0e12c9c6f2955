"""The functions in each language: name in derive.functions → the text of its call, and the helpers such a text may name.

A text without braces is called with the arguments. In the others `{0}`, `{1}` stand where a comma or bracket follows,
`{u}`, `{v}`, `{w}` where an operator may; each argument stands once, so nested calls grow no faster than the formula.
A row that stands in no table is emitted through its definition, as a helper of the module; one in REFUSED not at all.

NumPy has no special functions: erf and erfc come from the standard library, the others from scipy.special, which the
emitted module then imports. Beyond float range the usual exp and log forms fail; the helpers here do not.
"""

from __future__ import annotations

from collections.abc import Mapping

NUMPY: Mapping[str, str] = {
    "exp":         "np.exp",
    "log":         "np.log",
    "log1p":       "np.log1p",
    "expm1":       "np.expm1",
    "sin":         "np.sin",
    "cos":         "np.cos",
    "tan":         "np.tan",
    "arcsin":      "np.arcsin",
    "arccos":      "np.arccos",
    "arctan":      "np.arctan",
    "arcsec":      "np.arccos(1 / {u})",
    "arccsc":      "np.arcsin(1 / {u})",
    "sinh":        "np.sinh",
    "cosh":        "np.cosh",
    "tanh":        "np.tanh",
    "sech":        "_sech",
    "csch":        "_csch",
    "coth":        "_coth",
    "arsinh":      "np.arcsinh",
    "arcosh":      "np.arccosh",
    "artanh":      "np.arctanh",
    "arcoth":      "np.arctanh(1 / {u})",
    "arsech":      "np.arccosh(1 / {u})",
    "arcsch":      "np.arcsinh(1 / {u})",
    "sinc":        "np.sinc({u} / np.pi)",
    "sign":        "np.sign",
    "floor":       "np.floor",
    "ceiling":     "np.ceil",
    "mod":         "np.mod",
    "rem":         "np.fmod",
    "max":         "np.maximum",
    "min":         "np.minimum",
    "clip":        "np.minimum(np.maximum({0}, {1}), {2})",
    "relu":        "np.maximum({0}, 0)",
    "relu6":       "np.clip({0}, 0, 6)",
    "leaky_relu":  "_leaky_relu",
    "prelu":       "_prelu",
    "elu":         "_elu",
    "selu":        "_selu",
    "hardsigmoid": "np.clip({u} / 6 + 1 / 2, 0, 1)",
    "hardtanh":    "np.clip({0}, -1, 1)",
    "hardswish":   "_hardswish",
    "sigmoid":     "_sigmoid",
    "logit":       "_logit",
    "softplus":    "np.logaddexp({0}, 0)",
    "log_sigmoid": "_log_sigmoid",
    "silu":        "_silu",
    "mish":        "_mish",
    "gelu":        "_gelu",
    "normal_cdf":  "_normal_cdf",
    "hypot":       "np.hypot",
    "atan2":       "np.arctan2",
    "xlogy":       "_xlogy",
    "logaddexp":   "np.logaddexp",
    "erf":         "_erf",
    "erfc":        "_erfc",
    "erfi":        "special.erfi",
    "erfinv":      "special.erfinv",
    "erfcx":       "special.erfcx",
    "gamma":       "special.gamma",
    "upper_gamma": "_upper_gamma",
    "gamma_q":     "special.gammaincc",
    "gamma_p":     "special.gammainc",
    "loggamma":    "_loggamma",
    "digamma":     "special.digamma",
    "polygamma":   "special.polygamma",
    "beta":        "special.beta",
    "factorial":   "special.gamma({u} + 1)",
    "binomial":    "special.binom",
    "bessel_j":    "special.jv",
    "bessel_y":    "special.yv",
    "bessel_i":    "special.iv",
    "bessel_k":    "special.kv",
    "lambert_w":   "np.real(special.lambertw({0}))",
    "zeta":        "special.zeta",
    "hurwitz_zeta": "special.zeta",
    "Ei":          "special.expi",
    "Shi":         "special.shichi({0})[0]",
    "Chi":         "special.shichi({0})[1]",
}  # fmt: skip

_HELPERS_NUMPY = """
_erf = np.vectorize(math.erf, otypes=[float])

_erfc = np.vectorize(math.erfc, otypes=[float])

def _sigmoid(u):
    z = np.exp(-np.abs(u))
    return np.where(u < 0, z, 1) / (1 + z)

def _sech(u):
    z = np.exp(-np.abs(u))
    return 2 * z / (1 + z * z)

def _csch(u):
    z = np.exp(-np.abs(u))
    return -2 * np.sign(u) * z / np.expm1(-2 * np.abs(u))

def _coth(u):
    return 1 / np.tanh(u)

def _leaky_relu(u):
    return np.where(u > 0, u, 0.01 * u)

def _prelu(u, slope):
    return np.where(u > 0, u, slope * u)

def _elu(u):
    return np.where(u > 0, u, np.expm1(np.minimum(u, 0)))

def _selu(u):
    return 1.0507009873554805 * np.where(u > 0, u, 1.6732632423543772 * np.expm1(np.minimum(u, 0)))

def _hardswish(u):
    return u * np.clip(u / 6 + 1 / 2, 0, 1)

def _logit(u):
    return np.log(u) - np.log1p(-u)

def _log_sigmoid(u):
    return -np.logaddexp(-u, 0)

def _silu(u):
    return u * _sigmoid(u)

def _mish(u):
    return u * np.tanh(np.logaddexp(u, 0))

def _normal_cdf(u):
    return _erfc(-u / np.sqrt(2)) / 2

def _gelu(u):
    return u * _normal_cdf(u)

def _xlogy(u, v):
    return u * np.log(np.where(u == 0, 1, v))

def _odd_root(u, n):
    return np.sign(u) * np.abs(u) ** (1 / n)

def _upper_gamma(s, u):
    return special.gammaincc(s, u) * special.gamma(s)

def _loggamma(u):
    return np.where(special.gammasgn(u) > 0, special.gammaln(u), np.nan)

def _expint_below_one(s, u):
    return u ** (s - 1) * special.gammaincc(1 - s, u) * special.gamma(1 - s)

def _softmax(u):
    z = np.exp(u - u.max(axis=-1, keepdims=True))
    return z / z.sum(axis=-1, keepdims=True)

def _log_softmax(u):
    z = u - u.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))

def _logsumexp(u):
    largest = u.max()
    return largest + np.log(np.exp(u - largest).sum())

def _log_det(a):
    sign, size = np.linalg.slogdet(a)
    return size if sign > 0 else np.float64(np.nan)

def _expm(a):
    halvings = max(0, int(np.ceil(np.log2(max(np.linalg.norm(a, 1), 1e-300)))) + 3)
    term = result = np.eye(len(a))
    for k in range(1, 16):
        term = term @ a / (k * 2.0**halvings)
        result = result + term
    for _ in range(halvings):
        result = result @ result
    return result
"""

TORCH: Mapping[str, str] = {
    "exp":         "torch.exp",
    "log":         "torch.log",
    "log1p":       "torch.log1p",
    "expm1":       "torch.expm1",
    "sin":         "torch.sin",
    "cos":         "torch.cos",
    "tan":         "torch.tan",
    "arcsin":      "torch.asin",
    "arccos":      "torch.acos",
    "arctan":      "torch.atan",
    "arcsec":      "torch.acos(1 / {u})",
    "arccsc":      "torch.asin(1 / {u})",
    "sinh":        "torch.sinh",
    "cosh":        "torch.cosh",
    "tanh":        "torch.tanh",
    "sech":        "_sech",
    "csch":        "_csch",
    "coth":        "_coth",
    "arsinh":      "torch.asinh",
    "arcosh":      "torch.acosh",
    "artanh":      "torch.atanh",
    "arcoth":      "torch.atanh(1 / {u})",
    "arsech":      "torch.acosh(1 / {u})",
    "arcsch":      "torch.asinh(1 / {u})",
    "sinc":        "torch.sinc({u} / torch.pi)",
    "sign":        "torch.sign",
    "floor":       "torch.floor",
    "ceiling":     "torch.ceil",
    "mod":         "torch.remainder",
    "rem":         "torch.fmod",
    "max":         "torch.maximum",
    "min":         "torch.minimum",
    "clip":        "torch.minimum(torch.maximum({0}, {1}), {2})",
    "relu":        "torch.relu",
    "relu6":       "torch.nn.functional.relu6",
    "leaky_relu":  "torch.nn.functional.leaky_relu",
    "prelu":       "_prelu",
    "elu":         "torch.nn.functional.elu",
    "selu":        "torch.nn.functional.selu",
    "hardsigmoid": "torch.clamp({u} / 6 + 1 / 2, 0, 1)",  # torch's own has a float32 slope
    "hardtanh":    "torch.nn.functional.hardtanh",
    "hardswish":   "_hardswish",
    "softsign":    "torch.nn.functional.softsign",
    "sigmoid":     "torch.sigmoid",
    "logit":       "_logit",
    "softplus":    "_softplus",
    "log_sigmoid": "torch.nn.functional.logsigmoid",
    "silu":        "torch.nn.functional.silu",
    "mish":        "_mish",
    "gelu":        "torch.nn.functional.gelu",
    "gelu_tanh":   'torch.nn.functional.gelu({0}, approximate="tanh")',
    "normal_cdf":  "_normal_cdf",
    "hypot":       "torch.hypot",
    "atan2":       "torch.atan2",
    "xlogy":       "torch.xlogy",
    "logaddexp":   "torch.logaddexp",
    "erf":         "torch.erf",
    "erfc":        "torch.erfc",
    "erfinv":      "torch.erfinv",
    "erfcx":       "torch.special.erfcx",
    "gamma":       "_gamma",
    "upper_gamma": "_upper_gamma",
    "gamma_q":     "torch.special.gammaincc",
    "gamma_p":     "torch.special.gammainc",
    "loggamma":    "_loggamma",
    "digamma":     "torch.digamma",
    "beta":        "_beta",
    "binomial":    "_binomial",
    "zeta":        "_zeta",
    "hurwitz_zeta": "torch.special.zeta",
}  # fmt: skip

_HELPERS_TORCH = """
def _sech(u):
    z = torch.exp(-torch.abs(u))
    return 2 * z / (1 + z * z)

def _csch(u):
    z = torch.exp(-torch.abs(u))
    return -2 * torch.sign(u) * z / torch.expm1(-2 * torch.abs(u))

def _coth(u):
    return 1 / torch.tanh(u)

def _prelu(u, slope):
    return torch.where(u > 0, u, slope * u)

def _hardswish(u):
    return u * torch.clamp(u / 6 + 1 / 2, 0, 1)

def _logit(u):
    return torch.log(u) - torch.log1p(-u)

def _softplus(u):
    return torch.logaddexp(u, torch.zeros_like(u))

def _mish(u):
    return u * torch.tanh(_softplus(u))

def _normal_cdf(u):
    return torch.erfc(-u / 2**0.5) / 2

def _odd_root(u, n):
    return torch.sign(u) * torch.abs(u) ** (1 / n)

def _gamma_sign(u):
    return 1 - 2 * ((u < 0) & (torch.floor(u) % 2 != 0)).to(u.dtype)

def _gamma(u):
    return _gamma_sign(u) * torch.exp(torch.lgamma(u))

def _loggamma(u):
    return torch.where(_gamma_sign(u) > 0, torch.lgamma(u), torch.nan)

def _upper_gamma(s, u):
    return torch.special.gammaincc(s, u) * _gamma(s)

def _beta(u, v):
    sign = _gamma_sign(u) * _gamma_sign(v) * _gamma_sign(u + v)
    return sign * torch.exp(torch.lgamma(u) + torch.lgamma(v) - torch.lgamma(u + v))

def _binomial(n, k):
    sign = _gamma_sign(n + 1) * _gamma_sign(k + 1) * _gamma_sign(n - k + 1)
    return sign * torch.exp(torch.lgamma(n + 1) - torch.lgamma(k + 1) - torch.lgamma(n - k + 1))

def _zeta(s):
    return torch.special.zeta(s, torch.ones_like(s))

def _polygamma(n, u):
    return (-1) ** (n + 1) * math.factorial(n) * torch.special.zeta(u.new_tensor(n + 1), u)
"""

# the rows with a class of SymPy's take that; here stand those with a better form than their definition
SYMPY: Mapping[str, str] = {
    "relu": "sp.Max(0, {0})",
    "clip": "sp.Min(sp.Max({0}, {1}), {2})",
}

_HELPERS_SYMPY = """
def _odd_root(u, n):
    return sp.sign(u) * sp.Abs(u) ** sp.Rational(1, n)

def _sum(term, lower, upper):
    if sp.S(lower).is_Integer and sp.S(upper).is_Integer:
        return sp.Add(*(term(sp.Integer(k)) for k in range(int(lower), int(upper) + 1)))
    k = sp.Dummy("k", integer=True)
    return sp.Sum(term(k), (k, lower, upper))

def _product(term, lower, upper):
    if sp.S(lower).is_Integer and sp.S(upper).is_Integer:
        return sp.Mul(*(term(sp.Integer(k)) for k in range(int(lower), int(upper) + 1)))
    k = sp.Dummy("k", integer=True)
    return sp.Product(term(k), (k, lower, upper))
"""

REFUSED: Mapping[tuple[str, str], str] = {
    ("torch", "erfi"):      "torch has no erfi",
    ("torch", "bessel_j"):  "torch cannot differentiate its Bessel functions J",
    ("torch", "bessel_y"):  "torch cannot differentiate its Bessel functions Y",
    ("torch", "bessel_k"):  "torch cannot differentiate its Bessel functions K",
    ("torch", "lambert_w"): "torch has no Lambert W function",
    ("torch", "Ei"):        "torch has no exponential integral",
    ("torch", "Shi"):       "torch has no hyperbolic integrals",
    ("torch", "Chi"):       "torch has no hyperbolic integrals",
    ("torch", "expint"):    "torch has no exponential integral",
}  # fmt: skip


def _by_name(text: str) -> dict[str, str]:
    """`def _f(u): …` blocks by the name each defines."""
    blocks = [block.strip() for block in text.strip().split("\n\n")]
    return {block.removeprefix("def ").split("(")[0].split(" =")[0]: block for block in blocks}


HELPERS: Mapping[str, Mapping[str, str]] = {
    "numpy": _by_name(_HELPERS_NUMPY),
    "torch": _by_name(_HELPERS_TORCH),
    "sympy": _by_name(_HELPERS_SYMPY),
}
