"""Which repositories are looked at: the candidates of a portfolio and, for averaged criteria, the best three of them.

The best three are found exactly. For a fixed pattern of criteria that do not apply (or are unknown) in three
repositories, the score is a sum of one number per repository, so the best of each pattern can be taken alone; only the
patterns have to be combined, and real portfolios have few.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, combinations_with_replacement
from typing import NamedTuple

from portfolio_audit.snapshot import Value

SHOWN = 3
"""How many repositories averaged criteria are judged on: a reader of a portfolio opens few."""

Vector = tuple[float | None, ...]
"""One number per averaged criterion, None where there is none."""


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


class Choice(NamedTuple):
    """The best mean, and the positions of the members that give it."""

    score: float | None
    positions: tuple[int, ...]


class _Combination(NamedTuple):
    weight: float
    total: float
    coefficients: tuple[float, ...]
    positions: tuple[int, ...]
    parts: Mapping[tuple[bool, ...], tuple[tuple[float, int], ...]]


class Search:
    """Chooses `size` of some members so that a weighted mean over criteria is highest.

    `vectors` holds each member's numbers, `weights` the criteria's weights. A criterion's number for a choice is the
    mean over the chosen members that have one; a criterion in which none has one drops out of the mean.
    """

    def __init__(self, vectors: Sequence[Vector], weights: Sequence[float], size: int) -> None:
        self._vectors = vectors
        self._weights = weights
        self._size = min(size, len(vectors))
        self._groups: dict[tuple[bool, ...], list[int]] = {}
        for position, vector in enumerate(vectors):
            self._groups.setdefault(_pattern(vector), []).append(position)
        self._ranked: dict[tuple[tuple[bool, ...], tuple[float, ...]], tuple[tuple[float, int], ...]] = {}
        self._combinations = tuple(self._combine())

    def _combine(self) -> Iterator[_Combination]:
        for chosen in combinations_with_replacement(self._groups, self._size):
            wanted = {pattern: chosen.count(pattern) for pattern in chosen}
            if any(count > len(self._groups[pattern]) for pattern, count in wanted.items()):
                continue
            counts = [sum(column) for column in zip(*chosen, strict=True)] or [0] * len(self._weights)
            yield self._solve(wanted, counts)

    def _solve(self, wanted: Mapping[tuple[bool, ...], int], counts: Sequence[int]) -> _Combination:
        coefficients = tuple(w / n if n else 0.0 for w, n in zip(self._weights, counts, strict=True))
        weight = sum(w for w, n in zip(self._weights, counts, strict=True) if n)
        parts = {pattern: self._rank(pattern, coefficients)[:count] for pattern, count in wanted.items()}
        taken = [pair for part in parts.values() for pair in part]
        positions = tuple(sorted(position for _, position in taken))
        return _Combination(weight, sum(score for score, _ in taken), coefficients, positions, parts)

    def _rank(self, pattern: tuple[bool, ...], coefficients: tuple[float, ...]) -> tuple[tuple[float, int], ...]:
        key = (pattern, coefficients)
        if key not in self._ranked:
            scored = [(_dot(coefficients, self._vectors[position]), position) for position in self._groups[pattern]]
            scored.sort(key=lambda pair: (-round(pair[0], 12), pair[1]))
            self._ranked[key] = tuple(scored[: self._size])
        return self._ranked[key]

    def best(self, base: float, base_weight: float) -> Choice:
        """The highest mean together with a sum `base` of weighted numbers whose weights sum to `base_weight`."""
        found = Choice(None, ())
        for made in self._combinations:
            heft = base_weight + made.weight
            score = (base + made.total) / heft if heft else None
            if _better(score, made.positions, found):
                found = Choice(score, made.positions)
        return found

    def raised(self, position: int, vector: Vector, base: float, base_weight: float) -> float | None:
        """The highest mean if one member's numbers rose to `vector`; the same criteria must be without a number."""
        pattern = _pattern(vector)
        highest: float | None = None
        for made in self._combinations:
            total = made.total
            if pattern in made.parts:
                total = max(total, self._with(made, position, pattern, vector))
            heft = base_weight + made.weight
            if heft:
                score = (base + total) / heft
                highest = score if highest is None else max(highest, score)
        return highest

    @staticmethod
    def _with(made: _Combination, position: int, pattern: tuple[bool, ...], vector: Vector) -> float:
        total = _dot(made.coefficients, vector)
        for other, part in made.parts.items():
            if other == pattern:
                total += sum([score for score, taken in part if taken != position][: len(part) - 1])
            else:
                total += sum(score for score, _ in part)
        return total


def _better(score: float | None, positions: tuple[int, ...], found: Choice) -> bool:
    """Whether a choice beats the one found: by score, and between equals by the order of the members."""
    if found.score is None or score is None:
        return found.score is None and (score is not None or not found.positions or positions < found.positions)
    if abs(score - found.score) > 1e-12:
        return score > found.score
    return positions < found.positions


def _pattern(vector: Vector) -> tuple[bool, ...]:
    return tuple(number is not None for number in vector)


def _dot(coefficients: Sequence[float], vector: Vector) -> float:
    return sum(a * number for a, number in zip(coefficients, vector, strict=True) if number is not None)
