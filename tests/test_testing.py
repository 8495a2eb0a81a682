"""The public way to try a check."""

import pytest

from portfolio_audit.facts.code_size import OwnCode
from portfolio_audit.snapshot import Owner, Snapshot
from portfolio_audit.testing import find_check, make_portfolio, make_record, make_repository, make_tree, run_check
from portfolio_audit.tree import CODE_LIMIT, HEAD_BYTES, blob_oid


def test_a_built_in_check_runs_by_its_id() -> None:
    assert (
        run_check("readme-present", {"README.md": "# Bees\n\nCounts bees in pictures of hives.\n"}).status == "passed"
    )
    assert run_check("readme-present", {"main.py": "print(1)\n"}).status == "failed"
    assert run_check("readme-present", {"main.py": "x"}, unread={"README.md": "over a budget"}).status == "unknown"
    assert run_check("readme-present", None).status == "unknown"


def test_an_unknown_id_says_so() -> None:
    with pytest.raises(LookupError, match="no installed provider has a check 'readme-absent'"):
        find_check("readme-absent")


def test_a_portfolio_check_is_asked_of_the_portfolio() -> None:
    empty = make_portfolio([])
    assert run_check("projects-three", portfolio=empty).status == "failed"
    assert run_check("projects-three", {"main.py": "x = 1\n"}).status == "failed"


def test_a_tree_is_what_git_would_list() -> None:
    tree = make_tree({"a.py": "x = 1\n", "b.bin": b"\0"}, unread={"c.py": "gone"})
    assert [file.path for file in tree.files] == ["a.py", "b.bin", "c.py"]
    file = tree.file("a.py")
    assert file is not None
    assert (file.size, file.oid) == (6, blob_oid(b"x = 1\n"))
    assert tree.text("a.py") == "x = 1\n"
    assert tree.unread == {"c.py": "gone"}


def test_large_files_are_cut_as_an_archive_would_be() -> None:
    tree = make_tree({"big.py": "#" * (CODE_LIMIT + 1), "empty.py": ""})
    assert len(tree.head("big.py")) == HEAD_BYTES
    assert tree.read("empty.py") == b""


def test_records_and_snapshots_may_be_given() -> None:
    record = make_record("hive", homepage="https://hive.example", archived=True)
    snapshot = Snapshot(mode="anonymous", scope="portfolio", owner=Owner(kind="Organization", login="sample-team"))
    portfolio = make_portfolio([make_repository({"a.py": "x = 1\n"}, record=record)], snapshot=snapshot)
    (repository,) = portfolio.repositories
    assert repository.record.homepage == "https://hive.example"
    assert repository.snapshot.owner.login == "sample-team"
    assert portfolio.snapshot.repositories == (record,)


def test_a_repository_keeps_its_files_beside_another_snapshot() -> None:
    repository = make_repository({"a.py": "x = 1\n"})
    other = repository.within(Snapshot(mode="local", scope="repository", owner=Owner(kind="Folder", login="hive")))
    size = other.fact(OwnCode)
    assert size is not None
    assert size.lines == 1
