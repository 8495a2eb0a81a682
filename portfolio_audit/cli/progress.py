"""What is going on, on standard error: a bar on a terminal, plain lines elsewhere, nothing when quiet."""

import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Self

from portfolio_audit.report.plain import plain

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

_EVERY = 20
"""Off a terminal one line tells of this many repositories; a log is no animation."""


class Progress:
    """Announces waits and counts repositories; safe to call from several threads."""

    def __init__(self, *, quiet: bool, terminal: bool | None = None) -> None:
        self._quiet = quiet
        self._terminal = sys.stderr.isatty() if terminal is None else terminal
        self._lock = threading.Lock()
        self._bar: RichProgress | None = None
        self._task: TaskID | None = None
        self._total = 0
        self._done = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def tell(self, line: str) -> None:
        """Say one thing that the person should know now, such as a wait."""
        if self._quiet:
            return
        with self._lock:
            if self._bar is not None:
                self._bar.console.print(plain(line), markup=False, highlight=False)
            else:
                print(plain(line), file=sys.stderr, flush=True)

    def start(self, total: int) -> None:
        """Begin to count repositories."""
        self._total = total
        if self._quiet or not total:
            return
        if self._terminal:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
            from rich.progress import Progress as Bar

            self._bar = Bar(
                TextColumn("Reading"), BarColumn(), MofNCompleteColumn(),
                TextColumn("{task.description}", markup=False),
                console=Console(stderr=True), transient=True,
            )  # fmt: skip
            self._task = self._bar.add_task("", total=total)
            self._bar.start()

    def advance(self, name: str) -> None:
        """One more repository is done."""
        with self._lock:
            self._done += 1
            if self._bar is not None and self._task is not None:
                self._bar.update(self._task, advance=1, description=plain(name)[:40])
            elif not self._quiet and self._total > _EVERY and self._done % _EVERY == 0:
                print(f"read {self._done} of {self._total} repositories", file=sys.stderr, flush=True)
