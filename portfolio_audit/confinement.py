"""What a worker process may not do: outlive its parent, eat the machine, reach out, or write.

Resource limits are the kernel's; the audit hook catches what Python code would do by mistake or by trickery of a
parsed file. Neither is a sandbox against native code, which is why nothing of a repository is ever executed. The one
exception to the hook is the linter: its folder, its files and its command line, exactly.
"""

import contextlib
import fcntl
import os
import resource
import sys
from typing import Any

from portfolio_audit.facts.lint_process import permitted

CPU_SECONDS = 130
"""Per repository; the supervisor's deadline comes first, this one holds if the supervisor is gone."""
LARGEST_FILE = 2 * 1024 * 1024
"""Hard limit only: the soft limit is 0, and the step that hands files to the linter raises it for their writing."""

_REFUSED = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "os.link",
    "os.symlink",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.truncate",
    "os.chmod",
    "os.chown",
    "os.kill",
    "shutil.",
    "urllib.",
    "ftplib.",
    "smtplib.",
    "webbrowser.",
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def confine(life: int, *, memory: int, open_files: int) -> None:
    """Take everything away that reading does not need. `life` is a pipe that only the parent holds open."""
    _die_with_parent(life)
    _limit("RLIMIT_CORE", 0, 0)
    _limit("RLIMIT_AS", memory, memory)
    _limit("RLIMIT_NOFILE", open_files, open_files)
    _limit("RLIMIT_FSIZE", 0, LARGEST_FILE)
    sys.addaudithook(_refuse)


def allow_seconds(seconds: int = CPU_SECONDS) -> None:
    """Start the CPU clock anew, for the next repository of a process that serves several."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _limit("RLIMIT_CPU", int(usage.ru_utime + usage.ru_stime) + seconds, resource.RLIM_INFINITY)


def peak_memory() -> int:
    """The most memory, in bytes, that this process ever held.

    On Linux `getrusage` would also count what the parent held when it started this process.
    """
    with contextlib.suppress(OSError), open("/proc/self/status", "rb") as status:
        for line in status:
            if line.startswith(b"VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _die_with_parent(life: int) -> None:
    """The kernel sends SIGIO, which ends a process by default, once the other end of the pipe is gone.

    It goes to the group that this process leads, and so to a linter at work, too.
    """
    with contextlib.suppress(OSError, AttributeError):
        fcntl.fcntl(life, fcntl.F_SETOWN, -os.getpid() if os.getpgrp() == os.getpid() else os.getpid())
        fcntl.fcntl(life, fcntl.F_SETFL, fcntl.fcntl(life, fcntl.F_GETFL) | os.O_ASYNC)


def _limit(name: str, soft: int, hard: int) -> None:
    """Set one limit where the platform knows it; never above what the process was given."""
    kind = getattr(resource, name, None)
    if kind is None:
        return
    with contextlib.suppress(OSError, ValueError):
        _, given = resource.getrlimit(kind)
        if given != resource.RLIM_INFINITY:
            hard = given if hard == resource.RLIM_INFINITY else min(hard, given)
        if hard != resource.RLIM_INFINITY:
            soft = min(soft, hard)
        resource.setrlimit(kind, (soft, hard))


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    writing = event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING
    if (writing or event.startswith(_REFUSED)) and not permitted(event, arguments):
        raise PermissionError(f"a reading process may not do this ({event})")
