"""The command `derive`: every verb of the library from a shell.

Data goes to stdout, progress and diagnostics to stderr. Exit codes of equal, holds and check: 0 holds, 1 refuted,
2 usage, 3 undecided, 4 unreadable; the other verbs give 0, or 2 and 4 for what they could not take. Heavy rooms are
imported by the verb that needs them.
"""

from __future__ import annotations

import click

from checks.commands import formulas, problems, programs, submissions


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="derivation-verifier", prog_name="derive")
def main() -> None:
    """Derive closed forms, decide whether formulas are equal, and grade derivations line by line."""


for verb in (
    problems.list_, problems.show, formulas.gradient, formulas.equal, formulas.holds, problems.check,
    programs.train, programs.graph, submissions.grade, submissions.read, problems.plot,
):  # fmt: skip
    main.add_command(verb)


if __name__ == "__main__":
    main()
