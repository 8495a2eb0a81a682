"""The exit code of a finished audit."""

import pytest

from portfolio_audit.cli.verdict import exit_code
from portfolio_audit.report.model import LimitEntry, Report, Subject, Tool
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
    assert exit_code(report(low, high, limits=limits), gate) == code
