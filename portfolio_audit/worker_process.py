"""One reading process as its supervisor sees it: start it, give it a job, watch it, kill it."""

import contextlib
import os
import selectors
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from typing import Literal

import msgspec

from portfolio_audit import worker_wire as wire
from portfolio_audit.facts.fact import TreeReading
from portfolio_audit.snapshot import Limit
from portfolio_audit.worker_nursery import Nursery, Order
from portfolio_audit.worker_wire import Bounds, Job, Page, Place

TICK = 0.1
"""Seconds between two looks at a child that says nothing."""
IDLE = 4
"""How many times the deadline of a file a child may wait for something other than its turn."""
Ending = Literal["done", "refused", "fault", "died", "hung", "late", "stale"]


class Answer:
    """What a child said before it was done, died or was killed; `place` is where it was then.

    "stale" means that the child was dead before it looked at anything: the job is not to blame.
    """

    def __init__(self) -> None:
        self.ending: Ending = "died"
        self.tree: TreeReading | None = None
        self.facts: dict[str, msgspec.Raw] = {}
        self.failed: dict[str, str] = {}
        self.reason = ""
        self.passing = False
        self.limits: tuple[Limit, ...] = ()
        self.place = Place("", "")
        self.peak = 0

    def take(self, kind: bytes, content: bytes) -> bool:
        """Note one message; true if it is the last one. Raises ValueError for what no child of ours would say."""
        if kind == wire.TREE:
            self.tree = msgspec.json.decode(content, type=TreeReading)
        elif kind == wire.FACT:
            key, _, value = content.partition(b"\0")
            self.facts[key.decode()] = msgspec.Raw(value)
        elif kind == wire.FAILED:
            key, _, reason = content.partition(b"\0")
            self.failed[key.decode()] = reason.decode()
        elif kind == wire.DONE:
            self.ending, self.peak = "done", int(content)
        elif kind == wire.LIMITS:
            self.limits = msgspec.json.decode(content, type=tuple[Limit, ...])
        elif kind == wire.PASSING:
            self.passing = True
        elif kind in (wire.REFUSED, wire.FAULT):
            self.ending, self.reason = "refused" if kind == wire.REFUSED else "fault", content.decode()
        elif kind != wire.MEMORY:
            raise ValueError("a message of unknown kind")
        return kind in (wire.DONE, wire.REFUSED, wire.FAULT, wire.MEMORY)


class Process:
    """A child. Its environment is empty but for what the interpreter needs.

    It has an empty folder of its own inside `folder`; what it leaves there goes when it does, however it ends.
    Raises OSError if there cannot be one.
    """

    def __init__(
        self,
        bounds: Bounds,
        folder: str,
        nursery: Nursery,
        facts: tuple[str, ...],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bounds = bounds
        self._clock = clock
        self._nursery = nursery
        self._lock = threading.Lock()
        self._folder = tempfile.mkdtemp(dir=folder)
        doors = tempfile.mkdtemp(prefix=wire.DOORS_FOLDER, dir=folder)
        requests, answers, page, life = (os.path.join(doors, name) for name in wire.DOORS)
        for path in (requests, answers, life):
            os.mkfifo(path, 0o600)
        self._page = Page.create(page)
        # Open for both ways until the child is there, since a pipe without another end cannot be written to.
        self._requests = os.open(requests, os.O_RDWR)
        self._answers = os.open(answers, os.O_RDONLY | os.O_NONBLOCK)
        self._life = os.open(life, os.O_RDWR)
        self._open = self.reusable = True
        self.pid = 0
        """The process id."""
        try:
            self.pid = nursery.birth(Order(facts, self._folder, doors, bounds.memory, bounds.open_files))
            both, self._requests = self._requests, os.open(requests, os.O_WRONLY | os.O_NONBLOCK)
            os.close(both)
        except OSError:
            self.kill()
            raise
        finally:
            shutil.rmtree(doors, ignore_errors=True)
        self._served = 0

    def signal(self) -> None:
        """End the child and its linter now while another thread waits for it; that thread clears up."""
        with self._lock:
            if self._open and self.pid:
                with contextlib.suppress(OSError):
                    os.killpg(self.pid, signal.SIGKILL)

    def kill(self) -> None:
        """End the child and its linter now, whatever they do, and give back what they held."""
        self.signal()
        with self._lock:
            if not self._open:
                return
            self._open = self.reusable = False
            if self.pid:
                self._nursery.bury(self.pid)
        for descriptor in (self._requests, self._answers, self._life):
            os.close(descriptor)
        self._page.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def ask(self, job: Job, archive: bytes, end: float) -> Answer:
        """Have one repository read, until the clock shows `end`. A child that did not finish is not reusable."""
        answer = Answer()
        count = self._page.count()
        try:
            answer.ending = self._converse(answer, job, archive, end)
        except OSError:
            answer.ending = "died"
        except (ValueError, msgspec.MsgspecError):
            answer.ending, answer.reason = "fault", "the reading process gave an impossible answer"
        if self._page.count() != count:
            answer.place = self._page.read()
        elif answer.ending == "died":
            answer.ending = "stale"
        self._served += 1
        finished = answer.ending in ("done", "refused") and self._served < self._bounds.repositories
        self.reusable = finished and answer.peak < self._bounds.resident
        return answer

    def _converse(self, answer: Answer, job: Job, archive: bytes, end: float) -> Ending:
        """Write the job and read what comes back, side by side, so that neither end can wait for the other."""
        outgoing = _messages(job, archive)
        pending: memoryview | None = next(outgoing)
        received = bytearray()
        seen, seen_cpu, count = self._clock(), self._cpu(), self._page.count()
        with selectors.DefaultSelector() as selector:
            selector.register(self._answers, selectors.EVENT_READ)
            selector.register(self._requests, selectors.EVENT_WRITE)
            while True:
                ready = {key.fd for key, _ in selector.select(TICK)}
                now = self._clock()
                if self._answers in ready:
                    chunk = os.read(self._answers, wire.CHUNK)
                    received += chunk
                    if not chunk or self._take(received, answer):
                        return answer.ending
                    seen, seen_cpu = now, self._cpu()
                if self._requests in ready and pending is not None:
                    pending = self._write(pending) or next(outgoing, None)
                    if pending is None:
                        selector.unregister(self._requests)
                    seen, seen_cpu = now, self._cpu()
                if (current := self._page.count()) != count:
                    seen, seen_cpu, count = now, self._cpu(), current
                if now > end:
                    return "late"
                if now - seen > self._bounds.file_seconds and self._stuck(seen_cpu, now - seen):
                    return "hung"

    def _cpu(self) -> float | None:
        """CPU seconds that the child has used, where the system tells (Linux: the clock of another process)."""
        try:
            return time.clock_gettime((~self.pid << 3) | 2)
        except (OSError, AttributeError):
            return None

    def _stuck(self, before: float | None, waited: float) -> bool:
        """Whether silence is the child's doing: on a busy machine it may just not have had its turn."""
        now = self._cpu()
        if before is None or now is None or waited > IDLE * self._bounds.file_seconds:
            return True
        return now - before > self._bounds.file_seconds

    def _write(self, pending: memoryview) -> memoryview | None:
        try:
            return pending[os.write(self._requests, pending) :] or None
        except BlockingIOError:
            return pending

    def _take(self, received: bytearray, answer: Answer) -> bool:
        """Hand on every complete message; true after the last one."""
        while len(received) >= wire.HEADER.size:
            kind, length = wire.HEADER.unpack_from(received)
            if length > wire.FRAME_LIMIT:
                raise ValueError("a message of impossible length")
            stop = wire.HEADER.size + length
            if len(received) < stop:
                return False
            content = bytes(received[wire.HEADER.size : stop])
            del received[:stop]
            if answer.take(kind, content):
                return True
        return False


def _messages(job: Job, archive: bytes) -> Iterator[memoryview]:
    yield memoryview(wire.frame(wire.JOB, msgspec.json.encode(job)))
    if job.folder is None:
        whole = memoryview(archive)
        for start in range(0, len(whole), wire.CHUNK):
            chunk = whole[start : start + wire.CHUNK]
            yield memoryview(wire.HEADER.pack(wire.ARCHIVE, len(chunk)))
            yield chunk
        yield memoryview(wire.frame(wire.END))
