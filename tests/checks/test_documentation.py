"""docstrings-written: passed, partial, failed, not applicable, unknown, hostile."""

import pytest

from portfolio_audit.testing import Files, run_check

BODY = "    x = 1\n" * 5


def source(told: int, silent: int) -> str:
    written = "".join(f"def told_{n}(a):\n    '''Says.'''\n{BODY}\n\n" for n in range(told))
    return written + "".join(f"def silent_{n}(a):\n{BODY}\n\n" for n in range(silent))


def test_written_docstrings_pass_with_places_to_open() -> None:
    outcome = run_check("docstrings-written", {"hive.py": source(8, 2)})
    assert outcome.status == "passed"
    assert outcome.summary == "8 of 10 public functions and classes of more than five lines carry a docstring"
    assert (outcome.evidence[0].path, outcome.evidence[0].line, outcome.evidence[0].note) == ("hive.py", 1, "told_0")


@pytest.mark.parametrize(("told", "silent", "score"), [(4, 6, 0.5), (1, 9, 0.125), (7, 3, 0.875)])
def test_the_score_grows_with_the_share(told: int, silent: int, score: float) -> None:
    outcome = run_check("docstrings-written", {"hive.py": source(told, silent)})
    assert outcome.status == "partial"
    assert outcome.score == pytest.approx(score)
    assert outcome.evidence[0].note == "silent_0"
    assert outcome.fix


def test_none_at_all_fails_and_the_longest_are_shown() -> None:
    outcome = run_check("docstrings-written", {"hive.py": source(0, 9) + f"def longest(a):\n{BODY * 4}"})
    assert outcome.status == "failed"
    assert outcome.evidence[0].note == "longest"
    assert outcome.fix


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"hive.py": source(0, 7)},
        {"hive.py": "def short(a):\n    return a\n" * 99},
        {"tests/test_hive.py": source(0, 20)},
        {"hive.js": "function f() { return 1 }\n" * 99},
        {"train.py": "import torch\nmodel = torch.nn.Linear(1, 1)\n" * 99},
    ],
)
def test_small_and_trivial_code_owes_nothing(files: Files) -> None:
    assert run_check("docstrings-written", files).status == "not_applicable"


def test_unread_code_is_unknown() -> None:
    assert run_check("docstrings-written", {"hive.py": source(0, 9)}, unread={"more.py": "gone"}).status == "unknown"
    assert run_check("docstrings-written", None).status == "unknown"


def test_hostile_source_is_judged_by_what_can_be_read() -> None:
    outcome = run_check("docstrings-written", {"hive.py": source(0, 9) + "\x00 ))) '''", "x\ny.py": b"\xff" * 99})
    assert outcome.status == "failed"
