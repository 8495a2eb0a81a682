"""What in a tree points at a teaching data set, one clue per place, before anything is concluded from it.

Files speak by the id of their content (also the one inside a Git LFS pointer), by their first row and by their name;
a name alone is dropped where the readable first row is that of some other table.
"""

import csv
import re
from collections.abc import Iterator

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.dataset_table import Table, file_key, table
from portfolio_audit.facts.fact import Location
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import File, SourceTree, decode

TABULAR = frozenset(".csv .tsv .data .txt .tab .dat .test .names .arff".split())
NO_DATA = frozenset(
    """
        .py .ipynb .r .rmd .qmd .jl .js .jsx .ts .tsx .go .rs .java .md .rst .html .css .svg .png .jpg .jpeg
        .gif .pdf .yml .yaml .toml .cfg .ini .sh .sql .scss .vue .kt .cs .c .cpp .h .hpp .rb .php .swift
        .scala .lua .m .lock .ico .pyc .bat .xml
    """.split()
)
ASIDE = frozenset(
    """
        fixtures fixture sample_data sample-data sampledata example_data testdata test_data test-data
        benchmark benchmarks
    """.split()
)
POINTER = b"version https://git-lfs.github.com/spec/"
_LFS = re.compile(rb"oid sha256:([0-9a-f]{64})\b")
_CELL = re.compile(r"[\s\ufeff\x00]+")


class Clue(Value, frozen=True):
    """One pointer to one data set: `kind` names the weight in the table, `own` is false in tests, examples and docs."""

    dataset: str
    kind: str
    where: Location
    own: bool


def is_aside(path: str) -> bool:
    """Whether the file stands beside the work: a test, an example, documentation, a post."""
    return paths.is_test(path) or paths.is_example(path) or paths.is_documentation(path)


def beside(path: str) -> bool:
    """The same for a data file, by its folders alone: a file called test.csv is a split, no test."""
    return is_aside(path.rpartition("/")[0] + "/x") or not ASIDE.isdisjoint(paths.folders(path))


def file_clues(tree: SourceTree) -> tuple[Clue, ...]:
    """Clues of all own files that are no code. Use it as `tree.derive(file_clues)`."""
    return tuple(clue for file in tree.derive(paths.own_files) for clue in _of_file(tree, file, table()))


def _of_file(tree: SourceTree, file: File, known: Table) -> Iterator[Clue]:
    own = not beside(file.path)
    entry = known.hashes.get(file.oid or "")
    if entry:
        yield Clue(entry, "hash", Location(file.path, note="the published file, byte for byte"), own)
        return
    if paths.suffix(file.path) in NO_DATA:
        return
    head = _head(tree, file)
    if head.startswith(POINTER):
        oid = _LFS.search(head[:400])
        entry = known.hashes.get(oid[1].decode()) if oid else None
        if entry:
            yield Clue(entry, "hash", Location(file.path, note="Git LFS pointer to the published file"), own)
            return
    cells = first_row(head) if paths.suffix(file.path) in TABULAR else ()
    entry = known.header(cells) or known.header(cells[1:])
    if entry:
        yield Clue(entry, "header", Location(file.path, 1, note=f"columns {', '.join(cells[:5])}"), own)
        return
    key = idx_key(file_key(paths.name(file.path)))
    strange = len(cells) >= 3 and not head.startswith(POINTER) and file.size > 0
    if key in known.files and not (strange and not _akin(cells, known, known.files[key])):
        yield Clue(known.files[key], "file", Location(file.path, note="file name"), own)
    for entry in known.weak_files.get(key, ()):
        if not (strange and not _akin(cells, known, entry)):
            yield Clue(entry, "weak_file", Location(file.path, note="file name, common"), own)


def idx_key(key: str) -> str:
    """All names of MNIST's own format ("test10k-images-idx3-ubyte") as the one that the table has."""
    return "trainimagesidx3ubyte" if key.endswith(("idx3ubyte", "idx3ubyte.gz")) and "emnist" not in key else key


def _head(tree: SourceTree, file: File) -> bytes:
    try:
        return tree.head(file.path)[:8192]
    except Unavailable:
        return b""


def first_row(head: bytes) -> tuple[str, ...]:
    """The cells of the first row of a table in lower case; empty where the bytes are no text table.

    The separator is the one met most often in the row. Marks, quotes, NULs and blanks around a cell do not count.
    """
    text = decode(head[: len(head) & ~1] if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head)
    lines = (line for line in text.splitlines()[:40] if line.strip() and line[:1] not in ("@", "%", "|"))
    line = next(lines, "")[:8192]
    separator = max(",;\t|", key=line.count)
    if line.count(separator) < 1:
        cells = line.split() if line.count(" ") >= 4 else [line]
    else:
        cells = next(csv.reader([line.replace("\x00", "")], delimiter=separator), [])
    return tuple(_CELL.sub(" ", cell).strip(" \"'").casefold() for cell in cells[:200])


def _akin(cells: tuple[str, ...], known: Table, entry: str) -> bool:
    """Whether a first row could still be that table (columns dropped, renamed or added), or is no heading at all."""
    numeric = sum(1 for cell in cells if re.fullmatch(r"-?[\d.,]*", cell))
    if numeric * 2 >= len(cells):
        return True
    stated = {column.casefold() for column in known.entries[entry].columns}
    stated.update(cell for header in known.entries[entry].headers for cell in header)
    return not stated or sum(1 for cell in cells if cell in stated) * 3 >= min(len(cells), len(stated))
