"""What a cohort's folder holds besides the journal: pages of students, the index, a table and data, each whole."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from portfolio_audit import __version__
from portfolio_audit.cli.output import write_file, write_together
from portfolio_audit.journal import Journal
from portfolio_audit.report import cohort_page, cohort_table, html, model
from portfolio_audit.report.build import TOOL
from portfolio_audit.report.cohort import Cohort, Column, Row, cohort, row
from portfolio_audit.report.cohort_page import STATE_WORDS
from portfolio_audit.roster import Student
from portfolio_audit.rubric import Rubric

PAGES = "students"


def write_page(folder: Path, student: Student, report: model.Report, journal: Journal, files: Mapping[str, str]) -> str:
    """Write a student's page and return its place in the folder. Another student's page of that name goes first."""
    place = f"{PAGES}/{files[student.key]}.html"
    (folder / PAGES).mkdir(mode=0o700, exist_ok=True)
    if journal.pages().get(place) != student.key:
        (folder / place).unlink(missing_ok=True)
        journal.name_page(place, student)
    write_file(folder / place, html.render(report).encode())
    return place


def refresh(
    folder: Path, students: Sequence[Student], journal: Journal, files: Mapping[str, str], rules: Rubric
) -> Cohort:
    """Bring every file up to what the journal holds: pages that are missing, then data, table and index."""
    tool = model.Tool(TOOL, __version__, rules.name, rules.hash)
    columns = [Column(criterion.id, criterion.title) for category in rules.category for criterion in category.criterion]
    made = cohort(tool, columns, _rows(folder, students, journal, files))
    rendered = {
        "cohort.json": msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n",
        "cohort.csv": cohort_table.render(made),
        "index.html": cohort_page.render(made, folder.resolve().name).encode(),
    }
    write_together({folder / name: content for name, content in rendered.items()})
    current = {each.page for each in made.students}
    stale = [place for place in journal.pages() if place not in current]
    for place in stale:
        with contextlib.suppress(FileNotFoundError):
            (folder / place).unlink()
    journal.forget_pages(stale)
    _sweep(folder)
    return made


def _sweep(folder: Path) -> None:
    """Take away half-written files of runs that were killed; nobody else writes here while this run has the journal."""
    for pattern in (f"{PAGES}/.*.html.*", ".index.html.*", ".cohort.json.*", ".cohort.csv.*"):
        for left in folder.glob(pattern):
            left.unlink(missing_ok=True)


def states_of(made: Cohort) -> str:
    """How many students are in which state, in words."""
    return ", ".join(f"{amount} {STATE_WORDS[state]}" for state, amount in made.states.items())


def _rows(folder: Path, students: Sequence[Student], journal: Journal, files: Mapping[str, str]) -> Iterator[Row]:
    """The rows; one report at a time is in memory."""
    known = journal.pages()
    for student in students:
        entry = journal.entry(student)
        if entry.report is None:
            yield row(student, entry, None, None)
            continue
        report = model.decode(entry.report)
        place = f"{PAGES}/{files[student.key]}.html"
        if known.get(place) != student.key or not (folder / place).is_file():
            write_page(folder, student, report, journal, files)
        yield row(student, entry, report, place)
