"""Is it true? Claims decided with evidence, gradients compared with autograd, submissions graded.

Uses `derive`; torch and hypothesis are loaded only by what needs them.
"""

from typing import Any

from checks.api import equal, holds, step
from checks.grading import grade
from checks.verdict import Verdict

__all__ = ["Verdict", "against_autograd", "equal", "grade", "holds", "step"]


def __getattr__(name: str) -> Any:
    """`against_autograd` when it is asked for, and torch with it."""
    if name == "against_autograd":
        from checks.witness.autograd import against_autograd

        return against_autograd
    raise AttributeError(f"module 'checks' has no attribute {name!r}")
