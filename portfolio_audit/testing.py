"""Trying a check on files written in a test, without workers, network or disk.

Public, for the authors of checks::

    outcome = run_check("readme-run", {"README.md": "# Bees\\n\\n    pip install bees\\n"})
    assert outcome.status == "passed"

A file whose content could not be had is named in `unread`, so that a test shows what the check answers when it could
not look.
"""

import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from portfolio_audit import audit
from portfolio_audit.api import Check, Outcome
from portfolio_audit.discovery import discover
from portfolio_audit.facts.fact import Fact, Portfolio, Repository, TreeFact, read_facts
from portfolio_audit.snapshot import Owner, RepositoryRecord, Snapshot
from portfolio_audit.tree import File, SourceTree, blob_oid, retained

Files = Mapping[str, str | bytes]
F = TypeVar("F", bound=Fact)

HEAD = "1" * 40


def run_check(
    check: str | Check,
    files: Files | None = None,
    *,
    record: RepositoryRecord | None = None,
    snapshot: Snapshot | None = None,
    unread: Mapping[str, str] | None = None,
    portfolio: Portfolio | None = None,
) -> Outcome:
    """What a check answers, exactly as an audit would put it.

    `check` is an id of an installed check, or the check itself. It is asked of one repository with these `files`
    (path to content), or of `portfolio`; a portfolio check without one is asked of a portfolio of that one repository.
    Without `files`, the repository's files could not be read at all. Raises LookupError for an id nobody provides.
    """
    asked = find_check(check) if isinstance(check, str) else check
    if portfolio is not None and asked.scope == "portfolio":
        return audit.ask(asked, portfolio)
    repository = make_repository(files, record=record, snapshot=snapshot, unread=unread)
    if asked.scope == "repository":
        return audit.ask(asked, repository)
    return audit.ask(asked, make_portfolio([repository], snapshot=snapshot))


def find_check(id: str) -> Check:
    """The installed check of that id. Raises LookupError, naming what failed to import."""
    checks, problems = _installed(tuple(sys.path))
    if id not in checks:
        raise LookupError(f"no installed provider has a check {id!r}" + "".join(f"; {line}" for line in problems))
    return checks[id]


@lru_cache(maxsize=4)
def _installed(path: tuple[str, ...]) -> tuple[dict[str, Check], tuple[str, ...]]:
    found = discover()
    checks = {provided.check.id: provided.check for provided in found.checks}
    return checks, tuple(f"{problem.module}: {problem.reason}" for problem in found.problems)


def make_tree(files: Files, *, unread: Mapping[str, str] | None = None, oid: str | None = None) -> SourceTree:
    """A tree of these files; text is UTF-8. Paths in `unread` exist, but their content could not be had.

    Large files are cut as an archive would be cut.
    """
    unread = unread or {}
    contents = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    entries = [File(path, len(content), blob_oid(content)) for path, content in contents.items() if path not in unread]
    entries += [File(path, 1) for path in unread]
    kept = {path: content[: retained(path, len(content))] for path, content in contents.items() if path not in unread}
    return SourceTree(
        entries,
        {path: content for path, content in kept.items() if content or not contents[path]},
        oid=oid,
        unread=unread,
    )


def make_record(name: str = "project", **fields: Any) -> RepositoryRecord:
    """A record of an invented repository; `fields` are those of RepositoryRecord."""
    full_name = f"sample-owner/{name}"
    record = RepositoryRecord(
        id=f"id-{name}",
        name=name,
        full_name=full_name,
        url=f"https://github.example/{full_name}",
        default_branch="main",
        head=HEAD,
    )
    return msgspec.structs.replace(record, **fields)


class TreeRepository(Repository):
    """A repository whose facts are read from its tree when they are asked for, by way of JSON as in a real audit."""

    def __init__(self, record: RepositoryRecord, snapshot: Snapshot, tree: SourceTree | None) -> None:
        self.tree = tree
        self._read_facts: dict[str, bytes] = {}
        self._reasons: dict[str, str] = {}
        super().__init__(record, snapshot, None if tree is None else self._read_facts, failed=self._reasons)

    def within(self, snapshot: Snapshot) -> "TreeRepository":
        """The same repository and files beside another snapshot."""
        other = TreeRepository(self.record, snapshot, self.tree)
        other._read_facts.update(self._read_facts)
        other._reasons.update(self._reasons)
        return other

    def _make(self, kind: type[F]) -> F | None:
        if self.tree is not None and issubclass(kind, TreeFact):
            key = kind.key()
            if key not in self._read_facts and key not in self._reasons:
                facts, failed = read_facts(self.tree, (kind,))
                self._read_facts.update(facts)
                self._reasons.update(failed)
        return super()._make(kind)


def make_repository(
    files: Files | None,
    *,
    name: str = "project",
    record: RepositoryRecord | None = None,
    snapshot: Snapshot | None = None,
    unread: Mapping[str, str] | None = None,
) -> TreeRepository:
    """One repository with these files, or, if `files` is None, one whose files could not be read."""
    record = record or make_record(name)
    tree = None if files is None else make_tree(files, unread=unread, oid=record.tree)
    return TreeRepository(record, snapshot or _snapshot((record,), scope="repository"), tree)


def make_portfolio(repositories: Iterable[TreeRepository], *, snapshot: Snapshot | None = None) -> Portfolio:
    """A portfolio of these repositories. `snapshot` gives everything but the records; those are the repositories'."""
    members = tuple(repositories)
    records = tuple(repository.record for repository in members)
    shared = _snapshot(records) if snapshot is None else msgspec.structs.replace(snapshot, repositories=records)
    return Portfolio(shared, tuple(member.within(shared) for member in members))


def _snapshot(records: tuple[RepositoryRecord, ...], **fields: Any) -> Snapshot:
    owner = Owner(kind="User", login="sample-owner", name="Sample Owner", url="https://github.example/sample-owner")
    snapshot = Snapshot(
        mode="authenticated",
        scope="portfolio",
        owner=owner,
        data_time="2026-01-15T12:00:00Z",
        repositories=records,
        repository_count=len(records),
    )
    return msgspec.structs.replace(snapshot, **fields)
