"""Mistakes and outliers: what is counted, what is innocent, what is said."""

import json

import pytest

from portfolio_audit.facts import lint_findings
from portfolio_audit.facts.complexity import Complexity
from portfolio_audit.facts.lint import Lint
from portfolio_audit.testing import Files, make_tree


def mistakes(files: Files) -> list[str]:
    found = Lint.distil(make_tree(files))
    assert found is not None
    return [flaw.said for flaw in found.mistakes]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import os\nimport re\n\nprint(1)\n", ["2 unused imports"]),
        ("# ruff: noqa\n# flake8: noqa: F401\nimport os  # noqa: E402\n\nprint(1)\n", ["1 unused import"]),
        ("def f():\n    kept = 1  # noqa\n", ["1 unused variable"]),
        ("def f():\n    return missing\n", ["1 undefined name"]),
        ("def f(a=[]):\n    return a\n", ["1 mutable default argument"]),
        ("try:\n    f = 1\nexcept:\n    f = 2\n", ["1 bare except"]),
        ("try:\n    f = 1\nexcept:\n    pass\n", ["1 bare except"]),
        ("try:\n    f = 1\nexcept Exception:\n    pass\n", ["1 silently swallowed exception"]),
        ("def f():\n    return 1\n\n\ndef f():\n    return 2\n", ["1 definition replaced unused"]),
        ("from math import *\n", ["1 import of *"]),
        ("x = 3\nprint(x is 3, x is 4)\n", ["2 comparisons of a literal with `is`"]),
        ("x = {'a': 1, 'a': 2}\n", ["1 dictionary key given twice"]),
        ("print('{} {}'.format(1, 2, 3), '%s' % (1, 2))\n", ["2 format strings that do not fit"]),
        ("def f(:\n  return 1\n)\n((\n", ["1 file that is no valid Python 3"]),
    ],
)
def test_a_mistake_is_counted_once_in_plain_words(source: str, said: list[str]) -> None:
    assert mistakes({"a.py": source}) == said


@pytest.mark.parametrize(
    "files",
    [
        {"pkg/__init__.py": "from pkg.a import b\nfrom pkg.c import *\n__all__ = ['d']\n"},
        {"objects.py": "'''Names.\n\nAs others see them.\n'''\nfrom a import b\nfrom c import d\n__all__ = ['b']\n"},
        {"a.py": "", "app/migrations/1.py": "import os\nprint(x)\n", "alembic/versions/1.py": "import os\nprint(x)\n"},
        {"a.py": "for i in xrange(3):\n    print(unicode(i))\n"},
        {"a.py": "def f(x: 'Batch channels', y: 'np.ndarray', z: \"list[Later]\"):\n    return x, y, z\n"},
        {"job.py": "df = spark.read.table('x')\ndisplay(df)\nget_ipython().run_line_magic('time', '')\n"},
        {"jupyter_notebook_config.py": "c.ServerApp.ip = '*'\n", "rule.py": "print(snakemake.input, _('words'))\n"},
        {"a.py": "try:\n    import ujson\nexcept ImportError:\n    pass\n"},
        {"a.py": "import models  # noqa: E402, F401 registers the tables\nfrom a import *  # NOQA\n\nprint(1)\n"},
        {"a.py": "x = 1 ;y=2\nl = [x,y]\nif x == None: print( l )\n"},
        {"a.py": "assert True\nprint(f'no placeholder')\n" + "x = '" + "long" * 100 + "'\n"},
        {"{{ cookiecutter.name }}/a.py": "import {{ cookiecutter.name }}\n"},
        {"a.py": "{% if x %}\nimport {{ name }}\n{% endif %}\n"},
        {"a.py": "import streamlit as st\n\ndf = st.table()\ndf\n"},
        {"a.py": "match 1:\n    case 1:\n        type X = int\n"},
    ],
)
def test_what_is_innocent_or_a_matter_of_taste_is_no_mistake(files: Files) -> None:
    assert mistakes(files) == []


def test_files_that_a_notebook_runs_with_its_own_names_lack_none() -> None:
    source = {"cells": [{"cell_type": "code", "source": ["%run -i step.py\n"], "metadata": {}, "outputs": []}]}
    notebook = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, **source})
    assert mistakes({"step.py": "import os\nmodel.fit(x)\n", "a.ipynb": notebook}) == ["1 unused import"]
    assert mistakes({"step.py": "import os\nmodel.fit(x)\n", "a.ipynb": notebook.replace("-i ", "")})[0] == (
        "2 undefined names"
    )


@pytest.mark.parametrize(
    "source",
    [
        "import joblib\nfrom features import HiveWeigher\n\nmodel = joblib.load('model.joblib')\n",
        "import pickle\nfrom features import tokenise\n\nmodel = pickle.load(open('model.pkl', 'rb'))\n",
        "from joblib import load\nfrom .features import (\n    weigh,\n)\n\nmodel = load('model.joblib')\n",
        "import torch\nfrom features import HiveNet\n\nmodel = torch.load('model.pt')\n",
        "import pandas as pd\nfrom app.features import Weigher as W\n\nhives = pd.read_pickle('hives.pkl')\n",
    ],
)
def test_what_a_pickle_may_name_is_imported_for_it(source: str) -> None:
    found = Lint.distil(
        make_tree(
            {"app/main.py": source, "app/features.py": "HiveWeigher = tokenise = weigh = HiveNet = Weigher = 1\n"}
        )
    )
    assert found is not None
    assert (found.mistakes, found.pickled) == ((), () if "hivenets" in source else ("app/main.py",))


def test_a_pickle_needs_no_other_import() -> None:
    source = (
        "import os\nimport joblib\nfrom features import logger\nfrom typing import List\nfrom hivelib import Comb\n"
    )
    files = {"app.py": source + "\nmodel = joblib.load('model.joblib')\n", "features.py": "logger = Weigher = 1\n"}
    assert mistakes(files) == ["4 unused imports"]
    assert mistakes({"app.py": "import json\nfrom features import Weigher\n\nprint(json.loads('1'))\n"}) == [
        "1 unused import"
    ]


def test_a_name_whose_own_line_says_that_it_is_put_there_is_none_missing() -> None:
    assert mistakes({"a.py": "print(hives)  # noqa: F821 patched in\n"}) == []
    assert mistakes({"a.py": "print(hives)  # noqa\n"}) == ["1 undefined name"]


def test_names_in_format_strings_are_read_as_code() -> None:
    assert mistakes({"a.py": "é = 'ü'; print(f'{é} {missing}')\n"}) == ["1 undefined name"]


def test_the_gravest_come_first_and_show_where() -> None:
    found = Lint.distil(make_tree({"b.py": "import os\nimport re\nimport sys\n", "a.py": "print(nothing)\n"}))
    assert found is not None
    assert [(flaw.kind, flaw.count) for flaw in found.mistakes] == [("undefined name", 1), ("unused import", 3)]
    assert [(at.path, at.line, at.note) for flaw in found.mistakes for at in flaw.places] == [
        ("a.py", 1, "undefined name: nothing"),
        ("b.py", 1, "unused import: os"),
        ("b.py", 2, "unused import: re"),
    ]
    assert (found.count, found.weight, found.files, found.lines) == (4, 8, 2, 4)


def test_a_broken_file_is_one_mistake_and_hides_the_others_in_it() -> None:
    assert mistakes({"a.py": "import os\nx = )\ny = (\n"}) == ["1 file that is no valid Python 3"]


@pytest.mark.parametrize(
    "line",
    ["print 'x'", "    print x", "exec 'x = 1'", "raise ValueError, 'x'", "if x: print x", "x = 1 <> 2", "x = ur'x'"],
)
def test_old_code_is_called_old(line: str) -> None:
    found = Lint.distil(make_tree({"a.py": f"import os\nif os:\n    x = 1\n{line}\n"}))
    assert found is not None
    assert [flaw.said for flaw in found.mistakes] == ["1 file written for Python 2"]
    assert found.weight == 1


def test_a_fault_that_is_named_as_in_python_2_is_no_undefined_name() -> None:
    assert mistakes({"a.py": "try:\n    x = 1\nexcept ValueError, fault:\n    x = 2\n"}) == []


def test_of_very_many_files_a_sample_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lint_findings, "FILES", 4)
    found = Lint.distil(make_tree({f"m{n:02}.py": "import os\n" for n in range(10)}))
    assert found is not None
    assert (found.files, found.sampled, found.count) == (4, 6, 4)
    assert found.mistakes[0].places[1].path == "m02.py"


def test_of_very_much_code_a_sample_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lint_findings, "BYTES", 50)
    found = Lint.distil(make_tree({f"m{n}.py": "import os\n" for n in range(10)}))
    assert found is not None
    assert (found.files, found.sampled) == (5, 5)


def test_unread_files_make_it_incomplete() -> None:
    found = Lint.distil(make_tree({"a.py": "x = 1\n"}, unread={"b.py": "gone"}))
    assert found is not None
    assert found.incomplete == "1 of 2 Python files"
    assert Lint.distil(make_tree({"README.md": "# Hive\n", "tests/test_a.py": "import os\n"})) is None


def branches(number: int, name: str = "decide") -> str:
    return f"def {name}(x):\n" + "".join(f"    if x == {n}:\n        return {n}\n" for n in range(number))


def test_outliers_are_shown_worst_first_with_their_measure() -> None:
    long = "def report():\n" + "    print(1)\n" * 100
    found = Complexity.distil(make_tree({"a.py": branches(14) + branches(16, "odd") + long + branches(40, "even")}))
    assert found is not None
    assert (found.functions, found.outliers) == (4, 3)
    assert [at.note for at in found.worst] == ["even: 41 branches", "report: 100 statements", "odd: 17 branches"]
    assert found.worst[0].line is not None
    assert found.worst[0].end_line == found.worst[0].line + 80


def test_complexity_needs_functions() -> None:
    assert Complexity.distil(make_tree({"a.py": "x = 1\n"})) is None
    found = Complexity.distil(make_tree({"a.py": "x = 1\n"}, unread={"b.py": "gone"}))
    assert found is not None
    assert found.incomplete


def test_a_very_long_line_of_undefined_names_is_read_in_time() -> None:
    found = Lint.distil(make_tree({"a.py": "f(" + "'x', nowhere, " * 5_000 + ")\n"}))
    assert found is not None
    assert 0 < found.count < 100
