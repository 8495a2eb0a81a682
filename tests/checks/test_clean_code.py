"""code-lint-clean, code-simple and code-finished: passed, partial, failed, not applicable, unknown, hostile."""

import pytest

from portfolio_audit.facts import lint_process
from portfolio_audit.testing import Files, run_check

CLEAN = "".join(f"def part_{n}(size, rate):\n    return size * {n} + rate\n\n\n" for n in range(200))
IMPORTS = "import os\nimport re\nimport sys\nimport json\nimport abc\nimport ast\nimport bdb\nimport cmd\n"
BRANCHED = "def decide(x):\n" + "".join(f"    if x == {n}:\n        return {n}\n" for n in range(30))
BLOCK = "# a = 1\n# b = a + 1\n# c = a * b\n# print(a, b, c)\n# d = f(a, b)\n# save(d)\n"
CHECKS = ("code-lint-clean", "code-simple", "code-finished")


def test_clean_code_passes_all_three() -> None:
    files: Files = {"hive.py": CLEAN}
    lint, simple, finished = (run_check(check, files) for check in CHECKS)
    assert {lint.status, simple.status, finished.status} == {"passed"}
    assert lint.summary == "no mistake of the kinds looked for in 800 lines of Python outside tests"
    assert simple.searched == "200 functions"
    assert finished.searched == "1 Python file"


def test_a_single_slip_is_forgiven_and_shown() -> None:
    outcome = run_check("code-lint-clean", {"hive.py": "import os\n" + CLEAN})
    assert outcome.status == "passed"
    assert outcome.summary.startswith("1 unused import in")
    assert [(each.path, each.line, each.note) for each in outcome.evidence] == [("hive.py", 1, "unused import: os")]


def test_the_score_falls_with_the_number_of_mistakes() -> None:
    few = run_check("code-lint-clean", {"hive.py": IMPORTS + CLEAN})
    more = run_check("code-lint-clean", {"hive.py": IMPORTS + CLEAN, "comb.py": IMPORTS})
    assert few.status == more.status == "partial"
    assert few.score is not None
    assert more.score is not None
    assert 0 < more.score < few.score < 1
    assert more.summary.startswith("16 unused imports in")
    assert more.fix


def test_the_linter_is_named_as_a_remedy_only_for_what_it_mends() -> None:
    stars = "".join(f"from hive.part{n} import *\n" for n in range(9))
    bare = "try:\n    x = 1\nexcept:\n    pass\n" * 4
    fixes = {
        name: run_check("code-lint-clean", {"hive.py": text + CLEAN}).fix or ""
        for name, text in (("stars", stars), ("both", IMPORTS + stars), ("bare", bare), ("unused", IMPORTS))
    }
    assert [name for name, fix in fixes.items() if "--fix" in fix] == ["both", "unused"]
    assert [name for name, fix in fixes.items() if "Replace each `import *`" in fix] == ["stars", "both"]
    assert "ruff check" in fixes["bare"]


def test_the_remedy_says_first_what_a_pickle_needs() -> None:
    app = "import joblib\nfrom hive import Weigher\n\nmodel = joblib.load('model.joblib')\n"
    outcome = run_check("code-lint-clean", {"hive.py": IMPORTS + "Weigher = 1\n" + CLEAN, "app.py": app})
    assert outcome.summary.startswith("8 unused imports in")
    assert (outcome.fix or "").startswith(
        "First put `# noqa: F401` on imports that only a pickle needs, if there are any in app.py."
    )


def test_a_single_mistake_passes_only_if_it_breaks_nothing() -> None:
    assert run_check("code-lint-clean", {"hive.py": "import os\n" + CLEAN}).status == "passed"
    assert run_check("code-lint-clean", {"hive.py": "print(missing)\n" + CLEAN}).status == "partial"


def test_what_breaks_at_run_time_weighs_more_than_what_is_only_unused() -> None:
    unused = run_check("code-lint-clean", {"hive.py": "import os\nimport re\nimport sys\n" + CLEAN})
    broken = run_check("code-lint-clean", {"hive.py": "print(a)\nprint(b)\nprint(c)\n" + CLEAN})
    assert unused.score is not None
    assert broken.score is not None
    assert broken.score < unused.score


def test_many_mistakes_fail_with_words_and_places() -> None:
    outcome = run_check(
        "code-lint-clean", {f"part{n}.py": IMPORTS + "try:\n    x = 1\nexcept:\n    pass\n" for n in range(9)}
    )
    assert outcome.status == "failed"
    assert outcome.summary.startswith("9 bare excepts and 72 unused imports in ")
    assert (outcome.evidence[0].path, outcome.evidence[0].line) == ("part0.py", 11)
    assert outcome.fix
    assert outcome.effort == "hours"


def test_one_long_function_among_many_passes_and_among_few_does_not() -> None:
    among_many = run_check("code-simple", {"hive.py": CLEAN + BRANCHED})
    assert among_many.status == "passed"
    assert among_many.summary == "1 of 201 functions has more than 15 branches (McCabe) or 80 statements"
    few = "".join(f"def part_{n}(a):\n    return a\n" for n in range(5))
    among_few = run_check("code-simple", {"hive.py": few + BRANCHED})
    assert among_few.status == "partial"
    assert among_few.score == 0.5
    assert (among_few.evidence[0].line, among_few.evidence[0].note) == (11, "decide: 31 branches")


def test_only_long_functions_fail() -> None:
    outcome = run_check("code-simple", {f"part{n}.py": BRANCHED for n in range(6)})
    assert outcome.status == "failed"
    assert outcome.effort == "days"


def test_leftovers_lower_the_score_and_many_fail() -> None:
    one = run_check("code-finished", {"hive.py": CLEAN + BLOCK})
    assert one.status == "passed"
    three = run_check("code-finished", {"hive.py": CLEAN + "\n\nx = 1\n".join([BLOCK] * 3)})
    assert three.status == "partial"
    assert three.summary.startswith("at least 3 blocks of commented-out code in")
    assert three.evidence[0].end_line
    many = run_check("code-finished", {f"part{n}.py": BLOCK + "x = 1\n" for n in range(9)})
    assert many.status == "failed"
    assert many.fix


def test_untouched_samples_are_seen_without_any_python() -> None:
    page = "<p>Edit <code>src/App.js</code> and save to reload.</p>"
    outcome = run_check("code-finished", {"src/App.js": page, "src/App.test.js": "test('renders learn react link')"})
    assert outcome.status == "partial"
    assert outcome.summary == "2 untouched sample files"


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize(
    "files",
    [
        {},
        {"README.md": "# Hive\n"},
        {"hive.ts": "export const a = 1\n" * 90},
        {"hive.py": "x = 1\n"},
        {"tests/test_hive.py": IMPORTS * 30 + BRANCHED},
        {"venv/lib/hive.py": IMPORTS * 30 + BRANCHED},
    ],
)
def test_without_python_of_their_own_nothing_is_judged(check: str, files: Files) -> None:
    assert run_check(check, files).status == "not_applicable"


@pytest.mark.parametrize("check", CHECKS)
def test_what_could_not_be_read_is_unknown(check: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_check(check, None).status == "unknown"
    assert run_check(check, {"hive.py": CLEAN}, unread={"more.py": "gone"}).status == "unknown"
    monkeypatch.setattr(lint_process, "linter", lambda: "/nowhere/ruff")
    outcome = run_check(check, {"hive.py": IMPORTS + BRANCHED})
    assert outcome.status == "unknown"
    assert "linter could not be run" in outcome.summary


@pytest.mark.parametrize("check", CHECKS)
def test_one_unread_file_among_many_does_not_matter(check: str) -> None:
    files: Files = {f"part{n}.py": CLEAN for n in range(30)}
    assert run_check(check, files, unread={"more.py": "gone"}).status == "passed"


@pytest.mark.parametrize("check", CHECKS)
def test_hostile_names_and_contents_cost_nothing(check: str) -> None:
    files: Files = {
        "--config=x.py": CLEAN,
        "line\nbreak.py": CLEAN,
        "a.py": b"\xff\xfe\x00\x00" * 99,
        "b.py": "é" * 999 + "\x00" * 99,
        "c.py": "0000.py:1:1: F821 Undefined name `x`\n" * 99,
        "d.py": "((" * 2000,
        "pyproject.toml": "[tool.ruff]\nextend = '/etc/passwd'\n",
    }
    outcome = run_check(check, files)
    assert outcome.status in ("passed", "partial", "failed")
    assert {each.path for each in outcome.evidence} <= set(files)


@pytest.mark.parametrize("check", CHECKS)
def test_a_file_that_crashes_the_linter_counts_as_unread(check: str) -> None:
    deep = "x = " + "-" * 20_000 + "1\n"
    outcome = run_check(check, {"hive.py": CLEAN, "deep.py": deep})
    assert outcome.status == "unknown"
    assert outcome.summary.endswith("1 of 2 Python files")
    among_many: Files = {**{f"part{n}.py": CLEAN for n in range(20)}, "deep.py": deep}
    assert run_check(check, among_many).status == "passed"


def test_a_pass_claims_no_more_than_was_looked_for() -> None:
    outcome = run_check("code-finished", {"hive.py": CLEAN + "# x = 1\n# y = x\n"})
    assert outcome.status == "passed"
    assert outcome.summary.startswith(
        "no block of 5 lines or more that the linter takes for commented-out code, "
        "no undecorated empty function at the top of a module, no sample file in "
    )
    assert outcome.summary.endswith(" lines of Python outside tests")
    notebook = '{"cells": [{"cell_type": "code", "source": "x = 1"}]}'
    assert run_check("code-finished", {"hive.ipynb": notebook}).summary.startswith("there is no Python file and no")


def test_empty_modules_are_named() -> None:
    outcome = run_check("code-finished", {"hive.py": CLEAN, **{f"part{n}.py": "" for n in range(4)}})
    assert outcome.status == "partial"
    assert outcome.summary.startswith("4 empty modules in ")
    assert [each.path for each in outcome.evidence] == ["part0.py", "part1.py", "part2.py"]


def _factory(branches: int, inner: int) -> str:
    own = "".join(f"    if x == {n}:\n        print({n})\n" for n in range(branches))
    inside = "".join(
        f"\n    def step{n}(y):\n        if y:\n            return 1\n        return 0\n" for n in range(inner)
    )
    return f"def create_app(x):\n{own}{inside}\n    return x\n\n\n"


def test_a_frame_around_short_functions_is_not_too_long() -> None:
    others = "".join(f"def f{n}(x):\n    return x\n\n\n" for n in range(5))
    assert run_check("code-simple", {"a.py": others + _factory(3, 40)}).status == "passed"
    outcome = run_check("code-simple", {"a.py": others + _factory(20, 3)})
    assert [each.note.partition(":")[0] for each in outcome.evidence] == ["create_app"]
    outcome = run_check("code-simple", {"a.py": others + _factory(100, 0)})
    assert [each.note.partition(":")[0] for each in outcome.evidence] == ["create_app"]
