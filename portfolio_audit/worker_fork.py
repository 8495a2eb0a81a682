"""The process that forks reading processes, from its side (see `worker_nursery`): one thread, and no secret."""

import contextlib
import gc
import os
import signal

import msgspec

from portfolio_audit.facts.fact import read_facts
from portfolio_audit.worker_child import fact_of
from portfolio_audit.worker_child import main as read
from portfolio_audit.worker_nursery import Order
from portfolio_audit.worker_sample import sample
from portfolio_audit.worker_wire import DOORS, LENGTH

ORDERS, ANSWERS = 0, 1
"""Descriptors: what is asked for comes in by the one and is answered by the other."""
OWN = "portfolio_audit."
"""Facts of this package are imported here. Those of others may do anything when imported, and do it in a child."""
_ready: set[str] = set()


def main() -> None:
    """Answer orders until the other end is closed, then end every child."""
    children: set[int] = set()
    try:
        while (order := _receive()) is not None:
            os.write(ANSWERS, LENGTH.pack(_carry_out(order, children)))
    finally:
        for child in tuple(children):
            _bury(child, children)


def _receive() -> Order | None:
    header = _read(LENGTH.size)
    if len(header) < LENGTH.size:
        return None
    return msgspec.json.decode(_read(LENGTH.unpack(header)[0]), type=Order)


def _read(size: int) -> bytes:
    """So many bytes, fewer only at the end."""
    received = b""
    while len(received) < size and (more := os.read(ORDERS, size - len(received))):
        received += more
    return received


def _carry_out(order: Order, children: set[int]) -> int:
    """The child's id, 0 for a funeral, or the number of the system's error with a minus."""
    if order.bury:
        _bury(order.bury, children)
        return 0
    opened: list[int] = []
    try:
        _prepare(order.facts)
        for name, way in DOORS.items():
            opened.append(os.open(os.path.join(order.doors, name), way))
        child = os.fork()
        if not child:
            _live(order, opened)
    except OSError as fault:
        return -(fault.errno or 1)
    finally:
        for each in opened:
            os.close(each)
    with contextlib.suppress(OSError):  # the child says so as well: whoever comes first
        os.setpgid(child, child)
    children.add(child)
    return child


def _prepare(keys: tuple[str, ...]) -> None:
    """Import own facts and have them read a sample, which loads their tables and compiles their patterns."""
    if new := [key for key in keys if key.startswith(OWN) and key not in _ready]:
        _ready.update(new)
        with contextlib.suppress(Exception):
            read_facts(sample(), tuple(map(fact_of, new)))
        gc.freeze()


def _live(order: Order, opened: list[int]) -> None:
    """The life of a child, which never returns."""
    try:
        os.setpgid(0, 0)
        requests, answers, page, life = opened
        os.dup2(requests, 0)
        os.dup2(answers, 1)
        for each in (0, 1):
            os.set_blocking(each, True)
        for each in (requests, answers):
            os.close(each)
        os.chdir(order.folder)
        os.environ.update(HOME=order.folder, TMPDIR=order.folder)
        read(page, life, order.memory, order.open_files)
    finally:
        os._exit(0)


def _bury(child: int, children: set[int]) -> None:
    """End a child with all that it started, and forget its number."""
    if child in children:
        children.discard(child)
        with contextlib.suppress(OSError):
            os.killpg(child, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.waitpid(child, 0)
