"""The rooms in which the steps of a submission are judged; judge.py, beside this folder, leads from one to the next."""
