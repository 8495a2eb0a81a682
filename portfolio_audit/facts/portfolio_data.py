"""What the AI or data projects of a whole portfolio rest on: "only" is a word about all of them, never about one."""

from typing import ClassVar, Self

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.ai_work import AiWork
from portfolio_audit.facts.datasets import Datasets
from portfolio_audit.facts.fact import Fact, Location, Portfolio, PortfolioFact, Repository
from portfolio_audit.facts.standing import Standing
from portfolio_audit.snapshot import Value


class DataOf(Value, frozen=True):
    """One of them: `classic` is its answer (null: could not be told), `name` its teaching set if it has one."""

    repository: str
    classic: bool | None
    name: str = ""
    where: Location | None = None


class PortfolioData(PortfolioFact, frozen=True):
    """All own repositories with AI or data work and what their data are.

    Small ones speak too: one project on other data is enough not to be on teaching sets only. None if there is no AI
    repository. `incomplete` names how many own repositories may be one, which could not be told.
    """

    absent: ClassVar[str] = "no AI or data project of their own was found"
    reads: ClassVar[tuple[type[Fact], ...]] = (Standing, Datasets, AiWork)
    projects: tuple[DataOf, ...] = ()

    @classmethod
    def distil(cls, portfolio: Portfolio) -> Self | None:
        standings = [(repository, repository.fact(Standing)) for repository in portfolio.repositories]
        own = [(repository, standing) for repository, standing in standings if standing and standing.own]
        unread = sum(1 for _, standing in own if standing.ai is None)
        chosen = [repository for repository, standing in own if standing.ai]
        if not chosen and not unread:
            return None
        untold = f"{unread} of {len(own)} own repositories may hold AI or data work, which could not be told"
        data = sorted((_data_of(each) for each in chosen), key=lambda each: each.repository)
        return cls(untold if unread else None, tuple(data))

    def told(self, *, classic: bool) -> tuple[DataOf, ...]:
        """The projects whose data could be told, on a classic teaching set or not."""
        return tuple(data for data in self.projects if data.classic is classic)

    @property
    def untold(self) -> int:
        """How many could not be told."""
        return sum(1 for data in self.projects if data.classic is None)


def _data_of(repository: Repository) -> DataOf:
    name = repository.record.full_name
    try:
        found = repository.fact(Datasets)
    except Unavailable:
        found = None
    if found is None:
        return DataOf(name, None)
    first = found.datasets[0] if found.datasets else None
    return DataOf(name, found.main, first.name if first else "", first.evidence[0] if first else None)
