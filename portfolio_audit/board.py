"""One end of a ledger worked out: the three repositories that give its highest score, and what passing a check adds.

The end is "value" (over what is known) or "low" (all unknown answers failed). Passing one check changes one repository,
so nothing but its items is computed again.
"""

from itertools import repeat
from typing import Literal

from portfolio_audit.arithmetic import PASSED, Grade, Marks
from portfolio_audit.choice import Choice, Search, Vector
from portfolio_audit.ledger import Ledger
from portfolio_audit.listing import SHOWN, Member, widest

End = Literal["low", "value"]


class Board:
    """A ledger under one end. `choice` is the best mean (0 to 1, None if nothing is known) and whom it shows."""

    def __init__(self, ledger: Ledger, end: End) -> None:
        self.ledger = ledger
        self.end = end
        self._weights = [ledger.items[n].weight for n in ledger.averaged]
        self._numbers = {n: _number(made, end) for n, made in ledger.fixed.items()}
        found = ledger.pools
        missing = found.missing if end == "low" else 0 if found.shown else 1
        self._candidates = found.shown if found.sure or end == "value" or not missing else ()
        self._places = {member.id: position for position, member in enumerate(self._candidates)}
        self._vectors = [_vector(ledger, member, end) for member in self._candidates] + [_failing(ledger)] * missing
        self._with: dict[int, float] = {}
        self._search = Search(self._vectors, self._weights, SHOWN)
        self.choice: Choice = self._search.best(*self._base({}))

    @property
    def shown(self) -> tuple[Member, ...]:
        """The members on which the averaged items are judged."""
        known = self._candidates
        return tuple(known[position] for position in self.choice.positions if position < len(known))

    def gain(self, subject: str | None, check: str, *, least: float) -> float:
        """How much the score (0 to 1) rises, exactly, if that check of that repository (of the portfolio: None) passes.

        A gain that is shown to stay below `least` by a bound is answered as 0, without the search.
        """
        ledger = self.ledger
        now = self.choice.score or 0.0
        if subject is None:
            marks: Marks = {**ledger.asked, check: PASSED}
        else:
            marks = {**ledger.marks[subject], check: PASSED}
        bites = subject is not None and any(factor.check == check for factor in ledger.factors)
        touched = [
            n
            for n, item in enumerate(ledger.items)
            if check in item.weights or (bites and item.criterion.originality and item.across != "portfolio")
        ]
        changed = {
            n: _number(ledger.overall(ledger.items[n], subject, marks), self.end) for n in touched if n in self._numbers
        }
        same = all(self._numbers[n] == number for n, number in changed.items())
        place = None if subject is None else self._places.get(subject)
        if subject is None or place is None or all(n in self._numbers for n in touched):
            return 0.0 if same else (self._search.best(*self._base(changed)).score or 0.0) - now
        vector = _vector(ledger, ledger.member(subject), self.end, marks)
        if same and self._reach(place, vector) - now < least:
            return 0.0
        return (self._search.raised(place, vector, *self._base(changed)) or 0.0) - now

    def gain_of_meeting(self, criterion: str) -> float:
        """How much the score (0 to 1) rises if a further repository met all that this criterion asks of one."""
        found = {
            n: item for n, item in enumerate(self.ledger.items) if n in self._numbers and item.across != "portfolio"
        }
        changed: dict[int, float | None] = {n: 1.0 for n, item in found.items() if item.criterion.id == criterion}
        return (self._search.best(*self._base(changed)).score or 0.0) - (self.choice.score or 0.0)

    def _reach(self, place: int, vector: Vector) -> float:
        """A bound for every choice with this member, if its numbers rose to `vector`: each may count undivided."""
        before = self._vectors[place]
        base, base_weight = self._base({})
        if place not in self._with:
            self._with[place] = self._search.including(place, before, base, base_weight) or 0.0
        weighted = list(zip(self._weights, before, vector, strict=True))
        if any((old is None) != (new is None) for _, old, new in weighted):
            return 1.0
        rise = sum(weight * (new - old) for weight, old, new in weighted if old is not None and new is not None)
        heft = base_weight + sum(weight for weight, _, new in weighted if new is not None)
        return self._with[place] + rise / heft

    def _base(self, changed: dict[int, float | None]) -> tuple[float, float]:
        numbers = {**self._numbers, **changed}
        known = [(self.ledger.items[n].weight, number) for n, number in numbers.items() if number is not None]
        return sum(weight * number for weight, number in known), sum(weight for weight, _ in known)


def high_end(ledger: Ledger) -> float | None:
    """The score if all that is unknown turned out best, repositories that may count included; None without items."""
    known = [(ledger.items[n].weight, made.high) for n, made in ledger.fixed.items() if made is not None]
    base, base_weight = sum(weight * number for weight, number in known), sum(weight for weight, _ in known)
    weights = [ledger.items[n].weight for n in ledger.averaged]
    possible = {member.id: _vector(ledger, member, "high") for member in ledger.pools.possible}
    tried: set[tuple[tuple[Vector, ...], int]] = set()
    scores: list[float] = []
    for members, size in widest(ledger.pools):
        vectors = tuple(possible[member.id] for member in members)
        if (vectors, size) in tried:
            continue
        tried.add((vectors, size))
        score = Search(vectors, weights, size).best(base, base_weight).score
        if score is not None:
            scores.append(score)
    return max(scores, default=None)


def _vector(ledger: Ledger, member: Member, end: Literal["low", "value", "high"], marks: Marks | None = None) -> Vector:
    return tuple(_number(ledger.grade_of(ledger.items[n], member, marks), end) for n in ledger.averaged)


def _failing(ledger: Ledger) -> Vector:
    """At worst, a place of the three that an unread repository may take is taken by one that fails everything.

    Where no repository is surely the person's own, that holds for the value too: nothing is credited to them.
    """
    return tuple(repeat(0.0, len(ledger.averaged)))


def _number(made: Grade | None, end: Literal["low", "value", "high"]) -> float | None:
    if made is None:
        return None
    return made.low if end == "low" else made.high if end == "high" else made.value
