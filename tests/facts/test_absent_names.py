"""Imports of what own modules do not have: what is told, and what is innocent."""

import pytest

from portfolio_audit.facts import absent_names as facts_absent_names
from portfolio_audit.facts.absent_names import absent_names
from portfolio_audit.facts.lint_findings import own_modules
from portfolio_audit.facts.python_code import python_code
from portfolio_audit.testing import Files, make_tree, run_check

HIVES = "def weigh(hive):\n    return hive\n"
TESTS = (
    "from {0} import {1}\n\n\ndef test_one():\n    assert {1}(1) == 1\n\n\ndef test_two():\n"
    "    assert {1}(2) == 2\n\n\n"
    "def test_three():\n    assert {1}(3) == 3\n"
)


def lacking(files: Files) -> list[tuple[str, int | None, str]]:
    tree = make_tree(files)
    found = absent_names(tree, own_modules(tree.derive(python_code)))
    return [(place.path, place.line, place.note) for place in found]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"__init__.py": "", "app.py": "import os\nfrom hives import weigh, count\n", "hives.py": HIVES},
            ("app.py", 2, "`hives` has no `count`"),
        ),
        (
            {"app/main.py": "from app.hives import (\n    count,\n    swarm,\n)\n", "app/hives.py": HIVES},
            ("app/main.py", 1, "`app.hives` has no `count`, `swarm`"),
        ),
        (
            {
                "src/bees/__init__.py": "",
                "src/bees/a.py": "from .hives import count as c\n",
                "src/bees/hives.py": HIVES,
            },
            ("src/bees/a.py", 1, "`.hives` has no `count`"),
        ),
        (
            {
                "bees/__init__.py": "from .hives import weigh\n",
                "bees/hives.py": HIVES,
                "run.py": "from bees import count\n",
            },
            ("run.py", 1, "`bees` has no `count`"),
        ),
        (
            {"run.py": "from hives import count\n", "hives.py": "recount = discount = 1\n"},
            ("run.py", 1, "`hives` has no `count`"),
        ),
    ],
)
def test_an_import_that_cannot_work_is_told_with_what_is_lacking(files: Files, expected: object) -> None:
    assert lacking(files) == [expected]


@pytest.mark.parametrize(
    "files",
    [
        {"app.py": "from hives import weigh, *\n", "hives.py": HIVES},
        {"app.py": "from hives import count\n", "hives.py": "for name in names:\n    globals()[name] = 1\n"},
        {"app.py": "from hives import count\n", "hives.py": "from others import *\n", "others.py": "count = 1\n"},
        {"app.py": "from hives import count\n", "hives.py": "def __getattr__(name):\n    return 1\n"},
        {"app.py": "from hives import count\n", "hives.py": "weigh, count = 1, 2\n"},
        {"app.py": "try:\n    from hives import count\nexcept ImportError:\n    count = None\n", "hives.py": HIVES},
        {"app.py": "if TYPE_CHECKING:\n    from hives import count\n", "hives.py": HIVES},
        {"app.py": "def f():\n    from hives import count\n", "hives.py": HIVES},
        # A module of the package, a folder, a compiled one, one that a build writes.
        {"app.py": "from bees import count\n", "bees/__init__.py": "", "bees/count.py": "x = 1\n"},
        {"app.py": "from bees import count\n", "bees/__init__.py": "", "bees/count/a.txt": "x"},
        {"app.py": "from bees import count\n", "bees/__init__.py": "", "src/fast.pyx": "x"},
        {"app.py": "from bees import _version, hive_pb2\n", "bees/__init__.py": ""},
        # Another module of that path has it, is not Python, or is a package that is installed.
        {"app.py": "from hives import count\n", "hives.py": HIVES, "more/hives.py": "count = 1\n"},
        {"app.py": "from hives import count\n", "hives.ipynb": "{}"},
        {"app.py": "from celery import shared_task\n", "site/celery.py": HIVES},
        {"app.py": "from hives import count\n", "hives.py": HIVES, "requirements.txt": "hives==1.0\n"},
        {"app.py": "from types import ModuleType\n", "types.py": HIVES},
        # Within a package a module beside the file is not found by its bare name.
        {"bees/__init__.py": "", "bees/a.py": "from hives import count\n", "bees/hives.py": HIVES},
        {"tests/test_a.py": "from hives import count\n", "hives.py": HIVES},
        {"{{cookiecutter.name}}/a.py": "from hives import count\n", "hives.py": HIVES},
    ],
)
def test_what_may_well_be_there_is_innocent(files: Files) -> None:
    assert lacking(files) == []


def test_what_a_name_stands_in_for_is_no_module() -> None:
    outcome = run_check("tests-assert", {"hives.py": HIVES, "test_a.py": TESTS.format("your_module", "count")})
    assert (outcome.status, outcome.score) == ("partial", 0.4)
    assert outcome.summary.endswith("all of them cannot start, for their files import what the modules do not have")
    assert [(place.path, place.line) for place in outcome.evidence] == [("test_a.py", 1)]


def test_tests_that_cannot_start_protect_nothing() -> None:
    lost = {"hives.py": HIVES, "tests/test_lost.py": TESTS.format("hives", "count")}
    both = run_check("tests-assert", {**lost, "tests/test_a.py": TESTS.format("hives", "weigh")})
    assert (both.status, both.score) == ("partial", 0.8)
    assert "6 of 6 tests assert a result (Python); 3 of them cannot start" in both.summary
    assert run_check("tests-assert", lost).score == 0.4
    # Another module is put in its place.
    replaced = {"conftest.py": "import sys\nsys.modules['hives'] = object()\n"}
    assert run_check("tests-assert", {**lost, **replaced}).status == "passed"
    mocked = "import sys\nsys.modules['hives'] = object()\n" + TESTS.format("hives", "count")
    assert run_check("tests-assert", {**lost, "tests/test_lost.py": mocked}).status == "passed"


def test_a_part_that_cannot_start_is_no_clean_code() -> None:
    many = "".join(f"def part{n}(hive):\n    return hive + {n}\n\n\n" for n in range(400))
    outcome = run_check(
        "code-lint-clean", {"app.py": f"from hives import count\n\n\ncount(1)\n{many}", "hives.py": HIVES}
    )
    assert (outcome.status, outcome.score) == ("partial", 0.5)
    assert outcome.summary.startswith("1 import of a name that the own module does not have in ")
    assert [(place.path, place.line, place.note) for place in outcome.evidence] == [
        ("app.py", 1, "`hives` has no `count`")
    ]
    assert (outcome.fix or "").startswith("Mend the imports of what the modules do not have")


def test_very_many_names_are_not_all_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts_absent_names, "LOOKED_UP", 3)
    lines = "".join(f"from hives import name{n}\n" for n in range(9))
    assert len(lacking({"app.py": lines, "hives.py": HIVES})) == 3


def test_only_so_much_is_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"app.py": "from hives import count\nfrom hives import swarm\n", "hives.py": HIVES}
    monkeypatch.setattr(facts_absent_names, "SEARCHED", len(HIVES))
    assert [line for _, line, _ in lacking(files)] == [1]


def test_where_very_many_modules_are_alike_or_lie_very_deep_none_is_meant() -> None:
    alike = {f"part{n}/hives.py": HIVES for n in range(60)}
    assert lacking({**alike, "part0/app.py": "from hives import count\n"}) == []
    deep = "/".join(["a"] * 40)
    assert lacking({f"{deep}/app.py": "from .hives import count\n", f"{deep}/hives.py": HIVES}) == []
