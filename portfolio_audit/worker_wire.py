"""What a worker process and its supervisor say to each other: frames of JSON over pipes, and a shared page.

JSON only, because unpickling what a subverted child wrote would run its code in the parent. The shared page holds the
place the child is at, so that after a kill the guilty file is known without a message for every file.
"""

import errno
import mmap
import os
import struct
from typing import NamedTuple

from portfolio_audit.archive.repair import Repair
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import MIB

HEADER = struct.Struct(">cI")
LENGTH = struct.Struct(">q")
DOORS = {
    "requests": os.O_RDONLY | os.O_NONBLOCK,
    "answers": os.O_WRONLY | os.O_NONBLOCK,
    "page": os.O_RDWR,
    "life": os.O_RDONLY | os.O_NONBLOCK,
}
"""By which a child is spoken to: two pipes, the file of its page, and a pipe that ends with its parent; and the way in
which the child opens each, never waiting for a parent that may be gone."""
DOORS_FOLDER = "doors-"
"""How the name of the folder begins in which these lie until the child has opened them."""
CHUNK = 256 * 1024
FRAME_LIMIT = 64 * MIB
"""No answer is longer; a child that announces more is not believed."""

JOB, ARCHIVE, END = b"J", b"A", b"E"
TREE, FACT, FAILED, DONE, REFUSED, MEMORY, FAULT = b"T", b"F", b"U", b"D", b"R", b"M", b"X"
LIMITS = b"L"
"""Said before the end: the files that a parser refused, as limits."""
PASSING = b"P"
"""Said before the end: something failed that may go well another time, so the reading is not to be kept."""


class Bounds(Value, frozen=True):
    """Ceilings for one child: bytes of address space, CPU seconds per repository, open files; and the deadlines.

    A child that shows no progress for `file_seconds` is killed, and the file it was at is left out of the next try.
    `wall_seconds` is for one repository with all its tries. A child is replaced after `repositories`, or once it took
    more than `resident` bytes of memory.
    """

    memory: int = 1536 * MIB
    cpu_seconds: int = 130
    open_files: int = 64
    file_seconds: float = 10.0
    wall_seconds: float = 120.0
    retries: int = 5
    repositories: int = 50
    resident: int = 256 * MIB


class Job(Value, frozen=True):
    """One repository to read: a folder, or (if null) the archive that follows.

    `folder` is the path's bytes, each as the character of that number: a path need not be text.
    `facts` are keys "module:Class". `excluded` maps files to leave out, and `skipped` facts not to try, to the reason.
    """

    facts: tuple[str, ...]
    folder: str | None = None
    expected: str | None = None
    submodules: tuple[tuple[str, str], ...] = ()
    repair: Repair | None = None
    excluded: dict[str, str] = {}
    skipped: dict[str, str] = {}


class Place(NamedTuple):
    """Where a child is: the file it looked at last, and the fact it reads; empty if none."""

    fact: str
    path: str


def frame(kind: bytes, content: bytes = b"") -> bytes:
    """A message of one kind."""
    return HEADER.pack(kind, len(content)) + content


class Page:
    """4 KiB of memory that two processes share through an inherited file descriptor.

    Two slots are written in turn, and the counter in front names the valid one: a writer killed half-way leaves the
    place before intact.
    """

    SIZE = 8192
    _SLOT = 4088
    _LENGTHS = struct.Struct("<HH")
    _COUNTER = struct.Struct("<Q")

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._memory = mmap.mmap(descriptor, self.SIZE)
        self._count = self.count()

    @classmethod
    def create(cls, path: str) -> "Page":
        """A new page in a file that may be removed as soon as the other process has opened it."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            # Written in full: on a full disk a file of holes would end whoever touches it, not say so here.
            if os.write(descriptor, bytes(cls.SIZE)) != cls.SIZE:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return cls(descriptor)
        except OSError:
            os.close(descriptor)
            raise

    def close(self) -> None:
        """Give the memory back."""
        self._memory.close()
        os.close(self.descriptor)

    def count(self) -> int:
        """How often a place was written; a change is a sign of life."""
        return int(self._COUNTER.unpack_from(self._memory)[0])

    def write(self, fact: str, path: str) -> None:
        """Say where this process is now."""
        name, file = fact.encode()[:1000], path.encode()[:3000]
        at = 8 + (self._count + 1) % 2 * self._SLOT
        self._LENGTHS.pack_into(self._memory, at, len(name), len(file))
        self._memory[at + 4 : at + 4 + len(name) + len(file)] = name + file
        self._count += 1
        self._COUNTER.pack_into(self._memory, 0, self._count)

    def read(self) -> Place:
        """Where the other process was last."""
        self._count = self.count()
        at = 8 + self._count % 2 * self._SLOT
        name, file = self._LENGTHS.unpack_from(self._memory, at)
        start, middle = at + 4, at + 4 + min(name, 1000)
        fact, path = self._memory[start:middle], self._memory[middle : middle + min(file, 3000)]
        return Place(fact.decode(errors="replace"), path.decode(errors="replace"))
