"""The three rate limits, per token and for the nameless, counted on the stand-in's own clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from msgspec import Struct

LIMITS = {"core": 5000, "graphql": 5000, "search": 30}
NAMELESS = {"core": 60, "graphql": 0, "search": 10}
WINDOWS = {"core": timedelta(hours=1), "graphql": timedelta(hours=1), "search": timedelta(minutes=1)}


class Bucket(Struct):
    """One limit of one caller; ``reset`` is when ``used`` falls back to 0."""

    name: str
    limit: int
    used: int
    reset: datetime

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)

    def figures(self) -> dict[str, Any]:
        """Limit, remaining, used and reset, the last as seconds since 1970."""
        return {
            "limit": self.limit,
            "remaining": self.remaining,
            "reset": int(self.reset.timestamp()),
            "used": min(self.used, self.limit),
        }


class Quota:
    """All buckets; ``limits`` replaces the limits of a caller with a token, ``nameless`` the others."""

    def __init__(self, now: Callable[[], datetime], limits: Mapping[str, int], nameless: Mapping[str, int]) -> None:
        self.now = now
        self.limits = {True: LIMITS | dict(limits), False: NAMELESS | dict(nameless)}
        self.buckets: dict[tuple[bool, str], Bucket] = {}
        self.lock = Lock()

    def bucket(self, name: str, known: bool) -> Bucket:
        """The caller's bucket as of now."""
        now = self.now().astimezone(UTC).replace(microsecond=0)
        found = self.buckets.get((known, name))
        if found is None or now >= found.reset:
            found = Bucket(name, self.limits[known][name], 0, now + WINDOWS[name])
            self.buckets[known, name] = found
        return found

    def take(self, name: str, known: bool, points: int = 1) -> tuple[Bucket, bool]:
        """The bucket after taking ``points``, and whether they were there."""
        with self.lock:
            bucket = self.bucket(name, known)
            enough = bucket.remaining >= max(1, points)
            if enough:
                bucket.used += points
            return bucket, enough
