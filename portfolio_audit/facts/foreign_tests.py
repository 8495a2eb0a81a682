"""Tests in languages other than Python, one file at a time.

Read by patterns over text without comments. A line that can only hold (`expect(true).toBe(true)`) and the tests
that project generators leave behind assert nothing.
"""

import re
from typing import NamedTuple

from portfolio_audit.facts import paths
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.test_dialects import LANGUAGES, dialect

EXAMPLES = 5


class ForeignTests(NamedTuple):
    """One file: tests declared, tests that assert, up to five assertions, and where a test without any begins."""

    language: str
    functions: int
    asserting: int
    assertions: tuple[Location, ...]
    empty: Location | None


# Left behind by project generators: create-react-app, Angular, Flutter, Android Studio, Laravel, Cypress.
_TEMPLATE = re.compile(
    rb"/learn react/i|Counter increments smoke test|addition_isCorrect|useAppContext|class ExampleTest\b"
    rb"|should render title(?: in a h1 tag)?'?\"?,|should display welcome message|https://example\.cypress\.io"
)
_RUST_TESTS = re.compile(rb"\#\[cfg\(test\)\]|\#\[(?:\w+::)*(?:test|rstest|test_case|quickcheck)\b|\bproptest!")
_GO_OUTPUT = re.compile(rb"//\s*+(?:Unordered o|O)utput:")


def may_hold_tests(path: str) -> bool:
    """Whether tests of a language other than Python may be in it: a test's path, or any Rust source."""
    language = paths.language(path)
    if path.lower().startswith(("docs/", "doc/", "documentation/")):
        return False
    return language == "Rust" or (language in LANGUAGES and paths.is_test(path))


def foreign_tests(path: str, source: bytes) -> ForeignTests:
    """What the file declares and asserts. `path` is one for which `may_hold_tests` said yes."""
    language = paths.language(path) or ""
    written = dialect(language)
    offset = 0
    if language == "Rust":
        inline = _RUST_TESTS.search(source)
        if inline is None:
            return ForeignTests(language, 0, 0, (), None)
        offset = inline.start()
    text = written.comment.sub(_blank, source[offset:])
    before = source.count(b"\n", 0, offset) + 1
    tests = [match.start() for match in written.test.finditer(text)]
    found = [match.start() for match in written.assertion.finditer(text)]
    if _TEMPLATE.search(source) or (written.declared and not tests):
        found = []
    elif language == "Go" and b"func Example" in text and not found:
        found = [match.start() for match in _GO_OUTPUT.finditer(source)]
    places = [Location(path, before + text.count(b"\n", 0, start)) for start in found[:EXAMPLES]]
    empty = Location(path, before + text.count(b"\n", 0, tests[0])) if tests and not found else None
    functions = max(len(tests), 1 if found else 0)
    return ForeignTests(language, functions, min(functions, len(found)), tuple(places), empty)


def _blank(match: re.Match[bytes]) -> bytes:
    """Strings stay, comments become as many line ends as they had, so lines keep their numbers."""
    return match[1] if match[1] is not None else b"\n" * match[0].count(b"\n")
