"""A cohort killed for real, again and again: the next run goes on, and the end is that of a run nobody touched."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.cli.conftest import project
from tests.cli.test_hostile_streams import START
from tests.ghstub.stub import GitHubStub
from tests.ghstub.world import Owner, World

PEOPLE = ("ada-invented", "kim-invented", "lou-invented", "noor-invented", "zoe-invented")
WORLD = World(
    owners=tuple(Owner(login=login) for login in PEOPLE),
    repositories=tuple(project(login, name) for login in PEOPLE[1:] for name in ("bees", "moss")),
)
PATIENCE = 30.0


def alive(session: int) -> list[int]:
    """Processes of that session."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(int(folder.name))
    return found


def end(process: "subprocess.Popen[str]") -> None:
    """End a process at once, and wait until its children are gone by themselves."""
    os.kill(process.pid, signal.SIGKILL)
    process.wait(PATIENCE)
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.05)):
        if not alive(process.pid):
            return
        pause.wait(0.05)
    raise AssertionError(f"left behind: {alive(process.pid)}")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to look for processes left behind")
def test_a_run_that_is_killed_again_and_again_ends_like_one_that_was_not(own_folder: Path, tmp_path: Path) -> None:
    (own_folder / "roster.txt").write_text("\n".join(PEOPLE))

    def started(folder: str, stub: GitHubStub) -> "subprocess.Popen[str]":
        hosts = ["--api-url", stub.api_url, "--archive-url", stub.archive_url, "--no-probe"]
        cache = str(tmp_path / f"cache-{folder}")
        return subprocess.Popen(
            [sys.executable, "-c", START, "cohort", "roster.txt", "-o", folder, "--cache-dir", cache, *hosts],
            env={**os.environ, "GH_ENTERPRISE_TOKEN": stub.token},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip

    kept: list[str] = []
    kills = 0
    with GitHubStub(WORLD, web_url="https://github.example") as stub:
        while True:
            announced: list[str] = []
            process = started("killed", stub)
            assert process.stderr is not None
            with process, process.stderr as said:
                for line in said:
                    first, _, login = line.strip().partition(": ")
                    if " of " in first and login in PEOPLE:
                        announced.append(login)
                        if len(announced) == 3:
                            end(process)
                            kills += 1
                            break
            kept += announced[:-1] if process.returncode else announced
            if process.returncode != -signal.SIGKILL:
                break
        assert process.returncode == 0
        assert kills == 2
        assert kept == list(PEOPLE), "nobody is lost, and nobody is done twice"
        untouched = started("whole", stub)
        assert untouched.communicate(timeout=120)[1].count(" of ") >= len(PEOPLE)
    files = sorted(path.relative_to("whole") for path in Path("whole").rglob("*.*") if path.suffix != ".sqlite")
    assert len(files) == 3 + len(PEOPLE)
    for file in files:
        theirs, ours = Path("whole", file).read_bytes(), Path("killed", file).read_bytes()
        assert theirs == ours.replace(b"killed", b"whole") if file.name == "index.html" else theirs == ours
