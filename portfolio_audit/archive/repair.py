"""Filling the gaps of an archive from a listing of the tree.

A host leaves `export-ignore` files out of an archive and rewrites `export-subst` ones. The listing is the truth: what
it names and nobody could get is unread, never absent.
"""

from collections.abc import Iterable

from portfolio_audit.archive.budget import Budget, LimitLog
from portfolio_audit.archive.names import refusal
from portfolio_audit.archive.oids import Entry, tree_oid
from portfolio_audit.archive.reading import Archive
from portfolio_audit.archive.retention import Retention
from portfolio_audit.facts.paths import is_vendored, suffix
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import CODE_SUFFIXES, TEXT_SUFFIXES, File, blob_oid, retained

MISSING = "missing from the archive"
TABLES = frozenset({".csv", ".tsv", ".data", ".jsonl", ".ndjson", ".arff"})


class Repair(Value, frozen=True):
    """A whole listing of the tree (submodules included), and the content of some of its files by path."""

    listing: tuple[File, ...]
    contents: dict[str, bytes] = {}

    @staticmethod
    def wanted(listing: Iterable[File], have: Iterable[File]) -> tuple[str, ...]:
        """The listed files that facts would read and that are not among `have`, smallest first."""
        return missing(listing, have)


def missing(listing: Iterable[File], have: Iterable[File]) -> tuple[str, ...]:
    """Paths of listed regular files that a fact may read and whose content (by oid) is in none of `have`."""
    oids = {file.oid for file in have}
    lacking = [file for file in listing if file.oid not in oids and readable_file(file)]
    return tuple(file.path for file in sorted(lacking, key=lambda file: (file.size, file.path)))


def repaired(archive: Archive, repair: Repair, budget: Budget | None = None) -> Archive:
    """The archive's files replaced by those listed, each with the content that has the listed oid, or unread.

    Content is taken from the archive or from the repair, and only if its oid is the listed one.
    """
    budget = budget or Budget()
    limits = LimitLog()
    retention = Retention(budget, limits)
    held = _by_oid(archive, repair)
    had = {file.oid for file in archive.files}
    unneeded: list[str] = []
    files: dict[str, File] = {}
    for file in repair.listing:
        if file.path in files or refusal(file.path.encode(errors="replace"), budget):
            limits.add("member-refused", "", "a listed path is no plain relative path, or is listed twice")
            continue
        files[file.path] = file
        if file.kind not in ("file", "executable"):
            continue
        content = held.get(file.oid)
        if content is not None:
            share = retention.wanted(file.path, file.size)
            if len(content) >= share and file.path not in retention.unread and (share or not file.size):
                retention.keep(file.path, content[:share])
        if file.path not in retention.contents and file.path not in retention.unread:
            if readable_file(file):
                retention.leave_out(file.path, archive.unread.get(file.path, MISSING), "missing-blob")
            elif file.oid not in had:
                unneeded.append(file.path)
    limits.add_unneeded(unneeded)
    oid = tree_oid(Entry(file.path.encode(errors="replace"), file.kind, file.oid or "") for file in repair.listing)
    kept = tuple(limit for limit in archive.limits if limit.what not in ("member-refused", "duplicate-member"))
    return Archive(
        tuple(files.values()), retention.contents, retention.unread, (*kept, *limits.all()), oid, archive.commit
    )


def readable_file(file: File) -> bool:
    """Whether a fact may miss this file: code, text, a notebook, or a table whose header row names its columns.

    Of other kinds the listing says enough, their id. A size of 0 in a listing may also mean that it is not known.
    """
    ending = suffix(file.path)
    kind = not ending or ending in CODE_SUFFIXES or ending in TEXT_SUFFIXES or ending in TABLES or ending == ".ipynb"
    regular = file.kind in ("file", "executable") and not is_vendored(file.path)
    return kind and regular and retained(file.path, max(file.size, 1)) > 0


def _by_oid(archive: Archive, repair: Repair) -> dict[str | None, bytes]:
    """Content by blob id; what was sent for a repair is believed only by its own hash."""
    held: dict[str | None, bytes] = {blob_oid(b""): b""}
    held.update((blob_oid(content), content) for content in repair.contents.values())
    held.update((file.oid, archive.contents[file.path]) for file in archive.files if file.path in archive.contents)
    return held
