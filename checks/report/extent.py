"""From MathML to roughly how wide a browser draws it, so that the page can fit long formulas to phone and paper."""

from __future__ import annotations

import unicodedata
from xml.etree import ElementTree as ET

_SCRIPT = 0.71  # a script is this much smaller: the usual scriptPercentScaleDown of math fonts
_SPACED = 1.15  # a relation or operation with its space
_LETTER = 0.5
_NARROW = 0.33  # a bracket, bar, prime or comma


def width_in_ems(mathml: str) -> float:
    """Estimated width in em of the text size; 0 where it cannot be told."""
    try:
        return _width(ET.fromstring(mathml))  # noqa: S314  written by math-core, no entities
    except (ET.ParseError, RecursionError):
        return 0


def _width(node: ET.Element) -> float:
    parts = [_width(child) for child in node if node.tag != "mtable"]
    if node.tag == "mtable":
        return _table(node)
    if not len(node):
        return _glyphs(node)
    if node.tag == "mfrac":
        return max(parts) + 0.2
    if node.tag in ("munder", "mover", "munderover"):
        return max(parts[0], *(_SCRIPT * part for part in parts[1:]))
    if node.tag in ("msub", "msup"):
        return parts[0] + _SCRIPT * parts[1]
    if node.tag == "msubsup":
        return parts[0] + _SCRIPT * max(parts[1:])
    return sum(parts)


def _table(node: ET.Element) -> float:
    rows = [[_width(cell) for cell in row] for row in node]
    columns = max((len(row) for row in rows), default=0)
    return sum(max((row[k] for row in rows if k < len(row)), default=0) + 0.8 for k in range(columns))


def _glyphs(node: ET.Element) -> float:
    text = node.text or ""
    if node.tag != "mo" or len(text) != 1:
        return _LETTER * len(text)
    return _SPACED if unicodedata.category(text) == "Sm" else _NARROW
