"""`make docs`, `python -m checks.catalogue`: certify the catalogue, keep the certificates, write docs/catalog.md and its pictures.

Exits 1, and writes nothing, if a certificate fails.
"""

from __future__ import annotations

import argparse
import sys

from checks.catalogue.page import FOLDER, PAGE, PICTURES, page, pictures
from checks.catalogue.records import changed, program, recorded, write_records
from checks.certificates import certify_all
from checks.certify import questions_of
from checks.commands.common import console, progress
from checks.report.certificates import print_certificates
from derive.catalog import catalog


def main() -> int:
    """Everything above; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changed", action="store_true", help="certify only entries that are new, or answer otherwise")
    names = changed() if parser.parse_args().changed else tuple(catalog)
    if names and not certified(names):
        return 1
    (FOLDER / PICTURES).mkdir(parents=True, exist_ok=True)
    (FOLDER / PAGE).write_text(page(recorded()), encoding="utf-8")
    drawn = dict(pictures())
    for old in (FOLDER / PICTURES).glob("*.svg"):
        if old.name not in drawn:
            old.unlink()
    for name, svg in drawn.items():
        (FOLDER / PICTURES / name).write_bytes(svg)
    return 0


def certified(names: tuple[str, ...]) -> bool:
    """Whether every certificate holds; then they are kept."""
    program()  # as it is now: a file may be changed while it runs
    with progress(
        "certifying", sum(len(questions_of(problem)) for problem in map(catalog.__getitem__, names))
    ) as advance:
        certificates = certify_all(names, progress=advance)
    print_certificates(certificates, console())
    holds = all(certificate.holds for certificate in certificates)
    if holds:
        write_records(certificates)
    return holds


if __name__ == "__main__":
    sys.exit(main())
