"""Whether the network works here, asked of a site that is always there before any link is called dead.

Machines without a network, with a filter that refuses every connection, or behind a portal that answers in every
site's place are common, and each makes sound links look dead. example.com has been IANA's for decades; it is asked only
when a link seems dead, and connected to at most twice a run.
"""

import threading
from collections.abc import Callable

from portfolio_audit.sources import target
from portfolio_audit.sources.fetching import Fetcher
from portfolio_audit.sources.lookup import Resolve, Unreached, addresses
from portfolio_audit.sources.target import Refused
from portfolio_audit.sources.transport import Bounds, Connect

NAME = "example.com"
WORDS = b"Example Domain"


class Control:
    """Three proofs of a working network; safe for threads. Those that cost a connection are asked for once a run."""

    def __init__(
        self, fetcher: Fetcher, *, resolve: Resolve, connect: Connect, bounds: Bounds, deadline: Callable[[], float]
    ) -> None:
        self._fetcher = fetcher
        self._resolve = resolve
        self._connect = connect
        self._bounds = bounds
        self._deadline = deadline
        self._connected: bool | None = None
        self._answered: bool | None = None
        self._once = threading.Lock()

    def finds(self) -> bool:
        """Names are found here, at this moment."""
        return bool(self._literals())

    def connects(self) -> bool:
        """Connections to the outside are accepted; nothing is sent over the one that shows it."""
        with self._once:
            if self._connected is None:
                try:
                    self._connect(self._literals()[0], 443, self._bounds.connect).close()
                except (OSError, IndexError):
                    self._connected = False
                else:
                    self._connected = True
            return self._connected

    def answers(self) -> bool:
        """Plain http reaches the site that was asked for, not something in between."""
        with self._once:
            if self._answered is None:
                try:
                    found = self._fetcher.get(target.parse(f"http://{NAME}/"), self._deadline())
                except (Refused, Unreached):
                    self._answered = False
                else:
                    self._answered = found.status == 200 and WORDS in found.body
            return self._answered

    def _literals(self) -> list[str]:
        try:
            return addresses(NAME, self._resolve, self._bounds.lookup, self._bounds.answers)
        except (Refused, Unreached):
            return []
