"""tests-assert: passed, partial, failed, not applicable and unknown."""

import json
from collections.abc import Mapping

import pytest

from portfolio_audit.api import Outcome
from portfolio_audit.testing import run_check

TEST = "def test_{0}():\n    assert f() == 1\n"
NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": "x = 1"}]})


def ask(files: Mapping[str, str | bytes], unread: Mapping[str, str] | None = None) -> Outcome:
    return run_check("tests-assert", files, unread=unread)


def test_three_asserting_tests_pass_with_places_to_open() -> None:
    outcome = ask({"hive.py": "x = 1", "tests/test_hive.py": "\n".join(TEST.format(n) for n in "abc")})
    assert outcome.status == "passed"
    assert [(each.path, each.line) for each in outcome.evidence] == [("tests/test_hive.py", line) for line in (2, 5, 8)]
    assert "3 of 3" in outcome.summary


def test_one_asserting_test_is_a_start() -> None:
    outcome = ask({"hive.py": "x = 1", "tests/test_hive.py": TEST.format("a")})
    assert outcome.status == "partial"
    assert outcome.fix
    assert outcome.evidence


def test_tests_that_only_print_fail_and_are_shown() -> None:
    outcome = ask({"tests/test_hive.py": "def test_a():\n    print(f())\n"})
    assert outcome.status == "failed"
    assert [(each.path, each.line) for each in outcome.evidence] == [("tests/test_hive.py", 1)]
    assert "assert" in (outcome.fix or "")


def test_no_test_at_all_says_what_was_searched() -> None:
    outcome = ask({"hive.py": "x = 1", "web/a.ts": "let x = 1"})
    assert (outcome.status, outcome.searched) == ("failed", "2 code files")


def test_one_file_is_one_file() -> None:
    assert ask({"hive.py": "x = 1"}).searched == "1 code file"


def test_files_named_like_tests_are_mentioned() -> None:
    outcome = ask({"hive.py": "x = 1", "tests/test_hive.py": ""})
    assert (outcome.status, outcome.searched) == ("failed", "2 code files, 1 of them named like tests")


def test_notebooks_alone_are_told_to_move_their_functions() -> None:
    outcome = ask({"eda.ipynb": NOTEBOOK})
    assert outcome.status == "failed"
    assert "module" in (outcome.fix or "")


@pytest.mark.parametrize("files", [{}, {"README.md": "# Bees"}, {"models/a.sql": "select 1"}, {"run.sh": "ls"}])
def test_without_code_that_a_test_could_call_it_does_not_apply(files: dict[str, str | bytes]) -> None:
    assert ask(files).status == "not_applicable"


def test_unread_test_files_are_unknown_and_never_failed() -> None:
    assert ask({"hive.py": "x = 1"}, unread={"tests/test_hive.py": "gone"}).status == "unknown"
    silent = {"tests/test_a.py": "def test_a():\n    f()\n"}
    assert ask(silent, unread={"tests/test_hive.py": "gone"}).status == "unknown"
    assert ask({"tests/test_a.py": TEST.format("a")}, unread={"tests/test_b.py": "gone"}).status == "unknown"


def test_other_unread_files_do_not_matter() -> None:
    assert ask({"hive.py": "x = 1"}, unread={"data.csv": "gone", "eda.ipynb": "gone"}).status == "failed"


def test_a_repository_that_was_not_read_is_unknown() -> None:
    assert run_check("tests-assert", None).status == "unknown"


def test_the_scripts_of_a_sites_theme_are_no_code_that_a_test_could_call() -> None:
    bundle = "/*! highlight.js v9 | BSD3 License */\n" + "var a=1;" * 2_000
    site = {"config.toml": "", "content/post/bees.md": "# Bees\n", "static/js/shown.js": bundle}
    assert ask(site).status == "not_applicable"
    assert run_check("ci-runs-tests", site).status == "not_applicable"
    assert ask({**site, "static/js/hive.js": "export const count = (bees) => bees.length;\n"}).status == "failed"
