"""Packages that only tests import and that nothing asks for, so that a machine that runs the tests lacks them.

Named in advice and counted nowhere: whoever installs the project can run it without them.
"""

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.absent_names import STANDS_FOR
from portfolio_audit.facts.distributions import first_imports, foreign, is_provided, tools
from portfolio_audit.facts.library import library
from portfolio_audit.facts.lock_files import unlocked
from portfolio_audit.facts.manifest_formats import normalise
from portfolio_audit.facts.python_code import PythonModule, python_code
from portfolio_audit.tree import KIB, SourceTree

_RUNNERS = frozenset(
    "tox.ini noxfile.py setup.cfg pyproject.toml .travis.yml .gitlab-ci.yml azure-pipelines.yml jenkinsfile".split()
)
_LISTS = (".txt", ".in", ".toml", ".yml", ".yaml", ".cfg")


def needs_of_tests(tree: SourceTree, known: frozenset[str], locks: tuple[str, ...]) -> tuple[str, ...]:
    """Their names as imported; `known` are the distributions that are asked for and what these bring along.

    What a file that runs tests or lists their packages mentions is taken to be asked for. A library tests with what
    its users may have, so none is named there.
    """
    tests = [module for module in tree.derive(python_code).modules if _tries(module) and "{{" not in module.path]
    names = [
        name
        for name in (first_imports(tests, tree, "untried") if tests else ())
        if normalise(name) not in tools() and not is_provided(name, known) and not STANDS_FOR.match(name)
    ]
    if not names or tree.derive(library) is not None:
        return ()
    running = first_imports((module for module in tree.derive(python_code).all if not _tries(module)), tree)
    lacking, unclear = unlocked(foreign([name for name in names if name not in running], tree), tree, locks)
    if unclear or not lacking:
        return ()
    said = _said(tree)
    return tuple(each for each in lacking if each.lower() not in said and normalise(each) not in said)


def _tries(module: PythonModule) -> bool:
    return module.test or paths.is_load_test(module.path)


def _said(tree: SourceTree) -> str:
    """The text of the files that run tests, or that list packages among the tests, in lower case."""
    found = []
    for file in tree.files:
        base = paths.name(file.path).lower()
        listed = base.endswith(_LISTS) and paths.is_test(file.path)
        if (base in _RUNNERS or listed or file.path.startswith(".github/")) and file.size <= 64 * KIB:
            try:
                found.append(tree.text(file.path).lower())
            except Unavailable:
                continue
    return "\n".join(found)
