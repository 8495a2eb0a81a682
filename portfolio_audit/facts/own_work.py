"""Whether a repository's code is its owner's own, or similar to a well-known tutorial.

The share weighs all own code: what was not compared, because it is in another language, counts as own. An original is
no copy of itself, so what the index has from the same owner is left out; a fork without own commits is a copy by
ancestry, and any other fork is measured like the rest.
"""

from typing import ClassVar, Literal, Self

from portfolio_audit.facts.code_size import NOTEBOOK, OwnCode
from portfolio_audit.facts.copies import SCRIPTS, CopiedFile, Copies, owner_of
from portfolio_audit.facts.fact import Fact, Repository, RepositoryFact
from portfolio_audit.snapshot import Value

MOSTLY, CONTAINS = 0.4, 0.1
"""Shares of all own code. Measured copies lie from 0.42 upward, projects that borrowed a part below 0.4."""

COMPARED_SHARE = 0.5
"""The share of the code that must have been compared before it is called original."""

AS_WELL = 0.8
"""The part of a match that the owner's own tutorials must cover for the file to be theirs."""

TOKENS_A_LINE = 9
"""Tokens that a code line of a language that is not compared stands for: the median of Python files."""

Verdict = Literal["original", "contains", "mostly"]


class SimilarFile(Value, frozen=True):
    """A file, the share of it that is similar to `origin`, and the longest stretch of that (see `copies.Source`)."""

    path: str
    origin: str
    share: float
    tokens: int
    line: int | None = None
    end_line: int | None = None
    cell: int | None = None
    whole: bool = False


class OwnWork(RepositoryFact, frozen=True):
    """The verdict, or None if it could not be told: files were unread (`incomplete` says so), or most of the code is in
    languages that are not compared.

    `share` of all own code is similar to what the `files` name, those with most of it in front. `ancestry` is the
    repository that an unchanged fork was made from. `compared` files were looked up.
    """

    reads: ClassVar[tuple[type[Fact], ...]] = (Copies, OwnCode)
    verdict: Verdict | None = None
    share: float | None = None
    files: tuple[SimilarFile, ...] = ()
    origins: tuple[str, ...] = ()
    ancestry: str | None = None
    compared: int = 0

    @classmethod
    def distil(cls, repository: Repository) -> Self | None:
        """None for a repository without code. Raises Unavailable if its files were not read."""
        size = repository.fact(OwnCode)
        if size is None or (not size.lines and not size.incomplete):
            return None
        record = repository.record
        if record.fork and record.comparison is not None and not record.comparison.ahead_by:
            return cls(verdict="mostly", share=1.0, ancestry=record.parent.full_name if record.parent else "its parent")
        copies = repository.fact(Copies)
        if copies is None:
            return cls(incomplete=size.incomplete)
        own = owner_of(record.full_name)
        files = sorted(
            (similar for file in copies.files if (similar := _similar(file, own)) is not None),
            key=lambda similar: (-similar.tokens, similar.path),
        )
        other = TOKENS_A_LINE * sum(
            lines for language, lines in size.languages.items() if language not in ("Python", NOTEBOOK, *SCRIPTS)
        )
        whole = max(1, copies.tokens + other)
        share = round(sum(file.tokens for file in files) / whole, 4)
        told = share >= CONTAINS or copies.tokens >= COMPARED_SHARE * whole
        return cls(
            incomplete=copies.incomplete,
            verdict=_verdict(share) if told and copies.incomplete is None else None,
            share=share,
            files=tuple(files[:20]),
            origins=tuple(dict.fromkeys(file.origin for file in files))[:10],
            compared=copies.compared,
        )


def _verdict(share: float) -> Verdict:
    return "mostly" if share >= MOSTLY else "contains" if share >= CONTAINS else "original"


def _similar(file: CopiedFile, own: str) -> SimilarFile | None:
    """The file beside the source that covers most of it; none if the owner's own tutorials cover it as well.

    Others may have taken from an original too, and the index cannot know who was first.
    """
    mine = max((source.tokens for source in file.sources if owner_of(source.origin) == own), default=0)
    for source in file.sources:
        if owner_of(source.origin) != own and mine < AS_WELL * source.tokens:
            share = round(min(1.0, source.tokens / max(1, file.tokens)), 3)
            return SimilarFile(
                file.path, source.origin, share, source.tokens, source.line, source.end_line, source.cell, source.whole
            )
    return None
