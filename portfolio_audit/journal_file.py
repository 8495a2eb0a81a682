"""Opening a cohort's journal: one run at a time, in a folder and a file that are its owner's alone."""

import contextlib
import errno
import os
import sqlite3
import stat
from pathlib import Path

from portfolio_audit.errors import MAKE_ROOM, UsageError
from portfolio_audit.private_file import made_private

NAME = "results.sqlite"
APPLICATION = 0x50414A31
VERSION = 1
"""Of the tables; a folder of another version is not touched."""
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
CREATE TABLE IF NOT EXISTS listing (
  run INTEGER PRIMARY KEY, roster TEXT NOT NULL, origin TEXT NOT NULL, students TEXT NOT NULL
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


def open_journal(folder: Path) -> tuple[sqlite3.Connection, Path]:
    """The database in this folder and its path, both made if need be; locked as long as the connection lasts.

    Raises JournalUnusable if another run holds it or the file cannot be used, and UsageError if the folder holds other
    things and no journal.
    """
    path = folder / NAME
    try:
        _own_folder(folder, path)
        usable = made_private(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be used: {error.strerror}", hint="Name another folder with -o") from None
    if not usable:
        raise UsageError(f"{path} is no file of yours", hint="Name another folder with -o")
    return _connected(path), path


def unusable(path: Path, error: sqlite3.Error) -> JournalUnusable:
    """The error for a failed statement, with what may help."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return JournalUnusable(f"{path}: {os.strerror(errno.ENOSPC)}", hint=f"{MAKE_ROOM}; what was done is kept")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return JournalUnusable(
            f"another run is at work in {path.parent}, or a program reads its {NAME}",
            hint="Wait for it, or name another folder with -o",
        )
    return JournalUnusable(
        f"{path} cannot be used: {error}",
        hint="What was kept before stays. If it is damaged, name a new folder: -o FOLDER",
    )


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
            raise unusable(path, error) from None
        raise
    return connection
