"""Contributions by quarter as the page shows them. Nothing is judged here: gaps and pauses mean nothing."""

from portfolio_audit.report.profile_view import ActivityView, QuarterEntry
from portfolio_audit.snapshot import Quarter, Snapshot


def activity_of(snapshot: Snapshot) -> ActivityView:
    """The quarters, oldest first, or why there are none."""
    if snapshot.activity is None or not snapshot.activity.quarters:
        return ActivityView(note=snapshot.unavailable.get("activity", "contributions were not counted"))
    return ActivityView(tuple(_entry(span, snapshot.data_time) for span in snapshot.activity.quarters))


def _entry(span: Quarter, data_time: str | None) -> QuarterEntry:
    year, month = span.start[:4], int(span.start[5:7])
    return QuarterEntry(
        label=f"Q{(month + 2) // 3} {year}",
        start=span.start,
        end=span.end,
        commits=span.commits,
        pulls=span.pulls,
        reviews=span.reviews,
        issues=span.issues,
        private=span.private,
        running=not span.end.endswith("T23:59:59Z"),
    )
