"""Documents → formulas.

    bytes ──decode──▶ Source ──markdown / latex / notebook──▶ Page ──delimiters──▶ runs ──assemble──▶ Document

- `decode` turns bytes into characters and keeps where each stands in the file.
- `markdown`, `latex` and `notebook` paint over what is not to be read: code, comments, the preamble. A page keeps the
  offsets of its source, so nothing after this point knows which kind of file it reads.
- `delimiters` finds prose, inline formulas and displays; `displays` the rows and cells of a display; `statements` the
  statements of a row; `labels` what numbers them; `lines` headings and lines that are formulas without delimiters;
  `spans` such formulas between words; `prose` the roles; `respell` and `accents` write `z5*` and `ŷ` as LaTeX.
- `tokens` has the tables of signs all of these share, `assemble` walks a page once and puts the formulas together.

Formulas come out as they were written; whether they can be understood is for `derive.parse` to say. Everything takes
time linear in the size of the file, nothing recurses, and what is not read is a `Remark`.
"""

from checks.submission.document import Document, Formula, Mark, Piece, Remark
from checks.submission.reader import read_document

__all__ = ["Document", "Formula", "Mark", "Piece", "Remark", "read_document"]
