"""Orchestrators in Python code: which are really used to define a flow, and the steps that they run.

Named in a requirement, in a README or in a library that offers an integration, an orchestrator orchestrates nothing.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.dataset_clues import is_aside
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.pipeline_steps import MOST, Step, is_step_path, own_modules, stage_of_module
from portfolio_audit.facts.pipeline_words import Stage, layer_of_path, stages_of_name, stages_of_path
from portfolio_audit.facts.python_code import Function, PythonModule, python_code
from portfolio_audit.facts.words import load_table
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import SourceTree

# Operators that carry data from where they lie into a store or warehouse, whatever the task is called.
_TRANSFER = re.compile(
    r"(?:GCS|S3|Local\w{0,30}|SFTP|FTP|Http|GoogleSheets|Postgres|MySQL|MsSql|Oracle|Mongo|Salesforce|AzureBlob\w{0,20})"
    r"To(?:BigQuery|Redshift|Snowflake|Postgres|MySql|Hive|GCS|S3|Databricks|Teradata)\w{0,20}Operator"
)
_NAMED = re.compile(r"\b(task_id|group_id|name|func|python_callable)\s{0,3}=\s{0,3}[\"']?([A-Za-z][\w .:-]{1,80})")
# A data set of the raw layer, or one that is not a file of the project at all.
_RAW = re.compile(
    r"^[ \t]{1,8}(?:filepath|path):[^\n#]{0,200}[/_]raw\b|^[ \t]{1,8}filepath:[ \t]{0,4}[\"']?(?:https?|s3|gs|abfs)://"
    r"|^[ \t]{1,8}type:[ \t]{0,4}[\w.]{0,40}(?:SQL|API)\w{0,12}Data[sS]et",
    re.MULTILINE,
)


class ToolUse(Value, frozen=True):
    """A tool that is used, and the line that shows it."""

    name: str
    where: Location


def python_tools(tree: SourceTree) -> tuple[tuple[ToolUse, ...], tuple[Step, ...]]:
    """Each orchestrator used in own Python or a notebook with its first place, and all steps.

    Use it as `tree.derive(python_tools)`.
    """
    used: dict[str, ToolUse] = {}
    steps: list[Step] = []
    joined: dict[str, set[str]] = {}
    waiting: list[tuple[PythonModule, dict[str, Any], tuple[str, ...]]] = []
    notebooks = tuple(each for each in tree.derive(python_code).notebooks if is_step_path(each.path))
    defined = tuple(each for each in tree.derive(python_code).modules if _defines_cloud(each))
    for module in tree.derive(own_modules) + notebooks + defined:
        for tool, packages, heads in _orchestrators():
            if module in defined and not tool.get("cloud"):
                continue
            if module.packages.isdisjoint(heads) or not _imports(module, packages):
                continue
            if paths.name(module.path).removesuffix(".py") in tool.get("samples", "").split():
                continue
            line = _defining(module, packages, frozenset(tool["words"].split()))
            if line is not None:
                used.setdefault(tool["name"], ToolUse(tool["name"], module.place(line)))
                steps.extend(_loaded([*_steps(module, tool, packages)]))
                joined.setdefault(tool["name"], set()).update(_joined(module))
            elif tool["steps"]:
                waiting.append((module, tool, packages))
    for module, tool, packages in waiting:
        called = joined.get(tool["name"], set())
        steps.extend(step for step in _steps(module, tool, packages) if step.name in called)
    if "Kedro" in used:
        steps.extend(_kedro(tree))
    return tuple(used.values()), tuple(steps)


def _loaded(steps: list[Step]) -> list[Step]:
    """The steps of one file: after an extraction and without training, a load is the last part of the three."""
    extracts = any(step.name.startswith("extract") and "ingest" in step.stages for step in steps)
    if not extracts or any("train" in step.stages for step in steps):
        return steps
    return [
        msgspec.structs.replace(step, stages=("warehouse",))
        if step.name.startswith("load") and step.stages == ("ingest",)
        else step
        for step in steps
    ]


def _joined(module: PythonModule) -> set[str]:
    """The names that a file imports one by one and calls: steps defined elsewhere, if they are any of the tool's."""
    called = {name.partition(".")[0] for name in module.called}
    return {each.name for each in module.imports if each.name and (each.alias or each.name) in called}


def _defines_cloud(module: PythonModule) -> bool:
    """Whether a file describes machines in a cloud, among which a tool that runs steps may be."""
    return not is_step_path(module.path) and not is_aside(module.path) and "aws_cdk" in module.packages


@cache
def _orchestrators() -> tuple[tuple[dict[str, Any], tuple[str, ...], frozenset[str]], ...]:
    """Each orchestrator of the table with its packages and what their names begin with."""
    return tuple(
        (tool, packages, frozenset(package.partition(".")[0] for package in packages))
        for tool in load_table("pipeline_tools")["orchestrator"]
        for packages in (tuple(tool["packages"].split()),)
    )


def _imports(module: PythonModule, packages: tuple[str, ...]) -> bool:
    """Whether one of them is imported, be it as `from pyspark import pipelines`."""
    return any(
        _begins(each.module, packages) or (each.name is not None and _begins(f"{each.module}.{each.name}", packages))
        for each in module.imports
    )


def _begins(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def _held(name: str, packages: tuple[str, ...], words: frozenset[str]) -> str | None:
    """The word that a dotted name of one of these packages holds."""
    for package in packages:
        if name.startswith(package + "."):
            return next((part for part in name[len(package) + 1 :].split(".") if part in words), None)
    return None


def _defining(module: PythonModule, packages: tuple[str, ...], words: frozenset[str]) -> int | None:
    """The first line that defines a flow or a step of one."""
    defining = [name for name in module.called if _held(module.resolve(name), packages, words)]
    lines = [call.line for call in module.calls_of(defining)]
    for each in module.functions:
        lines += [each.line for name in each.decorators if _held(module.resolve(name), packages, words)]
    for each_class in module.classes:
        lines += [each_class.line for name in each_class.bases if _held(module.resolve(name), packages, words)]
    return min(lines, default=None)


def _steps(module: PythonModule, tool: dict[str, Any], packages: tuple[str, ...]) -> Iterator[Step]:
    words = frozenset(tool["steps"].split())
    by_kind: dict[str, Stage] = tool.get("stage", {})
    for function in module.functions[:MOST]:
        kind = next(
            (held for name in function.decorators if (held := _held(module.resolve(name), packages, words))), None
        )
        if kind is not None:
            layer = _layer(module.path, function.name) if tool.get("layered") else ()
            stages = layer or stages_of_name(function.name) or _else(module, function) or _kind(by_kind, kind)
            stages = stages or layer_of_path(f"{function.name}.py")
            yield Step(function.name, stages, module.place(function.line), tool["name"], path=module.path)
    for each in module.classes:
        if any(_held(module.resolve(base), packages, words) for base in each.bases):
            yield Step(each.name, stages_of_name(each.name), module.place(each.line), tool["name"], path=module.path)
    for call in module.calls:
        if tool.get("called"):
            kind = _held(module.resolve(call.name), packages, words)
            if kind is not None:
                stages = stages_of_name(call.text or "") or _kind(by_kind, kind) or stages_of_name(kind)
                yield Step(call.text or kind, stages, module.place(call.line), tool["name"], path=module.path)
    wanted = frozenset(tool.get("named", "").split())
    if wanted:
        lines = module.source.decode("utf-8", "replace").split("\n")
        yield from _transfers(module, tool["name"], lines)
        own = {each.name: each for each in module.functions}
        for number, line in enumerate(lines, 1):
            for key, name in _NAMED.findall(line[:400]):
                if key in wanted and (stages := stages_of_name(name)):
                    yield Step(name, stages, module.place(number), tool["name"], path=module.path)
                elif key == "python_callable" and name in own and "task_id" in wanted and _untold(lines, number, name):
                    stages = stages_of_name(name) or _else(module, own[name])
                    yield Step(name, stages, module.place(number), tool["name"], path=module.path)


def _untold(lines: list[str], number: int, name: str) -> bool:
    """Whether the call on this line, which may stand on several, gives its task no name that says its stage."""
    before, _, after = " ".join(lines[max(0, number - 4) : number + 3]).partition(f"={name}")
    said = before.rpartition("(")[2] + after.partition(")")[0]
    return not any(key == "task_id" and stages_of_name(named) for key, named in _NAMED.findall(said[:1_600]))


def _layer(path: str, name: str) -> tuple[Stage, ...]:
    """The layer of a lakehouse that a table is in, by its folder or file, else by its own name."""
    return layer_of_path(path) or layer_of_path(f"{name}.py")


def _transfers(module: PythonModule, tool: str, lines: list[str]) -> Iterator[Step]:
    """Tasks that bring data in by an operator of that kind, where their own name does not tell a stage."""
    for call in module.calls_of([name for name in module.called if _TRANSFER.fullmatch(name.rpartition(".")[2])]):
        named = next((name for _, name in _NAMED.findall("\n".join(lines[call.line - 1 : call.line + 9])[:2000])), "")
        if not stages_of_name(named):
            yield Step(named or call.name, ("ingest",), module.place(call.line), tool, path=module.path)


def _kind(by_kind: dict[str, Stage], kind: str) -> tuple[Stage, ...]:
    return (by_kind[kind],) if kind in by_kind else ()


def _else(module: PythonModule, function: Function) -> tuple[Stage, ...]:
    """What the function calls says what it is: libraries first, then own functions by their names."""
    own = {each.name for each in module.functions}
    calls = [call.name for call in module.calls if function.line <= call.line <= function.end_line]
    stage = stage_of_module(module, function)
    # Where a function is named for bringing data in, one that only looks like it reads what was brought.
    brought = stage == "ingest" and any("ingest" in stages_of_name(each.name) for each in module.functions[:MOST])
    found = [None if brought else stage]
    found += [stage for name in calls if name in own for stage in stages_of_name(name)]
    return tuple(dict.fromkeys(stage for stage in found if stage is not None))


def _kedro(tree: SourceTree) -> Iterator[Step]:
    """The functions that a Kedro project keeps in `pipelines/NAME/nodes.py`, and the pipelines themselves."""
    for module in tree.derive(own_modules):
        above = paths.folders(module.path)
        if "pipelines" in above[:-1] or (above and above[-1] == "pipelines"):
            for function in module.functions[:MOST]:
                if stages := stages_of_name(function.name) or _else(module, function):
                    yield Step(function.name, stages, module.place(function.line), "Kedro", path=module.path)
            if stages := stages_of_path(module.path):
                yield Step(paths.name(module.path), stages, Location(module.path), "Kedro", path=module.path)
    yield from _catalogue(tree)


def _catalogue(tree: SourceTree) -> Iterator[Step]:
    """The raw data that the catalogue of a Kedro project names, which Kedro itself loads: one step for each file."""
    for file in tree.derive(paths.own_files):
        name = paths.name(file.path)
        if (
            not name.startswith("catalog")
            or not name.endswith((".yml", ".yaml"))
            or "conf" not in paths.folders(file.path)
        ):
            continue
        try:
            found = _RAW.search(tree.text(file.path))
        except Unavailable:
            continue
        if found is not None:
            line = found.string.count("\n", 0, found.start()) + 1
            yield Step(name, ("ingest",), Location(file.path, line), "Kedro", path=file.path)
