"""Names in one spelling: scripts ordered and braced, so that `z^*_5`, `z_{5}^{*}` and `z_5^*` are one name.

Nothing else is changed: `x` and `X`, `x` and `\\mathbf{x}` stay two names.
"""

from __future__ import annotations

import re
from functools import lru_cache

from derive.errors import BadSpec
from derive.read.vocabulary import SUBSCRIPTS, UNICODE

GREEK = frozenset(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho varrho sigma "
    "varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell".split()
)


STAR = re.compile(r"\\(?:star|ast)(?![A-Za-z])|\*")


@lru_cache(maxsize=4096)
def canonical_name(text: str) -> str:
    """One spelling for one name: subscript before superscript, braces only around scripts of several characters.

    `z^*_5`, `z_{5}^{\\ast}` → `z_5^*`; `\\hat y` → `\\hat{y}`; `W^{(21)}` stays. Raises BadSpec for no string.
    """
    if not isinstance(text, str):
        raise BadSpec(f'a name is a string such as "x", not {type(text).__name__}')
    text = re.sub(r"\s+", " ", text.strip())
    if not text.isascii():
        text = re.sub(
            f"[{''.join(SUBSCRIPTS)}]+", lambda run: "_{" + "".join(SUBSCRIPTS[c] for c in run.group()) + "}", text
        )
        text = "".join(UNICODE.get(char, char) for char in text)
    text = re.sub(r"\\([A-Za-z]+) (?![A-Za-z{])", r"\\\1", text)
    text = re.sub(r"\\(hat|bar|tilde|vec|dot|ddot|check|breve|mathbf|mathcal|mathbb|mathrm|mathit|boldsymbol|bm|text)"
                  r" ?(\\[A-Za-z]+|[A-Za-z0-9])", r"\\\1{\2}", text)  # fmt: skip
    base, scripts = _split_scripts(text)
    sub = "".join(body for mark, body in scripts if mark == "_")
    sup = "".join(body for mark, body in scripts if mark == "^")
    return base + _script("_", sub) + _script("^", STAR.sub("*", sup))


@lru_cache(maxsize=4096)
def join_name(base: str, subscript: str, superscript: str) -> str:
    """The canonical spelling of a base with its scripts (either may be empty)."""
    return base + _script("_", subscript) + _script("^", superscript)


def _script(mark: str, body: str) -> str:
    body = body.replace(" ", "") if not re.search(r"\\[A-Za-z]+ [A-Za-z]", body) else body
    if not body:
        return ""
    return f"{mark}{body}" if len(body) == 1 else f"{mark}{{{body}}}"


def _split_scripts(text: str) -> tuple[str, list[tuple[str, str]]]:
    """`z_5^*` → ("z", [("_", "5"), ("^", "*")]); primes of a name stay in its base."""
    depth, cut = 0, len(text)
    for index, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        if char in "_^" and depth == 0:
            cut = index
            break
    base, rest, scripts = text[:cut], text[cut:], []
    pattern = re.compile(r"\s*([_^])\s*(\{(?:[^{}]|\{[^{}]*\})*\}|\\[A-Za-z]+|.)")
    while match := pattern.match(rest):
        body = match.group(2)
        scripts.append((match.group(1), body[1:-1].strip() if body.startswith("{") else body))
        rest = rest[match.end() :]
    return base + rest.strip(), scripts


def subscript_of(name: str) -> str:
    """`k` of `z_k^*`, empty if there is none."""
    return next((body for mark, body in _split_scripts(name)[1] if mark == "_"), "")


def with_subscript(name: str, subscript: str) -> str:
    """`z_3^*` from `z_k^*` and 3."""
    base, scripts = _split_scripts(name)
    return join_name(base, subscript, "".join(body for mark, body in scripts if mark == "^"))


# a base (letters, a command, a command with its argument), primes, one subscript, one superscript
_SCRIPT = r"(?:\{.+\}|\\[A-Za-z]+|[^{}\\])"
SPELLING = re.compile(rf"(?:\\[A-Za-z]+(?:\{{.+\}})?|[A-Za-z]+)'*(?:_{_SCRIPT})?(?:\^{_SCRIPT})?")
SPOKEN = re.compile(
    r"\s*(?:\\(?:text(?:rm)?|mathrm|operatorname)\s*\{[^{}]*\}|\\(?:max|min)|[A-Za-z]{3,})\s*"
)  # a subscript that is a word


def spelled(name: str, written: str) -> str:
    """A spelling in canonical form. Raises BadSpec for what the reader could never take for a name."""
    spelling = canonical_name(written)
    if not SPELLING.fullmatch(spelling):
        raise BadSpec(
            f"{name}: {written!r} is no name; write a letter, a word or a command, with at most one _ and one ^"
        )
    return spelling
