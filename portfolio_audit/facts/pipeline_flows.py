"""Flows in YAML or JSON that may be called anything, recognised by what they say: Kestra, Argo, jobs of Databricks, and
state machines of AWS Step Functions.
"""

from collections.abc import Iterator
from typing import Any

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.configuration import line_of, mapping, parse_json, parse_yaml, sequence
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.pipeline_commands import step_of
from portfolio_audit.facts.pipeline_steps import Step
from portfolio_audit.facts.pipeline_words import Stage, layer_of_path, stages_of_name, stages_of_path
from portfolio_audit.tree import SourceTree

_TASKS = (
    ("spark_python_task", "python_file"),
    ("notebook_task", "notebook_path"),
    ("python_wheel_task", "entry_point"),
    ("run_job_task", "job_id"),
)
# What a state does with a service says its stage where no name does; "" says nothing.
_SERVICES: tuple[tuple[str, Stage], ...] = (
    ("glue:startcrawler", "ingest"),
    ("glue:startjobrun", "clean"),
    ("databrew:startjobrun", "clean"),
    ("createprocessingjob", "clean"),
    ("createtrainingjob", "train"),
    ("createtransformjob", "serve"),
    ("redshift-data:executestatement", "warehouse"),
)


def yaml_steps(tree: SourceTree, path: str) -> Iterator[Step]:
    """The steps of a flow of Kestra, Argo or Databricks; none if the file is another."""
    try:
        text = tree.text(path)
    except Unavailable:
        return
    kestra = "io.kestra." in text and "tasks:" in text
    argo = "argoproj.io/" in text and "kind:" in text and ("Workflow" in text)
    databricks = "task_key:" in text and "tasks:" in text
    if not kestra and not argo and not databricks:
        return
    for document in parse_yaml(text):
        root = mapping(document)
        if kestra and root.get("id") and root.get("tasks"):
            yield from _kestra(text, path, root)
        elif argo and str(root.get("kind")) in ("Workflow", "CronWorkflow", "WorkflowTemplate"):
            for template in sequence(_deep(root, "spec", "workflowSpec", "templates")):
                name = str(mapping(template).get("name", ""))
                if mapping(template).get("container") or mapping(template).get("script"):
                    yield step_of(text, path, name, "Argo Workflows")
        elif databricks:
            for job in mapping(_of(root, "resources").get("jobs") or root.get("jobs")).values():
                yield from _databricks(text, path, mapping(job))


def _of(root: dict[Any, Any], key: str) -> dict[Any, Any]:
    return mapping(root.get(key))


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
        step = step_of(text, path, name, "Kestra", command)
        stages = step.stages
        if not stages and kind.endswith(("http.Download", "jdbc.Query", "Upload", "LoadFromGcs", "Load")):
            stages = ("warehouse",) if "oad" in kind.rpartition(".")[2] and "Down" not in kind else ("ingest",)
        stages = stages or (stages_of_name(flow) if kind.endswith(("Script", "Commands", "Query")) else ())
        yield Step(name, stages, Location(path, line_of(text, name)), "Kestra")


def _databricks(text: str, path: str, job: dict[Any, Any]) -> Iterator[Step]:
    """Tasks of a job: by the layer of a lakehouse that they fill, else by their names or the file that they run."""
    for task in sequence(job.get("tasks"))[:100]:
        task = mapping(task)
        name = str(task.get("task_key", ""))
        script = next((str(_of(task, kind)[key]) for kind, key in _TASKS if key in _of(task, kind)), "")
        stages = layer_of_path(script) or layer_of_path(f"{name}.py") or stages_of_name(name) or stages_of_path(script)
        if name:
            yield Step(name, stages, Location(path, line_of(text, name), note=paths.name(script)), "Databricks jobs")


def state_steps(tree: SourceTree, path: str) -> Iterator[Step]:
    """The tasks of a state machine in the language of Amazon States; none if the JSON is another."""
    try:
        if b'"States"' not in tree.head(path) or b'"StartAt"' not in tree.head(path):
            return
        text = tree.text(path)
        machine = mapping(parse_json(text))
    except Unavailable:
        return
    for name, state in list(_of(machine, "States").items())[:100]:
        state = mapping(state)
        resource = str(state.get("Resource", "")).lower()
        if state.get("Type") != "Task" or ":get" in resource or "sns:" in resource:
            continue
        asked = _of(state, "Parameters") or _of(state, "Arguments")
        job = str(asked.get("JobName") or asked.get("FunctionName") or asked.get("TaskDefinition") or "")
        service = next(((stage,) for ending, stage in _SERVICES if ending in resource), ())
        stages = stages_of_name(str(name)) or stages_of_name(job.rpartition(":")[2]) or service
        yield Step(str(name), stages, Location(path, line_of(text, f'"{name}"')), "AWS Step Functions")
