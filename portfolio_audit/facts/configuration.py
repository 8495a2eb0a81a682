"""Bounded reading of YAML, TOML and JSON that strangers wrote.

Loading such text without a bound costs seconds and hundreds of megabytes from a few hundred bytes (aliases, merge keys,
depth), so every reading counts parser events before anything is built. Tags are never acted upon: a tagged value is
read as the plain scalar, list or mapping it stands on.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import Any

import msgspec

from portfolio_audit.errors import Refused, Unavailable
from portfolio_audit.tree import KIB

# Budgets of the threat model. A real workflow has a few hundred events, a large compose file some thousands.
SIZE_LIMIT = 256 * KIB
EVENT_LIMIT = 20_000
ALIAS_LIMIT = 50
MERGED_ALIAS_LIMIT = 10
DEPTH_LIMIT = 50
DOCUMENT_LIMIT = 50
LINES_COMPARED = 500  # in a longer file each of thousands of commands would cost a walk over all lines
DOT_LIMIT = 200  # in a line of TOML: the standard parser takes the square of a key's parts, minutes for 20,000


_VALUE = re.compile(r"^\s*(?:-\s+)?(?:[\w-]{1,60}:\s+)?")


def parse_yaml(text: str) -> list[Any]:
    """All documents of a YAML text as plain values, at most 50. Raises Unavailable with the reason for refusing."""
    import yaml

    _limit_size(text)
    try:
        _count_events(text)
        return list(yaml.load_all(text, Loader=_loader()))
    except RecursionError:
        raise Refused("nested too deep") from None
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, OverflowError) as fault:
        raise Unavailable(f"not readable as YAML ({type(fault).__name__})") from None


def parse_toml(text: str) -> dict[str, Any]:
    """A TOML text as plain values. Raises Unavailable with the reason for refusing."""
    _limit_size(text)
    if any(line.count(".") > DOT_LIMIT for line in text.splitlines()):
        raise Refused(f"a line of TOML with more than {DOT_LIMIT} dots")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise Refused("nested too deep") from None
    except ValueError as fault:
        raise Unavailable(f"not readable as TOML ({type(fault).__name__})") from None


def parse_json(text: str) -> Any:
    """A JSON text as plain values. Raises Unavailable with the reason for refusing."""
    _limit_size(text)
    try:
        return msgspec.json.decode(text.encode("utf-8", errors="replace"))
    except RecursionError:
        raise Refused("nested too deep") from None
    except (msgspec.DecodeError, ValueError) as fault:
        raise Unavailable(f"not readable as JSON ({type(fault).__name__})") from None


def walk(value: Any, *, limit: int = EVENT_LIMIT) -> Iterator[tuple[str, Any]]:
    """Every value below (and with) this one, each with the key it stands under, at most `limit` of them.

    Shared and cyclic values (YAML aliases) are visited once, so the cost is that of the text and not of its expansion.
    """
    seen: set[int] = set()
    stack: list[tuple[str, Any]] = [("", value)]
    while stack and limit:
        key, current = stack.pop()
        if isinstance(current, (dict, list)):
            if id(current) in seen:
                continue
            seen.add(id(current))
            children = current.items() if isinstance(current, dict) else ((key, item) for item in current)
            stack.extend(reversed([(str(name), child) for name, child in children]))
        limit -= 1
        yield key, current


def mapping(value: Any) -> dict[Any, Any]:
    """The value if it is a mapping, else an empty one: configuration of strangers has any shape."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    """The value if it is a list, a lone value as a list of one, and nothing for null."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def line_of(text: str, needle: str, after: int = 0) -> int | None:
    """The line (from 1) in which the first non-empty line of `needle` occurs, looking below line `after` first.

    A line that says nothing else, as itself or as the value of a key, comes before one that only holds the words.
    """
    first = next((line.strip() for line in needle.split("\n") if line.strip()), "")
    if not first:
        return None
    if text.count(first) > 1 and text.count("\n") < LINES_COMPARED:
        lines = text.split("\n")
        for number in chain(range(after, len(lines)), range(after)):
            if first in lines[number] and _VALUE.sub("", lines[number]).strip().strip("\"'") == first.strip("\"'"):
                return number + 1
    start = 0
    for _ in range(after):
        found = text.find("\n", start)
        if found < 0:
            break
        start = found + 1
    position = text.find(first, start)
    if position < 0:
        position = text.find(first)
    return None if position < 0 else text.count("\n", 0, position) + 1


def _limit_size(text: str) -> None:
    if len(text) > SIZE_LIMIT:
        raise Refused(f"larger than {SIZE_LIMIT // KIB} KiB")


def _count_events(text: str) -> None:
    import yaml

    depth = aliases = documents = merged = 0
    merge_depth: int | None = None
    merging = False
    for count, event in enumerate(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))):
        if count > EVENT_LIMIT:
            raise Refused(f"more than {EVENT_LIMIT} YAML events")
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
            if merging and isinstance(event, yaml.SequenceStartEvent):
                merge_depth = depth
            if depth > DEPTH_LIMIT:
                raise Refused(f"nested deeper than {DEPTH_LIMIT}")
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            if merge_depth == depth:
                merge_depth = None
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            aliases += 1
            merged += merge_depth is not None
            # A list of aliases under a merge key multiplies what it merges, level by level.
            if aliases > ALIAS_LIMIT or merged > MERGED_ALIAS_LIMIT:
                raise Refused("too many YAML aliases")
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > DOCUMENT_LIMIT:
                raise Refused(f"more than {DOCUMENT_LIMIT} YAML documents")
        merging = isinstance(event, yaml.ScalarEvent) and event.value == "<<"


@lru_cache(maxsize=1)
def _loader() -> Any:
    import yaml

    class PlainLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        """The safe loader, reading a tagged value as what it stands on."""

    def construct_plain(loader: Any, suffix: str, node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node, deep=True)
        if isinstance(node, yaml.SequenceNode):
            return loader.construct_sequence(node, deep=True)
        return loader.construct_scalar(node)

    PlainLoader.add_multi_constructor("!", construct_plain)
    PlainLoader.add_multi_constructor("tag:yaml.org,2002:python/", construct_plain)
    return PlainLoader
