"""From a snapshot to the facts of every repository; what is known already is not fetched.

The same walk serves the live service, a recording and the demo; they differ in the source that hands over archives.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, Protocol

import msgspec

from portfolio_audit.errors import Empty, Unavailable
from portfolio_audit.facts.deployment import links_to_open
from portfolio_audit.facts.fact import Portfolio, Repository, TreeFact, TreeReading
from portfolio_audit.snapshot import Feed, Limit, Probe, RepositoryRecord, Snapshot
from portfolio_audit.store import Store
from portfolio_audit.tree import File
from portfolio_audit.workers import Repair, Workers

Kinds = tuple[type[TreeFact], ...]

DOWNLOADS = 6
"""Repositories under way at once, downloading or waiting for a reader: polite (the service allows 100 requests at a
time), and few enough to hold their archives in memory."""


class ArchiveSource(Protocol):
    """Whatever hands over archives, and the pieces that an archive left out."""

    def archive(self, record: RepositoryRecord) -> bytes:
        """The compressed archive at the record's head. Raises Unavailable."""
        ...

    def listing(self, record: RepositoryRecord) -> tuple[File, ...]:
        """Every path of the tree. Raises Unavailable."""
        ...

    def contents(
        self, record: RepositoryRecord, paths: Sequence[str], *, sizes: Mapping[str, int] | None = None
    ) -> dict[str, bytes]:
        """The content of some files. Raises Unavailable."""
        ...

    def settle(self, record: RepositoryRecord, *, head: str, tree: str | None, login: str) -> RepositoryRecord:
        """The record with the commit that its archive turned out to hold, where the listing named none."""
        ...


class Opener(Protocol):
    """Whatever opens links."""

    def probe_all(self, urls: Sequence[str]) -> Mapping[str, Probe]:
        """An answer for each link that was opened."""
        ...


class Read(NamedTuple):
    """What was learnt of one repository: a reading, or the reason why there is none."""

    record: RepositoryRecord
    reading: TreeReading | None
    reason: str | None


class Gathered(NamedTuple):
    """A snapshot and all repositories with their facts, ready to be judged."""

    portfolio: Portfolio
    limits: tuple[Limit, ...]
    changed: Mapping[str, frozenset[str]]
    """By repository id, the paths that differ from the commit: a checkout with edits."""

    @property
    def snapshot(self) -> Snapshot:
        """What was fetched besides source code."""
        return self.portfolio.snapshot


def why_unread(record: RepositoryRecord) -> str | None:
    """The reason not to ask for a repository's files at all, or None."""
    if "tree" in record.unavailable:
        return record.unavailable["tree"]
    if record.empty or (record.head is None and record.default_branch is None):
        return "the repository is empty"
    if record.fork and record.comparison is not None and record.comparison.ahead_by == 0:
        return "an unchanged fork: nothing in it is the owner's"
    if record.fork and record.comparison is None:
        return record.unavailable.get("comparison", "a fork whose own share was not compared")
    return None


def read_all(
    snapshot: Snapshot,
    source: ArchiveSource,
    kinds: Kinds,
    *,
    workers: Workers,
    store: Store | None,
    advance: Callable[[str], None] = lambda name: None,
) -> list[Read]:
    """Read every repository of a snapshot, in the snapshot's order.

    A repository whose facts the store has costs no request. Whatever goes wrong with one repository is its reason;
    only what ends the whole run is raised.
    """

    def one(record: RepositoryRecord) -> Read:
        reason = why_unread(record)
        if reason is None:
            try:
                record, reading = _read(record, source, kinds, workers, store, snapshot.owner.login)
                return Read(record, reading, None)
            except Empty as nothing:
                record, reason = msgspec.structs.replace(record, empty=True), nothing.reason
            except Unavailable as unavailable:
                reason = unavailable.reason
            finally:
                advance(record.name)
        else:
            advance(record.name)
        return Read(record, None, reason)

    with ThreadPoolExecutor(DOWNLOADS, thread_name_prefix="read") as pool:
        futures = [pool.submit(one, record) for record in snapshot.repositories]
        try:
            return [future.result() for future in futures]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _read(
    record: RepositoryRecord, source: ArchiveSource, kinds: Kinds, workers: Workers, store: Store | None, login: str
) -> tuple[RepositoryRecord, TreeReading]:
    if store is not None and record.tree is not None:
        kept = store.reading(record.tree, kinds)
        if kept is not None:
            return record, kept
    archive = source.archive(record)
    submodules = record.details.submodules if record.details else ()
    reading = workers.read_archive(archive, kinds, expected=record.tree, submodules=submodules)
    if reading.mismatch:
        repair = _repair(record, source, reading)
        reading = workers.read_archive(archive, kinds, expected=record.tree, submodules=submodules, repair=repair)
    if record.tree is None and reading.commit is not None:
        record = source.settle(record, head=reading.commit, tree=reading.tree, login=login)
    if store is not None:
        store.keep_reading(reading, kinds, login=login)
    return record, reading


def _repair(record: RepositoryRecord, source: ArchiveSource, reading: TreeReading) -> Repair:
    """What git lists beyond the archive, with the content of the files that the facts would read."""
    listing = source.listing(record)
    wanted = Repair.wanted(listing, reading.files)
    sizes = {file.path: file.size for file in listing}
    try:
        contents = source.contents(record, wanted, sizes=sizes) if wanted else {}
    except Unavailable:
        contents = {}
    return Repair(listing, contents)


def assemble(snapshot: Snapshot, reads: Iterable[Read], limits: Iterable[Limit] = ()) -> Gathered:
    """Snapshot and readings as one portfolio; the records are the completed ones."""
    reads = tuple(reads)
    records = tuple(read.record for read in reads)
    complete = msgspec.structs.replace(snapshot, repositories=records)
    found = [*snapshot.limits, *limits]
    changed = {read.record.id: frozenset(read.reading.changed) for read in reads if read.reading is not None}
    repositories = []
    for read in reads:
        name = read.record.full_name
        if read.reading is None:
            repositories.append(Repository(read.record, complete, None, reason=read.reason or "it was not read"))
            continue
        facts = {key: bytes(value) for key, value in read.reading.facts.items()}
        repositories.append(Repository(read.record, complete, facts, failed=read.reading.failed))
        found.extend(
            Limit(limit.what, f"{name}:{limit.where}" if limit.where else name, limit.detail)
            for limit in read.reading.limits
        )
    return Gathered(Portfolio(complete, tuple(repositories)), tuple(found), changed)


def open_links(gathered: Gathered, opener: Opener) -> Gathered:
    """The same portfolio with every promising deployment link opened once."""
    urls = list(dict.fromkeys(url for repository in gathered.portfolio.repositories for url in links_of(repository)))
    return with_probes(gathered, dict(opener.probe_all(urls)) if urls else {})


def links_of(repository: Repository) -> tuple[str, ...]:
    """The links of a repository worth opening; none where its files could not be read."""
    try:
        return links_to_open(repository)
    except Unavailable:
        return ()


def with_probes(gathered: Gathered, probes: Mapping[str, Probe]) -> Gathered:
    """The same portfolio with these probe answers."""
    return _beside(gathered, msgspec.structs.replace(gathered.snapshot, probes=dict(probes)))


def with_feeds(gathered: Gathered, feeds: Mapping[str, Feed]) -> Gathered:
    """The same portfolio with what these feeds showed."""
    return _beside(gathered, msgspec.structs.replace(gathered.snapshot, feeds=dict(feeds)))


def with_unavailable(gathered: Gathered, part: str, reason: str) -> Gathered:
    """The same portfolio with a part that was not read, and why."""
    unavailable = {**gathered.snapshot.unavailable, part: reason}
    return _beside(gathered, msgspec.structs.replace(gathered.snapshot, unavailable=unavailable))


def _beside(gathered: Gathered, snapshot: Snapshot) -> Gathered:
    repositories = tuple(repository.within(snapshot) for repository in gathered.portfolio.repositories)
    return gathered._replace(portfolio=Portfolio(snapshot, repositories))
