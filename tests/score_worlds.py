"""Invented portfolios for the tests of the score: a small rubric with every feature, and ways to make answers."""

from collections.abc import Mapping
from typing import Self

from hypothesis import strategies as st

from portfolio_audit import rubric as rubrics
from portfolio_audit.api import Check, Outcome, Portfolio, PortfolioFact, Repository, RepositoryFact, check
from portfolio_audit.audit import Results
from portfolio_audit.listing import Member

RUBRIC = b"""
schema = 1
name = "sample"
least_coverage = 0.5
band = [
  { name = "not yet", at_least = 0 },
  { name = "developing", at_least = 40 },
  { name = "interview-ready", at_least = 60 },
  { name = "strong", at_least = 80 },
]

[ceiling]
at = 39
fix = "Build an AI project."
guide = "Portfolio"

[[originality]]
check = "data-own"
factor = 0.25

[[originality]]
check = "work-own"
factor = 0

[[category]]
id = "proof"
title = "Proof"

[[category.criterion]]
id = "deployed"
title = "Deployed"
guide = "Strong"
weight = 18
across = "best"
only = "ai"
originality = true
strict = ["live"]
checks = { built = 2, live = 1 }

[[category.criterion]]
id = "contributions"
title = "Contributions"
guide = "Strong"
weight = 12
across = "portfolio"
in_repository = false
checks = { merged = 1 }

[[category]]
id = "craft"
title = "Craft"

[[category.criterion]]
id = "readme"
title = "README"
guide = "Mistakes"
weight = 9
across = "mean"
needs = "readme-present"
checks = { readme-present = 2, readme-run = 1, readme-why = 1 }

[[category.criterion]]
id = "tests"
title = "Tests"
guide = "Mistakes"
weight = 6
across = "mean"
checks = { tests = 1 }

[[category.criterion]]
id = "hints"
title = "Hints"
guide = "Mistakes"
weight = 4
across = "mean"
checks = { hints = 1 }

[[category.criterion]]
id = "ci"
title = "CI"
guide = "Mistakes"
weight = 3
across = "any"
checks = { ci = 1, licence = 1 }

[[category.criterion]]
id = "data"
title = "Own data"
guide = "Mistakes"
weight = 6
across = "best"
only = "ai"
checks = { data-own = 1, not-only-classic = 1 }

[[category.criterion]]
id = "own"
title = "Own work"
guide = "Mistakes"
weight = 6
across = "listed"
checks = { work-own = 1 }
"""


class Anything(RepositoryFact, frozen=True):
    @classmethod
    def distil(cls, repository: Repository) -> Self | None:
        return cls()


class Everything(PortfolioFact, frozen=True):
    @classmethod
    def distil(cls, portfolio: Portfolio) -> Self | None:
        return cls()


def _of_repository(fact: Anything) -> Outcome:
    "Why."
    raise AssertionError(fact)


def _of_portfolio(fact: Everything) -> Outcome:
    "Why."
    raise AssertionError(fact)


PORTFOLIO_CHECKS = ("merged", "not-only-classic")
REPOSITORY_CHECKS = (
    "built", "live", "readme-present", "readme-run", "readme-why", "tests", "hints", "ci", "licence", "data-own",
    "work-own",
)  # fmt: skip
CHECKS: dict[str, Check] = {
    **{id: check(id=id, title=f"{id} holds")(_of_repository) for id in REPOSITORY_CHECKS},
    **{id: check(id=id, title=f"{id} holds")(_of_portfolio) for id in PORTFOLIO_CHECKS},
}
SAMPLE = rubrics.parse(RUBRIC, "sample", CHECKS)

PASSED = Outcome("passed", "yes", 1.0)
FAILED = Outcome("failed", "no", 0.0, fix="Do it.", effort="hours")
HALF = Outcome("partial", "half", 0.5, fix="Do the rest.", effort="days")
MOSTLY = Outcome("partial", "mostly", 0.8, fix="Do the rest.", effort="minutes")
ABSENT = Outcome("not_applicable", "nothing of the kind")
UNKNOWN = Outcome("unknown", "could not look")
PARTLY_UNKNOWN = Outcome("unknown", "two thirds seen", at_least=2 / 3)

ANSWERS = (PASSED, FAILED, HALF, MOSTLY, ABSENT, UNKNOWN, PARTLY_UNKNOWN)


def results(
    repositories: Mapping[str, Mapping[str, Outcome]], portfolio: Mapping[str, Outcome] | None = None
) -> Results:
    return Results(CHECKS, repositories, portfolio or {})


def answers(among: tuple[Outcome, ...] = ANSWERS) -> st.SearchStrategy[dict[str, Outcome]]:
    return _drawn(REPOSITORY_CHECKS, among)


def portfolio_answers(among: tuple[Outcome, ...] = ANSWERS) -> st.SearchStrategy[dict[str, Outcome]]:
    return _drawn(PORTFOLIO_CHECKS, among)


def _drawn(checks: tuple[str, ...], among: tuple[Outcome, ...]) -> st.SearchStrategy[dict[str, Outcome]]:
    """One draw for all checks: far quicker than one each."""
    size = len(checks)
    return st.binary(min_size=size, max_size=size).map(
        lambda drawn: {check: among[byte % len(among)] for check, byte in zip(checks, drawn, strict=True)}
    )


def listed(number: int, *, ai: bool | None = True, lines: int = 1000) -> Member:
    return Member(id=f"r{number}", name=f"repo-{number}", own=True, counted=True, lines=lines, ai=ai)


@st.composite
def member(draw: st.DrawFn, number: int) -> Member:
    """Any kind of repository that the facts can produce."""
    own = draw(st.sampled_from((True, True, True, True, None, False)))
    counted = {True: draw(st.sampled_from((True, True, True, False, None))), None: None, False: False}[own]
    lines = (
        draw(st.integers(300, 5000)) if counted else draw(st.none()) if counted is None else draw(st.integers(0, 299))
    )
    return Member(
        id=f"r{number}",
        name=f"repo-{number}",
        own=own,
        counted=counted,
        lines=lines,
        ai=draw(st.sampled_from((True, True, False, False, None))),
        readable=draw(st.sampled_from((True, True, False))),
    )


@st.composite
def world(
    draw: st.DrawFn, *, listed_at_least: int = 0, most: int = 6
) -> tuple[list[Member], dict[str, dict[str, Outcome]], dict[str, Outcome]]:
    """Members, their answers, and the portfolio's."""
    sure = [listed(n, ai=draw(st.sampled_from((True, False, None)))) for n in range(listed_at_least)]
    count = draw(st.integers(0, most - listed_at_least))
    members = sure + [draw(member(number=n)) for n in range(listed_at_least, listed_at_least + count)]
    return members, {made.id: draw(answers()) for made in members}, draw(portfolio_answers())
