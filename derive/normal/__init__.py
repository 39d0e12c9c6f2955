"""The kernel normal form: a scalar formula as a fraction of polynomials over `kernels`, in which equality is a zero test.

A kernel is whatever polynomial arithmetic cannot look into: a name, σ''(z), exp of a monomial, a root, |u|, sin, cos.
Kernels are identified by the normal form of their argument, so σ(w h + b) and σ(b + h w) are one kernel, and

    exp(u)        is split over the terms of u: exp(x + 2y) = exp(x)·exp(y)², one generator for each monomial
    u^v           with v no rational number is exp(v·log u); where u may be negative that log is a kernel of its own,
                  so nothing is assumed of its sign
    log, ⁿ√, |·|  are taken apart over the factors of their argument (derive/splitting.py); roots of one radicand share one
                  generator; ⁿ√u carries the relation rⁿ = u, |u| the relation r² = u²
    sin, cos      of sums and multiples by the addition theorems, with s² = 1 − c²; exact at multiples of π/12
    Γ, ψ, Σ, Π    are shifted to arguments and bounds without a whole part; Σ, Π with numbers as bounds are written out

Numerator zero ⇒ equal wherever both sides are defined. Numerator not zero says nothing: kernels may depend on each
other. Work is bounded by counts (terms, exponents, digits), never by a clock; beyond them TooLarge is raised.

form.py holds the form and the zero tests; kernels.py collects the generators of a formula and arithmetic.py computes with
them; laws.py says what powers, roots and logarithms are, calls.py what functions, angles.py what sines of multiples, and
binders.py what sums, products, integrals and limits, with antiderivatives.py as the table of integrals.
"""

from derive.normal.binders import written_out
from derive.normal.form import (
    Form,
    Kernel,
    Key,
    Mode,
    denominators,
    fraction_tree,
    monomial_tree,
    normal_form,
    polynomial_tree,
    same,
    vanishes,
)

__all__ = [
    "Form",
    "Kernel",
    "Key",
    "Mode",
    "denominators",
    "fraction_tree",
    "monomial_tree",
    "normal_form",
    "polynomial_tree",
    "same",
    "vanishes",
    "written_out",
]
