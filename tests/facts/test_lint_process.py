"""The one program that is started: what it gets, what it may do, and what remains when it fails."""

import errno
import os
import resource
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import lint_process
from portfolio_audit.facts.complexity import Complexity
from portfolio_audit.facts.fact import read_facts
from portfolio_audit.facts.lint import Lint
from portfolio_audit.facts.lint_process import (
    COMMAND,
    ENVIRONMENT,
    Finding,
    LinterCrashed,
    LinterUnavailable,
    lint,
    permitted,
)
from portfolio_audit.facts.scaffolding import Scaffolding
from portfolio_audit.testing import make_tree

TOO_DEEP = b"x = " + b"-" * 20_000 + b"1\n"


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copies go where the test can see that nothing remains."""
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return place


def program(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program in the place of ruff."""
    path = folder / "program"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o700)
    monkeypatch.setattr(lint_process, "linter", lambda: str(path))


def test_findings_name_the_text_the_line_and_the_rule(own_place: Path) -> None:
    found, whole = lint([b"x = 1\n", b"import os\n\n\ndef f():\n    return y\n"])
    assert [each[:4] for each in found] == [(1, 1, 8, "F401"), (1, 5, 12, "F821")]
    assert whole
    assert os.listdir(own_place) == []


def test_the_program_gets_names_of_ours_one_fixed_line_and_an_empty_environment(
    own_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[Any, ...]] = []

    class Watched(subprocess.Popen[bytes]):
        def __init__(self, command: Any, **how: Any) -> None:
            modes = [oct(os.stat(os.path.join(how["cwd"], name)).st_mode & 0o777) for name in os.listdir(how["cwd"])]
            seen.append((command, how["env"], sorted(os.listdir(how["cwd"])), set(modes), os.stat(how["cwd"]).st_mode))
            super().__init__(command, **how)

    monkeypatch.setattr(subprocess, "Popen", Watched)
    monkeypatch.setenv("RUFF_CONFIG", "/nowhere")
    names = ["--config=evil.py", "a\nb.py", "-.py", "../x.py", "$(touch pwned).py", "ruff.toml;.py", "'.py"]
    tree = make_tree(dict.fromkeys(names, "import os\n" * 30))
    lint_facts = Lint.distil(tree)
    ((command, environment, files, modes, folder),) = seen
    assert command == [lint_process.linter(), *COMMAND]
    assert environment == ENVIRONMENT
    assert files == [f"{number:04d}.py" for number in range(len(names))]
    assert modes == {"0o600"}
    assert folder & 0o777 == 0o700
    assert lint_facts is not None
    assert {place.path for flaw in lint_facts.mistakes for place in flaw.places} <= set(names)
    assert os.listdir(own_place) == []


def test_a_repository_does_not_choose_what_is_looked_for() -> None:
    silenced = "# ruff: noqa\n# flake8: noqa\nimport os  # type: ignore\nimport sys  # pyflakes: skip\n"
    files = {
        "a.py": silenced + "# ruff: disable[F401]\nimport re\n" + "x = 1\n" * 60,
        "ruff.toml": 'exclude = ["*"]\n[lint]\nselect = []\n',
        ".ruff.toml": 'exclude = ["*"]\n',
        "pyproject.toml": '[tool.ruff]\nexclude = ["*"]\n[tool.ruff.lint]\nignore = ["ALL"]\n',
        ".gitignore": "*\n",
    }
    found = Lint.distil(make_tree(files))
    assert found is not None
    assert [flaw.said for flaw in found.mistakes] == ["3 unused imports"]


def test_a_text_that_is_too_much_is_a_reason(own_place: Path) -> None:
    with pytest.raises(LinterCrashed):
        lint([b"x = 1\n", TOO_DEEP])
    assert os.listdir(own_place) == []


@pytest.mark.parametrize("fine", [1, 2, 40])
def test_a_file_that_crashes_the_program_costs_itself(own_place: Path, fine: int) -> None:
    files: dict[str, str | bytes] = {f"fine{n:02}.py": "import os\n" for n in range(fine)}
    tree = make_tree({**files, "deep.py": TOO_DEEP, "fine20a.py": TOO_DEEP})
    found = Lint.distil(tree)
    assert found is not None
    assert (found.files, found.count, found.sampled) == (fine, fine, 0)
    assert found.incomplete == (None if fine == 40 else f"2 of {fine + 2} Python files")
    assert {place.path for flaw in found.mistakes for place in flaw.places} <= set(files)
    assert not tree.passing
    assert os.listdir(own_place) == []


def test_the_search_for_files_that_crash_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []

    def crashing(sources: list[bytes]) -> None:
        runs.append(len(sources))
        raise LinterCrashed("it crashed")

    monkeypatch.setattr("portfolio_audit.facts.lint_findings.lint", crashing)
    found = Lint.distil(make_tree({f"{n}.py": "x = 1\n" for n in range(300)}))
    assert found is not None
    assert found.incomplete == "300 of 300 Python files"
    assert len(runs) < 100


def test_a_program_that_does_not_end_is_ended(own_place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not hasattr(resource, "prlimit"):
        pytest.skip("the supervisor's deadline has to do on this system")
    program(tmp_path, "while :; do :; done", monkeypatch)
    monkeypatch.setattr(lint_process, "SECONDS", 1)
    with pytest.raises(LinterUnavailable, match="took too long"):
        lint([b"x = 1\n"])
    assert os.listdir(own_place) == []


def test_of_endless_findings_the_first_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "while :; do echo '0000.py:1:1: F401 [*] `os` imported but unused'; done", monkeypatch)
    monkeypatch.setattr(lint_process, "OUTPUT", 100_000)
    found, whole = lint([b"import os\n"])
    assert 1000 < len(found) < 3000
    assert not whole


def test_what_is_no_finding_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = r"0000.py:1:1: F401 a\nother\n9999.py:1:1: F401 b\n0000.py:1:1: F401\n\377\000\n../x.py:1:1: F401 c\n"
    program(tmp_path, f"printf '{said}'", monkeypatch)
    assert [each.message for each in lint([b"import os\n"])[0]] == ["a"]


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EFBIG, errno.EROFS])
def test_a_full_disk_is_a_reason_and_leaves_nothing(
    own_place: Path, monkeypatch: pytest.MonkeyPatch, fault: int
) -> None:
    def full(*arguments: object) -> int:
        raise OSError(fault, os.strerror(fault))

    monkeypatch.setattr("os.write", full)
    with pytest.raises(LinterUnavailable, match=os.strerror(fault)):
        lint([b"x = 1\n", b"y = 2\n"])
    assert os.listdir(own_place) == []


def test_without_the_program_the_answer_is_unknown_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> str:
        raise Unavailable("ruff is not installed")

    monkeypatch.setattr(lint_process, "linter", gone)
    tree = make_tree({"a.py": "import os\n"})
    _, failed = read_facts(tree, (Lint,))
    assert failed == {Lint.key(): "ruff is not installed"}
    assert not tree.passing, "the version of the fact changes with the installation"


def test_the_version_is_that_of_the_program_and_part_of_the_facts() -> None:
    said = subprocess.run([lint_process.linter(), "--version"], capture_output=True, text=True, check=True).stdout
    assert said.split()[1] == lint_process.linter_version()
    assert all(said.split()[1] in kind.version for kind in (Lint, Complexity, Scaffolding))


def test_links_and_files_of_others_are_not_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[bytes] = []

    def watched(sources: list[bytes]) -> tuple[tuple[Finding, ...], bool]:
        handed.extend(sources)
        return (), True

    monkeypatch.setattr("portfolio_audit.facts.lint_findings.lint", watched)
    files = {
        "own.py": "own = 1\n",
        "tests/test_a.py": "test = 1\n",
        "examples/b.py": "example = 1\n",
        "docs/conf.py": "conf = 1\n",
        "venv/lib/c.py": "other = 1\n",
        "d_pb2.py": "made = 1\n",
        "e.ipynb": "{}",
    }
    Lint.distil(make_tree(files))
    assert handed == [b"own = 1\n"]


COPY = ("TMP/lint-abc/0001.py", "w", os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC)
RUN = ("RUFF", ["RUFF", *COMMAND], "TMP/lint-abc", ENVIRONMENT)
ALLOWED: list[tuple[str, tuple[Any, ...]]] = [
    ("os.mkdir", ("TMP/lint-abc", 0o700, -1)),
    ("open", COPY),
    ("os.remove", ("TMP/lint-abc/0001.py", -1)),
    ("os.rmdir", ("TMP/lint-abc", -1)),
    ("open", (os.devnull, None, os.O_RDWR)),
    ("subprocess.Popen", RUN),
]
REFUSED: list[tuple[str, tuple[Any, ...]]] = [
    ("os.mkdir", ("TMP/other", 0o700, -1)),
    ("os.mkdir", ("TMP/lint-a/../../x", 0o700, -1)),
    ("os.mkdir", ("TMP", 0o700, -1)),
    ("open", ("TMP/lint-abc/1.py", *COPY[1:])),
    ("open", ("TMP/lint-abc/0001.pyc", *COPY[1:])),
    ("open", ("TMP/lint-abc/../0001.py", *COPY[1:])),
    ("open", ("TMP/0001.py", *COPY[1:])),
    ("open", ("/tmp/lint-abc/0001.py", *COPY[1:])),
    ("open", (COPY[0], "w", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)),
    ("open", (3, "w", COPY[2])),
    ("os.remove", ("TMP/lint-abc/x", -1)),
    ("os.rename", ("TMP/lint-abc/0001.py", "TMP/lint-abc/0002.py", -1, -1)),
    ("os.symlink", ("/etc/passwd", "TMP/lint-abc/0001.py", -1)),
    ("subprocess.Popen", ("/bin/sh", ["RUFF", *COMMAND], "TMP/lint-abc", ENVIRONMENT)),
    ("subprocess.Popen", ("RUFF", ["RUFF", *COMMAND, "--fix"], "TMP/lint-abc", ENVIRONMENT)),
    ("subprocess.Popen", ("RUFF", ["RUFF", *COMMAND], "TMP", ENVIRONMENT)),
    ("subprocess.Popen", ("RUFF", ["RUFF", *COMMAND], None, ENVIRONMENT)),
    ("subprocess.Popen", ("RUFF", ["RUFF", *COMMAND], "TMP/lint-abc", None)),
    ("subprocess.Popen", ("RUFF", ["RUFF", *COMMAND], "TMP/lint-abc", {**ENVIRONMENT, "LD_PRELOAD": "x"})),
    ("os.system", ("ruff",)),
    ("os.posix_spawn", RUN),
    ("os.kill", (1, 9)),
]


def filled(value: Any, place: Path) -> Any:
    if isinstance(value, str):
        return value.replace("TMP", str(place)).replace("RUFF", lint_process.linter())
    return [filled(each, place) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("event", "arguments"), ALLOWED)
def test_its_own_steps_are_permitted(own_place: Path, event: str, arguments: tuple[Any, ...]) -> None:
    assert permitted(event, [filled(each, own_place) for each in arguments])


@pytest.mark.parametrize(("event", "arguments"), REFUSED)
def test_nothing_else_is(own_place: Path, event: str, arguments: tuple[Any, ...]) -> None:
    assert not permitted(event, [filled(each, own_place) for each in arguments])


@pytest.mark.parametrize(("event", "arguments"), ALLOWED)
def test_nothing_is_without_a_place(
    own_place: Path, event: str, arguments: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TMPDIR")
    assert not permitted(event, [filled(each, own_place) for each in arguments])
