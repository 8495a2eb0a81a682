"""The GitHub stand-in answers as the published description says; what it must not do, it does not."""

from __future__ import annotations

import gzip
import io
import os
import socket
import subprocess
import sys
import tarfile
from base64 import b64decode
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from github import Auth, Github

from tests.ghstub import NOON, TOKEN, Commit, File, GitHubStub, Owner, PullRequest, Release, Repo, SocialAccount, World
from tests.ghstub.git import open_repo
from tests.ghstub.stub import Violation

PLAIN = httpx.Client(limits=httpx.Limits(max_keepalive_connections=0))
"""Made once, because making one costs more than most tests here; keeps no connection from one stand-in to the next."""
HEADERS = {"Authorization": f"token {TOKEN}", "User-Agent": "test"}


def portfolio(count: int = 3) -> World:
    """An invented user with ``count`` small repositories, a fork, an empty one, and an organisation."""
    own = [
        Repo.from_files({"README.md": f"# r{n}\n", "src/a.py": "x = 1\n"}, owner="ada", name=f"r{n}", license="mit")
        for n in range(count)
    ]
    library = Repo(
        owner="lib",
        name="big",
        stars=900,
        commits=(Commit(files={"a.py": "x = 1\n"}), Commit(files={"b.py": "y = 2\n"})),
    )
    fork = Repo(owner="ada", name="big", parent="lib/big", commits=(Commit(files={"a.py": "x = 2\nz = 3\n"}),))
    pull = PullRequest(repository="lib/big", author="ada", number=7, title="Fix the sum", labels=("bug",))
    return World(
        owners=(
            Owner(login="ada", pinned=("r0",), social=(SocialAccount(provider="linkedin", url="https://ada.test"),)),
            Owner(login="lib", kind="Organization", former_logins=("oldlib",)),
        ),
        repositories=(*own, library, fork, Repo(owner="ada", name="empty")),
        pull_requests=(pull,),
    )


@pytest.fixture(scope="module")
def shared() -> Iterator[GitHubStub]:
    with GitHubStub(portfolio(), limits={"core": 10_000}) as stub:
        yield stub


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(headers=HEADERS, timeout=10) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/users/ada", 200),
        ("/users/nobody", 404),
        ("/users/oldlib", 404),
        ("/orgs/lib", 200),
        ("/orgs/ada", 404),
        ("/users/ada/social_accounts", 200),
        ("/users/ada/repos?type=owner&sort=pushed&per_page=100", 200),
        ("/orgs/lib/repos", 200),
        ("/search/issues?q=type:pr+is:merged+is:public+author:ada+-user:ada", 200),
        ("/search/issues?q=type:pr+author:nobody", 422),
        ("/rate_limit", 200),
        ("/repos/ada/r0", 200),
        ("/repos/ada/big", 200),
        ("/repos/ada/none", 404),
        ("/repos/ada/r0/languages", 200),
        ("/repos/ada/r0/releases", 200),
        ("/repos/ada/r0/tarball/main", 302),
        ("/repos/ada/r0/commits", 200),
        ("/repos/ada/r0/commits/main", 200),
        ("/repos/ada/r0/branches/main", 200),
        ("/repos/ada/r0/git/trees/main?recursive=1", 200),
        ("/repos/ada/r0/git/blobs/0000000000000000000000000000000000000000", 404),
        ("/repos/ada/big/compare/lib:main...main", 200),
        ("/repos/ada/empty/commits", 409),
        ("/repos/ada/empty/git/trees/main", 409),
        ("/nonsense", 404),
        ("/users/ada/", 404),
    ],
)
def test_every_path_answers_as_described(shared: GitHubStub, client: httpx.Client, path: str, status: int) -> None:
    assert client.get(shared.api_url + path).status_code == status
    assert shared.violations == []


def test_lists_are_paged_by_link_headers_of_the_accounts_number(shared: GitHubStub, client: httpx.Client) -> None:
    seen: list[str] = []
    url = f"{shared.api_url}/users/ada/repos?per_page=2&type=owner"
    while url:
        answer = client.get(url)
        seen += [repo["name"] for repo in answer.json()]
        url = answer.links.get("next", {}).get("url", "")
        assert "/user/" in url or not url
    assert sorted(seen) == ["big", "empty", "r0", "r1", "r2"]
    assert all(
        "default_branch" in repo and "parent" not in repo
        for repo in client.get(shared.api_url + "/users/ada/repos").json()
    )


def test_later_pages_of_a_repository_are_reached_by_its_number(shared: GitHubStub, client: httpx.Client) -> None:
    first = client.get(shared.api_url + "/repos/lib/big/commits?per_page=1")
    assert "/repositories/" in first.links["next"]["url"]
    second = client.get(first.links["next"]["url"])
    assert second.json()[0]["sha"] == first.json()[0]["parents"][0]["sha"]
    assert "next" not in second.links
    assert second.links["prev"]["url"].endswith("page=1")
    assert client.get(shared.api_url + "/repositories/1/commits").status_code == 404


RECORDED = """access-control-allow-origin access-control-expose-headers content-length content-security-policy
content-type date referrer-policy strict-transport-security x-content-type-options x-frame-options
x-github-api-version-selected x-github-request-id x-ratelimit-limit x-ratelimit-remaining x-ratelimit-reset
x-ratelimit-resource x-ratelimit-used x-xss-protection""".split()
"""Header names of recorded answers of the real API, from the scenarios of @octokit/fixtures (MIT)."""


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/repos/ada/r0", ["cache-control", "etag", "x-github-media-type", "x-oauth-scopes"]),
        ("/repos/lib/big/commits?per_page=1", ["cache-control", "etag", "link", "x-oauth-scopes"]),
        ("/search/issues?q=author:ada", ["cache-control", "x-github-media-type"]),
    ],
)
def test_the_headers_are_those_of_recorded_answers(
    shared: GitHubStub, client: httpx.Client, path: str, more: list[str]
) -> None:
    answer = client.get(shared.api_url + path)
    assert {*RECORDED, *more} <= set(answer.headers)
    assert ("etag" in answer.headers) == ("/search/" not in path)


def test_all_addresses_in_a_body_lead_back_to_the_stand_in(shared: GitHubStub, client: httpx.Client) -> None:
    for prefix in ("", "/api/v3"):
        base = shared.api_origin + prefix
        body = client.get(base + "/repos/ada/big").json()
        assert body["url"] == base + "/repos/ada/big"
        assert body["parent"]["trees_url"] == base + "/repos/lib/big/git/trees{/sha}"
        text = client.get(base + "/users/ada/repos").text
        assert "github.com/" not in text


def test_a_library_nobody_here_wrote_can_use_it(shared: GitHubStub) -> None:
    auth = Auth.Token(TOKEN)
    hub = Github(auth=auth, base_url=shared.api_url, retry=None, seconds_between_requests=0, per_page=2)
    assert [repo.name for repo in hub.get_user("ada").get_repos(type="owner", sort="created")][-1]
    parent = hub.get_repo("ada/big").parent
    assert parent is not None
    assert parent.full_name == "lib/big"
    found = hub.search_issues("type:pr is:merged author:ada -user:ada")
    assert (found.totalCount, next(iter(found)).title) == (1, "Fix the sum")
    assert hub.get_repo("ada/r0").get_archive_link("tarball").startswith(shared.archive_url)
    assert hub.get_rate_limit().resources.core.limit == 10_000
    hub.close()


def test_limits_are_counted_per_bucket_and_an_unchanged_answer_is_free_with_a_token() -> None:
    with GitHubStub(portfolio()) as stub, httpx.Client(base_url=stub.api_url, headers=HEADERS) as client:
        first = client.get("/users/ada")
        again = client.get("/users/ada", headers={"If-None-Match": first.headers["etag"]})
        search = client.get("/search/issues?q=author:ada")
        assert (first.headers["x-ratelimit-remaining"], first.headers["x-ratelimit-resource"]) == ("4999", "core")
        assert first.headers["etag"].startswith('W/"')
        assert (again.status_code, again.content, again.headers["x-ratelimit-remaining"]) == (304, b"", "4999")
        assert (search.headers["x-ratelimit-remaining"], search.headers["x-ratelimit-limit"]) == ("29", "30")
        assert int(first.headers["x-ratelimit-reset"]) == int((NOON + timedelta(hours=1)).timestamp())
        assert client.get("/rate_limit").json()["resources"]["core"]["used"] == 1
        assert [entry.cost for entry in stub.log] == [1, 0, 1, 0]


def test_without_a_token_an_unchanged_answer_is_charged_and_sixty_is_the_end() -> None:
    with (
        GitHubStub(portfolio(), nameless={"core": 3}) as stub,
        httpx.Client(base_url=stub.api_url, headers={"User-Agent": "test"}) as client,
    ):
        tag = client.get("/users/ada").headers["etag"]
        again = client.get("/users/ada", headers={"If-None-Match": tag})
        assert (again.status_code, again.headers["x-ratelimit-remaining"]) == (304, "1")
        client.get("/users/ada")
        refused = client.get("/users/ada")
        assert (refused.status_code, refused.headers["x-ratelimit-remaining"]) == (403, "0")
        assert "rate limit exceeded" in refused.json()["message"]
        assert stub.count(status=403) == 1


def test_a_limit_is_whole_again_after_its_reset() -> None:
    clock = [NOON]

    def now() -> datetime:
        return clock[0]

    with GitHubStub(portfolio(), limits={"core": 1}, now=now) as stub, httpx.Client(headers=HEADERS) as client:
        statuses = [client.get(stub.api_url + "/users/ada").status_code for _ in range(2)]
        clock[0] += timedelta(hours=1)
        late = client.get(stub.api_url + "/users/ada")
        assert [*statuses, late.status_code] == [200, 403, 200]
        assert late.headers["date"] == "Thu, 15 Jan 2026 13:00:00 GMT"


def test_strangers_are_turned_away(shared: GitHubStub) -> None:
    with httpx.Client(base_url=shared.api_url) as client:
        bad = client.get("/users/ada", headers={"Authorization": "token wrong", "User-Agent": "test"})
        assert (bad.status_code, bad.json()["message"]) == (401, "Bad credentials")
        del client.headers["user-agent"]
        assert client.get("/users/ada").status_code == 403
        old = client.get("/users/ada", headers={"User-Agent": "test", "X-GitHub-Api-Version": "2001-01-01"})
        assert old.status_code == 400


def test_an_archive_is_what_git_makes_of_the_commit_and_its_host_gets_no_token(client: httpx.Client) -> None:
    files: dict[str, str | bytes | File] = {
        "README.md": "# demo\n",
        "run.sh": File(text="#!/bin/sh\n", executable=True),
        "link": File(symlink="README.md"),
        "vendor": File(submodule="1" * 40),
        "version.txt": "$Format:%H$\n",
        "tests/test_a.py": "def test(): pass\n",
        "model.bin": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n",
        ".gitattributes": "tests export-ignore\nversion.txt export-subst\n",
        "dätei.txt": b"\xff\x00",
    }
    world = World(owners=(Owner(login="ada"),), repositories=(Repo.from_files(files, owner="ada", name="demo"),))
    with GitHubStub(world) as stub:
        head = open_repo(world, world.repositories[0]).head
        assert head is not None
        link = client.get(f"{stub.api_url}/repos/ada/demo/tarball/{head.oid}")
        assert link.status_code == 302
        data = PLAIN.get(link.headers["location"]).content
        with tarfile.open(fileobj=io.BytesIO(gzip.decompress(data))) as tar:
            top = f"ada-demo-{head.oid[:7]}"
            names = {member.name.removeprefix(top): member for member in tar}
            assert tar.pax_headers["comment"] == head.oid
            assert "/tests/test_a.py" not in names
            assert names["/run.sh"].mode & 0o100
            assert names["/link"].linkname == "README.md"
            assert names["/vendor"].isdir()
            text = tar.extractfile(names["/version.txt"])
            assert text is not None
            assert text.read().decode() == head.oid + "\n"
        listed = client.get(f"{stub.api_url}/repos/ada/demo/git/trees/{head.tree}?recursive=1").json()
        modes = {entry["path"]: entry["mode"] for entry in listed["tree"]}
        assert modes["run.sh"] == "100755"
        assert (modes["link"], modes["vendor"], "tests/test_a.py" in modes) == ("120000", "160000", True)
        assert not any(entry.had_token for entry in stub.log if entry.host == "archive")


def test_the_written_repositories_are_sound_and_the_same_every_time() -> None:
    world = portfolio(130)
    for repo in (world.repositories[0], world.repositories[-2]):
        clone = open_repo(world, repo)
        assert clone.run("fsck", "--strict", "--full") == b""
        assert clone.head is not None
    assert open_repo(world, world.repositories[0]).head == open_repo(portfolio(), world.repositories[0]).head


def test_the_web_host_serves_the_documented_archive_form_and_refs(shared: GitHubStub) -> None:
    answer = PLAIN.get(f"{shared.archive_url}/ada/r0/archive/refs/heads/main.tar.gz")
    assert answer.headers["location"] == f"{shared.archive_url}/ada/r0/tar.gz/refs/heads/main"
    whole = PLAIN.get(answer.headers["location"])
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(whole.content))) as tar:
        assert tar.getnames()[0] == "r0-main"
        oid = tar.pax_headers["comment"]
    refs = PLAIN.get(f"{shared.archive_url}/ada/r0.git/info/refs?service=git-upload-pack")
    assert f"{oid} HEAD".encode() in refs.content
    assert PLAIN.get(f"{shared.archive_url}/ada/none/archive/refs/heads/main.tar.gz").status_code == 404


def test_git_itself_can_clone_from_it(shared: GitHubStub, tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "clone", "-q", "--bare", "--depth=1", f"{shared.archive_url}/ada/r0.git", str(tmp_path / "r0")]
    subprocess.run(command, env=environment, check=True)
    assert (tmp_path / "r0" / "HEAD").read_text() == "ref: refs/heads/main\n"


def test_a_fork_is_compared_with_the_repository_it_came_from(shared: GitHubStub, client: httpx.Client) -> None:
    body = client.get(shared.api_url + "/repos/ada/big/compare/lib:main...ada:main").json()
    assert (body["status"], body["ahead_by"], body["behind_by"]) == ("ahead", 1, 0)
    assert [(one["filename"], one["additions"], one["deletions"]) for one in body["files"]] == [("a.py", 2, 1)]
    back = client.get(shared.api_url + "/repos/ada/big/compare/main...lib:main").json()
    assert (back["status"], back["behind_by"], back["files"]) == ("behind", 1, [])


def test_a_renamed_repository_redirects_to_its_number_and_a_blocked_one_says_why(client: httpx.Client) -> None:
    world = portfolio().changed("ada/r0", former_names=("ada/before",)).changed("ada/r1", blocked="dmca")
    world = world.changed("ada/r2", blocked="tos")
    with GitHubStub(world) as stub:
        moved = client.get(stub.api_url + "/repos/ada/before/commits?per_page=1")
        number = world.repositories[0].number
        assert moved.status_code == 301
        assert moved.headers["location"] == f"{stub.api_url}/repositories/{number}/commits?per_page=1"
        assert client.get(f"{stub.api_url}/repositories/{number}").json()["full_name"] == "ada/r0"
        source = client.get(stub.api_url + "/repos/ada/before/tarball/main", follow_redirects=False)
        assert client.get(source.headers["location"]).status_code == 302
        assert client.get(stub.api_url + "/repos/ada/r1").status_code == 451
        assert client.get(stub.api_url + "/repos/ada/r2/tarball/main").json()["block"]["reason"] == "tos"
        web = PLAIN.get(stub.archive_url + "/ada/before/archive/refs/heads/main.tar.gz")
        assert web.headers["location"] == stub.archive_url + "/ada/r0/archive/refs/heads/main.tar.gz"


def test_the_world_can_change_while_it_is_served(client: httpx.Client) -> None:
    with GitHubStub(portfolio()) as stub:
        before = client.get(stub.api_url + "/repos/ada/r0/commits").json()
        stub.world = stub.world.pushed("ada/r0", Commit(files={"new.py": "n = 1\n"}, message="More"))
        after = client.get(stub.api_url + "/repos/ada/r0/commits").json()
        assert [one["sha"] for one in after[1:]] == [one["sha"] for one in before]
        stub.world = stub.world.without("ada/r0")
        assert client.get(stub.api_url + "/repos/ada/r0").status_code == 404


def test_a_token_shown_to_another_host_fails_the_test(client: httpx.Client) -> None:
    with pytest.raises(Violation, match="token was shown"), GitHubStub(portfolio()) as stub:
        client.get(stub.archive_url + "/ada/r0/tar.gz/refs/heads/main")


def test_an_answer_outside_the_description_fails_the_test(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.ghstub.shapes.Shapes.user", lambda self, owner: {"login": owner.login})
    with pytest.raises(Violation, match="/users/"), GitHubStub(portfolio()) as stub:
        client.get(stub.api_url + "/users/ada")


def test_a_world_is_read_from_yaml_and_a_misspelt_name_is_refused() -> None:
    text = """
    owners: [{login: bo, name: Bo Invented}]
    repositories:
      - owner: bo
        name: shop
        topics: [ml]
        commits: [{files: {README.md: "# Shop", link: {symlink: README.md}}, date: 2025-03-01T10:00:00Z}]
        releases: [{tag: v1.0}]
    """
    world = World.from_yaml(text)
    head = open_repo(world, world.repositories[0]).head
    assert head is not None
    assert head.date.year == 2025
    assert world.repositories[0].releases == (Release(tag="v1.0"),)
    with pytest.raises(ValueError, match="nickname"):
        World.from_yaml("owners: [{login: bo, nickname: b}]")


def test_bare_clones_are_served_with_what_a_clone_can_know(tmp_path: Path, client: httpx.Client) -> None:
    source = portfolio()
    repo = source.repositories[0]
    folder = open_repo(source, repo).folder
    target = tmp_path / "someone+thing" / "repo"
    target.parent.mkdir()
    subprocess.run(["cp", "-r", str(folder), str(target)], check=True)
    lost = open_repo(source, repo).object("HEAD:src/a.py")
    assert lost is not None
    (target / "objects" / lost[0][:2] / lost[0][2:]).unlink()
    with GitHubStub(World.from_mirror(tmp_path)) as stub:
        body = client.get(stub.api_url + "/repos/someone/thing").json()
        assert (body["description"], body["homepage"], body["license"], body["stargazers_count"]) == (
            None,
            None,
            None,
            0,
        )
        link = client.get(stub.api_url + "/repos/someone/thing/tarball/main").headers["location"]
        with tarfile.open(fileobj=io.BytesIO(gzip.decompress(PLAIN.get(link).content))) as tar:
            files = [member.name.partition("/")[2] for member in tar if member.isfile()]
        assert files == ["README.md"]


def test_a_bare_clone_is_served_at_an_older_commit(tmp_path: Path, client: httpx.Client) -> None:
    source = portfolio()
    library = open_repo(source, source.repositories[3])
    target = tmp_path / "lib+big" / "repo"
    target.parent.mkdir()
    subprocess.run(["cp", "-r", str(library.folder), str(target)], check=True)
    first = library.run("rev-list", "--max-parents=0", "main").decode().strip()
    with GitHubStub(World.from_mirror(tmp_path, {"lib/big": first})) as stub:
        dates = client.get(stub.api_url + "/repos/lib/big").json()
        assert dates["created_at"] == dates["pushed_at"] == "2024-01-01T12:00:00Z"
        home = stub.api_url + "/repos/lib/big"
        assert client.get(home + "/branches/main").json()["commit"]["sha"] == first
        for name in ("main", "HEAD"):
            tree = client.get(f"{home}/git/trees/{name}?recursive=1").json()["tree"]
            assert [one["path"] for one in tree] == ["a.py"]
        refs = PLAIN.get(f"{stub.archive_url}/lib/big.git/info/refs?service=git-upload-pack").text
        assert f"{first} HEAD" in refs
        whole = PLAIN.get(f"{stub.archive_url}/lib/big/tar.gz/refs/heads/main").content
        assert b"b.py" not in gzip.decompress(whole)


def test_the_test_run_cannot_leave_this_machine() -> None:
    with socket.socket() as plug, pytest.raises(RuntimeError, match="connect"):
        plug.connect(("192.0.2.1", 80))
    with pytest.raises(RuntimeError, match="look up"):
        socket.getaddrinfo("example.com", 443)
    with pytest.raises(RuntimeError, match="look up"):
        httpx.get("http://example.com")


def test_an_enterprise_server_is_the_same_under_its_own_addresses() -> None:
    with GitHubStub(portfolio(), enterprise=True) as stub:
        hub = Github(auth=Auth.Token(TOKEN), base_url=stub.api_url, retry=None, seconds_between_requests=0)
        requester = hub.requester
        assert requester.graphql_url == stub.api_origin + "/api/graphql"
        _, body = requester.requestJsonAndCheck(
            "POST", requester.graphql_url, input={"query": "{ rateLimit { cost } }"}
        )
        assert body == {"data": {"rateLimit": {"cost": 1}}}
        assert len(list(hub.get_organization("lib").get_repos())) == 1
        assert hub.get_repo("ada/r0").url == stub.api_origin + "/api/v3/repos/ada/r0"
        hub.close()
        web = PLAIN.get(stub.api_origin + "/ada/r0/archive/refs/heads/main.tar.gz", headers={"User-Agent": "test"})
        assert web.status_code == 302


def test_objects_are_found_by_their_oids(client: httpx.Client) -> None:
    with GitHubStub(portfolio()) as stub:
        home = stub.api_url + "/repos/ada/r0"
        tree = {one["path"]: one for one in client.get(home + "/git/trees/main?recursive=1").json()["tree"]}
        blob = client.get(tree["README.md"]["url"])
        assert b64decode(blob.json()["content"]) == b"# r0\n"
        raw = client.get(tree["README.md"]["url"], headers={"Accept": "application/vnd.github.raw+json"})
        assert raw.content == b"# r0\n"
        commit = client.get(home + "/commits?author=ada&path=README.md").json()[0]
        assert commit["author"]["login"] == "ada"
        assert (
            client.get(commit["commit"]["url"]).json()["tree"]["sha"]
            == client.get(home + "/git/trees/main").json()["sha"]
        )
        assert client.get(home + "/commits?author=bo").json() == []
        owner = client.get(stub.api_url + "/users/ada").json()
        assert client.get(f"{stub.api_url}/user/{owner['id']}").json()["login"] == "ada"
        assert client.get(f"{stub.api_url}/user/1").status_code == 404
        pages = [
            client.get(f"{stub.archive_url}{path}", headers={"Authorization": ""})
            for path in ("/ada", "/ada/r0", "/x/y")
        ]
        assert [page.status_code for page in pages] == [200, 200, 404]
        stub.violations.clear()


def test_it_runs_by_hand_until_told_to_stop(tmp_path: Path) -> None:
    faults = tmp_path / "faults.yaml"
    faults.write_text("- {kind: status, status: 503, match: /rate_limit, times: 1}")
    command = [sys.executable, "-m", "tests.ghstub", "--world", "tests/ghstub/example.yaml", "--faults", str(faults)]
    root = Path(__file__).parent.parent
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        settings = dict(process.stdout.readline().strip().split("=", 1) for _ in range(3))
        with httpx.Client(headers=HEADERS, base_url=settings["GITHUB_API_URL"]) as client:
            names = [repo["name"] for repo in client.get("/users/mira-invented/repos").json()]
            assert names == ["bike-data", "fast-frames", "ideas", "price-service", "taken-down"]
            assert client.get("/repos/mira-invented/bicycles").status_code == 301
            assert client.get("/search/issues?q=is:merged+author:mira-invented").json()["total_count"] == 1
            assert [client.get("/rate_limit").status_code for _ in range(2)] == [503, 200]
        process.terminate()
        _, errors = process.communicate(timeout=20)
        assert (process.returncode, errors.strip()) == (0, "5 requests, 5 to the API")
