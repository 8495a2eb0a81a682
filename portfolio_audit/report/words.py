"""Numbers and states in the words that the views share."""

from portfolio_audit.report.model import Criterion, Report

_STATUS = {
    "passed": "passed",
    "partial": "partly",
    "failed": "not met",
    "not_applicable": "does not apply",
    "unknown": "not assessed",
}


def number(value: float) -> str:
    """A number of points with at most one decimal, without a trailing zero and without a negative zero."""
    text = f"{round(value, 1) + 0.0:.1f}"
    return text.removesuffix(".0")


def percent(share: float) -> str:
    """A share from 0 to 1 as whole per cent; all and nothing only where it is exactly so."""
    whole = round(share * 100)
    if share < 1 and whole == 100:
        whole = 99
    if share > 0 and whole == 0:
        whole = 1
    return f"{whole} %"


def status(name: str) -> str:
    """A result's state in words."""
    return _STATUS[name]


def score(value: float | None, bounds: tuple[float, float]) -> str:
    """One number where there is one, else the range."""
    if value is not None:
        return number(value)
    low, high = bounds
    return number(low) if number(low) == number(high) else f"{number(low)}–{number(high)}"


def earned(criterion: Criterion) -> str:
    """The points that a criterion brings, of its weight; a range where part of it could not be told."""
    low, high = (end * criterion.weight / 100 for end in criterion.score_range)
    return number(low) if number(low) == number(high) else f"{number(low)}–{number(high)}"


def count(amount: int, singular: str, plural: str | None = None) -> str:
    """An amount with its noun."""
    return f"{amount} {singular if amount == 1 else plural or singular + 's'}"


def day(time: str | None) -> str:
    """An ISO 8601 time as date and minute in UTC; words where the data carries no time."""
    if time is None:
        return "at an unrecorded time"
    return f"{time[:10]} {time[11:16]} UTC" if len(time) >= 16 else time[:10]


def next_band(report: Report) -> str | None:
    """The band above and how far it is, or None at the top and where the band itself is not certain."""
    low, high = report.score_range
    if report.band.startswith("between"):
        return None
    for band in report.bands:
        if band.low > high:
            return f"{band.name} begins at {number(band.low)}: {number(band.low - low)} points away"
    return None
