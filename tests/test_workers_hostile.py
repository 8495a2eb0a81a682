"""Hostile files through every fact there is: each is read, or named as unread, and none ends or stalls the reading."""

import importlib
import json
import pkgutil
import random
from collections.abc import Iterator

import pytest

import portfolio_audit.facts
from portfolio_audit.facts.fact import TreeFact
from portfolio_audit.tree import MIB
from portfolio_audit.workers import Bounds, Workers
from tests.tars import archive

GOOD = {
    "README.md": "# Sample\n\nA tool. Run it with `python app.py`.\n",
    "app.py": "def add(a: int, b: int) -> int:\n    return a + b\n",
    "tests/test_app.py": "from app import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n",
}


def all_kinds() -> tuple[type[TreeFact], ...]:
    for module in pkgutil.iter_modules(portfolio_audit.facts.__path__):
        importlib.import_module(f"portfolio_audit.facts.{module.name}")
    kinds = {kind for kind in TreeFact.__subclasses__() if kind.__module__.startswith("portfolio_audit.facts.")}
    return tuple(sorted(kinds, key=lambda kind: kind.key()))


def notebook(cells: object) -> str:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def code(source: object) -> dict[str, object]:
    return {"cell_type": "code", "source": source, "outputs": [], "metadata": {}, "execution_count": 1}


noise = random.Random(7)

WORDS = "def class if ( ) [ ] : = lambda async await @ , . x 1 '".split()
PYTHON: dict[str, str | bytes] = {
    "brackets": "(" * 100_000,
    "pairs": "[" * 50_000 + "]" * 50_000,
    "calls": "f(" * 20_000 + "1" + ")" * 20_000,
    "unary": "x = " + "-" * 100_000 + "1\n",
    "not": "x = " + "not " * 50_000 + "1\n",
    "attributes": "a" + ".b" * 100_000 + "\n",
    "sums": "x = 0" + "+0" * 60_000 + "\n",
    "lambdas": "x = " + "lambda:" * 50_000 + "1\n",
    "strings": "x = f'" + "{x}" * 30_000 + "'\n",
    "nested f-strings": "x = " + "f'{" * 2_000 + "1" + "}'" * 2_000 + "\n",
    "list": "x = [" + "1," * 60_000 + "]\n",
    "compare": "x = 1" + "<1" * 60_000 + "\n",
    "semicolons": "x;" * 60_000,
    "indents": "".join(" " * depth + "if x:\n" for depth in range(1_000)),
    "defs": "".join(" " * depth + f"def f{depth}(a: int):\n" for depth in range(900)),
    "classes": "class A(" * 10_000,
    "decorators": "@a\n" * 20_000 + "def f(): pass\n",
    "backslashes": "x = \\\n" * 100_000 + "1\n",
    "digits": "x = " + "9" * 500_000 + "\n",
    "hex": "x = 0x" + "f" * 500_000 + "\n",
    "one line": "x = '" + "a" * 900_000 + "'\n",
    "newlines": "\n" * 900_000,
    "tabs": "\t" * 900_000,
    "nul": b"x = 1\0\ny = 2\n" * 1000,
    "bad utf-8": b"# \xff\xfe\xfa\nx = '\x80'\n" * 1000,
    "utf-16": "x = 1\n".encode("utf-16") * 3,
    "carriage returns": b"x = 1\ry = 2\r" * 4_000,
    "form feeds": b"\x0c\x0cx = 1\n" * 10_000,
    "cookie": b"# -*- coding: unicode_escape -*-\nx = '\\x27; import os'\n",
    "strange cookie": b"# coding: zlib\nx\n",
    "bidi": "x = '\u202e\u2066'\n" * 1000,
    "surrogate": b"x = '\xed\xa0\x80'\n",
    "python 2": "print 'hello'\nexec 'x'\nraise E, 'x'\n" * 1000,
    "names": "def " + "n" * 800_000 + "(): pass\n",
    "arguments": "def f(" + ",".join(f"a{number}: int" for number in range(10_000)) + "): pass\n",
    "imports": "import " + ",".join(f"m{number}" for number in range(20_000)) + "\n",
    "docstring": '"""' + "x" * 900_000,
    "quotes": "'''\"\"\"" * 30_000,
    "noise": bytes(noise.randrange(256) for _ in range(50_000)),
    "tokens": " ".join(noise.choice(WORDS) for _ in range(40_000)),
}

NOTEBOOKS: dict[str, str | bytes] = {
    "deep": "[" * 200_000,
    "deep objects": '{"a":' * 100_000,
    "digits": '{"cells":[{"cell_type":"code","source":' + "9" * 5_000 + "}]}",
    "numbers": '{"cells": [1, null, true, "x", {}, []], "nbformat": 4}',
    "cells are a map": notebook({"a": 1}),
    "source is nothing": notebook([code(None), code(1), code({}), code([1, None]), code(["x = 1\n"])]),
    "infinite": '{"cells":[{"cell_type":"code","source":"x","execution_count":1e999}]}',
    "not a number": '{"cells":[{"cell_type":"code","source":"x","execution_count":NaN}]}',
    "surrogate": '{"cells":[{"cell_type":"code","source":"\\ud800"}]}',
    "duplicate keys": '{"cells":[],"cells":[{"cell_type":"code","source":"import a"}]}',
    "byte order mark": b"\xef\xbb\xbf" + notebook([code("x = 1")]).encode(),
    "version 3": json.dumps({"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": ["x = 1"]}]}]}),
    "magic": notebook([code("%%bash\nrm -rf /\n"), code("!pip install x\n%matplotlib inline\n?x\nx?")]),
    "huge output": notebook([{**code("x = 1"), "outputs": [{"output_type": "stream", "text": "y" * 3_000_000}]}]),
    "many cells": notebook([code("x = 1\n")] * 20_000),
    "brackets": notebook([code("(" * 100_000)]),
    "empty": "",
}

TEXTS: dict[str, str | bytes] = {
    "README.md": "[" * 50_000 + "](" * 50_000,
    "docs/quotes.md": "> " * 50_000,
    "docs/lists.md": "".join("  " * (depth % 500) + "- x\n" for depth in range(5_000)),
    "docs/emphasis.md": "*a_" * 60_000,
    "docs/links.md": "![x](" * 40_000,
    "docs/tables.md": "|" * 100_000 + "\n" + "|-" * 50_000,
    "docs/html.md": "<div><!--" * 20_000,
    "docs/references.md": "[a]: b\n" + "[a]" * 60_000,
    ".github/workflows/laughs.yml": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)),
    ".github/workflows/merge.yml": "a: &a {x: 1}\n"
    + "".join(f"b{n}: &b{n}\n  <<: [{', '.join(['*a'] * 50)}]\n" for n in range(300)),
    ".github/workflows/cycle.yml": "a: &a [*a]\n",
    ".github/workflows/deep.yml": "[" * 20_000,
    ".github/workflows/tags.yml": "a: !!python/object/apply:os.system ['touch it-ran']\n",
    ".github/workflows/documents.yml": "---\na: 1\n" * 5_000,
    "pyproject.toml": "a = " + "[" * 20_000,
    "sub/pyproject.toml": ".".join(["a"] * 300) + " = 1\n",
    "more/pyproject.toml": "a = " + "9" * 200_000 + "\n",
    "requirements.txt": "a" * 250_000,
    "sub/requirements.txt": "-r requirements.txt\n" * 10_000,
    "package.json": "{" * 50_000,
    "sub/package.json": '{"dependencies":' + "9" * 5_000 + "}",
    "setup.cfg": "[a\n" * 20_000,
    "Dockerfile": "FROM " + "a" * 200_000 + "\nRUN \\\n" * 10_000,
    "docker-compose.yml": "services: " + "{a: " * 10_000,
    "LICENSE": "MIT " * 60_000,
    "data/iris.csv": "," * 250_000,
    "data/quotes.csv": '"' * 200_000,
    "index.html": "<a href='" * 20_000,
    "main.go": "{" * 100_000,
    "main.rs": "/*" * 100_000,
    "main.js": "`${" * 50_000,
    "test.js": "describe(" * 50_000,
    "main.java": "@Test " * 100_000,
    "main.R": "library(" * 50_000,
    "main.jl": "using " * 100_000,
    "Makefile": "\t\\\n" * 50_000,
}


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(count=1, bounds=Bounds()) as shared:
        yield shared


@pytest.mark.parametrize(
    "files",
    [
        {f"{'tests/test_' if number % 2 else 'src/'}{number}.py": text for number, text in enumerate(PYTHON.values())},
        {f"notebooks/file{number}.ipynb": text for number, text in enumerate(NOTEBOOKS.values())},
        TEXTS,
    ],
    ids=["python", "notebooks", "texts"],
)
def test_hostile_files_cost_no_other_file_and_no_fact(workers: Workers, files: dict[str, str | bytes]) -> None:
    reading = workers.read_archive(archive({**GOOD, **files}), all_kinds(), expected=None)
    assert reading.failed == {}
    assert {limit.what for limit in reading.limits} <= {"file-too-large", "parser-refused"}
    assert {limit.where for limit in reading.limits} <= set(files)
    assert reading.facts.keys() == {kind.key() for kind in all_kinds()}


def test_what_a_parser_refuses_is_a_limit_with_its_path_and_what_is_merely_wrong_is_none(workers: Workers) -> None:
    bomb = "a: &a [x]\n" + "".join(f"b{n}: [*a, *a]\n" for n in range(100))
    files = {
        ".github/workflows/bomb.yml": bomb,
        "deep.ipynb": '{"cells": ' + "[" * 100_000,
        "pyproject.toml": "a" + ".a" * 300 + " = 1\n",
        "chart/docker-compose.yml": "{{ not yaml }}: {{ .Values }}\n",
        "wrong.ipynb": '{"cells": 3}',
    }
    reading = workers.read_archive(archive({**GOOD, **files}), all_kinds(), expected=None)
    assert [(limit.what, limit.where) for limit in reading.limits] == [
        ("parser-refused", ".github/workflows/bomb.yml"),
        ("parser-refused", "deep.ipynb"),
        ("parser-refused", "pyproject.toml"),
    ]
    assert reading.limits[0].detail == "too many YAML aliases"
    assert reading.cacheable


def test_a_file_that_takes_all_memory_costs_at_most_itself() -> None:
    """The standard library's TOML reader needs memory by the square of a dotted key's parts."""
    files = {**GOOD, "sub/pyproject.toml": ".".join(["a"] * 12_000) + " = 1\n"}
    with Workers(count=1, bounds=Bounds(memory=500 * MIB)) as workers:
        reading = workers.read_archive(archive(files), all_kinds(), expected=None)
    assert reading.failed == {}
    assert {limit.where for limit in reading.limits} <= {"sub/pyproject.toml"}
