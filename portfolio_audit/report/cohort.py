"""A cohort as one value: a row for each student, with what the views of all of them together show.

Rows hold what a matrix needs and no evidence; that is on the students' own pages. Nothing here compares a person with
another one: counts are of the whole group.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from portfolio_audit.journal import Entry, State
from portfolio_audit.report.model import Report, Tool
from portfolio_audit.report.part import Part, Points, Share
from portfolio_audit.report.words import applies
from portfolio_audit.roster import Student

SCHEMA_VERSION = 1
STATES: tuple[State, ...] = (
    "done", "partial", "empty", "not-found", "renamed", "unlinked", "failed", "rate-limited", "pending",
)  # fmt: skip
STEPS = (0, 25, 50, 75)
"""Lower ends of the stretches in which a criterion's results are counted."""
MISSED_BELOW = 50
"""A criterion counts as missed where even the upper end is under half of its points."""
MOST_FIXES = 5


class Column(Part, frozen=True):
    """A criterion, in the rubric's order."""

    id: str
    title: str


class Cell(Part, frozen=True):
    """One student's result in one criterion, 0 to 100; all null where it asks nothing of this student."""

    score: Points | None
    score_range: tuple[Points, Points] | None


class Step(Part, frozen=True):
    """What would bring a student most points; the repository is theirs."""

    check: str
    repository: str | None
    gain: Points
    text: str


class Change(Part, frozen=True):
    """What the score's range was at the run before, and when its data was read."""

    since: str | None
    score_range: tuple[Points, Points]


class Row(Part, frozen=True):
    """One student. `key` is the login in small letters, or what else the roster tells the student by.

    `page` is a file beside the index; what follows it is null or empty without a report.

    `change` is null where the run before said the same, or there was none that judged alike.
    """

    key: str
    login: str | None
    name: str | None
    identifier: str | None
    group: str | None
    role: str | None
    state: State
    reason: str | None
    page: str | None = None
    data_time: str | None = None
    score: Points | None = None
    score_range: tuple[Points, Points] | None = None
    band: str | None = None
    coverage: Share | None = None
    repositories: int | None = None
    criteria: dict[str, Cell] = {}
    fixes: tuple[Step, ...] = ()
    change: Change | None = None


class Spread(Part, frozen=True):
    """How one criterion turned out: students in each stretch of `STEPS`, those in none for certain, those missing it.

    `asked` are the students of whom the criterion asks anything.
    """

    criterion: str
    asked: int
    counts: tuple[int, ...]
    open: int
    missed: int


class Cohort(Part, frozen=True):
    """Everybody on the roster, in its order."""

    schema_version: int
    tool: Tool
    states: dict[State, int]
    criteria: tuple[Column, ...]
    spreads: tuple[Spread, ...]
    students: tuple[Row, ...]


def cohort(tool: Tool, columns: Sequence[Column], rows: Iterable[Row]) -> Cohort:
    """The cohort of these rows."""
    rows = tuple(rows)
    found = Counter(row.state for row in rows)
    return Cohort(
        schema_version=SCHEMA_VERSION,
        tool=tool,
        states={state: found[state] for state in STATES if found[state]},
        criteria=tuple(columns),
        spreads=tuple(_spread(column.id, rows) for column in columns),
        students=rows,
    )


def row(student: Student, entry: Entry, report: Report | None, page: str | None) -> Row:
    """The row of a student, from what is known and the report where there is one."""
    bare = Row(
        student.key, student.login, student.name, student.identifier, student.group, student.role,
        entry.state, entry.reason,
    )  # fmt: skip
    if report is None:
        return bare
    was = entry.before
    changed = was is not None and was.score_range != report.score_range
    return msgspec.structs.replace(
        bare,
        change=Change(was.data_time, was.score_range) if was is not None and changed else None,
        page=page,
        data_time=report.data_time,
        score=report.score,
        score_range=report.score_range,
        band=report.band,
        coverage=report.coverage,
        repositories=len(report.repositories),
        criteria={
            criterion.id: Cell(criterion.score, criterion.score_range) if applies(criterion) else Cell(None, None)
            for category in report.categories
            for criterion in category.criteria
        },
        fixes=tuple(Step(fix.check, fix.repository, fix.gain, fix.text) for fix in report.fixes[:MOST_FIXES]),
    )


def most_missed(made: Cohort, most: int = 5) -> tuple[Spread, ...]:
    """The criteria that most students certainly miss, worst first; those nobody misses are left out."""
    missed = [spread for spread in made.spreads if spread.missed]
    return tuple(sorted(missed, key=lambda spread: -spread.missed)[:most])


def _spread(criterion: str, rows: Sequence[Row]) -> Spread:
    ranges = [cell.score_range for each in rows if (cell := each.criteria.get(criterion)) and cell.score_range]
    counts = [0] * len(STEPS)
    for low, high in ranges:
        if _step(low) == _step(high):
            counts[_step(low)] += 1
    missed = sum(high < MISSED_BELOW for _, high in ranges)
    return Spread(criterion, len(ranges), tuple(counts), len(ranges) - sum(counts), missed)


def _step(points: float) -> int:
    return max(at for at, low in enumerate(STEPS) if points >= low)
