"""What the linter finds in one tree: one run, shared by the facts that look at mistakes, complexity and leftovers.

Read are the owner's own Python files outside tests, examples and documentation. Of very many files an even sample is
read, so that a run stays short.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence

import msgspec

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.lint_process import BROKEN, Finding, LinterCrashed, LinterUnavailable, lint
from portfolio_audit.facts.notebooks import notebooks
from portfolio_audit.facts.python_code import PythonCode, python_code
from portfolio_audit.facts.python_module import Lines, PythonModule
from portfolio_audit.facts.words import counted
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import MIB, SourceTree

FILES, BYTES = 400, 4 * MIB
"""The largest sample. The largest project of one person among 279 that were read has 200 such files."""
RUNS = 40
"""Tries to find the files at which the linter crashes; no repository that was read has one."""
TOLERATED = 0.05
WIDEST = 1000
"""Characters of a line within which a name is looked for; nobody reads further."""
_PLURALS = {
    "file written for Python 2": "files written for Python 2",
    "file that is no valid Python 3": "files that are no valid Python 3",
    "comparison of a literal with `is`": "comparisons of a literal with `is`",
    "dictionary key given twice": "dictionary keys given twice",
    "definition replaced unused": "definitions replaced unused",
    "import of *": "imports of *",
    "format string that does not fit": "format strings that do not fit",
    "block of commented-out code": "blocks of commented-out code",
    "function without a body": "functions without a body",
    "trace of debugging": "traces of debugging",
}
_NAME = re.compile(r"`([^`]*)`")
_RUN_INSIDE = re.compile(r"%run[ \t]{1,9}-i\b|\bexec\(open\(")
_EXCEPT = re.compile(rb"[ \t]*+except[ \t]++[\w.]++[ \t]*+,[ \t]*+\w++[ \t]*+:")
_TEMPLATE = re.compile(rb"\{\{ ?cookiecutter|\{% ")
PYTHON_2 = frozenset("xrange unicode raw_input basestring long reload unichr execfile cmp reduce buffer file".split())
"""Names that were built in: code of that time is old, not wrong."""
PROVIDED = frozenset(
    "get_ipython display get_config spark sc sqlContext dbutils snakemake _ reveal_type "
    "data_loader transformer data_exporter".split()
)
"""Names that notebooks, their configuration, Databricks, Snakemake, gettext and Mage put in place."""


class Flaws(Value, frozen=True):
    """How often one kind of flaw was found, and the first places."""

    kind: str
    count: int
    places: tuple[Location, ...]

    @property
    def said(self) -> str:
        """The number with the name: "17 unused imports"."""
        return f"{self.count} {self.kind if self.count == 1 else _PLURALS.get(self.kind, self.kind + 's')}"


class Linted(msgspec.Struct, frozen=True):
    """The modules read, `findings` by number of module and line, and `whole`: whether those are all findings.

    `files` counts the files that could have been read, those that could not (`unread`) included. At `crashed` of the
    sample the linter gave up.
    """

    modules: tuple[PythonModule, ...]
    findings: tuple[Finding, ...]
    whole: bool
    files: int
    unread: int
    crashed: int = 0

    @property
    def incomplete(self) -> str | None:
        """What is missing, if it could matter."""
        lost = self.unread + self.crashed
        if lost <= TOLERATED * (len(self.modules) + lost):
            return None
        return f"{lost} of {counted(len(self.modules) + lost, 'Python file')}"

    @property
    def sampled(self) -> int:
        """How many files were left out of the sample."""
        return self.files - self.unread - self.crashed - len(self.modules)

    @property
    def lines(self) -> int:
        """Lines of the modules read, blank ones included."""
        return sum(len(module.source.splitlines()) for module in self.modules)


def own_modules(code: PythonCode) -> list[PythonModule]:
    """The .py files that are neither test, example nor documentation."""
    return [each for each in code.modules if not (each.test or each.example or each.documentation)]


def linted(tree: SourceTree) -> Linted:
    """The findings of a tree, from one run however many facts ask. Raises Unavailable."""
    found = tree.derive(_linted)
    if isinstance(found, Unavailable):
        raise found
    return found


def _linted(tree: SourceTree) -> Linted | Unavailable:
    code = tree.derive(python_code)
    modules = own_modules(code)
    unread = sum(1 for path in code.unread if not path.lower().endswith(".ipynb"))
    sample = _sample(modules)
    try:
        read, findings, whole = _run(tree, sample)
    except Unavailable as unavailable:
        tree.passing = tree.passing or isinstance(unavailable, LinterUnavailable)
        return unavailable
    if any(each.rule == "F821" for each in findings) and _given_by_notebooks(tree):
        findings = [each for each in findings if each.rule != "F821"]
    lines = {number: Lines(read[number].source) for number in {each.source for each in findings}}
    kept = [each for each in sorted(findings) if not _innocent(read[each.source], lines[each.source], each)]
    broken = {each.source for each in kept if each.rule == BROKEN}
    kept = [each for each in kept if each.source not in broken or each.rule == BROKEN]
    return Linted(tuple(read), tuple(kept), whole, len(modules) + unread, unread, len(sample) - len(read))


def _run(tree: SourceTree, modules: Sequence[PythonModule]) -> tuple[list[PythonModule], list[Finding], bool]:
    """The modules that the linter can read, what it finds in them, and whether that is all.

    A module at which it crashes is found by halves and left out. Raises Unavailable.
    """
    read: list[PythonModule] = []
    findings: list[Finding] = []
    whole, runs = True, 0
    waiting = [list(modules)] if modules else []
    while waiting:
        some = waiting.pop()
        runs += 1
        tree.leave_files()
        try:
            found, complete = lint([module.source for module in some])
        except LinterCrashed:
            middle = len(some) // 2
            waiting += [some[middle:], some[:middle]] if middle and runs < RUNS else []
            continue
        findings += [each._replace(source=each.source + len(read)) for each in found]
        read += some
        whole = whole and complete
    return read, findings, whole


def _sample(modules: Sequence[PythonModule]) -> list[PythonModule]:
    """Modules evenly spread over all, at most FILES of them and about BYTES together."""
    size = sum(len(module.source) for module in modules)
    wanted = min(len(modules), FILES, int(len(modules) * BYTES / size) if size > BYTES else FILES)
    return [modules[number * len(modules) // wanted] for number in range(wanted)]


def _innocent(module: PythonModule, lines: Lines, found: Finding) -> bool:
    """Whether what the linter means is no mistake here.

    A package's `__init__` imports to hand on, and an import that is tried tells whether a package is there. Names in
    string annotations may be dimensions of an array, or of no effect. A project template is no Python until it is
    filled in.
    """
    if found.rule in ("F401", "F403", "F811", "F822"):
        return module.path.endswith("__init__.py") or "find_spec" in found.message
    if found.rule == BROKEN:
        return "{{" in module.path or _TEMPLATE.search(module.source) is not None
    name = _NAME.search(found.message) if found.rule == "F821" else None
    if name is None:
        return False
    given = name[1] in PYTHON_2 or name[1] in PROVIDED or (name[1] == "c" and module.path.endswith("_config.py"))
    return given or _in_string(module, lines, found) or _caught(module, lines, found)


def _given_by_notebooks(tree: SourceTree) -> bool:
    """Whether a notebook runs files with its own names in place, so that none is known to be missing."""
    cells = (cell.source for notebook in tree.derive(notebooks).notebooks for cell in notebook.cells if cell.code)
    return any(_RUN_INSIDE.search(source) for source in cells)


def _caught(module: PythonModule, lines: Lines, found: Finding) -> bool:
    """Whether the line is `except Fault, name:`, which gave the fault a name in Python 2."""
    start = lines.start(found.line)
    return _EXCEPT.match(module.source, start, start + WIDEST) is not None


def _in_string(module: PythonModule, lines: Lines, found: Finding) -> bool:
    """Whether the place lies in a string literal other than an f-string, or too far to the right to tell."""
    if found.column > WIDEST:
        return True
    start = lines.start(found.line)
    line = module.source[start : start + 4 * found.column].decode("utf-8", "replace")
    offset = start + len(line[: found.column - 1].encode())
    spans = module.spans
    place = bisect_right(spans.strings, offset) - 1
    if place < 0 or offset >= spans.content_ends[place]:
        return False
    return b"f" not in module.source[spans.strings[place] : spans.contents[place]].lower()
