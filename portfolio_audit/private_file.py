"""Files that hold what is known about people: their owner's alone, and never through somebody else's link."""

import os
import stat
from pathlib import Path


def made_private(path: Path) -> bool:
    """Make the file if it is not there and close it to everybody but its owner.

    False, and nothing changed, if what is there is no plain file of this user, or has another name too. Raises OSError,
    also for a link.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode) or state.st_uid != os.geteuid() or state.st_nlink > 1:
            return False
        os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)
    return True
