"""Whether the tests of a repository test anything: a real assertion, not a file name."""

from itertools import islice
from typing import ClassVar, Self

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.absent_names import absent_names
from portfolio_audit.facts.code_size import code_lines
from portfolio_audit.facts.dbt_tests import dbt_tests
from portfolio_audit.facts.doctests import doctests
from portfolio_audit.facts.fact import Location, TreeFact
from portfolio_audit.facts.foreign_tests import ForeignTests, foreign_tests, may_hold_tests
from portfolio_audit.facts.python_code import python_code
from portfolio_audit.facts.python_tests import PythonTest, python_tests
from portfolio_audit.facts.test_paths import is_collected, places_of_tests
from portfolio_audit.tree import CODE_LIMIT, SourceTree

EXAMPLES = 5
NOTEBOOK = "Jupyter Notebook"
_OF_PAGES = frozenset(("JavaScript", "TypeScript"))


class TestSuite(TreeFact, frozen=True):
    """Tests of all languages together.

    `test_like_files` are code files whose name or folder looks like a test; `functions` the tests in them (and in
    Rust and unittest code elsewhere, modules whose doctests are run, what a dbt project asks of its data), `asserting`
    those that assert.
    `assertions` and `empty` show up to five places of asserting and of not asserting tests. `code` are the languages
    of all own code and `code_files` the number of its files, both by name alone; a site whose only scripts came with
    its theme has none. `languages` are those of the asserting tests. Of a very large suite a sample is read: `skipped`
    test files are in no count of tests. `stranded` of those that assert lie in files that import what own modules do
    not have, so that none of them starts; `broken` are the first such imports.
    """

    __test__ = False
    version: ClassVar[str] = "9"

    code_files: int = 0
    code: tuple[str, ...] = ()
    test_like_files: int = 0
    functions: int = 0
    asserting: int = 0
    languages: tuple[str, ...] = ()
    assertions: tuple[Location, ...] = ()
    empty: tuple[Location, ...] = ()
    skipped: int = 0
    stranded: int = 0
    broken: tuple[Location, ...] = ()

    @classmethod
    def distil(cls, tree: SourceTree) -> Self:
        """The tests; never None, since having no tests is an answer."""
        code = tree.derive(python_code)
        tests = _collected(tree, python_tests(code.modules))
        foreign, unread = _foreign(tree)
        unread += sum(1 for path in code.unread if paths.is_test(path) and paths.language(path) == "Python")
        own = _own_code(tree)
        like = sum(1 for path, language in own if paths.is_test(path) and language != NOTEBOOK)
        asserting = [test for test in tests if test.line is not None]
        documented = doctests(tree)
        data = dbt_tests(tree)
        languages = {each.language for each in foreign if each.asserting}
        languages |= ({"Python"} if asserting or documented else set()) | ({"dbt"} if data else set())
        shown = (
            [test.location() for test in asserting]
            + documented
            + [place for each in foreign for place in each.assertions]
            + data
        )
        silent = [test.location() for test in tests if test.line is None] + [
            each.empty for each in foreign if each.empty is not None
        ]
        broken = absent_names(tree, {test.module.path: test.module for test in asserting}.values())
        return cls(
            incomplete=f"{unread} of {like} test files" if unread else None,
            code_files=len(own),
            code=tuple(sorted({language for _, language in own})),
            test_like_files=like,
            functions=len(tests) + len(documented) + len(data) + sum(each.functions for each in foreign),
            asserting=len(asserting) + len(documented) + len(data) + sum(each.asserting for each in foreign),
            languages=tuple(sorted(languages)),
            assertions=tuple(_spread(shown)),
            empty=tuple(islice(silent, EXAMPLES)),
            skipped=sum(map(paths.is_test, code.skipped)),
            stranded=sum(1 for test in asserting if test.module.path in {place.path for place in broken}),
            broken=broken[:EXAMPLES],
        )


def _collected(tree: SourceTree, tests: list[PythonTest]) -> list[PythonTest]:
    """The tests without those that pytest is told not to look for and that assert nothing: scripts by the look of them.

    One that asserts outside of its configured places may be run by another command, and stays.
    """
    places = places_of_tests(tree) if any(test.line is None for test in tests) else {}
    return [test for test in tests if test.line is not None or is_collected(test.module.path, places)]


def _own_code(tree: SourceTree) -> list[tuple[str, str]]:
    """Own code files with their languages; none where all there is are scripts that came with the theme of a site."""
    own = [(file.path, language) for file in tree.derive(paths.own_files) if (language := paths.language(file.path))]
    pages_only = _OF_PAGES.issuperset(language for _, language in own)
    return [] if pages_only and not any(_is_written(tree, path, language) for path, language in own) else own


def _is_written(tree: SourceTree, path: str, language: str) -> bool:
    try:
        return code_lines(tree.read(path), language) > 0
    except Unavailable:
        return True


def _foreign(tree: SourceTree) -> tuple[list[ForeignTests], int]:
    """Tests of the other languages by file, and how many such files could not be read."""
    found: list[ForeignTests] = []
    unread = 0
    for file in tree.derive(paths.own_files):
        if not may_hold_tests(file.path) or file.size > CODE_LIMIT:
            continue
        try:
            found.append(foreign_tests(file.path, tree.read(file.path)))
        except Unavailable:
            unread += paths.is_test(file.path)
    return found, unread


def _spread(places: list[Location]) -> list[Location]:
    """Up to five places, of different files as long as there are any."""
    first = {place.path: place for place in reversed(places)}
    chosen = list(first.values())[::-1][:EXAMPLES]
    return chosen + [place for place in places if place not in chosen][: EXAMPLES - len(chosen)]
