"""Real bare git repositories for a world: written object by object, read through git itself.

Objects are written here instead of by a git process each, because a world of 130 repositories must stand in a
second; what is written is what git would write (``git fsck`` proves it in the tests). Reading goes through git
with a clean environment: no user or system configuration, no transport.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from threading import Lock

from msgspec import Struct, json

from tests.ghstub.world import EPOCH, Commit, File, Repo, World

ENVIRONMENT = {
    "PATH": os.environ.get("PATH", os.defpath),
    "LC_ALL": "C.UTF-8",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
}


SMALL = 100_000
REMEMBERED: dict[tuple[object, ...], bytes] = {}
"""Small outputs by folder and command; the repositories served never change under their path."""
WRITING = Lock()


class Head(Struct, frozen=True):
    """The newest commit of a default branch."""

    oid: str
    tree: str
    date: datetime


class Entry(Struct, frozen=True):
    """One line of a tree listing; ``size`` is None for trees, submodules and blobs the clone lacks."""

    mode: str
    kind: str
    oid: str
    path: str
    size: int | None


class Clone:
    """Reads one bare repository.

    ``head`` is what ``HEAD`` and ``branch`` mean, whatever the refs on disk say; ``alternates`` are further object
    folders (those of its fork network).
    """

    def __init__(
        self, folder: Path, head: Head | None, branch: str = "main", alternates: tuple[Path, ...] = ()
    ) -> None:
        self.folder = folder
        self.head = head
        self.branch = branch
        self.alternates = alternates

    def pinned(self, expression: str) -> str:
        """The expression with HEAD or the default branch replaced by the commit they stand for."""
        names = f"HEAD|(?:refs/heads/)?{re.escape(self.branch)}"
        found = re.match(f"(?:{names})(?=$|[:^~])", expression)
        return self.head.oid + expression[found.end() :] if found and self.head else expression

    def run(self, *arguments: str, data: bytes = b"", extra: dict[str, str] | None = None) -> bytes:
        """Output of a git command, remembered when small; raises CalledProcessError."""
        key = (self.folder, self.alternates, arguments, data)
        if extra is None and key in REMEMBERED:
            return REMEMBERED[key]
        output = self.start(*arguments, data=data, extra=extra)
        if extra is None and len(output) < SMALL:
            REMEMBERED[key] = output
        return output

    def start(self, *arguments: str, data: bytes, extra: dict[str, str] | None) -> bytes:
        """Output of a git process."""
        environment = ENVIRONMENT | (extra or {})
        environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = ":".join(str(path) for path in self.alternates)
        command = ["git", "-c", "safe.directory=*", "-c", "core.quotePath=false", f"--git-dir={self.folder}"]
        return subprocess.run(
            [*command, *arguments], input=data, env=environment, capture_output=True, check=True
        ).stdout

    def resolve(self, name: str) -> str | None:
        """The commit oid of a branch, tag, oid or HEAD; None when there is none."""
        name = self.pinned(name)
        if self.head and name == self.head.oid:
            return name
        try:
            command = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
            return self.run(*command).decode().strip()
        except subprocess.CalledProcessError:
            return None

    def entries(self, tree: str, *, recursive: bool = True) -> list[Entry]:
        """The tree's entries in git's order, trees before what they hold."""
        options = ["-r", "-t"] if recursive else []
        lines = self.run("ls-tree", "-z", *options, tree).decode("utf-8", "surrogateescape").split("\0")[:-1]
        raw = []
        for line in lines:
            head, path = line.split("\t", 1)
            raw.append((*head.split(" "), path))
        sizes = self.sizes([oid for _, kind, oid, _ in raw if kind == "blob"])
        return [Entry(mode, kind, oid, path, sizes.get(oid)) for mode, kind, oid, path in raw]

    def sizes(self, oids: list[str]) -> dict[str, int]:
        """Sizes of the blobs that are there."""
        answer = self.run("cat-file", "--batch-check", data="\n".join(dict.fromkeys(oids)).encode() + b"\n")
        parts = [line.split(" ") for line in answer.decode().splitlines()]
        return {words[0]: int(words[2]) for words in parts if len(words) == 3}

    def blobs(self, oids: list[str]) -> Iterator[tuple[str, bytes]]:
        """Contents of the objects that are there, once each."""
        answer = self.run("cat-file", "--batch", data="\n".join(dict.fromkeys(oids)).encode() + b"\n")
        place = 0
        while place < len(answer):
            end = answer.index(b"\n", place)
            words = answer[place:end].decode().split(" ")
            place = end + 1
            if len(words) == 3:
                size = int(words[2])
                yield words[0], answer[place : place + size]
                place += size + 1

    def object(self, expression: str) -> tuple[str, str, bytes] | None:
        """(oid, kind, bytes) of a revision expression such as ``HEAD:README.md``; None when there is none."""
        expression = self.pinned(expression)
        if "\n" in expression:
            return None
        answer = self.run("cat-file", "--batch", data=expression.encode() + b"\n")
        end = answer.index(b"\n") if b"\n" in answer else 0
        words = answer[:end].decode("utf-8", "replace").split(" ")
        if len(words) != 3 or words[1] not in ("blob", "tree", "commit", "tag"):
            return None
        return words[0], words[1], answer[end + 1 : -1]


@cache
def store() -> Path:
    """One folder of built repositories for the whole process."""
    folder = Path(tempfile.mkdtemp(prefix="ghstub-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def clone_of(key: bytes) -> tuple[Path, Head]:
    """The built repository for a key of :func:`open_repo`, made once."""
    branch, commits, tags = json.decode(key, type=tuple[str, list[Commit], list[str]])
    folder = store() / hashlib.sha256(key).hexdigest()[:24]
    return folder, write(folder, branch, commits, tags)


def open_repo(world: World, repo: Repo) -> Clone:
    """The repository's clone, built on first use; its head is None while it has no commit."""
    with WRITING:
        return opened(world, repo)


def opened(world: World, repo: Repo) -> Clone:
    if repo.git_dir:
        return Clone(repo.git_dir, mirror_head(repo.git_dir, repo.head), repo.default_branch)
    commits = history(world, repo)
    if not commits:
        return Clone(empty(repo.default_branch), None, repo.default_branch)
    key = json.encode((repo.default_branch, commits, [item.tag for item in repo.releases]))
    folder, head = clone_of(key)
    return Clone(folder, head, repo.default_branch)


def history(world: World, repo: Repo) -> list[Commit]:
    """All commits of the repository, those shared with its parent first, with author and date filled in."""
    parent = world.repo(repo.parent) if repo.parent else None
    shared = history(world, parent)[: repo.forked_at] if parent else []
    own = []
    for place, commit in enumerate(repo.commits, start=len(shared)):
        author = commit.author or repo.owner
        person = world.owner(author)
        number = person.number if person else 0
        name = commit.name or (person.name if person and person.name else author)
        email = commit.email or f"{number}+{author}@users.noreply.github.com"
        date = commit.date or EPOCH + timedelta(days=place)
        own.append(
            Commit(
                files=commit.files, remove=commit.remove, message=commit.message,
                author=author, name=name, email=email, date=date,
            )
        )  # fmt: skip
    return shared + own


@cache
def mirror_head(folder: Path, commit: str | None) -> Head | None:
    """The head of an existing bare clone, or the given commit of it."""
    try:
        line = Clone(folder, None).run("log", "-1", "--format=%H %T %cI", commit or "HEAD", "--").decode().split()
    except subprocess.CalledProcessError:
        return None
    return Head(line[0], line[1], datetime.fromisoformat(line[2]).astimezone(UTC))


@cache
def empty(branch: str) -> Path:
    """A bare repository without a commit."""
    folder = store() / f"empty-{hashlib.sha256(branch.encode()).hexdigest()[:8]}"
    lay_out(folder, branch)
    return folder


def lay_out(folder: Path, branch: str) -> None:
    """What makes a folder a bare repository."""
    for name in ("objects", "refs/heads", "refs/tags"):
        (folder / name).mkdir(parents=True)
    (folder / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = true\n")
    (folder / "HEAD").write_text(f"ref: refs/heads/{branch}\n")


def write(folder: Path, branch: str, commits: list[Commit], tags: list[str]) -> Head:
    """Write a bare repository with these commits on one branch, and its tags on the newest."""
    lay_out(folder, branch)
    files: dict[str, tuple[str, str]] = {}
    parent = ""
    for commit in commits:
        for path in commit.remove:
            files.pop(path, None)
        for path, content in commit.files.items():
            file = File.of(content)
            files[path] = (file.mode, file.submodule or write_object(folder, "blob", file.content))
        tree = write_tree(folder, files)
        date = commit.date or EPOCH
        stamp = f"{commit.name} <{commit.email}> {int(date.timestamp())} +0000"
        head = f"tree {tree}\n" + (f"parent {parent}\n" if parent else "")
        text = f"{head}author {stamp}\ncommitter {stamp}\n\n{commit.message}\n"
        parent = write_object(folder, "commit", text.encode())
    for ref in (f"heads/{branch}", *(f"tags/{tag}" for tag in tags)):
        target = folder / "refs" / ref
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(parent + "\n")
    return Head(parent, tree, date)


def write_tree(folder: Path, files: dict[str, tuple[str, str]]) -> str:
    """Write the tree of these paths, bottom up, and return its oid."""
    here: dict[str, tuple[str, str]] = {}
    below: dict[str, dict[str, tuple[str, str]]] = {}
    for path, entry in files.items():
        first, slash, rest = path.partition("/")
        if slash:
            below.setdefault(first, {})[rest] = entry
        else:
            here[first] = entry
    for name, inner in below.items():
        here[name] = ("40000", write_tree(folder, inner))
    ordered = sorted(here.items(), key=lambda item: item[0].encode() + b"/" * (item[1][0] == "40000"))
    body = b"".join(f"{mode} {name}".encode() + b"\0" + bytes.fromhex(oid) for name, (mode, oid) in ordered)
    return write_object(folder, "tree", body)


def write_object(folder: Path, kind: str, body: bytes) -> str:
    """Write one loose object and return its oid."""
    data = f"{kind} {len(body)}".encode() + b"\0" + body
    oid = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    target = folder / "objects" / oid[:2] / oid[2:]
    if not target.exists():
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(zlib.compress(data, 1))
    return oid
