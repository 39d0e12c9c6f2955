"""u ≤ v between logarithms, taken as exponents: Σ a_i log S_i + R > 0 if and only if Π S_i^{a_i} · e^R > 1.

For whole a_i, where every S_i is positive, which is where the logarithms have values; the exponential function is
increasing. What is left is often a sum of exponentials whose sign is plain.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from derive.errors import TooLarge
from derive.normal import normal_form, polynomial_tree
from derive.tree import ONE, Call, Node, Power, Product, number, times

MAX_EXPONENT = 12


def without_logarithms(difference: Node) -> Node | None:
    """What has to stand in the same relation to 1 as the difference to 0; None if no logarithm occurs, or not on its own."""
    try:
        form = normal_form(difference)
    except (TooLarge, ZeroDivisionError):
        return None
    if not form.denominator.is_constant():
        return None
    logs = [index for index, kernel in enumerate(form.kernels) if _is_log(kernel.tree)]
    used = [index for index in logs if form.numerator.degrees()[index]]
    if not used:
        return None
    below = form.denominator.leading_coefficient()
    coefficients: dict[int, Fraction] = {}
    rest = form.numerator * 0
    generators = form.numerator.context().gens()
    for powers, c in form.numerator.terms():
        value = Fraction(int((c / below).p), int((c / below).q))
        met = [index for index in used if powers[index]]
        if not met:
            monomial = form.numerator.context().constant(c / below)
            for generator, power in zip(generators, powers, strict=True):
                monomial *= generator ** int(power)
            rest += monomial
        elif len(met) == 1 and sum(powers) == 1:
            coefficients[met[0]] = value
        else:
            return None
    scale = lcm(*(value.denominator for value in coefficients.values()))
    whole = {index: int(value * scale) for index, value in coefficients.items()}
    if max(map(abs, whole.values())) > MAX_EXPONENT:
        return None
    factors: list[Node] = [
        inside if a == 1 else Power(inside, number(a))
        for index, a in whole.items()
        for inside in [_argument(form.kernels[index].tree)]
    ]
    if rest:
        factors.append(Call("exp", (times([number(scale), polynomial_tree(rest, form.kernels)]),)))
    return Product(tuple(factors)) if len(factors) > 1 else factors[0] if factors else ONE


def _is_log(tree: Node) -> bool:
    return isinstance(tree, Call) and tree.function == "log" and not tree.order


def _argument(tree: Node) -> Node:
    assert isinstance(tree, Call)
    return tree.arguments[0]
