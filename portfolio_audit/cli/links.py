"""Opening the deployment links and reading the feeds of a gathered portfolio, each at most once a day."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import msgspec

from portfolio_audit.cli.gather import Gathered, Opener, links_of, open_links, with_feeds, with_unavailable
from portfolio_audit.facts.writing_feeds import places_to_read
from portfolio_audit.snapshot import Feed, Probe, encode
from portfolio_audit.store import Store


def prober() -> Opener:
    """What opens links for real; imported only where one is to be opened."""
    from portfolio_audit.sources.probe import Prober

    return Prober()


class Reader(Protocol):
    """Whatever reads feeds."""

    def read_all(self, places: Sequence[str]) -> Mapping[str, Feed]:
        """What the feed of each place showed."""
        ...


def reader() -> Reader:
    """What reads feeds for real; imported only where one is to be read."""
    from portfolio_audit.sources.feed_reader import FeedReader

    return FeedReader()


class KeptAnswers:
    """An opener that asks the store first; its lifetime for answers is a day."""

    def __init__(self, prober: Callable[[], Opener], store: Store, login: str) -> None:
        self._prober = prober
        self._store = store
        self._login = login

    def probe_all(self, urls: Sequence[str]) -> dict[str, Probe]:
        """An answer for each link. Only answers that say something of the link itself are kept."""
        answers: dict[str, Probe] = {}
        for url in urls:
            kept = self._store.recall("probe", url)
            if kept is not None:
                answers[url] = msgspec.json.decode(kept, type=Probe)
        unknown = [url for url in urls if url not in answers]
        fresh = self._prober().probe_all(unknown) if unknown else {}
        for url, answer in fresh.items():
            if answer.state != "unknown":
                self._store.remember("probe", url, encode(answer), login=self._login)
        return answers | dict(fresh)


def opened(gathered: Gathered, store: Store, *, probe: bool, tell: Callable[[str], None]) -> Gathered:
    """The portfolio with its links opened, or with the reason why they were not."""
    if not probe:
        return with_unavailable(gathered, "probes", "links were not opened (--no-probe)")
    links = sum(len(links_of(repository)) for repository in gathered.portfolio.repositories)
    if links:
        tell(f"Opening {links} deployment {'link' if links == 1 else 'links'}")
    gathered = open_links(gathered, KeptAnswers(prober, store, gathered.snapshot.owner.login))
    return with_feeds(gathered, _feeds(places_to_read(gathered.portfolio), store, gathered.snapshot.owner.login, tell))


def _feeds(places: Sequence[str], store: Store, login: str, tell: Callable[[str], None]) -> dict[str, Feed]:
    """What is known of each place's feed; only answers that say something of the place itself are kept."""
    kept = {place: store.recall("feed", place) for place in places}
    answers = {place: msgspec.json.decode(value, type=Feed) for place, value in kept.items() if value is not None}
    missing = [place for place in places if place not in answers]
    if missing:
        tell(f"Reading {len(missing)} {'feed' if len(missing) == 1 else 'feeds'}")
    fresh = reader().read_all(missing) if missing else {}
    for place, feed in fresh.items():
        if feed.state in ("read", "absent"):
            store.remember("feed", place, encode(feed), login=login)
    return {**answers, **fresh}
