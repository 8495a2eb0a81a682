"""What all GraphQL objects need: dates as GitHub writes them, refusals, and paging by cursor."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

Object = dict[str, Any]


class Refusal(Exception):
    """A field GitHub answers with an error of its own type."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def stamp(when: datetime | None) -> str | None:
    """A date as GitHub writes it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if when else None


def connection(items: Sequence[Any], make: Callable[[Any], Any], page: Object, total: str = "totalCount") -> Object:
    """A connection over the items: nodes, edges, page info and count, by first/after or last/before."""
    first, last = page.get("first"), page.get("last")
    start = place(page.get("after")) if page.get("after") else 0
    end = place(page.get("before")) - 1 if page.get("before") else len(items)
    if first is not None:
        end = min(end, start + first)
    elif last is not None:
        start = max(start, end - last)
    else:
        end = start
    nodes = [make(item) for item in items[start:end]]
    edges = [{"cursor": cursor(start + step + 1), "node": node} for step, node in enumerate(nodes)]
    info = {
        "hasNextPage": end < len(items) if first is not None else False,
        "hasPreviousPage": start > 0,
        "startCursor": edges[0]["cursor"] if edges else None,
        "endCursor": edges[-1]["cursor"] if edges else None,
    }
    return {"nodes": nodes, "edges": edges, "pageInfo": info, total: len(items)}


def cursor(number: int) -> str:
    return base64.b64encode(f"cursor:v2:{number}".encode()).decode()


def place(text: Any) -> int:
    """The position a cursor stands for."""
    try:
        return int(base64.b64decode(text, validate=True).decode().removeprefix("cursor:v2:"))
    except ValueError as fault:
        raise Refusal("INVALID_CURSOR_ARGUMENTS", f"`{text}` does not appear to be a valid cursor.") from fault


def plain(value: Any) -> Any:
    """The value itself, for connections of things already made."""
    return value
