"""Merged pull requests to the projects of others, each judged for what it can show.

A contribution speaks for somebody because strangers reviewed it inside a code base that they did not write. So work
for oneself (own account, own organisation) is left out, what needed no reading of code (a list entry, a spelling
mistake, a contribution drive) is told apart, and established libraries are known by name, from data.
"""

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any, ClassVar, Literal, Self

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.fact import Portfolio, PortfolioFact
from portfolio_audit.snapshot import MergedPullRequest, Value

LIST_LINES = 200
"""A change of more lines than this is no mere entry, even in a repository that looks like a list."""

DRIVE_LINES = {True: 20, False: 60}
"""Up to how many changed lines the label of a contribution drive decides, to an established library and elsewhere."""


class JudgedPull(Value, frozen=True):
    """One merged pull request: `verdict` is "counts", "trivial" or "own", `reason` says why in a few words."""

    title: str
    url: str
    repository: str
    verdict: Literal["counts", "trivial", "own"]
    established: bool = False
    reason: str = ""
    merged_at: str | None = None


class OpenSource(PortfolioFact, frozen=True):
    """The person's merged pull requests elsewhere, judged, newest first within each verdict.

    None for an organisation (its members contribute, not it) and for files on a disk (nothing to search).
    `total` is the service's own count. `incomplete` is set where some could not be listed.
    """

    absent: ClassVar[str] = "asked of a person's account only"
    pulls: tuple[JudgedPull, ...] = ()
    total: int = 0

    @classmethod
    def distil(cls, portfolio: Portfolio) -> Self | None:
        snapshot = portfolio.snapshot
        if snapshot.mode == "local" or snapshot.owner.kind != "User":
            return None
        found = snapshot.contributions
        if found is None:
            raise Unavailable(snapshot.unavailable.get("contributions", "merged pull requests were not searched"))
        order = {"counts": 0, "trivial": 1, "own": 2}
        newest = sorted(found.pulls, key=lambda pull: (pull.merged_at or "", pull.url), reverse=True)
        judged = (judge(pull, snapshot.owner.login) for pull in newest)
        pulls = sorted(judged, key=lambda pull: (order[pull.verdict], not pull.established))
        reason = None if found.complete else found.incomplete_reason or f"{found.total - len(pulls)} are not listed"
        return cls(incomplete=reason, pulls=tuple(pulls), total=found.total)

    def counting(self, *, established: bool) -> tuple[JudgedPull, ...]:
        """The non-trivial ones to established libraries, or those elsewhere."""
        return tuple(pull for pull in self.pulls if pull.verdict == "counts" and pull.established == established)

    @property
    def trivial(self) -> tuple[JudgedPull, ...]:
        """The ones that needed no reading of code."""
        return tuple(pull for pull in self.pulls if pull.verdict == "trivial")

    @property
    def own(self) -> tuple[JudgedPull, ...]:
        """The ones left out because the project is the person's own."""
        return tuple(pull for pull in self.pulls if pull.verdict == "own")


def judge(pull: MergedPullRequest, login: str) -> JudgedPull:
    """What one pull request by `login` can show.

    The service states the association of today, not of the day of the pull request: a contributor who was later
    invited is a MEMBER of the project now. A library on the established list is no one's private organisation, so
    there membership is earned and the pull request counts. Anywhere else MEMBER or COLLABORATOR mostly means
    an employer's, a team's or a class's repository, where the review is among colleagues: left out, not held against.
    """
    established = pull.repository.casefold() in established_libraries()
    owner = pull.repository.partition("/")[0]
    verdict: Literal["counts", "trivial", "own"] = "own"
    if owner.casefold() == login.casefold() or pull.association == "OWNER":
        reason = "own account"
    elif not established and pull.association in ("MEMBER", "COLLABORATOR"):
        reason = "own organisation or team"
    else:
        reason = triviality(pull, established=established) or ""
        verdict = "trivial" if reason else "counts"
    return JudgedPull(pull.title, pull.url, pull.repository, verdict, established, reason, pull.merged_at)


def triviality(pull: MergedPullRequest, *, established: bool) -> str | None:
    """Why a pull request shows no reading of code, or None. An unknown size is small for spelling only."""
    data = _data("trivial_contributions")
    name = pull.repository.partition("/")[2].casefold()
    lines = None if pull.additions is None or pull.deletions is None else pull.additions + pull.deletions
    if not established:
        listed = name in data["lists"]["names"] or any(part in name for part in data["lists"]["parts"])
        if listed and (lines is None or lines <= LIST_LINES):
            return "an entry in a list"
        if pull.fork:
            return "merged into a fork, not into the project"
    small = lines <= DRIVE_LINES[established] if lines is not None else not established
    if small and {label.casefold() for label in pull.labels} & set(data["labels"]["drives"]):
        return "part of a contribution drive"
    title = f" {re.sub(r'[^a-z0-9.]+', ' ', pull.title.casefold())} "
    for kind, rule in data["titles"].items():
        said = any(f" {word} " in title for word in rule["words"])
        if said and (lines <= rule["lines"] if lines is not None else kind == "correction"):
            return f"a small {kind}"
    return None


@cache
def established_libraries() -> frozenset[str]:
    """Full names of the established libraries, case-folded."""
    groups = _data("established_libraries").values()
    return frozenset(name.casefold() for group in groups if isinstance(group, dict) for name in group["repositories"])


@cache
def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("portfolio_audit").joinpath("data", f"{name}.toml").read_text("utf-8"))
