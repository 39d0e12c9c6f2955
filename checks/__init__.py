"""Is it true? Claims decided with evidence, gradients compared with autograd, submissions graded.

Uses `derive`; what reads submissions is loaded when `grade` is asked for, torch and hypothesis only by what needs them.
"""

from typing import TYPE_CHECKING, Any

from checks.api import equal, holds, step
from checks.verdict import Verdict

if TYPE_CHECKING:
    from checks.grading import grade
    from checks.witness.autograd import against_autograd

__all__ = ["Verdict", "against_autograd", "equal", "grade", "holds", "step"]


def __getattr__(name: str) -> Any:
    """`grade` and `against_autograd` when they are asked for."""
    if name == "grade":
        from checks.grading import grade

        return grade
    if name == "against_autograd":
        from checks.witness.autograd import against_autograd

        return against_autograd
    raise AttributeError(f"module 'checks' has no attribute {name!r}")
