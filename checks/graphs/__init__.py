"""Computation graphs beside torch's own, drawn, and labellings of them judged.

recorded.py   the graph torch records while it runs a program, and whether it is the one derived (derive.graph)
labels.py     `3 = x_3`: which nodes of a drawing bear the right name
draw.py       DOT and Mermaid text; SVG and PNG where graphviz is installed
command.py    what `derive graph` prints
"""
