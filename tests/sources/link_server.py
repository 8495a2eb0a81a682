"""A loopback web server for link checks, and a network below the guard that leads public-looking names to it."""

import contextlib
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from portfolio_audit.sources.control import NAME as CONTROL
from portfolio_audit.sources.lookup import NameNotFound
from portfolio_audit.sources.probe import ProbeBudget, Prober
from portfolio_audit.sources.transport import Bounds

PUBLIC = "93.184.216.34"
CONTROL_ADDRESS = "93.184.216.1"
NOW = datetime(2026, 3, 1, 12, 0, 0, 999, tzinfo=UTC)
# One look, with the usual patience: a busy machine changes no answer. SHORT is for tests of patience itself.
ONCE = ProbeBudget(pauses=())
SHORT = ProbeBudget(bounds=Bounds(lookup=0.3, connect=0.3), attempt=0.3, pauses=())

Handler = Callable[[socket.socket], None]


def http(status: int, body: str | bytes = b"", *headers: str) -> bytes:
    """A complete answer, with its length."""
    content = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(content)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def page(title: str, body: str = "an application", status: int = 200, *headers: str) -> bytes:
    text = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
    return http(status, text, "Content-Type: text/html; charset=utf-8", *headers)


class LinkServer:
    """Answers by (host, path), else by (host, "*"). A list is used up one answer per request, the last one stays."""

    def __init__(self, tls: ssl.SSLContext | None = None, greeting: bytes = b"") -> None:
        self.routes: dict[tuple[str, str], bytes | Handler | list[bytes | Handler]] = {
            (CONTROL, "/"): page("Example Domain")
        }
        self.requests: list[str] = []
        self.most_at_once: Counter[str] = Counter()
        self.closed = threading.Event()
        self.hold = 0.0
        self._at_once: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._tls = tls
        self._greeting = greeting
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            connection.settimeout(5)
            stack.callback(connection.close)
            connection.sendall(self._greeting)
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
                stack.callback(connection.close)
            request = b""
            while b"\r\n\r\n" not in request:
                data = connection.recv(4096)
                if not data:
                    return
                request += data
            text = request.decode("latin-1")
            target = text.split(" ", 2)[1]
            host = next(line[6:] for line in text.split("\r\n") if line.lower().startswith("host: "))
            with self._lock:
                if host != CONTROL:
                    self.requests.append(text)
                self._at_once[host] += 1
                self.most_at_once[host] = max(self.most_at_once[host], self._at_once[host])
                usual = self.routes.get((host, "*"), http(404, "nothing"))
                answer = self.routes.get((host, target), usual)
                if isinstance(answer, list):
                    answer = answer.pop(0) if len(answer) > 1 else answer[0]
            # Counted out before the answer goes, so that a client that asks again at once is not counted twice.
            self.closed.wait(self.hold)
            with self._lock:
                self._at_once[host] -= 1
            if callable(answer):
                answer(connection)
            else:
                connection.sendall(answer)

    def drip(self, start: bytes, piece: bytes) -> Handler:
        """Sends `start`, then `piece` again and again until the client goes away."""

        def handle(connection: socket.socket) -> None:
            connection.sendall(start)
            while not self.closed.wait(0.02):
                connection.sendall(piece)

        return handle

    def flood(self, start: bytes, piece: bytes) -> Handler:
        """Sends as fast as the client reads."""

        def handle(connection: socket.socket) -> None:
            connection.sendall(start)
            while not self.closed.is_set():
                connection.sendall(piece * 64)

        return handle

    def silence(self, connection: socket.socket) -> None:
        """Says nothing until the client or the test is done."""
        self.closed.wait(5)

    def stop(self) -> None:
        self.closed.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # closing alone leaves the port open while accept() waits
        self._listener.close()


class CountingSocket(socket.socket):
    """Counts what was read from it."""

    received = 0

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        data = super().recv(size, flags)
        self.received += len(data)
        return data


class Network:
    """Resolver and connector below the guard. Names map to answers; every public address leads to the server.

    What the control name costs is kept apart, in `controls`.
    """

    def __init__(self, server: LinkServer) -> None:
        self.server = server
        self.names: dict[str, Sequence[str] | Exception] = {}
        self.lookups: list[str] = []
        self.controls: list[str] = []
        self.connects: list[tuple[str, int]] = []
        self.sockets: list[CountingSocket] = []
        self.refuse: set[str] = set()
        self.unreachable: BaseException | None = None
        self.paused: list[float] = []

    def resolve(self, name: str) -> Sequence[str]:
        (self.controls if name == CONTROL else self.lookups).append(name)
        answer = self.names.get(name, [CONTROL_ADDRESS if name == CONTROL else PUBLIC])
        if isinstance(answer, Exception):
            raise answer
        return answer

    def connect(self, literal: str, port: int, timeout: float) -> socket.socket:
        if literal == CONTROL_ADDRESS:
            self.controls.append(f"{CONTROL}:{port}")
        else:
            self.connects.append((literal, port))
        if self.unreachable:
            raise self.unreachable
        if literal in self.refuse:
            raise ConnectionRefusedError(111, "refused")
        connection = CountingSocket(socket.AF_INET, socket.SOCK_STREAM)
        connection.settimeout(timeout)
        connection.connect(("127.0.0.1", self.server.port))
        self.sockets.append(connection)
        return connection

    def prober(self, budget: ProbeBudget = ONCE) -> Prober:
        return Prober(
            resolve=self.resolve, connect=self.connect, now=lambda: NOW, pause=self.paused.append, budget=budget
        )


def no_such_name() -> NameNotFound:
    return NameNotFound("no such name")


__all__ = ["CONTROL", "NOW", "ONCE", "PUBLIC", "SHORT", "LinkServer", "Network", "http", "no_such_name", "page"]
