"""How fast the steps a user waits for are: reading, deciding, importing, the command line. Prints medians; asserts nothing.

Run from the project's root: python benchmarks/speed.py
"""

from __future__ import annotations

import compileall
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import derive
from checks.decide.claim import Claim, Setting
from checks.decide.equality import decide_equal
from derive.program import Program
from derive.read import read
from derive.read.lexer import lex

ROOT = Path(__file__).parents[1]
CHAIN = r"\frac{\partial y^*}{\partial w_1} = (w^2\sigma'(z_4)+1)(w^2\sigma'(z_2)+1) \sigma'(z_5^*)\sigma'(z_3^*)\sigma'(z_1) x + w^4 \sigma'(z_5^*)"


def milliseconds(action: Callable[[], object], times: int) -> float:
    """The median time of an action."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def command(*words: str) -> Callable[[], object]:
    """A whole process."""
    return lambda: subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, check=False)


def forget() -> None:
    """Empty what the normal form remembers, so that every run does the work."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("derive.normal", "derive.splitting")):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def main() -> None:
    """Print the table."""
    compileall.compile_dir(str(ROOT / "derive"), quiet=1)
    compileall.compile_dir(str(ROOT / "checks"), quiet=1)
    problem = derive.catalog["skip-connection"]
    question = problem.question("skip-w1")
    factored, expanded = (problem.read(form, question.part) for form in question.accepts)
    claim_setting = Setting(problem.table, Program())

    def decide() -> None:
        forget()
        assert decide_equal(Claim(factored, expanded, claim_setting)).status == "proven"

    tokens = len(lex(CHAIN, problem.table).tokens)
    read(CHAIN, problem.table)
    rows = [
        ("S2 expansion proven equal to the factored form, once read", milliseconds(decide, 200), 1),
        (f"a formula of {tokens} tokens read", milliseconds(lambda: read(CHAIN, problem.table), 200), 2),
        ("python -c 'import derive'", milliseconds(command("-c", "import derive"), 9), 400),
        ("python -c pass", milliseconds(command("-c", "pass"), 9), None),
        (
            "derive equal, from the shell",
            milliseconds(command("-m", "checks.cli", "equal", "x^2-1", "(x-1)(x+1)", "--let", "x=real"), 9),
            1000,
        ),
        (
            "derive grade, a homework of one page",
            milliseconds(
                command(
                    "-m", "checks.cli", "grade", "examples/submissions/001-chains.md", "--problem", "skip-connection"
                ),
                5,
            ),
            None,
        ),
    ]
    for what, median, wanted in rows:
        print(f"{median:9.2f} ms   {what}" + (f"   (wanted: under {wanted} ms)" if wanted else ""))


if __name__ == "__main__":
    main()
