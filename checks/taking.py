"""∂a/∂b in a submission, taken: local or total, and of vectors and matrices in the layouts people use.

∂a/∂b is local where a definition of a, the problem's or the submission's, mentions b, else total; a way in which all are
total is tried besides. A derivative by a vector or matrix is read first as it is (the shape of the variable, a Jacobian
with a row for each function), then as in other layouts: one for a whole step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from checks.decide.claim import Claim, Setting
from checks.decide.equality import decide_equal
from derive.errors import NoRule, TooLarge, Unreadable
from derive.kinks import off_kinks
from derive.matrix.conventions import WAYS, arranged, has_array_derivatives
from derive.matrix.derivatives import involves_arrays, taken
from derive.matrix.nodes import ArrayName
from derive.matrix.shapes import shape_of
from derive.program import Program
from derive.pullback import derivative, scalar_keys
from derive.symbols import SymbolTable
from derive.tree import Call, Derivative, Name, Node, transform, walk
from derive.write import latex

Trees = tuple[Node, ...]


@dataclass
class Taking:
    """Derivatives of a problem's quantities; `definitions_of` gives every wording of a definition, by key."""

    program: Program
    table: SymbolTable
    setting: Setting
    definitions_of: Callable[[str], list[Node]]
    equal: Callable[[Node, Node], bool]
    _locals: dict[tuple[Node, Node, Node], tuple[Node, bool]] = field(default_factory=dict)
    _diagonal: dict[Node, bool] = field(default_factory=dict)

    def ways(self, trees: Trees) -> Iterator[tuple[Trees, str, str]]:
        """The trees with their derivatives taken, what was assumed, and the layout. Raises NoRule if there is no way."""
        if not any(Derivative in tree.kinds for tree in trees):
            yield trees, "", ""
            return
        yield from ((taken, how, "") for taken, how in self._local_then_total(trees))
        if not any(map(has_array_derivatives, trees)):
            return
        for way in WAYS:
            try:
                meant = tuple(arranged(tree, way) for tree in trees)
                shapes = [shape_of(tree) for tree in meant]
                found = list(self._local_then_total(meant)) if meant != trees and len(set(shapes)) == 1 else []
            except (Unreadable, NoRule, TooLarge):
                continue
            layout = ", ".join(way)
            yield from ((taken, "; ".join(filter(None, (how, layout))), layout) for taken, how in found)

    def _local_then_total(self, trees: Trees) -> Iterator[tuple[Trees, str]]:
        """Local where a definition mentions the variable, then all total; once if that makes no difference."""
        met: list[str] = []
        local = tuple(self._taken(tree, met, prefer_local=True) for tree in trees)
        yield local, f"local {', '.join(dict.fromkeys(met))}" if met else ""
        if met:
            yield tuple(self._taken(tree, [], prefer_local=False) for tree in trees), "all derivatives total"

    def _taken(self, tree: Node, met: list[str], *, prefer_local: bool) -> Node:
        for node in walk(tree):
            if isinstance(node, Call) and node.function == "diag" and isinstance(node.arguments[0], Derivative):
                self._check_diagonal(node.arguments[0])

        def take(node: Node) -> Node | None:
            if not isinstance(node, Derivative):
                return None
            if involves_arrays(node, self.program):
                return self._of_arrays(node, met, prefer_local=prefer_local)
            result: Node = node.operand
            for key in scalar_keys(node):
                result = self._one(result, key, met, prefer_local=prefer_local)
            return result

        return transform(tree, take)

    def _one(self, operand: Node, key: str, met: list[str], *, prefer_local: bool) -> Node:
        if isinstance(operand, Name) and prefer_local:
            definition = self._mentioning(operand, key)
            if definition is not None:
                found, differs = self._local_or_total(
                    (operand, Name(key), definition),
                    lambda: derivative(definition, key),
                    lambda: self.program.total_of(operand, key),
                )
                met += [said(operand, key)] if differs else []
                return found
        return off_kinks(self.program.total_of(operand, key), operand, (key,), self.program)

    def _of_arrays(self, node: Derivative, met: list[str], *, prefer_local: bool) -> Node:
        operand, variable = node.operand, node.variables[0]
        if prefer_local and len(node.variables) == 1 and isinstance(operand, Name | ArrayName):
            definition = self._mentioning(operand, variable.key)
            if definition is not None:
                alone = Derivative(definition, node.variables)
                found, differs = self._local_or_total(
                    (operand, variable, definition),
                    lambda: taken(alone, Program(), self.table),
                    lambda: taken(node, self.program, self.table),
                )
                met += [said(operand, variable.key)] if differs else []
                return found
        return taken(node, self.program, self.table)

    def _mentioning(self, operand: Name | ArrayName, key: str) -> Node | None:
        return next((wording for wording in self.definitions_of(operand.key) if key in wording.names), None)

    def _local_or_total(
        self, of: tuple[Node, Node, Node], local: Callable[[], Node], total: Callable[[], Node]
    ) -> tuple[Node, bool]:
        """The local derivative if it differs from the total one, else the total one; and whether it does."""
        known = self._locals.get(of)
        if known is None:
            alone, through = local(), total()
            known = (through, False) if self.equal(alone, through) else (alone, True)
            self._locals[of] = known
        return known

    def _check_diagonal(self, node: Derivative) -> None:
        """Raises NoRule unless a Jacobian is diagonal, so that its diagonal says it all."""
        if node not in self._diagonal:
            jacobian = self._taken(node, [], prefer_local=True)
            column = Call("diag", (jacobian,))
            same = Claim(jacobian, Call("diag", (column,)), self.setting)
            self._diagonal[node] = decide_equal(same).status in ("proven", "verified")
        if not self._diagonal[node]:
            raise NoRule(f"{latex(node)} is not diagonal: its diagonal is not all of it")


def said(operand: Name | ArrayName, key: str) -> str:
    """∂a/∂b as it is spoken of."""
    return rf"$\partial {shown(operand.key)} / \partial {shown(key)}$"


def held_local(asked: Node | None, description: str) -> bool:
    """Whether a reading takes the derivative that is asked for as the local one, where that differs from the total one."""
    if not isinstance(asked, Derivative) or not isinstance(asked.operand, Name | ArrayName):
        return False
    return any(said(asked.operand, variable.key) in description for variable in asked.variables)


def shown(key: str) -> str:
    """A key of the program as it is written."""
    return key.partition("@")[0]
