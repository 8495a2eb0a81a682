"""Names to addresses that may be connected to: looked up once, every answer checked, bounded in time and number."""

import queue
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Literal

from portfolio_audit.sources import address
from portfolio_audit.sources.target import Refused

Kind = Literal["timeout", "refused", "tls", "broken", "protocol", "name", "no-such-name", "size"]
Resolve = Callable[[str], Sequence[str]]


class NameNotFound(Exception):
    """The name service says with authority that the name does not exist."""


class Unreached(Exception):
    """The host gave no answer that can be read; `kind` is for decisions, `reason` is one plain line."""

    def __init__(self, kind: Kind, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason


def system_resolver(name: str) -> list[str]:
    """The addresses of `name` by the system's resolver. Raises `NameNotFound`, or OSError when it cannot tell."""
    try:
        # The final dot keeps search domains out: the name means what it means everywhere.
        found = socket.getaddrinfo(name + ".", None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_NONAME:
            raise NameNotFound(name) from None
        raise
    return [str(entry[4][0]) for entry in found]


def addresses(name: str, resolve: Resolve, seconds: float, most: int) -> list[str]:
    """The checked addresses of a name or literal, IPv4 first. Raises `Refused` or `Unreached`."""
    if address.parse(name) is not None:
        answers: Sequence[str] = [name]
    else:
        answers = list(dict.fromkeys(_lookup(name, resolve, seconds)))
    if len(answers) > most:
        raise Refused(f"the name has more than {most} addresses")
    checked = []
    for answer in answers:
        parsed = address.parse(answer)
        if parsed is None:
            raise Refused("the name leads to something that is no public address")
        reason = address.closed(parsed)
        if reason is not None:
            raise Refused(f"the address is {reason}")
        checked.append(parsed)
    if not checked:
        raise Unreached("name", "the name has no address")
    return [str(one) for one in sorted(checked, key=lambda one: one.version)]


def _lookup(name: str, resolve: Resolve, seconds: float) -> list[str]:
    # getaddrinfo cannot be given a time limit, so it runs in a thread of its own that is left behind when late.
    answer: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def look() -> None:
        try:
            answer.put(list(resolve(name)))
        except Exception as error:
            answer.put(error)

    threading.Thread(target=look, name="name-lookup", daemon=True).start()
    try:
        found = answer.get(timeout=max(seconds, 0.001))
    except queue.Empty:
        raise Unreached("timeout", "the name lookup timed out") from None
    if isinstance(found, NameNotFound):
        raise Unreached("no-such-name", "no such name")
    if isinstance(found, Exception):
        raise Unreached("name", "the name could not be looked up")
    return found
