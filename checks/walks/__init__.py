"""Submissions about the path of an optimiser: tables, positions step by step, heights and cycles, judged against the exact path.

    numbers.py    a number as written beside the exact one, digit by digit
    prose.py      a page → its sentences, with the optimiser each is about
    claims.py     sentences → claims about heights, cycles and convergence
    truth.py      claims → verdicts
    tables.py     code blocks, Markdown and LaTeX tables → rows of positions
    rows.py       rows → verdicts, entry by entry
    steps.py      formulas with numbers put in (`t = 1`, `m_t = … = −0.1`) → verdicts
    reader.py     one submission: what of all this it holds, and what it answers

Equations of the rule with symbols alone are definitions of the problem and judged like those of any other (checks.judge).
"""
