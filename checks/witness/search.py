"""hypothesis as the generator: the inputs it draws, and the smallest one it finds at which a comparison fails.

The inputs are collected first and evaluated as one batch, which is many times faster than row by row; only if a row
fails is the same run repeated with the check inside, for hypothesis to shrink.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

from checks.witness.comparison import Comparison
from checks.witness.inputs import strategy
from checks.witness.rows import Disagreement, disagreement_at

Body = Callable[[dict[str, Fraction]], None]


def generated(comparison: Comparison, examples: int, seed: int) -> list[dict[str, Fraction]]:
    """The inputs hypothesis generates: collected here, so that all of them are evaluated at once."""
    points: list[dict[str, Fraction]] = []
    _run(comparison, examples, seed, points.append, shrink=False)
    return points


def minimal(comparison: Comparison, found: Disagreement, examples: int, seed: int) -> Disagreement:
    """The same run again, row by row in the world that failed, for hypothesis to shrink what it finds."""
    best = found

    def check(point: dict[str, Fraction]) -> None:
        nonlocal best
        again = disagreement_at(comparison, point, found)
        if again:
            best = again
            raise _FoundError

    try:
        _run(comparison, examples, seed, check, shrink=True)
    except _FoundError:
        pass  # the last failure hypothesis replays is the smallest
    return best


class _FoundError(Exception):
    """A disagreement, told to hypothesis as a failure."""


def _run(comparison: Comparison, examples: int, seed: int, body: Body, *, shrink: bool) -> None:
    """`body` at generated inputs. Repeatable, silent, and allowed inside a test that itself uses hypothesis."""
    from hypothesis import currently_in_test_context

    if examples < 1:
        return
    if not currently_in_test_context():
        _generate(comparison, examples, seed, body, shrink=shrink)
        return
    # hypothesis asks the settings of the outer test, which are not ours to change; what it is inside of is per thread
    with ThreadPoolExecutor(max_workers=1) as elsewhere:
        elsewhere.submit(_generate, comparison, examples, seed, body, shrink=shrink).result()


def _generate(comparison: Comparison, examples: int, seed: int, body: Body, *, shrink: bool) -> None:
    from hypothesis import HealthCheck, Phase, Verbosity, given, settings
    from hypothesis import seed as seeded

    keys = [symbol.key for symbol in comparison.inputs]

    @seeded(seed)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        print_blob=False,
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy(comparison.inputs))
    def attempt(values: tuple[Fraction, ...]) -> None:
        body(dict(zip(keys, values, strict=True)))

    attempt()
