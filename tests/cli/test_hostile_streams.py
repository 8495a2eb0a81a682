"""Odd places for results and odd standard streams: nothing is destroyed, nothing is a failed gate, nothing hangs."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from portfolio_audit.cli.main import run
from portfolio_audit.cli.output import plan, write_file
from portfolio_audit.errors import UsageError

LIST = ["checks", "list"]
START = "import sys; from portfolio_audit.cli.main import main; sys.argv = ['portfolio-audit', *sys.argv[1:]]; main()"


def command(*arguments: str, shell: str = "", **options: object) -> "subprocess.CompletedProcess[str]":
    """The command in a process of its own; `shell` sets its streams as a shell would."""
    words = [sys.executable, "-c", START, *arguments]
    if shell:
        words = ["bash", "-c", f'"$@" {shell}', "bash", *words]
    return subprocess.run(words, capture_output=True, text=True, timeout=60, check=False, **options)  # type: ignore[call-overload,no-any-return]


@pytest.fixture
def project(own_folder: Path) -> str:
    folder = own_folder / "project"
    folder.mkdir()
    (folder / "README.md").write_text("# Bees\n\nPredicts when bees swarm.\n")
    (folder / "bees.py").write_text("".join(f"def part_{n}(size):\n    return size + {n}\n" for n in range(60)))
    return str(folder)


def test_a_pipe_is_written_into_and_stays_a_pipe(own_folder: Path) -> None:
    pipe = own_folder / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_file(pipe, b"page")
        assert os.read(reader, 100) == b"page"
        assert os.read(reader, 100) == b"", "the writer left its end open"
    finally:
        os.close(reader)
    assert pipe.is_fifo()


def test_a_pipe_that_nobody_reads_is_no_place_for_a_result(own_folder: Path) -> None:
    os.mkfifo(own_folder / "pipe")
    with pytest.raises(UsageError, match="nobody reads"):
        write_file(own_folder / "pipe", b"page")


def test_a_device_is_written_into_and_never_replaced() -> None:
    plan(("json=/dev/null",), None, name="x")
    write_file(Path("/dev/null"), b"page")
    assert Path("/dev/null").is_char_device()


def test_a_link_laid_in_the_way_is_replaced_and_its_target_left_alone(own_folder: Path) -> None:
    target = own_folder / "precious"
    target.write_text("mine")
    link = own_folder / "portfolio-audit-x.html"
    link.symlink_to(target)
    write_file(link, b"page")
    assert target.read_text() == "mine"
    assert not link.is_symlink()


def test_a_link_to_a_device_is_replaced_outside_the_folder_of_devices(own_folder: Path) -> None:
    link = own_folder / "report.json"
    link.symlink_to("/dev/null")
    write_file(link, b"page")
    assert link.read_bytes() == b"page"


def test_standard_output_has_a_file_name_too(project: str) -> None:
    done = command("check", project, "-q", "--format", "text=/dev/stdout")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("project")


def test_a_reader_that_stops_early_changes_neither_the_code_nor_other_results(project: str, own_folder: Path) -> None:
    results = "--format", "html", "--format", f"json={own_folder}/r.json"
    done = command("check", project, "-q", *results, "--fail-under", "100", shell="| true; exit ${PIPESTATUS[0]}")
    assert (done.returncode, done.stderr) == (1, "")
    assert (own_folder / "r.json").exists()


def test_a_list_that_is_cut_by_its_reader_is_no_failed_gate() -> None:
    assert command(*LIST, shell="| true; exit ${PIPESTATUS[0]}").returncode == 0


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="needs a device that is always full")
@pytest.mark.parametrize("arguments", [LIST, ["check", "project", "-q", "--format", "text"]])
def test_no_space_is_no_fault_of_ours_and_no_failed_gate(project: str, arguments: list[str]) -> None:
    done = command(*arguments, shell=">/dev/full")
    assert done.returncode == 2
    assert [word in done.stderr for word in ("No space", "Make room", "bug")] == [True, True, False]
    assert done.stderr.count("\n") == 2


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="needs a device that is always full")
@pytest.mark.parametrize("arguments", [LIST, ["check", "--no-such-option"]])
def test_where_not_even_the_error_fits_the_code_says_it(arguments: list[str]) -> None:
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    assert command(*arguments, shell=">/dev/full 2>/dev/full", env=buffered).returncode == 2


@pytest.mark.parametrize("closed", ["2>&-", "<&- >&- 2>&-"])
def test_closed_streams_do_not_stop_the_work(project: str, own_folder: Path, closed: str) -> None:
    done = command("check", project, "--format", f"json={own_folder}/r.json", shell=closed)
    assert done.returncode == 0, done.stderr
    assert (own_folder / "r.json").exists()


def test_a_result_for_a_closed_output_is_refused_before_any_work(project: str) -> None:
    done = command("check", project, shell=">&-")
    assert done.returncode == 2
    assert "-o FILE" in done.stderr


@pytest.mark.parametrize("value", ["nan", "-1", "101", "inf"])
def test_a_gate_is_a_number_of_points(project: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", project, "--fail-under", value]) == 2
    assert "--fail-under" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_command_that_is_ended_says_so_and_leaves_nothing(project: str, own_folder: Path, number: int) -> None:
    """Ended while it opens a pipe that it was told to read: it waits there for as long as the test wants."""
    os.mkfifo(own_folder / "rubric.toml")
    words = [sys.executable, "-c", START, "check", project, "-q", "--rubric", "rubric.toml", "-o", "page.html"]
    ended = subprocess.Popen(
        words, stderr=subprocess.PIPE, text=True, preexec_fn=lambda: signal.signal(number, signal.SIG_DFL)
    )
    with open("rubric.toml", "w"):  # opens when the command opens its end
        children = Path(f"/proc/{ended.pid}/task/{ended.pid}/children")
        started = children.read_text().split() if children.exists() else []
        ended.send_signal(number)
        said = ended.communicate(timeout=30)[1]
    assert ended.returncode == 130
    assert said.strip() == "Interrupted. Run the same command again; an audit goes on from what it kept."
    assert sorted(path.name for path in own_folder.iterdir()) == ["project", "rubric.toml"]
    assert not [pid for pid in started if Path(f"/proc/{pid}").exists()]


def test_modules_of_the_current_folder_are_not_imported_by_either_way_to_start(own_folder: Path) -> None:
    for name in ("click", "msgspec", "random", "yaml", "sitecustomize", "evil_provider"):
        (own_folder / f"{name}.py").write_text(f"open({str(own_folder / 'ran')!r}, 'w')\n")
    forged = own_folder / "evil-1.0.dist-info"
    forged.mkdir()
    (forged / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n")
    (forged / "entry_points.txt").write_text("[portfolio_audit.checks]\nevil = evil_provider\n")
    done = subprocess.run([sys.executable, "-m", "portfolio_audit", *LIST], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "evil" not in done.stdout + done.stderr
    assert not (own_folder / "ran").exists()
