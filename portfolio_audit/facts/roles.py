"""What of the guide's three roles is visible in public code. A list to talk about, no measure of fitness."""

from functools import cache
from typing import ClassVar, Self

import msgspec

from portfolio_audit.facts.fact import Fact, Portfolio, PortfolioFact
from portfolio_audit.facts.skill_asks import READS, Answer, Ask, answer
from portfolio_audit.facts.skills import Skills
from portfolio_audit.facts.words import load_table
from portfolio_audit.snapshot import Value


class Role(Value, frozen=True):
    """A role of the guide; `unseen` is asked for too, but no code shows it."""

    id: str
    title: str
    guide: str
    says: str
    unseen: tuple[str, ...]
    asks: tuple[Ask, ...]


class RoleFit(Value, frozen=True):
    """A role by id, and the answer to each of its asks, in their order."""

    id: str
    answers: tuple[Answer, ...]

    @property
    def visible(self) -> int:
        """How many of the asks are seen in the person's own public work."""
        return sum(1 for each in self.answers if each.state == "seen")


class Roles(PortfolioFact, frozen=True):
    """The fits in the guide's order. None unless a person was audited: one project or an organisation has no career."""

    reads: ClassVar[tuple[type[Fact], ...]] = READS
    fits: tuple[RoleFit, ...] = ()

    @classmethod
    def distil(cls, portfolio: Portfolio) -> Self | None:
        skills = portfolio.fact(Skills)
        snapshot = portfolio.snapshot
        if skills is None or snapshot.scope != "portfolio" or snapshot.owner.kind != "User":
            return None
        fits = (RoleFit(role.id, tuple(answer(ask, portfolio, skills) for ask in role.asks)) for role in roles())
        return cls(skills.incomplete, tuple(fits))


@cache
def roles() -> tuple[Role, ...]:
    """The roles as data. Raises msgspec.ValidationError for what is not understood."""
    return msgspec.convert(load_table("roles")["role"], tuple[Role, ...])
