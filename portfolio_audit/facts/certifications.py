"""Certifications of the guide's list that a profile states. Stated is not verified: nobody is asked.

A name alone is no statement. It counts under a heading of certifications, in a sentence that says so, or as a badge;
plans, preparation and material for others are none.
"""

from collections.abc import Iterator
from functools import cache
from typing import ClassVar, Literal, NamedTuple, Self

import msgspec

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.fact import Fact, Location, Portfolio, PortfolioFact, TreeFact
from portfolio_audit.facts.profile import profile_repository
from portfolio_audit.facts.readme_file import read_readme
from portfolio_audit.facts.skill_table import stamp
from portfolio_audit.facts.words import fold, load_table, mentions, vocabulary
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import SourceTree

Signal = Literal["strong", "moderate", "entry-level", "low"]
LONGEST = 600
"""Characters of a block that is looked at: a longer one is no statement of a certificate."""


class Certification(Value, frozen=True):
    """One of the guide's list, and its weight with people who hire in the guide's view."""

    id: str
    name: str
    provider: str
    signal: Signal
    says: str
    words: str
    cloud: bool = False
    unless: str = ""
    also: str = ""


class _Table(Value, frozen=True):
    stated: str
    doubtful: str
    certification: tuple[Certification, ...]


class StatedName(Value, frozen=True):
    """A certification by id, and the line that states it."""

    id: str
    where: Location


class StatedNames(TreeFact, frozen=True):
    """The certifications that a README states. None if it states none."""

    version: ClassVar[str] = f"1.{stamp('certifications')}"
    names: tuple[StatedName, ...] = ()

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        """Raises Unavailable if the README could not be read."""
        readme = tree.derive(read_readme)
        if readme is None or not _promising(readme.text):
            return None
        found: dict[str, StatedName] = {}
        markup = readme.markup
        for block in markup.blocks:
            heading = markup.heading(block.section)
            if block.kind not in ("heading", "code") and len(block.text) <= LONGEST:
                for id in stated_in(block.text, heading):
                    found.setdefault(id, StatedName(id, Location(readme.path, block.line)))
        for picture in markup.pictures:
            said = f"{picture.alt} {picture.source.rpartition('/')[2]}"
            for id in stated_in(said[:LONGEST], markup.heading(picture.section), badge=True):
                found.setdefault(id, StatedName(id, Location(readme.path, picture.line, note="a badge")))
        return cls(readme.incomplete, tuple(found[id] for id in sorted(found))) if found else None


class StatedCertification(Value, frozen=True):
    """A certification that the profile states, and where: a line of the profile README, or the profile itself."""

    id: str
    name: str
    provider: str
    signal: Signal
    says: str
    cloud: bool
    repository: str = ""
    where: Location | None = None
    url: str | None = None


class Certifications(PortfolioFact, frozen=True):
    """What the profile README and the bio state, in the order of the guide. None where there is no person's profile."""

    absent: ClassVar[str] = "asked of a person's account only"
    reads: ClassVar[tuple[type[Fact], ...]] = (StatedNames,)
    stated: tuple[StatedCertification, ...] = ()

    @classmethod
    def distil(cls, portfolio: Portfolio) -> Self | None:
        snapshot = portfolio.snapshot
        if snapshot.mode == "local" or snapshot.owner.kind != "User":
            return None
        found: dict[str, tuple[str, Location | None, str | None]] = {}
        reason = None
        home = profile_repository(portfolio)
        if home is not None:
            try:
                names = home.fact(StatedNames)
                for each in names.names if names else ():
                    found[each.id] = (home.record.full_name, each.where, None)
            except Unavailable as unavailable:
                reason = unavailable.reason
        for id in stated_in((snapshot.owner.bio or "")[:LONGEST], ""):
            found.setdefault(id, ("", Location("", note="the profile's own line"), snapshot.owner.url))
        return cls(
            reason,
            tuple(
                StatedCertification(
                    each.id, each.name, each.provider, each.signal, each.says, each.cloud, *found[each.id]
                )
                for each in certifications()
                if each.id in found
            ),
        )


class _Words(NamedTuple):
    id: str
    words: tuple[str, ...]
    unless: tuple[str, ...]
    also: tuple[str, ...]


def stated_in(text: str, heading: str, *, badge: bool = False) -> Iterator[str]:
    """Ids of the certifications that this text states, under this heading."""
    table = _table()
    if not _named(text):
        return
    context = badge or mentions(heading, vocabulary(table.stated)) or mentions(text, vocabulary(table.stated))
    if not context or mentions(f"{heading}. {text}", vocabulary(table.doubtful)):
        return
    for each in _vocabularies():
        if (
            mentions(text, each.words)
            and not mentions(text, each.unless)
            and (not each.also or mentions(text, each.also))
        ):
            yield each.id


def _named(text: str) -> bool:
    folded = fold(text)
    return any(word in folded for each in _vocabularies() for word in each.words)


def _promising(text: str) -> bool:
    lower = text.lower()
    return any(
        word in lower for word in ("specialty", "speciality", "professional", "tensorflow", "azure", "ibm", "mls")
    )


def certifications() -> tuple[Certification, ...]:
    """The guide's list in its order."""
    return _table().certification


@cache
def _table() -> _Table:
    return msgspec.convert(load_table("certifications"), _Table)


@cache
def _vocabularies() -> tuple[_Words, ...]:
    return tuple(
        _Words(each.id, vocabulary(each.words), vocabulary(each.unless), vocabulary(each.also))
        for each in certifications()
    )
