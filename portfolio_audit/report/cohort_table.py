"""A cohort as CSV for spreadsheets: one row per student, one column per criterion; nothing in it runs.

Text that a spreadsheet would take for a formula gets an apostrophe in front. Logins and identifiers are never changed:
a roster in which one would run is refused before. Numbers are numbers.
"""

import csv
import io
from collections.abc import Iterator

from portfolio_audit.report.cohort import Cell, Cohort, Row
from portfolio_audit.report.plain import plain
from portfolio_audit.report.words import wide
from portfolio_audit.roster_cells import runs

_HEAD = ("identifier", "login", "name", "group", "role", "state", "reason", "low", "high", "band", "repositories",
         "data_time", "was_low", "was_high")  # fmt: skip


def render(cohort: Cohort) -> bytes:
    """The table in UTF-8 with a mark, without which spreadsheets garble names.

    A criterion's column holds the certain points (the lower end), and nothing where nothing could be told or asked;
    the last column names each criterion with a range, and the range.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([*_HEAD, *(text(column.id) for column in cohort.criteria), "not_certain"])
    for row in cohort.students:
        writer.writerow(_cells(row, cohort))
    return out.getvalue().encode("utf-8-sig", "backslashreplace")


def text(value: str | None) -> str:
    """Text as a cell that cannot run and moves nothing."""
    if value is None:
        return ""
    shown = plain(value)
    return f"'{shown}" if runs(shown) else shown


def _cells(row: Row, cohort: Cohort) -> Iterator[object]:
    yield row.identifier or ""
    yield row.login or ""
    yield from map(text, (row.name, row.group, row.role, row.state, row.reason))
    yield from row.score_range or ("", "")
    yield text(row.band)
    yield "" if row.repositories is None else row.repositories
    yield text(row.data_time)
    yield from row.change.score_range if row.change else ("", "")
    for column in cohort.criteria:
        yield _points(row.criteria.get(column.id))
    yield text("; ".join(_open(row, cohort)))


def _points(cell: Cell | None) -> object:
    if cell is None or cell.score_range is None or (cell.score is None and cell.score_range == (0.0, 100.0)):
        return ""
    return cell.score_range[0]


def _open(row: Row, cohort: Cohort) -> Iterator[str]:
    for column in cohort.criteria:
        cell = row.criteria.get(column.id)
        if cell and cell.score_range and wide(cell.score_range):
            low, high = cell.score_range
            yield f"{column.id} {low:g}-{high:g}"
