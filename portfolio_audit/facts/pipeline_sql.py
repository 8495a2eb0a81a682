"""Pipelines whose steps are models in SQL: dbt, SQLMesh and Dataform, and Meltano, which brings the data to them."""

import re
from collections.abc import Iterator

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.configuration import line_of, mapping, parse_yaml, sequence
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.pipeline_steps import Step
from portfolio_audit.facts.pipeline_words import Stage, stages_of_path
from portfolio_audit.tree import SourceTree

_STAGED = ("stg", "stag", "base_", "src_", "raw", "bronze", "silver")
_MODEL = re.compile(r"^[ \t]{0,8}MODEL[ \t]{0,8}\(\s{0,80}name[ \t]{1,8}([\w.\"]{1,160})", re.MULTILINE)
_READING = re.compile(r"(?i)\bread_(?:csv|parquet|json)\w{0,8}\s{0,4}\(|\bkind\s{1,8}(?:SEED|EXTERNAL)\b")
# What `dbt init` and `sqlmesh init` write.
_SAMPLES = ("my_first_dbt_model", "my_second_dbt_model", "sqlmesh_example.")
_PLUGINS: dict[str, Stage] = {"extractors": "ingest", "transformers": "clean", "loaders": "warehouse"}


def dbt_steps(tree: SourceTree, path: str) -> Iterator[Step]:
    """Models that read a source clean it; those that read other models build the warehouse; seeds bring data in."""
    folder = path.rpartition("/")[0]
    prefix = f"{folder}/" if folder else ""
    staged = any("/stg_" in file.path for file in tree.files if file.path.startswith(prefix))
    for file in tree.derive(paths.own_files):
        if not file.path.startswith(prefix):
            continue
        inside = paths.folders(file.path[len(prefix) :])
        if inside[:1] == ("seeds",) and file.path.endswith(".csv"):
            yield Step(paths.name(file.path), ("ingest",), Location(file.path), "dbt")
        if not file.path.endswith((".sql", ".py")) or not inside or inside[0] not in ("models", "snapshots"):
            continue
        if paths.name(file.path).startswith(_SAMPLES):
            continue
        try:
            text = tree.text(file.path)
        except Unavailable:
            continue
        if "select" in text.lower():
            first = _is_staged(paths.name(file.path), inside)
            built = not first and ("ref(" in text or staged)
            yield Step(paths.name(file.path), ("warehouse" if built else "clean",), Location(file.path), "dbt")


def sqlmesh_steps(tree: SourceTree, path: str) -> Iterator[Step]:
    """A file that begins with a MODEL block: a seed or what reads files brings data in, as in dbt for the others."""
    try:
        if b"MODEL" not in tree.head(path):
            return
        text = tree.text(path)
    except Unavailable:
        return
    found = _MODEL.search(text)
    if found is None or found[1].startswith(_SAMPLES):
        return
    name = found[1].replace('"', "")
    stage: Stage = "warehouse"
    if _READING.search(text):
        stage = "ingest"
    elif _is_staged(paths.name(path), (*paths.folders(path)[-2:], *name.lower().split("."))):
        stage = "clean"
    yield Step(name, (stage,), Location(path, text.count("\n", 0, found.start()) + 1), "SQLMesh")


def _is_staged(name: str, folders: tuple[str, ...]) -> bool:
    return name.startswith(_STAGED) or any(word.startswith(_STAGED) for word in folders)


def meltano_steps(tree: SourceTree, path: str) -> Iterator[Step]:
    """The plugins that a Meltano project installs, each a step by its kind."""
    text = tree.text(path)
    for document in parse_yaml(text)[:1]:
        plugins = mapping(mapping(document).get("plugins"))
        for kind, stage in _PLUGINS.items():
            for plugin in sequence(plugins.get(kind))[:40]:
                name = str(mapping(plugin).get("name", ""))
                if name:
                    yield Step(name, (stage,), Location(path, line_of(text, name)), "Meltano")


def dataform_steps(tree: SourceTree, path: str) -> Iterator[Step]:
    """A file of a Dataform project."""
    if any(paths.name(file.path) in ("dataform.json", "workflow_settings.yaml") for file in tree.files):
        yield Step(paths.name(path), stages_of_path(path) or ("warehouse",), Location(path), "Dataform")
