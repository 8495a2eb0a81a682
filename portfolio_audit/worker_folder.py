"""The private folder in which reading processes have theirs, and where the linter's copies lie for a moment.

It goes with its owner. An owner that was killed cannot clear up, so the next one does: a folder that nobody has locked
is removed if it holds copies, pipes to a process that was being started, or the empty folders of its processes.
"""

import fcntl
import os
import shutil
import tempfile
import weakref
from contextlib import suppress

from portfolio_audit.facts.lint_process import FOLDER
from portfolio_audit.tree import MIB
from portfolio_audit.worker_wire import DOORS_FOLDER

PREFIX = "portfolio-audit-"
MEMORY = "/dev/shm"  # noqa: S108 - a folder of our own is made in it
"""Where Linux keeps files in memory: what strangers wrote never reaches a disk, and takes a third of the time."""
USUAL = "/tmp"  # noqa: S108 - only compared
FREE = 64 * MIB
"""Bytes that must be free there; the linter's copies take at most four MiB for each process."""
_OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class WorkFolder:
    """A new folder that only this user may enter, locked as long as it is in use. `name` is its path."""

    def __init__(self) -> None:
        with suppress(OSError):
            _clear()
        self.name, lock = _locked()
        self.remove = weakref.finalize(self, _remove, self.name, lock)
        """Remove the folder with everything in it; done at the latest when the program ends."""


def _above() -> str:
    """Where the folders lie: in memory if there is room and temporary files were not told to lie elsewhere."""
    usual = tempfile.gettempdir()
    if usual == USUAL:
        with suppress(OSError):
            room = os.statvfs(MEMORY)
            if room.f_bavail * room.f_frsize >= FREE and os.access(MEMORY, os.W_OK | os.X_OK):
                return MEMORY
    return usual


def _locked() -> tuple[str, int]:
    """A folder and the descriptor that holds its lock. One that is cleared away in between is made anew."""
    while True:
        name = tempfile.mkdtemp(prefix=PREFIX, dir=_above())
        with suppress(FileNotFoundError):
            lock = os.open(name, _OPEN)
            if _lock(lock) and os.path.exists(name):
                return name, lock
            os.close(lock)


def _clear() -> None:
    """Remove folders of this user that processes worked in and that are nobody's."""
    with os.scandir(_above()) as entries:
        found = [entry.path for entry in entries if entry.name.startswith(PREFIX)]
    for path in found:
        with suppress(OSError):
            descriptor = os.open(path, _OPEN)
            try:
                if os.fstat(descriptor).st_uid == os.geteuid() and _was_used(path) and _lock(descriptor):
                    shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(descriptor)


def _remove(name: str, lock: int) -> None:
    shutil.rmtree(name, ignore_errors=True)
    os.close(lock)


def _was_used(path: str) -> bool:
    """Whether one of its processes left a folder of the linter or its own, or a process was being started.

    An empty one may be a recording's that has only begun, which nobody locks.
    """
    names = os.listdir(path)
    folders = [folder for name in names if os.path.isdir(folder := os.path.join(path, name))]
    inside = [os.listdir(folder) for folder in folders]
    bare = bool(names) and not any(inside) and all(name.startswith(tempfile.gettempprefix()) for name in names)
    return (
        (bare and len(folders) == len(names))
        or any(name.startswith(DOORS_FOLDER) for name in names)
        or any(name.startswith(FOLDER) for each in inside for name in each)
    )


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
