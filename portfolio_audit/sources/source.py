"""What a source of portfolios offers, and what it may remember between runs.

The store keeps what is remembered and decides how long each kind lives; a source only names things.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

import msgspec

from portfolio_audit.snapshot import RepositoryRecord, Snapshot
from portfolio_audit.tree import File

T = TypeVar("T", bound=msgspec.Struct)


class Memory(Protocol):
    """Bytes kept between runs, by kind and key, each belonging to a login so that a person can be erased.

    Kinds that the GitHub source uses: "details" (by repository and head, but releases and deployments change
    without a commit, so a few days), "pulls" and "activity" (a day), "comparison" (for ever: named by two commit ids),
    "pushed" (for ever: named by the time of the push) and "account" (for ever: the numeric id of a login).
    """

    def recall(self, kind: str, key: str) -> bytes | None:
        """The value, or None if there is none or it is too old."""

    def remember(self, kind: str, key: str, value: bytes, *, login: str) -> None:
        """Keeps the value in place of an earlier one."""


class Forgetful:
    """A memory that keeps nothing, for a run without a store."""

    def recall(self, kind: str, key: str) -> bytes | None:
        """Nothing, ever."""
        return None

    def remember(self, kind: str, key: str, value: bytes, *, login: str) -> None:
        """Does nothing."""


def recalled(memory: Memory, kind: str, key: str, type_: type[T]) -> T | None:
    """The remembered value of that type, or None if there is none or it was written by a version that differs."""
    value = memory.recall(kind, key)
    try:
        return None if value is None else msgspec.json.decode(value, type=type_)
    except msgspec.DecodeError:
        return None


class Source(Protocol):
    """Somewhere that portfolios come from."""

    def snapshot(self, login: str) -> Snapshot:
        """Everything about the person but the source code."""

    def archive(self, record: RepositoryRecord) -> bytes:
        """A repository's compressed tarball. Raises errors.Unavailable with the reason if there is none."""

    def listing(self, record: RepositoryRecord) -> tuple[File, ...]:
        """What git says is in the repository's tree. Raises errors.Unavailable."""

    def contents(
        self, record: RepositoryRecord, paths: Sequence[str], *, sizes: Mapping[str, int] | None = None
    ) -> dict[str, bytes]:
        """Those of the files that can be had, verified against their git ids."""
