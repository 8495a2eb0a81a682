"""Keeps the whole test run on this machine: a socket that leads anywhere but loopback raises."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

LOCAL_NAMES = frozenset({"localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback", ""})


class OutsideTraffic(RuntimeError):
    """A test tried to leave the machine. A RuntimeError, so no code that expects network trouble swallows it."""


def is_loopback(host: object) -> bool:
    """Whether a host of a socket address or look-up can only mean this machine."""
    if host is None:
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    if text.lower().rstrip(".") in LOCAL_NAMES:
        return True
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback


def guarded(plain: Callable[..., Any]) -> Callable[..., Any]:
    """A connect-like method of sockets that refuses addresses outside."""

    def connect(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_loopback(address[0]):
            raise OutsideTraffic(f"a test tried to connect to {address!r}")
        return plain(self, address)

    return connect


def guarded_sendto(self: socket.socket, data: Any, *rest: Any) -> int:
    """``sendto`` for loopback only."""
    if self.family in (socket.AF_INET, socket.AF_INET6) and not is_loopback(rest[-1][0]):
        raise OutsideTraffic(f"a test tried to send to {rest[-1]!r}")
    return PLAIN_SENDTO(self, data, *rest)


def guarded_lookup(plain: Callable[..., Any]) -> Callable[..., Any]:
    """A look-up that asks no name server: numbers and local names only."""

    def look_up(host: Any, *rest: Any, **named: Any) -> Any:
        if not is_loopback(host):
            try:
                ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host))
            except ValueError as fault:
                raise OutsideTraffic(f"a test tried to look up {host!r}") from fault
        return plain(host, *rest, **named)

    return look_up


PLAIN_SENDTO = socket.socket.sendto


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """For the whole session; what a test itself patches below this stays its own affair."""
    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    patch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
    patch.setattr(socket.socket, "sendto", guarded_sendto)
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        patch.setattr(socket, name, guarded_lookup(getattr(socket, name)))
    yield
    patch.undo()
