"""Orchestrators that speak in files of their own: DVC, Snakemake, dbt, Kestra, Argo, Bruin, targets and their like.

A file counts once it defines steps: a `dvc.yaml` without stages or a dbt project without models runs nothing.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice

import msgspec

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.configuration import mapping, parse_yaml, sequence
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.pipeline_commands import script_of, stages_of_body, step_of
from portfolio_audit.facts.pipeline_flows import state_steps, yaml_steps
from portfolio_audit.facts.pipeline_sql import dataform_steps, dbt_steps, meltano_steps, sqlmesh_steps
from portfolio_audit.facts.pipeline_steps import Step, is_step_path, only_defines
from portfolio_audit.facts.pipeline_tools import ToolUse
from portfolio_audit.facts.pipeline_words import Stage, stages_of_name, stages_of_path
from portfolio_audit.facts.python_code import python_code
from portfolio_audit.tree import KIB, SourceTree

DEFINITIONS = 200
"""Pipeline files of one repository that are read; some of them look through all its files."""

ABSENT = "is not in the repository"
_RULE = re.compile(r"^(?:rule|checkpoint)[ \t]{1,8}(\w{1,80})[ \t]{0,8}:", re.MULTILINE)
_PROCESS = re.compile(r"^process[ \t]{1,8}(\w{1,80})[ \t]{0,8}\{", re.MULTILINE)
_TARGET = re.compile(r"\btar_(?:target|file|qs|render|quarto|force|change|download|url)\(\s{0,40}([\w.]{1,80})")
_NAME = re.compile(r"^name:[ \t]{0,8}([\w.-]{1,120})", re.MULTILINE)


def file_tools(tree: SourceTree) -> tuple[tuple[ToolUse, ...], tuple[Step, ...], tuple[str, ...]]:
    """Orchestrators with the file that shows each, their steps, and definitions that could not be read.

    Use it as `tree.derive(file_tools)`.
    """
    used: dict[str, ToolUse] = {}
    steps: list[Step] = []
    unread: list[str] = []
    named = 0
    for file in tree.derive(paths.own_files):
        reader = _reader(file.path) if is_step_path(file.path) and file.size <= 256 * KIB else None
        if reader is None or (reader not in _MARKED and (named := named + 1) > DEFINITIONS):
            continue
        try:
            found = list(reader(tree, file.path))
        except Unavailable as unavailable:
            tree.note(file.path, unavailable)
            unread.append(file.path)
            continue
        for step in found:
            used.setdefault(step.tool, ToolUse(step.tool, step.where))
        steps += found
    return tuple(used.values()), tuple(steps), tuple(unread)


def _reader(path: str) -> "Callable[[SourceTree, str], Iterator[Step]] | None":
    name = paths.name(path).lower()
    suffix = paths.suffix(path)
    if name in _BY_NAME:
        return _BY_NAME[name]
    if suffix in (".yml", ".yaml"):
        return yaml_steps
    return _BY_SUFFIX.get(suffix)


def _dvc(tree: SourceTree, path: str) -> Iterator[Step]:
    text = tree.text(path)
    for document in parse_yaml(text)[:1]:
        for name, stage in list(mapping(mapping(document).get("stages")).items())[:100]:
            stage = mapping(stage)
            stage = mapping(stage.get("do")) or stage
            commands = " ".join(str(each) for each in sequence(stage.get("cmd")))
            if commands:
                step = step_of(text, path, str(name), "DVC", commands)
                fault = _fault(tree, step.where.note)
                # What writes metrics predicts in order to measure.
                measured: tuple[Stage, ...] = ("evaluate",) if stage.get("metrics") else ()
                stages = measured if measured and step.stages == ("serve",) else step.stages
                yield msgspec.structs.replace(step, fault=fault, runs=not fault, stages=stages)
    for file in tree.files:
        # `dvc import` and `dvc import-url` leave a file that says where the data come from.
        if file.path.endswith(".dvc") and file.size < 8 * KIB and "/.dvc/" not in f"/{file.path}":
            try:
                imported = "deps:" in tree.text(file.path)
            except Unavailable:
                continue
            if imported:
                yield Step(paths.name(file.path), ("ingest",), Location(file.path), "DVC")


def _fault(tree: SourceTree, script: str) -> str:
    """Why starting the Python script of a stage does nothing, or "".

    Wherever a file of that name lies, it may be the one: what stands before the command may change the folder.
    """
    if not script.endswith(".py") or "{" in script:
        return ""
    if not any(paths.name(file.path) == script for file in tree.files):
        return f"{script} {ABSENT}"
    named = [module for module in tree.derive(python_code).modules if paths.name(module.path) == script]
    if len(named) == 1 and only_defines(named[0]):
        return f"{script} only defines functions and classes, and calls none"
    return ""


def _snakemake(tree: SourceTree, path: str) -> Iterator[Step]:
    return (step for step in _blocks(tree.text(path), path, _RULE, "Snakemake") if step.name != "all")


def _nextflow(tree: SourceTree, path: str) -> Iterator[Step]:
    return _blocks(tree.text(path), path, _PROCESS, "Nextflow")


def _blocks(text: str, path: str, opening: re.Pattern[str], tool: str) -> Iterator[Step]:
    """A step for each block, from one opening to the next: by its name, its script, or what it says."""
    found = list(islice(opening.finditer(text), 200))
    ends = [*(each.start() for each in found[1:]), len(text)]
    for block, end in zip(found, ends, strict=False):
        body = text[block.end() : end]
        script = script_of(body)
        stages = stages_of_name(block[1]) or stages_of_path(script) or stages_of_body(body)
        yield Step(block[1], stages, Location(path, text.count("\n", 0, block.start()) + 1, note=script), tool)


def _targets(tree: SourceTree, path: str) -> Iterator[Step]:
    text = tree.text(path)
    for target in islice(_TARGET.finditer(text), 200):
        line = text.count("\n", 0, target.start()) + 1
        body = text[target.end() : target.end() + 300].partition("tar_")[0]
        stages = stages_of_name(target[1]) or stages_of_name(body.partition("(")[0])
        yield Step(target[1], stages, Location(path, line), "targets")


def _bruin(tree: SourceTree, path: str) -> Iterator[Step]:
    """A pipeline.yml beside a folder of assets; an asset is SQL or Python with a header, or a YAML of its own."""
    folder = path.rpartition("/")[0]
    prefix = f"{folder}/assets/" if folder else "assets/"
    for file in tree.derive(paths.own_files):
        if not file.path.startswith(prefix):
            continue
        try:
            text = tree.text(file.path)
        except Unavailable:
            continue
        if "@bruin" in text or paths.name(file.path).endswith((".asset.yml", ".asset.yaml")):
            named = _NAME.search(text)
            name = named[1] if named else paths.name(file.path)
            stages = stages_of_name(name) or stages_of_path(file.path) or stages_of_name(paths.name(folder))
            stages = stages or (
                ("ingest",) if "ingestr" in text else ("warehouse",) if "select" in text.lower() else ()
            )
            yield Step(name, stages, Location(file.path), "Bruin")


def _ploomber(tree: SourceTree, path: str) -> Iterator[Step]:
    """A pipeline.yaml with tasks that have a source and a product is Ploomber's; with assets beside it Bruin's."""
    text = tree.text(path)
    if "tasks:" in text and "product:" in text:
        for document in parse_yaml(text)[:1]:
            for task in sequence(mapping(document).get("tasks"))[:100]:
                source = str(mapping(task).get("source", ""))
                if source:
                    yield step_of(text, path, str(mapping(task).get("name", paths.name(source))), "Ploomber", source)
        return
    yield from _bruin(tree, path)
    yield from yaml_steps(tree, path)


def _doit(tree: SourceTree, path: str) -> Iterator[Step]:
    text = tree.text(path)
    for task in islice(re.finditer(r"^def task_(\w{1,80})\(", text, re.MULTILINE), 200):
        yield Step(task[1], stages_of_name(task[1]), Location(path, text.count("\n", 0, task.start()) + 1), "doit")


_BY_NAME: dict[str, Callable[[SourceTree, str], Iterator[Step]]] = {
    "dvc.yaml": _dvc,
    "snakefile": _snakemake,
    "_targets.r": _targets,
    "dbt_project.yml": dbt_steps,
    "meltano.yml": meltano_steps,
    "pipeline.yml": _ploomber,
    "pipeline.yaml": _ploomber,
    "dodo.py": _doit,
}
_BY_SUFFIX: dict[str, Callable[[SourceTree, str], Iterator[Step]]] = {
    ".smk": _snakemake,
    ".nf": _nextflow,
    ".sqlx": dataform_steps,
    ".sql": sqlmesh_steps,
    ".json": state_steps,
}
_MARKED = (yaml_steps, sqlmesh_steps, state_steps)
"""Readers of files that may be called anything: they look at each and count none."""
