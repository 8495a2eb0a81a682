"""Reading below one folder of this disk without ever leaving it: no link is followed, no special file is opened."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Item(NamedTuple):
    """One name in a folder, with what `lstat` says of it."""

    name: bytes
    state: os.stat_result


class Folder:
    """A folder held open by its descriptor; paths are relative, as bytes, and opened one component at a time.

    A context manager. Every method raises OSError, also for a link where a folder or file is meant.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._root = os.open(path, _FOLDER)

    def __enter__(self) -> "Folder":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._root)

    @contextmanager
    def _within(self, path: bytes) -> Iterator[int]:
        """The folder at a path below, open while in use."""
        current = os.dup(self._root)
        try:
            for name in path.split(b"/") if path else ():
                if name in (b"", b".", b".."):
                    raise NotADirectoryError(20, "not a plain relative path")
                below = os.open(name, _FOLDER, dir_fd=current)
                os.close(current)
                current = below
            yield current
        finally:
            os.close(current)

    def items(self, path: bytes = b"") -> Iterator[Item]:
        """The names in a folder, unsorted."""
        with self._within(path) as folder, os.scandir(folder) as entries:
            for entry in entries:
                yield Item(os.fsencode(entry.name), entry.stat(follow_symlinks=False))

    def state(self, path: bytes) -> os.stat_result | None:
        """What `lstat` says of a path, or None if nothing is there."""
        above, _, name = path.rpartition(b"/")
        try:
            with self._within(above) as folder:
                return os.stat(name, dir_fd=folder, follow_symlinks=False)
        except OSError:
            return None

    def is_folder(self, path: bytes) -> bool:
        """Whether a real folder is there; a link to one is none."""
        state = self.state(path)
        return state is not None and stat.S_ISDIR(state.st_mode)

    def link(self, path: bytes) -> bytes:
        """Where a symbolic link points to; it is not followed."""
        above, _, name = path.rpartition(b"/")
        with self._within(above) as folder:
            return os.readlink(name, dir_fd=folder)

    @contextmanager
    def opened(self, path: bytes) -> Iterator[int]:
        """A regular file, open for reading while in use."""
        above, _, name = path.rpartition(b"/")
        with self._within(above) as folder:
            descriptor = os.open(name, _FILE, dir_fd=folder)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError(22, "not a regular file")
            yield descriptor
        finally:
            os.close(descriptor)

    def read(self, path: bytes, limit: int) -> bytes:
        """The first `limit` bytes of a file."""
        with self.opened(path) as descriptor:
            return b"".join(pieces(descriptor, limit))


def pieces(descriptor: int, limit: int) -> Iterator[bytes]:
    """The first `limit` bytes of an open file in pieces."""
    while limit > 0 and (piece := os.read(descriptor, min(limit, 1 << 18))):
        limit -= len(piece)
        yield piece
