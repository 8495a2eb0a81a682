"""Python files and notebooks that share long runs of code with well-known tutorials.

A file is named only above a measured level (docs/own-work.md); what lies below is how everybody writes. Whose the
repository is does not matter here: `OwnWork` compares the origins with it.
"""

from collections.abc import Iterable, Iterator
from typing import ClassVar, NamedTuple, Self

from portfolio_audit.facts.fact import TreeFact
from portfolio_audit.facts.fingerprints import Fingerprint, K
from portfolio_audit.facts.python_code import python_code
from portfolio_audit.facts.tutorial_index import TutorialIndex, shipped
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import MIB, SourceTree

INDEX = "32ec67dd"
"""The stamp of the shipped index, so that facts read with another one are read again."""

SUBSTANTIAL, SUBSTANTIAL_TOKENS, SUBSTANTIAL_GRAMS = 0.25, 60, 12
VERBATIM, VERBATIM_TOKENS = 0.5, 100
BRIDGED = K // 2
"""Tokens between two matches that count as matched: a changed line inside a copied block."""

Cells = tuple[tuple[int, int], ...]

LARGEST = 3 * MIB
"""Bytes of own Python above which nothing is compared: ten times the largest indexed tutorial, of which no tutorial
could be a part worth naming."""

SOURCES_KEPT = 3
FILES_KEPT = 2000


class Source(Value, frozen=True):
    """What one file shares with the repositories of one owner.

    `origin` ("owner/name") is the one that most of it points at. `tokens` are covered, `grams` are distinct matches;
    `line` to `end_line` is the longest stretch (in a notebook they lie in `cell`). `whole`: the file is the same byte
    for byte.
    """

    origin: str
    tokens: int
    grams: int = 0
    line: int | None = None
    end_line: int | None = None
    cell: int | None = None
    whole: bool = False


class CopiedFile(Value, frozen=True):
    """A file of `tokens` normalised tokens and its sources, the one that covers most in front."""

    path: str
    tokens: int
    sources: tuple[Source, ...]


class Copies(TreeFact, frozen=True):
    """How many `tokens` were compared, in how many files, and the files that are similar to something."""

    version: ClassVar[str] = f"1+{INDEX}"
    tokens: int = 0
    compared: int = 0
    files: tuple[CopiedFile, ...] = ()

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        """None for a tree without own Python and notebooks."""
        code = tree.derive(python_code)
        if not code.all and not code.unread:
            return None
        if sum(len(module.source) for module in code.all) > LARGEST:
            return cls()
        index = shipped()
        tokens = 0
        found: list[CopiedFile] = []
        for module in code.all:
            fingerprint = Fingerprint(module.source.decode("utf-8", "replace"))
            tokens += len(fingerprint.codes)
            file = tree.file(module.path)
            oid = file.oid if file is not None else None
            sources = sources_of(fingerprint, index, oid, module.cells)
            if sources:
                found.append(CopiedFile(module.path, len(fingerprint.codes), sources))
        whole = len(code.all) + len(code.unread)
        return cls(
            incomplete=f"{len(code.unread)} of {whole} Python files" if code.unread else None,
            tokens=tokens,
            compared=len(code.all),
            files=tuple(found[:FILES_KEPT]),
        )


class _Match(NamedTuple):
    """Where a gram of an origin stands in a file."""

    position: int
    gram: int
    origin: int


def sources_of(
    fingerprint: Fingerprint, index: TutorialIndex, oid: str | None = None, cells: Cells = ()
) -> tuple[Source, ...]:
    """The owners whose tutorials a file is similar to, the one that covers most in front.

    `oid` is the file's git blob id; `cells` are the first lines of a notebook's cells with their numbers.
    """
    length = len(fingerprint.codes)
    whole = {owner_of(index.origins[at]): index.origins[at] for at in index.of_file(oid)} if oid and length >= K else {}
    of_gram = index.of_gram
    matches = [
        _Match(position, gram, origin) for position, gram in enumerate(fingerprint.grams) for origin in of_gram(gram)
    ]
    by_owner: dict[str, list[_Match]] = {}
    for match in matches:
        by_owner.setdefault(owner_of(index.origins[match.origin]), []).append(match)
    found = [Source(origin, length, whole=True) for origin in whole.values()]
    for owner, own in by_owner.items():
        if owner in whole:
            continue
        spans = _spans(own)
        covered = sum(end - start for start, end in spans)
        # A block that repeats says no more than one of its kind.
        first = {match.gram: match for match in reversed(own)}
        once = sum(end - start for start, end in _spans(sorted(first.values())))
        if once >= SUBSTANTIAL_TOKENS and is_similar(covered, length, len(first)):
            found.append(_source(fingerprint, index, own, spans, cells))
    found.sort(key=lambda source: (-source.tokens, source.origin))
    return tuple(found[:SOURCES_KEPT])


def is_similar(covered: int, tokens: int, grams: int) -> bool:
    """Whether a file is at least substantially similar: a quarter, 60 tokens and 12 distinct grams."""
    return covered >= max(SUBSTANTIAL_TOKENS, SUBSTANTIAL * tokens) and grams >= SUBSTANTIAL_GRAMS


def is_verbatim(covered: int, tokens: int) -> bool:
    """Whether most of a file is the same: half of it and 100 tokens."""
    return covered >= max(VERBATIM_TOKENS, VERBATIM * tokens)


def _source(
    fingerprint: Fingerprint, index: TutorialIndex, matches: list[_Match], spans: list[tuple[int, int]], cells: Cells
) -> Source:
    votes: dict[int, int] = {}
    for match in matches:
        votes[match.origin] = votes.get(match.origin, 0) + 1
    origin = index.origins[max(votes, key=lambda at: (votes[at], -at))]
    longest = max(spans, key=lambda span: span[1] - span[0])
    ((line, end_line),) = fingerprint.lines((longest,))
    cell = None
    if cells:
        cell, line, end_line = _in_cell(cells, line, end_line)
    return Source(
        origin,
        sum(end - start for start, end in spans),
        len({match.gram for match in matches}),
        line,
        end_line,
        cell,
    )


def _in_cell(cells: Cells, line: int, end_line: int) -> tuple[int, int, int]:
    """The cell in which a stretch begins, and its lines counted from there."""
    start, number = max((cell for cell in cells if cell[0] <= line), default=cells[0])
    return number, line - start + 1, end_line - start + 1


def _spans(matches: Iterable[_Match]) -> list[tuple[int, int]]:
    """Token positions [start, end) that are covered, small gaps bridged."""
    return list(_merged((match.position, match.position + K) for match in matches))


def _merged(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    current: tuple[int, int] | None = None
    for start, end in spans:
        if current is None:
            current = (start, end)
        elif start - current[1] <= BRIDGED:
            current = (current[0], max(current[1], end))
        else:
            yield current
            current = (start, end)
    if current is not None:
        yield current


def owner_of(origin: str) -> str:
    """Whose an origin ("owner/name") is; the service does not tell names apart by case."""
    return origin.partition("/")[0].casefold()
