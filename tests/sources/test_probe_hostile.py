"""A server that means harm costs little time and few bytes, and never ends a run."""

import gzip
import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from portfolio_audit.sources.page import clean, decode, title
from portfolio_audit.sources.probe import ProbeBudget
from portfolio_audit.sources.target import LONGEST
from tests.sources.link_server import ONCE, SHORT, Handler, LinkServer, Network, http, page

OK = b"HTTP/1.1 200 OK\r\n"
HTML = OK + b"Content-Type: text/html\r\n\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
BOMB = gzip.compress(b"\0" * 50_000_000, 9)

Make = Callable[[LinkServer], bytes | Handler]

# Behaviour → (what the server does, states that may be said of it).
BEHAVIOURS: dict[str, tuple[Make, str]] = {
    "says nothing": (lambda s: s.silence, "unknown"),
    "hangs up at once": (lambda s: b"", "unknown"),
    "resets in the status line": (lambda s: b"HTTP/1", "unknown"),
    "drips the status line": (lambda s: s.drip(b"", b"H"), "unknown"),
    "drips headers": (lambda s: s.drip(OK, b"a: b\r\n"), "unknown"),
    "drips one header": (lambda s: s.drip(OK + b"a: ", b"b"), "unknown"),
    "drips a body": (lambda s: s.drip(HTML, b"x"), "unknown"),
    "drips chunks": (lambda s: s.drip(CHUNKED, b"1\r\nx\r\n"), "unknown"),
    "drips a title": (lambda s: s.drip(HTML + b"<title>", b"x"), "unknown"),
    "endless headers": (lambda s: s.flood(OK, b"a: b\r\n"), "unknown"),
    "one endless header": (lambda s: s.flood(OK + b"a: ", b"b" * 100), "unknown"),
    "endless header name": (lambda s: s.flood(OK, b"b" * 100), "unknown"),
    "endless status line": (lambda s: s.flood(b"HTTP/1.1 200 ", b"O" * 100), "unknown"),
    "endless body": (lambda s: s.flood(HTML, b"x" * 100), "live"),
    "endless chunks": (lambda s: s.flood(CHUNKED, b"64\r\n" + b"x" * 100 + b"\r\n"), "live"),
    "endless tiny chunks": (lambda s: s.flood(CHUNKED, b"1\r\nx\r\n"), "live"),
    "endless chunk size": (lambda s: s.flood(CHUNKED, b"0" * 100), "unknown"),
    "endless chunk extension": (lambda s: s.flood(CHUNKED + b"1;", b"x" * 100), "unknown"),
    "endless trailers": (lambda s: s.flood(CHUNKED + b"0\r\n", b"a: b\r\n"), "unknown"),
    "endless empty lines": (lambda s: s.flood(b"", b"\r\n"), "unknown"),
    "endless hints": (lambda s: s.flood(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"), "unknown"),
    "dripped continues": (lambda s: s.drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "unknown"),
    "switches protocols": (lambda s: b"HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", "unknown"),
    "headers over the cap": (lambda s: OK + b"a: " + b"b" * 40_000 + b"\r\n\r\nx", "unknown"),
    "promises too much": (lambda s: OK + b"Content-Length: 9999999\r\n\r\nshort", "unknown"),
    "promises nonsense": (lambda s: OK + b"Content-Length: -1\r\n\r\nx", "unknown"),
    "promises twice": (lambda s: OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx", "unknown"),
    "promises 10^30 bytes": (lambda s: OK + b"Content-Length: 1" + b"0" * 30 + b"\r\n\r\nx", "unknown"),
    "breaks off in a chunk": (lambda s: CHUNKED + b"ff\r\nx", "unknown"),
    "a chunk of nonsense": (lambda s: CHUNKED + b"zz\r\nx", "unknown"),
    "a huge chunk size": (lambda s: CHUNKED + b"f" * 30 + b"\r\nx", "unknown"),
    "length and chunks": (
        lambda s: OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "unknown",
    ),
    "unknown transfer coding": (lambda s: OK + b"Transfer-Encoding: gzip\r\n\r\nx", "unknown"),
    "a gzip bomb": (lambda s: http(200, BOMB, "Content-Encoding: gzip"), "unknown"),
    "a triple gzip bomb": (
        lambda s: http(200, gzip.compress(gzip.compress(BOMB)), "Content-Encoding: gzip, gzip, gzip"),
        "unknown",
    ),
    "brotli": (lambda s: http(200, b"\x1b\xff", "Content-Encoding: br"), "unknown"),
    "HTTP/0.9": (lambda s: b"<html>hello</html>", "unknown"),
    "HTTP/9.9": (lambda s: b"HTTP/9.9 200 OK\r\n\r\nx", "live"),
    "HTTP/2 without asking": (lambda s: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "unknown"),
    "status 000": (lambda s: b"HTTP/1.1 000 x\r\n\r\n", "unknown"),
    "status 999": (lambda s: b"HTTP/1.1 999 x\r\n\r\n", "unknown"),
    "status of letters": (lambda s: b"HTTP/1.1 abc x\r\n\r\n", "unknown"),
    "a status too long": (lambda s: b"HTTP/1.1 2000 x\r\n\r\n", "unknown"),
    "another protocol": (lambda s: b"SSH-2.0-OpenSSH_9.6\r\n", "unknown"),
    "zero bytes": (lambda s: b"\0" * 70_000, "unknown"),
    "control characters in headers": (lambda s: OK + b"a: \x00\x1b[2J\r\n\r\nx", "unknown"),
    "a header without a name": (lambda s: OK + b": x\r\n\r\nx", "unknown"),
    "a folded header": (lambda s: OK + b"a: b\r\n c\r\nContent-Length: 1\r\n\r\nx", "live"),
    "an unknown charset": (
        lambda s: http(200, b"\xff\xfe\x00x", "Content-Type: text/html; charset=../../etc/passwd"),
        "live",
    ),
    "a redirect without a place": (lambda s: http(302), "unknown"),
    "a redirect of bytes": (lambda s: http(302).replace(b" X\r\n", b" X\r\nLocation: http://\xff\xfe/\r\n"), "refused"),
    "a redirect of control bytes": (
        lambda s: http(302).replace(b" X\r\n", b" X\r\nLocation: http://a.sample.com/\x01\r\n"),
        "refused",
    ),
    "a long redirect": (lambda s: http(302, b"", "Location: /" + "x" * (LONGEST + 1)), "refused"),
    "two redirects at once": (
        lambda s: http(302, b"", "Location: http://127.0.0.1/", "Location: http://a.sample.com/"),
        "refused",
    ),
    "a redirect with an endless body": (
        lambda s: s.flood(b"HTTP/1.1 302 X\r\nLocation: http://10.0.0.1/\r\n\r\n", b"x" * 100),
        "refused",
    ),
    "a second answer behind the first": (lambda s: page("one") + page("two", status=404), "live"),
    "a thousand titles": (lambda s: http(200, b"<title>" * 9000), "live"),
    "a page of markup": (lambda s: http(200, b"<" * 65_000), "live"),
}


@pytest.fixture
def network() -> Iterator[Network]:
    server = LinkServer()
    yield Network(server)
    server.stop()


def test_there_are_at_least_forty_behaviours() -> None:
    assert len(BEHAVIOURS) >= 40


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_a_hostile_server_is_bounded_in_time_and_bytes(network: Network, behaviour: str) -> None:
    make, state = BEHAVIOURS[behaviour]
    stalls = behaviour.startswith(("drip", "says nothing"))
    network.server.routes["app.sample.com", "/"] = make(network.server)
    probe = network.prober(SHORT if stalls else ONCE).probe_all(["http://app.sample.com/"])["http://app.sample.com/"]
    assert probe.state == state, probe.reason
    if stalls:
        assert probe.reason == "timed out after 0.3 s"
    assert probe.reason.isprintable()
    assert len(probe.reason) < 120
    assert sum(one.received for one in network.sockets) <= 128 * 1024
    assert len(network.connects) == 1
    assert all(one.fileno() == -1 for one in network.sockets), "every connection is closed"


def test_all_of_them_together_use_little_memory(network: Network) -> None:
    links = []
    for number, (make, _) in enumerate(BEHAVIOURS.values()):
        network.server.routes[f"app{number}.sample.com", "/"] = make(network.server)
        links.append(f"http://app{number}.sample.com/")
    fast = ProbeBudget(attempt=0.3, workers=20, pauses=())
    network.prober(fast).probe_all(links[:1])
    tracemalloc.start()
    try:
        probes = network.prober(fast).probe_all(links)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(probes) == len(links)
    assert peak < 40_000_000


def test_a_name_lookup_that_never_ends_is_left_behind(network: Network) -> None:
    def stuck(name: str) -> list[str]:
        network.server.closed.wait(5)
        return ["93.184.216.34"]

    network.resolve = stuck  # type: ignore[method-assign]
    probe = network.prober(SHORT).probe_all(["http://app.sample.com/"])["http://app.sample.com/"]
    assert (probe.state, probe.reason) == ("unknown", "the name lookup timed out")
    assert network.connects == []


def test_a_slow_chain_of_redirects_shares_one_deadline(network: Network) -> None:
    def slow(step: int) -> Handler:
        def handle(connection: object) -> None:
            network.server.closed.wait(0.12)
            connection.sendall(http(302, b"", f"Location: /{step + 1}"))  # type: ignore[attr-defined]

        return handle

    for step in range(6):
        network.server.routes["app.sample.com", f"/{step}"] = slow(step)
    probe = network.prober(SHORT).probe_all(["http://app.sample.com/0"])["http://app.sample.com/0"]
    assert (probe.state, probe.reason) == ("unknown", "timed out after 0.3 s")
    assert len(network.server.requests) <= 3


def test_a_fault_of_ours_costs_one_link(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(page: object) -> object:
        raise RecursionError

    monkeypatch.setattr("portfolio_audit.sources.visit.judge", explode)
    network.server.routes["app.sample.com", "/"] = page("x")
    probe = network.prober().probe_all(["http://app.sample.com/", "http://127.0.0.1/"])
    assert [one.state for one in probe.values()] == ["unknown", "refused"]


@pytest.mark.parametrize("charset", ["zip", "rot13", "idna", "punycode", "hex", "utf-7", "undefined", "unicode_escape"])
def test_a_page_may_not_choose_a_codec_that_is_no_character_set(charset: str) -> None:
    assert decode("é+AGE-".encode(), f"text/html; charset={charset}") == "é+AGE-"


def test_text_of_strangers_is_one_printable_line() -> None:
    every = "".join(
        map(
            chr, [*range(0x0, 0x3000), *range(0xD800, 0xD810), *range(0xE000, 0xE010), 0xFEFF, 0xFFFE, 0x1F600, 0xE0001]
        )
    )
    line = clean(every, 100_000)
    assert line.isprintable()
    assert not set(line) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f\u2028\ufeff")
    assert title("<title>" + every) is None
