"""Certificates → a table on the terminal, every check that failed, and every kink at which a closed form is a convention."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from checks.certify import Certificate

_COLUMNS = ("problem", "questions", "claims\nproven", "hypothesis\ninputs", "seeded\ninputs", "steps", "positions",
            "mutants\nrefuted", "of those\nthat differ", "")  # fmt: skip


def print_certificates(certificates: Sequence[Certificate], console: Console) -> None:
    """One row a problem, the totals, then failures and kinks as sentences."""
    table = Table(
        box=None,
        pad_edge=False,
        header_style="bold",
        title="certified against torch autograd",
        title_justify="left",
        padding=(0, 1, 0, 0),
    )
    for index, heading in enumerate(_COLUMNS):
        left = index in (0, len(_COLUMNS) - 1)
        table.add_column(heading, justify="left" if left else "right", overflow="fold", no_wrap=not index)
    for certificate in certificates:
        table.add_row(*_row(certificate), _mark(holds=certificate.holds))
    if len(certificates) > 1:
        table.add_section()
        table.add_row(
            *_row(sum(certificates[1:], certificates[0]), name="all"), _mark(holds=all(c.holds for c in certificates))
        )
    console.print(table)
    for certificate in certificates:
        for failure in certificate.failures:
            console.print(Text(failure, style="red"))
        for kink in certificate.kinks:
            console.print(Text(kink, style="dim"))


def _row(certificate: Certificate, name: str = "") -> list[str]:
    claims, positions = certificate.claims, certificate.positions
    mutants = (
        [f"{certificate.mutants_refuted:,}", f"{certificate.mutants_differing:,}"]
        if certificate.mutants_made
        else ["", ""]
    )
    return [name or certificate.problem, str(certificate.questions), f"{certificate.claims_proven} of {claims}" if claims else "",
            f"{certificate.hypothesis_inputs:,}", f"{certificate.seeded_inputs:,}", str(certificate.steps),
            f"{positions:,}" if positions else "", *mutants]  # fmt: skip


def _mark(*, holds: bool) -> Text:
    return Text("holds", style="green") if holds else Text("fails", style="bold red")
