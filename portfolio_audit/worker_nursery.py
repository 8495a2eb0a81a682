"""Where reading processes come from: one process that has everything imported, and forks each of them.

To start an interpreter and import all facts takes longer than to read a small repository, and the second process would
do the same again. The process that forks sees no repository, no token and no network: what it is told is which facts to
import, and its environment is empty but for what the interpreter needs. A child is its own to wait for, so the number
of a child that has ended means nothing else until it is buried here.
"""

import contextlib
import errno
import os
import select
import subprocess
import sys
import threading
from collections.abc import Sequence

import msgspec

from portfolio_audit.snapshot import Value
from portfolio_audit.worker_wire import LENGTH

PATIENCE = 60.0
"""Seconds after which the process that forks is taken for dead; a busy machine may take some to import all facts."""
ENDING = 5.0
"""Seconds that it has to end its children."""
_BOOT = "import gc, sys; gc.disable(); sys.path[:] = sys.argv[1:]; from portfolio_audit.worker_fork import main; main()"
"""What is imported stays, so cycles are not looked for before a child reads."""


class Order(Value, frozen=True):
    """What the process that forks is asked for: a child in a folder, with its bounds; or to bury one that has ended.

    `doors` is a folder with the pipes of the child's input and output, of its life line, and the file of its page.
    """

    facts: tuple[str, ...] = ()
    folder: str = ""
    doors: str = ""
    memory: int = 0
    open_files: int = 0
    bury: int = 0


class Nursery:
    """The process that forks, with the lock that lets one thread at a time speak to it.

    `folder` is where it runs, `search_path` where it finds packages. Raises OSError if it cannot be started.
    """

    def __init__(self, folder: str, search_path: Sequence[str]) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-X", "utf8", "-c", _BOOT, *search_path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Without HOME the interpreter would ask the system's name service for one, over a socket.
            env={"LC_ALL": "C.UTF-8", "HOME": folder, "TMPDIR": folder},
            cwd=folder,
            start_new_session=True,
            bufsize=0,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._orders, self._answers = self._process.stdin, self._process.stdout

    def birth(self, order: Order) -> int:
        """The id of a new child that has come in by these doors and has imported these facts.

        Raises ConnectionError or TimeoutError if nothing here answers any more, OSError if there can be no new process.
        """
        return self._ask(order)

    def bury(self, child: int) -> None:
        """Wait for a child that was killed. Nothing is left to do if the process that forks is gone itself."""
        with contextlib.suppress(OSError, ValueError):
            self._ask(Order(bury=child))

    def close(self) -> None:
        """End the process and all its children."""
        with self._lock:
            self._orders.close()
        try:
            self._process.wait(ENDING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._answers.close()

    def _ask(self, order: Order) -> int:
        content = msgspec.json.encode(order)
        with self._lock:
            if self._orders.closed:
                raise ConnectionResetError(errno.ECONNRESET, "the process that forks was ended")
            whole = memoryview(LENGTH.pack(len(content)) + content)
            while whole:
                whole = whole[self._orders.write(whole) :]
            if not select.select([self._answers], [], [], PATIENCE)[0]:
                raise TimeoutError(errno.ETIMEDOUT, "the process that forks does not answer")
            answer = self._answers.read(LENGTH.size)
        if len(answer) < LENGTH.size:
            raise ConnectionResetError(errno.ECONNRESET, "the process that forks is gone")
        number: int = LENGTH.unpack(answer)[0]
        if number < 0:
            raise OSError(-number, os.strerror(-number))
        return number
