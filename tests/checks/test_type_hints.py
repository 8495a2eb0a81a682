"""type-hints-used: passed, partial, failed, not applicable and unknown."""

import pytest

from portfolio_audit.testing import run_check

BARE = "def {0}(a, b):\n    pass\n"
FULL = "def {0}(a: int, b: int) -> int:\n    pass\n"


def source(bare: int, full: int) -> str:
    return "".join(BARE.format(f"b{n}") for n in range(bare)) + "".join(FULL.format(f"f{n}") for n in range(full))


def test_annotated_functions_pass_with_places_to_open() -> None:
    outcome = run_check("type-hints-used", {"hive.py": source(0, 4)})
    assert outcome.status == "passed"
    assert (outcome.evidence[0].path, outcome.evidence[0].line, outcome.evidence[0].note) == ("hive.py", 1, "f0")


def test_bare_functions_fail_and_are_shown() -> None:
    outcome = run_check("type-hints-used", {"hive.py": source(4, 0)})
    assert outcome.status == "failed"
    assert [each.line for each in outcome.evidence] == [1, 3, 5, 7]
    assert outcome.fix


@pytest.mark.parametrize(("bare", "full"), [(1, 9), (2, 2), (9, 1)])
def test_the_score_grows_with_the_share(bare: int, full: int) -> None:
    outcome = run_check("type-hints-used", {"hive.py": source(bare, full)})
    assert outcome.status == "partial"
    assert outcome.score == pytest.approx(full / (bare + full))
    assert outcome.fix


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"hive.py": source(2, 0)},
        {"hive.ts": "function f(a: number) { return a }"},
        {"hive.R": "f <- function(x) x"},
        {"tests/test_hive.py": source(5, 0)},
    ],
)
def test_without_enough_python_functions_it_does_not_apply(files: dict[str, str | bytes]) -> None:
    assert run_check("type-hints-used", files).status == "not_applicable"


def test_unread_python_is_unknown_and_never_failed() -> None:
    assert run_check("type-hints-used", {"hive.py": source(4, 0)}, unread={"more.py": "gone"}).status == "unknown"
    assert run_check("type-hints-used", {}, unread={"more.py": "gone"}).status == "unknown"
    assert run_check("type-hints-used", None).status == "unknown"


def test_broken_python_is_judged_by_what_can_be_read() -> None:
    outcome = run_check("type-hints-used", {"hive.py": source(4, 0) + "print 'x'\n\x00 )))"})
    assert outcome.status == "failed"
