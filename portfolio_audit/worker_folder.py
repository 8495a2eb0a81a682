"""The private folder in which reading processes have theirs, and where the linter's copies lie for a moment.

It goes with its owner. An owner that was killed cannot clear up, so the next one does: a folder that holds copies and
that nobody has locked is removed.
"""

import fcntl
import os
import shutil
import tempfile
import weakref
from contextlib import suppress

from portfolio_audit.facts.lint_process import FOLDER

PREFIX = "portfolio-audit-"
_OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class WorkFolder:
    """A new folder that only this user may enter, locked as long as it is in use. `name` is its path."""

    def __init__(self) -> None:
        with suppress(OSError):
            _clear()
        self.name, lock = _locked()
        self.remove = weakref.finalize(self, _remove, self.name, lock)
        """Remove the folder with everything in it; done at the latest when the program ends."""


def _locked() -> tuple[str, int]:
    """A folder and the descriptor that holds its lock. One that is cleared away in between is made anew."""
    while True:
        name = tempfile.mkdtemp(prefix=PREFIX)
        with suppress(FileNotFoundError):
            lock = os.open(name, _OPEN)
            if _lock(lock) and os.path.exists(name):
                return name, lock
            os.close(lock)


def _clear() -> None:
    """Remove folders of this user that hold copies and are nobody's."""
    with os.scandir(tempfile.gettempdir()) as entries:
        found = [entry.path for entry in entries if entry.name.startswith(PREFIX)]
    for path in found:
        with suppress(OSError):
            descriptor = os.open(path, _OPEN)
            try:
                if os.fstat(descriptor).st_uid == os.geteuid() and _copies(path) and _lock(descriptor):
                    shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(descriptor)


def _remove(name: str, lock: int) -> None:
    shutil.rmtree(name, ignore_errors=True)
    os.close(lock)


def _copies(path: str) -> bool:
    """Whether one of its processes left a folder of the linter."""
    inside = (os.path.join(path, name) for name in os.listdir(path))
    return any(name.startswith(FOLDER) for folder in inside if os.path.isdir(folder) for name in os.listdir(folder))


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
