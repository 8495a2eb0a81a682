"""Docstrings: which definitions count, and that the reading agrees with Python's own."""

import ast
import sysconfig
from pathlib import Path

import pytest

from portfolio_audit.facts.docstrings import Docstrings
from portfolio_audit.facts.python_parse import parse
from portfolio_audit.testing import make_tree

LINES = "    x = 1\n" * 5
INNER = "        x = 1\n" * 5
STANDARD = Path(sysconfig.get_path("stdlib"))
MODULES = ("argparse.py", "ast.py", "dataclasses.py", "enum.py", "inspect.py", "typing.py", "asyncio/events.py")


def told(source: str) -> tuple[int, int]:
    found = Docstrings.distil(make_tree({"a.py": source}))
    return (0, 0) if found is None else (found.documented, found.definitions)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (f"def f():\n    '''Says.'''\n{LINES}", (1, 1)),
        (f"def f():\n    r'Says.'\n{LINES}", (1, 1)),
        (f"def f():\n    # a note\n    'Says.'\n{LINES}", (1, 1)),
        (f"def f():\n    'Says ' 'in two parts.'\n{LINES}", (1, 1)),
        (f"async def f(\n    a, b\n):\n    '''Says.'''\n{LINES}", (1, 1)),
        (f"def f():\n{LINES}", (0, 1)),
        (f"def f():\n    f'''{{1}}'''\n{LINES}", (0, 1)),
        (f"def f():\n    b'''Bytes.'''\n{LINES}", (0, 1)),
        (f"def f():\n    x = 'no docstring'\n{LINES}", (0, 1)),
        (f"def f():\n    'no'.join([])\n{LINES}", (0, 1)),
        ("def f():\n    return 1\n", (0, 0)),
        (f"def _f():\n{LINES}", (0, 0)),
        (f"def main():\n{LINES}", (0, 0)),
        (f"def __init__(self):\n{LINES}", (0, 0)),
        (f"@overload\ndef f():\n{LINES}", (0, 0)),
        (f"@click.group()\ndef cli():\n{LINES}", (0, 0)),
        (f"class Bee:\n    '''Says.'''\n    def fly(self):\n{INNER}", (1, 2)),
        (f"class Bee:\n    def __init__(self):\n        '''Says.'''\n{INNER}", (1, 1)),
        (f"class Bee:\n    def fly(self):\n        '''Says.'''\n{INNER}", (1, 2)),
        (f"class Net(nn.Module):\n    def forward(self):\n{INNER}", (0, 1)),
        (f"class _Bee:\n    def fly(self):\n{INNER}", (0, 0)),
        (f"def f():\n    '''Says.'''\n    def inner():\n{INNER}", (1, 1)),
    ],
)
def test_what_counts(source: str, expected: tuple[int, int]) -> None:
    assert told(source) == expected


@pytest.mark.parametrize("name", MODULES)
def test_docstrings_are_where_python_finds_them(name: str) -> None:
    source = (STANDARD / name).read_bytes()
    tree = ast.parse(source)
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    nodes = [node for node in ast.walk(tree) if isinstance(node, kinds)]
    expected = {(node.lineno, node.name): ast.get_docstring(node) is not None for node in nodes}
    module = parse(name, source)
    found = {(each.line, each.name): each.docstring for each in module.functions}
    found.update({(each.line, each.name): each.docstring for each in module.classes})
    assert found == expected
    assert module.docstring == (ast.get_docstring(tree) is not None)
    assert len(expected) > 20


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('"""Says."""\n', True),
        ("#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n\n'Says.'\nx = 1\n", True),
        ("", False),
        ("# only a note\n", False),
        ("x = 'text'\n", False),
        ("'text'.upper()\n", False),
        ("import os\n'''Too late.'''\n", False),
        ("b'bytes'\n", False),
    ],
)
def test_the_docstring_of_a_module(source: str, expected: bool) -> None:
    assert parse("a.py", source.encode()).docstring == expected


def test_the_longest_without_are_shown() -> None:
    source = f"def short():\n{LINES}def long():\n{LINES * 3}def told():\n    'Says.'\n{LINES}"
    found = Docstrings.distil(make_tree({"a.py": source, "tests/test_a.py": source, "setup.cfg": ""}))
    assert found is not None
    assert [at.note for at in found.missing] == ["long", "short"]
    assert [at.note for at in found.written] == ["told"]
    assert (found.modules, found.documented_modules) == (1, 0)


def test_what_could_not_be_read_is_said() -> None:
    found = Docstrings.distil(make_tree({}, unread={"a.py": "gone"}))
    assert found is not None
    assert found.incomplete == "1 of 1 Python file"


def test_a_class_inside_a_function_is_nobodys_to_call() -> None:
    assert told(f"def f():\n    class A:\n{INNER}\n    return A\n\nclass B:\n{LINES}") == (0, 2)


def test_methods_left_to_the_class_they_derive_from_are_told_apart() -> None:
    source = f"class A(nn.Module):\n    def forward(self):\n{INNER}\nclass B:\n    def forward(self):\n{INNER}"
    found = Docstrings.distil(make_tree({"a.py": source}))
    assert found is not None
    assert (found.definitions, found.inherited) == (3, 1)
