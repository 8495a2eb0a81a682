"""Names as they stand in Python source, made once however often they are met.

Most names of a file are in many others, and most parameter lists are short and plain.
"""

import re
import sys
from functools import lru_cache

import msgspec

NAME_CUT = 160
WRITTEN_CUT = NAME_CUT + 1
"""Bytes of a name that are looked at, from its end: enough to tell one that is longer than anyone writes.

A chain of n calls would cost n squared otherwise.
"""
_DOTTED = re.compile(rb"[^\W\d]\w*(?:\s*\.\s*\w+)*")
_LAST = re.compile(rb"\.\s*(\w+)$")
_PLAIN_PARAMETER = re.compile(
    rb"(\*{0,2}+[^\W\d]\w*+)\s*+(:\s*+[\w\s.|]++(?:\[[\w\s.|]*+\])?+[\w\s.|]*+)?+"
    rb"(?:=\s*+(?:[\w.+-]++|\"[^\"\\\n]*+\"|'[^'\\\n]*+'|\[\]|\{\}))?+"
)


class Parameter(msgspec.Struct, frozen=True, gc=False):
    """One parameter; `name` carries the stars of `*args` and `**kwargs`. `self` and `cls` are listed like any other."""

    name: str
    annotated: bool


@lru_cache(maxsize=16_384)
def callee(text: bytes) -> str:
    """The dotted name of what is called, by how it is written; ".last" where the receiver is no plain name."""
    if len(text) <= NAME_CUT and _DOTTED.fullmatch(text):
        return plain(b"".join(text.split()))
    last = _LAST.search(text[-NAME_CUT:])
    return sys.intern("." + last[1].decode("utf-8", "replace")) if last else ""


@lru_cache(maxsize=16_384)
def plain(name: bytes) -> str:
    """The name decoded."""
    return sys.intern(name.decode("utf-8", "replace"))


@lru_cache(maxsize=16_384)
def plain_parameters(text: bytes) -> tuple[Parameter, ...] | None:
    """The parameters between the parentheses of a `def`, or None unless all are plain: the parser is to be asked."""
    found: list[Parameter] = []
    parts = text.split(b",")
    if not parts[-1].strip():
        parts.pop()
    for part in map(bytes.strip, parts):
        match = _PLAIN_PARAMETER.fullmatch(part)
        if match is not None:
            found.append(Parameter(plain(match[1]), match[2] is not None))
        elif part not in (b"*", b"/"):
            return None
    return tuple(found)
