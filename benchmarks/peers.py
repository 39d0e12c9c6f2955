"""Other programs asked the same questions, each in a child process that is ended when a question takes too long."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pairs import Pair

HERE = Path(__file__).parent
START = 60.0  # seconds a peer has to be imported, which is not counted
MEMORY = 4 * 1024**3


@dataclass(frozen=True, slots=True)
class Answer:
    """`said` is yes, no, undecided or unread; the seconds are those of the decision, or the limit."""

    said: str
    seconds: float
    note: str = ""


class Peer:
    """A worker script under an interpreter; `question` is what every question to it says besides the pair."""

    def __init__(self, name: str, python: str, script: str, **question: str) -> None:
        self.name, self.command, self.question = name, [python, str(HERE / script)], question
        self.process: subprocess.Popen[bytes] | None = None

    def available(self) -> bool:
        """Whether the worker starts: a peer that is not installed is left out, and said to be."""
        try:
            self._start()
        except OSError:
            return False
        return True

    def ask(self, pair: Pair, limit: float) -> Answer:
        """What the peer says of a pair within a limit in seconds."""
        found = self.reply({"left": pair.left, "right": pair.right, "symbols": pair.symbols}, limit)
        if found is None:
            return Answer("undecided", limit, "stopped")
        if "unread" in found:
            return Answer("unread", found["seconds"], found["unread"])
        said = {True: "yes", False: "no", None: "undecided"}[found["answer"]]
        return Answer(said, found["seconds"], found.get("why", ""))

    def reply(self, question: dict[str, Any], limit: float) -> dict[str, Any] | None:
        """The worker's answer to a question; None if it takes longer than the limit, and then it is ended."""
        if self.process is None:
            self._start()
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.write((json.dumps({**question, **self.question}) + "\n").encode())
        self.process.stdin.flush()
        line = self._line(limit)
        if not line:
            self.end()
            return None
        found: dict[str, Any] = json.loads(line)
        return found

    def end(self) -> None:
        """Kill the worker and collect it."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def _start(self) -> None:
        environment = {**os.environ, "PYTHONPATH": str(HERE.parent), "PYTHONHASHSEED": "0"}
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
            preexec_fn=_limited,  # noqa: PLW1509 - no threads here
        )  # fmt: skip
        if self._line(START) != b"ready\n":
            self.end()
            raise OSError(f"{self.name} did not start")

    def _line(self, limit: float) -> bytes:
        assert self.process is not None
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            return self.process.stdout.readline() if selector.select(limit) else b""


def _limited() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def peers(math_verify: str | None) -> list[Peer]:
    """The peers there are, installed or not."""
    return [
        Peer("simplify(a - b) == 0", sys.executable, "sympy_worker.py", how="simplify"),
        Peer("a.equals(b)", sys.executable, "sympy_worker.py", how="equals"),
        Peer("math-verify", math_verify or sys.executable, "math_verify_worker.py"),
    ]
