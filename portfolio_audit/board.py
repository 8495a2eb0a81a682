"""One end of a ledger worked out: the three repositories that give its highest score, and what passing a check adds.

The end is "value" (over what is known) or "low" (all unknown answers failed). Passing one check changes one repository,
so nothing but its items is computed again.
"""

from itertools import repeat
from typing import Literal

from portfolio_audit.arithmetic import PASSED, Grade, Marks, grade
from portfolio_audit.ledger import Item, Ledger
from portfolio_audit.listing import SHOWN, Choice, Member, Search, Vector, widest

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
        vectors = [_vector(ledger, member, end, ledger.marks[member.id]) for member in self._candidates]
        self._search = Search(vectors + [_failing(ledger)] * missing, self._weights, SHOWN)
        self.choice: Choice = self._search.best(*self._base({}))

    @property
    def shown(self) -> tuple[Member, ...]:
        """The members on which the averaged items are judged."""
        known = self._candidates
        return tuple(known[position] for position in self.choice.positions if position < len(known))

    def passing(self, subject: str | None, check: str) -> float | None:
        """The score if that check of that repository (of the portfolio: None) were passed, exactly."""
        ledger = self.ledger
        if subject is None:
            asked = {**ledger.asked, check: PASSED}
            items = [(n, ledger.items[n]) for n in ledger.fixed if check in ledger.items[n].weights]
            graded = {n: grade(item.weights, asked, item.criterion.strict) for n, item in items}
            return self._search.best(*self._base({n: _number(made, self.end) for n, made in graded.items()})).score
        if any(factor.check == check for factor in ledger.factors):
            return Board(ledger.passing(subject, check), self.end).choice.score
        marks: Marks = {**ledger.marks[subject], check: PASSED}
        member = next(member for member in ledger.pools.members if member.id == subject)
        changed = {
            n: self._raised(n, ledger.items[n], member, marks) for n in ledger.fixed if check in ledger.items[n].weights
        }
        base = self._base(changed)
        place = self._places.get(subject)
        if place is None or not any(check in ledger.items[n].weights for n in ledger.averaged):
            return self._search.best(*base).score
        return self._search.raised(place, _vector(ledger, member, self.end, marks), *base)

    def _raised(self, n: int, item: Item, member: Member, marks: Marks) -> float | None:
        """The number of an item when one repository's marks rose: for one that takes the best, no other can fall."""
        if item.across != "best" or not member.own or (item.criterion.only == "ai" and not member.ai):
            return _number(self.ledger.overall(item, {member.id: marks}), self.end)
        numbers = (self._numbers[n], _number(self.ledger.grade_of(item, member, marks), self.end))
        return max((number for number in numbers if number is not None), default=None)

    def _base(self, changed: dict[int, float | None]) -> tuple[float, float]:
        numbers = {**self._numbers, **changed}
        known = [(self.ledger.items[n].weight, number) for n, number in numbers.items() if number is not None]
        return sum(weight * number for weight, number in known), sum(weight for weight, _ in known)


def high_end(ledger: Ledger) -> float | None:
    """The score if all that is unknown turned out best, repositories that may count included; None without items."""
    known = [(ledger.items[n].weight, made.high) for n, made in ledger.fixed.items() if made is not None]
    base, base_weight = sum(weight * number for weight, number in known), sum(weight for weight, _ in known)
    weights = [ledger.items[n].weight for n in ledger.averaged]
    possible = {member.id: _vector(ledger, member, "high", ledger.marks[member.id]) for member in ledger.pools.possible}
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


def _vector(ledger: Ledger, member: Member, end: Literal["low", "value", "high"], marks: Marks) -> Vector:
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
