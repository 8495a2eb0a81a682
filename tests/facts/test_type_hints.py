"""Shares of annotated functions, by the definition that the accuracy benchmark measures."""

import json
from collections.abc import Mapping

import pytest

from portfolio_audit.facts.type_hints import TypeHints
from portfolio_audit.testing import make_tree


def hints(files: Mapping[str, str | bytes], unread: Mapping[str, str] | None = None) -> TypeHints | None:
    return TypeHints.distil(make_tree(files, unread=unread))


def shares(source: str) -> tuple[float, float, float]:
    found = hints({"a.py": source})
    assert found is not None
    return found.share_any, found.share_full, found.share_slots


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(a, b): pass", (0, 0, 0)),
        ("def f(a: int, b): pass", (1, 0, 0.3333)),
        ("def f(a: int, b: int): pass", (1, 0, 0.6667)),
        ("def f(a: int, b: int = 1) -> int: pass", (1, 1, 1)),
        ("def f(): pass", (0, 0, 0)),
        ("def f() -> None: pass", (1, 1, 1)),
        ("def f(*a: int, **b): pass", (1, 0, 0.3333)),
        ("def f(a, /, b, *, c: int): pass", (1, 0, 0.25)),
        ("class A:\n def f(self, a: int) -> int: pass", (1, 1, 1)),
        ("class A:\n @classmethod\n def f(cls) -> int: pass", (1, 1, 1)),
        ("class A:\n def __init__(self, a: int): pass", (1, 1, 1)),
        ("class A:\n def __init__(self) -> None: pass", (1, 1, 0)),
        ("class A:\n def __init__(self): pass", (0, 0, 0)),
        ("class A:\n def __init__(self, a): pass", (0, 0, 0)),
        ("async def f(a: int) -> int:\n def g(b): pass", (0.5, 0.5, 0.5)),
        ("f = lambda x: x\ndef g(a: 'x') -> 'y': pass", (1, 1, 1)),
    ],
)
def test_shares_of_functions_and_slots(source: str, expected: tuple[float, float, float]) -> None:
    assert shares(source) == expected


def test_tests_and_vendored_code_are_left_out() -> None:
    found = hints(
        {"a.py": "def f(a): pass", "tests/test_a.py": "def test_a() -> None: pass", "venv/b.py": "def g() -> int: pass"}
    )
    assert found is not None
    assert (found.functions, found.share_any, found.scope) == (1, 0, "files")
    assert [(place.path, place.line, place.note) for place in found.bare] == [("a.py", 1, "f")]


def test_notebooks_count_only_where_no_file_has_a_function() -> None:
    notebook = json.dumps({"cells": [{"cell_type": "code", "source": "x = 1\ndef f(a: int): pass"}]})
    alone = hints({"a.ipynb": notebook, "b.py": "x = 1"})
    assert alone is not None
    assert (alone.functions, alone.share_any, alone.scope) == (1, 1, "notebooks")
    assert alone.annotated[0].note == "cell 1, line 2: f"
    beside = hints({"a.ipynb": notebook, "b.py": "def g(): pass"})
    assert beside is not None
    assert (beside.functions, beside.scope) == (1, "files")


@pytest.mark.parametrize(
    "files", [{}, {"a.py": "x = 1"}, {"a.ts": "function f(a: number) {}"}, {"a.R": "f <- function(x) x"}]
)
def test_without_a_python_function_there_is_nothing_to_judge(files: dict[str, str | bytes]) -> None:
    assert hints(files) is None


def test_unread_files_make_it_incomplete_unless_they_hardly_matter() -> None:
    one = hints({"a.py": "def f(): pass"}, unread={"b.py": "gone"})
    assert one is not None
    assert one.incomplete == "1 of 2 Python files"
    nothing = hints({}, unread={"b.py": "gone"})
    assert nothing is not None
    assert (nothing.functions, nothing.incomplete) == (0, "1 of 1 Python files and notebooks")
    many = hints({f"a{n}.py": "def f(): pass" for n in range(30)}, unread={"b.py": "gone"})
    assert many is not None
    assert many.incomplete is None
    beside = hints({"a.py": "def f(): pass", "b.ipynb": "{"})
    assert beside is not None
    assert beside.incomplete is None


def test_broken_and_old_python_is_counted_too() -> None:
    assert hints({"a.py": "def f(a, (b, c)):\n    print 'x'\ndef g(a: int) -> int: pass\n"}).functions == 2  # type: ignore[union-attr]
