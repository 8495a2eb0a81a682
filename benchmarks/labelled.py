"""Labelled repositories in memory: each one's tree at the commit its label names, read from a clone.

Nothing is checked out. A blob that the clone lacks is an unread file, as it would be in an audit.
"""

import subprocess
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import TypeVar

import msgspec

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.fact import Fact, Repository, TreeFact, read_facts
from portfolio_audit.snapshot import Owner, RepositoryRecord, Snapshot
from portfolio_audit.tree import File, SourceTree, retained

F = TypeVar("F", bound=Fact)
KINDS = {"100755": "executable", "120000": "symlink", "160000": "submodule"}


class Materialised(msgspec.Struct):
    """A tree as it is kept between runs."""

    files: list[File]
    contents: dict[str, bytes]
    unread: dict[str, str]


def git_directory(folder: Path, name: str) -> Path | None:
    """The clone of OWNER/NAME below the folder, bare or not, under any of the usual spellings."""
    owner, _, short = name.partition("/")
    for spelling in (f"{owner}+{short}", f"{owner}/{short}", f"{owner}__{short}", short):
        for inside in ("repo", "repo/.git", ".git", ""):
            found = folder / spelling / inside
            if (found / "objects").is_dir() and (found / "HEAD").is_file():
                return found
    return None


def _git(directory: Path, *arguments: str, feed: bytes = b"") -> bytes:
    command = ["git", "-c", "core.hooksPath=/dev/null", f"--git-dir={directory}", *arguments]
    return subprocess.run(command, input=feed, capture_output=True, check=True).stdout


def _blobs(directory: Path, oids: Iterable[str], *, contents: bool) -> dict[str, tuple[int, bytes]]:
    """Size and content of each blob that the clone has."""
    wanted = list(oids)
    answer = _git(
        directory, "cat-file", "--batch" if contents else "--batch-check", feed="\n".join(wanted).encode() + b"\n"
    )
    found: dict[str, tuple[int, bytes]] = {}
    position = 0
    for oid in wanted:
        end = answer.index(b"\n", position)
        words = answer[position:end].split()
        position = end + 1
        if words[-1] == b"missing":
            continue
        size = int(words[2])
        content = answer[position : position + size] if contents else b""
        position += size + 1 if contents else 0
        found[oid] = (size, content)
    return found


def materialise(directory: Path, commit: str) -> Materialised:
    """The tree of that commit, with the bytes that an audit would keep."""
    listing = [
        line.split(b"\t", 1)
        for line in _git(directory, "ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0")
        if line
    ]
    entries = [(*meta.decode().split(), path.decode("utf-8", "replace")) for meta, path in listing]
    blobs = [(mode, oid, path) for mode, kind, oid, path in entries if kind == "blob"]
    sizes = _blobs(directory, {oid for _, oid, _ in blobs}, contents=False)
    keep = {oid for _, oid, path in blobs if oid in sizes and (not sizes[oid][0] or retained(path, sizes[oid][0]))}
    contents = _blobs(directory, keep, contents=True)
    made = Materialised([File(path, 0, oid, "submodule") for _, kind, oid, path in entries if kind == "commit"], {}, {})
    for mode, oid, path in blobs:
        size = sizes.get(oid, (0, b""))[0]
        made.files.append(File(path, size, oid, KINDS.get(mode, "file")))  # type: ignore[arg-type]
        if oid in contents:
            made.contents[path] = contents[oid][1][: retained(path, size)]
        elif oid not in sizes and retained(path, 1):
            made.unread[path] = f"the content of {path} is missing from the clone"
    return made


def tree(directory: Path, commit: str, cache: Path) -> SourceTree:
    """The tree of that commit, kept in the cache folder for the next run."""
    stored = cache / f"{commit}.msgpack"
    if stored.exists():
        made = msgspec.msgpack.decode(stored.read_bytes(), type=Materialised)
    else:
        made = materialise(directory, commit)
        cache.mkdir(parents=True, exist_ok=True)
        stored.write_bytes(msgspec.msgpack.encode(made))
    return SourceTree(made.files, made.contents, unread=made.unread)


def began(directory: Path, commit: str) -> str | None:
    """When the first commit of the clone's history was made: as near as a clone comes to the repository's beginning."""
    dates = _git(directory, "log", "--format=%cI", commit).decode().split()
    return min(dates, default=None)


class Labelled(Repository):
    """A repository whose tree facts are read in this process when they are asked for."""

    def __init__(self, name: str, source: SourceTree, began: str | None = None) -> None:
        record = RepositoryRecord(id=name, name=name.partition("/")[2], full_name=name, created_at=began)
        snapshot = Snapshot(mode="local", scope="repository", owner=Owner("Folder", name), repositories=(record,))
        super().__init__(record, snapshot, {})
        self._source = source

    def _make(self, kind: type[F]) -> F | None:
        if not issubclass(kind, TreeFact):
            return super()._make(kind)
        facts, failed = read_facts(self._source, (kind,))
        if kind.key() in failed:
            print(f"{self.record.full_name}: {failed[kind.key()]}", file=sys.stderr)
            raise Unavailable(failed[kind.key()])
        return msgspec.json.decode(facts[kind.key()], type=kind | None)


def fact(repository: Repository, module: str, name: str) -> object:
    """A fact by the names of its module and class. Raises Unavailable if it could not be read."""
    return repository.fact(getattr(import_module(f"portfolio_audit.facts.{module}"), name))
