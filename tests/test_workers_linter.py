"""The linter in a reading process: it works there, and nothing of it remains, whoever is killed."""

import contextlib
import fcntl
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from portfolio_audit import worker_folder
from portfolio_audit.facts.complexity import Complexity
from portfolio_audit.facts.lint import Lint
from portfolio_audit.facts.scaffolding import Scaffolding
from portfolio_audit.worker_folder import PREFIX, WorkFolder
from portfolio_audit.worker_wire import DOORS_FOLDER
from portfolio_audit.workers import Bounds, Workers
from tests.hostile_facts import Littering, Names
from tests.tars import archive
from tests.test_workers import ROOT, value

TOO_DEEP = "x = " + "-" * 20_000 + "1\n"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders are made where the test can see them."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def workers() -> Iterator[Workers]:
    with Workers(count=1, bounds=Bounds(file_seconds=2.0)) as shared:
        yield shared


def files_below(place: Path) -> list[str]:
    return [path.name for path in place.rglob("*") if path.is_file()]


def test_it_works_where_everything_else_is_refused(workers: Workers, place: Path) -> None:
    source = "import os\n" + "def f(x):\n" + "".join(f"    if x == {n}:\n        return {n}\n" for n in range(20))
    reading = workers.read_archive(archive({"hive.py": source}), (Lint, Complexity, Scaffolding), expected=None)
    assert reading.failed == {}
    assert reading.cacheable
    assert value(reading, Lint)["mistakes"][0]["kind"] == "unused import"  # type: ignore[index]
    assert value(reading, Complexity)["outliers"] == 1
    assert files_below(place) == []


def test_a_file_that_crashes_it_costs_itself(workers: Workers, place: Path) -> None:
    files = {"deep.py": TOO_DEEP, "a.py": "import os\n", "b.py": "import re\n"}
    reading = workers.read_archive(archive(files), (Lint, Names), expected=None)
    assert reading.failed == {}
    assert value(reading, Lint)["incomplete"] == "1 of 3 Python files"
    assert value(reading, Lint)["files"] == 2
    assert len(value(reading, Names)["lines"]) == 3  # type: ignore[arg-type]
    assert reading.cacheable
    assert files_below(place) == []


def test_what_it_could_not_do_for_a_passing_reason_is_not_kept(workers: Workers, place: Path) -> None:
    workers.read_archive(archive({"a.txt": "1\n"}), (Names,), expected=None)
    (process,) = workers._all
    Path(process._folder).rmdir()
    reading = workers.read_archive(archive({"a.py": "x = 1\n"}), (Lint, Names), expected=None)
    assert "could not be run" in reading.failed[Lint.key()]
    assert Names.key() in reading.facts
    assert not reading.cacheable


def test_a_killed_process_leaves_no_copy_and_no_program(workers: Workers, place: Path) -> None:
    workers.read_archive(archive({"a.txt": "1\n"}), (Names,), expected=None)
    (process,) = workers._all
    reading = workers.read_archive(archive({"a.txt": "1\n"}), (Littering, Names), expected=None)
    assert "killed the parser" in reading.failed[Littering.key()]
    assert value(reading, Names)["lines"] == {"a.txt": 1}
    assert files_below(place) == []
    assert not Path(process._folder).exists()
    assert any(not group_lives(process.pid) for _ in range(2_000)), "a program outlived the process that started it"


def group_lives(pid: int) -> bool:
    """Whether a process of that group is still at work; it was sent what ends it, and only init may bury it."""
    if Path("/proc/self/stat").exists():
        return any(group == pid and state not in ("Z", "X") for state, group in states())
    try:
        os.killpg(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def states() -> Iterator[tuple[str, int]]:
    """State and group of every process (Linux)."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, group, *_ = stat.read_text(errors="replace").rpartition(")")[2].split()
            yield state, int(group)


def test_closing_removes_the_folders(place: Path) -> None:
    workers = Workers(count=1)
    workers.read_archive(archive({"a.txt": "1\n"}), (Names,), expected=None)
    assert [path.name.startswith(PREFIX) for path in place.iterdir()] == [True]
    workers.close()
    assert list(place.iterdir()) == []


def left_behind(place: Path, name: str = "left") -> Path:
    """What an owner leaves that was killed while the linter ran."""
    folder = place / f"{PREFIX}{name}"
    (folder / "tmpabc" / "lint-abc").mkdir(parents=True)
    (folder / "tmpabc" / "lint-abc" / "0000.py").write_text("x = 1\n")
    return folder


def test_what_a_killed_owner_left_is_cleared_by_the_next(place: Path) -> None:
    left = left_behind(place)
    folder = WorkFolder()
    assert not left.exists()
    assert os.stat(folder.name).st_mode & 0o777 == 0o700
    folder.remove()
    assert list(place.iterdir()) == []


def test_what_an_owner_left_that_was_killed_while_a_process_started_is_cleared(place: Path) -> None:
    left = place / f"{PREFIX}left" / f"{DOORS_FOLDER}abc"
    left.mkdir(parents=True)
    os.mkfifo(left / "requests")
    WorkFolder().remove()
    assert list(place.iterdir()) == []


def test_the_empty_folders_of_an_owner_that_was_killed_are_cleared_and_a_recording_that_begins_stays(
    place: Path,
) -> None:
    (place / f"{PREFIX}left" / "tmpabc").mkdir(parents=True)
    begun, recording = place / f"{PREFIX}begun", place / f"{PREFIX}recording"
    begun.mkdir()
    recording.mkdir()
    (recording / "1-0.tar.gz").write_bytes(b"x")
    WorkFolder().remove()
    assert sorted(place.iterdir()) == [begun, recording]


def test_folders_lie_in_memory_where_there_is_room(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()
    monkeypatch.setattr(worker_folder, "MEMORY", str(memory))
    assert Path(WorkFolder().name).parent == place, "the user told temporary files to lie elsewhere"
    monkeypatch.setattr(worker_folder, "USUAL", str(place))
    assert Path(WorkFolder().name).parent == memory
    monkeypatch.setattr(worker_folder, "FREE", 1 << 62)
    assert Path(WorkFolder().name).parent == place, "too little room in memory"
    monkeypatch.setattr(worker_folder, "FREE", 0)
    monkeypatch.setattr(worker_folder, "MEMORY", str(tmp_path / "nowhere"))
    assert Path(WorkFolder().name).parent == place


def test_what_is_in_use_or_somebody_elses_stays(place: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    used, other = left_behind(place, "used"), left_behind(place, "other").rename(place / "unrelated")
    outside = left_behind(tmp_path_factory.mktemp("outside"))
    (place / f"{PREFIX}link").symlink_to(outside)
    empty = place / f"{PREFIX}empty"
    empty.mkdir()
    descriptor = os.open(used, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    WorkFolder().remove()
    os.close(descriptor)
    assert len(files_below(used)) == len(files_below(other)) == len(files_below(outside)) == 1
    assert empty.exists()


def test_many_owners_at_once_each_have_their_own(place: Path) -> None:
    made: list[WorkFolder] = []
    left_behind(place)
    threads = [threading.Thread(target=lambda: made.append(WorkFolder())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({folder.name for folder in made}) == 8
    assert all(Path(folder.name).is_dir() for folder in made)
    for folder in made:
        folder.remove()


ORPHAN = """
import os, signal, sys, threading
from portfolio_audit.workers import Workers, installed_paths
from tests.hostile_facts import Lingering, Names
from tests.tars import archive
workers = Workers(count=1, search_path=[os.getcwd(), *installed_paths()])
workers.read_archive(archive({"a.txt": "x"}), (Names,), expected=None)
(process,) = workers._all
threading.Thread(target=workers.read_archive, args=(archive({"a.txt": "x"}), (Lingering,)),
                 kwargs={"expected": None}, daemon=True).start()
while "Lingering" not in process._page.read().fact or not process._page.read().path:
    pass
print(process.pid, flush=True)
sys.stdin.readline()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="watches processes by a Linux call")
def test_a_program_at_work_dies_with_a_parent_that_is_killed() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", ORPHAN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True
    )
    assert parent.stdout is not None
    group = int(parent.stdout.readline())
    members = [int(name) for name in os.listdir("/proc") if name.isdigit() and in_group(int(name), group)]
    watched = [os.pidfd_open(pid) for pid in members]
    parent.communicate("now\n")
    try:
        assert len(watched) == 2
        for descriptor in watched:
            ended, _, _ = select.select([descriptor], [], [], 20)
            assert ended, "a process outlived the one that started it"
    finally:
        for pid, descriptor in zip(members, watched, strict=True):
            if not select.select([descriptor], [], [], 0)[0]:
                os.kill(pid, signal.SIGKILL)
            os.close(descriptor)


def in_group(pid: int, group: int) -> bool:
    try:
        return os.getpgid(pid) == group
    except ProcessLookupError:
        return False
