"""Whose a repository is, and whether it is listed among what the person shows.

Facts decide, never a check's answer, a pin or the archived flag. Where it cannot be told, nothing is credited and
nothing is held against anybody: the score's range allows for both.
"""

import re
from typing import ClassVar, Self, TypeVar

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.ai_work import AiWork
from portfolio_audit.facts.blog_sites import find_sites
from portfolio_audit.facts.code_size import OwnCode
from portfolio_audit.facts.fact import Fact, Repository, RepositoryFact, TreeFact
from portfolio_audit.tree import SourceTree

F = TypeVar("F", bound=Fact)

LISTED_LINES = 300
"""Own code lines from which a repository is listed: below, it is a snippet and shows no project."""

OWN_SHARE = 0.2
"""The share of a fork's code files that own commits must touch before the fork is called own work: a fork with a small
repair would else be credited with the tests and the README of the project it was made from."""

COMPARED = 6
"""How many forks, those pushed to last, are compared with their parents; an older one is hardly the work to show."""

COURSE_SHARE = 0.6
COURSE_FILES = 3
_UNIT = re.compile(
    r"(?:^|[^a-z])(?:(?:homeworks?|lectures?|lessons?|assignments?|exercises?|psets?|coursework)(?:$|[^a-z])"
    r"|(?:week|day|hw|lab|module|chapter|unit|session)[ _-]?\d)"
)


class Coursework(TreeFact, frozen=True):
    """Code files that lie in units of a course ("homework/01-intro", "week_3"), of all own code files."""

    version: ClassVar[str] = "1"
    files: int = 0
    units: int = 0
    example: str | None = None

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        """None for a tree without own code."""
        code = [file.path for file in tree.derive(paths.own_files) if paths.language(file.path)]
        units = [path for path in code if _UNIT.search(path.lower().rpartition(".")[0])]
        return cls(None, len(code), len(units), units[0] if units else None) if code else None

    @property
    def notes(self) -> bool:
        """Whether most of the code is exercises of a course."""
        return self.units >= COURSE_FILES and self.units >= COURSE_SHARE * self.files


class PostCode(TreeFact, frozen=True):
    """Code files that lie among the posts of a site (notebooks published as posts, and helpers), of all own ones."""

    version: ClassVar[str] = "1"
    files: int = 0
    among: int = 0

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        """None for a tree without posts."""
        folders = {
            f"{post.path.rpartition('/')[0]}/"
            for site in tree.derive(find_sites)
            for post in site.posts
            if "/" in post.path
        }
        if not folders:
            return None
        code = [file.path for file in tree.derive(paths.own_files) if paths.language(file.path)]
        among = sum(1 for path in code if path.startswith(tuple(folders)))
        return cls(None, len(code), among)

    @property
    def blog(self) -> bool:
        """Whether most of the code belongs to posts, so that the repository is writing rather than a project."""
        return self.among >= COURSE_FILES and self.among >= COURSE_SHARE * self.files


class Standing(RepositoryFact, frozen=True):
    """Where a repository stands; null means that it could not be told.

    `own`: made by the audited person. `counted`: listed among what they show (implies own); `why_not_counted` says in
    words why not. `lines`: own code lines. `ai`: does AI work; `readable`: its main language is one in
    which AI work would be seen. Never raises: what could not be read is null here.
    """

    reads: ClassVar[tuple[type[Fact], ...]] = (OwnCode, Coursework, PostCode, AiWork)
    own: bool | None = None
    counted: bool | None = None
    why_not_counted: str | None = None
    lines: int | None = None
    ai: bool | None = None
    readable: bool = True

    @classmethod
    def distil(cls, repository: Repository) -> Self:
        size = _known(repository, OwnCode)
        work = _known(repository, AiWork)
        own, why = _own(repository, size)
        counted, reason = (own, why) if own is not True else _listed(repository, size)
        empty = repository.record.empty
        return cls(
            own=own,
            counted=counted,
            why_not_counted=reason,
            lines=0 if empty else size.lines if size else None,
            ai=False if empty else work.found if work else None,
            readable=work.readable if work else True,
        )


def _is_profile(repository: Repository) -> bool:
    """Whether GitHub shows this repository's README on top of the account's page."""
    owner, _, name = repository.record.full_name.casefold().partition("/")
    return owner == name and repository.snapshot.scope == "portfolio"


def _own(repository: Repository, size: OwnCode | None) -> tuple[bool | None, str | None]:
    """Whether the person made it, and if not (or not known) why, in words."""
    record = repository.record
    if record.mirror:
        return False, "a mirror of another repository"
    if size is not None and size.lines < LISTED_LINES and _is_profile(repository):
        return False, "the page of the profile, judged as such"
    if not record.fork:
        return True, None
    compared = record.comparison
    if compared is None:
        return _uncompared(repository)
    if not compared.ahead_by:
        return False, "a fork without own commits"
    if size is None:
        return None, "a fork with own commits, whose code could not be read"
    changed = sum(1 for path in compared.files if paths.is_own(path) and paths.language(path))
    share = min(1.0, changed / size.files) if size.files else 0.0
    if share >= OWN_SHARE and share * size.lines >= LISTED_LINES:
        return True, None
    return False, f"a fork; own commits change {changed} of {size.files} code files"


def _uncompared(repository: Repository) -> tuple[bool | None, str]:
    """A fork whose own commits nobody looked at.

    What is never looked at (without a token, beyond the newest forks, where the parent is not visible) is not counted.
    What should have been compared and could not be is unknown.
    """
    record = repository.record
    if record.pushed_at and record.created_at and record.pushed_at <= record.created_at:
        return False, "a fork without own commits"
    forks = [other for other in repository.snapshot.repositories if other.fork]
    newer = sum(1 for other in forks if (other.pushed_at or "") > (record.pushed_at or ""))
    visible = record.parent is not None and record.parent.head is not None
    asked = repository.snapshot.mode == "authenticated" and visible and newer < COMPARED
    reason = record.unavailable.get("comparison", "it was not compared with its parent")
    return None if asked else False, f"a fork; what was added to it is not known: {reason}"


def _listed(repository: Repository, size: OwnCode | None) -> tuple[bool | None, str | None]:
    if repository.record.empty:
        return False, "empty"
    if size is None:
        return None, repository.why_unread or "its code could not be read"
    if size.lines < LISTED_LINES:
        if size.incomplete:
            return None, f"{_lines(size)} read, but not all files could be"
        return False, f"{_lines(size)}, fewer than {LISTED_LINES}"
    if (twin := _twin(repository)) is not None:
        return False, f"the same files as {twin}"
    course = _known(repository, Coursework)
    if course is not None and course.notes:
        return False, f"course notes: {course.units} of {course.files} code files lie in units such as {course.example}"
    blog = _known(repository, PostCode)
    if blog is not None and blog.blog:
        return (
            False,
            f"a blog: {blog.among} of {blog.files} code files lie among its posts, judged as technical writing",
        )
    return True, None


def _twin(repository: Repository) -> str | None:
    """The older repository of the person (else the first by name) that holds exactly the same files."""
    record = repository.record
    if record.tree is None:
        return None
    same = [other for other in repository.snapshot.repositories if other.tree == record.tree and not other.fork]
    first = min(same, key=lambda other: (other.created_at or "", other.full_name), default=record)
    return None if first.full_name == record.full_name else first.full_name


def _lines(size: OwnCode) -> str:
    return f"{size.lines} own code {'line' if size.lines == 1 else 'lines'}"


def _known(repository: Repository, kind: type[F]) -> F | None:
    try:
        return repository.fact(kind)
    except Unavailable:
        return None
