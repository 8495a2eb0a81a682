"""Supervised child processes in which archives become facts: a hostile file may kill a child, never the audit.

A process pool is no crash boundary (one abort breaks every pending call, and a hanging call cannot be stopped), so the
supervisor here speaks to each child over pipes, watches its progress and kills it. A child that dies or hangs costs
the file it was at: the repository is read again without that file, and the reading says so.

Linux and macOS. No method raises anything of a child's making but `Unavailable`.
"""

import logging
import os
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import msgspec

import portfolio_audit
from portfolio_audit.archive.repair import Repair
from portfolio_audit.errors import InternalFault, Unavailable
from portfolio_audit.facts.fact import TreeFact, TreeReading
from portfolio_audit.snapshot import Limit
from portfolio_audit.tree import MIB
from portfolio_audit.worker_folder import WorkFolder
from portfolio_audit.worker_nursery import Nursery
from portfolio_audit.worker_process import Answer, Process
from portfolio_audit.worker_wire import Bounds, Job

__all__ = ["Bounds", "Repair", "Workers"]

EMPTY = zlib.compress(bytes(1024), wbits=31)
"""An archive without a file."""
LARGE = 8 * MIB
"""Compressed bytes from which a reading may need hundreds of MiB; two at once are too much for a small machine."""

MORE_ROOM = "Try again, with fewer programs running or higher limits on memory and open files"

Kinds = tuple[type[TreeFact], ...]
_log = logging.getLogger(__name__)


class Workers:
    """A few reading processes, started when first needed and reused.

    A context manager; leaving it ends every child. Thread-safe: each call blocks its thread until the reading is
    there, at most `count` calls are served at once, and of large archives only one. `search_path` is where children
    find installed packages (default: this interpreter's, without the folder that the command was run from);
    `clock` gives seconds that only go up.
    """

    def __init__(
        self,
        count: int = 2,
        *,
        bounds: Bounds | None = None,
        search_path: Sequence[str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bounds = bounds or Bounds()
        self._clock = clock
        self._search_path = list(installed_paths() if search_path is None else search_path)
        self._count = max(1, count)
        self._slots = threading.BoundedSemaphore(self._count)
        self._large = threading.Lock()
        self._lock = threading.Lock()
        self._idle: list[Process] = []
        self._all: set[Process] = set()
        self._folder: WorkFolder | None = None
        self._nursery: Nursery | None = None
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every child at once. A call that waits for one raises Unavailable."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            busy, self._all = self._all.difference(idle), set()
            folder, self._folder = self._folder, None
            nursery, self._nursery = self._nursery, None
        for process in idle:
            process.kill()
        for process in busy:
            process.signal()
        if nursery is not None:
            nursery.close()
        if folder is not None:
            folder.remove()

    def warm(self, kinds: Kinds) -> None:
        """Start every process and have it import these facts, in the background, while the caller waits for others."""
        job = Job(tuple(kind.key() for kind in kinds))
        for _ in range(self._count):
            threading.Thread(target=self._warm, args=(job,), name="warm", daemon=True).start()

    def _warm(self, job: Job) -> None:
        try:
            self._read(job, EMPTY)
        except (Unavailable, InternalFault, OSError) as reason:
            _log.debug("a reading process did not warm up: %s", reason)

    def read_archive(
        self,
        archive: bytes,
        kinds: Kinds,
        *,
        expected: str | None,
        submodules: Iterable[tuple[str, str]] = (),
        repair: Repair | None = None,
    ) -> TreeReading:
        """The facts of a gzipped tar.

        `expected` is the oid of its root tree. If the archive is not the whole of that tree and no repair is given,
        the answer has `mismatch` set, no facts, and the files that are there; fetch a listing and call again with
        `repair`. Raises Unavailable if nothing can be said about the repository.
        """
        job = Job(tuple(kind.key() for kind in kinds), None, expected, tuple(submodules), repair)
        if len(archive) < LARGE:
            return self._read(job, archive)
        with self._large:
            return self._read(job, archive)

    def read_folder(self, path: str | os.PathLike[str], kinds: Kinds) -> TreeReading:
        """The facts of a folder as it lies on disk. Raises Unavailable."""
        folder = os.fsencode(os.path.abspath(path)).decode("latin-1")
        return self._read(Job(tuple(kind.key() for kind in kinds), folder), b"")

    def _read(self, job: Job, archive: bytes) -> TreeReading:
        end = self._clock() + self._bounds.wall_seconds
        excluded: dict[str, str] = {}
        skipped: dict[str, str] = {}
        for _ in range(self._bounds.retries + 1):
            answer = self._ask(msgspec.structs.replace(job, excluded=excluded, skipped=skipped), archive, end)
            if answer.ending == "done":
                return _whole(answer, job, cacheable=not skipped and not answer.passing)
            if answer.ending == "late":
                return _cut(answer, job, f"took longer than {self._bounds.wall_seconds:g} s")
            hung = answer.ending == "hung"
            reason = f"held up the parser for {self._bounds.file_seconds:g} s" if hung else "killed the parser"
            if answer.place.path and answer.place.path not in excluded:
                excluded[answer.place.path] = reason
            elif answer.place.fact and answer.place.fact not in skipped:
                skipped[answer.place.fact] = reason
            else:
                raise Unavailable("the process that read it was killed")
        raise Unavailable(f"{self._bounds.retries + 1} of its files killed the parser")

    def _ask(self, job: Job, archive: bytes, end: float) -> Answer:
        with self._slots, self._process(job.facts) as process:
            answer = process.ask(job, archive, end)
            if answer.ending == "stale":
                process.kill()
        if answer.ending == "stale":
            with self._slots, self._process(job.facts, fresh=True) as process:
                answer = process.ask(job, archive, end)
        if self._closed:
            raise Unavailable("the audit was stopped")
        if answer.ending == "refused":
            raise Unavailable(answer.reason)
        if answer.ending == "fault":
            _log.error("a reading process failed: %s", answer.reason)
            raise Unavailable(f"reading it failed ({answer.reason.partition(':')[0]})")
        if answer.ending == "stale":
            raise InternalFault("the reading process could not be started", hint=MORE_ROOM)
        return answer

    @contextmanager
    def _process(self, facts: tuple[str, ...], *, fresh: bool = False) -> Iterator[Process]:
        with self._lock:
            idle = self._idle.pop() if self._idle and not fresh and not self._closed else None
        process = idle or self._new(facts)
        try:
            yield process
        finally:
            with self._lock:
                keep = process.reusable and not self._closed
                if keep:
                    self._idle.append(process)
                else:
                    self._all.discard(process)
            if not keep:
                process.kill()

    def _new(self, facts: tuple[str, ...]) -> Process:
        """Another process. What forks them is started anew if it is gone, for somebody may have ended it."""
        for _ in range(2):
            with self._lock:
                if self._closed:
                    raise Unavailable("the audit was stopped")
                self._folder = self._folder or WorkFolder()
                self._nursery = nursery = self._nursery or Nursery(self._folder.name, self._search_path)
                folder = self._folder.name
            try:
                process = Process(self._bounds, folder, nursery, facts, self._clock)
            except (ConnectionError, TimeoutError):
                with self._lock:
                    self._nursery = None if self._nursery is nursery else self._nursery
                nursery.close()
                continue
            except OSError:
                break
            with self._lock:
                if not self._closed:
                    self._all.add(process)
                    return process
            process.kill()
        raise InternalFault("the reading process could not be started", hint=MORE_ROOM)


def _whole(answer: Answer, job: Job, *, cacheable: bool) -> TreeReading:
    tree = answer.tree or TreeReading()
    killed = tuple(Limit("fact-killed-parser", "", f"{key}: {why}") for key, why in job.skipped.items())
    limits = tree.limits + answer.limits + killed
    return msgspec.structs.replace(
        tree, facts=answer.facts, failed=answer.failed, limits=limits, cacheable=tree.cacheable and cacheable
    )


def _cut(answer: Answer, job: Job, reason: str) -> TreeReading:
    """What was there when time ran out; the rest is unknown."""
    if answer.tree is None:
        raise Unavailable(f"reading it {reason}")
    rest = {key: f"reading it {reason}" for key in job.facts if key not in answer.facts}
    limits = (*answer.tree.limits, Limit("time-budget", "", f"reading it {reason}; not every fact was read"))
    return msgspec.structs.replace(
        answer.tree, facts=answer.facts, failed={**rest, **answer.failed}, limits=limits, cacheable=False
    )


def installed_paths() -> list[str]:
    """Where packages are installed. The current folder is none of them, unless this package itself lives there."""
    home = os.path.dirname(os.path.dirname(os.path.realpath(portfolio_audit.__file__)))
    here = os.path.realpath(os.getcwd())
    found = (path for path in sys.path if path and os.path.isabs(path))
    return [path for path in found if os.path.realpath(path) != here or here == home]
