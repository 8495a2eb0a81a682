"""`demo`, `checks` and `cache`."""

import re
from pathlib import Path

import pytest

from portfolio_audit.cli.main import run
from portfolio_audit.discovery import discover
from tests.cli.conftest import Command, Opened


def test_the_demo_ranks_the_three_as_intended_and_leads_to_a_page_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "-o", "pages", "-q"]) == 0
    said = capsys.readouterr().out
    scores = {name: float(score) for name, score in re.findall(r"^(\w+) Example \(invented\): ([\d.]+) of", said, re.M)}
    assert scores["Noor"] - scores["Sam"] >= 20
    assert scores["Sam"] - scores["Kit"] >= 20
    index = Path("pages/index.html").read_text("utf-8")
    for name in ("noor", "sam", "kit"):
        page = f"{name}-example.html"
        assert page in re.findall(r'href="(?:\./)?([^"]+)"', index)
        assert "(invented)" in Path("pages", page).read_text("utf-8")
    assert str(Path("pages/index.html").resolve()) in said


def test_the_demo_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_: object) -> None:
        raise AssertionError("the demo opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert run(["demo", "-o", "pages", "-q"]) == 0


def test_the_demo_gives_the_same_bytes_each_time() -> None:
    assert run(["demo", "-o", "one", "-q"]) == run(["demo", "-o", "two", "-q"]) == 0
    for page in Path("one").iterdir():
        assert page.read_bytes() == (Path("two") / page.name).read_bytes()


def test_the_demo_does_not_write_over_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    Path("pages").write_text("mine")
    assert run(["demo", "-o", "pages"]) == 2
    assert "--output" in capsys.readouterr().err
    assert Path("pages").read_text() == "mine"


def test_every_installed_check_is_listed_with_its_provider(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["checks", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [provided.check.id for provided in discover().checks]
    assert all("portfolio-audit" in line for line in lines)


def test_a_check_is_explained_with_where_it_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["checks", "show", "tests-assert"]) == 0
    said = capsys.readouterr().out
    assert "Counts in: Tests" in said
    assert "TestSuite" in said


def test_the_ceiling_that_a_report_names_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["checks", "show", "ai-work"]) == 0
    shown = capsys.readouterr().out
    assert "at most 39" in shown
    assert "The fix that lifts it: Build one project that does AI work" in shown


def test_an_unknown_check_is_wrong_use_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["checks", "show", "test-assert"]) == 2
    assert "'tests-assert'" in capsys.readouterr().err


def test_the_cache_tells_what_it_holds_and_forgets_a_person(
    on: Command, prober: Opened, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    on("audit", "ada-invented", "--format", "json=report.json")
    capsys.readouterr()
    assert run(["cache", "info"]) == 0
    assert "people: 1" in capsys.readouterr().out
    assert run(["cache", "clear", "--login", "ada-invented"]) == 0
    run(["cache", "info"])
    assert "people: 0" in capsys.readouterr().out
    kept = b"".join(path.read_bytes() for path in (tmp_path / "cache").rglob("*") if path.is_file())
    assert b"ada-invented" not in kept
    assert run(["audit", "ada-invented", "--offline"]) == 2


def test_the_whole_cache_can_be_erased(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cache", "clear"]) == 0
    run(["cache", "info"])
    assert "trees with facts: 0" in capsys.readouterr().out
