r"""What formulas of declared vectors and matrices add: ⊙, norms, `^T`, `^{-T}`, `^+`, entries; then names, ranges and shapes settled.

Tokens come first (`sign`, `script`, `entry`); they are read so only where the table declares an array. What a shape must
decide is settled on the tree (`resolved`): which norm, whether `^T` of a declared T transposes, over what an index runs.
"""

from __future__ import annotations

import re
from contextlib import suppress

from derive.errors import Unreadable
from derive.matrix.conventions import meant, with_forms
from derive.matrix.families import Member, Sized
from derive.matrix.nodes import SCALAR, UNMARKED, ArrayName, Entry, Hadamard, Norm, Shape
from derive.matrix.shapes import Misfit, check_shapes, in_words, shape_of, size_of_vector
from derive.matrix.specs import FAMILIES, SIZE
from derive.names import canonical_name, subscript_of
from derive.read.cursor import ENDS_OPERAND, Cursor
from derive.read.vocabulary import ENTRYWISE, NORM_BARS, NORM_KINDS, SUBSCRIPTS, TRANSPOSES
from derive.symbols import SymbolTable
from derive.tree import (
    ARRAY_FUNCTIONS,
    ONE,
    Binder,
    Call,
    Constant,
    Derivative,
    FunctionName,
    Listing,
    Name,
    Node,
    Number,
    Power,
    Product,
    Transpose,
    transform,
    walk,
)

_CLOSING = frozenset(["_RPAR", "_RBRACE", "_RSET", "_RANGLE", "_MATRIX_END", "_BAR_CLOSE"])
_OPENING = frozenset(["_LPAR", "_LBRACE", "_LSET", "_LANGLE", "_MATRIX", "_DETERMINANT", "_BAR_OPEN"])
_INVERSE = re.compile(r"-\s*1?\s*(.+)")
_ENTRYWISE_POWER = re.compile(r"\s*(?:\\odot|\\circ|⊙|∘)(?![A-Za-z])(?=.*\S)")
_LAYER = re.compile(r"(\([^()]*\)|\[[^\[\]]*\])\s*(\S.*)")
_UNICODE_SCRIPT = re.compile(r"⁻¹|⁻ᵀ|ᵀ|⁺|⊤")
_SHAPE = re.compile(rf"\s*({SIZE})\s*(?:\\times(?![A-Za-z])|×)\s*({SIZE})\s*")
_TWO_INDICES = re.compile(r"[A-Za-z]\s*,?\s*[A-Za-z]|[A-Za-z]\s*,?\s*[0-9]+|[0-9]+\s*,?\s*[A-Za-z]|[0-9]+\s*,\s*[0-9]+")
_ATOM = re.compile(r"\\[A-Za-z]+|[A-Za-z]|[0-9]+")
_ATOMS = re.compile(rf"\s*(?:(?:{_ATOM.pattern})\s*)+")
_DIGITS = str.maketrans(SUBSCRIPTS)


# --- tokens ----------------------------------------------------------------------------------------------------------


def array(lexer: Cursor, spelling: str, at: int) -> ArrayName | None:
    """The declared vector or matrix spelled so. Refuses one whose shape is not known."""
    symbol = lexer.table.resolve(spelling)
    if symbol is None or not symbol.is_array:
        return None
    if symbol.shape is None:
        lexer.refuse("shape-unknown", f"{symbol.key} has the shape of {symbol.of}, which is not known here", at,
                     length=len(spelling), hint="declare it as a vector or matrix")  # fmt: skip
    return ArrayName(symbol.key, symbol.shape, symbol.properties, symbol.role, symbol.of, at)


def owner_of_entry(lexer: Cursor, base: str, subscript: tuple[int, int], at: int) -> ArrayName | None:
    """What `x_i`, `A_{ij}` are entries of. `a_{ij}` is one of A where no matrix a is declared; that is noted.

    Of a declared vector a, `a_{12}` is the twelfth entry, unless the formula writes a with two letters elsewhere.
    """
    own = array(lexer, base, at)
    if (own is not None and (own.role in FAMILIES | {"delta"} or 1 not in own.shape)) or not (
        len(base) == 1 and base.islower()
    ):
        return own
    matrix = array(lexer, base.upper(), at)
    if matrix is None or 1 in matrix.shape or matrix.role in FAMILIES:
        return own
    text = lexer.text[slice(*subscript)].translate(_DIGITS).strip()
    if not _TWO_INDICES.fullmatch(text) and not (own is None and re.fullmatch("[0-9]{2}", text)):
        elsewhere = (
            m.group(1).strip() for m in re.finditer(rf"(?<![A-Za-z\\]){base}\s*_\s*\{{([^{{}}]*)\}}", lexer.text)
        )
        if not re.fullmatch("[0-9]{2}", text) or not any(map(_TWO_INDICES.fullmatch, elsewhere)):
            return own
    lexer.out.notes.append(f"{base}_{{{text}}} is read as an entry of {matrix.key}")
    return matrix


def sign(lexer: Cursor, word: str, at: int, after: int, end: int) -> int | None:
    """⊙, ⊘, ⊗ and the bars of norms; None for anything else."""
    if word in ENTRYWISE:
        return lexer.emit(ENTRYWISE[word], word, at, after)
    if word in NORM_BARS:
        return norm_bar(lexer, word, at, after, end)
    if (match := _UNICODE_SCRIPT.match(lexer.text, at)) and holds_array(lexer):
        return unicode_script(lexer, match.group(), at, match.end())
    if word == "|" and lexer.text[at : at + 2] == "||":
        closes = bool(lexer.open) and lexer.open[-1][0] == "norm"
        if closes or "||" in lexer.text[at + 2 : end]:
            return norm_bar(lexer, r"\|", at, at + 2, end)
    return None


def unicode_script(lexer: Cursor, written: str, at: int, after: int) -> int:
    """`Xᵀ`, `X⁻¹`, `X⁻ᵀ`, `X⁺`."""
    if written != "⁻¹":
        kinds = {"⁻ᵀ": "_INVERSE_TRANSPOSE", "⁺": "_PSEUDOINVERSE"}
        return lexer.emit(kinds.get(written, "_TRANSPOSE"), "^", at, after)
    for kind, value in (("_CARET", "^"), ("_LBRACE", "{"), ("MINUS", "-"), ("NUMBER", "1"), ("_RBRACE", "}")):
        lexer.emit(kind, value, at, after)
    return after


def norm_bar(lexer: Cursor, word: str, at: int, after: int, end: int) -> int:
    """A double bar closes when one is open at this level and an operand stands before it; its subscript is the kind."""
    operand = bool(lexer.out.tokens) and lexer.out.tokens[-1].type in ENDS_OPERAND
    closes = word == r"\rVert" or (word != r"\lVert" and operand and bool(lexer.open) and lexer.open[-1][0] == "norm")
    if not closes:
        lexer.push("norm", at)
        return lexer.emit("_NORM_OPEN", word, at, after)
    if not lexer.open or lexer.open[-1][0] != "norm":
        lexer.refuse("bracket-unopened", f"the bar {word} closes nothing", at, length=after - at, hint="open it before")
    lexer.open.pop()
    from derive.read.scripts import exponent, scripts_of

    sub, sup, _, following = scripts_of(lexer, after, end)
    written = re.sub(r"\s+", "", lexer.text[slice(*sub)].translate(_DIGITS)) if sub else ""
    if written not in NORM_KINDS:
        lexer.refuse("norm-kind", f"a norm with the subscript {written} is not known", sub[0] if sub else at,
                     hint="the norms are 1, 2, F, \\infty and *")  # fmt: skip
    lexer.emit("NORM_CLOSE", NORM_KINDS[written], at, after)
    return exponent(lexer, lexer.text[slice(*sup)].strip() if sup else "", sup, following)


def layer_and_script(lexer: Cursor, superscript: str) -> list[tuple[str, str]]:
    r"""`(1)T` and `[2]\top`: the layer belongs to the name, the rest is a script of its own. None for anything else."""
    match = _LAYER.fullmatch(superscript) if lexer.has_arrays else None
    return [(match.group(1), match.group(2))] if match else []


def holds_array(lexer: Cursor) -> bool:
    """Whether what was just read is a vector or matrix, or a bracket with one in it."""
    tokens = lexer.out.tokens
    if not lexer.has_arrays or not tokens:
        return False
    if tokens[-1].type == "_ENTRY_END":  # a member of a family, not an entry
        opening = next(k for k in range(len(tokens) - 1, -1, -1) if tokens[k].type == "_ENTRY")
        owner = tokens[opening - 1].value
        return isinstance(owner, ArrayName) and owner.role in FAMILIES
    depth = 0
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        depth += (token.type in _CLOSING) - (token.type in _OPENING)
        if isinstance(token.value, ArrayName) or token.type == "_MATRIX_END":
            return True
        if depth == 0:
            return token.type in {"_PSEUDOINVERSE", "_TRANSPOSE", "_INVERSE_TRANSPOSE"}
    return False


def script(lexer: Cursor, start: int, stop: int) -> bool:
    """Emit a superscript that is no exponent of a number: a transpose, a pseudo-inverse, an entrywise power."""
    text = " ".join(lexer.text[start:stop].split())
    if not holds_array(lexer):
        if (
            lexer.table.has_arrays
            and lexer.out.tokens[-1:]
            and lexer.out.tokens[-1].type == "_ENTRY_END"
            and _transposes(lexer, text)
        ):
            lexer.refuse("shape", "a single entry stands before the sign of the transpose", start, length=stop - start,
                         hint="declare a family of vectors, “rows of X” or “family m of vector n”")  # fmt: skip
        return False
    inverse = _INVERSE.fullmatch(text)
    if _transposes(lexer, text) or (inverse and _transposes(lexer, inverse.group(1))):
        lexer.emit("_INVERSE_TRANSPOSE" if inverse else "_TRANSPOSE", "^", start, stop)
    elif text in {"+", r"\dagger", "†"}:
        lexer.emit("_PSEUDOINVERSE", "^", start, stop)
    elif match := _ENTRYWISE_POWER.match(lexer.text[:stop], start):
        lexer.emit("_ENTRYWISE_CARET", "^", start, match.end())
        lexer.group(match.end(), stop, start - 1)
    else:
        return False
    return True


def _transposes(lexer: Cursor, text: str) -> bool:
    """`^T` of a scalar that is declared T is settled with the shapes."""
    if text == "⊤":
        return True
    symbol = lexer.table.resolve("T") if text == "T" else None
    return text in TRANSPOSES and (symbol is None or symbol.is_array or symbol.is_function)


def entry(lexer: Cursor, start: int, stop: int, after: int) -> int:
    """`_{ij}`, `_i`, `_{i,j}`, `_{12}` behind an array: its indices."""
    text = lexer.text[start:stop].translate(_DIGITS)
    if said := _SHAPE.fullmatch(text):
        rows, columns = (int(size) if size.isdigit() else canonical_name(size) for size in said.groups())
        last = lexer.out.tokens[-1]
        if isinstance(last.value, ArrayName) and last.value.role == "ones" and last.value.shape != (rows, columns):
            last.value = named_ones((rows, columns), last.value.at)
            return after
        return lexer.emit("SIZED", ((rows, columns), None), start, after)
    owner = lexer.out.tokens[-1].value
    lexer.emit("_ENTRY", "_", start, start)
    lexer.push("{", start)
    found = list(_ATOM.finditer(text)) if _ATOMS.fullmatch(text) else []
    if re.fullmatch(r"\s*[0-9]{2}\s*", text) and isinstance(owner, ArrayName) and 1 not in owner.shape:
        found = list(re.finditer("[0-9]", text))
    if len(found) == 2 or (len(found) == 1 and text.strip().isdigit()):
        for index, match in enumerate(found):
            if index:
                lexer.emit("_COMMA", ",", start + match.start(), start + match.start())
            if match.group().isdigit():
                lexer.emit("NUMBER", match.group(), start + match.start(), start + match.end())
            else:
                lexer.run(start + match.start(), start + match.end())
    else:
        lexer.run(start, stop)
    if not lexer.open or lexer.open[-1] != ("{", start):
        lexer.refuse("bracket-unclosed", "a bracket is not closed inside its indices", start, hint="close it")
    lexer.open.pop()
    return lexer.emit("_ENTRY_END", "_", stop, after)


# --- the tree --------------------------------------------------------------------------------------------------------


def resolved(tree: Node, table: SymbolTable, text: str, *, free: bool = False) -> tuple[Node, str]:
    """The tree with what shapes decide, its shapes checked, and how it was read if its shapes do not fit as written.

    Raises Unreadable at the place concerned.
    """
    settle = _Settling(table)
    try:
        return _checked(tree, settle), ""
    except Misfit as misfit:
        if misfit.code == "shape":
            for other, how in meant(tree, loosely=free):
                with suppress(Misfit):
                    return _checked(_ones_apart(other, table), settle), f"read with {how}"
        error = placed(misfit, text)
        error.impossible = misfit.code == "shape" and _has_no_value(misfit.node, table)
        error.repair = _repaired(tree, settle) if misfit.code == "shape" else None
        raise error from None


def _repaired(tree: Node, settle: _Settling) -> str | None:
    """The formula with the forms that its products are meant to be, where that is all that does not fit."""
    from derive.write import latex

    with suppress(Misfit):
        settled = transform(tree, settle.rule)
        repaired = with_forms(settled)
        check_shapes(repaired)
        return latex(repaired) if repaired != settled else None
    return None


def named_ones(shape: Shape, at: int = -1) -> ArrayName:
    r"""Ones by a name that says how many, `\mathbf{1}_{m \times h}`: a plain `\mathbf{1}` may be declared with another shape."""
    size = str(shape[0]) if shape[1] == 1 else rf"{{{shape[0]} \times {shape[1]}}}"
    return ArrayName(rf"\mathbf{{1}}_{size}" if len(size) == 1 or shape[1] != 1 else rf"\mathbf{{1}}_{{{size}}}",
                     shape, role="ones", at=at)  # fmt: skip


def _ones_apart(tree: Node, table: SymbolTable) -> Node:
    """Arrays of ones that a reading put in, by names of their own where the plain one is declared with another shape."""

    def rule(node: Node) -> Node | None:
        if not isinstance(node, ArrayName) or node.role != "ones":
            return None
        symbol = table.resolve(node.key)
        plain = symbol.shape == node.shape if symbol is not None else node.shape[1] == 1
        return None if plain else named_ones(node.shape, node.at)

    return transform(tree, rule)


def _checked(tree: Node, settle: _Settling) -> Node:
    settle.lengths = any(
        isinstance(node, Norm) and node.kind in {"", "2"} and _is_column(node.operand) for node in walk(tree)
    )
    tree = transform(tree, settle.rule)
    if tree.has_array:
        check_shapes(tree)
    return tree


def _is_column(tree: Node) -> bool:
    try:
        return 1 in shape_of(tree) and shape_of(tree) != SCALAR
    except Misfit:
        return False


def _has_no_value(node: Node, table: SymbolTable) -> bool:
    """Whether declared things of different shapes are multiplied entry by entry; a derivative may be laid out either way."""
    if not isinstance(node, Hadamard) or any(table.resolve(name) is None for name in node.names):
        return False
    layouts: list[set[Shape]] = []
    for child in node.children:
        try:
            shape = shape_of(child)
        except Misfit:
            return False
        turned = any(isinstance(part, Derivative) for part in walk(child))
        layouts.append({shape, shape[::-1]} if turned else {shape})
    return not any(SCALAR in shapes for shapes in layouts) and not set.intersection(*layouts)


def placed(misfit: Misfit, text: str) -> Unreadable:
    """The misfit as the error of the text that was read."""
    found = [(p.at, p.at + len(p.key)) for p in walk(misfit.node) if isinstance(p, Name | ArrayName) and p.at >= 0]
    start, stop = min((a for a, _ in found), default=0), max((b for _, b in found), default=len(text))
    return Unreadable(misfit.code, misfit.reason, text=text, offset=start, length=stop - start, hint=misfit.hint)


class _Settling:
    def __init__(self, table: SymbolTable) -> None:
        self.table = table
        self.lengths = False  # whether the length of a vector occurs

    def rule(self, node: Node) -> Node | None:
        """One node, its operands settled."""
        match node:
            case Power(base=base, exponent=Name(key="T")) if base.has_array and shape_of(base) != SCALAR:
                return self.transposed(node, base)
            case Norm(operand=operand, kind="") if 1 in shape_of(operand):
                return Norm(operand, "2")
            case Norm(operand=operand, kind="") if self.lengths:
                return Norm(operand, UNMARKED)
            case Entry():
                return self.entry(node)
            case Sized():
                shape_of(node)
                return node.operand
            case Binder():
                return self.binder(node)
            case Listing(elements=(left, right), opening="<") if shape_of(left) == shape_of(right) != SCALAR:
                inner = Product((Transpose(left), right))
                return inner if shape_of(left)[1] == 1 else Call("tr", (inner,))
            case FunctionName(function=function) if function in ARRAY_FUNCTIONS | {"det", "logdet"}:
                raise Misfit(
                    node, f"{function} stands without its argument", "bracket the argument", "argument-missing"
                )
        if node.has_array and any(isinstance(child, FunctionName) for child in node.children):
            raise Misfit(node, "a function stands without its argument beside vectors or matrices",
                         "write its argument", "argument-missing")  # fmt: skip
        return None

    def transposed(self, node: Power, base: Node) -> Node:
        """`A^T` with T declared: a scalar that is no whole number cannot be an exponent of a matrix."""
        rows, columns = shape_of(base)
        symbol = self.table.resolve("T")
        if symbol is not None and symbol.kind == "integer" and rows == columns:
            raise Misfit(node, "T is declared as a whole number, so this may be a power or the transpose",
                         r"write ^\top for the transpose", "ambiguous")  # fmt: skip
        return Transpose(base)

    def entry(self, node: Entry) -> Node | None:
        for index in node.indices:
            if any(isinstance(part, Constant) for part in walk(index)):
                raise Misfit(
                    node, "an index of this entry is not declared", "declare it as “index n”", "undeclared-name"
                )
        if isinstance(node.operand, ArrayName) and node.operand.role == "delta":
            return None
        if isinstance(node.operand, ArrayName) and node.operand.role in FAMILIES:
            return self.member(node, node.operand)
        shape = shape_of(node.operand)
        if isinstance(node.operand, Derivative) and len(node.indices) == 1 and 1 not in shape:
            return Member(node.operand, node.indices[0], 1)
        sole = node.indices[0] if len(node.indices) == 1 else None
        if isinstance(sole, Number) and len(sole.text) == 2 and sole.text.isdigit() and 1 not in shape:
            node = Entry(node.operand, tuple(Number(digit) for digit in sole.text))
        if len(node.indices) != (1 if 1 in shape else 2):
            return node
        for index, size in zip(node.indices, sizes(node), strict=True):
            symbol = self.table.resolve(index.key) if isinstance(index, Name) else None
            if symbol is not None and symbol.role == "index" and symbol.of != str(size):
                raise Misfit(
                    node,
                    f"{in_words(node.operand)} and {symbol.key} runs up to {symbol.of}, so this entry is not defined",
                )
        return node

    def member(self, node: Entry, family: ArrayName) -> Node:
        """`a_i` of a family; `a_{ij}` is an entry of it, where only one entry can be meant."""
        whole, along = family, int(family.role == "columns")
        if family.role != "family":
            owner = self.table[family.of]
            assert owner.shape is not None
            whole = ArrayName(owner.key, owner.shape, owner.properties, owner.role, owner.of)
        if len(node.indices) == 1:
            return Member(whole, node.indices[0], along, family.key)
        if family.role == "columns":
            raise Misfit(node, f"{family.key} with two indices may be an entry of {whole.key} or of one of its columns",
                         f"write {whole.key}_{{ij}}", "ambiguous")  # fmt: skip
        return Entry(whole, node.indices)

    def binder(self, node: Binder) -> Node | None:
        """An index without bounds runs over what it stands at; a name with the index in its subscript is no entry."""
        for part in walk(node.body):
            if isinstance(part, Name | ArrayName) and node.index in re.findall(
                r"\\?[A-Za-z]+", subscript_of(part.key).replace("", " ")
            ):
                raise Misfit(node, f"{part.key} is declared as one name and stands under a sign that runs over {node.index}",
                             "declare what it is an entry or a row of", "ambiguous")  # fmt: skip
        if not node.bounds or node.bounds[-1] != Name(""):
            return None
        found = {size for part in walk(node.body) if isinstance(part, Entry) for index, size in zip(part.indices, sizes(part), strict=False)
                 if index == Name(node.index)}  # fmt: skip
        found |= {
            count_of(part) for part in walk(node.body) if isinstance(part, Member) and part.index == Name(node.index)
        }
        if len(found) != 1:
            raise Misfit(
                node.body,
                f"over what {node.index} runs is not said",
                rf"write \sum_{{{node.index}=1}}^{{n}}",
                "reduction-bounds",
            )
        size = found.pop()
        upper: Node = Number(str(size)) if isinstance(size, int) else Name(size)
        return Binder(node.kind, node.index, (ONE, upper), node.body)


def count_of(node: Member) -> int | str:
    """How many members there are."""
    operand = node.operand
    return (operand.shape if isinstance(operand, ArrayName) else shape_of(operand))[node.along]


def sizes(node: Entry) -> tuple[int | str, ...]:
    """Over what the indices of an entry run."""
    if isinstance(node.operand, ArrayName) and node.operand.role == "delta":
        return ()
    shape = shape_of(node.operand)
    return shape if len(node.indices) == 2 else (size_of_vector(shape),)
