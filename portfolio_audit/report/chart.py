"""The geometry of the one chart that has columns: contributions by quarter, as parts of a drawing without script."""

from typing import NamedTuple

from portfolio_audit.report.profile_view import ActivityView, QuarterEntry

HEIGHT = 96.0
"""Pixels of the tallest column."""

LEAST = 2.0
"""Pixels of a part that is not nothing, so that it can be seen."""


class Column(NamedTuple):
    """One quarter: where it stands and how wide it is in per cent, how tall its two parts are in pixels, and its words.

    `commits` is the lower part, `others` the upper one. `total` is what is written above it.
    """

    left: float
    middle: float
    width: float
    commits: float
    others: float
    total: str
    quarter: str
    below: str


def columns(view: ActivityView) -> tuple[Column, ...]:
    """The columns of the chart, oldest first; none without data."""
    entries = view.quarters
    if not entries:
        return ()
    step = 100 / len(entries)
    tallest = max(max((sum(parts(entry)) for entry in entries), default=0), 1)
    made = []
    for place, entry in enumerate(entries):
        commits, others = parts(entry)
        quarter, _, year = entry.label.partition(" ")
        made.append(
            Column(
                left=round(place * step + step * 0.16, 3),
                middle=round(place * step + step * 0.5, 3),
                width=round(step * 0.68, 3),
                commits=_pixels(commits, tallest),
                others=_pixels(others, tallest),
                total="?" if entry.commits is None else str(commits + others),
                quarter=quarter,
                below="so far" if entry.running else year if place == 0 or quarter == "Q1" else "",
            )
        )
    return tuple(made)


def parts(entry: QuarterEntry) -> tuple[int, int]:
    """Commits, and everything else that was counted: pull requests, reviews and issues."""
    return entry.commits or 0, (entry.pulls or 0) + (entry.reviews or 0) + (entry.issues or 0)


def _pixels(amount: int, tallest: int) -> float:
    return round(max(HEIGHT * amount / tallest, LEAST), 1) if amount else 0.0
