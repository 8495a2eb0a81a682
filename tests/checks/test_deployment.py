"""The deployment check, asked as an audit would ask it."""

from typing import Any

import pytest

from portfolio_audit.snapshot import Owner, Probe, RepositoryRecord, Snapshot
from portfolio_audit.testing import run_check

URL = "https://hive-counter.streamlit.app"
README = {"README.md": f"# Hive\n\nCounts the bees of a hive.\n\n[Live demo]({URL})\n"}
APP = {"app.py": 'import streamlit as st\n\nst.title("Hive")\n'}
TIME = "2026-03-01T10:00:00Z"


def ask(
    files: Any,
    *answers: Any,
    homepage: Any = None,
    mode: Any = "authenticated",
    unread: Any = None,
    unavailable: Any = None,
) -> Any:
    probes = {url: Probe(url, state, reason, TIME) for url, state, reason in answers}
    snapshot = Snapshot(
        mode=mode, scope="portfolio", owner=Owner("User", "ada"), probes=probes, unavailable=unavailable or {}
    )
    record = RepositoryRecord(id="1", name="hive", full_name="ada/hive", homepage=homepage)
    return run_check("deployment-live", files, record=record, snapshot=snapshot, unread=unread)


def test_a_live_instance_passes_and_both_it_and_its_line_are_shown() -> None:
    outcome = ask({**README, **APP}, (URL, "live", "HTTP 200"))
    assert outcome.status == "passed"
    assert outcome.evidence[0].url == URL
    assert (outcome.evidence[1].path, outcome.evidence[1].line) == ("README.md", 5)


def test_a_sleeping_one_passes_and_says_so() -> None:
    outcome = ask({**README, **APP}, (URL, "sleeping", "the app sleeps"))
    assert outcome.status == "passed"
    assert "sleeps" in outcome.summary


@pytest.mark.parametrize("state", ["dead", "placeholder"])
def test_one_that_is_not_there_fails_with_what_was_seen_and_when(state: Any) -> None:
    outcome = ask({**README, **APP}, (URL, state, "HTTP 404"))
    assert outcome.status == "failed"
    assert "opened on 2026-03-01: HTTP 404" in outcome.evidence[0].note
    assert outcome.fix


@pytest.mark.parametrize("state", ["unknown", "refused"])
def test_one_that_could_not_be_seen_is_unknown(state: Any) -> None:
    assert ask({**README, **APP}, (URL, state, "asks to sign in")).status == "unknown"


def test_one_that_was_not_opened_is_unknown_with_the_reason() -> None:
    outcome = ask({**README, **APP}, unavailable={"probes": "links are not opened offline"})
    assert outcome.status == "unknown"
    assert "offline" in outcome.summary


def test_a_dead_link_beside_an_unopened_one_accuses_nobody() -> None:
    both = {"README.md": f"{README['README.md']}\nAlso at https://hive.onrender.com\n", **APP}
    assert ask(both, (URL, "dead", "HTTP 404")).status == "unknown"


def test_a_dead_link_beside_a_live_homepage_passes() -> None:
    homepage = "https://hive.fly.dev"
    outcome = ask({**README, **APP}, (URL, "dead", "HTTP 404"), (homepage, "live", "HTTP 200"), homepage=homepage)
    assert outcome.status == "passed"


def test_only_configuration_knows_it_is_half_an_answer() -> None:
    files = {
        "README.md": "# Hive\n\nCounts bees in videos.\n",
        "vercel.json": '{"api": "https://hive.up.railway.app/api"}',
        **APP,
    }
    outcome = ask(files, ("https://hive.up.railway.app/api", "live", "HTTP 200"))
    assert outcome.status == "partial"
    assert outcome.evidence[1].path == "vercel.json"


def test_a_temporary_address_is_half_an_answer() -> None:
    url = "https://1a2b3c.gradio.live"
    outcome = ask({"README.md": f"# Hive\n\nCounts bees.\n\nDemo: {url}\n", **APP}, (url, "live", "HTTP 200"))
    assert outcome.status == "partial"


def test_an_application_without_a_link_fails_and_says_where_was_looked() -> None:
    outcome = ask({"README.md": "# Hive\n\nCounts bees in videos.\n", **APP})
    assert outcome.status == "failed"
    assert "homepage" in outcome.searched


@pytest.mark.parametrize(
    "files",
    [
        {"Shop.Api/Program.cs": "var builder = WebApplication.CreateBuilder(args);\n"},
        {"Shop.Client/Program.cs": "var builder = WebAssemblyHostBuilder.CreateDefault(args);\n"},
        {"Shop.Client/staticwebapp.config.json": "{}\n"},
    ],
)
def test_an_application_in_another_language_is_one_too(files: Any) -> None:
    assert ask({"README.md": "# Shop\n\nSells honey.\n", **files}).status == "failed"


def test_on_a_disk_the_homepage_is_unknown_so_nothing_is_claimed() -> None:
    assert ask({"README.md": "# Hive\n\nCounts bees in videos.\n", **APP}, mode="local").status == "unknown"


@pytest.mark.parametrize(
    "files",
    [
        {"notes.md": "bees"},
        {"train.py": "import torch\nprint(torch.ones(1))\n"},
        {"main.tf": 'resource "x" "y" {}\n', "pipeline.py": "print(1)\n"},
        {"tests/test_app.py": "import flask\napp = flask.Flask('x')\n"},
        {"examples/app.py": "import streamlit as st\nst.title('x')\n"},
        {
            "README.md": "# hivelib\n\nReads hive scales.\n\n    pip install hivelib\n",
            "pyproject.toml": '[project]\nname = "hivelib"\n',
            "hivelib/web.py": "import flask\napp = flask.Flask('x')\n",
        },
    ],
)
def test_what_nobody_would_host_is_not_asked(files: Any) -> None:
    assert ask(files).status == "not_applicable"


def test_code_that_could_not_be_read_is_unknown() -> None:
    assert ask({"README.md": "# Hive\n"}, unread={"app.py": "too large"}).status == "unknown"


def test_files_that_were_not_read_are_unknown() -> None:
    assert ask(None).status == "unknown"


@pytest.mark.parametrize(
    "link",
    [
        "https://your-app.streamlit.app",
        "http://localhost:8501",
        "https://[::1]/",
        "https://[bad",
        "http://127.0.0.1/docs",
    ],
)
def test_a_hole_to_fill_in_or_this_machine_is_no_link(link: Any) -> None:
    outcome = ask({"README.md": f"# Hive\n\nCounts bees.\n\nLive demo: {link}\n", **APP}, homepage="https://[bad")
    assert outcome.status == "failed"


DEPLOY = {
    "Dockerfile": "FROM python:3\nCOPY . .\n",
    ".github/workflows/deploy.yml": "on: push\njobs:\n  a:\n    steps:\n      - run: ssh hive docker run hive\n",
}


def test_a_workflow_that_deploys_is_told_where_no_address_is_given() -> None:
    readme = {"README.md": "# Hive\n\nCounts bees in videos.\n"}
    said = "; .github/workflows/deploy.yml looks like a deployment, but gives no address"
    outcome = ask({**readme, **APP, **DEPLOY})
    assert (outcome.status, outcome.summary) == ("failed", f"no link to a running instance found{said}")
    assert [item.path for item in outcome.evidence] == [".github/workflows/deploy.yml"]
    batch = ask({**readme, "count.py": "import pandas\n", **DEPLOY})
    assert (batch.status, batch.summary.endswith(said)) == ("not_applicable", True)
    assert "deployment" not in ask({**readme, **APP}).summary


RUN = "on: push\njobs:\n  a:\n    runs-on: {}\n    steps:\n      - run: {}\n"


@pytest.mark.parametrize(
    ("machine", "run", "deployed"),
    [
        ("ubuntu-latest", "docker run -d -p 80:80 hive", False),
        ("ubuntu-latest", "docker compose up -d", False),
        ("${{ matrix.os }}", "docker compose up -d", False),
        ("self-hosted", "docker run -d -p 80:80 hive", True),
        ("[self-hosted, ubuntu-hive]", "docker compose up -d", True),
        ("ubuntu-latest", "ssh bee@hive docker run -d hive", True),
        ("ubuntu-latest", '"sshpass -e ssh bee@hive <<EOF\\ndocker run -d hive\\nEOF"', True),
        ("ubuntu-latest", "fly deploy", True),
    ],
)
def test_a_container_started_on_a_machine_that_is_thrown_away_is_a_trial(
    machine: str, run: str, deployed: bool
) -> None:
    files = {"README.md": "# Hive\n\nCounts bees.\n", "Dockerfile": "FROM python:3\nCOPY . .\n", **APP}
    outcome = ask({**files, ".github/workflows/a.yml": RUN.format(machine, run)})
    assert ("looks like a deployment" in outcome.summary) is deployed


def test_a_command_that_brings_it_somewhere_comes_before_a_container_that_is_started() -> None:
    files = {"README.md": "# Hive\n\nCounts bees.\n", "Dockerfile": "FROM python:3\nCOPY . .\n", **APP}
    files[".github/workflows/a.yml"] = RUN.format("self-hosted", "docker run -d hive")
    files[".github/workflows/b.yml"] = RUN.format("ubuntu-latest", "gcloud run deploy hive")
    assert [each.path for each in ask(files).evidence] == [".github/workflows/b.yml"]
