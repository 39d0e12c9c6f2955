"""Derives closed forms: text and symbols in, derivations, LaTeX and source code out.

    text ──read──▶ typed tree ──program, pullback──▶ derivation ──textbook, write──▶ LaTeX, ──emit──▶ code

Knows nothing of torch or of grading, and loads SymPy only when an expression is converted to it.
"""

from derive.api import backward_code, gradient, parse
from derive.catalog import catalog
from derive.errors import BadSpec, NoRule, TooLarge, Unreadable
from derive.expression import Expression, Statement
from derive.problem import Problem
from derive.program import Program
from derive.steps import Derivation, Step
from derive.symbols import Symbol, SymbolTable

__all__ = [
    "BadSpec",
    "Derivation",
    "Expression",
    "NoRule",
    "Problem",
    "Program",
    "Statement",
    "Step",
    "Symbol",
    "SymbolTable",
    "TooLarge",
    "Unreadable",
    "backward_code",
    "catalog",
    "gradient",
    "parse",
]
