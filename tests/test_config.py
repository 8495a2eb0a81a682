"""Settings from files."""

from pathlib import Path

import pytest

from portfolio_audit.config import load
from portfolio_audit.errors import ConfigError


def put(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return folder / name


def test_the_own_file_is_found_where_the_command_is_run(tmp_path: Path) -> None:
    put(tmp_path, "portfolio-audit.toml", "fail-under = 60\n")
    assert load(None, folder=tmp_path, audited=None) == {"fail-under": 60}


def test_the_table_of_a_project_file_serves_too(tmp_path: Path) -> None:
    put(tmp_path, "pyproject.toml", "[tool.portfolio-audit]\nprobe = false\n")
    assert load(None, folder=tmp_path, audited=None) == {"probe": False}


def test_the_own_file_wins(tmp_path: Path) -> None:
    put(tmp_path, "pyproject.toml", "[tool.portfolio-audit]\nprobe = false\n")
    put(tmp_path, "portfolio-audit.toml", "probe = true\n")
    assert load(None, folder=tmp_path, audited=None) == {"probe": True}


def test_an_unknown_key_is_refused_with_the_nearest(tmp_path: Path) -> None:
    put(tmp_path, "portfolio-audit.toml", "fail-undr = 60\n")
    with pytest.raises(ConfigError, match="did you mean 'fail-under'"):
        load(None, folder=tmp_path, audited=None)


@pytest.mark.parametrize("text", ['fail-under = "60"', "fail-under = true", "probe = 1", "not toml", "a" * 300_000])
def test_what_cannot_be_meant_is_refused(tmp_path: Path, text: str) -> None:
    put(tmp_path, "portfolio-audit.toml", text)
    with pytest.raises(ConfigError):
        load(None, folder=tmp_path, audited=None)


def test_a_project_file_that_is_broken_is_none_of_our_business(tmp_path: Path) -> None:
    put(tmp_path, "pyproject.toml", "not toml")
    assert load(None, folder=tmp_path, audited=None) == {}


def test_no_file_of_the_audited_tree_is_looked_for(tmp_path: Path) -> None:
    put(tmp_path / "bees", "portfolio-audit.toml", "fail-under = 0\n")
    assert load(None, folder=tmp_path / "bees", audited=tmp_path / "bees") == {}
    assert load(None, folder=tmp_path / "bees", audited=tmp_path) == {}


def test_a_named_file_of_the_audited_tree_may_only_set_what_is_harmless(tmp_path: Path) -> None:
    path = put(tmp_path / "bees", "portfolio-audit.toml", "fail-under = 10\n")
    assert load(path, folder=tmp_path, audited=tmp_path / "bees") == {"fail-under": 10}
    for text in ('rubric = "x"', 'output = "/tmp/x"', 'api-url = "http://x"', 'format = ["json"]', 'token-file = "x"'):
        path = put(tmp_path / "bees", "portfolio-audit.toml", text)
        with pytest.raises(ConfigError, match="may not set"):
            load(path, folder=tmp_path, audited=tmp_path / "bees")


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path / "no.toml", folder=tmp_path, audited=None)
