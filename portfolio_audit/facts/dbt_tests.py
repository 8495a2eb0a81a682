"""Tests of a dbt project: what its YAML files ask of columns and models, and queries that must return nothing.

`dbt test` fails where a column that is said to be unique is not, which is an assertion like any other. What `dbt init`
writes (`my_first_dbt_model`) is nobody's test, and neither is what a loader writes about its own columns.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.configuration import mapping, parse_yaml, sequence
from portfolio_audit.facts.fact import Location
from portfolio_audit.tree import KIB, SourceTree

PROJECTS, FILES, MOST = 5, 200, 5_000
"""dbt projects of a repository, and files of tests in each, that are read; tests that are counted."""

_SAMPLES = frozenset(("my_first_dbt_model", "my_second_dbt_model"))
_FOLDERS = {"model-paths": "models", "seed-paths": "seeds", "snapshot-paths": "snapshots"}
_KEYS = ("tests", "data_tests")
_LISTS = re.compile(r"^(?:[ \t]*(?:-[ \t]+)?|[^#\n]{0,200}[{,][ \t]*)(?:data_)?tests[ \t]*:", re.MULTILINE)
_ASKED = re.compile(r"(?i)\bselect\b")
_LINE_COMMENT = re.compile(r"--[^\n]*")


def dbt_tests(tree: SourceTree) -> list[Location]:
    """One place for each test; none where there is no dbt project."""
    projects = [file.path for file in tree.derive(paths.own_files) if paths.name(file.path) == "dbt_project.yml"]
    return list(islice((place for path in projects[:PROJECTS] for place in _of_project(tree, path)), MOST))


def _of_project(tree: SourceTree, path: str) -> Iterator[Location]:
    root = path.removesuffix("dbt_project.yml")
    documents = _documents(tree, path)
    said = mapping(documents[0]) if documents else {}
    described = tuple(f"{root}{each}/" for key, usual in _FOLDERS.items() for each in _paths(said, key, usual))
    queries = tuple(f"{root}{each}/" for each in _paths(said, "test-paths", "tests"))
    left = FILES
    for file in tree.derive(paths.own_files):
        if not left or file.size > 256 * KIB:
            continue
        if file.path.startswith(described) and file.path.endswith((".yml", ".yaml")):
            left -= 1
            yield from _described(tree, file.path)
        elif file.path.startswith(queries) and file.path.endswith(".sql"):
            left -= 1
            yield from _query(tree, file.path)


def _paths(said: dict[Any, Any], key: str, usual: str) -> list[str]:
    given = said.get(key, said.get("source-paths") if usual == "models" else None)
    return [each.strip("./") for each in sequence(given) if isinstance(each, str) and each.strip("./")] or [usual]


def _documents(tree: SourceTree, path: str) -> list[Any]:
    try:
        return parse_yaml(tree.text(path))
    except Unavailable as unavailable:
        tree.note(path, unavailable)
        return []


def _described(tree: SourceTree, path: str) -> Iterator[Location]:
    """The tests that a file of descriptions asks for, each at the line of the list that it stands in."""
    text = tree.text(path) if path not in tree.unread else ""
    if "tests" not in text:
        return
    lists = [each for document in _documents(tree, path) for each in _lists(mapping(document))]
    lines = [text.count("\n", 0, match.start()) + 1 for match in _LISTS.finditer(text)] if lists else []
    sure = len(lines) == len(lists)
    for at, (owner, tests) in enumerate(lists):
        if owner and owner not in _SAMPLES:
            for test in tests:
                yield Location(path, lines[at] if sure else None, note=_name(test))


def _lists(document: dict[Any, Any]) -> Iterator[tuple[str, list[Any]]]:
    """The lists of tests in their order, each with the model, seed, snapshot or table that it is about, or "" if a tool
    wrote it.
    """
    for kind, entries in document.items():
        for entry in sequence(entries) if kind in ("models", "seeds", "snapshots", "sources") else []:
            for part in (entry, *sequence(mapping(entry).get("tables"))) if kind == "sources" else (entry,):
                yield from _of_entry(mapping(part))


def _of_entry(entry: dict[Any, Any]) -> Iterator[tuple[str, list[Any]]]:
    name = str(entry.get("name") or "")
    for key, value in entry.items() if name else ():
        if key in _KEYS:
            yield name, sequence(value)
        elif key == "columns":
            for column in map(mapping, sequence(value)):
                # Columns of the loader (_dlt_id, _airbyte_raw_id) come with the checks that it writes.
                owner = "" if str(column.get("name") or "").startswith("_") else name
                yield from ((owner, sequence(tests)) for key, tests in column.items() if key in _KEYS)


def _name(test: object) -> str:
    """What a test is called: the name alone, or the key above its arguments."""
    return f"dbt: {next(iter(test), '') if isinstance(test, dict) else test}"[:80]


def _query(tree: SourceTree, path: str) -> Iterator[Location]:
    """A query that must return nothing; a file that only defines a test for others to ask for is none."""
    try:
        text = _plain(tree.text(path))
    except Unavailable:
        return
    found = None if "{% test " in text or "{%- test " in text else _ASKED.search(text)
    if found is not None:
        yield Location(path, text.count("\n", 0, found.start()) + 1, note="dbt: a query that must return nothing")


def _plain(text: str) -> str:
    """The text without comments; its lines keep their numbers."""
    for begins, ends in (("{#", "#}"), ("/*", "*/")):
        first, *others = text.split(begins)
        parts = (other.partition(ends) for other in others)
        text = first + "".join("\n" * inside.count("\n") + after for inside, _, after in parts)
    return _LINE_COMMENT.sub("", text)
