"""What the command's tests share: an invented portfolio on the stand-in, and a folder of one's own to run in."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from portfolio_audit.cli import links
from portfolio_audit.cli.main import run
from portfolio_audit.snapshot import Probe
from tests.ghstub.stub import GitHubStub
from tests.ghstub.world import Owner, PullRequest, Repo, World

APP = "https://bees-invented.streamlit.app"

README = f"""# Bees

Predicts when a colony will swarm, from sensors that I built into three hives.

Try it: {APP}

## Run

    pip install -e .
    python -m bees.train

## Result

Two days of warning for 9 of 11 swarms.
"""

TEST = "from bees.train import train\n\n\ndef test_trains():\n    assert train([[0], [1]], [0, 1])\n"

MODEL = '''"""Train the model."""

from sklearn.linear_model import LogisticRegression


def train(rows: list[list[float]], swarmed: list[int]) -> LogisticRegression:
    """A model of the chance to swarm."""
    return LogisticRegression().fit(rows, swarmed)
'''


def filler(name: str, functions: int = 170) -> str:
    """A module of that many small functions, so that a repository is large enough to be listed."""
    return "\n\n".join(f"def {name}_{n}(x: int) -> int:\n    return x * {n}" for n in range(functions)) + "\n"


def project(owner: str, name: str, **more: Any) -> Repo:
    """An invented project with code, a README and a test."""
    files = {
        "README.md": README,
        "bees/train.py": MODEL,
        "bees/features.py": filler(name.replace("-", "_")),
        "tests/test_train.py": TEST,
    }
    return Repo.from_files(files, owner=owner, name=name, **more)


@pytest.fixture(scope="session")
def world() -> World:
    """One person with three projects, an empty repository, and a merged pull request elsewhere."""
    return World(
        owners=(Owner(login="ada-invented", name="Ada Invented"), Owner(login="library-invented")),
        repositories=(
            *(project("ada-invented", name) for name in ("bees", "hives", "pollen")),
            Repo(owner="ada-invented", name="empty"),
            project("library-invented", "library"),
        ),
        pull_requests=(
            PullRequest(
                repository="library-invented/library", author="ada-invented", number=1, title="Keep the order of rows",
                additions=40, deletions=2, changed_files=2,
            ),
        ),
    )  # fmt: skip


@pytest.fixture
def stub(world: World) -> Iterator[GitHubStub]:
    with GitHubStub(world) as running:
        yield running


class Opened:
    """Stands in for the prober: every link is live, and what was asked is kept."""

    asked: list[str]

    def __init__(self) -> None:
        self.asked = []

    def probe_all(self, urls: list[str]) -> dict[str, Probe]:
        self.asked.extend(urls)
        return {url: Probe(url, "live", "HTTP 200", "2026-03-01T12:00:00Z", 200) for url in urls}


@pytest.fixture
def prober(monkeypatch: pytest.MonkeyPatch) -> Opened:
    opened = Opened()
    monkeypatch.setattr(links, "prober", lambda: opened)
    return opened


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder and cache, and no token or setting from outside."""
    for name in ("GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "GITHUB_API_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORTFOLIO_AUDIT_CACHE_DIR", str(tmp_path / "cache"))
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


Command = Callable[..., int]


@pytest.fixture
def on(stub: GitHubStub, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs a command against the stand-in, with its token in the environment."""
    monkeypatch.setenv("GH_ENTERPRISE_TOKEN", stub.token)

    def command(name: str, *arguments: str) -> int:
        return run([name, *arguments, "--api-url", stub.api_url, "--archive-url", stub.archive_url])

    return command


def load(path: Path | str) -> dict[str, Any]:
    found = json.loads(Path(path).read_text("utf-8"))
    assert isinstance(found, dict)
    return found
