"""What the command gets from whoever started it: three open numbers and signals; any of them may be odd."""

import contextlib
import os
import signal
import sys
from typing import TextIO


def keep_numbers() -> None:
    """Where the caller closed 0, 1 or 2, the next file opened would get that number and be taken for it.

    A missing standard output stays missing: results that were asked for there are refused.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115 - stays open as long as the command
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def end_in_order() -> None:
    """Being ended from outside clears up as Ctrl-C does: no half-written file, no process left behind.

    A signal that the caller set to be ignored (nohup) stays so.
    """
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


def forget_output(stream: TextIO | None = None) -> None:
    """Nobody listens, or nothing fits: what is still buffered must not fail once more when Python ends.

    `stream` is standard output unless another is given.
    """
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, (stream or sys.stdout).fileno())
        os.close(sink)
