"""What a step that a tool runs is: told by its name, else by the script that its command starts, else by its words."""

import re

from portfolio_audit.facts import paths
from portfolio_audit.facts.configuration import line_of
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.pipeline_steps import Step
from portfolio_audit.facts.pipeline_words import Stage, stage_of_calls, stages_of_name, stages_of_path

_SCRIPT = re.compile(r"[\w./{}-]{1,160}\.(?:py|R|r|Rmd|qmd|ipynb|jl|sh|sql)\b")
_WORD = re.compile(r"[A-Za-z_]\w{1,60}")


def script_of(command: str) -> str:
    """The first script that a command names, without its folder, or ""."""
    named = _SCRIPT.findall(command[:2_000])
    return paths.name(named[0]) if named else ""


def step_of(text: str, path: str, name: str, tool: str, command: str = "") -> Step:
    """A step of the file at `path`, whose text this is: by its name, else its script, else the words of its command."""
    script = script_of(command)
    stages = stages_of_name(name) or stages_of_path(script) or stages_of_body(command)
    return Step(name, stages, Location(path, line_of(text, name), note=script), tool)


def stages_of_body(body: str) -> tuple[Stage, ...]:
    """The stage that the words of a command or block speak for."""
    called = stage_of_calls(_WORD.findall(body[:8_000]))
    return (called,) if called else ("ingest",) if "requests.get" in body else ()
