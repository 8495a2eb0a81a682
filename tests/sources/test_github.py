"""What a snapshot of an invented portfolio holds, with a token and without one."""

from __future__ import annotations

import threading
import tomllib
from datetime import timedelta
from importlib.resources import files
from typing import Any

import pytest
from github.Requester import HTTPRequestsConnectionClass
from msgspec.structs import replace

from portfolio_audit.errors import NotFound, Unavailable, UsageError
from portfolio_audit.snapshot import Comparison, Deployment, RepositoryRecord, Snapshot, encode
from portfolio_audit.sources.contributions import landing_labels
from portfolio_audit.sources.gate import Gate
from portfolio_audit.tree import blob_oid
from tests.ghstub import world as w
from tests.ghstub.faults import Fault
from tests.ghstub.stub import GitHubStub
from tests.sources.github_setting import Clock, Notebook, portfolio, repo, source

LATER = w.EPOCH + timedelta(days=9)
PERSONAL = ("Invented Street", "Invented Ltd", "they/them", "@invented_handle")


def rich() -> w.World:
    """One person with everything that a record can hold, and a project that lands by bot."""
    ada = w.Owner(
        login="Ada-Invented",
        name="Ada Invented",
        bio="Invented for a test",
        website="https://ada.example.org",
        company="Invented Ltd",
        location="Invented Street",
        pronouns="they/them",
        twitter="@invented_handle",
        followers=7,
        social=(w.SocialAccount(provider="GENERIC", url="https://blog.example.org/ada"),),
        pinned=("Ada-Invented/app",),
    )
    app = w.Repo(
        owner="Ada-Invented",
        name="app",
        commits=(
            w.Commit(files={"README.md": w.File(text="# App\n"), "app.py": w.File(text="x = 1\n")}, message="One"),
            w.Commit(files={"lib": w.File(submodule="1" * 40)}, message="Two"),
        ),
        description="An app",
        homepage="https://app.example.org",
        topics=("ml", "api"),
        license="mit",
        releases=(w.Release(tag="v1"),),
        deployments=(
            w.Deployment(environment_url="https://app.example.org/live"),
            w.Deployment(created_at=LATER, state="FAILURE", environment="staging"),
        ),
        languages={"Python": 900, "HTML": 10},
    )
    profile = repo("Ada-Invented", owner="Ada-Invented")
    upstream = repo("tool", owner="upstream-invented")
    fork = w.Repo(
        owner="Ada-Invented",
        name="tool",
        commits=(w.Commit(files={"mine.py": w.File(text="y = 1\n")}, message="Mine"),),
        parent="upstream-invented/tool",
    )
    same = w.Repo(owner="Ada-Invented", name="untouched", parent="upstream-invented/tool")
    void = w.Repo(owner="Ada-Invented", name="void")
    shut = repo("shut", owner="Ada-Invented", archived=True, is_template=True)
    library, torch = repo("library", owner="library-invented"), repo("pytorch", owner="pytorch")

    def pull(number: int, repository: w.Repo, **more: Any) -> w.PullRequest:
        return w.PullRequest(
            repository=repository.full_name, author="Ada-Invented", number=number, title=f"Change {number}", **more
        )

    return w.World(
        owners=(ada, w.Owner(login="upstream-invented"), w.Owner(login="library-invented", kind="Organization")),
        repositories=(app, profile, fork, same, void, shut, upstream, library, torch),
        pull_requests=(
            pull(1, library, labels=("bug",), association="MEMBER"),
            pull(2, library, state="CLOSED", labels=("Merged",)),
            pull(3, torch, state="CLOSED", labels=("Merged", "open source")),
            pull(4, torch, state="CLOSED", labels=("Stale",)),
            pull(5, app),
        ),
    )


def named(snapshot: Snapshot, name: str) -> RepositoryRecord:
    return next(record for record in snapshot.repositories if record.name == name)


def test_a_snapshot_with_a_token() -> None:
    with GitHubStub(rich()) as stub:
        snapshot = source(stub).snapshot("ada-invented")
    assert (snapshot.mode, snapshot.scope, snapshot.data_time) == ("authenticated", "portfolio", "2026-01-15T12:00:00Z")
    owner = snapshot.owner
    assert (owner.kind, owner.login, owner.name) == ("User", "Ada-Invented", "Ada Invented")
    assert owner.bio == "Invented for a test"
    assert owner.website == "https://ada.example.org"
    assert owner.links == ("https://blog.example.org/ada",)
    assert owner.profile_readme == "# Ada-Invented\n"
    assert owner.database_id
    assert snapshot.pinned == ("Ada-Invented/app",)
    assert snapshot.unavailable == {}
    app = named(snapshot, "app")
    assert app.topics == ("ml", "api")
    assert app.license == "MIT"
    assert app.homepage == "https://app.example.org"
    assert app.languages == {"Python": 900, "HTML": 10}
    assert app.default_branch == "main"
    assert len(app.head or "") == len(app.tree or "") == 40
    assert app.details is not None
    assert (app.details.commit_count, app.details.release_count, app.details.latest_release) == (2, 1, "v1")
    assert set(app.details.deployments) == {
        Deployment("production", "SUCCESS", "https://app.example.org/live"),
        Deployment("staging", "FAILURE"),
    }
    assert named(snapshot, "void").empty
    assert named(snapshot, "void").details is None
    shut = named(snapshot, "shut")
    assert (shut.archived, shut.template) == (True, True)


def test_a_fork_is_compared_with_its_parent() -> None:
    with GitHubStub(rich()) as stub:
        snapshot = source(stub).snapshot("ada-invented")
        compares = stub.count(path="/compare/")
    fork = named(snapshot, "tool")
    assert fork.fork
    assert fork.parent is not None
    assert fork.parent.full_name == "upstream-invented/tool"
    assert fork.comparison == Comparison(1, ("mine.py",))
    assert named(snapshot, "untouched").comparison == Comparison(0)
    assert compares == 1


def test_forks_beyond_the_six_pushed_to_last_say_so() -> None:
    with GitHubStub(portfolio(9, forks=8)) as stub:
        snapshot = source(stub).snapshot("ada-invented")
    reasons = [record.unavailable["comparison"] for record in snapshot.repositories if record.unavailable]
    assert len(reasons) == 2
    assert all("only the 6 forks" in reason for reason in reasons)


def test_a_fork_of_something_invisible_is_unknown() -> None:
    world = rich()
    hidden = replace(world, repositories=tuple(r for r in world.repositories if r.owner != "upstream-invented"))
    lone = w.Repo(owner="Ada-Invented", name="lone", commits=(w.Commit(files={"a.py": "a = 1\n"}),), parent="gone/tool")
    hidden = replace(hidden, repositories=(*(r for r in hidden.repositories if not r.parent), lone))
    with GitHubStub(hidden) as stub:
        record = named(source(stub).snapshot("ada-invented"), "lone")
    assert record.comparison is None
    if record.fork:
        assert "not visible" in record.unavailable["comparison"]


def test_merged_and_landed_pull_requests_elsewhere() -> None:
    with GitHubStub(rich()) as stub:
        pulls = source(stub).snapshot("ada-invented").contributions
    assert pulls is not None
    assert pulls.complete
    assert {(pull.repository, pull.landed) for pull in pulls.pulls} == {
        ("library-invented/library", "merged"),
        ("pytorch/pytorch", "closed-with-label"),
    }
    assert pulls.total == 2
    merged = next(pull for pull in pulls.pulls if pull.landed == "merged")
    assert (merged.association, merged.labels, merged.additions, merged.changed_files) == ("MEMBER", ("bug",), 40, 3)
    assert merged.merged_at
    landed = next(pull for pull in pulls.pulls if pull.landed != "merged")
    assert landed.merged_at
    assert landed.labels == ("Merged", "open source")


def test_more_pull_requests_than_are_listed_are_incomplete() -> None:
    with GitHubStub(portfolio(1, pulls=230)) as stub:
        pulls = source(stub).snapshot("ada-invented").contributions
        assert stub.count(operation="MergedElsewhere") == 4
    assert pulls is not None
    assert (len(pulls.pulls), pulls.total, pulls.complete) == (200, 230, False)
    assert "200 of 230" in (pulls.incomplete_reason or "")


def test_a_snapshot_without_a_token_names_what_it_cannot_know() -> None:
    with GitHubStub(rich()) as stub:
        snapshot = source(stub, token=None).snapshot("Ada-Invented")
    assert snapshot.mode == "anonymous"
    assert snapshot.data_time == "2026-01-15T12:00:00Z"
    assert snapshot.owner.links == ("https://blog.example.org/ada",)
    assert snapshot.pinned is None
    assert snapshot.unavailable == {
        "pinned": "not read without a token",
        "profile_readme": "not read without a token",
        "activity": "not read without a token",
    }
    app = named(snapshot, "app")
    assert (app.head, app.tree, app.license, app.topics) == (None, None, "MIT", ("ml", "api"))
    assert app.unavailable == {"details": "not read without a token", "languages": "not read without a token"}
    assert named(snapshot, "tool").unavailable["comparison"] == "not read without a token"
    assert snapshot.contributions is not None
    assert snapshot.contributions.complete
    assert {(pull.repository, pull.landed) for pull in snapshot.contributions.pulls} == {
        ("library-invented/library", "merged"),
        ("pytorch/pytorch", "closed-with-label"),
    }


def test_the_same_repositories_are_listed_in_both_modes() -> None:
    with GitHubStub(rich()) as stub:
        with_token, without = source(stub).snapshot("ada-invented"), source(stub, token=None).snapshot("ada-invented")
    assert {record.id: record.full_name for record in with_token.repositories} == {
        record.id: record.full_name for record in without.repositories
    }


def test_the_commit_learned_from_an_archive_is_known_until_the_next_push() -> None:
    memory = Notebook()
    with GitHubStub(rich()) as stub:
        reader = source(stub, token=None, memory=memory)
        app = named(reader.snapshot("ada-invented"), "app")
        assert app.head is None
        settled = reader.settle(app, head="a" * 40, tree="b" * 40, login="Ada-Invented")
        assert (settled.head, settled.tree) == ("a" * 40, "b" * 40)
        assert named(source(stub, token=None, memory=memory).snapshot("ada-invented"), "app").tree == "b" * 40
        stub.world = stub.world.pushed("Ada-Invented/app", w.Commit(files={"z.py": "z = 1\n"}, date=LATER))
        assert named(source(stub, token=None, memory=memory).snapshot("ada-invented"), "app").head is None


@pytest.mark.parametrize("token", [None, "ghp_stubStubStubStubStubStubStubStub0000"])
def test_an_organisation_has_repositories_and_no_pull_requests(token: str | None) -> None:
    with GitHubStub(rich()) as stub:
        snapshot = source(stub, token=token).snapshot("library-invented")
        assert stub.count(operation="MergedElsewhere") == stub.count(path="/search/") == 0
    assert snapshot.owner.kind == "Organization"
    assert [record.name for record in snapshot.repositories] == ["library"]
    assert snapshot.contributions is None
    assert "organisation" in snapshot.unavailable["contributions"]


def owned() -> w.World:
    """An organisation with a profile and a pin, and a person."""
    bees = w.Owner(
        login="bees-invented", kind="Organization", id=77, name="Bees", bio="Hives", website="https://bees.test",
        pinned=("hive",),
    )  # fmt: skip
    person = w.Owner(login="ada-invented", id=5, name="Ada", bio="Hi")
    return w.World(owners=(bees, person), repositories=(w.Repo(owner=bees.login, name="hive"),))


@pytest.mark.parametrize("scopes", [(), ("read:org",)])
def test_an_organisations_profile_is_read_with_and_without_the_scope_for_it(scopes: tuple[str, ...]) -> None:
    with GitHubStub(replace(owned(), scopes=scopes)) as stub:
        snapshot = source(stub).snapshot("bees-invented")
        assert stub.count(operation="OrganizationProfile") == 1
        assert stub.count(path="/orgs/") == (0 if scopes else 1)
    owner = snapshot.owner
    assert (owner.database_id, owner.name, owner.bio, owner.website) == (77, "Bees", "Hives", "https://bees.test")
    assert [record.name for record in snapshot.repositories] == ["hive"]
    assert snapshot.pinned == (("bees-invented/hive",) if scopes else None)
    assert ("read:org" in snapshot.unavailable.get("pinned", "")) is not bool(scopes)


def test_a_person_is_read_by_a_classic_token_without_any_scope() -> None:
    with GitHubStub(owned()) as stub:
        assert source(stub).snapshot("ada-invented").owner.bio == "Hi"
        assert stub.count(operation="OrganizationProfile") == 0


def test_an_organisation_whose_profile_cannot_be_read_has_its_repositories_all_the_same() -> None:
    faults = [Fault(kind="status", status=502, match="OrganizationProfile"), Fault(kind="not-found", match="*/orgs/*")]
    with GitHubStub(owned(), faults=faults) as stub:
        snapshot = source(stub).snapshot("bees-invented")
    assert snapshot.owner.database_id is None
    assert [record.name for record in snapshot.repositories] == ["hive"]
    assert snapshot.unavailable["pinned"] == "answered 502"


def test_a_user_without_profile_repository_or_repositories() -> None:
    with GitHubStub(w.World(owners=(w.Owner(login="new-invented"),))) as stub:
        snapshot = source(stub).snapshot("new-invented")
        bare = source(stub, token=None).snapshot("new-invented")
    for one in (snapshot, bare):
        assert one.repositories == ()
        assert one.repository_count == 0
        assert one.limits == ()
    assert snapshot.owner.profile_readme is None
    assert snapshot.unavailable == {}


def test_nothing_personal_enters_a_snapshot_or_the_memory() -> None:
    memory = Notebook()
    with GitHubStub(rich()) as stub:
        texts = [
            encode(source(stub, token=token, memory=memory).snapshot("ada-invented")) for token in (stub.token, None)
        ]
    for text in (*texts, *memory.kept.values()):
        assert not any(part.encode() in text for part in PERSONAL)
    assert memory.logins == {"Ada-Invented"}


def test_a_warm_memory_gives_the_same_bytes() -> None:
    memory = Notebook()
    with GitHubStub(rich()) as stub:
        first = encode(source(stub, memory=memory).snapshot("ada-invented"))
        warm = encode(source(stub, memory=memory).snapshot("ada-invented"))
        cold = encode(source(stub).snapshot("ada-invented"))
    assert first == warm == cold


@pytest.mark.parametrize("token", [None, "ghp_stubStubStubStubStubStubStubStub0000"])
def test_an_unknown_user_is_not_found(token: str | None) -> None:
    with GitHubStub(rich()) as stub, pytest.raises(NotFound, match="knows no user or organisation nobody-invented"):
        source(stub, token=token).snapshot("nobody-invented")


@pytest.mark.parametrize("token", [None, "ghp_stubStubStubStubStubStubStubStub0000"])
def test_a_renamed_user_is_told_by_the_number_of_an_earlier_audit(token: str | None) -> None:
    memory = Notebook()
    with GitHubStub(rich()) as stub:
        source(stub, token=token, memory=memory).snapshot("Ada-Invented")
        old = stub.world
        renamed = replace(old.owners[0], login="ada-newname", id=old.owners[0].number, former_logins=("Ada-Invented",))
        stub.world = replace(old, owners=(renamed, *old.owners[1:]), repositories=(), pull_requests=())
        with pytest.raises(NotFound, match="renamed to ada-newname") as found:
            source(stub, token=token, memory=memory).snapshot("ada-invented")
        assert found.value.hint == "portfolio-audit audit ada-newname"
        with pytest.raises(NotFound) as unknown:
            source(stub, token=token).snapshot("ada-invented")
    assert "renamed" not in str(unknown.value)


def test_a_name_that_a_stranger_took_over_is_told() -> None:
    memory, clock = Notebook(), Clock()
    with GitHubStub(w.World(owners=(w.Owner(login="ada-invented", id=11),))) as stub:
        source(stub, memory=memory, clock=clock).snapshot("ada-invented")
        assert clock.told == []
        stub.world = w.World(owners=(w.Owner(login="ada-invented", id=12),))
        source(stub, memory=memory, clock=clock).snapshot("ada-invented")
    assert "another account" in clock.told[0]


@pytest.mark.parametrize("login", ["", "a b", "x -user:y", "../x", "https://example.org/x", "-x", "x" * 101, "a\nb"])
def test_what_is_no_login_never_reaches_the_service(login: str) -> None:
    with GitHubStub(rich()) as stub:
        with pytest.raises(UsageError, match="is no login"):
            source(stub).snapshot(login)
        assert stub.log == []


def test_an_own_server_has_its_api_below_a_path() -> None:
    with GitHubStub(rich(), enterprise=True) as stub:
        assert stub.api_url.endswith("/api/v3")
        reader = source(stub)
        snapshot = reader.snapshot("ada-invented")
        assert reader.archive(named(snapshot, "app"))[:2] == b"\x1f\x8b"
        bare = source(stub, token=None).snapshot("ada-invented")
        paths = {entry.path for entry in stub.log if entry.host == "api"}
    assert "/api/graphql" in paths
    assert all(path.startswith("/api/") for path in paths)
    assert len(snapshot.repositories) == len(bare.repositories) == 6


def test_a_listing_names_every_entry_with_its_kind() -> None:
    with GitHubStub(rich()) as stub:
        reader = source(stub)
        listed = reader.listing(named(reader.snapshot("ada-invented"), "app"))
    assert [(file.path, file.kind) for file in listed] == [
        ("README.md", "file"),
        ("app.py", "file"),
        ("lib", "submodule"),
    ]
    assert listed[1].oid == blob_oid(b"x = 1\n")
    assert listed[1].size == 6


def test_a_listing_that_is_cut_is_no_listing() -> None:
    world = rich().changed("Ada-Invented/app", tree_limit=1)
    with GitHubStub(world) as stub:
        reader = source(stub)
        app = named(reader.snapshot("ada-invented"), "app")
        with pytest.raises(Unavailable, match="cuts the file listing"):
            reader.listing(app)
        with pytest.raises(Unavailable, match="not known"):
            reader.listing(replace(app, head=None, tree=None))
        stub.world = stub.world.without("Ada-Invented/app")
        with pytest.raises(Unavailable, match="disappeared"):
            reader.listing(app)


def test_missing_files_are_read_in_batches_and_verified() -> None:
    texts = {f"tests/test_{number:02}.py": f"assert {number}\n" for number in range(70)}
    odd = {"bytes.bin": b"\0\1\2", "latin.py": "# caf\xe9\n".encode("latin-1")}
    given = texts | odd | {"ü name.py": "é = 1\n"}
    world = w.World(
        owners=(w.Owner(login="ada-invented"),),
        repositories=(w.Repo.from_files(given, owner="ada-invented", name="app"),),
    )
    with GitHubStub(world) as stub:
        reader = source(stub)
        app = named(reader.snapshot("ada-invented"), "app")
        stub.reset_log()
        found = reader.contents(app, [*given, "missing.py"])
        assert stub.count(operation="MissingFiles") == 2
        stub.reset_log()
        reader.contents(app, list(texts)[:4], sizes=dict.fromkeys(texts, 600 * 1024))
        assert stub.count(operation="MissingFiles") == 4
    assert found.pop("ü name.py") == "é = 1\n".encode()
    assert found == {path: text.encode() for path, text in texts.items()}


def test_single_files_need_a_token_and_a_commit() -> None:
    with GitHubStub(rich()) as stub:
        reader = source(stub, token=None)
        app = named(reader.snapshot("ada-invented"), "app")
        with pytest.raises(Unavailable, match="without a token"):
            reader.contents(app, ["app.py"])
        with pytest.raises(Unavailable, match="not known"):
            source(stub).contents(app, ["app.py"])


def test_too_many_files_at_once_are_halved() -> None:
    texts = {f"t{number:02}.py": f"t = {number}\n" for number in range(8)}
    world = w.World(
        owners=(w.Owner(login="ada-invented"),),
        repositories=(w.Repo.from_files(texts, owner="ada-invented", name="app"),),
    )
    clock = Clock()
    fault = Fault(kind="status", match="MissingFiles", status=502, times=2)
    with GitHubStub(world, faults=[fault]) as stub:
        reader = source(stub, clock=clock)
        app = named(reader.snapshot("ada-invented"), "app")
        assert reader.contents(app, list(texts)) == {path: text.encode() for path, text in texts.items()}
    assert any("4 files at a time" in line for line in clock.told)


def test_the_table_of_projects_that_land_by_bot_names_where_it_was_seen() -> None:
    table = tomllib.loads((files("portfolio_audit") / "data" / "landed_by_bot.toml").read_text("utf-8"))
    for project in table["project"]:
        assert project["seen"].startswith(f"https://github.com/{project['repository']}/pull/")
        assert project["label"]
    assert landing_labels()["pytorch/pytorch"] == "merged"


def test_more_landed_pull_requests_than_one_page_are_incomplete() -> None:
    world = rich()
    many = tuple(
        w.PullRequest(
            repository="pytorch/pytorch", author="Ada-Invented", number=100 + number, title="x", state="CLOSED",
            labels=("Merged",),
        )
        for number in range(60)
    )  # fmt: skip
    with GitHubStub(replace(world, pull_requests=many)) as stub:
        pulls = source(stub).snapshot("ada-invented").contributions
    assert pulls is not None
    assert (len(pulls.pulls), pulls.complete) == (50, False)
    assert "bot" in (pulls.incomplete_reason or "")


def test_without_a_token_more_than_a_hundred_closed_pull_requests_are_incomplete() -> None:
    with GitHubStub(portfolio(1, pulls=130)) as stub:
        pulls = source(stub, token=None).snapshot("ada-invented").contributions
    assert pulls is not None
    assert (len(pulls.pulls), pulls.complete) == (100, False)
    assert "newest 100 of 130" in (pulls.incomplete_reason or "")


def test_a_private_repository_is_in_no_listing() -> None:
    world = rich()
    secret = repo("hidden", owner="Ada-Invented", private=True)
    with GitHubStub(replace(world, repositories=(*world.repositories, secret))) as stub:
        for token in (stub.token, None):
            names = {record.name for record in source(stub, token=token).snapshot("ada-invented").repositories}
            assert "hidden" not in names
            assert "app" in names


def test_a_disabled_repository_says_so_in_both_modes() -> None:
    world = rich().changed("Ada-Invented/app", disabled=True)
    with GitHubStub(world) as stub:
        for token in (stub.token, None):
            reader = source(stub, token=token)
            app = named(reader.snapshot("ada-invented"), "app")
            assert app.unavailable["tree"] == "disabled by the service"
            with pytest.raises(Unavailable, match="disabled"):
                reader.archive(app)


def test_threads_never_receive_each_others_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """One PyGithub client shared by threads mixes answers up, since it keeps the request in its connection."""
    pair = threading.Barrier(2)
    plain = HTTPRequestsConnectionClass.request

    def request(connection: HTTPRequestsConnectionClass, verb: str, url: str, *rest: Any) -> None:
        plain(connection, verb, url, *rest)
        if "/compare/" in url:
            pair.wait(timeout=10)

    monkeypatch.setattr(HTTPRequestsConnectionClass, "request", request)
    forks = [
        w.Repo(
            owner="Ada-Invented",
            name=f"tool{number}",
            commits=(w.Commit(files={f"own{number}.py": w.File(text="y = 1\n")}, message="Mine"),),
            parent="upstream-invented/tool",
        )
        for number in range(6)
    ]
    world = w.World(
        owners=(w.Owner(login="Ada-Invented"), w.Owner(login="upstream-invented")),
        repositories=(*forks, repo("tool", owner="upstream-invented")),
    )
    with GitHubStub(world) as stub:
        reader = source(stub)
        snapshot = reader.snapshot("Ada-Invented")
        reader.close()
    compared = {record.name: record.comparison.files for record in snapshot.repositories if record.comparison}
    assert compared == {f"tool{number}": (f"own{number}.py",) for number in range(6)}


def test_an_interrupt_ends_the_threads_that_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    told = threading.Event()

    def interrupted(*_: object) -> None:
        assert told.wait(timeout=10)
        raise KeyboardInterrupt

    monkeypatch.setattr("portfolio_audit.sources.github.DetailsReader.read", interrupted)
    fault = Fault(kind="secondary", match="*/compare/*", retry_after=3000)
    with GitHubStub(portfolio(3, forks=1), faults=[fault]) as stub:
        reader = source(stub)
        reader.gate = reader._service.gate = Gate(max_wait=3600, tell=lambda _: told.set())
        with pytest.raises(KeyboardInterrupt):
            reader.snapshot("ada-invented")


def test_a_listing_that_lost_its_folders_is_no_listing() -> None:
    world = w.World(
        owners=(w.Owner(login="ada-invented"),),
        repositories=(w.Repo.from_files({"a/b/c.py": "c = 1\n", "d.py": "d = 1\n"}, owner="ada-invented", name="app"),),
    )
    with GitHubStub(world) as stub:
        reader = source(stub)
        app = named(reader.snapshot("ada-invented"), "app")
        assert [file.path for file in reader.listing(app)] == ["a/b/c.py", "d.py"]
        stub.world = stub.world.changed(app.full_name, name="renamed", former_names=(app.full_name,))
        with pytest.raises(Unavailable, match="folders without their files"):
            reader.listing(app)
