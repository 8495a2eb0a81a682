"""The cohort as one page: a matrix of students and criteria to sort, search and filter; readable without its script."""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

from markupsafe import Markup

from portfolio_audit.report.cohort import MISSED_BELOW, STATES, STEPS, Cell, Cohort, Row, Spread, most_missed
from portfolio_audit.report.html import ROOMS, Meter, asset, environment, policy
from portfolio_audit.report.words import count, wide

STATE_WORDS = {
    "done": "done",
    "partial": "partly read",
    "empty": "no public work",
    "not-found": "account not found",
    "renamed": "account renamed",
    "unlinked": "no login given",
    "failed": "failed",
    "rate-limited": "stopped by the rate limit",
    "pending": "not audited yet",
}


class Line(NamedTuple):
    """A row as the table shows it: the address of its page, its cells, and what sorting and filtering go by."""

    row: Row
    address: str | None
    cells: tuple[tuple[str, float], ...]
    total: tuple[str, float]
    search: str
    group: int | None
    change: tuple[str, float]


class Stretch(NamedTuple):
    """A criterion's spread with its title, and each count as a share of those asked, for a bar."""

    title: str
    spread: Spread
    parts: tuple[tuple[int, float, float], ...]


def render(cohort: Cohort, title: str) -> str:
    """The page; equal cohorts give equal pages. Links lead to files beside it, whatever their names look like."""
    style, script = Markup("").join((asset("report.css"), asset("cohort.css"))), asset("cohort.js")
    groups = sorted({row.group for row in cohort.students if row.group})
    titles = {column.id: column.title for column in cohort.criteria}
    return (
        environment()
        .get_template("cohort.html.j2")
        .render(
            cohort=cohort,
            title=title,
            lines=[_line(row, cohort, groups) for row in cohort.students],
            states=[(state, STATE_WORDS[state], cohort.states[state]) for state in STATES if state in cohort.states],
            state_words=STATE_WORDS,
            groups=groups,
            changed=any(row.change for row in cohort.students),
            bands=sorted({row.band for row in cohort.students if row.band}),
            missed=[(titles[spread.criterion], spread) for spread in most_missed(cohort)],
            missed_below=MISSED_BELOW,
            stretches=[_stretch(titles[spread.criterion], spread) for spread in cohort.spreads],
            steps=[*zip(STEPS, (*(low - 1 for low in STEPS[1:]), 100), strict=True)],
            room=ROOMS[1],
            shown=Meter(ROOMS[1], None),
            style=style,
            script=script,
            policy=policy(style, script),
            words=count,
        )
    )


def _line(row: Row, cohort: Cohort, groups: Sequence[str]) -> Line:
    address = "/".join(quote(part, safe="") for part in row.page.split("/")) if row.page else None
    named = " ".join(filter(None, (row.name, row.login, row.identifier)))
    return Line(
        row,
        f"./{address}" if address else None,
        tuple(_shown(row.criteria.get(column.id)) for column in cohort.criteria),
        _shown(Cell(row.score, row.score_range)),
        named.casefold(),
        groups.index(row.group) if row.group else None,
        _change(row),
    )


def _change(row: Row) -> tuple[str, float]:
    """What the score was, and by how much its certain points changed."""
    if row.change is None or row.score_range is None:
        return "", 0
    was, _ = _shown(Cell(row.change.score_range[0], row.change.score_range))
    return f"was {was}", round(row.score_range[0] - row.change.score_range[0], 2)


def _shown(cell: Cell | None) -> tuple[str, float]:
    """What a cell says, in whole points rounded down, and the number it is sorted by: the certain points."""
    if cell is None or cell.score_range is None:
        return "–", -1
    low, high = cell.score_range
    if low == 0 and high == 100 and cell.score is None:
        return "?", -0.5
    return f"{int(low)}–{int(high)}" if wide(cell.score_range) and int(low) != int(high) else f"{int(low)}", low


def _stretch(title: str, spread: Spread) -> Stretch:
    amounts = (*spread.counts, spread.open)
    parts, left = [], 0.0
    for amount in amounts:
        width = 100 * amount / spread.asked if spread.asked else 0.0
        parts.append((amount, round(left, 2), round(width, 2)))
        left += width
    return Stretch(title, spread, tuple(parts))
