"""Where a token comes from, whom it is given to, and that it shows nowhere."""

from __future__ import annotations

import base64
import copy
import io
import logging
import pickle
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from portfolio_audit.errors import AuthenticationError, UsageError
from portfolio_audit.sources import token as token_room
from portfolio_audit.sources.secret import MASK, Secret, TokenFilter
from portfolio_audit.sources.token import PUBLIC_API, expected_variable, find_token, run_gh

CANARY = "canary/Value+1234567890=end"
SERVER = "https://git.example.org/api/v3"


def nothing(host: str) -> None:
    return None


def value(found: Secret | None) -> str | None:
    return found.reveal() if found else None


def test_a_secret_shows_three_stars_everywhere() -> None:
    secret = Secret(CANARY)
    for shown in (repr(secret), str(secret), f"{secret}", f"{secret!r:>9}", "%s" % secret, str([secret])):  # noqa: UP031
        assert CANARY not in shown
        assert MASK in shown
    assert not hasattr(secret, "__dict__")
    assert secret.reveal() == CANARY


def test_a_secret_is_neither_pickled_nor_copied() -> None:
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not written"):
            attempt(Secret(CANARY))


def test_the_variable_that_is_named_is_one_that_is_read() -> None:
    for api in (PUBLIC_API, "https://bees.example/api/v3"):
        env = {expected_variable(api): "from-the-environment"}
        assert value(find_token(None, env, nothing, api_url=api)) == "from-the-environment"


def test_the_order_is_file_environment_gh_keyring(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("  from-file\n")
    file.chmod(0o600)
    env = {"GH_TOKEN": "from-gh-token", "GITHUB_TOKEN": "from-github-token"}
    gh = {"github.com": "from-gh"}.get
    assert value(find_token(str(file), env, gh)) == "from-file"
    assert value(find_token(None, env, gh)) == "from-gh-token"
    assert value(find_token(None, {"GH_TOKEN": " ", "GITHUB_TOKEN": "from-github-token"}, gh)) == "from-github-token"
    assert value(find_token(None, {}, gh)) == "from-gh"
    assert value(find_token(None, {}, nothing, ask_keyring=lambda host: f"ring-{host}")) == "ring-github.com"
    assert find_token(None, {}, nothing) is None


def test_a_token_of_the_public_service_is_not_offered_to_another_host() -> None:
    env = {"GH_TOKEN": "public", "GITHUB_TOKEN": "public"}
    assert find_token(None, env, nothing, api_url=SERVER) is None
    assert value(find_token(None, env | {"GH_ENTERPRISE_TOKEN": "own"}, nothing, api_url=SERVER)) == "own"
    asked: list[str] = []
    find_token(None, env, asked.append, api_url=SERVER)
    assert asked == ["git.example.org"]
    assert value(find_token(None, env, nothing, api_url="https://api.acme.ghe.com")) == "public"


def test_a_job_on_an_own_server_uses_the_token_of_that_job() -> None:
    env = {"GITHUB_ACTIONS": "true", "GITHUB_API_URL": SERVER, "GITHUB_TOKEN": "job"}
    assert value(find_token(None, env, nothing, api_url=SERVER)) == "job"
    assert find_token(None, env, nothing, api_url="https://elsewhere.example.org/api/v3") is None


def test_standard_input_holds_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("piped\n"))
    assert value(find_token("-", {}, nothing)) == "piped"


@pytest.mark.parametrize("bad", ["two\nlines", "tab\there", "nul\0", "bell\a", "ümlaut", "with space"])
def test_values_that_are_no_token_are_refused_without_showing_them(bad: str) -> None:
    with pytest.raises(AuthenticationError) as refusal:
        find_token(None, {"GH_TOKEN": bad}, nothing)
    assert bad not in str(refusal.value)
    assert "GH_TOKEN" in str(refusal.value)


def test_an_empty_token_file_is_an_error_and_not_anonymous(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("\n")
    with pytest.raises(AuthenticationError, match="is empty"):
        find_token(str(file), {"GH_TOKEN": "other"}, nothing)


def test_an_unreadable_token_file_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read the token file"):
        find_token(str(tmp_path / "missing"), {}, nothing)


@pytest.mark.parametrize(("mode", "warnings"), [(0o600, 0), (0o640, 1), (0o604, 1)])
def test_a_token_file_that_others_can_read_is_warned_of(tmp_path: Path, mode: int, warnings: int) -> None:
    file = tmp_path / "token"
    file.write_text("value")
    file.chmod(mode)
    told: list[str] = []
    find_token(str(file), {}, nothing, warn=told.append)
    assert len(told) == warnings
    assert all("chmod 600" in line and "value" not in line for line in told)


def test_the_command_line_of_github_is_asked_by_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "gh"
    tool.write_text('#!/bin/sh\n[ "$*" = "auth token --hostname github.com" ] && echo held-token\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert run_gh("github.com") == "held-token"
    assert run_gh("other.example.org") is None


def test_no_command_line_of_github_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run_gh("github.com") is None


def test_a_hanging_command_line_of_github_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "gh"
    tool.write_text("#!/bin/sh\nexec sleep 30\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(token_room, "GH_SECONDS", 0.05)
    assert run_gh("github.com") is None


def logged(secret: Secret, log: object) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(TokenFilter([secret]))
    logger = logging.Logger("invented", logging.DEBUG)
    logger.addHandler(handler)
    log(logger)  # type: ignore[operator]
    return stream.getvalue()


def forms(token: str) -> list[str]:
    raw = token.encode()
    return [
        token,
        quote(token, safe=""),
        base64.b64encode(b"x-access-token:" + raw).decode(),
        base64.b64encode(raw + b":x-oauth-basic").decode(),
        base64.b64encode(b"a" + raw).decode(),
        base64.urlsafe_b64encode(b"ab" + raw + b"c").decode(),
    ]


@pytest.mark.parametrize("form", forms(CANARY))
def test_the_filter_masks_the_value_in_every_form(form: str) -> None:
    secret = Secret(CANARY)
    text = logged(secret, lambda logger: logger.warning("got %s and %r", form, {"Authorization": form}))
    stable = form if form in (CANARY, quote(CANARY, safe="")) else form[8:-8]
    assert stable not in text
    assert MASK in text


def test_the_filter_masks_tracebacks() -> None:
    def fail(logger: logging.Logger) -> None:
        try:
            raise ValueError(f"sent {CANARY}")
        except ValueError:
            logger.exception("failed")

    text = logged(Secret(CANARY), fail)
    assert "ValueError" in text
    assert CANARY not in text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ghp_" + "a1B2" * 9, ""),
        ("github_pat_" + "a1B2_" * 12, ""),
        ("https://archive.example.org/x?token=AAAABBBB&y=1", "&y=1"),
        ("Authorization: token abcdef123456", ""),
        ("authorization: Bearer abcdef123456", ""),
        ("{'Authorization': 'token abcdef123456', 'Accept': 'x'}", "'Accept': 'x'"),
    ],
)
def test_the_filter_knows_the_shapes_of_tokens(text: str, kept: str) -> None:
    masked = TokenFilter().mask(f"before {text} after")
    assert masked.startswith("before ")
    assert masked.endswith(" after")
    assert kept in masked
    for part in ("a1B2", "AAAABBBB", "abcdef123456"):
        assert part not in masked


def test_ordinary_text_passes_the_filter_unchanged() -> None:
    text = "40 repositories, 3 tokens of text, author: somebody, https://example.org/?page=2"
    assert TokenFilter([Secret(CANARY)]).mask(text) == text
