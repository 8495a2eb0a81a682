"""Small GraphQL objects without a class of their own."""

from __future__ import annotations

from tests.ghstub.hub import COLOURS
from tests.ghstub.page import Object, stamp
from tests.ghstub.world import Deployment


def language(name: str) -> Object:
    return {"__typename": "Language", "name": name, "color": COLOURS.get(name)}


def deployment(item: Deployment) -> Object:
    """One deployment; its status carries the address."""
    when = stamp(item.created_at)
    status = {
        "state": item.state,
        "environmentUrl": item.environment_url,
        "logUrl": item.log_url,
        "createdAt": when,
        "updatedAt": when,
    }
    state = "ACTIVE" if item.state == "SUCCESS" else "INACTIVE"
    return {
        "environment": item.environment,
        "createdAt": when,
        "updatedAt": when,
        "state": state,
        "latestStatus": status,
    }
