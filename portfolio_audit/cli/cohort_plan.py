"""What auditing a roster would cost, asked student by student; nothing is downloaded and nothing is kept of anyone."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from portfolio_audit.cli.options import cache_folder
from portfolio_audit.cli.progress import Progress
from portfolio_audit.cli.service import connect
from portfolio_audit.errors import NotFound
from portfolio_audit.report.words import count
from portfolio_audit.roster import Student
from portfolio_audit.store import Store

if TYPE_CHECKING:
    from portfolio_audit.cli.cohort_run import Bench
    from portfolio_audit.sources.estimate import Estimate

PAGE = 50
"""Repositories that one request of the listing brings."""
LISTING = 3
"""Requests that a listing takes without a token."""
MINUTES = {"core": 60, "graphql": 60, "search": 1}
"""After so many minutes the service fills a bucket again."""
UNITS = {"core": "requests", "graphql": "points", "search": "searches"}


def planned(students: Sequence[Student], bench: "Bench", options: dict[str, Any], progress: Progress) -> str:
    """Requests, points and hours that the students need now, against the rate left, in lines for a person.

    Asking costs the listing of each student once more. Raises what a snapshot raises, but not NotFound.
    """
    linked = [student for student in students if student.login is not None]
    needed: Counter[str] = Counter()
    archives, missing, last = 0, [], None
    with (
        Store.open_if_usable(cache_folder(options["cache_dir"])) as store,
        connect(options, store, progress.tell) as source,
    ):
        for place, student in enumerate(linked, 1):
            progress.tell(f"{place} of {len(linked)}: {student.login}")
            try:
                last = source.estimate(
                    student.login or "",
                    cached=lambda record: (
                        record.tree is not None and store.reading(record.tree, bench.kinds) is not None
                    ),
                )
            except NotFound:
                missing.append(student.login or "")
                continue
            archives += last.archives
            needed.update(last.needed)
            pages = max(1, math.ceil(last.repositories / PAGE))
            needed.update({"graphql": pages} if "graphql" in last.needed else {"core": LISTING})
    return "\n".join(_lines(len(linked), missing, archives, needed, last))


def _lines(
    students: int, missing: Sequence[str], archives: int, needed: Counter[str], last: "Estimate | None"
) -> list[str]:
    lines = [f"{count(students, 'student')}, {count(archives, 'archive')} to download"]
    if missing:
        lines.append(f"Not found: {', '.join(missing)}")
    if last is None:
        return lines
    hours = 0.0
    for bucket, amount in needed.items():
        left = f"{last.remaining[bucket]} left" if bucket in last.remaining else "rate left unknown"
        lines.append(f"{bucket}: {amount} {UNITS[bucket]} needed, {left}")
        hours = max(hours, _wait(bucket, amount, last))
    lines.append(f"Waiting for the rate: at most {hours:.1f} hours" if hours else "The rate left is enough: no waiting")
    return lines


def _wait(bucket: str, amount: int, last: "Estimate") -> float:
    """Hours until the last fill that is needed; what a fill brings is the limit, where the service says it."""
    short = amount - last.remaining.get(bucket, amount)
    limit = last.limits.get(bucket, 0)
    if short <= 0 or limit <= 0:
        return 0.0
    return math.ceil(short / limit) * MINUTES[bucket] / 60
