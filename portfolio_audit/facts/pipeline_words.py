"""What stage of a data pipeline a step belongs to: by what it is called, else by what its code calls.

A step has one name, so it is one stage ("extract_features" makes features, though it begins like an extraction); only
a name that says "and" is two. Code decides where the name says nothing.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any, Literal, get_args

from portfolio_audit.facts import paths
from portfolio_audit.facts.words import load_table

Stage = Literal["ingest", "clean", "features", "train", "evaluate", "registry", "serve", "monitor", "warehouse"]
STAGES: tuple[Stage, ...] = get_args(Stage)
DATA: frozenset[Stage] = frozenset(("ingest", "clean", "features"))
ENDS: frozenset[Stage] = frozenset(("features", "train", "evaluate", "warehouse"))

_TOKEN = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_AND = frozenset(("and", "then"))
# "load" by itself is the last of extract, transform, load; with an object it may load anything.
_LOADING = frozenset("load loads loading step task tasks stage final group job phase".split())
# Names that many files have in common; the folder says which step it is.
_COMMON = frozenset(
    "main run nodes node pipeline index job script handler component step task flow app cli entrypoint __main__ "
    "__init__ lambda_function core process dag".split()
)


@lru_cache(maxsize=4096)
def stages_of_name(name: str) -> tuple[Stage, ...]:
    """The stages that a name ("stage_02_clean_data", "TrainModel") speaks of, at most one for each part of it."""
    words = [word.lower() for word in _TOKEN.findall(name[:200])]
    found: list[Stage] = []
    part: list[str] = []
    for word in [*words, "and"]:
        if word not in _AND:
            part.append(word)
            continue
        stage = _first(part)
        if stage is not None and stage not in found:
            found.append(stage)
        part = []
    return tuple(found)


def stages_of_path(path: str) -> tuple[Stage, ...]:
    """The stages that a file's name speaks of, or its folder's where the name is one that says nothing."""
    stem = paths.name(path).rpartition(".")[0] or paths.name(path)
    if stem.lower() not in _COMMON:
        return stages_of_name(stem)
    return stages_of_name(stem) or stages_of_name(path.split("/")[-2] if "/" in path else "")


def layer_of_path(path: str) -> tuple[Stage, ...]:
    """The stage of the lakehouse layer that a folder or file is named for: raw data land in bronze."""
    for part in reversed(paths.name(path).rpartition(".")[0].lower().split("_") + list(paths.folders(path))):
        if part in ("bronze", "raw", "landing"):
            return ("ingest",)
        if part in _LAYERS:
            return (_LAYERS[part],)
    return ()


def stage_of_calls(names: Iterable[str]) -> Stage | None:
    """The stage that the last parts of called names speak for most."""
    called = {name.rpartition(".")[2] for name in names}
    evaluated: frozenset[str] = _table()["calls"]["evaluate"]
    if called & words_of("reducing", "calls") and not called & evaluated:
        return "features"
    for stage, wanted in _table()["calls"].items():
        if called & wanted:
            return stage  # type: ignore[no-any-return]
    return None


def says_stage(name: str) -> bool:
    """Whether the last part of a called name counts for any stage."""
    return name.rpartition(".")[2] in _telling()


@cache
def _telling() -> frozenset[str]:
    return words_of("reducing", "calls").union(*_table()["calls"].values())


def words_of(section: str, key: str) -> frozenset[str]:
    """A list of the data as a set."""
    return _table()[section][key]  # type: ignore[no-any-return]


_LAYERS: dict[str, Stage] = {"silver": "clean", "sliver": "clean", "gold": "warehouse"}
"""Layers of a lakehouse: what a step fills stands last, whatever it is made from ("silver_to_gold"). The second is a
common slip of the first."""

# What is asked about data brings none in.
_ABOUT = frozenset("version versions path paths schema info shape size config url uri name names".split())
# Who keeps or drops what was trained trains nothing.
_KEEPING = frozenset(("save", "delete", "remove"))
_FROM = frozenset(("to", "bronze", "silver", "layer"))


def _first(words: list[str]) -> Stage | None:
    bringing = _table()["bringing"]
    if words and words[0] in bringing["begin"] and words[-1] in bringing["end"] and "to" not in words:
        return "ingest"
    if _LOADING.issuperset(words) and any(word.startswith("load") for word in words):
        return "warehouse"
    if words and words[-1] in _LAYERS and not _FROM.isdisjoint(words):
        return _LAYERS[words[-1]]
    if words and words[0] in ("get", "read", "load") and words[-1] in _ABOUT:
        return None
    if words and words[0] in _KEEPING and "train" in words:
        return None
    skip = -1
    for place, word in enumerate(words):
        if place <= skip:
            continue
        pair = _table()["pairs"].get(f"{word}:{words[place + 1]}") if place + 1 < len(words) else None
        if pair == "nothing":
            skip = place + 1
            continue
        stage = pair or _of_word(word)
        if stage is not None:
            return stage
    return None


def _of_word(word: str) -> Stage | None:
    exact: dict[str, Stage] = _table()["exact"]
    if word in exact:
        return exact[word]
    return next((stage for beginning, stage in _table()["beginnings"] if word.startswith(beginning)), None)


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    data = load_table("pipeline_stages")
    entries: list[tuple[str, Stage]] = [(word, stage) for stage, text in data["words"].items() for word in text.split()]
    return {
        "exact": {word: stage for word, stage in entries if not word.endswith("*")},
        "beginnings": tuple((word[:-1], stage) for word, stage in entries if word.endswith("*")),
        "pairs": dict(_pairs(data["pairs"])),
        **{section: {key: frozenset(text.split()) for key, text in data[section].items()} for section in _SETS},
    }


_SETS = ("calls", "writes", "services", "bringing", "retrieval", "reducing", "queues", "layers", "feeding")


def _pairs(data: dict[str, str]) -> Iterator[tuple[str, str]]:
    for stage, text in data.items():
        yield from ((pair, stage) for pair in text.split())
