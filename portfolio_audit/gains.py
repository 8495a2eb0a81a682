"""What to do next: for each fix the points it is worth, worked out by scoring again with that one answer passed."""

from collections.abc import Iterator
from typing import NamedTuple

from portfolio_audit.api import Outcome
from portfolio_audit.audit import Results
from portfolio_audit.board import Board
from portfolio_audit.judgement import Fix, Judgement
from portfolio_audit.rubric import Rubric

MOST = 5
LEAST_POINTS = 0.5
AI_WORK = "ai-work"
_EFFORT = {"minutes": 0, "hours": 1, "days": 2, None: 3}


class Advice(NamedTuple):
    """At most five fixes, and the rise in points if all of them were done (not the sum of their gains)."""

    fixes: tuple[Fix, ...] = ()
    combined_gain: float = 0.0


class _Candidate(NamedTuple):
    gain: float
    subject: str | None
    name: str
    check: str
    outcome: Outcome


def advise(judgement: Judgement, results: Results, rubric: Rubric) -> Advice:
    """The fixes worth most, best first.

    A fix enters the list only if it is still worth half a point after those above it, so that two ways to the same
    points are not both named.
    """
    board, card = judgement.board, judgement.card
    if board is None or board.choice.score is None:
        return Advice()
    guides = {check: criterion.guide for criterion in rubric.criteria for check in criterion.checks}
    held = 100 * board.choice.score if card.ceiling is None else min(100 * board.choice.score, rubric.ceiling.at)
    fixes: list[Fix] = []
    if card.ceiling == "certain":
        gain = _round(100 * board.choice.score - held)
        fixes.append(Fix(AI_WORK, None, gain, rubric.ceiling.effort, rubric.ceiling.fix, rubric.ceiling.guide))
    now = board
    for candidate in sorted(_candidates(board, results), key=_order):
        if len(fixes) == MOST:
            break
        if _points(now, candidate.subject, candidate.check) < LEAST_POINTS:
            continue
        now = Board(now.ledger.passing(candidate.subject, candidate.check), board.end)
        outcome = candidate.outcome
        fixes.append(
            Fix(
                candidate.check,
                candidate.subject,
                _round(candidate.gain),
                outcome.effort or "hours",
                outcome.fix or "",
                guides[candidate.check],
            )
        )
    start = held if card.ceiling == "certain" else 100 * board.choice.score
    return Advice(tuple(fixes), _round(100 * (now.choice.score or 0.0) - start) if fixes else 0.0)


def _candidates(board: Board, results: Results) -> Iterator[_Candidate]:
    names = {member.id: member.name for member in board.ledger.pools.members if member.own}
    asked = [(id, name, results.repositories.get(id, {})) for id, name in names.items()]
    weighty = {check for item in board.ledger.items for check in item.weights}
    for subject, name, outcomes in [*asked, (None, "", results.portfolio)]:
        for check, outcome in outcomes.items():
            if check in weighty and outcome.status in ("failed", "partial") and outcome.fix:
                gain = _points(board, subject, check)
                if gain >= LEAST_POINTS:
                    yield _Candidate(gain, subject, name, check, outcome)


def _order(candidate: _Candidate) -> tuple[float, int, str, str, str]:
    effort = _EFFORT[candidate.outcome.effort]
    return (-round(candidate.gain, 6), effort, candidate.check, candidate.name, candidate.subject or "")


def _points(board: Board, subject: str | None, check: str) -> float:
    return 100 * board.gain(subject, check, least=LEAST_POINTS / 100)


def _round(points: float) -> float:
    return round(max(points, 0.0), 2)
