"""`import derive` is light: what is heavy is loaded where it is used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
USES = {
    "importing": "import derive",
    "reading": r"import derive; derive.parse(r'\frac{x}{2}', {'x': 'real'})",
    "deriving": "import derive; derive.gradient('x^2', 'x', {'x': 'real'}).latex()",
    "emitting": "import derive; derive.gradient('x^2', 'x', {'x': 'real'}).code('torch')",
    "deciding": "import checks; assert checks.equal('x + x', '2x', {'x': 'real'}).status == 'proven'",
}


@pytest.mark.parametrize("code", USES.values(), ids=USES.keys())
def test_neither_torch_nor_sympy_nor_hypothesis_is_loaded(code: str) -> None:
    heavy = "{'torch', 'sympy', 'hypothesis', 'matplotlib', 'IPython', 'z3'} & set(sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", f"import sys; {code}; print(sorted({heavy}))"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert result.stdout.strip() == "[]"


def test_the_grammar_is_built_when_first_used() -> None:
    result = subprocess.run(
        [sys.executable, "-c", "import sys; import derive; print('lark' in sys.modules and derive.read.parser.cache_info().currsize)"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert result.stdout.strip() in {"False", "0"}


def test_deciding_does_not_load_what_reads_submissions() -> None:
    result = subprocess.run(
        [sys.executable, "-c", f"import sys; {USES['deciding']}; print('checks.submission' in sys.modules, callable(checks.grade))"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert result.stdout.strip() == "False True"
