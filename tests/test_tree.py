"""One repository's files in memory."""

import pytest

from portfolio_audit.errors import Unavailable
from portfolio_audit.tree import File, SourceTree, blob_oid, decode, retained


def tree(**contents: bytes) -> SourceTree:
    return SourceTree([File(path, len(content), blob_oid(content)) for path, content in contents.items()], contents)


def test_an_empty_file_is_read_as_empty_even_where_nothing_was_kept() -> None:
    assert SourceTree([File("a.py", 0)], {}).read("a.py") == b""


def test_an_empty_symlink_or_submodule_has_no_content() -> None:
    with pytest.raises(Unavailable):
        SourceTree([File("lib", 0, kind="submodule")], {}).read("lib")


def test_a_head_is_no_whole_file() -> None:
    cut = SourceTree([File("a.py", 10)], {"a.py": b"12345"})
    assert cut.head("a.py") == b"12345"
    with pytest.raises(Unavailable, match="too large to read whole"):
        cut.read("a.py")


def test_the_reason_for_an_unread_file_is_told() -> None:
    with pytest.raises(Unavailable, match="killed the parser"):
        SourceTree([File("a.py", 3)], {}, unread={"a.py": "killed the parser"}).read("a.py")


def test_a_reading_is_made_once_and_files_are_announced() -> None:
    seen: list[str] = []
    made: list[int] = []
    found = SourceTree([File("a.py", 1)], {"a.py": b"x"}, on_file=seen.append)

    def reading(source: SourceTree) -> str:
        made.append(1)
        return source.text("a.py")

    assert found.derive(reading) == found.derive(reading) == "x"
    assert (seen, made) == (["a.py"], [1])


def test_files_are_in_the_order_of_their_paths() -> None:
    assert [file.path for file in tree(b=b"", a=b"").files] == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "text"),
    [(b"\xef\xbb\xbfa", "a"), (b"\xff\xfea\x00", "a"), (b"\xfe\xff\x00a", "a"), (b"a\xff", "a\ufffd")],
)
def test_text_of_any_encoding_is_decoded_without_a_fault(content: bytes, text: str) -> None:
    assert decode(content) == text


def test_the_blob_id_is_what_git_gives() -> None:
    assert blob_oid(b"hello\n") == "ce013625030ba8dba906f756967f9e9ca394464a"


@pytest.mark.parametrize(
    ("path", "size", "kept"),
    [
        ("a.py", 5_000, 5_000),
        ("a.py", 3 * 2**20, 8_192),
        ("a.ipynb", 40 * 2**20, 40 * 2**20),
        ("a.ipynb", 70 * 2**20, 0),
        ("data/train.csv", 9_000_000, 8_192),
        ("weights.bin", 9_000_000, 0),
        ("Dockerfile", 900, 900),
        ("README.md", 300_000, 8_192),
        ("api/poetry.lock", 300_000, 300_000),
        ("uv.lock", 3 * 2**20, 8_192),
        ("web/yarn.lock", 300_000, 8_192),
    ],
)
def test_as_much_is_kept_as_facts_read(path: str, size: int, kept: int) -> None:
    assert retained(path, size) == kept
