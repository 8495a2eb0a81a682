"""Keeping what passes by: a source that also saves every archive and repair, for a recording."""

import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from portfolio_audit.archive.repair import Repair
from portfolio_audit.cli.gather import ArchiveSource
from portfolio_audit.errors import Unavailable
from portfolio_audit.snapshot import RepositoryRecord, Snapshot
from portfolio_audit.sources import recording
from portfolio_audit.tree import File


class Recorder:
    """Stands between a source and the reading; archives wait in a temporary folder, one in memory at a time."""

    def __init__(self, source: ArchiveSource) -> None:
        self._source = source
        self._folder = tempfile.TemporaryDirectory(prefix="portfolio-audit-")
        self._archives: dict[str, Path] = {}
        self._repairs: dict[str, Repair] = {}
        self._reasons: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._folder.cleanup()

    def archive(self, record: RepositoryRecord) -> bytes:
        """The archive, which is also saved. Raises what the source raises, and remembers the reason."""
        try:
            archive = self._source.archive(record)
        except Unavailable as unavailable:
            self._reasons[record.id] = unavailable.reason
            raise
        path = Path(self._folder.name) / f"{threading.get_ident()}-{len(self._archives)}.tar.gz"
        path.write_bytes(archive)
        self._archives[record.id] = path
        return archive

    def listing(self, record: RepositoryRecord) -> tuple[File, ...]:
        """The listing, which is also saved."""
        listing = self._source.listing(record)
        self._repairs[record.id] = Repair(listing)
        return listing

    def contents(
        self, record: RepositoryRecord, paths: Sequence[str], *, sizes: Mapping[str, int] | None = None
    ) -> dict[str, bytes]:
        """The contents, which are also saved."""
        contents = self._source.contents(record, paths, sizes=sizes)
        self._repairs[record.id] = msgspec.structs.replace(self._repairs[record.id], contents=contents)
        return contents

    def settle(self, record: RepositoryRecord, *, head: str, tree: str | None, login: str) -> RepositoryRecord:
        """What the source makes of the record."""
        return self._source.settle(record, head=head, tree=tree, login=login)

    def save(self, path: Path, snapshot: Snapshot) -> None:
        """Write the recording. Raises UsageError."""
        recording.write(path, snapshot, _Files(self._archives), repairs=self._repairs, reasons=self._reasons)


class _Files(Mapping[str, bytes]):
    def __init__(self, paths: Mapping[str, Path]) -> None:
        self._paths = paths

    def __getitem__(self, identity: str) -> bytes:
        return self._paths[identity].read_bytes()

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)
