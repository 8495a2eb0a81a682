"""The process that forks reading processes: it may be lost, refuse, or end, and no repository pays for it."""

import errno
import os
import signal
from pathlib import Path

import msgspec
import pytest

from portfolio_audit import worker_fork
from portfolio_audit.errors import InternalFault
from portfolio_audit.facts.dependencies import Dependencies
from portfolio_audit.facts.fact import read_facts
from portfolio_audit.facts.licensing import Licensing
from portfolio_audit.facts.notebook_quality import NotebookQuality
from portfolio_audit.facts.readme import Readme
from portfolio_audit.facts.skill_uses import SkillUses
from portfolio_audit.worker_nursery import Nursery, Order
from portfolio_audit.worker_sample import sample
from portfolio_audit.worker_wire import DOORS, Page
from portfolio_audit.workers import Workers, installed_paths
from tests.hostile_facts import Names
from tests.tars import archive

ROOT = Path(__file__).resolve().parent.parent
PATHS = [str(ROOT), *installed_paths()]


def names(workers: Workers) -> bool:
    reading = workers.read_archive(archive({"a.txt": "1\n"}), (Names, Licensing), expected=None)
    return reading.limits == () and reading.failed == {} and Names.key() in reading.facts


def gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def test_one_that_was_killed_is_replaced_and_its_children_go_on() -> None:
    with Workers(count=2, search_path=PATHS) as workers:
        assert names(workers)
        (first,) = workers._all
        assert workers._nursery is not None
        os.kill(workers._nursery._process.pid, signal.SIGKILL)
        workers._nursery._process.wait()
        assert names(workers)
        assert workers._all == {first}
        first.signal()
        assert names(workers)
        assert first not in workers._all
        assert len(workers._all) == 1


def test_closing_ends_it_with_all_its_children() -> None:
    workers = Workers(count=1, search_path=PATHS)
    assert names(workers)
    (process,) = workers._all
    assert workers._nursery is not None
    mother = workers._nursery._process.pid
    assert not gone(mother)
    workers.close()
    assert gone(mother)
    assert gone(process.pid)


def test_children_lead_a_group_of_their_own_and_hold_no_socket() -> None:
    with Workers(count=2, search_path=PATHS) as workers:
        assert names(workers)
        (process,) = workers._all
        assert os.getpgid(process.pid) == process.pid
        if Path("/proc/self/fd").exists():
            open_ones = [os.readlink(each) for each in Path(f"/proc/{process.pid}/fd").iterdir()]
            assert not any(each.startswith("socket:") for each in open_ones)


def test_a_system_without_room_for_another_process_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Nursery, order: Order) -> int:
        raise BlockingIOError(errno.EAGAIN, "no room")

    monkeypatch.setattr(Nursery, "birth", refuse)
    before = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0
    with Workers(count=1, search_path=PATHS) as workers:
        with pytest.raises(InternalFault, match="could not be started") as refused:
            names(workers)
        assert "fewer programs" in str(refused.value.hint)
        assert not workers._all
    if before:
        assert len(os.listdir("/proc/self/fd")) <= before


def test_a_refused_fork_is_the_systems_number_and_the_doors_are_closed_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse() -> int:
        raise BlockingIOError(errno.EAGAIN, "no room")

    monkeypatch.setattr(os, "fork", refuse)
    for name in DOORS:
        (tmp_path / name).touch()
    before = sorted(os.listdir("/dev/fd"))
    order = Order(("portfolio_audit.facts.licensing:Licensing",), "/", str(tmp_path), 1, 1)
    assert worker_fork._carry_out(order, set()) == -errno.EAGAIN
    assert sorted(os.listdir("/dev/fd")) == before
    missing = Order((), "/", str(tmp_path / "nowhere"), 1, 1)
    assert worker_fork._carry_out(missing, set()) == -errno.ENOENT


def test_doors_of_a_command_that_is_gone_are_not_waited_at(tmp_path: Path) -> None:
    """A command that is killed while a child is born would leave the process that forks behind for ever."""
    for name in ("requests", "answers", "life"):
        os.mkfifo(tmp_path / name)
    order = Order((), "/", str(tmp_path), 1, 1)
    assert worker_fork._carry_out(order, set()) == -errno.ENXIO


def test_a_page_on_a_full_disk_is_said_when_it_is_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "write", lambda descriptor, content: 100)
    with pytest.raises(OSError, match="No space left"):
        Page.create(str(tmp_path / "page"))


def test_one_that_was_ended_says_so_to_who_asks_it_late(tmp_path: Path) -> None:
    """A process that warms up in the background may ask when the command is already closing down."""
    nursery = Nursery(str(tmp_path), PATHS)
    nursery.close()
    with pytest.raises(ConnectionError, match="was ended"):
        nursery.birth(Order())
    nursery.bury(1)


def test_only_a_child_of_its_own_is_ended() -> None:
    assert worker_fork._carry_out(Order(bury=os.getppid()), set()) == 0
    assert not gone(os.getppid())


@pytest.mark.parametrize("keys", [("tests.no_such:Fact",), ("portfolio_audit.no_such:Fact",)])
def test_facts_that_cannot_be_imported_do_not_end_it(keys: tuple[str, ...]) -> None:
    worker_fork._prepare(keys)
    worker_fork._prepare(keys)


def test_the_sample_is_read_without_a_fault_and_shows_what_there_is_to_load() -> None:
    facts, failed = read_facts(sample(), (Readme, SkillUses, Dependencies, NotebookQuality))
    assert failed == {}
    skills = {use["tool"] for use in msgspec.json.decode(facts[SkillUses.key()])["uses"]}
    assert skills >= {"pandas", "mlflow", "fastapi"}
