"""The stand-in itself: three loopback servers in one thread, one world, a log of everything asked.

``127.0.0.1`` is the API, ``localhost`` the archive and web host, and a third port a foreign host that only
records who comes by. Nothing outside the host can be reached.
"""

from __future__ import annotations

import asyncio
import hashlib
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import TracebackType
from typing import Any

import uvicorn
from msgspec import Struct
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from tests.ghstub import graph, rest, validation, web
from tests.ghstub.faults import Fault, Faults, altered, replacement
from tests.ghstub.hub import Hub
from tests.ghstub.nodes import Refusal
from tests.ghstub.quota import Bucket, Quota
from tests.ghstub.shapes import Shapes
from tests.ghstub.wire import Answer, Protocol, Seen, send_answer
from tests.ghstub.world import World

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
TOKEN = "ghp_stubStubStubStubStubStubStubStub0000"
VERSIONS = ("2022-11-28", "2026-03-10")
FORBIDDEN_AGENT = (
    b"Request forbidden by administrative rules. Please make sure your request has a User-Agent header "
    b"(https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required).\n"
)


class Entry(Struct):
    """One request as it was answered; ``bytes`` counts the body, ``bucket`` is empty where nothing is metered."""

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


class Violation(AssertionError):
    """The client or the stand-in left the published interface."""


class GitHubStub:
    """Serves a world while entered as a context.

    On leaving, any violation (a query the schema does not know, an answer the description does not allow, a
    token shown to another host) raises :class:`Violation`, unless the list was cleared on purpose.

    ``now`` is the clock of dates and limits, fixed by default; ``latency`` are seconds each request waits;
    ``limits`` and ``nameless`` replace limits by bucket; ``web_url`` is the address in ``html_url`` and the
    like (default: the archive host); ``enterprise`` only changes what ``api_url`` says: ``HOST/api/v3``.
    """

    def __init__(
        self,
        world: World,
        *,
        faults: Sequence[Fault] = (),
        now: Callable[[], datetime] = lambda: NOON,
        token: str = TOKEN,
        latency: float = 0.0,
        limits: Mapping[str, int] | None = None,
        nameless: Mapping[str, int] | None = None,
        web_url: str = "",
        enterprise: bool = False,
        validate: bool = True,
        ports: tuple[int, int] = (0, 0),
    ) -> None:
        self.now = now
        self.token = token
        self.latency = latency
        self.enterprise = enterprise
        self.validate = validate
        self.faults = Faults(tuple(faults))
        self.quota = Quota(now, limits or {}, nameless or {})
        self.log: list[Entry] = []
        self.broken: list[str] = []
        self.pending: list[tuple[str, Answer]] = []
        self.sockets = [listen(port) for port in (*ports, 0)]
        numbers = [plug.getsockname()[1] for plug in self.sockets]
        self.api_origin = f"http://127.0.0.1:{numbers[0]}"
        self.archive_url = f"http://localhost:{numbers[1]}"
        self.foreign_url = f"http://localhost:{numbers[2]}"
        self.api_url = self.api_origin + ("/api/v3" if enterprise else "")
        self.web_url = web_url or self.archive_url
        self.world = world

    @property
    def world(self) -> World:
        """What is served; assign a new one to change it, also while running."""
        return self.hub.world

    @world.setter
    def world(self, world: World) -> None:
        self.hub = Hub(world, self.web_url, self.now)

    @property
    def violations(self) -> list[str]:
        """All violations so far; answers given are validated here, not while the client waits."""
        waiting, self.pending = self.pending, []
        for template, answer in waiting:
            if found := validation.fault(template, answer):
                self.broken.append(found)
        return self.broken

    def count(
        self,
        *,
        api: bool | None = None,
        host: str | None = None,
        operation: str | None = None,
        bucket: str | None = None,
        path: str | None = None,
        status: int | None = None,
    ) -> int:
        """How many logged requests fit; ``api=True`` is host "api", ``path`` a part of the path."""
        return sum(
            (api is None or (entry.host == "api") == api)
            and (host is None or entry.host == host)
            and (operation is None or entry.operation == operation)
            and (bucket is None or entry.bucket == bucket)
            and (path is None or path in entry.path)
            and (status is None or entry.status == status)
            for entry in self.log
        )

    def reset_log(self) -> None:
        self.log.clear()

    def __enter__(self) -> GitHubStub:
        self.loop = asyncio.new_event_loop()
        hosts = ("api", "archive", "foreign")
        self.servers = [server(self.application(host)) for host in hosts]
        self.thread = threading.Thread(target=self.serve, name="ghstub", daemon=True)
        self.thread.start()
        while not all(one.started for one in self.servers):
            if not self.thread.is_alive():
                raise RuntimeError("the stand-in did not start")
            time.sleep(0.005)
        return self

    def serve(self) -> None:
        async def all_of_them() -> None:
            await asyncio.gather(
                *(one.serve(sockets=[plug]) for one, plug in zip(self.servers, self.sockets, strict=True))
            )

        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(all_of_them())
        self.loop.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in self.servers:
            self.loop.call_soon_threadsafe(one.stop)
        self.thread.join(timeout=10)
        for plug in self.sockets:
            plug.close()
        if kind is None and self.violations:
            raise Violation("\n".join(self.violations))

    def application(self, host: str) -> Callable[[Scope, Receive, Send], Any]:
        """The ASGI application of one host."""

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            seen = await read(host, scope, receive)
            if self.latency:
                await asyncio.sleep(self.latency)
            answer, entry = await run_in_threadpool(self.answer, seen)

            def count(number: int) -> None:
                entry.bytes += number

            self.log.append(entry)
            await send_answer(answer, scope, receive, send, count)

        return app

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
        addresses = {"api": self.api_origin, "archive": self.archive_url, "foreign": self.foreign_url}
        answer = replacement(fault, seen, self.now(), addresses) if fault else None
        replaced = answer is not None
        if answer is None:
            answer = self.honest(seen, plan, fault)
        if fault and not replaced:
            answer = altered(fault, answer)
        if seen.host == "api":
            self.dress(seen, answer, known, fault, replaced)
        if fault and fault.change:
            self.world = fault.change(self.world)
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
            return web.answer(hub, seen, self.archive_url) or web.GONE
        if "user-agent" not in seen.headers:
            return Answer(status=403, body=FORBIDDEN_AGENT, media="text/html", cost=0)
        version = seen.headers.get("x-github-api-version")
        if version and version not in VERSIONS:
            return Answer(status=400, body={"message": f'"{version}" is not a supported version.'}, cost=0)
        if "authorization" in seen.headers and not self.recognises(seen.headers["authorization"]):
            return Answer(status=401, body={"message": "Bad credentials", "documentation_url": rest.HELP, "status": "401"}, cost=0)  # fmt: skip
        known = "authorization" in seen.headers
        if plan:
            return self.graphql(seen, plan, known, fault)
        enterprise = seen.path.startswith("/api/v3")
        base = self.api_origin + ("/api/v3" if enterprise else "")
        path = seen.path.removeprefix("/api/v3") if enterprise else seen.path
        if path == "/rate_limit":
            return self.rates(known, version)
        bucket = "search" if path.startswith("/search/") else "core"
        if self.quota.bucket(bucket, known).remaining < 1:
            return Answer(status=403, body={"message": over(known), "documentation_url": rest.HELP}, bucket=bucket, cost=0)  # fmt: skip
        call = rest.Call(hub, Shapes(hub, base), seen, self.archive_url, base)
        made = rest.answer(call, path) if seen.method in ("GET", "HEAD") else None
        if made is None:
            made = web.answer(hub, seen, self.archive_url) if path.count("/") > 2 else None
            if made is None:
                made = Answer(status=404, body={"message": "Not Found", "documentation_url": rest.HELP, "status": "404"})  # fmt: skip
        made.bucket = bucket
        if made.template and self.validate:
            self.pending.append((made.template, made))
        return made

    def recognises(self, header: str) -> bool:
        scheme, _, value = header.partition(" ")
        return scheme.lower() in ("token", "bearer") and value == self.token

    def rates(self, known: bool, version: str | None) -> Answer:
        """The free overview of all limits."""
        figures = {name: self.quota.bucket(name, known).figures() for name in ("core", "graphql", "search")}
        body: dict[str, Any] = {"resources": figures}
        if version != VERSIONS[1]:
            body["rate"] = figures["core"]
        answer = Answer(body=body, cost=0, template="/rate_limit")
        if self.validate and "rate" in body:
            self.pending.append(("/rate_limit", answer))
        return answer

    def graphql(self, seen: Seen, plan: graph.Plan, known: bool, fault: Fault | None) -> Answer:
        """Run a priced document against the point budget."""
        if not known:
            text = "This endpoint requires you to be authenticated."
            return Answer(status=401, body={"message": text, "documentation_url": "https://docs.github.com/graphql/guides/forming-calls-with-graphql#authenticating-with-graphql", "status": "401"}, bucket="graphql", cost=0)  # fmt: skip
        if plan.errors:
            self.broken += plan.violations
            return Answer(body={"errors": plan.errors}, bucket="graphql", cost=0)
        bucket, enough = self.quota.take("graphql", known, plan.cost.points)
        if not enough:
            body = {"errors": [{"type": "RATE_LIMITED", "message": over(known)}]}
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
        elif "/search/" in seen.path:
            answer.bucket = "search"
        headers = dict(answer.headers)
        skew = fault.seconds if fault and fault.kind == "skew" else 0
        headers["date"] = format_datetime((self.now() + timedelta(seconds=skew)).astimezone(UTC), usegmt=True)
        headers["server"] = "github.com"
        headers["x-github-request-id"] = "STUB:0001"
        headers["x-github-media-type"] = "github.v3; format=json"
        headers["x-github-api-version-selected"] = seen.headers.get("x-github-api-version", VERSIONS[0])
        headers["vary"] = (
            "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With"
        )
        headers["cache-control"] = ("private" if known else "public") + ", max-age=60, s-maxage=60"
        if known:
            headers["x-oauth-scopes"] = ""
        if seen.method == "GET" and answer.status == 200 and answer.media.startswith("application/json"):
            tag = f'W/"{hashlib.sha256(answer.payload()).hexdigest()}"'
            headers["etag"] = tag
            if tag in seen.headers.get("if-none-match", ""):
                answer.status, answer.body = 304, None
                answer.cost = 0 if known else answer.cost
        if answer.cost and answer.bucket != "graphql" and not replaced:
            self.quota.take(answer.bucket, known, answer.cost)
        current = rate_headers(self.quota.bucket(answer.bucket, known))
        answer.headers = current | headers


def over(known: bool) -> str:
    """The message of an exhausted primary limit."""
    if known:
        return "API rate limit exceeded for user ID 1. If you reach out to GitHub Support for help, please include the request ID STUB:0001."  # fmt: skip
    return "API rate limit exceeded for 127.0.0.1. (But here's the good news: Authenticated requests get a higher rate limit. Check out the documentation for more details.)"  # fmt: skip


def rate_headers(bucket: Bucket) -> dict[str, str]:
    figures = {f"x-ratelimit-{name}": str(value) for name, value in bucket.figures().items()}
    return figures | {"x-ratelimit-resource": bucket.name}


def leaks(seen: Seen, token: str) -> bool:
    """Whether a request shows the token, or any Authorization header, to a host that must not see it."""
    text = "\n".join((seen.path, seen.query, *seen.headers.values()))
    return "authorization" in seen.headers or token in text or token.encode() in seen.body


def listen(port: int) -> socket.socket:
    """A listening loopback socket; only one made for TCP by name gets TCP_NODELAY from asyncio."""
    plug = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    plug.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    plug.bind(("127.0.0.1", port))
    plug.listen(256)
    return plug


class Server(uvicorn.Server):
    """A server that stops at once when told, instead of looking every tenth of a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.told = asyncio.Event()

    async def main_loop(self) -> None:
        await self.told.wait()

    def stop(self) -> None:
        self.force_exit = self.should_exit = True
        self.told.set()


def server(app: Callable[[Scope, Receive, Send], Any]) -> Server:
    """A quiet server that adds no headers of its own."""
    config = uvicorn.Config(
        app, http=Protocol, ws="none", lifespan="off", log_config=None, log_level="critical", access_log=False, server_header=False,
        date_header=False, timeout_graceful_shutdown=0, timeout_keep_alive=60,
    )  # fmt: skip
    return Server(config)


async def read(host: str, scope: Scope, receive: Receive) -> Seen:
    """The request with its whole body."""
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    raw = scope["raw_path"].decode("latin-1").partition("?")[0]
    query = scope["query_string"].decode("latin-1")
    return Seen(host=host, method=scope["method"], path=raw, query=query, headers=headers, body=body)
