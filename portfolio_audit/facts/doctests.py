"""Examples in docstrings that are run as tests: they assert the output they show.

They count only where the configuration runs them, since most examples in docstrings are never run.
"""

import re

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.python_code import python_code
from portfolio_audit.tree import SourceTree

_CONFIGURATION = frozenset(
    "pytest.ini .pytest.ini setup.cfg tox.ini pyproject.toml makefile justfile noxfile.py .travis.yml".split()
)
_RUN = re.compile(r"--doctest-modules|doctest_plus|--xdoctest|-m\s+(?:doctest|xdoctest)\b|testmod\(")
_EXAMPLE = re.compile(rb"^[ \t]*+>>> [^\n]*+\n(?:[ \t]*+\.\.\.[^\n]*+\n)*+[ \t]*+(?!>>>|\"\"\"|''')\S", re.MULTILINE)


def doctests(tree: SourceTree) -> list[Location]:
    """One place for each own module whose examples show an output and are run; empty if nothing runs them."""
    if not any(_RUN.search(_text(tree, file.path)) for file in tree.files if _configures(file.path)):
        return []
    found = ((module, _EXAMPLE.search(module.source)) for module in tree.derive(python_code).modules)
    return [
        module.place(module.source.count(b"\n", 0, match.start()) + 1, note="doctest")
        for module, match in found
        if match is not None
    ]


def _configures(path: str) -> bool:
    return path.lower() in _CONFIGURATION or (path.startswith(".github/workflows/") and paths.suffix(path) == ".yml")


def _text(tree: SourceTree, path: str) -> str:
    try:
        return tree.text(path)
    except Unavailable:
        return ""
