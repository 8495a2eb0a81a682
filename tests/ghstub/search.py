"""Issue search, for pull requests: the qualifiers GitHub documents, as far as a portfolio needs them.

REST and GraphQL share it. A qualifier that is not built here raises :class:`Unmodelled`, so a query can never
match by accident.
"""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime

from msgspec import Struct

from tests.ghstub.world import PullRequest, World

TEXT_LIMIT = 256
OPERATOR_LIMIT = 5


class Unmodelled(Exception):
    """The query uses something this stand-in does not build."""


class Invalid(Exception):
    """The query is one GitHub answers with 422."""


class Query(Struct):
    """A parsed query: (minus?, qualifier, value) terms, free words, sort field and direction."""

    terms: list[tuple[bool, str, str]] = []
    words: list[str] = []
    sort: str = "created"
    ascending: bool = False


def parse(text: str) -> Query:
    """The parts of a search; raises Invalid as the real service does, Unmodelled where we do not follow."""
    query = Query(terms=[], words=[])
    if not text.strip():
        raise Invalid("Search text is required when searching issues.")
    try:
        parts = shlex.split(text)
    except ValueError as fault:
        raise Unmodelled(f"search {text!r}: {fault}") from fault
    for part in parts:
        minus = part.startswith("-")
        name, colon, value = part.removeprefix("-").partition(":")
        if part in ("AND", "OR", "NOT"):
            raise Unmodelled(f"search operator {part}")
        if not colon:
            query.words.append(part.lower())
        elif name == "sort":
            query.sort, _, direction = value.partition("-")
            query.ascending = direction == "asc"
        else:
            query.terms.append((minus, name, value))
    if sum(len(word) + 1 for word in query.words) > TEXT_LIMIT:
        raise Invalid("The search is longer than 256 characters.")
    return query


def matches(world: World, pull: PullRequest, minus: bool, name: str, value: str) -> bool:
    """Whether a pull request satisfies one term."""
    repo = world.repo(pull.repository)
    owner = pull.repository.partition("/")[0]
    low = value.lower()
    if name in ("is", "type", "state"):
        public = bool(repo and not repo.private)
        facts = {
            "pr": True, "pull-request": True, "issue": False, "public": public, "private": not public,
            "merged": pull.state == "MERGED", "unmerged": pull.state != "MERGED", "draft": pull.draft,
            "open": pull.state == "OPEN", "closed": pull.state != "OPEN",
        }  # fmt: skip
        if low not in facts:
            raise Unmodelled(f"search qualifier {name}:{value}")
        return facts[low] != minus
    if name == "author":
        return (pull.author.lower() == low) != minus
    if name in ("user", "org"):
        return (owner.lower() == low) != minus
    if name == "repo":
        return (pull.repository.lower() == low) != minus
    if name == "label":
        return any(wanted in (label.lower() for label in pull.labels) for wanted in low.split(",")) != minus
    if name == "archived" and repo:
        return (repo.archived == (low == "true")) != minus
    if name in ("merged", "closed", "created"):
        when = pull.created_at if name == "created" else pull.closed_at
        if name == "merged" and pull.state != "MERGED":
            return False
        return when is not None and within(when, value) != minus
    raise Unmodelled(f"search qualifier {name}:{value}")


def within(when: datetime, span: str) -> bool:
    """Whether a date lies in ``>=D``, ``<D``, ``D..D``, ``*..D`` or on the day ``D``."""
    if ".." in span:
        low, _, high = span.partition("..")
        return (low == "*" or when >= moment(low)) and (high == "*" or when.date() <= moment(high).date())
    sign = re.match(r"[<>]=?", span)
    mark = sign.group() if sign else ""
    limit = moment(span[len(mark) :])
    if mark == ">=":
        return when >= limit
    if mark == ">":
        return when.date() > limit.date()
    if mark:
        return when < limit or (mark == "<=" and when.date() == limit.date())
    return when.date() == limit.date()


def moment(text: str) -> datetime:
    """A date or a date and time of a query, in UTC when it names no zone."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError as fault:
        raise Invalid(f'"{text}" is not a recognized date/time format.') from fault
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def find(world: World, query: Query) -> list[PullRequest]:
    """Matching pull requests of repositories that are there and public, newest first by the sort field."""
    found = []
    for pull in world.pull_requests:
        repo = world.repo(pull.repository)
        if repo is None or repo.private or repo.blocked:
            continue
        text = f"{pull.title} {pull.body}".lower()
        if all(word in text for word in query.words) and all(matches(world, pull, *term) for term in query.terms):
            found.append(pull)
    if query.sort not in ("created", "updated", "comments"):
        raise Unmodelled(f"search sort:{query.sort}")

    def key(pull: PullRequest) -> tuple[datetime, int]:
        when = pull.created_at if query.sort == "created" else (pull.closed_at or pull.created_at)
        return when, pull.number

    return sorted(found, key=key, reverse=not query.ascending)


def unknown_author(world: World, query: Query) -> str | None:
    """The first login in the query that does not exist; REST answers 422 for it."""
    for _, name, value in query.terms:
        if name in ("author", "user", "org") and world.owner(value) is None:
            return value
    return None
