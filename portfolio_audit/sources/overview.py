"""The first reading of a portfolio with a token: who it is, and every public repository with its newest commit.

One request per fifty repositories, and one for the profile of an organisation. It also tells whether anything changed
since the last time, so it is the only request that an unchanged portfolio of a person costs.
"""

from typing import Any

import msgspec

from portfolio_audit.errors import AuthenticationError, NetworkFailure, NotFound, Unavailable
from portfolio_audit.snapshot import Limit, Owner, RepositoryRecord
from portfolio_audit.sources.answer_parts import mapping, nodes, number, text
from portfolio_audit.sources.organization import read_organization
from portfolio_audit.sources.queries import OVERVIEW
from portfolio_audit.sources.repository_node import RepositoryNode, as_record
from portfolio_audit.sources.service import Fault, Reply, Service, TooHeavy

PAGE_SIZE, SMALLEST_PAGE = 50, 6
MOST_PAGES = 400
NODES = ("repositoryOwner", "repositories", "nodes")
PART_OF_FIELD = {
    "defaultBranchRef": "tree",
    "parent": "comparison",
    "licenseInfo": "license",
    "repositoryTopics": "topics",
    "homepageUrl": "homepage",
    "templateRepository": "template_of",
}
PART_OF_PROFILE = {"pinnedItems": "pinned", "socialAccounts": "links", "profileRepository": "profile_readme"}


class Overview(msgspec.Struct):
    """What the listing of a portfolio gave. `date` is the Date header of its first answer."""

    owner: Owner
    records: list[RepositoryRecord]
    total: int
    date: str | None
    pinned: tuple[str, ...] | None = None
    unavailable: dict[str, str] = {}
    limits: list[Limit] = []


def read_overview(service: Service, login: str) -> Overview:
    """The owner and all public repositories, each once, newest push first.

    Raises NotFound if there is no such account, and NetworkFailure if even the smallest page is too much.
    """
    return _Listing(service, login).read()


class _Listing:
    """The paging: how large the pages are by now, and whether the extras of the profile are asked for."""

    def __init__(self, service: Service, login: str) -> None:
        self.service = service
        self.login = login
        self._size = PAGE_SIZE
        self._halvings = 0
        self._refused: dict[str, str] = {}

    def read(self) -> Overview:
        try:
            owner, reply = self._page(None)
        except Unavailable as error:
            raise NetworkFailure(
                f"{self.service.host} cannot list the repositories of {self.login}: {error.reason}",
                hint="run the same command again in a few minutes",
            ) from None
        overview = _profile(owner, reply, self._refused)
        if overview.owner.kind == "Organization":
            overview.owner, pinned = read_organization(self.service, overview.owner)
            overview.pinned = pinned if isinstance(pinned, tuple) else None
            if isinstance(pinned, str):
                overview.unavailable["pinned"] = pinned
        found: dict[str, RepositoryRecord] = {}
        seen: set[str] = set()
        reason = ""
        while True:
            for record in _records(owner, reply):
                found.setdefault(record.id, record)
            reason = reason or next((_why(fault) for fault in reply.faults if fault.path[:3] == NODES), "")
            info = mapping(mapping(owner.get("repositories")).get("pageInfo"))
            cursor = text(info.get("endCursor"))
            # A service that hands out the same page again would otherwise be read for ever.
            if not info.get("hasNextPage") or cursor is None or cursor in seen or len(seen) >= MOST_PAGES:
                break
            seen.add(cursor)
            try:
                owner, reply = self._page(cursor)
            except Unavailable as error:
                reason = error.reason
                break
            except NotFound:
                reason = "the account disappeared while it was read"
                break
        overview.records = list(found.values())
        note_shortfall(overview, reason)
        return overview

    def _page(self, cursor: str | None) -> tuple[dict[str, Any], Reply]:
        """One page, in a size that the service can manage. Raises Unavailable and NotFound."""
        while True:
            variables = {"login": self.login, "pageSize": self._size, "cursor": cursor}
            variables |= {"withProfile": cursor is None, "withExtras": cursor is None and not self._refused}
            try:
                reply = self.service.graphql(OVERVIEW, variables, what=f"listing the repositories of {self.login}")
            except TooHeavy as heavy:
                if self._size > SMALLEST_PAGE:
                    self._halve(heavy.reason)
                    continue
                if heavy.reply is None:
                    raise Unavailable(heavy.reason) from None
                reply = heavy.reply
            owner = reply.data.get("repositoryOwner")
            if isinstance(owner, dict):
                return owner, reply
            # A refused field that may not be null takes everything around it along; ask again without the extras.
            deeper = {str(fault.path[1]): _why(fault) for fault in reply.faults if len(fault.path) > 1}
            if cursor is None and not self._refused and deeper:
                self._refused = {PART_OF_PROFILE.get(field, field): why for field, why in deeper.items()}
                continue
            if reply.faults and reply.faults[0].type in ("FORBIDDEN", "INSUFFICIENT_SCOPES"):
                raise AuthenticationError(
                    f"{self.service.host} refuses this token: {_why(reply.faults[0])}",
                    hint="use a token that may read public repositories",
                )
            if deeper or "repositoryOwner" not in reply.data:
                raise Unavailable(next((_why(fault) for fault in reply.faults), "an empty answer"))
            raise NotFound(f"{self.service.host} knows no user or organisation {self.login}", hint="check the spelling")

    def _halve(self, reason: str) -> None:
        self._size = max(self._size // 2, SMALLEST_PAGE)
        self._halvings += 1
        line = f"{self.service.host} {reason}: asking for {self._size} repositories at a time"
        self.service.gate.breathe(self._halvings, line)


def note_shortfall(overview: Overview, reason: str = "") -> None:
    """Says so, in `limits` and `unavailable`, if fewer repositories were listed than the service counts."""
    missing = overview.total - len(overview.records)
    if missing <= 0:
        return
    why = reason or "the service did not list them"
    detail = f"{missing} of {overview.total} public repositories could not be listed: {why}"
    overview.unavailable["repositories"] = detail
    overview.limits.append(Limit("repositories-not-listed", overview.owner.login, detail))


def _profile(owner: dict[str, Any], reply: Reply, refused: dict[str, str]) -> Overview:
    user = owner.get("__typename") == "User"
    unavailable = dict.fromkeys(PART_OF_PROFILE.values(), "not read, since a part of the profile is refused")
    unavailable = unavailable | refused if refused else {}
    for fault in reply.faults:
        part = PART_OF_PROFILE.get(str(fault.path[1])) if fault.path[:1] == NODES[:1] and len(fault.path) > 1 else None
        # Asking for the profile repository of somebody who has none is an error of type NOT_FOUND.
        if part and (part, fault.type) != ("profile_readme", "NOT_FOUND"):
            unavailable[part] = _why(fault)
    links = [text(node.get("url")) for node in nodes(owner.get("socialAccounts"))]
    pinned = [text(node.get("nameWithOwner")) for node in nodes(owner.get("pinnedItems"))]
    profile = mapping(owner.get("profileRepository"))
    readme = [text(mapping(profile.get(name)).get("text")) for name in ("upper", "lower")]
    return Overview(
        owner=Owner(
            kind="User" if user else "Organization",
            login=text(owner.get("login")) or "",
            url=text(owner.get("url")),
            id=text(owner.get("id")),
            database_id=number(owner.get("databaseId")),
            name=text(owner.get("name")),
            bio=text(owner.get("bio")),
            website=text(owner.get("websiteUrl")),
            links=tuple(link for link in links if link),
            profile_readme=next((found for found in readme if found), None),
        ),
        records=[],
        total=number(mapping(owner.get("repositories")).get("totalCount")) or 0,
        date=reply.headers.get("date"),
        pinned=None if "pinned" in unavailable else tuple(name for name in pinned if name),
        unavailable=unavailable,
        limits=[],
    )


def _records(owner: dict[str, Any], reply: Reply) -> list[RepositoryRecord]:
    faults: dict[object, dict[str, str]] = {}
    for fault in reply.faults:
        if fault.path[:3] == NODES and len(fault.path) > 4:
            field = str(fault.path[4])
            faults.setdefault(fault.path[3], {})[PART_OF_FIELD.get(field, field)] = _why(fault)
    records = []
    listed = mapping(owner.get("repositories")).get("nodes")
    for index, node in enumerate(listed if isinstance(listed, list) else ()):
        try:
            records.append(as_record(msgspec.convert(node, RepositoryNode), faults.get(index, {})))
        except msgspec.ValidationError:
            continue  # a null or half-built node counts as not listed
    return records


def _why(fault: Fault) -> str:
    return fault.text or fault.type or "the service did not say why"
