"""Random typed trees for the property tests: every node the reader can produce, over one fixed symbol table."""

from __future__ import annotations

from hypothesis import strategies as st

from derive import SymbolTable
from derive.tree import (
    Absolute,
    Call,
    Chain,
    Constant,
    Derivative,
    FunctionName,
    Implication,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    walk,
)  # fmt: skip

NAMES = ("x", "y", "w_1", r"\alpha", "z_5^*", r"\hat{y}", "W^{(21)}", r"x_{\mathrm{in}}", "lr", r"\beta_1")
FUNCTIONS = (r"\sigma", "f", "S")
ELEMENTARY = ("exp", "log", "sin", "tanh", "sigmoid")
TABLE = SymbolTable.from_specs(dict.fromkeys(NAMES, "real") | dict.fromkeys(FUNCTIONS, "function"))

numbers = st.one_of(
    st.integers(0, 120).map(lambda n: Number(str(n))), st.sampled_from(["0.5", "0.50", "2.0", "10.25"]).map(Number)
)
names = st.sampled_from(NAMES).map(Name)
leaves = st.one_of(numbers, names, st.sampled_from(["e", "pi", "infinity"]).map(Constant))
function_names = st.builds(FunctionName, st.sampled_from(FUNCTIONS), st.integers(0, 5))


def _nodes(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        several.map(Sum),
        several.map(Product),
        inner.map(Negative),
        st.builds(Quotient, inner, inner),
        st.builds(Power, inner, inner),
        st.builds(Power, inner, inner.map(Negative)),
        st.builds(Root, inner),
        st.builds(Root, inner, inner),
        inner.map(Absolute),
        st.builds(Call, st.sampled_from(FUNCTIONS), st.tuples(inner), st.integers(0, 5)),
        st.builds(Call, st.sampled_from(ELEMENTARY), st.tuples(inner), st.integers(0, 2)),
        st.builds(Derivative, inner, st.lists(names, min_size=1, max_size=3).map(tuple)),
        function_names,
    )


def _writable(tree: Node) -> bool:
    """A function bare in its own bracket, or in that of a general function, is no call to the reader."""
    return not any(
        isinstance(bare, FunctionName) and (bare.function == call.function or call.function in FUNCTIONS)
        for call in walk(tree)
        if isinstance(call, Call)
        for bare in walk(call)
    )


expressions: st.SearchStrategy[Node] = st.deferred(
    lambda: st.recursive(leaves, _nodes, max_leaves=12).filter(_writable)
)


def _joined(
    kind: type[Chain | Implication], parts: st.SearchStrategy[Node], marks: list[str]
) -> st.SearchStrategy[Node]:
    """Parts with marks between them; `continued` begins with one."""

    def build(draw: st.DrawFn) -> Node:
        count = draw(st.integers(1, 3))
        continued = draw(st.booleans())
        mark = st.sampled_from(marks)
        written = tuple(draw(mark) for _ in range(count))
        sides = tuple(draw(parts) for _ in range(count if continued else count + 1))
        return kind(sides, written, continued)

    return st.composite(build)()


chains = _joined(Chain, expressions, ["=", "<", r"\le", ">", r"\ge", r"\ne", r"\ll", r"\gg", r"\approx"])
implications = _joined(
    Implication, st.one_of(chains.filter(lambda c: not c.continued), expressions), [r"\Rightarrow", r"\Leftrightarrow"]
)
statements = st.deferred(lambda: st.one_of(expressions, chains, implications))
