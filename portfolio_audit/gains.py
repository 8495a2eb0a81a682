"""What to do next: for each fix the points it is worth, worked out by scoring again with that one answer passed."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from portfolio_audit.api import Effort
from portfolio_audit.audit import Results
from portfolio_audit.board import Board
from portfolio_audit.judgement import Fix, Judgement
from portfolio_audit.ledger import Ledger
from portfolio_audit.rubric import Rubric

MOST = 5
MOST_ALIKE = 2
"""Fixes of one check among the five as long as others are worth a line: the third tests tell less than the first CI."""
LEAST_POINTS = 0.5
AI_WORK = "ai-work"
_EFFORT = {"minutes": 0, "hours": 1, "days": 2}


class Advice(NamedTuple):
    """At most five fixes, and the rise in points if all of them were done (not the sum of their gains)."""

    fixes: tuple[Fix, ...] = ()
    combined_gain: float = 0.0


class _Candidate(NamedTuple):
    """A step that may become a fix: an answer to pass or, without `subject` and with `criterion`, one to meet anew.

    Of steps that are worth the same and as much work, the one whose answer is nearest to passing goes first: `met` is
    what it earns already, between 0 and 1. Then `place` orders the repositories: listed ones first, most code first.
    """

    gain: float
    subject: str | None
    place: int
    check: str
    text: str
    effort: Effort
    criterion: str | None = None
    met: float = 0.0

    def worth(self, board: Board) -> float:
        """Points that the step adds to a board; less than what is worth a line may be answered as 0."""
        if self.criterion is not None:
            return 100 * board.gain_of_meeting(self.criterion)
        return 100 * board.gain(self.subject, self.check, least=LEAST_POINTS / 100)

    def taken(self, ledger: Ledger) -> Ledger:
        """The ledger after the step."""
        if self.criterion is not None:
            return ledger.meeting(self.criterion)
        return ledger.passing(self.subject, self.check)


def advise(judgement: Judgement, results: Results, rubric: Rubric) -> Advice:
    """The fixes worth most, best first.

    A fix enters the list only if it is still worth half a point after those chosen before it, so that two ways to the
    same points are not both named; a third one of the same check only if nothing else is left.
    """
    board, card = judgement.board, judgement.card
    if board is None or board.choice.score is None:
        return Advice()
    guides = {check: criterion.guide for criterion in rubric.criteria for check in criterion.checks}
    lifted = 100 * board.choice.score
    held = min(lifted, rubric.ceiling.at) if card.ceiling == "certain" else lifted
    capped = card.ceiling == "certain"
    chosen, now = _choose(board, results, MOST - capped)
    fixes = [
        Fix(step.check, step.subject, _round(step.gain), step.effort, step.text, guides[step.check]) for step in chosen
    ]
    if capped:
        ceiling = rubric.ceiling
        fixes.insert(0, Fix(AI_WORK, None, _round(lifted - held), ceiling.effort, ceiling.fix, ceiling.guide))
    return Advice(tuple(fixes), _round(100 * (now.choice.score or 0.0) - held) if fixes else 0.0)


def _choose(board: Board, results: Results, room: int) -> tuple[list[_Candidate], Board]:
    """The steps that are worth a line, best first, and the board after all of them."""
    waiting = sorted(_candidates(board, results), key=_order)
    chosen: list[_Candidate] = []
    alike: Counter[str] = Counter()
    now = board
    for limit in (MOST_ALIKE, MOST):
        left = []
        for candidate in waiting:
            if len(chosen) == room or alike[candidate.check] >= limit:
                left.append(candidate)
            elif candidate.worth(now) >= LEAST_POINTS:
                now = Board(candidate.taken(now.ledger), board.end)
                chosen.append(candidate)
                alike[candidate.check] += 1
        waiting = left
    return sorted(chosen, key=_order), now


def _candidates(board: Board, results: Results) -> Iterator[_Candidate]:
    for step in (*_answers(board, results), *_beginnings(board, results)):
        gain = step.worth(board)
        if gain >= LEAST_POINTS:
            yield step._replace(gain=gain)


def _answers(board: Board, results: Results) -> Iterator[_Candidate]:
    """Every answer of weight that could be better and says how."""
    own = sorted((member for member in board.ledger.pools.members if member.own), key=lambda member: not member.counted)
    asked = [(member.id, results.repositories.get(member.id, {})) for member in own]
    weighty = {check for item in board.ledger.items for check in item.weights}
    for place, (subject, outcomes) in enumerate([(None, results.portfolio), *asked]):
        for check, outcome in outcomes.items():
            if check in weighty and outcome.status in ("failed", "partial") and outcome.fix:
                effort, met = outcome.effort or "hours", outcome.score or 0.0
                yield _Candidate(0.0, subject, place, check, outcome.fix, effort, met=met)


def _beginnings(board: Board, results: Results) -> Iterator[_Candidate]:
    """Criteria that apply to no repository that they may look at, so that no answer says what to do."""
    ledger = board.ledger
    for n in ledger.fixed:
        item = ledger.items[n]
        if item.criterion.fix is None or item.across == "portfolio" or ledger.alone:
            continue
        only = item.criterion.only
        looked_at = [member for member in ledger.pools.possible if not only or member.ai is not False]
        told = all(member.own and (member.ai or not only) for member in looked_at)
        answers = (results.repositories.get(member.id, {}).get(check) for member in looked_at for check in item.weights)
        if told and all(answer is None or answer.status == "not_applicable" for answer in answers):
            first = next(iter(item.weights))
            yield _Candidate(0.0, None, 0, first, item.criterion.fix, item.criterion.effort, item.criterion.id)


def _order(step: _Candidate) -> tuple[float, int, float, int, str]:
    return (-round(step.gain, 6), _EFFORT[step.effort], -step.met, step.place, step.check)


def _round(points: float) -> float:
    return round(max(points, 0.0), 2)
