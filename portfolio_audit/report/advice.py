"""Which repository to feature, improve, unpin or archive: at most one word of advice for each.

Advice rests on the results of the report and the facts behind them. It is a choice and never an order: the
archived flag enters no score, and pins count in one criterion only. Where something was not known, nothing is advised.
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.fact import Portfolio, Repository
from portfolio_audit.facts.pins import Pins, kind_of
from portfolio_audit.facts.projects import OWN_WAY, Project, Projects
from portfolio_audit.facts.readme import Readme
from portfolio_audit.facts.standing import Standing
from portfolio_audit.facts.words import joined
from portfolio_audit.report import words
from portfolio_audit.report.model import Fix, RepositoryEntry
from portfolio_audit.report.profile_view import Advice

FEATURED = 3
"""As many as the criterion on pins asks for; a fourth good project needs no pin."""

IMPROVED = 5
NEAR = 2
"""A project that lacks more than this is another project, and no small step away."""

_FAR = frozenset(("AI or data work", OWN_WAY, "counting"))
_FIRST = {
    "secrets-absent": "; see to this first: {words}",
    "readme-quality": "; its README could hold more before that: {words}",
}
"""What a visitor had better not meet: the checks that say so, and what is said before a repository is featured."""

_CHOICES = {
    "empty": "an empty repository: give it its first commit, or delete or archive it",
    "course": "reads like notes of a course: useful to keep; once finished, archiving sets it apart from projects",
    "tutorial": "{words}: give it other data and a question of its own, or archive it",
    "bare": "few lines and no README: say in two sentences what it is, or archive it",
}
_UNPIN = {
    "empty": "an empty repository is pinned",
    "fork": "a fork is pinned: a visitor cannot tell which part of it is new",
    "course": "course notes are pinned, which show what was taught",
    "tutorial": "{words} is pinned",
    "profile": "the profile’s own repository is pinned, and its README stands above the pins anyway",
}


def advise(portfolio: Portfolio, entries: Iterable[RepositoryEntry], fixes: Iterable[Fix]) -> tuple[Advice, ...]:
    """The advice, by what to do: features strongest first, improvements largest gain first, then what to put away."""
    login = portfolio.snapshot.owner.login
    found = portfolio.fact(Projects) or Projects()
    shown = tuple(project for project in found.lacking if not _serves(project.repository, login))
    projects = msgspec.structs.replace(found, lacking=shown)
    try:
        pins = portfolio.fact(Pins)
    except Unavailable:
        pins = None
    known = {entry.name: entry for entry in entries}
    scores = {name: entry.score_range for name, entry in known.items()}
    advised: dict[str, Advice] = {}
    for each in (
        *(_features(pins, known) if pins else ()),
        *(_unpins(pins) if pins else ()),
        *_improvements(projects, scores, [fix for fix in fixes if not _serves(fix.repository or "", login)]),
        *_archives(portfolio, projects, pins),
    ):
        advised.setdefault(each.repository, each)
    order = ("feature", "improve", "unpin", "archive")
    return tuple(sorted(advised.values(), key=lambda advice: order.index(advice.action)))


def _features(pins: Pins, entries: Mapping[str, RepositoryEntry]) -> Iterator[Advice]:
    """The substantial projects with the highest scores of their own, as far as they are not pinned."""
    pinned = {pin.repository.casefold() for pin in pins.pinned}
    scores = {name: entries[name].score_range if name in entries else (0.0, 100.0) for name in pins.best}
    ranked = sorted(scores, key=lambda name: (-scores[name][0], name.casefold()))
    for place, name in enumerate(ranked[:FEATURED]):
        if name.casefold() not in pinned:
            own = words.score(None, scores[name])
            ahead = place == 0 and len(ranked) > 1 and _is_ahead(scores[name], [scores[each] for each in ranked[1:]])
            strong = f", the strongest of {len(ranked)} by its own score" if ahead else ""
            said = f"a substantial AI or data project{strong}, with {own} of 100 by itself, and it is not pinned"
            yield Advice(name, "feature", said + _caution(entries.get(name)), "pinned-best")


def _is_ahead(bounds: tuple[float, float], others: Iterable[tuple[float, float]]) -> bool:
    """Whether a score is certainly higher than all others, in the figures that are shown."""
    return all(float(words.points(bounds[0])) > float(words.points(high)) for _, high in others)


def _caution(entry: RepositoryEntry | None) -> str:
    """What had better be done before visitors are led there."""
    failed = {result.check: result.summary for result in entry.results if result.status == "failed"} if entry else {}
    return "".join(said.replace("{words}", failed[check]) for check, said in _FIRST.items() if check in failed)


def _unpins(pins: Pins) -> Iterator[Advice]:
    for pin in pins.pinned:
        if pin.kind in _UNPIN:
            yield Advice(pin.repository, "unpin", _UNPIN[pin.kind].replace("{words}", pin.words), "pinned-best")


def _improvements(
    projects: Projects, scores: Mapping[str, tuple[float, float]], fixes: Iterable[Fix]
) -> Iterator[Advice]:
    """Own projects with enough code: those with the largest gain, then those nearest to being substantial."""
    own = [project for project in projects.lacking if OWN_WAY not in project.lacks]
    listed = {project.repository for project in (*projects.substantial, *own)}
    near = [project for project in projects.lacking if _is_near(project)]
    near.sort(key=lambda project: (len(project.lacks), -scores.get(project.repository, (0.0, 0.0))[0]))
    reasons = {project.repository: _lacking(project) for project in near}
    made: dict[str, Advice] = {}
    for fix in fixes:
        if fix.repository is not None and fix.repository in listed and fix.repository not in made:
            reason = (
                f"{reasons[fix.repository]}; most is gained by: {fix.text}" if fix.repository in reasons else fix.text
            )
            made[fix.repository] = Advice(fix.repository, "improve", reason, fix.check, fix.gain)
    for name, reason in reasons.items():
        made.setdefault(name, Advice(name, "improve", reason, "projects-three"))
    yield from list(made.values())[:IMPROVED]


def _is_near(project: Project) -> bool:
    return 0 < len(project.lacks) <= NEAR and not _FAR & set(project.lacks)


def _lacking(project: Project) -> str:
    return f"lacks only {joined(project.lacks)} to be a substantial AI or data project"


def _archives(portfolio: Portfolio, projects: Projects, pins: Pins | None) -> Iterator[Advice]:
    """What stands among the projects and shows none; what is pinned was dealt with before."""
    login = portfolio.snapshot.owner.login
    pinned = {pin.repository.casefold() for pin in pins.pinned} if pins else set()
    best, maybe = ({project.repository for project in part} for part in (projects.substantial, projects.unclear))
    for repository in portfolio.repositories:
        record = repository.record
        if record.archived or record.full_name.casefold() in pinned or _serves(record.full_name, login):
            continue
        standing = repository.fact(Standing)
        if standing is None or standing.own is not True or record.full_name in best | maybe:
            continue
        kind, said = kind_of(repository, login, tuple(best), tuple(maybe))
        reason = _CHOICES.get("bare" if kind == "small" and _is_bare(repository) else kind)
        if reason is not None:
            yield Advice(record.full_name, "archive", reason.replace("{words}", said))


def _serves(full_name: str, login: str) -> bool:
    """Whether a repository serves the account itself: its profile, its site, its settings."""
    name = full_name.rpartition("/")[2].casefold()
    return name == login.casefold() or name.startswith(".") or name.endswith(".github.io") or "dotfiles" in name


def _is_bare(repository: Repository) -> bool:
    """Whether it certainly has no README."""
    try:
        return repository.fact(Readme) is None
    except Unavailable:
        return False
