"""Python test functions, and which of them assert something.

A test is a function that pytest or unittest would collect from a file that looks like a test. It asserts if an
assertion that can fail stands in it, in a helper or fixture it uses, or in a library's checker it calls.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.python_module import Function, PythonModule

_COLLECTED = re.compile(r"test_\w|test[A-Z]\w|test$")
_UNITTEST_BASE = re.compile(r"\bTestCase\b|TestCase$|\bTestSuite\b")
_CHECKERS = re.compile(
    r"(pytest|self)\.(raises|warns|fail|deprecated_call|fail(Unless|If)\w*)"
    r"|raises|warns|check_estimator|parametrize_with_checks|\w+_regression\.check|verify_\w+|verify"
    r"|\w*\.(should|to_(have|be|contain|match|equal)\w*|assertThat|is_(equal_to|true|false|not_none|instance_of|in))"
    r"|(hypothesis\.)?run_state_machine_as_test|doctest\.(testmod|testfile)|(np|numpy)\.testing\.\w+|check_docs\w*|AssertionError"
)
_SKIPPED = re.compile(r"(pytest\.mark\.|unittest\.|mark\.)?skip")
_COMPARING = frozenset(("parametrize_with_checks", "image_comparison", "check_figures_equal", "mpl_image_compare"))
_STEPS = frozenset(("then", "step", "pytest_bdd.then", "behave.then"))
_FIXTURES = frozenset(("pytest.fixture", "fixture", "pytest_asyncio.fixture"))
ROUNDS = 4
AUTOUSE = "autouse"


class PythonTest(NamedTuple):
    """A test function; `line` is where it asserts (its own line if a `fixture` does), or null if it never does."""

    module: PythonModule
    function: Function
    line: int | None
    fixture: bool = False

    def location(self) -> Location:
        """The assertion, or the function where there is none."""
        name = f"{self.function.name}, by a fixture" if self.fixture else self.function.name
        return self.module.place(self.line or self.function.line, note=name)


def python_tests(modules: Iterable[PythonModule]) -> list[PythonTest]:
    """Every test function of the modules, in order of path and line."""
    suite = [_Suite(module) for module in modules if _is_suite(module)]
    asserting = _asserting_names(suite)
    found: list[PythonTest] = []
    for each in suite:
        lines = each.lines(asserting)
        found.extend(PythonTest(each.module, test, *_assertion(test, lines, asserting)) for test in each.tests)
    return found


class _Suite:
    """A module of the suite: its tests, its other functions, and where it surely asserts."""

    def __init__(self, module: PythonModule) -> None:
        self.module = module
        self.tests: list[Function] = []
        self.helpers: list[Function] = []
        for function in module.functions:
            if _is_test(module, function):
                self.tests.append(function)
            elif not function.nested:
                self.helpers.append(function)
        self._through: list[tuple[str, int]] = []
        self._sure = [assertion.line for assertion in module.assertions if not assertion.constant]
        self._sure += [call.line for call in module.calls_of([name for name in module.called if _is_checker(name)])]

    def link(self, helpers: set[str]) -> None:
        """Note where it calls something of these names; most calls are of none."""
        names = [name for name in self.module.called if name[name.rfind(".") + 1 :] in helpers]
        self._through = [(self._helper(call.name), call.line) for call in self.module.calls_of(names)]

    def lines(self, asserting: frozenset[str]) -> list[int]:
        """Sorted lines on which it asserts, itself or through one of these helpers."""
        return sorted(self._sure + [line for name, line in self._through if name in asserting])

    def _helper(self, name: str) -> str:
        """The helper that a call may mean: a function by its name, alone or behind a module; a method behind self."""
        first, dot, last = name.rpartition(".")
        if not dot or first in ("self", "cls"):
            return f"self.{last}" if dot else name
        return last if self.module.resolve(first) != first or first in self.module.packages else ""


@lru_cache(maxsize=8192)
def _is_checker(name: str) -> bool:
    return _CHECKERS.fullmatch(name) is not None


def _is_suite(module: PythonModule) -> bool:
    if module.path.lower().startswith(("docs/", "doc/", "documentation/")):
        return False
    return module.test or any(_UNITTEST_BASE.search(base) for each in module.classes for base in each.bases)


def _is_test(module: PythonModule, function: Function) -> bool:
    """Whether a test runner would collect it; a plain `test(model)` is a step of a training script."""
    if function.nested or not _FIXTURES.isdisjoint(function.decorators) or module.path.endswith("conftest.py"):
        return False
    if not _STEPS.isdisjoint(function.decorators):
        return True
    if not _COLLECTED.match(function.name):
        return False
    if module.test:
        return function.name != "test" or not function.parameters or bool(function.owner)
    bases = [base for each in module.classes if each.name == function.owner for base in each.bases]
    return any(_UNITTEST_BASE.search(base) for base in bases)


def _asserting_names(suite: list[_Suite]) -> frozenset[str]:
    """Names of helpers and fixtures of the suite that assert, directly or through one another.

    Methods stand as "self.name". An autouse fixture that asserts stands as AUTOUSE, which every test uses.
    """
    names = {helper.name for each in suite for helper in each.helpers}
    for each in suite:
        each.link(names)
    helping = [each for each in suite if each.helpers]
    known: frozenset[str] = frozenset()
    for _ in range(ROUNDS):
        found: set[str] = set()
        for each in helping:
            lines = each.lines(known)
            found.update(_known_as(helper) for helper in each.helpers if _assertion(helper, lines, known)[0])
        if found <= known:
            break
        known |= found
    if any(
        _known_as(helper) in known and _is_autouse(each.module, helper) for each in helping for helper in each.helpers
    ):
        known |= {AUTOUSE}
    return known


def _known_as(helper: Function) -> str:
    return f"self.{helper.name}" if helper.owner else helper.name


def _is_autouse(module: PythonModule, function: Function) -> bool:
    if _FIXTURES.isdisjoint(function.decorators):
        return False
    above = module.source.splitlines()[max(0, function.line - 4) : function.line - 1]
    return any(b"autouse" in line for line in above)


def _assertion(function: Function, lines: list[int], asserting: frozenset[str]) -> tuple[int | None, bool]:
    """The line where the function asserts and whether a fixture or decorator does it for it; None if nothing does."""
    if any(_SKIPPED.fullmatch(name) for name in function.decorators):
        return None, False
    position = bisect_left(lines, function.line)
    if position < len(lines) and lines[position] <= function.end_line:
        return lines[position], False
    uses = {each.name for each in function.parameters} | {name.rpartition(".")[2] for name in function.decorators}
    if uses & (asserting | _COMPARING) or AUTOUSE in asserting:
        return function.line, True
    return None, False
