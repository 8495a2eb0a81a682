"""A folder of this disk as a source: one repository, or a folder of repositories, exactly as the files lie there.

Nothing above the folder is read, no link is followed, git is never run, nothing is fetched. Ignore rules count only
beside a `.git`, and never for a file in its index; a file that is in the index, but neither on disk nor in the object
store, is unread, not absent.
"""

import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from portfolio_audit.archive.budget import Budget, LimitLog
from portfolio_audit.archive.names import readable
from portfolio_audit.archive.oids import Entry, Kind, tree_oid
from portfolio_audit.archive.repair import readable_file
from portfolio_audit.archive.retention import Retention, hash_and_head
from portfolio_audit.errors import Unavailable, UsageError
from portfolio_audit.facts.paths import is_vendored
from portfolio_audit.snapshot import Owner, RepositoryRecord, Snapshot
from portfolio_audit.sources import gitobjects
from portfolio_audit.sources.folder import Folder, pieces
from portfolio_audit.sources.gitindex import GITLINK, SYMLINK, Tracked
from portfolio_audit.sources.walk import Checkout, Found, Walk
from portfolio_audit.tree import File, SourceTree, blob_oid

LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""Files that a file manager leaves in any folder; they make it nobody's repository."""
FOLDERS = 1_000


def snapshot(path: str | os.PathLike[str]) -> Snapshot:
    """What a folder says of itself: its repositories with commit and origin, as far as `.git` tells.

    Raises UsageError if it is no folder, or a bare repository.
    """
    root = _root(path)
    names = _checkouts(root)
    records = tuple(_record(root / name if name else root, name) for name in names or ("",))
    return Snapshot(
        mode="local",
        scope="folder" if names else "repository",
        owner=Owner("Folder", root.name or "root"),
        repositories=records,
        repository_count=len(records),
        unavailable={
            "pinned": "a folder has no profile",
            "contributions": "contributions elsewhere are not looked for offline",
            "probes": "links are not opened offline",
        },
    )


def folder_of(path: str | os.PathLike[str], record: RepositoryRecord) -> Path:
    """Where a repository of the snapshot lies."""
    root = _root(path)
    return root if record.id == "." else root / record.id


def _root(path: str | os.PathLike[str]) -> Path:
    try:
        root = Path(path).resolve(strict=True)
        if not root.is_dir():
            raise UsageError(f"{path} is no folder", hint="Name the folder of a repository: portfolio-audit check PATH")
        with os.scandir(root) as entries:
            names = {entry.name for entry in entries}
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a usable path"
        raise UsageError(f"{path} cannot be read: {reason}", hint="Name a folder that you may read") from None
    if {"HEAD", "objects", "refs"} <= names and ".git" not in names:
        raise UsageError(
            f"{path} is a bare repository: it holds no files to check",
            hint=f"git clone {path} checkout && portfolio-audit check checkout",
        )
    return root


def _checkouts(root: Path) -> list[str]:
    """The folders of a folder of repositories; none if it is one repository itself."""
    folders = []
    with os.scandir(root) as entries:
        for entry in entries:
            if entry.name == ".git":
                return []
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.name)
            elif entry.name not in LITTER and not entry.is_symlink():
                return []
    if not any(os.path.lexists(root / name / ".git") for name in folders):
        return []
    folders = sorted(name for name in folders if not name.startswith(".") and not is_vendored(f"{name}/file"))
    if len(folders) > FOLDERS:
        raise UsageError(f"{root.name} holds more than {FOLDERS} folders", hint="Check them in smaller groups")
    return folders


def _record(root: Path, name: str) -> RepositoryRecord:
    unavailable = {"details": "not known offline", "comparison": "not known offline"}
    try:
        with Folder(root) as folder:
            head, branch = gitobjects.head(folder)
            remote = gitobjects.remote(folder)
            commit = gitobjects.commit(folder, head) if head else None
            empty = all(item.name == b".git" for item in folder.items())
    except OSError as error:
        unavailable["tree"] = f"the folder cannot be read: {error.strerror}"
        head = branch = remote = commit = None
        empty = False
    called = root.name or "root"
    return RepositoryRecord(
        id=name or ".",
        name=remote.name if remote else called,
        full_name=f"{remote.owner}/{remote.name}" if remote else called,
        url=f"https://{remote.host}/{remote.owner}/{remote.name}" if remote else None,
        default_branch=branch,
        head=head,
        committed_at=commit.committed_at if commit else None,
        empty=empty,
        unavailable=unavailable,
    )


class Opened(NamedTuple):
    """A folder's files; the commit they belong to, if the index is that commit's; the paths that differ from it."""

    tree: SourceTree
    commit: str | None
    changed: tuple[str, ...]


def open_tree(
    path: str | os.PathLike[str],
    *,
    excluded: Mapping[str, str] | None = None,
    budget: Budget | None = None,
    on_file: Callable[[str], None] = lambda path: None,
) -> Opened:
    """Read a folder. `excluded` files are left out for the reason given; `on_file` hears each path looked at.

    Raises Unavailable if the folder cannot be listed whole.
    """
    reader = _Reader(budget or Budget(), excluded or {}, on_file)
    try:
        with Folder(path) as folder:
            return reader.read(folder)
    except OSError as error:
        raise Unavailable(f"the folder cannot be read: {error.strerror}") from None


class _Reader:
    def __init__(self, budget: Budget, excluded: Mapping[str, str], on_file: Callable[[str], None]) -> None:
        self._budget = budget
        self._excluded = excluded
        self._on_file = on_file
        self._limits = LimitLog()
        self._retention = Retention(budget, self._limits)
        self._hashed = 0
        self._files: dict[str, File] = {}
        self._changed: set[str] = set()
        self._unneeded: list[str] = []

    def read(self, folder: Folder) -> Opened:
        walk = Walk(folder, self._budget, self._limits, self._on_file)
        for found in walk.files:
            self._take(folder, found)
        for path, tracked in walk.submodules.items():
            self._files[readable(path)] = File(readable(path), 0, tracked.oid, "submodule")
        on_disk = {found.path for found in walk.files}
        for checkout in walk.checkouts:
            self._add_missing(folder, checkout, on_disk, tuple(walk.closed))
        self._limits.add_unneeded(self._unneeded)
        commit = _commit(folder, walk.checkouts[0]) if walk.checkouts and not walk.checkouts[0].base else None
        tree = SourceTree(
            self._files.values(),
            self._retention.contents,
            unread=self._retention.unread,
            limits=self._limits.all(),
            on_file=self._on_file,
        )
        return Opened(tree, commit, tuple(sorted(self._changed)) if commit else ())

    def _take(self, folder: Folder, found: Found) -> None:
        path = readable(found.path)
        self._on_file(path)
        if path in self._files:
            self._limits.add("duplicate-member", path, f"{path} stands for two names; the first one counts")
            return
        try:
            if stat.S_ISLNK(found.state.st_mode):
                target = folder.link(found.path)
                file = File(path, len(target), blob_oid(target), "symlink")
            else:
                file = self._read_file(folder, found, path)
        except OSError as error:
            file = File(path, found.state.st_size)
            self._retention.contents.pop(path, None)
            self._retention.leave_out(path, f"it could not be opened ({error.strerror})", "file-unread")
        self._files[path] = file
        if found.tracked is None or found.tracked.oid != file.oid:
            self._changed.add(path)

    def _read_file(self, folder: Folder, found: Found, path: str) -> File:
        size = found.state.st_size
        kind: Kind = "executable" if found.state.st_mode & 0o100 else "file"
        known = found.tracked.oid if found.tracked and _untouched(found.state, found.tracked) else None
        if path in self._excluded:
            self._retention.leave_out(path, self._excluded[path], "file-killed-parser")
            return File(path, size, known, kind)
        if is_vendored(path):
            return File(path, size, known, kind)
        share = self._retention.wanted(path, size)
        if size and not share and (known or self._hashed + size > self._budget.expanded):
            return File(path, size, known, kind)
        with folder.opened(found.path) as descriptor:
            if known and share < size:
                head = b"".join(pieces(descriptor, share))
                oid: str | None = known
            elif self._hashed + size > self._budget.expanded:
                head, oid = b"".join(pieces(descriptor, share)), None
            else:
                self._hashed += size
                oid, head = hash_and_head(pieces(descriptor, size), size, share)
        if len(head) < share:
            raise OSError(5, "it became shorter while it was read")
        if path not in self._retention.unread and (share or not size):
            self._retention.keep(path, head)
        return File(path, size, oid, kind)

    def _add_missing(self, folder: Folder, checkout: Checkout, on_disk: set[bytes], closed: tuple[bytes, ...]) -> None:
        """Index entries without a file: deleted by the owner if the object is at hand, unread if it is not."""
        prefix = checkout.base + b"/" if checkout.base else b""
        absent = {
            prefix + entry.path: entry
            for entry in checkout.index.values()
            if prefix + entry.path not in on_disk and entry.mode != GITLINK and not entry.intended
        }
        if not absent:
            return
        there = gitobjects.present(folder, {entry.oid for entry in absent.values()}, checkout.git)
        for name, entry in absent.items():
            reason = "not checked out" if entry.skipped else "missing blob"
            if name.startswith(closed):
                reason = "folder unread"
            elif not entry.skipped and there is not None and entry.oid in there:
                continue
            self._add_unread(File(readable(name), entry.size, entry.oid, _kind(entry)), reason)

    def _add_unread(self, file: File, reason: str) -> None:
        if file.path in self._files:
            return
        self._files[file.path] = file
        if readable_file(file):
            self._retention.leave_out(file.path, reason, reason.replace(" ", "-"))
        elif reason == "missing blob":
            self._unneeded.append(file.path)


def _kind(entry: Tracked) -> Kind:
    if entry.mode == SYMLINK:
        return "symlink"
    return "executable" if entry.mode & 0o100 else "file"


def _untouched(state: os.stat_result, tracked: Tracked) -> bool:
    """Whether a file is as it was when git hashed it; the same test that git itself relies on."""
    seconds, nanoseconds = divmod(state.st_mtime_ns, 1_000_000_000)
    when, fraction = tracked.modified
    return tracked.size == state.st_size & 0xFFFFFFFF and when == seconds & 0xFFFFFFFF and fraction in (0, nanoseconds)


def _commit(folder: Folder, checkout: Checkout) -> str | None:
    """The commit that is checked out, if the index holds exactly its tree; then a link to it shows the same lines."""
    head, _ = gitobjects.head(folder, checkout.git)
    commit = gitobjects.commit(folder, head, checkout.git) if head else None
    if head is None or commit is None or not checkout.read:
        return None
    entries = []
    for entry in checkout.index.values():
        kind: Kind = "submodule" if entry.mode == GITLINK else _kind(entry)
        entries.append(Entry(entry.path, kind, entry.oid))
    return head if tree_oid(entries) == commit.tree else None
