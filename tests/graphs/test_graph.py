"""Derived graphs are those torch records; labellings are judged; what has no real value is said."""

from __future__ import annotations

import json
import math
import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from checks.cli import main
from checks.graphs.command import studied
from checks.graphs.draw import Drawn, dot, mermaid
from checks.graphs.labels import judge_labels, read_labels
from checks.graphs.recorded import difference, record
from derive.catalog import catalog
from derive.errors import NoRule, Unreadable
from derive.graph import Graph, Vertex, computation_graph
from derive.plain import plain, plain_name
from derive.program import Program
from derive.read.assignments import read_assignments
from derive.tree import Name

PROGRAM = catalog["computation-graph"].program
VALUES = {**dict.fromkeys("abcdef", Fraction(1)), "x_0": Fraction(1, 2)}
SYSTEM = """\
a_ = Variable(torch.tensor([1.0]), requires_grad=True)
b = 1.0; c = 1.0; d = 1.0; e = 1.0; f = 1.0
x0 = 0.5
x1 = b*x0 + c
x2 = x0 + x1*f
x3 = (x0 - e*x1)**a + torch.sin(d*x2)
x4 = x3*x2 + d*x1
"""


def test_the_graph_of_the_system_is_torchs_in_its_order():
    graph = computation_graph(PROGRAM, "x_4")
    assert difference(graph, record(PROGRAM, "x_4", VALUES)) is None
    assert (len(graph.operations), len(graph.leaves)) == (13, 7)
    order = [plain_name(v.name) if v.operation == "leaf" else v.operation for v in graph.vertices]
    assert order == "Add Mul Add Pow Sub x0 Mul e Add Mul b c a Sin Mul d Add Mul f Mul".split()


def formulas(names: list[str]) -> st.SearchStrategy[str]:
    def deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        two = st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "/"]), inner)
        called = st.builds("torch.{}({})".format, st.sampled_from(["sin", "exp", "tanh", "relu"]), inner)
        return (
            two | called | st.sampled_from(["(-{})", "({})**2", "2**({})"]).flatmap(lambda form: inner.map(form.format))
        )

    return st.recursive(st.sampled_from([*names, "2.0", "3.0"]), deeper, max_leaves=8)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_every_program_has_the_graph_torch_records(data):
    names = ["x", "y"]
    lines = ["x = 0.7", "y = 1.3"]
    for index in range(data.draw(st.integers(1, 4))):
        formula = data.draw(formulas(names))
        names.append(f"z{index}")
        lines.append(f"z{index} = x*y + {formula}")
    read = read_assignments("\n".join(lines))
    program = Program(read.definitions)
    top = program.keys[-1]
    try:
        recorded = record(program, top, read.values)
    except OverflowError:  # of Python's numbers, before torch sees them: said by the command
        assume(False)
        raise
    assert difference(computation_graph(program, top), recorded) is None


@pytest.mark.parametrize(
    "formula", ["2*3*x - 1", "1 + 2 + x", "(1 - 2) - x", "torch.exp(2) * x / 3", "2**3 / x", "-(2)*x"]
)
def test_numbers_are_no_vertices(formula):
    read = read_assignments(f"x = 0.7\ny = {formula}")
    assert (
        difference(
            computation_graph(Program(read.definitions), "y"), record(Program(read.definitions), "y", read.values)
        )
        is None
    )


@pytest.mark.parametrize("change", ["operation", "operands", "name", "missing"])
def test_a_graph_that_is_not_torchs_is_told_from_it(change):
    graph = computation_graph(PROGRAM, "x_4")
    vertices = list(graph.vertices)
    third = vertices[2]
    vertices[2] = Vertex(
        "Mul" if change == "operation" else third.operation,
        "x_2" if change == "name" else third.name,
        third.formula,
        third.applied,
        third.operands[::-1] if change == "operands" else third.operands,
    )
    wrong = Graph(tuple(vertices[:-1] if change == "missing" else vertices))
    assert difference(wrong, record(PROGRAM, "x_4", VALUES)) is not None


def test_local_derivatives_multiplied_along_all_paths_are_the_derivatives_of_torch():
    recording = record(PROGRAM, "x_4", {**VALUES, "a": Fraction(2)})
    graph = computation_graph(PROGRAM, "x_4")
    from checks.graphs.command import studied

    study = studied(PROGRAM, {**VALUES, "a": Fraction(2)}, "x_4")
    passed = [0.0] * len(graph.vertices)
    passed[0] = 1.0
    for number in sorted(range(len(graph.vertices)), key=lambda k: _height(graph, k), reverse=True):
        for place, operand in enumerate(graph.vertices[number].operands):
            value, _ = study.value(graph.local_derivative(number, place))
            passed[operand] += passed[number] * (float(value) if value is not None else math.nan)
    for number, vertex in enumerate(graph.vertices):
        if vertex.operation == "leaf" and vertex.name != "a":  # ln of a negative number
            assert passed[number] == pytest.approx(recording.slopes[vertex.name])


def _height(graph: Graph, number: int) -> int:
    return 1 + max((_height(graph, k) for k in graph.vertices[number].operands), default=0)


@pytest.mark.parametrize(
    ("label", "right"),
    [("x3", True), ("x_3", True), ("x2", False), ("(x0 - e*x1)**a + sin(d*x2)", True), ("sin(d*x2) + (x0 - x1*e)**a", True),
     ("(x0 + e*x1)**a + sin(d*x2)", False), ("q", False), ("x3)\ny = (2", None), ("x3 +", None)],
)  # fmt: skip
def test_a_label_is_the_name_or_an_equal_formula(label, right):
    (judged,) = judge_labels({3: label}, computation_graph(PROGRAM, "x_4"), PROGRAM, {})
    assert judged.right is right, judged.message


def test_a_wrong_label_is_told_what_stands_there_and_where_its_name_belongs():
    (judged,) = judge_labels({8: "d"}, computation_graph(PROGRAM, "x_4"), PROGRAM, {})
    assert judged.message == "this is e; d is vertex 16"


def test_a_leaf_may_bear_its_name_in_the_code():
    graph = computation_graph(PROGRAM, "x_4")
    assert judge_labels({13: "a_"}, graph, PROGRAM, {"a_": "a"})[0].right is True
    assert judge_labels({13: "a_"}, graph, PROGRAM, {})[0].right is False


def test_a_vertex_that_is_not_there_is_wrong():
    assert judge_labels({99: "x3"}, computation_graph(PROGRAM, "x_4"), PROGRAM, {})[0].right is False


@pytest.mark.parametrize(
    ("text", "labels"), [("1 = x4\n\n# a remark\n2: x3*x2", {1: "x4", 2: "x3*x2"}), ('{"1": "x4"}', {1: "x4"})]
)
def test_labels_are_read(text, labels):
    assert read_labels(text) == labels


@pytest.mark.parametrize("text", ["x4", "{bad", '{"a": "x"}', "1 - x"])
def test_what_is_no_labelling_is_refused(text):
    with pytest.raises(Unreadable):
        read_labels(text)


def test_a_leaf_without_a_value_is_named():
    with pytest.raises(NoRule, match="x_0 has no value"):
        record(PROGRAM, "x_4", dict.fromkeys("abcdef", Fraction(1)))


def test_texts_for_drawing_escape_what_they_hold():
    graph = computation_graph(Program({"y": read_assignments("y = x*2").definitions["y"]}), "y")
    drawn = Drawn(graph, {0: '"<&'}, {})
    assert '\\"<&' in dot(drawn)
    assert "&quot;&lt;&amp;" in mermaid(drawn)


def test_the_command_says_that_a_derivative_has_no_real_value(tmp_path: Path):
    (tmp_path / "program.py").write_text(SYSTEM)
    done = CliRunner().invoke(main, ["graph", str(tmp_path / "program.py"), "--json"])
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert data["same_as_torch"] is True
    by = {partial["by"]: partial for partial in data["partials"]}
    assert (by["a"]["value"], by["a"]["no_value"], by["a"]["torch"]) == (None, "no real value", None)
    assert all(partial["agrees"] for key, partial in by.items() if key != "a")
    assert float(by["e"]["value"]) == -3
    assert float(by["c"]["value"]) == pytest.approx(-1.922996246268603, rel=1e-11)


def test_the_problem_of_the_catalogue_brings_its_values():
    done = CliRunner().invoke(main, ["graph", "computation-graph", "--json"])
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert data["same_as_torch"] is True
    assert {p["by"]: p["value"] for p in data["partials"]}["f"] == "-1.3844943694"


def test_the_command_refuses_a_wrong_labelling_with_its_exit_code(tmp_path: Path):
    (tmp_path / "program.py").write_text(SYSTEM)
    (tmp_path / "labels.txt").write_text("1 = x4\n8 = d\n")
    done = CliRunner().invoke(main, ["graph", str(tmp_path / "program.py"), "--labels", str(tmp_path / "labels.txt")])
    assert done.exit_code == 1
    assert "this is e; d is vertex 16" in done.output


@pytest.mark.parametrize("kind", ["dot", "mmd", "svg", "png"])
def test_graphs_are_written_as_text_always_and_as_pictures_with_graphviz(kind, tmp_path: Path):
    (tmp_path / "program.py").write_text(SYSTEM)
    written = tmp_path / f"graph.{kind}"
    done = CliRunner().invoke(main, ["graph", str(tmp_path / "program.py"), "-o", str(written)])
    if kind in ("svg", "png") and shutil.which("dot") is None:
        assert done.exit_code == 2
        assert "graphviz is not installed" in done.output
    else:
        assert done.exit_code == 0, done.output
        assert written.stat().st_size > 500


def test_operations_of_arrays_are_refused():
    with pytest.raises(NoRule, match="no rule for"):
        computation_graph(Program({"y": catalog["plain-chain"].program.definitions["y"]}), "y")


def test_names_are_vertices_of_their_own_text():
    assert plain(Name("x_{10}")) == "x10"


NEURON = "a = w*x + b\nh = relu(a)\np = v*h\nL = (p - t)**2 + lam*w**2\n"
AT_THE_KINK = ["--value=w=1/2", "--value=x=2", "--value=b=-1", "--value=v=3", "--value=t=1", "--value=lam=0.1"]


@pytest.mark.parametrize("call", ["relu(a)", "torch.maximum(a, 0)", "max(0, a)", "(a + abs(a))/2", "-min(0, -a)"])
def test_at_a_kink_there_is_no_derivative_but_two_sides(call):
    ran = CliRunner().invoke(main, ["graph", "-", "--json", *AT_THE_KINK], input=NEURON.replace("relu(a)", call))
    found = {partial["by"]: partial for partial in json.loads(ran.stdout)["partials"]}
    assert (found["w"]["value"], found["w"]["agrees"]) == (None, None)
    assert found["w"]["no_value"] == "a kink: 0.1 from the left, -11.9 from the right"
    assert found["lam"]["value"] == "0.25"  # the kink does not run with it


def test_a_local_derivative_at_a_kink_is_two_numbers():
    ran = CliRunner().invoke(main, ["graph", "-", *AT_THE_KINK], input=NEURON)
    assert "∂L/∂b has at these values a kink: 0 from the left, -6 from the right; torch gives 0" in ran.stdout
    study = studied(Program(read_assignments(NEURON).definitions), {"w": Fraction(1, 2), "x": Fraction(2), "b": Fraction(-1),
                    "v": Fraction(3), "t": Fraction(1), "lam": Fraction(1)}, None)  # fmt: skip
    assert [slope for slope in study.drawn.slopes.values() if "kink" in slope] == [
        "a kink: 0 from the left, 1 from the right"
    ]


def test_where_both_sides_agree_at_a_kink_that_is_the_derivative():
    ran = CliRunner().invoke(main, ["graph", "-", "--json", "--value=x=0"], input="y = x*abs(x) + 3*x")
    (partial,) = json.loads(ran.stdout)["partials"]
    assert float(partial["value"]) == 3.0


def test_off_the_kinks_the_closed_form_is_the_value():
    ran = CliRunner().invoke(main, ["graph", "-", "--json", "--value=x=-2"], input="y = max(x, 1) * abs(x)")
    (partial,) = json.loads(ran.stdout)["partials"]
    assert (float(partial["value"]), partial["agrees"]) == (-1.0, True)


@pytest.mark.parametrize("name", ["nofile.py", "nofile.toml", "nowhere/program"])
def test_a_file_that_is_not_there_is_said_to_be_missing(name):
    ran = CliRunner().invoke(main, ["graph", name])
    assert (ran.exit_code, ran.stderr) == (2, f"derive: there is no file {name}\n")
