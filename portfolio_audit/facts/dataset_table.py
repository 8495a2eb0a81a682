"""The table of teaching data sets, and the indices that find an entry by any of its signatures in one look-up.

The table is data (`data/tutorial_datasets.json`). Matching is by set membership of tokens, never by a search for each
of some thousand signatures in turn, so the cost does not grow with the table.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from typing import Literal, TypeVar

import msgspec

K = TypeVar("K")
V = TypeVar("V")
Tier = Literal["classic", "popular", "benchmark", "synthetic"]

STRONG = 0.85
"""From this weight on, a clue points at a data set by itself (the table's weights: a file name that is its own)."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One data set. `tier` says how much it tells: only "classic" is ever held against a project."""

    id: str
    name: str
    tier: Tier
    loaders: tuple[str, ...] = ()
    named: dict[str, tuple[str, ...]] = {}
    hf: tuple[str, ...] = ()
    kaggle: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    weak_files: tuple[str, ...] = ()
    headers: tuple[tuple[str, ...], ...] = ()
    columns: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    r: tuple[str, ...] = ()
    r_data: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    blobs: tuple[str, ...] = ()
    lfs: tuple[str, ...] = ()


class _Stored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    about: str
    weights: dict[str, float]
    datasets: tuple[Entry, ...]


class Table:
    """All entries with their indices; every index maps a normalised signature to entry ids."""

    def __init__(self, entries: Iterable[Entry], weights: dict[str, float]) -> None:
        self.entries = {entry.id: entry for entry in entries}
        self.weights = weights
        each = tuple(self.entries.values())
        self.hashes = {oid: entry.id for entry in each for oid in (*entry.blobs, *entry.lfs)}
        self.loaders = {name: entry.id for entry in each for name in entry.loaders}
        self.endings = frozenset(name.rpartition(".")[2] for name in self.loaders) - {"data"}
        self.named = {
            (function, name.casefold()): entry.id
            for entry in each
            for function, names in entry.named.items()
            for name in names
        }
        self.hub = {name.casefold(): entry.id for entry in each for name in entry.hf}
        self.kaggle = {slug.removeprefix("c/"): entry.id for entry in each for slug in entry.kaggle}
        self.competitions = {
            slug.partition("/")[2]: i for slug, i in self.kaggle.items() if slug.startswith("competitions/")
        }
        self.folders = {slug.partition("/")[2]: i for slug, i in self.kaggle.items()}
        self.files = {name: entry.id for entry in each for name in entry.files}
        self.weak_files = _many((name, entry.id) for entry in each for name in entry.weak_files)
        self.headers = _many((header[0], (header, entry.id)) for entry in each for header in entry.headers)
        self.columns = _many((column, entry.id) for entry in each for column in _spellings(entry.columns))
        self.r = {name: entry.id for entry in each for name in entry.r}
        self.r_data = {name: entry.id for entry in each for name in (*entry.r_data, *entry.r)}
        self.other = {name: entry.id for entry in each for name in entry.other}
        self.other_words = {name: frozenset(re.findall(r"[A-Za-z_]\w*", name)) for name in self.other}
        fragments = {url: entry.id for entry in each for url in entry.urls}
        self._fragments = {url.casefold(): i for url, i in fragments.items()}
        self._beginnings = frozenset(url.partition("/")[0] for url in self._fragments)
        self._url = re.compile("|".join(re.escape(url) for url in sorted(self._fragments, key=len, reverse=True)))

    def url(self, text: str) -> str | None:
        """The entry whose address occurs in this text; the text should be one address or line."""
        lower = text.casefold()
        if self._beginnings.isdisjoint(_hosts_and_parts(lower)):
            return None
        found = self._url.search(lower)
        return self._fragments[found[0]] if found else None

    def header(self, cells: tuple[str, ...]) -> str | None:
        """The entry whose first columns these lower-case cells begin with, words joined by - or _ or not."""
        return self._header(cells) or self._header(tuple(re.sub(r"[-_ ]", "", cell) for cell in cells))

    def _header(self, cells: tuple[str, ...]) -> str | None:
        if not cells:
            return None
        for header, entry in self.headers.get(cells[0], ()):
            if cells[: len(header)] == header and (len(header) > 2 or len(cells) == len(header)):
                return entry
        return None


def _spellings(columns: Iterable[str]) -> Iterator[str]:
    """The names, and those of several words also as an interface in Python would spell them ("sib_sp")."""
    for column in dict.fromkeys(columns):
        yield column
        words = re.findall(r"[A-Z][a-z]+|[A-Z]+(?![a-z])|\d+", column)
        if len(words) > 1 and "".join(words) == column:
            yield "_".join(words).lower()


def _hosts_and_parts(address: str) -> Iterator[str]:
    """The parts of an address between slashes; of a host also the domains above it."""
    for part in address.split("/"):
        yield part
        for _ in range(min(part.count("."), 4)):
            part = part.partition(".")[2]
            yield part


def file_key(name: str) -> str:
    """A file name as the table spells it: lower case, without - _ and blanks."""
    return name.casefold().replace("-", "").replace("_", "").replace(" ", "")


def _many(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    found: dict[K, tuple[V, ...]] = {}
    for key, value in pairs:
        found[key] = (*found.get(key, ()), value)
    return found


@cache
def table() -> Table:
    """The table that is shipped."""
    content = resources.files("portfolio_audit").joinpath("data", "tutorial_datasets.json").read_bytes()
    stored = msgspec.json.decode(content, type=_Stored)
    return Table(stored.datasets, stored.weights)
