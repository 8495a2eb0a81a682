"""How much somebody contributed in each of the last quarters, by the service's own count; one request for all.

Nothing is judged by it, so nothing is risked for it: it never waits for a quota, and where the service refuses it, the
audit goes on without.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from portfolio_audit.errors import AuthenticationError, NetworkFailure, RateLimited, Unavailable, UsageError
from portfolio_audit.snapshot import Activity, Quarter, encode
from portfolio_audit.sources.answer_parts import mapping, number
from portfolio_audit.sources.queries import MOST_QUARTERS, contributions_by_quarter
from portfolio_audit.sources.service import Service, TooHeavy
from portfolio_audit.sources.source import Memory, recalled
from portfolio_audit.sources.verdict import iso

FEWEST = 2
MOST_COUNTED = 2**31 - 1
"""The service counts in 32 bits; anything else is no count."""

UNCOUNTED = "contributions by quarter are only counted for a request with a token"


def read_activity(service: Service, memory: Memory, login: str, data_time: str) -> Activity:
    """The counts of the last eight quarters, the running one included; fewer where eight were too much at once.

    `data_time` is ISO 8601 UTC. Raises Unavailable with the reason; no failure of this reading ends an audit.
    """
    if not service.authenticated:
        raise Unavailable(UNCOUNTED)
    known = known_activity(service, memory, login)
    if known is not None and known.quarters[-1].start == quarters(data_time, 1)[0].start:
        return known
    quota = service.gate.quotas.get("graphql")
    if quota is not None and quota.remaining < 1:
        raise Unavailable("the quota of the service was used up before contributions could be counted")
    try:
        found = _read(service, login, data_time)
    except (AuthenticationError, RateLimited, NetworkFailure, UsageError) as error:
        raise Unavailable(str(error)) from None
    memory.remember("activity", _key(service, login), encode(found), login=login)
    return found


def known_activity(service: Service, memory: Memory, login: str) -> Activity | None:
    """The counts of an earlier request that may still be used, or None."""
    known = recalled(memory, "activity", _key(service, login), Activity)
    return known if known is not None and known.quarters else None


def quarters(data_time: str, count: int) -> list[Quarter]:
    """The last `count` quarters of the calendar up to a time, oldest first, without counts."""
    now = datetime.fromisoformat(data_time).astimezone(UTC)
    start = datetime(now.year, 3 * ((now.month - 1) // 3) + 1, 1, tzinfo=UTC)
    found = [Quarter(_stamp(start), _stamp(now))]
    while len(found) < count:
        end = start - timedelta(seconds=1)
        start = datetime(end.year, 3 * ((end.month - 1) // 3) + 1, 1, tzinfo=UTC)
        found.append(Quarter(_stamp(start), _stamp(end)))
    return found[::-1]


def _read(service: Service, login: str, data_time: str) -> Activity:
    count = MOST_QUARTERS
    while True:
        spans = quarters(data_time, count)
        variables: dict[str, object] = {"login": login}
        for position, span in enumerate(spans):
            variables |= {f"f{position}": span.start, f"t{position}": span.end}
        try:
            reply = service.graphql(
                contributions_by_quarter(count), variables, what=f"counting contributions of {login}"
            )
            person = mapping(reply.data.get("user"))
            reason = next((fault.text for fault in reply.faults if fault.text), "an empty answer")
        except TooHeavy as heavy:
            person, reason = {}, heavy.reason
        if person:
            return Activity(tuple(_counted(span, person.get(f"q{n}")) for n, span in enumerate(spans)))
        count //= 2
        if count < FEWEST:
            raise Unavailable(f"contributions by quarter could not be counted: {reason}")
        service.gate.breathe(1, f"{service.host} {reason}: asking for {count} quarters")


def _counted(span: Quarter, answer: Any) -> Quarter:
    counts = mapping(answer)

    def count(field: str) -> int | None:
        """The count, or None for what is none."""
        found = number(counts.get(field))
        return found if found is not None and 0 <= found <= MOST_COUNTED else None

    return Quarter(
        span.start,
        span.end,
        commits=count("totalCommitContributions"),
        pulls=count("totalPullRequestContributions"),
        reviews=count("totalPullRequestReviewContributions"),
        issues=count("totalIssueContributions"),
        private=count("restrictedContributionsCount"),
    )


def _stamp(time: datetime) -> str:
    return iso(time.timestamp())


def _key(service: Service, login: str) -> str:
    return f"{service.host}/{login.lower()}"
