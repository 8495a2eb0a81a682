"""What the linter finds in one tree: one run, shared by the facts that look at mistakes, complexity and leftovers.

Read are the owner's own Python files outside tests, examples and documentation. Of very many files an even sample is
read, so that a run stays short.
"""

from collections.abc import Sequence

import msgspec

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.lint_excuses import excused, for_pickles, given_by_notebooks, hands_on, unpickles
from portfolio_audit.facts.lint_process import BROKEN, Finding, LinterCrashed, LinterUnavailable, lint
from portfolio_audit.facts.own_modules import all_names
from portfolio_audit.facts.python_code import PythonCode, python_code
from portfolio_audit.facts.python_module import PythonModule
from portfolio_audit.facts.words import counted
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import MIB, SourceTree

FILES, BYTES = 400, 4 * MIB
"""The largest sample: of 403 public repositories with Python five have more."""
RUNS = 40
"""Tries to find the files at which the linter crashes; no repository that was read has one."""
TOLERATED = 0.05
MIGRATIONS = frozenset(("migrations", "alembic"))
_PLURALS = {
    "import of a name that the own module does not have": "imports of names that the own modules do not have",
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
_FEWEST = "block of commented-out code"
"""The kind of which the linter sees fewer than a person would: a line that is half a statement is none to it."""


class Flaws(Value, frozen=True):
    """How often one kind of flaw was found, and the first places."""

    kind: str
    count: int
    places: tuple[Location, ...]

    @property
    def said(self) -> str:
        """The number with the name: "17 unused imports", "at least 2 blocks of commented-out code"."""
        fewest = "at least " if self.kind == _FEWEST else ""
        return f"{fewest}{self.count} {self.kind if self.count == 1 else _PLURALS.get(self.kind, self.kind + 's')}"


class Linted(msgspec.Struct, frozen=True):
    """The modules read, `findings` by number of module and line, and `whole`: whether those are all findings.

    `files` counts the files that could have been read, those that could not (`unread`) included. At `crashed` of the
    sample the linter gave up. `pickled` are files that import from own modules what only the pickles that they read may
    need.
    """

    modules: tuple[PythonModule, ...]
    findings: tuple[Finding, ...]
    whole: bool
    files: int
    unread: int
    crashed: int = 0
    pickled: tuple[str, ...] = ()

    @property
    def incomplete(self) -> str | None:
        """What is missing, if it could matter."""
        lost = self.unread + self.crashed
        if lost <= TOLERATED * (len(self.modules) + lost):
            return None
        return f"{lost} of {counted(len(self.modules) + lost, 'Python file')}"

    @property
    def sampled(self) -> int:
        """How many files were left out of the sample, here or before."""
        return self.files - self.unread - self.crashed - len(self.modules)

    @property
    def lines(self) -> int:
        """Lines of the modules read, blank ones included."""
        sources = [module.source for module in self.modules]
        return sum(source.count(b"\n") + (source[-1:] not in (b"\n", b"")) for source in sources)


def own_modules(code: PythonCode) -> list[PythonModule]:
    """The .py files that are neither test, example, documentation nor a database migration, which a tool begins."""
    return [each for each in code.modules if not each.test and _is_own(each.path)]


def left_out(code: PythonCode) -> int:
    """How many more such files a large library has, beyond the sample of it that is read."""
    return sum(not paths.is_test(path) and _is_own(path) for path in code.skipped)


def _is_own(path: str) -> bool:
    if paths.is_example(path) or paths.is_documentation(path):
        return False
    return MIGRATIONS.isdisjoint(paths.folders(path))


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
    if any(each.rule == "F821" for each in findings) and given_by_notebooks(tree):
        findings = [each for each in findings if each.rule != "F821"]
    faces = {number for number in {each.source for each in findings} if hands_on(read[number])}
    findings = [each for each in findings if not (each.source in faces and each.rule == "F401" and "." in each.message)]
    pickled = _pickled(tree, read, findings)
    findings = [each for each in findings if each not in pickled]
    kept = [each for each in sorted(findings) if not excused(read[each.source], each)]
    broken = {each.source for each in kept if each.rule == BROKEN}
    kept = [each for each in kept if each.source not in broken or each.rule == BROKEN]
    files, crashed = len(modules) + left_out(code) + unread, len(sample) - len(read)
    reading = tuple(read[number].path for number in sorted({each.source for each in pickled}))
    return Linted(tuple(read), tuple(kept), whole, files, unread, crashed, reading)


def _pickled(tree: SourceTree, read: list[PythonModule], findings: list[Finding]) -> set[Finding]:
    """Unused imports that stay because a pickle that the file reads may name them."""
    importing = {each.source for each in findings if each.rule == "F401"}
    reading = {number for number in importing if unpickles(read[number])}
    own = tree.derive(all_names) if reading else frozenset()
    return {each for each in findings if each.source in reading and for_pickles(read[each.source], each, own)}


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
