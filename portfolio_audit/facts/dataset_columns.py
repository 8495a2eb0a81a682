"""The column names of teaching sets in code and configuration, for projects that do not commit their data.

Only names that mean little outside their table are in the data (no "age", no "price"), a name shared by more than two
tables is not counted, and several must meet, so a chance word never points anywhere.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.dataset_clues import Clue, is_aside
from portfolio_audit.facts.dataset_table import table
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.fingerprints import dotted
from portfolio_audit.facts.other_code import other_sources
from portfolio_audit.facts.python_code import PythonModule, python_code
from portfolio_audit.tree import KIB, SourceTree

ENOUGH = 4
"""Distinct names of one table that point at it."""

FEWER = 3
"""As many point at it if they are half of its names, or if a file of its common name ("train.csv") is read too."""

SHOWN = 6
"""Names that are told to a reader."""

_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[A-Za-z0-9][\w.-]*")
_NOT_FIRST = b"_.-"
_SPACED = bytes(code if chr(code).isalnum() or code in _NOT_FIRST else 32 for code in range(128)) + bytes(128)
_QUOTED = re.compile(r"[\"'`]([^\"'`\n]{3,40})[\"'`]")
CONFIGURATION = frozenset(".yaml .yml .toml .json .lock .cfg .ini".split())

Met = dict[tuple[str, bool], dict[str, dict[str, Location]]]
"""By a table, and whether the files are the own code itself: by path, where each of its names stands."""


def column_clues(tree: SourceTree) -> tuple[Clue, ...]:
    """A clue for each file with column names of a table, if enough of them meet in the own code, or beside it."""
    met: Met = defaultdict(lambda: defaultdict(dict))
    for path, names in _names(tree):
        _add(met, path, names)
    for path, names in _after_dots(tree, met):
        _add(met, path, names)
    return tuple(
        _clue(entry, own, found)
        for (entry, own), by_file in sorted(met.items())
        if _points(tree, entry, by_file)
        for _, found in sorted(by_file.items(), key=lambda item: (-len(item[1]), item[0]))
    )


def _add(met: Met, path: str, names: dict[str, Location]) -> None:
    for name, place in names.items():
        for entry in table().columns[name]:
            met[entry, not is_aside(path)][path].setdefault(name, place)


def _names(tree: SourceTree) -> Iterator[tuple[str, dict[str, Location]]]:
    """The column names in each file, those after a dot in Python left out."""
    columns = frozenset(table().columns)
    for module in tree.derive(python_code).all:
        texts = () if columns.isdisjoint(module.texts) else reversed(module.strings_of(columns.__contains__))
        yield module.path, {text.text: module.place(text.line) for text in texts}
    for source in tree.derive(other_sources):
        words = (columns & source.words) | (columns & source.names) | (columns & source.literals)
        yield source.path, {name: Location(source.path, source.line(_find(source.text, name))) for name in words}
    for path, text in _configurations(tree):
        words = columns & _said(text)
        yield path, {name: Location(path, text.count("\n", 0, _find(text, name)) + 1) for name in words}


def _after_dots(tree: SourceTree, met: Met) -> Iterator[tuple[str, dict[str, Location]]]:
    """The column names after a dot in each Python file; only those of tables of which enough names can meet.

    To look through text is cheap, to parse again is not: a name that may only stand in a comment is counted first.
    """
    written = [(module, _written_after_dots(module)) for module in tree.derive(python_code).all]
    could: dict[str, set[str]] = defaultdict(set)
    for (entry, _), by_file in met.items():
        could[entry].update(*by_file.values())
    for name in {name for _, names in written for name in names}:
        for entry in table().columns[name]:
            could[entry].add(name)
    meeting = {entry for entry, names in could.items() if len(names) >= FEWER}
    for module, names in written:
        if wanted := {name for name in names if not meeting.isdisjoint(table().columns[name])}:
            from portfolio_audit.facts.python_parse import attributes

            standing = attributes(module.source)
            found = {name: module.place(module.lines.of(standing[name])) for name in wanted & standing.keys()}
            yield module.path, found


def _written_after_dots(module: PythonModule) -> set[str]:
    """The column names after a dot, be it in a comment."""
    return {name for number in _dotted().keys() & module.dotted for name in _dotted()[number]}


def _find(text: str, name: str) -> int:
    """Where a name that the text has begins, and not only a longer word with it."""
    at = first = text.find(name)
    while at >= 0 and (_is_word(text[at - 1 : at]) or _is_word(text[at + len(name) : at + len(name) + 1])):
        at = text.find(name, at + len(name))
    return at if at >= 0 else first


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def _said(text: str) -> set[str]:
    """The words of a text among which columns may be, and its short texts in quotes if one may be a column's name."""
    if not text.isascii():
        return {*_WORD.findall(text), *_QUOTED.findall(text)}
    # Between what is no part of a word there is at most one, which need not begin where that ends.
    found = set(text.encode().translate(_SPACED).split())
    found.update([run.lstrip(_NOT_FIRST) for run in found if run[0] in _NOT_FIRST])
    quoted = () if _of_phrases().isdisjoint(found) else _QUOTED.findall(text)
    return {*(run.decode() for run in found & _columns()), *quoted}


@cache
def _columns() -> frozenset[bytes]:
    return frozenset(name.encode() for name in table().columns)


@cache
def _dotted() -> dict[int, tuple[str, ...]]:
    """The columns' names by the number that they have where they stand after a dot."""
    found: dict[int, tuple[str, ...]] = {}
    for name in filter(str.isidentifier, table().columns):
        for number in dotted(b"." + name.encode()):
            found[number] = (*found.get(number, ()), name)
    return found


@cache
def _of_phrases() -> frozenset[bytes]:
    """The longest word of each name that is more than a word."""
    phrases = (name for name in table().columns if not _WORD.fullmatch(name))
    return frozenset(max(_WORD.findall(name), key=len).encode() for name in phrases)


def _configurations(tree: SourceTree) -> Iterator[tuple[str, str]]:
    for file in tree.derive(paths.own_files):
        if paths.suffix(file.path) in CONFIGURATION and 0 < file.size <= 64 * KIB and paths.is_own(file.path):
            try:
                yield file.path, tree.text(file.path)
            except Unavailable:
                continue


def _points(tree: SourceTree, entry: str, by_file: dict[str, dict[str, Location]]) -> bool:
    names = {name for found in by_file.values() for name in found}
    if len(names) < FEWER or len(names) >= ENOUGH:
        return len(names) >= ENOUGH
    known = table().entries[entry]
    return 2 * len(names) >= len(known.columns) or any(
        any(name.encode() in module.source.lower() for name in known.weak_files)
        for module in tree.derive(python_code).all
        if module.path in by_file
    )


def _clue(entry: str, own: bool, names: dict[str, Location]) -> Clue:
    """The place where most of the names stand, the first of several, with six names: those there before the others."""
    standing: dict[Location, list[str]] = defaultdict(list)
    for name in sorted(names, key=lambda name: (_order(names[name]), name)):
        standing[names[name]].append(name)
    place = max(standing, key=lambda place: len(standing[place]))
    here = standing.pop(place)[:SHOWN]
    others = [name for each in standing.values() for name in each][: SHOWN - len(here)]
    said = f"column names {', '.join(here)}" + (f"; elsewhere {', '.join(others)}" if others else "")
    note = f"{place.note}: {said}" if place.note else said
    return Clue(entry, "columns", Location(place.path, place.line, place.end_line, note), own)


def _order(place: Location) -> tuple[int, ...]:
    """Where a place stands in its file; one in a notebook tells its cell and line in the note."""
    return (place.line or 0, *map(int, _NUMBER.findall(place.note)))
