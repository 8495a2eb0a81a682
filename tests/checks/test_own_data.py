"""Own data, in one repository and over a portfolio."""

import pytest

from portfolio_audit.testing import Files, make_portfolio, make_repository, run_check

LINES = "def step(x):\n    y = x + 1\n    return y\n"
IRIS = {
    "train.py": "from sklearn.datasets import load_iris\nfrom sklearn.svm import SVC\nSVC().fit(*load_iris())\n"
    + LINES * 120
}
OWN = {
    "train.py": "import xgboost\nxgboost.train(rows('hives.csv'))\n" + LINES * 120,
    "hives.csv": "hive,day,weight\n" + "1,2,3\n" * 400,
}
SHOP = {"shop.py": LINES * 120}
TELCO = {"telco_churn.csv": "a\n", "train.py": "import xgboost\nxgboost.train(x)\n" + LINES * 120}


@pytest.mark.parametrize(
    ("files", "status"),
    [(IRIS, "failed"), (OWN, "passed"), (TELCO, "unknown"), (SHOP, "not_applicable"), (None, "unknown")],
)
def test_the_data_of_one_repository(files: Files | None, status: str) -> None:
    assert run_check("data-own", files).status == status


def test_a_finding_points_at_a_line_and_names_the_set() -> None:
    outcome = run_check("data-own", IRIS)
    assert (outcome.evidence[0].path, outcome.evidence[0].line) == ("train.py", 1)
    assert "Iris" in outcome.summary
    assert outcome.fix


def test_unread_code_accuses_nobody_and_acquits_nobody() -> None:
    assert run_check("data-own", {"a.py": "import torch\n"}, unread={"train.py": "too large"}).status == "unknown"


def test_a_library_that_demonstrates_on_iris_passes() -> None:
    files = {
        "pyproject.toml": '[project]\nname = "beehive"\n',
        "README.md": "pip install beehive\n",
        "beehive/fit.py": "from sklearn.base import BaseEstimator\n" + LINES,
        "beehive/demo.py": "from sklearn.datasets import load_iris\n",
    }
    assert run_check("data-own", files).status == "passed"


@pytest.mark.parametrize(
    ("projects", "status"),
    [
        ([IRIS], "failed"),
        ([IRIS, IRIS, SHOP], "failed"),
        ([IRIS, OWN], "passed"),
        ([IRIS, TELCO], "failed"),
        ([IRIS, TELCO, TELCO], "unknown"),
        ([IRIS, None], "unknown"),
        ([OWN, None], "passed"),
        ([SHOP], "not_applicable"),
        ([None], "unknown"),
    ],
)
def test_only_is_a_word_about_all_of_them(projects: list[Files | None], status: str) -> None:
    portfolio = make_portfolio([make_repository(files, name=f"p{n}") for n, files in enumerate(projects)])
    outcome = run_check("data-not-only-classic", portfolio=portfolio)
    assert outcome.status == status
    if status == "failed":
        assert {place.repository for place in outcome.evidence} <= {f"sample-owner/p{n}" for n in range(9)}
        assert all(place.path for place in outcome.evidence)


@pytest.mark.parametrize(
    ("projects", "said"),
    [
        ([OWN], "1 of 1 AI or data project uses no classic teaching data set"),
        ([IRIS, OWN, OWN], "2 of 3 AI or data projects use no classic teaching data set"),
        (
            [IRIS, OWN, TELCO],
            "1 of 3 AI or data projects uses no classic teaching data set; "
            "of 1 it is open whether the data count as one",
        ),
    ],
)
def test_what_could_not_be_told_is_not_said_to_be_classic(projects: list[Files], said: str) -> None:
    portfolio = make_portfolio([make_repository(files, name=f"p{n}") for n, files in enumerate(projects)])
    outcome = run_check("data-not-only-classic", portfolio=portfolio)
    assert outcome.summary == said
    untold = [place for place in outcome.evidence if place.note]
    assert [place.repository for place in untold] == [
        f"sample-owner/p{n}" for n, each in enumerate(projects) if each is TELCO
    ]
    assert all("open whether it counts as classic" in place.note for place in untold)


def test_data_that_are_named_are_not_said_to_be_unknown() -> None:
    projects = [IRIS, TELCO, TELCO]
    portfolio = make_portfolio([make_repository(files, name=f"p{n}") for n, files in enumerate(projects)])
    said = "of 2 AI or data projects it is open whether the data count as own or as a classic teaching set"
    assert run_check("data-not-only-classic", portfolio=portfolio).summary == said


def test_where_data_are_shown_comes_before_where_they_may_come_from() -> None:
    code = "import requests\nfrom bs4 import BeautifulSoup\nPAGE = 'https://hives.example/days'\n\n\ndef get():\n"
    files = {
        "store.py": "import psycopg2\nimport xgboost\nxgboost.train(x)\n",
        "get.py": code + "    return requests.get(PAGE).json()\n",
        "hives.csv": "hive,day,weight\n" + "1,2,3\n" * 400,
    }
    places = [(place.path, place.line, place.note) for place in run_check("data-own", files).evidence]
    assert places == [
        ("hives.csv", None, "data file"),
        ("get.py", 7, "calls requests.get()"),
        ("store.py", 1, "imports psycopg2: data may come from there"),
    ]


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("import pandas as pd\nx = pd.read_csv('https://hives.example/days.csv')\n", 2),
        ("import httpx\nx = httpx.get('https://hives.example/days')\n", 2),
        ("import requests\nx = requests.get('http://localhost:8000/predict')\n", None),
        ("import pandas as pd\nx = pd.read_csv('days.csv')\n", None),
        ("import requests\nx = {'https://hives.example': 1}.get('a')\n", None),
    ],
)
def test_a_call_that_asks_another_address_shows_data(code: str, line: int | None) -> None:
    files = {"get.py": code, "train.py": "import xgboost\nxgboost.train(x)\n"}
    found = [place.line for place in run_check("data-own", files).evidence if place.path == "get.py"]
    assert found == ([line] if line else [])


def test_tables_alone_are_no_work_on_a_model_and_no_reproach() -> None:
    files = {"clean.py": "import pandas as pd\nx = pd.read_csv('hives.csv').dropna()\n", "hives.csv": "a,b\n1,2\n"}
    outcome = run_check("data-own", files)
    assert outcome.status == "not_applicable"
    assert outcome.summary == "no model, training or data pipeline was found here"
