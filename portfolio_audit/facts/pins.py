"""The pinned repositories: what each of them is, beside the best that there would be to pin.

A visitor opens what is pinned and little else. What is best is said by facts alone (`facts.projects`); the order of the
pins, stars and the archived flag do not count.
"""

from typing import ClassVar, Literal, Self

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.fact import Fact, Portfolio, PortfolioFact, Repository
from portfolio_audit.facts.following import Following
from portfolio_audit.facts.leaks import Leaks
from portfolio_audit.facts.own_work import OwnWork
from portfolio_audit.facts.projects import Projects
from portfolio_audit.facts.standing import Coursework, Standing
from portfolio_audit.facts.words import counted, joined
from portfolio_audit.snapshot import Value

UNSEEN = "pinned repositories are not visible without a token"

Kind = Literal[
    "substantial",
    "unclear",
    "project",
    "tutorial",
    "course",
    "fork",
    "empty",
    "small",
    "profile",
    "elsewhere",
    "unread",
]


class Pin(Value, frozen=True):
    """One pinned repository: what it is, and that in words ("a fork", "course notes")."""

    repository: str
    kind: Kind
    words: str


class Pins(PortfolioFact, frozen=True):
    """The pins in their order, and full names of own repositories that could be pinned, by how they stand.

    `best` are the substantial AI or data projects, `maybe` those of which that could not be told, `listed` the other
    own repositories with enough code. The one that makes the profile itself is none of them: it needs no pin.
    `exposed` are those of all three in which a line looks like a key or a password.
    """

    absent: ClassVar[str] = "asked of an account only"
    reads: ClassVar[tuple[type[Fact], ...]] = (Projects, Standing, Coursework, Following, OwnWork, Leaks)
    pinned: tuple[Pin, ...] = ()
    best: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()

    @classmethod
    def distil(cls, portfolio: Portfolio) -> Self | None:
        """None for files on a disk. Raises Unavailable if the pins could not be read."""
        snapshot = portfolio.snapshot
        if snapshot.mode == "local":
            return None
        if snapshot.pinned is None:
            default = UNSEEN if snapshot.mode == "anonymous" else "the pinned repositories were not read"
            raise Unavailable(snapshot.unavailable.get("pinned", default))
        projects = portfolio.fact(Projects) or Projects()
        named = {each.record.full_name.casefold(): each for each in portfolio.repositories}
        login = snapshot.owner.login
        own = f"{login}/{login}".casefold()
        best, maybe, listed = (
            tuple(project.repository for project in part if project.repository.casefold() != own)
            for part in (projects.substantial, projects.unclear, projects.lacking)
        )
        listed = tuple(name for name in listed if _learnt(named[name.casefold()]) is None)
        pinned = []
        for name in dict.fromkeys(snapshot.pinned):
            home = named.get(name.casefold())
            kind, words = kind_of(home, login, best, maybe) if home is not None else _elsewhere(name, login)
            pinned.append(Pin(name, kind, words))
        exposed = tuple(name for name in (*best, *maybe, *listed) if _is_exposed(named[name.casefold()]))
        return cls(None, tuple(pinned), best, maybe, listed, exposed)

    def of(self, *kinds: Kind) -> tuple[Pin, ...]:
        """The pins of these kinds, in their order."""
        return tuple(pin for pin in self.pinned if pin.kind in kinds)


def _is_exposed(repository: Repository) -> bool:
    try:
        leaks = repository.fact(Leaks)
    except Unavailable:
        return False
    return leaks is not None and leaks.count > 0


def _elsewhere(name: str, login: str) -> tuple[Kind, str]:
    if name.partition("/")[0].casefold() == login.casefold():
        return "unread", "a repository that was not listed"
    return "elsewhere", "a repository of somebody else"


def kind_of(repository: Repository, login: str, best: tuple[str, ...], maybe: tuple[str, ...]) -> tuple[Kind, str]:
    """What a repository is beside the others of its owner, and that in words."""
    record = repository.record
    if record.full_name in best:
        return "substantial", "a substantial AI or data project"
    if record.name.casefold() == login.casefold():
        return "profile", "the profile’s own repository"
    if record.empty:
        return "empty", "an empty repository"
    standing = repository.fact(Standing) or Standing()
    if standing.own is False:
        return ("fork", "a fork") if record.fork else ("elsewhere", "a mirror of another repository")
    if standing.own is None or standing.counted is None:
        return "unread", "a repository that could not be read"
    learnt = _learnt(repository)
    if learnt is not None:
        return learnt
    if standing.counted is False:
        return "small", f"a small repository ({counted(standing.lines or 0, 'own code line')})"
    if record.full_name in maybe:
        return "unclear", "a project of which not all could be told"
    return "project", "a project of their own" if standing.ai else "a project without AI or data work"


def _learnt(repository: Repository) -> tuple[Kind, str] | None:
    """Whether it is something to learn from rather than to show; None also where that could not be told."""
    try:
        course, following = repository.fact(Coursework), repository.fact(Following)
        work = repository.fact(OwnWork)
    except Unavailable:
        return None
    if course is not None and course.notes:
        return "course", "course notes"
    if following is not None:
        return "tutorial", f"a repository that says it follows {following.name or 'a tutorial'}"
    if work is not None and work.verdict == "mostly":
        origin = joined(work.origins[:2]) if work.origins else "a tutorial"
        return "tutorial", f"a repository whose code is mostly similar to {origin}"
    return None
