"""What may reach a terminal: text of others with every control character made visible."""

import unicodedata

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plain(text: str, *, keep_lines: bool = False) -> str:
    """The text with control, format and direction-changing characters shown as escapes.

    Newlines and tabs become spaces unless `keep_lines`; so no text of a repository can colour, move, overwrite or
    reorder what a terminal or a log shows.
    """
    return "".join(_visible(char, keep_lines) for char in text)


def _visible(char: str, keep_lines: bool) -> str:
    if char in "\n\t":
        return char if keep_lines else " "
    if char in _BIDI or unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"):
        return char.encode("unicode_escape").decode()
    return char
