"""Leftovers: what is pointed at, and what is none."""

import pytest

from portfolio_audit.facts.scaffolding import Scaffolding
from portfolio_audit.testing import Files, make_tree

BLOCK = "# a = 1\n# for bee in bees:\n#     a = a + 1\n#     print(bee, a)\n# total = sum(a)\n# save(total)\n"
SAMPLE_PAGE = "<p>Edit <code>src/App.js</code> and save to reload.</p>"
SAMPLE_MODELS = "from django.db import models\n\n# Create your models here.\n"


def leftovers(files: Files) -> list[str]:
    found = Scaffolding.distil(make_tree(files))
    return [] if found is None else [flaw.said for flaw in found.leftovers]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a.py": "x = 1\n" + BLOCK + "y = 2\n" + BLOCK}, ["at least 2 blocks of commented-out code"]),
        ({"a.py": BLOCK, "b.py": BLOCK}, ["at least 2 blocks of commented-out code"]),
        ({"a.py": "def f(x):\n    breakpoint()\n    return x\n"}, ["1 trace of debugging"]),
        ({"a.py": "import pdb\n\npdb.set_trace()\npdb.set_trace()\n"}, ["1 trace of debugging"]),
        ({"a.py": "print('here')\nprint('>>> HERE 2 <<<')\nprint('asdf')\n"}, ["3 traces of debugging"]),
        ({"a.py": "def predict(x):\n    pass\n"}, ["1 function without a body"]),
        ({"a.py": "def predict(x): ...\n"}, ["1 function without a body"]),
        (
            {"a.py": "def predict(x):\n    # later\n    raise NotImplementedError\n"},
            ["1 function without a body"],
        ),
        ({"a.py": "def f():\n    # YOUR CODE HERE\n    return 1\n"}, ["1 unfinished place"]),
        ({"a.py": "def f():\n    # TODO: implement this\n    return 1\n"}, ["1 unfinished place"]),
        ({"hives/models.py": SAMPLE_MODELS}, ["1 untouched sample file"]),
        ({"src/App.js": SAMPLE_PAGE}, ["1 untouched sample file"]),
    ],
)
def test_a_leftover_is_named(files: Files, said: list[str]) -> None:
    assert leftovers(files) == said


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": "# TODO: measure this on more hives\n# FIXME the unit is wrong\nx = 1\n"},
        {"a.py": "# x = 1\n# y = 2\n"},
        {"a.py": "# This is prose. It explains (at length) how bees are counted,\n" * 9},
        {"settings.py": BLOCK},
        {"airflow/webserver_config.py": BLOCK},
        {"a.py": "x = 1\n# .. code-block:: python\n#\n" + BLOCK + "# Example of use:\n" + BLOCK},
        {"a.py": "# {\n#   'bees': f(1),\n#   'hives': f(2),\n#   'combs': f(3),\n#   'wax': f(4),\n# }\n"},
        {"a.py": "# (0.1, f(1)),\n# (0.2, f(2)),\n# (0.3, f(3)),\n# (0.4, f(4)),\n# (0.5, f(5)),\n"},
        {"a.py": "class Bee:\n    def fly(self):\n        pass\n    def buzz(self):\n        ...\n"},
        {"a.py": "import abc\n\n\n@abc.abstractmethod\ndef fly(self):\n    pass\n"},
        {"a.py": "@click.group()\ndef cli():\n    pass\n"},
        {"a.py": "def noop(*args):\n    pass\n\n\ndef nothing(x):\n    pass\n\n\ndef _hook():\n    pass\n"},
        {"a.py": "def f(x):\n    if x:\n        pass\n"},
        {"a.py": "def f(x):\n    '''Meant to be empty.'''\n"},
        {"migrations/versions/1.py": "def upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n"},
        {"a.py": "if x:\n    def f():\n        pass\n"},
        {"a.py": "print('done')\nprint('')\nprint('there')\nprint(here)\nprint('here', x)\nlog('here')\n"},
        {"hives/models.py": SAMPLE_MODELS + "\n\nclass Hive(models.Model):\n    pass\n"},
        {"src/App.js": "export default function App() { return <Hive /> }"},
        {"tests/test_a.py": BLOCK, "examples/b.py": BLOCK, "docs/c.py": BLOCK},
        {"a.py": 'def f():\n    """Write:\n\n    # your code here\n    """\n'},
        {"a.py": "x = '''\n# TODO: implement this\n'''\n"},
        {"templates/app/src/App.js": SAMPLE_PAGE, "tests/fixtures/App.js": SAMPLE_PAGE, "examples/App.js": SAMPLE_PAGE},
        {"app/main.py": "'''Press the green button.'''\n"},
    ],
)
def test_what_is_meant_is_no_leftover(files: Files) -> None:
    assert leftovers(files) == []


def test_places_can_be_opened() -> None:
    found = Scaffolding.distil(make_tree({"a.py": "x = 1\n\n" + BLOCK + "\n\ndef f():\n    pass\n"}))
    assert found is not None
    assert [(at.line, at.end_line, at.note) for flaw in found.leftovers for at in flaw.places] == [
        (11, 12, "f does nothing"),
        (3, 8, "6 lines of commented-out code"),
    ]


def test_a_block_goes_on_over_blank_lines_and_plain_comments() -> None:
    text = (
        "x = 1\n# # DAG: weigh\n# with DAG(\n#     dag_id='weigh',\n#     catchup=False,\n# ) as dag:\n\n"
        "#     # Define the tasks\n#     weigh = weigh_hives()\n\n#     count = count_bees()\n#     save(count)\n"
    )
    found = Scaffolding.distil(make_tree({"a.py": text}))
    assert found is not None
    (flaw,) = found.leftovers
    assert [(at.line, at.end_line, at.note) for at in flaw.places] == [(2, 12, "9 lines of commented-out code")]


def test_data_within_commented_out_code_are_part_of_it() -> None:
    data = "".join(f"#         'bees{n}': f({n}),\n" for n in range(6))
    assert leftovers({"a.py": f"x = 1\n# def mock():\n#     return {{\n{data}#     }}\n"}) != []
    assert leftovers({"a.py": f"x = 1\n# What comes out:\n{data}"}) == []


def test_blocks_with_code_between_are_several() -> None:
    few = "# a = 1\n# b = a + 1\n# save(b)\n"
    assert leftovers({"a.py": few + "x = 1\n" + few}) == []
    assert leftovers({"a.py": few + "\n" + few}) == ["at least 1 block of commented-out code"]
    assert leftovers({"a.py": few + "\n" * 5 + few}) == []


def test_modules_without_a_letter_are_left_over_where_there_are_several() -> None:
    hive = {"hive.py": "x = 1\n" * 60}
    assert leftovers({**hive, "a.py": "", "src/b.py": "\n"}) == ["2 empty modules"]
    assert leftovers({**hive, "a.py": ""}) == []
    assert leftovers({**hive, "a/__init__.py": "", "b/__init__.py": "", "tests/test_a.py": "", "conftest.py": ""}) == []


def test_comments_without_end_are_read_in_linear_time() -> None:
    hostile = "# x = 1\n" * 40_000 + "#" * 100_000 + "\n" + "# todo: " * 10_000 + "\nprint('" + "x" * 50_000 + "')\n"
    assert leftovers({"a.py": hostile}) == ["at least 1 block of commented-out code"]
    assert leftovers({"a.py": BLOCK.replace("\n", "\r") * 9}) == []
    assert leftovers({"App.js": "code here " * 1000}) == []
