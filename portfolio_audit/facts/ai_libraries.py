"""The libraries, calls and addresses that stand for AI or data work, from data (`data/ai_libraries.toml`)."""

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Literal

Library = Literal["ml", "llm", "embedding", "pipeline"]
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
