"""Steps that are plain SQL scripts: one loads raw files, one fills clean tables from those, one builds a warehouse.

A statement tells its stage by the table that it fills: warehouses are built in layers, and these have usual names. A
script that only creates empty tables, asks questions or changes single rows is no step.
"""

import re
from collections.abc import Iterator
from itertools import islice

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.pipeline_steps import Step, is_step_path
from portfolio_audit.facts.pipeline_words import STAGES, Stage, layer_of_path, stages_of_path, words_of
from portfolio_audit.tree import KIB, SourceTree

LARGEST = 256 * KIB
"""Bytes of a script that somebody wrote; larger ones are dumps of data."""
STATEMENTS = 400
"""Statements of one script that are looked at."""

# The text is folded to capitals before, and where a word begins is asked afterwards: a pattern that does this by itself
# is many times slower.
_LOADING = re.compile(
    r"BULK\s{1,40}INSERT\b|LOAD\s{1,40}DATA\s{1,40}(?:LOCAL\s{1,40})?IN(?:FILE|PATH)\b|OPENROWSET\s{0,40}\(|"
    r"(?:READ_(?:CSV|PARQUET|JSON|FILES)\w{0,8}|CLOUD_FILES)\s{0,40}\(|"
    r"COPY\s{1,40}(?:INTO\s{1,40})?[\w.\"{}$\[\]]{1,120}\s{0,40}(?:\([^()]{0,600}\)\s{0,40})?FROM\b"
)
_FILLING = re.compile(
    r"(?:INSERT\s{1,40}(?:INTO|OVERWRITE)(?:\s{1,40}TABLE)?|MERGE(?:\s{1,40}INTO)?|"
    r"(?P<made>CREATE)\s{1,40}(?:OR\s{1,40}\w{1,12}\s{1,40})?(?:(?:MATERIALIZED|STREAMING|LIVE|DYNAMIC|TRANSIENT)\s{1,40}){0,2}"
    r"(?:TABLE|VIEW)(?:\s{1,40}IF\s{1,40}NOT\s{1,40}EXISTS)?|INTO)\s{1,40}(?P<table>[\w.\"\[\]`{}$]{1,160})"
)
_SELECTED = re.compile(r"\b(?:SELECT|USING)\b")
_GROUPED = re.compile(r"\bGROUP\s{1,40}BY\b")
_MADE_FROM = re.compile(r"\bAS\s{1,40}\(?\s{0,40}(?:SELECT|WITH)\b")
_FROM = re.compile(r"\s{1,40}FROM\b")
_COMMENT = re.compile(r"--|/\*")
_WORD = re.compile(r"[a-z]+")


def sql_steps(tree: SourceTree) -> tuple[Step, ...]:
    """Every own SQL script that loads files or fills the tables of a layer. Use it as `tree.derive(sql_steps)`."""
    return tuple(step for path in sql_scripts(tree) if (step := _step(tree, path)) is not None)


def sql_scripts(tree: SourceTree) -> Iterator[str]:
    """The own SQL files that may be a step."""
    for file in tree.derive(paths.own_files):
        if file.path.lower().endswith((".sql", ".hql")) and 0 < file.size <= LARGEST and is_step_path(file.path):
            yield file.path


def _step(tree: SourceTree, path: str) -> Step | None:
    try:
        text = _bare(tree.text(path)).upper()
    except Unavailable:
        return None
    loading = next(_words(_LOADING, text), None)
    found: set[Stage] = {"ingest"} if loading is not None else set()
    filled = list(islice(_filled(text), STATEMENTS)) if "SELECT" in text or "USING" in text else []
    found.update(stage for table, _ in filled if (stage := _layer(table)) is not None and stage != "ingest")
    if filled and not found:
        found.update((stages_of_path(path) or layer_of_path(path))[:1])
    if not found and any(sums for _, sums in filled):
        found.add("warehouse")
    if not found:
        return None
    stages = tuple(stage for stage in STAGES if stage in found)
    line = text.count("\n", 0, loading.start()) + 1 if loading and stages == ("ingest",) else None
    return Step(paths.name(path), stages, Location(path, line), path=path, moves=bool(loading or filled))


def _words(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """What the pattern finds at the beginning of a word."""
    for found in pattern.finditer(text):
        before = text[found.start() - 1 : found.start()]
        if not (before.isalnum() or before == "_"):
            yield found


def _filled(text: str) -> Iterator[tuple[str, bool]]:
    """The tables and views that statements fill from what they select, and whether they sum it up by groups."""
    found = list(_words(_FILLING, text))
    for statement, after in zip(found, [*(each.start() for each in found[1:]), len(text)], strict=False):
        # The target of `SELECT … INTO` stands behind what is selected.
        rest = text[statement.end() : after].partition(";")[0]
        word = statement[0][:4]
        if word == "INTO":
            is_filled = _FROM.match(rest) is not None
        else:
            is_filled = (_MADE_FROM if statement["made"] else _SELECTED).search(rest) is not None
        if is_filled:
            yield statement["table"], _GROUPED.search(rest) is not None


def _layer(table: str) -> Stage | None:
    """The stage of the layer that a table's schema or name speaks of."""
    layers: dict[Stage, frozenset[str]] = {
        stage: words_of("layers", stage) for stage in ("ingest", "clean", "warehouse")
    }
    for word in _WORD.findall(table.lower()):
        for stage, words in layers.items():
            if word in words:
                return stage
    return None


def _bare(text: str) -> str:
    """The text with its comments as spaces; lines keep their numbers."""
    parts: list[str] = []
    at = 0
    while (begun := _COMMENT.search(text, at)) is not None:
        is_line = begun[0] == "--"
        end = text.find("\n" if is_line else "*/", begun.end())
        stop = len(text) if end < 0 else end + (0 if is_line else 2)
        parts += (text[at : begun.start()], "\n" * text.count("\n", begun.start(), stop) or " ")
        at = stop
    parts.append(text[at:])
    return "".join(parts)
