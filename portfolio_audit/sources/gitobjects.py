"""The few things of a `.git` folder that are read, by hand and bounded: HEAD, the remote's name, one commit, and
whether an object is there. Git itself is never run, since a hostile configuration can make it start programs.
"""

import os
import re
import struct
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from portfolio_audit.sources.folder import Folder

_OID = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REF = re.compile(rb"refs/[A-Za-z0-9._/@+=-]{1,200}")
_REMOTE = re.compile(
    r"(?:https?://|ssh://|git://)?(?:[^/@\s]*@)?(?:www\.)?(?P<host>github\.(?:com(?![.-])|(?!com\.)[A-Za-z0-9.-]+))(?::\d+)?[/:]"
    r"(?P<owner>[A-Za-z0-9][A-Za-z0-9_-]{0,38})/(?P<name>[A-Za-z0-9._-]{1,100}?)(?:\.git)?/?"
)
_COMMIT_LIMIT = 64 * 1024
_PACKS = 500


class Commit(NamedTuple):
    """A commit's root tree, and when it was made (ISO 8601 UTC)."""

    tree: str
    committed_at: str | None


class Remote(NamedTuple):
    """Where the checkout came from, without any credentials its address may have held."""

    host: str
    owner: str
    name: str


def head(folder: Folder, git: bytes = b".git") -> tuple[str | None, str | None]:
    """The commit oid and the branch that are checked out; None for what cannot be told."""
    content = _read(folder, git + b"/HEAD", 300).strip()
    branch = None
    for _ in range(5):
        if _OID.fullmatch(content):
            return content.decode(), branch
        name = content.removeprefix(b"ref:").strip()
        if not content.startswith(b"ref:") or not _REF.fullmatch(name) or b".." in name:
            break
        if name.startswith(b"refs/heads/"):
            branch = name.removeprefix(b"refs/heads/").decode()
        content = _read(folder, git + b"/" + name, 300).strip() or _packed_ref(folder, git, name)
    return None, None if branch == ".invalid" else branch


def _packed_ref(folder: Folder, git: bytes, name: bytes) -> bytes:
    content = b"\n" + _read(folder, git + b"/packed-refs", 16 << 20)
    at = content.find(b" " + name + b"\n")
    return content[content.rfind(b"\n", 0, at) + 1 : at] if at > 0 else b""


def remote(folder: Folder, git: bytes = b".git") -> Remote | None:
    """The GitHub repository that "origin" (else the first remote) names, or None."""
    section = ""
    found: dict[str, str] = {}
    for raw in _read(folder, git + b"/config", 256 << 10).decode(errors="replace").splitlines():
        line = raw.strip()
        if line.startswith("["):
            section = line
        key, _, value = line.partition("=")
        if section.startswith('[remote "') and key.strip().lower() == "url":
            found.setdefault(section[9:].partition('"')[0], value.strip().strip('"'))
    address = found.get("origin") or next(iter(found.values()), "")
    match = _REMOTE.fullmatch(address[:500])
    return Remote(match["host"].lower(), match["owner"], match["name"]) if match else None


def commit(folder: Folder, oid: str, git: bytes = b".git") -> Commit | None:
    """The commit of that oid, or None if it cannot be read (absent, or packed as a difference)."""
    content = _loose(folder, git, oid) or _packed(folder, git, oid)
    if content is None:
        return None
    lines = content.partition(b"\n\n")[0].split(b"\n")
    tree = next((line[5:].decode() for line in lines if line.startswith(b"tree ") and _OID.fullmatch(line[5:])), None)
    if tree is None:
        return None
    stamp = next((line.split()[-2] for line in lines if line.startswith(b"committer ") and len(line.split()) > 3), b"")
    plausible = stamp.isdigit() and len(stamp) < 11
    return Commit(tree, f"{datetime.fromtimestamp(int(stamp), UTC):%Y-%m-%dT%H:%M:%SZ}" if plausible else None)


def _loose(folder: Folder, git: bytes, oid: str) -> bytes | None:
    stored = _read(folder, b"%s/objects/%s/%s" % (git, oid[:2].encode(), oid[2:].encode()), _COMMIT_LIMIT)
    kind, _, content = _inflate(stored).partition(b"\0")
    return content if kind.startswith(b"commit ") else None


def _packed(folder: Folder, git: bytes, oid: str) -> bytes | None:
    for name in _pack_indexes(folder, git):
        try:
            with folder.opened(name) as index:
                offset = _PackIndex(index).offset(bytes.fromhex(oid))
            if offset is None:
                continue
            with folder.opened(name.removesuffix(b".idx") + b".pack") as pack:
                stored = os.pread(pack, _COMMIT_LIMIT, offset)
        except (OSError, ValueError, struct.error):
            continue
        at = 0
        while at < len(stored) and stored[at] & 0x80:
            at += 1
        if stored and stored[0] >> 4 & 7 == 1:
            return _inflate(stored[at + 1 :])
    return None


def present(folder: Folder, oids: Iterable[str], git: bytes = b".git") -> set[str] | None:
    """Those of the objects that the checkout's own store has; None if objects may also be kept elsewhere."""
    if folder.state(git + b"/objects/info/alternates") is not None or not folder.is_folder(git + b"/objects"):
        return None
    wanted = set(oids)
    found = {
        oid
        for oid in wanted
        if folder.state(b"%s/objects/%s/%s" % (git, oid[:2].encode(), oid[2:].encode())) is not None
    }
    for name in _pack_indexes(folder, git):
        try:
            with folder.opened(name) as descriptor:
                index = _PackIndex(descriptor)
                found |= {oid for oid in wanted - found if index.offset(bytes.fromhex(oid)) is not None}
        except (OSError, ValueError, struct.error):
            return None
    return found


def _pack_indexes(folder: Folder, git: bytes) -> list[bytes]:
    try:
        names = sorted(item.name for item in folder.items(git + b"/objects/pack") if item.name.endswith(b".idx"))
    except OSError:
        return []
    return [git + b"/objects/pack/" + name for name in names[:_PACKS]]


class _PackIndex:
    """A pack's index, version 2, searched in place. Raises ValueError or struct.error if it is damaged."""

    def __init__(self, descriptor: int) -> None:
        self._file = descriptor
        head = os.pread(descriptor, 8 + 1024, 0)
        if head[:8] != b"\xfftOc\0\0\0\2":
            raise ValueError("a pack index of another version")
        self._fanout = struct.unpack_from(">256I", head, 8)

    def offset(self, oid: bytes) -> int | None:
        """Where the object lies in the pack, or None."""
        if len(oid) != 20:
            raise ValueError("an object id of another kind")
        low, high = self._fanout[oid[0] - 1] if oid[0] else 0, self._fanout[oid[0]]
        while low < high:
            middle = (low + high) // 2
            here = os.pread(self._file, 20, 1032 + 20 * middle)
            if here == oid:
                return self._offset(middle)
            low, high = (middle + 1, high) if here < oid else (low, middle)
        return None

    def _offset(self, position: int) -> int:
        count = self._fanout[255]
        (offset,) = struct.unpack(">I", os.pread(self._file, 4, 1032 + 24 * count + 4 * position))
        if offset & 0x80000000:
            far = 1032 + 28 * count + 8 * (offset & 0x7FFFFFFF)
            (offset,) = struct.unpack(">Q", os.pread(self._file, 8, far))
        return int(offset)


def _inflate(stored: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stored, _COMMIT_LIMIT)
    except zlib.error:
        return b""


def _read(folder: Folder, path: bytes, limit: int) -> bytes:
    try:
        return folder.read(path, limit)
    except OSError:
        return b""
