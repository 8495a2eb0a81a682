"""The marks of one portfolio under one rubric, and the grades that follow from them.

A ledger never changes; passing a check gives another ledger. So the score, its range and every gain come from the same
few lines of arithmetic.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from statistics import fmean
from typing import Literal, NamedTuple

import msgspec

from portfolio_audit.arithmetic import PASSED, UNKNOWN, Grade, Marks, best, grade, marks_of, mean, scaled
from portfolio_audit.audit import Results
from portfolio_audit.listing import Member, Pools, pools
from portfolio_audit.rubric import Criterion, Factor, Rubric


class Item(NamedTuple):
    """The part of a criterion that is asked of repositories, or the part that is asked of the portfolio.

    A criterion with checks of both kinds is two items that share its weight by the weights of their checks.
    """

    criterion: Criterion
    weights: Mapping[str, float]
    weight: float
    across: Literal["best", "any", "mean", "listed", "portfolio"]


class Ledger:
    """Items, members and marks.

    `alone` means that one repository is judged by itself, without a portfolio. `met` are the ids of criteria that are
    taken to be met by a repository yet to be made.
    """

    def __init__(
        self,
        items: tuple[Item, ...],
        factors: tuple[Factor, ...],
        found: Pools,
        marks: Mapping[str, Marks],
        asked: Marks,
        *,
        alone: bool,
        by_itself: Mapping[str, Marks],
        met: frozenset[str] = frozenset(),
    ) -> None:
        self.items = items
        self.factors = factors
        self.pools = found
        self.marks = marks
        self.asked = asked
        self.alone = alone
        self.by_itself = by_itself
        self.met = met
        self._members = {member.id: member for member in found.members}
        self._grades: dict[tuple[tuple[str, ...], str], Grade | None] = {}

    def passing(self, subject: str | None, check: str) -> "Ledger":
        """The ledger in which that check of that repository (of the portfolio: None) is passed."""
        marks, asked = dict(self.marks), dict(self.asked)
        if subject is None:
            asked[check] = PASSED
        else:
            marks[subject] = {**marks[subject], check: PASSED}
        return self._with(marks, asked, self.met)

    def meeting(self, criterion: str) -> "Ledger":
        """The ledger in which a further repository meets all that this criterion asks of one."""
        return self._with(self.marks, self.asked, self.met | {criterion})

    def _with(self, marks: Mapping[str, Marks], asked: Marks, met: frozenset[str]) -> "Ledger":
        return Ledger(
            self.items, self.factors, self.pools, marks, asked, alone=self.alone, by_itself=self.by_itself, met=met
        )

    @cached_property
    def fixed(self) -> Mapping[int, Grade | None]:
        """The grade of every item that does not depend on the choice of three, by its position."""
        return {n: self.overall(item) for n, item in enumerate(self.items) if item.across != "mean" or self.empty}

    @cached_property
    def averaged(self) -> tuple[int, ...]:
        """The positions of the items that are judged on three repositories."""
        return tuple(n for n, item in enumerate(self.items) if n not in self.fixed)

    @property
    def empty(self) -> bool:
        """Whether the person may have made nothing at all."""
        return not self.pools.possible

    def member(self, id: str) -> Member:
        """The member of that id."""
        return self._members[id]

    def grade_of(self, item: Item, member: Member, marks: Marks | None = None) -> Grade | None:
        """One repository's grade in an item, by its own marks or by the ones given."""
        if marks is not None:
            return self._grade(item, marks)
        key = (tuple(item.weights), member.id)
        if key not in self._grades:
            self._grades[key] = self._grade(item, self.marks[member.id])
        return self._grades[key]

    def _grade(self, item: Item, marks: Marks) -> Grade | None:
        made = grade(item.weights, marks, item.criterion.strict)
        return scaled(made, self.factors, marks) if item.criterion.originality else made

    def asks(self, item: Item, member: Member) -> bool:
        """Whether the item is a question there; what a portfolio fails in only because it is nowhere there, is none."""
        return any(check in self.by_itself[member.id] for check in item.weights)

    def overall(self, item: Item, subject: str | None = None, marks: Marks | None = None) -> Grade | None:
        """The grade of an item over the portfolio; `marks` replace those of one repository (of the portfolio: None)."""
        if item.across == "portfolio":
            asked = marks if subject is None and marks is not None else self.asked
            return grade(item.weights, asked, item.criterion.strict)
        if item.criterion.id in self.met:
            return PASSED
        if item.across == "any":
            single = [(w, item._replace(weights={check: w})) for check, w in item.weights.items()]
            return mean((w, self._best(one, subject, marks)) for w, one in single)
        if item.across == "listed":
            return self._over_listed(item, subject, marks)
        return self._best(item, subject, marks)

    def _best(self, item: Item, subject: str | None, marks: Marks | None) -> Grade | None:
        sure: list[Grade | None] = []
        maybe: list[Grade | None] = []
        for member in self.pools.possible:
            wanted = member.ai if item.criterion.only == "ai" else True
            if wanted is False:
                continue
            into = sure if wanted and member.own else maybe
            into.append(self.grade_of(item, member, marks if member.id == subject else None))
        return self._settle(sure, maybe)

    def _over_listed(self, item: Item, subject: str | None, marks: Marks | None) -> Grade | None:
        """The mean over all listed; one that may be listed is in each end where it moves that end outwards.

        Where none is surely listed, any that may be could stand alone.
        """
        found = self.pools
        sure = [self.grade_of(item, each, marks if each.id == subject else None) for each in found.shown]
        maybe = [self.grade_of(item, each, marks if each.id == subject else None) for each in found.maybe]
        made = mean((1.0, each) for each in sure)
        if made is None or (maybe and not found.sure):
            return self._settle(sure, maybe) if made is None else Grade(0.0, made.value, 1.0)
        lows = [each.low for each in sure if each is not None]
        highs = [each.high for each in sure if each is not None]
        for low in sorted(each.low for each in maybe if each is not None):
            lows.append(min(low, fmean(lows)))
        for high in sorted((each.high for each in maybe if each is not None), reverse=True):
            highs.append(max(high, fmean(highs)))
        return Grade(min(made.low, fmean(lows)), made.value, max(made.high, fmean(highs)))

    def _settle(self, sure: list[Grade | None], maybe: list[Grade | None]) -> Grade | None:
        """The best of the candidates; what may turn out to be one raises the high end alone.

        In a portfolio, what is shown in no repository is failed even if it applies to none, since else a further
        repository could lower a score by making it apply.
        """
        if any(made is not None for made in sure):
            return best([*sure, *(made and Grade(0.0, None, made.high) for made in maybe)])
        if self.alone:
            return UNKNOWN if maybe else None
        high = max((made.high for made in maybe if made is not None), default=0.0)
        return Grade(0.0, None if high == 1.0 else 0.0, high)

    def repository(self, member: Member) -> Grade | None:
        """One repository's own grade over what a repository alone can meet."""
        return mean(self._parts(member))

    def share_asked(self, member: Member) -> float:
        """The share (0 to 1) of what a repository alone can meet that asks anything of this one."""
        parts = self._parts(member)
        total = sum(weight for weight, _ in parts)
        return sum(weight for weight, made in parts if made is not None) / total if total else 0.0

    def _parts(self, member: Member) -> list[tuple[float, Grade | None]]:
        return [(item.weight, self._alone(item, member)) for item in self.items if item.criterion.in_repository]

    def _alone(self, item: Item, member: Member) -> Grade | None:
        if item.across == "portfolio" or (item.criterion.only == "ai" and member.ai is False):
            return None
        if item.criterion.only == "ai" and member.ai is None:
            return UNKNOWN
        return self._grade(item, self.by_itself[member.id])


def open_ledger(
    rubric: Rubric, scope: Literal["portfolio", "repository", "folder"], members: Iterable[Member], results: Results
) -> Ledger:
    """The ledger of what was answered. In a smaller scope, what a repository alone cannot meet is no item."""
    criteria = [made for made in rubric.criteria if scope == "portfolio" or made.in_repository]
    known = tuple(members)
    if scope == "repository":
        known = tuple(_certain(member) for member in known)
    answers = {member.id: results.repositories.get(member.id, {}) for member in known}
    by_itself = {id: marks_of(outcomes, criteria, alone=True) for id, outcomes in answers.items()}
    single = scope == "repository"
    return Ledger(
        tuple(item for made in criteria for item in _items(made, results, whole=scope == "portfolio")),
        rubric.originality,
        pools(known),
        by_itself if single else {id: marks_of(outcomes, criteria) for id, outcomes in answers.items()},
        marks_of(results.portfolio, [_never_excused(made) if made.only else made for made in criteria]),
        alone=single,
        by_itself=by_itself,
    )


def _never_excused(criterion: Criterion) -> Criterion:
    """Where only AI or data work is looked at, what does not apply to the portfolio is failed: there is none of it.

    Else a first AI or data project would lower the score by making the question apply.
    """
    return msgspec.structs.replace(criterion, originality=True)


def _certain(member: Member) -> Member:
    """The one repository that is judged by itself, whoever made it and however small it is."""
    return Member(
        id=member.id, name=member.name, own=True, counted=True, lines=member.lines, ai=member.ai,
        readable=member.readable,
    )  # fmt: skip


def _items(criterion: Criterion, results: Results, *, whole: bool) -> Iterator[Item]:
    total = sum(criterion.checks.values())
    for portfolio in (False, True):
        weights = {
            check: weight
            for check, weight in criterion.checks.items()
            if check in results.checks
            and (results.checks[check].scope == "portfolio") == portfolio
            and (whole or check not in criterion.remote)
        }
        if weights and (whole or not portfolio):
            share = criterion.weight * sum(weights.values()) / total
            yield Item(criterion, weights, share, "portfolio" if portfolio else criterion.across)
