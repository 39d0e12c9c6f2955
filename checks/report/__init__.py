"""From the result document of a grading to what a person or a platform reads.

    model.py       the result document; its field names are the JSON contract (`Report.as_dict`)
    wording.py     marks, words and counts, the same in every output
    points.py      what the questions of a submission add up to; what goes to a person is never counted as 0 nor as full
    text.py        text of strangers made safe to show: no control characters, no reversed writing direction
    terminal.py    `print_report`: tables for a terminal or a pipe
    screen.py      lines of a given width in an encoding that may lack our marks
    formula.py     LaTeX to MathML, or to its source where it cannot be drawn
    extent.py      how wide a formula will be drawn, so that long ones are fitted
    page.py        `write_html`: one page without script or network, from page.html.j2, page.css and fonts/

The writers decide nothing: every verdict, message and number stands in the document. Colour never says anything that a
word and a mark do not say too.
"""
