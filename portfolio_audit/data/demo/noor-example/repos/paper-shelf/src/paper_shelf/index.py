"""Passages and vectors in one SQLite file; unchanged files are not embedded again."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from paper_shelf.cut import Passage, cut
from paper_shelf.embed import Embedding, Vectors

SCHEMA = """
CREATE TABLE IF NOT EXISTS file (path TEXT PRIMARY KEY, digest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS passage (
    path TEXT NOT NULL REFERENCES file ON DELETE CASCADE,
    first_line INTEGER NOT NULL,
    last_line INTEGER NOT NULL,
    text TEXT NOT NULL,
    vector BLOB NOT NULL
);
"""


class Index:
    """The shelf: a context manager around the file."""

    def __init__(self, path: Path, embedding: Embedding) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._connection.executescript(SCHEMA)
        self._embedding = embedding

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def add(self, paths: Iterable[Path]) -> int:
        """Index new and changed files and return how many there were."""
        count = 0
        for path in paths:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            if self._digest(path) == digest:
                continue
            self._replace(path, digest)
            count += 1
        return count

    def _digest(self, path: Path) -> str | None:
        row = self._connection.execute("SELECT digest FROM file WHERE path = ?", (str(path),)).fetchone()
        return row[0] if row else None

    def _replace(self, path: Path, digest: str) -> None:
        passages = cut(path)
        vectors = self._embedding([passage.text for passage in passages]) if passages else []
        with self._connection:
            self._connection.execute("DELETE FROM file WHERE path = ?", (str(path),))
            self._connection.execute("INSERT INTO file VALUES (?, ?)", (str(path), digest))
            self._connection.executemany(
                "INSERT INTO passage VALUES (?, ?, ?, ?, ?)",
                [
                    (passage.path, passage.first_line, passage.last_line, passage.text, vector.tobytes())
                    for passage, vector in zip(passages, vectors, strict=True)
                ],
            )

    def load(self) -> tuple[list[Passage], Vectors]:
        """All passages and their vectors, in the same order."""
        rows = self._connection.execute("SELECT path, first_line, last_line, text, vector FROM passage").fetchall()
        passages = [Passage(*row[:4]) for row in rows]
        vectors = np.array([np.frombuffer(row[4], dtype=np.float32) for row in rows], dtype=np.float32)
        return passages, vectors
