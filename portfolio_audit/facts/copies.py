"""Python, notebooks, JavaScript and TypeScript that share long runs of code with well-known tutorials.

A file is named only above a measured level (docs/own-work.md); what lies below is how everybody writes. Whose the
repository is does not matter here: `OwnWork` compares the origins with it.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, NamedTuple, Self

from portfolio_audit.facts.fact import TreeFact
from portfolio_audit.facts.fingerprints import Fingerprint, K, about, dotted, steps_of
from portfolio_audit.facts.other_code import other_sources
from portfolio_audit.facts.paths import TESTS, folders, is_own, is_test, language, suffix
from portfolio_audit.facts.python_code import python_code
from portfolio_audit.facts.tutorial_index import Match, TutorialIndex, shipped
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import SourceTree

INDEX = "23342821"
"""The stamp of the shipped index, so that facts read with another one are read again."""

SUBSTANTIAL, SUBSTANTIAL_TOKENS, SUBSTANTIAL_GRAMS = 0.25, 60, 12
VERBATIM, VERBATIM_TOKENS = 0.5, 100
BRIDGED = K // 2
"""Tokens between two matches that count as matched: a changed line inside a copied block."""

ALSO = 0.1
"""The part of the matches with one owner's lessons from which one of them is named beside the first."""
AS_WELL = 0.8
"""The part of a match that another origin must cover to stand for it."""

Cells = tuple[tuple[int, int], ...]

SCRIPTS = ("JavaScript", "TypeScript")

NO_STEPS, TABLE = 3, 50_000
"""Distinct steps below which a file is always compared, as there is nothing to tell by, unless it has so many bytes:
then it is a table."""

FEW_STEPS, LEAST_STEPS, STEPS_SHARE = 12, 2, 0.12
"""Distinct steps below which one that is known is enough; with more of them, so many and such a share must be. Of 2,178
files that two thirds of the share find two fail it, both similar in a part."""

BYTES_A_TOKEN = 2
"""Fewer than any code has, so that what could not be read is rather thought too long."""

SOURCES_KEPT = 3
FILES_KEPT = 2000


class Source(Value, frozen=True):
    """What one file shares with the repositories of one owner.

    `origin` ("owner/name") is the one that most of it points at. `tokens` are covered, `grams` are distinct matches;
    `line` to `end_line` is the longest stretch (in a notebook they lie in `cell`). `whole`: the file is the same byte
    for byte. `since` is the day of the origin's first commit, or "". `also` are, with such days, up to two more
    repositories of that owner that a tenth of the matches or more point at.
    """

    origin: str
    tokens: int
    grams: int = 0
    line: int | None = None
    end_line: int | None = None
    cell: int | None = None
    whole: bool = False
    since: str = ""
    also: dict[str, str] = {}


class CopiedFile(Value, frozen=True):
    """A file of `tokens` normalised tokens and its sources, the one that covers most in front."""

    path: str
    tokens: int
    sources: tuple[Source, ...]


class Copies(TreeFact, frozen=True):
    """How many `tokens` the code has, in how many files, and the files that are similar to something.

    `notebooks` is the part of the tokens that lies in notebooks. `unread` is about the most tokens that the files have
    that could not be read. `sampled` files of a large library were left out.

    Folders of tests are not looked up, as what lies there is often somebody's example on purpose; the tokens of these
    files, and of those that no tutorial can be part of, are estimated.
    """

    version: ClassVar[str] = f"10+{INDEX}"
    tokens: int = 0
    notebooks: int = 0
    unread: int = 0
    compared: int = 0
    files: tuple[CopiedFile, ...] = ()
    sampled: int = 0

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        """None for a tree without own code in the languages that are compared."""
        python = tree.derive(python_code)
        scripts = [each for each in tree.derive(other_sources) if each.language in SCRIPTS]
        unread_scripts = [path for path in tree.unread if is_own(path) and language(path) in SCRIPTS]
        if not python.all and not python.unread and not scripts and not unread_scripts:
            return None
        texts = [_Text(module.path, "Python", module.source, module.dotted, module.cells) for module in python.all]
        for each in scripts:
            source = each.text.encode("utf-8", "replace")
            texts.append(_Text(each.path, each.language, source, dotted(source)))
        index = shipped()
        sizes: dict[str, int] = {}
        found: list[CopiedFile] = []
        for text in texts:
            file = tree.file(text.path)
            oid = file.oid if file is not None else None
            if not TESTS.isdisjoint(folders(text.path)) or not may_be_similar(text.source, index, oid, text.dotted):
                sizes[text.path] = about(text.source)
                continue
            fingerprint = Fingerprint(text.source.decode("utf-8", "replace"), text.language)
            sizes[text.path] = len(fingerprint.codes)
            sources = sources_of(fingerprint, index, oid, text.cells)
            if sources:
                found.append(CopiedFile(text.path, len(fingerprint.codes), sources))
        unread = [*python.unread, *unread_scripts]
        listed = [known for path in unread if (known := _known_by_listing(tree, path, index)) is not None]
        sizes |= {file.path: file.tokens for file in listed}
        left = {*unread} - {file.path for file in listed}
        missing = [file.size // BYTES_A_TOKEN for path in left if (file := tree.file(path)) is not None]
        largest = max((len(text.source) // BYTES_A_TOKEN for text in texts), default=0)
        return cls(
            incomplete=f"{len(left)} of {len(texts) + len(unread)} code files" if left else None,
            tokens=sum(sizes.values()),
            notebooks=sum(size for path, size in sizes.items() if suffix(path) == ".ipynb"),
            unread=sum(size or largest for size in missing),
            compared=len(texts) + len(listed),
            files=tuple([*found, *listed][:FILES_KEPT]),
            sampled=sum(not is_test(path) for path in python.skipped),
        )


def _known_by_listing(tree: SourceTree, path: str, index: TutorialIndex) -> CopiedFile | None:
    """A file whose content was not read, if its blob id alone says that it is a tutorial's."""
    file = tree.file(path)
    known = index.of_file(file.oid) if file is not None and file.oid else {}
    if not known:
        return None
    sources = [Source(index.origins[at], tokens, whole=True, since=index.since[at]) for at, tokens in known.items()]
    return CopiedFile(path, max(known.values()), tuple(sources[:SOURCES_KEPT]))


class _Text(NamedTuple):
    """One file's code; `cells` as in a PythonModule."""

    path: str
    language: str
    source: bytes
    dotted: Sequence[int]
    cells: Cells = ()


def may_be_similar(
    source: bytes, index: TutorialIndex, oid: str | None = None, numbers: Sequence[int] | None = None
) -> bool:
    """Whether a file must be taken apart to know; `oid` is its git blob id, `numbers` are its names after dots."""
    if oid and index.of_file(oid):
        return True
    found = steps_of(dotted(source) if numbers is None else numbers)
    if len(found) < NO_STEPS:
        return len(source) < TABLE and about(source) >= SUBSTANTIAL_TOKENS // 2
    known = index.known(found)
    return known >= (1 if len(found) < FEW_STEPS else max(LEAST_STEPS, STEPS_SHARE * len(found)))


def sources_of(
    fingerprint: Fingerprint, index: TutorialIndex, oid: str | None = None, cells: Cells = ()
) -> tuple[Source, ...]:
    """The owners whose tutorials a file is similar to, the one that covers most in front.

    `oid` is the file's git blob id; `cells` are the first lines of a notebook's cells with their numbers.
    """
    length = len(fingerprint.codes)
    whole = {owner_of(index.origins[at]): at for at in index.of_file(oid)} if oid and length >= K else {}
    by_owner: dict[str, list[Match]] = {}
    for match in index.matches(fingerprint.grams):
        by_owner.setdefault(owner_of(index.origins[match.origin]), []).append(match)
    found = [Source(index.origins[at], length, whole=True, since=index.since[at]) for at in whole.values()]
    for owner, own in by_owner.items():
        if owner in whole:
            continue
        if are_substantial(own, length):
            found.append(_source(fingerprint, index, own, _spans(own), cells))
    found.sort(key=lambda source: (-source.tokens, source.origin))
    return tuple(found[:SOURCES_KEPT])


def are_substantial(matches: list[Match], tokens: int) -> bool:
    """Whether the matches of a file of so many tokens with one owner's tutorials are worth naming.

    A block that repeats says no more than one of its kind.
    """
    first = {match.gram: match for match in reversed(matches)}
    once = sum(end - start for start, end in _spans(sorted(first.values())))
    covered = sum(end - start for start, end in _spans(matches))
    return once >= SUBSTANTIAL_TOKENS and is_similar(covered, tokens, len(first))


def is_similar(covered: int, tokens: int, grams: int) -> bool:
    """Whether a file is at least substantially similar: a quarter, 60 tokens and 12 distinct grams."""
    return covered >= max(SUBSTANTIAL_TOKENS, SUBSTANTIAL * tokens) and grams >= SUBSTANTIAL_GRAMS


def is_verbatim(covered: int, tokens: int) -> bool:
    """Whether most of a file is the same: half of it and 100 tokens."""
    return covered >= max(VERBATIM_TOKENS, VERBATIM * tokens)


def _source(
    fingerprint: Fingerprint, index: TutorialIndex, matches: list[Match], spans: list[tuple[int, int]], cells: Cells
) -> Source:
    votes: dict[int, int] = {}
    for match in matches:
        votes[match.origin] = votes.get(match.origin, 0) + 1
    most = _earliest(votes, index)
    others = sorted((at for at in votes if at != most and votes[at] >= ALSO * len(matches)), key=lambda at: -votes[at])
    longest = max(spans, key=lambda span: span[1] - span[0])
    ((line, end_line),) = fingerprint.lines((longest,))
    cell = None
    if cells:
        cell, line, end_line = _in_cell(cells, line, end_line)
    return Source(
        index.origins[most],
        sum(end - start for start, end in spans),
        len({match.gram for match in matches}),
        line,
        end_line,
        cell,
        since=index.since[most],
        also={index.origins[at]: index.since[at] for at in others[:2]},
    )


def _earliest(votes: dict[int, int], index: TutorialIndex) -> int:
    """Of the origins that nearly as much points at as at any, the one that began first: lessons repeat themselves."""
    enough = AS_WELL * max(votes.values())
    return min((at for at in votes if votes[at] >= enough), key=lambda at: (index.since[at] or "9", -votes[at], at))


def _in_cell(cells: Cells, line: int, end_line: int) -> tuple[int, int, int]:
    """The cell in which a stretch begins, and its lines counted from there."""
    start, number = max((cell for cell in cells if cell[0] <= line), default=cells[0])
    return number, line - start + 1, end_line - start + 1


def _spans(matches: Iterable[Match]) -> list[tuple[int, int]]:
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
