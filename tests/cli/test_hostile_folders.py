"""Folders whose names are no text, and readings that fail whole."""

import os
from pathlib import Path

import pytest

from portfolio_audit.cli.main import run
from portfolio_audit.errors import Unavailable
from portfolio_audit.workers import Workers
from tests.cli.conftest import load


def test_a_folder_whose_name_is_no_text_is_read_as_any_other(own_folder: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(own_folder) + b"/bees-\xff\x1b[31m"))
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("this file system takes text only")
    (folder / "README.md").write_text("# Bees\n\nPredicts when bees swarm.\n")
    (folder / os.fsdecode(b"\xffnode.py")).write_text("x = 1\n")
    assert run(["check", str(folder), "--format", "json=report.json"]) == 0
    report = load("report.json")
    assert report["limits"] == []
    assert report["repositories"][0]["signals"]["readme_present"] is True


def test_a_repository_that_could_not_be_read_at_all_is_said_and_is_no_done(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise Unavailable("reading it failed")

    monkeypatch.setattr(Workers, "read_folder", fail)
    (own_folder / "README.md").write_text("# Bees\n")
    assert run(["check", str(own_folder), "--format", "json=report.json"]) == 3
    assert [limit["what"] for limit in load("report.json")["limits"]] == ["repository-unread"]
