"""A connection to GitHub as the options ask for it: token, addresses, gate, and the log that never shows the token."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from portfolio_audit import __version__
from portfolio_audit.cli.gather import Kinds
from portfolio_audit.sources.archive_download import default_archive_url, require_safe_api
from portfolio_audit.sources.gate import Gate
from portfolio_audit.sources.github import GitHubSource
from portfolio_audit.sources.secret import TokenFilter
from portfolio_audit.sources.token import PUBLIC_API, expected_variable, find_token, run_gh
from portfolio_audit.store import Store

USER_AGENT = f"portfolio-audit/{__version__}"
PUBLIC_LIMITS = (
    "No token found: reading with the public limits (60 requests an hour). "
    "A token without any rights is enough; put it into {}."
)


class Connection(GitHubSource):
    """A GitHub source that can also say what it needs and what it used."""

    def estimated(self, login: str, store: Store, kinds: Kinds) -> str:
        """The requests that an audit of this login needs now, and the rate left, as a sentence."""
        estimate = self.estimate(
            login, cached=lambda record: record.tree is not None and store.reading(record.tree, kinds) is not None
        )
        return estimate.sentence

    def tally(self) -> str:
        """The requests sent so far, by bucket."""
        counts = ", ".join(f"{count} {bucket}" for bucket, count in sorted(self.gate.counts.items()) if count)
        return f"Requests: {counts or 'none'}"


def ask_keyring(host: str) -> str | None:
    """What the system's keyring holds for that host under "portfolio-audit"; None without the extra or an entry."""
    try:
        keyring = import_module("keyring")
    except ImportError:
        return None
    try:
        held = keyring.get_password("portfolio-audit", host)
    except keyring.errors.KeyringError:
        return None
    return held if isinstance(held, str) else None


@contextmanager
def connect(
    options: dict[str, Any], store: Store, tell: Callable[[str], None], *, needs_token: bool = False
) -> Iterator[Connection]:
    """A source for these options. Raises UsageError and AuthenticationError for a token that cannot be used.

    Without a token that is said, unless the caller cannot do without one and is refused anyway.
    """
    api_url = (options["api_url"] or PUBLIC_API).rstrip("/")
    require_safe_api(api_url)
    token = find_token(options["token_file"], os.environ, run_gh, api_url=api_url, warn=tell, ask_keyring=ask_keyring)
    masking = TokenFilter([token] if token else [])
    # Where nobody set up logging, warnings go through the handler of last resort.
    for handler in (*logging.getLogger().handlers, logging.lastResort):
        if handler is not None:
            handler.addFilter(masking)
    if token is None and not needs_token:
        tell(PUBLIC_LIMITS.format(expected_variable(api_url)))
    source = Connection(
        api_url=api_url,
        archive_url=(options["archive_url"] or default_archive_url(api_url)).rstrip("/"),
        token=token,
        memory=store,
        gate=Gate(max_wait=options["max_wait"], tell=tell),
        user_agent=USER_AGENT,
        now=lambda: datetime.now(UTC),
    )
    try:
        yield source
    finally:
        source.close()
