"""What only an organisation's own profile says: asked for by itself, since not every token may ask by GraphQL."""

from typing import Any
from urllib.parse import quote

import msgspec

from portfolio_audit.snapshot import Owner
from portfolio_audit.sources.answer_parts import mapping, nodes, number, text
from portfolio_audit.sources.queries import ORGANIZATION
from portfolio_audit.sources.service import Service, TooHeavy


def read_organization(service: Service, owner: Owner) -> tuple[Owner, tuple[str, ...] | str]:
    """The owner with name, description, site and number, and the pinned repositories or why these were not read.

    One request where the token may, else a second one by REST, which tells strangers the same but no pins.
    """
    what = f"reading the profile of {owner.login}"
    try:
        reply = service.graphql(ORGANIZATION, {"login": owner.login}, what=what)
    except TooHeavy as heavy:
        why, profile = heavy.reason, {}
    else:
        profile = mapping(reply.data.get("organization"))
        why = next((fault.text or fault.type for fault in reply.faults), "the service did not say why")
    if not profile:
        answer = service.rest(f"/orgs/{quote(owner.login, safe='')}", what=what)
        body = mapping(answer.body) if answer.status == 200 else {}
        return _with(owner, body.get("id"), body, "blog"), why
    pinned = profile.get("pinnedItems")
    names = tuple(name for node in nodes(pinned) if (name := text(node.get("nameWithOwner"))))
    return _with(owner, profile.get("databaseId"), profile, "websiteUrl"), names if isinstance(pinned, dict) else why


def _with(owner: Owner, identity: object, profile: dict[str, Any], site: str) -> Owner:
    return msgspec.structs.replace(
        owner,
        database_id=number(identity),
        name=text(profile.get("name")),
        bio=text(profile.get("description")),
        website=text(profile.get(site)),
    )
