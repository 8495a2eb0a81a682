"""Which milestones of the guide's plan of twelve months are visible in public work.

The plan is read for what it names, not for how long it takes: no date enters, and nobody is told to be fast or slow.
"""

from functools import cache
from typing import ClassVar, Self

import msgspec

from portfolio_audit.facts.fact import Fact, Portfolio, PortfolioFact
from portfolio_audit.facts.skill_asks import READS, Answer, Ask, answer
from portfolio_audit.facts.skills import Skills
from portfolio_audit.facts.words import load_table
from portfolio_audit.snapshot import Value


class Stretch(Value, frozen=True):
    """Two months of the plan; `unseen` are parts of its milestones that no code shows."""

    months: str
    focus: str
    milestone: tuple[Ask, ...]
    unseen: tuple[str, ...] = ()


class Reached(Value, frozen=True):
    """A stretch by its months, and the answer to each of its milestones."""

    months: str
    answers: tuple[Answer, ...]

    @property
    def whole(self) -> bool:
        """Whether all its milestones are visible."""
        return all(each.state == "seen" for each in self.answers)


class Timeline(PortfolioFact, frozen=True):
    """The stretches in order. None unless a person was audited."""

    reads: ClassVar[tuple[type[Fact], ...]] = READS
    stretches: tuple[Reached, ...] = ()

    @classmethod
    def distil(cls, portfolio: Portfolio) -> Self | None:
        skills = portfolio.fact(Skills)
        snapshot = portfolio.snapshot
        if skills is None or snapshot.scope != "portfolio" or snapshot.owner.kind != "User":
            return None
        made = (
            Reached(each.months, tuple(answer(ask, portfolio, skills) for ask in each.milestone)) for each in plan()
        )
        return cls(skills.incomplete, tuple(made))

    @property
    def last(self) -> Reached | None:
        """The last stretch all of whose milestones are visible."""
        return next((each for each in reversed(self.stretches) if each.whole), None)

    @property
    def next(self) -> Reached | None:
        """The first stretch after that one; None if there is none."""
        last = self.last
        place = self.stretches.index(last) + 1 if last is not None else 0
        return self.stretches[place] if place < len(self.stretches) else None

    @property
    def open_before(self) -> tuple[Answer, ...]:
        """Milestones of earlier stretches that are not visible; what could not be told is none of them."""
        last = self.last
        before = self.stretches[: self.stretches.index(last)] if last is not None else ()
        return tuple(each for stretch in before for each in stretch.answers if each.state in ("not-seen", "tutorial"))


@cache
def plan() -> tuple[Stretch, ...]:
    """The plan as data. Raises msgspec.ValidationError for what is not understood."""
    return msgspec.convert(load_table("timeline")["stretch"], tuple[Stretch, ...])
