"""The exit code of a finished audit."""

from portfolio_audit.report.model import Report

DONE, GATE_FAILED, INCOMPLETE = 0, 1, 3


def exit_code(report: Report, fail_under: float | None) -> int:
    """0 done or gate passed, 1 gate failed, 3 where it cannot be told or something could not be read.

    The gate fails only if even the upper end of the range is under it, and passes only if the lower end is not; so
    what could not be read never decides it. A folder passes if each of its repositories does.
    """
    if fail_under is None:
        return INCOMPLETE if report.limits else DONE
    if report.subject.kind == "folder":
        codes = {_gate(entry.score_range, fail_under) for entry in report.repositories}
        return GATE_FAILED if GATE_FAILED in codes else max(codes, default=DONE)
    return _gate(report.score_range, fail_under)


def _gate(bounds: tuple[float, float], fail_under: float) -> int:
    low, high = bounds
    if high < fail_under:
        return GATE_FAILED
    return DONE if low >= fail_under else INCOMPLETE
