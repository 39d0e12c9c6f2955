"""What an author supposes → the special case it makes: `for $x = 2$, $w = 1$: …` and `set ∂L/∂w = 0`.

A condition `name = value` in force (of the same sentence; after "let" or "suppose" until the section ends or the name
is given another value) makes a special case of a claim. With the values put in, a claim that is not true in general may be
true; it is wrong only if it is false there too and every condition is a value of an input. A number is right if it is
within one unit of its last digit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from checks.choices import Choice, as_declared, described, put_in
from checks.decide.claim import Setting
from checks.decide.domains import line
from checks.decide.intervals import declared
from checks.decide.relations import decide_relation
from checks.readings import Reading
from checks.scope import Scope
from checks.submission.document import Formula
from checks.verdict import Verdict
from derive.errors import NoRule, TooLarge
from derive.program import Program
from derive.tree import (
    ONE,
    Chain,
    Derivative,
    Listing,
    Logical,
    Name,
    Negative,
    Node,
    Number,
    OffKinks,
    Quotient,
    Sum,
    number,
    substitute,
    walk,
)
from derive.write import latex

MAX_CONDITIONS = 12  # of one sentence
SCALARS = ("real", "integer")

# words by which an equation is set and not claimed; those of the second row only where the side is 0
_SETS = re.compile(
    r"(?<!training )(?<!test )(?<!data )(?<!the )(?<!\ba )\bset\b|\b(?:setting|equat(?:e|es|ing)|solv(?:e|es|ing)|setzen?|posons)\b",
    re.IGNORECASE,
)
_SETS_ZERO = re.compile(
    r"\b(?:vanish(?:es|ing)?|stationar\w*|critical points?|minim(?:um|a|al|i[sz]e[sd]?|i[sz]ing|i[sz]ers?)|"
    r"maxim(?:um|a|al|i[sz]e[sd]?|i[sz]ing)|optim(?:um|a|al|ality)|extrem(?:um|a|al)|first[- ]order|foc|null|nullstellen?|annul\w*|"
    r"must (?:be|equal|hold)|requir\w+)\b",
    re.IGNORECASE,
)
_SETS_AFTER = re.compile(
    r"\W*(?:(?:and|which|that|we|then|to|is|in order|for|at|und)\s+)*"
    r"(?:solv(?:e|es|ing)|vanish|must|has to|needs to|hold|set|first[- ]order|(?:the )?(?:optim|minim|maxim|stationar|critical))",
    re.IGNORECASE,
)
# words after which `w = 1` is a value put in
_VALUES = re.compile(
    r"\b(?:for|at|with|if|when|where|given|let|suppose|take|taking|use|using|put|putting|plug\w*|insert\w*|substitut\w*|"
    r"evaluat\w*|set|setting|values?|für|bei|mit|wenn)\b",
    re.IGNORECASE,
)
# …and stands right behind them, not in the main clause: `with $x = 2$ and $y = 3$ we have`
_LED_IN = re.compile(
    r"\b(?:for|at|with|given|take|taking|use|using|put|putting|plug\w*|insert\w*|substitut\w*|choos(?:e|ing)|pick(?:ing)?|für|bei|mit)\b"
    r"(?:[\s,;]|\b(?:and|und|the|points?|values?|in|that|now|also|also)\b)*$",
    re.IGNORECASE,
)


def is_set(formula: Formula, side: Node) -> bool:
    """Whether the words around `… = side` say that it is an equation to be solved."""
    words = formula.words
    zero = _exact(side) == 0 and (_SETS_ZERO.search(words) or _SETS_AFTER.match(formula.after))
    return bool(_SETS.search(words) or zero)


def is_constant(side: Node) -> bool:
    """Whether a side is a bare number."""
    return isinstance(side.operand if isinstance(side, Negative) else side, Number)


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions in force for one formula."""

    values: Mapping[str, Node] = field(default_factory=dict)  # by the name as it is written
    statements: tuple[Node, ...] = ()
    open: bool = False  # something else is supposed as well
    conflict: bool = False  # a name is given two values in one sentence: which holds for what is not known
    unread: bool = False  # something that is supposed could not be read
    unread_here: bool = False  # …and stands in the same sentence
    supposed: tuple[Node, ...] = ()  # those of the statements that are conditions, and no reasons given
    functions: Mapping[str, Choice] = field(default_factory=dict)  # what general functions are supposed to be

    @property
    def special(self) -> bool:
        """Whether they make a special case."""
        return bool(self.values or self.functions)

    @property
    def described(self) -> str:
        functions = (f"${described(name, choice)}$" for name, choice in self.functions.items())
        values = (f"${latex(Chain((Name(name), value), ('=',)))}$" for name, value in self.values.items())
        return ", ".join((*functions, *values))

    def as_declared(self, scope: Scope) -> bool:
        """Whether the functions are such as the problem declares the general ones."""
        return as_declared(self.functions, scope)

    def only_inputs(self, scope: Scope) -> bool:
        """Whether every condition gives an input a value, so that what is false with them put in is wrong."""
        defined = [name for name in self.values if name not in scope.problem.symbols]
        inputs = all(
            not value.names and (name in defined or scope.problem.symbols[name].kind in SCALARS)
            for name, value in self.values.items()
        )
        settled = not defined or (len(defined) == 1 and _is_settable(defined[0], self.values, scope))
        known = self.special and inputs and settled and not self.open and not self.unread_here
        return known and self._allowed(scope) and self.as_declared(scope)

    def _allowed(self, scope: Scope) -> bool:
        """Whether the values lie in the domains declared."""
        for name, value in self.values.items():
            exact, symbol = _exact(value), scope.problem.symbols.get(name)
            if exact is None or not (symbol is None or symbol.admits(exact)):
                return False
        return True


def may_suppose(formula: Formula) -> bool:
    """Whether a formula may state a condition, by its place among the words."""
    return formula.role == "assumption" or bool(_VALUES.search(formula.words))


def is_led_in(formula: Formula) -> bool:
    """Whether a formula stands right behind "with", "for", "we plug", so that it is put in and not claimed."""
    return formula.role == "claim" and not formula.continues and bool(_LED_IN.search(formula.words))


def conditions(
    trees: Iterable[tuple[Formula, Node]], scope: Scope, chosen: Mapping[int, tuple[str, Choice]] | None = None
) -> Conditions:
    """What the assumptions of a sentence, and those that last, say together; a later value replaces an earlier one.

    `chosen` are the functions chosen, by their sentence: what is given a value beside them is no claim.
    """
    chosen = chosen or {}
    values: dict[str, Node] = {}
    sentence_of: dict[str, int] = {}
    statements: list[Node] = []
    supposed: list[Node] = []
    left_open = conflict = False
    for formula, tree in trees:
        pairs = _pairs(tree, scope)
        given = _gives(pairs, scope)
        if formula.role != "assumption" and not given and not is_led_in(formula):
            beside = pairs if formula.sentence in chosen else ()
            if not beside or not all(
                _is_settable(name, values, scope) and is_constant(value) for name, value in beside
            ):
                continue
        statements.append(tree)
        reason = (
            formula.role == "assumption"
            and not formula.lasting
            and isinstance(tree, Chain)
            and set(tree.relations) == {"="}
        )
        if given or not reason:
            supposed.append(tree)
        left_open = left_open or pairs is None
        for name, value in pairs or ():
            if name in values and sentence_of[name] == formula.sentence and values[name] != value:
                conflict = True
            values[name], sentence_of[name] = value, formula.sentence
    if (
        conflict
        or len(statements) > MAX_CONDITIONS
        or any(name in values for value in values.values() for name in value.names)
    ):
        return Conditions({}, tuple(statements), open=True, conflict=True, supposed=tuple(supposed))
    return Conditions(values, tuple(statements), left_open, supposed=tuple(supposed), functions=dict(chosen.values()))


def _gives(pairs: list[tuple[str, Node]] | None, scope: Scope) -> bool:
    """Whether inputs are given values: of a quantity that would be a claim."""
    return bool(pairs) and all(name in scope.problem.symbols and not value.names for name, value in pairs or ())


def _is_settable(name: str, values: Mapping[str, Node], scope: Scope) -> bool:
    keys = {names[name] for part in scope.parts if name in (names := scope.names_of(part))}
    return len(keys) == 1 and keys <= {*scope.program.definitions} and settable(next(iter(keys)), values, scope)


def settable(key: str, values: Mapping[str, Node], scope: Scope) -> bool:
    """Whether inputs that are given no value can give a quantity any value: it is linear in one of them."""
    expanded = scope.program.expanded(Name(key))
    if any(key in values for key in expanded.names):
        return False
    rest = {key: dict.fromkeys([other for other in expanded.names if other != key], ONE) for key in expanded.names}
    free = [key for key in rest if (symbol := scope.setting.symbol(key)).kind == "real" and declared(symbol).everything]
    return any(line(substitute(expanded, rest[key])) is not None for key in free)


def _pairs(tree: Node, scope: Scope) -> list[tuple[str, Node]] | None:
    """`x = 2`, `x = y = 1`, `x = 2 and y = 3` as names and values; None for any other statement."""
    if isinstance(tree, Logical) and tree.connective == "and":
        found = [_pairs(part, scope) for part in tree.statements]
        return None if any(part is None for part in found) else [pair for part in found for pair in part or ()]
    if not isinstance(tree, Chain) or tree.continued or set(tree.relations) != {"="}:
        return None
    *names, value = tree.sides
    if len(names) == 1 and isinstance(names[0], Listing) and isinstance(value, Listing):  # (x, y) = (2, 3)
        if len(names[0].children) != len(value.children):
            return None
        both = zip(names[0].children, value.children, strict=True)
        return _pairs(Logical("and", tuple(Chain((name, entry), ("=",)) for name, entry in both)), scope)
    keys = [side.key for side in names if isinstance(side, Name)]
    arrays = any(key in scope.problem.symbols and scope.problem.symbols[key].kind not in SCALARS for key in keys)
    if (
        arrays
        or len(keys) != len(names)
        or any(key in value.names for key in keys)
        or scope.unknown(tree)
        or value.has_array
    ):
        return None
    return [(key, value) for key in keys]


def special_case(base: Node, relation: str, side: Node, given: Conditions, scope: Scope) -> Verdict | None:
    """A relation with the conditions put in; None where they say nothing about it."""
    if not given.special:
        return None
    try:
        readings = scope.readings(base, side)
        total = [reading for reading in readings if "local" not in reading.description]
        found = [_put_in(reading, relation, given, scope) for reading in total or readings]
    except (NoRule, TooLarge):
        return None
    known = [verdict for verdict in found if verdict is not None]
    for statuses in (("proven", "verified"), ("undecided",), ("refuted",)):
        for verdict in known:
            if verdict.status in statuses:
                return verdict
    return None


def _put_in(reading: Reading, relation: str, given: Conditions, scope: Scope) -> Verdict | None:
    program = scope.program
    values = {reading.keys.get(name, name): scope.looked_through(value) for name, value in given.values.items()}
    defined = {key: value for key, value in values.items() if key in program.definitions}
    inputs = {key: value for key, value in values.items() if key not in program.definitions}
    if any(isinstance(node, OffKinks) for tree in reading.trees for node in walk(tree)):
        return None
    if defined and any(isinstance(node, Derivative) for tree in reading.trees for node in walk(tree)):
        return None  # what has a value somewhere is no constant: its derivative is not 0
    if any(name in program.definitions for value in defined.values() for name in value.names):
        return None
    program = Program({**program.definitions, **defined}, program.recurrences) if defined else program
    before = [program.expanded(tree) for tree in reading.trees]
    try:
        left, right = (substitute(put_in(tree, given.functions), inputs) for tree in before)
    except NoRule as error:
        return Verdict("undecided", "no-rule", f"undecided: {error}")
    if before == list(reading.trees) and (left, right) == reading.trees:
        return None
    number_wanted = is_constant(right) and relation in ("=", r"\approx")
    verdict = decide_relation(left, "=" if number_wanted else relation, right, scope.setting)
    behind = {key for name in defined for key in scope.program.inputs(Name(name))}
    if verdict.status == "refuted" and behind & {*left.names, *right.names}:  # at other values than give it its own
        return Verdict("undecided", "special-case", "undecided: what is given a value depends on what is left free")
    return _rounded(left, right, verdict, scope.setting) if number_wanted and verdict.status == "refuted" else verdict


def _rounded(left: Node, right: Node, verdict: Verdict, setting: Setting) -> Verdict:
    """A number is right if it is within one unit of its last digit; a whole number that is that near is left open."""
    if left.names or not is_constant(right):
        return verdict
    digits = right.operand if isinstance(right, Negative) else right
    assert isinstance(digits, Number)
    _, point, decimals = digits.text.partition(".")
    if not decimals.isdigit() and point:
        return verdict
    unit = Fraction(1, 10 ** len(decimals))
    near = all(
        decide_relation(difference, "<", number(unit), setting).status in ("proven", "verified")
        for difference in (Sum((left, Negative(right))), Sum((right, Negative(left))))
    )
    if not near:
        return verdict
    if point:
        return Verdict("verified", "rounded", f"right to the digits written: within {float(unit):g}")
    return Verdict("undecided", "rounded", "undecided: near, but a whole number is not rounded")


def _exact(value: Node) -> Fraction | None:
    if isinstance(value, Negative):
        inner = _exact(value.operand)
        return None if inner is None else -inner
    if isinstance(value, Quotient):
        top, bottom = _exact(value.numerator), _exact(value.denominator)
        return None if top is None or not bottom else top / bottom
    return value.value if isinstance(value, Number) else None
