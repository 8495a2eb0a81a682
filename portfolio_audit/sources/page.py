"""What an opened link answered, as plain bounded text; everything in it was written by a stranger."""

import html
import re
import unicodedata
from collections.abc import Mapping

import msgspec

TITLE_LENGTH = 120

# Names a page may choose for its own bytes. Python knows many more codecs, some of which are no character sets at
# all (compression, escapes); a page has no say in those.
_CHARSETS = frozenset(
    "ascii us-ascii utf-8 utf8 utf-16 utf-16le utf-16be latin1 windows-1250 windows-1251 windows-1252 windows-1253 "
    "windows-1254 windows-1255 windows-1256 windows-1257 windows-1258 koi8-r koi8-u shift_jis euc-jp iso-2022-jp "
    "euc-kr gbk gb2312 gb18030 big5".split()
) | {f"iso-8859-{part}" for part in range(1, 17) if part != 12}
_CHARSET = re.compile(r"""charset\s?=\s?["']?([A-Za-z0-9_-]{1,20})""")


class Page(msgspec.Struct, frozen=True):
    """One answer at the end of all redirects.

    `headers` has lower-case names; `text` is at most what the body cap allows; `readable` is false when the body
    came compressed although it was asked for plainly. `moved` is true when a redirect led to another address.
    """

    host: str
    path: str
    status: int
    headers: Mapping[str, str]
    text: str
    title: str | None
    readable: bool = True
    moved: bool = False


def decode(body: bytes, content_type: str) -> str:
    """The body as text, by the stated character set if that is one of the known ones, else UTF-8; never raises."""
    head = body[:1024].decode("latin-1")
    named = _CHARSET.search(content_type) or _CHARSET.search(head)
    charset = named[1].lower() if named else "utf-8"
    return body.decode(charset if charset in _CHARSETS else "utf-8", "replace")


def clean(text: str, most: int = TITLE_LENGTH) -> str:
    """One line without control, format (bidi, zero-width), private or unassigned characters, cut to `most`."""
    visible = (" " if one.isspace() else one for one in text[: most * 20])
    kept = "".join(one for one in visible if unicodedata.category(one)[0] != "C")
    line = " ".join(kept.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def title(text: str) -> str | None:
    """The content of the first title element, cleaned, or None."""
    lowered = text.lower()
    start = lowered.find("<title")
    opened = text.find(">", start) if start >= 0 else -1
    closed = lowered.find("</title", opened) if opened >= 0 else -1
    if closed < 0:
        return None
    return clean(html.unescape(text[opened + 1 : min(closed, opened + 2000)])) or None


def under(host: str, parent: str) -> bool:
    """Whether `host` is `parent` or a name below it."""
    return host == parent or host.endswith("." + parent)
