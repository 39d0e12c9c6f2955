"""Reading a linear map off a differential: M of M dx, the matrix of vec dX, the terms P dX Q, entries."""

from __future__ import annotations

from dataclasses import replace

from derive.errors import NoRule
from derive.matrix.atoms import Monomial, identity
from derive.matrix.build import add, diag, flat_terms, negative, product, transpose
from derive.matrix.hadamard import apart, hadamard, put
from derive.matrix.monomials import combined, join, split
from derive.matrix.nodes import ArrayName, Dimension, EntrywiseQuotient, Hadamard, Kronecker
from derive.matrix.pullback import Pull
from derive.matrix.shapes import shape_of, size_product
from derive.symbols import SymbolTable
from derive.tree import ONE, ZERO, Binder, Call, Negative, Node, Sum, Transpose, names


def kronecker(left: Node, right: Node) -> Node:
    """A ⊗ B, with numbers and scalars in front."""
    a, b = split(left), split(right)
    front = combined([Monomial(a.coefficient * b.coefficient, (*a.scalars, *b.scalars))])
    first, second = (join(Monomial(word=part.word)) for part in (a, b))
    if ONE in (first, second):
        return product(join(front), second if first == ONE else first)
    return product(join(front), Kronecker((first, second)))


def read_off(node: Node, x: Node) -> Node:
    """The matrix M with node = M x, for a column x in which the node is linear. Raises NoRule."""
    name = x.names[0]
    if name not in names(node):
        return ZERO
    if node == x:
        return identity(shape_of(x)[0])
    match node:
        case Sum():
            return add([read_off(term, x) for term in flat_terms(node.terms)])
        case Negative(operand=inner):
            return negative(read_off(inner, x))
        case Transpose(operand=inner) if shape_of(inner)[0] == 1:
            return read_off(transpose(inner), x)
        case Binder(kind="sum", index=index, bounds=bounds, body=body):
            return Binder("sum", index, bounds, read_off(body, x))
        case Hadamard() | EntrywiseQuotient():
            return _off_entrywise(node, x)
        case Call(function="diag", arguments=(inner,)) if shape_of(inner)[1] != 1:
            return _off_diagonal(inner, x)
    return _off_product(split(node), x)


def _off_entrywise(node: Node, x: Node) -> Node:
    rest, held = parted(node, x)
    return product(diag(rest), read_off(held, x))


def parted(node: Node, x: Node) -> tuple[Node, Node]:
    """An entrywise product as its constant rest and the one part that holds x."""
    whole = apart(node)
    held = [index for index, (part, _) in enumerate(whole.parts) if x.names[0] in names(part)]
    if len(held) != 1 or whole.parts[held[0]][1] != 1 or any(x.names[0] in names(base) for base, _ in whole.scalars):
        raise NoRule("no rule to read a linear map off an entrywise product")
    rest = put(replace(whole, parts=tuple(p for i, p in enumerate(whole.parts) if i != held[0])))
    return rest, whole.parts[held[0]][0]


def _off_diagonal(inner: Node, x: Node) -> Node:
    """diag(P diag(v) Q) = (P ⊙ Qᵀ) v, the column of the diagonal."""
    terms = []
    for term in flat_terms([inner]):
        part = split(term)
        at = [i for i, item in enumerate(part.word) if x.names[0] in names(item)]
        item = part.word[at[0]] if len(at) == 1 else None
        if not (isinstance(item, Call) and item.function == "diag" and shape_of(item.arguments[0])[1] == 1):
            raise NoRule("no rule to read a linear map off a diagonal")
        size = shape_of(item)[0]
        left = join(Monomial(word=part.word[: at[0]])) if at[0] else identity(size)
        right = join(Monomial(word=part.word[at[0] + 1 :])) if part.word[at[0] + 1 :] else identity(size)
        front = join(Monomial(part.coefficient, part.scalars))
        terms.append(product(front, hadamard(left, transpose(right)), read_off(item.arguments[0], x)))
    return add(terms)


def _off_product(part: Monomial, x: Node) -> Node:
    name = x.names[0]
    for index, (base, exponent) in enumerate(part.scalars):
        if name in names(base):
            rest = Monomial(part.coefficient, part.scalars[:index] + part.scalars[index + 1 :], part.word)
            if exponent != 1:
                break
            return product(join(rest), _row_off(base, x))
    for index, item in enumerate(part.word):
        if name not in names(item):
            continue
        left = Monomial(part.coefficient, part.scalars, part.word[:index])
        right = Monomial(word=part.word[index + 1 :])
        if not right.word:
            inner = item.operand if isinstance(item, Transpose) and shape_of(item.operand)[0] == 1 else item
            if (
                inner is item
                and split(item).word == (item,)
                and not isinstance(item, Sum | Hadamard | EntrywiseQuotient | Binder)
                and item != x
            ):
                break
            return product(join(left), read_off(item, x))
        if shape_of(right.word[-1])[1] == 1:
            return product(join(left), _times_column(item, join(right), x))
        break
    raise NoRule("no rule to read a linear map off this differential")


def _times_column(item: Node, column: Node, x: Node) -> Node:
    """The matrix M with item · column = M x, for a matrix linear in x."""
    match item:
        case Call(function="diag", arguments=(inner,)) if shape_of(inner)[1] == 1:
            return product(diag(column), read_off(inner, x))
        case Transpose(operand=inner) if inner == x:
            return transpose(column)
        case Sum(terms=terms):
            return add([read_off(product(term, column), x) for term in flat_terms(terms) if x.names[0] in names(term)])
        case Hadamard() | EntrywiseQuotient():  # (M ⊙ uvᵀ) w = diag(u) M (v ⊙ w)
            rest, held = parted(item, x)
            part = split(held)
            cut = next((i for i in range(1, len(part.word)) if shape_of(part.word[i])[0] == 1), None)
            if cut is not None:
                u = join(Monomial(part.coefficient, part.scalars, part.word[:cut]))
                v = transpose(join(Monomial(word=part.word[cut:])))
                return read_off(hadamard(u, product(rest, hadamard(v, column))), x)
    raise NoRule("no rule to read a linear map off this differential")


def _row_off(base: Node, x: Node) -> Node:
    """The row r with base = r x, for a scalar linear in the column x: its gradient, transposed."""
    return transpose(slope(base, x))


def slope(scalar: Node, x: Node) -> Node:
    """The gradient of what is linear in X: no X is left in it."""
    found = Pull(x.names[0], SymbolTable())(scalar, ONE)
    if x.names[0] in names(found):
        raise NoRule("no rule to read a linear map off this differential")
    return found


def vec_off(node: Node, x: Node) -> Node:
    """The matrix K with vec(node) = K vec(X), for a node linear in X. Raises NoRule."""
    name = x.names[0]
    if name not in names(node):
        return ZERO
    rows, columns = shape_of(node)
    if node == x:
        return kronecker(identity(columns), identity(rows))
    match node:
        case Sum():
            return add([vec_off(term, x) for term in flat_terms(node.terms)])
        case Hadamard() | EntrywiseQuotient():
            rest, held = parted(node, x)
            return product(diag(vec(rest)), vec_off(held, x))
        case Transpose(operand=inner):
            turned = commutation(*shape_of(inner))
            return turned if inner == x else product(turned, vec_off(inner, x))
    part = split(node)
    for index, (base, exponent) in enumerate(part.scalars):
        if name in names(base) and exponent == 1:
            rest = join(Monomial(part.coefficient, part.scalars[:index] + part.scalars[index + 1 :], part.word))
            return product(vec(rest), transpose(vec(slope(base, x))))
    for index, item in enumerate(part.word):
        if name in names(item) and (len(part.word) > 1 or part.scalars or part.coefficient != 1):
            before, after = shape_of(item)
            left = join(Monomial(word=part.word[:index])) if index else identity(before)
            right = join(Monomial(word=part.word[index + 1 :])) if part.word[index + 1 :] else identity(after)
            front = join(Monomial(part.coefficient, part.scalars))
            if len(part.word) == 1 and item != x:
                return product(front, vec_off(item, x))
            around = kronecker(transpose(right), left)
            return product(front, around if item == x else product(around, vec_off(item, x)))
    raise NoRule("no rule to read a linear map off this differential")


def commutation(rows: Dimension, columns: Dimension) -> Node:
    """K_{mn}, with K_{mn} vec(M) = vec(Mᵀ) for M of size m × n."""
    if 1 in (rows, columns):
        return identity(size_product(rows, columns))
    if any(" " in str(size) for size in (rows, columns)):
        raise NoRule("no name for a commutation matrix of sizes made of others")
    plain = all(len(str(size)) == 1 for size in (rows, columns))
    key = f"K_{{{rows}{columns}}}" if plain else f"K_{{{rows}, {columns}}}"
    whole = size_product(rows, columns)
    return ArrayName(key, (whole, whole), frozenset({"orthogonal"}), "commutation", f"{rows} by {columns}")


def vec(node: Node) -> Node:
    """vec, the columns one below the other; a column is its own, of uvᵀ it is v ⊗ u."""
    if shape_of(node)[1] == 1:
        return node
    part = split(node)
    if not part.coefficient:
        return ZERO
    return product(join(Monomial(part.coefficient, part.scalars)), Call("vec", (join(Monomial(word=part.word)),)))
