"""Skills, roles and plan of a portfolio: own work, a tutorial's code and forks told apart; unknown is not absent."""

from typing import Any

import msgspec
import pytest

from portfolio_audit.facts.fact import Location, Portfolio
from portfolio_audit.facts.roles import Roles, roles
from portfolio_audit.facts.skill_asks import unknown_references
from portfolio_audit.facts.skills import Skills
from portfolio_audit.facts.timeline import Timeline, plan
from portfolio_audit.snapshot import (
    Comparison,
    Contributions,
    Details,
    MergedPullRequest,
    Owner,
    Parent,
    Probe,
    Snapshot,
)
from portfolio_audit.testing import TreeRepository, make_portfolio, make_record, make_repository
from tests.cli.conftest import filler

TORCH = "import torch\nfrom torch import nn\n\n\nclass Hive(nn.Module):\n    def forward(self, x):\n        return x\n"
ASKED = (
    "import pickle\nfrom sklearn.svm import SVC\n\nmodel = pickle.load(open('m.pkl', 'rb'))\n\nmodel.predict([[1]])\n"
)
FOLLOWS = "# Bees\n\nI followed this tutorial by Ada Example on YouTube.\n"


def snapshot(**fields: Any) -> Snapshot:
    owner = Owner("User", "sample-owner", url="https://github.example/sample-owner")
    return msgspec.structs.replace(Snapshot("authenticated", "portfolio", owner), **fields)


def own(name: str, files: dict[str, str], **fields: Any) -> TreeRepository:
    return make_repository(files, record=make_record(name, **fields))


def skills(*repositories: TreeRepository, **fields: Any) -> Skills:
    found = portfolio(*repositories, **fields).fact(Skills)
    assert found is not None
    return found


def portfolio(*repositories: TreeRepository, **fields: Any) -> Portfolio:
    return make_portfolio(repositories, snapshot=snapshot(**fields))


def test_the_listed_repository_is_shown_before_a_snippet() -> None:
    long = {"train.py": TORCH, **{f"p/m{n}.py": filler(f"f{n}") for n in range(9)}}
    found = skills(own("a-snippet", {"a.py": TORCH}), own("z-project", long))
    tool = found.tool("pytorch")
    assert tool is not None
    assert (tool.repositories, tool.files, tool.proof.repository) == (2, 2, "sample-owner/z-project")


def test_files_that_were_not_counted_are_not_numbered() -> None:
    image = {"Dockerfile": "FROM python:3.12\nRUN pip install bees\n", "hive/Dockerfile": "FROM python:3.12\nRUN ls\n"}
    found = skills(own("one", {**image, "a.py": TORCH}), own("two", {**image, "a.py": TORCH}))
    docker, torch = found.tool("docker"), found.tool("pytorch")
    assert docker is not None
    assert torch is not None
    assert (docker.repositories, docker.files) == (2, 0)
    assert (torch.repositories, torch.files) == (2, 2)


def test_a_compose_file_of_third_party_services_shows_the_tool_though_it_packs_nothing() -> None:
    files = {"a.py": TORCH, "compose.yml": "services:\n  db:\n    image: pgvector/pgvector:pg16\n"}
    tool = skills(own("one", files)).tool("docker-compose")
    assert tool is not None
    assert tool.proof.where is not None
    assert tool.proof.where.path == "compose.yml"


def test_tests_that_may_run_are_not_said_to_be_unseen() -> None:
    step = "on: push\njobs:\n  a:\n    steps:\n      - name: {}\n        run: ./everything\n"
    for name, unseen in (("Run the tests", False), ("Run it", True)):
        row = skills(own("hive", {"a.py": TORCH, ".github/workflows/ci.yml": step.format(name)})).skill("delivery")
        assert row is not None
        assert ("Tests run in CI" in row.others) is unseen


def test_code_that_follows_a_tutorial_is_told_apart() -> None:
    follower = own("follower", {"README.md": FOLLOWS, "a.py": TORCH})
    found = skills(follower)
    assert found.copies == ("sample-owner/follower",)
    tool, row = found.tool("pytorch"), found.skill("deep-learning")
    assert tool is not None
    assert row is not None
    assert (tool.state, row.state) == ("tutorial", "tutorial")
    both = skills(follower, own("mine", {"b.py": TORCH})).tool("pytorch")
    assert both is not None
    assert (both.state, both.repositories, both.proof.repository) == ("seen", 1, "sample-owner/mine")


def test_a_fork_without_own_commits_shows_nothing() -> None:
    fork = own("fork", {"a.py": TORCH}, fork=True, parent=Parent("ada/original"), comparison=Comparison(0))
    mine = own("mine", {"a.py": "import csv\ncsv.reader(f)\n"})
    assert skills(fork, mine).tool("pytorch") is None
    assert portfolio(fork).fact(Skills) is None, "there is nothing of their own to look at"


def test_what_was_not_seen_is_unknown_where_something_could_not_be_read() -> None:
    whole = skills(own("a", {"a.py": TORCH})).skill("monitoring")
    partly = skills(own("a", {"a.py": TORCH}), make_repository(None, record=make_record("b")))
    row = partly.skill("monitoring")
    assert whole is not None
    assert row is not None
    assert (whole.state, row.state) == ("not-seen", "unknown")
    assert whole.others[:2] == ("Drift detection", "Metrics or traces by a library")
    assert partly.incomplete == "1 of 2 own repositories could not be read whole"


def test_history_and_pull_requests_are_looked_for_only_where_a_service_says() -> None:
    quiet = skills(own("a", {"a.py": TORCH})).skill("git")
    assert quiet is not None
    assert "Git history" not in quiet.others
    pulls = (MergedPullRequest("Mend the hive", "https://github.example/o/r/pull/1", "o/r", association="CONTRIBUTOR"),)
    told = skills(
        own("a", {"a.py": TORCH}, details=Details(commit_count=40)), contributions=Contributions(pulls, 1)
    ).skill("git")
    assert told is not None
    assert [(tool.name, tool.proof.url) for tool in told.tools] == [
        ("Git history", "https://github.example/sample-owner/a/commits"),
        ("Pull requests to others", "https://github.example/o/r/pull/1"),
    ]
    assert told.tools[0].proof.where == Location("", note="40 commits by all authors")


def test_a_folder_of_repositories_has_no_map() -> None:
    assert portfolio(own("a", {"a.py": TORCH}), own("b", {"a.py": TORCH}), scope="folder").fact(Skills) is None


def test_one_repository_has_skills_and_no_career() -> None:
    alone = portfolio(own("a", {"a.py": TORCH}), scope="repository", mode="local")
    assert alone.fact(Skills) is not None
    assert alone.fact(Roles) is None
    assert alone.fact(Timeline) is None


def test_an_organisation_has_no_career() -> None:
    whole = portfolio(own("a", {"a.py": TORCH}), owner=Owner("Organization", "sample-owner"))
    assert whole.fact(Skills) is not None
    assert (whole.fact(Roles), whole.fact(Timeline)) == (None, None)


def test_every_ask_names_something_that_exists() -> None:
    asks = [ask for role in roles() for ask in role.asks] + [ask for each in plan() for ask in each.milestone]
    assert unknown_references(tuple(asks)) == ()
    assert [role.id for role in roles()] == ["applied", "mlops", "research"]


SERVED = {
    "serve.py": "from fastapi import FastAPI\nimport torch\nm = torch.load('m.pt')\nm.eval()\napp = FastAPI()\n",
    "train.py": TORCH
    + "\n\ndef train(model, data):\n    torch.optim.SGD(model)\n    loss = model(data)\n    loss.backward()\n",
    "Dockerfile": "FROM python:3.12\nCOPY . .\n",
}


def test_roles_count_what_is_visible_and_name_what_is_not() -> None:
    fits = portfolio(own("a", SERVED)).fact(Roles)
    assert fits is not None
    applied = fits.fits[0]
    seen = {each.title: each.through for each in applied.answers if each.state == "seen"}
    assert seen["PyTorch or TensorFlow"] == "PyTorch"
    assert seen["An API beside a model"] == "FastAPI"
    assert seen["Docker or its Compose"] == "Docker"
    assert applied.visible == len(seen)
    assert {each.title for each in applied.answers if each.state == "not-seen"} >= {
        "A vector database",
        "Fine-tuning of a transformer",
    }
    assert all((each.proof is not None) == (each.state in ("seen", "tutorial")) for each in applied.answers)


def test_data_under_version_control_are_no_experiment_that_is_tracked() -> None:
    fits = portfolio(own("a", {**SERVED, "hives.csv.dvc": "outs:\n- path: hives.csv\n"})).fact(Roles)
    assert fits is not None
    states = {each.title: each.state for role in fits.fits for each in role.answers}
    assert (states["Versions of data or experiments kept"], states["Experiments tracked by a tool"]) == (
        "seen",
        "not-seen",
    )


def test_a_role_is_not_filled_by_a_tutorial() -> None:
    fits = portfolio(own("a", {**SERVED, "README.md": FOLLOWS})).fact(Roles)
    assert fits is not None
    assert fits.fits[0].visible == 0
    assert "tutorial" in {each.state for each in fits.fits[0].answers}
    assert next(each.state for each in fits.fits[0].answers if each.title == "An API beside a model") == "tutorial"


CLASSICAL = """from sklearn.cluster import KMeans
from sklearn.linear_model import LinearRegression, LogisticRegression


def run(x, y):
    KMeans(3).fit(x)
    LinearRegression().fit(x, y)
    return LogisticRegression().fit(x, y)
"""


def test_the_last_whole_stretch_and_what_the_next_asks() -> None:
    timeline = portfolio(own("a", {"a.py": CLASSICAL})).fact(Timeline)
    assert timeline is not None
    assert timeline.last is not None
    assert timeline.next is not None
    assert (timeline.last.months, timeline.next.months, timeline.open_before) == ("3–4", "5–6", ())


def test_a_later_stretch_may_be_whole_before_an_earlier_one() -> None:
    tuned = "from transformers import Trainer\n\n\ndef tune(m):\n    return Trainer(m)\n"
    timeline = portfolio(own("a", {"a.py": TORCH, "b.py": tuned})).fact(Timeline)
    assert timeline is not None
    assert timeline.last is not None
    assert timeline.last.months == "5–6"
    assert [each.title for each in timeline.open_before] == ["Regression", "Classification", "Clustering"]


def test_without_anything_visible_the_first_stretch_is_next() -> None:
    timeline = portfolio(own("a", {"notes.txt": "bees"})).fact(Timeline)
    assert timeline is not None
    assert timeline.last is None
    assert timeline.next is not None
    assert timeline.next.months == "1–2"


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"contributions": Contributions((), 0)}, "not-seen"),
        ({"contributions": None}, "unknown"),
        ({"contributions": Contributions((), 3, complete=False, incomplete_reason="stopped")}, "unknown"),
    ],
)
def test_a_contribution_that_nobody_could_look_for_is_unknown(fields: dict[str, Any], state: str) -> None:
    timeline = portfolio(own("a", {"a.py": TORCH}), **fields).fact(Timeline)
    assert timeline is not None
    assert timeline.stretches[-1].answers[0].state == state


def test_no_date_enters() -> None:
    made = [
        portfolio(own("a", {"a.py": CLASSICAL}, created_at=created, pushed_at=created)).fact(Timeline)
        for created in ("2012-01-01T00:00:00Z", "2026-01-01T00:00:00Z")
    ]
    assert made[0] == made[1]


def test_a_link_counts_for_an_application_only() -> None:
    readme = "# Bees\n\n[Live demo](https://bees.streamlit.app)\n"
    model = {"train.py": SERVED["train.py"], "README.md": readme}
    app = {**model, "app.py": "import streamlit as st\n\nst.title('Bees')\n"}
    url = "https://bees.streamlit.app"
    answers = {url: Probe(url, "live", "it answers", "2026-03-01T12:00:00Z")}
    states = []
    for files, probes in ((model, answers), (app, {}), (app, answers)):
        fits = portfolio(own("a", files), probes=probes).fact(Roles)
        assert fits is not None
        states += [each.state for each in fits.fits[1].answers if each.title.startswith("A model deployed")]
    assert states == ["not-seen", "unknown", "seen"]


def test_a_language_model_called_by_its_address_and_a_pickled_model_are_seen() -> None:
    call = "import httpx\n\nhttpx.post('https://api.openai.com/v1/chat/completions', json={})\n"
    found = skills(own("a", {"call.py": call, "serve.py": ASKED}))
    for name, path, line in (("openai-s-interface", "call.py", 3), ("stored-model-loaded", "serve.py", 6)):
        tool = found.tool(name)
        assert tool is not None, name
        assert tool.proof.where is not None
        assert (tool.proof.where.path, tool.proof.where.line) == (path, line)


def test_a_server_and_tables_of_another_language_are_seen() -> None:
    shop = {
        "Program.cs": "var builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.Run();\n",
        "hives.py": "from pyspark import pipelines as dp\n\n@dp.table()\ndef raw_hives():\n    return 1\n\n\n"
        "@dp.materialized_view()\ndef clean_hives():\n    return 2\n",
    }
    found = skills(own("a", shop))
    for name, path in (("other-web-framework", "Program.cs"), ("another-orchestrator-or-pipeline-tool", "hives.py")):
        tool = found.tool(name)
        assert tool is not None, name
        assert tool.proof.where is not None
        assert tool.proof.where.path == path


def visible(files: dict[str, str], title: str, **fields: Any) -> tuple[str, str]:
    """The state of an ask of a role, and what shows it."""
    fits = portfolio(own("a", files), **fields).fact(Roles)
    assert fits is not None
    return next((each.state, each.through) for fit in fits.fits for each in fit.answers if each.title.startswith(title))


DEPLOYS = "on: push\njobs:\n  it:\n    steps:\n      - run: |\n          {}\n"


@pytest.mark.parametrize(
    ("command", "state"),
    [
        ("gcloud compute ssh hive --command='docker run -d hive'", "seen"),
        ("kubectl apply -f hive.yaml", "seen"),
        ("mkdocs gh-deploy", "not-seen"),
        ("docker compose up -d", "not-seen"),
        ("pytest", "not-seen"),
    ],
)
def test_a_workflow_that_deploys_the_model_is_one_way_to_deploy_it(command: str, state: str) -> None:
    files = {"train.py": SERVED["train.py"], ".github/workflows/a.yml": DEPLOYS.format(command)}
    assert visible(files, "A model deployed")[0] == state


def test_a_container_started_by_jenkins_after_its_publication_is_deployed() -> None:
    said = "stage('Go') {{ steps {{\n  {}sh 'docker-compose up -d'\n}} }}\n"
    files = {"train.py": SERVED["train.py"], "Jenkinsfile": said.format("sh 'docker push hive'\n  ")}
    assert visible(files, "A model deployed") == ("seen", "a workflow that deploys")
    assert visible({**files, "Jenkinsfile": said.format("")}, "A model deployed")[0] == "not-seen"


SPLIT = "from langchain_text_splitters import RecursiveCharacterTextSplitter as R\nR().split_text(t)\n"
STORE = "from langchain_chroma import Chroma\ns = Chroma('hives')\n"


def test_a_text_splitter_alone_is_neither_retrieval_nor_orchestration() -> None:
    for title in ("Retrieval for", "LLM orchestration"):
        assert visible({"a.py": SPLIT, "b.py": STORE}, title)[0] == "not-seen"
    row = skills(own("a", {"a.py": SPLIT})).skill("rag")
    assert row is not None
    assert row.state == "not-seen"
    assert visible({"a.py": STORE + "s.similarity_search('bees')\n"}, "Retrieval for")[0] == "seen"
    chain = "from langchain_core.prompts import ChatPromptTemplate as P\nP.from_messages([])\n"
    assert visible({"a.py": chain}, "LLM orchestration")[0] == "seen"


def test_every_provider_is_seen_however_many_libraries_there_are() -> None:
    imports = "from langchain_core.prompts import PromptTemplate\nimport openai, langchain, litellm, ollama, cohere\n"
    address = "URL = 'https://generativelanguage.googleapis.com/v1beta/openai/'\n"
    found = skills(own("a", {**{f"a{n}.py": imports for n in range(6)}, "z/config.py": address}))
    tool = found.tool("google-gemini")
    assert tool is not None
    assert tool.proof.where is not None
    assert (tool.proof.where.path, tool.proof.where.line) == ("z/config.py", 1)


def test_what_was_looked_for_in_one_language_says_so() -> None:
    row = skills(own("a", {"a.go": "package a\n"})).skill("algorithms")
    assert row is not None
    assert row.title == "Data structures and algorithms in Python"
    assert "Recursion in Python" in row.others
    seen = skills(own("a", {"a.py": "from collections import deque\nq = deque()\n"})).skill("algorithms")
    assert seen is not None
    assert seen.title == "Data structures and algorithms"


def test_a_platform_for_data_is_no_service_for_models_until_one_is_trained_there() -> None:
    notebook = "# Databricks notebook source\nhives = spark.read.table('hives')\n"
    bundle = "bundle:\n  name: hives\n"
    for files, state in (
        ({"a.py": notebook}, "not-seen"),
        ({"databricks.yml": bundle, "a.py": notebook}, "not-seen"),
        ({"a.py": notebook + "import mlflow\nmlflow.start_run()\n"}, "seen"),
        ({"databricks.yml": bundle, "train.py": SERVED["train.py"]}, "seen"),
    ):
        found = skills(own("a", files))
        row, platform = found.skill("cloud-ml"), found.skill("cloud")
        assert row is not None
        assert platform is not None
        assert (row.state, platform.state) == (state, "seen"), files


def test_steps_in_a_language_that_is_not_read_are_unknown() -> None:
    rust = "use polars::prelude::*;\nuse rdkafka::consumer::StreamConsumer;\nfn main() {}\n"
    assert visible({"src/fetch.rs": rust, "src/clean.rs": rust}, "A pipeline of separate")[0] == "unknown"
    assert visible({"a.go": "package a\n"}, "A pipeline of separate")[0] == "not-seen"
    assert visible({"a.py": CLASSICAL}, "A pipeline of separate")[0] == "not-seen"


def test_only_the_stretch_that_is_similar_is_borrowed(monkeypatch: pytest.MonkeyPatch) -> None:
    from portfolio_audit.facts.own_work import OwnWork, SimilarFile

    def state(**fields: Any) -> str:
        similar = SimilarFile("a.py", "ada/course", fields.pop("share", 0.2), 90, **fields)
        made = lambda cls, repository: cls(verdict="original", share=0.1, files=(similar,))  # noqa: E731
        monkeypatch.setattr(OwnWork, "distil", classmethod(made))
        tool = skills(own("a", {"a.py": "import torch\n" + "\n" * 30 + "torch.ones(3)\n"})).tool("pytorch")
        assert tool is not None
        return tool.state

    assert state(line=3, end_line=20) == "seen"
    assert state(line=20, end_line=40) == "tutorial"
    assert state(line=3, end_line=20, share=0.7) == "tutorial"
    assert state(line=3, end_line=20, whole=True) == "tutorial"
