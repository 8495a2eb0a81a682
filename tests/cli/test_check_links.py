"""Links of a local checkout: only to lines that are in the commit."""

import os
import subprocess
from pathlib import Path
from typing import Any

from portfolio_audit.cli.main import run
from tests.cli.conftest import load
from tests.cli.test_check_command import write

GIT = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}


def git(folder: Path, *arguments: str) -> str:
    names = ["-c", "user.name=ada", "-c", "user.email=ada@example.org"]
    done = subprocess.run(
        ["git", "-C", folder, *names, *arguments], check=True, capture_output=True, text=True, env=GIT
    )
    return done.stdout.strip()


def evidence(folder: Path) -> dict[str, str | None]:
    run(["check", str(folder), "--format", "json=report.json"])
    results: list[dict[str, Any]] = load("report.json")["repositories"][0]["results"]
    return {item["path"]: item["url"] for result in results for item in result["evidence"] if item["path"]}


def test_links_lead_to_the_commit_and_not_to_edited_files(tmp_path: Path) -> None:
    folder = write(tmp_path / "bees")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "remote", "add", "origin", "https://github.com/ada-invented/bees.git")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "bees")
    head = git(folder, "rev-parse", "HEAD")
    found = evidence(folder)
    assert found["README.md"] is not None
    assert found["README.md"].startswith(f"https://github.com/ada-invented/bees/blob/{head}/README.md")
    readme = folder / "README.md"
    readme.write_text("# New\n\n" + readme.read_text())
    assert evidence(folder)["README.md"] is None


def test_a_folder_without_a_remote_has_no_links(tmp_path: Path) -> None:
    assert set(evidence(write(tmp_path / "bees")).values()) == {None}
