"""`cohort --org` and `--team`: the members are the students, nobody is lost on the way, and every refusal helps."""

import io
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from portfolio_audit.cli import cohort_run
from portfolio_audit.cli.judge import judge
from portfolio_audit.cli.main import run
from tests.cli.conftest import Command, Opened, load, project
from tests.ghstub.faults import Fault
from tests.ghstub.stub import GitHubStub
from tests.ghstub.world import Membership, Owner, Team, World

MENTOR, ADA, KIM, ZOE = (f"{name}-invented" for name in ("mentor", "ada", "kim", "zoe"))
CLASS = Owner(
    login="Class-invented",
    kind="Organization",
    members=(
        Membership(login=ZOE),
        Membership(login=KIM, public=True),
        Membership(login=MENTOR, role="ADMIN"),
        Membership(login=ADA),
    ),
    teams=(Team(slug="bees", members=(Membership(login=MENTOR, role="MAINTAINER"), Membership(login=KIM))),),
)


@pytest.fixture(scope="session")
def world() -> World:
    """A class of three and their mentor; only Kim shows anything, so that there is little to read."""
    people = tuple(Owner(login=login, name=login.title()) for login in (MENTOR, ADA, KIM, ZOE))
    return World(owners=(CLASS, *people), repositories=(project(KIM, "birds"),), viewer=MENTOR, scopes=("read:org",))


@pytest.fixture
def stub(world: World) -> Iterator[GitHubStub]:
    with GitHubStub(world, web_url="https://github.example") as running:
        yield running


def states() -> dict[str, str]:
    return {row["key"]: row["state"] for row in load("cohort/cohort.json")["students"]}


def with_members(world: World, change: Callable[[tuple[Membership, ...]], tuple[Membership, ...]]) -> World:
    changed = replace(CLASS, members=change(CLASS.members))
    return replace(world, owners=(changed, *world.owners[1:]))


EVERYBODY = {ADA: "empty", KIM: "done", ZOE: "empty"}


def test_the_members_are_the_students_and_owners_are_not(
    on: Command, prober: Opened, stub: GitHubStub, capsys: pytest.CaptureFixture[str]
) -> None:
    assert on("cohort", "--org", "class-invented") == 0
    assert states() == EVERYBODY
    said = capsys.readouterr().err
    assert "class-invented: 4 members" in said
    assert "Left out by role: mentor-invented (owner). --role all audits them too" in said
    rows = load("cohort/cohort.json")["students"]
    assert [(row["name"], row["role"], row["group"]) for row in rows][1] == ("Kim-Invented", "member", None)
    assert stub.count(operation="OrganizationMembers") == 1


@pytest.mark.parametrize(
    "place",
    [
        ("--team", "class-invented/bees"),
        ("--team", "@class-invented/bees"),
        ("--team", "https://github.example/orgs/class-invented/teams/bees"),
        ("--org", "https://github.example/class-invented", "--team", "bees"),
    ],
)
def test_a_team_is_named_in_every_usual_way(
    on: Command, stub: GitHubStub, place: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert on("cohort", *place, "--dry-run") == 0
    assert "1 student with 1 public repository" in capsys.readouterr().out


def test_a_team_with_its_maintainers(on: Command, prober: Opened) -> None:
    assert on("cohort", "--team", "class-invented/bees", "--role", "all") == 0
    assert states() == {KIM: "done", MENTOR: "empty"}
    assert {row["group"] for row in load("cohort/cohort.json")["students"]} == {"bees"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("roster.csv", "--org", "class-invented"), "both the roster roster.csv and class-invented say who is audited"),
        ((), "nobody to audit is named"),
        (("--team", "bees"), "'bees' names no team of an organisation"),
        (("--team", "class-invented/"), "'class-invented/' names no team"),
        (("--org", "other-invented", "--team", "class-invented/bees"), "no team of other-invented"),
        (("--org", "class-invented", "--login-column", "x"), "--login-column is for a roster"),
        (("--org", "nobody-invented"), "knows no organisation nobody-invented"),
        (("--org", "class-invented", "--team", "wasps"), "no team wasps"),
        (("--org", "class-invented", "--role", "guest"), "nobody here has that role; roles: 3 member, 1 owner"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_leaves_nothing(
    on: Command, arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert on("cohort", *arguments) == 2
    assert words in capsys.readouterr().err
    assert not Path("cohort").exists()


def test_a_token_without_the_scope_is_told_the_command_that_mends_it(
    on: Command, stub: GitHubStub, capsys: pytest.CaptureFixture[str]
) -> None:
    stub.world = replace(stub.world, scopes=())
    assert on("cohort", "--org", "class-invented") == 4
    said = capsys.readouterr().err
    assert "it lacks the scope read:org" in said
    assert "gh auth refresh --hostname 127.0.0.1 --scopes read:org" in said
    assert not Path("cohort").exists()


def test_a_dry_run_asks_for_the_members_and_nobody_else(
    on: Command, stub: GitHubStub, capsys: pytest.CaptureFixture[str]
) -> None:
    assert on("cohort", "--org", "class-invented", "--dry-run") == 0
    said = capsys.readouterr().out
    assert [entry.operation or entry.path for entry in stub.log] == ["OrganizationMembers", "/rate_limit"]
    assert "3 students with 1 public repository; a first run that has to download them all:" in said
    assert "core: 2 requests needed, 5000 left" in said
    assert "graphql: 10 points needed, 4999 left" in said
    assert "no waiting" in said
    assert "Asked for this plan: 1 graphql request" in said
    assert not Path("cohort").exists()


def test_a_first_run_needs_no_more_than_was_planned(on: Command, prober: Opened, stub: GitHubStub) -> None:
    on("cohort", "--org", "class-invented")
    assert stub.points() - 1 <= 10
    assert stub.count(bucket="core") <= 2


def test_the_token_is_read_from_standard_input_once(
    on: Command, prober: Opened, stub: GitHubStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GH_ENTERPRISE_TOKEN")
    monkeypatch.setattr("sys.stdin", io.StringIO(stub.token))
    assert on("cohort", "--org", "class-invented", "--token-file", "-") == 0
    assert states() == EVERYBODY


def stop_after_one(monkeypatch: pytest.MonkeyPatch, on: Command, *arguments: str) -> None:
    """A run that is interrupted when the second student is judged."""
    calls: list[int] = []

    def once(*given: object, **named: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return judge(*given, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(cohort_run, "judge", once)
        assert on("cohort", *arguments) == 130


def test_a_stopped_run_goes_on_with_those_who_were_members_when_it_began(
    on: Command, prober: Opened, stub: GitHubStub, world: World, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    stop_after_one(monkeypatch, on, "--org", "class-invented")
    assert states() == {ADA: "empty", KIM: "pending", ZOE: "pending"}
    stub.world = with_members(world, lambda members: members[1:])
    stub.reset_log()
    assert on("cohort", "--org", "class-invented") == 0
    assert stub.count(operation="OrganizationMembers") == 0
    assert states() == EVERYBODY, "Zoe has left meanwhile, and is in this run all the same"
    assert "Going on: 1 of 3 are done" in capsys.readouterr().err
    assert on("cohort", "--org", "class-invented") == 0
    assert states() == {ADA: "empty", KIM: "done"}
    assert f"No longer among those audited, and erased from cohort: {ZOE}" in capsys.readouterr().err


def test_another_place_and_a_fresh_run_are_listed_anew(
    on: Command, prober: Opened, stub: GitHubStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_after_one(monkeypatch, on, "--org", "class-invented")
    stub.reset_log()
    assert on("cohort", "--org", "class-invented", "--fresh") == 0
    assert stub.count(operation="OrganizationMembers") == 1
    assert on("cohort", "--team", "class-invented/bees") == 0
    assert stub.count(operation="TeamMembers") == 1
    assert states() == {KIM: "done"}


def test_other_roles_are_another_list(
    on: Command, prober: Opened, stub: GitHubStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_after_one(monkeypatch, on, "--org", "class-invented")
    assert on("cohort", "--org", "class-invented", "--role", "owner") == 0
    assert states() == {MENTOR: "empty"}


def test_whoever_could_not_be_listed_is_told_and_not_erased(
    on: Command, prober: Opened, stub: GitHubStub, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    on("cohort", "--org", "class-invented")
    broken = Fault(kind="refuse", field="OrganizationMemberEdge.node", keep=2, error="SERVICE")
    with GitHubStub(world, faults=[broken], web_url="https://github.example") as other:
        hosts = ["--api-url", other.api_url, "--archive-url", other.archive_url]
        assert run(["cohort", "--org", "class-invented", "--no-probe", *hosts]) == 2
        other.violations.clear()
    said = capsys.readouterr().err
    assert "Warning: only 2 of 4 members could be listed" in said
    assert f"not listed any more, perhaps only not shown to this token: {ADA}" in said
    assert states() == EVERYBODY


def test_without_a_token_nobody_is_listed(stub: GitHubStub, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cohort", "--org", "class-invented", "--api-url", stub.api_url]) == 4
    said = capsys.readouterr().err
    assert "lists the members of class-invented only for a token" in said
    assert "without any rights is enough" not in said
    assert stub.log == []
    assert not Path("cohort").exists()


def test_a_newcomer_is_in_the_next_run(on: Command, prober: Opened, stub: GitHubStub, world: World) -> None:
    stub.world = with_members(world, lambda members: members[1:])
    on("cohort", "--org", "class-invented")
    assert set(states()) == {ADA, KIM}
    stub.world = world
    on("cohort", "--org", "class-invented")
    assert states() == EVERYBODY


def test_who_is_only_hidden_from_this_token_is_not_erased(
    on: Command, prober: Opened, stub: GitHubStub, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    on("cohort", "--org", "class-invented")
    before = Path("cohort/cohort.json").read_bytes()
    stub.world = replace(world, viewer="somebody-invented")
    assert on("cohort", "--org", "class-invented") == 2
    said = capsys.readouterr().err
    assert "this token is shown what a stranger is of class-invented" in said
    assert f"not listed any more, perhaps only not shown to this token: {ADA}, {ZOE}" in said
    assert Path("cohort/cohort.json").read_bytes() == before
    assert on("cohort", "--org", "class-invented", "--fresh") == 0
    assert states() == {KIM: "done"}


def test_an_organisation_that_shows_a_stranger_nobody_is_no_empty_class(
    on: Command, stub: GitHubStub, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    hidden = with_members(world, lambda members: (members[0], *members[2:]))
    stub.world = replace(hidden, viewer="somebody-invented")
    assert on("cohort", "--org", "class-invented") == 4
    assert "shows this token no member" in capsys.readouterr().err


def test_the_list_of_members_leaves_the_journal_with_the_next_run(
    on: Command, prober: Opened, own_folder: Path
) -> None:
    on("cohort", "--org", "class-invented")
    (own_folder / "roster.txt").write_text(f"{KIM}\n")
    on("cohort", "roster.txt")
    found = sqlite3.connect("cohort/results.sqlite")
    assert found.execute("SELECT count(*) FROM listing").fetchone() == (0,)
    assert json.dumps(states()) == json.dumps({KIM: "done"})
