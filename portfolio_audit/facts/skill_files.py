"""Tools used in configuration, in SQL and in languages other than Python."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Generic, NamedTuple, TypeVar

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.ai_imports import FAMILIES, imported
from portfolio_audit.facts.ai_libraries import Wording, may_name, wording
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.notebooks import notebooks
from portfolio_audit.facts.other_code import OtherSource, other_sources
from portfolio_audit.facts.python_code import PythonModule, python_code
from portfolio_audit.facts.skill_table import Marked, fits, libraries, skill_table, special
from portfolio_audit.tree import KIB, SourceTree

T = TypeVar("T")
LARGEST = 256 * KIB
MOST_TEXTS = 20
"""Strings of a file that are looked at for SQL outside comments."""

_CALLED = frozenset(("r_calls", "go_calls", "javascript_calls"))
_STATEMENT = re.compile(
    r"\s{0,40}(?:select\s[^;]{1,1500}?\sfrom\s|insert\s+into\s|create\s+(?:or\s+replace\s+)?(?:temp\w{0,5}\s+)?(?:table|view|index)\s"
    r"|with\s+\w{1,60}\s+as\s*\(|update\s+\S{1,80}\s+set\s|delete\s+from\s|merge\s+into\s)",
    re.IGNORECASE,
)
_SQL_BEGINS = re.compile(rb"[\"'][\s\\n]{0,40}(?:select|insert|create|with|update|delete|merge)\s", re.IGNORECASE)
_SQL_WORDS = (b"SELECT", b"select *", b'"select ')
"""One of these is in every file whose SQL is found: to look for words costs a tenth of what the pattern does."""

_SQL_LINE = re.compile(
    r"[\s(]{0,40}(?:select|create|insert|with|update|alter|merge|delete|grant|copy)\b", re.IGNORECASE
)
_SQL_TEXT = re.compile(
    r"[\"'`]\s{0,80}(?:SELECT\s[^;\"'`]{1,600}?\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\S{1,80}\s+SET\s|DELETE\s+FROM\s"
    r"|CREATE\s+(?:OR\s+REPLACE\s+)?(?:TABLE|VIEW|INDEX)\s)"
)
_SQL_NAMES = frozenset("SELECT INSERT UPDATE DELETE CREATE".split())
_SQL_CELL = re.compile(r"\s*%%?(?:sql|bigquery)\b")
_STARTS = ("", "-", "- run:", "run:", "@", "sudo", "then", "else", "do", "sh", "- script:", "script:", "exec")
_JOINTS = ("&&", "||", ";", "|", "$(", "`", "sudo", "sh '", 'sh "', "run: |", "bash -c '", 'bash -c "', "if", "if !")
"""What may stand before a command in its line, as all of it or as its end."""

_ARGUMENT = re.compile(r"(?!is\b|and\b|or\b|are\b|for\b|to\b|cli\b|version\b|help\b)[a-z][a-z0-9-]+")
"""What a command is told to do: no next word of a sentence, no question for its version."""


class Found(NamedTuple):
    """A tool and where it is used."""

    tool: str
    where: Location


def file_signs(tree: SourceTree) -> Iterator[Found]:
    """Tools shown by a file's name or by a line in it, and SQL; at most one for each tool and file."""
    named, marked = _rules()
    for file in tree.derive(paths.own_files):
        if not file.size:
            continue
        name = paths.name(file.path)
        if not paths.is_documentation(file.path):
            for tool in dict.fromkeys(named.of(name)):
                yield Found(tool, Location(file.path))
        wanted = [*marked.of(name), *marked.of(file.path)] if "/" in file.path else marked.of(name)
        wanted = [each for each in wanted if _within(file.path, each[1]) and _beside(tree, each[1])] if wanted else []
        if wanted and file.size <= LARGEST:
            yield from _in_text(tree, file.path, wanted)
        if paths.suffix(name) == ".sql":
            yield from _in_sql(tree, file.path)


class _Patterns(Generic[T]):
    """Patterns of names with what each stands for, so that most names cost no more than three look-ups."""

    def __init__(self, rows: Iterable[tuple[str, T]]) -> None:
        self._exact: dict[str, list[T]] = {}
        self._endings: dict[str, list[T]] = {}
        self._beginnings: dict[str, list[T]] = {}
        for pattern, value in rows:
            if "*" not in pattern:
                self._exact.setdefault(pattern, []).append(value)
            elif pattern.startswith("*"):
                self._endings.setdefault(pattern[1:], []).append(value)
            else:
                self._beginnings.setdefault(pattern[:-1], []).append(value)
        self._first = tuple(self._beginnings)

    def of(self, name: str) -> list[T]:
        """What the patterns that the name (or path) fits stand for."""
        found = [*self._exact.get(name, ()), *self._endings.get(name[name.rfind(".") :], ())]
        if name.startswith(self._first):
            found += [each for start, values in self._beginnings.items() if name.startswith(start) for each in values]
        return found


@cache
def _rules() -> tuple[_Patterns[str], _Patterns[tuple[str, Marked]]]:
    """Tools by the name of a file, and marks by the names of the files in which they are looked for."""
    tools = skill_table().tools
    return (
        _Patterns((pattern, tool.id) for tool in tools for pattern in tool.files.split()),
        _Patterns((pattern, (tool.id, mark)) for tool in tools for mark in tool.text for pattern in mark.files.split()),
    )


def _within(path: str, mark: Marked) -> bool:
    return not mark.within or any(mark.within in folder for folder in paths.folders(path))


def _beside(tree: SourceTree, mark: Marked) -> bool:
    """Whether the code imports one of the packages without which the mark would do nothing."""
    wanted = mark.beside.split()
    return not wanted or any(fits(package, pattern) for package in tree.derive(_packages) for pattern in wanted)


def _packages(tree: SourceTree) -> frozenset[str]:
    """The packages that Python and JavaScript import; of JavaScript the names as they are written."""
    found = frozenset[str]().union(*(module.packages for module in tree.derive(python_code).all))
    scripts = (source for source in tree.derive(other_sources) if FAMILIES.get(source.language) == "javascript")
    return found.union(name for source in scripts for name, _ in imported(source))


def _in_text(tree: SourceTree, path: str, wanted: list[tuple[str, Marked]]) -> Iterator[Found]:
    try:
        text = tree.text(path)
    except Unavailable:
        return
    for tool, mark in wanted:
        lines = (*(_line(text, said) for said in mark.has), *(_run(text, command) for command in mark.runs))
        line = next((line for line in lines if line is not None), None)
        if line is not None:
            yield Found(tool, Location(path, line, note=_said(text, line)))


def _line(text: str, mark: str) -> int | None:
    """The first line that holds the mark outside a comment and outside a text that is only printed."""
    position = text.find(mark)
    while position >= 0:
        before = text[max(0, position - 1000) : position].rpartition("\n")[2]
        if "#" not in before and "echo " not in before and not before.lstrip().startswith(("//", "--", "*")):
            return text.count("\n", 0, position) + 1
        position = text.find(mark, position + len(mark))
    return None


def _run(text: str, command: str) -> int | None:
    """The first line of a script that begins with this command, or has it after what may stand before one."""
    position = text.find(f"{command} ")
    while position >= 0:
        before = text[max(0, position - 1000) : position].rpartition("\n")[2].strip()
        after = text[position + len(command) + 1 : position + len(command) + 20]
        if (before in _STARTS or before.endswith(_JOINTS)) and "#" not in before and _ARGUMENT.match(after):
            return text.count("\n", 0, position) + 1
        position = text.find(f"{command} ", position + len(command))
    return None


def _said(text: str, line: int) -> str:
    return text.split("\n", line)[line - 1].strip()[:80]


def _in_sql(tree: SourceTree, path: str) -> Iterator[Found]:
    try:
        lines = tree.text(path).split("\n")
    except Unavailable:
        return
    first = next((place for place, line in enumerate(lines, 1) if _SQL_LINE.match(line)), None)
    for tool in special("sql") if first is not None else ():
        yield Found(tool, Location(path, first))


def sql_in_python(module: PythonModule) -> Location | None:
    """The first string of a Python file that is a statement of SQL."""
    source = module.source
    if not any(word in source for word in _SQL_WORDS) or not _SQL_BEGINS.search(source):
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
        if may_name(_wording(family), source.names):
            seen: set[str] = set()
            for name, position in imported(source):
                for tool in _tools_of(known, name):
                    if tool not in seen:
                        seen.add(tool)
                        yield Found(tool, Location(source.path, source.line(position), note=f"uses {name}"))
        if f"{family}_calls" in _CALLED:
            yield from _calls(source, f"{family}_calls")
        if (stated := _sql_text(source)) is not None:
            for tool in special("sql"):
                yield Found(tool, Location(source.path, source.line(stated), note="a statement of SQL"))


def _sql_text(source: OtherSource) -> int | None:
    """Where a string with a statement of SQL begins, in capitals as they are mostly written."""
    if source.language == "Shell" or _SQL_NAMES.isdisjoint(source.names):
        return None
    found = (each.start() for each in islice(_SQL_TEXT.finditer(source.text), MOST_TEXTS))
    return next((start for start in found if not source.commented(start) and not _is_of_objects(source, start)), None)


def _is_of_objects(source: OtherSource, position: int) -> bool:
    """Whether the string is a query of a mapper of the JVM, which reads like SQL and asks for objects."""
    mapped = "@Query" in source.text[max(0, position - 80) : position]
    return mapped and "nativeQuery" not in source.text[max(0, position - 80) : position + 800]


@cache
def _wording(family: str) -> Wording:
    return wording(libraries(family))


def _tools_of(known: dict[str, tuple[str, ...]], name: str) -> tuple[str, ...]:
    """The tools of a library by its name and by every known beginning of it."""
    found: dict[str, None] = {}
    while name:
        found.update(dict.fromkeys(known.get(name, ())))
        cut = max(name.rfind("."), name.rfind("/"))
        name = name[:cut] if cut > 0 else ""
    return tuple(found)


def _calls(source: OtherSource, field: str) -> Iterator[Found]:
    """Functions that the file calls by their whole name, and methods (".name") of whatever object."""
    seen: set[str] = set()
    for name, tools in libraries(field).items():
        if name.lstrip(".") not in (source.names if name[0] == "." else source.words) or seen.issuperset(tools):
            continue
        called = _call(source, name)
        where = Location(source.path, source.line(called), note=f"{name}()") if called is not None else None
        for tool in tools if where is not None else ():
            if tool not in seen and where is not None:
                seen.add(tool)
                yield Found(tool, where)


def _call(source: OtherSource, name: str) -> int | None:
    if name[0] == ".":
        position = source.text.find(f"{name}(")
        return position if position >= 0 and not source.commented(position) else None
    places = (each for each in source.positions(name) if source.text.startswith("(", each + len(name)))
    return next(places, None)
