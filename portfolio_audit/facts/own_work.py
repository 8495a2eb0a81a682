"""Whether a repository's code is its owner's own, or similar to a well-known tutorial.

The share weighs all own code: what was not compared, because it is in another language, counts as own. An original is
no copy of itself, so what the index has from the same owner is left out, and what began when this repository was there
already; a fork without own commits, or a template's copy without any since, is a
copy by ancestry, and every other one is measured like the rest.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import ClassVar, Literal, Self

from portfolio_audit.facts.code_size import NOTEBOOK, PIPELINE, OwnCode
from portfolio_audit.facts.copies import AS_WELL, SCRIPTS, VERBATIM_TOKENS, CopiedFile, Copies, Source, owner_of
from portfolio_audit.facts.fact import Fact, Repository, RepositoryFact
from portfolio_audit.facts.paths import suffix
from portfolio_audit.snapshot import RepositoryRecord, Value

MOSTLY, MOSTLY_SOLID, CONTAINS = 0.45, 0.34, 0.1
"""Shares of all own code; the second one where most of what is similar is solid. Of labelled repositories copies with a
solid half lie from 0.345 upward and borrowed parts up to 0.296; borrowed parts without one go up to 0.394."""

SOLID = 0.5
"""The share of a file from which it is solid, and of all that is similar which must lie in such files."""

OUTSIDE_FILES, OUTSIDE_LEAST = 4, 0.25
"""Solid files of one owner that there must be where MOSTLY of the code outside notebooks is similar and solid, and the
share of all own code that must be similar even so: notebooks tell how a project came about, its programs are what was
made. Of labelled repositories a copy has five such files and 0.488, borrowed parts up to three and 0.33."""

COMPARED_SHARE = 0.5
"""The share of the code lines that must have been compared before the code is called original; what only starts or
sets up other programs is no code that a tutorial could have."""

COMPARED = ("Python", NOTEBOOK, *SCRIPTS)
ASIDE = ("Shell", PIPELINE)

BESIDE = re.compile(r"(?:^|[/_.-])(?:original|orig|upstream|reference)(?=[/_.-])")
"""Names that say of a file that it is kept for comparison, and is nobody's claim."""

BESIDE_SHARE = 0.5
"""The share of the code that must be left without such files; with less left the repository is what it keeps."""

TOKENS_A_LINE = 9
"""Tokens that a code line of a language that is not compared stands for: the median of Python files."""

PUBLISHED, OLDER = timedelta(days=30), timedelta(days=7)
"""How long after an origin's first commit a repository may appear on the service and still be its original, or as old:
with the same name, since work is often published late, and with another. Those who follow a course as it appears, and
keep its name, begin soon after it: of 400 public repositories with similar code three lie between these days and six
times as many, all of them followers."""

BULK = 2
"""Commits in which a whole project may have arrived at once."""

Verdict = Literal["original", "contains", "mostly"]


class SimilarFile(Value, frozen=True):
    """A file, the share of it that is similar to `origin` (and what `also` names beside it), and the longest stretch of
    that (see `copies.Source`)."""

    path: str
    origin: str
    share: float
    tokens: int
    line: int | None = None
    end_line: int | None = None
    cell: int | None = None
    whole: bool = False
    also: tuple[str, ...] = ()

    @property
    def origins(self) -> tuple[str, ...]:
        """The origin, and what `also` names of its owner."""
        return (self.origin, *self.also)


class OwnWork(RepositoryFact, frozen=True):
    """The verdict, or None if it could not be told: files were unread (`incomplete` says so), or most of the code is in
    languages that are not compared. "mostly" is told too where what was read decides, whatever the rest may hold.

    Fewer than 100 tokens are never "mostly": so short a program may have been taken over by the tutorial as well.

    `share` of all own code that was read is similar to what the `files` name, those with most of it in front;
    `outside` is that share of the code outside notebooks where it alone decides.
    `ancestry` is the repository that an unchanged fork was made from, or the template of a copy that had no commit
    since (`generated`).
    `compared` files were looked up, of a large library all but `sampled`. `others` are up to three languages that are
    not compared, those with most lines in front. `commits` is their number where all came in one or two, a hint and no
    more.
    """

    absent: ClassVar[str] = "there is no code to compare"
    reads: ClassVar[tuple[type[Fact], ...]] = (Copies, OwnCode)
    verdict: Verdict | None = None
    share: float | None = None
    outside: float | None = None
    files: tuple[SimilarFile, ...] = ()
    origins: tuple[str, ...] = ()
    ancestry: str | None = None
    generated: bool = False
    compared: int = 0
    others: tuple[str, ...] = ()
    commits: int | None = None
    sampled: int = 0

    @classmethod
    def distil(cls, repository: Repository) -> Self | None:
        """None for a repository without code. Raises Unavailable if its files were not read."""
        size = repository.fact(OwnCode)
        if size is None or (not size.lines and not size.incomplete):
            return None
        record = repository.record
        above = _unchanged_from(record)
        if above is not None:
            return cls(verdict="mostly", share=1.0, ancestry=above, generated=not record.fork)
        copies = repository.fact(Copies)
        lines = {name: count for name, count in size.languages.items() if name not in COMPARED}
        others = tuple(sorted(lines.keys() - ASIDE or lines, key=lambda name: -lines[name]))[:3]
        if copies is None:
            return cls(incomplete=size.incomplete, others=others)
        files = sorted(
            (similar for file in copies.files if (similar := _similar(file, record)) is not None),
            key=lambda similar: (-similar.tokens, similar.path),
        )
        whole = max(1, copies.tokens + TOKENS_A_LINE * sum(lines.values()))
        notebooks = copies.notebooks
        kept = {file.path: file.tokens for file in copies.files if BESIDE.search(file.path.casefold())}
        left = whole - sum(kept.values())
        if kept and left >= BESIDE_SHARE * whole:
            files, whole = [file for file in files if file.path not in kept], left
            notebooks -= sum(tokens for path, tokens in kept.items() if _is_notebook(path))
        taken = _tokens(files)
        share = round(taken / whole, 4)
        told = share >= CONTAINS or _is_compared(size)
        told = (told and copies.incomplete is None) or _is_mostly(files, whole, copies.unread)
        mostly = _is_mostly(files, whole)
        outside = None if mostly or share < OUTSIDE_LEAST else _share_outside(files, whole - notebooks)
        return cls(
            incomplete=copies.incomplete,
            verdict=_verdict(share, mostly or outside is not None) if told else None,
            share=share,
            outside=outside if told else None,
            files=tuple(files[:20]),
            origins=origins_of(files)[:10],
            compared=copies.compared,
            others=others,
            commits=_in_bulk(record),
            sampled=copies.sampled,
        )


def origins_of(files: Iterable[SimilarFile]) -> tuple[str, ...]:
    """The origins that most of the files point at before those that are only named beside one."""
    mine, beside = Counter[str](), Counter[str]()
    for file in files:
        mine[file.origin] += file.tokens
        beside.update(dict.fromkeys(file.also, file.tokens))
    return tuple(dict.fromkeys(name for found in (mine, beside) for name, _ in found.most_common()))


def _verdict(share: float, mostly: bool) -> Verdict:
    if mostly:
        return "mostly"
    return "contains" if share >= CONTAINS else "original"


def _is_mostly(files: list[SimilarFile], whole: int, unread: int = 0) -> bool:
    """Whether so many tokens of code are mostly what these files have in common with others.

    It must stay so if the `unread` tokens are nobody else's, and if they are similar in no solid file.
    """
    taken, solid = _tokens(files), _tokens(filter(_is_solid, files))
    if taken < VERBATIM_TOKENS:
        return False
    share = taken / (whole + unread)
    return share >= MOSTLY or (share >= MOSTLY_SOLID and solid >= SOLID * (taken + unread))


def _share_outside(files: list[SimilarFile], outside: int) -> float | None:
    """The similar share of so many tokens outside notebooks, if most of it is solid and somebody has several files."""
    files = [file for file in files if not _is_notebook(file.path)]
    solid = [file for file in files if _is_solid(file)]
    owners = Counter(owner_of(file.origin) for file in solid)
    if max(owners.values(), default=0) < OUTSIDE_FILES or _tokens(solid) < max(VERBATIM_TOKENS, MOSTLY * outside):
        return None
    return round(_tokens(files) / outside, 4)


def _tokens(files: Iterable[SimilarFile]) -> int:
    return sum(file.tokens for file in files)


def _is_solid(file: SimilarFile) -> bool:
    return file.share >= SOLID


def _is_notebook(path: str) -> bool:
    return suffix(path) == ".ipynb"


def _is_compared(size: OwnCode) -> bool:
    """Whether most code lines are in languages that are compared."""
    lines = sum(count for name, count in size.languages.items() if name not in ASIDE)
    return sum(size.languages.get(name, 0) for name in COMPARED) >= COMPARED_SHARE * lines


def _unchanged_from(record: RepositoryRecord) -> str | None:
    """What an unchanged fork, or an unchanged copy of a template, was made from, unless that is the owner's own."""
    if record.fork:
        unchanged = record.comparison is not None and not record.comparison.ahead_by
        above = record.parent.full_name if record.parent else "its parent"
    else:
        unchanged = record.details is not None and record.details.commit_count == 1
        above = record.template_of or ""
    return above if unchanged and above and owner_of(above) != owner_of(record.full_name) else None


def _in_bulk(record: RepositoryRecord) -> int | None:
    commits = record.details.commit_count if record.details else None
    return commits if commits is not None and 1 <= commits <= BULK else None


def _similar(file: CopiedFile, record: RepositoryRecord) -> SimilarFile | None:
    """The file beside the source that covers most of it; none if the owner's own tutorials cover it as well.

    Others may have taken from an original too, and the index cannot know who was first. What somebody else began after
    this repository is no source of it, and says nothing against one that was there before.
    """
    mine = max((source.tokens for source in file.sources if _is_original(source, record)), default=0)
    for source in file.sources:
        if not _is_later(source, record) and mine < AS_WELL * source.tokens:
            share = round(min(1.0, source.tokens / max(1, file.tokens)), 3)
            also = tuple(name for name, day in source.also.items() if not _began_later(day, record))
            return SimilarFile(
                file.path,
                source.origin,
                share,
                source.tokens,
                source.line,
                source.end_line,
                source.cell,
                source.whole,
                also,
            )
    return None


def _is_original(source: Source, record: RepositoryRecord) -> bool:
    """Whether an origin is the same owner's, or this repository under the name of an account that was renamed."""
    if owner_of(source.origin) == owner_of(record.full_name):
        return True
    same = source.origin.rpartition("/")[2].casefold() == record.name.casefold()
    return same and _is_later(source, record, PUBLISHED)


def _is_later(source: Source, record: RepositoryRecord, margin: timedelta = OLDER) -> bool:
    """Whether an origin began no earlier than this repository: who was there first is nobody's copy."""
    return not record.fork and _began_later(source.since, record, margin)


def _began_later(day: str, record: RepositoryRecord, margin: timedelta = OLDER) -> bool:
    if not day or not record.created_at:
        return False
    return date.fromisoformat(record.created_at[:10]) <= date.fromisoformat(day) + margin
