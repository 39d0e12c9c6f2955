"""Case distinctions, conditions and sums as statements of Python, for the languages that compute entry by entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.emit.identifiers import identifier
from derive.emit.piece import ATOM, PRODUCT, SUM, UNARY, Piece
from derive.errors import NoRule, TooLarge
from derive.tree import (
    Binder,
    Cases,
    Chain,
    Constant,
    Logical,
    Name,
    Negative,
    Node,
    Number,
    Otherwise,
    Product,
    Sum,
    walk,
)
from derive.write import latex

if TYPE_CHECKING:
    from derive.emit.writer import Writer

MAX_LOOPS = 15  # nested; Python takes 20 blocks
COMPARED = {"<": "<", r"\le": "<=", ">": ">", r"\ge": ">=", "=": "==", r"\ne": "!="}


def condition(writer: Writer, tree: Node) -> Piece:
    """A statement as a truth value, entry by entry."""
    match tree:
        case Chain(sides=sides, relations=relations, continued=False):
            pieces = [writer.piece(side) for side in sides]
            parts = [writer.compared(a, r, b) for a, r, b in zip(pieces, relations, pieces[1:], strict=False)]
            return Piece(" & ".join(f"({part})" for part in parts) if len(parts) > 1 else parts[0])
        case Logical(connective=connective, statements=statements):
            parts = [f"({writer.condition(part).text})" for part in statements]
            return Piece((" & " if connective == "and" else " | ").join(parts))
    raise NoRule(f"{latex(tree)} is no condition that can be computed")


def compared(writer: Writer, left: Piece, relation: str, right: Piece) -> str:
    if relation not in COMPARED:
        raise NoRule(f"the condition {relation} has no exact meaning")
    return f"{writer.lifted(left).at(SUM)} {COMPARED[relation]} {right.at(SUM)}"


def cases(writer: Writer, tree: Cases) -> Piece:
    """The branches from the last to the first, each over inputs that are nan where it is not chosen.

    So no branch warns, and none spoils the derivative of another: 0 times the infinite slope of one not chosen.
    """
    chosen = [writer.assigned("chosen", text) for text in _selections(writer, tree)]
    values = [_branch(writer, value, case) for value, case in zip(tree.values, chosen, strict=True)]
    result = Piece(writer.names.fresh("cases"))
    other = writer.lifted(Piece(writer.constants["nan"], ATOM, scalar=True))
    for case, value in reversed(list(zip(chosen, values, strict=True))):
        writer.line(f"{result.text} = {writer.where(case, value, other).text}")
        other = result
    return result


def _selections(writer: Writer, tree: Cases) -> list[str]:
    texts = []
    before: list[str] = []
    for condition in tree.conditions:
        none_before = f"~{before[0]}" if len(before) == 1 else f"~({' | '.join(before)})" if before else ""
        if isinstance(condition, Otherwise):
            texts.append(none_before or _always(writer))
            continue
        holds = writer.assigned("holds", writer.condition(condition).text)
        texts.append(f"{holds} & {none_before}" if before else holds)
        before.append(holds)
    return texts


def _always(writer: Writer) -> str:
    """A condition that holds."""
    zero = writer.lifted(Piece("0", ATOM, scalar=True)).text
    return f"{zero} == 0"


def _branch(writer: Writer, value: Node, case: str) -> Piece:
    nan = Piece(writer.constants["nan"], ATOM, scalar=True)
    masked = {
        key: Piece(writer.assigned(writer.known[key].text, writer.where(case, writer.known[key], nan).text))
        for key in value.names
        if key in writer.known and not writer.known[key].scalar and not isinstance(value, Name)
    }
    with writer.knowing(masked):
        return writer.piece(value)


def loop(writer: Writer, tree: Binder) -> Piece:
    """A sum or product as a loop."""
    lower, upper = bounds(writer, tree)
    if writer.loops >= MAX_LOOPS:
        raise TooLarge(f"more than {MAX_LOOPS} sums within one another")
    start, sign, wanted = ("0", "+", "total") if tree.kind == "sum" else ("1", "*", "result")
    total = writer.assigned(wanted, writer.lifted(Piece(start, ATOM, scalar=True)).text)
    index = writer.names.fresh(identifier(tree.index))
    stop = str(int(upper) + 1) if upper.isdigit() else f"{upper} + 1"
    writer.line(f"for {index} in range({lower}, {stop}):")
    writer.indent, writer.loops = writer.indent + 1, writer.loops + 1
    with writer.knowing({tree.index: Piece(index, ATOM, scalar=True)}):
        term = writer.piece(tree.body)
    writer.line(f"{total} = {total} {sign} {term.at(PRODUCT if sign == '+' else UNARY)}")
    writer.indent, writer.loops = writer.indent - 1, writer.loops - 1
    return Piece(total)


def bounds(writer: Writer, tree: Binder) -> tuple[str, str]:
    """The bounds of a sum or product. Raises NoRule for whatever has no finite code."""
    if tree.kind not in {"sum", "product"}:
        kind = "an integral" if tree.kind == "integral" else f"a {tree.kind.rstrip('+-')}"
        raise NoRule(f"{kind} has no finite code; work it out first")
    for bound in tree.bounds:
        if any(isinstance(node, Constant) and node.name == "infinity" for node in walk(bound)):
            raise NoRule(f"a {tree.kind} of infinitely many terms has no finite code; work it out first")
        if not _is_whole(writer, bound):
            raise NoRule(f"the bound {latex(bound)} is not made of whole numbers and whole-number names")
    lower, upper = (writer.piece(bound).at(SUM) for bound in tree.bounds)
    return lower, upper


def _is_whole(writer: Writer, bound: Node) -> bool:
    """Whether a bound is a whole number by its form."""
    match bound:
        case Number(value=value):
            return value.denominator == 1
        case Name(key=key):
            return key in writer.known and (writer.known[key].scalar or writer.language == "sympy")
        case Sum() | Product() | Negative():
            return all(_is_whole(writer, part) for part in bound.children)
    return False
