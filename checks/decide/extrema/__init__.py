"""Claims about sup, inf, max and min over all values of a name.

operators.py   of vectors: the operator norm and the least singular value, by their definitions
slopes.py      sup |f(a) − f(b)| / |a − b| → sup |f'|, the mean value theorem
values.py      of one number: exact where attained or approached, else enclosed
decide.py      what is known put in; else by instances, by enclosures, or undecided with the reason
"""
