"""Steps that are joined by a queue: a process that brings data in and sends them, and one that takes and keeps them.

Both must be the project's own, since a queue by itself may as well carry the messages of a chat.
"""

from portfolio_audit.facts import paths
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.pipeline_handling import brings
from portfolio_audit.facts.pipeline_steps import Step, only_defines, own_modules
from portfolio_audit.facts.pipeline_words import Stage, stages_of_name, stages_of_path, words_of
from portfolio_audit.facts.python_code import PythonModule
from portfolio_audit.tree import SourceTree


def queue_steps(tree: SourceTree) -> tuple[Step, ...]:
    """The files that send data to a queue and those that take them, none if there is only one kind of them.

    Use it as `tree.derive(queue_steps)`.
    """
    sending: dict[str, Step] = {}
    taking: dict[str, Step] = {}
    for module in tree.derive(own_modules):
        served = not module.packages.isdisjoint(words_of("services", "packages"))
        if served or module.packages.isdisjoint(words_of("queues", "packages")) or only_defines(module):
            continue
        called = {name.rpartition(".")[2] for name in module.called}
        if not called.isdisjoint(words_of("queues", "sends")) and brings(module):
            sending[module.path] = _step(module, stages_of_path(module.path) or ("ingest",))
        elif not called.isdisjoint(words_of("queues", "takes")) or _streams(module):
            stages = stages_of_path(module.path) or _kept(module, called) or _parsed(module, called)
            taking |= {module.path: _step(module, stages)} if stages else {}
    return (*sending.values(), *taking.values()) if sending and taking else ()


def _step(module: PythonModule, stages: tuple[Stage, ...]) -> Step:
    name = paths.name(module.path)
    return Step(name, stages, Location(module.path), path=module.path, moves=True, queued=True)


def _streams(module: PythonModule) -> bool:
    """Whether Spark reads from a broker."""
    return b"readStream" in module.source and b"kafka" in module.source


def _parsed(module: PythonModule, called: set[str]) -> tuple[Stage, ...]:
    """What Spark takes from a broker comes as bytes: taking these apart into columns transforms them."""
    return ("clean",) if _streams(module) and not called.isdisjoint(words_of("queues", "parses")) else ()


def _kept(module: PythonModule, called: set[str]) -> tuple[Stage, ...]:
    """What a process does with what it takes: cleans it, where a function says so, and puts it into a store."""
    cleans = any(
        each.name.lstrip("_").startswith("validate") or "clean" in stages_of_name(each.name)
        for each in module.functions
    ) or not called.isdisjoint(words_of("calls", "clean"))
    stores = not called.isdisjoint(words_of("calls", "warehouse") | words_of("queues", "stores"))
    done: tuple[tuple[Stage, bool], ...] = (("clean", cleans), ("warehouse", stores))
    return tuple(stage for stage, does in done if does)
