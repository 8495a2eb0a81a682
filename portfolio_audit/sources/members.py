"""Who is in an organisation or in one of its teams, for a cohort without a roster of its own.

What a token may see decides what comes: a stranger is shown only those who show their membership, and a team is
invisible to whoever is outside. So the answer says whether everybody was seen, and a refusal says what would help.
"""

import re
from typing import Any, Literal, NamedTuple, NoReturn
from urllib.parse import urlsplit

from portfolio_audit.errors import AuthenticationError, NetworkFailure, NotFound, UsageError
from portfolio_audit.sources.answer_parts import items, mapping, number, text
from portfolio_audit.sources.queries import MEMBERS, TEAM
from portfolio_audit.sources.service import Fault, Service, TooHeavy
from portfolio_audit.sources.verdict import one_line

PAGE_SIZE, SMALLEST_PAGE = 100, 12
_ORGANIZATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_TEAM = re.compile(r"[\w.-]{1,255}")
_ROLES: dict[object, Literal["owner", "maintainer", "member"]] = {
    "ADMIN": "owner", "MAINTAINER": "maintainer", "MEMBER": "member",
}  # fmt: skip


class Member(NamedTuple):
    """One person: `number` is the account's id; `role` None if the service does not tell it to this token.

    `repositories` counts the public ones, where that was asked for.
    """

    login: str
    number: int | None
    name: str | None
    role: Literal["owner", "maintainer", "member"] | None
    repositories: int | None = None


class Membership(NamedTuple):
    """The people by login. `counted` is how many the service says there are.

    `whole` is false where the token is shown what a stranger is: only those who want to be seen.
    """

    place: str
    members: tuple[Member, ...]
    counted: int
    whole: bool


def read_members(service: Service, org: str, team: str | None, *, most: int, counts: bool = False) -> Membership:
    """The members of an organisation, or of its team of that slug with the teams below it.

    With `counts` also how many public repositories each has. Raises NotFound for an organisation or team that is not
    there or not shown, AuthenticationError where a token or a right is missing, UsageError for names of an impossible
    shape and for more than `most` people, and what the service raises.
    """
    if not _ORGANIZATION.fullmatch(org):
        raise UsageError(f"{one_line(org)!r} is no organisation's name", hint="Give the name in its address")
    if team is not None and not _TEAM.fullmatch(team):
        raise UsageError(f"{one_line(team)!r} is no team's slug", hint="Give the last part of the team's address")
    if not service.authenticated:
        raise AuthenticationError(
            f"{service.host} lists the members of {org} only for a token",
            hint="gh auth login makes one that may; or give one with the scope read:org: --token-file FILE",
        )
    return _Listing(service, org, team, most, counts).read()


class _Listing:
    def __init__(self, service: Service, org: str, team: str | None, most: int, counts: bool) -> None:
        self.service = service
        self.org = org
        self.team = team
        self.place = org if team is None else f"{org}/{team}"
        self.most = most
        self.variables: dict[str, object] = {"org": org, "withCounts": counts} | ({"team": team} if team else {})
        self._size = PAGE_SIZE
        self._viewer: str | None = None

    def read(self) -> Membership:
        found: dict[str, Member] = {}
        seen: set[str] = set()
        cursor: str | None = None
        while True:
            organization, people = self._page(cursor)
            counted = number(people.get("totalCount")) or 0
            if counted > self.most:
                raise UsageError(
                    f"{self.place} has {counted:,} members; {self.most:,} at most", hint="Name one of its teams: --team"
                )
            for member in map(_member, items(people.get("edges"))):
                if member is not None:
                    found.setdefault(member.login.casefold(), member)
            info = mapping(people.get("pageInfo"))
            cursor = text(info.get("endCursor"))
            if not info.get("hasNextPage") or cursor is None or cursor in seen:
                break
            seen.add(cursor)
        members = tuple(found[key] for key in sorted(found))
        # Who belongs to an organisation is in its list; if not, this token is shown no more of it than a stranger is.
        inside = organization.get("viewerIsAMember") is True and (self._viewer or "").casefold() in found
        return Membership(self.place, members, max(counted, len(members)), self.team is not None or inside)

    def _page(self, cursor: str | None) -> tuple[dict[str, Any], dict[str, Any]]:
        """The organisation and one page of the people, as many as the service manages at once."""
        what = f"listing the members of {self.place}"
        while True:
            variables = {**self.variables, "pageSize": self._size, "cursor": cursor}
            try:
                reply = self.service.graphql(TEAM if self.team else MEMBERS, variables, what=what)
            except TooHeavy as heavy:
                if self._size > SMALLEST_PAGE:
                    self._size = max(self._size // 2, SMALLEST_PAGE)
                    self.service.gate.breathe(1, f"{self.service.host} {heavy.reason}: asking for {self._size} members")
                    continue
                raise NetworkFailure(f"{what}: {heavy.reason}", hint="Run the same command again") from None
            break
        self._viewer = text(mapping(reply.data.get("viewer")).get("login"))
        organization = mapping(reply.data.get("organization"))
        holder = mapping(organization.get("team")) if self.team else organization
        people = holder.get("people")
        if isinstance(people, dict):
            return organization, people
        if reply.faults:
            self._refused(reply.faults[0])
        if organization and "team" in organization:
            raise NotFound(
                f"{self.org} shows this token no team {self.team}: there is none, or the token's owner is outside",
                hint=f"Look at https://{_web(self.service)}/orgs/{self.org}/teams; the slug is the last part of a "
                "team's address, and a secret team is shown to its members and to owners.",
            )
        raise NetworkFailure(f"{what}: an empty answer", hint="Run the same command again")

    def _refused(self, fault: Fault) -> NoReturn:
        host, why = self.service.host, fault.text or fault.type or "it did not say why"
        if fault.type == "NOT_FOUND":
            raise NotFound(
                f"{host} knows no organisation {self.org}",
                hint=f"Check the spelling. A person is audited with: portfolio-audit audit {self.org}",
            )
        if fault.type == "INSUFFICIENT_SCOPES":
            raise AuthenticationError(
                f"this token may not read who is in {self.org}: it lacks the scope read:org",
                hint=f"gh auth refresh --hostname {_web(self.service)} --scopes read:org, or give a token that has it.",
            )
        if "saml" in why.casefold():
            raise AuthenticationError(
                f"{self.org} admits only tokens authorised for its single sign-on",
                hint=f"Configure SSO for this token: https://{_web(self.service)}/settings/tokens",
            )
        if fault.type == "FORBIDDEN":
            raise AuthenticationError(
                f"{host} refuses to list the members of {self.place}: {why}",
                hint="A fine-grained token needs the organisation's permission Members (read), a classic one read:org.",
            )
        raise NetworkFailure(f"listing the members of {self.place}: {why}", hint="Run the same command again")


def _member(edge: dict[str, Any]) -> Member | None:
    node = mapping(edge.get("node"))
    login = text(node.get("login"))
    if login is None or not _ORGANIZATION.fullmatch(login):
        return None
    repositories = number(mapping(node.get("repositories")).get("totalCount"))
    name = one_line(text(node.get("name")) or "") or None
    return Member(login, number(node.get("databaseId")), name, _ROLES.get(edge.get("role")), repositories)


def _web(service: Service) -> str:
    """The host a person opens: that of the public service is not its API's."""
    return (urlsplit(service.api_url).hostname or "").removeprefix("api.")
