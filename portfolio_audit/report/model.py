"""The Report: all that a view may show, and the published JSON, schema version 1.

Changes to these structs are additive: a new field has a default, so reports of earlier versions can still be read.
Nothing here depends on the machine, the cache or the number of requests. `schema.json` beside this file is made
from these structs; docs/json-report.md says how to read it and how to make it anew.
"""

from typing import Any, Literal

import msgspec

from portfolio_audit.report.part import Line, Part, Points, Share, Weight
from portfolio_audit.report.profile_view import ActivityView, Advice, FirstMinute
from portfolio_audit.report.skills_view import SkillMap

SCHEMA_VERSION = 1


class Tool(Part, frozen=True):
    """Which program and which rubric judged. `rubric_hash` is the SHA-256 of the rubric's text."""

    name: str
    version: str
    rubric: str
    rubric_hash: str


class Subject(Part, frozen=True):
    """Who or what was audited. `kind` is user, organization, repository or folder."""

    kind: Literal["user", "organization", "repository", "folder"]
    login: str | None
    url: str | None
    name: str


class EvidenceLink(Part, frozen=True):
    """A place a reader can open; `url` is permanent (at the commit) where one exists."""

    path: str | None
    line: Line | None
    end_line: Line | None
    url: str | None
    note: str


class Result(Part, frozen=True):
    """One check's answer for one subject. `score` is 0 to 1, null where there is none."""

    check: str
    title: str
    status: Literal["passed", "partial", "failed", "not_applicable", "unknown"]
    score: Share | None
    confidence: Share
    summary: str
    evidence: tuple[EvidenceLink, ...]
    searched: str | None
    fix: str | None


class Criterion(Part, frozen=True):
    """One criterion of the guide: `score` 0 to 100 or null, `weight` in points of the whole, `coverage` 0 to 1.

    `checks` are ids. `note` says in a sentence what was judged ("best of 12 repositories: name"). Where `applies` is
    false the criterion asks nothing of this subject: it has no score and its weight is not part of the whole.
    """

    id: str
    title: str
    guide: str
    score: Points | None
    score_range: tuple[Points, Points]
    weight: Weight
    coverage: Share
    checks: tuple[str, ...]
    repositories: tuple[str, ...]
    note: str
    applies: bool = True


class Category(Part, frozen=True):
    """A group of criteria; `weight` is the sum of theirs."""

    id: str
    title: str
    score: Points | None
    score_range: tuple[Points, Points]
    weight: Weight
    coverage: Share
    criteria: tuple[Criterion, ...]


class RepositoryEntry(Part, frozen=True):
    """One repository: whether it counts, why not, its own score over what a repository alone can meet, its results.

    `shown` is true for the (up to) three repositories on which the averaged criteria were judged.
    """

    name: str
    url: str | None
    commit: str | None
    description: str | None
    counted: bool
    shown: bool
    why_not_counted: str | None
    score: Points | None
    score_range: tuple[Points, Points]
    signals: dict[str, Any]
    results: tuple[Result, ...]


class Fix(Part, frozen=True):
    """Something to do next. `gain` is the score's exact rise (points) if just this result passed; `effort` in words."""

    check: str
    repository: str | None
    gain: Points
    effort: Literal["minutes", "hours", "days"]
    text: str
    guide: str


class LimitEntry(Part, frozen=True):
    """A budget that was hit, or a part that could not be read."""

    what: str
    where: str
    detail: str


class Band(Part, frozen=True):
    """A named stretch of the scale from `low` to the next band's `low`."""

    name: str
    low: Points


class Report(Part, frozen=True):
    """The whole report. `score` is null where a single number would lie; `score_range` always holds.

    `band` is a name, or "between A and B". `coverage` is the share (0 to 1) of the weight that could be judged.
    `notes` are sentences about the judgement as a whole (a ceiling that applies, a portfolio that is empty).
    `similar` is null: not looked. `first_minute` and `activity` are null where no profile was audited.
    """

    schema_version: int
    tool: Tool
    data_time: str | None
    subject: Subject
    score: Points | None
    score_range: tuple[Points, Points]
    score_scope: Literal["portfolio", "repository"]
    coverage: Share
    band: str
    notes: tuple[str, ...]
    categories: tuple[Category, ...]
    repositories: tuple[RepositoryEntry, ...]
    portfolio_results: tuple[Result, ...]
    fixes: tuple[Fix, ...]
    combined_gain: Points
    limits: tuple[LimitEntry, ...]
    skills: SkillMap
    similar: None = None
    bands: tuple[Band, ...] = ()
    first_minute: FirstMinute | None = None
    advice: tuple[Advice, ...] = ()
    activity: ActivityView | None = None


def encode(report: Report) -> bytes:
    """The report as indented JSON with a final newline; equal reports are equal bytes.

    Half a surrogate pair (a file name that is no UTF-8) cannot be written; it is shown as an escape.
    """
    try:
        content = msgspec.json.encode(report)
    except UnicodeEncodeError:
        content = msgspec.json.encode(_writable(msgspec.to_builtins(report)))
    return msgspec.json.format(content, indent=2) + b"\n"


def _writable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_writable(key): _writable(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_writable(part) for part in value]
    return value


def decode(content: bytes) -> Report:
    """A report from its JSON. Raises msgspec.ValidationError or msgspec.DecodeError."""
    return msgspec.json.decode(content, type=Report)
