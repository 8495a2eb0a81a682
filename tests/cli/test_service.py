"""What a connection to GitHub does around the source: nothing that is logged shows the token."""

import logging
from pathlib import Path

import pytest

from portfolio_audit.cli.service import connect
from portfolio_audit.store import Store

CANARY = "canary-0123456789abcdef"


def test_a_warning_of_a_library_never_shows_the_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    last = logging.lastResort
    assert last is not None
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # as in the command, where nobody set up logging
    monkeypatch.setattr(last, "filters", [])
    monkeypatch.setenv("GH_TOKEN", CANARY)
    options = {"api_url": None, "archive_url": None, "token_file": None, "max_wait": 0}
    with Store.open(tmp_path / "cache") as store, connect(options, store, print):
        logging.getLogger("some.library").warning("refused: %s", {"header": f"token {CANARY}"})
    said = capsys.readouterr().err
    assert "refused" in said
    assert CANARY not in said


def test_the_keyring_is_asked_last_and_its_troubles_are_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    from types import SimpleNamespace

    from portfolio_audit.cli.service import ask_keyring

    class KeyringError(Exception):
        pass

    def locked(service: str, host: str) -> str:
        raise KeyringError

    errors = SimpleNamespace(KeyringError=KeyringError)
    held = {("portfolio-audit", "github.com"): "ghp_held"}
    ring = SimpleNamespace(errors=errors, get_password=lambda service, host: held.get((service, host)))
    monkeypatch.setitem(sys.modules, "keyring", ring)
    assert ask_keyring("github.com") == "ghp_held"
    assert ask_keyring("elsewhere.example") is None
    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(errors=errors, get_password=locked))
    assert ask_keyring("github.com") is None
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert ask_keyring("github.com") is None
