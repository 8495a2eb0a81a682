"""What a cohort's run has done so far: one SQLite file in its folder, committed student by student.

So a run that is killed loses at most the student it was at, and the next one goes on. The file is also the result for
whoever reads SQL: the views `students` and `criteria`. It holds reports about people and is private to its owner.
"""

import contextlib
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, NamedTuple, Self

import msgspec

from portfolio_audit.journal_file import open_journal, unusable
from portfolio_audit.roster import Student
from portfolio_audit.snapshot import Value

State = Literal[
    "done", "partial", "not-found", "renamed", "empty", "rate-limited", "failed", "unlinked", "pending"
]  # fmt: skip
PASSING: frozenset[State] = frozenset(("rate-limited", "pending"))
"""States that a run goes on from; the others are answers."""


class Before(Value, frozen=True):
    """What the run before said of a student: when the data was read, and the score's range."""

    data_time: str | None
    score_range: tuple[float, float]


class Entry(Value, frozen=True):
    """What came out for one student: a state, why it is no better, and the report's JSON where there is one.

    `before` is filled in by the journal.
    """

    state: State
    reason: str | None = None
    data_time: str | None = None
    report: bytes | None = None
    before: Before | None = None


class Run(NamedTuple):
    """The run under way: its number, and whether it goes on where an earlier one stopped."""

    number: int
    resumed: bool


class Journal:
    """The open journal of one folder; nobody else can open it meanwhile. A context manager."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._run = Run(0, False)
        self._configuration = ""

    @classmethod
    def open(cls, folder: Path) -> "Journal":
        """The journal in this folder, both made if need be.

        Raises JournalUnusable if another run holds it or the file cannot be used, and UsageError if the folder holds
        other things and no journal.
        """
        return cls(*open_journal(folder))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def begin(
        self,
        students: Sequence[Student],
        *,
        roster: str,
        configuration: str,
        fresh: bool = False,
        partly: bool = False,
        origin: str | None = None,
    ) -> Run:
        """Begin a run, or go on with the last one if it is unfinished and of the same roster and configuration.

        `fresh` begins one in any case. `partly` is for a run over some of the students: it begins none as long as the
        configuration is the same. What is kept about people who are on the roster no more is erased. `origin` says
        where the students come from if not from a file; then they are kept for `listed`.
        """
        last = self._rows("SELECT number, roster, configuration FROM run ORDER BY number DESC LIMIT 1")
        number, before, configured = last[0] if last else (0, "", "")
        self._configuration = configuration
        self._run = Run(number, True)
        same = bool(last) and configured == configuration and not fresh
        unfinished = before == roster and bool(self.waiting(students))
        statements: list[tuple[str, Iterable[Sequence[object]]]] = [
            ("DELETE FROM student", [()]),
            ("INSERT INTO student VALUES (?, ?, ?, ?, ?, ?, ?)", _rows_of(students)),
            ("DELETE FROM result WHERE student NOT IN (SELECT key FROM student)", [()]),
            ("DELETE FROM stage WHERE student NOT IN (SELECT key FROM student)", [()]),
        ]
        if not (same and (partly or unfinished)):
            self._run = Run(number + 1, False)
            statements.append(("INSERT INTO run VALUES (?, ?, ?)", [(number + 1, roster, configuration)]))
        statements.append(("DELETE FROM listing", [()]))
        if origin is not None:
            kept = msgspec.json.encode(tuple(students)).decode()
            statements.append(("INSERT INTO listing VALUES (?, ?, ?, ?)", [(self._run.number, roster, origin, kept)]))
        self._write(*statements)
        return self._run

    def listed(self, origin: str, configuration: str) -> tuple[Student, ...] | None:
        """The students of the last run if they came from there and some of them still wait for their answer; else None.

        So whoever was listed when a run began is in it to its end, also if the list is another one by then.
        """
        query = """SELECT number, students FROM run JOIN listing ON listing.run = number AND listing.roster = run.roster
            WHERE number = (SELECT max(number) FROM run) AND configuration = ? AND origin = ?"""
        for number, kept in self._rows(query, (configuration, origin)):
            students = msgspec.json.decode(kept, type=tuple[Student, ...])
            self._run, self._configuration = Run(number, True), configuration
            return students if self.waiting(students) else None
        return None

    def gone(self, students: Iterable[Student]) -> tuple[str, ...]:
        """The logins (else keys) of people about whom something is kept and who are not among these."""
        here = {student.key for student in students}
        query = "SELECT key, login FROM student WHERE key IN (SELECT student FROM result) ORDER BY place"
        return tuple(login or key for key, login in self._rows(query) if key not in here)

    def waiting(self, students: Iterable[Student]) -> tuple[Student, ...]:
        """Those of the students who have no answer in this run."""
        query = "SELECT student, state FROM result WHERE run = ? AND configuration = ?"
        rows = self._rows(query, (self._run.number, self._configuration))
        answered = {key for key, state in rows if state not in PASSING}
        return tuple(student for student in students if student.key not in answered)

    def reach(self, student: Student, stage: str) -> None:
        """Note that a student has come to a stage of this run."""
        self._write(("INSERT OR REPLACE INTO stage VALUES (?, ?, ?)", [(student.key, stage, self._run.number)]))

    def keep(self, student: Student, entry: Entry) -> None:
        """Keep what came out for a student, in place of what was there; of an earlier run's answer the score stays."""
        before = self._before(student)
        row = (
            student.key, self._run.number, self._configuration, entry.state, entry.reason, entry.data_time,
            entry.report.decode() if entry.report is not None else None,
            msgspec.json.encode(before).decode() if before else None,
        )  # fmt: skip
        self._write(("INSERT OR REPLACE INTO result VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [row]))

    def _before(self, student: Student) -> Before | None:
        query = """SELECT run, before, data_time, json_extract(report, '$.score_range') FROM result
            WHERE student = ? AND configuration = ?"""
        for run, before, data_time, span in self._rows(query, (student.key, self._configuration)):
            if run == self._run.number:
                return msgspec.json.decode(before, type=Before) if before else None
            if span is not None:
                return Before(data_time, msgspec.json.decode(span, type=tuple[float, float]))
        return None

    def reopen(self, students: Iterable[Student]) -> None:
        """Let the next run ask again about these, whose answers turned out to say nothing of them."""
        self._write(("UPDATE result SET run = 0 WHERE student = ?", [(student.key,) for student in students]))

    def entry(self, student: Student) -> Entry:
        """The newest that is known of a student under this configuration, from whichever run; else pending."""
        query = "SELECT state, reason, data_time, report, before FROM result WHERE student = ? AND configuration = ?"
        for state, reason, data_time, report, before in self._rows(query, (student.key, self._configuration)):
            was = msgspec.json.decode(before, type=Before) if before else None
            return Entry(state, reason, data_time, report.encode() if report is not None else None, was)
        return Entry("pending", "not audited yet")

    def pages(self) -> dict[str, str]:
        """The files of pages that runs have written, and the key of the student each is about."""
        return dict(self._rows("SELECT file, student FROM page"))

    def name_page(self, file: str, student: Student) -> None:
        """Remember whose page a file is, before it is written."""
        self._write(("INSERT OR REPLACE INTO page VALUES (?, ?)", [(file, student.key)]))

    def forget_pages(self, files: Collection[str]) -> None:
        """Forget files that were taken away."""
        self._write(("DELETE FROM page WHERE file = ?", [(file,) for file in files]))

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise unusable(self._path, error) from None

    def _write(self, *statements: tuple[str, Iterable[Sequence[object]]]) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            for query, rows in statements:
                self._connection.executemany(query, rows)
            self._connection.execute("COMMIT")
        except BaseException as error:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise unusable(self._path, error) from None
            raise


def _rows_of(students: Sequence[Student]) -> list[tuple[object, ...]]:
    return [
        (each.key, place, each.login, each.name, each.identifier, each.group, each.role)
        for place, each in enumerate(students, 1)
    ]
