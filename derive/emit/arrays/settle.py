"""The values of a whole function, once it is known which of them are used more than once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from derive.emit.arrays.products import Values
from derive.emit.arrays.values import Value, reachable
from derive.tree import Call, Name


def settled(values: Values, roots: list[Value], named: set[int]) -> dict[int, Value]:
    """Each value, by place, where it is known what is used once: no sum or product is then kept for itself.

    A softmax is taken from the log-softmax or log-sum-exp that is computed anyway.
    """
    live = reachable(*roots)
    uses: dict[int, int] = {}
    for value in live:
        for arg in value.args:
            uses[arg.place] = uses.get(arg.place, 0) + 1
    of = {(v.op, v.args[0].place) for v in live if v.op in {"log_softmax", "logsumexp"}}
    done: dict[int, Value] = {}
    for value in live:
        args = [done[arg.place] for arg in value.args]
        if value.op == "held" and value.place not in named and uses.get(value.place, 0) < 2:
            done[value.place] = args[0]
        elif value.op == "softmax":
            done[value.place] = _softmax(values, args[0], value.args[0].place, of)
        else:
            same = all(new is old for new, old in zip(args, value.args, strict=True))
            again = value if same else _again(values, value, args)
            kept = value.op not in FLAT and (uses.get(value.place, 0) > 1 or value.place in named)
            done[value.place] = values.held(again, named=value.place in named) if kept else again
    return done


def _softmax(values: Values, z: Value, place: int, of: set[tuple[str, int]]) -> Value:
    exp = Call("exp", (Name("@0"),))
    if ("log_softmax", place) in of:
        return values.applied(exp, values.make("log_softmax", (z,), axes=z.axes))
    if ("logsumexp", place) in of and len(z.axes) == 1:
        return values.applied(exp, values.subtract(z, values.filled(values.make("logsumexp", (z,)), z.axes)))
    return values.make("softmax", (z,), axes=z.axes)


def _again(values: Values, value: Value, args: list[Value]) -> Value:
    """The operation on other operands."""
    match value.op:
        case "matmul":
            return (values.product if len(args[1].axes) == 2 else values.by_vector)(*args)
        case "apply":
            return values.applied(value.data, *args)
        case "along":
            return values.along(args[0], value.data)
        case op if op in AGAIN:
            return AGAIN[op](values, *args)
    return values.make(value.op, args, value.data, value.axes)


FLAT = frozenset({"add", "multiply", "divide", "held"})
AGAIN: Mapping[str, Callable[..., Value]] = {
    "add": Values.add, "multiply": Values.multiply, "divide": Values.divide, "dot": Values.dot, "outer": Values.outer,
    "total": Values.total, "trace": Values.trace, "transpose": Values.transpose, "diagonal_of": Values.diagonal_of,
    "frobenius": Values.paired,
}  # fmt: skip
