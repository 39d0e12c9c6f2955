"""Derivations: the closed form of a derivative with the steps that lead to it, each with its law.

Through definitions the steps are those of a person: the chain rule over the names, the local derivatives put in, the
collected form, the expanded form. Of a single formula each step applies one law to every derivative still to be taken.

Each "collected" and "expanded" line is checked against the line it was made from before it is printed: textbook.py returns
a rewritten form only where the normal form of the difference is zero, and the line as it was otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from derive.constructs import CONSTRUCTS, construct_derivative
from derive.errors import NoRule, TooLarge
from derive.expression import Expression
from derive.program import Program, simplified
from derive.pullback import check, product, scalar_keys
from derive.rules import law_of
from derive.symbols import SymbolTable
from derive.textbook import collected, expanded
from derive.tree import ONE, ZERO, Derivative, Name, Node, OffKinks, Power, names, total, transform, walk
from derive.write import latex

MAX_STEPS = 40


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a derivation: the right-hand side reached, and the law that led to it."""

    expression: Expression
    law: str
    latex: str
    left: str = ""  # the left side, where it is another than that of the line before
    differential: bool = False  # whether the line is about df, not about the derivative
    about: Node | None = None  # the derivative the line is about, where it is another than the one asked for


@dataclass(frozen=True)
class Derivation:
    """How d f/d wrt was found; `f` is a name of `program` or a formula over its names."""

    f: Node
    wrt: tuple[str, ...]
    steps: tuple[Step, ...]
    closed: Node
    symbols: SymbolTable
    program: Program
    layout: str = "gradient"

    @property
    def closed_form(self) -> Expression:
        """The collected form, in terms of intermediate names."""
        return Expression(self.closed, self.symbols)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the closed form takes for granted, in sentences."""
        return ()

    @cached_property
    def off_kinks(self) -> Node:
        """The closed form, marked with where f may have no derivative: there it is a convention."""
        from derive.kinks import differentiated, off_kinks

        if self.closed.has_array or self.f.has_array:
            return self.closed
        if not self.wrt:  # a formula of derivatives
            marked = differentiated(self.f, self.program, self.symbols)
            marks = tuple(dict.fromkeys(k for node in walk(marked) if isinstance(node, OffKinks) for k in node.kinks))
            return OffKinks(self.closed, marks) if marks else self.closed
        return off_kinks(self.closed, self.f, self.wrt, self.program)

    @cached_property
    def left(self) -> Node:
        """∂f/∂wrt as it stands on the left of the first line; df/dwrt where ∂f/∂wrt is a local derivative in a step."""
        if not self.wrt:
            return self.f
        left = Derivative(self.f, tuple(Name(key) for key in self.wrt))
        local = any(node == left for step in self.steps for node in walk(step.expression.tree))
        return Derivative(left.operand, left.variables, partial=not local)

    def latex(self) -> str:
        """The whole derivation as an `aligned` environment, the law beside each line."""
        return in_lines(self.steps, "" if self.steps and self.steps[0].left else latex(self.left) + " ")

    def code(self, language: str) -> str:
        """The text of a module with `value` and `gradient`, in "sympy", "numpy" or "torch"; or `latex()`.

        Through definitions the gradient goes name by name, backwards, and nothing is expanded. Raises BadSpec for another
        language, NoRule for what the language has no form of, TooLarge.
        """
        from derive.emit import code_of_derivation

        return code_of_derivation(self, language)


def in_lines(steps: tuple[Step, ...], first: str = "") -> str:
    """Steps as an `aligned` environment, the law beside each line; `first` is the left side of the first."""
    rows = [rf"{step.left + ' ' if step.left else ''}&= {step.latex} && \text{{{step.law}}}" for step in steps]
    return "\\begin{aligned}\n" + first + " \\\\\n".join(rows) + "\n\\end{aligned}"


def derive_by(f: Node, wrt: tuple[str, ...], program: Program, symbols: SymbolTable) -> Derivation:
    """The derivation of ∂f/∂wrt (one name; two or more for higher derivatives). Raises NoRule, TooLarge."""
    if any(key in symbols and symbols[key].is_array for key in wrt):
        raise NoRule("no rule for the derivative by a vector or matrix")
    lines: list[tuple[Node, str]] = []
    f = tree = program.opened(f)
    for index, key in enumerate(wrt):
        later = tuple(Name(k) for k in wrt[index + 1 :])
        stage = _first_order(tree, key, program)
        tree = collected(stage[-1][0]) if later else stage[-1][0]
        stage = _with_form(stage, tree, "collected")
        lines += [(Derivative(line, later) if later else line, law) for line, law in stage]
    closed = collected(lines[-1][0])
    lines = _with_form(lines, closed, "collected")
    try:
        lines = _with_form(lines, expanded(closed), "expanded")
    except (TooLarge, ZeroDivisionError):
        pass  # the collected form stands; an expansion beyond the limits would not be read by anyone
    steps = tuple(Step(Expression(line, symbols), law, latex(line)) for line, law in lines)
    return Derivation(f, wrt, steps, closed, symbols, program)


def derive_formula(f: Node, program: Program, symbols: SymbolTable) -> Derivation:
    """A formula of derivatives (a difference or quotient of gradients), each taken through all definitions."""
    taken = with_total_derivatives(f, program)
    lines = _with_form([(taken, "derivatives put in")], collected(taken), "collected")
    steps = tuple(Step(Expression(line, symbols), law, latex(line)) for line, law in lines)
    return Derivation(f, (), steps, lines[-1][0], symbols, program)


def with_total_derivatives(tree: Node, program: Program) -> Node:
    """Every ∂a/∂b of names taken through all definitions."""
    tree = program.opened(tree)

    def take(node: Node) -> Node | None:
        if not isinstance(node, Derivative):
            return None
        result = node.operand
        for key in scalar_keys(node):
            result = program.total_of(result, key)
        return result

    return transform(tree, take)


def _with_form(lines: list[tuple[Node, str]], form: Node, law: str) -> list[tuple[Node, str]]:
    return lines if any(line == form for line, _ in lines) else [*lines, (form, law)]


def _first_order(f: Node, key: str, program: Program) -> list[tuple[Node, str]]:
    if isinstance(f, Name) and f.key in program.definitions:
        chain = program.chain_rule(f.key, key)
        lines = [(chain, "chain rule"), (program.with_local_derivatives(chain), "local derivatives")]
        if chain == Derivative(f, (Name(key),)):
            return lines[1:]  # the definition holds the variable itself, and nothing else leads to it
        return lines if chain not in (ONE, ZERO) else [(chain, "no path" if chain == ZERO else "identity")]
    if any(name in program.definitions for name in names(f)):
        return [(program.total_of(f, key), "chain rule")]
    return list(_by_laws(f, key))


def _by_laws(f: Node, key: str) -> list[tuple[Node, str]]:
    """Every pending derivative replaced by its law, outermost first, until none is left."""
    tree: Node = Derivative(f, (Name(key),))
    lines: list[tuple[Node, str]] = []
    while any(isinstance(node, Derivative) for node in walk(tree)):
        check(tree)
        tree, laws = _once(tree, key)
        lines.append((tree, ", ".join(laws)))
        if len(lines) > MAX_STEPS:
            raise TooLarge(f"more than {MAX_STEPS} steps")
    return lines


def _law(node: Node, key: str, law: str) -> str:
    """The law by the name it has where some operands are constant."""
    depends = [key in names(child) for child in node.children]
    if isinstance(node, Power) and depends[1]:
        return "exponential" if not depends[0] else "power and exponential"
    return "constant factor" if law == "product rule" and sum(depends) == 1 else law


def _once(tree: Node, key: str) -> tuple[Node, tuple[str, ...]]:
    laws: dict[str, None] = {}

    def pending(child: Node) -> Node:
        return ONE if isinstance(child, Name) and child.key == key else Derivative(child, (Name(key),))

    def apply(node: Node) -> Node | None:
        if not isinstance(node, Derivative):
            return None
        inner = node.operand
        if isinstance(inner, Name):
            return ONE if inner.key == key else ZERO
        if key not in names(inner):
            return ZERO
        if isinstance(inner, CONSTRUCTS):
            law, whole = construct_derivative(inner, key, pending)
            laws.setdefault(law)
            return whole
        law, partials = law_of(inner, [key in names(child) for child in inner.children])
        terms = []
        for child, partial in zip(inner.children, partials, strict=True):
            if key in names(child):
                within = ONE if isinstance(child, Name) else Derivative(child, node.variables)
                terms.append(product([partial, within]))
        laws.setdefault(_law(inner, key, law))
        return total(terms)

    return simplified(transform(tree, apply)), tuple(laws) or ("constants",)
