"""Tools of a repository that other facts already know: containers, CI, tests, type hints, deployment, pipelines."""

from collections.abc import Iterator
from typing import TypeVar

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.ai_work import AiWork
from portfolio_audit.facts.fact import Fact, Location, Repository
from portfolio_audit.facts.pipeline import Pipeline
from portfolio_audit.facts.serving import Serving
from portfolio_audit.facts.test_suite import TestSuite
from portfolio_audit.facts.tooling import Tooling
from portfolio_audit.facts.type_hints import TypeHints

F = TypeVar("F", bound=Fact)

READS: tuple[type[Fact], ...] = (AiWork, Pipeline, Serving, TestSuite, Tooling, TypeHints)

HINTED = 0.3
"""The share of functions with a hint from which hints are a habit; a single one may have come with a template."""

UNSURE = "?"
"""Before a sign: nobody can tell whether it is there, so that nothing may be said of its absence either."""

HISTORY = 10
"""Commits from which a history shows work in steps rather than one upload."""

ADDRESSES = {
    "api.openai.com": "OpenAI",
    "openai.azure.com": "OpenAI",
    "models.inference.ai.azure.com": "OpenAI",
    "aiplatform.googleapis.com": "Vertex",
    "api.anthropic.com": "Anthropic",
    "generativelanguage.googleapis.com": "Gemini",
    "api.groq.com": "Groq",
    "api.mistral.ai": "Mistral",
    "api.cohere.ai": "Cohere",
    "api.cohere.com": "Cohere",
    "api.together.xyz": "Together",
    "localhost:11434": "Ollama",
    "127.0.0.1:11434": "Ollama",
    ":11434/api": "Ollama",
    "api-inference.huggingface.co": "HuggingFace",
    "router.huggingface.co": "HuggingFace",
}
"""Providers by the address at which they are called without a package of theirs; what is not here is "another"."""


def known(repository: Repository, kind: type[F]) -> F | None:
    """The fact, or None if it could not be read."""
    try:
        return repository.fact(kind)
    except Unavailable:
        return None


def signs(repository: Repository) -> dict[str, Location]:
    """What other facts say, by name, each with its place ("" as path where the repository itself is the place)."""
    found: dict[str, Location] = {}
    for name, where in _signs(repository):
        found.setdefault(name, where)
    return found


def _signs(repository: Repository) -> Iterator[tuple[str, Location]]:
    tooling = known(repository, Tooling)
    for container in tooling.containers if tooling else ():
        if container.use in ("project", "services"):
            yield container.kind, container.location
    for workflow in tooling.workflows if tooling else ():
        for purpose in workflow.runs:
            yield f"ci:{purpose}", workflow.place(purpose)
        if "test" not in workflow.runs and (workflow.elsewhere or workflow.doubt or not workflow.readable):
            yield f"{UNSURE}ci:test", workflow.doubt or workflow.location
    suite = known(repository, TestSuite)
    if suite is not None and suite.asserting and suite.assertions:
        yield "tests", suite.assertions[0]
    hints = known(repository, TypeHints)
    if hints is not None and hints.share_any >= HINTED and hints.annotated:
        yield "hints", hints.annotated[0]
    serving = known(repository, Serving)
    for field in ("api", "frontend", "deploy_config") if serving else ():
        for each in getattr(serving, field):
            yield f"{field.removesuffix('_config')}:{each.name.replace(' ', '-')}", each.location
    pipeline = known(repository, Pipeline)
    if pipeline is not None:
        idle = {fault.path for fault in pipeline.faults}
        for tool in pipeline.orchestrators:
            if tool.where.path in idle:
                continue
            yield f"orchestrator:{tool.name}", tool.where
        if pipeline.verdict == "yes" and not pipeline.broken and pipeline.stages:
            yield "pipeline", pipeline.runner or pipeline.stages[0].places[0]
    work = known(repository, AiWork)
    yield from _of_models(work)
    if serving is not None and work is not None and "training" in work.kinds:
        for each in serving.deploy_config:
            yield f"trained-on:{each.name}", each.location
    details = repository.record.details
    if details is not None and (details.commit_count or 0) >= HISTORY:
        yield "commits", Location("", note=f"{details.commit_count} commits by all authors")


def _of_models(work: AiWork | None) -> Iterator[tuple[str, Location]]:
    """Language models called by their address, and a model that a program loads and asks."""
    for clue in work.addresses if work else ():
        yield f"address:{ADDRESSES.get(clue.name, 'another')}", clue.where
    for clue in work.evidence if work else ():
        if clue.where.note.startswith("a stored model is asked") and not clue.where.path.endswith(".ipynb"):
            yield "stored-model", clue.where
