"""The stand-in itself: three loopback servers in one thread, one world, a log of everything asked.

``127.0.0.1`` is the API, ``localhost`` the archive and web host, and a third port a foreign host that only
records who comes by. Nothing outside the host can be reached.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from types import TracebackType

import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from tests.ghstub.faults import Fault
from tests.ghstub.service import NOON, TOKEN, Entry, Service
from tests.ghstub.wire import Protocol, Seen, send_answer
from tests.ghstub.world import World

HOSTS = ("api", "archive", "foreign")


class Violation(AssertionError):
    """The client or the stand-in left the published interface."""


class GitHubStub:
    """Serves a world while entered as a context.

    On leaving, any violation (a query the schema does not know, an answer the description does not allow, a
    token shown to another host) raises :class:`Violation`, unless the list was cleared on purpose.

    ``now`` is the clock of dates and limits, fixed by default; ``latency`` are seconds each request waits;
    ``limits`` and ``nameless`` replace limits by bucket; ``web_url`` is the address in ``html_url`` and the
    like (default: the archive host); ``enterprise`` only changes what ``api_url`` says: ``HOST/api/v3``;
    ``validate=False`` leaves out the check against the OpenAPI description (for benchmarks).
    ``peaks`` holds the most requests ever under way at once, by host and for ``graphql``.
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
        self.token = token
        self.latency = latency
        self.log: list[Entry] = []
        self.peaks = dict.fromkeys((*HOSTS, "graphql"), 0)
        self.flying = dict(self.peaks)
        self.sockets = [listen(port, name) for port, name in zip((*ports, 0), HOSTS, strict=True)]
        numbers = [plugs[0].getsockname()[1] for plugs in self.sockets]
        self.api_origin = f"http://127.0.0.1:{numbers[0]}"
        self.archive_url = f"http://localhost:{numbers[1]}"
        self.foreign_url = f"http://localhost:{numbers[2]}"
        self.api_url = self.api_origin + ("/api/v3" if enterprise else "")
        self.service = Service(
            world,
            addresses=dict(zip(HOSTS, (self.api_origin, self.archive_url, self.foreign_url), strict=True)),
            faults=faults,
            now=now,
            token=token,
            limits=limits or {},
            nameless=nameless or {},
            web_url=web_url or self.archive_url,
            validate=validate,
        )

    @property
    def world(self) -> World:
        """What is served; assign another one to change it, also while running."""
        return self.service.hub.world

    @world.setter
    def world(self, world: World) -> None:
        self.service.change(world)

    @property
    def violations(self) -> list[str]:
        """Everything so far that left the published interface; clear the list if that was the point of a test."""
        return self.service.violations()

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

    def points(self, bucket: str = "graphql") -> int:
        """What the logged requests cost in one bucket."""
        return sum(entry.cost for entry in self.log if entry.bucket == bucket)

    def reset_log(self) -> None:
        """Forget the requests so far; limits and faults go on as they are."""
        self.log.clear()

    def __enter__(self) -> GitHubStub:
        self.servers = [server(self.application(host)) for host in HOSTS]
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self.serve, name="ghstub", daemon=True)
        self.thread.start()
        if not self.ready.wait(timeout=30):
            raise RuntimeError("the stand-in did not start")
        return self

    def serve(self) -> None:
        """Run the three servers on a loop of their own until stopped."""

        async def run() -> None:
            self.loop = asyncio.get_running_loop()
            running = [
                asyncio.create_task(one.serve(sockets=plugs))
                for one, plugs in zip(self.servers, self.sockets, strict=True)
            ]
            for one in self.servers:
                await one.up.wait()
            self.ready.set()
            await asyncio.gather(*running)

        asyncio.run(run())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in self.servers:
            self.loop.call_soon_threadsafe(one.stop)
        self.thread.join(timeout=10)
        for plug in (one for plugs in self.sockets for one in plugs):
            plug.close()
        if kind is None and self.violations:
            raise Violation("\n".join(self.violations))

    def application(self, host: str) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
        """The ASGI application of one host."""

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            seen = await read(host, Request(scope, receive))
            kinds = (host, "graphql") if seen.path.endswith("/graphql") else (host,)
            for kind in kinds:
                self.flying[kind] += 1
                self.peaks[kind] = max(self.peaks[kind], self.flying[kind])
            try:
                if self.latency:
                    await asyncio.sleep(self.latency)
                answer, entry = await run_in_threadpool(self.service.answer, seen)
            finally:
                for kind in kinds:
                    self.flying[kind] -= 1

            def count(number: int) -> None:
                entry.bytes += number

            self.log.append(entry)
            await send_answer(answer, scope, receive, send, count)

        return app


class Server(uvicorn.Server):
    """A server that says when it is up and stops at once when told."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()
        self.told = asyncio.Event()

    async def main_loop(self) -> None:
        self.up.set()
        await self.told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close everything and cancel what still hangs; there is nothing worth waiting for."""
        for one in self.servers:
            one.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        for task in list(self.server_state.tasks):
            task.cancel()

    def stop(self) -> None:
        self.force_exit = self.should_exit = True
        self.told.set()


def listen(port: int, host: str) -> list[socket.socket]:
    """Listening loopback sockets; ``localhost`` is listened to in IPv6 too where there is any.

    Only a socket made for TCP by name gets TCP_NODELAY from asyncio, hence the protocol.
    """
    plug = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    plug.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    plug.bind(("127.0.0.1", port))
    plug.listen(256)
    plugs = [plug]
    if host != "api" and socket.has_ipv6:
        twin = socket.socket(socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            twin.bind(("::1", plug.getsockname()[1]))
            twin.listen(256)
            plugs.append(twin)
        except OSError:
            twin.close()
    return plugs


def server(app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> Server:
    """A quiet server that adds no headers of its own."""
    config = uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=0,
        timeout_keep_alive=60,
    )
    return Server(config)


async def read(host: str, request: Request) -> Seen:
    """The request with its whole body; the path as it was written, still quoted."""
    scope = request.scope
    return Seen(
        host=host,
        method=request.method,
        path=scope["raw_path"].decode("latin-1").partition("?")[0],
        query=scope["query_string"].decode("latin-1"),
        headers=dict(request.headers),
        body=await request.body(),
    )
