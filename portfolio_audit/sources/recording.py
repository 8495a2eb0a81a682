"""A saved portfolio: one file with all that an audit reads, so that it can be judged again without a network.

The file is a plain tar, so that its owner can look into it: `snapshot.json` (links opened included), `repairs.json`
(listings and files that archives lacked), `archives/N.tar.gz`, and at its end `index.json`, which names every part
with its size and SHA-256. Without that index the file is not whole and is refused. Nothing in it depends on the time or
place of writing: the same content gives the same bytes.
"""

import contextlib
import hashlib
import io
import os
import stat
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from portfolio_audit.archive.budget import Budget, Stopped
from portfolio_audit.archive.repair import Repair
from portfolio_audit.archive.tar import Stream, Walk
from portfolio_audit.errors import Unavailable, UsageError
from portfolio_audit.snapshot import Snapshot, Value, encode
from portfolio_audit.tree import MIB

FORMAT = "portfolio-audit recording 1"
FOLDER = "recording/"
HINT = "Make one with: portfolio-audit fetch LOGIN -o FILE"
_BUDGET = Budget(members=20_000)
_TEXT_LIMIT = 256 * MIB


class Part(Value, frozen=True):
    """One member of the file: its name, and the size and SHA-256 of its bytes."""

    name: str
    size: int
    sha256: str


class Index(Value, frozen=True):
    """The parts of a recording; archives by repository id, and why others have none."""

    format: str
    snapshot: Part
    repairs: Part
    archives: dict[str, Part] = {}
    reasons: dict[str, str] = {}


class Recording(NamedTuple):
    """What was saved. An archive is read when it is asked for, and raises Unavailable if it is damaged."""

    snapshot: Snapshot
    archives: Mapping[str, bytes]
    repairs: dict[str, Repair]
    reasons: dict[str, str]


def write(
    path: str | os.PathLike[str],
    snapshot: Snapshot,
    archives: Mapping[str, bytes],
    *,
    repairs: Mapping[str, Repair] | None = None,
    reasons: Mapping[str, str] | None = None,
) -> None:
    """Save a portfolio, whole or not at all: an earlier file stays as it was until the new one is on the disk.

    `archives` and `repairs` are by repository id and are asked for one at a time. Raises UsageError if the file cannot
    be written.
    """
    path = Path(path)
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            try:
                _write(file, snapshot, archives, repairs or {}, reasons or {})
                file.flush()
                os.fsync(file.fileno())
                os.replace(file.name, path)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(file.name)
                raise
        _sync_folder(path.parent)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}", hint="Name another file with -o") from None


def _write(
    file: "tempfile._TemporaryFileWrapper[bytes]",
    snapshot: Snapshot,
    archives: Mapping[str, bytes],
    repairs: Mapping[str, Repair],
    reasons: Mapping[str, str],
) -> None:
    def add(name: str, content: bytes) -> Part:
        member = tarfile.TarInfo(FOLDER + name)
        member.size, member.mode = len(content), 0o644
        file.write(member.tobuf(tarfile.USTAR_FORMAT))
        file.write(content)
        file.write(bytes(-len(content) % tarfile.BLOCKSIZE))
        return Part(name, len(content), hashlib.sha256(content).hexdigest())

    first = add("snapshot.json", encode(snapshot))
    second = add("repairs.json", msgspec.json.encode(dict(repairs), order="sorted"))
    parts = {
        identity: add(f"archives/{number:05}.tar.gz", archives[identity])
        for number, identity in enumerate(sorted(archives), 1)
    }
    add("index.json", encode(Index(FORMAT, first, second, parts, dict(reasons))))
    file.write(bytes(2 * tarfile.BLOCKSIZE))


def _sync_folder(folder: Path) -> None:
    """Make the new name last; not every file system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def read(path: str | os.PathLike[str]) -> Recording:
    """Open a recording. Raises UsageError if it is none, is not whole, or is damaged."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise UsageError(f"{path} is no file", hint=HINT)
        found = dict(_members(path))
        index = msgspec.json.decode(_content(path, found["index.json"], _TEXT_LIMIT), type=Index)
        if index.format != FORMAT:
            raise UsageError(f"{path} was saved in another format ({index.format[:40]!r})", hint=HINT)
        snapshot = msgspec.json.decode(_part(path, found, index.snapshot), type=Snapshot)
        repairs = msgspec.json.decode(_part(path, found, index.repairs), type=dict[str, Repair])
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", hint=HINT) from None
    except (KeyError, Stopped, Unavailable, msgspec.MsgspecError, UnicodeDecodeError):
        raise UsageError(f"{path} is no recording, or is damaged", hint=HINT) from None
    return Recording(snapshot, _Archives(path, found, index.archives), repairs, index.reasons)


class _Place(NamedTuple):
    offset: int
    size: int


class _File(Stream):
    """A file on disk as the tar walk reads it; passing over a part costs nothing."""

    def __init__(self, file: io.BufferedReader) -> None:
        super().__init__(())
        self._file = file
        self._size = os.fstat(file.fileno()).st_size

    def take(self, size: int) -> bytes:
        content = self._file.read(size) if size <= self._size else b""
        if len(content) < size:
            raise Stopped("archive-truncated", "the file ends in the middle of a part")
        return content

    def skip(self, size: int) -> None:
        if self._file.tell() + size > self._size:
            raise Stopped("archive-truncated", "the file ends in the middle of a part")
        self._file.seek(size, io.SEEK_CUR)

    def drain(self) -> None:
        """Nothing is behind the end that counts."""


def _members(path: str | os.PathLike[str]) -> Iterator[tuple[str, _Place]]:
    with open(path, "rb") as file:
        for member in Walk(_File(file), _BUDGET):
            name = member.name.decode(errors="replace")
            if member.kind == "file" and name.startswith(FOLDER):
                yield name.removeprefix(FOLDER), _Place(file.tell(), member.size)


def _content(path: str | os.PathLike[str], place: _Place, limit: int) -> bytes:
    if place.size > limit:
        raise Unavailable("a part of the recording is too large")
    with open(path, "rb") as file:
        file.seek(place.offset)
        return file.read(place.size)


def _part(path: str | os.PathLike[str], found: dict[str, _Place], part: Part) -> bytes:
    """The bytes of a part. Raises Unavailable if they are not those that were saved."""
    place = found.get(part.name)
    content = b"" if place is None else _content(path, place, _TEXT_LIMIT)
    if hashlib.sha256(content).hexdigest() != part.sha256:
        raise Unavailable("the recording is damaged here")
    return content


class _Archives(Mapping[str, bytes]):
    def __init__(self, path: str | os.PathLike[str], found: dict[str, _Place], parts: dict[str, Part]) -> None:
        self._path = path
        self._found = found
        self._parts = parts

    def __getitem__(self, identity: str) -> bytes:
        try:
            return _part(self._path, self._found, self._parts[identity])
        except OSError as error:
            raise Unavailable(f"the recording cannot be read: {error.strerror}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)
