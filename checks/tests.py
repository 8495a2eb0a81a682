"""Tests: something in the repository fails when the code is wrong."""

from portfolio_audit.api import Outcome, check, failed, not_applicable, partial, passed, unknown
from portfolio_audit.facts.test_suite import TestSuite
from portfolio_audit.facts.words import counted

ENOUGH = 3
UNTESTABLE = frozenset(("SQL", "Shell"))
START = (
    "Write one test per main function where its language keeps tests, each asserting an expected result, and run them "
    "in CI."
)
NOTEBOOKS = (
    "Move what is worth keeping into functions of a module, and assert their results in a pytest file beside it."
)
IMPORTS = "Mend the imports of these tests, and let CI run them."
ASSERT = "Let each test assert the expected result instead of printing it."


@check(id="tests-assert", title="Tests assert what the code should do")
def asserts_results(suite: TestSuite) -> Outcome:
    """A team merges only what tests protect; a file named test that asserts nothing protects nothing."""
    if not (suite.test_like_files or suite.asserting) and UNTESTABLE.issuperset(suite.code):
        return not_applicable("there is no code that a test could call")
    if suite.asserting >= ENOUGH:
        said = f"{suite.asserting} of {suite.functions} tests assert a result ({', '.join(suite.languages)})"
        if suite.skipped:
            said += f", in a sample that leaves out {suite.skipped} of {suite.test_like_files} test files"
        return _started(suite, said) if suite.stranded else passed(said, evidence=suite.assertions)
    if suite.incomplete or suite.skipped:
        return unknown(
            f"could not be read: {suite.incomplete or f'{suite.skipped} test files'}", evidence=suite.assertions
        )
    if suite.asserting:
        said = f"only {counted(suite.asserting, 'test')} with an assertion"
        if suite.stranded:
            return _started(suite, said)
        return partial(0.7, said, fix="Test the remaining main functions too.", evidence=suite.assertions)
    if suite.empty:
        said = f"{counted(suite.functions, 'test function')}, none of which asserts anything"
        return failed(said, fix=ASSERT, evidence=suite.empty)
    fix = NOTEBOOKS if suite.code == ("Jupyter Notebook",) else START
    named = f", {suite.test_like_files} of them named like tests" if suite.test_like_files else ""
    return failed(
        "no test with an assertion found", fix=fix, searched=f"{counted(suite.code_files, 'code file')}{named}"
    )


def _started(suite: TestSuite, said: str) -> Outcome:
    """What is said of tests of which some cannot start: they protect nothing before their imports are mended."""
    lost = "all of them" if suite.stranded == suite.asserting else f"{suite.stranded} of them"
    said = f"{said}; {lost} cannot start, for their files import what the modules do not have"
    score = 0.8 if suite.asserting - suite.stranded >= ENOUGH else 0.4
    return partial(score, said, fix=IMPORTS, effort="minutes", evidence=suite.broken)
