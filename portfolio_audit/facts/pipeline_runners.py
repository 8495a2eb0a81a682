"""What runs the steps of a project without an orchestrator: a Makefile, a shell script, a workflow, a Python file.

A runner is known by naming own scripts of several stages; a Makefile that only tests and lints runs no pipeline.
"""

import re
from collections.abc import Iterator

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.pipeline_steps import Step, file_steps, is_step_path, own_modules, starts
from portfolio_audit.facts.pipeline_words import DATA, Stage, stages_of_name, stages_of_path, words_of
from portfolio_audit.facts.python_code import PythonModule
from portfolio_audit.tree import KIB, SourceTree

_REFERENCE = re.compile(
    r"(?:-m[ \t]{1,4}([\w.]{2,120}))|([\w./-]{1,160}\.(?:py|R|r|Rmd|qmd|ipynb|jl|sh))\b"
    r"|\b(dbt[ \t]{1,4}(?:run|build|seed))\b"
)
_TARGET = re.compile(r"^([\w./%$(){}-][\w./%$(){} -]{0,400}):(?!=)")
_RUN = re.compile(
    r"(?<![.\w-])(?:python[\d.]*|py|uv run|Rscript|julia|papermill|nbconvert|spark-submit|bash|sh|dbt|quarto|render"
    r"|jupyter)\b"
)
# Moves files about; names them without running them.
_MOVE = re.compile(r"\s*@?(?:sudo +)?(?:mv|cp|rm|chmod|chown|scp|rsync|touch|mkdir|COPY|ADD)\s")
_SUFFIXES = frozenset((".sh", ".bash", ".bat", ".ps1", ".cmd"))
_NAMES = frozenset("justfile taskfile.yml taskfile.yaml mlproject procfile noxfile.py pixi.toml package.json".split())
_STARTING = frozenset(
    "run Popen call check_call check_output getoutput system popen create_subprocess_exec create_subprocess_shell "
    "run_path run_module exec execv execvp execfile spawn spec_from_file_location run_script run_step run_stage "
    "run_command fit submit".split()
)
"""Calls that start another script: of the standard library, of wrappers as people name them, of cloud services."""
LEAST = 3
"""Scripts of stages that a Makefile must run before it counts as an orchestrator: data, model, and one between."""


def runner_steps(tree: SourceTree) -> tuple[Step, ...]:
    """Steps that a runner runs, each with the line that says so. `tool` is "Make" for a Makefile, else the file's name.

    Use it as `tree.derive(runner_steps)`.
    """
    found: list[Step] = []
    scripts = _scripts(tree)
    for file in tree.derive(paths.own_files):
        name = paths.name(file.path).lower()
        make = name in ("makefile", "gnumakefile") or name.endswith(".mk")
        if not (make or _is_runner(file.path, name)) or not is_step_path(file.path) or file.size > 128 * KIB:
            continue
        try:
            text = tree.text(file.path)
        except Unavailable:
            continue
        steps = tuple(_lines(text, file.path, "Make" if make else paths.name(file.path), scripts))
        staged = [step for step in steps if step.stages]
        enough = len({step.path for step in steps}) >= (LEAST if make else 2)
        data = not DATA.isdisjoint(stage for step in staged for stage in step.stages)
        if enough and data and len({step.stages for step in staged}) >= 2:
            found += staged
    for module in tree.derive(own_modules):
        found += _python_runner(tree, module)
    return tuple(found)


def _scripts(tree: SourceTree) -> dict[str, tuple[Stage, ...]]:
    """Own scripts and notebooks by their names without ending, each with the stages of its file."""
    stages = {_stem(step.path): step.stages for step in tree.derive(file_steps) if not step.guessed}
    suffixes = (".py", ".r", ".rmd", ".qmd", ".ipynb", ".jl", ".sh")
    own = (file.path for file in tree.derive(paths.own_files) if paths.suffix(file.path) in suffixes)
    return {_stem(path): stages.get(_stem(path), ()) for path in own if is_step_path(path)}


def _is_runner(path: str, name: str) -> bool:
    above = paths.folders(path)
    return (
        paths.suffix(path) in _SUFFIXES
        or name in _NAMES
        or (above[:2] == (".github", "workflows") and name.endswith((".yml", ".yaml")))
        or (name.startswith(("docker-compose", "compose.")) and name.endswith((".yml", ".yaml")))
    )


def _lines(text: str, path: str, tool: str, scripts: dict[str, tuple[Stage, ...]]) -> Iterator[Step]:
    target = ""
    for number, line in enumerate(text.split("\n")[:3_000], 1):
        line = line[:600]
        if line.lstrip().startswith(("#", "echo", "@echo", "//", "REM ")):
            continue
        if tool == "Make" and (named := _TARGET.match(line)):
            target = named[1]
            continue
        if _MOVE.match(line) or "pytest" in line or "pip install" in line or not _RUN.search(line):
            continue
        for module, script, dbt in _REFERENCE.findall(line):
            stem = module.rpartition(".")[2] or paths.name(script).rpartition(".")[0]
            if dbt:
                yield Step(dbt, ("clean",), Location(path, number, note=dbt), tool, path=dbt)
            elif stem in scripts:
                own = f"{module.replace('.', '/')}.py" if module else script
                stages = scripts[stem] or stages_of_path(own) or stages_of_name(target)
                yield Step(stem, stages, Location(path, number, note=line.strip()[:80]), tool, path=own)


def _python_runner(tree: SourceTree, module: PythonModule) -> Iterator[Step]:
    """The stage files that a Python file imports or starts, if it brings several stages together and does something."""
    if module.packages & words_of("services", "packages"):
        return
    stem = paths.name(module.path).removesuffix(".py").lower()
    if not (starts(module) or "pipeline" in stem or stem in ("main", "run", "workflow", "flow")):
        return
    lines = {part: each.line for each in module.imports for part in (each.module.rpartition(".")[2], each.name or "")}
    started: set[str] = set()
    if _starts_others(module):
        started = {paths.name(text)[:-3] for text in module.texts if text.endswith(".py") and len(text) < 200}
    steps: list[Step] = []
    for step in tree.derive(file_steps):
        stem = _stem(step.path)
        if step.path.endswith(".py") and step.path != module.path and (stem in started or stem in lines):
            # What is only imported runs by itself too if it reads and writes: a main guard may be a trial.
            runs = step.runs and (stem in started or step.moves or DATA.isdisjoint(step.stages))
            place = module.place(lines.get(stem))
            steps.append(Step(step.name, step.stages, place, paths.name(module.path), runs, step.path))
    stages: set[Stage] = {stage for step in steps for stage in step.stages}
    if len(stages) >= 2 and len({step.path for step in steps}) >= 2:
        yield from steps


def _starts_others(module: PythonModule) -> bool:
    """Whether it can start the scripts that it names: a list of files to lay out names scripts and runs none."""
    return any(name.rpartition(".")[2] in _STARTING for name in module.called)


def _stem(path: str) -> str:
    return paths.name(path).rpartition(".")[0]
