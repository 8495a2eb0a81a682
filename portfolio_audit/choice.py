"""The best three of many repositories, found exactly and without trying every three.

A criterion's number for a choice is the mean over the chosen that have one, so what a repository adds depends on which
criteria the others lack. But once the patterns of what is lacking are fixed, the score is a sum of one number per
repository, and the best of each pattern can be taken alone. Only the patterns have to be combined, and real portfolios
have few: 130 repositories with 16 patterns need 700 combinations instead of 360,000.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations_with_replacement
from operator import mul
from typing import NamedTuple

Vector = tuple[float | None, ...]
"""One number per averaged criterion, None where there is none."""

Pattern = tuple[bool, ...]


class Choice(NamedTuple):
    """The best mean, and the positions of the members that give it."""

    score: float | None
    positions: tuple[int, ...]


class _Combination(NamedTuple):
    """The best choice with these patterns: `parts` holds (number, position) of the chosen, best first, by pattern."""

    weight: float
    total: float
    coefficients: tuple[float, ...]
    positions: tuple[int, ...]
    parts: Mapping[Pattern, tuple[tuple[float, int], ...]]


class Search:
    """Chooses `size` of some members so that a weighted mean over criteria is highest.

    `vectors` holds each member's numbers, `weights` the criteria's weights. A criterion in which none of the chosen has
    a number drops out of the mean. Between equal choices the members that stand first win.
    """

    def __init__(self, vectors: Sequence[Vector], weights: Sequence[float], size: int) -> None:
        self._vectors = vectors
        self._weights = weights
        self._size = min(size, len(vectors))
        self._groups: defaultdict[Pattern, list[tuple[int, tuple[float, ...]]]] = defaultdict(list)
        for position, vector in enumerate(vectors):
            self._groups[_pattern(vector)].append((position, _dense(vector)))
        self._ranked: dict[tuple[Pattern, tuple[float, ...]], tuple[tuple[float, int], ...]] = {}
        self._combinations = tuple(self._combine())
        self._having: defaultdict[Pattern, list[_Combination]] = defaultdict(list)
        for made in self._combinations:
            for pattern in made.parts:
                self._having[pattern].append(made)

    def _combine(self) -> Iterator[_Combination]:
        for chosen in combinations_with_replacement(self._groups, self._size):
            wanted = {pattern: chosen.count(pattern) for pattern in chosen}
            if all(count <= len(self._groups[pattern]) for pattern, count in wanted.items()):
                counts = [sum(column) for column in zip(*chosen, strict=True)] or [0] * len(self._weights)
                yield self._solve(wanted, counts)

    def _solve(self, wanted: Mapping[Pattern, int], counts: Sequence[int]) -> _Combination:
        coefficients = tuple(w / n if n else 0.0 for w, n in zip(self._weights, counts, strict=True))
        weight = sum(w for w, n in zip(self._weights, counts, strict=True) if n)
        parts = {pattern: self._rank(pattern, coefficients)[:count] for pattern, count in wanted.items()}
        taken = [pair for part in parts.values() for pair in part]
        positions = tuple(sorted(position for _, position in taken))
        return _Combination(weight, sum(number for number, _ in taken), coefficients, positions, parts)

    def _rank(self, pattern: Pattern, coefficients: tuple[float, ...]) -> tuple[tuple[float, int], ...]:
        key = (pattern, coefficients)
        if key not in self._ranked:
            scored = [(sum(map(mul, coefficients, dense)), position) for position, dense in self._groups[pattern]]
            scored.sort(key=lambda pair: (-round(pair[0], 12), pair[1]))
            self._ranked[key] = tuple(scored[: self._size])
        return self._ranked[key]

    def best(self, base: float, base_weight: float) -> Choice:
        """The highest mean together with a sum `base` of weighted numbers whose weights sum to `base_weight`."""
        found: Choice | None = None
        for made in self._combinations:
            heft = base_weight + made.weight
            score = (base + made.total) / heft if heft else None
            if found is None or _better(score, made.positions, found):
                found = Choice(score, made.positions)
        return found or Choice(None, ())

    def raised(self, position: int, vector: Vector, base: float, base_weight: float) -> float | None:
        """The highest mean if one member's numbers rose to `vector`."""
        if _pattern(vector) != _pattern(self._vectors[position]):
            vectors = [*self._vectors]
            vectors[position] = vector
            return Search(vectors, self._weights, self._size).best(base, base_weight).score
        others = self.best(base, base_weight).score
        own = self.including(position, vector, base, base_weight)
        return max((score for score in (others, own) if score is not None), default=None)

    def including(self, position: int, vector: Vector, base: float, base_weight: float) -> float | None:
        """The highest mean of the choices that include one member, with these numbers for it (None where it had)."""
        pattern, dense = _pattern(vector), _dense(vector)
        highest: float | None = None
        for made in self._having[pattern]:
            part = made.parts[pattern]
            freed = next((number for number, taken in part if taken == position), part[-1][0])
            heft = base_weight + made.weight
            if heft:
                score = (base + made.total - freed + sum(map(mul, made.coefficients, dense))) / heft
                if highest is None or score > highest:
                    highest = score
        return highest


def _better(score: float | None, positions: tuple[int, ...], found: Choice) -> bool:
    if score is None or found.score is None:
        return score is not None or (found.score is None and positions < found.positions)
    if abs(score - found.score) > 1e-12:
        return score > found.score
    return positions < found.positions


def _pattern(vector: Vector) -> Pattern:
    return tuple(number is not None for number in vector)


def _dense(vector: Vector) -> tuple[float, ...]:
    return tuple(number or 0.0 for number in vector)
