"""What was fetched about a person, frozen, to and from JSON.

A snapshot is all that the judgement may rest on besides the source code itself. It holds no
token, no header, no count of requests and nothing about the machine, so the same data gives
the same report wherever and however often it is read. Personal details that no check needs
(pronouns, company, location, followers) have no field here.
"""

from typing import Literal

import msgspec


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Root of all frozen values that travel as JSON."""


class Limit(Value, frozen=True):
    """A budget that was hit or a part that could not be read; every one is shown to the reader.

    `what` is a stable slug such as "file-too-large", "missing-blob", "archive-truncated" or "probe-budget";
    `where` is a repository or repository:path; `detail` is one plain sentence.
    """

    what: str
    where: str
    detail: str


class Owner(Value, frozen=True):
    """Whose work is audited: a user, an organisation, or (for a local path) a folder."""

    kind: Literal["User", "Organization", "Folder"]
    login: str
    url: str | None = None
    id: str | None = None
    database_id: int | None = None
    name: str | None = None
    bio: str | None = None
    website: str | None = None
    links: tuple[str, ...] = ()
    profile_readme: str | None = None


class Parent(Value, frozen=True):
    """The repository a fork was made from, with the commit oid at the head of its default branch."""

    full_name: str
    head: str | None = None


class Comparison(Value, frozen=True):
    """What a fork's default branch has beyond its parent's: own commits, and the files they change (capped)."""

    ahead_by: int
    files: tuple[str, ...] = ()
    complete: bool = True


class Deployment(Value, frozen=True):
    """The newest deployment record of an environment, as the service states it."""

    environment: str
    state: str | None = None
    url: str | None = None


class Details(Value, frozen=True):
    """Facts of a repository that cost more to ask for and change only with its head commit."""

    commit_count: int | None = None
    release_count: int | None = None
    latest_release: str | None = None
    latest_release_at: str | None = None
    deployments: tuple[Deployment, ...] = ()
    submodules: tuple[tuple[str, str], ...] = ()
    submodule_count: int = 0


class RepositoryRecord(Value, frozen=True):
    """One repository as the service (or the disk) describes it.

    `head` and `tree` are git object ids of the default branch's commit and its root tree. `unavailable` maps a
    part ("tree", "details", "comparison") to the reason why it could not be read; such a part is unknown,
    never absent. Times are ISO 8601 UTC.
    """

    id: str
    name: str
    full_name: str
    url: str | None = None
    description: str | None = None
    homepage: str | None = None
    topics: tuple[str, ...] = ()
    language: str | None = None
    languages: dict[str, int] = {}
    default_branch: str | None = None
    head: str | None = None
    tree: str | None = None
    created_at: str | None = None
    pushed_at: str | None = None
    committed_at: str | None = None
    size_kb: int | None = None
    fork: bool = False
    archived: bool = False
    template: bool = False
    mirror: bool = False
    empty: bool = False
    disabled: bool = False
    locked: bool = False
    parent: Parent | None = None
    template_of: str | None = None
    license: str | None = None
    details: Details | None = None
    comparison: Comparison | None = None
    unavailable: dict[str, str] = {}


class MergedPullRequest(Value, frozen=True):
    """A pull request by the audited person to somebody else's repository that was merged or landed.

    `association` is GitHub's authorAssociation (for example CONTRIBUTOR or MEMBER); `landed` tells how it was
    found: "merged", or "closed-with-label" for projects that land by bot.
    """

    title: str
    url: str
    repository: str
    merged_at: str | None = None
    additions: int | None = None
    deletions: int | None = None
    changed_files: int | None = None
    association: str | None = None
    labels: tuple[str, ...] = ()
    fork: bool = False
    landed: Literal["merged", "closed-with-label"] = "merged"


class Contributions(Value, frozen=True):
    """Merged pull requests elsewhere. `total` is the service's count; `complete` is false if some are not listed."""

    pulls: tuple[MergedPullRequest, ...]
    total: int
    complete: bool = True
    incomplete_reason: str | None = None


class Quarter(Value, frozen=True):
    """Public contributions from `start` to `end` (ISO 8601 UTC), as the service counts them; null where it did not.

    `private` are those to private repositories, which the service only counts where the person chose to show them.
    """

    start: str
    end: str
    commits: int | None = None
    pulls: int | None = None
    reviews: int | None = None
    issues: int | None = None
    private: int | None = None


class Activity(Value, frozen=True):
    """Contributions by quarter, oldest first; the last one is still running. Shown, and never judged."""

    quarters: tuple[Quarter, ...] = ()


class Probe(Value, frozen=True):
    """What opening a link showed.

    live: answers as a running application or page. sleeping: the platform says it wakes on demand.
    placeholder: a default or parked page. dead: authoritatively not there. refused: our guard would not open it.
    unknown: could not look. `reason` is one sanitised line.
    """

    url: str
    state: Literal["live", "sleeping", "placeholder", "dead", "refused", "unknown"]
    reason: str
    checked_at: str
    status: int | None = None
    final_url: str | None = None
    title: str | None = None


class FeedEntry(Value, frozen=True):
    """One post of a feed: `date` is YYYY-MM-DD; `opening` its first words; `code` says that its text holds code.

    `repositories` are the GitHub repositories (owner/name) that its text links to. All text is one sanitised line.
    """

    title: str
    url: str | None = None
    date: str | None = None
    tags: tuple[str, ...] = ()
    opening: str = ""
    code: bool = False
    repositories: tuple[str, ...] = ()


class Feed(Value, frozen=True):
    """What reading the feed of a place (a blog or site) showed.

    read: `entries` are its newest posts. absent: the place answers and no feed was found there. refused: our guard
    would not open it. unknown: could not look. `url` is that of the feed, or of the place if there was none; `authors`
    are the names that the feed gives for who writes it. `complete` is false if the feed was longer than what was read.
    """

    url: str
    state: Literal["read", "absent", "refused", "unknown"]
    reason: str
    checked_at: str
    title: str | None = None
    authors: tuple[str, ...] = ()
    entries: tuple[FeedEntry, ...] = ()
    complete: bool = True


class Snapshot(Value, frozen=True):
    """Everything fetched for one audit, without the source code.

    `mode` tells which reading was possible. `scope` is "portfolio" for a person, "repository" for one checkout and
    "folder" for a folder of checkouts. `data_time` is when the data was read by the service's own clock (or null).
    `repository_count` is the service's own count of public repositories. `pinned`, `contributions` and `activity` are
    null where they were not read; the reason is then in `unavailable` under the same name. `probes` is keyed by
    the link as found; a link that is absent from it was not opened, for the reason in `unavailable["probes"]`.
    `feeds` is keyed by the place whose feed was looked for, and empty if links were not opened.
    """

    mode: Literal["authenticated", "anonymous", "local"]
    scope: Literal["portfolio", "repository", "folder"]
    owner: Owner
    data_time: str | None = None
    repositories: tuple[RepositoryRecord, ...] = ()
    repository_count: int = 0
    pinned: tuple[str, ...] | None = None
    contributions: Contributions | None = None
    activity: Activity | None = None
    probes: dict[str, Probe] = {}
    feeds: dict[str, Feed] = {}
    unavailable: dict[str, str] = {}
    limits: tuple[Limit, ...] = ()
    schema_version: int = 1


def encode(value: Value) -> bytes:
    """The value as JSON with sorted keys, so equal values are equal bytes."""
    return msgspec.json.encode(value, order="sorted")
