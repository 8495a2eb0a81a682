"""The parts of an end-to-end project, on invented files."""

import json

import pytest

from portfolio_audit.facts.end_to_end import EndToEnd
from portfolio_audit.facts.signals import Signals
from portfolio_audit.testing import make_repository, run_check

MODEL = (
    "from sklearn.linear_model import LogisticRegression\n\n\n"
    "def train(x, y):\n    return LogisticRegression().fit(x, y)\n"
)
API = (
    "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
    "@app.post('/predict')\ndef predict(row: dict) -> dict:\n    return row\n"
)
PAGE = "import streamlit as st\n\nst.title('Bees')\nst.button('Predict')\n"
DOCKER = 'FROM python:3.12-slim\nCOPY . .\nCMD ["uvicorn", "api:app"]\n'
WHOLE = {"train.py": MODEL, "api.py": API, "page.py": PAGE, "Dockerfile": DOCKER, "README.md": "# Bees\n\nPredicts.\n"}


def without(*names: str) -> dict[str, str]:
    return {path: text for path, text in WHOLE.items() if path not in names}


def signal(files: dict[str, str], name: str, **more: object) -> object:
    signals = make_repository(files, **more).fact(Signals)  # type: ignore[arg-type]
    assert signals is not None
    return signals.values[name]


def test_all_four_parts_pass_and_each_is_shown() -> None:
    outcome = run_check("end-to-end-parts", WHOLE)
    assert outcome.status == "passed"
    assert outcome.summary == "a model, an API, a frontend and a container or deploy configuration are all there"
    assert [item.path for item in outcome.evidence] == ["train.py", "api.py", "page.py", "Dockerfile"]
    assert signal(WHOLE, "e2e_deployed") is True


def test_a_missing_part_is_named_and_lowers_the_score() -> None:
    two, one = (
        run_check("end-to-end-parts", without("Dockerfile")),
        run_check("end-to-end-parts", without("Dockerfile", "page.py")),
    )
    assert (two.status, one.status) == ("partial", "partial")
    assert (two.score or 0) > (one.score or 0) > 0
    assert "a container or deploy configuration not found" in two.summary
    assert signal(without("Dockerfile"), "e2e_deployed") is False


def test_a_workflow_that_deploys_is_a_deploy_configuration() -> None:
    steps = "on: push\njobs:\n  a:\n    steps:\n      - run: {}\n"
    deploys, tests = ({".github/workflows/ci.yml": steps.format(run)} for run in ("fly deploy", "pytest"))
    assert run_check("end-to-end-parts", {**without("Dockerfile"), **deploys}).status == "passed"
    assert run_check("end-to-end-parts", {**without("Dockerfile"), **tests}).status == "partial"


def test_a_model_alone_fails_with_what_to_add() -> None:
    outcome = run_check("end-to-end-parts", {"train.py": MODEL})
    assert outcome.status == "failed"
    assert "an API" in (outcome.fix or "")
    assert outcome.searched
    assert outcome.summary.startswith("only a model found")


def test_an_application_around_other_work_is_not_called_none() -> None:
    moved = "import pandas as pd\n\nrows = pd.read_csv('bees.csv').dropna()\nrows.to_parquet('bees.parquet')\n"
    outcome = run_check("end-to-end-parts", {"page.py": PAGE, "clean.py": moved, "bees.csv": "hive,count\n1,2\n"})
    assert outcome.status == "failed"
    assert outcome.summary.startswith("only a frontend found; not found: a model, an API and ")
    assert [item.path for item in outcome.evidence] == ["page.py"]


def test_what_to_add_names_only_what_is_missing() -> None:
    fix = run_check("end-to-end-parts", without("Dockerfile")).fix or ""
    assert "Dockerfile" in fix
    assert "FastAPI" not in fix


def test_an_application_without_a_model_is_not_asked() -> None:
    assert run_check("end-to-end-parts", without("train.py")).status == "not_applicable"
    assert signal(without("train.py"), "e2e_deployed") is False


def test_a_library_is_no_application() -> None:
    files = {
        "README.md": "# Hive\n\nModels of bees.\n\n    pip install hive\n",
        "pyproject.toml": '[project]\nname = "hive"\nversion = "1"\n',
        "hive/__init__.py": MODEL,
    }
    assert run_check("end-to-end-parts", files).status == "not_applicable"


def test_what_could_not_be_read_is_no_absence() -> None:
    outcome = run_check("end-to-end-parts", {"train.py": MODEL}, unread={"api.py": "missing from the archive"})
    assert outcome.status == "unknown"
    assert run_check("end-to-end-parts", None).status == "unknown"
    assert signal(without("api.py"), "e2e_deployed", unread={"api.py": "missing from the archive"}) is None


def test_hostile_files_give_an_answer() -> None:
    files = {**WHOLE, "api.py": "(" * 5_000, "page.py": "\x00" * 1_000, "Dockerfile": "FROM " + "a" * 100_000}
    assert run_check("end-to-end-parts", files).status in ("partial", "failed", "unknown", "passed")


def notebook(source: str) -> str:
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": 1, "source": source}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_a_notebook_is_a_model_and_no_application() -> None:
    project = make_repository({"train.ipynb": notebook(MODEL)}).fact(EndToEnd)
    assert project is not None
    assert [part.name for part in project.found] == ["a model"]


def test_a_helper_around_models_is_no_model() -> None:
    project = make_repository({"clean.py": "from nltk.corpus import stopwords\n"}).fact(EndToEnd)
    assert project is not None
    assert "a model" in [part.name for part in project.missing]


def test_the_model_is_shown_where_it_is_trained_rather_than_where_it_is_timed() -> None:
    timed = "import torch\nloss.backward()\n"
    outcome = run_check("end-to-end-parts", {**WHOLE, "bench.py": timed, "train.py": timed})
    assert outcome.evidence[0].path == "train.py"


def test_notes_of_a_course_are_no_unfinished_application() -> None:
    notes = {f"week_{n}/exercise.py": MODEL for n in range(1, 9)}
    assert run_check("end-to-end-parts", notes).status == "not_applicable"
    assert run_check("pipeline-stages", notes).status == "not_applicable"
    assert run_check("end-to-end-parts", {**WHOLE, **notes}).status == "passed"


def test_cutting_texts_and_writing_prompts_are_no_model() -> None:
    cutting = "from langchain_text_splitters.character import RecursiveCharacterTextSplitter\n"
    asking = "from langchain_core.prompts import ChatPromptTemplate\nfrom langchain_openai import ChatOpenAI\n"
    outcome = run_check("end-to-end-parts", {"cut.py": cutting, "hive/ask.py": asking, "Dockerfile": "FROM python:3\n"})
    assert [(each.path, each.line) for each in outcome.evidence if each.note == "a model"] == [("hive/ask.py", 2)]
    alone = run_check("end-to-end-parts", {"cut.py": cutting, "Dockerfile": "FROM python:3\n"})
    assert "a model" not in [each.note for each in alone.evidence]


def test_an_interface_that_a_notebook_starts_is_not_told_to_be_nowhere() -> None:
    started = notebook(MODEL + "\nfrom flask import Flask\n\nweb = Flask('bees')\n")
    for files in ({"hive.ipynb": started}, {"hive.ipynb": started, "Dockerfile": DOCKER}):
        outcome = run_check("end-to-end-parts", files)
        assert "not found outside notebooks" in outcome.summary
        assert ("hive.ipynb", "an app inside a notebook, cell 1, line 9") in [
            (each.path, each.note) for each in outcome.evidence
        ]
    live = run_check("deployment-live", {"hive.ipynb": started})
    assert live.summary == "no web interface and no hosting configuration was found outside notebooks"
    whole = {**without("Dockerfile"), "hive.ipynb": started}
    assert "notebooks" not in run_check("end-to-end-parts", whole).summary
    plain = {"hive.ipynb": notebook(MODEL)}
    assert "notebooks" not in run_check("end-to-end-parts", plain).summary
    assert "notebooks" not in run_check("deployment-live", plain).summary


def test_an_empty_container_file_is_called_empty() -> None:
    for files in ({"train.py": MODEL, "Dockerfile": ""}, {**WHOLE, "Dockerfile": ""}):
        outcome = run_check("end-to-end-parts", files)
        assert outcome.summary.endswith("; Dockerfile is empty")
        assert outcome.evidence[-1].path == "Dockerfile"
    assert "empty" not in run_check("end-to-end-parts", {**WHOLE, "tests/Dockerfile": ""}).summary
    assert "empty" not in run_check("end-to-end-parts", {**without("Dockerfile"), "tests/Dockerfile": ""}).summary


def test_a_compose_file_of_third_party_services_packs_nothing_and_is_named() -> None:
    compose = {"compose.yml": "services:\n  db:\n    image: pgvector/pgvector:pg16\n"}
    outcome = run_check("end-to-end-parts", {**without("Dockerfile"), **compose})
    assert outcome.status == "partial"
    assert outcome.summary.endswith("not found; compose.yml only starts ready-made images")
    assert outcome.evidence[-1].path == "compose.yml"
    assert run_check("end-to-end-parts", {**WHOLE, **compose}).status == "passed"


def test_a_container_file_that_asks_for_what_is_not_there_counts_and_is_told() -> None:
    outcome = run_check("end-to-end-parts", {**WHOLE, "Dockerfile": "FROM python:3\nCOPY /hive .\n"})
    assert outcome.status == "passed"
    assert outcome.summary.endswith("; Dockerfile asks for hive, which is not in the repository")


def test_where_data_are_only_moved_the_advice_begins_with_what_lets_people_reach_them() -> None:
    moved = {"move.py": "import airflow\nimport pandas as pd\n\npd.read_csv('a.csv').to_parquet('a.parquet')\n"}
    outcome = run_check("end-to-end-parts", {**moved, "Dockerfile": DOCKER})
    assert outcome.status == "failed"
    assert (outcome.fix or "").startswith("Let people reach the data")
    for beside in ({"api.py": API}, {"train.py": MODEL}):
        assert (run_check("end-to-end-parts", {**moved, **beside}).fix or "").startswith("Add ")


def test_the_model_is_shown_by_a_call_and_never_by_a_store_of_vectors() -> None:
    store = "from langchain_community.vectorstores import Chroma\nimport chromadb\n"
    asked = {"a_store.py": store, "hive/ask.py": "from langchain_openai import ChatOpenAI\n", "Dockerfile": DOCKER}
    trained = {**asked, "zeal.py": MODEL}
    for files, path in ((asked, "hive/ask.py"), (trained, "zeal.py")):
        outcome = run_check("end-to-end-parts", files)
        assert [each.path for each in outcome.evidence if each.note == "a model"] == [path]
    alone = run_check("end-to-end-parts", {"a_store.py": store, "Dockerfile": DOCKER})
    assert "a model" not in [each.note for each in alone.evidence]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("from langchain_ollama import OllamaLLM\n\nllm = OllamaLLM(model='bee')\n", 3),
        ("import google.generativeai as genai\n\ngenai.configure()\nmodel = genai.GenerativeModel('bee')\n", 4),
        ("import torch\n\nmodel = torch.load('hive.bin')\n", 3),
        ("import mlflow\n\nmlflow.set_tracking_uri('a')\nmodel = mlflow.pytorch.load_model('hive')\n", 4),
        ("import optuna\nimport sklearn\n\nstudy = optuna.create_study()\nscore = cross_val_score(hive)\n", 5),
        ("from transformers import pipeline\n\nask = pipeline('bees')\n", 3),
    ],
)
def test_the_model_is_shown_by_the_line_that_makes_loads_or_trains_it(source: str, line: int) -> None:
    files = {"a.py": "import torch\n", "hive.py": source, "Dockerfile": DOCKER}
    outcome = run_check("end-to-end-parts", files)
    assert [(each.path, each.line) for each in outcome.evidence if each.note == "a model"] == [("hive.py", line)]


def test_a_reader_of_documents_is_no_model() -> None:
    reads = "from llama_index.core import SimpleDirectoryReader\n\nrows = SimpleDirectoryReader('a').load_data()\n"
    outcome = run_check("end-to-end-parts", {"read.py": reads, "Dockerfile": DOCKER})
    assert "a model" not in [each.note for each in outcome.evidence]
    indexed = reads + "from llama_index.core import VectorStoreIndex\n"
    outcome = run_check("end-to-end-parts", {"read.py": indexed, "Dockerfile": DOCKER})
    assert [each.line for each in outcome.evidence if each.note == "a model"] == [4]
