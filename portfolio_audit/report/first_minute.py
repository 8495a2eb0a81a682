"""The first minute: what somebody meets who opens the profile, from top to bottom, and what each part says.

These are statements about what is shown there; what they are worth is said by the checks, and nothing here is scored.
"""

from collections.abc import Iterator
from typing import Literal, TypeVar

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.deployment import Deployment
from portfolio_audit.facts.excerpt import quote
from portfolio_audit.facts.fact import Fact, Portfolio, Repository
from portfolio_audit.facts.pins import Pin, Pins
from portfolio_audit.facts.profile import Profile
from portfolio_audit.facts.readme import Readme
from portfolio_audit.facts.words import counted
from portfolio_audit.report.permalink import is_web, permanent
from portfolio_audit.report.profile_view import FirstMinute, PinnedView, Sight
from portfolio_audit.snapshot import Owner, Snapshot

F = TypeVar("F", bound=Fact)
NOTHING_PINNED = "No repository is pinned: GitHub then shows popular ones in an order of its own."


def first_minute_of(portfolio: Portfolio) -> FirstMinute:
    """The view of a profile; whatever could not be read says so."""
    sights = tuple(_sights(portfolio))
    try:
        pins = portfolio.fact(Pins)
    except Unavailable as unavailable:
        return FirstMinute(sights, None, unavailable.reason)
    if pins is None or not pins.pinned:
        return FirstMinute(sights, () if pins else None, NOTHING_PINNED if pins else "not asked of files on a disk")
    homes = {each.record.full_name.casefold(): each for each in portfolio.repositories}
    base = _base(portfolio.snapshot.owner)
    return FirstMinute(sights, tuple(_pinned(pin, homes.get(pin.repository.casefold()), base) for pin in pins.pinned))


def _base(owner: Owner) -> str | None:
    """The address that repositories lie under, taken from the owner's own."""
    url = (owner.url or "").rstrip("/")
    return url.removesuffix(f"/{owner.login}") if is_web(url) and url.endswith(f"/{owner.login}") else None


def _sights(portfolio: Portfolio) -> Iterator[Sight]:
    snapshot = portfolio.snapshot
    owner = snapshot.owner
    if owner.name:
        yield Sight("name", "there", "Name", owner.name, owner.url)
    else:
        yield Sight("name", "missing", f"No name is given: visitors read the login {owner.login}", "", owner.url)
    if owner.bio:
        yield Sight("bio", "there", "Bio", owner.bio, owner.url)
    else:
        said = "No bio: one line there would say what is built and which work is looked for"
        yield Sight("bio", "missing", said, "", owner.url)
    yield _links(snapshot)
    if owner.kind == "User":
        yield _readme(portfolio)


def _links(snapshot: Snapshot) -> Sight:
    owner = snapshot.owner
    first = owner.website or next(iter(owner.links), None)
    if first:
        more = len(owner.links) - (0 if owner.website else 1)
        said = "Website" if owner.website else "Link"
        said = f"{said}, and {counted(more, 'further link')}" if more > 0 else said
        url = first if "://" in first else f"https://{first}" if ":" not in first else None
        return Sight("links", "there", said, first, url)
    if "links" in snapshot.unavailable:
        return Sight("links", "unknown", f"Links could not be read: {snapshot.unavailable['links']}")
    return Sight("links", "missing", "The profile’s own fields hold no website and no other link", "", owner.url)


def _readme(portfolio: Portfolio) -> Sight:
    try:
        profile = portfolio.fact(Profile)
    except Unavailable as unavailable:
        return Sight("readme", "unknown", f"The profile README could not be read: {unavailable.reason}")
    if profile is None or profile.opening is None:
        return Sight(
            "readme",
            "missing",
            "No profile README: nothing above the pins says what to look at first",
            "",
            portfolio.snapshot.owner.url,
        )
    url = None
    for each in portfolio.repositories:
        if each.record.full_name == profile.repository:
            url = permanent(each.record, profile.opening.path, profile.opening.line, None)
    status: Literal["there", "weak"] = "weak"
    if profile.unfinished:
        said = f"The profile README has {counted(profile.unfinished, 'line')} of a template still to be filled in"
    elif not profile.introduces:
        said = f"The profile README says little in words ({counted(profile.words, 'word')})"
    elif not profile.projects:
        said = "The profile README introduces its owner, and links to none of the repositories"
    else:
        status = "there"
        said = f"The profile README introduces its owner and leads to {counted(len(profile.projects), 'project')}"
    return Sight("readme", status, said, profile.quoted, url)


def _pinned(pin: Pin, home: Repository | None, base: str | None) -> PinnedView:
    if home is None:
        return PinnedView(pin.repository, pin.kind, pin.words, f"{base}/{pin.repository}" if base else None)
    record = home.record
    readme, known = _read(home, Readme)
    purpose = bool(readme and readme.purpose and not readme.template) if known else None
    place = readme.purpose if readme and purpose else None
    deployment, _ = _read(home, Deployment)
    demo = next(
        (link for link in (deployment.links if deployment else ()) if link.where in ("readme", "homepage")), None
    )
    return PinnedView(
        pin.repository,
        pin.kind,
        pin.words,
        record.url,
        record.description,
        record.language,
        readme is not None if known else None,
        purpose,
        quote(readme.text, place.line, place.end_line, most=160) if readme and place else "",
        permanent(record, place.path, place.line, place.end_line) if place else None,
        demo.url if demo else None,
        demo.status if demo else None,
    )


def _read(repository: Repository, kind: type[F]) -> tuple[F | None, bool]:
    """The fact, and whether it could be read at all."""
    try:
        return repository.fact(kind), True
    except Unavailable:
        return None, False
