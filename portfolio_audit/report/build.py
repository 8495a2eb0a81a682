"""From a scorecard to a Report: names, links to the exact lines, and everything in a fixed order.

Nothing is computed here. A link leads to the commit that was read, so it shows the same lines for ever; where a
repository has no address (a folder on a disk) or no known commit, evidence has a path and no link.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Literal, NamedTuple

from portfolio_audit.api import Check, Evidence, Outcome
from portfolio_audit.arithmetic import Grade, mean
from portfolio_audit.audit import Results
from portfolio_audit.facts.fact import Portfolio, Repository
from portfolio_audit.facts.signals import Signals
from portfolio_audit.judgement import CriterionScore, Fix, Scorecard
from portfolio_audit.listing import Member
from portfolio_audit.report import model
from portfolio_audit.report.activity import activity_of
from portfolio_audit.report.advice import advise
from portfolio_audit.report.first_minute import first_minute_of
from portfolio_audit.report.permalink import is_web, permanent
from portfolio_audit.report.skill_map import skill_map
from portfolio_audit.rubric import Rubric
from portfolio_audit.snapshot import Limit, RepositoryRecord, Snapshot

TOOL = "portfolio-audit"
_KINDS: dict[str, Literal["user", "organization", "folder"]] = {
    "User": "user", "Organization": "organization", "Folder": "folder",
}  # fmt: skip


def build(
    portfolio: Portfolio,
    results: Results,
    card: Scorecard,
    rubric: Rubric,
    *,
    limits: Iterable[Limit] = (),
    changed: Mapping[str, Collection[str]] | None = None,
    tool_version: str,
) -> model.Report:
    """The report of this judgement.

    `limits` are those of the readings; the snapshot's are added. `changed` names, by repository id, the paths that
    differ from the commit (a checkout with edits): evidence there has no link, since the link would show other lines.
    """
    snapshot = portfolio.snapshot
    records = {repository.record.id: repository.record for repository in portfolio.repositories}
    homes = {id: _Home(record, frozenset((changed or {}).get(id, ()))) for id, record in records.items()}
    by_name = {home.record.full_name: home for home in homes.values()}
    left_out = rubric.out_of_scope(snapshot.scope)
    whole = snapshot.scope == "portfolio"
    entries = _repositories(portfolio, results, card, homes, left_out)
    fixes = tuple(_fix(fix, records) for fix in card.fixes)
    return model.Report(
        schema_version=model.SCHEMA_VERSION,
        tool=model.Tool(TOOL, tool_version, rubric.name, rubric.hash),
        data_time=snapshot.data_time,
        subject=_subject(snapshot),
        score=card.score,
        score_range=(card.low, card.high),
        score_scope="portfolio" if whole else "repository",
        coverage=card.coverage,
        band=card.band,
        notes=card.notes,
        categories=tuple(_categories(rubric, card, records, _asked(results, left_out, whole=whole))),
        repositories=entries,
        portfolio_results=_results(results.portfolio, results.checks, left_out, by_name, None) if whole else (),
        fixes=fixes,
        combined_gain=card.combined_gain,
        limits=_limits([*snapshot.limits, *limits, *_unread(portfolio, card)]),
        skills=skill_map(portfolio, changed),
        bands=tuple(model.Band(band.name, band.at_least) for band in rubric.band),
        first_minute=first_minute_of(portfolio) if whole else None,
        advice=advise(portfolio, entries, fixes) if whole else (),
        activity=activity_of(snapshot) if whole else None,
    )


class _Home(NamedTuple):
    """A repository that evidence may point into, and the paths in it that are not as in the commit."""

    record: RepositoryRecord
    changed: frozenset[str]


def _subject(snapshot: Snapshot) -> model.Subject:
    owner = snapshot.owner
    if snapshot.scope == "repository" and len(snapshot.repositories) == 1:
        record = snapshot.repositories[0]
        return model.Subject("repository", None, record.url, record.full_name)
    local = owner.kind == "Folder"
    return model.Subject(_KINDS[owner.kind], None if local else owner.login, owner.url, owner.name or owner.login)


def _asked(results: Results, left_out: frozenset[str], *, whole: bool) -> frozenset[str]:
    """The checks that were a question in this scope."""
    return frozenset(id for id, check in results.checks.items() if whole or check.scope == "repository") - left_out


def _categories(
    rubric: Rubric, card: Scorecard, records: Mapping[str, RepositoryRecord], asked: frozenset[str]
) -> Iterable[model.Category]:
    scores = {made.criterion.id: made for made in card.criteria}
    for category in rubric.category:
        made = [scores[criterion.id] for criterion in category.criterion if criterion.id in scores]
        if not made:
            continue
        grade = mean((each.weight, each.grade) for each in made)
        yield model.Category(
            id=category.id,
            title=category.title,
            score=_points(grade),
            score_range=_range(grade),
            weight=sum(each.weight for each in made if each.grade is not None),
            coverage=_coverage(grade),
            criteria=tuple(_criterion(each, records, asked) for each in made),
        )


def _criterion(made: CriterionScore, records: Mapping[str, RepositoryRecord], asked: frozenset[str]) -> model.Criterion:
    criterion = made.criterion
    return model.Criterion(
        id=criterion.id,
        title=criterion.title,
        guide=criterion.guide,
        score=_points(made.grade),
        score_range=_range(made.grade),
        weight=made.weight,
        coverage=_coverage(made.grade),
        checks=tuple(check for check in criterion.checks if check in asked),
        repositories=tuple(records[id].full_name for id in made.repositories if id in records),
        note=made.note if made.grade is not None else "does not apply",
        applies=made.grade is not None,
    )


def _repositories(
    portfolio: Portfolio, results: Results, card: Scorecard, homes: Mapping[str, _Home], left_out: frozenset[str]
) -> tuple[model.RepositoryEntry, ...]:
    members = {member.id: member for member in card.members}
    entries = []
    for each in portfolio.repositories:
        id = each.record.id
        # What the person did not make is named with its reason; answers about it would speak of somebody else's work.
        asked = {} if members[id].own is False and card.scope == "portfolio" else results.repositories.get(id, {})
        outcomes = _results(asked, results.checks, left_out, {}, homes[id])
        entries.append(_entry(each, members[id], card, outcomes))
    return tuple(
        sorted(entries, key=lambda entry: (not entry.shown, not entry.counted, entry.name.casefold(), entry.name))
    )


def _entry(
    repository: Repository, member: Member, card: Scorecard, results: tuple[model.Result, ...]
) -> model.RepositoryEntry:
    record = repository.record
    grade = card.repositories.get(record.id)
    signals = repository.fact(Signals)
    return model.RepositoryEntry(
        name=record.full_name,
        url=record.url,
        commit=record.head,
        description=record.description,
        counted=member.counted is True,
        shown=record.id in card.shown and card.scope == "portfolio",
        why_not_counted=member.why_not_counted,
        score=_points(grade),
        score_range=_range(grade),
        signals=dict(signals.values) if signals else {},
        results=results,
    )


def _results(
    outcomes: Mapping[str, Outcome],
    checks: Mapping[str, Check],
    left_out: frozenset[str],
    by_name: Mapping[str, _Home],
    home: _Home | None,
) -> tuple[model.Result, ...]:
    return tuple(
        model.Result(
            check=id,
            title=checks[id].title,
            status=outcome.status,
            score=outcome.score,
            confidence=outcome.confidence,
            summary=outcome.summary,
            evidence=tuple(_evidence(each, by_name, home) for each in outcome.evidence),
            searched=outcome.searched,
            fix=outcome.fix,
        )
        for id, outcome in sorted(outcomes.items())
        if id not in left_out
    )


def _evidence(evidence: Evidence, by_name: Mapping[str, _Home], home: _Home | None) -> model.EvidenceLink:
    place = by_name.get(evidence.repository) if evidence.repository else home
    url = evidence.url if is_web(evidence.url) else None
    if url is None and place is not None and evidence.path not in place.changed:
        record = place.record
        url = permanent(record, evidence.path, evidence.line, evidence.end_line) if evidence.path else record.url
    note = evidence.note
    if home is None and evidence.repository and note not in by_name and evidence.repository not in note:
        # A path alone would not say whose file it is.
        note = f"{evidence.repository}: {note}" if note else evidence.repository
    return model.EvidenceLink(evidence.path, evidence.line, evidence.end_line, url, note)


def _fix(fix: Fix, records: Mapping[str, RepositoryRecord]) -> model.Fix:
    repository = records[fix.repository].full_name if fix.repository else None
    return model.Fix(fix.check, repository, fix.gain, fix.effort, fix.text, fix.guide)


def _unread(portfolio: Portfolio, card: Scorecard) -> Iterable[Limit]:
    """A repository that may count but could not be judged is a limit of the whole report."""
    members = {member.id: member for member in card.members}
    for repository in portfolio.repositories:
        record, member = repository.record, members[repository.record.id]
        if member.counted is None or (member.counted and not repository.read and not record.empty):
            reason = member.why_not_counted or repository.why_unread or "it could not be read"
            yield Limit("repository-unread", record.full_name, reason)


def _limits(found: Iterable[Limit]) -> tuple[model.LimitEntry, ...]:
    once = sorted({(limit.where, limit.what, limit.detail) for limit in found})
    return tuple(model.LimitEntry(what, where, detail) for where, what, detail in once)


def _points(grade: Grade | None) -> float | None:
    return None if grade is None or grade.value is None else round(100 * grade.value, 2)


def _range(grade: Grade | None) -> tuple[float, float]:
    return (0.0, 100.0) if grade is None else (round(100 * grade.low, 2), round(100 * grade.high, 2))


def _coverage(grade: Grade | None) -> float:
    return 0.0 if grade is None else round(grade.coverage, 4)
