"""Whatever text a link is, it is either refused in one plain line or has a public-looking host."""

import socket
import ssl

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio_audit.sources import address, lookup, target, transport
from portfolio_audit.sources.lookup import NameNotFound
from portfolio_audit.sources.page import Page
from portfolio_audit.sources.signs import SIGNS
from portfolio_audit.sources.target import PORTS, Refused, Target
from tests.sources.link_server import LinkServer

PIECES = st.sampled_from(
    "http:// https:// file: // / \\ @ : [ ] % . .. 127.0.0.1 0x7f 1 :: ::1 ::ffff: localhost "
    "sample.com %31 ? # 80 443 22 。 é xn--".split()
)
JOINED = st.lists(PIECES, max_size=9).map("".join)


def passes(text: str) -> Target | None:
    try:
        return target.parse(text)
    except Refused:
        return None


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.one_of(JOINED, st.text(max_size=40).map("http://".__add__), st.text(max_size=60)))
def test_every_text_is_refused_or_leads_to_a_public_looking_host(text: str) -> None:
    found = passes(text)
    if found is None:
        return
    literal = address.parse(found.host)
    assert found.port in PORTS
    assert found.scheme in ("http", "https")
    assert address.closed(literal) is None if literal else "." in found.host and not found.host.endswith(".localhost")
    assert passes(found.url) == found, "what was judged is what is requested"


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.one_of(JOINED, st.text(max_size=60)))
def test_every_redirect_is_refused_or_leads_to_a_public_looking_host(location: str) -> None:
    try:
        found = target.join(target.parse("https://app.sample.com/a?b=c"), location)
    except Refused:
        return
    assert passes(found.url) == found


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:10.0.0.1]", "169.254.169.254", "192.0.0.192"])
def test_closed_literals_are_refused_by_their_text_alone(host: str) -> None:
    with pytest.raises(Refused, match=r"^the address is "):
        target.parse(f"http://{host}/")


def test_the_system_resolver_asks_for_the_whole_name(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answer(name: str, *_: object, **__: object) -> list[object]:
        asked.append(name)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    assert lookup.system_resolver("app.sample.com") == ["93.184.216.34"]
    assert asked == ["app.sample.com."]


@pytest.mark.parametrize(("code", "error"), [(socket.EAI_NONAME, NameNotFound), (socket.EAI_AGAIN, socket.gaierror)])
def test_only_an_authoritative_no_is_no_such_name(
    monkeypatch: pytest.MonkeyPatch, code: int, error: type[Exception]
) -> None:
    def fail(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(code, "x")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(error):
        lookup.system_resolver("app.sample.com")


def test_the_system_connector_connects_to_literals() -> None:
    server = LinkServer()
    with transport.system_connect("127.0.0.1", server.port, 2) as connection:
        assert connection.getpeername() == ("127.0.0.1", server.port)
    server.stop()
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        with pytest.raises(ConnectionRefusedError):
            transport.system_connect("127.0.0.1", silent.getsockname()[1], 2)


def test_the_connection_itself_knows_the_ports_too() -> None:
    def never(*_: object) -> socket.socket:
        raise AssertionError("connected")

    pinned = transport.PinnedTransport(
        resolve=lambda name: ["93.184.216.34"],
        connect=never,
        monotonic=lambda: 0.0,
        bounds=transport.Bounds(),
        ssl_context=ssl.create_default_context,
    )
    for link in ("http://app.sample.com:22/", "http://127.0.0.1/", "http://[::1]/"):
        with pytest.raises(Refused):
            pinned.handle_request(httpx.Request("GET", link, extensions={"deadline": 10.0}))


def test_signs_are_specific() -> None:
    plain = Page(host="app.sample.com", path="/", status=200, headers={}, text="an application", title="Hello")
    for sign in SIGNS:
        assert not sign.on(plain), sign
        assert sign.text == sign.text.lower()
        assert sign.title == sign.title.lower()
        if sign.state == "dead":
            assert set(sign.statuses) <= {404, 410}, sign
            assert sign.statuses, sign
        if sign.state == "sleeping":
            assert sign.hosts or sign.header, "words alone could stand on anybody's page"
