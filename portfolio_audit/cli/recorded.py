"""Sources that need no network: a recording, and one that has nothing."""

from collections.abc import Mapping, Sequence

import msgspec

from portfolio_audit.errors import Unavailable
from portfolio_audit.snapshot import RepositoryRecord
from portfolio_audit.sources.recording import Recording
from portfolio_audit.tree import File


class Recorded:
    """Hands over what `fetch` saved, repairs included."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording

    def archive(self, record: RepositoryRecord) -> bytes:
        """The archive as it was fetched. Raises Unavailable if it was not."""
        archive = self._recording.archives.get(record.id)
        if archive is None:
            raise Unavailable(self._recording.reasons.get(record.id, "the recording has no archive of it"))
        return archive

    def listing(self, record: RepositoryRecord) -> tuple[File, ...]:
        """The listing that mended the archive when it was fetched. Raises Unavailable if none was needed."""
        repair = self._recording.repairs.get(record.id)
        if repair is None:
            raise Unavailable("the archive differs from the tree, and the recording has no listing of it")
        return repair.listing

    def contents(
        self, record: RepositoryRecord, paths: Sequence[str], *, sizes: Mapping[str, int] | None = None
    ) -> dict[str, bytes]:
        """The files that the archive had left out, as far as they were fetched."""
        repair = self._recording.repairs.get(record.id)
        return dict(repair.contents) if repair else {}

    def settle(self, record: RepositoryRecord, *, head: str, tree: str | None, login: str) -> RepositoryRecord:
        """The record with the commit of its archive."""
        return msgspec.structs.replace(record, head=head, tree=tree)


class Absent:
    """A source that has nothing, and says why."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def archive(self, record: RepositoryRecord) -> bytes:
        """Nothing. Raises Unavailable."""
        raise Unavailable(self._reason)

    def listing(self, record: RepositoryRecord) -> tuple[File, ...]:
        """Nothing. Raises Unavailable."""
        raise Unavailable(self._reason)

    def contents(
        self, record: RepositoryRecord, paths: Sequence[str], *, sizes: Mapping[str, int] | None = None
    ) -> dict[str, bytes]:
        """Nothing. Raises Unavailable."""
        raise Unavailable(self._reason)

    def settle(self, record: RepositoryRecord, *, head: str, tree: str | None, login: str) -> RepositoryRecord:
        """The record as it is."""
        return record
