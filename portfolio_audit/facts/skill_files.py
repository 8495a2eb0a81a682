"""Tools used in configuration, in SQL and in languages other than Python."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.ai_imports import FAMILIES, imported
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.notebooks import notebooks
from portfolio_audit.facts.other_code import OtherSource, other_sources
from portfolio_audit.facts.python_code import PythonModule
from portfolio_audit.facts.skill_table import Marked, fits, libraries, skill_table, special
from portfolio_audit.tree import KIB, SourceTree

LARGEST = 256 * KIB
_WORDS = re.compile(r"[A-Za-z_]\w+")
_STATEMENT = re.compile(
    r"\s{0,40}(?:select\s[^;]{1,1500}?\sfrom\s|insert\s+into\s|create\s+(?:or\s+replace\s+)?(?:temp\w{0,5}\s+)?(?:table|view|index)\s"
    r"|with\s+\w{1,60}\s+as\s*\(|update\s+\S{1,80}\s+set\s|delete\s+from\s|merge\s+into\s)",
    re.IGNORECASE,
)
_SQL_BEGINS = re.compile(rb"[\"'][\s\\n]{0,40}(?:select|insert|create|with|update|delete|merge)\s", re.IGNORECASE)
_SQL_CELL = re.compile(r"\s*%%?(?:sql|bigquery)\b")


class Found(NamedTuple):
    """A tool and where it is used."""

    tool: str
    where: Location


def file_signs(tree: SourceTree) -> Iterator[Found]:
    """Tools shown by a file's name or by a line in it, and SQL; at most one for each tool and file."""
    by_name = [(tool.id, pattern) for tool in skill_table().tools for pattern in tool.files.split()]
    marked = [(tool.id, mark) for tool in skill_table().tools for mark in tool.text]
    for file in tree.derive(paths.own_files):
        name = paths.name(file.path)
        if not file.size:
            continue
        for tool in dict.fromkeys(tool for tool, pattern in by_name if fits(name, pattern)):
            yield Found(tool, Location(file.path))
        if file.size > LARGEST:
            continue
        wanted = [(tool, mark) for tool, mark in marked if _lies(file.path, name, mark)]
        if wanted:
            yield from _in_text(tree, file.path, wanted)
        if paths.suffix(name) == ".sql":
            yield from _in_sql(tree, file.path)


def _lies(path: str, name: str, mark: Marked) -> bool:
    if mark.within and not any(mark.within in folder for folder in paths.folders(path)):
        return False
    return any(fits(path if "/" in pattern else name, pattern) for pattern in mark.files.split())


def _in_text(tree: SourceTree, path: str, wanted: list[tuple[str, Marked]]) -> Iterator[Found]:
    try:
        text = tree.text(path)
    except Unavailable:
        return
    for tool, mark in wanted:
        line = next((line for said in mark.has if (line := _line(text, said)) is not None), None)
        if line is not None:
            yield Found(tool, Location(path, line, note=_said(text, line)))


def _line(text: str, mark: str) -> int | None:
    """The first line that holds the mark outside a comment."""
    position = text.find(mark)
    while position >= 0:
        before = text[max(0, position - 1000) : position].rpartition("\n")[2]
        if "#" not in before and not before.lstrip().startswith(("//", "--", "*")):
            return text.count("\n", 0, position) + 1
        position = text.find(mark, position + len(mark))
    return None


def _said(text: str, line: int) -> str:
    return text.split("\n", line)[line - 1].strip()[:80]


def _in_sql(tree: SourceTree, path: str) -> Iterator[Found]:
    try:
        lines = tree.text(path).split("\n")
    except Unavailable:
        return
    bare = "\n".join("" if line.lstrip().startswith("--") else line for line in lines)
    first = next((place for place, line in enumerate(bare.split("\n"), 1) if line.strip()), None)
    if first is not None:
        for tool in special("sql"):
            yield Found(tool, Location(path, first))


def sql_in_python(module: PythonModule) -> Location | None:
    """The first string of a Python file that is a statement of SQL."""
    if not _SQL_BEGINS.search(module.source):
        return None
    found = module.strings_of(_STATEMENT.match)
    return module.place(found[0].line, note="a statement of SQL") if found else None


def sql_cells(tree: SourceTree) -> Iterator[Found]:
    """Cells of notebooks that are SQL."""
    for notebook in tree.derive(notebooks).notebooks:
        for cell in notebook.cells:
            if cell.code and _SQL_CELL.match(cell.source):
                for tool in special("sql"):
                    yield Found(tool, Location(notebook.path, note=f"cell {cell.number}: SQL"))
                break


def other_signs(tree: SourceTree) -> Iterator[Found]:
    """Libraries imported in other languages, and the functions of R; at most one for each tool and file."""
    for source in tree.derive(other_sources):
        family = FAMILIES.get(source.language)
        if family is None:
            continue
        known = libraries(family)
        if not source.names.isdisjoint(_telling(family)):
            seen: set[str] = set()
            for name, position in imported(source):
                for tool in _tools_of(known, name):
                    if tool not in seen:
                        seen.add(tool)
                        yield Found(tool, Location(source.path, source.line(position), note=f"uses {name}"))
        if family == "r":
            yield from _r_calls(source)


@cache
def _telling(family: str) -> frozenset[str]:
    """Words of which one occurs in every file that imports a library of the table."""
    return frozenset(words[-1] for name in libraries(family) if (words := _WORDS.findall(name)))


def _tools_of(known: dict[str, tuple[str, ...]], name: str) -> tuple[str, ...]:
    """The tools of a library by its name or the longest known beginning of it."""
    while name:
        if name in known:
            return known[name]
        cut = max(name.rfind("."), name.rfind("/"))
        name = name[:cut] if cut > 0 else ""
    return ()


def _r_calls(source: OtherSource) -> Iterator[Found]:
    seen: set[str] = set()
    for name, tools in libraries("r_calls").items():
        if name not in source.words or seen.issuperset(tools):
            continue
        for position in source.positions(name):
            if source.text.startswith("(", position + len(name)):
                for tool in tools:
                    if tool not in seen:
                        seen.add(tool)
                        yield Found(tool, Location(source.path, source.line(position), note=f"{name}()"))
                break
