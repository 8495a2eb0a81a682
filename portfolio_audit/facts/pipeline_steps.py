"""The steps that a project's own files are: scripts that do one stage each, and modules that would if they were run.

Notebooks are no steps: they are run by hand, cell by cell, unless something runs them, and that something names them.
"""

import re
from collections.abc import Iterator

from portfolio_audit.facts import paths
from portfolio_audit.facts.ai_libraries import library_kind
from portfolio_audit.facts.dataset_clues import is_aside
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.other_code import OtherSource, other_sources
from portfolio_audit.facts.pipeline_handling import by_name, handling, imported, reads_table, stores, together
from portfolio_audit.facts.pipeline_words import (
    DATA,
    Stage,
    says_stage,
    stage_of_calls,
    stages_of_name,
    stages_of_path,
    words_of,
)
from portfolio_audit.facts.python_code import Function, PythonModule, python_code
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import SourceTree

_BESIDE = frozenset(
    "migrations alembic deploy deployment deployments infra infrastructure cdk terraform k8s kubernetes helm".split()
)
_CHAIN = frozenset(("etl", "elt", "pipeline", "workflow"))
_R_MOVES = (
    frozenset("csv read_csv read_tsv read_delim read_excel readRDS read_rds fread fromJSON download".split()),
    frozenset("write_csv write_tsv write_rds saveRDS save fwrite write".split()),
)

_LOADER = re.compile(r"(?i)(?:data_?(?:set_?)?)?loaders?\.py")
_LOAD = re.compile(r"(?i)(?:\d{1,3}[_-])?load(?:ing)?\.\w{1,2}$")
_WORD = re.compile(r"[A-Za-z]+")
FOLDER_WORDS = 4
"""Words of a folder that is named for a stage; a longer name is the title of a text."""
MOST = 200
"""Functions of one file that may be steps."""


class Step(Value, frozen=True):
    """One step. `tool` is what runs it ("" for a file by itself), `runs` whether it can be started on its own.

    `path` is the file whose code it is, where that is known. Of a file, `touches` says that its code handles data, and
    `moves` that it reads or fetches some and writes them on. `guessed` says that no name tells the stage, only calls.
    `queued` says that a queue joins it to another. `fault` says why starting it does nothing, where a tool names it.
    """

    name: str
    stages: tuple[Stage, ...]
    where: Location
    tool: str = ""
    runs: bool = True
    path: str = ""
    moves: bool = False
    touches: bool = True
    guessed: bool = False
    fault: str = ""
    queued: bool = False


def is_step_path(path: str) -> bool:
    """Whether a file may hold a step: no test, example, documentation, deployment, migration or template."""
    return not (is_aside(path) or "{{" in path or not _BESIDE.isdisjoint(paths.folders(path)))


def own_modules(tree: SourceTree) -> tuple[PythonModule, ...]:
    """The Python files that may hold steps. Use it as `tree.derive(own_modules)`."""
    return tuple(module for module in tree.derive(python_code).modules if _visible(module.path))


def other_scripts(tree: SourceTree) -> Iterator[OtherSource]:
    """The R and Julia files that may hold steps."""
    for source in tree.derive(other_sources):
        if source.language in ("R", "Julia") and not source.path.endswith(".ipynb") and _visible(source.path):
            yield source


def _visible(path: str) -> bool:
    return is_step_path(path) and not any(folder.startswith(".") for folder in paths.folders(path))


def file_steps(tree: SourceTree) -> tuple[Step, ...]:
    """Every own file that is one stage. Use it as `tree.derive(file_steps)`."""
    return tuple(_files(tree))


def _files(tree: SourceTree) -> Iterator[Step]:
    modules = tree.derive(own_modules)
    named = by_name(modules)
    for module in modules:
        if module.packages & words_of("services", "packages") or not module.called:
            continue
        runs = starts(module)
        handles = handling(module)
        stages = stages_of_path(module.path) or _loader(module)
        if not stages and handles.any:
            stages = _by_folder(module.path)
        guessed = not stages
        if guessed and runs and (content := stage_of_module(module)):
            stages = (content,)
        if stages:
            place = Location(module.path)
            own = imported(module, named, stages) if runs and not guessed else ()
            does = together((handles, *(handling(each) for each in own)))
            moves = does.writes and (does.reads or "ingest" in stages)
            touches = does.any or ("warehouse" in stages and stores(module))
            if reads_table(module) and not does.writes and not stores(module):
                stages = _loaded(module.path, stages)
            yield Step(paths.name(module.path), stages, place, "", runs, module.path, moves, touches, guessed)
        etl = _is_etl(module)
        if etl or not _CHAIN.isdisjoint(paths.name(module.path).lower().removesuffix(".py").split("_")):
            for function in module.functions[:MOST]:
                loads = etl and function.name.startswith("load_")
                if within := ("warehouse",) if loads else stages_of_name(function.name):
                    place = module.place(function.line)
                    yield Step(function.name, within, place, "", False, module.path, touches=handles.any)
        for function in module.functions:
            if any(decorator.rpartition(".")[2] == "command" for decorator in function.decorators):
                commanded = stages_of_name(function.name)
                if commanded:
                    yield Step(function.name, commanded, module.place(function.line), path=module.path)
    for source in other_scripts(tree):
        stages = stages_of_path(source.path)
        runs = not source.path.startswith("R/")
        if stages:
            reads, writes = (not source.names.isdisjoint(calls) for calls in _R_MOVES)
            stages = _loaded(source.path, stages) if reads and not writes else stages
            yield Step(
                paths.name(source.path),
                stages,
                Location(source.path),
                runs=runs,
                path=source.path,
                moves=reads and writes,
                touches=reads or writes or source.language != "R",
            )


def starts(module: PythonModule) -> bool:
    """Whether the file does something when it is started: a main guard, a handler, or calls outside any function."""
    if module.path.endswith("__init__.py"):
        return False
    if b"__main__" in module.source and b"__name__" in module.source:
        return True
    if any(each.name == "lambda_handler" and len(each.parameters) == 2 for each in module.functions):
        return True
    acting = _acting() | {each.name for each in module.functions}
    spans = [(each.line, each.end_line) for each in module.functions]
    spans += [(each.line, each.end_line) for each in module.classes]
    spans.sort()
    place = end = 0
    for call in module.calls_of([name for name in module.called if name.rpartition(".")[2] in acting]):
        while place < len(spans) and spans[place][0] <= call.line:
            end = max(end, spans[place][1])
            place += 1
        if call.line > end:
            return True
    return False


def only_defines(module: PythonModule) -> bool:
    """Whether starting the file does nothing for certain: no main guard, and no call outside functions and classes."""
    if b"__main__" in module.source or module.path.endswith("__init__.py"):
        return False
    spans = [(each.line, each.end_line) for each in module.functions]
    spans += [(each.line, each.end_line) for each in module.classes]
    return all(any(first <= call.line <= last for first, last in spans) for call in module.calls)


def _acting() -> frozenset[str]:
    calls = frozenset[str]().union(*(words_of("calls", stage) for stage in _CALL_STAGES))
    return calls | words_of("writes", "calls") | words_of("writes", "reads")


_CALL_STAGES = ("registry", "train", "evaluate", "features", "clean", "ingest", "warehouse")


_GETTING = ("requests.get", "httpx.get", "yfinance.")


def stage_of_module(module: PythonModule, function: Function | None = None) -> Stage | None:
    """The stage that the code of a module, or of one of its functions, speaks for."""
    telling = {name: module.resolve(name) for name in module.called}
    telling = {name: said for name, said in telling.items() if says_stage(said) or said.startswith(_GETTING)}
    if function is not None:
        lines = range(function.line, (function.end_line or 0) + 1)
        telling = {call.name: telling[call.name] for call in module.calls_of(telling.keys()) if call.line in lines}
    resolved = telling.values()
    stage = stage_of_calls(resolved)
    if stage == "train" and not any(library_kind("python", package) == "ml" for package in module.packages):
        stage = None  # many things are fitted and searched that learn nothing
    if stage is None and any(name.startswith(_GETTING) for name in resolved):
        return "ingest"
    return stage


def _loaded(path: str, stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """The stages of a file that reads and writes nothing: called "load", it brings data in and fills no store."""
    return ("ingest",) if stages == ("warehouse",) and _LOAD.match(paths.name(path)) else stages


def _is_etl(module: PythonModule) -> bool:
    """Whether its functions or methods are named for the three parts of extract, transform, load."""
    return {"extract", "transform", "load"} <= {each.name.lower().partition("_")[0] for each in module.functions[:MOST]}


def _loader(module: PythonModule) -> tuple[Stage, ...]:
    """What a file called data_loader is: it brings data in if it reads a table and feeds no network."""
    if _LOADER.fullmatch(paths.name(module.path)) is None or module.packages & words_of("feeding", "packages"):
        return ()
    return ("ingest",) if reads_table(module) else ()


def _by_folder(path: str) -> tuple[Stage, ...]:
    """The data stage that a near folder is named for ("scraping/portal.py"); one of models says too little."""
    for folder in path.split("/")[-2:-4:-1]:
        stages = stages_of_name(folder) if len(_WORD.findall(folder)) <= FOLDER_WORDS else ()
        if stages and stages[0] in DATA:
            return stages
    return ()
