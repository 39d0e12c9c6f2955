"""What all emitted functions share: docstrings that nothing in them can end, and arguments made arrays."""

from __future__ import annotations

from collections.abc import Sequence

from derive.emit.writer import Writer, derivative_prefix

__all__ = ["as_arrays", "derivative_prefix", "docstring", "meaning"]


def meaning(written: str, name: str, kind: str) -> str:
    """`hat_m: \\hat{m}, real`; a name that is its own identifier is not said twice."""
    return f"{written}: {kind}" if written == name else f"{written}: {name}, {kind}"


def as_arrays(writer: Writer, floats: list[str]) -> None:
    if len(floats) == 1:
        writer.line(f"{floats[0]} = np.asarray({floats[0]}, dtype=float)")
    elif floats:
        listed = ", ".join(floats)
        entry = writer.names.fresh("u")
        writer.line(f"{listed} = (np.asarray({entry}, dtype=float) for {entry} in ({listed}))")


def docstring(lines: Sequence[str], indent: int) -> str:
    """Lines as a raw docstring that ends where we end it: no quote and no control character of a line survives."""
    shown = ["".join(c if c.isprintable() else " " for c in line).replace('"', "''") for line in lines]
    pad = "    " * indent
    if len(shown) == 1 and not shown[0].endswith("\\"):
        return f'{pad}r"""{shown[0]}"""'
    body = [(pad + line).rstrip() for line in shown[1:]]
    return "\n".join([f'{pad}r"""{shown[0]}', *body, f'{pad}"""'])
