"""Opens the links of strangers' repositories to tell a running application from a dead one, without becoming a weapon.

The guard (`target`, `address`, `transport`) has no switch: tests map public-looking names to loopback below it, through
`resolve` and `connect`. One look at a link is `visit`; here are the budget of a run, the second and third look at
what may pass, and what several looks together allow to say: dead only if every look says so.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import msgspec

from portfolio_audit import __version__
from portfolio_audit.snapshot import Probe
from portfolio_audit.sources import target
from portfolio_audit.sources.control import Control
from portfolio_audit.sources.fetching import Fetcher
from portfolio_audit.sources.lookup import Resolve, system_resolver
from portfolio_audit.sources.signs import Verdict
from portfolio_audit.sources.target import Refused, Target
from portfolio_audit.sources.transport import Bounds, Connect, system_connect
from portfolio_audit.sources.visit import Look, Visitor


class ProbeBudget(msgspec.Struct, frozen=True):
    """Limits of one run, times in seconds.

    attempt: one look at a link with all its redirects. pauses: the waits before the second and third look at links
    whose state may pass; free hosting takes up to a minute to wake, and its waking page shows long before.
    """

    bounds: Bounds = Bounds()
    attempt: float = 10.0
    run: float = 1800.0
    redirects: int = 5
    links: int = 2000
    workers: int = 8
    pauses: tuple[float, ...] = (5.0, 15.0)


_USUAL = ProbeBudget()


def utc_now() -> datetime:
    """The time of this machine, in UTC."""
    return datetime.now(UTC)


class Prober:
    """Opens links with a bounded pool of threads; one request per host at a time."""

    def __init__(
        self,
        *,
        resolve: Resolve = system_resolver,
        connect: Connect | None = None,
        now: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
        budget: ProbeBudget = _USUAL,
        user_agent: str = f"portfolio-audit/{__version__} (+link check)",
    ) -> None:
        self._resolve = resolve
        self._connect = connect or system_connect
        self._now = now
        self._monotonic = monotonic
        self._pause = pause
        self._budget = budget
        self._user_agent = user_agent
        self._stopped = False

    def probe_all(self, urls: Sequence[str]) -> dict[str, Probe]:
        """One Probe for each distinct link, in the order given. Never raises for anything that a link does."""
        looks: dict[str, list[Look]] = {}
        targets: dict[str, Target] = {}
        keys: dict[str, str] = {}
        for url in dict.fromkeys(urls):
            try:
                wanted = target.parse(url)
            except Refused as refusal:
                keys[url], looks[url] = url, [Look(Verdict("refused", refusal.reason))]
            else:
                keys[url], targets[wanted.url] = wanted.url, wanted
        for late in list(targets)[self._budget.links :]:
            del targets[late]
            looks[late] = [Look(Verdict("unknown", f"not opened: the budget is {self._budget.links} links a run"))]
        self._rounds(list(targets.values()), looks)
        checked_at = self._now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {url: _settled(url, looks[key], checked_at) for url, key in keys.items()}

    def _rounds(self, wanted: list[Target], looks: dict[str, list[Look]]) -> None:
        if not wanted:
            return
        visitor = self._visitor()
        end = self._monotonic() + self._budget.run
        for turn, wait in enumerate((0.0, *self._budget.pauses)):
            if turn:
                wanted = [one for one in wanted if looks[one.url][-1].verdict.again]
                if not wanted or self._monotonic() >= end:
                    return
                self._pause(wait)
            for key, look in self._round(visitor, wanted, end):
                looks.setdefault(key, []).append(look)

    def _round(self, visitor: Visitor, wanted: list[Target], end: float) -> list[tuple[str, Look]]:
        by_host: dict[str, list[Target]] = {}
        for one in wanted:
            by_host.setdefault(one.host, []).append(one)

        def visit(group: list[Target]) -> list[tuple[str, Look]]:
            return [(one.url, self._look(visitor, one, end)) for one in group]

        pool = ThreadPoolExecutor(self._budget.workers, thread_name_prefix="link-check")
        try:
            return [found for group in pool.map(visit, by_host.values()) for found in group]
        except BaseException:
            self._stopped = True
            raise
        finally:
            pool.shutdown(wait=not self._stopped, cancel_futures=True)

    def _look(self, visitor: Visitor, wanted: Target, end: float) -> Look:
        if self._stopped or self._monotonic() >= end:
            return Look(Verdict("unknown", "not opened: the time for link checks was used up"))
        return visitor.look(wanted)

    def _visitor(self) -> Visitor:
        fetcher = Fetcher(
            resolve=self._resolve,
            connect=self._connect,
            monotonic=self._monotonic,
            bounds=self._budget.bounds,
            user_agent=self._user_agent,
        )
        control = Control(
            fetcher,
            resolve=self._resolve,
            connect=self._connect,
            bounds=self._budget.bounds,
            deadline=lambda: self._monotonic() + self._budget.attempt,
        )
        return Visitor(
            fetcher,
            control,
            monotonic=self._monotonic,
            seconds=self._budget.attempt,
            redirects=self._budget.redirects,
        )


def _settled(url: str, looks: list[Look], checked_at: str) -> Probe:
    last = looks[-1]
    verdict = last.verdict
    asleep = [look for look in looks if look.verdict.state == "sleeping"]
    if verdict.state == "unknown" and asleep:
        # Waking, and now too busy with it to answer.
        last = asleep[-1]
        verdict = last.verdict
    if verdict.state == "dead" and (
        any(look.verdict.state != "dead" for look in looks) or (verdict.again and len(looks) < 2)
    ):
        verdict = Verdict("unknown", f"{verdict.reason}, which may pass")
    return Probe(
        url=url,
        state=verdict.state,
        reason=verdict.reason,
        checked_at=checked_at,
        status=last.status,
        final_url=last.final_url,
        title=last.title,
    )
