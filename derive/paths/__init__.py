"""Paths of an optimiser over a piecewise-linear loss, exactly: a loss and an update rule in, positions, cycle and heights out.

    losses.py     breakpoints and slopes; a bump whose last breakpoint may be moved or taken away
    rules.py      one table of update rules: what one step makes of the state and the gradient
    roots.py      a rational plus rational multiples of square roots: exact zero test, exact comparison
    walk.py       the path, in balls; a position is computed exactly where a ball does not decide, and when asked for
    tail.py       the certificate that a pattern of gradients repeats for ever, with a bound of all later positions
    threshold.py  the greatest height of a bump that is passed
    model.py      the same in the fields of a problem file

Every rule here moves by -f_t m_t: m_t is a weighted sum of the gradients, f_t > 0 a factor. Gradients are rational, so m_t is,
and f_t is rational or has one square root (Adam, where the mean of squares is no square of a rational). A position is
therefore an element of Q(√d_1, …, √d_k); since square roots of numbers that differ by no square factor are linearly
independent over Q, comparing it with a breakpoint is decided, not approximated.

**Passing.** A bump falls to x, rises to its peak at x + h and falls again. The path with peak h is the path with no peak at all,
until that one first reaches x + h or more. Beyond the peak it has just moved right, so m_t < 0, and a slope that is negative
from there on keeps m_t < 0: it never turns. On the peak itself the gradient is 0 and m_t carries it over, or the rule has no
memory (β = 0) and it rests there. So with M the supremum of (position − x) over the path with no peak,

    every h < M is passed, except that a rule without memory rests on peaks it lands on exactly;
    no h > M is passed;    h = M is passed if and only if M is attained, by a rule with memory.

The greatest height h* is M: the supremum over all peaks of the path, not the first. M is exact where a position before the
tail is higher than the bound of the tail; otherwise it is enclosed.
"""

from derive.paths.losses import PiecewiseLinear, bump
from derive.paths.rules import RULES, Rule
from derive.paths.threshold import Height, greatest_height
from derive.paths.walk import Outcome, Path, follow

__all__ = ["RULES", "Height", "Outcome", "Path", "PiecewiseLinear", "Rule", "bump", "follow", "greatest_height"]
