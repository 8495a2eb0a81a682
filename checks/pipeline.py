"""Data pipeline: raw data become a model or a table in separate steps that can be run again."""

from collections.abc import Mapping
from types import MappingProxyType

from portfolio_audit.api import Evidence, Outcome, check, failed, not_applicable, partial, passed, unknown
from portfolio_audit.facts.ai_work import AiWork
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.pipeline import FoundStage, Pipeline
from portfolio_audit.facts.standing import Coursework
from portfolio_audit.facts.tracking import Tracking
from portfolio_audit.facts.words import counted, joined

FIX = (
    "Take one question of your own from the raw data to the result in separate scripts (bring in, clean, make "
    "features, train, evaluate), each writing what the next one reads, and let one command run them all."
)
RUNNER = (
    "Let a tool run the steps in order and repeat only what changed: Prefect, Airflow and Dagster, DVC or Snakemake."
)
TRACKER = (
    "Record parameters and metrics of every run with a tracker such as MLflow, and register the model that you keep."
)
QUEUE = (
    "Take apart what stands behind the queue: one process that cleans, and one that fills the table or makes features."
)
DOING = {
    "ingest": "reading",
    "clean": "preparing",
    "features": "making features",
    "train": "training",
    "evaluate": "evaluating",
}
"""What one script does, by the stage that it would be as a step."""
SAID = {"clean": "clean or prepare", "serve": "predict or serve"}
"""Stages of which the name alone cannot tell what they do."""
READ = frozenset({"Python", "Jupyter Notebook", "R", "SQL"})
"""Languages whose scripts are recognised as steps; of others only pipeline definitions are."""
PACKAGE = "a package to install: its steps are run by those who use it"


@check(id="pipeline-stages", title="Raw data become a result in separate, runnable steps")
def goes_step_by_step(pipeline: Pipeline, work: AiWork, course: Coursework | None) -> Outcome:
    """Most of the work on AI is bringing in data and cleaning them; steps that others can run again show that craft."""
    if pipeline.library:
        return not_applicable(PACKAGE)
    names = ", ".join(SAID.get(stage.name, stage.name) for stage in pipeline.stages)
    shown = _places(pipeline.stages, SAID)
    if pipeline.verdict == "yes" and not pipeline.broken:
        return passed(f"goes from raw data to a result in separate steps: {names}", evidence=shown)
    if pipeline.verdict is None or (pipeline.verdict == "partial" and pipeline.incomplete):
        at_least = 0.5 if pipeline.verdict else 0.0
        return unknown(f"not everything could be read: {pipeline.incomplete}", evidence=shown, at_least=at_least)
    if pipeline.verdict == "partial" or pipeline.broken:
        fix = _mending(pipeline) or (QUEUE if pipeline.queued else _complete(pipeline))
        return partial(0.5, _half(pipeline, names), fix=fix, evidence=[*shown, *_reasons(pipeline)])
    if not _works_on_data(work):
        return unknown(work.incomplete) if work.incomplete else not_applicable(_no_data(work))
    if course is not None and course.notes:
        return not_applicable("notes of a course: each file is an exercise of its own")
    if work.language not in READ:
        return unknown(f"steps written in {work.language or 'another language'} are not recognised")
    searched = f"{counted(pipeline.searched, 'source file')}, pipeline definitions, Makefiles and scripts"
    shown = _places(pipeline.together or tuple(stage for stage in pipeline.seen if stage.name in DOING), DOING)
    fix = f"Cut {shown[0].path} into scripts{FIX.partition('scripts')[2]}" if pipeline.together else FIX
    return failed(_none(pipeline), fix=fix, effort="days", evidence=shown, searched=searched)


@check(id="pipeline-orchestrated", title="A tool runs the steps of the pipeline")
def is_orchestrated(pipeline: Pipeline) -> Outcome:
    """An orchestrator shows that the pipeline was meant to run more than once and on another machine."""
    if pipeline.library:
        return not_applicable(PACKAGE)
    if pipeline.verdict == "no":
        used = f"; {', '.join(use.name for use in pipeline.orchestrators)} is used" if pipeline.orchestrators else ""
        return not_applicable(f"no chain of steps of a pipeline was recognised{used}")
    if pipeline.faults and len(pipeline.orchestrators) == 1:
        return partial(0.5, _broken(pipeline), fix=_mending(pipeline), evidence=pipeline.faults[:4])
    if pipeline.orchestrators:
        names = joined([use.name for use in pipeline.orchestrators])
        said = "runs steps of it" if len(pipeline.orchestrators) == 1 else "run steps here"
        return passed(f"{names} {said}", evidence=[use.where for use in pipeline.orchestrators[:4]])
    if pipeline.verdict is None:
        return unknown(f"not everything could be read: {pipeline.incomplete}")
    if pipeline.queued:
        return not_applicable("both ends of a queue run side by side: there is no order to keep")
    if pipeline.runner is not None:
        said = "a script or workflow runs steps, without a tool that repeats only what changed"
        return partial(0.5, said, fix=RUNNER, evidence=pipeline.runner)
    searched = "decorators, flow definitions, dvc.yaml, Snakefile, dbt project, Makefile"
    return failed("no tool was found that runs the steps in order", fix=RUNNER, searched=searched)


@check(id="pipeline-tracked", title="Training runs are recorded")
def is_tracked(pipeline: Pipeline, tracking: Tracking) -> Outcome:
    """Without a record of its runs nobody, its author included, can say why this model is the one that is kept."""
    if pipeline.library:
        return not_applicable(PACKAGE)
    if tracking.tools:
        names = ", ".join(use.name for use in tracking.tools)
        return passed(f"records its runs with {names}", evidence=[use.where for use in tracking.tools[:4]])
    if pipeline.verdict is None:
        return unknown(f"not everything could be read: {pipeline.incomplete}")
    trains = next((stage for stage in pipeline.stages if stage.name == "train"), None)
    if trains is None:
        return not_applicable("asked only where a data pipeline has a step that trains")
    searched = "calls of trackers in Python, notebooks and R, logger settings, runs that recorded a metric or parameter"
    said = f"{_begun(tracking.empty)}no use of an experiment tracker was found that records a run"
    return failed(said, fix=TRACKER, evidence=[tracking.begun] if tracking.begun else [], searched=searched)


def _none(pipeline: Pipeline) -> str:
    """That there is no chain of steps, and what there is instead."""
    if pipeline.together:
        path = pipeline.together[0].places[0].path
        done = joined([DOING[stage.name] for stage in pipeline.together])
        return f"{path} seems to do {done} in one go; separate steps were not recognised"
    chain = "no chain of separate steps was recognised that brings data in, cleans them and makes a result of them"
    named = [stage.places[0].path.rpartition("/")[2] for stage in pipeline.seen if stage.name in DOING]
    alike = f"; named like a step: {joined(list(dict.fromkeys(named))[:3])}" if named else ""
    return f"{chain}{alike}"


def _begun(runs: int) -> str:
    there = "1 MLflow run is committed, without" if runs == 1 else f"{runs} MLflow runs are committed, none with"
    return f"{there} a metric or parameter; " if runs else ""


def _half(pipeline: Pipeline, names: str) -> str:
    """What there is of a pipeline, and what keeps it from being a whole one."""
    if pipeline.broken:
        instead = f"; {pipeline.runner.path} runs steps in one process" if pipeline.runner is not None else ""
        return f"is laid out from raw data to a result in separate steps ({names}), but {_broken(pipeline)}{instead}"
    lacks = pipeline.lacks()
    alone = "run together, not each by itself" if pipeline.runner else "are not all separate steps that something runs"
    gap = f"no step of its own for {lacks[0]}" if lacks else f"they {alone}"
    gap = "two processes joined by a queue are not three separate steps" if pipeline.queued else gap
    broken = f"; {_broken(pipeline)}" if pipeline.faults else ""
    return f"has steps of a pipeline ({names}), but {gap}{broken}"


def _works_on_data(work: AiWork) -> bool:
    return not {"training", "pipeline", "exercise"}.isdisjoint(work.kinds)


def _no_data(work: AiWork) -> str:
    """Why nothing is asked where no data are worked on."""
    asked = (
        "; texts that a language model looks things up in are not counted"
        if {"llm", "embedding"} & {*work.kinds}
        else ""
    )
    return f"no training and no pipeline of data was told apart here{asked}"


def _reasons(pipeline: Pipeline) -> list[Location]:
    """The first step for each reason why steps do nothing."""
    first: dict[str, Location] = {}
    for fault in pipeline.faults:
        first.setdefault(fault.note.partition(" ")[2], fault)
    return list(first.values())


def _broken(pipeline: Pipeline) -> str:
    """What the tool would meet, by the first case of each kind."""
    steps = "steps that do nothing when they are" if len(pipeline.faults) > 1 else "a step that does nothing when it is"
    notes = "; ".join(fault.note for fault in _reasons(pipeline))
    return f"{pipeline.faults[0].path} names {steps} started: {notes}"


def _mending(pipeline: Pipeline) -> str:
    """How to mend a definition that names what does nothing, "" if it does not."""
    if not pipeline.faults:
        return ""
    lost = [fault.note.endswith(" is not in the repository") for fault in _reasons(pipeline)]
    path = f"Correct the paths in {pipeline.faults[0].path}"
    call = "let each script call its step when it is started"
    return f"{path}, and {call}." if any(lost) and not all(lost) else f"{path}." if any(lost) else f"L{call[1:]}."


def _complete(pipeline: Pipeline) -> str:
    if lacks := pipeline.lacks():
        command = "" if pipeline.orchestrators or pipeline.runner else ", and one command that runs all"
        return f"Add a step of its own for {lacks[0]} that writes what the next one reads{command}."
    more = "" if pipeline.runner else " and add what runs them in order: a Makefile, DVC or Prefect"
    return f"Make each stage a script that runs by itself{more}."


def _places(stages: tuple[FoundStage, ...], names: Mapping[str, str] = MappingProxyType({})) -> list[Evidence]:
    """The first place of each stage, named; where one file is several, another that shows a stage is preferred."""
    shown: list[Evidence] = []
    for stage in stages[:8]:
        others = (at for at in stage.places if (at.path, at.line) not in {(each.path, each.line) for each in shown})
        at = next(others, stage.places[0])
        shown.append(Evidence(at.path, at.line, at.end_line, note=names.get(stage.name, stage.name)))
    return shown
