"""The greatest height of a bump against brute force: `python benchmarks/bumps.py [count]`.

The simulation goes over the bump itself with `fractions.Fraction`, step by step as the rule is printed (checks.walks.simulation).
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from checks.walks.simulation import passes, simulated
from derive.paths import RULES, Height, bump, greatest_height

VALLEY = Fraction(1)
STEPS = 160


@dataclass(frozen=True, slots=True)
class Compared:
    """One (α, β1): the height derived, the highest point simulated, and what does not agree."""

    height: Height
    highest: Fraction
    failures: tuple[str, ...]


def compared(rule: str, parameters: Mapping[str, Fraction], steps: int = STEPS) -> Compared:
    """h* beside the highest of `steps` simulated positions and beside what passes in simulation."""
    loss = bump(VALLEY, Fraction(1))
    found = greatest_height(loss, RULES[rule], parameters, Fraction(0))
    highest = max(simulated(rule, parameters, loss.without_peak(), Fraction(0), steps)) - VALLEY
    memory = RULES[rule].memory
    near = Fraction(1, 10**30) + (100 * parameters[memory] ** steps if memory else 0)  # how far it is from its limit
    failures = []
    if found.exact is not None and found.exact != max(highest, Fraction(0)):
        failures.append(f"h* is {float(found.exact)}, the simulation reaches {float(highest)}")
    if found.exact is None and not (found.lower - near <= highest <= (found.upper or highest)):
        failures.append(f"h* is enclosed at {float(found.lower)}, the simulation reaches {float(highest)}")
    if found.lower > near and not passes(rule, parameters, bump(VALLEY, found.lower - near), Fraction(0), steps):
        failures.append("a peak just below h* is not passed in simulation")
    if found.upper is not None and passes(rule, parameters, bump(VALLEY, found.upper + near), Fraction(0), steps):
        failures.append("a peak just above h* is passed in simulation")
    if found.exact and passes(rule, parameters, bump(VALLEY, found.exact), Fraction(0), steps) is not found.attained:
        failures.append("a peak of height h* itself is not as derived")
    return Compared(found, highest, tuple(failures))


def drawn(count: int, seed: int = 0) -> Iterator[dict[str, Fraction]]:
    """Random rational (α, β1), with the two pairs first whose highest peak is not the first."""
    source = random.Random(seed)
    pairs = [(Fraction(3, 10), Fraction(1, 10)), (Fraction(199, 100), Fraction(9, 10))]
    while True:
        alpha, beta1 = pairs.pop(0) if pairs else (
            Fraction(source.randint(1, 250), source.choice((70, 83, 100, 127))), Fraction(source.randint(1, 47), 50))  # fmt: skip
        yield {"alpha": alpha, "beta_1": beta1, "beta_2": Fraction(999, 1000), "epsilon": Fraction(0)}
        count -= 1
        if not count:
            return


def main() -> None:
    """One line for the table of measurements."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    exact = enclosed = opened = later = wrong = derived = 0.0
    for parameters in drawn(count):
        start = time.perf_counter()
        greatest_height(bump(VALLEY, Fraction(1)), RULES["adam"], parameters, Fraction(0))
        derived += time.perf_counter() - start
        found = compared("adam", parameters)
        exact += found.height.exact is not None
        enclosed += found.height.exact is None and found.height.upper is not None
        opened += found.height.upper is None
        later += bool(found.height.peaks) and found.height.step != found.height.peaks[0][0]
        wrong += bool(found.failures)
        for failure in found.failures:
            print(f"{parameters}: {failure}", file=sys.stderr)
    print(f"{count} random (α, β1): h* exact {exact:g}, enclosed to 1e-40 {enclosed:g}, open {opened:g}; "
          f"reached after the first peak {later:g}; other than simulated {wrong:g}; {1000 * derived / count:.1f} ms each")  # fmt: skip


if __name__ == "__main__":
    main()
