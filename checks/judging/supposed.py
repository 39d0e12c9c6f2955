"""A counterexample outside of what was supposed just before (`Since $w < 1$, … . Thus …`) → one inside, or a word about it.

What stands after "since" ends with its sentence, so that it is no premise of the next one. But an author who says "thus"
may hold a point against it that was excluded: a point that meets all of it is the better evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from checks.choices import Choice, choice_in, put_in
from checks.decide.relations import decide_holds, decide_relation, unused_name, with_any_argument
from checks.decide.statements.relation import decide_implication
from checks.verdict import Verdict
from derive.errors import NoRule, TooLarge, Unreadable
from derive.read import read
from derive.tree import Chain, FunctionName, Implication, Logical, Name, Node, functions, substitute, walk
from derive.write import latex

if TYPE_CHECKING:
    from checks.judging.course import Course
    from checks.readings import Reading

# functions of small slope, which most of what is supposed of an activation allows
_FLAT = (r"\frac{z}{8}", r"\frac{1}{2 + 2 e^{-z}}")
_EXACT = frozenset(["<", ">", r"\le", r"\ge", "=", r"\ne"])
_OUTSIDE = "this point lies outside of what is supposed just before: "


def within(course: Course, verdict: Verdict, reading: Reading, relation: str) -> tuple[Verdict, str]:
    """A refutation at a point that meets what is supposed, and what to say where none was found."""
    if verdict.counterexample is None or verdict.values is None or not course.supposed:
        return verdict, ""
    try:
        supposed = [bound for tree in course.supposed if (bound := _bound(course, tree, reading)) is not None]
        broken = [tree for tree in supposed if not _meets(course, tree, verdict.counterexample)]
        if not broken:
            return verdict, ""
        found = _found_inside(course, supposed, Chain(reading.trees, (relation,)), verdict)
    except (NoRule, TooLarge, Unreadable):
        return verdict, ""
    said = _OUTSIDE + ", ".join(f"${latex(tree)}$" for tree in broken)
    return (verdict, said) if found is None else (found, "")


def _bound(course: Course, tree: Node, reading: Reading) -> Node | None:
    """What is supposed, over the keys of the program; None where it is of other things than the claim."""
    scope = course.scope
    looked = scope.looked_through(tree)
    if scope.unknown(looked) or not isinstance(tree, Chain) or not {*tree.relations} <= _EXACT:
        return None
    keys = next((keys for keys, _, _ in scope.bindings(looked.names)), {}) | {
        name: key for name, key in reading.keys.items() if name in looked.names
    }
    bound = substitute(looked, {name: Name(key) for name, key in keys.items() if name != key})
    claim = [scope.program.expanded(side) for side in reading.trees]
    about = {name for side in claim for name in (*side.names, *functions(side))}
    expanded = scope.program.expanded(bound)
    named = {*expanded.names, *(node.function for node in walk(expanded) if isinstance(node, FunctionName))}
    return bound if named & about or {*functions(expanded)} & about else None


def _meets(course: Course, tree: Node, point: Mapping[str, str]) -> bool:
    """Whether a statement holds at a point, which may say what the functions are; for every argument where none is given."""
    scope = course.scope
    chosen, numbers = _point(course, point)
    expanded = scope.program.expanded(with_any_argument(tree, unused_name((tree,), scope.setting)))
    return decide_holds(substitute(put_in(expanded, chosen), numbers), scope.setting).status in ("proven", "verified")


def _point(course: Course, point: Mapping[str, str]) -> tuple[dict[str, Choice], dict[str, Node]]:
    """The functions and the numbers of a counterexample."""
    chosen: dict[str, Choice] = {}
    numbers: dict[str, Node] = {}
    for name, value in point.items():
        function, opens, _ = name.partition("(")
        if opens:
            chosen[function] = choice_in(value)
        elif name in course.problem.keyed:
            numbers[name] = read(value, course.problem.keyed).tree
    return chosen, numbers


def _found_inside(course: Course, supposed: list[Node], claim: Chain, verdict: Verdict) -> Verdict | None:
    scope, symbols = course.scope, course.problem.symbols
    claimed = scope.program.expanded(claim)
    known, _ = _point(course, verdict.counterexample or {})
    general = [name for name in functions(claimed) if name in symbols and not symbols[name].named]
    worlds = [known, *({name: choice_in(flat) for name in general} for flat in _FLAT if general)]
    bare = [tree for tree in supposed if any(isinstance(node, FunctionName) for node in walk(tree))]
    rest = [scope.program.expanded(tree) for tree in supposed if tree not in bare]
    for world in worlds:
        if not all(choice.is_as_declared(symbols[name]) for name, choice in world.items()):
            continue
        functions_said = {f"{name}(z)": latex(choice.at(Name("z"))) for name, choice in world.items()}
        if not all(_meets(course, tree, functions_said) for tree in bare):
            continue
        found = _inside_of(course, [put_in(tree, world) for tree in rest], put_in(claimed, world))
        if found is not None:
            return replace(found, code=verdict.code, counterexample={**(found.counterexample or {}), **functions_said})
    return None


def _inside_of(course: Course, premises: list[Node], claim: Node) -> Verdict | None:
    """A refutation with no general function left; its values are those of the two sides at its point."""
    assert isinstance(claim, Chain)
    setting = course.scope.setting
    if premises:
        premise = premises[0] if len(premises) == 1 else Logical("and", tuple(premises))
        found = decide_implication(Implication((premise, claim), (r"\Rightarrow",)), setting)
    else:
        found = decide_relation(claim.sides[0], claim.relations[0], claim.sides[1], setting)
    if found.status != "refuted" or not found.counterexample:
        return None
    _, numbers = _point(course, found.counterexample)
    left, right = (substitute(side, numbers) for side in claim.sides)
    there = decide_relation(left, claim.relations[0], right, setting)
    return replace(found, values=there.values) if there.status == "refuted" and there.values else None
