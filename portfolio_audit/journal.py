"""What a cohort's run has done so far: one SQLite file in its folder, committed student by student.

So a run that is killed loses at most the student it was at, and the next one goes on. The file is also the result for
whoever reads SQL: the views `students` and `criteria`. It holds reports about people and is private to its owner.
"""

import contextlib
import os
import sqlite3
import stat
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, NamedTuple, Self

import msgspec

from portfolio_audit.errors import UsageError
from portfolio_audit.roster import Student
from portfolio_audit.snapshot import Value

NAME = "results.sqlite"
APPLICATION = 0x50414A31
VERSION = 1
"""Of the tables; a folder of another version is not touched."""
State = Literal[
    "done", "partial", "not-found", "renamed", "empty", "rate-limited", "failed", "unlinked", "pending"
]  # fmt: skip
PASSING: frozenset[State] = frozenset(("rate-limited", "pending"))
"""States that a run goes on from; the others are answers."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS run (number INTEGER PRIMARY KEY, roster TEXT NOT NULL, configuration TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS student (
  key TEXT PRIMARY KEY, place INTEGER NOT NULL, login TEXT, name TEXT, identifier TEXT, section TEXT, role TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stage (
  student TEXT NOT NULL, stage TEXT NOT NULL, run INTEGER NOT NULL, PRIMARY KEY (student, stage)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS result (
  student TEXT PRIMARY KEY, run INTEGER NOT NULL, configuration TEXT NOT NULL, state TEXT NOT NULL, reason TEXT,
  data_time TEXT, report TEXT, before TEXT
);
CREATE TABLE IF NOT EXISTS page (file TEXT PRIMARY KEY, student TEXT NOT NULL) WITHOUT ROWID;
CREATE VIEW IF NOT EXISTS students AS
  SELECT student.place, student.name, student.identifier, student.login, student.section, student.role,
    result.state, result.reason, result.data_time, json_extract(result.report, '$.score') AS score,
    json_extract(result.report, '$.score_range[0]') AS low, json_extract(result.report, '$.score_range[1]') AS high,
    json_extract(result.report, '$.band') AS band
  FROM student LEFT JOIN result ON result.student = student.key ORDER BY student.place;
CREATE VIEW IF NOT EXISTS criteria AS
  SELECT student.place, student.name, student.login, json_extract(criterion.value, '$.id') AS criterion,
    json_extract(criterion.value, '$.score') AS score, json_extract(criterion.value, '$.score_range[0]') AS low,
    json_extract(criterion.value, '$.score_range[1]') AS high, json_extract(criterion.value, '$.note') AS note
  FROM student JOIN result ON result.student = student.key, json_each(result.report, '$.categories') AS category,
    json_each(category.value, '$.criteria') AS criterion ORDER BY student.place, criterion;
"""


class JournalUnusable(UsageError):
    """The journal's file is held by another run, is none of this tool, or cannot be read or written."""


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
        path = folder / NAME
        try:
            _own_folder(folder, path)
            _private_file(path)
        except OSError as error:
            raise UsageError(f"{path} cannot be used: {error.strerror}", hint="Name another folder with -o") from None
        return cls(_connected(path), path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def begin(
        self, students: Sequence[Student], *, roster: str, configuration: str, fresh: bool = False, partly: bool = False
    ) -> Run:
        """Begin a run, or go on with the last one if it is unfinished and of the same roster and configuration.

        `fresh` begins one in any case. `partly` is for a run over some of the students: it begins none as long as the
        configuration is the same. What is kept about people who are on the roster no more is erased.
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
        self._write(*statements)
        return self._run

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
            raise _unusable(self._path, error) from None

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
                raise _unusable(self._path, error) from None
            raise


def _rows_of(students: Sequence[Student]) -> list[tuple[object, ...]]:
    return [
        (each.key, place, each.login, each.name, each.identifier, each.group, each.role)
        for place, each in enumerate(students, 1)
    ]


def _own_folder(folder: Path, path: Path) -> None:
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder", hint="Name a folder for the results: -o FOLDER")
    state = folder.stat()
    if state.st_uid != os.geteuid() or state.st_mode & stat.S_IWOTH:
        raise UsageError(f"{folder} is not yours alone to write", hint=f"chmod o-w {folder}, or another folder with -o")
    if not path.exists() and any(not each.name.startswith(".") for each in folder.iterdir()):
        raise UsageError(f"{folder} holds other files and no cohort", hint="Name a new or an empty folder: -o FOLDER")


def _private_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode) or state.st_uid != os.geteuid() or state.st_nlink > 1:
            raise UsageError(f"{path} is no file of yours", hint="Name another folder with -o")
        os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)


def _connected(path: Path) -> sqlite3.Connection:
    """The database, locked for as long as the connection lasts; the lock dies with the process."""
    connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        if tables and application != APPLICATION:
            raise UsageError(f"{path} belongs to another program", hint="Name another folder with -o")
        if tables and connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            raise UsageError(f"{path} was made by another version", hint="Name a new folder with -o")
        connection.execute("COMMIT")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.executescript(_SCHEMA)
    except BaseException as error:
        connection.close()
        if isinstance(error, sqlite3.Error):
            raise _unusable(path, error) from None
        raise
    return connection


def _unusable(path: Path, error: sqlite3.Error) -> JournalUnusable:
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return JournalUnusable(
            f"another run is at work in {path.parent}, or a program reads its {NAME}",
            hint="Wait for it, or name another folder with -o",
        )
    return JournalUnusable(
        f"{path} cannot be used: {error}",
        hint="What was kept before stays. If it is damaged, name a new folder: -o FOLDER",
    )
