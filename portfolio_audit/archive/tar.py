"""A tar walk that reads forward only, 512 bytes at a time, and keeps nothing.

Written here because the standard library's `tarfile` can loop for ever on a crafted kilobyte, recurses over chained
headers and remembers every member, and because nothing but plain reading is wanted: no extraction, no seeking, no
spool on disk. Understood: ustar, pax headers (local and global), GNU long names, base-256 numbers. Every step consumes
at least one block, so the walk ends when the bytes do.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple
from zlib import adler32

from portfolio_audit.archive.budget import Budget, Stopped

BLOCK = 512
CHAIN = 8
"""Extended headers in front of one member; writers use at most three."""

Kind = Literal["file", "symlink", "folder", "refused"]


class Member(NamedTuple):
    """One entry: raw `name` and link `target`, `size` of its data in bytes, and why it is `refused`, if it is."""

    name: bytes
    kind: Kind
    size: int = 0
    executable: bool = False
    target: bytes = b""
    reason: str = ""


class Stream:
    """Bytes that come in pieces, read in exact amounts."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._buffer = b""
        self._at = 0

    def take(self, size: int) -> bytes:
        """Exactly `size` bytes. Raises Stopped if the stream ends before."""
        end = self._at + size
        if end <= len(self._buffer):
            taken = self._buffer[self._at : end]
            self._at = end
            return taken
        return b"".join(self._across(size))

    def pieces(self, size: int) -> Iterable[bytes]:
        """`size` bytes in pieces as they come. Raises Stopped if the stream ends before."""
        return self._across(size) if self._at + size > len(self._buffer) else (self.take(size),)

    def _across(self, size: int) -> Iterator[bytes]:
        while size > 0:
            if self._at == len(self._buffer):
                self._buffer, self._at = next(self._pieces, b""), 0
                if not self._buffer:
                    raise Stopped("archive-truncated", "the archive ends in the middle of a file")
            piece = self._buffer[self._at : self._at + size]
            self._at += len(piece)
            size -= len(piece)
            yield piece

    def skip(self, size: int) -> None:
        """Pass over `size` bytes."""
        if self._at + size <= len(self._buffer):
            self._at += size
            return
        for _ in self._across(size):
            pass

    def drain(self) -> None:
        """Read to the end, so that a checksum behind the data is verified."""
        self._buffer, self._at = b"", 0
        for _ in self._pieces:
            pass


class Walk:
    """The members of a tar stream, one after the other.

    While a member is at hand its data may be read with `pieces`; what is not read is passed over. `comment`
    is the global pax comment, where git puts the commit id. Raises Stopped: "archive-truncated", "archive-corrupt",
    "archive-members".
    """

    def __init__(self, stream: Stream, budget: Budget) -> None:
        self._stream = stream
        self._budget = budget
        self._left = 0
        self.comment: str | None = None

    def pieces(self) -> Iterable[bytes]:
        """The member's data in pieces, which must all be taken."""
        size, self._left = self._left, 0
        return self._stream.pieces(size)

    def __iter__(self) -> Iterator[Member]:
        headers = chained = 0
        extended: dict[bytes, bytes] = {}
        shared: dict[bytes, bytes] = {}
        refusal = ""
        while (block := self._stream.take(BLOCK)).strip(b"\0"):
            headers += 1
            if headers > self._budget.members:
                raise Stopped("archive-members", f"the archive has more than {self._budget.members} members")
            kind, size = block[156:157], _checked_size(block)
            if kind in b"xgXLK":
                chained += 1
                if chained > CHAIN or size > self._budget.header:
                    refusal = "its extended header is too large"
                    self._stream.skip(_padded(size))
                    continue
                content = self._stream.take(_padded(size))[:size]
                if kind == b"L":
                    extended[b"path"] = content.rstrip(b"\0")
                elif kind == b"K":
                    extended[b"linkpath"] = content.rstrip(b"\0")
                elif kind == b"g":
                    shared.update(_records(content))
                    self.comment = shared.get(b"comment", b"").decode("ascii", errors="replace") or None
                else:
                    extended.update(_records(content))
                continue
            fields = {**shared, **extended}
            member, padded = self._member(block, kind, size, fields, refusal)
            extended, chained, refusal = {}, 0, ""
            self._left = member.size
            yield member
            self._stream.skip(padded - (member.size - self._left))
        self._stream.drain()

    def _member(
        self, block: bytes, kind: bytes, size: int, fields: dict[bytes, bytes], refusal: str
    ) -> tuple[Member, int]:
        """The member, and how many bytes of padded data follow its header."""
        name = fields.get(b"path") or _name(block)
        if b"size" in fields:
            size = _decimal(fields[b"size"])
        if kind in b"0\x007" and not name.endswith(b"/"):
            if refusal or (fields and any(key.startswith(b"GNU.sparse") for key in fields)):
                return Member(name, "refused", size, reason=refusal or "sparse files are not read"), _padded(size)
            mode = _mode(block[100:108])
            return Member(name, "file", size, executable=bool(mode & 0o100)), _padded(size)
        if kind in b"0\x0075":
            return Member(name, "folder"), _padded(size) if kind != b"5" else 0
        if kind == b"2":
            target = fields.get(b"linkpath") or block[157:257].partition(b"\0")[0]
            if refusal:
                return Member(name, "refused", reason=refusal), 0
            return Member(name, "symlink", target=target), 0
        if kind in b"1346":
            what = "hard links are" if kind == b"1" else "devices and pipes are"
            return Member(name, "refused", reason=f"{what} not read"), 0
        if kind == b"S":
            self._skip_sparse_map(block)
            return Member(name, "refused", size, reason="sparse files are not read"), _padded(size)
        return Member(name, "refused", size, reason="a member of unknown kind"), _padded(size)

    def _skip_sparse_map(self, block: bytes) -> None:
        more = block[482]
        while more:
            more = self._stream.take(BLOCK)[504]


def _padded(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


def _name(block: bytes) -> bytes:
    name = block[:100].partition(b"\0")[0]
    prefix = block[345:500].partition(b"\0")[0] if block[257:263] == b"ustar\0" else b""
    return prefix + b"/" + name if prefix else name


def _checked_size(block: bytes) -> int:
    if _sum(block[:256]) + _sum(block[256:]) - sum(block[148:156]) + 8 * 32 != _number(block[148:156]):
        raise Stopped("archive-corrupt", "the archive has a header with a wrong checksum")
    return _number(block[124:136])


def _sum(half: bytes) -> int:
    """The sum of up to 256 bytes, which is the lower half of their Adler-32 less one: in C, and never above 65,521."""
    return (adler32(half) & 0xFFFF) - 1


@lru_cache(maxsize=64)
def _mode(field: bytes) -> int:
    """The mode of a file; all files of an archive share two or three."""
    return _number(field)


def _number(field: bytes) -> int:
    """An octal or base-256 number of a header."""
    if field[0] & 0x80:
        value = int.from_bytes(field, "big") & ~(0x80 << 8 * (len(field) - 1))
        if field[0] & 0x40:
            raise Stopped("archive-corrupt", "the archive has a header with a negative number")
        return value
    text = field.replace(b"\0", b" ").strip()
    if not text:
        return 0
    if text.strip(b"01234567"):
        raise Stopped("archive-corrupt", "the archive has a header with an unreadable number")
    return int(text, 8)


def _decimal(text: bytes) -> int:
    if not text.isdigit() or len(text) > 19:
        raise Stopped("archive-corrupt", "the archive has a header with an unreadable size")
    return int(text)


def _records(content: bytes) -> dict[bytes, bytes]:
    """The records "LENGTH key=value" of a pax header. Raises Stopped if they do not add up."""
    records: dict[bytes, bytes] = {}
    at = 0
    while at < len(content):
        space = content.find(b" ", at, at + 8)
        length = content[at:space] if space > 0 else b""
        end = at + int(length) if length.isdigit() else 0
        if end <= space or end > len(content) or content[end - 1 : end] != b"\n":
            raise Stopped("archive-corrupt", "the archive has an unreadable extended header")
        key, _, value = content[space + 1 : end - 1].partition(b"=")
        records[key] = value
        at = end
    return records
