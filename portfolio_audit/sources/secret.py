"""A token that cannot be shown by accident, and a log filter that masks it where a library would show it.

The value leaves a Secret only through `reveal`, which the code that builds a request header calls. Everything
else (repr, format, pickle, copy, a log record, a traceback) gets three stars or an exception.
"""

import base64
import logging
import re
import traceback
from collections.abc import Iterable
from typing import NoReturn, SupportsIndex
from urllib.parse import quote

MASK = "***"
SHAPES = (
    re.compile(r"\bgh[pousr]_[A-Za-z0-9_.-]{16,1000}"),
    re.compile(r"\bgithub_pat_[A-Za-z0-9_]{16,255}"),
    re.compile(r"(?<=[?&]token=)[^&\s\"'<>]{1,2000}", re.IGNORECASE),
    re.compile(r"(?<=authorization: )(?:(?:token|bearer|basic) )?[^\s,\"'}]{1,2000}", re.IGNORECASE),
    re.compile(r"(?<=authorization': ')[^']{1,2000}", re.IGNORECASE),
)


class Secret:
    """A token. `str`, `repr` and `format` give three stars; pickling and copying raise TypeError."""

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        """The value itself, for a request header and nothing else."""
        return self.__value

    def __repr__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return MASK

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("a secret is not written anywhere")


class TokenFilter(logging.Filter):
    """Masks secrets in log records; add it to every handler, since a logger's filter misses its children's records.

    Known are the given values as they are, in URL form and in base64 at each of the three alignments, and whatever
    has the shape of a GitHub token, a `token=` parameter or an Authorization header.
    """

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        super().__init__()
        self._forms: set[str] = set()
        for secret in secrets:
            self.add(secret)

    def add(self, secret: Secret) -> None:
        """Masks this value too, from now on."""
        self._forms.update(_forms(secret.reveal()))

    def mask(self, text: str) -> str:
        """The text with every secret replaced by three stars."""
        for form in sorted(self._forms, key=len, reverse=True):
            text = text.replace(form, MASK)
        for shape in SHAPES:
            text = shape.sub(MASK, text)
        return text

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = self.mask(record.getMessage())
        record.args = ()
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = self.mask("".join(traceback.format_exception(*record.exc_info)).rstrip())
            record.exc_info = None
        if record.stack_info:
            record.stack_info = self.mask(record.stack_info)
        return True


def _forms(value: str) -> set[str]:
    """The value as it may appear in a text. Base64 drops the characters at the edges that its neighbours change."""
    if not value:
        return set()
    forms = {value, quote(value, safe="")}
    raw = value.encode()
    for lead in range(3):
        padded = b"\0" * lead + raw
        stable = base64.b64encode(padded)[(0, 2, 3)[lead] : len(padded) * 8 // 6].decode()
        forms |= {stable, stable.replace("+", "-").replace("/", "_")}
    return {form for form in forms if len(form) >= min(8, len(value))}
