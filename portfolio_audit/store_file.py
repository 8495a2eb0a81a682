"""Opening the store's file: private to its owner, never through somebody's link, never a crash over a bad file."""

import contextlib
import hashlib
import logging
import os
import sqlite3
import stat
from pathlib import Path

from portfolio_audit.errors import ConfigError
from portfolio_audit.private_file import made_private

NAME = "cache-1.sqlite3"
"""The number is that of the schema, so two versions of the tool never share a file."""
APPLICATION = 0x50414431
_BUSY_MILLISECONDS = 10_000
DAMAGED = ".damaged"
_log = logging.getLogger(__name__)
_MAGIC = b"SQLite format 3\0"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS fact (
  tree TEXT NOT NULL, kind TEXT NOT NULL, version TEXT NOT NULL, limits TEXT NOT NULL,
  failed INTEGER NOT NULL, value BLOB NOT NULL, digest BLOB NOT NULL, at REAL NOT NULL,
  PRIMARY KEY (tree, kind, limits)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS owner (tree TEXT NOT NULL, login TEXT NOT NULL, PRIMARY KEY (tree, login)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS memory (
  kind TEXT NOT NULL, key TEXT NOT NULL, login TEXT NOT NULL, value BLOB NOT NULL, digest BLOB NOT NULL,
  at REAL NOT NULL, PRIMARY KEY (kind, key, login)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS audit (
  login TEXT NOT NULL, data_time TEXT NOT NULL, report TEXT NOT NULL, score REAL, low REAL NOT NULL, high REAL NOT NULL,
  at REAL NOT NULL, PRIMARY KEY (login, data_time, report)
) WITHOUT ROWID;
"""


class CacheUnusable(ConfigError):
    """The cache's file is locked, cannot be written, or is none of this tool: whoever can do without it may."""


def open_database(folder: Path) -> sqlite3.Connection:
    """The database in this folder, created if it is not there. A damaged cache of ours is set aside for an empty one.

    Raises CacheUnusable if the file belongs to someone else, is a link, is locked, cannot be written, or is no cache of
    this tool, and ConfigError if the folder is open to others, a link, or someone else's.
    """
    path = folder / NAME
    try:
        _private_folder(folder)
        _private_file(path)
    except OSError as error:
        raise CacheUnusable(
            f"the cache {path} cannot be used: {error.strerror}", hint="Name another folder with --cache-dir"
        ) from None
    try:
        return _connect(path)
    except sqlite3.OperationalError as error:
        raise CacheUnusable(f"the cache {path} cannot be used: {error}", hint="Try again, or use --cache-dir") from None
    except sqlite3.DatabaseError:
        if not _ours(path):
            raise CacheUnusable(
                f"{path} is no cache of portfolio-audit", hint="Move it away, or name another folder with --cache-dir"
            ) from None
    set_aside(path)
    _private_file(path)
    return _connect(path)


def open_usable(folder: Path) -> tuple[sqlite3.Connection, Path | None]:
    """The database in this folder and its path, or an empty one in memory and None where the file cannot be used.

    The reason goes to the log. Raises ConfigError for a folder that is not private.
    """
    try:
        return open_database(folder), folder / NAME
    except CacheUnusable as unusable:
        _log.warning("%s; this run does without it", unusable)
        return _connect(":memory:"), None


def set_aside(path: Path) -> None:
    """Rename a damaged cache, in place of an earlier one, and say so. Its index of open readers is of no use to anyone.

    Two runs that find the same damage may both come here; what is gone already is left alone.
    """
    for suffix in ("-wal", ""):
        with contextlib.suppress(FileNotFoundError):
            os.replace(f"{path}{suffix}", f"{path}{DAMAGED}{suffix}")
    with contextlib.suppress(FileNotFoundError):
        os.unlink(f"{path}-shm")
    _log.warning("the cache was damaged: it is set aside as %s%s, and a new one is begun", path, DAMAGED)


def erase_damaged(path: Path) -> bool:
    """Remove what was set aside; whether nothing of it is left."""
    try:
        for suffix in ("-wal", ""):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(f"{path}{DAMAGED}{suffix}")
    except OSError:
        return False
    return True


def digest_of(*parts: str | bytes) -> bytes:
    """A digest of these parts, each with its length, so that no two lists of parts share one."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        digest.update(b"%d:" % len(content) + content)
    return digest.digest()


def _private_folder(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    state = folder.lstat()
    if not stat.S_ISDIR(state.st_mode):
        raise ConfigError(f"the cache folder {folder} is a link or no folder", hint="Name the folder with --cache-dir")
    if state.st_uid != os.geteuid():
        raise ConfigError(f"the cache folder {folder} belongs to another user", hint="Name your own with --cache-dir")
    if state.st_mode & 0o022:
        raise ConfigError(f"others may write to the cache folder {folder}", hint=f"chmod 700 {folder}")


def _private_file(path: Path) -> None:
    if not made_private(path):
        raise CacheUnusable(f"{path} is no file of yours", hint="Name another folder with --cache-dir")


def _connect(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_MILLISECONDS / 1000, isolation_level=None, check_same_thread=False)
    try:
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        if tables and application != APPLICATION:
            raise sqlite3.DatabaseError("a database of another program")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.executescript(_SCHEMA)
    except BaseException:
        connection.close()
        raise
    return connection


def _ours(path: Path) -> bool:
    """Whether the file was once written by this tool: SQLite's magic, and our number in its header."""
    with open(path, "rb") as file:
        header = file.read(100)
    return header[:16] == _MAGIC and int.from_bytes(header[68:72], "big") == APPLICATION
