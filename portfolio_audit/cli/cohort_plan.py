"""What auditing people would cost, asked one by one or told from a list of members; nothing is downloaded."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from portfolio_audit.cli.progress import Progress
from portfolio_audit.errors import NotFound
from portfolio_audit.report.words import count
from portfolio_audit.roster import Student

if TYPE_CHECKING:
    from portfolio_audit.cli.cohort_run import Bench, Line
    from portfolio_audit.cli.service import Connection
    from portfolio_audit.sources.estimate import Estimate

PAGE = 50
"""Repositories that one request of the listing brings."""
LISTING = 3
"""Requests that a listing takes without a token."""
MINUTES = {"core": 60, "graphql": 60, "search": 1}
"""After so many minutes the service fills a bucket again."""
UNITS = {"core": "requests", "graphql": "points", "search": "searches"}


def planned(students: Sequence[Student], bench: "Bench", line: "Line", progress: Progress) -> str:
    """Requests, points and hours that the students need now, against the rate left, in lines for a person.

    Asking costs the listing of each student once more. Raises what a snapshot raises, but not NotFound.
    """
    linked = [student for student in students if student.login is not None]
    needed: Counter[str] = Counter()
    archives, missing, last = 0, [], None
    for place, student in enumerate(linked, 1):
        progress.tell(f"{place} of {len(linked)}: {student.login}")
        try:
            last = line.source.estimate(
                student.login or "",
                cached=lambda record: (
                    record.tree is not None and line.store.reading(record.tree, bench.kinds) is not None
                ),
            )
        except NotFound:
            missing.append(student.login or "")
            continue
        archives += last.archives
        needed.update(last.needed)
        pages = max(1, math.ceil(last.repositories / PAGE))
        needed.update({"graphql": pages} if "graphql" in last.needed else {"core": LISTING})
    lines = _lines(f"{count(len(linked), 'student')}, {count(archives, 'archive')} to download", needed, last)
    if missing:
        lines.insert(1, f"Not found: {', '.join(missing)}")
    return "\n".join([*lines, _asked(line.source)])


def planned_from(repositories: Mapping[str, int], students: Sequence[Student], line: "Line") -> str:
    """The same for members of an organisation, from the numbers that came with their list; nobody is asked again.

    `repositories` are the public ones by key. What earlier audits keep is not looked at, so it is a first run's cost.
    """
    counts = [repositories.get(student.key, 0) for student in students]
    estimate = line.source.estimate_from(counts)
    found = count(estimate.repositories, "public repository", "public repositories")
    first = f"{count(len(counts), 'student')} with {found}; a first run that has to download them all:"
    lines = _lines(first, Counter(estimate.needed), estimate)
    return "\n".join([*lines, _asked(line.source)])


def _asked(source: "Connection") -> str:
    """What the plan itself has cost; asking for the rate is free."""
    sent = [count(amount, f"{name} request") for name, amount in sorted(source.gate.counts.items()) if name != "free"]
    return f"Asked for this plan: {', '.join(sent) or 'nothing'}"


def _lines(first: str, needed: Counter[str], last: "Estimate | None") -> list[str]:
    lines = [first]
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
