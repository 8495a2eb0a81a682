"""What a roster's bytes and cells may hold: encodings, and text that would do something where it is opened later."""

import unicodedata
from typing import NamedTuple

MOST_BYTES = 8 * 1024 * 1024
MOST_CHARACTERS = 300
"""Of one cell that is read; names and numbers of real rosters are far shorter."""
FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
"""First characters that spreadsheets run, full-width forms included (OWASP, CSV injection)."""
_LEADING = " \u00a0'\"`\ufeff"
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class Remark(NamedTuple):
    """Something about a line of the roster, counted from 1; line 0 is the whole file."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}" if self.line else self.text


def decoded(content: bytes) -> tuple[str, Remark | None]:
    """The text of a roster, and a warning where its encoding had to be guessed.

    UTF-8 with or without a mark, UTF-16, else Windows-1252, which is what old office programs write. Raises ValueError
    with a sentence for what is none of these.
    """
    if len(content) > MOST_BYTES:
        raise ValueError(f"the roster is larger than {MOST_BYTES // 1024 // 1024} MiB")
    if content.startswith(b"PK\x03\x04"):
        raise ValueError("the roster is a file of a spreadsheet program; save it as CSV")
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _whole(content, encoding), None
    if content[:512].count(0) * 3 > len(content[:512]):
        little = content[1:2] == b"\0"
        return _whole(content, "utf-16-le" if little else "utf-16-be"), Remark(0, "read as UTF-16, though it says not")
    try:
        return content.decode("utf-8"), None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    return _whole(content, "cp1252"), Remark(line, "no UTF-8; the file is read as Windows-1252, so look at the names")


def _whole(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ValueError(f"line {line} is neither UTF-8, UTF-16 nor Windows-1252 text") from None


def runs(text: str) -> bool:
    """Whether a spreadsheet might run this cell: it begins as a formula does, also behind quotes or spaces."""
    return text[:1] in FORMULA or text.lstrip(_LEADING)[:1] in FORMULA if text else False


def fault(text: str) -> str | None:
    """Why a cell cannot be taken, or None."""
    if len(text) > MOST_CHARACTERS:
        return f"has {len(text):,} characters, and {MOST_CHARACTERS} are allowed"
    for char in text:
        if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp"):
            return "holds a line break" if char in "\r\n\u2028\u2029" else f"holds the control character {ord(char):#x}"
    return None


def turns(text: str) -> bool:
    """Whether a cell changes the direction of the text after it."""
    return not _DIRECTION.isdisjoint(text)
