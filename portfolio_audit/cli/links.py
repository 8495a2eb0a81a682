"""Opening the deployment links of a gathered portfolio, each at most once a day."""

from collections.abc import Callable, Sequence

import msgspec

from portfolio_audit.cli.gather import Gathered, Opener, links_of, open_links, with_unavailable
from portfolio_audit.snapshot import Probe, encode
from portfolio_audit.store import Store


def prober() -> Opener:
    """What opens links for real; imported only where one is to be opened."""
    from portfolio_audit.sources.probe import Prober

    return Prober()


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
    return open_links(gathered, KeptAnswers(prober, store, gathered.snapshot.owner.login))
