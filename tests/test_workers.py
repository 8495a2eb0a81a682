"""Reading processes: good files survive bad ones, and the reading says what was lost."""

import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from portfolio_audit.archive.repair import Repair
from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.fact import Fact, TreeFact, TreeReading
from portfolio_audit.tree import File, blob_oid
from portfolio_audit.workers import Bounds, Workers, installed_paths
from tests.hostile_facts import Brooding, Dawdling, Hostile, Names, Raising, Reaching
from tests.tars import COMMIT, archive

ROOT = Path(__file__).parent.parent
QUICK = Bounds(file_seconds=1.0, wall_seconds=600)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(count=2, bounds=QUICK) as shared:
        yield shared


def value(reading: TreeReading, kind: type[Fact]) -> dict[str, object]:
    decoded: dict[str, object] = json.loads(bytes(reading.facts[kind.key()]))  # type: ignore[attr-defined]
    return decoded


def read(workers: Workers, files: dict[str, str], *kinds: type[TreeFact]) -> TreeReading:
    return workers.read_archive(archive(files), kinds, expected=None)


def test_an_archive_becomes_facts(workers: Workers) -> None:
    reading = read(workers, {"a.txt": "1\n2\n", "b/c.md": "x"}, Names)
    assert value(reading, Names) == {"lines": {"a.txt": 2, "b/c.md": 0}}
    assert reading.commit == COMMIT
    assert reading.cacheable
    assert reading.failed == {}


DEATHS = ["segfault", "abort", "exit", "loop", "hog"]


@pytest.mark.parametrize("death", DEATHS)
def test_a_file_that_kills_costs_itself(workers: Workers, death: str) -> None:
    reading = read(workers, {"good.txt": "fine\n", "killer.txt": death, "later.txt": "fine\n"}, Names, Hostile)
    assert value(reading, Hostile)["read"] == ["good.txt", "later.txt"]
    assert value(reading, Names)["lines"] == {"good.txt": 1, "later.txt": 1}
    assert list(value(reading, Names)["unread"]) == ["killer.txt"]  # type: ignore[call-overload]
    assert [(limit.what, limit.where) for limit in reading.limits] == [("file-killed-parser", "killer.txt")]
    assert not reading.cacheable


def test_a_child_that_says_impossible_things_is_not_believed_at_all(workers: Workers) -> None:
    with pytest.raises(Unavailable, match="impossible"):
        read(workers, {"good.txt": "fine\n", "killer.txt": "impostor", "later.txt": "loop"}, Names, Hostile)
    assert value(read(workers, {"a.txt": "1\n"}, Names), Names)["lines"] == {"a.txt": 1}


def test_several_killers_in_one_repository_are_all_found(workers: Workers) -> None:
    files = {f"{number}-{death}.txt": death for number, death in enumerate(["abort", "segfault", "exit"])}
    reading = read(workers, {**files, "good.txt": "fine\n"}, Hostile)
    assert value(reading, Hostile)["read"] == ["good.txt"]


def test_too_many_killers_make_the_repository_unavailable_and_spare_the_next(workers: Workers) -> None:
    with pytest.raises(Unavailable, match="killed the parser"):
        read(workers, {f"{number}.txt": "abort" for number in range(9)}, Hostile)
    assert value(read(workers, {"a.txt": "1\n"}, Names), Names)["lines"] == {"a.txt": 1}


def test_a_fact_that_hangs_without_a_file_costs_that_fact(workers: Workers) -> None:
    reading = read(workers, {"a.txt": "1\n"}, Brooding, Names)
    assert "held up" in reading.failed[Brooding.key()]
    assert value(reading, Names)["lines"] == {"a.txt": 1}
    assert not reading.cacheable


def test_the_deadline_of_a_repository_keeps_what_was_there() -> None:
    def clock() -> float:
        """Real time, until the slow fact has begun; then two minutes are over."""
        slow = any("Dawdling" in process._page.read().fact for process in ours._all)
        return time.monotonic() + (1000 if slow else 0)

    with Workers(count=1, clock=clock) as ours:
        reading = read(ours, {"a.txt": "1\n"}, Names, Dawdling, Raising)
    assert value(reading, Names)["lines"] == {"a.txt": 1}
    assert reading.failed.keys() == {Dawdling.key(), Raising.key()}
    assert [limit.what for limit in reading.limits] == ["time-budget"]
    assert not reading.cacheable


def test_an_ordinary_bug_costs_one_fact(workers: Workers) -> None:
    reading = read(workers, {"a.txt": "1\n"}, Raising, Names)
    assert "LookupError" in reading.failed[Raising.key()]
    assert Names.key() in reading.facts
    assert reading.cacheable


def test_children_reach_nothing_and_see_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "canary-token")
    with Workers(count=1) as workers:
        reading = read(workers, {"a.txt": "1\n"}, Reaching)
        (process,) = workers._all
        inherited = Path(f"/proc/{process.pid}/environ")
        if inherited.exists():
            assert b"canary-token" not in inherited.read_bytes()
            assert b"HOME=" in inherited.read_bytes()  # without it the interpreter asks a name service, over a socket
    seen = value(reading, Reaching)
    assert "managed" not in seen
    assert "canary-token" not in str(seen["environment"])
    assert "folder" not in seen


def test_a_short_archive_is_answered_with_what_is_there_and_no_fact(workers: Workers) -> None:
    reading = workers.read_archive(archive({"a.txt": "1\n"}), (Names,), expected="f" * 40)
    assert reading.mismatch
    assert [file.path for file in reading.files] == ["a.txt"]
    assert reading.facts == {}
    assert not reading.cacheable or reading.mismatch


def test_a_repair_completes_it(workers: Workers) -> None:
    content = {"a.txt": b"1\n", "hidden.txt": b"1\n2\n"}
    listing = tuple(File(path, len(text), blob_oid(text)) for path, text in content.items())
    whole = workers.read_archive(archive(content), (Names,), expected=None)
    short = archive({"a.txt": "1\n"})
    reading = workers.read_archive(
        short, (Names,), expected=whole.tree, repair=Repair(listing, {"hidden.txt": content["hidden.txt"]})
    )
    assert value(reading, Names) == value(whole, Names)
    assert reading.cacheable
    partial = workers.read_archive(short, (Names,), expected=whole.tree, repair=Repair(listing))
    assert list(value(partial, Names)["unread"]) == ["hidden.txt"]  # type: ignore[call-overload]
    assert not partial.cacheable


def test_a_listing_of_another_tree_is_reported(workers: Workers) -> None:
    repair = Repair((File("a.txt", 2, blob_oid(b"1\n")),))
    reading = workers.read_archive(archive({"a.txt": "1\n"}), (Names,), expected="f" * 40, repair=repair)
    assert [limit.what for limit in reading.limits] == ["tree-mismatch"]
    assert not reading.cacheable


@pytest.mark.parametrize("content", [b"", b"<html>not found</html>", archive({"a.txt": "1\n" * 5000})[:-30]])
def test_a_broken_archive_is_unavailable_or_asks_for_a_listing(workers: Workers, content: bytes) -> None:
    with pytest.raises(Unavailable):
        workers.read_archive(content, (Names,), expected=None)
    assert workers.read_archive(content, (Names,), expected="f" * 40).mismatch


def test_a_folder_is_read_as_it_lies(workers: Workers, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"1\r\n2\r\n")
    (tmp_path / "killer.txt").write_text("abort")
    reading = workers.read_folder(tmp_path, (Names, Hostile))
    assert value(reading, Names)["lines"] == {"a.txt": 2}
    assert list(value(reading, Names)["unread"]) == ["killer.txt"]  # type: ignore[call-overload]
    with pytest.raises(Unavailable):
        workers.read_folder(tmp_path / "nowhere", (Names,))


def test_modules_in_the_audited_folder_are_never_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("json", "msgspec", "sitecustomize", "usercustomize", "tarfile", "setup", "conftest", "typing"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'it-ran')!r}, 'w')\n")
    (tmp_path / "evil.pth").write_text(f"import os; open({str(tmp_path / 'it-ran')!r}, 'w')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "json.py"))
    with Workers(count=1) as fresh:
        reading = fresh.read_folder(".", (Names,))
    assert len(value(reading, Names)["lines"]) == 9  # type: ignore[arg-type]
    assert not (tmp_path / "it-ran").exists()


def test_a_large_archive_and_a_silent_child_do_not_wait_for_each_other(workers: Workers) -> None:
    files = {f"{number}.txt": "line\n" * 40_000 for number in range(60)}
    assert len(value(read(workers, files, Names), Names)["lines"]) == 60  # type: ignore[arg-type]


def test_many_threads_share_few_processes() -> None:
    with Workers(count=2) as workers, ThreadPoolExecutor(8) as threads:
        readings = list(threads.map(lambda number: read(workers, {f"{number}.txt": "x\n"}, Names), range(24)))
        assert len(workers._all) <= 2
    assert [value(reading, Names)["lines"] for reading in readings] == [{f"{number}.txt": 1} for number in range(24)]


def test_warmed_processes_serve_the_first_readings() -> None:
    with Workers(count=2) as workers:
        workers.warm((Names,))
        for thread in threading.enumerate():
            if thread.name == "warm":
                thread.join()
        pids = {process.pid for process in workers._all}
        assert 1 <= len(pids) <= 2
        assert value(read(workers, {"a.txt": "1\n"}, Names), Names)["lines"] == {"a.txt": 1}
        assert {process.pid for process in workers._all} == pids


def test_a_process_is_replaced_after_its_share_of_work() -> None:
    with Workers(count=1, bounds=Bounds(repositories=2)) as workers:
        pids = []
        for _ in range(4):
            read(workers, {"a.txt": "1\n"}, Names)
            pids += [process.pid for process in workers._all]
    assert len(set(pids)) == 2


def test_memory_that_the_parent_held_does_not_count_against_a_child() -> None:
    held = b"x" * (300 * 1024 * 1024)
    with Workers(count=1) as workers:
        read(workers, {"a.txt": "1\n"}, Names)
        assert len(workers._all) == 1
    del held


def test_a_process_that_died_while_idle_is_no_fault_of_the_next_repository() -> None:
    with Workers(count=1) as workers:
        read(workers, {"a.txt": "1\n"}, Names)
        (process,) = workers._all
        process.signal()
        reading = read(workers, {"a.txt": "1\n"}, Names)
    assert reading.limits == ()
    assert reading.cacheable


def test_closing_ends_the_children_and_refuses_more() -> None:
    workers = Workers(count=1)
    read(workers, {"a.txt": "1\n"}, Names)
    (process,) = workers._all
    workers.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)
    with pytest.raises(Unavailable):
        read(workers, {"a.txt": "1\n"}, Names)


ORPHANS = """
import os, signal, sys, threading
from portfolio_audit.workers import Workers, installed_paths
from tests.hostile_facts import Brooding, Names
from tests.tars import archive
workers = Workers(count=1, search_path=[os.getcwd(), *installed_paths()])
workers.read_archive(archive({"a.txt": "x"}), (Names,), expected=None)
(process,) = workers._all
if sys.argv[1] == "busy":
    call = threading.Thread(target=workers.read_archive, args=(archive({"a.txt": "x"}), (Brooding,)),
                            kwargs={"expected": None}, daemon=True)
    call.start()
    while "Brooding" not in process._page.read().fact:
        pass
print(process.pid, flush=True)
sys.stdin.readline()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="watches the process by a Linux call")
@pytest.mark.parametrize("state", ["idle", "busy"])
def test_children_die_with_a_parent_that_is_killed(state: str) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", ORPHANS, state], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True
    )
    assert parent.stdout is not None
    watched = os.pidfd_open(int(parent.stdout.readline()))
    parent.communicate("now\n")
    try:
        ended, _, _ = select.select([watched], [], [], 20)
    finally:
        os.close(watched)
    assert ended, "the child outlived its parent"


def test_closing_frees_a_thread_that_waits() -> None:
    workers = Workers(count=1, bounds=Bounds(file_seconds=60, wall_seconds=60))
    read(workers, {"a.txt": "x"}, Names)
    (process,) = workers._all
    with ThreadPoolExecutor(1) as threads:
        call = threads.submit(read, workers, {"a.txt": "x"}, Brooding)
        while "Brooding" not in process._page.read().fact:
            pass
        workers.close()
        with pytest.raises(Unavailable):
            call.result()


def test_a_fact_that_cannot_be_imported_is_one_reason(workers: Workers) -> None:
    class Local(TreeFact, frozen=True):
        pass

    reading = read(workers, {"a.txt": "1\n"}, Local, Names)
    assert "imported" in reading.failed[Local.key()]
    assert Names.key() in reading.facts


def test_the_folder_that_the_command_runs_in_is_no_place_for_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert str(tmp_path) not in installed_paths()
    assert "" not in installed_paths()


def test_limits_survive_the_way_as_json(workers: Workers) -> None:
    reading = read(workers, {"../evil": "x", "a.txt": "1\n"}, Names)
    assert [limit.what for limit in reading.limits] == ["member-refused"]
    assert msgspec.json.decode(msgspec.json.encode(reading), type=TreeReading) == reading
