"""How answers become numbers: three numbers for everything, because an unknown is neither failed nor passed.

A grade has a low end (all unknown answers failed), a high end (all passed) and a value (over what is known). Every
operation here keeps two promises on which the whole score rests: raising any answer raises no number downwards, and
making a known answer unknown raises no low end and lowers no high end. `None` for a grade means that the question does
not apply; it drops out of every mean.
"""

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from portfolio_audit.api import Outcome
from portfolio_audit.rubric import Criterion, Factor


class Grade(NamedTuple):
    """Numbers between 0 and 1. `value` is None if nothing is known (the ends are 0 and 1), else within the ends."""

    low: float
    value: float | None
    high: float

    @property
    def coverage(self) -> float:
        """The share that is known."""
        return 1.0 - (self.high - self.low)


FAILED = Grade(0.0, 0.0, 0.0)
PASSED = Grade(1.0, 1.0, 1.0)
UNKNOWN = Grade(0.0, None, 1.0)

Marks = Mapping[str, Grade | None]
"""Answers of one subject by check id. A check that does not apply is absent; None marks one that does not apply unless
the check it needs, of which nothing is known, fails: it weighs on the low end alone."""


def mark(outcome: Outcome) -> Grade:
    """An answer as a grade; not for answers that do not apply."""
    if outcome.status == "unknown":
        return Grade(outcome.at_least, outcome.at_least or None, 1.0)
    return Grade(*(float(outcome.score or 0.0),) * 3)


def marks_of(
    outcomes: Mapping[str, Outcome], criteria: Iterable[Criterion], *, alone: bool = False
) -> dict[str, Grade | None]:
    """The marks of one subject; `alone` for a repository that is judged by itself.

    Under a criterion with `needs`, an answer that does not apply is a failure while the needed check fails. Under one
    with `originality` it is always a failure in a portfolio: what gives proof is never excused there, while a library
    judged by itself is not asked to be an application.
    """
    marks: dict[str, Grade | None] = {}
    for criterion in criteria:
        needed = outcomes.get(criterion.needs) if criterion.needs else None
        for check in criterion.checks:
            outcome = outcomes.get(check)
            if outcome is None:
                continue
            if outcome.status != "not_applicable":
                marks[check] = mark(outcome)
            elif (criterion.originality and not alone) or (needed is not None and needed.status == "failed"):
                marks[check] = FAILED
            elif needed is not None and needed.status == "unknown":
                marks[check] = None
    return marks


def grade(weights: Mapping[str, float], marks: Marks, strict: Iterable[str] = ()) -> Grade | None:
    """The weighted mean of one subject's marks; an unknown mark of a `strict` check counts as failed in the value."""
    severe = frozenset(strict)
    parts = [(weight, marks[check], check in severe) for check, weight in weights.items() if check in marks]
    made = mean((weight, _failing_if_unknown(mark) if harsh else mark) for weight, mark, harsh in parts)
    if made is None or all(mark is not None for _, mark, _ in parts):
        return made
    low = sum(weight * mark.low for weight, mark, _ in parts if mark is not None) / sum(
        weight for weight, _, _ in parts
    )
    return made._replace(low=low)


def _failing_if_unknown(mark: Grade | None) -> Grade | None:
    return mark._replace(value=0.0) if mark is not None and mark.value is None else mark


def scaled(made: Grade | None, factors: Iterable[Factor], marks: Marks) -> Grade | None:
    """A grade times the originality factors of its repository.

    A failed factor's check leaves `factor` of the grade, a passed one all of it, a partial one a share in between. An
    unknown one may do either: it lowers the low end alone. Once a factor bites, part of the grade is known to be lost,
    so its value is 0 rather than unknown where nothing else is known.
    """
    if made is None:
        return None
    low, value, high = made
    for factor in factors:
        answer = marks.get(factor.check) or PASSED
        low *= _left(factor, answer.low)
        high *= _left(factor, answer.high)
        if answer.value is not None and answer.high < 1.0:
            value = (value or 0.0) * _left(factor, answer.value)
    return _ordered(low, value, high)


def _left(factor: Factor, answer: float) -> float:
    return factor.factor + (1.0 - factor.factor) * answer


def best(grades: Iterable[Grade | None]) -> Grade | None:
    """The highest of each number; an unread candidate that could win raises the high end alone."""
    applicable = [made for made in grades if made is not None]
    if not applicable:
        return None
    values = [made.value for made in applicable if made.value is not None]
    return Grade(
        max(made.low for made in applicable),
        max(values) if values else None,
        max(made.high for made in applicable),
    )


def mean(parts: Iterable[tuple[float, Grade | None]]) -> Grade | None:
    """The weighted mean of (weight, grade); the value is over those with a value."""
    applicable = [(weight, made) for weight, made in parts if made is not None and weight > 0.0]
    total = sum(weight for weight, _ in applicable)
    if total == 0.0:
        return None
    known = [(weight, made.value) for weight, made in applicable if made.value is not None]
    heft = sum(weight for weight, _ in known)
    return _ordered(
        sum(weight * made.low for weight, made in applicable) / total,
        sum(weight * value for weight, value in known) / heft if heft else None,
        sum(weight * made.high for weight, made in applicable) / total,
    )


def cut(share: float) -> float:
    """Points of 100 with two decimals, never rounded up: 59.996 is not yet 60."""
    return math.floor(round(10_000 * share, 6)) / 100


def capped(made: Grade, ceiling: float, *, certain: bool) -> Grade:
    """A grade under a ceiling: all of it if the ceiling is certain, the low end alone if it is only possible."""
    low, value, high = made
    if not certain:
        return Grade(min(low, ceiling), value, high)
    return Grade(min(low, ceiling), None if value is None else min(value, ceiling), min(high, ceiling))


def _ordered(low: float, value: float | None, high: float) -> Grade:
    """Rounding of the last bit never puts the value outside its range."""
    high = max(low, high)
    return Grade(low, None if value is None else min(max(value, low), high), high)
