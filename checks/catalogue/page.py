"""Entries, their derivations and their records → docs/catalog.md, with pictures as SVG files beside it.

Everything but the certification is derived while the page is written, so a page that is compared with the one in the
repository is compared with what the program answers today.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checks.catalogue.records import Record, Records
from checks.catalogue.wording import in_words
from checks.certify import Certificate
from checks.report.wording import count
from checks.walks.show import answer_lines, path_lines
from derive.catalog import catalog
from derive.plots import picture_of, rendered
from derive.problem import Problem
from derive.questions import Question
from derive.write import latex

FOLDER = Path("docs")
PAGE, PICTURES = "catalog.md", "pictures"
OPENING = """\
# The catalogue

Every problem that comes with the program: what is given, what is asked, the answer and how it was certified.
Nobody wrote the answers: `make docs` derives them, certifies them and writes this page.

- **verified**: the closed form agrees with torch autograd on the inputs counted, or with a simulation at the positions counted.
- **proven**: a statement, or a formula by each of its steps; how is said.
- *Mutants* are the answers with one slip each. Those that differ have to be refuted.
"""


def page(records: Records) -> str:
    """The whole page. Raises NoRule, TooLarge."""
    problems = list(catalog.values())
    contents = [f"- [{problem.system} {problem.id}](#{problem.id}): {_prose(problem.title)}" for problem in problems]
    totals = _totals([record.certificate for record in records.of.values()])
    tools = ", ".join(f"{name} {version}" for name, version in records.tools.items())
    parts = [OPENING, f"{totals} Certified with {tools}.\n", "\n".join(contents) + "\n"]
    parts += ["\n".join(_section(problem, records.of.get(problem.id))) for problem in problems]
    return "\n".join(parts)


def pictures() -> Iterator[tuple[str, bytes]]:
    """The file name and the SVG of every problem with a picture. Raises BadSpec where matplotlib is not installed."""
    for problem in catalog.values():
        picture = picture_of(problem.id, problem)
        if picture is not None:
            yield f"{problem.id}.svg", rendered(picture, "svg")


def _totals(certificates: list[Certificate]) -> str:
    whole = sum(certificates, Certificate(""))
    each = [one for certificate in certificates for one in certificate.each]
    proven, verified = (sum(one.status == status and one.holds for one in each) for status in ("proven", "verified"))
    return (
        f"{count(len(certificates), 'problem')}, {count(len(each), 'question')}: {proven} proven, {verified} verified; "
        f"{whole.steps} steps proven; {whole.mutants_refuted} of {whole.mutants_differing} mutants that differ refuted."
    )


def _section(problem: Problem, record: Record | None) -> Iterator[str]:
    yield from (f'## <a id="{problem.id}"></a>{problem.system} {problem.id}', "", f"**{_prose(problem.title)}**", "")
    if problem.source:
        yield from (f"Source: {_prose(problem.source)}.", "")
    symbols = (f"{_inline(key.removesuffix('_'))} {symbol.describe()}" for key, symbol in problem.symbols.items())
    yield f"Symbols: {', '.join(symbols)}."
    yield ""
    for part in problem.parts.values():
        yield f"Part *{part.name}*:"
        yield from _display([rf"{name} &= {latex(tree)}" for name, tree in part.lines])
        if part.name in problem.walks:
            yield from (f"- {_prose(line.strip())}" for line in path_lines(problem.walks[part.name]))
        yield ""
    picture = picture_of(problem.id, problem)
    if picture is not None:
        yield from (f"![{picture.says}]({PICTURES}/{problem.id}.svg)", "", f"*{_prose(picture.says)}*", "")
    known = {one.question: one for one in record.certificate.each} if record else {}
    for question in problem.questions:
        yield f"### {question.id}"
        yield ""
        yield from _claim(question) if question.is_claim else _formula(problem, question)
        yield from _certified(known.get(question.id))
    for asked in problem.path_questions:
        yield from (f"### {asked.id}", "", f"{_prose(asked.latex)}:", "")
        yield from (f"- {_prose(line.strip())}" for line in answer_lines(problem, asked))
        yield ""
        yield from _certified(known.get(asked.id))


def _claim(question: Question) -> Iterator[str]:
    yield "Show that"
    yield from _display([question.typeset])
    yield ""


def _formula(problem: Problem, question: Question) -> Iterator[str]:
    derivation = problem.derivation(question)
    yield from _display([f"{question.typeset} &= {derivation.closed_form.latex()}"])
    yield ""
    if derivation.steps:
        yield f"<details><summary>{count(len(derivation.steps), 'step')}</summary>"
        yield ""
        yield from ("```math", derivation.latex(), "```", "", "</details>", "")


def _certified(certificate: Certificate | None) -> Iterator[str]:
    yield from ("Not certified yet." if certificate is None else f"Certified: {in_words(certificate)}.", "")


def _display(lines: list[str]) -> Iterator[str]:
    if not lines:
        return
    yield "```math"
    if len(lines) == 1:
        yield lines[0].replace("&= ", "= ", 1)
    else:
        yield from (r"\begin{aligned}", *(f"{line} \\\\" for line in lines[:-1]), lines[-1], r"\end{aligned}")
    yield "```"


def _inline(formula: str) -> str:
    return f"$`{formula}`$"


def _prose(text: str) -> str:
    """Text of ours in Markdown: its marks taken as they stand."""
    for mark in ("*", "_", "<"):
        text = text.replace(mark, f"\\{mark}")
    return text
