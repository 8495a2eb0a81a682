"""Archives no decent host would send: made on the fly, small on disk, as large or as sly as asked."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator

TOP = "ada-demo-0123456/"
OID = "0123456789abcdef0123456789abcdef01234567"
BLOCK = 512


def archive(payload: str, size: int = 0) -> bytes | Iterator[bytes]:
    """A gzipped tar (a stream for the large ones) of one of :data:`PAYLOADS` or LARGE."""
    if payload == "bomb":
        return compress(bomb(size or 1_000_000_000))
    if payload == "many":
        return compress(many(size or 200_000))
    if payload == "not-gzip":
        return b"this is no archive\n" * 100
    if payload == "not-tar":
        return gzip.compress(b"\x01\x02\x03 no header here " * 200, mtime=0)
    if payload == "empty":
        return gzip.compress(b"", mtime=0)
    if payload == "trailing":
        return gzip.compress(tar(PAYLOADS["plain"]), mtime=0) + b"\xff" * 5000
    if payload == "half-tar":
        return gzip.compress(tar(PAYLOADS["plain"])[:700], mtime=0)
    if payload == "two-streams":
        whole = tar(PAYLOADS["plain"])
        return gzip.compress(whole[:BLOCK], mtime=0) + gzip.compress(whole[BLOCK:], mtime=0)
    return gzip.compress(tar(PAYLOADS[payload]), mtime=0)


def member(
    name: str, kind: bytes = tarfile.REGTYPE, data: bytes = b"x = 1\n", link: str = ""
) -> tuple[tarfile.TarInfo, bytes]:
    """One member with its bytes."""
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = link
    info.mtime = 1_704_110_400
    info.mode = 0o664
    data = data if kind == tarfile.REGTYPE else b""
    info.size = len(data)
    return info, data


README = member(TOP + "README.md", data=b"# Demo\n")
PAYLOADS = {
    "plain": [README, member(TOP + "a.py")],
    "traversal": [README, member(TOP + "../../../tmp/evil.py"), member("../evil.py"), member(TOP + "a/../../../b.py")],
    "absolute": [README, member("/etc/cron.d/evil"), member("//evil.py"), member("C:\\evil.py")],
    "symlink-out": [
        README,
        member(TOP + "link", tarfile.SYMTYPE, link="/etc/passwd"),
        member(TOP + "up", tarfile.SYMTYPE, link="../../.."),
        member(TOP + "link/evil.py"),
    ],
    "hardlink-out": [README, member(TOP + "hard", tarfile.LNKTYPE, link="/etc/passwd")],
    "devices": [
        README,
        member(TOP + "zero", tarfile.CHRTYPE),
        member(TOP + "disk", tarfile.BLKTYPE),
        member(TOP + "pipe", tarfile.FIFOTYPE),
    ],
    "duplicates": [README, member(TOP + "a.py", data=b"first = 1\n"), member(TOP + "a.py", data=b"second = 2\n")],
    "case": [README, member(TOP + "A.py", data=b"upper = 1\n"), member(TOP + "a.py", data=b"lower = 2\n")],
    "two-tops": [README, member("other-top/a.py")],
    "no-top": [member("README.md"), member("a.py")],
    "file-as-folder": [README, member(TOP + "a"), member(TOP + "a/b.py")],
    "control": [README, member(TOP + "a\x1b[31m\n.py"), member(TOP + "\u202efdp.py")],
    "long-name": [README, member(TOP + "d/" * 3000 + "a.py")],
    "git-folder": [README, member(TOP + ".git/config", data=b"[core]\n\tfsmonitor = touch /tmp/evil\n")],
}  # fmt: skip
LARGE = ("bomb", "many")
BROKEN = ("not-gzip", "not-tar", "empty", "trailing", "half-tar", "two-streams")


def tar(members: list[tuple[tarfile.TarInfo, bytes]]) -> bytes:
    """The members as a pax tar with a commit oid in its global header."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT, pax_headers={"comment": OID}) as out:
        for info, data in members:
            out.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def compress(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The gzip stream of the parts."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    for part in parts:
        if packed := packer.compress(part):
            yield packed
    yield packer.flush()


def bomb(size: int) -> Iterator[bytes]:
    """A tar whose second file is ``size`` zeros."""
    readme, text = README
    yield readme.tobuf(tarfile.PAX_FORMAT) + text.ljust(BLOCK, b"\0")
    info = tarfile.TarInfo(TOP + "zeros.py")
    info.size = size
    yield info.tobuf(tarfile.PAX_FORMAT)
    zeros = bytes(1 << 20)
    for _ in range(size // len(zeros)):
        yield zeros
    yield bytes(size % len(zeros) + (-size) % BLOCK + 2 * BLOCK)


def many(count: int) -> Iterator[bytes]:
    """A tar with ``count`` empty files."""
    for place in range(count):
        yield tarfile.TarInfo(f"{TOP}f{place}.py").tobuf(tarfile.PAX_FORMAT)
    yield bytes(2 * BLOCK)
