"""Fingerprints of Python text that survive renaming, reformatting and changed literals.

Tokens are normalised: names that the author chose become one symbol, strings another, numbers a third, while keywords,
built-ins, imported names and names after a dot stay; imports, comments, magics and long strings are dropped. Every run
of K tokens is hashed; of each WINDOW of neighbouring hashes the smallest is kept for the index (winnowing: Schleimer,
Wilkerson, Aiken, "Winnowing: local algorithms for document fingerprinting", SIGMOD 2003).
"""

import builtins
import keyword
import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from zlib import crc32

K = 20
"""Tokens in a gram: shorter runs are idioms that two people write alike."""

WINDOW = 6
"""Grams from which one is kept, so any run of K + WINDOW - 1 copied tokens is found."""

VARIED = 7
"""Distinct tokens that a gram needs to say anything: below are tables of literals and empty calls."""

BITS = 40
_PRIME = (1 << BITS) - 87
_BASE = 1_000_003
_POWER = pow(_BASE, K, _PRIME)

# Every alternative takes what it begins with to the end of the text if its own end is missing, so none is tried twice.
_TOKEN = re.compile(
    r"""
    \#[^\n]*+
    | ^[ \t]*+from[ \t]++[\w.]++[ \t]++import\b(?:[ \t]*+\([^)]*+\)?|[^\n;]*+)
    | ^[ \t]*+import[ \t][^\n;]*+
    | [rRbBuUfF]{0,2}(?:\"{3}(?:[^"\\]|\\.|"(?!""))*+(?:\"{3})?|'{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3})?)
    | [rRbBuUfF]{0,2}(?:"(?:[^"\\\n]|\\.)*+"?|'(?:[^'\\\n]|\\.)*+'?)
    | \.[ \t]*+[^\W\d]\w*+
    | \d[\w.]*+
    | [^\W\d]\w*+
    | [^\s\w]
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_NAME = re.compile(r"[^\W\d]\w*")
_KEPT = frozenset(keyword.kwlist) | frozenset(dir(builtins)) | {"self", "cls"}
_IMPORT = re.compile(r"[ \t]*+(?:from|import)[ \t]")
_QUOTES = ('"', "'")
_IGNORED = 0


class _Codes(dict[str, int]):
    """The number that stands for each token of one file; 0 for what is dropped."""

    def __init__(self, imported: frozenset[str]) -> None:
        super().__init__()
        self._kept = _KEPT | imported

    def __missing__(self, token: str) -> int:
        code = self[token] = self._code(token)
        return code

    def _code(self, token: str) -> int:
        first = token[0]
        if first == "#" or _IMPORT.match(token):
            return _IGNORED
        if first.isdigit():
            return crc32(b"0")
        if token[-1] in _QUOTES or first in _QUOTES or '"' in token or "'" in token:
            body = token.lstrip("rRbBuUfF")
            return _IGNORED if body.startswith(('"""', "'''")) else crc32(b"''")
        if first == ".":
            return crc32("".join(token.split()).encode("utf-8", "replace"))
        if first.isalpha() or first == "_":
            return crc32((token if token in self._kept else "I").encode("utf-8", "replace"))
        return crc32(first.encode("utf-8", "replace"))


class Fingerprint:
    """One file's normalised tokens and their grams; `codes` and `grams` are in the order of the text."""

    def __init__(self, source: str) -> None:
        self._source = source
        tokens = _TOKEN.findall(source)
        lines = {token for token in tokens if len(token) > 6 and _IMPORT.match(token)}
        self._codes_of = _Codes(frozenset(name for line in lines for name in _NAME.findall(line)))
        self.codes = [code for token in tokens if (code := self._codes_of[token])]
        self.grams = _grams(self.codes)

    def winnowed(self) -> Iterator[int]:
        """The grams that an index keeps: varied ones, the smallest of each window."""
        grams = [
            gram if len(set(self.codes[start : start + K])) >= VARIED else _PRIME
            for start, gram in enumerate(self.grams)
        ]
        last = -1
        for start in range(max(1, len(grams) - WINDOW + 1) if grams else 0):
            window = grams[start : start + WINDOW]
            least = min(window)
            position = start + window.index(least)
            if least != _PRIME and position != last:
                last = position
                yield least

    def lines(self, spans: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
        """First and last line, from 1, of spans of token positions [start, end)."""
        starts = [found.start() for found in _TOKEN.finditer(self._source) if self._codes_of[found[0]]]
        breaks = [at for at, letter in enumerate(self._source) if letter == "\n"]
        return tuple(
            (bisect_right(breaks, starts[first]) + 1, bisect_right(breaks, starts[end - 1]) + 1) for first, end in spans
        )


def _grams(codes: list[int]) -> list[int]:
    """The hash of every run of K codes, by prefix sums of a polynomial modulo a prime just below 2 ** BITS."""
    prefix = list(accumulate(codes, lambda total, code: (total * _BASE + code) % _PRIME, initial=0))
    return [(end - start * _POWER) % _PRIME for start, end in zip(prefix, prefix[K:], strict=False)]
