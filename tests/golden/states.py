"""The states a report can be in, each made from the invented portfolio."""

import msgspec

from portfolio_audit.report import model
from portfolio_audit.report.profile_view import ActivityView, FirstMinute
from portfolio_audit.report.skills_view import SkillMap
from tests.golden.portfolio import GUIDE, category, criterion, portfolio, repository, results


def checkout() -> model.Report:
    """A repository on a disk, as `check` reports it."""
    whole = portfolio()
    entry = msgspec.structs.replace(
        whole.repositories[0], name="swarm", url=None, shown=False, counted=False, why_not_counted="56 own code lines",
        score=49.89, score_range=(49.89, 49.89), results=results("swarm")[2:],
    )  # fmt: skip
    return msgspec.structs.replace(
        whole,
        data_time=None,
        subject=model.Subject("repository", None, None, "swarm"),
        score_scope="repository",
        score=49.89,
        score_range=(49.89, 49.89),
        coverage=1.0,
        notes=(),
        categories=(
            category(
                "engineering", "Engineering", criterion("tests", "Tests", 6, 50, 50, ["tests-assert"]),
                criterion("type-hints", "Type hints", 4, 0, 0, ["type-hints-used"]),
            ),
            whole.categories[3],
        ),
        repositories=(entry,),
        portfolio_results=(),
        fixes=(msgspec.structs.replace(whole.fixes[1], repository="swarm"),),
        limits=(),
        first_minute=None,
        advice=(),
        activity=None,
        skills=msgspec.structs.replace(
            whole.skills, roles=(), plan=None, certifications=None, tutorials=(), incomplete=None
        ),
    )  # fmt: skip


def folder() -> model.Report:
    """A folder of repositories: no score as a whole."""
    whole = portfolio()
    return msgspec.structs.replace(
        checkout(),
        subject=model.Subject("folder", None, None, "projects"),
        score=None,
        score_range=(0.0, 100.0),
        coverage=0.0,
        band="not scored",
        notes=("A folder of repositories has no score of its own; each repository has one.",),
        categories=(),
        repositories=tuple(msgspec.structs.replace(entry, shown=False) for entry in whole.repositories),
        fixes=(),
        combined_gain=0.0,
        skills=SkillMap(),
    )


def certain() -> model.Report:
    """Everything judged, the best band, nothing left to do."""
    whole = portfolio()
    full = tuple(
        category(each.id, each.title, *(criterion(c.id, c.title, c.weight, 100, 100, c.checks) for c in each.criteria))
        for each in whole.categories
    )
    return msgspec.structs.replace(
        whole, score=100.0, score_range=(100.0, 100.0), coverage=1.0, band="strong", notes=(), categories=full,
        repositories=tuple(repository(f"good-{n}", shown=n < 3, low=100, high=100, answers=()) for n in range(3)),
        portfolio_results=(), fixes=(), combined_gain=0.0, limits=(),
    )  # fmt: skip


def capped() -> model.Report:
    """No AI or data work found: the ceiling holds the score below what the criteria sum up to."""
    whole = portfolio()
    return msgspec.structs.replace(
        whole, score=39.0, score_range=(39.0, 39.0), band="not yet",
        notes=("no AI or data work found in 4 repositories read: the score cannot pass 39",
               "the gains below are counted with that ceiling lifted"),
        fixes=(model.Fix("ai-work", None, 0.0, "days", "Build one project that does AI work.", GUIDE), *whole.fixes),
    )  # fmt: skip


def empty() -> model.Report:
    """A person without a repository."""
    return msgspec.structs.replace(
        portfolio(), score=0.0, score_range=(0.0, 0.0), coverage=1.0, band="not yet",
        notes=("there is no repository of their own to judge",), repositories=(), portfolio_results=(), limits=(),
        fixes=(), combined_gain=0.0, categories=(), advice=(), first_minute=FirstMinute((), (), "nothing is pinned"),
        activity=ActivityView(note="not read without a token"), skills=SkillMap(),
    )  # fmt: skip


def states() -> dict[str, model.Report]:
    """One report for each state that a view must have words for."""
    whole = portfolio()
    return {
        "portfolio": whole,
        "checkout": checkout(),
        "folder": folder(),
        "certain": certain(),
        "capped": capped(),
        "empty": empty(),
        "unjudged": msgspec.structs.replace(
            whole, score=None, score_range=(0.0, 100.0), coverage=0.0, band="between not yet and strong", fixes=()
        ),
        "one": msgspec.structs.replace(whole, repositories=whole.repositories[:1], fixes=whole.fixes[:1]),
        "organisation": msgspec.structs.replace(
            whole, subject=model.Subject("organization", "hive-invented", None, "Hive (invented)")
        ),
        "many": msgspec.structs.replace(
            whole,
            repositories=(
                *whole.repositories[:3],
                *(repository(f"experiment-{n}", low=n / 3, high=n / 2) for n in range(90)),
                *(repository(f"small-{n}", counted=False, why="few lines") for n in range(37)),
            ),
            fixes=(
                *whole.fixes,
                msgspec.structs.replace(whole.fixes[1], repository="ada-invented/experiment-0"),
                msgspec.structs.replace(whole.fixes[1], repository="ada-invented/experiment-80"),
            ),
        ),
        "no-bands": msgspec.structs.replace(whole, bands=()),
    }
