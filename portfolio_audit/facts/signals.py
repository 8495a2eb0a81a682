"""What was recognised in a repository, in plain values: the part of a report that accuracy is measured on.

`docs/accuracy.md` says how each claim follows from these. A claim is true, false, or None where it could not be told.
"""

from typing import Any, ClassVar, TypeVar

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.ai_work import AiWork
from portfolio_audit.facts.code_size import OwnCode
from portfolio_audit.facts.datasets import Datasets
from portfolio_audit.facts.deployment import Deployment
from portfolio_audit.facts.end_to_end import EndToEnd
from portfolio_audit.facts.fact import Fact, Repository, RepositoryFact
from portfolio_audit.facts.following import Following
from portfolio_audit.facts.links import Links
from portfolio_audit.facts.own_work import OwnWork
from portfolio_audit.facts.pipeline import Pipeline
from portfolio_audit.facts.readme import Readme, ReadmeSearch
from portfolio_audit.facts.serving import Serving
from portfolio_audit.facts.test_suite import TestSuite
from portfolio_audit.facts.tooling import Tooling
from portfolio_audit.facts.tracking import Tracking
from portfolio_audit.facts.type_hints import TypeHints

F = TypeVar("F", bound=Fact)


class Signals(RepositoryFact, frozen=True):
    """One object of named values; lists are sorted or in the order of the files."""

    reads: ClassVar[tuple[type[Fact], ...]] = (
        AiWork, Datasets, Deployment, EndToEnd, Following, Links, OwnCode, OwnWork, Pipeline, Readme, ReadmeSearch,
        Serving, TestSuite, Tooling, Tracking, TypeHints,
    )  # fmt: skip
    values: dict[str, Any] = {}

    @classmethod
    def distil(cls, repository: Repository) -> "Signals":
        """Always a value; what could not be read is None or an empty list."""
        return cls(
            values={
                **_readme(repository),
                **_tests(repository),
                **_type_hints(repository),
                **_datasets(repository),
                **_copies(repository),
                **_deployment(repository),
                **_tooling(repository),
                **_links(repository),
                **_code(repository),
                **_pipeline(repository),
            }
        )


def _get(repository: Repository, kind: type[F]) -> tuple[F | None, bool]:
    """The fact, and whether it could be read whole; an absence with gaps is none."""
    try:
        fact = repository.fact(kind)
    except Unavailable:
        return None, False
    return fact, not getattr(fact, "incomplete", None)


def _claim(found: bool, whole: bool) -> bool | None:
    """A yes needs one proof; a no needs that everything was read."""
    return True if found else (False if whole else None)


def _readme(repository: Repository) -> dict[str, Any]:
    readme, whole = _get(repository, Readme)
    present = _claim(readme is not None, whole)
    quality = readme.quality if readme else (0 if present is False else None)
    return {"readme_present": present, "readme_quality": quality}


def _tests(repository: Repository) -> dict[str, Any]:
    suite, whole = _get(repository, TestSuite)
    # What a dbt project asks of its data are tests to the checks; this says whether a program's behaviour is tested.
    languages = suite.languages if suite is not None and suite.asserting else ()
    return {
        "tests_present": _claim(any(each != "dbt" for each in languages), whole),
        "test_like_files": suite.test_like_files if suite else (0 if whole else None),
    }


def _type_hints(repository: Repository) -> dict[str, Any]:
    hints, _ = _get(repository, TypeHints)
    if hints is None or not hints.functions:
        return {"type_hints": None}
    return {
        "type_hints": {
            "functions": hints.functions,
            "share_any": round(hints.share_any, 3),
            "share_full": round(hints.share_full, 3),
            "share_slots": round(hints.share_slots, 3),
        }
    }


def _datasets(repository: Repository) -> dict[str, Any]:
    datasets, _ = _get(repository, Datasets)
    used = datasets.datasets if datasets and datasets.main is not True else ()
    beside = [use.id for use in used if use.tier == "classic"]
    return {
        "tutorial_dataset_main": datasets.main if datasets else None,
        "tutorial_datasets": [use.id for use in datasets.datasets] if datasets else [],
        "incidental_datasets": sorted({*beside, *(use.id for use in datasets.incidental)}) if datasets else [],
    }


def _copies(repository: Repository) -> dict[str, Any]:
    work, _ = _get(repository, OwnWork)
    following, whole = _get(repository, Following)
    verdict = work.verdict if work else None
    return {
        "tutorial_copy": _claim(following is not None or verdict == "mostly", whole and verdict is not None),
        "copy_verdict": verdict,
        "follows_tutorial": {"name": following.name, "sentence": following.sentence} if following else None,
        "copy_share": round(work.share, 3) if work and work.share is not None else None,
        "copy_sources": list(work.origins) if work else [],
    }


def _deployment(repository: Repository) -> dict[str, Any]:
    deployment, _ = _get(repository, Deployment)
    serving, served = _get(repository, Serving)
    project, whole = _get(repository, EndToEnd)
    lacking = served and not (serving and serving.api and serving.frontend)
    links = deployment.links if deployment else ()
    built = _claim(project is not None and not project.missing, whole or lacking)
    answering = any(link.status in ("live", "sleeping") for link in links)
    closed = all(link.status in ("dead", "placeholder") for link in links)
    return {
        "deployment_links": [{"url": link.url, "where": link.where, "status": link.status} for link in links],
        "api_serving": [each.name for each in serving.api] if serving else [],
        "frontend": [each.name for each in serving.frontend] if serving else [],
        "e2e_deployed": built,
        "e2e_running": built and (True if answering else False if closed and deployment else None),
    }


def _tooling(repository: Repository) -> dict[str, Any]:
    tooling, whole = _get(repository, Tooling)
    if tooling is None:
        nothing = _claim(False, whole)
        return {
            "containerised": nothing,
            "ci_workflow": nothing,
            "ci_runs": [],
            "license": nothing,
            "license_spdx": None,
        }
    runs = {purpose for workflow in tooling.workflows for purpose in workflow.runs}
    return {
        "containerised": _claim(any(each.use in ("project", "services") for each in tooling.containers), whole),
        "ci_workflow": _claim(bool(tooling.workflows), whole),
        "ci_runs": sorted(runs),
        "license": _claim(tooling.licence is not None, whole),
        "license_spdx": tooling.licence.spdx if tooling.licence else None,
    }


def _links(repository: Repository) -> dict[str, Any]:
    links, _ = _get(repository, Links)
    readme = links.readme if links else ()
    return {
        "docs_links": [link.url for link in readme if link.use == "documentation"],
        "blog_links": [link.url for link in readme if link.use == "writing"],
    }


def _code(repository: Repository) -> dict[str, Any]:
    code, _ = _get(repository, OwnCode)
    work, whole = _get(repository, AiWork)
    readable = work is None or work.readable
    return {
        "notebooks_share": round(code.share, 3) if code and code.share is not None else None,
        "ai_work": _claim(bool(work and work.kinds), whole and readable),
        "own_code_lines": code.lines if code else None,
    }


def _pipeline(repository: Repository) -> dict[str, Any]:
    pipeline, _ = _get(repository, Pipeline)
    tracking, _ = _get(repository, Tracking)
    return {
        "data_pipeline": pipeline.verdict if pipeline else None,
        "pipeline_stages": [stage.name for stage in pipeline.stages] if pipeline else [],
        "orchestrator": [use.name for use in pipeline.orchestrators] if pipeline else [],
        "experiment_tracking": [use.name for use in tracking.tools] if tracking else [],
    }
