"""The invented GitHub a test runs against: owners, repositories and pull requests, all frozen values.

A world is built in Python or read from YAML; nothing in it is mutable, so a test that wants a change makes a
new world and hands it to the running stand-in. What is left out is empty or null, never made up.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import yaml
from msgspec import convert
from msgspec.structs import replace

from tests.ghstub.file import File as File
from tests.ghstub.file import Value

EPOCH = datetime(2024, 1, 1, 12, 0, tzinfo=UTC)


class Commit(Value, frozen=True, kw_only=True):
    """A change on top of the one before: files added or replaced, paths removed."""

    files: dict[str, str | File] = {}
    remove: tuple[str, ...] = ()
    message: str = "Work"
    author: str = ""
    """Login of the author; empty means the owner of the repository."""
    name: str = ""
    email: str = ""
    """Set to an address that belongs to nobody, and GraphQL knows no user for the commit."""
    date: datetime | None = None


class Release(Value, frozen=True, kw_only=True):
    tag: str
    name: str = ""
    created_at: datetime = EPOCH
    published_at: datetime | None = EPOCH
    prerelease: bool = False
    draft: bool = False


class Deployment(Value, frozen=True, kw_only=True):
    environment: str = "production"
    created_at: datetime = EPOCH
    state: str = "SUCCESS"
    environment_url: str | None = None
    log_url: str | None = None


class PullRequest(Value, frozen=True, kw_only=True):
    """A pull request of ``author`` to ``repository`` ("owner/name", which the world must hold)."""

    repository: str
    author: str
    number: int
    title: str
    state: Literal["OPEN", "CLOSED", "MERGED"] = "MERGED"
    created_at: datetime = EPOCH
    closed_at: datetime | None = EPOCH + timedelta(days=2)
    additions: int = 40
    deletions: int = 4
    changed_files: int = 3
    association: str = "CONTRIBUTOR"
    labels: tuple[str, ...] = ()
    body: str = ""
    draft: bool = False


class Activity(Value, frozen=True, kw_only=True):
    """Contributions of one day, for the contribution counts."""

    day: datetime
    commits: int = 0
    issues: int = 0
    pull_requests: int = 0
    reviews: int = 0


class SocialAccount(Value, frozen=True, kw_only=True):
    provider: str
    url: str
    display_name: str = ""


class Membership(Value, frozen=True, kw_only=True):
    """Who is in an organisation or a team; ``role`` is ADMIN or MAINTAINER for those who run it."""

    login: str
    role: Literal["MEMBER", "ADMIN", "MAINTAINER"] = "MEMBER"
    public: bool = False
    """Whether strangers see an organisation's member."""


class Team(Value, frozen=True, kw_only=True):
    """A team of an organisation; a secret one is seen by its members and the owners alone."""

    slug: str
    members: tuple[Membership, ...] = ()
    secret: bool = False


class Owner(Value, frozen=True, kw_only=True):
    """A user or an organisation."""

    login: str
    kind: Literal["User", "Organization"] = "User"
    id: int = 0
    name: str | None = None
    bio: str | None = None
    company: str | None = None
    location: str | None = None
    website: str | None = None
    twitter: str | None = None
    pronouns: str | None = None
    hireable: bool = False
    verified: bool = False
    followers: int = 0
    following: int = 0
    created_at: datetime = EPOCH - timedelta(days=700)
    updated_at: datetime = EPOCH
    social: tuple[SocialAccount, ...] = ()
    pinned: tuple[str, ...] = ()
    activity: tuple[Activity, ...] = ()
    restricted_contributions: int = 0
    heavy: bool = False
    """Contribution counts over more than a quarter fail, as they do for busy accounts."""
    former_logins: tuple[str, ...] = ()
    """Logins that answer 404 now; the numeric id still works."""
    members: tuple[Membership, ...] = ()
    teams: tuple[Team, ...] = ()

    @property
    def number(self) -> int:
        """The database id, made from the login unless given."""
        return self.id or zlib.crc32(self.login.lower().encode()) % 200_000_000 + 1


class Repo(Value, frozen=True, kw_only=True):
    """One repository; ``commits`` or ``git_dir`` is its source, neither means that it is empty."""

    owner: str
    name: str
    commits: tuple[Commit, ...] = ()
    git_dir: Path | None = None
    head: str | None = None
    """The commit served as the default branch's newest, for ``git_dir``; the clone's HEAD if not given."""
    id: int = 0
    description: str | None = None
    homepage: str | None = None
    topics: tuple[str, ...] = ()
    license: str | None = None
    stars: int = 0
    forks: int = 0
    watchers: int = 0
    open_issues: int = 0
    open_pull_requests: int = 0
    created_at: datetime = EPOCH
    pushed_at: datetime | None = None
    """Date of the newest commit unless given."""
    updated_at: datetime | None = None
    archived_at: datetime | None = None
    default_branch: str = "main"
    languages: dict[str, int] | None = None
    """Bytes by language; None means counted by file name."""
    parent: str | None = None
    """The repository this is a fork of; its first ``forked_at`` commits (all, if None) are shared."""
    forked_at: int | None = None
    template: str | None = None
    private: bool = False
    archived: bool = False
    disabled: bool = False
    locked: bool = False
    mirror_url: str | None = None
    is_template: bool = False
    has_issues: bool = True
    has_wiki: bool = True
    has_discussions: bool = False
    has_pages: bool = False
    custom_image: bool = False
    security_policy: bool = False
    code_of_conduct: str | None = None
    contributing: bool = False
    funding: dict[str, str] = {}
    checks: str | None = None
    """State of the newest commit's checks: SUCCESS, FAILURE, PENDING, …"""
    releases: tuple[Release, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    former_names: tuple[str, ...] = ()
    """Full names that redirect here."""
    blocked: Literal["dmca", "tos"] | None = None
    link_token: str = ""
    """Put into the query of archive links, as the real service does for private repositories."""
    tree_limit: int | None = None
    """Entries after which a recursive tree listing says ``truncated``; 100,000 on the real service."""

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"

    @property
    def number(self) -> int:
        """The database id, made from the full name unless given."""
        return self.id or zlib.crc32(self.full_name.lower().encode()) % 900_000_000 + 1

    @classmethod
    def from_files(cls, files: Mapping[str, str | bytes | File], *, owner: str, name: str, **metadata: Any) -> Repo:
        """A repository with one commit that holds these files."""
        commit = Commit(files={path: File.of(content) for path, content in files.items()}, message="First")
        return cls(owner=owner, name=name, commits=(commit,), **metadata)


class World(Value, frozen=True, kw_only=True):
    """Everything the stand-in knows."""

    owners: tuple[Owner, ...] = ()
    repositories: tuple[Repo, ...] = ()
    pull_requests: tuple[PullRequest, ...] = ()
    viewer: str = ""
    """Login of the token's owner, for what depends on who looks: members and teams of organisations."""
    scopes: tuple[str, ...] = ()
    """What the token, a classic one, was granted."""
    narrow: bool = False
    """The token is shown of organisations what strangers are, though its owner is a member."""
    closed: tuple[str, ...] = ()
    """Fields (``Type.field``) that are closed to it whatever the scopes; documents that name one are refused whole."""

    @classmethod
    def from_yaml(cls, text: str) -> World:
        """A world from YAML with the field names of the classes here; raises on unknown names."""
        return convert(yaml.safe_load(text), cls, strict=False)

    @classmethod
    def from_mirror(
        cls, folder: Path, commits: Mapping[str, str] | None = None, only: str = "", as_owner: str = ""
    ) -> World:
        """Bare clones in ``folder``, each at ``OWNER+NAME/repo``, served at HEAD or at ``commits[OWNER/NAME]``.

        ``only`` is a regular expression over full names; with ``as_owner`` all are served as that login's. What
        a clone cannot know (description, homepage, stars, pins, pull requests …) stays empty; the date of
        creation, which GitHub never leaves out, is that of the first commit.
        """
        found = []
        for path in sorted(folder.glob("*+*/repo")):
            owner, _, name = path.parent.name.partition("+")
            if re.search(only, f"{owner}/{name}"):
                head = (commits or {}).get(f"{owner}/{name}")
                shown = f"{owner}-{name}" if as_owner else name
                branch = (path / "HEAD").read_text().strip().removeprefix("ref: refs/heads/")
                found.append(Repo(owner=as_owner or owner, name=shown, git_dir=path, head=head, default_branch=branch))
        owners = tuple(Owner(login=login) for login in sorted({repo.owner for repo in found}))
        return cls(owners=owners, repositories=tuple(found))

    def owner(self, login: str) -> Owner | None:
        """The owner of that login, whatever its case; one implied by a repository is an organisation."""
        wanted = login.lower()
        for owner in self.owners:
            if owner.login.lower() == wanted:
                return owner
        for repo in self.repositories:
            if repo.owner.lower() == wanted:
                return Owner(login=repo.owner, kind="Organization")
        return None

    def repo(self, full_name: str, *, renames: bool = True) -> Repo | None:
        """The repository of that name or, with ``renames``, of that former name, whatever the case."""
        wanted = full_name.lower()
        for repo in self.repositories:
            if repo.full_name.lower() == wanted:
                return repo
        for repo in self.repositories if renames else ():
            if wanted in (name.lower() for name in repo.former_names):
                return repo
        return None

    def of(self, login: str) -> list[Repo]:
        """Public repositories of an owner, in the order of the world."""
        return [repo for repo in self.repositories if repo.owner.lower() == login.lower() and not repo.private]

    def changed(self, full_name: str, **changes: Any) -> World:
        """The world with one repository's fields replaced; its ids stay, also under a new name."""
        repo = self.repo(full_name)
        if repo is None:
            raise KeyError(full_name)
        fresh = replace(repo, id=repo.number, **changes)
        return replace(self, repositories=tuple(fresh if item is repo else item for item in self.repositories))

    def pushed(self, full_name: str, *commits: Commit) -> World:
        """The world after these commits went to the repository's default branch."""
        repo = self.repo(full_name)
        if repo is None:
            raise KeyError(full_name)
        return self.changed(full_name, commits=(*repo.commits, *commits), pushed_at=None)

    def without(self, full_name: str) -> World:
        """The world after the repository was deleted or made private."""
        wanted = full_name.lower()
        kept = tuple(repo for repo in self.repositories if repo.full_name.lower() != wanted)
        return replace(self, repositories=kept)
