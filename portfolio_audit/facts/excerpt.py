"""What a Markdown text says line by line, in plain words: for quoting a place, and for counting what is really said.

Works on the kept text of a README, so that nothing is parsed in the process that holds the whole portfolio. Whatever is
cut out never nests, so the time is that of the length.
"""

import re
from html import unescape

LINES = 2_000
LINE_LIMIT = 2_000

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_UNSHOWN = re.compile(r"<(style|script)\b[^<>]{0,200}>.*?(?:</\1|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z!?][^<>]{0,2000}>")
_PICTURE = re.compile(r"!\[[^\[\]]{0,300}\](?:\([^()]{0,500}\)|\[[^\[\]]{0,100}\])")
_LINK = re.compile(r"\[([^\[\]]{0,300})\](?:\([^()]{0,500}\)|\[[^\[\]]{0,100}\])")
_DEFINITION = re.compile(r"\s{0,3}\[[^\[\]]{1,200}\]:\s")
_ADDRESS = re.compile(r"<?https?://[^\s<>]{1,500}>?")
_SHORTCODE = re.compile(r":[a-z][a-z0-9_+-]{1,40}:")
_BEGINNING = re.compile(r"[#>\-+•─-╿■-◿\s]*(?:\d{1,3}[.)]\s)?\s*")
_MARKS = str.maketrans("", "", "*`~|\\")
_RULE = "-=_ "
_QUOTES = "\"'“”„«» "


def plain_lines(text: str) -> list[str]:
    """The lines of a Markdown text in plain words: no mark, tag, comment, picture or address; links by their text."""
    shown = _TAG.sub(_breaks, _UNSHOWN.sub(_breaks, _COMMENT.sub(_breaks, text)))
    return [_plain(line[:LINE_LIMIT]) for line in shown.split("\n")[:LINES]]


def fenced_lines(text: str) -> frozenset[int]:
    """The lines (from 1) inside fenced code blocks, marks included."""
    inside, found = False, []
    for number, line in enumerate(text.split("\n")[:LINES], 1):
        mark = line.lstrip().startswith(("```", "~~~"))
        if mark or inside:
            found.append(number)
        inside ^= mark
    return frozenset(found)


def quote(text: str, line: int | None, end_line: int | None = None, *, most: int = 200) -> str:
    """These lines of the text (from 1) in plain words, cut to `most` characters; empty if nothing is to be read."""
    if line is None or line < 1:
        return ""
    lines = plain_lines(text)[line - 1 : min(end_line or line, line + 11)]
    whole = " ".join(filter(None, lines)).strip(_QUOTES)
    return whole if len(whole) <= most else _cut(whole, most) + "…"


def _cut(text: str, most: int) -> str:
    """The text up to the last word that is whole, if that is near the end."""
    shorter = text[:most].rpartition(" ")[0]
    return shorter if len(shorter) > most - 30 else text[: most - 1].rstrip()


def _breaks(match: re.Match[str]) -> str:
    """What stands for something cut out: the line breaks in it, so that lines keep their numbers."""
    return "\n" * match[0].count("\n") or " "


def _plain(line: str) -> str:
    if _DEFINITION.match(line) or line.lstrip().startswith(("```", "~~~")):
        return ""
    text = _ADDRESS.sub(" ", _LINK.sub(r"\1", _PICTURE.sub(" ", line)))
    text = unescape(_SHORTCODE.sub(" ", text)).translate(_MARKS)
    found = _BEGINNING.match(text)
    words = " ".join(text[found.end() if found else 0 :].split())
    return words if words.strip(_RULE) else ""
