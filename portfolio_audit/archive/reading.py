"""An archive as git hosts send it, read forward once into the files of a repository."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from portfolio_audit.archive.budget import Budget, LimitLog, Stopped
from portfolio_audit.archive.inflate import inflate
from portfolio_audit.archive.names import readable, refusal
from portfolio_audit.archive.oids import Entry, Kind, tree_oid
from portfolio_audit.archive.retention import Retention, hash_and_head
from portfolio_audit.archive.tar import Member, Stream, Walk
from portfolio_audit.snapshot import Limit
from portfolio_audit.tree import File, blob_oid

_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


class Archive(NamedTuple):
    """What an archive holds.

    `contents` are the bytes kept by path; `unread` maps a file whose content was not kept, though wanted, to the
    reason. `oid` is the recomputed root tree. `stopped` says why reading ended before the end: then more files exist
    than are listed, and nothing may be claimed absent.
    """

    files: tuple[File, ...]
    contents: dict[str, bytes]
    unread: dict[str, str]
    limits: tuple[Limit, ...]
    oid: str | None
    commit: str | None
    stopped: str | None = None


def read_archive(
    chunks: Iterable[bytes],
    *,
    submodules: Iterable[tuple[str, str]] = (),
    budget: Budget | None = None,
    on_file: Callable[[str], None] = lambda path: None,
) -> Archive:
    """Read a gzipped tar whose members lie in one leading folder, in constant memory but for the bytes kept.

    `submodules` are (path, commit oid) pairs: an archive shows them as empty folders only. `on_file` hears the path of
    each member. Raises nothing; an archive that is broken, cut or over a budget ends early with `stopped` and a Limit.
    """
    budget = budget or Budget()
    reader = _Reader(budget, on_file)
    walk = Walk(Stream(inflate(chunks, budget)), budget)
    stopped = None
    try:
        for member in walk:
            reader.take(member, walk)
    except Stopped as stop:
        stopped = stop.detail
        reader.limits.add(stop.what, "", stop.detail)
    for path, oid in submodules:
        reader.add_submodule(path, oid)
    commit = walk.comment if walk.comment and _COMMIT.fullmatch(walk.comment) else None
    return Archive(
        tuple(reader.files.values()),
        reader.retention.contents,
        reader.retention.unread,
        reader.limits.all(),
        None if stopped else tree_oid(reader.entries),
        commit,
        stopped,
    )


class _Reader:
    """Takes members one by one and keeps what counts."""

    def __init__(self, budget: Budget, on_file: Callable[[str], None]) -> None:
        self.files: dict[str, File] = {}
        self.entries: list[Entry] = []
        self.limits = LimitLog()
        self.retention = Retention(budget, self.limits)
        self._budget = budget
        self._on_file = on_file
        self._root: bytes | None = None

    def take(self, member: Member, walk: Walk) -> None:
        root, _, name = member.name.partition(b"/")
        if self._root is None:
            self._root = root
        if member.kind == "folder":
            return
        path = readable(name)
        self._on_file(path)
        reason = member.reason or refusal(name, self._budget)
        if root != self._root or root in (b"", b".", b".."):
            reason = "it lies outside the archive's folder"
        if reason:
            self.limits.add("member-refused", "", f"a member of the archive was not read: {reason}")
            self._hash_refused(name, member, walk)
        elif path in self.files:
            self.limits.add("duplicate-member", path, f"{path} is in the archive twice; the first one counts")
        elif member.kind == "symlink":
            oid = blob_oid(member.target)
            self.entries.append(Entry(name, "symlink", oid))
            self.files[path] = File(path, len(member.target), oid, "symlink")
        else:
            self._take_file(path, name, member, walk)

    def _hash_refused(self, name: bytes, member: Member, walk: Walk) -> None:
        """Let a file that only has an odd name count in the tree's hash: the archive is complete all the same."""
        if member.kind == "symlink":
            self.entries.append(Entry(name, "symlink", blob_oid(member.target)))
        elif member.kind == "file":
            oid, _ = hash_and_head(walk.pieces(), member.size, 0)
            self.entries.append(Entry(name, "executable" if member.executable else "file", oid))

    def _take_file(self, path: str, name: bytes, member: Member, walk: Walk) -> None:
        share = self.retention.wanted(path, member.size)
        oid, head = hash_and_head(walk.pieces(), member.size, share)
        kind: Kind = "executable" if member.executable else "file"
        self.entries.append(Entry(name, kind, oid))
        self.files[path] = File(path, member.size, oid, kind)
        if share or (not member.size and path not in self.retention.unread):
            self.retention.keep(path, head)

    def add_submodule(self, path: str, oid: str) -> None:
        if refusal(path.encode(), self._budget) is None and path not in self.files:
            self.entries.append(Entry(path.encode(), "submodule", oid))
            self.files[path] = File(path, 0, oid, "submodule")
