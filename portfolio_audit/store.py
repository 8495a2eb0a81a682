"""What is kept between audits, in one SQLite file: facts by tree, answers of the service, and the history of audits.

A cache must never change an answer: every value carries a digest, and one that does not match is as good as absent.
Trouble with the file during a run costs speed only. Values are JSON or bytes, never pickles. What is kept about a
person can be erased (`clear`), which is why facts remember for whom they were read, though not in the key: forks share
trees.
"""

import contextlib
import hashlib
import logging
import platform
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from portfolio_audit.archive.budget import Budget, limits_hash
from portfolio_audit.errors import ConfigError
from portfolio_audit.facts.fact import TreeFact, TreeReading
from portfolio_audit.snapshot import Value
from portfolio_audit.store_file import NAME, digest_of, erase_damaged, open_database, open_usable, set_aside

Kinds = Sequence[type[TreeFact]]

DAY = 86_400.0
LIFETIMES: dict[str, float | None] = {
    "details": 3 * DAY,
    "pulls": DAY,
    "activity": DAY,
    "probe": DAY,
    "feed": DAY,
    "comparison": None,
    "pushed": None,
    "account": None,
    "snapshot": None,
}
"""Seconds for which a kind of answer is used; None for those whose key names a state that cannot change."""
OTHERWISE = DAY
FACTS_KEPT = 180 * DAY
PARSERS = ("tree-sitter", "tree-sitter-python", "comrak", "selectolax", "PyYAML", "msgspec", "ruff")
"""Packages of which another version may read the same file differently."""

ERASE_ALL = ("DELETE FROM fact", "DELETE FROM owner", "DELETE FROM memory", "DELETE FROM audit")

_TREE = "@tree"
_log = logging.getLogger(__name__)


class Audit(Value, frozen=True):
    """One line of the history: when the data was read, what came out, and the digest of the report's JSON."""

    login: str
    data_time: str
    report: str
    score: float | None
    low: float
    high: float


@lru_cache(maxsize=1)
def parsers() -> str:
    """A short name for the versions of everything that reads files."""
    found = [platform.python_version_tuple()[:2]]
    for name in PARSERS:
        try:
            found.append((name, installed_version(name)))
        except PackageNotFoundError:
            found.append((name, "none"))
    return hashlib.sha256(repr(found).encode()).hexdigest()[:12]


def fact_version(kind: type[TreeFact]) -> str:
    """The version under which values of this fact are kept: its own, and that of the parsers."""
    return f"{kind.version}+{parsers()}"


class Store:
    """The open store. Thread-safe; a context manager."""

    def __init__(
        self, connection: sqlite3.Connection, *, path: Path | None, clock: Callable[[], float], limits: str | None
    ) -> None:
        self._connection: sqlite3.Connection | None = connection
        self._lock = threading.Lock()
        self._path = path
        self._clock = clock
        self._limits = limits_hash(Budget()) if limits is None else limits
        self._damaged = False
        self._told = False

    @classmethod
    def open(cls, folder: str | Path, *, clock: Callable[[], float] = time.time, limits: str | None = None) -> "Store":
        """The store in this folder, created if need be. `clock` gives seconds since 1970. Raises ConfigError."""
        folder = Path(folder)
        store = cls(open_database(folder), path=folder / NAME, clock=clock, limits=limits)
        store._expire()
        return store

    @classmethod
    def open_if_usable(cls, folder: str | Path, *, clock: Callable[[], float] = time.time) -> "Store":
        """The store in this folder, or, where its file cannot be used, one that lasts as long as this run.

        For whoever only gets slower without it; the reason goes to the log. Raises ConfigError for a folder that is
        not private.
        """
        connection, path = open_usable(Path(folder))
        store = cls(connection, path=path, clock=clock, limits=None)
        store._expire()
        return store

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                if self._damaged and self._path is not None:
                    set_aside(self._path)
            self._connection = None

    def reading(self, tree: str, kinds: Kinds) -> TreeReading | None:
        """What is kept of this tree, if it is all of these facts in their present version; else None."""
        rows = self._run("SELECT kind, version, failed, value, digest FROM fact WHERE tree = ? AND limits = ?",
                         (tree, self._limits))  # fmt: skip
        kept = {
            kind: (version, failed, value)
            for kind, version, failed, value, digest in rows
            if digest == digest_of(tree, kind, version, str(failed), self._limits, value)
        }
        try:
            reading = msgspec.json.decode(kept[_TREE][2], type=TreeReading)
            facts, failed = {}, {}
            for kind in kinds:
                version, fault, value = kept[kind.key()]
                if version != fact_version(kind):
                    return None
                if fault:
                    failed[kind.key()] = value.decode()
                else:
                    facts[kind.key()] = msgspec.Raw(value)
        except (KeyError, ValueError, msgspec.MsgspecError):
            return None
        return msgspec.structs.replace(reading, facts=facts, failed=failed)

    def keep_reading(self, reading: TreeReading, kinds: Kinds, *, login: str = "") -> None:
        """Keep the facts of a tree. A reading that is not cacheable, or has no tree id, is not kept.

        `login` is the person for whom it was read; facts kept without one go with anybody's `clear`.
        """
        if not reading.cacheable or reading.mismatch or reading.tree is None:
            return
        tree = reading.tree
        bare = msgspec.structs.replace(reading, facts={}, failed={})
        rows = [self._row(tree, _TREE, "1", 0, msgspec.json.encode(bare))]
        for kind in kinds:
            key, version = kind.key(), fact_version(kind)
            if key in reading.facts:
                rows.append(self._row(tree, key, version, 0, bytes(reading.facts[key])))
            elif key in reading.failed:
                rows.append(self._row(tree, key, version, 1, reading.failed[key].encode(errors="replace")))
        self._write(
            ("INSERT OR REPLACE INTO fact VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows),
            ("INSERT OR IGNORE INTO owner VALUES (?, ?)", [(tree, login.lower())]),
        )

    def _row(self, tree: str, kind: str, version: str, failed: int, value: bytes) -> tuple[object, ...]:
        digest = digest_of(tree, kind, version, str(failed), self._limits, value)
        return tree, kind, version, self._limits, failed, value, digest, self._clock()

    def recall(self, kind: str, key: str) -> bytes | None:
        """What was remembered under this name, or None if there is nothing or it is too old."""
        rows = self._run(
            "SELECT login, value, digest, at FROM memory WHERE kind = ? AND key = ? ORDER BY at DESC", (kind, key)
        )
        lifetime = LIFETIMES.get(kind, OTHERWISE)
        for login, value, digest, at in rows:
            young = lifetime is None or 0 <= self._clock() - at < lifetime
            if young and digest == digest_of(kind, key, login, value):
                return bytes(value)
        return None

    def remember(self, kind: str, key: str, value: bytes, *, login: str) -> None:
        """Keep a value about a login, in place of an earlier one."""
        login = login.lower()
        row = (kind, key, login, value, digest_of(kind, key, login, value), self._clock())
        self._write(("INSERT OR REPLACE INTO memory VALUES (?, ?, ?, ?, ?, ?)", [row]))

    def record_audit(self, audit: Audit) -> None:
        """Add a line to the history; the same report of the same data is one line."""
        row = (audit.login.lower(), audit.data_time, audit.report, audit.score, audit.low, audit.high, self._clock())
        self._write(("INSERT OR IGNORE INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)", [row]))

    def audits(self, login: str) -> tuple[Audit, ...]:
        """The history of a login, oldest data first."""
        rows = self._run(
            "SELECT login, data_time, report, score, low, high FROM audit WHERE login = ? ORDER BY data_time, at",
            (login.lower(),),
        )
        return tuple(Audit(*row) for row in rows)

    def info(self) -> dict[str, str]:
        """Where the file is and what it holds, in words for a person."""
        counts = {
            "trees with facts": "SELECT count(DISTINCT tree) FROM fact",
            "answers of services": "SELECT count(*) FROM memory",
            "people": "SELECT count(DISTINCT login) FROM memory WHERE login != ''",
            "audits": "SELECT count(*) FROM audit",
        }
        files = self._path.parent.glob(f"{NAME}*") if self._path else ()
        size = sum(file.stat().st_size for file in files)
        found = {"file": str(self._path or "none"), "size": f"{size / 1024:.0f} KiB"}
        return found | {name: str(next(iter(self._run(query)), (0,))[0]) for name, query in counts.items()}

    def clear(self, login: str | None = None) -> None:
        """Erase everything, or all that concerns one person, facts of their trees included.

        The bytes are overwritten. A damaged cache that was set aside goes in either case, since nobody can tell whom it
        concerns. Raises ConfigError if that could not be done.
        """
        if login is None:
            done = self._write(*((query, [()]) for query in ERASE_ALL))
        else:
            who = [(login.lower(),)]
            done = self._write(
                ("DELETE FROM fact WHERE tree IN (SELECT tree FROM owner WHERE login IN (?, ''))", who),
                ("DELETE FROM fact WHERE tree NOT IN (SELECT tree FROM owner)", [()]),
                ("DELETE FROM owner WHERE login IN (?, '')", who),
                ("DELETE FROM memory WHERE login = ?", who),
                ("DELETE FROM audit WHERE login = ?", who),
            )
        if not (done and (self._path is None or erase_damaged(self._path))):
            raise ConfigError(f"the cache {self._path} could not be cleared", hint=f"Delete it: rm {self._path}*")
        self._run("VACUUM")
        self._run("PRAGMA wal_checkpoint(TRUNCATE)")

    def _expire(self) -> None:
        now = self._clock()
        dated = [(kind, now - life) for kind, life in LIFETIMES.items() if life is not None]
        self._write(
            ("DELETE FROM memory WHERE kind = ? AND at < ?", dated),
            ("DELETE FROM fact WHERE at < ?", [(now - FACTS_KEPT,)]),
        )

    def _run(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        """All rows; none if the file is in trouble or closed."""
        with self._lock:
            if self._connection is None:
                return []
            try:
                return self._connection.execute(query, values).fetchall()
            except sqlite3.Error as error:
                self._note(error)
                return []

    def _note(self, error: sqlite3.Error) -> None:
        """A busy file is trouble for now, and is not waited for again; a damaged one is set aside when it is closed."""
        if not self._told and self._connection is not None:
            _log.warning("the cache could not be used, which only costs time: %s", error)
            self._connection.execute("PRAGMA busy_timeout = 200")
        self._told = True
        passing = isinstance(error, sqlite3.OperationalError) or not isinstance(error, sqlite3.DatabaseError)
        self._damaged = self._damaged or not passing

    def _write(self, *statements: tuple[str, Sequence[Sequence[object]]]) -> bool:
        """All statements in one transaction, or none if the file is in trouble or closed; whether it was done."""
        with self._lock:
            if self._connection is None:
                return False
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                for query, rows in statements:
                    self._connection.executemany(query, rows)
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                self._note(error)
                with contextlib.suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                return False
            return True
