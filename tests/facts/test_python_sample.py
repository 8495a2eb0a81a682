"""What is parsed of a very large tree, and what is said of it."""

from itertools import pairwise

import pytest

from portfolio_audit.facts.doctests import doctests
from portfolio_audit.facts.python_code import python_code
from portfolio_audit.facts.python_sample import APPLICATION, LIBRARY, MOST_NAMES, TESTS, imported
from portfolio_audit.testing import make_tree, run_check


def test_of_a_very_large_suite_an_even_sample_is_read() -> None:
    count = 2 * TESTS.files
    files = {f"tests/test_{n:04}.py": f"def test_{n}():\n    assert {n} == f()\n" for n in range(count)}
    files |= {"tests/conftest.py": "import pytest\n", "hive.py": "def f():\n    return 1\n"}
    code = make_tree(files).derive(python_code)
    tests = [module.path for module in code.modules if module.path.startswith("tests/test_")]
    assert (len(tests), len(code.skipped)) == (TESTS.files, TESTS.files)
    assert tests[1] == "tests/test_0002.py"
    assert "hive.py" in {module.path for module in code.modules}
    outcome = run_check("tests-assert", files)
    assert outcome.status == "passed"
    assert f"leaves out {TESTS.files} of" in outcome.summary


def test_of_a_suite_of_very_long_files_as_many_bytes_are_read() -> None:
    long = "def test_bees():\n    assert 3 == f()\n".ljust(TESTS.large // 4, "#")
    code = make_tree({f"tests/test_{n}.py": long for n in range(8)} | {"hive.py": long}).derive(python_code)
    assert [module.path for module in code.modules] == ["hive.py", *(f"tests/test_{n}.py" for n in (0, 4))]
    assert sorted(code.skipped) == [f"tests/test_{n}.py" for n in (1, 2, 3, 5, 6, 7)]


def library() -> dict[str, str]:
    """A library for others to install, four times as large as what is read of one."""
    weigh = "\n\ndef weigh_{n}_{at}(bees):\n    return [\n        bees,\n        {n},\n        {at},\n    ]\n"
    code = "import numpy\nfrom . import base\nimport hive.wax\n" + "".join(weigh.replace("{at}", at) for at in "abcde")
    files = {f"hive/part_{n:02}.py": code.format(n=n) + "# wax\n" * (LIBRARY.read // 30) for n in range(20)}
    files |= {"pyproject.toml": '[project]\nname = "hive"\n', "README.md": "# Hive\n\n    pip install hive\n"}
    files |= {"hive/__init__.py": "", "hive/wax.py": ""}
    return files


def test_of_a_large_library_an_even_sample_is_read() -> None:
    code = make_tree(library()).derive(python_code)
    read = [module.path for module in code.modules]
    assert {*read, *code.skipped} == {path for path in library() if path.endswith(".py")}
    assert "hive/__init__.py" in read
    parts = [path for path in library() if "part" in path]
    kept = [parts.index(path) for path in read if path in parts]
    assert 4 <= len(kept) <= 5
    assert all(3 <= after - before <= 5 for before, after in pairwise(kept))


def test_the_sample_of_a_large_library_holds_each_package_that_it_imports() -> None:
    plain = make_tree(library()).derive(python_code)
    left = min(plain.skipped)
    also = max(plain.skipped)
    changed = library()
    changed[left] = f"import csv, fastapi.security as safe\n{changed[left]}"
    changed[also] = f"if True:\n    from mlflow.tracking import MlflowClient\n{changed[also]}"
    code = make_tree(changed).derive(python_code)
    assert plain.skipped - code.skipped == {left, also}
    assert {"fastapi", "mlflow"} <= {name for module in code.modules for name in module.packages}


def test_of_a_large_application_all_files_are_read() -> None:
    code = make_tree(library() | {"README.md": "# Hive\n\n    pip install -r requirements.txt\n"}).derive(python_code)
    assert not code.skipped


def test_of_very_many_files_a_sample_is_read_with_all_that_are_started() -> None:
    count = 2 * APPLICATION.files
    files = {f"cells/cell_{n:04}.py": f"import numpy\n\nBEES = {n}\n" for n in range(count)}
    code = make_tree(files).derive(python_code)
    assert len(code.modules) == APPLICATION.files
    left = max(code.skipped)
    started = {left: "import numpy\n\nif __name__ == '__main__':\n    print(numpy.zeros(3))\n"}
    assert left not in make_tree(files | started).derive(python_code).skipped


@pytest.mark.parametrize("check", ["docstrings-written", "type-hints-used", "code-lint-clean", "code-simple"])
def test_what_is_told_of_a_sample_says_so(check: str) -> None:
    skipped = len(make_tree(library()).derive(python_code).skipped)
    outcome = run_check(check, library())
    said = f"{outcome.summary} {outcome.searched}"
    assert f"(a sample, without {skipped} more files)" in said


def test_a_file_of_a_large_library_that_cannot_be_read_is_not_called_left_out() -> None:
    lost = max(make_tree(library()).derive(python_code).skipped)
    files = {path: text for path, text in library().items() if path != lost}
    code = make_tree(files, unread={lost: "over the budget"}).derive(python_code)
    assert code.unread == {lost: "over the budget"}
    assert lost not in code.skipped


def test_examples_in_docstrings_are_run_wherever_they_stand_in_a_large_library() -> None:
    told = "'''\n>>> 1 + 1\n2\n'''\n"
    files = {path: told + text if "part" in path else text for path, text in library().items()}
    tree = make_tree(files | {"pytest.ini": "[pytest]\naddopts = --doctest-modules\n"})
    assert tree.derive(python_code).skipped
    assert len(doctests(tree)) == 20


def test_of_a_file_that_imports_without_end_the_first_names_count() -> None:
    source = b"import " + b",".join(b"wax%d" % n for n in range(100_000))
    assert len(imported("hive.py", source, frozenset())) == MOST_NAMES
