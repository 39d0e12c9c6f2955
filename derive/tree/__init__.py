"""The typed tree: a formula as it was written, before anything is simplified.

Every node is immutable and compares by content; those made most often write their fields themselves, which takes a third
of the time that a frozen dataclass takes. Nothing reorders, flattens or folds: `a - b` is a sum of `a` and the
negative of `b`, `0.50` is not `0.5`. A `Name` is the canonical LaTeX of a declared symbol (`z_5^*`); where it stood in
the text (`at`) does not take part in comparison. Besides scalars there are matrices and lists that are written out; the
shapes of names come with the matrix vocabulary.

    node.py         what every node has        formulas.py    numbers, names, operations, calls, derivatives, binders
    statements.py   relations, arrows, cases    written.py     arrays and lists that are written out
    operations.py   rules applied everywhere, names replaced
"""

from derive.tree.formulas import (
    ARRAY_FUNCTIONS,
    EXTREMA,
    ONE,
    TWO,
    ZERO,
    Absolute,
    Binder,
    Call,
    Constant,
    Derivative,
    FunctionName,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    number,
    times,
    total,
)
from derive.tree.node import LARGE, MAX_DEPTH, Node, walk
from derive.tree.operations import functions, names, substitute, transform
from derive.tree.statements import (
    Cases,
    Chain,
    HasProperty,
    Implication,
    Indicator,
    Logical,
    OffKinks,
    Otherwise,
    SuchThat,
    states,
)
from derive.tree.written import Determinant, Listing, Matrix, PlusMinus, Transpose, ValueSet

__all__ = [
    "ARRAY_FUNCTIONS",
    "EXTREMA",
    "LARGE",
    "MAX_DEPTH",
    "ONE",
    "TWO",
    "ZERO",
    "Absolute",
    "Binder",
    "Call",
    "Cases",
    "Chain",
    "Constant",
    "Derivative",
    "Determinant",
    "FunctionName",
    "HasProperty",
    "Implication",
    "Indicator",
    "Listing",
    "Logical",
    "Matrix",
    "Name",
    "Negative",
    "Node",
    "Number",
    "OffKinks",
    "Otherwise",
    "PlusMinus",
    "Power",
    "Product",
    "Quotient",
    "Root",
    "SuchThat",
    "Sum",
    "Transpose",
    "ValueSet",
    "functions",
    "names",
    "number",
    "states",
    "substitute",
    "times",
    "total",
    "transform",
    "walk",
]
