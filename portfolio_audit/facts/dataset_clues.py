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
GENERATED = (
    "data_loaders/load_titanic.py",
    "transformers/fill_in_missing_values.py",
    "data_exporters/export_titanic_clean.py",
)
"""What Mage writes into every new project: an example that says nothing of the project it lies in."""

RELATIVES = {
    "fashion": "fashion_mnist",
    "kmnist": "emnist_kmnist",
    "qmnist": "emnist_kmnist",
    "emnist": "emnist_kmnist",
    "kuzushiji": "emnist_kmnist",
}
"""Sets that are published in MNIST's own format under the same file names, by a part of their folder or address."""

POINTER = b"version https://git-lfs.github.com/spec/"
POINTER_SIZE = 400
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
    return paths.is_test(path) or paths.is_example(path) or paths.is_documentation(path) or path.endswith(GENERATED)


def beside(path: str) -> bool:
    """The same for a data file, by its folders alone: a file called test.csv is a split, no test."""
    return is_aside(path.rpartition("/")[0] + "/x") or not ASIDE.isdisjoint(paths.folders(path))


def file_clues(tree: SourceTree) -> tuple[Clue, ...]:
    """Clues of all own files that are no code. Use it as `tree.derive(file_clues)`."""
    known = table()
    return tuple(
        Clue(entry, kind, Location(file.path, line, note=note), not beside(file.path))
        for file in tree.derive(paths.own_files)
        for entry, kind, line, note in _of_file(tree, file, known)
    )


def _of_file(tree: SourceTree, file: File, known: Table) -> Iterator[tuple[str, str, int | None, str]]:
    """Entry, kind, line and note of each clue; what is sure ends the search."""
    if file.oid in known.hashes:
        yield known.hashes[file.oid], "hash", None, "the published file, byte for byte"
        return
    suffix = paths.suffix(file.path)
    if suffix in NO_DATA:
        return
    key = idx_key(file_key(paths.name(file.path)))
    if suffix not in TABULAR and key not in known.files and key not in known.weak_files and file.size > POINTER_SIZE:
        return
    head = _head(tree, file)
    pointer = head.startswith(POINTER)
    oid = _LFS.search(head[:POINTER_SIZE]) if pointer else None
    if oid and oid[1].decode() in known.hashes:
        yield known.hashes[oid[1].decode()], "hash", None, "Git LFS pointer to the published file"
        return
    cells = first_row(head) if suffix in TABULAR and not pointer else ()
    entry = known.header(cells) or known.header(cells[1:])
    if entry:
        yield entry, "header", 1, f"columns {', '.join(cells[:5])}"
        return
    whole = named_file(file.path, known)
    named = [(whole, "file", "file name")] if whole else []
    named += [(entry, "weak_file", "file name, a common one") for entry in known.weak_files.get(key, ())]
    for entry, kind, note in named:
        if len(cells) < 3 or _akin(cells, known, entry):
            yield entry, kind, None, note


def named_file(path: str, known: Table) -> str | None:
    """The set that a file's name is of; what has MNIST's names is one of its relatives if its folders say so."""
    entry = known.files.get(idx_key(file_key(path.rpartition("/")[2])))
    if entry == "mnist":
        lower = path.casefold()
        return next((relative for word, relative in RELATIVES.items() if word in lower), entry)
    return entry


def idx_key(key: str) -> str:
    """All names of MNIST's own format ("test10k-images-idx3-ubyte") as the one that the table has."""
    return "trainimagesidx3ubyte" if key.endswith(("idx3ubyte", "idx3ubyte.gz")) else key


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
