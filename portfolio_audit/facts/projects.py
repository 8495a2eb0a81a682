"""Which repositories are substantial own AI or data projects, and what the others lack.

Substantial means: listed, AI or data work, on data of another kind than the classic teaching sets, not a tutorial's
code or one that says it follows a tutorial, and with a README that says what it is for. One of which that cannot be
told is unclear: neither credited nor held against anybody.
"""

from collections.abc import Iterator
from typing import ClassVar, Self

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.datasets import Datasets
from portfolio_audit.facts.fact import Fact, Location, Portfolio, PortfolioFact, Repository
from portfolio_audit.facts.following import Following
from portfolio_audit.facts.own_work import OwnWork
from portfolio_audit.facts.profile import profile_repository
from portfolio_audit.facts.readme import Readme
from portfolio_audit.facts.standing import Standing
from portfolio_audit.snapshot import Value

PURPOSE = "a README at its root that states its purpose"
OWN_WAY = "a way of its own, apart from a tutorial"


class Project(Value, frozen=True):
    """A repository by its full name, where its purpose is stated, and what it lacks (nothing, if it is substantial)."""

    repository: str
    purpose: Location | None = None
    lacks: tuple[str, ...] = ()


class Projects(PortfolioFact, frozen=True):
    """The own repositories with enough code, parted by whether they are substantial AI or data projects.

    The one that carries a person's profile README is none: what lies in it draws the profile.
    """

    reads: ClassVar[tuple[type[Fact], ...]] = (Standing, Datasets, OwnWork, Following, Readme)
    substantial: tuple[Project, ...] = ()
    unclear: tuple[Project, ...] = ()
    lacking: tuple[Project, ...] = ()

    @classmethod
    def distil(cls, portfolio: Portfolio) -> Self:
        """Always a value: without repositories, an empty one. Each part is ordered by name."""
        person = portfolio.snapshot.mode != "local" and portfolio.snapshot.owner.kind == "User"
        home = profile_repository(portfolio) if person else None
        judged = [made for each in portfolio.repositories if each is not home and (made := _judge(each)) is not None]
        judged.sort(key=lambda made: made[1].repository.casefold())
        return cls(
            substantial=tuple(project for verdict, project in judged if verdict is True),
            unclear=tuple(project for verdict, project in judged if verdict is None),
            lacking=tuple(project for verdict, project in judged if verdict is False),
        )


def _judge(repository: Repository) -> tuple[bool | None, Project] | None:
    """Whether it is substantial (None: cannot be told), or None if it is not among what the person shows."""
    standing = repository.fact(Standing)
    if standing is None or standing.counted is False:
        return None
    answers = list(_answers(repository, standing))
    lacks = tuple(words for answer, words in answers if answer is False)
    readme = None if lacks else _readme(repository)
    project = Project(repository.record.full_name, readme.purpose if readme else None, lacks)
    if lacks:
        return False, project
    return (None if any(answer is None for answer, _ in answers) else True), project


def _answers(repository: Repository, standing: Standing) -> Iterator[tuple[bool | None, str]]:
    yield standing.counted, "counting"
    yield standing.ai, "AI or data work"
    yield _on_other_data(repository), "data beyond the classic teaching sets"
    yield _own_idea(repository), OWN_WAY
    yield _purposeful(repository), PURPOSE


def _on_other_data(repository: Repository) -> bool | None:
    """False on a classic data set; popular or doubtful data are not held against anybody."""
    try:
        data = repository.fact(Datasets)
    except Unavailable:
        return None
    if data is None or data.main is False:
        return True
    if data.main:
        return False
    return None if data.incomplete else True


def _own_idea(repository: Repository) -> bool | None:
    """False for a tutorial's code, or a README that says it follows one; what is not compared is not held against."""
    try:
        work, following = repository.fact(OwnWork), repository.fact(Following)
    except Unavailable:
        return None
    if following is not None or (work is not None and work.verdict == "mostly"):
        return False
    return None if work is not None and work.incomplete else True


def _purposeful(repository: Repository) -> bool | None:
    try:
        readme = repository.fact(Readme)
    except Unavailable:
        return None
    return readme is not None and readme.purpose is not None and readme.template is None


def _readme(repository: Repository) -> Readme | None:
    try:
        return repository.fact(Readme)
    except Unavailable:
        return None
