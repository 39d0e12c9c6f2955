"""Every tree one edit away from a wrong one: what the author may have meant, likeliest kind of slip first.

An edit says its kind (a stable code), the edited tree and, once it is chosen, a sentence. They undo the slips that
`mutants.py` makes: a sign, a factor, an exponent, a prime, a name, a term or factor dropped or added.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.tree import ONE, TWO, Call, Name, Negative, Node, Number, Power, Product, Sum, number, times, walk
from derive.write import latex

# where one wrong form has several explanations, the earlier one is given
LIKELIEST = (
    "sign", "power", "prime", "index", "extra-term", "missing-term", "extra-factor", "missing-factor", "constant-factor",
)  # fmt: skip
Path = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """One node replaced by another; `sentence` has a place for the LaTeX of each of `said`."""

    code: str
    new: Node
    sentence: str
    said: tuple[Node, ...]

    def message(self) -> str:
        """The sentence, formulas between dollars."""
        return sentence(self.sentence, *self.said)


def sentence(text: str, *formulas: Node) -> str:
    """A sentence with formulas in it, each between dollars."""
    return text.format(*(f"${latex(formula)}$" for formula in formulas))


def edits(wrong: Node, truth: Node) -> Iterator[tuple[Edit, Node]]:
    """Each edit with the whole tree it leads to; names and factors to put in are taken from the truth."""
    names = [Name(key) for key in truth.names]
    atoms: list[Node] = list(dict.fromkeys(node for node in walk(truth) if isinstance(node, Name | Call)))
    found = [(path, edit) for path, node in _paths(wrong) for edit in _edits_of(node, names, atoms)]
    for path, edit in sorted(found, key=lambda pair: LIKELIEST.index(pair[1].code)):
        yield edit, replaced(wrong, path, edit.new)


def _edits_of(node: Node, names: list[Name], atoms: list[Node]) -> Iterator[Edit]:
    if isinstance(node, Sum):
        for rest, term in without_each(node.terms):
            yield Edit("extra-term", rest[0] if len(rest) == 1 else Sum(rest), "the term {} is one too many", (term,))
    if isinstance(node, Product):
        for rest, factor in without_each(node.factors):
            yield Edit("extra-factor", times(list(rest)), "the factor {} is one too many", (factor,))
    if isinstance(node, Negative):
        yield Edit("sign", node.operand, "the sign of {} is wrong", (node.operand,))
    if isinstance(node, Call):
        yield from _primes(node)
    if isinstance(node, Power) and isinstance(node.exponent, Number):
        yield from _exponents(node, node.exponent)
    if isinstance(node, Name | Call):
        yield Edit("power", Power(node, TWO), "the exponent of {} should be 2", (node,))
    if isinstance(node, Name):
        for name in names:
            if name != node:
                yield Edit("index", name, "{} stands where {} belongs", (node, name))
    if isinstance(node, Number):
        for value in (node.value + 1, node.value - 1, node.value * 2, node.value / 2):
            yield Edit("constant-factor", number(value), "{} should be {}", (node, number(value)))
    else:
        yield from _additions(node, atoms)


def _primes(node: Call) -> Iterator[Edit]:
    if len(node.arguments) != 1:
        return
    yield Edit("prime", Call(node.function, node.arguments, node.order + 1), "{} lacks a prime", (node,))
    if node.order:
        yield Edit("prime", Call(node.function, node.arguments, node.order - 1), "{} has a prime too many", (node,))


def _exponents(node: Power, exponent: Number) -> Iterator[Edit]:
    for value in (exponent.value + 1, exponent.value - 1, exponent.value * 2):
        fixed = ONE if value == 0 else node.base if value == 1 else Power(node.base, number(value))
        yield Edit("power", fixed, "the exponent of {} should be {}", (node.base, number(value)))


def _additions(node: Node, atoms: list[Node]) -> Iterator[Edit]:
    yield Edit("sign", Negative(node), "the sign of {} is wrong", (node,))
    yield Edit("missing-term", Sum((node, ONE)), "the term 1 is missing beside {}", (node,))
    yield Edit("constant-factor", Product((TWO, node)), "{} lacks the factor 2", (node,))
    for atom in atoms:
        yield Edit("missing-factor", times([node, atom]), "{} lacks the factor {}", (node, atom))


def without_each(parts: tuple[Node, ...]) -> Iterator[tuple[tuple[Node, ...], Node]]:
    for i, part in enumerate(parts):
        yield (*parts[:i], *parts[i + 1 :]), part


def _paths(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    yield path, node
    for index, child in enumerate(node.children):
        yield from _paths(child, (*path, index))


def replaced(node: Node, path: Path, new: Node) -> Node:
    if not path:
        return new
    children = list(node.children)
    children[path[0]] = replaced(children[path[0]], path[1:], new)
    return node.rebuilt(tuple(children))
