"""The one door through which every request goes: quotas, pauses, retries, and a word before each wait.

Nothing else in the sources sleeps. A wait is announced before it starts and one request waits `max_wait` seconds
in all at most; a longer demand ends as RateLimited with the time at which to come back. Clock, sleep and chance are
parameters, so tests neither sleep nor guess.
"""

import random as chance
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, NamedTuple

from portfolio_audit.errors import Interrupted, NetworkFailure, RateLimited
from portfolio_audit.sources.verdict import Answer, Verdict, iso, judge, message, server_time

Bucket = Literal["core", "graphql", "search", "free", "archive"]

IN_FLIGHT = 4
TRIES = 3
LIMITED_TRIES = 3
JITTER_BASE, JITTER_CAP = 1.0, 8.0
SECONDARY_SECONDS = 60.0
# A maintainer of the archive host names a penalty of half an hour and asks clients to leave the host alone meanwhile.
ARCHIVE_SECONDS = 1800.0
API_BUCKETS: tuple[Bucket, ...] = ("core", "graphql", "search")


class Trouble(Exception):
    """No usable answer came (no route, reset, timeout, a page instead of data); may work when tried again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Quota(NamedTuple):
    """What is left of a bucket as last heard: requests (points for graphql) and the reset in epoch seconds."""

    remaining: int
    reset: float | None


class Gate:
    """Lets requests through by bucket: GraphQL one at a time, REST and archives four at a time each.

    `tell` gets one line before each wait. `counts` holds the requests sent by bucket, for a person who asks with -v;
    it never enters a snapshot. The clock gives epoch seconds and is only used while the service states no Date.
    """

    def __init__(
        self,
        *,
        max_wait: float,
        tell: Callable[[str], None],
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] | None = None,
        random: Callable[[], float] = chance.random,
    ) -> None:
        self.tell = tell
        self.max_wait = max_wait
        self.clock = clock
        self.monotonic = monotonic
        self.counts: dict[str, int] = {}
        self.quotas: dict[str, Quota] = {}
        self._stopped = threading.Event()
        self._sleep = sleep or self._stopped.wait
        self._random = random
        self._ahead = 0.0
        self._pauses: dict[str, tuple[float, str]] = {}
        self._lock = threading.Lock()
        self._queues = {bucket: threading.Lock() for bucket in (*API_BUCKETS, "free", "archive")}
        rest = Permits(IN_FLIGHT)
        archive = Permits(IN_FLIGHT)
        self._permits = {"core": rest, "search": rest, "free": rest, "graphql": Permits(1), "archive": archive}

    def call(self, bucket: Bucket, send: Callable[[], Answer], *, what: str, halvable: bool = False) -> Answer:
        """The final answer to a request, after the waits and repeats that the service asks for.

        `send` sends once and may raise Trouble; it must be harmless to repeat. `what` names the request in messages.
        With `halvable` a 502 or 504 is handed back at once, so that the caller asks for less instead of the same again.
        Raises RateLimited if a limit lasts longer than may be waited, NetworkFailure after three tries in vain, and
        Interrupted once the gate was stopped.
        """
        patience = Patience(self.max_wait)
        troubles = limits = 0
        while True:
            self._go_on()
            self._hold(bucket, patience)
            reason = ""
            with self._permits[bucket].one():
                with self._lock:
                    self.counts[bucket] = self.counts.get(bucket, 0) + 1
                try:
                    answer = send()
                except Trouble as trouble:
                    answer, reason = Answer(599, {}), trouble.reason
                else:
                    self._note(bucket, answer)
            verdict = judge(answer)
            if verdict.kind == "final" or (halvable and answer.status in (502, 504)):
                return answer
            if verdict.kind == "trouble":
                troubles += 1
                reason = reason or f"answered {answer.status}"
                if troubles >= TRIES:
                    raise _failed(what, f"{reason}, {TRIES} times")
                self._backoff(troubles, f"{what}: {reason}", patience)
            else:
                limits += 1
                self._limited(bucket, answer, verdict, limits, patience)

    def breathe(self, tries: int, why: str) -> None:
        """A short announced wait before asking for less, on average the longer the more tries, at most max_wait."""
        delay = min(self._jitter(tries), self.max_wait)
        self._wait(delay, f"{why}, in {delay:.1f} s", Patience(self.max_wait))

    def stop(self) -> None:
        """Ends all waits and lets no further request through, so that threads end with the run they belong to."""
        self._stopped.set()

    def spare(self, bucket: Bucket, needed: int) -> None:
        """Raises RateLimited now if what is left of a bucket is known not to suffice before its reset."""
        quota = self.quotas.get(bucket)
        if quota is None or quota.remaining >= needed or quota.reset is None:
            return
        delay = quota.reset - self.server_now()
        if delay > self.max_wait:
            why = f"{needed} more {bucket} requests are needed and {quota.remaining} are left"
            raise _too_long(why, delay, self.max_wait, quota.reset)

    def server_now(self) -> float:
        """Epoch seconds by the service's clock, as far as it is known."""
        return self.clock() + self._ahead

    def _note(self, bucket: Bucket, answer: Answer) -> None:
        """Remembers the clock and the quota of an answer; an emptied bucket pauses before it is asked again."""
        if bucket == "archive":
            return
        with self._lock:
            if (told := server_time(answer)) is not None:
                self._ahead = told - self.clock()
            quota = _quota(answer)
            if quota is None or answer.headers.get("x-ratelimit-resource", bucket) != bucket:
                return
            self.quotas[bucket] = quota
            if quota.remaining == 0 and quota.reset is not None and answer.status < 400:
                self._pause(bucket, quota.reset - self.server_now() + 1, f"GitHub's {bucket} quota is used up")

    def _limited(self, bucket: Bucket, answer: Answer, verdict: Verdict, count: int, patience: "Patience") -> None:
        """Sets the pause that a limit asks for; the next round of the caller holds it."""
        slowest = ARCHIVE_SECONDS if bucket == "archive" else SECONDARY_SECONDS
        if verdict.kind == "primary":
            delay = max((verdict.reset or 0) - self.server_now(), verdict.retry_after or 0, 0) + 1
            why = f"GitHub's {bucket} quota is used up"
            paused: tuple[Bucket, ...] = (bucket,)
        else:
            delay = verdict.retry_after or slowest * 2 ** (count - 1)
            host = "the archive host" if bucket == "archive" else "GitHub"
            why = f"{host} asks to slow down"
            paused = ("archive",) if bucket == "archive" else API_BUCKETS
            self._permits[bucket].halve()
        if count > LIMITED_TRIES or not patience.allows(delay):
            detail = message(answer)
            why = f"{why} ({detail})" if detail and verdict.kind == "secondary" else why
            why = f"{why}, again after {LIMITED_TRIES} waits" if count > LIMITED_TRIES else why
            raise _too_long(why, delay, self.max_wait, self.server_now() + delay)
        with self._lock:
            for name in paused:
                self._pause(name, delay, why)

    def _pause(self, bucket: Bucket, delay: float, why: str) -> None:
        if delay > 0:
            until = self.monotonic() + delay
            self._pauses[bucket] = max(self._pauses.get(bucket, (0.0, "")), (until, why))

    def _hold(self, bucket: Bucket, patience: "Patience") -> None:
        """Waits out a pause of the bucket. One thread announces and waits, the others queue behind it."""
        with self._queues[bucket]:
            until, why = self._pauses.get(bucket, (0.0, ""))
            delay = until - self.monotonic()
            if delay > 0:
                if not patience.allows(delay):
                    raise _too_long(why, delay, self.max_wait, self.server_now() + delay)
                self._wait(delay, f"{why}: waiting {delay:.0f} s, until {iso(self.server_now() + delay)}", patience)
            with self._lock:
                if until and self._pauses.get(bucket, (0.0, ""))[0] <= until:
                    self._pauses.pop(bucket, None)

    def _backoff(self, tries: int, why: str, patience: "Patience") -> None:
        delay = self._jitter(tries)
        if not patience.allows(delay):
            raise _failed(why, f"and --max-wait {self.max_wait:.0f} s allows no further try")
        self._wait(delay, f"{why}; trying again in {delay:.1f} s", patience)

    def _jitter(self, tries: int) -> float:
        """Full jitter: anything up to a bound that doubles with each try, in seconds."""
        return self._random() * min(JITTER_CAP, JITTER_BASE * 2.0**tries)

    def _wait(self, delay: float, line: str, patience: "Patience") -> None:
        self.tell(line)
        patience.spend(delay)
        self._sleep(delay)
        self._go_on()

    def _go_on(self) -> None:
        if self._stopped.is_set():
            raise Interrupted("stopped", hint="run the same command again; what was read is kept")


class Patience:
    """The seconds that one request may still wait."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds

    def allows(self, delay: float) -> bool:
        """Whether a wait of that length fits."""
        return delay <= self._left

    def spend(self, delay: float) -> None:
        """Takes a wait off."""
        self._left -= delay


class Permits:
    """A number of requests that may be under way at once, which shrinks when the service asks to slow down."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._taken = 0
        self._free = threading.Condition()

    @contextmanager
    def one(self) -> Iterator[None]:
        """Holds one permit, waiting for it if need be."""
        with self._free:
            self._free.wait_for(lambda: self._taken < self._limit)
            self._taken += 1
        try:
            yield
        finally:
            with self._free:
                self._taken -= 1
                self._free.notify()

    def halve(self) -> None:
        """Allows half as many from now on, at least one."""
        with self._free:
            self._limit = max(1, self._limit // 2)


def _quota(answer: Answer) -> Quota | None:
    try:
        remaining = int(float(answer.headers["x-ratelimit-remaining"]))
        reset = float(answer.headers["x-ratelimit-reset"]) if "x-ratelimit-reset" in answer.headers else None
    except (KeyError, ValueError, OverflowError):
        return None
    return Quota(remaining, reset if reset is not None and 0 < reset < 1e11 else None)


def _too_long(why: str, delay: float, max_wait: float, reset: float) -> RateLimited:
    minutes = f"{delay / 60:.0f} min" if delay >= 120 else f"{delay:.0f} s"
    longer = f", or allow the wait: --max-wait {delay + 5:.0f}" if delay > max_wait else ""
    return RateLimited(
        f"{why}; it lifts in {minutes}, at {iso(reset)}"
        + (f", and --max-wait allows {max_wait:.0f} s" if longer else ""),
        hint=f"run the same command again then (what was read is kept){longer}",
        reset_at=iso(reset),
    )


def _failed(what: str, why: str) -> NetworkFailure:
    return NetworkFailure(f"{what}: {why}", hint="check the connection and run the same command again")
