"""How much of a stranger's archive or folder is looked at, and the record of what was left out.

Every bound that is hit becomes a Limit, because a short reading that looks whole would turn "not seen" into "absent".
"""

import hashlib
from collections.abc import Sequence

from portfolio_audit import tree
from portfolio_audit.snapshot import Limit, Value, encode
from portfolio_audit.tree import KIB, MIB

LISTED_PER_KIND = 20
"""Limits of one kind that are named one by one; the rest are counted in one line."""


class Budget(Value, frozen=True):
    """Ceilings in bytes, entries or levels; the defaults are the starting budgets of the threat model.

    `ratio` is how many times the expanded bytes may outnumber the compressed ones, once more than `ratio_from` came
    out. `kept` bounds what one repository may hold in memory. `vendored` bounds how many entries of package folders
    are listed when a folder is walked (in an archive they pass by anyway).
    """

    compressed: int = 256 * MIB
    expanded: int = 1024 * MIB
    ratio: int = 100
    ratio_from: int = 64 * MIB
    members: int = 200_000
    header: int = 64 * KIB
    path: int = 1024
    depth: int = 64
    kept: int = 192 * MIB
    vendored: int = 5_000


class Stopped(Exception):
    """Reading ended before the end. `what` is the slug of the Limit to be, `detail` its sentence."""

    def __init__(self, what: str, detail: str) -> None:
        super().__init__(detail)
        self.what = what
        self.detail = detail


class LimitLog:
    """Collects limits while something is read, so that a flood of bad members is no flood of messages."""

    def __init__(self) -> None:
        self._limits: list[Limit] = []
        self._counts: dict[str, int] = {}

    def add(self, what: str, where: str, detail: str) -> None:
        """Record one limit, or only count it if many of its kind are there."""
        count = self._counts[what] = self._counts.get(what, 0) + 1
        if count <= LISTED_PER_KIND:
            self._limits.append(Limit(what, where, detail))

    def add_unneeded(self, paths: Sequence[str]) -> None:
        """Record, in one line, files that are missing although no fact would have read them."""
        if paths:
            also = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
            self.add("missing-unneeded", "", f"{min(paths)}{also} missing; of a kind of which only the name is read")

    def all(self) -> tuple[Limit, ...]:
        """What was recorded, in order, with one line for each kind that was cut."""
        cut = {what: count - LISTED_PER_KIND for what, count in self._counts.items() if count > LISTED_PER_KIND}
        more = (Limit(what, "", f"{count} more of this kind") for what, count in cut.items())
        return (*self._limits, *more)


def limits_hash(budget: Budget) -> str:
    """A short name for all bounds that decide what a fact sees; facts read under other bounds are other facts."""
    sizes = [tree.TEXT_LIMIT, tree.CODE_LIMIT, tree.NOTEBOOK_LIMIT, tree.HEAD_BYTES]
    kinds = [sorted(suffixes) for suffixes in (tree.CODE_SUFFIXES, tree.TEXT_SUFFIXES, tree.DATA_SUFFIXES)]
    return hashlib.sha256(encode(budget) + repr((sizes, kinds)).encode()).hexdigest()[:16]
