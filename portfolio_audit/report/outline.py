"""What the page says where: which repository stands in which part, like grouped with like, and where links lead to.

Everything is worked out from the report alone. Names of others never become an id on the page; positions do.
"""

from collections.abc import Iterable
from typing import NamedTuple

from portfolio_audit.report.model import Fix, Report, RepositoryEntry, Result


class Room(NamedTuple):
    """How much the page may hold: characters of a text, entries of an evidence list before and after it is folded,
    repositories with all their results, repositories named at all, results of one repository in each state (what is
    open, passed, not asked), and entries of any other list."""

    text: int
    evidence: int
    folded: int
    detailed: int
    named: int
    results: int
    listed: int
    links: bool = True


class Block(NamedTuple):
    """A repository on the page: its id there, and how its results stand."""

    anchor: str
    entry: RepositoryEntry
    open: tuple[tuple[str, Result], ...]
    passed: tuple[tuple[str, Result], ...]
    beside: tuple[Result, ...]

    @property
    def tally(self) -> tuple[tuple[str, int], ...]:
        """How many results are in each state that occurs, what is missing first."""
        states = [result.status for result in self.entry.results]
        order = ("failed", "partial", "unknown", "passed")
        return tuple((state, states.count(state)) for state in order if state in states)


class Step(NamedTuple):
    """A fix with the answer that it would change, and the place of that answer on the page (each may be missing)."""

    fix: Fix
    result: Result | None
    anchor: str | None


class Group(NamedTuple):
    """One sentence about several subjects, said once."""

    text: str
    detail: str
    subjects: tuple[str, ...]


class AdviceGroup(NamedTuple):
    """One reason to do the same with several repositories, said once; `gain` in points where it was worked out."""

    action: str
    reason: str
    gain: float | None
    subjects: tuple[str, ...]


class Outline(NamedTuple):
    """The parts of the page."""

    shown: tuple[Block, ...]
    others: tuple[Block, ...]
    left_out: tuple[Block, ...]
    left_out_bare: tuple[Group, ...]
    whole: Block | None
    steps: tuple[Step, ...]
    unassessed: tuple[Group, ...]
    limits: tuple[Group, ...]
    criteria: dict[str, str]
    places: dict[str, str]
    advice: tuple[AdviceGroup, ...]


_ORDER = {"failed": 0, "partial": 1, "unknown": 2}


def outline(report: Report, room: Room) -> Outline:
    """The outline of a report in a room.

    Where a repository alone is judged, none is left out: how much code it has matters only beside others.
    """
    blocks = [_block(f"r{position}", entry) for position, entry in enumerate(ranked(report), 1)]
    if report.score_scope == "repository":
        shown = blocks if len(blocks) == 1 else []
        others, left_out = ([] if shown else blocks), []
    else:
        shown = [block for block in blocks if block.entry.shown]
        others = [block for block in blocks if block.entry.counted and not block.entry.shown]
        left_out = [block for block in blocks if not block.entry.counted and not block.entry.shown]
    reasoned = [block for block in left_out if block.entry.results]
    whole = _portfolio(report)
    detailed = [*shown[: room.listed], *[*others, *reasoned][: room.detailed]]
    seen = {anchor for block in [*detailed, *filter(None, [whole])] for anchor, _ in block.open[: room.results]}
    return Outline(
        shown=tuple(shown),
        others=tuple(others),
        left_out=tuple(reasoned),
        left_out_bare=_grouped(
            (block.entry.why_not_counted or "not counted", "", block.entry.name)
            for block in left_out
            if not block.entry.results
        ),
        whole=whole,
        steps=tuple(_step(fix, blocks, whole, seen) for fix in report.fixes),
        unassessed=_unassessed(report),
        limits=_grouped((limit.detail, limit.what, limit.where) for limit in report.limits),
        criteria={
            check: criterion.title
            for category in report.categories
            for criterion in category.criteria
            for check in criterion.checks
        },
        places={block.entry.name: block.anchor for block in [*shown, *others[: room.named], *reasoned[: room.named]]},
        advice=advised(report),
    )


def ranked(report: Report) -> tuple[RepositoryEntry, ...]:
    """The repositories of a portfolio as views show them: in each part those with the highest certain score first."""
    if report.score_scope == "repository":
        return report.repositories
    entries = report.repositories
    return tuple(sorted(entries, key=lambda each: (not each.shown, not each.counted, -each.score_range[0])))


def _block(anchor: str, entry: RepositoryEntry) -> Block:
    named = [(f"{anchor}-{position}", result) for position, result in enumerate(entry.results, 1)]
    missing = [pair for pair in named if pair[1].status in _ORDER]
    return Block(
        anchor=anchor,
        entry=entry,
        open=tuple(sorted(missing, key=lambda pair: _ORDER[pair[1].status])),
        passed=tuple(pair for pair in named if pair[1].status == "passed"),
        beside=tuple(result for result in entry.results if result.status == "not_applicable"),
    )


def _portfolio(report: Report) -> Block | None:
    """The answers about the portfolio as a whole, as if they were those of one more repository."""
    if not report.portfolio_results:
        return None
    everything = RepositoryEntry(
        "", None, None, None, True, True, None, None, (0.0, 100.0), {}, report.portfolio_results
    )
    return _block("p", everything)


def _step(fix: Fix, blocks: Iterable[Block], whole: Block | None, seen: set[str]) -> Step:
    if fix.repository is None:
        homes = [whole] if whole else []
    else:
        homes = [block for block in blocks if block.entry.name == fix.repository]
    for home in homes:
        for anchor, result in home.open:
            if result.check == fix.check:
                return Step(fix, result, anchor if anchor in seen else None)
    return Step(fix, None, None)


def _unassessed(report: Report) -> tuple[Group, ...]:
    """What could not be told, of the portfolio first and then of each repository that is shown or counts."""
    whole = [("", result) for result in report.portfolio_results]
    alone = report.score_scope == "repository"
    single = [
        (entry.name, result)
        for entry in report.repositories
        if alone or entry.shown or entry.counted
        for result in entry.results
    ]
    return _grouped(
        (result.title, result.summary, name) for name, result in whole + single if result.status == "unknown"
    )


def advised(report: Report) -> tuple[AdviceGroup, ...]:
    """The advice in its order, like reasons together."""
    groups: dict[tuple[str, str, float | None], list[str]] = {}
    for each in report.advice:
        groups.setdefault((each.action, each.reason, each.gain), []).append(each.repository)
    return tuple(AdviceGroup(*key, tuple(names)) for key, names in groups.items())


def _grouped(said: Iterable[tuple[str, str, str]]) -> tuple[Group, ...]:
    """Texts and details in the order in which they come first, each with its subjects (an empty one is nobody)."""
    groups: dict[tuple[str, str], list[str]] = {}
    for text, detail, subject in said:
        groups.setdefault((text, detail), []).append(subject)
    return tuple(Group(*key, tuple(subject for subject in found if subject)) for key, found in groups.items())
