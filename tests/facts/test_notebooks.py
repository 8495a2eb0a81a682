"""Notebooks of every shape that is met: two formats, odd types, other languages, broken files."""

import json
from typing import Any

import pytest

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.code_size import OwnCode
from portfolio_audit.facts.notebooks import notebook, notebooks
from portfolio_audit.facts.python_code import python_code
from portfolio_audit.testing import make_tree
from portfolio_audit.tree import CODE_LIMIT


def stored(*cells: Any, **more: Any) -> bytes:
    return json.dumps({"cells": list(cells), "nbformat": 4, **more}).encode()


def code(source: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": [], "execution_count": None, **more}


def test_cells_keep_kind_number_source_and_execution() -> None:
    read = notebook(
        "a.ipynb",
        stored(
            {"cell_type": "markdown", "source": "# Bees"},
            code(["x = 1\n", "x"], execution_count=7, outputs=[{"data": {}}]),
        ),
    )
    assert [(cell.number, cell.kind, cell.source, cell.execution) for cell in read.cells] == [
        (1, "markdown", "# Bees", None),
        (2, "code", "x = 1\nx", 7),
    ]
    assert read.language == "Python"


def test_the_old_format_with_worksheets_is_read() -> None:
    cells = [{"cell_type": "code", "input": ["x = 1"], "language": "python", "prompt_number": 3}]
    read = notebook("a.ipynb", json.dumps({"worksheets": [{"cells": cells}, {"cells": None}], "nbformat": 3}).encode())
    assert [(cell.source, cell.execution) for cell in read.cells] == [("x = 1", 3)]


@pytest.mark.parametrize("source", [None, 3, {"a": 1}, [None, 4, {"b": []}], True])
def test_sources_of_odd_types_are_empty(source: object) -> None:
    (cell,) = notebook("a.ipynb", stored(code(source))).cells
    assert cell.source == ""
    assert not cell.code


def test_one_odd_cell_does_not_cost_the_others() -> None:
    content = stored(None, 3, ["x"], code("x = 1", execution_count="7"), {"cell_type": 4, "source": "y"})
    assert [(cell.kind, cell.source, cell.execution) for cell in notebook("a.ipynb", content).cells] == [
        ("code", "x = 1", None),
        ("raw", "y", None),
    ]


def test_a_number_that_is_none_in_an_output_is_forgiven() -> None:
    content = stored(code("x = 1", outputs=[{"data": "NANHERE"}])).replace(b'"NANHERE"', b"NaN")
    assert notebook("a.ipynb", content).cells[0].source == "x = 1"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"cells": {"a": 1}}',
        b'{"nbformat": 4}',
        stored(code("x = 1"))[:-5],
        b"[" * 100_000,
        b'{"cells": ' + b"[" * 100_000,
        b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 3\n",
        b"\x00\xff\xfe",
    ],
)
def test_what_is_no_notebook_is_unavailable(content: bytes) -> None:
    with pytest.raises(Unavailable):
        notebook("a.ipynb", content)


@pytest.mark.parametrize(
    ("metadata", "language"),
    [
        ({"kernelspec": {"name": "ir", "language": "R"}}, "R"),
        ({"language_info": {"name": "julia"}}, "Julia"),
        ({"kernelspec": {"name": "julia-1.9"}}, "Julia"),
        ({"kernelspec": {"name": "python3"}}, "Python"),
        ({"kernelspec": {"name": "my-env"}}, "Python"),
        ({"language_info": 3, "kernelspec": []}, "Python"),
        ("odd", "Python"),
        (None, "Python"),
    ],
)
def test_the_language_is_that_of_the_kernel(metadata: Any, language: str) -> None:
    assert notebook("a.ipynb", stored(code("x"), metadata=metadata)).language == language


def test_code_is_joined_with_everything_that_is_no_python_commented_out() -> None:
    read = notebook(
        "a.ipynb",
        stored(
            code("%matplotlib inline\n!pip install bees\nimport bees"),
            {"cell_type": "markdown", "source": "x = 1"},
            code("%%bash\nls"),
            code("%%time\ndf?\nif x:\n    !ls\n    y = 2"),
        ),
    )
    source, starts = read.python()
    assert source.decode().split("\n") == [
        "# %matplotlib inline",
        "# !pip install bees",
        "import bees",
        "# %%bash",
        "# ls",
        "# %%time",
        "# df?",
        "if x:",
        "    # !ls",
        "    y = 2",
    ]
    assert starts == ((1, 1), (4, 3), (6, 4))


def test_a_place_in_a_notebook_names_its_cell() -> None:
    tree = make_tree(
        {"eda.ipynb": stored(code("import bees"), {"cell_type": "markdown"}, code("a = 1\nbees.load('x')"))}
    )
    (module,) = tree.derive(python_code).notebooks
    (call,) = module.calls
    place = module.place(call.line, note="loads")
    assert (place.path, place.line, place.note) == ("eda.ipynb", None, "cell 3, line 2: loads")


def test_only_python_notebooks_are_parsed_as_python() -> None:
    r = stored(code("library(bees)"), metadata={"kernelspec": {"language": "R", "name": "ir"}})
    tree = make_tree({"r.ipynb": r, "empty.ipynb": stored(), "broken.ipynb": b"{"})
    found = tree.derive(notebooks)
    assert [each.path for each in found.notebooks] == ["empty.ipynb", "r.ipynb"]
    assert list(found.unread) == ["broken.ipynb"]
    assert tree.derive(python_code).notebooks == ()


def test_a_notebook_of_more_code_than_a_file_may_hold_is_named_and_not_parsed() -> None:
    table = code("x = '" + "7" * CODE_LIMIT + "'\n")
    text = {"cell_type": "markdown", "source": "b" * (2 * CODE_LIMIT)}
    tree = make_tree({"big.ipynb": stored(table, text), "long.ipynb": stored(code("y = 1"), text)})
    assert [found.path for found in tree.derive(python_code).notebooks] == ["long.ipynb"]
    assert tree.derive(python_code).unread == {"big.ipynb": "big.ipynb has more than 1 MiB of code"}
    assert tree.refused == {"big.ipynb": "big.ipynb has more than 1 MiB of code"}
    size = OwnCode.distil(tree)
    assert size is not None
    assert size.incomplete == "1 of 2 code files"


@pytest.mark.parametrize("content", [b"", b"\n", b" \r\n\n"])
def test_an_empty_file_is_no_notebook_yet_and_hides_nothing(content: bytes) -> None:
    found = notebooks(make_tree({"research/trials.ipynb": content, "a.py": "x = 1\n"}))
    assert found.notebooks == ()
    assert found.unread == {}
