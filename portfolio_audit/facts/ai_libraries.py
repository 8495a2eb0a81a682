"""The libraries, calls and addresses that stand for AI or data work, from data (`data/ai_libraries.toml`)."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Literal, NamedTuple

from portfolio_audit.facts.fingerprints import dotted

Library = Literal["ml", "llm", "embedding", "pipeline"]
_WORD = re.compile(r"(?<!\w)[A-Za-z_]\w*")
KINDS: tuple[Library, ...] = ("ml", "llm", "embedding", "pipeline")


@lru_cache(maxsize=8192)
def library_kind(family: str, name: str) -> Library | None:
    """The kind of a library ("ml", "llm", "embedding", "pipeline") by its name or the longest known beginning of it."""
    known = _libraries(family)
    while name:
        if name in known:
            return known[name]
        cut = max(name.rfind("."), name.rfind("/"))
        name = name[:cut] if cut > 0 else ""
    return None


def may_import(family: str, names: frozenset[str]) -> bool:
    """Whether a file with these words may name a library of the family; cheaper than to look for its imports."""
    return may_name(_wording(family), names)


class Wording(NamedTuple):
    """The words of some libraries' names, and the longest of each; `open` if one of them has no word of letters."""

    all: tuple[frozenset[str], ...]
    longest: frozenset[str]
    open: bool


def wording(names: Iterable[str]) -> Wording:
    """What words a file must have that imports one of these libraries."""
    found = [_WORD.findall(name) for name in names]
    longest = frozenset(max(each, key=len) for each in found if each)
    return Wording(tuple(dict.fromkeys(map(frozenset, found))), longest, not all(found))


def may_name(those: Wording, words: frozenset[str]) -> bool:
    """Whether a file with these words may name one of the libraries."""
    return those.open or (not those.longest.isdisjoint(words) and any(each <= words for each in those.all))


def may_address(numbers: Iterable[int], text: bytes) -> bool:
    """Whether a text may hold the address of a language model; `numbers` are those of the names after its dots."""
    met = frozenset(numbers)
    return any(parts <= met and told in text for parts, told in _in_bytes())


def may_address_by(names: frozenset[str], text: str) -> bool:
    """The same of a text whose names are known: one part of each host is looked for among them first."""
    parts, others = _telling_parts()
    if parts.isdisjoint(names) and not any(each in text for each in others):
        return False
    return any(each in text for each in words("addresses", "llm"))


@cache
def _telling_parts() -> tuple[frozenset[str], tuple[str, ...]]:
    """The longest inner part of each host's name (of "api.example.com" the second), and the ports of those without."""
    parts: set[str] = set()
    others: set[str] = set()
    for address in words("addresses", "llm"):
        labels = address.partition("/")[0].split(".")[:-1]
        inner = [label for label in labels[1:] or labels if label.isalpha()]
        if inner:
            parts.add(max(inner, key=len))
        else:
            others.add(address[address.index(":") :].partition("/")[0])
    return frozenset(parts), tuple(sorted(others))


@cache
def _in_bytes() -> tuple[tuple[frozenset[int], bytes], ...]:
    """Each address with the numbers of the names that stand after the dots of its host."""
    addresses = [address.encode() for address in sorted(words("addresses", "llm"))]
    return tuple((frozenset(dotted(address.partition(b"/")[0])), address) for address in addresses)


@cache
def _wording(family: str) -> Wording:
    return wording(_libraries(family))


@cache
def words(section: str, key: str) -> frozenset[str]:
    """A list of the data as a set."""
    return frozenset(_data()[section][key].split())


@cache
def pattern(section: str, key: str) -> re.Pattern[str]:
    """A list of the data as one expression that finds any of its words."""
    return re.compile("|".join(re.escape(word) for word in sorted(words(section, key), key=lambda w: (-len(w), w))))


@cache
def _libraries(family: str) -> dict[str, Library]:
    return {name: kind for kind in KINDS for name in words(family, kind)}


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files("portfolio_audit").joinpath("data", "ai_libraries.toml").read_text("utf-8"))
