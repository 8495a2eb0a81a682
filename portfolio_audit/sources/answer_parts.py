"""Reading foreign JSON without trusting its shape: what is not what it should be counts as not there."""

from typing import Any


def mapping(value: object) -> dict[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[dict[str, Any]]:
    """The objects in a list; nulls and whatever else are left out."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def nodes(connection: object) -> list[dict[str, Any]]:
    """The objects of a GraphQL connection."""
    return items(mapping(connection).get("nodes"))


def text(value: object) -> str | None:
    """The value if it is a string that says something, else None."""
    return value if isinstance(value, str) and value else None


def number(value: object) -> int | None:
    """The value if it is a whole number (a truth value is none), else None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
