"""Contribution counts over a span, with the limits GitHub puts on the span."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.ghstub.page import Object, Refusal, stamp
from tests.ghstub.world import Owner

YEAR = timedelta(days=366)
QUARTER = timedelta(days=93)
"""What busy accounts can be asked for, by reports since July 2026; longer spans hit the resource limits."""


def contributions(owner: Owner, now: datetime, **span: Any) -> Object:
    """The counts from ``from`` to ``to`` (dates as text; the year before now unless given)."""
    end = datetime.fromisoformat(span["to"]) if span.get("to") else None
    start = datetime.fromisoformat(span["from"]) if span.get("from") else None
    if end is None:
        end = start + timedelta(days=365) if start else now
    start = start or end - timedelta(days=365)
    if end - start > YEAR:
        raise Refusal("VALIDATION", "The total time spanned by 'from' and 'to' must not exceed 1 year")
    if owner.heavy and end - start > QUARTER:
        raise Refusal("RESOURCE_LIMITS_EXCEEDED", "Resource limits for this query exceeded.")
    days = [day for day in owner.activity if start <= day.day <= end]
    return {
        "startedAt": stamp(start),
        "endedAt": stamp(end),
        "totalCommitContributions": sum(day.commits for day in days),
        "totalIssueContributions": lambda **_: sum(day.issues for day in days),
        "totalPullRequestContributions": lambda **_: sum(day.pull_requests for day in days),
        "totalPullRequestReviewContributions": sum(day.reviews for day in days),
        "restrictedContributionsCount": owner.restricted_contributions,
        "hasAnyContributions": bool(days),
    }
