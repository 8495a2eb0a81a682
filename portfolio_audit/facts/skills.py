"""The skills of the guide's layers, each with the public code that shows it.

Looked for in repositories that are the person's own. What is a tutorial's code, or says that it follows one, is told
apart: it shows what somebody has worked through, not what they have used by themselves. That a tool was not seen says
nothing about the person, and nothing is scored here.
"""

import re
from collections.abc import Iterator
from typing import ClassVar, Literal, NamedTuple, Self

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.contributions import OpenSource
from portfolio_audit.facts.fact import Fact, Location, Portfolio, PortfolioFact, Repository
from portfolio_audit.facts.following import Following
from portfolio_audit.facts.own_work import OwnWork, SimilarFile
from portfolio_audit.facts.skill_signs import READS, UNSURE, known, signs
from portfolio_audit.facts.skill_table import Skill, Tool, skill_table
from portfolio_audit.facts.skill_uses import SkillUse, SkillUses
from portfolio_audit.facts.standing import Standing
from portfolio_audit.snapshot import Value

MOST_OF_A_FILE = 0.5
"""The share of a file that is similar to a tutorial from which all of the file counts as borrowed."""

_IN_CELL = re.compile(r"cell (\d{1,6}), line (\d{1,6})")

State = Literal["seen", "tutorial", "not-seen", "unknown"]


class Proof(Value, frozen=True):
    """Where something is seen: a place in a repository (by full name), or an address."""

    repository: str = ""
    where: Location | None = None
    url: str | None = None


class SeenTool(Value, frozen=True):
    """A tool, the best place that shows it, and in how many repositories and files it is used.

    `state` is "seen", or "tutorial" where only a tutorial's code uses it; the numbers are then of such repositories.
    `files` is 0 where they were not counted; of pull requests it is their number.
    """

    id: str
    name: str
    state: State
    repositories: int
    files: int
    proof: Proof


class SeenSkill(Value, frozen=True):
    """A row: its tools in the order of the table, and the names of those that were looked for and not seen (with the
    language that was read, where it is one alone).

    `state` is that of its best tool; without any it is "not-seen", or "unknown" where something could not be read.
    """

    id: str
    layer: str
    title: str
    state: State
    tools: tuple[SeenTool, ...] = ()
    others: tuple[str, ...] = ()


class Skills(PortfolioFact, frozen=True):
    """All rows in the order of the table. `repositories` own ones were looked at; `copies` names those of them that are
    a tutorial's code or say that they follow one.

    None for a folder of repositories, which need not be of one person, and where there is nothing to look at.
    """

    reads: ClassVar[tuple[type[Fact], ...]] = (SkillUses, Standing, OwnWork, Following, OpenSource, *READS)
    skills: tuple[SeenSkill, ...] = ()
    repositories: int = 0
    copies: tuple[str, ...] = ()

    @classmethod
    def distil(cls, portfolio: Portfolio) -> Self | None:
        if portfolio.snapshot.scope == "folder":
            return None
        read: list[_Read] = []
        unread = 0
        for repository in portfolio.repositories:
            standing = repository.fact(Standing)
            if standing is None or standing.own is False or repository.record.empty:
                continue
            uses = known(repository, SkillUses)
            if standing.own is None or uses is None:
                unread += 1
            else:
                read.append(_read(repository, uses, listed=standing.counted is True))
        gaps = unread + sum(1 for each in read if each.uses.incomplete)
        if not read and not unread:
            return None
        pulls = _pulls(portfolio)
        unasked = _unasked(portfolio, pulls)
        rows = tuple(_row(skill, read, pulls, unasked, gaps=bool(gaps)) for skill in skill_table().skill)
        reason = f"{gaps} of {len(read) + unread} own repositories could not be read whole" if gaps else None
        return cls(reason, rows, len(read), tuple(each.name for each in read if each.tutorial))

    def tool(self, id: str) -> SeenTool | None:
        """The tool of that id, if it was seen."""
        return next((tool for skill in self.skills for tool in skill.tools if tool.id == id), None)

    def skill(self, id: str) -> SeenSkill | None:
        """The row of that id."""
        return next((skill for skill in self.skills if skill.id == id), None)


class _Read(NamedTuple):
    """One own repository: what it uses, by tool, and which of its files are similar to a tutorial's."""

    name: str
    listed: bool
    tutorial: bool
    similar: dict[str, SimilarFile]
    uses: SkillUses
    by_tool: dict[str, SkillUse]
    signs: dict[str, Location]
    url: str | None


class _Seen(NamedTuple):
    """One tool in one repository; orders by how well it shows somebody's own work."""

    tutorial: bool
    unlisted: bool
    rank: int
    fewer: int
    name: str
    files: int
    proof: Proof


def _read(repository: Repository, uses: SkillUses, *, listed: bool) -> _Read:
    work = known(repository, OwnWork)
    tutorial = (work is not None and work.verdict == "mostly") or known(repository, Following) is not None
    similar = {file.path: file for file in work.files} if work else {}
    record = repository.record
    by_tool = {use.tool: use for use in uses.uses}
    return _Read(record.full_name, listed, tutorial, similar, uses, by_tool, signs(repository), record.url)


def _unasked(portfolio: Portfolio, pulls: tuple[Proof, ...] | None) -> frozenset[str]:
    """Signs that nobody could look for: without a service there are no counts of commits and no pull requests."""
    details = (repository.record.details for repository in portfolio.repositories)
    counted = any(each is not None and each.commit_count is not None for each in details)
    return frozenset(({"commits"} if not counted else set()) | ({"pulls"} if pulls is None else set()))


def _row(
    skill: Skill, read: list[_Read], pulls: tuple[Proof, ...] | None, unasked: frozenset[str], *, gaps: bool
) -> SeenSkill:
    asked = [tool for tool in skill.tools if tool.signs not in unasked]
    seen = [found for tool in asked if (found := _tool(tool, read, pulls)) is not None]
    untold = {tool.id for tool in asked if any(f"{UNSURE}{tool.signs}" in each.signs for each in read)}
    without = untold | {each.id for each in seen}
    missing = tuple(tool.unseen or tool.name for tool in asked if tool.id not in without)
    state: State = "unknown" if gaps else "not-seen"
    if seen:
        state = "seen" if any(each.state == "seen" for each in seen) else "tutorial"
    title = skill.title if seen else skill.unseen or skill.title
    return SeenSkill(skill.id, skill.layer, title, state, tuple(seen), missing)


def _tool(tool: Tool, read: list[_Read], pulls: tuple[Proof, ...] | None) -> SeenTool | None:
    if tool.signs == "pulls":
        return (
            SeenTool(tool.id, tool.name, "seen", len({_project(each) for each in pulls}), len(pulls), pulls[0])
            if pulls
            else None
        )
    found = sorted((seen for each in read for seen in _in_repository(tool, each)), key=lambda seen: seen[:5])
    if not found:
        return None
    best = found[0]
    same = [each for each in found if each.tutorial == best.tutorial]
    state: State = "tutorial" if best.tutorial else "seen"
    files = sum(each.files for each in same) if all(each.files for each in same) else 0
    return SeenTool(tool.id, tool.name, state, len({each.name for each in same}), files, best.proof)


def _in_repository(tool: Tool, each: _Read) -> Iterator[_Seen]:
    use = each.by_tool.get(tool.id)
    if use is not None:
        own = next((place for place in use.places if not _borrowed(place, each.similar.get(place.path))), None)
        tutorial = each.tutorial or own is None
        proof = Proof(each.name, own or use.places[0])
        yield _Seen(tutorial, not each.listed, use.rank, -use.files, each.name, use.files, proof)
    elif (where := _sign(tool, each.signs)) is not None:
        if where.path:
            proof = Proof(each.name, where)
        else:
            proof = Proof(each.name, Location("", note=where.note), f"{each.url}/commits" if each.url else None)
        yield _Seen(each.tutorial, not each.listed, 0, -1, each.name, 0, proof)


def _borrowed(place: Location, similar: SimilarFile | None) -> bool:
    """Whether a place lies in the stretch of its file that is similar to a tutorial, or in a file that mostly is.

    Of a place without a line nobody can tell; it counts with its file.
    """
    if similar is None or similar.whole or similar.share >= MOST_OF_A_FILE:
        return similar is not None
    found = _IN_CELL.match(place.note)
    line = int(found[2]) if found else place.line
    if line is None or similar.line is None or (found and int(found[1]) != similar.cell):
        return line is None or similar.line is None
    return similar.line <= line <= (similar.end_line or similar.line)


def _sign(tool: Tool, found: dict[str, Location]) -> Location | None:
    wanted = tuple(tool.signs.split())
    return next((where for name, where in found.items() if wanted and name.startswith(wanted)), None)


def _pulls(portfolio: Portfolio) -> tuple[Proof, ...] | None:
    """Merged pull requests to others, those that count in front; None if nobody looked."""
    try:
        found = portfolio.fact(OpenSource)
    except Unavailable:
        return None
    if found is None:
        return None
    judged = ((pull.repository, pull.title, pull.url) for pull in found.pulls if pull.verdict != "own")
    return tuple(Proof("", Location("", note=f"{repository}: {title}"[:160]), url) for repository, title, url in judged)


def _project(proof: Proof) -> str:
    return (proof.url or "").rpartition("/pull/")[0]
