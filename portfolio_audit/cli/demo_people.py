"""The invented people of the demo: their files from the package, packed as GitHub packs a repository.

In the package a name that begins with a dot is written `dot-` so that tools which read this checkout do not take the
demo's settings for their own.
"""

import gzip
import hashlib
import io
import tarfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import msgspec

from portfolio_audit.errors import Unavailable
from portfolio_audit.snapshot import (
    Activity,
    Contributions,
    Feed,
    FeedEntry,
    MergedPullRequest,
    Owner,
    Probe,
    Quarter,
    RepositoryRecord,
    Snapshot,
)
from portfolio_audit.tree import File


class DemoPerson:
    """One invented person: a snapshot, and a source of the archives that belong to it."""

    def __init__(self, folder: Traversable) -> None:
        self._folder = folder
        self.snapshot = _snapshot(folder.name, tomllib.loads(folder.joinpath("person.toml").read_text("utf-8")))

    def files(self, name: str) -> dict[str, bytes]:
        """The files of that repository by path."""
        return dict(_files(self._folder.joinpath("repos", name), ""))

    def archive(self, record: RepositoryRecord) -> bytes:
        """The repository as a compressed archive; the same files give the same bytes."""
        commit = hashlib.sha1(record.full_name.encode(), usedforsecurity=False).hexdigest()
        packed = io.BytesIO()
        with (
            gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as stream,
            tarfile.open(
                fileobj=stream, mode="w", format=tarfile.PAX_FORMAT, pax_headers={"comment": commit}
            ) as archive,
        ):
            for path, content in sorted(self.files(record.name).items()):
                entry = tarfile.TarInfo(f"{record.full_name.replace('/', '-')}-{commit[:7]}/{path}")
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
        return packed.getvalue()

    def listing(self, record: RepositoryRecord) -> tuple[File, ...]:
        """Never needed: the archives are whole. Raises Unavailable."""
        raise Unavailable("the demo has no listing")

    def contents(
        self, record: RepositoryRecord, paths: Sequence[str], *, sizes: Mapping[str, int] | None = None
    ) -> dict[str, bytes]:
        """Never needed: the archives are whole."""
        return {}

    def settle(self, record: RepositoryRecord, *, head: str, tree: str | None, login: str) -> RepositoryRecord:
        """The record with the commit of its archive."""
        return msgspec.structs.replace(record, head=head, tree=tree)


def people() -> tuple[DemoPerson, ...]:
    """All invented people, in the order of their names."""
    root = resources.files("portfolio_audit").joinpath("data", "demo")
    return tuple(DemoPerson(folder) for folder in sorted(root.iterdir(), key=lambda item: item.name) if folder.is_dir())


def _files(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for item in folder.iterdir():
        name = f".{item.name[4:]}" if item.name.startswith("dot-") else item.name
        if item.is_dir():
            if name != "__pycache__":
                yield from _files(item, f"{prefix}{name}/")
        else:
            yield prefix + name, item.read_bytes()


def _snapshot(login: str, table: dict[str, Any]) -> Snapshot:
    owner = Owner("User", login, name=table["name"], bio=table.get("bio"), website=table.get("website"))
    records = tuple(
        RepositoryRecord(
            id=f"{login}/{row['name']}",
            full_name=f"{login}/{row['name']}",
            default_branch="main",
            **row,
        )
        for row in table["repository"]
    )
    pulls = tuple(MergedPullRequest(**row) for row in table.get("pull", ()))
    answers = {row["url"]: Probe(**row, checked_at=table["data_time"]) for row in table.get("probe", ())}
    feeds = {
        row["url"]: Feed(
            **{key: value for key, value in row.items() if key != "entry"},
            checked_at=table["data_time"],
            entries=tuple(msgspec.convert(entry, FeedEntry) for entry in row["entry"]),
        )
        for row in table.get("feed", ())
    }
    spans = tuple(Quarter(**row) for row in table.get("quarter", ()))
    return Snapshot(
        mode="authenticated",
        scope="portfolio",
        owner=owner,
        data_time=table["data_time"],
        repositories=records,
        repository_count=len(records),
        pinned=tuple(f"{login}/{name}" for name in table.get("pinned", ())),
        contributions=Contributions(pulls, len(pulls)),
        activity=Activity(spans) if spans else None,
        probes=answers,
        feeds=feeds,
    )
