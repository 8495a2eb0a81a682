"""The command as a whole: help, exit codes, one line for each error."""

import subprocess
import sys

import pytest

from portfolio_audit.cli import main
from portfolio_audit.cli.main import COMMANDS, run

LATE = (
    "httpx",
    "github",
    "jinja2",
    "rich",
    "msgspec",
    "yaml",
    "tree_sitter",
    "asyncio",
    "sqlite3",
    "importlib.metadata",
)


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from portfolio_audit.cli.main import run; code = run(['--help']);"
        f"print([name for name in {LATE!r} if name in sys.modules], file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_every_command_is_in_the_help_and_can_be_asked(capsys: pytest.CaptureFixture[str]) -> None:
    run(["--help"])
    overview = capsys.readouterr().out
    for name in COMMANDS:
        assert f"  {name}" in overview
        assert run([name, "--help"]) == 0
        assert "Usage: portfolio-audit" in capsys.readouterr().out


def test_an_unknown_command_is_wrong_use_with_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["chekc"]) == 2
    assert "'check'" in capsys.readouterr().err


def test_a_login_in_place_of_a_command_says_how_to_audit_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ada-invented"]) == 2
    assert "portfolio-audit audit ada-invented" in capsys.readouterr().err


def fail_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(main.cli, "main", fail)


def test_a_fault_of_ours_is_one_line_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_with(ZeroDivisionError("by\x1b[31m nought"), monkeypatch)
    assert run(["demo"]) == 70
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert "\x1b" not in said
    assert run(["demo", "--debug"]) == 70
    assert "Traceback" in capsys.readouterr().err


def test_an_interruption_has_its_own_code(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(KeyboardInterrupt(), monkeypatch)
    assert run(["demo"]) == 130


def test_there_is_no_option_that_takes_a_token(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", "ada-invented", "--token", "x"]) == 2
    assert "--token-file" in capsys.readouterr().err
