"""From archive bytes to files: what a host sends is read right, a hostile member costs itself or the archive."""

import io
import resource
import tarfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio_audit.archive.budget import LISTED_PER_KIND, Budget
from portfolio_audit.archive.reading import Archive, read_archive
from portfolio_audit.tree import CODE_LIMIT, HEAD_BYTES, MIB, blob_oid
from tests.tars import COMMIT, END, ROOT, archive, git, header, member, padded, pax, start, zipped


def read(*parts: bytes, budget: Budget | None = None, **more: object) -> Archive:
    return read_archive([zipped(*parts)], budget=budget, **more)  # type: ignore[arg-type]


def names(found: Archive) -> list[str]:
    return [file.path for file in found.files]


def kinds(found: Archive) -> list[str]:
    return [limit.what for limit in found.limits]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real repository with all that git can hold: executable, link, submodule, odd names, long and deep paths."""
    folder = tmp_path_factory.mktemp("repository")
    git(folder, "init", "-q")
    for name, text in {
        "README.md": "# Sample\r\n",
        "src/app.py": "print('hello')\n",
        "src/app/empty.txt": "",
        "src.txt": "sorts between\n",
        "naïve name.py": "x = 1\n",
        "a" * 120 + ".txt": "long name\n",
        "/".join(["deep"] * 30) + "/file.txt": "deep\n",
        "back\\slash.py": "odd = True\n",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    (folder / "run.sh").write_text("#!/bin/sh\n")
    (folder / "run.sh").chmod(0o755)
    (folder / "link").symlink_to("src/app.py")
    (folder / "outward").symlink_to("../../" + "x" * 150)
    git(folder, "add", "-A")
    git(folder, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub/module")
    git(folder, "commit", "-q", "-m", "all")
    return folder


def packed(repository: Path) -> bytes:
    return git(repository, "archive", "--format=tar.gz", f"--prefix={ROOT}/", "HEAD")


def test_an_honest_archive_has_the_tree_hash_and_commit_that_git_says(repository: Path) -> None:
    found = read_archive([packed(repository)], submodules=(("sub/module", "1" * 40),))
    assert found.oid == git(repository, "rev-parse", "HEAD^{tree}").decode().strip()
    assert found.commit == git(repository, "rev-parse", "HEAD").decode().strip()
    assert found.stopped is None


def test_entries_have_the_kind_size_and_id_that_git_lists(repository: Path) -> None:
    found = read_archive([packed(repository)])
    listed = {}
    for line in git(repository, "ls-tree", "-rlz", "HEAD").decode().split("\0")[:-1]:
        facts, _, path = line.partition("\t")
        mode, kind, oid, size = facts.split()
        if kind == "blob" and "\\" not in path:
            kind = {"100755": "executable", "120000": "symlink"}.get(mode, "file")
            listed[path] = (int(size), oid, kind)
    assert {file.path: (file.size, file.oid, file.kind) for file in found.files} == listed
    assert found.contents["README.md"] == b"# Sample\r\n"
    assert "link" not in found.contents


def test_a_name_with_a_backslash_costs_that_file_only(repository: Path) -> None:
    found = read_archive([packed(repository)])
    assert kinds(found) == ["member-refused"]
    assert not [name for name in names(found) if "\\" in name]


BAD_NAMES = [
    b"../outside",
    b"a/../../outside",
    b"a/./b",
    b"a//b",
    b"/etc/passwd",
    b"C:\\windows\\x",
    b"C:relative",
    b"\\\\server\\share",
    b"a\\..\\..\\b",
    b".git/config",
    b"sub/.GIT/hooks/post-checkout",
    b"x" * 1100,
    b"/".join([b"d"] * 80),
    b"/".join([b"d"] * 900),
]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_bad_name_costs_that_member_and_says_so(name: bytes) -> None:
    bad = pax({"path": ROOT.encode() + b"/" + name}) + header(b"short", 4) + padded(b"evil")
    found = read(start(), member("before.py", b"1\n"), bad, member("after.py", b"2\n"), END)
    assert names(found) == ["before.py", "after.py"]
    assert kinds(found) == ["member-refused"]
    assert found.contents == {"before.py": b"1\n", "after.py": b"2\n"}


@pytest.mark.parametrize("name", [b"/absolute", b"other-folder/file", b"../file", b"file-without-folder"])
def test_what_lies_outside_the_leading_folder_is_refused(name: bytes) -> None:
    found = read(start(), header(name, 4), padded(b"evil"), member("good", b"1"), END)
    assert names(found) == ["good"]
    assert kinds(found) == ["member-refused"]


def test_a_name_with_a_nul_in_its_long_form_is_refused() -> None:
    found = read(start(), pax({"path": f"{ROOT}/safe.py\0/../../x"}), header(b"x", 1), padded(b"1"), END)
    assert names(found) == []


@pytest.mark.parametrize("kind", [b"1", b"3", b"4", b"6", b"S", b"V", b"Z"])
def test_links_devices_and_unknown_kinds_are_refused(kind: bytes) -> None:
    found = read(start(), member("bad", kind=kind, link=b"/etc/passwd"), member("good", b"1"), END)
    assert names(found) == ["good"]
    assert kinds(found) == ["member-refused"]


def test_a_sparse_file_that_claims_a_terabyte_is_refused() -> None:
    records = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": str(10**12)}
    found = read(start(), pax(records), member("sparse", b"0\n"), member("good", b"1"), END)
    assert names(found) == ["good"]


def test_symbolic_links_are_recorded_and_never_followed() -> None:
    found = read(start(), member("passwords", kind=b"2", link=b"/etc/passwd"), END)
    assert [(file.path, file.kind, file.size, file.oid) for file in found.files] == [
        ("passwords", "symlink", 11, blob_oid(b"/etc/passwd"))
    ]
    assert found.contents == {}


def test_the_first_of_two_members_with_one_name_counts() -> None:
    found = read(start(), member("a.py", b"first\n"), member("a.py", b"second\n"), END)
    assert found.contents == {"a.py": b"first\n"}
    assert kinds(found) == ["duplicate-member"]


def test_names_that_are_no_text_are_made_readable_and_still_hash_right() -> None:
    found = read(start(), member(b"caf\xe9.py", b"1\n"), member("ok\n\x1b[31m.py", b"2\n"), END)
    assert names(found) == ["caf\ufffd.py", "ok\n\x1b[31m.py"]
    for name in names(found):
        name.encode("utf-8")


def test_gnu_long_names_and_links_are_understood() -> None:
    long = f"{ROOT}/{'n' * 200}.py".encode()
    named = header(b"././@LongLink", len(long) + 1, b"L") + padded(long + b"\0")
    target = header(b"././@LongLink", 151, b"K") + padded(b"t" * 150 + b"\0")
    found = read(start(), named, header(b"cut", 2), padded(b"1\n"), target, member("link", kind=b"2"), END)
    assert [(file.path, file.size) for file in found.files] == [("n" * 200 + ".py", 2), ("link", 150)]


def test_a_size_in_an_extended_header_overrides_the_short_one() -> None:
    body = b"x" * 700
    found = read(
        start(), pax({"size": "700"}), header(f"{ROOT}/a.txt".encode(), 0), padded(body), member("b", b"1"), END
    )
    assert [(file.path, file.size) for file in found.files] == [("a.txt", 700), ("b", 1)]


def test_chained_extended_headers_cost_a_member_not_the_process() -> None:
    chain = b"".join(pax({"path": f"{ROOT}/name{number}"}) for number in range(3000))
    found = read(start(), chain, member("last", b"1"), member("good", b"2"), END)
    assert names(found) == ["good"]
    assert kinds(found) == ["member-refused"]


def test_a_huge_extended_header_costs_its_member() -> None:
    huge = pax({"path": f"{ROOT}/a", "comment": "x" * 70_000})
    found = read(start(), huge, member("a", b"1"), member("good", b"2"), END)
    assert names(found) == ["good"]


def test_a_flood_of_members_stops_at_the_budget_and_lists_few_limits() -> None:
    flood = b"".join(member(f"../{number}") for number in range(300))
    found = read(start(), flood, END, budget=Budget(members=250))
    assert found.stopped is not None
    assert len(found.limits) <= LISTED_PER_KIND + 2
    assert "archive-members" in kinds(found)


@pytest.mark.parametrize(
    "broken",
    [
        member("a")[:100] + b"7" + member("a")[101:],
        b"garbage".ljust(512, b"x"),
        member("a", raw_size=b"\xff" * 12),
        member("a", raw_size=b"99999999999\0"),
        pax({"size": "-5"}) + member("a"),
        pax({"size": "9" * 30}) + member("a"),
        header(b"pax", 20, b"x") + padded(b"999999 path=evil\n   "),
        header(b"pax", 20, b"x") + padded(b"x" * 20),
        header(b"pax", 5, b"x") + padded(b"0 a=b"),
    ],
)
def test_a_broken_header_ends_the_reading_and_is_named(broken: bytes) -> None:
    found = read(start(), member("before", b"1"), broken, member("after", b"2"), END)
    assert names(found) == ["before"]
    assert found.stopped
    assert found.oid is None
    assert kinds(found) == ["archive-corrupt"]


@pytest.mark.parametrize("size", [b"\x80" + b"\0" * 3 + b"\x7f" * 8, b"77777777777\0"])
def test_a_member_that_claims_more_than_there_is_ends_as_truncated(size: bytes) -> None:
    found = read(start(), header(f"{ROOT}/huge.py".encode(), raw_size=size), b"x" * 512)
    assert kinds(found) in (["archive-truncated"], ["file-too-large", "archive-truncated"])
    assert found.stopped


def test_every_cut_of_the_tar_is_noticed(repository: Path) -> None:
    whole = git(repository, "archive", "--format=tar", f"--prefix={ROOT}/", "HEAD")
    for end in range(0, len(whole) - 10 * 1024, 509):
        found = read(whole[:end])
        assert found.stopped is not None, end
        assert found.oid is None


def test_cut_downloads_are_noticed_at_every_offset(repository: Path) -> None:
    whole = packed(repository)
    for end in range(0, len(whole), 3):
        assert read_archive([whole[:end]]).stopped is not None, end


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_archives_never_raise_and_never_show_foreign_paths(data: st.DataObject) -> None:
    tar = bytearray(start() + member("a.py", b"1\n" * 300) + pax({"path": f"{ROOT}/b"}) + member("x", b"2") + END)
    for _ in range(data.draw(st.integers(1, 8))):
        tar[data.draw(st.integers(0, len(tar) - 1))] = data.draw(st.integers(0, 255))
    found = read(bytes(tar))
    for file in found.files:
        assert not file.path.startswith("/")
        assert ".." not in file.path.split("/")
        assert file.path.encode()


def test_data_that_no_fact_reads_is_hashed_but_not_kept() -> None:
    picture, table = b"\x89PNG" + bytes(700_000), b"a,b\n" + b"1,2\n" * 50_000
    package = b"module.exports = 1\n"
    tar = [member("p.png", picture), member("t.csv", table), member("node_modules/x/index.js", package)]
    found = read(start(), *tar, END)
    assert found.contents == {"t.csv": table[:HEAD_BYTES]}
    assert [file.oid for file in found.files] == [blob_oid(content) for content in (picture, table, package)]
    assert found.limits == ()


def test_code_that_is_too_large_keeps_its_head_and_is_reported() -> None:
    code = b"x = 1\n" * (CODE_LIMIT // 6 + 1)
    found = read(start(), member("big.py", code), END)
    assert found.contents["big.py"] == code[:HEAD_BYTES]
    assert kinds(found) == ["file-too-large"]


def test_over_the_memory_budget_files_are_unread_not_absent() -> None:
    found = read(start(), member("a.py", b"1" * 600), member("b.py", b"2" * 600), END, budget=Budget(kept=1000))
    assert names(found) == ["a.py", "b.py"]
    assert found.contents.keys() == {"a.py"}
    assert "memory" in found.unread["b.py"]
    assert kinds(found) == ["memory-budget"]


def test_a_large_archive_needs_no_more_memory_than_it_keeps() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    piece = zipped(start(), *(member(f"{number}.bin", bytes(2 * MIB)) for number in range(60)), END)
    found = read_archive([piece], budget=Budget(ratio=10_000))
    assert len(found.files) == 60
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 400 * 1024


def test_the_standard_writer_is_understood_too() -> None:
    found = read_archive([archive({"a.py": "1\n", "b/c.md": "# c\n"})])
    assert (found.commit, found.contents) == (COMMIT, {"a.py": b"1\n", "b/c.md": b"# c\n"})
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as tar:
        entry = tarfile.TarInfo(f"{ROOT}/{'long' * 40}.txt")
        entry.size = 3
        tar.addfile(entry, io.BytesIO(b"abc"))
    assert names(read(buffer.getvalue())) == ["long" * 40 + ".txt"]


def test_each_member_is_announced() -> None:
    heard: list[str] = []
    read(start(), member("a"), member("b/c"), END, on_file=heard.append)
    assert heard == ["a", "b/c"]


def test_a_comment_that_is_no_commit_is_not_taken_for_one() -> None:
    assert read(pax({"comment": "<script>"}, b"g"), member("a"), END).commit is None
