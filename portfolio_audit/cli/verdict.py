"""The exit code of a finished audit, and the gate that it stands for."""

import difflib
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from portfolio_audit.errors import UsageError
from portfolio_audit.report.model import Report, Result

DONE, GATE_FAILED, INCOMPLETE = 0, 1, 3


class Gate(NamedTuple):
    """What has to hold: a score of at least `under`, and no failure of the checks in `on`.

    An `informational` gate is stated and never fails a run.
    """

    under: float | None = None
    on: tuple[str, ...] = ()
    informational: bool = False

    @property
    def asked(self) -> bool:
        """Whether anything has to hold at all."""
        return self.under is not None or bool(self.on)


def gate_of(options: dict[str, Any], known: Collection[str]) -> Gate:
    """The gate of a command's options. Raises UsageError for a check that nobody provides."""
    for check in options["fail_on"]:
        if check not in known:
            near = difflib.get_close_matches(check, known, 1)
            hint = f"Did you mean {near[0]}?" if near else "portfolio-audit checks list"
            raise UsageError(f"there is no check {check!r} to fail on", hint=hint)
    return Gate(options["fail_under"], tuple(options["fail_on"]), options["gate"] == "informational")


def verdict(report: Report, gate: Gate) -> int:
    """0 where the gate holds, 1 where it certainly does not, 3 where that cannot be told.

    The gate fails only if even the upper end of the range is under it, and holds only if the lower end is not; so
    what could not be read never decides it. A folder holds if each of its repositories does.
    """
    codes = {_failing(results, gate.on) for results in _asked(report)}
    if gate.under is not None:
        folder = report.subject.kind == "folder"
        ranges = [entry.score_range for entry in report.repositories] if folder else [report.score_range]
        codes |= {_score(bounds, gate.under) for bounds in ranges}
    return GATE_FAILED if GATE_FAILED in codes else max(codes, default=DONE)


def exit_code(report: Report, gate: Gate) -> int:
    """The gate's verdict if one was asked for; else 0, or 3 where something could not be read."""
    if not gate.asked:
        return INCOMPLETE if report.limits else DONE
    return DONE if gate.informational else verdict(report, gate)


def _asked(report: Report) -> Iterable[tuple[Result, ...]]:
    """The results that a check to fail on is looked for in: of the portfolio, and of repositories that count."""
    whole = report.score_scope == "portfolio"
    yield report.portfolio_results
    for entry in report.repositories:
        if entry.shown or not whole:
            yield entry.results


def _failing(results: tuple[Result, ...], checks: tuple[str, ...]) -> int:
    states = {result.status for result in results if result.check in checks}
    return GATE_FAILED if "failed" in states else INCOMPLETE if "unknown" in states else DONE


def _score(bounds: tuple[float, float], least: float) -> int:
    low, high = bounds
    if high < least:
        return GATE_FAILED
    return DONE if low >= least else INCOMPLETE
