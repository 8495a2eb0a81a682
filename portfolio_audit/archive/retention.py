"""Which bytes of a file are kept, decided the same way for an archive and for a folder on disk.

A score must not depend on where the files came from, so both readers ask here.
"""

import hashlib
from collections.abc import Iterable

from portfolio_audit.archive.budget import Budget, LimitLog
from portfolio_audit.facts.paths import is_vendored, suffix
from portfolio_audit.tree import CODE_LIMIT, CODE_SUFFIXES, MIB, NOTEBOOK_LIMIT, retained


class Retention:
    """The contents of one repository as they are collected: kept bytes by path, and what was left out and why."""

    def __init__(self, budget: Budget, limits: LimitLog) -> None:
        self.contents: dict[str, bytes] = {}
        self.unread: dict[str, str] = {}
        self._budget = budget
        self._limits = limits
        self._kept = 0

    def wanted(self, path: str, size: int) -> int:
        """How many bytes of this file to keep. Records the limit if a file is too large or memory is used up."""
        vendored = is_vendored(path)
        share = 0 if vendored else retained(path, size)
        if share < size and not vendored:
            self._note_large(path, size)
        if self._kept + share > self._budget.kept:
            self.leave_out(path, "over the memory budget of one repository", "memory-budget")
            return 0
        self._kept += share
        return share

    def keep(self, path: str, content: bytes) -> None:
        """Hold these bytes of the file."""
        self.contents[path] = content

    def leave_out(self, path: str, reason: str, what: str) -> None:
        """The file exists, but its content is not there for this reason."""
        self.unread[path] = reason
        self._limits.add(what, path, f"{path}: {reason}")

    def _note_large(self, path: str, size: int) -> None:
        ending = suffix(path)
        if ending == ".ipynb":
            self.leave_out(path, f"larger than {NOTEBOOK_LIMIT // MIB} MiB", "file-too-large")
        elif ending in CODE_SUFFIXES:
            self._limits.add("file-too-large", path, f"{path} has {size} bytes; code over {CODE_LIMIT} is not read")


def hash_and_head(pieces: Iterable[bytes], size: int, share: int) -> tuple[str, bytes]:
    """The git blob id of a content of `size` bytes that comes in pieces, and its first `share` bytes."""
    digest = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    kept: list[bytes] = []
    for piece in pieces:
        digest.update(piece)
        if share > 0:
            kept.append(piece[:share])
            share -= len(kept[-1])
    return digest.hexdigest(), b"".join(kept)
