"""Examples in docstrings that are run as tests: they assert the output they show.

They count only where the configuration runs them, since most examples in docstrings are never run.
"""

import re
from fnmatch import fnmatch

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.python_code import python_code
from portfolio_audit.tree import SourceTree

_CONFIGURATION = frozenset(
    "pytest.ini .pytest.ini setup.cfg tox.ini pyproject.toml makefile justfile noxfile.py .travis.yml".split()
)
PAGE_LIMIT = 40
_PAGES = frozenset((".md", ".rst", ".txt"))
_RUN = re.compile(r"--doctest-modules|doctest_plus|--xdoctest|-m\s+(?:doctest|xdoctest)\b|testmod\(")
_GLOB = re.compile(r"--doctest-glob[= ][\"']?([^\s\"',]{1,100})")
_EXAMPLE = re.compile(rb"^[ \t]*+>>> [^\n]*+\n(?:[ \t]*+\.\.\.[^\n]*+\n)*+[ \t]*+(?!>>>|\"\"\"|''')\S", re.MULTILINE)


def doctests(tree: SourceTree) -> list[Location]:
    """One place for each own module or page whose examples show an output and are run; empty if nothing runs them."""
    configured = [_text(tree, file.path) for file in tree.files if _configures(file.path)]
    sources: list[tuple[str, bytes]] = []
    if any(_RUN.search(text) for text in configured):
        code = tree.derive(python_code)
        sources += [(module.path, module.source) for module in code.modules]
        sources += [(path, tree.read(path)) for path in sorted(code.skipped) if not paths.is_test(path)]
    sources += _pages(tree, {found[1] for text in configured for found in _GLOB.finditer(text)})
    matches = ((path, source, _EXAMPLE.search(source)) for path, source in sources)
    return [
        Location(path, source.count(b"\n", 0, match.start()) + 1, note="doctest")
        for path, source, match in matches
        if match is not None
    ]


def _pages(tree: SourceTree, patterns: set[str]) -> list[tuple[str, bytes]]:
    """Pages of text that the configuration has run as tests, by the patterns of their names."""
    named = [
        file.path
        for file in tree.derive(paths.own_files)
        if paths.suffix(file.path) in _PAGES and any(fnmatch(paths.name(file.path), each) for each in patterns)
    ]
    return [(path, _text(tree, path).encode("utf-8", "replace")) for path in named[:PAGE_LIMIT]]


def _configures(path: str) -> bool:
    return path.lower() in _CONFIGURATION or (path.startswith(".github/workflows/") and paths.suffix(path) == ".yml")


def _text(tree: SourceTree, path: str) -> str:
    try:
        return tree.text(path)
    except Unavailable:
        return ""
