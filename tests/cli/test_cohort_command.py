"""`cohort` from a roster to its folder, against the stand-in: everybody has a state, nobody is lost or done twice."""

import csv
import errno
import io
import json
import os
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from portfolio_audit.cli import cohort_run
from portfolio_audit.cli.judge import judge
from portfolio_audit.cli.main import run
from portfolio_audit.report import schema
from portfolio_audit.report.model import LimitEntry
from tests.cli.conftest import Command, Opened, project
from tests.ghstub.faults import Fault
from tests.ghstub.service import TOKEN
from tests.ghstub.stub import GitHubStub
from tests.ghstub.world import Commit, Owner, Repo, World

PEOPLE = ("ada-invented", "kim-invented", "lou-invented", "noor-invented", "zoe-invented")
ROSTER = """identifier,github_username,name,section
001,ada-invented,Ada (invented),A
002,Kim-Invented,Kim (invented),A
003,lou-invented,Lou (invented),B
004,missing-invented,Max (invented),B
005,noor-invented,"=Noor, invented",B
006,zoe-invented,Zoë (invented),
"""
WEB = "https://github.example"
CUT = Fault(kind="truncate", match=lambda seen: seen.host == "archive" and "noor-invented" in seen.path)


@pytest.fixture(scope="session")
def world() -> World:
    """Five people: one with nothing, one with an empty repository beside two projects."""
    return World(
        owners=tuple(Owner(login=login, name=login.partition("-")[0].title()) for login in PEOPLE),
        repositories=(
            project("ada-invented", "bees"), project("ada-invented", "hives"), Repo(owner="ada-invented", name="bare"),
            project("kim-invented", "birds"), project("noor-invented", "maps"), project("zoe-invented", "moss"),
        ),
    )  # fmt: skip


@pytest.fixture
def stub(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubStub]:
    monkeypatch.setattr("portfolio_audit.sources.gate.time.sleep", lambda seconds: None)
    with GitHubStub(world, faults=[CUT], web_url=WEB) as running:
        yield running
        running.violations.clear()


@pytest.fixture(scope="module")
def whole(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that nothing interrupted, for all tests that only look at one."""
    place = tmp_path_factory.mktemp("whole")
    (place / "roster.csv").write_text(ROSTER, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, GitHubStub(world, faults=[CUT], web_url=WEB) as stub:
        patch.setenv("PORTFOLIO_AUDIT_CACHE_DIR", str(place / "cache"))
        patch.setenv("GH_ENTERPRISE_TOKEN", stub.token)
        patch.setattr("portfolio_audit.cli.links.prober", Opened)
        hosts = ["--api-url", stub.api_url, "--archive-url", stub.archive_url]
        assert run(["cohort", str(place / "roster.csv"), "-o", str(place / "cohort"), *hosts]) == 3
        assert stub.count(host="archive") == 5, "one archive for each repository that holds anything"
        stub.violations.clear()
    return place / "cohort"


@pytest.fixture
def roster(own_folder: Path) -> Path:
    file = own_folder / "roster.csv"
    file.write_text(ROSTER, encoding="utf-8")
    return file


def cohort(folder: str | Path = "cohort") -> dict[str, Any]:
    found = json.loads(Path(folder, "cohort.json").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def states(folder: str | Path = "cohort") -> dict[str, str]:
    return {row["key"]: row["state"] for row in cohort(folder)["students"]}


ALL = {
    "ada-invented": "done",
    "kim-invented": "done",
    "lou-invented": "empty",
    "missing-invented": "not-found",
    "noor-invented": "partial",
    "zoe-invented": "done",
}


def test_everybody_has_a_state_and_whoever_was_read_a_page(whole: Path) -> None:
    made = cohort(whole)
    assert states(whole) == ALL
    assert made["states"] == {"done": 3, "partial": 1, "empty": 1, "not-found": 1}
    assert sorted(file.name for file in whole.iterdir()) == [
        "cohort.csv", "cohort.json", "index.html", "results.sqlite", "students",
    ]  # fmt: skip
    assert {file.stem.casefold() for file in (whole / "students").iterdir()} == set(ALL) - {"missing-invented"}
    rows = {row["key"]: row for row in made["students"]}
    assert "noor-invented/maps: the archive ends" in rows["noor-invented"]["reason"]
    assert "missing-invented" in rows["missing-invented"]["reason"]
    assert rows["ada-invented"]["repositories"] == 3
    assert rows["kim-invented"]["score_range"][1] > 0
    assert rows["missing-invented"]["page"] is None
    assert set(rows["ada-invented"]["criteria"]) == {column["id"] for column in made["criteria"]}


def test_what_could_not_be_read_names_a_file_once() -> None:
    file = LimitEntry("missing-blob", "ada/hive:data/bees.csv", "data/bees.csv: missing from the archive")
    assert cohort_run.unread([file]) == "ada/hive:data/bees.csv: missing from the archive"
    assert cohort_run.unread([LimitEntry("repository-unread", "ada/hive", "the archive ends"), file]) == (
        "ada/hive: the archive ends (and 1 more)"
    )


def test_the_data_is_what_the_published_schema_says(whole: Path) -> None:
    made = cohort(whole)
    published = json.loads(schema.published(schema.COHORT_FILE))
    jsonschema.Draft202012Validator(published).validate(made)
    fields = {name: set(part["properties"]) for name, part in published["$defs"].items() if "properties" in part}
    assert set(made) == fields["Cohort"], "every field is written"
    assert [set(row) ^ fields["Row"] for row in made["students"]] == [set()] * 6


def test_no_page_of_a_student_names_another(whole: Path) -> None:
    for page in (whole / "students").iterdir():
        text = page.read_text("utf-8").casefold()
        others = set(ALL) - {page.stem.casefold()}
        assert [login for login in others if login in text] == []


def test_the_second_run_costs_one_request_a_student(
    on: Command, prober: Opened, roster: Path, stub: GitHubStub
) -> None:
    on("cohort", "roster.csv")
    before = Path("cohort/cohort.json").read_bytes()
    stub.reset_log()
    on("cohort", "roster.csv")
    assert len(stub.log) == len(ALL)
    assert Path("cohort/cohort.json").read_bytes() == before


class Killed(BaseException):
    """Stands in for the end of the process."""


@pytest.mark.parametrize("hook", ["write_page", "gather"])
def test_a_killed_run_goes_on_and_ends_as_if_it_had_not_been(
    on: Command, prober: Opened, roster: Path, monkeypatch: pytest.MonkeyPatch, hook: str, whole: Path
) -> None:  # fmt: skip
    audited: list[str] = []
    real = getattr(cohort_run, hook)

    def dying(*values: Any, **named: Any) -> Any:
        if len(audited) == 2:
            raise Killed
        return real(*values, **named)

    def counted(gathered: Any, **named: Any) -> Any:
        report = judge(gathered, **named)
        audited.append(gathered.snapshot.owner.login)
        return report

    with monkeypatch.context() as patch:
        patch.setattr(cohort_run, "judge", counted)
        patch.setattr(cohort_run, hook, dying)
        with pytest.raises(Killed):
            on("cohort", "roster.csv")
    assert not Path("cohort/index.html").exists()
    finished = {"write_page": audited[:1]}.get(hook, audited[:2])
    monkeypatch.setattr(cohort_run, "judge", counted)
    audited.clear()
    assert on("cohort", "roster.csv") == 3
    assert set(audited) | set(finished) == {
        "ada-invented",
        "kim-invented",
        "lou-invented",
        "noor-invented",
        "zoe-invented",
    }
    assert not set(audited) & set(finished)
    assert len(audited) == len(set(audited))
    for name in ("cohort.json", "cohort.csv", "index.html", *(f"students/{page.name}" for page in whole.glob("*/*"))):
        assert Path("cohort", name).read_bytes() == (whole / name).read_bytes()


def test_a_rate_that_is_used_up_stops_the_run_and_keeps_it(
    world: World, prober: Opened, roster: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    limit = Fault(kind="primary", seconds=1800, match=lambda seen: "kim" in str(seen.body).casefold(), times=1)
    with GitHubStub(world, faults=[limit]) as stub:
        monkeypatch.setenv("GH_ENTERPRISE_TOKEN", stub.token)
        hosts = ["--api-url", stub.api_url, "--archive-url", stub.archive_url]
        assert run(["cohort", "roster.csv", *hosts]) == 5
        assert "run the same command again" in capsys.readouterr().err
        assert list(states().values()) == ["done", "rate-limited", "pending", "pending", "pending", "pending"]
        page = Path("cohort/index.html").read_text("utf-8")
        assert "stopped by the rate limit" in page
        assert run(["cohort", "roster.csv", *hosts]) == 3
        assert "Going on: 1 of 6 are done" in capsys.readouterr().err
        assert states() == ALL | {"noor-invented": "done"}


def test_a_fault_of_ours_costs_one_student(
    on: Command, prober: Opened, roster: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    def faulty(gathered: Any, **named: Any) -> Any:
        if gathered.snapshot.owner.login == "kim-invented":
            raise TypeError("none has no length")
        return judge(gathered, **named)

    monkeypatch.setattr(cohort_run, "judge", faulty)
    assert on("cohort", "roster.csv") == 3
    assert states() == ALL | {"kim-invented": "failed"}
    assert cohort()["students"][1]["reason"] == "an internal fault (TypeError: none has no length)"


def test_a_dead_network_ends_the_run_and_accuses_nobody(
    roster: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GH_ENTERPRISE_TOKEN", "ghp_invented")
    assert run(["cohort", "roster.csv", "--api-url", "http://127.0.0.1:9", "--max-wait", "0"]) == 5
    assert cohort()["states"] == {"failed": 3, "pending": 3}
    asked = re.findall(r"^\d of 6: \S+", capsys.readouterr().err, re.MULTILINE)
    assert len(asked) == 3
    assert run(["cohort", "roster.csv", "--api-url", "http://127.0.0.1:9", "--max-wait", "0"]) == 5
    assert "1 of 6: ada-invented" in capsys.readouterr().err, "those whom the network failed are asked again"


def test_a_bad_token_ends_the_run(
    world: World, roster: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with GitHubStub(world, faults=[Fault(kind="bad-credentials")]) as stub:
        monkeypatch.setenv("GH_ENTERPRISE_TOKEN", stub.token)
        assert run(["cohort", "roster.csv", "--api-url", stub.api_url]) == 4
    assert cohort()["states"] == {"pending": 6}


def test_an_account_that_moved_is_followed_by_its_number(
    world: World, stub: GitHubStub, on: Command, prober: Opened, own_folder: Path
) -> None:
    numbers = {owner.login: owner.number for owner in world.owners}
    lines = [
        "username,github_id", f"was-ada-invented,{numbers['ada-invented']}", f"kim-invented,{numbers['zoe-invented']}",
        "gone-invented,1",
    ]  # fmt: skip
    (own_folder / "roster.csv").write_text("\n".join(lines))
    assert on("cohort", "roster.csv") == 3
    rows = cohort()["students"]
    assert [row["state"] for row in rows] == ["renamed", "renamed", "not-found"]
    assert "is now ada-invented" in rows[0]["reason"]
    assert "belongs to another account" in rows[1]["reason"]
    assert not Path("cohort/students").exists()
    assert not any("tarball" in entry.path for entry in stub.log), "nobody else's work is read"


def test_only_and_since_leave_the_others_as_they_were(
    on: Command, prober: Opened, roster: Path, stub: GitHubStub, capsys: pytest.CaptureFixture[str]
) -> None:
    assert on("cohort", "roster.csv", "--only", "@KIM-invented") == 0
    assert cohort()["states"] == {"done": 1, "pending": 5}
    assert on("cohort", "roster.csv", "--only", "nobody") == 2
    assert "nobody: not on the roster" in capsys.readouterr().err
    on("cohort", "roster.csv")
    assert states() == ALL
    read = cohort()["students"][0]["data_time"][:10]
    stub.reset_log()
    on("cohort", "roster.csv", "--since", read)
    assert {entry.operation for entry in stub.log} == {"PortfolioOverview"}
    assert len(stub.log) == 1, "only the one who was never found is older"
    assert on("cohort", "roster.csv", "--since", "yesterday") == 2


@pytest.mark.parametrize("choice", [("--only", "nobody"), ("--since", "yesterday"), ("--role", "guest")])
def test_a_choice_that_cannot_be_meant_begins_nothing(
    on: Command, roster: Path, stub: GitHubStub, choice: tuple[str, str]
) -> None:
    assert on("cohort", "roster.csv", *choice) == 2
    assert stub.log == []
    assert not Path("cohort").exists()


def test_a_dry_run_states_what_it_would_cost_and_writes_nothing(
    on: Command, roster: Path, stub: GitHubStub, capsys: pytest.CaptureFixture[str]
) -> None:
    assert on("cohort", "roster.csv", "--dry-run") == 0
    said = capsys.readouterr().out
    assert "6 students, 5 archives to download" in said
    assert "Not found: missing-invented" in said
    assert re.search(r"core: 5 requests needed, \d+ left", said)
    assert re.search(r"graphql: \d+ points needed, \d+ left", said)
    assert "no waiting" in said
    assert not Path("cohort").exists()
    assert not any("tarball" in entry.path for entry in stub.log)


def test_a_dry_run_says_how_long_the_rate_makes_one_wait(
    world: World, roster: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with GitHubStub(world, limits={"core": 2}) as stub:
        monkeypatch.setenv("GH_ENTERPRISE_TOKEN", stub.token)
        assert run(["cohort", "roster.csv", "--dry-run", "--api-url", stub.api_url]) == 0
    assert "at most 2.0 hours" in capsys.readouterr().out, "2 now, 2 after an hour, 1 after another"


def test_a_roster_with_faults_asks_nobody(
    on: Command, own_folder: Path, stub: GitHubStub, capsys: pytest.CaptureFixture[str]
) -> None:
    (own_folder / "roster.csv").write_text('login,name\nada,"A\x1b[31m"\n-x,B\nada,C\n')
    assert on("cohort", "roster.csv") == 2
    said = capsys.readouterr().err
    assert "line 2: the name holds the control character 0x1b" in said
    assert "line 3: '-x' is no GitHub login" in said
    assert "\x1b" not in said
    assert stub.log == []
    assert not Path("cohort").exists()
    assert on("cohort", "nowhere.csv") == 2


def test_those_who_teach_are_named_and_not_audited(
    on: Command, prober: Opened, own_folder: Path, stub: GitHubStub, capsys: pytest.CaptureFixture[str]
) -> None:
    (own_folder / "roster.csv").write_text(
        "username,section,github_id,role\nlou-invented,A,,student\nada-invented,A,,teacher\n"
    )
    assert on("cohort", "roster.csv") == 0
    assert states() == {"lou-invented": "empty"}
    assert not any("ada-invented" in entry.path for entry in stub.log)
    assert "Left out by role: line 3: ada-invented (teacher). --role all audits them too" in capsys.readouterr().err
    assert on("cohort", "roster.csv", "--only", "ada-invented") == 2
    assert "ada-invented: left out by role" in capsys.readouterr().err
    assert on("cohort", "roster.csv", "--role", "all") == 0
    assert states() == {"lou-invented": "empty", "ada-invented": "done"}
    assert on("cohort", "roster.csv") == 0
    assert "erased from cohort: ada-invented" in capsys.readouterr().err


def test_a_roster_may_come_from_standard_input(on: Command, prober: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"kim-invented\n")))
    assert on("cohort", "-") == 0
    assert states() == {"kim-invented": "done"}


def test_the_table_keeps_identifiers_and_runs_nothing(whole: Path) -> None:
    text = (whole / "cohort.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["identifier"] for row in rows] == [f"00{n}" for n in range(1, 7)]
    assert [row["login"] for row in rows][1] == "Kim-Invented"
    assert rows[4]["name"] == "'=Noor, invented"
    assert rows[5]["name"] == "Zoë (invented)"
    typed = list(csv.reader(io.StringIO(text, newline=""), quoting=csv.QUOTE_NONNUMERIC))
    low = typed[0].index("low")
    assert all(isinstance(row[low], float) for row in typed[1:] if row[low] != "")
    assert isinstance(typed[1][typed[0].index("identifier")], str)
    ids = [column["id"] for column in cohort(whole)["criteria"]]
    assert typed[0][-len(ids) - 1 : -1] == ids


def test_pages_are_called_after_the_roster_and_old_ones_go(on: Command, prober: Opened, own_folder: Path) -> None:
    lines = ["login,name,id", "ada-invented,Ada / Øne,7", "kim-invented,ada  øne,8", "zoe-invented,../../etc,9"]
    (own_folder / "roster.csv").write_text("\n".join(lines), encoding="utf-8")
    on("cohort", "roster.csv", "--name-by", "name")
    named = {file.name for file in Path("cohort/students").iterdir()}
    assert named == {"Ada-ne-ada-invented.html", "ada-ne-kim-invented.html", "etc.html"}
    (own_folder / "roster.csv").write_text("\n".join(lines[:3]), encoding="utf-8")
    on("cohort", "roster.csv", "--name-by", "id")
    assert {file.name for file in Path("cohort/students").iterdir()} == {"7.html", "8.html"}
    assert "kim-invented" in Path("cohort/students/8.html").read_text("utf-8")


def test_the_results_can_be_asked_with_sql(whole: Path) -> None:
    found = sqlite3.connect(whole / "results.sqlite")
    assert dict(found.execute("SELECT lower(login), state FROM students").fetchall()) == ALL
    amount = len(cohort(whole)["criteria"])
    assert found.execute("SELECT count(*) FROM criteria WHERE login = 'ada-invented'").fetchone() == (amount,)


def test_no_file_holds_the_token(whole: Path) -> None:
    for file in whole.rglob("*"):
        assert file.is_dir() or TOKEN.encode() not in file.read_bytes()


def test_the_folder_of_something_else_is_left_alone(on: Command, roster: Path, stub: GitHubStub) -> None:
    assert on("cohort", "roster.csv", "-o", ".") == 2
    assert stub.log == []
    assert [file.name for file in Path().iterdir()] == ["roster.csv"]


def test_a_later_failure_keeps_what_was_found_before(
    on: Command, prober: Opened, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_folder / "roster.txt").write_text("kim-invented\n")
    assert on("cohort", "roster.txt") == 0
    before = cohort()["students"][0]
    monkeypatch.setattr(cohort_run, "judge", lambda gathered, **named: 1 / 0)
    assert on("cohort", "roster.txt") == 3
    after = cohort()["students"][0]
    assert (before["state"], after["state"]) == ("done", "failed")
    assert after["score_range"] == before["score_range"]
    assert after["data_time"] == before["data_time"]
    assert Path("cohort", after["page"]).exists()


@pytest.mark.parametrize("write", range(4))
def test_a_full_disk_leaves_every_file_whole_and_loses_nobody(
    on: Command, prober: Opened, own_folder: Path, monkeypatch: pytest.MonkeyPatch, write: int,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Of four writes (a page; data, table, index) one fails; what was there stays, and the next run mends it."""
    (own_folder / "roster.txt").write_text("kim-invented\n")
    on("cohort", "roster.txt")
    files = [path for path in Path("cohort").rglob("*") if path.suffix in (".html", ".json", ".csv")]
    assert len(files) == 4
    before = {path: path.read_bytes() for path in files}
    real, calls = os.fsync, []

    def full(handle: int) -> None:
        calls.append(handle)
        if len(calls) == write + 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    with monkeypatch.context() as patch:
        patch.setattr("portfolio_audit.cli.output._flush_folder", lambda folder: None)
        patch.setattr(os, "fsync", full)
        assert on("cohort", "roster.txt", "--fresh") == 2
    assert "No space left" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in files} == before
    assert sorted(path.name for path in Path("cohort").rglob(".*")) == []
    assert on("cohort", "roster.txt") == 0


def test_the_next_run_says_what_a_score_was(on: Command, prober: Opened, own_folder: Path, stub: GitHubStub) -> None:
    (own_folder / "roster.txt").write_text("kim-invented\nzoe-invented\n")
    on("cohort", "roster.txt")
    first = cohort()["students"]
    assert [row["change"] for row in first] == [None, None]
    assert "Run before" not in Path("cohort/index.html").read_text("utf-8")
    stub.world = stub.world.pushed("kim-invented/birds", Commit(remove=("README.md", "tests/test_train.py")))
    on("cohort", "roster.txt")
    kim, zoe = cohort()["students"]
    assert kim["score_range"] != first[0]["score_range"]
    assert kim["change"] == {"since": first[0]["data_time"], "score_range": first[0]["score_range"]}
    assert zoe["change"] is None
    assert "Run before" in Path("cohort/index.html").read_text("utf-8")
    on("cohort", "roster.txt")
    assert [row["change"] for row in cohort()["students"]] == [None, None], "the run before said the same"


def test_an_interrupted_run_shows_what_it_has(
    on: Command, prober: Opened, own_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (own_folder / "roster.txt").write_text("kim-invented\nzoe-invented\n")

    def interrupted(gathered: Any, **named: Any) -> Any:
        if gathered.snapshot.owner.login == "zoe-invented":
            raise KeyboardInterrupt
        return judge(gathered, **named)

    monkeypatch.setattr(cohort_run, "judge", interrupted)
    assert on("cohort", "roster.txt") == 130
    assert states() == {"kim-invented": "done", "zoe-invented": "pending"}
    assert "Run the same command again" in capsys.readouterr().err
    assert 'href="./students/kim-invented.html"' in Path("cohort/index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("seconds", "done", "waiting", "words"),
    [(10, 0, 99, ""), (20, 2, 600, ""), (30, 3, 3, ""), (30, 3, 60, " (about 10 min left)")],
)
def test_the_time_left_is_told_once_it_is_more_than_a_guess(
    seconds: float, done: int, waiting: int, words: str
) -> None:
    assert cohort_run.time_left(seconds, done=done, waiting=waiting) == words


def test_a_page_that_changes_hands_is_made_anew(on: Command, prober: Opened, own_folder: Path) -> None:
    """Two students swap identifiers on the roster, and pages are called after these."""
    file = own_folder / "roster.csv"
    file.write_text("login,identifier\nkim-invented,1\nzoe-invented,2\n")
    on("cohort", "roster.csv", "--name-by", "id")
    assert "kim-invented" in Path("cohort/students/1.html").read_text("utf-8")
    file.write_text("login,identifier\nkim-invented,2\nzoe-invented,1\n")
    on("cohort", "roster.csv", "--name-by", "id", "--only", "kim-invented")
    for page, login, other in (("1", "zoe-invented", "kim-invented"), ("2", "kim-invented", "zoe-invented")):
        text = Path(f"cohort/students/{page}.html").read_text("utf-8")
        assert login in text
        assert other not in text


def test_what_a_killed_run_left_half_written_is_swept_up(on: Command, prober: Opened, own_folder: Path) -> None:
    (own_folder / "roster.txt").write_text("kim-invented\n")
    on("cohort", "roster.txt")
    left = [Path("cohort/students/.kim-invented.html.4l5skffy"), Path("cohort/.cohort.json.4l5skffy")]
    for path in left:
        path.write_text("half")
    on("cohort", "roster.txt")
    assert [path for path in left if path.exists()] == []
    assert Path("cohort/students/kim-invented.html").exists()
