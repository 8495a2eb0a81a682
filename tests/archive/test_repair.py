"""Repair: the listing decides what exists, hashes decide what is believed, the rest is unread."""

from portfolio_audit.archive.oids import Entry, tree_oid
from portfolio_audit.archive.reading import read_archive
from portfolio_audit.archive.repair import MISSING, Repair, missing, repaired
from portfolio_audit.tree import File, blob_oid
from tests.tars import END, archive, member, start, zipped

APP, SECRET, README = b"print('app')\n", b"left out of archives\n", b"# Real readme\n"


def listed(path: str, content: bytes, **more: object) -> File:
    return File(path, len(content), blob_oid(content), **more)  # type: ignore[arg-type]


LISTING = (
    listed("README.md", README),
    listed("app.py", APP),
    listed("tests/test_app.py", SECRET),
    listed("logo.png", b"\x89" * 900_000),
    listed("icon.png", b"\x89" * 900),
    listed("model.pkl", b"\x80" * 900),
    File("sub", 0, "1" * 40, "submodule"),
)
SENT = archive({"README.md": "# Rewritten by export-subst\n", "app.py": APP, "extra.py": b"not in the tree\n"})


def test_asks_for_the_text_that_is_missing_or_altered_and_for_nothing_else() -> None:
    assert missing(LISTING, read_archive([SENT]).files) == ("README.md", "tests/test_app.py")


def test_the_repaired_tree_is_the_listing_with_true_contents() -> None:
    found = repaired(read_archive([SENT]), Repair(LISTING, {"README.md": README, "tests/test_app.py": SECRET}))
    assert found.contents == {"README.md": README, "app.py": APP, "tests/test_app.py": SECRET}
    assert {file.path for file in found.files} == {file.path for file in LISTING}
    assert found.unread == {}
    assert found.oid == tree_oid(Entry(file.path.encode(), file.kind, file.oid or "") for file in LISTING)


def test_what_nobody_could_get_is_unread_with_a_limit() -> None:
    found = repaired(read_archive([SENT]), Repair(LISTING))
    assert found.unread == {"README.md": MISSING, "tests/test_app.py": MISSING}
    assert [limit.where for limit in found.limits if limit.what == "missing-blob"] == ["README.md", "tests/test_app.py"]


def test_content_with_another_hash_is_not_believed() -> None:
    found = repaired(read_archive([SENT]), Repair(LISTING, {"README.md": b"# Forged\n"}))
    assert "README.md" in found.unread
    assert b"# Forged\n" not in found.contents.values()


def test_a_file_moved_within_the_archive_is_found_by_its_hash() -> None:
    found = repaired(read_archive([archive({"old/app.py": APP})]), Repair((listed("app.py", APP),)))
    assert found.contents == {"app.py": APP}


def test_a_cut_archive_becomes_partial_and_says_what_is_missing() -> None:
    cut = zipped(start(), member("README.md", README), member("app.py", APP)[:-512], END)[:-20]
    read = read_archive([cut])
    assert read.stopped
    found = repaired(read, Repair(LISTING))
    assert found.contents["README.md"] == README
    assert found.unread["tests/test_app.py"] == MISSING
    assert "archive-truncated" in [limit.what for limit in found.limits]


def test_an_empty_file_needs_nobody_to_send_it() -> None:
    found = repaired(read_archive([archive({})]), Repair((listed("pkg/__init__.py", b""),)))
    assert found.contents == {"pkg/__init__.py": b""}


def test_a_listing_with_bad_paths_costs_those_paths() -> None:
    evil = (File("../evil", 1, "2" * 40), File("/abs", 1, "3" * 40), listed("app.py", APP), listed("app.py", README))
    found = repaired(read_archive([SENT]), Repair(evil))
    assert [file.path for file in found.files] == ["app.py"]
    assert found.contents == {"app.py": APP}


def test_missing_files_that_no_fact_reads_are_named_in_one_line() -> None:
    found = repaired(read_archive([SENT]), Repair(LISTING, {"README.md": README, "tests/test_app.py": SECRET}))
    lines = [limit.detail for limit in found.limits if limit.what == "missing-unneeded"]
    assert lines == ["icon.png and 2 more missing; of a kind of which only the name is read"]
    assert found.unread == {}
