"""One reading of Python source: functions, imports, calls, strings and assertions with their lines."""

import ast
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.python_code import modules, python_code
from portfolio_audit.facts.python_module import Lines, PythonModule
from portfolio_audit.facts.python_parse import attributes, parse
from portfolio_audit.testing import make_tree


def read(source: str) -> PythonModule:
    return parse("hive.py", source.encode())


def test_functions_know_their_class_their_nesting_and_their_annotations() -> None:
    module = read(
        "class Hive(Base, metaclass=Meta):\n"
        "    '''A hive.'''\n"
        "    @property\n"
        "    @cache(size=3)\n"
        "    async def bees(self, kind: str, /, *rest: int, queen=None, **more) -> list[str]:\n"
        "        '''All of them.'''\n"
        "        def count(): return 1\n"
        "        return []\n"
        "def free(a, b: int = 2): pass\n"
    )
    bees, count, free = module.functions
    assert (bees.name, bees.line, bees.end_line, bees.owner, bees.nested) == ("bees", 5, 8, "Hive", False)
    assert [(each.name, each.annotated) for each in bees.parameters] == [
        ("self", False),
        ("kind", True),
        ("*rest", True),
        ("queen", False),
        ("**more", False),
    ]
    assert bees.returns
    assert bees.docstring
    assert bees.decorators == ("property", "cache")
    assert (count.nested, count.owner, count.docstring) == (True, "", False)
    assert [each.annotated for each in free.parameters] == [False, True]
    assert (module.classes[0].name, module.classes[0].bases, module.classes[0].docstring) == ("Hive", ("Base",), True)


def test_a_module_whose_name_begins_like_the_word_import_is_one() -> None:
    module = parse("a.py", b"from importlib.metadata import version as v\nfrom imports import(one)\n")
    assert [(each.module, each.name, each.alias) for each in module.imports] == [
        ("importlib.metadata", "version", "v"),
        ("imports", "one", None),
    ]


def test_imports_keep_aliases_and_resolve_names() -> None:
    module = read(
        "import os, pandas as pd\nimport a.b\n"
        "from x.y import (p as q,  # why\n    r)\nfrom . import z\nfrom .. import *\n"
    )
    assert [(each.module, each.name, each.alias, each.line) for each in module.imports] == [
        ("os", None, None, 1),
        ("pandas", None, "pd", 1),
        ("a.b", None, None, 2),
        ("x.y", "p", "q", 3),
        ("x.y", "r", None, 3),
        (".", "z", None, 5),
        ("..", "*", None, 6),
    ]
    assert module.resolve("pd.read_csv") == "pandas.read_csv"
    assert module.resolve("q.go") == "x.y.p.go"
    assert module.resolve("a.b.c") == "a.b.c"
    assert module.resolve("unknown") == "unknown"
    assert module.packages == {"os", "pandas", "a", "x"}


def test_calls_carry_their_first_string() -> None:
    module = read(
        "df = pd.read_csv('bees.csv', sep=';')\n"
        'data = fetch(name="hives").data\n'
        "rows = (df\n    .groupby('kind')\n    .mean())\n"
        "open(path, 'r')\n"
        "x = f(g)(h)\n"
    )
    assert [(call.name, call.line, call.text) for call in module.calls] == [
        ("pd.read_csv", 1, "bees.csv"),
        ("fetch", 2, "hives"),
        ("df.groupby", 4, "kind"),
        (".mean", 5, None),
        ("open", 6, None),
        ("f", 7, None),
    ]


def test_strings_are_unquoted_and_docstrings_left_out() -> None:
    module = read(
        '"""About bees."""\ndef f():\n    """Doc."""\n    return df["kind"], rb\'raw\', f"{x}!", """long\nlines"""\n'
    )
    assert [(each.text, each.line) for each in module.strings] == [
        ("kind", 4),
        ("raw", 4),
        ("{x}!", 4),
        ("long\nlines", 4),
    ]
    assert "kind" not in attributes(module.source)


@pytest.mark.parametrize(
    ("statement", "constant"),
    [
        ("assert True", True),
        ("assert 1 == 1", True),
        ('assert "bees"', True),
        ("assert (2 + 2) == 4, f'{x}'", True),
        ("assert not False", True),
        ("assert 1, result", True),
        ("assert [1, 2] == f(x)", False),
        ("assert (1, 2) == (a, b), 'no'", False),
        ("assert 'bees' in text", False),
        ("assert result", False),
        ("assert len([1]) == 1", False),
        ("assert f(1) == 2, 'no'", False),
        ("self.assertTrue(True)", True),
        ("self.assertEqual(1, 1)", True),
        ("self.assertEqual(honey, 1)", False),
        ("mock.assert_called_with(1, 2)", False),
        ("np.testing.assert_allclose(a, b)", False),
    ],
)
def test_an_assertion_that_can_only_hold_is_constant(statement: str, constant: bool) -> None:
    (assertion,) = read(f"def test_it(self):\n    {statement}\n").assertions
    assert (assertion.line, assertion.constant) == (2, constant)


BROKEN = {
    "python 2": "def one(): pass\nprint 'bees'\ntry: pass\nexcept E, e: pass\ndef two(): pass\n",
    "conflict": "def one(): pass\n<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other\ndef two(): pass\n",
    "magic": "def one(): pass\n!pip install bees\n%matplotlib inline\ndef two(): pass\n",
    "newer syntax": "def one(): pass\ntype Bees[T] = list[T]\ndef two[T](x: T) -> T: return x\n",
    "nul": "def one(): pass\nx = 1 \0\ndef two(): pass\n",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_broken_costs_only_itself(kind: str) -> None:
    assert [each.name for each in read(BROKEN[kind]).functions] == ["one", "two"]


WORDS = "def class import from as async assert self f x . , : ( ) [ ] { } = -> @ lambda * ' \" # \\ 1 f'{ }'"
PIECES = [*(word.encode() for word in WORDS.split()), b"\n", b"\n    ", b"\n  ", b" ", b"\xff", b"\0"]
HOSTILE = {
    "attributes": b"a" + b".b" * 100_000,
    "calls": b"a" + b".b()" * 50_000,
    "nested calls": b"assertx(" * 9_000,
    "one line": b"x = '" + b"a" * 1_000_000 + b"'",
    "indented": b"".join(b" " * depth + b"def f():\n" for depth in range(900)),
    "decorators": b"@a\n" * 50_000 + b"def f(): pass\n",
    "not UTF-8": b"def f():\n    return '\xff\xfe\x80'\n",
    "empty": b"",
    "quotes": b"'''" * 1001,
    "imports": b"import " + b"a," * 100_000,
    "parameters": b"def f(" + b"a: int," * 50_000 + b"): pass",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_source_neither_recurses_nor_raises(kind: str) -> None:
    limit = sys.getrecursionlimit()
    module = parse("x.py", HOSTILE[kind])
    assert module.path == "x.py"
    assert sys.getrecursionlimit() == limit
    assert all(len(call.name) <= 161 for call in module.calls)


@pytest.mark.parametrize("source", [b"(" * 100_000, b"lambda:" * 50_000, b"assertx(" * 50_000])
def test_what_is_no_python_at_all_is_unread(source: bytes) -> None:
    with pytest.raises(Unavailable, match="too broken"):
        parse("x.py", source)
    tree = make_tree({"x.py": source, "y.py": b"def f(): pass"})
    assert [module.path for module in modules(tree)] == ["y.py"]
    assert list(tree.derive(python_code).unread) == ["x.py"]


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.lists(st.sampled_from(PIECES), max_size=60).map(b"".join)))
def test_any_bytes_are_read_or_refused(source: bytes) -> None:
    try:
        module = parse("x.py", source)
    except Unavailable:
        return
    lines = source.count(b"\n") + 1
    assert all(1 <= each.line <= each.end_line <= lines for each in module.functions)
    assert all(1 <= call.line <= lines for call in module.calls)
    assert all(1 <= text.line <= lines for text in module.strings)
    assert all(1 <= assertion.line <= lines for assertion in module.assertions)


def test_counts_agree_with_ast_on_our_own_source() -> None:
    source = open(parse.__code__.co_filename, encoding="utf-8").read()  # noqa: SIM115
    nodes = list(ast.walk(ast.parse(source)))
    module = read(source)
    assert len(module.functions) == sum(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for node in nodes)
    calls = [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)]
    assert len(module.calls) == len(calls)
    assert sorted(call.line for call in module.calls) == sorted(node.func.end_lineno or 0 for node in calls)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_other_encodings_are_read(encoding: str) -> None:
    source = "name = 'caf\u00e9'\ndef f(a: int): pass\n".encode(encoding)
    (module,) = modules(make_tree({"a.py": source}))
    assert [(each.name, each.line) for each in module.functions] == [("f", 2)]
    assert module.strings[0].text.startswith("caf")


def test_vendored_code_is_left_out_and_unread_files_are_named() -> None:
    tree = make_tree(
        {"a.py": "x = 1\n", "venv/lib/b.py": "y = 2\n", "notes.md": "# no\n"},
        unread={"c.py": "missing from the archive"},
    )
    code = tree.derive(python_code)
    assert [module.path for module in modules(tree)] == ["a.py"]
    assert code.unread == {"c.py": "missing from the archive"}


def test_the_same_parse_serves_every_reader() -> None:
    tree = make_tree({"a.py": "x = 1\n"})
    assert modules(tree)[0] is tree.derive(python_code).modules[0]


def test_calls_and_strings_are_made_by_name() -> None:
    module = read("open('a.csv')\nf(g('b'))\nx = {'c': g()}\n")
    assert module.called == ("open", "f", "g")
    assert [(call.name, call.line, call.text) for call in module.calls_of(["g"])] == [("g", 2, "b"), ("g", 3, None)]
    assert module.calls_of([]) == ()
    assert [(text.text, text.line) for text in module.strings_of("bc".__contains__)] == [("b", 2), ("c", 3)]


@pytest.mark.parametrize(
    "parameters",
    ["", "self", "self, x=None, *rest, **more", "x: int, y: list[int] = [], *, z: str | None = 'a'", "a, /, b", "a,"],
)
def test_a_plain_signature_reads_like_one_that_the_parser_is_asked_for(parameters: str) -> None:
    plain = read(f"def f({parameters}) -> int:\n    '''Text.'''\n").functions
    asked = read(f"def f({parameters}) -> int:  # said\n    '''Text.'''\n").functions
    assert plain == asked
    assert plain[0].docstring
    assert plain[0].returns


@pytest.mark.parametrize("source", [b"", b"\n", b"a", b"a\n", b"a\nbc", b"a\r\nb\rc\n", b"a\n\n\nb", b"\r", b"\n\r\n"])
def test_every_place_has_the_line_that_an_editor_shows(source: bytes) -> None:
    lines = Lines(source)
    places = range(len(source) + 1)
    assert [lines.of(place) for place in places] == [source.count(b"\n", 0, place) + 1 for place in places]
    starts = [0, *(place + 1 for place in range(len(source)) if source[place : place + 1] == b"\n")]
    assert [lines.start(line + 1) for line in range(len(starts))] == starts


@pytest.mark.parametrize("line", ["# wax", "    # don't", "# \\", '# """', "#"])
def test_very_many_comments_in_a_row_are_read_at_once(line: str) -> None:
    """The parser looks over all that follow for each of them, which takes minutes for a file of these."""
    last = "def h():\n    '''Text.'''\n"
    module = read("def f():\n    return [g('# no comment')]\n" + f"{line}\n" * 100_000 + last)
    found = [(each.name, each.line, each.docstring) for each in module.functions]
    assert found == [("f", 1, False), ("h", 100_003, True)]
    assert [call.name for call in module.calls] == ["g"]
    assert [text.text for text in module.strings] == ["# no comment"]


@pytest.mark.parametrize("quotes", ['"""', "'''"])
def test_lines_of_a_string_that_look_like_comments_stay(quotes: str) -> None:
    from portfolio_audit.facts.python_parse import comments

    source = f"a = {quotes}\n" + "# bees\n" * 200 + f"{quotes}  # wax\n"
    module = read(source)
    assert module.strings[0].text == "\n" + "# bees\n" * 200
    assert comments(source.encode()) == {source.index("# wax")}


def test_a_string_that_never_ends_costs_one_look() -> None:
    from portfolio_audit.facts.python_parse import comments

    assert comments(b'"""' + b'\\"""\n#' * 100_000) == frozenset()


@pytest.mark.parametrize(
    ("path", "source", "test"),
    [
        ("scripts/test.py", "def main(): ...\nif __name__ == '__main__':\n    main()\n", False),
        ("client/test_client.py", "def call(): ...\nif __name__ == '__main__':\n    call()\n", False),
        ("scripts/test.py", "def main(): ...\n", True),
        ("test_hive.py", "def test_hive(): ...\nif __name__ == '__main__':\n    test_hive()\n", True),
        ("test_hive.py", "class HiveTest: ...\ndef a(): ...\nif __name__ == '__main__':\n    a()\n", True),
        ("tests/test_client.py", "def call(): ...\nif __name__ == '__main__':\n    call()\n", True),
        ("integration_tests/test_all.py", "def call(): ...\nif __name__ == '__main__':\n    call()\n", True),
        ("scripts/hive.py", "def main(): ...\n", False),
    ],
)
def test_a_program_that_is_called_a_test_is_none(path: str, source: str, test: bool) -> None:
    assert parse(path, source.encode()).test == test
