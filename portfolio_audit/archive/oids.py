"""Git's tree hash, recomputed from what was read: the proof that nothing is missing."""

import hashlib
from collections.abc import Iterable
from typing import Literal, NamedTuple

MODES = {"file": b"100644", "executable": b"100755", "symlink": b"120000", "submodule": b"160000"}
Kind = Literal["file", "executable", "symlink", "submodule"]
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


class Entry(NamedTuple):
    """One file as git records it: raw path, kind and object id."""

    path: bytes
    kind: Kind
    oid: str


def tree_oid(entries: Iterable[Entry]) -> str | None:
    """The id of the root tree that holds exactly these entries; None if no tree could (a file used as a folder).

    Folders are hashed from the deepest up, without recursion. Only SHA-1 object ids are understood.
    """
    folders: dict[bytes, dict[bytes, tuple[bytes, str]]] = {b"": {}}
    for entry in entries:
        folder, _, name = entry.path.rpartition(b"/")
        if len(entry.oid) != 40 or name in folders.setdefault(folder, {}):
            return None
        folders[folder][name] = (MODES[entry.kind], entry.oid)
    for folder in list(folders):
        while folder:
            folder = folder.rpartition(b"/")[0]
            if folder in folders:
                break
            folders[folder] = {}
    for folder in sorted(folders, key=lambda path: path.count(b"/") + bool(path), reverse=True):
        oid = _hash(folders[folder])
        if not folder:
            return oid
        above, _, name = folder.rpartition(b"/")
        if name in folders[above]:
            return None
        folders[above][name] = (b"40000", oid)
    return EMPTY_TREE


def _hash(names: dict[bytes, tuple[bytes, str]]) -> str:
    ordered = sorted(
        (name + b"/" if mode == b"40000" else name, name, mode, oid) for name, (mode, oid) in names.items()
    )
    body = b"".join(mode + b" " + name + b"\0" + bytes.fromhex(oid) for _, name, mode, oid in ordered)
    return hashlib.sha1(b"tree %d\0" % len(body) + body, usedforsecurity=False).hexdigest()
