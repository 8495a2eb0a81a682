"""The child's side of a reading, run in this process: what it answers to a job, message by message."""

import io
import resource
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from portfolio_audit import confinement
from portfolio_audit import worker_wire as wire
from portfolio_audit.archive.repair import Repair
from portfolio_audit.facts.fact import TreeFact, TreeReading
from portfolio_audit.tree import SourceTree
from portfolio_audit.worker_child import Reader, fact_of
from portfolio_audit.worker_wire import Job, Page
from tests.hostile_facts import Names, Raising
from tests.tars import archive


class Greedy(TreeFact, frozen=True):
    """Finds no memory left."""

    @classmethod
    def distil(cls, tree: SourceTree) -> None:
        raise MemoryError


@pytest.fixture(autouse=True)
def no_limit_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process is no child: its own CPU seconds must not be counted."""
    monkeypatch.setattr("portfolio_audit.worker_child.allow_seconds", lambda: None)


@pytest.fixture
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    opened = Page.create(str(tmp_path_factory.mktemp("doors") / "page"))
    yield opened
    opened.close()


def answers(page: Page, job: Job, content: bytes = b"") -> list[tuple[bytes, bytes]]:
    chunks = [content[at : at + 50] for at in range(0, len(content), 50)]
    requests = b"".join(wire.frame(wire.ARCHIVE, chunk) for chunk in chunks) + wire.frame(wire.END)
    with tempfile.TemporaryFile(buffering=0) as file:
        Reader(job, io.BytesIO(requests), file, page).answer()
        file.seek(0)
        said = file.read()
    found, at = [], 0
    while at < len(said):
        kind, length = wire.HEADER.unpack_from(said, at)
        at += wire.HEADER.size + length
        found.append((kind, said[at - length : at]))
    return found


def test_the_tree_comes_first_then_each_fact_then_the_end(page: Page) -> None:
    said = answers(page, Job((Names.key(), Raising.key())), archive({"a.txt": "1\n"}))
    assert [kind for kind, _ in said] == [wire.TREE, wire.FACT, wire.FAILED, wire.DONE]
    assert said[1][1].startswith(Names.key().encode() + b"\0{")
    assert b"LookupError" in said[2][1]
    assert int(said[3][1]) > 0


def test_the_page_shows_the_file_and_fact_of_the_moment(page: Page) -> None:
    answers(page, Job((Names.key(),)), archive({"a.txt": "1\n", "z.txt": "2\n"}))
    assert page.read() == wire.Place(Names.key(), "z.txt")


def test_a_skipped_fact_is_answered_with_the_reason(page: Page) -> None:
    job = Job((Names.key(),), skipped={Names.key(): "killed the parser"})
    assert answers(page, job, archive({"a.txt": ""}))[1] == (wire.FAILED, Names.key().encode() + b"\0killed the parser")


def test_a_mismatch_ends_the_answer_after_the_tree(page: Page) -> None:
    said = answers(page, Job((Names.key(),), expected="f" * 40), archive({"a.txt": ""}))
    assert [kind for kind, _ in said] == [wire.TREE, wire.DONE]
    assert msgspec.json.decode(said[0][1], type=TreeReading).mismatch


def test_a_tree_id_of_another_hash_function_is_not_compared(page: Page) -> None:
    said = answers(page, Job((Names.key(),), expected="f" * 64), archive({"a.txt": ""}))
    assert [kind for kind, _ in said] == [wire.TREE, wire.FACT, wire.DONE]


def test_an_excluded_file_is_unread_and_the_reading_is_not_kept(page: Page) -> None:
    said = answers(page, Job((Names.key(),), excluded={"a.txt": "killed the parser"}), archive({"a.txt": "1\n"}))
    assert not msgspec.json.decode(said[0][1], type=TreeReading).cacheable
    assert b'"unread":{"a.txt":"killed the parser"}' in said[1][1]


def test_a_broken_archive_is_refused_with_a_reason(page: Page) -> None:
    assert answers(page, Job((Names.key(),)), b"no gzip") == [(wire.REFUSED, b"the archive is no valid gzip data")]


def test_a_listing_mends_a_broken_archive_as_far_as_it_goes(page: Page) -> None:
    said = answers(page, Job((Names.key(),), expected="f" * 40, repair=Repair(())), b"no gzip")
    assert [limit.what for limit in msgspec.json.decode(said[0][1], type=TreeReading).limits] == [
        "archive-corrupt",
        "tree-mismatch",
    ]


def test_a_folder_is_read_where_it_lies(page: Page, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("1\n2\n")
    said = answers(page, Job((Names.key(),), folder=str(tmp_path)))
    assert b'"lines":{"a.txt":2}' in said[1][1]
    assert answers(page, Job((), folder=str(tmp_path / "nowhere")))[0][0] == wire.REFUSED


def test_without_memory_the_process_says_so_and_ends(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    class Ended(BaseException):
        pass

    def end(code: int) -> None:
        raise Ended

    monkeypatch.setattr("os._exit", end)
    with pytest.raises(Ended):
        answers(page, Job((Greedy.key(),)), archive({"a.txt": ""}))


def test_a_fault_of_ours_is_named(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object, **more: object) -> None:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr("portfolio_audit.worker_child.read_archive", broken)
    assert answers(page, Job(()), b"") == [(wire.FAULT, b"ZeroDivisionError: ours")]


def test_only_tree_facts_are_made() -> None:
    assert fact_of(Names.key()) is Names
    for key in ("os:system", "portfolio_audit.snapshot:Value", "builtins:print"):
        with pytest.raises(TypeError):
            fact_of(key)


@pytest.mark.parametrize(
    ("event", "arguments"),
    [
        ("socket.connect", ()),
        ("subprocess.Popen", ()),
        ("os.system", ()),
        ("os.posix_spawn", ()),
        ("open", ("x", "w", 0o1101)),
        ("os.remove", ("x",)),
        ("shutil.rmtree", ("x",)),
    ],
)
def test_the_hook_refuses_what_reading_does_not_need(event: str, arguments: tuple[object, ...]) -> None:
    with pytest.raises(PermissionError):
        confinement._refuse(event, arguments)


@pytest.mark.parametrize(("event", "arguments"), [("open", ("x", "r", 0)), ("import", ("json",)), ("os.scandir", ())])
def test_the_hook_lets_reading_pass(event: str, arguments: tuple[object, ...]) -> None:
    confinement._refuse(event, arguments)


def test_limits_are_set_and_never_raised_above_those_given(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"RLIMIT_AS": 1000, "RLIMIT_NOFILE": 20}
    asked: dict[int, tuple[int, int]] = {}
    unlimited = resource.RLIM_INFINITY
    names = {getattr(resource, name): name for name in ("RLIMIT_AS", "RLIMIT_NOFILE", "RLIMIT_FSIZE", "RLIMIT_CORE")}

    def known(kind: int) -> tuple[int, int]:
        hard = given.get(names[kind], unlimited)
        return hard, hard

    monkeypatch.setattr(resource, "getrlimit", known)
    monkeypatch.setattr(resource, "setrlimit", asked.__setitem__)
    monkeypatch.setattr(sys, "addaudithook", lambda hook: None)
    confinement.confine(1 << 20, memory=5000, open_files=64)
    assert {names[kind]: limits for kind, limits in asked.items()} == {
        "RLIMIT_CORE": (0, 0),
        "RLIMIT_AS": (1000, 1000),
        "RLIMIT_NOFILE": (20, 20),
        "RLIMIT_FSIZE": (0, confinement.LARGEST_FILE),
    }
