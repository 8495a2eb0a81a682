"""What a report says of skills, roles, the guide's plan and stated certifications. Nothing of it is scored."""

from typing import Literal

from portfolio_audit.report.part import Line, Part

State = Literal["seen", "tutorial", "not-seen", "unknown"]


class SkillPlace(Part, frozen=True):
    """Where something is seen: a line in a repository, or an address. `url` is at the commit that was read."""

    repository: str | None
    path: str | None
    line: Line | None
    url: str | None
    note: str


class ToolEntry(Part, frozen=True):
    """A tool in use: in how many own repositories and files, and the place that shows it best.

    `state` is "seen", or "tutorial" where only the code of a tutorial uses it; `files` is 0 where none were counted.
    """

    name: str
    state: State
    repositories: int
    files: int
    evidence: SkillPlace


class SkillEntry(Part, frozen=True):
    """A skill: the tools that are seen, and the names of those that were looked for and not seen.

    `state` is that of the best tool; without any "not-seen", or "unknown" where something could not be read.
    """

    id: str
    title: str
    state: State
    tools: tuple[ToolEntry, ...]
    not_seen: tuple[str, ...]


class LayerEntry(Part, frozen=True):
    """A layer of the guide; `guide` names its section, `note` what its rows cannot show."""

    id: str
    title: str
    guide: str
    note: str
    skills: tuple[SkillEntry, ...]


class AskEntry(Part, frozen=True):
    """Something that a role or a milestone asks for; `through` says in a word what shows it."""

    title: str
    state: State
    through: str
    evidence: SkillPlace | None


class RoleEntry(Part, frozen=True):
    """A role of the guide: how many of its asks are visible in public work; `unseen` are those that no code shows."""

    id: str
    title: str
    guide: str
    says: str
    visible: int
    asks: tuple[AskEntry, ...]
    unseen: tuple[str, ...]


class StretchEntry(Part, frozen=True):
    """Two months of the guide's plan, and which of its milestones are visible (`complete`: all of them)."""

    months: str
    focus: str
    complete: bool
    milestones: tuple[AskEntry, ...]
    unseen: tuple[str, ...]


class PlanEntry(Part, frozen=True):
    """The plan: `last` is the last stretch all of whose milestones are visible, `next` the one after it (or null).

    `before` are the milestones of earlier stretches that are not visible.
    """

    last: str | None
    next: str | None
    before: tuple[str, ...]
    stretches: tuple[StretchEntry, ...]


class CertificationEntry(Part, frozen=True):
    """A certification that the profile states; nobody verified it. `signal` and `says` are its weight in the guide."""

    id: str
    name: str
    provider: str
    signal: Literal["strong", "moderate", "entry-level", "low"]
    says: str
    evidence: SkillPlace


class SkillMap(Part, frozen=True):
    """The whole: without layers, nothing was looked at (a folder of repositories).

    `repositories` own ones were read; `tutorials` names those of them that are a tutorial's code or follow one.
    `certifications` is null where no profile was read; `roles` and `plan` are of a person only. `limits` says in
    sentences what cannot be seen.
    """

    repositories: int = 0
    tutorials: tuple[str, ...] = ()
    incomplete: str | None = None
    layers: tuple[LayerEntry, ...] = ()
    roles: tuple[RoleEntry, ...] = ()
    plan: PlanEntry | None = None
    certifications: tuple[CertificationEntry, ...] | None = None
    limits: tuple[str, ...] = ()
