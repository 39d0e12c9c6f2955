"""The file name decides how a submission is read: `.ipynb`, `.tex`, everything else as Markdown or scanned text."""

from __future__ import annotations

from checks.submission import latex, markdown, notebook
from checks.submission.assemble import assemble
from checks.submission.decode import Notes, Source, decode
from checks.submission.document import Document, Remark


def read_document(name: str, data: bytes) -> Document:
    """The formulas of a file and what was left out. Never raises, whatever the bytes.

    Offsets in the result are lines and columns of the file, counted from 1 in characters.
    """
    source, remarks = decode(data)
    if name.lower().endswith(".ipynb"):
        return _notebook(name, source, remarks)
    return _document(name, source, remarks, tex=name.lower().endswith(".tex"))


def _document(name: str, source: Source, remarks: list[Remark], *, tex: bool) -> Document:
    notes = Notes(source, remarks)
    page = latex.mask(source, notes) if tex else markdown.mask(source, notes)
    formulas = assemble(page, notes, tex=tex)
    return Document(name, formulas, notes.all())


def _notebook(name: str, file: Source, remarks: list[Remark]) -> Document:
    if not notebook.is_notebook(file.text):
        return Document(
            name, (), (*remarks, Remark(1, 1, "not a notebook: the file is not a JSON object; nothing was read"))
        )
    notes = Notes(file, remarks)
    chosen = []
    for number, cell in enumerate(notebook.cells(file.text), start=1):
        if cell.kind == "markdown":
            chosen.append(cell)
        else:
            notes.add(cell.start, f"cell {number} ({cell.kind}), not read")
    return _document(name, notebook.markdown_source(file, chosen), notes.remarks, tex=False)
