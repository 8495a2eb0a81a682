"""What GitHub does with a request: who asks, may they, what is the answer, what does it cost.

Faults come in here, before the answer leaves; whatever leaves the published interface is kept as a violation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from msgspec import Struct

from tests.ghstub import graph, rest, validation, web
from tests.ghstub.call import HELP, Call
from tests.ghstub.faults import Fault, Faults, altered, replacement
from tests.ghstub.gitshapes import GitShapes
from tests.ghstub.hub import Hub
from tests.ghstub.page import Refusal
from tests.ghstub.quota import Bucket, Quota
from tests.ghstub.wire import Answer, Seen
from tests.ghstub.world import World

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
TOKEN = "ghp_stubStubStubStubStubStubStubStub0000"
VERSIONS = ("2022-11-28", "2026-03-10")
NO_AGENT = (
    b"Request forbidden by administrative rules. Please make sure your request has a User-Agent header "
    b"(https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required).\n"
)
MOST_PENDING = 300
PLAIN_HEADERS = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "ETag, Link, Location, Retry-After, X-GitHub-OTP, X-RateLimit-Limit, "
    "X-RateLimit-Remaining, X-RateLimit-Used, X-RateLimit-Resource, X-RateLimit-Reset, X-OAuth-Scopes",
    "content-security-policy": "default-src 'none'",
    "referrer-policy": "origin-when-cross-origin, strict-origin-when-cross-origin",
    "strict-transport-security": "max-age=31536000; includeSubdomains; preload",
    "x-content-type-options": "nosniff",
    "x-frame-options": "deny",
    "x-xss-protection": "0",
}
OVER = {
    True: "API rate limit exceeded for user ID 1. If you reach out to GitHub Support for help, please include the "
    "request ID STUB:0001.",
    False: "API rate limit exceeded for 127.0.0.1. (But here's the good news: Authenticated requests get a higher "
    "rate limit. Check out the documentation for more details.)",
}


class Entry(Struct):
    """One request as it was answered.

    ``bytes`` counts the body sent so far, ``bucket`` is empty where nothing is metered, ``status`` is 0 where the
    client got none, ``headers`` are the request's.
    """

    host: str
    method: str
    path: str
    query: str
    bucket: str
    status: int
    had_token: bool
    operation: str
    cost: int
    bytes: int = 0
    headers: dict[str, str] = {}


class Service:
    """One world under one clock, for the three hosts ``api``, ``archive`` and ``foreign``."""

    def __init__(
        self,
        world: World,
        *,
        addresses: Mapping[str, str],
        faults: Sequence[Fault],
        now: Callable[[], datetime],
        token: str,
        limits: Mapping[str, int],
        nameless: Mapping[str, int],
        web_url: str,
        validate: bool,
    ) -> None:
        self.addresses = dict(addresses)
        self.now = now
        self.token = token
        self.validate = validate
        self.faults = Faults(tuple(faults))
        self.quota = Quota(now, limits, nameless)
        self.hub = Hub(world, web_url, now)
        self.broken: list[str] = []
        self.pending: list[tuple[str, int, Any]] = []

    def change(self, world: World) -> None:
        """Serve another world from the next request on."""
        self.hub = Hub(world, self.hub.web_url, self.now)

    def violations(self) -> list[str]:
        """All violations so far; answers given are validated here, not while the client waits."""
        waiting, self.pending = self.pending, []
        for template, status, body in waiting:
            if (found := validation.fault(template, status, body)) and found not in self.broken:
                self.broken.append(found)
        return self.broken

    def answer(self, seen: Seen) -> tuple[Answer, Entry]:
        """The answer to one request, faults included, and its line of the log."""
        known = "authorization" in seen.headers
        if self.token and seen.host != "api" and leaks(seen, self.token):
            self.broken.append(f"the token was shown to the {seen.host} host: {seen.method} {seen.path}")
        plan = graph.plan(seen.value()) if seen.host == "api" and seen.path.endswith("/graphql") else None
        if plan:
            seen.operation = plan.operation
            sizes = [len(value) if isinstance(value, list) else value for value in plan.variables.values()]
            seen.page = max([size for size in sizes if type(size) is int], default=0)
        fault = self.faults.pick(seen)
        answer = replacement(fault, seen, self.now(), self.addresses) if fault else None
        replaced = answer is not None
        if answer is None:
            try:
                answer = self.honest(seen, plan, fault)
            except Exception as error:
                self.broken.append(f"the stand-in failed: {seen.method} {seen.path}: {error!r}")
                answer = Answer(status=500, body={"message": "Server Error"}, cost=0)
        if fault and not replaced:
            answer = altered(fault, answer)
        if seen.host == "api":
            self.dress(seen, answer, known, fault, replaced)
        if fault and fault.change:
            self.change(fault.change(self.hub.world))
        bucket = answer.bucket if seen.host == "api" and answer.cost else ""
        cost = answer.cost if bucket else 0
        status = 0 if answer.mangle in ("reset", "hang") else answer.status
        entry = Entry(
            seen.host, seen.method, seen.path, seen.query, bucket, status, known, seen.operation, cost,
            headers=seen.headers,
        )  # fmt: skip
        return answer, entry

    def honest(self, seen: Seen, plan: graph.Plan | None, fault: Fault | None) -> Answer:
        """What the service answers when nothing is wrong on its side."""
        hub = self.hub
        if seen.host == "foreign":
            return Answer(status=200, body=b"a stranger\n", media="text/plain", cost=0)
        if seen.host == "archive":
            return web.answer(hub, seen, self.addresses["archive"]) or web.gone()
        if "user-agent" not in seen.headers:
            return Answer(status=403, body=NO_AGENT, media="text/html", cost=0)
        version = seen.headers.get("x-github-api-version")
        if version and version not in VERSIONS:
            return Answer(status=400, body={"message": f'"{version}" is not a supported version.'}, cost=0)
        if "authorization" in seen.headers and not self.recognises(seen.headers["authorization"]):
            return problem(401, "Bad credentials")
        known = "authorization" in seen.headers
        if plan:
            return self.graphql(seen, plan, known, fault)
        enterprise = seen.path.startswith("/api/v3")
        base = self.addresses["api"] + ("/api/v3" if enterprise else "")
        path = seen.path.removeprefix("/api/v3") if enterprise else seen.path
        if path == "/rate_limit":
            return self.rates(known, version)
        bucket = "search" if path.startswith("/search/") else "core"
        if self.quota.bucket(bucket, known).remaining < 1:
            return problem(403, OVER[known])
        call = Call(hub, GitShapes(hub, base), seen, self.addresses["archive"])
        made = rest.answer(call, path) if seen.method in ("GET", "HEAD") else None
        if made is None:
            made = web.answer(hub, seen, self.addresses["archive"]) if path.count("/") > 2 else None
            if made is None:
                made = Answer(status=404, body={"message": "Not Found", "documentation_url": HELP})
        made.bucket = bucket
        self.note(made)
        return made

    def note(self, answer: Answer) -> None:
        """Keep an answer for its check against the description, which is made late but not without end."""
        if answer.template and self.validate:
            self.pending.append((answer.template, answer.status, answer.body))
            if len(self.pending) > MOST_PENDING:
                self.violations()

    def recognises(self, header: str) -> bool:
        scheme, _, value = header.partition(" ")
        return scheme.lower() in ("token", "bearer") and value == self.token

    def rates(self, known: bool, version: str | None) -> Answer:
        """The free overview of all limits."""
        figures = {name: self.quota.bucket(name, known).figures() for name in ("core", "graphql", "search")}
        body: dict[str, Any] = {"resources": figures}
        if version != VERSIONS[1]:
            body["rate"] = figures["core"]
        answer = Answer(body=body, cost=0, template="/rate_limit" if "rate" in body else "")
        self.note(answer)
        return answer

    def graphql(self, seen: Seen, plan: graph.Plan, known: bool, fault: Fault | None) -> Answer:
        """Run a priced document against the point budget."""
        if not known:
            return problem(401, "This endpoint requires you to be authenticated.")
        if plan.errors:
            self.broken += plan.violations
            return Answer(body={"errors": plan.errors}, bucket="graphql", cost=0)
        assert plan.document is not None
        if lacking := graph.lacking(plan.document, self.hub.world.scopes, self.hub.world.closed):
            return Answer(body={"errors": lacking}, bucket="graphql", cost=0)
        bucket, enough = self.quota.take("graphql", known, plan.cost.points)
        if not enough:
            body = {"errors": [{"type": "RATE_LIMITED", "message": OVER[known]}]}
            return Answer(body=body, bucket="graphql", cost=0, headers=rate_headers(bucket))
        rate = {
            "limit": bucket.limit,
            "remaining": bucket.remaining,
            "used": bucket.used,
            "reset": bucket.reset,
        }
        refuse = None
        if fault and fault.kind == "refuse":
            text = fault.message or "Resource not accessible by integration"
            refuse = graph.Refuse(fault.field, fault.keep, Refusal(fault.error, text))
        body, violations = graph.run(plan, self.hub, rate, refuse)
        self.broken += violations
        return Answer(body=body, bucket="graphql", cost=plan.cost.points, headers=rate_headers(bucket))

    def dress(self, seen: Seen, answer: Answer, known: bool, fault: Fault | None, replaced: bool) -> None:
        """Headers, conditional answer and the charge of an API answer."""
        if seen.path.endswith("/graphql"):
            answer.bucket = "graphql"
        elif seen.path.removeprefix("/api/v3").startswith("/search/"):
            answer.bucket = "search"
        headers = PLAIN_HEADERS | answer.headers
        skew = fault.seconds if fault and fault.kind == "skew" else 0
        headers["date"] = format_datetime((self.now() + timedelta(seconds=skew)).astimezone(UTC), usegmt=True)
        headers["server"] = "github.com"
        headers["x-github-request-id"] = "STUB:0001"
        headers["x-github-media-type"] = "github.v3; format=json"
        headers["x-github-api-version-selected"] = seen.headers.get("x-github-api-version", VERSIONS[0])
        headers["vary"] = "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With"
        fresh = answer.bucket == "core" and answer.status < 300
        headers["cache-control"] = (
            ("private" if known else "public") + ", max-age=60, s-maxage=60" if fresh else "no-cache"
        )
        if known:
            headers["x-oauth-scopes"] = ", ".join(self.hub.world.scopes)
        if fresh and seen.method == "GET" and answer.media.startswith("application/json"):
            tag = f'W/"{hashlib.sha256(answer.payload()).hexdigest()}"'
            headers["etag"] = tag
            if tag in seen.headers.get("if-none-match", ""):
                answer.status, answer.body = 304, None
                answer.cost = 0 if known else answer.cost
        if answer.cost and answer.bucket != "graphql" and not replaced:
            self.quota.take(answer.bucket, known, answer.cost)
        current = rate_headers(self.quota.bucket(answer.bucket, known))
        answer.headers = current | headers


def problem(status: int, message: str) -> Answer:
    """A refusal before any charge."""
    body = {"message": message, "documentation_url": HELP, "status": str(status)}
    return Answer(status=status, body=body, cost=0)


def rate_headers(bucket: Bucket) -> dict[str, str]:
    figures = {f"x-ratelimit-{name}": str(value) for name, value in bucket.figures().items()}
    return figures | {"x-ratelimit-resource": bucket.name}


def leaks(seen: Seen, token: str) -> bool:
    """Whether a request shows the token, or any Authorization header, to a host that must not see it."""
    text = "\n".join((seen.path, seen.query, *seen.headers.values()))
    return "authorization" in seen.headers or token in text or token.encode() in seen.body
