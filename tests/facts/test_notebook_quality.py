"""What is counted in notebooks, and which rules they break."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_audit.facts.notebook_measures import measures
from portfolio_audit.facts.notebook_order import run_of
from portfolio_audit.facts.notebook_quality import NotebookQuality
from portfolio_audit.facts.notebook_rules import broken_rules, load_rules
from portfolio_audit.facts.notebooks import notebook
from portfolio_audit.facts.python_parse import parse
from portfolio_audit.facts.words import load_table
from portfolio_audit.testing import make_tree
from portfolio_audit.tree import File, SourceTree
from tests.facts.notebook_samples import STEPS, bare, code, error, stored, text, told


def rules(content: bytes, path: str = "hives.ipynb") -> set[str]:
    read = notebook(path, content)
    module = parse(path, *read.python()) if read.language == "Python" else None
    return {rule.id for rule in broken_rules(measures(read, module)) if rule.counts != "note"}


def quality(files: dict[str, Any]) -> NotebookQuality:
    found = NotebookQuality.distil(make_tree(files))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("counts", "order", "displaced"),
    [
        ((1, 2, 3, 4), "in order", 0),
        ((7, 9, 30, 31), "in order", 0),
        ((40, 2, 3, 4), "out of order", 1),
        ((9, 4, 8, 3), "out of order", 2),
        ((1, 2, 1, 2), "several sessions", 0),
        ((None, None, None, None), "cleared", 0),
        ((None, None, None, 5), "cleared", 0),
        ((0, 0, 0, 0), "cleared", 0),
        ((2, 1, None, None), "out of order", 1),
        ((2, 1, None, None, None), "cleared", 0),
    ],
)
def test_the_order_follows_from_the_counts(counts: Any, order: str, displaced: int) -> None:
    run = run_of(notebook("a.ipynb", stored(*(code("x", count) for count in counts))).cells)
    assert (run.order, run.displaced) == (order, displaced)


def test_a_cell_of_comments_alone_is_no_code_that_was_left_out() -> None:
    cells = [
        code("x = 1", 1),
        code("# weigh(hives)\n\n  # later"),
        code("y = 2", 2),
        code("%matplotlib inline\n# bees"),
    ]
    assert run_of(notebook("a.ipynb", stored(*cells)).cells).unrun == (4,)


@given(st.lists(st.integers(1, 40), min_size=2, max_size=14, unique=True))
def test_as_few_cells_as_possible_are_out_of_place(counts: list[int]) -> None:
    longest = [1] * len(counts)
    for place, count in enumerate(counts):
        longest[place] += max((longest[before] for before in range(place) if counts[before] < count), default=0)
    run = run_of(notebook("a.ipynb", stored(*(code("x", count) for count in counts))).cells)
    assert run.displaced == len(counts) - max(longest)
    assert (run.order == "in order") == (counts == sorted(counts))


def test_the_first_two_cells_against_the_order_are_named() -> None:
    run = run_of(notebook("a.ipynb", stored(text("#"), code("a", 2), code("b", 9), code("c", 4))).cells)
    assert run.upper
    assert run.lower
    assert (run.upper.number, run.upper.execution, run.lower.number, run.lower.execution) == (3, 9, 4, 4)


def test_a_good_notebook_breaks_nothing() -> None:
    assert rules(told()) == set()


def test_a_cleared_notebook_breaks_nothing() -> None:
    assert rules(told((None,) * 8)) == set()


@pytest.mark.parametrize(
    ("counts", "broken"),
    [
        ((8, 1, 2, 3, 4, 5, 6, 7), {"slightly-out-of-order"}),
        ((8, 3, 1, 2, 7, 4, 5, 6), {"out-of-order"}),
        ((1, 2, 3, 1, 2, 3, 4, 5), set()),
    ],
)
def test_order_is_a_small_or_a_whole_break(counts: Any, broken: set[str]) -> None:
    assert rules(told(counts)) == broken


def test_text_is_asked_for() -> None:
    assert rules(bare()) == {"no-text"}


def test_comments_that_explain_count_half() -> None:
    steps = tuple(f"# what is done here and why\n{step}" for step in STEPS)
    assert rules(bare(steps=steps)) == {"comments-only", "no-heading"}


def test_what_kaggle_writes_into_a_first_cell_is_nobody_s_comment() -> None:
    first = (
        "# This Python 3 environment comes with many helpful analytics libraries installed\n"
        "# It is defined by the kaggle/python Docker image: https://github.com/kaggle/docker-python\n"
        "# For example, here's several helpful packages to load\n\nimport numpy as np # linear algebra\n"
        '# Input data files are available in the read-only "../input/" directory\n'
        "# You can write up to 20GB to the current directory (/kaggle/working/) that gets preserved\n"
    )
    assert rules(bare(steps=(first, *STEPS[1:]))) == {"no-text"}
    own = "# weigh each hive twice\n# drop the hives that swarmed\n# the late ones count too\n"
    assert "comments-only" in rules(bare(steps=(first + own, *STEPS[1:])))


def test_a_short_notebook_needs_no_text() -> None:
    assert rules(bare((1, 2), STEPS[:2])) == set()


def test_heading_cells_of_the_old_format_are_headings() -> None:
    cells = [{"cell_type": "heading", "level": 1, "source": "Honey of late hives"}]
    cells += [{"cell_type": "code", "input": step} for step in STEPS]
    old = json.dumps({"worksheets": [{"cells": cells}], "nbformat": 3}).encode()
    found = measures(notebook("a.ipynb", old), None)
    assert (found["title"].value, found["headings"].value) == (1, 1)


def test_text_in_a_script_without_spaces_is_text() -> None:
    said = text("# 蜂の巣\n\n" + "毎日の重さを読み取り、季節ごとに比べた。" * 4)
    assert "no-text" not in rules(stored(said, *(code(step) for step in STEPS)))


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("Untitled.ipynb", {"default-name"}),
        ("work/Untitled12.ipynb", {"default-name"}),
        ("Untitled (3).ipynb", {"default-name"}),
        ("hives-Copy1.ipynb", {"copy-name"}),
        ("Copy_of_hives.ipynb", {"copy-name"}),
        ("hives (1).ipynb", {"copy-name"}),
        ("untitled_works_of_art.ipynb", set()),
        ("copying-garbage.ipynb", set()),
        ("hives (2024).ipynb", set()),
        ("notebook.ipynb", set()),
    ],
)
def test_names_nobody_chose(name: str, broken: set[str]) -> None:
    assert rules(told(), name) == broken


def test_an_error_in_the_outputs_is_told_with_its_cell() -> None:
    found = quality({"a.ipynb": stored(code("x = 1", 1), code("hives['late']", 2, outputs=[error()]))})
    (broken,) = [each for each in found.broken if each.rule == "error-left"]
    assert broken.places[0].note == "cell 2 ends in KeyError"


@pytest.mark.parametrize(
    "cells",
    [
        [code("hives['late']  # this raises a KeyError", outputs=[error()])],
        [text("A column that is not there gives an error:"), code("hives['late']", outputs=[error()])],
        [code("hives['late']", outputs=[error()]), text("The error above says that the column is missing.")],
        [code("hives['late']", outputs=[error()], metadata={"tags": ["raises-exception"]})],
        [code("x", outputs=[{"output_type": "stream", "text": '"ename": "KeyError" "error"'}])],
    ],
)
def test_an_error_shown_on_purpose_is_innocent(cells: Any) -> None:
    assert "error-left" not in rules(stored(*cells))


@pytest.mark.parametrize(
    "cells",
    [
        [code("from bees import mean_squared_error\nmean_squared_error(hives['late'], 1)", outputs=[error()])],
        [text("The standard error of the mean weight:"), code("hives['late']", outputs=[error()])],
        [code("learn(metrics=error_rate)  # root mean squared error", outputs=[error()])],
        [code("pd.to_numeric(hives['failures'], errors='coerce')", outputs=[error()])],
    ],
)
def test_the_name_of_a_measure_excuses_no_error(cells: list[dict[str, Any]]) -> None:
    assert "error-left" in rules(stored(*cells))


def test_a_cell_that_catches_or_raises_is_about_errors() -> None:
    assert "error-left" not in rules(stored(code("try:\n    weigh()\nexcept OSError:\n    raise", outputs=[error()])))


def test_comments_that_are_code_explain_nothing() -> None:
    words = ["# weigh each hive twice", "# drop the hives that swarmed last year", "# if a hive is empty, leave it out"]
    unused = [
        "# hives = read(path, 1)",
        "# print('all the hives', hives)",
        "#     'the first hive',",
        "# from bees import weigh as w",
        "# for hive in range(1, 9):",
    ]
    cells = ["x = 1\n" * 4] * 5
    for comments, broken in ((words, "comments-only"), (unused, "no-text")):
        assert broken in rules(stored(*(code("\n".join([each, *comments])) for each in cells)))


def test_notebooks_without_code_are_counted_apart() -> None:
    found = quality({"a.ipynb": stored(code("x = 1", 1)), "b.ipynb": "", "c.ipynb": stored(text("later"))})
    assert (found.judged, found.blank) == (1, 2)


def test_a_notebook_whose_size_is_not_known_is_unread_and_not_empty() -> None:
    files = [File("a.ipynb", 0), File("b.ipynb", 0)]
    found = NotebookQuality.distil(SourceTree(files, {}, unread={"b.ipynb": "not in the archive"}))
    assert found is not None
    assert (found.judged, found.unread, found.blank) == (0, 1, 1)


def test_functions_of_several_notebooks_are_told_with_one_that_defines_them() -> None:
    shared = code("def weigh(hive):\n    return hive.gross - hive.tare\n")
    long = stored(*(code(f"x{n} = read({n})\ny{n} = x{n}") for n in range(30)))
    found = quality({"long.ipynb": long, "a.ipynb": stored(shared), "b.ipynb": stored(shared, code("weigh(1)"))})
    assert found.densest is not None
    assert (found.densest.path, found.repeated, found.repeated_in) == ("long.ipynb", ("weigh",), "b.ipynb")


def test_the_old_form_of_an_error_is_read_and_an_odd_name_is_not_repeated() -> None:
    cell = {"cell_type": "code", "input": "x", "outputs": [{"output_type": "pyerr", "ename": "<b>x</b>"}, 3]}
    old = json.dumps({"worksheets": [{"cells": [cell]}], "nbformat": 3}).encode()
    assert notebook("a.ipynb", old).cells[0].errors == ()
    cell["outputs"] = [{"output_type": "pyerr", "ename": "<b>x</b>"}]
    old = json.dumps({"worksheets": [{"cells": [cell]}], "nbformat": 3}).encode()
    assert notebook("a.ipynb", old).cells[0].errors == ("an error",)


def test_large_outputs_are_weighed_without_being_read() -> None:
    picture = {"output_type": "display_data", "data": {"image/png": "A" * 3_100_000}}
    assert rules(stored(code("plot()", 1, outputs=[picture]), code("x", 2))) == {"large-outputs"}


KEY = "AKIA" + "Q7ZJ4XN2MB5TR3WY"
ADDRESS = f"Location: https://files.example/x?X-Amz-Credential={KEY}%2Fs3&X-Amz-Signature=ab12"


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ({"output_type": "stream", "text": ["env:\n", f"'{KEY}'"]}, True),
        ({"output_type": "execute_result", "data": {"text/plain": f"Client(key='{KEY}')"}}, True),
        ({"output_type": "stream", "text": "'AKIAXXXXXXXXXXXXXXXX' and 'sk-your-key-here'"}, False),
        ({"output_type": "stream", "text": ADDRESS}, False),
        ({"output_type": "display_data", "data": {"image/png": f"'{KEY}'"}}, False),
        ({"output_type": "stream", "text": 3, "data": 4}, False),
    ],
)
def test_a_key_that_a_cell_prints_is_told_by_its_cell_and_never_shown(output: Any, told: bool) -> None:
    found = quality({"a.ipynb": stored(code("x = 1", 1), code("print(env)", 2, outputs=[output]))})
    broken = [each for each in found.broken if each.rule == "secret-shown"]
    assert [each.places[0].note for each in broken] == ["cell 2 prints what looks like an AWS access key"] * told
    assert KEY not in repr(found)


def test_imports_all_over_the_notebook() -> None:
    cells = [code(f"import part{n}\npart{n}.run()", n + 1) for n in range(14)]
    assert "scattered-imports" in rules(stored(text("# Hives\n" + "word " * 30), *cells))
    inside = [code(f"def step{n}():\n    import part{n}", n + 1) for n in range(14)]
    assert "scattered-imports" not in rules(stored(*inside))


def test_a_name_used_above_the_cell_that_makes_it() -> None:
    cells = [code("frame = pd.read_csv('hives.csv')", 5), code("x = 1", 6), code("import pandas as pd", 7)]
    found = quality({"a.ipynb": stored(*cells)})
    (broken,) = [each for each in found.broken if each.rule == "used-before-made"]
    assert broken.places[0].note == "cell 1 calls pd, which cell 3 makes"


@pytest.mark.parametrize(
    "cells",
    [
        [code("from tools import *", 1), code("load()", 2), code("def load(): pass", 3)],
        [code("%run setup.py", 1), code("load()", 2), code("def load(): pass", 3)],
        [code("def main():\n    load()", 1), code("def load(): pass", 2), code("main()", 3)],
        [code("later = lambda: load()", 1), code("def load(): pass", 2)],
        [code("# load() comes below", 1), code("def load(): pass", 2)],
        [code("[load(x) for x in y]"), code("z = 1", 1), code("def load(x): pass", 2)],
        [code("display(1)", 1), code("from IPython.display import display", 2)],
        [code("load = None\nload()", 1), code("def load(): pass", 2)],
    ],
)
def test_names_that_may_well_be_there_are_innocent(cells: Any) -> None:
    assert "used-before-made" not in rules(stored(*cells))


def test_random_numbers_without_a_seed_are_noted() -> None:
    def noted(source: str) -> bool:
        read = notebook("a.ipynb", stored(code(source)))
        return measures(read, parse("a.ipynb", *read.python()))["unseeded"].value > 0

    assert noted("import numpy as np\nnp.random.rand(3)")
    assert noted("import random\nrandom.shuffle(hives)")
    assert not noted("import numpy as np\nnp.random.seed(1)\nnp.random.rand(3)")
    assert not noted("import numpy as np\nrng = np.random.default_rng(1)\nrng.random()")
    assert not noted("from sklearn.ensemble import RandomForestClassifier\nRandomForestClassifier()")


def test_other_languages_are_judged_by_what_does_not_depend_on_them() -> None:
    cells = [code(f"x{n} <- {n}\nprint(x{n})", n + 1) for n in range(8)]
    assert rules(stored(*cells, language="R")) == {"no-text"}


def test_notebooks_that_explain_other_code_are_set_aside() -> None:
    files = {f"{folder}/a.ipynb": bare() for folder in ("docs", "examples", "tests")}
    assert NotebookQuality.distil(make_tree(files)) is None
    assert quality({**files, "hives.ipynb": told()}).set_aside == 3


def test_a_tree_without_notebooks_has_nothing_to_judge() -> None:
    assert NotebookQuality.distil(make_tree({"a.py": "x = 1\n", "empty.ipynb": stored()})) is None


def test_a_translation_is_no_copy() -> None:
    plain = [code(f"{step}\nprint(1)\nprint(2)") for step in STEPS]
    found = quality({"en/a.ipynb": stored(text("# Honey"), *plain), "de/a.ipynb": stored(text("# Honig"), *plain)})
    assert "same-cells" not in {each.rule for each in found.broken}


def test_the_same_cells_twice_are_a_copy_whatever_they_printed() -> None:
    found = quality({"a.ipynb": told(), "b.ipynb": told((11, 12, 13, 14, 15, 16, 17, 18))})
    (broken,) = [each for each in found.broken if each.rule == "same-cells"]
    assert (broken.places[0].path, broken.places[0].note) == ("b.ipynb", "the same cells as a.ipynb")


def test_what_could_move_out_is_named() -> None:
    plain = "def weigh(hive):\n    return hive.gross - hive.tare\n"
    one = stored(code("import pandas as pd\nfrom hives.read import load"), code(plain + "weigh(1)"))
    two = stored(code(plain + "\n".join(f"weigh({n})" for n in range(20))))
    found = quality({"one.ipynb": one, "two.ipynb": two, "hives/read.py": "x = 1\n", "pandas_notes/pd.py": "x = 1\n"})
    assert found.repeated == ("weigh",)
    assert found.imported == ("hives",)
    assert found.densest
    assert found.densest.path == "two.ipynb"
    assert (found.lines, found.function_lines) == (27, 4)


@pytest.mark.parametrize(
    ("source", "file", "imported"),
    [
        ("from hives.read import load", "hives/read.py", ("hives",)),
        ("import hives", "hives/__init__.py", ("hives",)),
        ("from hives import read", "src/hives/read.py", ("hives",)),
        ("from src.hives import read", "src/hives/read.py", ("src",)),
        ("import weigh", "notebooks/weigh.py", ("weigh",)),
        ("import weigh", "scripts/weigh.py", ()),
        ("import sys\nsys.path.append('../scripts')\nimport weigh", "scripts/weigh.py", ("weigh",)),
        ("import pyspark\nimport dlt", "week5/pyspark/job.py", ()),
        ("import catboost", "models/catboost.py", ()),
        ("import pandas", "notebooks/weigh.py", ()),
    ],
)
def test_own_modules_are_those_that_the_notebook_can_reach(source: str, file: str, imported: Any) -> None:
    assert quality({"notebooks/a.ipynb": stored(code(source)), file: "x = 1\n"}).imported == imported


def test_every_rule_can_be_told() -> None:
    measured = set(measures(notebook("a.ipynb", told()), parse("a.ipynb", *notebook("a.ipynb", told()).python())))
    ids = [rule.id for rule in load_rules()]
    assert len(set(ids)) == len(ids)
    for rule in load_rules():
        assert {rule.measure, *rule.asks, *rule.spares} <= measured | {"same_cells", "secrets"}
        assert set(rule.unless) <= set(ids)
        assert (rule.above is None) != (rule.below is None)
        assert not rule.says.endswith(".")
        assert not rule.fix.endswith(".")


PYNBLINT = (
    "cell-too-long dependencies-unmanaged duplicate-notebook-filename duplicate-notebook-not-renamed empty-cells "
    "imports-beyond-first-cell invalid-python-syntax large-data-file-not-versioned long_multiline_python_comment "
    "missing-closing-MD-text missing-h1-MD-heading missing-opening-MD-text non-executed-cells non-executed-notebook "
    "non-linear-execution non-portable-chars-in-nb-name notebook-name-too-long notebook-too-long "
    "repository-not-versioned test-coverage-data-not-available too-few-MD-cells untitled-notebook"
)


def test_every_rule_of_other_notebook_linters_is_asked_or_left_out_with_a_reason() -> None:
    theirs = {f"pynblint {name}" for name in PYNBLINT.split()} | {f"nborder NB{n}" for n in (101, 102, 103, 201)}
    left_out = {each["rule"]: each["why"] for each in load_table("notebook_rules")["elsewhere"]}
    asked = {name for rule in load_rules() for name in rule.same_as}
    assert asked | left_out.keys() == theirs
    assert not asked & left_out.keys()
    assert all(len(why) > 20 for why in left_out.values())


@pytest.mark.parametrize(
    "content",
    [
        stored(*(code(f"f{n}({n})", n) for n in range(3000, 1, -1))),
        stored(*(code("".join(f"f{n}_{m}()\n" for m in range(40))) for n in range(400)), code("f0_0 = 1\n" * 9)),
        stored(code("".join(f"f{n}(1)\n" for n in range(20_000))), code("".join(f"f{n} = 1\n" for n in range(20_000)))),
        stored(code("x", 1, outputs=[{"text": f"'AKIA{'Q7ZJ4XN2MB5TR3WY'}' X-Amz-Signature=\n" * 3_000}] * 30)),
        stored(text("#" * 50_000 + " ="), code("(" * 20_000, 1), code("x", 2)),
        stored(code("a.b(" * 5_000, 1), code("def a(): pass", 2)),
        stored(code("x", 1, outputs="odd", metadata=7), code("y", 2, outputs=[[[]]], metadata={"ename": 1})),
        b'{"cells": [{"cell_type": "code", "source": "x", "outputs": [{"ename": 3, "output_type": "error"}]}]}',
    ],
)
def test_hostile_notebooks_are_measured_in_the_end(content: bytes) -> None:
    assert NotebookQuality.distil(make_tree({"a.ipynb": content})) is not None


@pytest.mark.parametrize(
    "line",
    [
        "# a b " + "x" * 300,
        "# if a b " + "(" * 300,
        "# a b[" + "[" * 300,
        "# x, y, " + "z, " * 100,
        "# f g(" + "(," * 150,
    ],
)
def test_comments_and_words_without_end_are_read_in_linear_time(line: str) -> None:
    rules(stored(*(code("\n".join([line] * 1_400), outputs=[error()]) for _ in range(2))))
    rules(stored(text("a" * 1_000_000), code("x # " + "a_" * 250_000, outputs=[error()])))
