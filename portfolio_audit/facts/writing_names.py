"""Whose an address is: the author that a platform's address names, and whether an address carries a person's name.

Doubt is no: an article of another person must never be credited, and nobody is accused for a name that was not seen.
"""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from portfolio_audit.facts import hosts
from portfolio_audit.facts.words import fold, load_table

SHORTEST_PART = 5
"""Letters from which a name may be a part of a longer one ("adalovelace" in "adalovelace-writes"); shorter ones occur
in words by chance."""

_SEGMENT = re.compile(r"path(\d?)")


class Author(NamedTuple):
    """Who a platform's address says has written: `name` as it stands, `feed` the address of their feed if known."""

    name: str
    feed: str | None


def squeeze(name: str) -> str:
    """A name without accents, spaces and punctuation, lower case: "Ada-Lovelace" and "Ada Lovelace" are one."""
    return "".join(fold(name).split())


def platform_of(url: str) -> str | None:
    """The writing platform on whose host the address lies, or None."""
    return hosts.matches(hosts.host_of(url), _platforms())


def author_of(url: str) -> Author | None:
    """The author whom an address on a known platform names, or None (a publication, or no known platform)."""
    parts, host = hosts.split_address(url), hosts.host_of(url)
    entry = hosts.matches(host, _platforms())
    if parts is None or entry is None:
        return None
    platform = _platforms()[entry]
    steps = [step for step in parts.path.split("/") if step]
    if len(steps) < platform.get("least", 0):
        return None
    for way in platform.get("author", "").split("+"):
        name = _name(way, host, entry, steps)
        if name and name.lower() not in platform.get("reserved", "").split() and re.fullmatch(r"\w[\w.-]{0,59}", name):
            template = platform.get("feed", {}).get(way)
            return Author(name, template.format(author=name, host=host) if template else None)
    return None


def is_author_page(url: str) -> bool:
    """Whether an address is that of all an author's articles on a platform ("https://medium.com/@ada")."""
    parts, author = hosts.split_address(url), author_of(url)
    if parts is None or author is None or hosts.role(url) != "blog":
        return False
    steps = [step.removeprefix("@") for step in parts.path.split("/") if step]
    return steps[-1:] in ([], [author.name])


def _name(way: str, host: str, entry: str, steps: list[str]) -> str | None:
    if way == "label":
        return host.removesuffix(entry).rstrip(".").rpartition(".")[2] or None
    if way == "at":
        return steps[0].removeprefix("@") if steps and steps[0].startswith("@") else None
    match = _SEGMENT.fullmatch(way)
    skipped = int(match[1] or 0) if match else 0
    return steps[skipped].removeprefix("@") if match and len(steps) > skipped else None


def carries(url: str, names: frozenset[str]) -> bool:
    """Whether the address belongs to one of these (squeezed) names: by the platform's author, or by its own domain."""
    if platform_of(url) is not None:
        author = author_of(url)
        return author is not None and alike(author.name, names)
    return any(alike(label, names) for label in hosts.host_of(url).split(".")[:-1])


def alike(name: str, names: frozenset[str]) -> bool:
    """Whether a name is one of these, has one at its beginning or end, or is the beginning of one.

    The end of one is not enough: a family name is shared by many.
    """
    own = squeeze(name)
    if own in names:
        return bool(own)
    return any(
        (len(each) >= SHORTEST_PART and (own.startswith(each) or own.endswith(each)))
        or (len(own) >= SHORTEST_PART and each.startswith(own))
        for each in names
    )


def another_name(author: str, name: str) -> bool:
    """Whether an author stated in full is somebody else: no word of the names is shared. Handles tell nothing."""
    words, own = (
        {word for word in fold(text).split() if len(word) >= 3 and word.isascii() and word.isalpha()}
        for text in (author, name)
    )
    return len(words) >= 2 and bool(own) and words.isdisjoint(own)


@lru_cache(maxsize=1)
def _platforms() -> dict[str, Any]:
    return {platform["host"]: platform for platform in load_table("writing_platforms")["platform"]}
