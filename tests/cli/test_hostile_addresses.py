"""Addresses that mean nothing are wrong use, told before a token is looked for."""

import pytest

from portfolio_audit.cli.main import run

ADDRESSES = [
    "https://[::1",
    "https://host:port",
    "https://host:99999999",
    "file:///etc/passwd",
    "https://a:b@host",
    "://",
    "x",
]


@pytest.mark.parametrize("option", ["--api-url", "--archive-url"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_means_nothing_is_wrong_use(
    option: str, address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GH_TOKEN", "ghp_canaryCanaryCanaryCanaryCanaryCanary00")
    assert run(["audit", "ada-invented", option, address]) == 2
    said = capsys.readouterr().err
    assert "https://HOST" in said
    assert "a:b@" not in said
    assert "token" not in said
