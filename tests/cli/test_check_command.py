"""`check` on folders of this disk."""

from pathlib import Path

import pytest

from portfolio_audit.cli.main import run
from tests.cli.conftest import MODEL, README, filler, load


def write(folder: Path) -> Path:
    for path, content in {"README.md": README, "bees/train.py": MODEL, "bees/features.py": filler("f")}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)
    return folder


def test_a_folder_of_files_is_one_repository(tmp_path: Path) -> None:
    assert run(["check", str(write(tmp_path / "bees")), "--format", "json=report.json"]) == 0
    report = load("report.json")
    assert report["score_scope"] == "repository"
    assert [entry["name"] for entry in report["repositories"]] == ["bees"]
    assert report["score"] is not None


def test_a_folder_of_checkouts_has_one_entry_each_and_no_score(tmp_path: Path) -> None:
    for name in ("bees", "hives"):
        write(tmp_path / "all" / name)
        (tmp_path / "all" / name / ".git").mkdir()
    run(["check", str(tmp_path / "all"), "--format", "json=report.json"])
    report = load("report.json")
    assert report["score"] is None
    assert sorted(entry["name"] for entry in report["repositories"]) == ["bees", "hives"]
    assert all(entry["score"] is not None for entry in report["repositories"])


def test_no_socket_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_: object) -> None:
        raise AssertionError("check opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert run(["check", str(write(tmp_path / "bees")), "--format", "json=report.json"]) == 0


def test_a_missing_path_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "nowhere"]) == 2
    assert "nowhere" in capsys.readouterr().err
    assert list(Path().iterdir()) == []


def test_an_empty_path_is_not_the_current_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", ""]) == 2
    assert "check ." in capsys.readouterr().err


def test_the_gate_decides_the_exit_code(tmp_path: Path) -> None:
    folder = str(write(tmp_path / "bees"))
    assert run(["check", folder, "--format", "json=report.json", "--fail-under", "100"]) == 1
    assert run(["check", folder, "--format", "json=report.json", "--fail-under", "1"]) == 0


def test_a_check_to_fail_on_decides_the_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(write(tmp_path / "bees"))
    results = ["--format", "json=report.json"]
    assert run(["check", folder, *results, "--fail-on", "tests-assert"]) == 1
    assert run(["check", folder, *results, "--fail-on", "readme-present"]) == 0
    assert run(["check", folder, *results, "--fail-on", "tests-assert", "--gate", "informational"]) == 0
    assert run(["check", folder, *results, "--fail-on", "test-assert"]) == 2
    assert "tests-assert" in capsys.readouterr().err


def test_every_format_is_written_in_one_run(tmp_path: Path) -> None:
    folder = str(write(tmp_path / "bees"))
    kinds = ("html", "json", "text", "markdown", "sarif", "junit", "annotations", "badge", "endpoint")
    formats = [part for kind in kinds for part in ("--format", f"{kind}=out.{kind}")]
    assert run(["check", folder, "-q", *formats]) == 0
    assert {path.suffix[1:] for path in Path().glob("out.*")} == set(kinds)
    assert load("out.sarif")["version"] == "2.1.0"
    assert load("out.endpoint")["schemaVersion"] == 1
    assert "Repository score" in Path("out.markdown").read_text("utf-8")
    assert Path("out.annotations").read_text("utf-8").startswith("::")
    assert Path("out.badge").read_text("utf-8").startswith("<svg")


@pytest.mark.parametrize(("ending", "start"), [("md", "## "), ("sarif", "{"), ("xml", "<?xml"), ("svg", "<svg")])
def test_the_ending_of_a_file_names_its_format(tmp_path: Path, ending: str, start: str) -> None:
    assert run(["check", str(write(tmp_path / "bees")), "-q", "-o", f"out.{ending}"]) == 0
    assert Path(f"out.{ending}").read_text("utf-8").startswith(start)


def test_a_repository_cannot_choose_how_it_is_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path / "bees")
    (folder / "portfolio-audit.toml").write_text('rubric = "easy.toml"\nfail-under = 0\n')
    assert run(["check", str(folder), "--format", "json=report.json", "--fail-under", "100"]) == 1
    named = str(folder / "portfolio-audit.toml")
    assert run(["check", str(folder), "--format", "json=report.json", "--config", named]) == 2
    assert "rubric" in capsys.readouterr().err


def test_names_of_files_reach_the_terminal_harmless(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run(["check", str(write(tmp_path / "bees\x1b[31m\u202e"))])
    said = "".join(capfd.readouterr())
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_the_points_of_the_criteria_make_the_score(tmp_path: Path) -> None:
    run(["check", str(write(tmp_path / "bees")), "--format", "json=report.json"])
    report = load("report.json")
    applying = [row for part in report["categories"] for row in part["criteria"] if row["score"] is not None]
    earned = sum(row["score"] * row["weight"] for row in applying)
    assert report["score"] == pytest.approx(earned / sum(row["weight"] for row in applying), abs=0.05)


def test_a_library_is_not_asked_to_be_an_application(tmp_path: Path) -> None:
    folder = tmp_path / "hive"
    files = {
        "README.md": "# Hive\n\nModels of bees for other programs.\n\n    pip install hive\n",
        "pyproject.toml": '[project]\nname = "hive"\nversion = "1"\n',
        "hive/__init__.py": MODEL,
    }
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)
    run(["check", str(folder), "--format", "json=report.json"])
    applies = {row["id"]: row["applies"] for part in load("report.json")["categories"] for row in part["criteria"]}
    assert applies["deployment"] is False
    assert applies["pipeline"] is False
    assert applies["readme"] is True
