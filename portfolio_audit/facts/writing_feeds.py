"""Which of a person's places have a feed worth reading, and what the feeds that were read add.

A feed is one request or two for many titles and dates; a blog whose posts lie in a repository needs none.
"""

from collections.abc import Iterator

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import hosts
from portfolio_audit.facts.blog import Blog
from portfolio_audit.facts.fact import Portfolio
from portfolio_audit.facts.writing_names import alike, author_of
from portfolio_audit.facts.writing_places import Address, find_addresses, own_names
from portfolio_audit.snapshot import Feed

PLACES = 5


def places_to_read(portfolio: Portfolio) -> tuple[str, ...]:
    """The addresses whose feeds are worth reading, certain ones of the profile first, at most 5, each feed once."""
    return tuple(address.url for address in places(portfolio, find_addresses(portfolio)))


def places(portfolio: Portfolio, addresses: tuple[Address, ...]) -> tuple[Address, ...]:
    """Those of the addresses that stand for a feed of the person's own, or of a site that may be theirs."""
    known = _hosts_in_repositories(portfolio)
    found: dict[str, Address] = {}
    for address in sorted(addresses, key=lambda each: not each.own):
        author = author_of(address.url)
        host = hosts.host_of(address.url)
        if not address.own and not address.home:
            continue
        if author is not None and author.feed is not None:
            found.setdefault(author.feed, address)
        elif address.home and known.isdisjoint((host, f"{host}/{_first_step(address.url)}")):
            found.setdefault(host, address)
    return tuple(found.values())[:PLACES]


def _first_step(url: str) -> str:
    parts = hosts.split_address(url)
    return parts.path.lower().strip("/").partition("/")[0] if parts else ""


def _hosts_in_repositories(portfolio: Portfolio) -> frozenset[str]:
    """Hosts (and for pages of a repository, with its name) of sites whose posts are read in a repository already."""
    found = set()
    for repository in portfolio.repositories:
        try:
            blog = repository.fact(Blog)
        except Unavailable:
            continue
        if blog is not None and blog.posts:
            homepage = repository.record.homepage or ""
            found.add(hosts.host_of(homepage if "://" in homepage else f"https://{homepage}"))
            owner, _, name = repository.record.full_name.lower().partition("/")
            found.update((name, f"{owner}.github.io/{name}") if "." in name else (f"{owner}.github.io/{name}",))
    return frozenset(found - {""})


def read_feeds(portfolio: Portfolio, addresses: tuple[Address, ...]) -> Iterator[tuple[Address, Feed | None, str]]:
    """Each place with its feed if it is read and theirs, else with the reason why that is not known ("" if nothing)."""
    names = own_names(portfolio)
    closed = portfolio.snapshot.unavailable.get("probes", "it was not opened")
    for place in places(portfolio, addresses):
        feed = portfolio.snapshot.feeds.get(place.url)
        if feed is None:
            yield place, None, f"{place.url}: {closed}"
        elif feed.state == "absent":
            yield place, None, ""
        elif feed.state != "read":
            yield place, None, f"{place.url}: {feed.reason}"
        elif place.own or any(alike(name, names) for name in (feed.title or "", *feed.authors)):
            yield place, feed, ""
        elif feed.authors and portfolio.snapshot.owner.name:
            # It names who writes it, and that is somebody else: an employer's site, say.
            yield place, None, ""
        else:
            yield place, None, f"{place.url}: its feed does not say that it is theirs"
