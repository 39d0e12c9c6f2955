"""Formulas of vectors and matrices as NumPy or torch: the function, and a backward pass as a person would write it.

tree ──stable──▶ tree ──lower, chains──▶ values, products: each once ──settle, text──▶ statements ──module──▶ functions
                   └──backward: the table of pullbacks, operation by operation──▶ values
"""
