"""Orchestrators that speak in files of their own: DVC, Snakemake, dbt, Kestra, Argo, Bruin, targets and their like.

A file counts once it defines steps: a `dvc.yaml` without stages or a dbt project without models runs nothing.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import msgspec

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.configuration import line_of, mapping, parse_yaml, sequence
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.pipeline_steps import Step, is_step_path, only_defines
from portfolio_audit.facts.pipeline_tools import ToolUse
from portfolio_audit.facts.pipeline_words import Stage, stage_of_calls, stages_of_name, stages_of_path
from portfolio_audit.facts.python_code import python_code
from portfolio_audit.tree import KIB, SourceTree

DEFINITIONS = 200
"""Pipeline files of one repository that are read; some of them look through all its files."""

_SCRIPT = re.compile(r"[\w./{}-]{1,160}\.(?:py|R|r|Rmd|qmd|ipynb|jl|sh|sql)\b")
_RULE = re.compile(r"^(?:rule|checkpoint)[ \t]{1,8}(\w{1,80})[ \t]{0,8}:", re.MULTILINE)
_PROCESS = re.compile(r"^process[ \t]{1,8}(\w{1,80})[ \t]{0,8}\{", re.MULTILINE)
_TARGET = re.compile(r"\btar_(?:target|file|qs|render|quarto|force|change|download|url)\(\s{0,40}([\w.]{1,80})")
_STAGED = ("stg", "stag", "base_", "src_", "raw", "bronze", "silver")
_WORD = re.compile(r"[A-Za-z_]\w{1,60}")
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
        if reader is None or (reader is not _marked_yaml and (named := named + 1) > DEFINITIONS):
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


def script_of(command: str) -> str:
    """The last script that a command names, without its folder, or ""."""
    named = _SCRIPT.findall(command[:2_000])
    return paths.name(named[0]) if named else ""


def _reader(path: str) -> "Callable[[SourceTree, str], Iterator[Step]] | None":
    name = paths.name(path).lower()
    suffix = paths.suffix(path)
    if name in _BY_NAME:
        return _BY_NAME[name]
    if suffix in (".yml", ".yaml"):
        return _marked_yaml
    return _BY_SUFFIX.get(suffix)


def _step(text: str, path: str, name: str, tool: str, command: str = "") -> Step:
    """A step by its name, else by its script, else by the words of its command."""
    script = script_of(command)
    stages = stages_of_name(name) or stages_of_path(script)
    stages = stages or _of_body(command)
    return Step(name, stages, Location(path, line_of(text, name), note=script), tool)


def _dvc(tree: SourceTree, path: str) -> Iterator[Step]:
    text = tree.text(path)
    for document in parse_yaml(text)[:1]:
        for name, stage in list(mapping(mapping(document).get("stages")).items())[:100]:
            stage = mapping(stage)
            stage = mapping(stage.get("do")) or stage
            commands = " ".join(str(each) for each in sequence(stage.get("cmd")))
            if commands:
                step = _step(text, path, str(name), "DVC", commands)
                fault = _fault(tree, step.where.note)
                yield msgspec.structs.replace(step, fault=fault, runs=not fault)
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
        return f"{script} is not in the repository"
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
        stages = stages_of_name(block[1]) or stages_of_path(script) or _of_body(body)
        yield Step(block[1], stages, Location(path, text.count("\n", 0, block.start()) + 1, note=script), tool)


def _of_body(body: str) -> tuple[Stage, ...]:
    called = stage_of_calls(_WORD.findall(body[:8_000]))
    return (called,) if called else ("ingest",) if "requests.get" in body else ()


def _targets(tree: SourceTree, path: str) -> Iterator[Step]:
    text = tree.text(path)
    for target in islice(_TARGET.finditer(text), 200):
        line = text.count("\n", 0, target.start()) + 1
        body = text[target.end() : target.end() + 300].partition("tar_")[0]
        stages = stages_of_name(target[1]) or stages_of_name(body.partition("(")[0])
        yield Step(target[1], stages, Location(path, line), "targets")


def _dbt(tree: SourceTree, path: str) -> Iterator[Step]:
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
        try:
            text = tree.text(file.path)
        except Unavailable:
            continue
        if "select" in text.lower():
            first = paths.name(file.path).startswith(_STAGED) or any(word.startswith(_STAGED) for word in inside)
            built = not first and ("ref(" in text or staged)
            yield Step(paths.name(file.path), ("warehouse" if built else "clean",), Location(file.path), "dbt")


def _marked_yaml(tree: SourceTree, path: str) -> Iterator[Step]:
    """Flows of Kestra and Argo, which may be called anything: recognised by what they say."""
    try:
        text = tree.text(path)
    except Unavailable:
        return
    kestra = "io.kestra." in text and "tasks:" in text
    argo = "argoproj.io/" in text and "kind:" in text and ("Workflow" in text)
    if not kestra and not argo:
        return
    for document in parse_yaml(text):
        root = mapping(document)
        if kestra and root.get("id") and root.get("tasks"):
            yield from _kestra(text, path, root)
        elif argo and str(root.get("kind")) in ("Workflow", "CronWorkflow", "WorkflowTemplate"):
            for template in sequence(_deep(root, "spec", "workflowSpec", "templates")):
                name = str(mapping(template).get("name", ""))
                if mapping(template).get("container") or mapping(template).get("script"):
                    yield _step(text, path, name, "Argo Workflows")


def _deep(root: dict[Any, Any], *keys: str) -> Any:
    value: Any = root
    for key in keys:
        value = mapping(value).get(key, value)
    return value if isinstance(value, list) else None


def _kestra(text: str, path: str, root: dict[Any, Any]) -> Iterator[Step]:
    flow = str(root["id"])
    waiting = sequence(root.get("tasks"))[:60]
    for task in waiting:
        task = mapping(task)
        waiting += sequence(task.get("tasks"))[:40] if len(waiting) < 200 else []
        command = " ".join(str(task.get(key, "")) for key in ("script", "commands", "sql"))
        name, kind = str(task.get("id", "")), str(task.get("type", ""))
        step = _step(text, path, name, "Kestra", command)
        stages = step.stages
        if not stages and kind.endswith(("http.Download", "jdbc.Query", "Upload", "LoadFromGcs", "Load")):
            stages = ("warehouse",) if "oad" in kind.rpartition(".")[2] and "Down" not in kind else ("ingest",)
        stages = stages or (stages_of_name(flow) if kind.endswith(("Script", "Commands", "Query")) else ())
        yield Step(name, stages, Location(path, line_of(text, name)), "Kestra")


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
                    yield _step(text, path, str(mapping(task).get("name", paths.name(source))), "Ploomber", source)
        return
    yield from _bruin(tree, path)
    yield from _marked_yaml(tree, path)


def _doit(tree: SourceTree, path: str) -> Iterator[Step]:
    text = tree.text(path)
    for task in islice(re.finditer(r"^def task_(\w{1,80})\(", text, re.MULTILINE), 200):
        yield Step(task[1], stages_of_name(task[1]), Location(path, text.count("\n", 0, task.start()) + 1), "doit")


def _dataform(tree: SourceTree, path: str) -> Iterator[Step]:
    if any(paths.name(file.path) in ("dataform.json", "workflow_settings.yaml") for file in tree.files):
        yield Step(paths.name(path), stages_of_path(path) or ("warehouse",), Location(path), "Dataform")


_BY_NAME: dict[str, Callable[[SourceTree, str], Iterator[Step]]] = {
    "dvc.yaml": _dvc,
    "snakefile": _snakemake,
    "_targets.r": _targets,
    "dbt_project.yml": _dbt,
    "pipeline.yml": _ploomber,
    "pipeline.yaml": _ploomber,
    "dodo.py": _doit,
}
_BY_SUFFIX: dict[str, Callable[[SourceTree, str], Iterator[Step]]] = {
    ".smk": _snakemake,
    ".nf": _nextflow,
    ".sqlx": _dataform,
}
