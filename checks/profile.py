"""The profile page: what greets a visitor before any code is opened."""

from collections.abc import Iterator

from portfolio_audit.api import Evidence, Outcome, check, failed, not_applicable, partial, passed, unknown
from portfolio_audit.facts.pins import Pins
from portfolio_audit.facts.profile import Profile
from portfolio_audit.facts.words import counted, joined

WANTED = 3
"""As many as a visitor is hoped to find; more good projects than that may be pinned, and need not be."""

GREETING = 6
"""Fewer words than this name nobody's work: "Hi there, I am Kim"."""

MOST = 6
"""Pins that a profile holds."""

UNPINNED = 0.3
"""Without pins GitHub chooses what is shown: the best may be in sight, and nobody said so."""

INTRODUCE = "Say in two sentences what you build and what you look for, then name your best projects with a link each."
FINISH = "Take the template's lines out of the profile README, or finish them. " + INTRODUCE
LEAD = "Name two or three of your projects in the profile README, each with one line and a link."


@check(id="profile-readme", title="The profile README says who this is and leads to projects")
def introduces(profile: Profile) -> Outcome:
    """It is the first text that a visitor reads; two sentences tell them what to look for in the rest."""
    if not profile.repository or profile.opening is None:
        where = "the public repositories for one with the account’s own name and a README"
        new = "Make a public repository with the name of your account, and give it a README.md. " + INTRODUCE
        return failed("there is no profile README", fix=new, effort="minutes", searched=where)
    place = profile.opening
    shown = Evidence(place.path, place.line, note=profile.quoted, repository=profile.repository)
    if profile.unfinished:
        lines = "1 line" if profile.unfinished == 1 else f"{profile.unfinished} lines"
        said = f"{lines} of the profile README still to be filled in: a template brought them"
        if profile.introduces:
            return partial(0.5, said, fix=FINISH, effort="minutes", evidence=shown)
        return failed(said, fix=FINISH, effort="minutes", evidence=shown)
    if not profile.introduces:
        said = f"the profile README says little in words: {counted(profile.words, 'word')}"
        if profile.words >= GREETING:
            return partial(0.3, said, fix=INTRODUCE, effort="minutes", evidence=shown)
        said = said if profile.words else "the profile README says nothing in words"
        return failed(said, fix=INTRODUCE, effort="minutes", evidence=shown)
    evidence = (shown, *_links(profile))
    if not profile.projects:
        said = f"the profile README introduces its owner, and links to no public repository of theirs{_lost(profile)}"
        return partial(0.7, said, fix=LEAD, effort="minutes", evidence=evidence)
    said = f"introduces its owner and leads to {counted(len(profile.projects), 'project')}{_lost(profile)}"
    return passed(said, evidence=evidence)


def _links(profile: Profile) -> Iterator[Evidence]:
    for each in (*profile.projects[:5], *profile.unfound[:3]):
        yield Evidence(each.location.path, each.location.line, note=each.repository, repository=profile.repository)


def _lost(profile: Profile) -> str:
    """The links that lead to no public repository of that name: it may be private, renamed or gone."""
    if not profile.unfound:
        return ""
    names = joined(each.repository.rpartition("/")[2] for each in profile.unfound[:3])
    more = f" and {len(profile.unfound) - 3} more" if len(profile.unfound) > 3 else ""
    return f"; linked too, but not found under that name among the public ones: {names}{more}"


@check(id="pinned-best", title="The best projects are pinned")
def are_pinned(pins: Pins) -> Outcome:
    """Few visitors scroll past the six pins; what is not among them is hardly ever opened."""
    low, high, wanted = _shares(pins)
    if wanted == 0:
        return not_applicable("no own repository counts as a project with enough code to be worth a pin")
    evidence = tuple(Evidence(repository=pin.repository, note=f"{pin.repository}: {pin.words}") for pin in pins.pinned)
    best = "substantial AI or data projects" if pins.best or pins.maybe else "own repositories with enough code"
    if low >= 1:
        return passed(f"the pins show {best}{_others(pins)}", evidence=evidence)
    if high > low:
        names = ", ".join(pins.maybe[:3])
        return unknown(f"could not be told of {names}", evidence=evidence, at_least=low)
    seen = round(low * wanted)
    fix = _fix(pins, wanted - seen)
    if not pins.pinned:
        said = "no repository is pinned; GitHub then shows popular ones in an order of its own"
        where = "the pinned repositories of the profile"
        return partial(UNPINNED, said, fix=fix, effort="minutes", searched=where)
    said = f"{seen} of {wanted} {best} {'is' if seen == 1 else 'are'} pinned{_others(pins)}"
    if low > 0:
        return partial(low, said, fix=fix, effort="minutes", evidence=evidence)
    return failed(said, fix=fix, effort="minutes", evidence=evidence)


def _shares(pins: Pins) -> tuple[float, float, int]:
    """The share of the wanted pins that is there, at least and at most, and how many are wanted (0: nothing to pin).

    Where it could not be told whether a repository is substantial, both are tried.
    """
    pinned = {pin.repository.casefold() for pin in pins.pinned}
    best, maybe, listed = (
        (len(names), sum(name.casefold() in pinned for name in names)) for names in (pins.best, pins.maybe, pins.listed)
    )
    away = maybe[0] - maybe[1]
    tried = [
        _share((best[0] + here + there, best[1] + here), (listed[0] + maybe[0], listed[1] + maybe[1]))
        for here in {0, min(1, maybe[1]), maybe[1]}
        for there in {0, min(1, away), away}
    ]
    return min(tried)[0], max(tried)[0], max(wanted for _, wanted in tried)


def _share(best: tuple[int, int], others: tuple[int, int]) -> tuple[float, int]:
    """Of how many there are and how many are pinned: three substantial ones count, where there is none three others."""
    there, pinned = best if best[0] else others
    wanted = min(WANTED, there)
    return (min(1.0, pinned / wanted) if wanted else 1.0), wanted


def _others(pins: Pins) -> str:
    """The pins that show something else, named kindly."""
    others = pins.of("fork", "course", "tutorial", "empty", "profile")
    if not others:
        return ""
    return f"; also pinned: {joined(list(dict.fromkeys(pin.words for pin in others))[:3])}"


def _fix(pins: Pins, missing: int) -> str:
    pinned = {pin.repository.casefold() for pin in pins.pinned}
    names = [name for name in (pins.best or pins.listed or pins.maybe) if name.casefold() not in pinned]
    which = joined(names) if len(names) <= missing else f"{missing} of {joined(names[:6])}"
    room = pins.of("empty", "fork", "profile", "course", "tutorial", "small")
    instead = f" in place of {room[0].repository}" if room and len(pins.pinned) + missing > MOST else ""
    exposed = [name for name in names[:6] if name in pins.exposed]
    first = f" First look at what seems to be a key or password in {joined(exposed)}." if exposed else ""
    return f"Pin {which}{instead}: open your profile and choose “Customize your pins”.{first}"
