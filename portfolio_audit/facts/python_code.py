"""Python source as facts read it: one parse and one query per file, shared by every fact that looks at code.

Parsed with tree-sitter rather than `ast`, because Python 2 and broken files must be read too and the answer may not
depend on the Python that runs the audit. The syntax tree is dropped at once; what is kept are flat tuples.
"""

import msgspec

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.notebooks import Notebook, notebooks
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
from portfolio_audit.facts.python_sample import left_out
from portfolio_audit.tree import CODE_LIMIT, SourceTree, decode

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


_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class PythonCode(msgspec.Struct, frozen=True):
    """All own Python of a tree: `modules` are .py files, `notebooks` the notebooks in Python.

    `unread` maps own Python files and notebooks that could not be read to the reason. Files above 1 MiB are no code
    that somebody wrote, and are left out of all three. `skipped` are the paths of files beyond the sample of a very
    large tree (`python_sample`).
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
    skipped = left_out(tree, files)
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


def modules(tree: SourceTree) -> tuple[PythonModule, ...]:
    """Every own .py file, parsed, without notebooks."""
    return tree.derive(python_code).modules


def _utf8(content: bytes) -> bytes:
    """The same bytes unless they begin with a mark of another encoding; bad bytes are the parser's to skip."""
    return decode(content).encode() if content.startswith(_MARKS) else content


def _is_python(notebook: Notebook) -> bool:
    return notebook.language == "Python" and any(cell.code for cell in notebook.cells)
