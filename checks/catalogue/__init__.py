"""The catalogue as a reader sees it: what certified each answer, kept with the program, and the page docs/catalog.md.

records.py   certificates ↔ certified.json, each with hashes of the entry, its answers and the program it was made with
wording.py   a certificate → a sentence and a few words
page.py      entries and certificates → docs/catalog.md and docs/pictures
__main__.py  `make docs`: certify, then write both
"""
