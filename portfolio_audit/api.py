"""The public check API: everything a check module needs, and nothing else.

A check is a decorated pure function. The annotated types of its parameters are its contract::

    @check(id="readme-run", title="The README says how to run it")
    def says_how_to_run(readme: Readme) -> Outcome:
        "A reader decides within a minute; the command to start is what they look for."

`Readme`: without one the check does not apply. `Readme | None`: the check decides. A part that could not be read makes
the answer unknown and the check is not called.
"""

import inspect
import re
import types
from collections.abc import Callable, Iterable
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from portfolio_audit.facts.fact import (
    Fact,
    Location,
    Portfolio,
    PortfolioFact,
    Repository,
    RepositoryFact,
    TreeFact,
)
from portfolio_audit.snapshot import Value

__all__ = [
    "Check",
    "Effort",
    "Evidence",
    "Fact",
    "Location",
    "Outcome",
    "Portfolio",
    "PortfolioFact",
    "Repository",
    "RepositoryFact",
    "Status",
    "TreeFact",
    "check",
    "failed",
    "not_applicable",
    "partial",
    "passed",
    "unknown",
]

Status = Literal["passed", "partial", "failed", "not_applicable", "unknown"]
Effort = Literal["minutes", "hours", "days"]

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class Evidence(Value, frozen=True):
    """One thing a reader can open: a place in the repository (`path` and lines) or an address (`url`).

    `repository` is the full name where a portfolio check points into one of several repositories.
    """

    path: str | None = None
    line: int | None = None
    end_line: int | None = None
    url: str | None = None
    note: str = ""
    repository: str | None = None


class Outcome(Value, frozen=True):
    """What a check found. `score` is 0 to 1, and null for not applicable and unknown.

    `summary` is one sentence about this subject. `searched` says what was looked at where something is absent
    ("212 files"). `confidence` is between 0 and 1 and stands beside the finding, never in the score. `at_least` is the
    score that is certain already where the rest is unknown.
    """

    status: Status
    summary: str
    score: float | None = None
    evidence: tuple[Evidence, ...] = ()
    searched: str | None = None
    fix: str | None = None
    effort: Effort | None = None
    confidence: float = 1.0
    at_least: float = 0.0


Where = Evidence | Location | str | None | Iterable[Evidence | Location | str]


def _evidence(where: Where) -> tuple[Evidence, ...]:
    if where is None:
        return ()
    if isinstance(where, (Evidence, Location, str)):
        where = (where,)
    return tuple(_one(item) for item in where)


def _one(item: Evidence | Location | str) -> Evidence:
    if isinstance(item, str):
        return Evidence(path=item)
    if isinstance(item, Location):
        return Evidence(path=item.path, line=item.line, end_line=item.end_line, note=item.note)
    return item


def passed(summary: str, *, evidence: Where = None, searched: str | None = None, confidence: float = 1.0) -> Outcome:
    """The good state holds; show where."""
    return Outcome("passed", summary, 1.0, _evidence(evidence), searched, confidence=confidence)


def partial(
    score: float,
    summary: str,
    *,
    fix: str,
    effort: Effort = "hours",
    evidence: Where = None,
    searched: str | None = None,
    confidence: float = 1.0,
) -> Outcome:
    """The good state holds in part: `score` strictly between 0 and 1, with the fix that would complete it."""
    if not 0 < score < 1:
        raise ValueError(f"a partial score lies strictly between 0 and 1, not {score}")
    return Outcome("partial", summary, score, _evidence(evidence), searched, fix, effort, confidence)


def failed(
    summary: str,
    *,
    fix: str,
    effort: Effort = "hours",
    evidence: Where = None,
    searched: str | None = None,
    confidence: float = 1.0,
) -> Outcome:
    """The good state does not hold; say how to reach it.

    A failure without evidence is a claim of absence: say in `searched` what was looked at. If a fact it rests on is
    incomplete, the engine answers unknown instead.
    """
    return Outcome("failed", summary, 0.0, _evidence(evidence), searched, fix, effort, confidence)


def not_applicable(reason: str) -> Outcome:
    """The question makes no sense for this subject."""
    return Outcome("not_applicable", reason)


def unknown(reason: str, *, evidence: Where = None, at_least: float = 0.0) -> Outcome:
    """It could not be told; never a failure and never a pass.

    If part of the good state is certain whatever the rest would show ("two of three found, one could not be read"),
    `at_least` is its score: 0 or more, below 1.
    """
    if not 0 <= at_least < 1:
        raise ValueError(f"at_least lies between 0 and 1, not {at_least}")
    return Outcome("unknown", reason, evidence=_evidence(evidence), at_least=at_least)


class Need(Value, frozen=True):
    """One parameter of a check: its name, the fact it names, and whether None is handed over when there is none."""

    name: str
    fact: type[Fact]
    optional: bool


class Check:
    """A check as the engine sees it; calling it calls the function, so a test may hand it facts directly.

    `scope` is "repository" (run once per repository) or "portfolio" (once per audit). `why` is the docstring.
    """

    __slots__ = ("_function", "id", "module", "needs", "scope", "title", "why")

    def __init__(self, function: Callable[..., Outcome], id: str, title: str) -> None:
        self.id = id
        self.title = title
        self.why = inspect.cleandoc(function.__doc__ or "")
        self.module = function.__module__
        self._function = function
        self.needs = tuple(_needs(function))
        portfolio = [need for need in self.needs if issubclass(need.fact, PortfolioFact)]
        if portfolio and len(portfolio) != len(self.needs):
            raise TypeError(f"check {id!r} mixes facts of a portfolio with facts of a repository")
        self.scope: Literal["repository", "portfolio"] = "portfolio" if portfolio else "repository"

    def __call__(self, *args: Any, **kwargs: Any) -> Outcome:
        return self._function(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<Check {self.id}>"


def _needs(function: Callable[..., Outcome]) -> Iterable[Need]:
    hints = get_type_hints(function)
    hints.pop("return", None)
    if not hints:
        raise TypeError(f"{function.__qualname__} names no fact in its signature")
    for name, hint in hints.items():
        options = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
        kinds = [option for option in options if option is not type(None)]
        if len(kinds) != 1 or not (isinstance(kinds[0], type) and issubclass(kinds[0], Fact)):
            raise TypeError(f"{function.__qualname__}: {name} must be a fact or an optional fact")
        yield Need(name, kinds[0], len(kinds) != len(options))


def check(*, id: str, title: str) -> Callable[[Callable[..., Outcome]], Check]:
    """Make a check of a function.

    `id` is kebab-case, starts with the module's noun and never changes. `title` states the good state in the present
    tense. The docstring says why a hiring manager cares. Raises ValueError or TypeError for a check that the engine
    could not run.
    """
    if not _ID.fullmatch(id):
        raise ValueError(f"a check id is kebab-case, not {id!r}")
    if not title or title != title.strip():
        raise ValueError(f"check {id!r} needs a title")

    def decorate(function: Callable[..., Outcome]) -> Check:
        if not function.__doc__:
            raise ValueError(f"check {id!r} needs a docstring that says why")
        return Check(function, id, title)

    return decorate
