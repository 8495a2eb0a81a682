"""Text and addresses of others, made harmless before they reach a page, a terminal or a log."""

import unicodedata
from urllib.parse import urlsplit

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
_JOINERS = frozenset("\u200c\u200d")
_MARKS = frozenset(("Mn", "Me"))

MOST_MARKS = 4
"""Combining marks in a row that are shown as they are; living scripts need three, towers over other lines need more."""


def plain(text: str, *, keep_lines: bool = False) -> str:
    """The text with control, format and direction-changing characters shown as escapes.

    Newlines and tabs become spaces unless `keep_lines`; so no text of a repository can colour, move, overwrite or
    reorder what a terminal, a log or a page shows, nor pile marks over the lines above. Joiners stay: scripts and
    emoji need them.
    """
    if text.isascii() and text.isprintable():
        return text
    shown, marks = [], 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char) in _MARKS else 0
        shown.append(_escaped(char) if marks > MOST_MARKS else _visible(char, keep_lines))
    return "".join(shown)


def short(text: str, most: int) -> str:
    """The text, cut to `most` characters; a cut ends in an ellipsis."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _visible(char: str, keep_lines: bool) -> str:
    if char in "\r\n\t":
        return char if keep_lines else " "
    if char in _JOINERS:
        return char
    if char in _BIDI or unicodedata.category(char) in _HIDDEN:
        return _escaped(char)
    return char


def _escaped(char: str) -> str:
    return char.encode("unicode_escape", "backslashreplace").decode()


def safe_url(url: str | None) -> str | None:
    """The address if a reader may follow it: http or https, a host, no user name, no control or space; else None."""
    if not url or len(url) > 2048 or any(char.isspace() or unicodedata.category(char) in _HIDDEN for char in url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or "\\" in url:
        return None
    return url
