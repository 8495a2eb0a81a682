"""What the GitHub source's tests share: a clock nobody waits for, a memory in a dictionary, invented portfolios."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portfolio_audit.sources.gate import Gate
from portfolio_audit.sources.github import GitHubSource
from portfolio_audit.sources.secret import Secret
from tests.ghstub.service import NOON, TOKEN
from tests.ghstub.stub import GitHubStub
from tests.ghstub.world import Commit, File, Owner, PullRequest, Repo, World

AGENT = "portfolio-audit/0"


class Clock:
    """Time that passes only by waiting; every wait is kept, and every line told."""

    def __init__(self, start: datetime = NOON) -> None:
        self.seconds = start.timestamp()
        self.waits: list[float] = []
        self.told: list[str] = []

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        assert self.told, "a wait that nobody was told of"
        self.waits.append(seconds)
        self.seconds += seconds


class Notebook:
    """A memory in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], bytes] = {}
        self.logins: set[str] = set()

    def recall(self, kind: str, key: str) -> bytes | None:
        return self.kept.get((kind, key))

    def remember(self, kind: str, key: str, value: bytes, *, login: str) -> None:
        self.kept[kind, key] = value
        self.logins.add(login)

    def forget(self, *kinds: str) -> None:
        self.kept = {name: value for name, value in self.kept.items() if name[0] not in kinds}


def gate(clock: Clock, max_wait: float = 3600.0, chance: float = 0.5) -> Gate:
    return Gate(
        max_wait=max_wait,
        tell=clock.told.append,
        clock=clock.now,
        monotonic=clock.now,
        sleep=clock.sleep,
        random=lambda: chance,
    )


def source(
    stub: GitHubStub,
    *,
    token: str | None = TOKEN,
    memory: Notebook | None = None,
    clock: Clock | None = None,
    max_wait: float = 3600.0,
    **more: Any,
) -> GitHubSource:
    return GitHubSource(
        api_url=stub.api_url,
        archive_url=stub.archive_url,
        token=Secret(token) if token else None,
        memory=memory if memory is not None else Notebook(),
        gate=gate(clock or Clock(), max_wait),
        user_agent=AGENT,
        now=lambda: NOON,
        **more,
    )


def repo(name: str, owner: str = "ada-invented", **metadata: Any) -> Repo:
    files = {"README.md": f"# {name}\n", "main.py": f"print({name!r})\n"}
    return Repo.from_files(files, owner=owner, name=name, **metadata)


def portfolio(count: int, *, forks: int = 0, pulls: int = 0, **owner: Any) -> World:
    """An invented user with so many repositories, the first of them forks with one commit of their own."""
    upstream = tuple(repo(f"up{number}", owner="upstream-invented") for number in range(forks))
    own = tuple(
        Repo(
            owner="ada-invented",
            name=f"up{number}",
            commits=(Commit(files={"own.py": File(text="x = 1\n")}, message="Own"),),
            parent=f"upstream-invented/up{number}",
        )
        for number in range(forks)
    )
    rest = tuple(repo(f"project{number:03}") for number in range(count - forks))
    library = repo("library", owner="library-invented")
    return World(
        owners=(
            Owner(login="ada-invented", **owner),
            Owner(login="upstream-invented"),
            Owner(login="library-invented", kind="Organization"),
        ),
        repositories=(*own, *rest, *upstream, library),
        pull_requests=tuple(
            PullRequest(repository=library.full_name, author="ada-invented", number=number + 1, title=f"Fix {number}")
            for number in range(pulls)
        ),
    )
