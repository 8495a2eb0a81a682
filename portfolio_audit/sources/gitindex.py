"""Git's index (`.git/index`), read without git: which files a checkout tracks, and under which object ids.

Versions 2, 3 and 4 as described in git's own documentation (gitformat-index). The file is the visitor's, so every
number is checked against what is really there.
"""

import struct
from typing import NamedTuple

SIZE_LIMIT = 128 * 1024 * 1024
ENTRY_LIMIT = 200_000
PATH_LIMIT = 4096

FOLDER, GITLINK, SYMLINK = 0o040000, 0o160000, 0o120000
_FIXED = struct.Struct(">10I")
_EXTENDED, _SKIPPED, _INTENDED = 0x4000, 0x4000, 0x2000


class Tracked(NamedTuple):
    """One entry: size and time (seconds, nanoseconds) are those of the file when git last looked."""

    path: bytes
    mode: int
    oid: str
    size: int
    modified: tuple[int, int]
    skipped: bool = False
    intended: bool = False


class Unreadable(Exception):
    """The index is damaged, of another version, or kept in a form that needs git."""


def read_index(content: bytes, *, oid_bytes: int = 20) -> dict[bytes, Tracked]:
    """The entries of an index by path; of several stages of a merge the first. Raises Unreadable."""
    try:
        return _read(content, oid_bytes)
    except (struct.error, IndexError, ValueError) as fault:
        raise Unreadable("the index is damaged") from fault


def _read(content: bytes, oid_bytes: int) -> dict[bytes, Tracked]:
    magic, version, count = struct.unpack_from(">4sII", content)
    if magic != b"DIRC" or version not in (2, 3, 4):
        raise Unreadable(f"an index of unknown version {version}")
    if count > ENTRY_LIMIT:
        raise Unreadable(f"the index lists more than {ENTRY_LIMIT} files")
    entries: dict[bytes, Tracked] = {}
    at, path = 12, b""
    for _ in range(count):
        start = at
        fields = _FIXED.unpack_from(content, at)
        at += _FIXED.size
        oid = content[at : at + oid_bytes].hex()
        flags = int.from_bytes(content[at + oid_bytes : at + oid_bytes + 2], "big")
        at += oid_bytes + 2
        extra = 0
        if flags & _EXTENDED:
            extra = int.from_bytes(content[at : at + 2], "big")
            at += 2
        if version == 4:
            strip, at = _varint(content, at)
            if strip > len(path):
                raise Unreadable("the index is damaged")
            end = content.index(b"\0", at, at + PATH_LIMIT)
            path = path[: len(path) - strip] + content[at:end]
            at = end + 1
        else:
            end = content.index(b"\0", at, at + PATH_LIMIT)
            path = content[at:end]
            at = start + (end - start + 8) // 8 * 8
        if len(path) > PATH_LIMIT:
            raise Unreadable("the index is damaged")
        tracked = Tracked(
            path, fields[6], oid, fields[9], (fields[2], fields[3]), bool(extra & _SKIPPED), bool(extra & _INTENDED)
        )
        entries.setdefault(path, tracked)
    _refuse_extensions(content, at, oid_bytes)
    return entries


def _varint(content: bytes, at: int) -> tuple[int, int]:
    """Git's offset encoding: seven bits a byte, each further byte adding one."""
    value = content[at] & 0x7F
    for _ in range(4):
        if not content[at] & 0x80:
            break
        at += 1
        value = ((value + 1) << 7) | (content[at] & 0x7F)
    return value, at + 1


def _refuse_extensions(content: bytes, at: int, oid_bytes: int) -> None:
    """Extensions in lower case change what the entries mean: a split index, a sparse one."""
    while at + 8 <= len(content) - oid_bytes:
        name, size = struct.unpack_from(">4sI", content, at)
        if name == b"sdir":
            raise Unreadable("the index is sparse")
        if not b"A" <= name[:1] <= b"Z":
            raise Unreadable("the index is split over several files")
        at += 8 + size
