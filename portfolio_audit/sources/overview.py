"""The first reading of a portfolio with a token: who it is, and every public repository with its newest commit.

One request per fifty repositories. It also tells whether anything changed since the last time, so it is the only
request that an unchanged portfolio costs.
"""

from typing import Any

import msgspec

from portfolio_audit.errors import NetworkFailure, NotFound
from portfolio_audit.snapshot import Limit, Owner, RepositoryRecord
from portfolio_audit.sources.answer_parts import mapping, nodes, number, text
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
    cursor: str | None = None
    size, page, halvings = PAGE_SIZE, 0, 0
    overview: Overview | None = None
    cut = ""
    while page < MOST_PAGES:
        variables = {"login": login, "pageSize": size, "cursor": cursor, "withProfile": page == 0}
        try:
            reply = service.graphql(OVERVIEW, variables, what=f"listing the repositories of {login}")
        except TooHeavy as heavy:
            if size > SMALLEST_PAGE:
                size, halvings = max(size // 2, SMALLEST_PAGE), halvings + 1
                service.gate.breathe(
                    halvings, f"{service.host} {heavy.reason}: asking for {size} repositories at a time"
                )
                continue
            if heavy.reply is None or not isinstance(heavy.reply.data.get("repositoryOwner"), dict):
                if overview is None:
                    raise NetworkFailure(
                        f"{service.host} cannot list the repositories of {login}: {heavy.reason}",
                        hint="run the same command again in a few minutes",
                    ) from None
                cut = heavy.reason
                break
            reply = heavy.reply
        owner = reply.data.get("repositoryOwner")
        if not isinstance(owner, dict):
            if overview is not None:
                cut = "the account disappeared while it was read"
                break
            raise NotFound(f"{service.host} knows no user or organisation {login}", hint="check the spelling")
        if overview is None:
            overview = _profile(owner, reply)
        known = {record.id for record in overview.records}
        fresh = [record for record in _records(owner, reply) if record.id not in known]
        overview.records += list({record.id: record for record in fresh}.values())
        info = mapping(mapping(owner.get("repositories")).get("pageInfo"))
        following = info.get("endCursor")
        page += 1
        # A service that hands out the same page again would otherwise be read for ever.
        if not info.get("hasNextPage") or not isinstance(following, str) or following == cursor or not fresh:
            break
        cursor = following
    assert overview is not None
    note_shortfall(overview, cut)
    return overview


def note_shortfall(overview: Overview, reason: str = "") -> None:
    """Says so, in `limits` and `unavailable`, if fewer repositories were listed than the service counts."""
    missing = overview.total - len(overview.records)
    if missing <= 0:
        return
    why = reason or "the service did not list them"
    detail = f"{missing} of {overview.total} public repositories could not be listed: {why}"
    overview.unavailable["repositories"] = detail
    overview.limits.append(Limit("repositories-not-listed", overview.owner.login, detail))


def _profile(owner: dict[str, Any], reply: Reply) -> Overview:
    user = owner.get("__typename") == "User"
    unavailable = {}
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
            bio=text(owner.get("bio") if user else owner.get("description")),
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
