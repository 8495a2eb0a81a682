"""What the linter means and a reader would not: findings that are no mistake where they stand."""

import re
from bisect import bisect_right

from portfolio_audit.facts.lint_process import BROKEN, Finding
from portfolio_audit.facts.notebooks import notebooks
from portfolio_audit.facts.python_module import PythonModule
from portfolio_audit.tree import SourceTree

WIDEST = 1000
"""Characters of a line within which a name is looked for; nobody reads further."""
_NAME = re.compile(r"`([^`]*)`")
_RUN_INSIDE = re.compile(r"%run[ \t]{1,9}-i\b|\bexec\(open\(")
_DOCSTRING = re.compile(rb"\A\s*+(?:\"\"\".*?\"\"\"|'''.*?''')", re.DOTALL)
_OF_IMPORTS = (b"#", b"from ", b"import ", b" ", b"\t", b")", b"]", b"__all__")
_KEPT = re.compile(rb"#[ \t]*+noqa(?![ \t]*+:)|#[ \t]*+noqa[ \t]*+:[\w, \t]*?\bF40[13]\b", re.IGNORECASE)
_EXCEPT = re.compile(rb"[ \t]*+except[ \t]++[\w.]++[ \t]*+,[ \t]*+\w++[ \t]*+:")
_TEMPLATE = re.compile(rb"\{\{ ?cookiecutter|\{% ")
PYTHON_2 = frozenset("xrange unicode raw_input basestring long reload unichr execfile cmp reduce buffer file".split())
"""Names that were built in: code of that time is old, not wrong."""
PROVIDED = frozenset(
    "get_ipython display get_config spark sc sqlContext dbutils snakemake _ reveal_type "
    "data_loader transformer data_exporter".split()
)
"""Names that notebooks, their configuration, Databricks, Snakemake, gettext and Mage put in place."""
_UNPICKLERS = frozenset(
    "joblib.load sklearn.externals.joblib.load pickle.load pickle.loads pickle.Unpickler _pickle.load _pickle.loads "
    "cPickle.load cPickle.loads dill.load dill.loads cloudpickle.load cloudpickle.loads torch.load skops.io.load "
    "skops.io.loads pandas.read_pickle".split()
)
_PUT_THERE = re.compile(rb"#\s*+noqa:[^#\n]{0,80}\bF821\b", re.IGNORECASE)
"""What says of one line that a name is put in place elsewhere."""
_NEVER_STORED = frozenset(("logger", "logging", "log"))


def excused(module: PythonModule, found: Finding) -> bool:
    """Whether what the linter means is no mistake here.

    A package's `__init__` imports to hand on, and an import that is tried tells whether a package is there; so does one
    whose own line says `# noqa`: it is kept on purpose, as a name is meant whose line says `# noqa: F821`.
    Names in string annotations may be dimensions of an array, or of no effect. A project template is no Python until it
    is filled in.
    """
    if found.rule in ("F401", "F403", "F811", "F822"):
        handed_on = module.path.endswith("__init__.py") or "find_spec" in found.message
        return handed_on or (found.rule in ("F401", "F403") and _kept(module, found))
    if found.rule == BROKEN:
        return "{{" in module.path or _TEMPLATE.search(module.source) is not None
    if found.rule == "F821" and _PUT_THERE.search(_line(module, found)):
        return True
    name = _NAME.search(found.message) if found.rule == "F821" else None
    if name is None:
        return False
    given = name[1] in PYTHON_2 or name[1] in PROVIDED or (name[1] == "c" and module.path.endswith("_config.py"))
    return given or _in_string(module, found) or _caught(module, found)


def hands_on(module: PythonModule) -> bool:
    """Whether a module has nothing but imports: it is there for others to import from."""
    if module.functions or module.classes or module.called:
        return False
    lines = _DOCSTRING.sub(b"", module.source, count=1).split(b"\n")
    return all(not line.strip() or line.startswith(_OF_IMPORTS) for line in lines)


def unpickles(module: PythonModule) -> bool:
    """Whether a file reads pickles."""
    return any(module.resolve(name) in _UNPICKLERS for name in module.called)


def for_pickles(module: PythonModule, found: Finding, own: frozenset[str]) -> bool:
    """Whether an unused import of a file that reads pickles may be what they name.

    What a script defined that made a pickle is `__main__.Hive` in it, so the file that reads it has to import the name
    from the repository's `own` modules. What a library defined, reading the pickle imports by itself.
    """
    start = module.lines.start(found.line)
    said = _NAME.search(found.message)
    if found.rule != "F401" or said is None or module.source.startswith(b"import ", start):
        return False
    package, dot, rest = said[1].partition(".")  # a relative import has no package
    return bool(dot) and (not package or package in own) and rest.rpartition(".")[2].strip("_") not in _NEVER_STORED


def given_by_notebooks(tree: SourceTree) -> bool:
    """Whether a notebook runs files with its own names in place, so that none is known to be missing."""
    cells = (cell.source for notebook in tree.derive(notebooks).notebooks for cell in notebook.cells if cell.code)
    return any(("%run" in source or "exec(" in source) and _RUN_INSIDE.search(source) for source in cells)


def _kept(module: PythonModule, found: Finding) -> bool:
    """Whether the line of an import says that it is to stay; what is said for a whole file counts nowhere."""
    return _KEPT.search(_line(module, found)) is not None


def _line(module: PythonModule, found: Finding) -> bytes:
    start = module.lines.start(found.line)
    return module.source[start : start + WIDEST].split(b"\n", 1)[0]


def _caught(module: PythonModule, found: Finding) -> bool:
    """Whether the line is `except Fault, name:`, which gave the fault a name in Python 2."""
    start = module.lines.start(found.line)
    return _EXCEPT.match(module.source, start, start + WIDEST) is not None


def _in_string(module: PythonModule, found: Finding) -> bool:
    """Whether the place lies in a string literal other than an f-string, or too far to the right to tell."""
    if found.column > WIDEST:
        return True
    start = module.lines.start(found.line)
    line = module.source[start : start + 4 * found.column].decode("utf-8", "replace")
    offset = start + len(line[: found.column - 1].encode())
    spans = module.spans
    place = bisect_right(spans.strings, offset) - 1
    if place < 0 or offset >= spans.content_ends[place]:
        return False
    return b"f" not in module.source[spans.strings[place] : spans.contents[place]].lower()
