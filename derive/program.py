"""Straight-line definitions: names given by formulas over earlier names, and derivatives through them.

The derivative of one name by another is the sum over all paths of the products of local partial derivatives. It is
built factored: at every name that all paths pass through (a dominator) the sum is split into a product, which is how
a person writes it, ∂y/∂z₅·(∂z₅/∂h₄·∂h₄/∂h₃ + ∂z₅/∂h₃)·∂h₃/∂w. (Dominator factoring of a DAG's path sum.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from derive.errors import BadSpec, NoRule, TooLarge
from derive.lazy import lazy
from derive.opening import apart, opened
from derive.pullback import check, derivative, gradients, product
from derive.tree import ONE, ZERO, Derivative, Name, Node, names, substitute, total, transform, walk

if TYPE_CHECKING:
    from derive.recurrence.definition import Recurrence

MAX_PATHS = 4096
MAX_NODES = 50_000  # of a tree with every definition put in


class Program:
    """Definitions in an order in which each mentions only inputs and earlier ones.

    Sequences given by a recurrence stand beside them (see `derive.recurrence`). What depends on a letter that is bound
    where it is used is put in there (see `derive.opening`). Raises BadSpec for a name defined twice or by way of itself.
    """

    def __init__(
        self,
        definitions: Mapping[str, Node] | Iterable[tuple[str, Node]] = (),
        recurrences: Mapping[str, Recurrence] | None = None,
    ) -> None:
        self.recurrences = dict(recurrences or {})
        pairs = list(definitions.items() if isinstance(definitions, Mapping) else definitions)
        self.definitions: dict[str, Node] = {}
        known = {key for key, _ in pairs}
        for key, tree in pairs:
            if key in self.definitions:
                raise BadSpec(f"{key} is defined twice")
            late = [name for name in names(tree) if name in known and name not in self.definitions]
            if late:
                raise BadSpec(f"{key} is defined by {late[0]}, which is not defined before it")
            try:
                tree = opened(tree, self.definitions)
                self.definitions[key] = apart(tree, tree.names)
            except NoRule as error:
                raise BadSpec(f"{key}: {error}") from None
        self._counts: dict[tuple[str, str], int] = {}
        self._paths: dict[tuple[str, str], Node] = {}

    @lazy
    def order(self) -> dict[str, int]:
        """The place of each name among the definitions."""
        return {key: index for index, key in enumerate(self.definitions)}

    @lazy
    def keys(self) -> tuple[str, ...]:
        """The defined names in order."""
        return tuple(self.definitions)

    def mentions(self, key: str) -> tuple[str, ...]:
        """The names a definition is written with; none for an input."""
        tree = self.definitions.get(key)
        return () if tree is None else names(tree)

    def inputs(self, tree: Node) -> tuple[str, ...]:
        """The inputs a tree depends on, through all definitions, in the order met."""
        found: dict[str, None] = {}
        seen: set[str] = set()
        stack = list(reversed(names(tree)))
        while stack:
            key = stack.pop()
            if key in seen:
                continue
            seen.add(key)
            if key in self.definitions:
                stack.extend(reversed(self.mentions(key)))
            else:
                found.setdefault(key)
        return tuple(found)

    def opened(self, tree: Node) -> Node:
        """The tree with what depends on a letter bound around it put in; comes before all else. Raises NoRule."""
        return opened(tree, self.definitions)

    def needed(self, tree: Node) -> dict[str, Node]:
        """The definitions a tree depends on, in order."""
        if not self.definitions:
            return {}
        wanted: set[str] = set()
        stack = [key for key in names(tree) if key in self.definitions]
        while stack:
            key = stack.pop()
            if key not in wanted:
                wanted.add(key)
                stack.extend(k for k in self.mentions(key) if k in self.definitions)
        return {key: definition for key, definition in self.definitions.items() if key in wanted}

    def expanded(self, tree: Node, collapse: Callable[[Node], Node] = lambda put_in: put_in) -> Node:
        """The tree with every definition put in, each as `collapse` writes it, so that nesting need not add up.

        Raises TooLarge, and what `collapse` raises.
        """
        done: dict[str, Node] = {}
        for key, definition in self.needed(tree).items():
            done[key] = self._within_size(collapse(substitute(definition, done)))
        tree = self.opened(tree)
        return self._within_size(substitute(apart(tree, tree.names), done))

    def _within_size(self, tree: Node) -> Node:
        _ = tree.depth  # raises TooLarge
        if tree.size > MAX_NODES:
            raise TooLarge(f"more than {MAX_NODES} nodes with all definitions put in")
        return tree

    # --- derivatives -------------------------------------------------------------------------------------------------

    def local(self, top: str, bottom: str) -> Node:
        """∂top/∂bottom from the definition of `top` alone, every other name in it held fixed."""
        return (
            derivative(self.definitions[top], bottom) if top in self.definitions else (ONE if top == bottom else ZERO)
        )

    def total(self, top: str, bottom: str) -> Node:
        """d top/d bottom through all definitions, in terms of intermediate names."""
        return self.with_local_derivatives(self.chain_rule(top, bottom))

    def total_of(self, tree: Node, bottom: str) -> Node:
        """The derivative of any formula by a name, through all definitions."""
        tree = self.opened(tree)
        tree = apart(tree, (*tree.names, bottom))
        reached = [key for key in names(tree) if key == bottom or self._count(key, bottom)]
        if not reached:
            check(tree)
            return ZERO
        outer = gradients(tree, tuple(reached))
        return total([product([outer[key], self.total(key, bottom) if key != bottom else ONE]) for key in reached])

    def chain_rule(self, top: str, bottom: str) -> Node:
        """d top/d bottom as sums and products of local derivatives, not yet taken. Raises TooLarge."""
        if top == bottom:
            return ONE
        if self._count(top, bottom) == 0:
            return ZERO
        if self._count(top, bottom) > MAX_PATHS:
            raise TooLarge(f"more than {MAX_PATHS} paths from {top} to {bottom}")
        key = (top, bottom)
        if key not in self._paths:
            stations = self._dominators(top, bottom)
            parts = [self._segment(a, b) for a, b in zip(stations, stations[1:], strict=False)]
            self._paths[key] = product(parts)
        return self._paths[key]

    def with_local_derivatives(self, tree: Node) -> Node:
        """A chain rule with its local derivatives taken."""

        def take(node: Node) -> Node | None:
            if isinstance(node, Derivative) and isinstance(node.operand, Name):
                return self.local(node.operand.key, node.variables[0].key)
            return None

        return simplified(transform(tree, take))

    def local_derivatives(self, tree: Node) -> tuple[tuple[Derivative, Node], ...]:
        """The local derivatives a chain rule consists of, each with its value, in the order written."""
        met = dict.fromkeys(node for node in walk(tree) if isinstance(node, Derivative))
        return tuple((node, self.with_local_derivatives(node)) for node in met)

    def _count(self, top: str, bottom: str) -> int:
        """The number of paths from a name down to another."""
        key = (top, bottom)
        if key not in self._counts:  # only what is defined after the bottom, up to the top, can lie between
            for name in self.keys[self.order.get(bottom, -1) + 1 : self.order.get(top, -1) + 1]:
                if (name, bottom) not in self._counts:
                    through = (1 if n == bottom else self._counts.get((n, bottom), 0) for n in self.mentions(name))
                    self._counts[(name, bottom)] = sum(through)
            self._counts.setdefault(key, 0)
        return self._counts[key]

    def _dominators(self, top: str, bottom: str) -> list[str]:
        """The names every path passes, from the top to the bottom."""
        everything = self._count(top, bottom)
        reached = {top: 1}  # by how many paths from the top
        for name in reversed(self.keys[: self.order.get(top, -1) + 1]):
            for below in self.mentions(name) if name in reached else ():
                reached[below] = reached.get(below, 0) + reached[name]
        between = [
            name
            for name, paths in reached.items()
            if name in self.definitions
            and name not in (top, bottom)
            and paths * self._count(name, bottom) == everything
        ]
        return [top, *sorted(between, key=lambda name: -self.order[name]), bottom]

    def _segment(self, top: str, bottom: str) -> Node:
        """The paths between two neighbouring dominators, by their first step."""
        terms: list[Node] = []
        for below in self._highest_first(top, bottom):
            step = Derivative(Name(top), (Name(below),))
            terms.append(product([step, self.chain_rule(below, bottom)]))
        return total(terms)

    def _highest_first(self, top: str, bottom: str) -> list[str]:
        below = [key for key in self.mentions(top) if key == bottom or self._count(key, bottom)]
        return sorted(below, key=lambda key: -self.order.get(key, -1))


def simplified(tree: Node) -> Node:
    """Factors 1 and 0 taken out of products, terms 0 out of sums; nothing else."""
    from derive.tree import Negative, Product, Sum

    def tidy(node: Node) -> Node | None:
        if isinstance(node, Product):
            return product(list(node.factors))
        if isinstance(node, Sum):
            flat = [t for term in node.terms for t in (term.terms if isinstance(term, Sum) else (term,))]
            return total([term for term in flat if term != ZERO])
        if isinstance(node, Negative) and node.operand == ZERO:
            return ZERO
        return None

    return transform(tree, tidy)
