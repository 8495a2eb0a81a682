"""A chain of own modules that one script runs from the data to a trained model, told by what it calls of them.

It is no pipeline, since none of it can be run again by itself; but who has one is not told that nothing was found. File
names like `utils` say no stage; the functions and methods that the starting script calls do.
"""

import re
from collections.abc import Iterator

from portfolio_audit.facts import paths
from portfolio_audit.facts.pipeline_handling import by_name, source_of
from portfolio_audit.facts.pipeline_steps import Step, only_defines, own_modules, stage_of_module
from portfolio_audit.facts.pipeline_words import DATA, Stage, stages_of_name, words_of
from portfolio_audit.facts.python_code import PythonModule
from portfolio_audit.tree import SourceTree

TOLD: frozenset[Stage] = frozenset(("ingest", "clean", "features", "train", "evaluate"))
"""Stages that the name of a call tells well enough."""
_MADE = re.compile(
    r"\b(?P<variable>\w{1,60})(?::[^=\n]{1,80})?\s{0,4}=\s{0,4}(?:\w{1,60}\.){0,3}(?P<kind>[A-Z]\w{0,80})\("
)
_WITH = re.compile(r"\bwith\s{1,4}(?:\w{1,60}\.){0,3}(?P<kind>[A-Z]\w{0,80})\(.{0,200}\) as (?P<variable>\w{1,60})")
MADE = 500
"""Places of a script at which a variable is looked for that holds an object of an own class."""
_READ: tuple[Stage, ...] = ("ingest",)
# What a class that is fitted to data, or only started, does is told by its own name.
_FITTED = frozenset("fit_transform fit run main execute start process transform".split())


def chain_steps(tree: SourceTree) -> tuple[Step, ...]:
    """The steps of the longest chain, each with the line that calls it: some that handle data, and one that trains.

    None if no script calls such things of own modules. Use it as `tree.derive(chain_steps)`.
    """
    modules = tree.derive(own_modules)
    named = by_name(modules)
    longest: tuple[Step, ...] = ()
    for module in modules:
        if not module.packages.isdisjoint(words_of("services", "packages")):
            continue
        steps = tuple(step for step in _calls(module, named) if step.stages[0] in TOLD)
        stages = {step.stages[0] for step in steps}
        whole = any(step.path != module.path for step in steps) and "train" in stages and not DATA.isdisjoint(stages)
        longest = steps if whole and len(steps) > len(longest) and not only_defines(module) else longest
    return longest


def _calls(module: PythonModule, named: dict[str, list[PythonModule]]) -> Iterator[Step]:
    """A step for each thing of an own module that the script calls and that says a stage, if one of them trains."""
    own: dict[str, PythonModule] = {}
    for each in module.imports:
        source = source_of(each, named)
        if source is not None:
            own[each.alias or each.name or each.module] = source
    if len({source.path for source in own.values()}) < 2:
        return
    made = _made(module, own)
    told: dict[str, tuple[tuple[Stage, ...], PythonModule]] = {}
    for name in module.called:
        first, _, rest = name.partition(".")
        source = own.get(first) or own.get(made.get(first, "")) or own.get(name.rpartition(".")[0])
        if source is None and not rest.startswith("read_"):
            continue
        called = module.resolve(name).rpartition(".")[2]
        stages = _stages(source, made.get(first, ""), called) if source else _READ
        if stages:
            told[name] = stages[:1], source or module
    if not any(stages == ("train",) for stages, _ in told.values()):
        return
    runner = paths.name(module.path)
    # What is only made there does its work where a method of it is called.
    for call in sorted(module.calls_of(told.keys()), key=lambda each: each.name.rpartition(".")[2][:1].isupper()):
        stages, source = told[call.name]
        yield Step(call.name, stages, module.place(call.line), runner, False, source.path)


def _made(module: PythonModule, own: dict[str, PythonModule]) -> dict[str, str]:
    """The classes of own modules that variables of the script hold an object of."""
    kinds = {name for name in module.called if name in own and name[:1].isupper()}
    lines = module.source.split(b"\n") if kinds else []
    made: dict[str, str] = {}
    for call in module.calls_of(kinds)[:MADE]:
        line = lines[call.line - 1][:400].decode("utf-8", "replace")
        if (found := _MADE.search(line) or _WITH.search(line)) and found["kind"] == call.name:
            made[found["variable"]] = call.name
    return made


def _stages(source: PythonModule, kind: str, called: str) -> tuple[Stage, ...]:
    """What a called function or method does: by its name, its class's, or what it calls itself."""
    if kind:
        return stages_of_name(kind) if called in _FITTED else stages_of_name(called) or stages_of_name(kind)
    if by_name := stages_of_name(called):
        return by_name
    function = next((each for each in source.functions if each.name == called and not each.owner), None)
    stage = stage_of_module(source, function) if function else None
    return (stage,) if stage else ()
