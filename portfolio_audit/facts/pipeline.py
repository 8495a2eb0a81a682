"""Whether a repository is a data pipeline: raw data brought in, cleaned, and turned into something, step by step.

The unglamorous part of the work is told by its shape: separate steps that can be run one after the other. So one script
or notebook that does everything is none, however much it does, and an orchestrator without stages is none either.
"""

import re
from collections.abc import Iterable, Sequence
from typing import ClassVar, Literal, Self

import msgspec

from portfolio_audit.facts import paths
from portfolio_audit.facts.fact import Location, TreeFact
from portfolio_audit.facts.library import library
from portfolio_audit.facts.pipeline_chain import chain_steps
from portfolio_audit.facts.pipeline_files import ABSENT, file_tools
from portfolio_audit.facts.pipeline_queues import queue_steps
from portfolio_audit.facts.pipeline_runners import runner_steps
from portfolio_audit.facts.pipeline_scripts import sql_scripts, sql_steps
from portfolio_audit.facts.pipeline_steps import Step, file_steps, other_scripts, own_modules
from portfolio_audit.facts.pipeline_tools import ToolUse, python_tools
from portfolio_audit.facts.pipeline_words import DATA, ENDS, STAGES, Stage, stages_of_path, words_of
from portfolio_audit.facts.python_code import python_code
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import SourceTree

Verdict = Literal["yes", "partial", "no"]
SHOWN = 4
MOST = 400
_LOAD = re.compile(r"(?:\d{1,3}[_-])?load(?:ing)?(?:\.py)?")


class FoundStage(Value, frozen=True):
    """One stage, and the steps that do it (at most four), those that a tool runs first."""

    name: Stage
    places: tuple[Location, ...]


class Pipeline(TreeFact, frozen=True):
    """The pipeline of a tree. Always there.

    `verdict` is yes for at least three separate steps, one that brings data in, one that cleans or transforms them and
    one that makes features, a model or a warehouse of them, that can be run (where a tool runs all, as `_long` and
    `_short` say); partial for steps with gaps or without anything that runs them; no if there is nothing of the kind,
    and null where that could not be told. `orchestrators` are the tools that really define it, `runner` the file that
    runs the steps without one. `library` says that the repository is a package for others, whose code offers such steps
    and runs none. `faults` are steps that a tool names and that do nothing when it starts them, the reason as their
    note; `broken`: the verdict is yes only as it is laid out, since it rests on such steps, whose scripts mostly are
    there. Where the verdict is no, `together` is what one script runs of own modules from the data to a model, and
    `seen` the files that are a stage by their names. `queued`: the steps are the two ends of a queue, which run
    side by side.
    """

    version: ClassVar[str] = "18"
    verdict: Verdict | None = "no"
    stages: tuple[FoundStage, ...] = ()
    orchestrators: tuple[ToolUse, ...] = ()
    runner: Location | None = None
    library: bool = False
    searched: int = 0
    faults: tuple[Location, ...] = ()
    broken: bool = False
    together: tuple[FoundStage, ...] = ()
    seen: tuple[FoundStage, ...] = ()
    queued: bool = False

    @classmethod
    def distil(cls, tree: SourceTree) -> Self:
        code = tree.derive(python_code)
        defined, configured, refused = tree.derive(file_tools)
        missing = [*(path for path in code.unread if not path.endswith(".ipynb")), *refused]
        incomplete = f"{len(missing)} files that may hold steps" if missing else None
        searched = len(code.all) + sum(1 for _ in (*other_scripts(tree), *sql_scripts(tree)))
        if tree.derive(library) is not None:
            return cls(incomplete, "no", (), (), None, True, searched)
        called, coded = tree.derive(python_tools)
        run = tree.derive(runner_steps)
        make = _make(run)
        tools = {use.name: use for use in (*defined, *called, *make)}
        started, files = _loading([*configured, *coded, *run][:MOST], _files(tree))
        retrieval = any(module.packages & words_of("retrieval", "packages") for module in tree.derive(own_modules))
        verdict = judge(started, files[:MOST], orchestrated=bool(tools), retrieval=retrieval)
        meant = [msgspec.structs.replace(step, runs=True) if step.fault else step for step in started]
        absent = sum(step.fault.endswith(ABSENT) for step in configured)
        broken = (
            verdict != "yes"
            and 2 * absent <= len(configured)
            and judge(meant, files[:MOST], orchestrated=bool(tools), retrieval=retrieval) == "yes"
        )
        verdict = "yes" if broken else verdict
        chained = [step for step in started if step.tool.endswith(".py")]
        direct = [step for step in started if not step.tool.endswith(".py")]
        named = sorted(filter(_is_shown, files), key=lambda step: (not step.runs, not step.touches))
        told = _stages([*direct, *named, *chained])
        found, seen = ((), told) if verdict == "no" else (told, ())
        together = _stages(list(tree.derive(chain_steps))) if verdict == "no" else ()
        answer = None if verdict == "no" and missing else verdict
        faults = tuple(Location(s.where.path, s.where.line, note=s.fault) for s in configured if s.fault)[:SHOWN]
        # Where other steps are a pipeline without the queue, these have an order to keep.
        others = [step for step in files[:MOST] if not step.queued]
        queued = verdict != "no" and len(others) < len(files[:MOST])
        queued = queued and judge(started, others, orchestrated=bool(tools), retrieval=retrieval) != "yes"
        shown = (faults, broken, together, seen, queued)
        return cls(incomplete, answer, found, tuple(tools.values()), _runner(run), False, searched, *shown)

    def lacks(self) -> tuple[str, ...]:
        """The parts that a whole pipeline has and this one does not, in words."""
        names = {stage.name for stage in self.stages}
        parts = (
            ("bringing in the raw data", {"ingest"}),
            ("cleaning or transforming them", {"clean"}),
            ("features, training or a warehouse", set(ENDS)),
        )
        return tuple(words for words, wanted in parts if not names & wanted)


def _files(tree: SourceTree) -> list[Step]:
    """The steps that are files, by what they are named for before what a queue makes of them."""
    queued = {step.path: step for step in tree.derive(queue_steps)}
    files = [
        msgspec.structs.replace(step, touches=True) if step.path in queued else step
        for step in tree.derive(file_steps)
        if not (step.guessed and step.path in queued)
    ]
    beside = [step for path, step in queued.items() if path not in {each.path for each in files}]
    return [*beside, *files, *tree.derive(sql_steps)]


def _loading(started: list[Step], files: list[Step]) -> tuple[list[Step], list[Step]]:
    """The steps, where a bare "load" brings data in if something learns from them and nothing else brings any in."""
    stages = {stage for step in (*started, *files) for stage in step.stages}
    if "train" not in stages or "ingest" in stages:
        return started, files
    return [_brought(step) for step in started], [_brought(step) for step in files]


def _brought(step: Step) -> Step:
    bare = _LOAD.fullmatch(step.name) and step.stages == ("warehouse",)
    return msgspec.structs.replace(step, stages=("ingest",)) if bare else step


def judge(started: list[Step], files: list[Step], *, orchestrated: bool, retrieval: bool = False) -> Verdict:
    """The verdict on steps that a tool or runner starts and on files that are one stage each.

    `retrieval` says that the repository prepares text for a retriever: no gap where nothing learns, but another kind.
    """
    learns = any("train" in step.stages for step in (*started, *files))
    ends = ENDS if learns else ENDS - {"evaluate"}
    # A script by itself hands its data on through a file; one that trains or evaluates is an end and need not.
    told = [step for step in files if not step.guessed]
    alone = [step for step in told if step.runs and (step.moves or DATA.isdisjoint(step.stages))]
    if _whole([*(step for step in started if step.runs), *alone], ends):
        return "yes"
    fetching = [step for step in files if step.touches and "ingest" in step.stages]
    if orchestrated and (
        _long(started) or _short(started, files) or _whole([*(step for step in started if step.runs), *fetching], ends)
    ):
        return "yes"
    if orchestrated and any(step.stages for step in started):
        return "partial"
    return "partial" if _parts([*files, *started], ends, retrieval and not learns) else "no"


def _whole(steps: list[Step], ends: frozenset[Stage]) -> bool:
    """Whether three different steps bring in, clean, and end."""
    brought = [step for step in steps if "ingest" in step.stages]
    cleaned = [step for step in steps if "clean" in step.stages]
    ended = [step for step in steps if ends.intersection(step.stages)]
    for first in brought[:20]:
        for second in cleaned[:20]:
            if _apart(first, second) and any(_apart(first, third) and _apart(second, third) for third in ended[:40]):
                return True
    return False


def _long(started: list[Step]) -> bool:
    """Whether tools run four different stages from data to model: what comes first then reads the raw data itself.

    Four steps of which one brings data in, one trains and one evaluates are as long: images need no cleaning.
    """
    running = [step for step in started if step.runs and not step.tool.endswith(".py")]
    stages = {step.stages[0] for step in started if step.stages and step.runs}
    if len({step.name for step in running}) >= 4 and {"ingest", "train", "evaluate"} <= {
        stage for step in running for stage in step.stages[:1]
    }:
        return True
    return (
        len(stages & (DATA | ENDS | {"registry"})) >= 4 and "train" in stages and bool(stages & {"clean", "features"})
    )


def _short(started: list[Step], files: list[Step]) -> bool:
    """Whether tools run three different steps that prepare, train and evaluate, and the first reads the data itself.

    Its script is known to read data and to write them on: what it prepares was not handed to it.
    """
    running = [step for step in started if step.runs and not step.tool.endswith(".py")]
    scripts = {paths.name(step.path) for step in files if step.moves}
    prepared = {
        step.name
        for step in running
        if step.stages[:1] in (("clean",), ("features",))
        and f"{paths.name(step.path or step.where.note).removesuffix('.py')}.py" in scripts
    }
    ended = {step.name for step in running if step.stages[:1] == ("train",)}
    judged = {step.name for step in running if step.stages[:1] == ("evaluate",)}
    return bool(prepared and ended - prepared and judged - ended - prepared)


def _apart(one: Step, other: Step) -> bool:
    return one is not other and (one.name, one.where) != (other.name, other.where)


def _parts(steps: list[Step], ends: frozenset[Stage], retrieval: bool) -> bool:
    """Whether steps are stages of something although gaps remain.

    Three stages in files of their own, of which two can be started or one brings data in; or data brought in by one
    file and cleaned by another, or sent to a queue and kept by what takes them, or put into a store by another
    that the same script runs; or one script that brings data in and
    one that trains; or two scripts that read data, clean them and write them on. A training script beside a helper is
    none of these, nor is what calls alone make look like a stage.
    """
    by_stage: dict[Stage, list[Step]] = {}
    for step in steps:
        if step.guessed or not step.stages or step.stages[0] not in DATA | ends:
            continue
        if step.touches or step.stages[0] not in DATA:
            by_stage.setdefault(step.stages[0], []).append(step)
    startable = sum(1 for each in by_stage.values() if any(step.runs for step in each))
    if len(by_stage) >= 3 and by_stage.keys() & DATA and (startable >= 2 or "ingest" in by_stage):
        return True
    if "ingest" in by_stage and "clean" in by_stage and not retrieval:
        return True
    if "ingest" in by_stage and any(step.queued and step.stages[0] != "ingest" for step in steps if step.stages):
        return True
    if not retrieval and _stored(steps):
        return True
    if _startable(by_stage.get("ingest", ())) and _startable(by_stage.get("train", ())):
        return True
    return len({step.name for step in by_stage.get("clean", ()) if step.runs and step.moves}) >= 2


def _is_shown(step: Step) -> bool:
    """Whether a file is worth naming as a step; what could tell drift does not monitor before something runs it."""
    return not step.guessed and (step.runs or "monitor" not in step.stages) and not step.path.endswith("__init__.py")


def _stored(steps: list[Step]) -> bool:
    """Whether one file runs a module that brings data in and another that puts them into a store."""
    touching = {step.path for step in steps if not step.tool and step.touches}
    run: dict[str, set[Stage]] = {}
    for step in steps:
        if step.tool.endswith(".py") and step.stages and step.path in touching:
            run.setdefault(step.where.path, set()).add(step.stages[0])
    return any({"ingest", "warehouse"} <= stages for stages in run.values())


def _startable(steps: Sequence[Step]) -> bool:
    """Whether one can be started and says by its own name, not by its folder's, what it is."""
    return any(step.runs and stages_of_path(step.path) for step in steps)


def _make(run: tuple[Step, ...]) -> Iterable[ToolUse]:
    made = [step for step in run if step.tool == "Make"]
    return (ToolUse("Make", made[0].where),) if made else ()


def _runner(run: tuple[Step, ...]) -> Location | None:
    """What runs the steps without an orchestrator: a script or workflow, else a Python file that joins them."""
    for step in run:
        if not step.tool.endswith(".py"):
            return step.where
    files: dict[str, list[Step]] = {}
    for step in run:
        files.setdefault(step.where.path, []).append(step)
    for path, steps in files.items():
        stages = {stage for step in steps for stage in step.stages}
        if len(stages) >= 3 and stages & DATA and stages & (ENDS - {"features"}):
            return Location(path, min((step.where.line or 1 for step in steps), default=None))
    return None


def _stages(steps: list[Step]) -> tuple[FoundStage, ...]:
    places: dict[Stage, list[Location]] = {}
    for step in steps:
        for stage in step.stages:
            listed = places.setdefault(stage, [])
            if len(listed) < SHOWN and step.where not in listed:
                listed.append(step.where)
    return tuple(FoundStage(stage, tuple(places[stage])) for stage in STAGES if stage in places)
