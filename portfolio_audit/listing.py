"""Which repositories are looked at: all that the person may have made, and the candidates for the three shown.

Facts decide (`facts.standing`), never an answer. What could not be told widens the range and shifts nothing else.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

from portfolio_audit.snapshot import Value

SHOWN = 3
"""How many repositories averaged criteria are judged on: a reader of a portfolio opens few."""


class Member(Value, frozen=True):
    """What the score needs to know of a repository besides its answers; None means that it could not be told.

    `own`: made by the person. `counted`: listed among what they show, which implies own. `lines`: own code lines.
    `ai`: does AI work. `readable`: its main language is one in which AI work can be seen.
    """

    id: str
    name: str
    own: bool | None
    counted: bool | None
    why_not_counted: str | None = None
    lines: int | None = None
    ai: bool | None = None
    readable: bool = True


class Pools(NamedTuple):
    """Candidates in a fixed order (most code first, then by name), so that input order never matters.

    `shown`: from these the averaged three are chosen. `missing`: how many of the three could be repositories that are
    not known to count. `maybe`: those repositories. `sure`: whether `shown` are listed (else the most code).
    """

    members: tuple[Member, ...]
    shown: tuple[Member, ...]
    missing: int
    maybe: tuple[Member, ...]
    sure: bool

    @property
    def possible(self) -> tuple[Member, ...]:
        """All that the person may have made."""
        return tuple(member for member in self.members if member.own is not False)


def pools(members: Iterable[Member]) -> Pools:
    """The candidates of a portfolio: listed ones; fewer than three listed: those; none: the three with most code."""
    ordered = tuple(sorted(members, key=lambda member: (-(member.lines or 0), member.name, member.id)))
    listed = tuple(member for member in ordered if member.counted)
    maybe = tuple(member for member in ordered if member.counted is None and member.own is not False)
    missing = min(max(SHOWN - len(listed), 0), len(maybe))
    if listed:
        return Pools(ordered, listed, missing, maybe, sure=True)
    most_code = tuple(member for member in ordered if member.own)[:SHOWN]
    return Pools(ordered, most_code, missing, maybe, sure=False)


def widest(found: Pools) -> Iterator[tuple[tuple[Member, ...], int]]:
    """Every (candidates, how many of them) that the unknown could turn the choice into, at its best."""
    if not found.maybe or found.sure:
        everyone = found.shown + found.maybe
        yield everyone, min(SHOWN, len(everyone))
        if len(found.shown) < SHOWN and found.maybe:
            for more in range(SHOWN - len(found.shown)):
                for added in combinations(found.maybe, more):
                    yield found.shown + added, len(found.shown) + more
    else:
        everyone = found.possible
        for size in range(1, min(SHOWN, len(everyone)) + 1):
            yield everyone, size
