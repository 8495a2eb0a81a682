"""Archives for tests: honest ones as a git host sends them, and headers written by hand for the dishonest ones."""

import gzip
import io
import os
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

ROOT = "owner-name-0123abc"
COMMIT = "0123abcd" * 5
END = bytes(1024)


def header(
    name: bytes,
    size: int = 0,
    kind: bytes = b"0",
    *,
    mode: int = 0o664,
    link: bytes = b"",
    raw_size: bytes | None = None,
) -> bytes:
    """One ustar header with a right checksum, whatever it claims."""
    fields = [
        name[:100].ljust(100, b"\0"),
        b"%07o\0" % mode,
        b"0000000\0" * 2,
        raw_size if raw_size is not None else b"%011o\0" % size,
        b"00000000000\0",
        b" " * 8,
        kind,
        link[:100].ljust(100, b"\0"),
        b"ustar\x0000",
    ]
    block = bytearray(b"".join(fields).ljust(512, b"\0"))
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % 512)


def member(name: str | bytes, content: bytes = b"", kind: bytes = b"0", **more: object) -> bytes:
    """A header and its data, below the archive's folder."""
    raw = name.encode() if isinstance(name, str) else name
    return header(ROOT.encode() + b"/" + raw, len(content), kind, **more) + padded(content)  # type: ignore[arg-type]


def pax(records: Mapping[str, str | bytes], kind: bytes = b"x") -> bytes:
    """An extended header with these records."""
    body = b""
    for key, value in records.items():
        rest = b" %s=%s\n" % (key.encode(), value.encode() if isinstance(value, str) else value)
        length = len(rest)
        while len(b"%d" % length) + len(rest) != length:
            length = len(b"%d" % length) + len(rest)
        body += b"%d" % length + rest
    return header(b"pax", len(body), kind) + padded(body)


def start() -> bytes:
    """What git writes first: the commit, and the leading folder."""
    return pax({"comment": COMMIT}, b"g") + header(ROOT.encode() + b"/", kind=b"5", mode=0o775)


def zipped(*parts: bytes) -> bytes:
    """The parts as one gzip stream."""
    return gzip.compress(b"".join(parts), compresslevel=1, mtime=0)


def archive(files: Mapping[str, str | bytes]) -> bytes:
    """A host's archive of these files, made with the standard library's writer."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT, pax_headers={"comment": COMMIT}) as tar:
        for name, text in files.items():
            content = text.encode() if isinstance(text, str) else text
            entry = tarfile.TarInfo(f"{ROOT}/{name}")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return gzip.compress(buffer.getvalue(), compresslevel=1, mtime=0)


def git(folder: Path, *arguments: str, stdin: bytes | None = None) -> bytes:
    """Run git in a folder without any configuration but the folder's own."""
    environment = {
        "PATH": os.environ["PATH"],
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Sample",
        "GIT_AUTHOR_EMAIL": "sample@example.invalid",
        "GIT_AUTHOR_DATE": "2024-05-06T07:08:09Z",
        "GIT_COMMITTER_NAME": "Sample",
        "GIT_COMMITTER_EMAIL": "sample@example.invalid",
        "GIT_COMMITTER_DATE": "2024-05-06T07:08:09Z",
    }
    command = ["git", "-c", "init.defaultBranch=main", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, input=stdin, capture_output=True, check=True).stdout
