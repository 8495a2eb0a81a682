"""Marks on lines: what the runner makes of them is what the report says, and nothing else is a command."""

import re
from urllib.parse import unquote

import msgspec
import pytest

from portfolio_audit.report import annotations
from portfolio_audit.report.model import EvidenceLink, Report, Result
from tests.golden.hostile import hostile, rewritten
from tests.golden.states import states

COMMAND = re.compile(r"::(?P<name>[a-z-]+)(?: (?P<properties>.*?))?::(?P<data>.*)")


def read(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Each line as the runner's own parser takes it apart (actions/runner, ActionCommand)."""
    found = []
    for line in text.splitlines():
        command = COMMAND.fullmatch(line)
        assert command, line
        pairs = [pair.partition("=") for pair in (command["properties"] or "").split(",")]
        found.append((command["name"], {key: unquote(value) for key, _, value in pairs}, unquote(command["data"])))
    return found


def failing(amount: int, status: str = "failed") -> Report:
    report = states()["checkout"]
    (entry,) = report.repositories
    results = tuple(
        Result(
            check=f"rule-{n}",
            title=f"Rule {n}",
            status=status,  # type: ignore[arg-type]
            score=0,
            confidence=1,
            summary="no",
            evidence=(EvidenceLink(f"src/a{n}.py", n + 1, None, None, ""),),
            searched=None,
            fix="Mend it.",
        )
        for n in range(amount)
    )
    return msgspec.structs.replace(report, repositories=(msgspec.structs.replace(entry, results=results),))


def test_a_mark_has_its_file_line_and_what_to_do() -> None:
    ((name, where, said),) = read(annotations.render(failing(1)))
    assert name == "warning"
    assert where == {"file": "src/a0.py", "line": "1", "endLine": "1", "title": "Rule 0"}
    assert said == "no. To do: Mend it."


@pytest.mark.parametrize(("amount", "written"), [(0, 0), (9, 9), (10, 9), (40, 9)])
@pytest.mark.parametrize(("status", "kind"), [("failed", "warning"), ("partial", "notice")])
def test_at_most_nine_of_a_kind_and_the_last_counts_the_rest(amount: int, written: int, status: str, kind: str) -> None:
    found = read(annotations.render(failing(amount, status)))
    assert [name for name, _, _ in found] == [kind] * written
    if amount > written:
        assert found[-1][2].startswith(f"{amount - 8} more places")


def test_what_brings_most_is_marked_first() -> None:
    report = failing(40)
    fix = states()["portfolio"].fixes[0]
    best = msgspec.structs.replace(report, fixes=(msgspec.structs.replace(fix, check="rule-33"),))
    assert read(annotations.render(best))[0][1]["title"] == "Rule 33"


@pytest.mark.parametrize("name", sorted(states()))
def test_no_text_of_a_report_is_a_command(name: str) -> None:
    report = hostile(states()[name])
    assert {name for name, _, _ in read(annotations.render(report))} <= {"warning", "notice"}


@pytest.mark.parametrize(
    "value",
    [
        "::set-output name=x::y",
        "\n::add-mask::x",
        "a,line=99,title=x",
        "a::error::b",
        "%0A::error::x",
        "##[error]x",
        "\r::stop-commands::t",
    ],
)
def test_an_injected_command_stays_text(value: str) -> None:
    report = rewritten(failing(3), lambda text: value, lambda address: address)
    for name, where, said in read(annotations.render(report)):
        assert name == "warning"
        assert where.keys() == {"file", "line", "endLine", "title"}
        assert where["line"] in ("1", "2", "3")
        assert where["title"] == value.replace("\n", " ").replace("\r", " ")
        assert value.replace("\n", " ").replace("\r", " ") in said
