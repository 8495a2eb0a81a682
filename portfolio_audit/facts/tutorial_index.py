"""The index of well-known tutorials: hashes of grams and of files with the origins they stand for, and nothing else.

One binary file, read without decoding: a hash of 40 bits lies in the bucket of its upper 16, as a number whose upper
24 bits are the rest of the hash and whose lower 8 are the origin. So 4 bytes a gram, and a look-up is one bisection
in a handful of numbers. The steps (see `fingerprints.steps`) are a Bloom filter, three bits for each; of 300,000 in it
one in two hundred others seems to be there too. A whole file is 40 bits of its git blob id, 16 of its number of tokens
and 8 of its origin.
"""

import json
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from itertools import accumulate
from typing import NamedTuple
from zlib import crc32

from portfolio_audit.facts.fingerprints import BITS, WINDOW, K

MAGIC = b"portfolio-audit tutorials 3\n"
BUCKETS = 1 << 16
FILTER = 1 << 22
_BIT = FILTER - 1
MOST_ORIGINS = 256
_LOW = BITS - 16
_MASK = (1 << _LOW) - 1


class Match(NamedTuple):
    """Where a gram of an origin (its position in `origins`) stands in a file."""

    position: int
    gram: int
    origin: int


class TutorialIndex:
    """Origins ("owner/name") by the grams, the steps and the whole files that point at them.

    `since` has the day of each origin's first commit (YYYY-MM-DD), or "" where it is not known.
    """

    def __init__(
        self,
        origins: tuple[str, ...],
        since: tuple[str, ...],
        ends: "array[int]",
        grams: "array[int]",
        files: "array[int]",
        steps: bytes,
    ) -> None:
        self.origins = origins
        self.since = since
        self._steps = steps
        self._ends = ends
        self._grams = grams
        self._files = files

    def __len__(self) -> int:
        return len(self._grams)

    def matches(self, grams: Iterable[int]) -> Iterator[Match]:
        """The grams of a file that occur in origins, one match for each origin, in the order of the file."""
        ends, entries = self._ends, self._grams
        for position, gram in enumerate(grams):
            bucket = gram >> _LOW
            end = ends[bucket + 1]
            wanted = (gram & _MASK) << 8
            at = bisect_left(entries, wanted, ends[bucket], end)
            while at < end and entries[at] - wanted < MOST_ORIGINS:
                yield Match(position, gram, entries[at] - wanted)
                at += 1

    def known(self, steps: Iterable[int]) -> int:
        """How many of these steps occur in any origin, and in no engineered code."""
        bits = self._steps
        return sum(
            1
            for step in steps
            if bits[(step & _BIT) >> 3] >> (step & 7) & 1
            and bits[(step >> 22 & _BIT) >> 3] >> (step >> 22 & 7) & 1
            and bits[step >> 47] >> (step >> 44 & 7) & 1
        )

    def of_file(self, oid: str) -> dict[int, int]:
        """By position in `origins`, those that hold a file with this git blob id, and how many tokens it has."""
        wanted = int(oid[: BITS // 4], 16)
        at = bisect_left(self._files, wanted << 24)
        found: dict[int, int] = {}
        while at < len(self._files) and self._files[at] >> 24 == wanted:
            found[self._files[at] & 255] = self._files[at] >> 8 & 0xFFFF
            at += 1
        return found


def encode(
    origins: Mapping[str, str],
    grams: Mapping[int, Iterable[int]],
    files: Mapping[str, Mapping[int, int]],
    steps: Iterable[int],
) -> bytes:
    """The index as bytes. `origins` have the day of their first commit or "", and there are at most 256 of them.

    `grams` map to positions in `origins`; `files`, by git blob id, to such positions with the number of tokens.
    Raises ValueError for more origins.
    """
    if len(origins) > MOST_ORIGINS:
        raise ValueError(f"an index holds at most {MOST_ORIGINS} origins")
    pairs = sorted((gram, origin) for gram, known in grams.items() for origin in known)
    counts = array("H", bytes(2 * BUCKETS))
    for gram, _ in pairs:
        counts[gram >> _LOW] += 1
    entries = array("I", (((gram & _MASK) << 8) | origin for gram, origin in pairs))
    whole = array(
        "Q",
        sorted(
            (int(oid[: BITS // 4], 16) << 24) | (min(tokens, 0xFFFF) << 8) | at
            for oid, known in files.items()
            for at, tokens in known.items()
        ),
    )
    header = {"k": K, "window": WINDOW, "origins": origins, "grams": len(entries), "files": len(whole)}
    parts = [MAGIC, json.dumps(header, separators=(",", ":")).encode(), b"\n"]
    parts += [_little(numbers).tobytes() for numbers in (counts, entries, whole)]
    bits = bytearray(FILTER // 8)
    for bit in (step >> shift & _BIT for step in steps for shift in (0, 22, 44)):
        bits[bit >> 3] |= 1 << (bit & 7)
    parts.append(bytes(bits))
    return b"".join(parts)


def decode(content: bytes) -> TutorialIndex:
    """The index in these bytes. Raises ValueError if they are none, or one for other grams."""
    if not content.startswith(MAGIC):
        raise ValueError("no index of tutorials")
    end = content.index(b"\n", len(MAGIC))
    header = json.loads(content[len(MAGIC) : end])
    if (header["k"], header["window"]) != (K, WINDOW):
        raise ValueError("the index was built for grams of another length")
    counts, entries, whole = array("H"), array("I"), array("Q")
    position = end + 1
    for numbers, length in ((counts, BUCKETS), (entries, header["grams"]), (whole, header["files"])):
        size = length * numbers.itemsize
        numbers.frombytes(content[position : position + size])
        position += size
    steps = content[position:]
    if len(steps) != FILTER // 8:
        raise ValueError("the index is cut short")
    ends = array("I", accumulate(_little(counts), initial=0))
    origins = header["origins"]
    return TutorialIndex(tuple(origins), tuple(origins.values()), ends, _little(entries), _little(whole), steps)


def _little(numbers: "array[int]") -> "array[int]":
    """The file is little-endian, whatever the machine."""
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers


@cache
def shipped() -> TutorialIndex:
    """The index that comes with the package."""
    return decode(_content())


def stamp() -> str:
    """Which index this is, for the version of facts that rest on it."""
    return f"{crc32(_content()):08x}"


def _content() -> bytes:
    return resources.files("portfolio_audit").joinpath("data", "tutorial_index.bin").read_bytes()
