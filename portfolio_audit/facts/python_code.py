"""Python source as facts read it: one parse and one query per file, shared by every fact that looks at code.

Parsed with tree-sitter rather than `ast`, because Python 2 and broken files must be read too and the answer may not
depend on the Python that runs the audit. The syntax tree is dropped at once; what is kept are flat tuples.
"""

import re
from collections.abc import Sequence
from contextlib import suppress

import msgspec

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.library import library
from portfolio_audit.facts.notebooks import Notebook, notebooks
from portfolio_audit.facts.own_modules import all_names
from portfolio_audit.facts.python_module import (
    Assertion,
    Call,
    Class,
    Function,
    Import,
    PythonModule,
    Text,
)
from portfolio_audit.facts.python_names import Parameter
from portfolio_audit.tree import CODE_LIMIT, KIB, File, SourceTree, decode

__all__ = [
    "Assertion",
    "Call",
    "Class",
    "Function",
    "Import",
    "Parameter",
    "PythonCode",
    "PythonModule",
    "Text",
    "modules",
    "python_code",
]


TESTS_READ, TEST_BYTES = 300, 256 * KIB
"""Test files that are parsed of a larger suite, and about their bytes, evenly spread over it: what they show, the
others would show again. Of 1,085 public repositories 25 have more, four of them no library (up to 395 KiB), the
others published libraries."""
LARGE_LIBRARY, LIBRARY_BYTES = 512 * KIB, 256 * KIB
"""Bytes of other files beyond which a library for others to install is large, and about those that are parsed of it,
evenly spread, besides the files that import what none of these does. Of 861 public repositories 47 have as much, most
of them such libraries. What somebody's application does may be in any file, so all of its files are read."""
_IMPORTED = re.compile(rb"^[ \t]*+(?:from[ \t]++([\w.]++)[ \t]++import\b|import[ \t]++([\w., \t]++))", re.MULTILINE)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class PythonCode(msgspec.Struct, frozen=True):
    """All own Python of a tree: `modules` are .py files, `notebooks` the notebooks in Python.

    `unread` maps own Python files and notebooks that could not be read to the reason. Files above 1 MiB are no code
    that somebody wrote, and are left out of all three. `skipped` are the paths of files beyond the sample of a large
    suite of tests, and of a large library.
    """

    modules: tuple[PythonModule, ...]
    notebooks: tuple[PythonModule, ...]
    unread: dict[str, str]
    skipped: frozenset[str] = frozenset()

    @property
    def all(self) -> tuple[PythonModule, ...]:
        """Files and notebooks."""
        return self.modules + self.notebooks


def python_code(tree: SourceTree) -> PythonCode:
    """Every own .py file and Python notebook, parsed. Use it as `tree.derive(python_code)`."""
    from portfolio_audit.facts.python_parse import parse  # tree-sitter is loaded where there is code to parse

    read: list[PythonModule] = []
    unread: dict[str, str] = {}
    files = [
        file
        for file in tree.derive(paths.own_files)
        if paths.language(file.path) == "Python" and file.size <= CODE_LIMIT
    ]
    skipped = _beyond(files) | _left_out(tree, files)
    for file in files:
        if file.path in skipped:
            continue
        try:
            read.append(parse(file.path, _utf8(tree.read(file.path))))
        except Unavailable as unavailable:
            tree.note(file.path, unavailable)
            unread[file.path] = unavailable.reason
    found = tree.derive(notebooks)
    unread.update(found.unread)
    cells: list[PythonModule] = []
    for notebook in found.notebooks:
        if not _is_python(notebook):
            continue
        try:
            cells.append(parse(notebook.path, *notebook.python()))
        except Unavailable as unavailable:
            tree.note(notebook.path, unavailable)
            unread[notebook.path] = unavailable.reason
    return PythonCode(tuple(read), tuple(cells), unread, skipped)


def _beyond(files: Sequence[File]) -> frozenset[str]:
    """The test files of a large suite that are left out of its sample; files that set tests up are always in it."""
    sizes = {file.path: file.size for file in files if paths.is_test(file.path)}
    tests = [path for path in sizes if paths.name(path) not in ("conftest.py", "__init__.py")]
    size = sum(sizes[path] for path in tests)
    wanted = min(TESTS_READ, len(tests) * TEST_BYTES // size if size > TEST_BYTES else TESTS_READ)
    if len(tests) <= wanted:
        return frozenset()
    kept = {tests[n * len(tests) // wanted] for n in range(wanted)}
    return frozenset(tests) - kept


def _left_out(tree: SourceTree, files: Sequence[File]) -> frozenset[str]:
    """The files outside tests of a large library that are left out of its sample.

    Whatever the library imports from elsewhere, a file of the sample imports, and an example's imports are no others.
    """
    others = [file for file in files if not paths.is_test(file.path)]
    size = sum(file.size for file in others)
    if size <= LARGE_LIBRARY or tree.derive(library) is None:
        return frozenset()
    wanted = max(1, len(others) * LIBRARY_BYTES // size)
    kept = {others[n * len(others) // wanted].path for n in range(wanted)}
    kept.update(file.path for file in others if paths.name(file.path) in ("__init__.py", "__main__.py"))
    own = tree.derive(all_names) | {""}  # the name of a relative import
    imported: dict[str, set[tuple[bool, str]]] = {}
    for path in (file.path for file in others):
        with suppress(Unavailable):
            found, shown = _imported(tree.read(path)), _is_shown(path)
            imported[path] = {(shown, name) for name in found if name.partition(".")[0] not in own}
    known = set[tuple[bool, str]]().union(*(names for path, names in imported.items() if path in kept))
    left = set()
    for path, names in imported.items():
        if path not in kept and names <= known:
            left.add(path)
        known |= names
    return frozenset(left)


def _is_shown(path: str) -> bool:
    """Whether a file is an example or documentation, whose imports the library itself may do without."""
    return paths.is_example(path) or paths.is_documentation(path)


def _imported(source: bytes) -> set[str]:
    """The dotted names of what a file imports, as far as its lines show without a parse."""
    found = {(one or many).decode("utf-8", "replace") for one, many in _IMPORTED.findall(source)}
    return {name for each in found for part in each.split(",") for name in part.split()[:1]}


def modules(tree: SourceTree) -> tuple[PythonModule, ...]:
    """Every own .py file, parsed, without notebooks."""
    return tree.derive(python_code).modules


def _utf8(content: bytes) -> bytes:
    """The same bytes unless they begin with a mark of another encoding; bad bytes are the parser's to skip."""
    return decode(content).encode() if content.startswith(_MARKS) else content


def _is_python(notebook: Notebook) -> bool:
    return notebook.language == "Python" and any(cell.code for cell in notebook.cells)
