"""The rules for notebooks, as data: which measure may not be above or below what, and what to do about it."""

from functools import cache
from typing import Literal, get_args

import msgspec

from portfolio_audit.facts.notebook_measures import Measure
from portfolio_audit.facts.words import load_table
from portfolio_audit.snapshot import Value

Group = Literal["order", "narrative", "tidy"]


class Rule(Value, frozen=True):
    """One rule of data/notebook_rules.toml: broken if `measure` is above `above` or below `below`.

    It is asked of notebooks that reach every measure of `asks` and none of `spares`, and not told beside a broken rule
    of `unless`. `counts` says what a break costs the notebook: all of it, half of it, or nothing. `same_as` names the
    rules of other tools that ask the same.
    """

    id: str
    group: Group
    measure: str
    counts: Literal["whole", "half", "note"]
    says: str
    fix: str
    above: float | None = None
    below: float | None = None
    asks: dict[str, float] = {}
    spares: dict[str, float] = {}
    unless: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()

    def asked_of(self, found: dict[str, Measure]) -> bool:
        """Whether the rule makes sense for a notebook with these measures."""
        reached = all(name in found and found[name].value >= least for name, least in self.asks.items())
        spared = any(name in found and found[name].value >= least for name, least in self.spares.items())
        return self.measure in found and reached and not spared

    def broken_by(self, found: dict[str, Measure]) -> bool:
        """Whether a notebook of which it is asked breaks it."""
        value = found[self.measure].value
        return (self.above is not None and value > self.above) or (self.below is not None and value < self.below)


@cache
def load_rules() -> tuple[Rule, ...]:
    """Every rule, in the order of the table."""
    return msgspec.convert(load_table("notebook_rules")["rule"], tuple[Rule, ...])


def broken_rules(found: dict[str, Measure], groups: tuple[Group, ...] = get_args(Group)) -> tuple[Rule, ...]:
    """The rules of these groups that a notebook with these measures breaks."""
    broken = [each for each in load_rules() if each.group in groups and each.asked_of(found) and each.broken_by(found)]
    told = {each.id for each in broken}
    return tuple(each for each in broken if told.isdisjoint(each.unless))


@cache
def rule(id: str) -> Rule:
    """The rule of that id. Raises LookupError for another id."""
    return next(each for each in load_rules() if each.id == id)
