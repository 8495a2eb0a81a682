"""What an audit would cost in requests, compared with what the service still allows; for a run that only asks."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from portfolio_audit.snapshot import RepositoryRecord
from portfolio_audit.sources.activity import known_activity
from portfolio_audit.sources.answer_parts import mapping, number
from portfolio_audit.sources.contributions import remembered
from portfolio_audit.sources.details import SIZES, DetailsReader
from portfolio_audit.sources.forks import MOST_FORKS, ForkReader
from portfolio_audit.sources.overview import PAGE_SIZE as LISTED
from portfolio_audit.sources.overview import Overview
from portfolio_audit.sources.service import Service
from portfolio_audit.sources.source import Memory
from portfolio_audit.sources.verdict import iso


class Estimate(NamedTuple):
    """`needed` and `remaining` are requests (points for graphql) by bucket; `resets` ISO 8601 UTC by bucket;
    `limits` what each bucket holds when it is full.

    `archives` counts the downloads, which take from "core" only with a token. `fits` is false if a bucket is too empty.
    """

    repositories: int
    archives: int
    needed: dict[str, int]
    remaining: dict[str, int]
    resets: dict[str, str]
    limits: dict[str, int] = {}

    @property
    def fits(self) -> bool:
        """Whether every bucket suffices, as far as is known."""
        return all(self.remaining.get(bucket, count) >= count for bucket, count in self.needed.items())

    @property
    def sentence(self) -> str:
        """The estimate in one line."""
        parts = [
            f"{count} {bucket} ({self.remaining[bucket]} left)" if bucket in self.remaining else f"{count} {bucket}"
            for bucket, count in self.needed.items()
        ]
        short = [bucket for bucket, count in self.needed.items() if self.remaining.get(bucket, count) < count]
        wait = "".join(f"; {bucket} refills at {self.resets[bucket]}" for bucket in short if bucket in self.resets)
        return f"{self.repositories} repositories, {self.archives} archives; still needed: {', '.join(parts)}{wait}"


def from_counts(service: Service, counts: Sequence[int]) -> Estimate:
    """What first audits of people with so many public repositories cost, listings included, with a token.

    Nothing is known but these numbers, so every repository is one to download, and the first ones are forks.
    """
    listings = sum(max(1, -(-count // LISTED)) for count in counts)
    details = sum(-(-count // SIZES[0]) for count in counts)
    forks = sum(min(count, MOST_FORKS) for count in counts)
    search_and_activity = 2 * len(counts)
    needed = {"graphql": listings + details + search_and_activity, "core": sum(counts) + forks}
    return priced(service, sum(counts), sum(counts), needed)


def estimate(
    service: Service, memory: Memory, overview: Overview, cached: Callable[[RepositoryRecord], bool]
) -> Estimate:
    """The cost of auditing a portfolio whose listing was read."""
    readable = [
        record
        for record in overview.records
        if not record.empty and not record.disabled and (record.head is not None or not service.authenticated)
    ]
    archives = sum(not cached(record) for record in readable)
    login = overview.owner.login
    searches = int(overview.owner.kind == "User" and remembered(service, memory, login) is None)
    if service.authenticated:
        details = -(-DetailsReader(service, memory, login).missing(readable) // SIZES[0])
        forks = ForkReader(service, memory, login).missing(readable)
        counts = int(overview.owner.kind == "User" and known_activity(service, memory, login) is None)
        needed = {"graphql": details + searches + counts, "core": archives + forks}
    else:
        needed = {"core": 0, "search": searches}
    return priced(service, len(overview.records), archives, needed)


def priced(service: Service, repositories: int, archives: int, needed: dict[str, int]) -> Estimate:
    """These needs beside what is left of each bucket; asks for the rate limits, which is free."""
    body = mapping(service.rest("/rate_limit", what="asking for the rate limits", bucket="free").body)
    remaining, resets, limits = {}, {}, {}
    for bucket in needed:
        quota = mapping(mapping(body.get("resources")).get(bucket))
        if (left := number(quota.get("remaining"))) is not None:
            remaining[bucket] = left
        if (reset := number(quota.get("reset"))) is not None:
            resets[bucket] = iso(reset)
        if (limit := number(quota.get("limit"))) is not None:
            limits[bucket] = limit
    return Estimate(repositories, archives, needed, remaining, resets, limits)
