"""SymPy's simplification in a child process that can be killed: a last, unaudited opinion on whether a formula is zero.

The clock and a memory limit end the child, never the caller. Trees of our own go to the child, one character comes back:
nothing a document says is evaluated as text. `python -m checks.decide.child` is the child.
"""

from __future__ import annotations

import atexit
import os
import pickle
import selectors
import struct
import subprocess
import sys
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from derive.symbols import Symbol
    from derive.tree import Node

MEMORY = 2 * 1024**3  # bytes the child may use
MAX_NODES = 400
KEPT = 512  # answers that are remembered, so that one claim has one answer
START = 20.0  # seconds a child has to import SymPy, which is not the claim's fault
YES, NO, READY = b"1", b"0", b"r"


def is_zero(tree: Node, symbols: tuple[Symbol, ...], seconds: float) -> bool | None:
    """Whether SymPy simplifies a tree to zero; None when time or memory ran out. A tree too large is not tried."""
    from derive.tree import walk

    if sum(1 for _ in walk(tree)) > MAX_NODES:
        return False
    return _CHILD.ask(tree, symbols, seconds)


class _Child:
    """One process, started when first asked and again after it had to be killed."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.lock = Lock()
        self.answers: OrderedDict[tuple[Node, tuple[Symbol, ...]], bool] = OrderedDict()

    def ask(self, tree: Node, symbols: tuple[Symbol, ...], seconds: float) -> bool | None:
        with self.lock:
            known = self.answers.get((tree, symbols))
            if known is not None:
                return known
            answer = self._answer(pickle.dumps((tree, symbols)), seconds)
            if answer is None:
                self.end()
                return None
            self.answers[tree, symbols] = answer == YES
            if len(self.answers) > KEPT:
                self.answers.popitem(last=False)
            return answer == YES

    def _answer(self, question: bytes, seconds: float) -> bytes | None:
        try:
            if self.process is None or self.process.poll() is not None:
                self._start()
            assert self.process is not None
            assert self.process.stdin is not None
            self.process.stdin.write(struct.pack(">I", len(question)) + question)
            self.process.stdin.flush()
            return self._read(seconds)
        except (OSError, ValueError):
            return None

    def _start(self) -> None:
        self.end()
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "PYTHONHASHSEED": "0"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "checks.decide.child"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
        )  # fmt: skip
        if self._read(START) != READY:
            raise OSError("the child did not start")

    def _read(self, seconds: float) -> bytes | None:
        assert self.process is not None
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            if not selector.select(seconds):
                return None
        return os.read(self.process.stdout.fileno(), 1) or None

    def end(self) -> None:
        """Kill the child, if there is one, and collect it."""
        process, self.process = self.process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    pass


_CHILD = _Child()
atexit.register(_CHILD.end)
os.register_at_fork(after_in_child=_CHILD.__init__)  # type: ignore[misc]  # a fork must not share the pipes


# --- the child -------------------------------------------------------------------------------------------------------


def main() -> None:
    """Answer questions until the parent is gone."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    import derive.sympy_bridge  # noqa: F401 - the time to import is not the first claim's

    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    _write(answers, READY)
    while len(head := questions.read(4)) == 4:
        tree, symbols = pickle.loads(questions.read(struct.unpack(">I", head)[0]))  # noqa: S301 - from our parent only
        _write(answers, YES if _simplifies_to_zero(tree, symbols) else NO)


def _write(stream: BinaryIO, answer: bytes) -> None:
    stream.write(answer)
    stream.flush()


def _simplifies_to_zero(tree: Node, symbols: tuple[Symbol, ...]) -> bool:
    import sympy

    from derive.errors import NoRule
    from derive.symbols import SymbolTable
    from derive.sympy_bridge import to_sympy

    try:
        expression = to_sympy(tree, SymbolTable(symbols))
        if expression.has(sympy.Limit):
            expression = expression.doit()
        for method in (sympy.simplify, sympy.trigsimp, sympy.radsimp, lambda e: sympy.simplify(sympy.expand(e.rewrite(sympy.exp)))):  # fmt: skip
            if method(expression) == 0:
                return True
    except MemoryError:
        raise
    except (
        NoRule,
        ArithmeticError,
        ValueError,
        TypeError,
        AttributeError,
        NotImplementedError,
        RecursionError,
        KeyError,
    ):
        return False
    return False


if __name__ == "__main__":
    main()
