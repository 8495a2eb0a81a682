"""Source archives as the archive host makes them.

``git archive`` writes them where it can, so ``export-ignore``, ``export-subst``, symlinks, submodules and the
commit oid in the pax header are git's own. A clone that lacks blobs gets an archive without those files.
"""

from __future__ import annotations

import gzip
import io
import subprocess
import tarfile
import tempfile
from functools import cache
from pathlib import Path

from tests.ghstub.git import Clone, store

LARGE = 8_000_000
"""Bytes of tar from which speed matters more than size."""


def build(clone: Clone, oid: str, prefix: str) -> bytes:
    """The gzipped tar of a commit under ``prefix/``, the same bytes every time; made once and kept on disk."""
    return made(clone.folder, oid, prefix).read_bytes()


@cache
def made(folder: Path, oid: str, prefix: str) -> Path:
    clone = Clone(folder, None)
    try:
        tar = clone.run("archive", "--format=tar", f"--prefix={prefix}/", oid)
    except subprocess.CalledProcessError:
        tar = assemble(clone, oid, prefix)
    handle, name = tempfile.mkstemp(suffix=".tar.gz", dir=store())
    with open(handle, "wb") as out:
        out.write(gzip.compress(tar, compresslevel=1 if len(tar) > LARGE else 6, mtime=0))
    return Path(name)


def assemble(clone: Clone, oid: str, prefix: str) -> bytes:
    """A tar of what the clone has; missing blobs are left out, so the tree hash will not match."""
    when = int(clone.run("log", "-1", "--format=%ct", oid).decode())
    listed = clone.entries(oid)
    wanted = [entry.oid for entry in listed if entry.kind == "blob" and entry.size is not None]
    blobs = dict(clone.blobs(wanted))
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT, pax_headers={"comment": oid}) as tar:
        add(tar, prefix + "/", "040000", b"", when)
        for entry in listed:
            if entry.kind != "blob":
                add(tar, f"{prefix}/{entry.path}/", "040000", b"", when)
            elif entry.oid in blobs:
                add(tar, f"{prefix}/{entry.path}", entry.mode, blobs[entry.oid], when)
    return buffer.getvalue()


def add(tar: tarfile.TarFile, name: str, mode: str, data: bytes, when: int) -> None:
    """Add one member with the owner, permissions and date that git gives it."""
    member = tarfile.TarInfo(name)
    member.mtime = when
    member.uname = member.gname = "root"
    member.mode = 0o775 if mode in ("040000", "100755") else 0o664
    if mode == "040000":
        member.type = tarfile.DIRTYPE
    elif mode == "120000":
        member.type, member.mode = tarfile.SYMTYPE, 0o777
        member.linkname = data.decode("utf-8", "surrogateescape")
    else:
        member.size = len(data)
    tar.addfile(member, io.BytesIO(data) if member.isreg() else None)
