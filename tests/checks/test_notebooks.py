"""The notebook checks, asked as an audit would ask them."""

from typing import Any

import pytest

from portfolio_audit.testing import run_check
from tests.facts.notebook_samples import STEPS, bare, code, error, stored, text, told

IDS = ("notebooks-in-order", "notebooks-narrated", "notebooks-tidy", "notebooks-beside-code")
MODULE = "".join(f"def part_{n}(hive):\n    return hive * {n}\n" for n in range(100))
LONG = tuple(f"{step}\n" + "\n".join(f"x{n} = {n}" for n in range(6)) for step in STEPS)
MESS = stored(*(code(step, 9 - place) for place, step in enumerate(LONG)), code("late", 20, outputs=[error()]))
LIBRARY = {
    "pyproject.toml": '[project]\nname = "hivetools"\n',
    "README.md": "    pip install hivetools\n",
    "hivetools/core.py": MODULE,
    "tour.ipynb": MESS,
}


@pytest.mark.parametrize(
    ("files", "answers"),
    [
        ({"hives.py": MODULE, "eda.ipynb": told(steps=LONG)}, ("passed",) * 4),
        ({"Untitled.ipynb": MESS}, ("failed", "failed", "failed", "failed")),
        ({"hives.py": MODULE}, ("not_applicable",) * 4),
        ({"hives.py": MODULE, "docs/tour.ipynb": MESS}, ("not_applicable",) * 4),
        (LIBRARY, ("not_applicable",) * 4),
        (None, ("unknown",) * 4),
        ({"hives.py": MODULE, "eda.ipynb": b"{"}, ("unknown",) * 4),
        ({"hives.py": MODULE, "eda.ipynb": bare((None,) * 8, LONG)}, ("not_applicable", "failed", "passed", "passed")),
    ],
)
def test_what_each_check_says(files: Any, answers: Any) -> None:
    assert tuple(run_check(id, files).status for id in IDS) == answers


def test_only_notebooks_that_were_asked_are_shown_and_the_others_are_counted() -> None:
    longest = bare((None,) * 8, (*LONG[:7], "hives.plot()\n" * 90))
    outcome = run_check("notebooks-in-order", {"hives.py": MODULE, "good.ipynb": told(), "cleared.ipynb": longest})
    assert outcome.status == "passed"
    assert outcome.summary.startswith("the notebook that could be asked (1 more could not) ran in order")
    assert [one.path for one in outcome.evidence] == ["good.ipynb"]


def test_a_notebook_about_a_test_of_a_model_is_asked() -> None:
    outcome = run_check("notebooks-in-order", {"hives.py": MODULE, "25_final_test.ipynb": told()})
    assert outcome.summary.startswith("the notebook ran in order")


def test_marks_of_headings_are_no_words() -> None:
    cells = [cell for step in LONG for cell in (text("### A b"), code(step))]
    assert run_check("notebooks-narrated", {"hives.py": MODULE, "eda.ipynb": stored(*cells)}).status != "passed"


def test_each_notebook_counts_fully_half_or_not_at_all() -> None:
    files: dict[str, str | bytes] = {
        "hives.py": MODULE,
        "good.ipynb": told(),
        "nearly.ipynb": told((9, 1, 2, 3, 4, 5, 6, 7), LONG),
        "cleared.ipynb": told((None,) * 8, (*STEPS[:7], "hives.plot()")),
    }
    outcome = run_check("notebooks-in-order", files)
    assert (outcome.status, outcome.score) == ("partial", 0.75)
    assert outcome.summary == "a few cells ran out of order (in 1 of 2 notebooks)"
    assert [(one.path, one.note) for one in outcome.evidence] == [
        ("nearly.ipynb", "cell 2 ran as In [9], cell 4 below it as In [1]")
    ]


def test_one_odd_file_among_many_costs_nothing() -> None:
    files: dict[str, str | bytes] = {f"{n:02}.ipynb": told(steps=(*STEPS[:7], f"print({n})")) for n in range(12)}
    outcome = run_check("notebooks-in-order", {**files, "odd.ipynb": b"{"})
    said = "12 of 12 notebooks ran in order, as far as the counts of the cells tell"
    assert (outcome.status, outcome.summary) == ("passed", said)


def test_of_a_single_notebook_no_shares_are_told() -> None:
    assert run_check("notebooks-in-order", {"a.ipynb": told()}).summary.startswith("the notebook ran in order")
    outcome = run_check("notebooks-narrated", {"a.ipynb": bare()})
    assert outcome.summary == "there is next to no text between the code"


def test_the_fix_says_what_to_do_about_what_was_found() -> None:
    outcome = run_check("notebooks-tidy", {"Untitled.ipynb": MESS})
    assert "Mend or delete the cells that end in an error" in (outcome.fix or "")
    assert "Name it after what it answers" in (outcome.fix or "")
    assert "empty cells" not in (outcome.fix or "")


def test_empty_cells_at_the_end_are_not_in_between() -> None:
    cells = [code("x = 1"), *[code("")] * 9]
    assert "empty" not in run_check("notebooks-tidy", {"bees.ipynb": stored(*cells)}).summary
    assert "empty" in run_check("notebooks-tidy", {"bees.ipynb": stored(*cells, code("y = 2"))}).summary


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ({"eda.ipynb": told(steps=LONG), "hives.py": MODULE}, "passed"),
        ({"eda.ipynb": told(steps=LONG)}, "failed"),
        ({"eda.ipynb": told(steps=LONG), "clean.py": "def clean(hives):\n    return hives.dropna()\n" * 10}, "partial"),
        ({"eda.ipynb": stored(code(MODULE), code("part_1(2)\n" * 40))}, "partial"),
        ({"eda.ipynb": told(steps=("from hives import part_1", *LONG[1:])), "hives.py": MODULE[:1200]}, "passed"),
        ({"eda.ipynb": told(steps=("from hives import part_1", *LONG[1:])), "hives.py": MODULE[:100]}, "partial"),
        ({"eda.ipynb": told(), "notes.py": "x = 1\n"}, "not_applicable"),
    ],
)
def test_one_big_notebook_is_told_from_notebooks_beside_code(files: Any, status: str) -> None:
    assert run_check("notebooks-beside-code", files).status == status


def test_the_notebook_to_begin_with_and_what_to_move_are_named() -> None:
    weigh = "def weigh(hive):\n    return hive.gross - hive.tare\n"
    more = stored(code(weigh), *(code(step) for step in LONG))
    outcome = run_check("notebooks-beside-code", {"01.ipynb": stored(code(weigh), code("weigh(1)")), "02.ipynb": more})
    assert outcome.status == "failed"
    assert (
        outcome.fix == "Begin with 02.ipynb: move weigh, defined in several notebooks, into a module that they import."
    )


def test_functions_of_the_notebook_to_begin_with_are_named() -> None:
    weigh = "def weigh(hive):\n    return hive.gross - hive.tare\n"
    outcome = run_check("notebooks-beside-code", {"a.ipynb": stored(code(weigh), *(code(step) for step in LONG))})
    assert outcome.fix == "Begin with a.ipynb: move weigh into a module, import it, and test it there."


def test_functions_in_other_languages_are_not_said_to_be_missing() -> None:
    cells = [code(f"weigh{n} <- function(hive) {{\n  hive$gross - {n}\n}}") for n in range(20)]
    assert run_check("notebooks-beside-code", {"a.ipynb": stored(*cells, language="R")}).status == "unknown"


@pytest.mark.parametrize("id", IDS)
def test_exercises_of_a_course_are_not_judged(id: str) -> None:
    files = {f"homework/week_{n}/tasks.ipynb": MESS for n in range(4)}
    assert run_check(id, files).status == "not_applicable"


def test_unread_code_accuses_nobody_of_having_none() -> None:
    outcome = run_check("notebooks-beside-code", {"eda.ipynb": told(steps=LONG)}, unread={"hives.py": "too large"})
    assert outcome.status == "unknown"


@pytest.mark.parametrize("id", IDS)
def test_hostile_notebooks_end(id: str) -> None:
    files = {
        "a.ipynb": stored(*(code(f"f{n}({n})", n) for n in range(2000, 0, -1))),
        "b.ipynb": b'{"cells": [' + b'{"outputs": [' * 5_000,
        "\u202ec (1).ipynb": stored(code("x = '" + "a" * 100_000, 1), code("(" * 10_000, 2)),
    }
    assert run_check(id, files).status in ("unknown", "failed", "partial", "not_applicable")


def test_notebooks_without_code_are_spoken_of() -> None:
    outcome = run_check("notebooks-tidy", {"a.ipynb": stored(code("x = 1")), "b.ipynb": ""})
    assert outcome.summary.startswith("the notebook with code (1 more has none) without errors")
    none = run_check("notebooks-tidy", {"b.ipynb": ""})
    assert (none.status, none.summary) == (
        "not_applicable",
        "there is no notebook with code outside documentation, examples and tests",
    )


def test_advice_names_a_notebook_that_defines_what_is_to_be_moved() -> None:
    shared = code("def weigh(hive):\n    return hive.gross - hive.tare\n")
    long = stored(*(code(f"x{n} = read({n})\ny{n} = x{n}") for n in range(30)))
    outcome = run_check(
        "notebooks-beside-code", {"long.ipynb": long, "a.ipynb": stored(shared), "b.ipynb": stored(shared)}
    )
    assert "Begin with a.ipynb: move weigh" in (outcome.fix or "")
    alone = run_check("notebooks-beside-code", {"long.ipynb": long})
    assert "make functions of its steps" in (alone.fix or "")
    assert "training" not in (alone.fix or "")
