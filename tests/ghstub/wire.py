"""What goes over the wire: one request as seen, one answer, and the ways an answer can break on its way.

Breaking happens below HTTP where it must (a connection reset, a body shorter than its length), so clients meet
what they would meet on a bad network.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast
from urllib.parse import parse_qsl

from msgspec import Struct
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

JSON = "application/json; charset=utf-8"


class Seen(Struct, kw_only=True):
    """A request: which host it came to, and what it said. Header names are in lower case."""

    host: str
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    operation: str = ""
    """Name of the GraphQL operation."""
    page: int = 0
    """The largest whole number or list length among the GraphQL variables."""

    @property
    def parameters(self) -> dict[str, str]:
        return dict(parse_qsl(self.query, keep_blank_values=True))

    def value(self) -> Any:
        """The body as JSON, None when it is not."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


class Answer(Struct, kw_only=True):
    """An answer: ``body`` is a JSON value, bytes, or an iterable of bytes for a stream."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = {}
    media: str = JSON
    template: str = ""
    """Path of the OpenAPI description this must satisfy; empty for none."""
    bucket: str = "core"
    cost: int = 1
    chunked: bool = False
    """Sent without a length, as the archive host does."""
    mangle: str = ""
    """reset, reset-midway, hang, drip, length-long or length-short."""

    def payload(self) -> bytes:
        """The body's bytes; none for a stream."""
        if isinstance(self.body, bytes):
            return self.body
        if self.body is None or (isinstance(self.body, Iterator)):
            return b""
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode()


class Protocol(H11Protocol):
    """uvicorn's protocol, with the transport put within reach of the application."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        plain = self.app

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope["ghstub.transport"] = transport
            await plain(scope, receive, send)

        self.app = app


def cut(scope: Scope) -> None:
    """Reset the connection (RST, not FIN)."""
    transport = scope["ghstub.transport"]
    plug = transport.get_extra_info("socket")
    plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def send_answer(answer: Answer, scope: Scope, receive: Receive, send: Send, count: Callable[[int], None]) -> None:
    """Send an answer as it is or broken as ``mangle`` says; ``count`` hears of body bytes before they leave."""
    if answer.mangle == "reset":
        cut(scope)
        return
    if answer.mangle == "hang":
        while (await receive())["type"] != "http.disconnect":
            pass
        return
    data = answer.payload()
    headers = {name.lower(): value for name, value in answer.headers.items()}
    if not isinstance(answer.body, Iterator) and answer.status not in (204, 304):
        length = {"length-long": len(data) + 1000, "length-short": len(data) // 2}.get(answer.mangle, len(data))
        if answer.mangle or not answer.chunked:
            headers.setdefault("content-length", str(length))
    if data or isinstance(answer.body, Iterator):
        headers.setdefault("content-type", answer.media)
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
        }
    )
    if scope["method"] == "HEAD" or answer.status in (204, 304):
        await send({"type": "http.response.body"})
        return
    if isinstance(answer.body, Iterator):
        left = asyncio.ensure_future(receive())
        for part in cast("Iterable[bytes]", answer.body):
            count(len(part))
            await send({"type": "http.response.body", "body": part, "more_body": True})
            await asyncio.sleep(0)
            if left.done():
                return
        left.cancel()
        await send({"type": "http.response.body"})
        return
    if answer.mangle in ("reset-midway", "drip", "length-long"):
        half = data[: len(data) // 2] if answer.mangle == "reset-midway" else data
        if answer.mangle == "drip":
            half = data[:1]
        count(len(half))
        await send({"type": "http.response.body", "body": half, "more_body": True})
        if answer.mangle == "drip":
            await drip(data, receive, send, count)
        elif answer.mangle == "reset-midway":
            await asyncio.sleep(0.02)
            cut(scope)
        else:
            scope["ghstub.transport"].close()
        return
    data = data[: len(data) // 2] if answer.mangle == "length-short" else data
    count(len(data))
    await send({"type": "http.response.body", "body": data})


async def drip(data: bytes, receive: Receive, send: Send, count: Callable[[int], None]) -> None:
    """One byte every tenth of a second until the client has had enough."""
    left = asyncio.ensure_future(receive())
    for place in range(1, len(data)):
        done, _ = await asyncio.wait({left}, timeout=0.1)
        if done and left.result()["type"] == "http.disconnect":
            return
        if done:
            left = asyncio.ensure_future(receive())
        count(1)
        await send(
            {
                "type": "http.response.body",
                "body": data[place : place + 1],
                "more_body": place + 1 < len(data),
            }
        )
    left.cancel()
