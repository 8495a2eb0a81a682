"""The ignore rules of a checkout: `.gitignore` files and `.git/info/exclude`, nothing from outside it.

The rules are the visitor's. A pattern is turned into a regular expression, so one with many wildcards in a row could
take very long; such patterns are left out and reported.
"""

import os
import re
from collections.abc import Callable
from typing import Self

from pathspec import GitIgnoreSpec

from portfolio_audit.sources.folder import Folder

FILE_LIMIT = 64 * 1024
PATTERN_LIMIT = 512
PATTERNS = 1_000
WILDCARDS = 4
ANY_FOLDERS = 3
_STARS = re.compile(r"\*+")


class Ignore:
    """The rules that hold in one folder: its own and those of the folders above it, the nearest first."""

    def __init__(self, rules: tuple[tuple[bytes, GitIgnoreSpec], ...] = ()) -> None:
        self._rules = rules

    def with_file(self, folder: Folder, base: bytes, path: bytes, refused: Callable[[str], None]) -> Self:
        """These rules and those of the file at `path`, which count for what lies below `base`."""
        try:
            lines = folder.read(path, FILE_LIMIT).decode(errors="surrogateescape").splitlines()
        except OSError:
            return self
        patterns = []
        for line in lines[:PATTERNS]:
            if _bounded(line):
                patterns.append(line)
            else:
                refused("an ignore rule with too many wildcards is not used")
        spec = GitIgnoreSpec.from_lines(patterns)
        return type(self)(((base, spec), *self._rules))

    def covers(self, path: bytes, *, folder: bool) -> bool:
        """Whether a path is ignored by itself; whether a folder above it is, the caller knows."""
        for base, spec in self._rules:
            rest = os.fsdecode(path[len(base) + 1 :] if base else path)
            verdict = spec.check_file(rest + "/" if folder else rest).include
            if verdict is not None:
                return verdict
        return False


def _bounded(line: str) -> bool:
    many = any(len(_STARS.findall(part)) > WILDCARDS for part in line.split("/"))
    return len(line) <= PATTERN_LIMIT and not many and line.count("**") <= ANY_FOLDERS
