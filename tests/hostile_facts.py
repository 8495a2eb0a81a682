"""Facts that do to their process what a hostile file might do to a parser; installed only for these tests."""

import contextlib
import ctypes
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Self

from portfolio_audit.facts import lint_process
from portfolio_audit.facts.fact import TreeFact
from portfolio_audit.tree import SourceTree


class Names(TreeFact, frozen=True):
    """The honest one: every file with the number of its lines, and those that could not be read."""

    version: ClassVar[str] = "7"
    lines: dict[str, int] = {}
    unread: dict[str, str] = {}

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        lines = {file.path: tree.text(file.path).count("\n") for file in tree.files if file.path not in tree.unread}
        return cls(lines=lines, unread=dict(tree.unread))


class Hostile(TreeFact, frozen=True):
    """Reads every file and does what the file says."""

    read: tuple[str, ...] = ()

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        done = []
        for file in tree.files:
            if file.path in tree.unread:
                continue
            obey(tree.text(file.path).strip())
            done.append(file.path)
        return cls(read=tuple(done))


class Brooding(TreeFact, frozen=True):
    """Never comes back, and no file is to blame."""

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        while True:
            pass


class Dawdling(TreeFact, frozen=True):
    """Reads the same file for ever: always alive, never done."""

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        while True:
            tree.head(tree.files[0].path)


class Littering(TreeFact, frozen=True):
    """Dies with copies of files in the linter's folder, and leaves a program behind that never ends."""

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        text = tree.text("program.txt") if "program.txt" in tree else ""
        with lint_process._folder([text.encode(), b"y = 2\n"]):
            if ctypes.CDLL(None).fork() == 0:
                os.closerange(0, 64)  # as a started program has it: none of this process's pipes
                while True:
                    signal.pause()
            os.abort()


class Lingering(TreeFact, frozen=True):
    """Has a program at work, which it waits for."""

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        ctypes.CDLL(None).fork()
        tree.head(tree.files[0].path)
        while True:
            signal.pause()


class Raising(TreeFact, frozen=True):
    """Has a bug."""

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        raise LookupError("an ordinary bug")


class Reaching(TreeFact, frozen=True):
    """Tries what a reading process may not do, and reports what worked, and what it sees of its surroundings."""

    managed: tuple[str, ...] = ()
    environment: dict[str, str] = {}
    folder: tuple[str, ...] = ()

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        print("not for the supervisor")
        managed = []
        for name, attempt in ATTEMPTS.items():
            try:
                attempt()
            except (OSError, RuntimeError):
                continue
            managed.append(name)
        return cls(managed=tuple(managed), environment=dict(os.environ), folder=tuple(os.listdir(".")))


ATTEMPTS: dict[str, Callable[[], object]] = {
    "socket": lambda: socket.create_connection(("127.0.0.1", 9), timeout=1),
    "program": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
    "system": lambda: os.system("true"),
    "write": lambda: Path("left-behind").write_text("x"),
    "folder": lambda: os.mkdir("left-behind"),
}


def obey(order: str) -> None:
    """Die in the way the text names; any other text is harmless."""
    if order == "segfault":
        ctypes.string_at(0)
    elif order == "abort":
        os.abort()
    elif order == "exit":
        os._exit(0)
    elif order == "loop":
        while True:
            pass
    elif order == "hog":
        _ = b"x" * (1 << 40)
    elif order == "impostor":
        for descriptor in range(3, 64):
            with contextlib.suppress(OSError):
                if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
                    os.write(descriptor, b"Z" + b"\xff" * 4 + b"not for you")
