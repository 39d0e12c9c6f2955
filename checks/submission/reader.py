"""The file name decides how a submission is read: `.ipynb`, `.tex`, everything else as Markdown or scanned text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from checks.submission import latex, macros, markdown, notebook
from checks.submission.assemble import assemble
from checks.submission.decode import Notes, Source, decode
from checks.submission.document import Document, Mark, Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.submission.page import Page


def read_document(name: str, data: bytes) -> Document:
    """The formulas of a file and what was left out. Never raises, whatever the bytes.

    Offsets in the result are lines and columns of the file, counted from 1 in characters.
    """
    source, remarks = decode(data)
    if name.lower().endswith(".ipynb"):
        document = _notebook(name, source, remarks)
    else:
        document = _document(name, source, remarks, tex=name.lower().endswith(".tex"))
    if not document.formulas and not document.remarks:
        return replace(document, remarks=(Remark(1, 1, "no formula was found in the file; put formulas in $…$"),))
    return document


def _document(name: str, source: Source, remarks: list[Remark], *, tex: bool) -> Document:
    source = macros.expanded(source)
    notes = Notes(source, remarks)
    page = latex.mask(source, notes) if tex else markdown.mask(source, notes)
    return Document(name, assemble([page], notes, tex=tex), notes.all(), pages=(page,))


def _notebook(name: str, file: Source, remarks: list[Remark]) -> Document:
    if not notebook.is_notebook(file.text):
        said = Remark(1, 1, "not a notebook: the file is not a JSON object; nothing was read")
        return Document(name, (), (*remarks, said), unread=bool(file.text.strip()))
    notes = Notes(file, remarks)
    marks: list[Mark] = []
    pages: list[Page] = []
    formulas = assemble(_cells(file, notes, marks, pages), notes, tex=False)
    notes.source = file
    document = Document(name, formulas, marks=tuple(marks), unread=not formulas, pages=tuple(pages))
    placed = (replace(remark, place=document.place(remark.line, remark.column)) for remark in notes.all())
    return replace(document, remarks=tuple(placed))


def _cells(file: Source, notes: Notes, marks: list[Mark], pages: list[Page]) -> Iterator[Page]:
    """A page for each Markdown cell, noted in `pages`: nothing left open in one reaches into the next."""
    for number, cell in enumerate(notebook.cells(file.text), start=1):
        marks.append(Mark(*file.place(cell.start), f"cell {number}"))
        if cell.kind == "markdown":
            notes.source = notebook.cell_source(file, cell)
            marks.extend(notebook.marks(notes.source, number))
            pages.append(markdown.mask(notes.source, notes))
            yield pages[-1]
        else:
            notes.source = file
            notes.add(cell.start, f"{cell.kind} cell, not read")
