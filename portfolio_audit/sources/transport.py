"""Connections to hosts that strangers chose: checked, pinned to the checked address, and bounded in time and bytes.

A name is looked up once (`lookup`), and the connection goes to the literal that was checked, so a name that changes
its answer between check and use changes nothing. Host header, SNI and the certificate check keep the name. The guard
sits above `resolve` and `connect`, so whatever stands in for them is guarded too.
"""

import errno
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpcore
import httpx
import msgspec

from portfolio_audit.sources.lookup import Resolve, Unreached, addresses
from portfolio_audit.sources.target import PORTS, Refused

Connect = Callable[[str, int, float], socket.socket]

# A family that this machine cannot reach says nothing about the host.
_NO_ROUTE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})


class Bounds(msgspec.Struct, frozen=True):
    """Limits of one connection, in seconds and bytes.

    lookup is just above the five seconds after which resolvers ask a second server. A page's title and the signs of
    its platform stand in its first kilobytes; no ordinary answer has 32 KiB of headers, no site 16 addresses.
    """

    lookup: float = 5.5
    connect: float = 3.0
    header_bytes: int = 32 * 1024
    body_bytes: int = 64 * 1024
    answers: int = 16


def system_connect(literal: str, port: int, timeout: float) -> socket.socket:
    """A TCP connection to an address literal. Raises OSError."""
    connection = socket.socket(socket.AF_INET6 if ":" in literal else socket.AF_INET, socket.SOCK_STREAM)
    try:
        connection.settimeout(timeout)
        connection.connect((literal, port))
    except BaseException:
        connection.close()
        raise
    return connection


class _Stream(httpcore.NetworkStream):
    """A socket with a deadline over everything and an allowance of bytes that is raised once headers are read."""

    def __init__(self, connection: socket.socket, remaining: Callable[[], float], allowance: list[int]) -> None:
        self._socket = connection
        self._remaining = remaining
        self._allowance = allowance

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._allowance[0] <= 0:
            raise Unreached("size", "the answer is too large")
        try:
            self._socket.settimeout(self._remaining())
            data = self._socket.recv(min(max_bytes, self._allowance[0]))
        except TimeoutError:
            raise Unreached("timeout", "timed out") from None
        except OSError:
            raise Unreached("broken", "the connection broke off") from None
        self._allowance[0] -= len(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            self._socket.settimeout(self._remaining())
            self._socket.sendall(buffer)
        except TimeoutError:
            raise Unreached("timeout", "timed out") from None
        except OSError as error:
            # httpcore then still reads what the host may have said before it hung up.
            raise httpcore.WriteError(str(error)) from None

    def close(self) -> None:
        self._socket.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            self._socket.settimeout(self._remaining())
            self._socket = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
        except ssl.SSLCertVerificationError:
            self.close()
            raise Unreached("tls", "the certificate is not valid for this name") from None
        except TimeoutError:
            self.close()
            raise Unreached("timeout", "timed out") from None
        except (OSError, ValueError):
            self.close()
            raise Unreached("tls", "no secure connection could be made") from None
        return self

    def get_extra_info(self, info: str) -> Any:
        return self._socket if info == "ssl_object" and isinstance(self._socket, ssl.SSLSocket) else None


class _Backend(httpcore.NetworkBackend):
    def __init__(
        self,
        resolve: Resolve,
        connect: Connect,
        bounds: Bounds,
        remaining: Callable[[], float],
        allowance: list[int],
    ) -> None:
        self._resolve = resolve
        self._connect = connect
        self._bounds = bounds
        self._remaining = remaining
        self._allowance = allowance

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        if port not in PORTS:
            raise Refused(f"port {port} is not opened, only 80 and 443")
        seconds = min(self._bounds.lookup, self._remaining())
        literals = addresses(host, self._resolve, seconds, self._bounds.answers)
        return _Stream(self._first(literals, port), self._remaining, self._allowance)

    def _first(self, literals: list[str], port: int) -> socket.socket:
        failures: list[OSError] = []
        share = self._bounds.connect / len(literals[:3])
        for literal in literals[:3]:
            try:
                return self._connect(literal, port, min(share, self._remaining()))
            except OSError as error:
                failures.append(error)
        if any(isinstance(failure, TimeoutError) for failure in failures):
            raise Unreached("timeout", "timed out while connecting")
        heard = [failure for failure in failures if failure.errno not in _NO_ROUTE]
        if heard and all(isinstance(failure, ConnectionRefusedError) for failure in heard):
            raise Unreached("refused", "connection refused")
        raise Unreached("broken", "no connection could be made")


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response, pool: httpcore.ConnectionPool) -> None:
        self._response = response
        self._pool = pool

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._response.iter_stream()
        except httpcore.ProtocolError:
            raise Unreached("protocol", "the page broke off") from None

    def close(self) -> None:
        self._response.close()
        self._pool.close()


class PinnedTransport(httpx.BaseTransport):
    """One request, one connection, closed after it. The deadline is `request.extensions["deadline"]` (monotonic).

    Raises `Refused` when the guard says no, `Unreached` for everything that keeps an answer from being read.
    """

    def __init__(
        self,
        *,
        resolve: Resolve,
        connect: Connect,
        monotonic: Callable[[], float],
        bounds: Bounds,
        ssl_context: Callable[[], ssl.SSLContext],
    ) -> None:
        self._resolve = resolve
        self._connect = connect
        self._monotonic = monotonic
        self._bounds = bounds
        self._ssl_context = ssl_context

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        deadline = float(request.extensions["deadline"])

        def remaining() -> float:
            left = deadline - self._monotonic()
            if left <= 0:
                raise Unreached("timeout", "timed out")
            return left

        allowance = [self._bounds.header_bytes]
        backend = _Backend(self._resolve, self._connect, self._bounds, remaining, allowance)
        pool = httpcore.ConnectionPool(
            self._ssl_context() if request.url.scheme == "https" else None,
            max_connections=1,
            max_keepalive_connections=0,
            network_backend=backend,
        )
        url = request.url
        try:
            response = pool.handle_request(
                httpcore.Request(
                    method=request.method.encode("ascii"),
                    url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                    headers=request.headers.raw,
                )
            )
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol):
            pool.close()
            raise Unreached("protocol", "the answer is not HTTP") from None
        except BaseException:
            pool.close()
            raise
        # Framing of chunks costs bytes too, so the body may use half as much again before the read stops.
        allowance[0] = self._bounds.body_bytes + self._bounds.body_bytes // 2
        return httpx.Response(status_code=response.status, headers=response.headers, stream=_Body(response, pool))
