"""A relation in which extrema over a name occur: what is known of them is put in, and the rest is decided as usual.

    exact, or a norm                          put in; the relation that is left is decided, and how is said
    sup f ≤ c, inf f ≥ c                      as f ≤ c, f ≥ c for every value
    sup f = c                                 refuted where f ≤ c is
    enclosed                                  by the ends of the enclosure
    of a general function                     refuted where it is for one concrete function
    max, min that are approached only         refuted: there is none

Everything else is undecided, with what is known of the extremum.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice

from checks.decide.balls import PRECISIONS, precision
from checks.decide.claim import Claim, Setting, in_world
from checks.decide.elementary import Undefined
from checks.decide.extrema.operators import operator_value, over_vectors
from checks.decide.extrema.slopes import slope_form
from checks.decide.extrema.values import GREATEST, INFIMUM, LEAST, SUPREMUM, Extent, extent_of, worked_out
from checks.decide.finite import finite
from checks.decide.separation import FAILURES, evaluator
from checks.decide.statements.solutions import roots
from checks.verdict import Verdict
from derive.errors import NoRule, Unreadable
from derive.matrix.nodes import SCALAR, ArrayName, Norm
from derive.matrix.shapes import shape_of
from derive.program import Program
from derive.pullback import derivative
from derive.rules import with_named_functions
from derive.tree import (
    EXTREMA,
    Absolute,
    Binder,
    Call,
    Chain,
    Constant,
    Implication,
    Name,
    Negative,
    Node,
    Power,
    Quotient,
    Root,
    SuchThat,
    Sum,
    functions,
    number,
    substitute,
    transform,
    walk,
)
from derive.write import latex

UPPER, LOWER = (SUPREMUM, GREATEST), (INFIMUM, LEAST)
TURNED = {"=": "=", "<": ">", ">": "<", r"\le": r"\ge", r"\ge": r"\le", r"\ne": r"\ne", r"\approx": r"\approx"}
FOR_ALL = {True: r"\le", False: r"\ge"}
_ENDLESS = (Constant("infinity"), Negative(Constant("infinity")))
MAX_INSIDE = 12  # extrema of one relation
MAX_WORLDS = 3  # concrete functions that are tried for a general one
MAX_CANDIDATES = 6  # zeros of a slope that are tried


def about_extrema(setting: Setting, *trees: Node) -> bool:
    """Whether an extremum over a name occurs in formulas, or in a definition they rest on."""
    return any(holds_extremum(tree) for tree in trees) or any(
        holds_extremum(definition)
        for tree in trees
        for definition in setting.program.needed(tree).values()
        if Binder in definition.kinds
    )


def holds_extremum(tree: Node) -> bool:
    """Whether an extremum over a name occurs."""
    return Binder in tree.kinds and any(isinstance(n, Binder) and n.kind in EXTREMA for n in walk(tree))


@dataclass
class Known:
    """Extrema as what they are known to be: the trees put in, what is said of them, the enclosures of the others."""

    setting: Setting
    by_value: bool = True  # or only by what it is, whatever its value
    said: list[str] = field(default_factory=list)
    extents: dict[Node, Extent] = field(default_factory=dict)

    def settled(self, tree: Node) -> Node:
        """The tree with extrema that are known exactly replaced by what they are, inner ones first."""
        return transform(transform(tree, _absolute), self._of) if holds_extremum(tree) else tree

    def _of(self, node: Node) -> Node | None:
        if not isinstance(node, Binder) or node.kind not in EXTREMA:
            return None
        if (found := operator_value(node, self.setting)) is not None:
            return self._note(node, *found)
        slope = slope_form(node, self.setting)
        if slope is not None:
            self._note(
                node, slope, "the greatest slope of a chord is the supremum of the slope, by the mean value theorem"
            )
            return self._of(slope) or slope
        if not self.by_value:
            return None
        extent = extent_of(node, self.setting)
        if extent is None:
            return None
        self.extents[node] = extent
        attained = node.kind in (SUPREMUM, INFIMUM) or extent.attained
        if extent.low is None and extent.high is None and node.kind in (SUPREMUM, INFIMUM):
            endless = Constant("infinity")
            return self._note(node, endless if node.kind == SUPREMUM else Negative(endless), extent.said)
        if extent.exact is None or not attained:
            return None
        return self._note(node, number(extent.exact), extent.said)

    def _note(self, node: Node, value: Node, why: str) -> Node:
        self.said.append(f"${latex(node)}$ is ${latex(value)}$: {why}")
        return value


def _absolute(node: Node) -> Node | None:
    """‖u‖ of a number is |u|."""
    one = isinstance(node, Norm) and not node.operand.has_array and shape_of(node.operand) == SCALAR
    return Absolute(node.operand) if one else None  # type: ignore[attr-defined]


def decide_extrema(left: Node, relation: str, right: Node, setting: Setting) -> Verdict:
    """One relation between formulas with extrema. Never raises what effort limits raise."""
    try:
        return _decided(left, relation, right, setting)
    except (Unreadable, *FAILURES) as error:  # shapes that fit no more, once something is put in
        return Verdict("undecided", "effort", f"undecided: {error}")


def _decided(left: Node, relation: str, right: Node, setting: Setting) -> Verdict:
    from checks.decide.relations import decide_relation  # built on this

    sides = [with_named_functions(setting.program.opened(side), setting.symbols) for side in (left, right)]
    if sum(isinstance(node, Binder) for side in sides for node in walk(side)) > MAX_INSIDE:
        return _undecided("too many extrema stand in one relation")
    known = Known(setting)
    program = _settled_program(setting, sides, known)
    inside = Setting(setting.symbols, program)
    sides = [known.settled(_put_in(side, program)) for side in sides]
    if all(side in _ENDLESS for side in sides):
        return _between_infinities(sides, relation, known)
    if relation == "=" and (infinite := _finite_side(sides, inside)) is not None:
        return replace(infinite, evidence="; ".join((*dict.fromkeys(known.said), infinite.evidence)))
    if not any(map(holds_extremum, sides)):
        verdict = decide_relation(sides[0], relation, sides[1], inside)
        return replace(verdict, evidence="; ".join((*dict.fromkeys(known.said), verdict.evidence)))
    found = _open(sides[0], relation, sides[1], inside, known)
    if found.status == "undecided" or not known.said:
        return found
    return replace(found, evidence="; ".join((*dict.fromkeys(known.said), found.evidence)))


def _between_infinities(sides: list[Node], relation: str, known: Known) -> Verdict:
    """∞ = ∞ and −∞ < ∞, as suprema and infima are compared."""
    left, right = (1 if side == _ENDLESS[0] else -1 for side in sides)
    said = "; ".join(dict.fromkeys(known.said))
    holds = {"=": left == right, r"\le": left <= right, r"\ge": left >= right, "<": left < right, ">": left > right}
    if relation not in holds:
        return _undecided(said)
    return Verdict("proven", "extrema", said) if holds[relation] else Verdict("refuted", "extrema", said, {})


def _finite_side(sides: list[Node], setting: Setting) -> Verdict | None:
    """∞ = c is refuted where c has a value."""
    if (sides[0] in _ENDLESS) == (sides[1] in _ENDLESS):
        return None
    side = sides[0] if sides[1] in _ENDLESS else sides[1]
    found = finite(_ENDLESS[0], r"\le", side, setting)
    return found if found is not None and found.status == "refuted" else None


def _settled_program(setting: Setting, sides: list[Node], known: Known) -> Program:
    """The definitions, those that are needed settled."""
    needed = {key for side in sides for key in setting.program.needed(side)}
    named = setting.named.definitions
    pairs = [
        (key, known.settled(named[key]) if key in needed and holds_extremum(tree) else tree)
        for key, tree in setting.program.definitions.items()
    ]
    return Program(pairs, setting.program.recurrences)


def _put_in(side: Node, program: Program) -> Node:
    """The side with those definitions put in that rest on an extremum that is left."""
    open_: dict[str, Node] = {}
    for key, tree in program.needed(side).items():
        here = substitute(tree, open_) if open_ else tree
        if holds_extremum(here):
            open_[key] = here
    return substitute(side, open_) if open_ else side


# --- what is left ----------------------------------------------------------------------------------------------------


def _open(left: Node, relation: str, right: Node, setting: Setting, known: Known) -> Verdict:
    if same_but_for_letters(left, right) and relation in ("=", r"\le", r"\ge", r"\approx"):
        return Verdict("proven", "extrema", "both sides are the same extremum")
    if (found := _by_instances(left, relation, right, setting)) is not None:
        return found
    if not (isinstance(left, Binder) and left.kind in EXTREMA):
        if not (isinstance(right, Binder) and right.kind in EXTREMA) or relation not in TURNED:
            return _undecided("of an extremum inside a formula no more is known")
        left, relation, right = right, TURNED[relation], left
    if holds_extremum(right):
        return _undecided("how two extrema compare is not known")
    found = _by_enclosure(left, relation, right, known) or _for_all(left, relation, right, setting)
    if found is not None:
        return found
    extent = known.extents.get(left)
    if extent is None:
        return _undecided(f"what ${latex(left)}$ is, is not known here")
    if extent.attained is False and left.kind in (GREATEST, LEAST):
        return _undecided(f"${latex(left)}$ does not exist: {extent.said}")
    return _undecided(f"${latex(left)}$ lies between {_shown(extent.low)} and {_shown(extent.high)}; more is not known")


def _undecided(why: str) -> Verdict:
    return Verdict("undecided", "extrema", f"undecided: {why}")


def _shown(value: Fraction | None) -> str:
    return "no bound" if value is None else str(value) if value.denominator < 1000 else f"{float(value):.9f}"


def same_but_for_letters(left: Node, right: Node) -> bool:
    """Whether two trees are the same once bound letters are called alike."""
    return _lettered(left, 0) == _lettered(right, 0)


def _lettered(tree: Node, depth: int) -> Node:
    if isinstance(tree, Binder) and tree.kind in EXTREMA:
        index = f"\0{depth}"
        return Binder(tree.kind, index, (), _lettered(substitute(tree.body, {tree.index: Name(index)}), depth + 1))
    if not holds_extremum(tree):
        return tree
    return tree.rebuilt(tuple(_lettered(child, depth) for child in tree.children))


def same_definition(left: Node, right: Node, setting: Setting) -> bool:
    """Whether two formulas are one extremum, of equal formulas over the same values, or one norm: not only of one value."""
    from checks.decide.equality import decide_equal

    known = Known(setting, by_value=False)
    left, right = (known.settled(setting.program.opened(side)) for side in (left, right))
    if not holds_extremum(left) and not holds_extremum(right):
        return shape_of(left) == shape_of(right) and decide_equal(Claim(left, right, setting)).status == "proven"
    while isinstance(left, Binder) and isinstance(right, Binder) and left.kind == right.kind and left.kind in EXTREMA:
        right = substitute(right.body, {right.index: Name(left.index)})
        left = left.body
        if isinstance(left, SuchThat) or isinstance(right, SuchThat):
            return left == right
        if not holds_extremum(left):
            return not holds_extremum(right) and decide_equal(Claim(left, right, setting)).status == "proven"
    return False


def _by_instances(left: Node, relation: str, right: Node, setting: Setting) -> Verdict | None:
    """A concrete function for each general one with which the relation is refuted."""
    claim = Claim(left, right, setting)
    if not claim.general_functions or any(setting.symbol(name).is_sequence for name in claim.general_functions):
        return None
    if any(setting.named.expanded(side).has_array for side in (left, right)):
        return None  # the functions that are tried are functions of numbers
    for world in claim.worlds()[:MAX_WORLDS]:
        sides = [in_world(setting.named.expanded(side), world) for side in (left, right)]
        if set(claim.general_functions) & {f for side in sides for f in functions(side)}:
            return None
        verdict = decide_extrema(sides[0], relation, sides[1], setting)
        if verdict.status == "refuted":
            of = ", ".join(f"${name}(z) = {made.latex}$" for name, made in world.items())
            values = {name: made.latex for name, made in world.items()}
            return Verdict("refuted", "counterexample", f"with {of}: {verdict.evidence}", values)
    return None


def _by_enclosure(left: Binder, relation: str, right: Node, known: Known) -> Verdict | None:
    """An extremum between two numbers against a number."""
    extent = known.extents.get(left)
    if extent is None or right.names or right.has_array:
        return None
    if extent.attained is False and left.kind in (GREATEST, LEAST):
        said = f"${latex(left)}$ does not exist: {extent.said}"
        return Verdict("refuted", "not-attained", said, {}) if relation == "=" else None
    if extent.low is None or extent.high is None:
        return None
    try:
        with precision(PRECISIONS[0]):
            at = evaluator(Claim(right, right, known.setting), {}, {})
            value, low, high = at(right), at(number(extent.low)), at(number(extent.high))
            above, below = bool(value < low), bool(value > high)  # the extremum is certain to be so
            reached, reaches = bool(high <= value), bool(low >= value)
    except (Undefined, *FAILURES):
        return None
    holds = {r"\le": reached, "<": below, r"\ge": reaches, ">": above, r"\ne": above or below}
    fails = {r"\le": above, "<": reaches, r"\ge": below, ">": reached, "=": above or below}
    said = f"${latex(left)}$ lies between {_shown(extent.low)} and {_shown(extent.high)}"
    if fails.get(relation):
        return Verdict("refuted", "extrema", said, {})
    exists = left.kind in (SUPREMUM, INFIMUM) or extent.attained
    return Verdict("proven", "extrema", said) if holds.get(relation) and exists else None


def _for_all(left: Binder, relation: str, right: Node, setting: Setting) -> Verdict | None:
    """sup f ≤ c by f ≤ c for every value; sup f = c fails where that fails, and holds where f takes the value c besides."""
    from checks.decide.relations import decide_holds

    names, body, condition = _parted(left)
    above = left.kind in UPPER
    if set(names) & set(right.names) or relation not in ("=", FOR_ALL[above]):
        return None
    bounded, premise = _everywhere(left, body, condition)
    claimed: Node = Chain((bounded, right), (FOR_ALL[above],))
    verdict = decide_holds(claimed if premise is None else Implication((premise, claimed), (r"\Rightarrow",)), setting)
    if verdict.status == "refuted":
        word = "above" if above else "below"
        return replace(verdict, code="counterexample", evidence=f"a value {word} it: {verdict.evidence}")
    if verdict.status != "proven":
        return None
    if isinstance(condition, Chain) and premise is None and condition.relations == (r"\le",):
        return None  # inside of the sphere nothing was shown
    if relation == "=":
        at = _taken_at(names, body, condition, right, setting)
        said = f"it is attained at {names[0]} = {latex(at)}, and no value lies beyond: " if at is not None else ""
        return replace(verdict, evidence=said + verdict.evidence) if at is not None else None
    if left.kind in (GREATEST, LEAST):
        return None
    return replace(verdict, evidence=f"for every value: {verdict.evidence}")


def _taken_at(names: list[str], body: Node, condition: Node | None, value: Node, setting: Setting) -> Node | None:
    """A zero of the slope, a polynomial in the other names, at which the body has the value; None where none is found."""
    from checks.decide.equality import decide_equal

    symbol = setting.symbol(names[0])
    if len(names) > 1 or condition is not None or body.has_array or symbol.limited or symbol.kind != "real":
        return None
    whole = setting.named.expanded(body)
    inner = whole.operand if isinstance(whole, Absolute) else whole
    for candidate in islice(roots(derivative(transform(inner, worked_out), names[0]), names[0]), MAX_CANDIDATES):
        if (
            _is_polynomial(candidate)
            and decide_equal(Claim(substitute(whole, {names[0]: candidate}), value, setting)).status == "proven"
        ):
            return candidate
    return None


def _is_polynomial(tree: Node) -> bool:
    """Whether a formula has a value whatever its names are: nothing with a name is divided by, or under a root."""
    match tree:
        case Root() | Call():
            return not tree.names
        case Quotient(denominator=bottom):
            return not bottom.names and _is_polynomial(tree.numerator)
        case Power(base=base, exponent=exponent):
            return not exponent.names and not base.names
    return all(map(_is_polynomial, tree.children))


def _parted(tree: Binder) -> tuple[list[str], Node, Node | None]:
    names, body = [tree.index], tree.body
    while isinstance(body, Binder) and body.kind == tree.kind:
        names, body = [*names, body.index], body.body
    return (names, body.body, body.condition) if isinstance(body, SuchThat) else (names, body, None)


def _everywhere(tree: Binder, body: Node, condition: Node | None) -> tuple[Node, Node | None]:
    """The body and what is supposed of the names; on the sphere as a formula of any vector, beside 0 without a premise."""
    over = over_vectors(tree)
    if condition is None or over is None:
        return body, condition
    if not isinstance(condition, Chain) or len(condition.relations) != 1:
        raise NoRule("a condition on vectors that is more than one relation")
    (left, right), relation = condition.sides, condition.relations[0]
    x = over.vectors[0]
    if relation == r"\ne":
        apart = left if right == number(0) else Sum((left, Negative(right)))
        return body, None if _has_no_value_there(body, over.vectors) else Chain((Norm(apart), number(0)), (">",))
    if len(over.vectors) == 1 and relation in ("=", r"\le") and right == number(1) and left == Norm(x):
        return substitute(
            body, {x.key: Quotient(x, left)}
        ), None  # enough to refute; ≤ is then proven on the sphere alone
    return body, condition


def _has_no_value_there(body: Node, vectors: tuple[ArrayName, ...]) -> bool:
    """Whether the body divides by something that vanishes where the condition is broken: nothing is lost without it."""
    return any(
        isinstance(node, Quotient) and {v.key for v in vectors} & set(node.denominator.names) for node in walk(body)
    )
