"""One GET of one checked link, read to a cap; one request per host at a time.

A plain GET that stops early: application hosts often refuse HEAD or answer it differently, and ranges turn into 206 or
416 or are ignored. Cookies are neither kept nor sent, and nothing of the environment is read.
"""

import functools
import ssl
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping

import httpx
import msgspec

from portfolio_audit.sources.lookup import Resolve, Unreached
from portfolio_audit.sources.target import Target
from portfolio_audit.sources.transport import Bounds, Connect, PinnedTransport

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LONGEST_HEADER = 500


class Answer(msgspec.Struct, frozen=True):
    """What a host sent: `location` only for a redirect, `readable` false if the body came compressed all the same."""

    status: int
    headers: Mapping[str, str]
    location: str | None
    body: bytes
    readable: bool


@functools.cache
def _certificates() -> ssl.SSLContext:
    # Costs tens of milliseconds, and not every run opens a secure link.
    return httpx.create_ssl_context(trust_env=False)


class Fetcher:
    """Fetches for all threads of a run."""

    def __init__(
        self,
        *,
        resolve: Resolve,
        connect: Connect,
        monotonic: Callable[[], float],
        bounds: Bounds,
        user_agent: str,
    ) -> None:
        self._monotonic = monotonic
        self._bounds = bounds
        self._transport = PinnedTransport(
            resolve=resolve,
            connect=connect,
            monotonic=monotonic,
            bounds=bounds,
            ssl_context=_certificates,
        )
        self._headers = {
            "User-Agent": user_agent,
            "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.5",
            "Accept-Encoding": "identity",
            "Accept-Language": "en",
            "Connection": "close",
        }
        self._gates: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._keeper = threading.Lock()

    def get(self, wanted: Target, deadline: float) -> Answer:
        """The answer of the host, by `deadline` (monotonic seconds). Raises `Refused` or `Unreached`."""
        with self._keeper:
            gate = self._gates[wanted.host]
        if not gate.acquire(timeout=max(deadline - self._monotonic(), 0)):
            raise Unreached("timeout", "timed out")
        try:
            request = httpx.Request("GET", wanted.url, headers=self._headers, extensions={"deadline": deadline})
            response = self._transport.handle_request(request)
            try:
                return self._answer(response)
            finally:
                response.close()
        finally:
            gate.release()

    def _answer(self, response: httpx.Response) -> Answer:
        readable = response.headers.get("content-encoding", "identity").strip().lower() in ("", "identity")
        location = next(iter(response.headers.get_list("location")), None)
        redirect = response.status_code in _REDIRECTS and location is not None
        body = b"" if redirect or not readable else self._body(response)
        headers = {name.lower(): value[:_LONGEST_HEADER] for name, value in response.headers.items()}
        return Answer(response.status_code, headers, location if redirect else None, body, readable)

    def _body(self, response: httpx.Response) -> bytes:
        body = bytearray()
        try:
            for chunk in response.iter_raw():
                body += chunk
                if len(body) >= self._bounds.body_bytes:
                    break
        except Unreached as trouble:
            if trouble.kind != "size":
                raise
        return bytes(body[: self._bounds.body_bytes])
