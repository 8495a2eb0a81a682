"""Git's tree hash, against git."""

from pathlib import Path

import pytest

from portfolio_audit.archive.oids import EMPTY_TREE, Entry, tree_oid
from portfolio_audit.tree import blob_oid
from tests.tars import git

OID = blob_oid(b"")


@pytest.mark.parametrize(
    "paths",
    [
        ["a", "a.b", "a-b/c", "a/b", "a0"],
        ["z/y/x/w/v", "z/y.txt", "b"],
        ["é", "\u202etxt.exe", "space name/and tab\t"],
    ],
)
def test_equals_what_git_writes(tmp_path: Path, paths: list[str]) -> None:
    git(tmp_path, "init", "-q")
    paths = [path for path in paths if not any(other.startswith(path + "/") for other in paths)]
    lines = b"".join(b"100644 %s\t%s\0" % (OID.encode(), path.encode()) for path in paths)
    git(tmp_path, "hash-object", "-w", "--stdin", stdin=b"")
    git(tmp_path, "update-index", "-z", "--add", "--index-info", stdin=lines)
    expected = git(tmp_path, "write-tree").decode().strip()
    assert tree_oid(Entry(path.encode(), "file", OID) for path in reversed(paths)) == expected


def test_nothing_is_the_empty_tree() -> None:
    assert tree_oid([]) == EMPTY_TREE


@pytest.mark.parametrize("paths", [["a", "a/b"], ["a/b", "a"], ["a", "a"]])
def test_what_no_tree_can_hold_has_no_hash(paths: list[str]) -> None:
    assert tree_oid(Entry(path.encode(), "file", OID) for path in paths) is None


def test_ids_of_another_hash_function_are_not_mixed_in() -> None:
    assert tree_oid([Entry(b"a", "file", "0" * 64)]) is None
