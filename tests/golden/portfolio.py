"""An invented portfolio, rich in everything a report can hold, and what it is made with. Nobody named here exists."""

from collections.abc import Iterable

import msgspec

from portfolio_audit.report import model
from tests.golden.profile import activity, advice, first_minute
from tests.golden.skills import skill_map

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
        result("data-own", "The data is no classic teaching data set", "not_applicable", "there is no data in it"),
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
                "best of 4 own repositories with AI or data work: swarm", "swarm",
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
            criterion("type-hints", "Type hints", 4, 0, 0, ["type-hints-used"], "mean of the three", *three),
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
                fix="Take one open issue in a library you use.",
                searched="merged public pull requests to repositories of others",
            ),
            result(
                "projects-three",
                "There are three substantial AI or data projects of their own",
                "passed",
                "3 substantial AI or data projects",
                *(place(name, "README.md", 3, None, f"ada-invented/{name}") for name in three),
            ),
        ),
        fixes=(
            model.Fix("contributions-merged", None, 17.6, "days", "Take one open issue in a library you use.", GUIDE),
            model.Fix(
                "type-hints-used", "ada-invented/swarm", 2.34, "hours", "Annotate the public functions first.", GUIDE
            ),
        ),
        combined_gain=19.94,
        limits=(
            model.LimitEntry("missing-blob", "ada-invented/swarm:data/hive.csv", "the content is missing"),
            model.LimitEntry("missing-blob", "ada-invented/swarm:data/old.csv", "the content is missing"),
        ),
        skills=skill_map(),
        bands=BANDS,
        first_minute=first_minute(),
        advice=advice(),
        activity=activity(),
    )  # fmt: skip
