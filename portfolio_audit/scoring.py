"""The score of a portfolio: facts and answers in, a complete scorecard out."""

import msgspec

from portfolio_audit.audit import Results
from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.contributions import OpenSource
from portfolio_audit.facts.fact import Fact, Portfolio
from portfolio_audit.facts.standing import Standing
from portfolio_audit.gains import advise
from portfolio_audit.judgement import Scorecard, judge
from portfolio_audit.listing import Member
from portfolio_audit.rubric import Rubric

FACTS: tuple[type[Fact], ...] = (Standing, OpenSource)
"""What the score asks for itself, whatever the checks read."""


def score(portfolio: Portfolio, results: Results, rubric: Rubric) -> Scorecard:
    """Score, range, band, criteria, repositories and fixes, in the scope of the portfolio's snapshot."""
    scope = portfolio.snapshot.scope
    judgement = judge(rubric, scope, members(portfolio), results, merged_to_library=merged_to_library(portfolio))
    advice = advise(judgement, results, rubric)
    return msgspec.structs.replace(judgement.card, fixes=advice.fixes, combined_gain=advice.combined_gain)


def members(portfolio: Portfolio) -> tuple[Member, ...]:
    """What the score needs to know of each repository."""
    found = []
    for repository in portfolio.repositories:
        record, standing = repository.record, repository.fact(Standing) or Standing()
        found.append(
            Member(
                id=record.id,
                name=record.name,
                own=standing.own,
                counted=standing.counted,
                why_not_counted=standing.why_not_counted,
                lines=standing.lines,
                ai=standing.ai,
                readable=standing.readable,
            )
        )
    return tuple(found)


def merged_to_library(portfolio: Portfolio) -> bool | None:
    """Whether a contribution to an established ML library was merged; None if that could not be told."""
    try:
        work = portfolio.fact(OpenSource)
    except Unavailable:
        return None
    if work is None:
        return False
    if work.counting(established=True):
        return True
    return None if work.incomplete else False
