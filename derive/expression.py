"""The public face of a tree: an Expression or Statement with its symbols, written as LaTeX or SymPy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from derive.symbols import SymbolTable
from derive.tree import Node
from derive.write import latex

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True, slots=True)
class Expression:
    """A formula that has a value; equal to another if it was written the same."""

    tree: Node
    symbols: SymbolTable

    def latex(self) -> str:
        """LaTeX that reads back as the same tree."""
        return latex(self.tree)

    def sympy(self) -> sympy.Expr:
        """The SymPy expression over symbols with the declared assumptions. Raises NoRule for what SymPy has no form of."""
        from derive.sympy_bridge import to_sympy

        return to_sympy(self.tree, self.symbols)

    def code(self, language: str) -> str:
        """The text of a module with the expression as a function `value`, in "sympy", "numpy" or "torch"; or LaTeX.

        Raises BadSpec for another language, NoRule for what the language has no form of.
        """
        from derive.emit import code_of_expression

        return code_of_expression(self, language)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and self.tree == other.tree

    def __hash__(self) -> int:
        return hash(self.tree)

    def __str__(self) -> str:
        return self.latex()


@dataclass(frozen=True, slots=True)
class Statement:
    """A relation or chain of them: something that holds or does not."""

    tree: Any
    symbols: SymbolTable

    def latex(self) -> str:
        """LaTeX that reads back as the same tree."""
        return latex(self.tree)

    def __str__(self) -> str:
        return self.latex()
