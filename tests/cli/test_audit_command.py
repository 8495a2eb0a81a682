"""`audit` and `fetch` from the command line to the files they leave, against the stand-in."""

from pathlib import Path

import pytest

from portfolio_audit.cli.main import run
from tests.cli.conftest import APP, Command, Opened, load
from tests.ghstub.faults import Fault
from tests.ghstub.stub import GitHubStub
from tests.ghstub.world import World


def test_a_page_and_a_summary_are_the_default(on: Command, prober: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    assert on("audit", "ada-invented") == 0
    page = Path("portfolio-audit-ada-invented.html").read_text("utf-8")
    assert page.startswith("<!DOCTYPE html>")
    said = capsys.readouterr()
    assert said.out.startswith("Ada Invented\n")
    assert "Wrote portfolio-audit-ada-invented.html" in said.err
    assert prober.asked == [APP]


def test_only_named_formats_are_written(on: Command, prober: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    assert on("audit", "ada-invented", "--format", "json=report.json") == 0
    assert [path.name for path in Path().iterdir()] == ["report.json"]
    assert capsys.readouterr().out == ""


def test_every_repository_is_listed_with_its_reason(on: Command, prober: Opened) -> None:
    on("audit", "ada-invented", "--format", "json=report.json")
    entries = {entry["name"]: entry for entry in load("report.json")["repositories"]}
    assert set(entries) == {f"ada-invented/{name}" for name in ("bees", "hives", "pollen", "empty")}
    assert entries["ada-invented/empty"]["why_not_counted"]
    assert entries["ada-invented/bees"]["counted"] is True


def test_evidence_leads_to_a_line_at_the_commit(on: Command, prober: Opened, stub: GitHubStub) -> None:
    on("audit", "ada-invented", "--format", "json=report.json")
    entries = load("report.json")["repositories"]
    bees = next(entry for entry in entries if entry["name"] == "ada-invented/bees")
    links = [item["url"] for result in bees["results"] for item in result["evidence"] if item["path"]]
    assert links
    assert all(f"/ada-invented/bees/blob/{bees['commit']}/" in link for link in links)


def test_the_second_audit_costs_one_request_and_gives_the_same_bytes(
    on: Command, prober: Opened, stub: GitHubStub
) -> None:
    on("audit", "ada-invented", "--format", "json=first.json")
    stub.reset_log()
    on("audit", "ada-invented", "--format", "json=second.json")
    assert len(stub.log) == 1
    assert Path("first.json").read_bytes() == Path("second.json").read_bytes()
    assert prober.asked == [APP]


@pytest.mark.parametrize("trouble", ["damaged", "foreign"])
def test_a_cache_that_cannot_be_used_only_costs_speed(
    on: Command, prober: Opened, tmp_path: Path, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    on("audit", "ada-invented", "--format", "json=first.json")
    file = next((tmp_path / "cache").rglob("cache-*.sqlite3"))
    file.write_bytes(file.read_bytes()[:5000] if trouble == "damaged" else b"a diary\n" * 1000)
    caplog.clear()
    assert on("audit", "ada-invented", "--format", "json=second.json") == 0
    assert Path("first.json").read_bytes() == Path("second.json").read_bytes()
    assert len([record for record in caplog.records if "cache" in record.message]) == 1
    assert file.read_bytes().startswith(b"a diary\n" if trouble == "foreign" else b"SQLite")


def test_a_recording_gives_the_same_report_without_a_network(on: Command, prober: Opened, stub: GitHubStub) -> None:
    assert on("audit", "ada-invented", "--format", "json=live.json", "--format", "html=live.html") == 0
    assert on("fetch", "ada-invented", "-o", "ada.recording") == 0
    stub.reset_log()
    assert run(["audit", "--from", "ada.recording", "--format", "json=later.json", "--format", "html=later.html"]) == 0
    assert stub.log == []
    assert Path("live.json").read_bytes() == Path("later.json").read_bytes()
    assert Path("live.html").read_bytes() == Path("later.html").read_bytes()


def test_a_recording_holds_no_token(on: Command, prober: Opened, stub: GitHubStub) -> None:
    on("fetch", "ada-invented", "-o", "ada.recording")
    assert stub.token.encode() not in Path("ada.recording").read_bytes()


def test_offline_judges_what_was_kept(on: Command, prober: Opened, stub: GitHubStub) -> None:
    on("audit", "ada-invented", "--format", "json=live.json")
    stub.reset_log()
    assert on("audit", "ada-invented", "--offline", "--format", "json=kept.json") == 0
    assert stub.log == []
    assert Path("live.json").read_bytes() == Path("kept.json").read_bytes()


def test_offline_without_an_earlier_audit_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", "nobody-yet", "--offline"]) == 2
    assert "portfolio-audit audit nobody-yet" in capsys.readouterr().err
    assert list(Path().iterdir()) == []


def test_unopened_links_are_unknown_and_widen_the_score(on: Command, prober: Opened) -> None:
    on("audit", "ada-invented", "--no-probe", "--format", "json=closed.json")
    assert prober.asked == []
    on("audit", "ada-invented", "--format", "json=opened.json")
    closed, opened = load("closed.json")["score_range"], load("opened.json")["score_range"]
    assert closed[0] <= opened[0] <= opened[1] <= closed[1]


def test_a_dry_run_states_the_need_and_reads_nothing(
    on: Command, prober: Opened, stub: GitHubStub, capsys: pytest.CaptureFixture[str]
) -> None:
    assert on("audit", "ada-invented", "--dry-run") == 0
    assert "3 archives" in capsys.readouterr().out
    assert not any("tarball" in entry.path for entry in stub.log)
    assert list(Path().iterdir()) == []


def test_without_a_token_it_says_so_and_still_reads(
    stub: GitHubStub, prober: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    hosts = ["--api-url", stub.api_url, "--archive-url", stub.archive_url]
    code = run(["audit", "ada-invented", *hosts, "--format", "json=report.json"])
    assert load("report.json")["limits"] == []
    assert code == 0
    # The service of this test is another host than the public one: a token for that is never offered to it.
    said = capsys.readouterr().err
    assert "No token found" in said
    assert "put it into GH_ENTERPRISE_TOKEN." in said
    entries = load("report.json")["repositories"]
    assert sum(entry["counted"] for entry in entries) == 3
    assert all(entry["commit"] for entry in entries if entry["counted"])


@pytest.mark.parametrize(
    ("faults", "code", "words"),
    [
        ([Fault(kind="bad-credentials")], 4, "token"),
        ([Fault(kind="primary", seconds=1800)], 5, "--max-wait"),
        ([Fault(kind="status", status=502)], 5, "502"),
    ],
)
def test_what_stops_a_run_is_one_line_and_leaves_nothing(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    faults: list[Fault],
    code: int,
    words: str,
) -> None:
    with GitHubStub(world, faults=faults) as stub:
        monkeypatch.setenv("GH_ENTERPRISE_TOKEN", stub.token)
        monkeypatch.setattr("portfolio_audit.sources.gate.time.sleep", lambda seconds: None)
        assert run(["audit", "ada-invented", "--api-url", stub.api_url, "--max-wait", "0"]) == code
        said = capsys.readouterr().err
        assert words in said
        assert stub.token not in said
    assert list(Path().iterdir()) == []


def test_an_unknown_person_is_wrong_use(on: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert on("audit", "nobody-invented") == 2
    assert "nobody-invented" in capsys.readouterr().err


def test_a_dead_host_is_a_network_failure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("portfolio_audit.sources.gate.time.sleep", lambda seconds: None)
    assert run(["audit", "ada-invented", "--api-url", "http://127.0.0.1:9", "--max-wait", "0"]) == 5
    assert "127.0.0.1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault(kind="dmca", match="*/tarball/*"), "blocked"),
        (Fault(kind="not-found", match="*/tarball/*"), "disappeared"),
        (Fault(kind="truncate", match="archive"), "truncated"),
        (Fault(kind="tar", payload="bomb", match="archive"), "archive-bomb"),
    ],
)
def test_a_repository_that_cannot_be_read_costs_only_itself(
    world: World, prober: Opened, monkeypatch: pytest.MonkeyPatch, fault: Fault, words: str
) -> None:
    with GitHubStub(world, faults=[fault]) as stub:
        monkeypatch.setenv("GH_ENTERPRISE_TOKEN", stub.token)
        monkeypatch.setattr("portfolio_audit.sources.gate.time.sleep", lambda seconds: None)
        hosts = ["--api-url", stub.api_url, "--archive-url", stub.archive_url]
        code = run(["audit", "ada-invented", *hosts, "--format", "json=report.json"])
        stub.violations.clear()
    report = load("report.json")
    assert code == 3
    assert report["limits"]
    assert words in str(report["limits"])


def test_names_that_lead_out_are_mended_from_the_listing_and_write_nothing(
    world: World, prober: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fault = Fault(kind="tar", payload="traversal", match="archive")
    with GitHubStub(world, faults=[fault]) as stub:
        monkeypatch.setenv("GH_ENTERPRISE_TOKEN", stub.token)
        hosts = ["--api-url", stub.api_url, "--archive-url", stub.archive_url]
        assert run(["audit", "ada-invented", *hosts, "--format", "json=report.json"]) == 0
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file() and "cache" not in path.parts) == [
        "report.json"
    ]
