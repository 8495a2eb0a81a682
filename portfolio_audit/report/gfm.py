"""Text and addresses of others inside GitHub's Markdown: shown as they read, and doing nothing.

GitHub turns names behind @, numbers behind #, addresses and commit ids in plain text into links and messages, so
escaping the punctuation of Markdown alone is not enough. A zero-width space ends each of these before it is one.
"""

import re
from html import escape
from urllib.parse import quote, urlsplit, urlunsplit

from portfolio_audit.report.plain import plain, safe_url, short

_PUNCTUATION = re.compile(r"([\\`*_{}\[\]()#+\-!|<>~^$=:&])")
_NUMBERED = re.compile(r"^(\d{1,9})(?=\.)")
_BREAK = "\u200b"
_ACTIVE = re.compile(r"@|#(?=\w)|(?i:\bGH-)(?=\d)|\bwww(?=\.)|:/(?=/)|(?<=[0-9a-f]{5})(?=[0-9a-f]{2})")


def text(value: str, most: int = 400) -> str:
    """One line of text that Markdown shows literally: no link, mention, picture, emoji, mark-up or table break."""
    return _NUMBERED.sub(r"\1\\", _PUNCTUATION.sub(r"\\\1", _inert(value, most)))


def html(value: str, most: int = 400) -> str:
    """The same inside an HTML element of ours, where Markdown is not read but mentions are."""
    return escape(_inert(value, most))


def _inert(value: str, most: int) -> str:
    return _ACTIVE.sub(lambda found: f"{found[0]}{_BREAK}", short(plain(value), most))


def code(value: str, most: int = 200) -> str:
    """A path or id as code; its own backticks cannot end it."""
    shown = short(plain(value), most).replace("|", "\\|").strip() or "-"
    fence = "`" * (max((len(run) for run in re.findall(r"`+", shown)), default=0) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def link(label: str, url: str | None) -> str:
    """A finished label with its address, or the label alone where the address is none that a reader may follow."""
    address = safe_url(url)
    if address is None:
        return label
    parts = urlsplit(address)
    safe = urlunsplit(
        (
            parts.scheme,
            parts.netloc,
            quote(parts.path, safe="/%:@!$&',;=~-._"),
            quote(parts.query, safe="/%:@!$&',;=~-._?"),
            quote(parts.fragment, safe="/%:@!$&',;=~-._?"),
        )
    )
    return f"[{label}](<{safe}>)"
