"""A folder as it lies on disk: what belongs to it, what does not, and what could not be read."""

import os
import socket
import struct
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from portfolio_audit.archive.budget import Budget
from portfolio_audit.archive.oids import Entry, tree_oid
from portfolio_audit.errors import Unavailable, UsageError
from portfolio_audit.sources import local
from portfolio_audit.sources.folder import Folder, Item
from portfolio_audit.sources.gitindex import Unreadable, read_index
from portfolio_audit.tree import blob_oid
from tests.tars import git

FILES = {"README.md": "# Sample\n", "src/app.py": "print('a')\n", "data/iris.csv": "a,b\n1,2\n"}


def put(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder


def make(folder: Path, files: dict[str, str] = FILES) -> Path:
    """A repository with one commit of these files."""
    put(folder, files)
    git(folder, "init", "-q")
    git(folder, "add", "-A", "-f")
    git(folder, "commit", "-q", "-m", "all")
    return folder


def paths(opened: local.Opened) -> list[str]:
    return [file.path for file in opened.tree.files]


def whats(opened: local.Opened) -> set[str]:
    return {limit.what for limit in opened.tree.limits}


def head(folder: Path) -> str:
    return git(folder, "rev-parse", "HEAD").decode().strip()


@pytest.mark.parametrize("version", [2, 3, 4])
def test_a_clean_checkout_is_the_tree_of_its_commit(tmp_path: Path, version: int) -> None:
    many = {f"folder{number % 7}/deep/file{number}.py": f"x = {number}\n" for number in range(60)}
    make(tmp_path, {**FILES, **many, "naïve name.txt": "x", "a" * 150: "long"})
    (tmp_path / "run.sh").write_text("#!/bin/sh\n")
    (tmp_path / "run.sh").chmod(0o755)
    (tmp_path / "link").symlink_to("README.md")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "more")
    if version == 3:
        (tmp_path / "later.py").write_text("")
        git(tmp_path, "add", "-N", "later.py")
        git(tmp_path, "reset", "-q", "later.py")
        (tmp_path / "later.py").unlink()
    git(tmp_path, "update-index", "--index-version", str(version))
    opened = local.open_tree(tmp_path)
    oid = tree_oid(Entry(file.path.encode(), file.kind, file.oid or "") for file in opened.tree.files)
    assert oid == git(tmp_path, "rev-parse", "HEAD^{tree}").decode().strip()
    assert opened.commit == head(tmp_path)
    assert opened.changed == ()
    assert opened.tree.limits == ()


def test_contents_are_the_bytes_on_disk(tmp_path: Path) -> None:
    make(tmp_path, {"a.py": "1\r\n2\r\n3\n"})
    assert local.open_tree(tmp_path).tree.read("a.py") == b"1\r\n2\r\n3\n"


def test_what_differs_from_the_commit_is_named(tmp_path: Path) -> None:
    make(tmp_path)
    put(tmp_path, {"src/app.py": "print('changed')\n", "new.py": "1\n"})
    (tmp_path / "data/iris.csv").unlink()
    opened = local.open_tree(tmp_path)
    assert paths(opened) == ["README.md", "new.py", "src/app.py"]
    assert opened.changed == ("new.py", "src/app.py")
    assert opened.commit == head(tmp_path)
    assert opened.tree.text("src/app.py") == "print('changed')\n"
    assert whats(opened) == set()


def test_a_staged_change_belongs_to_no_commit(tmp_path: Path) -> None:
    make(tmp_path)
    put(tmp_path, {"src/app.py": "print('staged')\n"})
    git(tmp_path, "add", "-A")
    assert local.open_tree(tmp_path).commit is None


def test_packed_objects_and_refs_are_found(tmp_path: Path) -> None:
    make(tmp_path)
    git(tmp_path, "gc", "-q")
    assert not (tmp_path / ".git/refs/heads/main").exists()
    opened = local.open_tree(tmp_path)
    assert opened.commit == head(tmp_path)
    (tmp_path / "README.md").unlink()
    assert whats(local.open_tree(tmp_path)) == set()


def test_ignored_files_are_left_out_unless_tracked(tmp_path: Path) -> None:
    make(tmp_path, {"kept.log": "tracked\n", "build/keep.txt": "tracked\n", "README.md": "x"})
    rules = "*.log\n/build/\nsecret*\n!secret-but-shown\n"
    put(tmp_path, {".gitignore": rules, "sub/.gitignore": "!special.log\nlocal.py\n"})
    untracked = "other.log build/new.txt secret.txt secret-but-shown sub/special.log sub/local.py local.py excluded.txt"
    put(tmp_path, dict.fromkeys([*untracked.split(), "sub/build/file.txt"], "x\n"))
    (tmp_path / ".git/info/exclude").write_text("excluded.txt\n")
    found = set(paths(local.open_tree(tmp_path)))
    listed = git(tmp_path, "ls-files", "-co", "--exclude-standard", "-z").decode().split("\0")
    assert found == set(listed) - {""}
    assert {"kept.log", "build/keep.txt", "secret-but-shown", "sub/special.log", "local.py"} <= found
    assert found.isdisjoint({"other.log", "build/new.txt", "secret.txt", "sub/local.py", "excluded.txt"})


def test_without_a_git_folder_ignore_rules_do_not_count(tmp_path: Path) -> None:
    put(tmp_path, {".gitignore": "*.py\n", "app.py": "1\n"})
    assert paths(local.open_tree(tmp_path)) == [".gitignore", "app.py"]


def test_nothing_above_the_path_is_read(tmp_path: Path) -> None:
    make(tmp_path, {"README.md": "outer", "inner/app.py": "1\n"})
    put(tmp_path, {".gitignore": "*.py\n", "inner/other.py": "2\n"})
    inner = tmp_path / "inner"
    assert paths(local.open_tree(inner)) == ["app.py", "other.py"]
    record = local.snapshot(inner).repositories[0]
    assert (record.head, record.url) == (None, None)


def test_hostile_ignore_rules_are_bounded_and_reported(tmp_path: Path) -> None:
    make(tmp_path)
    put(tmp_path, {".gitignore": "*a*a*a*a*a*a*a*a*b\n" + "**/a/" * 40 + "\nnormal.txt\n", "normal.txt": "x"})
    put(tmp_path, {"a" * 250: "x"})
    opened = local.open_tree(tmp_path)
    assert "normal.txt" not in paths(opened)
    assert "a" * 250 in paths(opened)
    assert whats(opened) == {"ignore-rule"}


def test_rules_of_common_templates_are_no_hostile_ones(tmp_path: Path) -> None:
    make(tmp_path)
    put(
        tmp_path,
        {".gitignore": "report.[0-9]*.[0-9]*.[0-9]*.[0-9]*.json\n**/__pycache__/**\n", "report.1.2.3.4.json": "{}"},
    )
    opened = local.open_tree(tmp_path)
    assert "report.1.2.3.4.json" not in paths(opened)
    assert whats(opened) == set()


def test_links_are_listed_and_not_followed(tmp_path: Path) -> None:
    outside = put(tmp_path / "outside", {"secret.py": "canary\n"})
    inside = put(tmp_path / "inside", {"a.py": "1\n"})
    (inside / "folder").symlink_to(outside)
    (inside / "file.py").symlink_to(outside / "secret.py")
    opened = local.open_tree(inside)
    assert [(file.path, file.kind) for file in opened.tree.files] == [
        ("a.py", "file"),
        ("file.py", "symlink"),
        ("folder", "symlink"),
    ]
    with pytest.raises(Unavailable):
        opened.tree.read("file.py")


def test_a_git_folder_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    real = make(tmp_path / "real")
    fake = put(tmp_path / "fake", {"a.py": "1\n"})
    (fake / ".git").symlink_to(real / ".git")
    assert local.snapshot(fake).repositories[0].head is None
    assert local.open_tree(fake).commit is None


def test_a_git_file_that_points_elsewhere_is_not_followed(tmp_path: Path) -> None:
    make(tmp_path / "main")
    git(tmp_path / "main", "worktree", "add", "-q", str(tmp_path / "tree"))
    assert local.snapshot(tmp_path / "tree").repositories[0].head is None
    opened = local.open_tree(tmp_path / "tree")
    assert paths(opened) == sorted(FILES)
    assert whats(opened) == {"git-index-unread"}


def test_pipes_and_sockets_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, {"a.py": "1\n"})
    os.mkfifo(tmp_path / "pipe.py")
    with socket.socket(socket.AF_UNIX) as server:
        monkeypatch.chdir(tmp_path)
        server.bind("plug")
    opened = local.open_tree(tmp_path)
    assert paths(opened) == ["a.py"]
    assert whats(opened) == {"not-a-file"}


def test_package_folders_are_listed_but_not_read(tmp_path: Path) -> None:
    make(tmp_path, {"app.py": "1\n", "node_modules/x/index.js": "x"})
    put(tmp_path, {f"venv/lib/{number}.py": "x" for number in range(30)})
    opened = local.open_tree(tmp_path, budget=Budget(vendored=10))
    assert "node_modules/x/index.js" in paths(opened)
    assert sum(path.startswith("venv/") for path in paths(opened)) == 10
    assert whats(opened) == {"vendored-not-listed"}
    with pytest.raises(Unavailable):
        opened.tree.read("node_modules/x/index.js")


def test_submodules_are_listed_and_nested_repositories_left_out(tmp_path: Path) -> None:
    make(tmp_path)
    make(tmp_path / "module", {"theirs.py": "1\n"})
    git(tmp_path, "add", "module")
    make(tmp_path / "stray", {"other.py": "1\n"})
    opened = local.open_tree(tmp_path)
    assert [(file.path, file.oid) for file in opened.tree.files if file.kind == "submodule"] == [
        ("module", head(tmp_path / "module"))
    ]
    assert not [path for path in paths(opened) if path.startswith("stray")]
    assert whats(opened) == {"nested-repository"}


def lose(folder: Path, oid: str) -> None:
    file = folder / ".git/objects" / oid[:2] / oid[2:]
    file.chmod(0o600)
    file.unlink()


def test_a_tracked_file_without_object_and_file_is_unread_not_absent(tmp_path: Path) -> None:
    make(tmp_path)
    for name in FILES:
        (tmp_path / name).unlink()
    lose(tmp_path, blob_oid(FILES["src/app.py"].encode()))
    opened = local.open_tree(tmp_path)
    assert paths(opened) == ["src/app.py"]
    assert opened.tree.unread == {"src/app.py": "missing blob"}
    assert [(limit.what, limit.where) for limit in opened.tree.limits] == [("missing-blob", "src/app.py")]


def test_where_objects_may_be_kept_elsewhere_absence_is_not_claimed(tmp_path: Path) -> None:
    make(tmp_path / "origin")
    git(tmp_path, "clone", "-q", "--shared", str(tmp_path / "origin"), "copy")
    (tmp_path / "copy/src/app.py").unlink()
    assert local.open_tree(tmp_path / "copy").tree.unread == {"src/app.py": "missing blob"}


def test_a_sparse_checkout_says_what_is_not_checked_out(tmp_path: Path) -> None:
    make(tmp_path)
    git(tmp_path, "sparse-checkout", "set", "--no-cone", "README.md")
    opened = local.open_tree(tmp_path)
    assert opened.tree.unread["src/app.py"] == "not checked out"
    assert "not-checked-out" in whats(opened)


def test_a_sparse_index_is_unavailable(tmp_path: Path) -> None:
    make(tmp_path)
    git(tmp_path, "sparse-checkout", "set", "--cone", "--sparse-index", "data")
    with pytest.raises(Unavailable, match="sparse"):
        local.open_tree(tmp_path)


def test_a_reference_to_a_reference_is_followed_a_few_times_only(tmp_path: Path) -> None:
    make(tmp_path)
    expected = head(tmp_path)
    git(tmp_path, "symbolic-ref", "refs/heads/alias", "refs/heads/main")
    git(tmp_path, "symbolic-ref", "HEAD", "refs/heads/alias")
    assert local.snapshot(tmp_path).repositories[0].head == expected
    git(tmp_path, "symbolic-ref", "refs/heads/main", "refs/heads/alias")
    assert local.snapshot(tmp_path).repositories[0].head is None


def test_a_folder_that_vanishes_is_unavailable_not_a_crash(tmp_path: Path) -> None:
    make(tmp_path / "one")
    (tmp_path / "two").mkdir()
    with pytest.raises(Unavailable):
        local.open_tree(tmp_path / "gone")


def test_a_split_index_is_reported(tmp_path: Path) -> None:
    make(tmp_path)
    git(tmp_path, "update-index", "--split-index")
    opened = local.open_tree(tmp_path)
    assert paths(opened) == sorted(FILES)
    assert whats(opened) == {"git-index-unread"}
    assert opened.commit is None


def test_a_folder_that_cannot_be_opened_makes_its_tracked_files_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path)
    honest = Folder.items

    def closed(self: Folder, path: bytes = b"") -> Iterator[Item]:
        if path == b"src":
            raise PermissionError(13, "Permission denied")
        return honest(self, path)

    monkeypatch.setattr(Folder, "items", closed)
    opened = local.open_tree(tmp_path)
    assert opened.tree.unread == {"src/app.py": "folder unread"}
    assert "folder-unread" in whats(opened)


def test_a_file_that_cannot_be_opened_is_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, {"a.py": "1\n", "b.py": "2\n"})
    honest = Folder.opened

    def closed(self: Folder, path: bytes) -> AbstractContextManager[int]:
        if path == b"b.py":
            raise PermissionError(13, "Permission denied")
        return honest(self, path)

    monkeypatch.setattr(Folder, "opened", closed)
    opened = local.open_tree(tmp_path)
    assert "Permission denied" in opened.tree.unread["b.py"]
    assert whats(opened) == {"file-unread"}
    assert opened.tree.read("a.py") == b"1\n"


def test_large_data_is_known_by_the_id_that_git_gave_it(tmp_path: Path) -> None:
    make(tmp_path, {"big.csv": "a,b\n" + "1,2\n" * 5000, "picture.png": "x" * 600_000})
    put(tmp_path, {"untracked.png": "y" * 600_000})
    opened = local.open_tree(tmp_path, budget=Budget(expanded=1000))
    oids = {file.path: file.oid for file in opened.tree.files}
    assert oids["big.csv"] == git(tmp_path, "rev-parse", "HEAD:big.csv").decode().strip()
    assert oids["picture.png"] == git(tmp_path, "rev-parse", "HEAD:picture.png").decode().strip()
    assert oids["untracked.png"] is None
    assert opened.tree.head("big.csv").startswith(b"a,b\n1,2\n")
    assert opened.changed == ("untracked.png",)


def test_two_names_that_read_the_same_are_one_file_with_the_first_content(tmp_path: Path) -> None:
    for number, name in enumerate((b"caf\xe8.py", b"caf\xe9.py")):
        with open(os.fsencode(tmp_path) + b"/" + name, "w") as file:
            file.write(f"{number}\n")
    opened = local.open_tree(tmp_path)
    assert paths(opened) == ["caf\ufffd.py"]
    assert opened.tree.read("caf\ufffd.py") == b"0\n"
    assert whats(opened) == {"duplicate-member"}


def test_a_commit_packed_as_a_difference_gives_no_links_rather_than_wrong_ones(tmp_path: Path) -> None:
    make(tmp_path)
    git(tmp_path, "gc", "-q")
    for pack in (tmp_path / ".git/objects/pack").glob("*.pack"):
        content = bytearray(pack.read_bytes())
        pack.chmod(0o600)
        pack.write_bytes(content[:12] + bytes(len(content) - 12))
    opened = local.open_tree(tmp_path)
    assert opened.commit is None
    assert paths(opened) == sorted(FILES)


def test_damaged_pack_indexes_claim_nothing(tmp_path: Path) -> None:
    make(tmp_path)
    git(tmp_path, "gc", "-q")
    (tmp_path / "src/app.py").unlink()
    for index in (tmp_path / ".git/objects/pack").glob("*.idx"):
        index.chmod(0o600)
        index.write_bytes(b"garbage")
    assert local.open_tree(tmp_path).tree.unread == {"src/app.py": "missing blob"}


def test_a_file_that_killed_the_parser_is_left_out(tmp_path: Path) -> None:
    put(tmp_path, {"a.py": "1\n", "b.py": "2\n"})
    opened = local.open_tree(tmp_path, excluded={"b.py": "killed the parser"})
    assert opened.tree.unread == {"b.py": "killed the parser"}
    assert whats(opened) == {"file-killed-parser"}


def test_too_many_entries_or_levels_are_bounded(tmp_path: Path) -> None:
    put(tmp_path, {f"{number}.py": "" for number in range(20)})
    with pytest.raises(Unavailable, match="more than 10"):
        local.open_tree(tmp_path, budget=Budget(members=10))
    put(tmp_path, {"/".join(["d"] * 80) + "/x.py": ""})
    opened = local.open_tree(tmp_path)
    assert len(paths(opened)) == 20
    assert whats(opened) == {"member-refused"}


def test_each_file_is_announced_before_it_is_read(tmp_path: Path) -> None:
    heard: list[str] = []
    local.open_tree(put(tmp_path, {"a.py": "1\n", "b/c.py": "2\n"}), on_file=heard.append)
    assert {"a.py", "b/c.py"} <= set(heard)


CANARY = """[core]
\trepositoryformatversion = 0
\tfsmonitor = {program}
\thooksPath = {folder}
\tsshCommand = {program}
\tpager = {program}
[filter "x"]
\tclean = {program}
\tsmudge = {program}
\tprocess = {program}
[diff]
\texternal = {program}
[alias]
\tstatus = !{program}
[include]
\tpath = {program}
"""


def test_programs_named_in_a_hostile_configuration_do_not_run(tmp_path: Path) -> None:
    folder = make(tmp_path / "repository")
    program, mark = tmp_path / "program", tmp_path / "it-ran"
    program.write_text(f"#!/bin/sh\ntouch {mark}\n")
    program.chmod(0o755)
    (folder / ".git/config").write_text(CANARY.format(program=program, folder=tmp_path))
    put(folder, {".gitattributes": "* filter=x\n", "src/app.py": "changed\n"})
    for hook in ("post-index-change", "post-checkout", "fsmonitor-watchman", "pre-commit"):
        (folder / ".git/hooks").mkdir(exist_ok=True)
        (folder / ".git/hooks" / hook).symlink_to(program)
    before = sorted(path for path in tmp_path.rglob("*"))
    local.snapshot(folder)
    local.open_tree(folder)
    assert not mark.exists()
    assert sorted(path for path in tmp_path.rglob("*")) == before


REMOTES = [
    ("https://github.com/sample-owner/tool.git", "https://github.com/sample-owner/tool"),
    ("https://x-access-token:canary@github.com/sample-owner/tool", "https://github.com/sample-owner/tool"),
    ("git@github.com:sample-owner/tool.git", "https://github.com/sample-owner/tool"),
    ("ssh://git@github.com:22/sample-owner/tool.name.git", "https://github.com/sample-owner/tool.name"),
    ("https://github.company.example/sample-owner/tool/", "https://github.company.example/sample-owner/tool"),
    ("https://gitlab.com/sample-owner/tool", None),
    ("https://github.com.evil.example/sample-owner/tool", None),
    ("https://evil.example/github.com/sample-owner/tool", None),
    ("/srv/github.com/sample-owner/tool", None),
    ("javascript:alert(1)//github.com/a/b", None),
    ("https://github.com/sample-owner/tool?x=<script>", None),
    ("", None),
]


@pytest.mark.parametrize(("address", "url"), REMOTES)
def test_the_origin_gives_a_permanent_address_without_credentials(tmp_path: Path, address: str, url: str) -> None:
    make(tmp_path)
    if address:
        git(tmp_path, "remote", "add", "upstream", "https://github.com/somebody-else/thing")
        git(tmp_path, "remote", "add", "origin", address)
    record = local.snapshot(tmp_path).repositories[0]
    assert record.url == url
    assert "canary" not in repr(record)
    assert record.full_name == (url.split("/", 3)[3] if url else tmp_path.name)


def test_a_snapshot_says_what_git_knows_and_what_nobody_can_know_here(tmp_path: Path) -> None:
    make(tmp_path)
    snapshot = local.snapshot(tmp_path)
    (record,) = snapshot.repositories
    assert (snapshot.mode, snapshot.scope, snapshot.owner.kind) == ("local", "repository", "Folder")
    assert (record.head, record.default_branch) == (head(tmp_path), "main")
    assert record.committed_at == "2024-05-06T07:08:09Z"
    assert {"pinned", "contributions", "probes"} <= snapshot.unavailable.keys()
    assert str(tmp_path.parent) not in repr(snapshot)
    assert local.folder_of(tmp_path, record) == tmp_path


def test_a_detached_head_has_a_commit_and_no_branch(tmp_path: Path) -> None:
    make(tmp_path)
    git(tmp_path, "checkout", "-q", "--detach")
    record = local.snapshot(tmp_path).repositories[0]
    assert (record.head, record.default_branch) == (head(tmp_path), None)


def test_a_repository_without_commits_has_no_head(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    record = local.snapshot(tmp_path).repositories[0]
    assert (record.head, record.empty) == (None, True)


@pytest.mark.parametrize(
    "content", [b"ref: refs/heads/../../../../etc/passwd", b"ref: /etc/passwd", b"\0" * 50, b"x" * 10_000, b""]
)
def test_a_strange_head_is_no_head(tmp_path: Path, content: bytes) -> None:
    make(tmp_path)
    (tmp_path / ".git/HEAD").write_bytes(content)
    assert local.snapshot(tmp_path).repositories[0].head is None


def test_a_folder_of_repositories_has_one_entry_for_each_folder(tmp_path: Path) -> None:
    make(tmp_path / "one")
    make(tmp_path / "two")
    put(tmp_path / "plain", {"a.py": "1\n"})
    (tmp_path / ".DS_Store").write_text("")
    (tmp_path / ".hidden").mkdir()
    snapshot = local.snapshot(tmp_path)
    assert snapshot.scope == "folder"
    assert [record.name for record in snapshot.repositories] == ["one", "plain", "two"]
    assert snapshot.repository_count == 3
    assert local.folder_of(tmp_path, snapshot.repositories[2]) == tmp_path / "two"


@pytest.mark.parametrize("extra", ["README.md", ".git/HEAD"])
def test_files_or_a_git_folder_of_its_own_make_it_one_repository(tmp_path: Path, extra: str) -> None:
    make(tmp_path / "one")
    put(tmp_path, {extra: "x"})
    snapshot = local.snapshot(tmp_path)
    assert snapshot.scope == "repository"
    assert [record.id for record in snapshot.repositories] == ["."]


def test_folders_without_any_repository_are_one_repository(tmp_path: Path) -> None:
    put(tmp_path, {"src/a.py": "1\n", "tests/b.py": "2\n"})
    assert local.snapshot(tmp_path).scope == "repository"


def test_repositories_inside_a_plain_folder_with_files_are_part_of_it(tmp_path: Path) -> None:
    put(tmp_path, {"README.md": "x"})
    make(tmp_path / "one", {"app.py": "1\n", ".gitignore": "*.log\n"})
    put(tmp_path / "one", {"noise.log": "x"})
    assert paths(local.open_tree(tmp_path)) == ["README.md", "one/.gitignore", "one/app.py"]


def test_a_bare_repository_or_no_folder_is_a_wrong_use_with_a_hint(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "store.git")
    (tmp_path / "file").write_text("")
    for path in ("store.git", "file", "nowhere", "nul\0byte"):
        with pytest.raises(UsageError) as refused:
            local.snapshot(tmp_path / path)
        assert refused.value.hint
    with pytest.raises(UsageError, match="bare"):
        local.snapshot(tmp_path / "store.git")


def test_every_cut_and_flip_of_an_index_is_refused_or_read_within_bounds(tmp_path: Path) -> None:
    make(tmp_path)
    for version in ("2", "4"):
        git(tmp_path, "update-index", "--index-version", version)
        whole = (tmp_path / ".git/index").read_bytes()
        assert len(read_index(whole)) == len(FILES)
        for at in range(len(whole)):
            for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]):
                try:
                    assert len(read_index(damaged)) <= len(FILES)
                except Unreadable:
                    continue


@pytest.mark.parametrize("count", [200_001, 0xFFFFFFFF])
def test_an_index_that_claims_too_much_is_refused(count: int) -> None:
    with pytest.raises(Unreadable):
        read_index(struct.pack(">4sII", b"DIRC", 2, count) + bytes(1000))


def test_a_damaged_index_costs_the_index_only(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / ".git/index").write_bytes(b"DIRC\0\0\0\2\0\0\0\5garbage")
    opened = local.open_tree(tmp_path)
    assert paths(opened) == sorted(FILES)
    assert whats(opened) == {"git-index-unread"}
