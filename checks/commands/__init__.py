"""The verbs of the command `derive`, by what they are about.

    common.py       exit codes, options, errors in one sentence, JSON, the console and its progress bar
    problems.py     list, show, check, plot        formulas.py      gradient, equal, holds
    programs.py     graph, train                   submissions.py   grade, read

Data goes to stdout, progress and diagnostics to stderr. Heavy rooms are imported by the verb that needs them.
"""
