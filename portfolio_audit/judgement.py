"""From marks to a score, its range and its name.

docs/scoring.md states the formula with worked examples. A `Scorecard` is complete: a report adds links and words to it
and computes nothing.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Literal, NamedTuple

from portfolio_audit.api import Effort
from portfolio_audit.arithmetic import UNKNOWN, Grade, capped, cut, mean
from portfolio_audit.audit import Results
from portfolio_audit.board import Board, high_end
from portfolio_audit.ledger import Item, Ledger, open_ledger
from portfolio_audit.listing import SHOWN, Member
from portfolio_audit.rubric import Criterion, Rubric
from portfolio_audit.snapshot import Value

Scope = Literal["portfolio", "repository", "folder"]
NOT_SCORED = "not scored"


class CriterionScore(Value, frozen=True):
    """A criterion's grade (None: does not apply), the ids of the repositories it was judged on, and words on that.

    `weight` is what it weighs here: without the share of those of its checks that are no question in this scope.
    """

    criterion: Criterion
    grade: Grade | None
    repositories: tuple[str, ...]
    note: str
    weight: float


class Fix(Value, frozen=True):
    """One thing to do. `gain` is the score's exact rise in points if just this answer passed.

    `repository` is an id, None for the portfolio. Under the ceiling the first fix is an AI or data project (`check`
    "ai-work"), and the gains of the others are counted with the ceiling lifted.
    """

    check: str
    repository: str | None
    gain: float
    effort: Effort
    text: str
    guide: str


class Scorecard(Value, frozen=True):
    """What the rubric says of a portfolio or a repository; numbers are points from 0 to 100, coverage is 0 to 1.

    `score` is None where one number would lie. `repositories` holds each repository's own grade by id; `shown` are the
    ids of those on which averaged criteria were judged. `ceiling` tells whether the ceiling of a portfolio
    without AI or data work is certain, possible or absent. `fixes` are at most five; `combined_gain` is the rise in
    points if all of them were done, which is not the sum of their gains.
    """

    scope: Scope
    score: float | None
    low: float
    high: float
    coverage: float
    band: str
    criteria: tuple[CriterionScore, ...]
    repositories: Mapping[str, Grade | None]
    members: tuple[Member, ...]
    shown: tuple[str, ...]
    ceiling: Literal["certain", "possible"] | None
    notes: tuple[str, ...]
    fixes: tuple[Fix, ...] = ()
    combined_gain: float = 0.0


class Judgement(NamedTuple):
    """A scorecard without fixes, and what gains are computed from; `board` is None where there is no top score."""

    card: Scorecard
    board: Board | None


def judge(
    rubric: Rubric, scope: Scope, members: Iterable[Member], results: Results, *, merged_to_library: bool | None = False
) -> Judgement:
    """The scorecard of these answers.

    `merged_to_library`: a contribution to an ML library was merged (None: could not be told).
    """
    ledger = open_ledger(rubric, scope, members, results)
    own = {member.id: _worth_naming(rubric, ledger, member) for member in ledger.pools.members}
    if scope == "folder":
        note = "A folder of repositories has no score of its own; each repository has one."
        blank = Scorecard(scope, None, 0.0, 100.0, 0.0, NOT_SCORED, (), own, ledger.pools.members, (), None, (note,))
        return Judgement(blank, None)
    ceiling = _ceiling(ledger, merged_to_library) if scope == "portfolio" else None
    value = Board(ledger, "value")
    low = Board(ledger, "low")
    total = total_grade(ledger, value, low)
    bare = _is_bare(ledger, rubric)
    if bare:
        total = UNKNOWN
    if ceiling is not None:
        total = capped(total, rubric.ceiling.at / 100, certain=ceiling == "certain")
    criteria = tuple(_criterion(ledger, criterion, value) for criterion in _criteria(ledger))
    coverage = 0.0 if bare else _coverage(ledger, value)
    named = total.value is not None and coverage >= rubric.least_coverage
    points = [cut(number) for number in (total.low, total.high)]
    card = Scorecard(
        scope=scope,
        score=cut(total.value) if named and total.value is not None else None,
        low=points[0],
        high=points[1],
        coverage=round(coverage, 4),
        band=NOT_SCORED if bare else band(rubric, points[0], points[1]),
        criteria=criteria,
        repositories=own,
        members=ledger.pools.members,
        shown=tuple(member.id for member in value.shown) if ledger.averaged else (),
        ceiling=ceiling,
        notes=tuple(_notes(ledger, rubric, ceiling)),
    )
    return Judgement(card, value if named else low)


def total_grade(ledger: Ledger, value: Board, low: Board) -> Grade:
    """The whole grade: the best choice for each end. Without any item that applies, nothing is known."""
    bottom, top = low.choice.score, high_end(ledger)
    if bottom is None or top is None:
        return Grade(0.0, None, 1.0)
    middle = value.choice.score
    top = max(bottom, top)
    return Grade(bottom, None if middle is None else min(max(middle, bottom), top), top)


def band(rubric: Rubric, low: float, high: float) -> str:
    """The name of the band in which both ends lie, else the two names."""
    first, last = ([made.name for made in rubric.band if made.at_least <= points][-1] for points in (low, high))
    return first if first == last else f"between {first} and {last}"


def graded(ledger: Ledger, n: int, item: Item, board: Board) -> Grade | None:
    """The grade of one item as shown: averaged ones over the repositories that the board chose."""
    if n in ledger.fixed:
        return ledger.fixed[n]
    if not board.shown:
        return Grade(0.0, 0.0, 1.0)
    return mean((1.0, ledger.grade_of(item, member)) for member in board.shown)


def _is_bare(ledger: Ledger, rubric: Rubric) -> bool:
    """Whether a repository judged alone holds so little that hardly anything can be asked of it."""
    members = ledger.pools.members
    return ledger.alone and bool(members) and ledger.share_asked(members[0]) < rubric.least_asked


def _worth_naming(rubric: Rubric, ledger: Ledger, member: Member) -> Grade | None:
    """A repository's grade; without a value if too little of it is known, or asked at all, for one number."""
    made = ledger.repository(member)
    if made is None:
        return None
    if ledger.share_asked(member) < rubric.least_asked:
        return UNKNOWN
    return made._replace(value=None) if made.coverage < rubric.least_coverage else made


def _criteria(ledger: Ledger) -> tuple[Criterion, ...]:
    return tuple({item.criterion.id: item.criterion for item in ledger.items}.values())


def _criterion(ledger: Ledger, criterion: Criterion, board: Board) -> CriterionScore:
    mine = [
        (item, graded(ledger, n, item, board)) for n, item in enumerate(ledger.items) if item.criterion == criterion
    ]
    made = mean((item.weight, grade) for item, grade in mine)
    weight = sum(item.weight for item, grade in mine if grade is not None or made is None)

    def scored(note: str, *judged: Member) -> CriterionScore:
        return CriterionScore(criterion, made, tuple(member.id for member in judged), note, weight)

    if ledger.alone or criterion.across == "portfolio" or ledger.empty:
        return scored("")
    item = next((item for item, _ in mine if item.across == criterion.across), None)
    if item is None:
        return scored("")
    if criterion.across in ("mean", "listed"):
        averaged = criterion.across == "mean"
        among = board.shown if averaged else ledger.pools.shown
        judged = tuple(member for member in among if ledger.grade_of(item, member) is not None)
        listed = ledger.pools.sure and not averaged
        return scored(_mean_of(judged, among, named=averaged, listed=listed), *judged)
    candidates = [member for member in ledger.pools.members if member.own and (criterion.only is None or member.ai)]
    note, winner = _best_of(ledger, item, candidates)
    return scored(note, *winner)


def _mean_of(judged: Collection[Member], among: Collection[Member], *, named: bool, listed: bool) -> str:
    """On which of these an average was judged: those that its questions apply to."""
    if not among:
        return "no repository could be chosen" if named else "no repository"
    if not judged:
        return ""
    if named:
        return f"{'judged on' if len(judged) == 1 else 'mean of'} {', '.join(member.name for member in judged)}"
    noun = "repository" if len(among) == 1 else "repositories"
    count = f"{len(judged)}" if len(judged) == len(among) else f"{len(judged)} of {len(among)}"
    return f"{'judged on' if len(among) == 1 else 'mean of'} {count} {'listed ' if listed else ''}{noun}"


def _best_of(ledger: Ledger, item: Item, candidates: Collection[Member]) -> tuple[str, tuple[Member, ...]]:
    """Among how many the best was looked for, and which it is; none where it is a question in none of them."""
    kind = "own repositories with AI or data work" if item.criterion.only else "own repositories"
    one = kind.replace("repositories", "repository")
    if not candidates:
        return f"none of the {kind} that it looks at", ()
    grades = [(ledger.grade_of(item, each), each) for each in candidates if ledger.asks(item, each)]
    ranked = [(_rank(made), each) for made, each in grades]
    if not ranked:
        where = f"any of {len(candidates)} {kind}" if len(candidates) > 1 else f"the only {one}"
        return f"nothing to judge it on in {where}", ()
    among = f"best of {len(candidates)} {kind}" if len(candidates) > 1 else f"the only {one}"
    if len(ranked) < len(candidates):
        among = f"asked of {len(ranked)} of {len(candidates)} {kind}{', best' if len(ranked) > 1 else ''}"
    top, winner = max(ranked, key=lambda pair: pair[0])
    if top[0] <= 0 and len(ranked) > 1 and any(made is not None and made.high > 0 for made, _ in grades):
        return f"{among}: could not be told", ()
    level = [each.name for rank, each in ranked if rank == top and each is not winner]
    said = f", level with {level[0] if len(level) == 1 else f'{len(level)} others'}" if level else ""
    return f"{among}: {winner.name}{said}", (winner,)


def _rank(made: Grade | None) -> tuple[float, float]:
    """By what is known, then by the low end, alike where they differ by rounding alone."""
    return (-1.0, 0.0) if made is None or made.value is None else (round(made.value, 6), round(made.low, 6))


def _coverage(ledger: Ledger, board: Board) -> float:
    grades = [(item.weight, graded(ledger, n, item, board)) for n, item in enumerate(ledger.items)]
    applicable = [(weight, made) for weight, made in grades if made is not None]
    total = sum(weight for weight, _ in applicable)
    return sum(weight * made.coverage for weight, made in applicable) / total if total else 0.0


def _ceiling(ledger: Ledger, merged_to_library: bool | None) -> Literal["certain", "possible"] | None:
    """Whether the ceiling holds: certain only if every own repository was read, in languages that can be judged."""
    possible = ledger.pools.possible
    if any(member.own and member.ai for member in possible):
        return None
    read = all(member.ai is False for member in possible)
    readable = all(member.readable for member in possible if member.counted is not False)
    return "certain" if read and readable and merged_to_library is False else "possible"


def _notes(ledger: Ledger, rubric: Rubric, ceiling: str | None) -> Iterable[str]:
    found = ledger.pools
    at = f"{rubric.ceiling.at:g}"
    read = sum(member.ai is not None for member in found.possible)
    repositories = f"{read} {'repository' if read == 1 else 'repositories'}"
    if ceiling == "certain":
        yield f"no AI or data work found in {repositories} read: the score cannot pass {at}"
        yield "the gains below are counted with that ceiling lifted"
    elif ceiling == "possible":
        seen = f"no AI or data work seen in {repositories} read"
        yield f"{seen}, but not all could be judged: the low end is held at {at}"
    if ledger.alone:
        if _is_bare(ledger, rubric):
            yield "there is too little here for a score: most of what is asked of a project does not apply"
        return
    listed = len(found.shown) if found.sure else 0
    if ledger.empty:
        yield "there is no repository of their own to judge"
    elif not listed and not found.maybe:
        yield f"no repository counts as a project of its own: judged on the {len(found.shown)} with most code"
    elif listed < SHOWN:
        rest = f"averages rest on {listed} {'repository' if listed == 1 else 'repositories'} instead of {SHOWN}"
        yield f"{rest}{'' if found.maybe else ': no other is counted'}" if listed else "no repository is known to count"
    if found.maybe:
        count = len(found.maybe)
        noun = "repository" if count == 1 else "repositories"
        yield f"{count} {noun} may count, but could not be read: the range allows for it"
