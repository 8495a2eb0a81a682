"""Who a cohort's students are: a roster from a file, or the members of an organisation or a team, as asked today."""

import json
import re
import sys
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import click
import msgspec

from portfolio_audit import roster
from portfolio_audit.cli.progress import Progress
from portfolio_audit.errors import AuthenticationError, UsageError
from portfolio_audit.report.plain import plain
from portfolio_audit.report.words import count
from portfolio_audit.roster import MOST_STUDENTS, Roster, Student
from portfolio_audit.roster_cells import MOST_BYTES
from portfolio_audit.roster_csv import Columns
from portfolio_audit.roster_login import login_of
from portfolio_audit.roster_roles import select, told

if TYPE_CHECKING:
    from portfolio_audit.cli.service import Connection

_MOST_PROBLEMS = 50
_COLUMNS = ("login", "id", "name", "group")
_TEAM_ADDRESS = re.compile(r"(?:https?://)?[^/\s]+/orgs/([^/\s]+)/teams/([^/?#\s]+)(?:[/?#]\S*)?")


class Place(NamedTuple):
    """An organisation, or its team of that slug."""

    org: str
    team: str | None

    @property
    def name(self) -> str:
        return self.org if self.team is None else f"{self.org}/{self.team}"


class People(NamedTuple):
    """Who is audited. `repositories` counts the public ones by key, where that was asked for.

    `whole` is false for a list that may lack somebody, because the token is not shown everybody.
    """

    roster: Roster
    repositories: dict[str, int] = {}
    whole: bool = True


def place_of(options: dict[str, Any]) -> Place | None:
    """The organisation or team that was named; None for a roster. Raises UsageError unless it is one of the two."""
    place = _place(options["org"], options["team"])
    if options["roster"] is None and place is None:
        raise UsageError("nobody to audit is named", hint="Give a roster, or --org NAME, or --team ORG/SLUG")
    if place is None:
        return None
    if options["roster"] is not None:
        raise UsageError(
            f"both the roster {options['roster']} and {place.name} say who is audited",
            hint="Give one of them. With names and groups of your own: a roster of its members' logins.",
        )
    if given := [f"--{what}-column" for what in _COLUMNS if options[f"{what}_column"]]:
        raise UsageError(f"{given[0]} is for a roster; an organisation has no columns", hint=f"Leave out {given[0]}")
    return place


def _place(org: str | None, team: str | None) -> Place | None:
    """Raises UsageError for a team without an organisation or of another one."""
    if org is not None:
        org = login_of(org) or org
    if team is None:
        return None if org is None else Place(org, None)
    address = _TEAM_ADDRESS.fullmatch(team.strip())
    owner, slash, slug = address.expand(r"\1/\2").partition("/") if address else team.strip().partition("/")
    if not slash:
        owner, slug = org or "", owner
    owner = owner.removeprefix("@")
    if not owner or not slug:
        raise UsageError(f"{team!r} names no team of an organisation", hint="Write it as --team ORG/SLUG")
    if org is not None and org.casefold() != owner.casefold():
        raise UsageError(f"{team} is no team of {org}", hint=f"Leave out --org {org}")
    return Place(owner, slug.casefold())


def origin(place: Place, options: dict[str, Any]) -> str:
    """What decides who is listed: a run that stopped goes on with its list only for the same."""
    parts = [options["api_url"] or "", place.name.casefold(), *sorted(role.casefold() for role in options["roles"])]
    return json.dumps(parts)


def listed(place: Place, options: dict[str, Any], source: "Connection", progress: Progress) -> People:
    """The members as they are now, with what the token cannot see told.

    Raises what `GitHubSource.members` raises, AuthenticationError if the token is shown nobody, and UsageError if
    nobody in it is to be audited.
    """
    found = source.members(place.org, place.team, most=MOST_STUDENTS, counts=options["dry_run"])
    if not found.members and not found.whole:
        raise AuthenticationError(
            f"{place.name} shows this token no member: it is shown what a stranger is, and nobody there shows it",
            hint="Use a member's token with the scope read:org, or with the organisation's permission Members (read)",
        )
    if not found.members:
        raise UsageError(f"{place.name} has no members", hint="Who was invited is listed after accepting")
    progress.tell(f"{place.name}: {count(found.counted, 'member')}")
    if not found.whole:
        progress.tell(
            f"Warning: this token is shown what a stranger is of {place.org}: only members who show it are listed, "
            "and owners may be among them"
        )
    if found.counted > len(found.members):
        progress.tell(f"Warning: only {len(found.members)} of {found.counted} members could be listed")
    students = tuple(
        Student(
            each.login.casefold(), each.login, each.name, group=place.team, role=each.role, number=each.number
        )
        for each in found.members
    )  # fmt: skip
    counts = {each.login.casefold(): each.repositories or 0 for each in found.members}
    chosen = _selected(Roster(students), options, progress)
    return People(chosen, counts, found.whole and found.counted == len(found.members))


def read_roster(options: dict[str, Any], progress: Progress) -> Roster:
    """The roster, with its warnings told. Raises UsageError, after every problem was told with its line."""
    place = options["roster"]
    if place == "-" and options["token_file"] == "-":  # noqa: S105 - standard input
        raise UsageError("roster and token cannot both come from standard input", hint="Name a file for one of them.")
    try:
        if place == "-":
            content = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with open(place, "rb") as file:
                content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"the roster {place} cannot be read: {error.strerror}") from None
    columns = Columns(*(options[f"{what}_column"] or None for what in _COLUMNS))
    try:
        found = roster.read(content, columns)
    except roster.RosterRefused as refused:
        for problem in refused.problems[:_MOST_PROBLEMS]:
            click.echo(plain(problem), err=True)
        if len(refused.problems) > _MOST_PROBLEMS:
            click.echo(f"and {len(refused.problems) - _MOST_PROBLEMS} more", err=True)
        raise
    return _selected(found, options, progress)


def named(people: Roster, options: dict[str, Any]) -> frozenset[str] | None:
    """The keys of `--only`; None for everybody. Raises UsageError for a name that is not among the people."""
    if not options["only"]:
        return None
    wanted = frozenset(name.removeprefix("@").casefold() for name in options["only"])
    left_out = wanted & {student.key for student in people.left_out}
    if left_out:
        raise UsageError(f"{', '.join(sorted(left_out))}: left out by role", hint="Add --role all")
    missing = wanted - {student.key for student in people.students}
    if missing:
        raise UsageError(f"{', '.join(sorted(missing))}: not on the roster", hint="Name logins as the roster has them.")
    return wanted


def since(options: dict[str, Any]) -> str | None:
    """The day of `--since`, as ISO 8601; None without one. Raises UsageError for what is no day."""
    if not options["since"]:
        return None
    try:
        return date.fromisoformat(options["since"]).isoformat()
    except ValueError:
        raise UsageError(f"{options['since']!r} is no day", hint="Write it as 2026-03-01.") from None


def _selected(found: Roster, options: dict[str, Any], progress: Progress) -> Roster:
    chosen = select(found, options["roles"])
    named(chosen, options)  # refused here already, before anything is begun
    since(options)
    for warning in chosen.warnings:
        progress.tell(f"Warning: {warning}")
    if chosen.left_out:
        progress.tell(told(chosen.left_out))
    return msgspec.structs.replace(chosen, warnings=())
