"""Reading feeds through the guard: where they are looked for, how many requests it costs, and what a failure says."""

from collections.abc import Iterator

import pytest

from portfolio_audit.snapshot import Feed
from portfolio_audit.sources.feed_reader import FeedBudget, FeedReader, feed_link
from portfolio_audit.sources.transport import Bounds
from tests.sources.link_server import NOW, LinkServer, Network, http, no_such_name, page

RSS = (
    "<rss><channel><title>Bees</title><item><title>Hearing swarms</title>"
    "<link>http://bees.sample.com/a</link></item></channel></rss>"
)
XML = "Content-Type: application/rss+xml; charset=utf-8"
SHORT = FeedBudget(bounds=Bounds(lookup=0.3, connect=0.3), attempt=0.3)


@pytest.fixture
def server() -> Iterator[LinkServer]:
    started = LinkServer()
    yield started
    started.stop()


@pytest.fixture
def network(server: LinkServer) -> Network:
    return Network(server)


def reader(network: Network, budget: FeedBudget | None = None) -> FeedReader:
    return FeedReader(resolve=network.resolve, connect=network.connect, now=lambda: NOW, budget=budget or FeedBudget())


def read(network: Network, place: str, budget: FeedBudget | None = None) -> Feed:
    return reader(network, budget).read_all([place])[place]


def test_the_link_in_the_page_is_followed(network: Network) -> None:
    head = '<link rel="alternate" type="application/rss+xml" title="x" href="/posts/feed.xml">'
    network.server.routes["bees.sample.com", "/"] = page("Bees", head)
    network.server.routes["bees.sample.com", "/posts/feed.xml"] = http(200, RSS, XML)
    found = read(network, "http://bees.sample.com/")
    assert (found.state, found.url) == ("read", "http://bees.sample.com/posts/feed.xml")
    assert (found.title, found.entries[0].title, found.checked_at) == ("Bees", "Hearing swarms", "2026-03-01T12:00:00Z")
    assert len(network.server.requests) == 2


def test_a_place_that_is_a_feed_is_read_as_one(network: Network) -> None:
    network.server.routes["bees.sample.com", "/rss.xml"] = http(200, f'<?xml version="1.0"?>{RSS}', XML)
    assert read(network, "http://bees.sample.com/rss.xml").state == "read"
    assert len(network.server.requests) == 1


def test_without_a_link_the_usual_names_are_tried(network: Network) -> None:
    network.server.routes["bees.sample.com", "/"] = page("Bees")
    network.server.routes["bees.sample.com", "/index.xml"] = http(200, RSS, XML)
    assert read(network, "http://bees.sample.com/").state == "read"
    assert len(network.server.requests) == 3


def test_the_section_for_posts_is_looked_at(network: Network) -> None:
    network.server.routes["bees.sample.com", "/"] = page("Bees", "<a href='/about'>x</a> <A HREF=/writing>y</A>")
    network.server.routes["bees.sample.com", "/writing"] = page("Posts")
    network.server.routes["bees.sample.com", "/writing/index.xml"] = http(200, RSS, XML)
    found = read(network, "http://bees.sample.com/")
    assert (found.state, found.url) == ("read", "http://bees.sample.com/writing/index.xml")
    assert len(network.server.requests) == 4


@pytest.mark.parametrize(
    "link", ["http://127.0.0.1/blog", "http://other.sample.com/blog", "javascript:/blog", "/#blog"]
)
def test_a_section_elsewhere_is_not_followed(network: Network, link: str) -> None:
    network.server.routes["bees.sample.com", "/"] = page("Bees", f'<a href="{link}">Blog</a>')
    assert read(network, "http://bees.sample.com/").state == "absent"
    assert not any("host: other" in sent.lower() for sent in network.server.requests)


def test_a_page_without_a_feed_is_no_failure(network: Network) -> None:
    network.server.routes["bees.sample.com", "/"] = page("Bees")
    found = read(network, "http://bees.sample.com/")
    assert (found.state, found.reason) == ("absent", "no feed was found there")
    assert len(network.server.requests) <= FeedBudget().requests


def test_redirects_are_judged_and_counted(network: Network) -> None:
    network.server.routes["bees.sample.com", "/"] = http(301, "", "Location: http://hives.sample.com/blog")
    network.server.routes["hives.sample.com", "/blog"] = page(
        "Bees", '<link rel="alternate" type="application/atom+xml" href="feed">'
    )
    network.server.routes["hives.sample.com", "/feed"] = http(200, RSS, XML)
    assert read(network, "http://bees.sample.com/").state == "read"
    network.server.routes["loop.sample.com", "*"] = http(302, "", "Location: /again")
    before = len(network.server.requests)
    assert read(network, "http://loop.sample.com/").state == "unknown"
    assert len(network.server.requests) - before == FeedBudget().requests


@pytest.mark.parametrize(
    "location", ["http://127.0.0.1/", "http://169.254.169.254/latest", "file:///etc/passwd", "http://bees.internal/"]
)
def test_a_page_cannot_lead_to_a_closed_address(network: Network, location: str) -> None:
    link = f'<link rel="alternate" type="application/rss+xml" href="{location}">'
    network.server.routes["bees.sample.com", "/"] = page("Bees", link)
    found = read(network, "http://bees.sample.com/")
    assert found.state == "refused"
    assert len(network.server.requests) == 1


def test_a_name_that_resolves_inward_is_refused(network: Network) -> None:
    network.names["bees.sample.com"] = ["10.0.0.7"]
    assert read(network, "http://bees.sample.com/").state == "refused"
    assert network.connects == []


def test_what_cannot_be_read_is_unknown(network: Network) -> None:
    network.names["gone.sample.com"] = no_such_name()
    network.server.routes["shut.sample.com", "/"] = http(403, "no")
    link = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    network.server.routes["odd.sample.com", "/"] = page("Bees", link)
    network.server.routes["odd.sample.com", "/feed"] = http(200, "<html>Sign in</html>")
    network.server.routes["posts.sample.com", "/"] = page("Bees", '<a class="x" href="/blog/">Blog</a>')
    network.server.routes["posts.sample.com", "/blog/"] = page("Posts")
    for host, said in (("gone", "name"), ("shut", "HTTP 403"), ("odd", "not a feed"), ("posts", "no feed to read")):
        found = read(network, f"http://{host}.sample.com/")
        assert found.state == "unknown"
        assert said in found.reason


def test_a_slow_host_ends_with_the_budget(network: Network) -> None:
    network.server.routes["bees.sample.com", "/"] = network.server.drip(b"HTTP/1.1 200 OK\r\n\r\n", b"<")
    assert read(network, "http://bees.sample.com/", SHORT).state == "unknown"


def test_a_flood_is_cut_and_what_was_read_counts(network: Network) -> None:
    start = RSS.replace("</channel></rss>", "").encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n"
    network.server.routes["bees.sample.com", "/feed.xml"] = network.server.flood(head + start, b"<item></item>" * 64)
    network.server.routes["bees.sample.com", "/"] = page("Bees")
    found = read(network, "http://bees.sample.com/", FeedBudget(bounds=Bounds(body_bytes=256 * 1024)))
    assert found.state == "read"
    assert found.entries[0].title == "Hearing swarms"
    assert not found.complete
    assert max(socket.received for socket in network.sockets) < 600 * 1024


def test_no_more_places_than_the_budget(network: Network) -> None:
    network.server.routes["bees.sample.com", "*"] = http(404, "")
    places = [f"http://bees.sample.com/{n}" for n in range(9)]
    found = reader(network).read_all(places)
    assert list(found) == places
    assert len(network.server.requests) == FeedBudget().places
    assert "budget" in found[places[-1]].reason


def test_no_token_and_no_cookie_is_sent(network: Network) -> None:
    network.server.routes["bees.sample.com", "/"] = page("Bees", "x", 200, "Set-Cookie: a=b")
    read(network, "http://bees.sample.com/")
    assert all("authorization" not in sent.lower() and "cookie" not in sent.lower() for sent in network.server.requests)


def test_a_link_for_comments_is_passed_over() -> None:
    comments = '<link rel="alternate" type="application/rss+xml" href="/comments/feed/">'
    own = "<LINK HREF='/feed/?a=1&amp;b=2' TYPE=application/rss+xml REL='alternate'>"
    assert feed_link(comments + own) == "/feed/?a=1&b=2"
    assert feed_link("<link " + "a" * 100_000) is None
    assert feed_link('<link rel="stylesheet" type="text/css" href="/x">') is None
