"""Bad luck on order: what GitHub and the network do to a client on a bad day, one named kind each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from threading import Lock
from typing import Any

from msgspec import Struct

from tests.ghstub.hostile import archive
from tests.ghstub.wire import Answer, Seen
from tests.ghstub.world import World

HELP = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"
SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. "
    "If you reach out to GitHub Support for help, please include the request ID STUB:0001."
)
TIMEOUT = (
    "Something went wrong while executing your query. This may be the result of a timeout, or it could be a "
    "GitHub bug. Please include `STUB:0001` when reporting this issue."
)
PAGE = (
    b"<!DOCTYPE html>\n<html><head><title>Unicorn!</title></head><body><p>No server is available.</p></body></html>\n"
)

REPLACING = {
    "primary",
    "secondary",
    "graphql-rate-limited",
    "status",
    "html",
    "redirect",
    "tar",
    "empty-body",
}
BLOCKED = "Repository access blocked"
SINCE = "2024-01-01T00:00:00Z"
STATES: dict[str, tuple[int, dict[str, Any]]] = {
    "not-found": (404, {"message": "Not Found"}),
    "bad-credentials": (401, {"message": "Bad credentials"}),
    "forbidden": (403, {"message": "Resource not accessible by integration"}),
    "empty": (409, {"message": "Git Repository is empty."}),
    "dmca": (451, {"message": BLOCKED, "block": {"reason": "dmca", "created_at": SINCE, "html_url": HELP}}),
    "tos": (403, {"message": BLOCKED, "block": {"reason": "tos", "created_at": SINCE, "html_url": HELP}}),
}
MANGLING = {"reset", "reset-midway", "hang", "drip", "length-long", "length-short"}
ALTERING = {"truncate", "corrupt", "skew", "refuse", "change", "incomplete", "header"}
KINDS = REPLACING | set(STATES) | MANGLING | ALTERING


class Fault(Struct, frozen=True, kw_only=True):
    """One kind of trouble for the requests it matches.

    ``match`` is a shell pattern tried on ``"GET /path"``, the path, the GraphQL operation and the host's name
    (``api``, ``archive``), or a function of the request. The first ``skip`` matching requests are spared, the
    next ``times`` (None: all) are hit. With ``above``, only GraphQL requests whose page is larger are hit.
    """

    kind: str
    match: str | Callable[[Seen], bool] = "*"
    times: int | None = None
    skip: int = 0
    above: int = 0
    status: int = 0
    seconds: int = 1800
    """Until the reset (primary; may lie in the past), or by which the Date header is wrong (skew)."""
    retry_after: int | None = None
    to: str = ""
    """Where a redirect leads: an address, ``loop`` or ``foreign``."""
    payload: str = ""
    """Which hostile archive (see hostile.py)."""
    size: int = 0
    """Bytes of a bomb, or entries of a large archive."""
    field: str = ""
    """``Type.field`` to refuse in a GraphQL answer."""
    keep: int = 0
    """How many of that field still resolve before the refusals start."""
    error: str = "FORBIDDEN"
    message: str = ""
    change: Callable[[World], World] | None = None
    """The world after the answer; repositories vanish and heads move this way."""
    headers: dict[str, str] = {}

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of fault {self.kind!r}; there are {', '.join(sorted(KINDS))}")

    def hits(self, seen: Seen) -> bool:
        """Whether the request is one this fault is about."""
        if self.above and seen.page <= self.above:
            return False
        if callable(self.match):
            return self.match(seen)
        names = (f"{seen.method} {seen.path}", seen.path, seen.operation, seen.host)
        return any(fnmatchcase(name, self.match) for name in names)


class Faults:
    """The faults of a stand-in, in order; each request meets the first one that is due."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        self.met = [0] * len(faults)
        self.lock = Lock()

    def pick(self, seen: Seen) -> Fault | None:
        with self.lock:
            for place, fault in enumerate(self.faults):
                if not fault.hits(seen):
                    continue
                self.met[place] += 1
                turn = self.met[place] - fault.skip
                if turn >= 1 and (fault.times is None or turn <= fault.times):
                    return fault
        return None


def replacement(fault: Fault, seen: Seen, now: datetime, addresses: dict[str, str]) -> Answer | None:
    """The answer a fault gives instead of the real one; None when it lets the real one be formed."""
    graphql = seen.path.endswith("graphql")
    if fault.kind in STATES:
        status, known = STATES[fault.kind]
        return Answer(status=status, body=known | {"documentation_url": HELP, "status": str(status)})
    if fault.kind == "primary":
        reset = int((now + timedelta(seconds=fault.seconds)).timestamp())
        headers = {"x-ratelimit-remaining": "0", "x-ratelimit-used": "5000", "x-ratelimit-reset": str(reset)}
        text = fault.message or "API rate limit exceeded for user ID 1."
        return Answer(status=fault.status or 403, body={"message": text, "documentation_url": HELP}, headers=headers)
    if fault.kind == "graphql-rate-limited":
        reset = int((now + timedelta(seconds=fault.seconds)).timestamp())
        headers = {"x-ratelimit-remaining": "0", "x-ratelimit-used": "5000", "x-ratelimit-reset": str(reset)}
        text = fault.message or "API rate limit exceeded for user ID 1."
        return Answer(body={"errors": [{"type": "RATE_LIMITED", "message": text}]}, headers=headers)
    if fault.kind == "secondary":
        headers = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
        if fault.status == 200:
            return Answer(body={"errors": [{"message": SECONDARY}]}, headers=headers)
        return Answer(
            status=fault.status or 403,
            body={"message": SECONDARY, "documentation_url": HELP},
            headers=headers,
        )
    if fault.kind == "status":
        headers = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
        body: Any = {"message": fault.message or "Server Error"}
        if graphql:
            body = {"data": None, "errors": [{"message": fault.message or TIMEOUT}]}
        if seen.host != "api":
            return Answer(status=fault.status, body=b"Too many requests\n", media="text/plain", headers=headers)
        return Answer(status=fault.status, body=body, headers=headers)
    if fault.kind == "html":
        return Answer(status=fault.status or 200, body=PAGE, media="text/html; charset=utf-8")
    if fault.kind == "empty-body":
        return Answer(status=fault.status or 200, body=b"")
    if fault.kind == "redirect":
        target = {"loop": addresses[seen.host] + seen.path}.get(fault.to) or addresses.get(fault.to) or fault.to
        if fault.to in addresses:
            target += seen.path
        return Answer(status=fault.status or 302, body=b"", headers={"location": target})
    if fault.kind == "tar":
        return Answer(body=archive(fault.payload, fault.size), media="application/x-gzip", cost=0)
    return None


def altered(fault: Fault, answer: Answer) -> Answer:
    """The real answer, spoilt."""
    if fault.kind in MANGLING:
        answer.mangle = fault.kind
    elif fault.kind == "truncate":
        answer.body = answer.payload()[: len(answer.payload()) * 2 // 3]
    elif fault.kind == "corrupt":
        data = bytearray(answer.payload())
        middle = len(data) // 2
        data[middle : middle + 16] = bytes(byte ^ 0x5A for byte in data[middle : middle + 16])
        answer.body = bytes(data)
    elif fault.kind == "incomplete" and isinstance(answer.body, dict):
        answer.body = answer.body | {"incomplete_results": True}
    elif fault.kind == "header":
        answer.headers = answer.headers | fault.headers
    return answer
