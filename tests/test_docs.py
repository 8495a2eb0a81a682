"""The prose and the program say the same."""

import re
from pathlib import Path

import pytest

from portfolio_audit.cli.main import COMMANDS, run
from portfolio_audit.discovery import discover

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- checks: kept equal to the installed checks by tests/test_docs.py -->\n", "<!-- end of checks -->"


def table() -> str:
    rows = [
        f"| `{provided.check.id}` | {provided.check.title} |"
        for provided in discover().checks
        if provided.provider == "portfolio-audit"
    ]
    return "\n".join(["| check | states |", "|---|---|", *rows, ""])


def test_the_readme_lists_the_checks() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    listed = text.partition(BEGIN)[2].partition(END)[0]
    assert listed == table(), f"write this between the marks in README.md:\n{table()}"


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", *(f"docs/{p.name}" for p in ROOT.glob("docs/*.md"))])
def test_links_between_pages_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if "://" not in target:
            assert ((ROOT / page).parent / target).exists(), f"{page} links to {target}"


def test_every_command_that_the_readme_shows_exists(capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    shown = re.findall(r"^portfolio-audit (\w+)(.*?)(?:#.*)?$", text, re.MULTILINE)
    assert shown
    for name, rest in shown:
        assert name in COMMANDS
        run([name, "--help"])
        help_text = capsys.readouterr().out
        for option in re.findall(r"--[a-z-]+", rest):
            if name not in ("checks", "cache"):
                assert option in help_text, f"{name} has no {option}"


def test_the_exit_codes_of_the_readme_are_those_of_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    run(["--help"])
    shown = re.sub(r"\s+", " ", capsys.readouterr().out)
    for code, words in ((1, "gate failed"), (3, "could not be read"), (5, "rate limit or network"), (70, "internal")):
        assert re.search(rf"{code} [^,]*{words}", shown)
        assert re.search(rf"{code} [^,]*{words}", (ROOT / "README.md").read_text("utf-8"))
