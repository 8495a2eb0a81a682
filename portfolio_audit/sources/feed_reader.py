"""Reads the feeds of a person's own writing places, through the same guard as link probes.

A feed is looked for where its platform keeps it, else by the link in the place's page, else at the usual names. Few
places, few requests each; what cannot be read is unknown and never held against anybody.
"""

import html
import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime

import httpx
import msgspec

from portfolio_audit import __version__
from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import hosts
from portfolio_audit.facts.feed_text import parse_feed
from portfolio_audit.facts.writing_names import author_of
from portfolio_audit.snapshot import Feed
from portfolio_audit.sources import target
from portfolio_audit.sources.fetching import Answer, Fetcher
from portfolio_audit.sources.lookup import Resolve, Unreached, system_resolver
from portfolio_audit.sources.page import decode
from portfolio_audit.sources.target import Refused
from portfolio_audit.sources.transport import Bounds, Connect, system_connect

_LINK = re.compile(r"<link\b([^<>]{0,800})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""([a-z-]{2,12})\s{0,3}=\s{0,3}(?:"([^"]{0,500})"|'([^']{0,500})'|([^\s"'>]{1,500}))""", re.IGNORECASE
)
_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_ANCHOR = re.compile(r"<a\b([^<>]{0,800})>", re.IGNORECASE)
_ANCHORS = 400
_SECTIONS = frozenset("blog blogs posts post articles writing writings essays notes blog.html posts.html".split())
_GONE = frozenset((404, 410))
_XML_ENCODING = re.compile(rb"""<\?xml[^>]{0,120}?encoding=["']([A-Za-z0-9_-]{1,20})["']""")


class FeedBudget(msgspec.Struct, frozen=True):
    """Limits of one run; times in seconds. attempt: one place with all its requests.

    A feed holds whole posts, so more bytes than of a page are read; the newest posts stand first, so what lies beyond
    is not needed. Requests count redirects too.
    """

    bounds: Bounds = Bounds(body_bytes=768 * 1024)
    attempt: float = 15.0
    places: int = 5
    requests: int = 5
    workers: int = 5


_USUAL = FeedBudget()


class FeedReader:
    """Reads feeds, several places at a time."""

    def __init__(
        self,
        *,
        resolve: Resolve = system_resolver,
        connect: Connect | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
        budget: FeedBudget = _USUAL,
        user_agent: str = f"portfolio-audit/{__version__} (+feed)",
    ) -> None:
        self._now = now
        self._monotonic = monotonic
        self._budget = budget
        self._fetcher = Fetcher(
            resolve=resolve,
            connect=connect or system_connect,
            monotonic=monotonic,
            bounds=budget.bounds,
            user_agent=user_agent,
        )

    def read_all(self, places: Sequence[str]) -> dict[str, Feed]:
        """What the feed of each place showed, in the order given. Never raises for anything that a place does."""
        distinct = list(dict.fromkeys(places))
        checked_at = self._now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        with ThreadPoolExecutor(self._budget.workers, thread_name_prefix="feed") as pool:
            found = dict(
                zip(
                    distinct,
                    pool.map(lambda place: self._read(place, checked_at), distinct[: self._budget.places]),
                    strict=False,
                )
            )
        late = f"not opened: the budget is {self._budget.places} feeds a person"
        return found | {place: Feed(place, "unknown", late, checked_at) for place in distinct[self._budget.places :]}

    def _read(self, place: str, checked_at: str) -> Feed:
        visit = _Visit(self._fetcher, self._monotonic, self._budget)
        try:
            return visit.read(place, checked_at)
        except Refused as refusal:
            return Feed(place, "refused", refusal.reason, checked_at)
        except Unreached as trouble:
            return Feed(place, "unknown", trouble.reason, checked_at)
        except Unavailable as trouble:
            return Feed(place, "unknown", trouble.reason, checked_at)


class _Visit:
    """One place: the requests left, and what was answered last."""

    def __init__(self, fetcher: Fetcher, monotonic: Callable[[], float], budget: FeedBudget) -> None:
        self._fetcher = fetcher
        self._budget = budget
        self._left = budget.requests
        self._deadline = monotonic() + budget.attempt

    def read(self, place: str, checked_at: str) -> Feed:
        author = author_of(place)
        if author is not None and author.feed is not None:
            return self._known(author.feed, place, checked_at)
        url, page = self._get(place)
        if page.status != 200:
            raise Unavailable(f"the page answers HTTP {page.status}")
        text = _text(page)
        if text.lstrip("\ufeff \r\n\t")[:5].lower() in ("<?xml", "<rss ", "<feed", "<rdf:"):
            return self._feed(url, page, checked_at)
        linked, section = feed_link(text), section_link(text, url)
        if linked is None and section is not None:
            url, page = self._get(section)
            linked = feed_link(_text(page))
        if linked is not None:
            address, answer = self._get(target.join(target.parse(url), linked).url)
            return self._feed(address, answer, checked_at)
        for candidate in usual_feeds(url)[: self._left]:
            address, answer = self._get(candidate)
            with suppress(Unavailable):
                return self._feed(address, answer, checked_at)
        if section is not None or hosts.role(place) == "blog":
            raise Unavailable("it has posts, and no feed to read them by")
        return Feed(place, "absent", "no feed was found there", checked_at)

    def _known(self, address: str, place: str, checked_at: str) -> Feed:
        url, answer = self._get(address)
        if answer.status in _GONE:
            return Feed(place, "absent", f"its feed answers HTTP {answer.status}", checked_at)
        return self._feed(url, answer, checked_at)

    def _feed(self, url: str, answer: Answer, checked_at: str) -> Feed:
        if answer.status != 200:
            raise Unavailable(f"its feed answers HTTP {answer.status}")
        if not answer.readable:
            raise Unavailable("its feed came compressed although it was asked for plainly")
        named = _XML_ENCODING.search(answer.body[:200])
        stated = f"charset={named[1].decode('ascii')}" if named else answer.headers.get("content-type", "charset=utf-8")
        cut = len(answer.body) >= self._budget.bounds.body_bytes
        text = parse_feed(decode(answer.body, stated), cut=cut)
        reason = f"{len(text.entries)} {'entry' if len(text.entries) == 1 else 'entries'} read"
        return Feed(url, "read", reason, checked_at, text.title, text.authors, text.entries, text.complete)

    def _get(self, url: str) -> tuple[str, Answer]:
        """The answer at the end of redirects, and its address. Raises Unavailable, Refused or Unreached."""
        wanted = target.parse(url)
        while self._left > 0:
            self._left -= 1
            answer = self._fetcher.get(wanted, self._deadline)
            if answer.location is None:
                return wanted.url, answer
            wanted = target.join(wanted, answer.location)
        raise Unavailable(f"no feed within {self._budget.requests} requests")


def _text(page: Answer) -> str:
    return decode(page.body, page.headers.get("content-type", ""))


def usual_feeds(url: str) -> list[str]:
    """Where generators put the feed of a site or of a part of one, most usual first."""
    base = httpx.URL(url)
    folder = base.path if base.path.endswith("/") else f"{base.path}/"
    names = (f"{folder}feed.xml", f"{folder}index.xml", "/feed.xml" if folder != "/" else "/rss.xml")
    return [str(base.copy_with(path=name, query=None)) for name in names]


def section_link(text: str, url: str) -> str | None:
    """The part of a site for posts to which its page links, or None; of another host only a blog of the same domain."""
    here = target.parse(url)
    for number, match in enumerate(_ANCHOR.finditer(text[:200_000])):
        address = _attributes(match[1]).get("href", "")
        step = address.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2].lower()
        if number >= _ANCHORS:
            break
        if step not in _SECTIONS and "//blog." not in address:
            continue
        with suppress(Refused):
            found = target.join(here, address)
            same = found.host == here.host or found.host == f"blog.{here.host.removeprefix('www.')}"
            if same and found.url != here.url:
                return found.url
    return None


def feed_link(text: str) -> str | None:
    """The address that a page gives for its feed, or None; comments of a post and the like are passed over."""
    for match in _LINK.finditer(text[:64_000]):
        attributes = _attributes(match[1])
        alternate = "alternate" in attributes.get("rel", "").lower().split()
        address = attributes.get("href", "")
        if alternate and attributes.get("type", "").lower() in _TYPES and "comments" not in address.lower():
            return address or None
    return None


def _attributes(tag: str) -> dict[str, str]:
    pairs = _ATTRIBUTE.findall(tag)
    return {name.lower(): html.unescape(double or single or bare) for name, double, single, bare in pairs}
