"""Invented reports: one rich portfolio, and the states a report can be in. Nobody named here exists."""

from collections.abc import Iterable

import msgspec

from portfolio_audit.report import model

BANDS = (
    model.Band("not yet", 0.0),
    model.Band("developing", 40.0),
    model.Band("interview-ready", 60.0),
    model.Band("strong", 80.0),
)
TOOL = model.Tool("portfolio-audit", "1.0.0", "ai-engineer", "0f" * 32)
COMMIT = "1" * 40
GUIDE = "What Strong AI Portfolios Include"
SCORES = {"passed": 1.0, "partial": 0.5, "failed": 0.0}


def place(
    repository: str, path: str, line: int | None = None, end: int | None = None, note: str = ""
) -> model.EvidenceLink:
    lines = f"#L{line}" + (f"-L{end}" if end else "") if line else ""
    url = f"https://github.com/ada-invented/{repository}/blob/{COMMIT}/{path}{lines}"
    return model.EvidenceLink(path, line, end, url, note)


def result(
    check: str,
    title: str,
    status: str,
    summary: str,
    *evidence: model.EvidenceLink,
    fix: str | None = None,
    searched: str | None = None,
    confidence: float = 1.0,
) -> model.Result:
    return msgspec.convert(
        {
            "check": check,
            "title": title,
            "status": status,
            "score": SCORES.get(status),
            "confidence": confidence,
            "summary": summary,
            "evidence": evidence,
            "searched": searched,
            "fix": fix,
        },
        model.Result,
    )


def results(name: str, *, tested: bool = False, evidence: int = 2) -> tuple[model.Result, ...]:
    proofs = [place(name, f"tests/test_part_{n}.py", 10 + n, 19 + n) for n in range(evidence)]
    return (
        result(
            "data-own", "The data is no classic teaching data set", "not_applicable", "there is no data in it"
        ),
        result(
            "deployment-live",
            "A running instance answers",
            "unknown",
            "the link was not opened: no answer within 10 seconds",
            model.EvidenceLink(None, None, None, f"https://{name}-invented.example.org/", ""),
        ),
        result(
            "readme-present",
            "There is a README",
            "passed",
            "says what it is for and how to run it",
            place(name, "README.md", 3),
            place(name, "README.md", 24, 31, "the command to start"),
        ),
        result("tests-assert", "Tests assert what the code should do", "passed", "27 of 31 tests assert", *proofs)
        if tested
        else result(
            "tests-assert",
            "Tests assert what the code should do",
            "partial",
            "31 tests, 12 of them assert nothing",
            *proofs,
            fix="Give the tests that assert nothing one assertion each.",
            confidence=0.8,
        ),
        result(
            "type-hints-used",
            "Functions carry type hints",
            "failed",
            "3 of 41 functions have a type hint",
            place(name, "src/model.py", 10),
            fix="Annotate the public functions first.",
            searched="12 Python files",
        ),
    )


def repository(
    name: str,
    *,
    shown: bool = False,
    counted: bool = True,
    why: str | None = None,
    low: float = 50.0,
    high: float = 50.0,
    answers: tuple[model.Result, ...] | None = None,
) -> model.RepositoryEntry:
    return model.RepositoryEntry(
        name=f"ada-invented/{name}",
        url=f"https://github.com/ada-invented/{name}",
        commit=COMMIT,
        description="Says when a bee colony is about to swarm, from sounds in the hive",
        counted=counted,
        shown=shown,
        why_not_counted=why,
        score=float(low) if low == high else None,
        score_range=(float(low), float(high)),
        signals={"readme_present": True, "own_code_lines": 1200},
        results=results(name) if answers is None else answers,
    )


def criterion(
    id: str, title: str, weight: float, low: float, high: float, checks: Iterable[str], note: str = "", *on: str
) -> model.Criterion:
    low, high, weight = float(low), float(high), float(weight)
    value = low if low == high else None
    names = tuple(f"ada-invented/{name}" for name in on)
    coverage = 1.0 if low == high else 0.5
    return model.Criterion(id, title, GUIDE, value, (low, high), weight, coverage, tuple(checks), names, note)


def category(id: str, title: str, *criteria: model.Criterion) -> model.Category:
    asked = [each for each in criteria if each.applies]
    weight = sum(each.weight for each in asked)
    low, high = (
        round(sum(each.score_range[end] * each.weight for each in asked) / weight, 2) if weight else 0.0
        for end in (0, 1)
    )
    coverage = sum(each.coverage * each.weight for each in asked) / weight if weight else 0.0
    return model.Category(id, title, low if low == high else None, (low, high), weight, coverage, criteria)


def portfolio() -> model.Report:
    """The rich one: a range, five parts, four repositories that count, one that does not, a limit, a note."""
    three = ("swarm", "hive-api", "pollen")
    categories = (
        category(
            "proof",
            "Proof",
            criterion(
                "deployed", "A deployed project", 18, 33.3, 66.6, ["deployment-live"],
                "best of 4 own repositories with AI work: swarm", "swarm",
            ),
            criterion("projects", "Three substantial projects of their own", 8, 100, 100, ["projects-three"]),
        ),
        category(
            "community", "Community", criterion("contributions", "Merged elsewhere", 12, 0, 0, ["contributions-merged"])
        ),
        category(
            "engineering",
            "Engineering",
            criterion("tests", "Tests", 6, 50, 50, ["tests-assert"], "mean of swarm, hive-api, pollen", *three),
            criterion("type-hints", "Type hints", 4, 0, 0, ["type-hints-used"], "mean of swarm, hive-api, pollen", *three),
            msgspec.structs.replace(
                criterion("notebooks", "Notebooks", 2, 0, 0, ["notebooks-clean"], "does not apply"),
                score=None, score_range=(0.0, 100.0), coverage=0.0, applies=False,
            ),
        ),
        category("readme", "First sixty seconds", criterion("readme", "README", 9, 72, 72, ["readme-present"])),
    )  # fmt: skip
    return model.Report(
        schema_version=model.SCHEMA_VERSION,
        tool=TOOL,
        data_time="2026-11-20T10:11:12Z",
        subject=model.Subject("user", "ada-invented", "https://github.com/ada-invented", "Ada Invented (invented)"),
        score=46.2,
        score_range=(41.18, 51.7),
        score_scope="portfolio",
        coverage=0.87,
        band="developing",
        notes=("1 repository may count, but could not be read: the range allows for it",),
        categories=categories,
        repositories=(
            repository("swarm", shown=True, low=66, high=75, answers=results("swarm", tested=True, evidence=9)),
            repository("hive-api", shown=True, low=60, high=60),
            repository("pollen", shown=True, low=55, high=55),
            repository("first-steps", low=20, high=20),
            repository("tiny", counted=False, why="56 own code lines, fewer than 300"),
            repository("hive-fork", counted=False, why="an unchanged fork: nothing in it is the owner's", answers=()),
            repository("other-fork", counted=False, why="an unchanged fork: nothing in it is the owner's", answers=()),
        ),
        portfolio_results=(
            result(
                "contributions-merged",
                "Code is merged into the projects of others",
                "failed",
                "no merged pull request found on GitHub",
                fix="Take one open issue in a library that you use.",
                searched="merged public pull requests to repositories of others",
            ),
            result(
                "projects-three",
                "There are three substantial AI projects of their own",
                "passed",
                "3 substantial AI projects",
                *(place(name, "README.md", 3, None, f"ada-invented/{name}") for name in three),
            ),
        ),
        fixes=(
            model.Fix("contributions-merged", None, 17.6, "days", "Take one open issue in a library that you use.", GUIDE),
            model.Fix(
                "type-hints-used", "ada-invented/swarm", 2.34, "hours", "Annotate the public functions first.", GUIDE
            ),
        ),
        combined_gain=19.94,
        limits=(
            model.LimitEntry("missing-blob", "ada-invented/swarm:data/hive.csv", "the content is missing"),
            model.LimitEntry("missing-blob", "ada-invented/swarm:data/old.csv", "the content is missing"),
        ),
        skills={},
        bands=BANDS,
    )  # fmt: skip


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
    """No AI work found: the ceiling holds the score below what the criteria sum up to."""
    whole = portfolio()
    return msgspec.structs.replace(
        whole, score=39.0, score_range=(39.0, 39.0), band="not yet",
        notes=("no AI work found in 4 repositories read: the score cannot pass 39",
               "the gains below are counted with that ceiling lifted"),
        fixes=(model.Fix("ai-work", None, 0.0, "days", "Build one project that does AI work.", GUIDE), *whole.fixes),
    )  # fmt: skip


def empty() -> model.Report:
    """A person without a repository."""
    return msgspec.structs.replace(
        portfolio(), score=0.0, score_range=(0.0, 0.0), coverage=1.0, band="not yet",
        notes=("there is no repository of their own to judge",), repositories=(), portfolio_results=(), limits=(),
        fixes=(), combined_gain=0.0, categories=(),
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
        ),
        "no-bands": msgspec.structs.replace(whole, bands=()),
    }
