"""Where the token comes from: a file, the environment, the GitHub command line, or nowhere.

There is no option that takes the value itself: the arguments of a process are visible to others and end up in
logs. A token for the public service is never offered to another host, so a changed API address in the environment
cannot carry it away.
"""

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from portfolio_audit.errors import AuthenticationError, UsageError
from portfolio_audit.sources.secret import Secret

PUBLIC_API = "https://api.github.com"
GH_SECONDS = 2
LONGEST = 4096
STDIN = "-"


def find_token(
    token_file: str | None,
    env: Mapping[str, str],
    run_gh: Callable[[str], str | None],
    *,
    api_url: str = PUBLIC_API,
    warn: Callable[[str], None] = lambda _: None,
    ask_keyring: Callable[[str], str | None] = lambda _: None,
) -> Secret | None:
    """The first token of: the file ("-" is standard input), the environment, `gh auth token`, the keyring; or None.

    `run_gh` and `ask_keyring` take the host name. For the public service the variables are GH_TOKEN and
    GITHUB_TOKEN, for any other GH_ENTERPRISE_TOKEN and GITHUB_ENTERPRISE_TOKEN, and GITHUB_TOKEN only inside an
    Actions job of that very server. Raises UsageError if the file cannot be read and AuthenticationError if a value
    found is no token. `warn` gets a line when others may read the file.
    """
    if token_file is not None:
        return _checked(_read(token_file, warn), "standard input" if token_file == STDIN else "the token file")
    for name in _variables(env, api_url):
        if value := env.get(name, "").strip():
            return _checked(value, name)
    host = _host(api_url)
    for ask, place in ((run_gh, "gh auth token"), (ask_keyring, "the keyring")):
        if (held := ask(host)) and held.strip():
            return _checked(held, place)
    return None


def expected_variable(api_url: str) -> str:
    """The variable of the environment that a token for this service is looked for in first."""
    return _variables({}, api_url)[0]


def run_gh(host: str) -> str | None:
    """What the installed GitHub command line holds for that host, or None; its output is never logged."""
    try:
        done = subprocess.run(
            ["gh", "auth", "token", "--hostname", host],
            capture_output=True,
            text=True,
            timeout=GH_SECONDS,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return done.stdout.strip() or None if done.returncode == 0 else None


def _variables(env: Mapping[str, str], api_url: str) -> tuple[str, ...]:
    host = _host(api_url)
    if host == "github.com" or host.endswith(".ghe.com"):
        return ("GH_TOKEN", "GITHUB_TOKEN")
    own_job = env.get("GITHUB_ACTIONS") == "true" and env.get("GITHUB_API_URL", "").rstrip("/") == api_url.rstrip("/")
    return ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN", *(("GITHUB_TOKEN",) if own_job else ()))


def _host(api_url: str) -> str:
    return (urlsplit(api_url).hostname or "").removeprefix("api.")


def _read(token_file: str, warn: Callable[[str], None]) -> str:
    if token_file == STDIN:
        return sys.stdin.read(LONGEST)
    path = Path(token_file)
    try:
        with path.open("rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            content = stream.read(LONGEST)
    except OSError as error:
        raise UsageError(
            f"cannot read the token file {path}: {error.strerror or 'unreadable'}", hint="check --token-file"
        ) from None
    if os.name == "posix" and stat.S_ISREG(mode) and mode & 0o077:
        warn(f"the token file {path} can be read by others; mend it with: chmod 600 {path}")
    return content.decode("utf-8", errors="replace")


def _checked(value: str, place: str) -> Secret:
    value = value.strip()
    if not value or not all("!" <= character <= "~" for character in value):
        wrong = "holds characters that no token has" if value else "is empty"
        raise AuthenticationError(f"{place} {wrong}", hint="give exactly one token and nothing else")
    return Secret(value)
