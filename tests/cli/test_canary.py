"""The token is a canary: whatever goes wrong, it is found nowhere but in requests to the API."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from portfolio_audit.cli.main import run
from tests.cli.conftest import Opened
from tests.ghstub.faults import Fault
from tests.ghstub.stub import GitHubStub
from tests.ghstub.world import World

FAULTS = {
    "nothing": [],
    "bad credentials": [Fault(kind="bad-credentials")],
    "limit for half an hour": [Fault(kind="primary", seconds=1800)],
    "limit as 429": [Fault(kind="primary", status=429, seconds=1800)],
    "secondary": [Fault(kind="secondary", status=403)],
    "secondary with a time": [Fault(kind="secondary", status=429, retry_after=3600)],
    "server errors": [Fault(kind="status", status=502)],
    "pages of HTML": [Fault(kind="html", status=200)],
    "resets": [Fault(kind="reset")],
    "redirect elsewhere": [Fault(kind="redirect", to="foreign", match="*/tarball/*")],
    "redirect in a circle": [Fault(kind="redirect", to="loop", match="*/tarball/*")],
    "blocked": [Fault(kind="dmca", match="*/tarball/*")],
    "vanished": [Fault(kind="not-found", match="*/tarball/*")],
    "truncated": [Fault(kind="truncate", match="archive")],
    "bomb": [Fault(kind="tar", payload="bomb", match="archive")],
    "traversal": [Fault(kind="tar", payload="traversal", match="archive")],
}
CODES = {
    "nothing": {0}, "bad credentials": {4}, "limit for half an hour": {5}, "limit as 429": {5}, "secondary": {5},
    "secondary with a time": {5}, "server errors": {5}, "pages of HTML": {5}, "resets": {5},
    "redirect elsewhere": {0, 3}, "redirect in a circle": {3}, "blocked": {3}, "vanished": {3}, "truncated": {3},
    "bomb": {3}, "traversal": {0},
}  # fmt: skip


def forms(token: str) -> Iterator[bytes]:
    """The token as it is, and as a log or a header might carry it."""
    yield token.encode()
    for prefix in ("", "x-access-token:", "token "):
        yield base64.b64encode((prefix + token).encode()).rstrip(b"=")[4:-4]


@pytest.mark.parametrize("name", FAULTS)
def test_each_trouble_has_its_code_one_line_and_no_token(
    name: str,
    world: World,
    prober: Opened,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("portfolio_audit.sources.gate.time.sleep", lambda seconds: None)
    with GitHubStub(world, faults=FAULTS[name], validate=False) as stub:
        monkeypatch.setenv("GH_ENTERPRISE_TOKEN", stub.token)
        hosts = ["--api-url", stub.api_url, "--archive-url", stub.archive_url, "--max-wait", "0"]
        code = run(["audit", "ada-invented", *hosts, "--format", "json=report.json", "-v"])
        seen = [entry for entry in stub.log if entry.had_token and entry.host != "api"]
        stub.violations.clear()
    assert code in CODES[name]
    assert seen == []
    said = "".join(capfd.readouterr())
    assert "Traceback" not in said
    if code in (4, 5):
        assert not Path("report.json").exists()
        assert sum(line.startswith("Error: ") for line in said.splitlines()) == 1
    else:
        assert Path("report.json").exists()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    for form in forms(stub.token):
        assert form not in said.encode()
        for path in files:
            assert form not in path.read_bytes(), path
