"""The report of an invented portfolio: words, links and order."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from portfolio_audit import audit, rubric
from portfolio_audit.api import Evidence, Outcome
from portfolio_audit.discovery import discover
from portfolio_audit.facts.fact import Portfolio
from portfolio_audit.report import build, model
from portfolio_audit.report.permalink import permanent
from portfolio_audit.scoring import score
from portfolio_audit.snapshot import Contributions, Limit, Owner, Snapshot
from portfolio_audit.testing import HEAD, make_portfolio, make_record, make_repository

CODE = "import torch\nfrom torch import nn\n" + "".join(f"layer_{n} = nn.Linear({n}, {n})\n" for n in range(1, 320))
README = "# Hive\n\nCounts the bees in photographs of hives, so that keepers see losses early.\n"
CHECKS = {provided.check.id: provided.check for provided in discover().checks if provided.provider == "portfolio-audit"}
RUBRIC = rubric.load(None, CHECKS)
SNAPSHOT = Snapshot(
    mode="authenticated",
    scope="portfolio",
    owner=Owner(kind="User", login="sample-owner", name="Sample Owner", url="https://github.example/sample-owner"),
    data_time="2026-01-15T12:00:00Z",
    contributions=Contributions(pulls=(), total=0),
    limits=(Limit("probe-budget", "sample-owner", "not every link was opened"),),
)


def portfolio_of(**snapshot: Any) -> Portfolio:
    return make_portfolio(
        [
            make_repository({"README.md": README, "train.py": CODE}, name="hive"),
            make_repository({"a b/tëst#1.py": CODE}, name="bees"),
            make_repository({"x.py": "x = 1\n"}, name="Alpha"),
            make_repository(None, name="locked"),
        ],
        snapshot=msgspec.structs.replace(SNAPSHOT, **snapshot),
    )


def report_of(portfolio: Portfolio, **options: Any) -> model.Report:
    results = audit.run(portfolio, CHECKS.values())
    card = score(portfolio, results, RUBRIC)
    return build.build(portfolio, results, card, RUBRIC, tool_version="9.9", **options)


def repository(report: model.Report, name: str) -> model.RepositoryEntry:
    return next(entry for entry in report.repositories if entry.name == f"sample-owner/{name}")


def test_a_report_is_complete_and_goes_to_json_and_back() -> None:
    report = report_of(portfolio_of())
    assert model.decode(model.encode(report)) == report
    assert report.tool.rubric_hash == RUBRIC.hash
    assert report.subject == model.Subject(
        "user", "sample-owner", "https://github.example/sample-owner", "Sample Owner"
    )
    assert (report.score_scope, report.data_time) == ("portfolio", "2026-01-15T12:00:00Z")
    assert report.score_range[0] <= (report.score or 0) <= report.score_range[1]
    assert {category.id for category in report.categories} == {category.id for category in RUBRIC.category}
    assert [result.check for result in report.portfolio_results] == sorted(
        check.id for check in CHECKS.values() if check.scope == "portfolio"
    )
    assert all(fix.gain >= 0.5 and fix.text and fix.guide for fix in report.fixes)


def test_the_same_portfolio_in_another_order_gives_the_same_bytes() -> None:
    portfolio = portfolio_of()
    shuffled = Portfolio(portfolio.snapshot, tuple(reversed(portfolio.repositories)))
    assert model.encode(report_of(portfolio)) == model.encode(report_of(shuffled))


def test_repositories_shown_come_first_then_listed_then_by_name() -> None:
    report = report_of(portfolio_of())
    assert [entry.name.partition("/")[2] for entry in report.repositories] == ["bees", "hive", "Alpha", "locked"]
    assert repository(report, "Alpha").why_not_counted == "1 own code line, fewer than 300"
    assert repository(report, "locked").why_not_counted == "its files were not read"


def test_an_unread_repository_is_unknown_throughout_and_a_limit() -> None:
    report = report_of(portfolio_of())
    assert {result.status for result in repository(report, "locked").results} == {"unknown"}
    assert [(limit.what, limit.where) for limit in report.limits] == [
        ("probe-budget", "sample-owner"),
        ("repository-unread", "sample-owner/locked"),
    ]


def test_limits_of_the_readings_are_added_once() -> None:
    twice = [Limit("file-too-large", "sample-owner/hive:big.py", "not read")] * 2
    report = report_of(portfolio_of(), limits=twice)
    assert sum(limit.what == "file-too-large" for limit in report.limits) == 1


def test_evidence_leads_to_the_line_at_the_commit() -> None:
    report = report_of(portfolio_of())
    purpose = next(result for result in repository(report, "hive").results if result.check == "readme-purpose")
    assert purpose.evidence[0].url == (f"https://github.example/sample-owner/hive/blob/{HEAD}/README.md?plain=1#L3")


@pytest.mark.parametrize(
    ("place", "url"),
    [
        (("a b/tëst#1.py", 3, 9), "a%20b/t%C3%ABst%231.py#L3-L9"),
        (("app.py", 7, 7), "app.py#L7"),
        (("app.py", None, None), "app.py"),
        (("docs/a?b.md", 2, None), "docs/a%3Fb.md?plain=1#L2"),
    ],
)
def test_links_are_percent_encoded(place: tuple[str, int | None, int | None], url: str) -> None:
    record = make_record("hive")
    assert permanent(record, *place) == f"https://github.example/sample-owner/hive/blob/{HEAD}/{url}"


@pytest.mark.parametrize("fields", [{"url": None}, {"head": None}, {"url": "javascript:alert(1)"}])
def test_without_an_address_or_a_commit_there_is_no_link(fields: dict[str, Any]) -> None:
    assert permanent(make_record("hive", **fields), "app.py", 1, None) is None


def results_with(evidence: Evidence) -> Mapping[str, Outcome]:
    return {"tests-assert": Outcome("passed", "yes", 1.0, (evidence,))}


def links(evidence: Evidence, **options: Any) -> model.EvidenceLink:
    portfolio = portfolio_of()
    results = msgspec.structs.replace(
        audit.run(portfolio, CHECKS.values()), repositories={"id-hive": results_with(evidence)}
    )
    card = score(portfolio, results, RUBRIC)
    report = build.build(portfolio, results, card, RUBRIC, tool_version="9.9", **options)
    return repository(report, "hive").results[0].evidence[0]


def test_a_changed_file_has_no_link() -> None:
    assert links(Evidence("app.py", 1), changed={"id-hive": ["app.py"]}).url is None
    assert links(Evidence("app.py", 1), changed={"id-hive": ["other.py"]}).url is not None


def test_only_web_addresses_are_links() -> None:
    assert links(Evidence(url="https://hive.example/")).url == "https://hive.example/"
    assert links(Evidence(url="javascript:alert(1)", path="app.py")).url is not None
    assert "javascript" not in str(links(Evidence(url="javascript:alert(1)", path="app.py")).url)


def test_portfolio_evidence_points_into_its_repository() -> None:
    report = report_of(portfolio_of())
    three = next(result for result in report.portfolio_results if result.check == "projects-three")
    assert three.evidence[0].url == f"https://github.example/sample-owner/hive/blob/{HEAD}/README.md?plain=1#L3"
    assert three.evidence[0].note == "sample-owner/hive"


def test_portfolio_evidence_with_a_note_says_whose_file_it_is() -> None:
    iris = "from sklearn.datasets import load_iris\nx = load_iris()\n"
    report = report_of(make_portfolio([make_repository({"train.py": iris + CODE}, name="first")], snapshot=SNAPSHOT))
    data = next(result for result in report.portfolio_results if result.check == "data-not-only-classic")
    assert data.status == "failed"
    assert [link.note for link in data.evidence] == ["sample-owner/first: from sklearn.datasets import load_iris"]


def test_one_repository_gives_one_entry_and_leaves_out_what_it_cannot_meet() -> None:
    member = make_repository({"README.md": README, "train.py": CODE}, record=make_record("hive", id="."))
    snapshot = Snapshot(mode="local", scope="repository", owner=Owner(kind="Folder", login="hive"))
    report = report_of(make_portfolio([member], snapshot=snapshot))
    (entry,) = report.repositories
    assert (report.subject.kind, report.subject.name, report.score_scope) == (
        "repository", "sample-owner/hive", "repository",
    )  # fmt: skip
    assert report.score == entry.score
    assert report.score_range == entry.score_range
    assert report.portfolio_results == ()
    assert "deployment-live" not in {result.check for result in entry.results}
    asked = {check for category in report.categories for made in category.criteria for check in made.checks}
    assert "contributions-merged" not in asked
    assert "deployment-live" not in asked
    assert "data-not-only-classic" not in asked
    assert "readme-present" in asked


def test_a_folder_has_entries_and_no_score() -> None:
    snapshot = Snapshot(mode="local", scope="folder", owner=Owner(kind="Folder", login="work"))
    portfolio = make_portfolio(
        [make_repository({"a.py": CODE}, name="one"), make_repository({"b.py": CODE}, name="two")], snapshot=snapshot
    )
    report = report_of(portfolio)
    assert (report.score, report.subject.kind, report.band, report.fixes) == (None, "folder", "not scored", ())
    assert [entry.score is not None for entry in report.repositories] == [True, True]


def test_archiving_changes_nothing_but_the_data() -> None:
    def scored(archived: bool) -> tuple[Any, ...]:
        record = make_record("hive", archived=archived)
        portfolio = make_portfolio([make_repository({"README.md": README, "train.py": CODE}, record=record)])
        report = report_of(portfolio)
        return report.score, report.score_range, report.band, report.fixes, report.repositories

    assert scored(True) == scored(False)
