"""Whether experiments are tracked: runs recorded by a tool made for it, in code that is the project's own.

A library that offers a logger to its users tracks nothing, and neither does a requirement that nobody calls.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import ClassVar, Self

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.fact import Location, TreeFact
from portfolio_audit.facts.library import library
from portfolio_audit.facts.pipeline_steps import is_step_path
from portfolio_audit.facts.pipeline_tools import ToolUse
from portfolio_audit.facts.pipeline_words import words_of
from portfolio_audit.facts.python_code import PythonModule, python_code
from portfolio_audit.facts.words import load_table
from portfolio_audit.tree import KIB, SourceTree

_REPORTED = re.compile(r"\breport_to[\"']?\s{0,4}[=:]\s{0,4}\[?\s{0,4}[\"']?(\w{3,20})")
_TARGET = re.compile(r"_target_:[ \t]{0,4}[\w.]{0,120}\.(\w{4,40})\b")
_PLUGIN = re.compile(r"^[ \t]{0,8}(?:mlflow_tracking_uri|tracking|experiment):", re.MULTILINE)


class Tracking(TreeFact, frozen=True):
    """The trackers of a tree, each with the first line that records something by it. Always there, empty for a library.

    `empty` counts committed runs of MLflow that recorded neither a metric nor a parameter; `begun` is the first one.
    """

    version: ClassVar[str] = "8"
    tools: tuple[ToolUse, ...] = ()
    library: bool = False
    empty: int = 0
    begun: Location | None = None

    @classmethod
    def distil(cls, tree: SourceTree) -> Self:
        code = tree.derive(python_code)
        total = len(code.all) + len(code.unread)
        incomplete = f"{len(code.unread)} of {total} Python files could not be read" if code.unread else None
        if tree.derive(library) is not None:
            return cls(incomplete, (), True)
        first: dict[str, ToolUse] = {}
        late: dict[str, ToolUse] = {}
        for module in sorted(code.all, key=lambda module: not _learns(module)):
            if is_step_path(module.path):
                for use, beside in _in_module(module):
                    (late if beside else first).setdefault(use.name, use)
        for use in _in_files(tree):
            first.setdefault(use.name, use)
        first = late | first
        empty = _empty_runs(tree)
        begun = Location(empty[0], note="a run") if empty else None
        return cls(incomplete, tuple(first[name] for name in sorted(first)), False, len(empty), begun)


def _learns(module: PythonModule) -> bool:
    """Whether something is trained here: an inference may be recorded too, and shows less."""
    return not words_of("calls", "train").isdisjoint(name.rpartition(".")[2] for name in module.called)


def _in_module(module: PythonModule) -> Iterator[tuple[ToolUse, bool]]:
    """Each use, and whether it only stands around a run."""
    data = load_table("pipeline_tools")
    loggers: dict[str, str] = data["loggers"]
    telling = [name for name in module.called if module.resolve(name).rpartition(".")[2] in _words()]
    for call in module.calls_of(telling):
        resolved = module.resolve(call.name)
        last = resolved.rpartition(".")[2]
        if last in loggers:
            yield ToolUse(loggers[last], module.place(call.line)), False
        for tool in data["tracker"]:
            if last in tool["words"].split() and _of(resolved, tool["packages"].split()):
                yield ToolUse(tool["name"], module.place(call.line)), last in tool.get("late", "").split()
    for tool in data["tracker"]:
        if "client" in tool and any(_makes(module.resolve(name), tool) for name in telling):
            recording = tool["recording"].split()
            for call in module.calls_of([name for name in module.called if name.rpartition(".")[2] in recording])[:1]:
                yield ToolUse(tool["name"], module.place(call.line)), False
    if b"report_to" in module.source:
        text = module.source.decode("utf-8", "replace")
        for position, name in _first(_REPORTED, text, data["reported"]):
            yield ToolUse(name, module.place(text.count("\n", 0, position) + 1)), False


def _makes(resolved: str, tool: dict[str, str]) -> bool:
    return resolved.rpartition(".")[2] == tool["client"] and _of(resolved, tool["packages"].split())


def _first(pattern: re.Pattern[str], text: str, names: dict[str, str]) -> list[tuple[int, str]]:
    """Where each known name that the pattern finds occurs first, and the tool it stands for."""
    first: dict[str, int] = {}
    for found in pattern.finditer(text):
        if found[1] in names:
            first.setdefault(found[1], found.start())
    return [(position, names[name]) for name, position in first.items()]


@cache
def _words() -> frozenset[str]:
    """Last parts of the calls that track something."""
    data = load_table("pipeline_tools")
    clients = (tool["client"] for tool in data["tracker"] if "client" in tool)
    return frozenset(data["loggers"]).union(clients, *(tool["words"].split() for tool in data["tracker"]))


def _of(resolved: str, packages: list[str]) -> bool:
    return any(resolved.startswith(package + ".") or resolved == package for package in packages)


def _in_files(tree: SourceTree) -> Iterator[ToolUse]:
    """Loggers that a configuration builds by name, runs that were committed, and R."""
    loggers: dict[str, str] = load_table("pipeline_tools")["loggers"]
    for path in recorded_runs(tree):
        yield ToolUse("MLflow", Location(path, note="a recorded run"))
    for file in tree.derive(paths.own_files):
        if not is_step_path(file.path) or file.size > 256 * KIB:
            continue
        above, suffix = paths.folders(file.path), paths.suffix(file.path)
        if "mlruns" in above:
            continue
        if "conf" in above and paths.name(file.path) in ("mlflow.yml", "mlflow.yaml"):
            if (line := _kedro(tree, file.path)) is not None:
                yield ToolUse("MLflow", Location(file.path, line))
        elif suffix in (".yaml", ".yml", ".r", ".rmd"):
            try:
                text = tree.text(file.path)
            except Unavailable:
                continue
            if suffix in (".r", ".rmd") and (position := text.find("mlflow_log_")) >= 0:
                yield ToolUse("MLflow", Location(file.path, text.count("\n", 0, position) + 1))
            for position, name in _first(_TARGET, text, loggers) if "_target_" in text else ():
                yield ToolUse(name, Location(file.path, text.count("\n", 0, position) + 1))


def recorded_runs(tree: SourceTree) -> tuple[str, ...]:
    """The heads (`meta.yaml`) of committed runs of MLflow with a measure or parameter; one that only began has none."""
    heads, runs = tree.derive(_committed)
    return tuple(path for path in heads if path.rpartition("/")[0] in runs)


def _empty_runs(tree: SourceTree) -> tuple[str, ...]:
    """The heads of committed runs of MLflow that only began."""
    heads, runs = tree.derive(_committed)
    inside = [(path, path.lower().rpartition("mlruns/")[2].split("/")) for path in heads]
    begun = [path for path, parts in inside if len(parts) == 3 and not {"models", ".trash"} & {*parts}]
    return tuple(path for path in begun if path.rpartition("/")[0] not in runs)


def _committed(tree: SourceTree) -> tuple[tuple[str, ...], frozenset[str]]:
    """The heads of runs and of what they belong to, and the folders of runs that recorded something."""
    heads: list[str] = []
    runs: set[str] = set()
    for file in tree.derive(paths.own_files):
        if "mlruns" in paths.folders(file.path) and is_step_path(file.path):
            if paths.name(file.path) == "meta.yaml" and file.size <= 256 * KIB:
                heads.append(file.path)
            for part in ("/metrics/", "/params/"):
                run, inside, _ = file.path.partition(part)
                runs |= {run} if inside else set()
    return tuple(heads), frozenset(runs)


def _kedro(tree: SourceTree, path: str) -> int | None:
    """The line by which the plugin of Kedro records the runs of a project, null if the file is another."""
    try:
        found = _PLUGIN.search(tree.text(path))
    except Unavailable:
        return None
    return found.string.count("\n", 0, found.start()) + 1 if found is not None else None
