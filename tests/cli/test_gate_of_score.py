"""The exit code of a finished audit."""

import msgspec
import pytest

from portfolio_audit.cli.verdict import Gate, exit_code
from portfolio_audit.report.model import LimitEntry, Report, RepositoryEntry, Result, Subject, Tool
from portfolio_audit.report.skills_view import SkillMap


def report(low: float, high: float, *, limits: int = 0) -> Report:
    return Report(
        schema_version=1, tool=Tool("portfolio-audit", "0", "r", "0"), data_time=None,
        subject=Subject("user", "ada-invented", None, "Ada Invented"), score=None, score_range=(low, high),
        score_scope="portfolio", coverage=1.0, band="developing", notes=(), categories=(), repositories=(),
        portfolio_results=(), fixes=(), combined_gain=0.0,
        limits=(LimitEntry("missing-blob", "a", "b"),) * limits, skills=SkillMap(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("low", "high", "limits", "gate", "code"),
    [
        (50, 50, 0, None, 0),
        (50, 50, 1, None, 3),
        (50, 50, 0, 50, 0),
        (40, 49, 0, 50, 1),
        (40, 49, 1, 50, 1),
        (40, 60, 0, 50, 3),
        (50, 60, 1, 50, 0),
    ],
)
def test_the_gate_falls_only_where_it_is_certain(
    low: float, high: float, limits: int, gate: float | None, code: int
) -> None:
    assert exit_code(report(low, high, limits=limits), Gate(gate)) == code


def judged(status: str, *, shown: bool = True) -> Report:
    result = Result("tests-assert", "Tests", status, None, 1.0, "said", (), None, None)  # type: ignore[arg-type]
    entry = RepositoryEntry("bees", None, None, None, True, shown, None, None, (50, 50), {}, (result,))
    return msgspec.structs.replace(report(50, 50), repositories=(entry,))


@pytest.mark.parametrize(
    ("status", "code"), [("failed", 1), ("unknown", 3), ("passed", 0), ("partial", 0), ("not_applicable", 0)]
)
def test_a_check_to_fail_on_fails_where_it_counts(status: str, code: int) -> None:
    assert exit_code(judged(status), Gate(on=("tests-assert",))) == code
    assert exit_code(judged(status), Gate(on=("readme-present",))) == 0
    assert exit_code(judged(status, shown=False), Gate(on=("tests-assert",))) == 0


def test_what_is_certain_beats_what_cannot_be_told() -> None:
    assert exit_code(judged("failed"), Gate(under=40, on=("tests-assert",))) == 1
    assert exit_code(judged("unknown"), Gate(under=60, on=("tests-assert",))) == 1


def test_an_informational_gate_never_fails_a_run() -> None:
    assert exit_code(judged("failed"), Gate(under=90, on=("tests-assert",), informational=True)) == 0
    assert exit_code(report(50, 50, limits=1), Gate(informational=True)) == 3
