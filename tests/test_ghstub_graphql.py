"""The stand-in's GraphQL side: official types, GitHub's prices, limits and error shapes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.ghstub import (
    NOON,
    TOKEN,
    Activity,
    Commit,
    Deployment,
    Fault,
    File,
    GitHubStub,
    Owner,
    PullRequest,
    Release,
    Repo,
    SocialAccount,
    World,
)
from tests.ghstub.graph import plan, schema

PLAIN = httpx.Client(limits=httpx.Limits(max_keepalive_connections=0))
"""Made once, because making one costs more than most tests here; keeps no connection from one stand-in to the next."""
OVERVIEW = """
query Overview($login: String!, $size: Int!, $cursor: String) {
  repositoryOwner(login: $login) {
    __typename id login
    ... on User { name socialAccounts(first: 10) { nodes { provider url } } pinnedItems(first: 6) { nodes {
      ... on Repository { nameWithOwner } } } profile: repository(name: $login) { name } }
    ... on Organization { description }
    repositories(first: $size, after: $cursor, ownerAffiliations: [OWNER], privacy: PUBLIC,
                 orderBy: {field: PUSHED_AT, direction: DESC}) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        id name isFork isEmpty isArchived homepageUrl
        parent { nameWithOwner defaultBranchRef { target { oid } } }
        licenseInfo { spdxId }
        languages(first: 20, orderBy: {field: SIZE, direction: DESC}) { totalSize edges { size node { name } } }
        repositoryTopics(first: 20) { nodes { topic { name } } }
        defaultBranchRef { name target { oid ... on Commit { committedDate tree { oid } } } }
      }
    }
  }
  rateLimit { cost nodeCount remaining used limit resetAt }
}
"""
DETAILS = """
query Details($ids: [ID!]!) {
  nodes(ids: $ids) { __typename id ... on Repository {
    name
    defaultBranchRef { target { ... on Commit { history(first: 1) { totalCount nodes { author { user { login } } } }
      statusCheckRollup { state } } } }
    releases(first: 1, orderBy: {field: CREATED_AT, direction: DESC}) { totalCount nodes { tagName } }
    deployments(first: 5) { totalCount nodes { environment latestStatus { state environmentUrl } } }
    submodules(first: 10) { nodes { path gitUrl subprojectCommitOid } }
  } }
  rateLimit { cost nodeCount }
}
"""
MERGED = """
query Merged($search: String!, $first: Int!) {
  search(type: ISSUE, query: $search, first: $first) {
    issueCount
    nodes { ... on PullRequest { title mergedAt authorAssociation labels(first: 5) { nodes { name } }
      repository { nameWithOwner owner { login } } } }
  }
  rateLimit { cost }
}
"""
SUBMODULES = '[submodule "sub"]\n\tpath = vendor/sub\n\turl = https://git.test/sub.git\n'


def invented() -> World:
    own = [
        Repo.from_files({"a.py": f"x = {n}\n", "n.R": "y"}, owner="ada", name=f"r{n}", topics=("ml",)) for n in range(5)
    ]
    rich = Repo.from_files(
        {"a.py": "x = 1\n", ".gitmodules": SUBMODULES, "vendor/sub": File(submodule="a" * 40)},
        owner="ada",
        name="rich",
        license="mit",
        checks="SUCCESS",
        releases=(Release(tag="v1"), Release(tag="v2", created_at=NOON)),
        deployments=(Deployment(environment_url="https://rich.ada.test"),),
    )
    lib = Repo(owner="lib", name="big", commits=(Commit(files={"a.py": "1"}),))
    return World(
        owners=(
            Owner(
                login="ada",
                pinned=("rich",),
                social=(SocialAccount(provider="linkedin", url="https://l.test"),),
                activity=(Activity(day=datetime(2025, 2, 1, tzinfo=UTC), commits=3, reviews=1),),
                heavy=True,
            ),
            Owner(login="lib", kind="Organization"),
        ),
        scopes=("read:org",),
        repositories=(
            *own,
            rich,
            lib,
            Repo(owner="ada", name="big", parent="lib/big"),
            Repo(owner="ada", name="empty"),
        ),
        pull_requests=(
            PullRequest(repository="lib/big", author="ada", number=1, title="One"),
            PullRequest(repository="lib/big", author="ada", number=2, title="Two", state="CLOSED", labels=("Merged",)),
            PullRequest(repository="lib/big", author="bo", number=3, title="Three"),
            PullRequest(repository="ada/r1", author="ada", number=4, title="Four"),
        ),
    )


@pytest.fixture(scope="module")
def shared() -> Iterator[GitHubStub]:
    with GitHubStub(invented()) as stub:
        yield stub


def ask(stub: GitHubStub, query: str, endpoint: str = "/graphql", **variables: Any) -> dict[str, Any]:
    body = {"query": query, "variables": variables}
    headers = {"Authorization": f"bearer {TOKEN}", "User-Agent": "test"}
    answer = PLAIN.post(stub.api_origin + endpoint, json=body, headers=headers)
    assert answer.status_code == 200
    result: dict[str, Any] = answer.json()
    return result


@pytest.mark.parametrize(
    ("query", "variables", "requests", "nodes", "points"),
    [
        (OVERVIEW, {"login": "ada", "size": 50}, 103, 2066, 1),
        (OVERVIEW, {"login": "ada", "size": 100}, 203, 4116, 2),
        (DETAILS, {"ids": ["R"] * 20}, 80, 360, 1),
        (MERGED, {"search": "author:ada", "first": 50}, 51, 300, 1),
    ],
)
def test_the_price_follows_the_published_formula(
    query: str, variables: dict[str, Any], requests: int, nodes: int, points: int
) -> None:
    cost = plan({"query": query, "variables": variables}).cost
    assert (cost.requests, cost.nodes, cost.points) == (requests, nodes, points)


def test_the_documented_examples_cost_what_the_documentation_says() -> None:
    """The two worked examples of GitHub's page on resource limitations: 22,060 nodes; 5,101 requests, 51 points."""
    nodes = """query { viewer { repositories(first: 50) { edges { repository: node { name
        pullRequests(first: 20) { edges { node { title assignees(first: 10) { edges { node { login } } } } } }
        issues(first: 20) { totalCount edges { node { title assignees(first: 10) { edges { node { login } } } } } }
        } } } followers(first: 10) { totalCount } } }"""
    assert plan({"query": nodes}).cost.nodes == 22_060
    price = """query { viewer { login repositories(first: 100) { edges { node { id
        issues(first: 50) { edges { node { id labels(first: 60) { edges { node { id name } } } } } } } } } } }"""
    assert (plan({"query": price}).cost.requests, plan({"query": price}).cost.points) == (5_101, 51)


def test_an_overview_shows_every_repository_once_over_its_pages(shared: GitHubStub) -> None:
    cursor, names, pages = None, [], 0
    while True:
        answer = ask(shared, OVERVIEW, login="ada", size=3, cursor=cursor)
        listed = answer["data"]["repositoryOwner"]["repositories"]
        names += [node["name"] for node in listed["nodes"]]
        pages += 1
        if not listed["pageInfo"]["hasNextPage"]:
            break
        cursor = listed["pageInfo"]["endCursor"]
    assert sorted(names) == ["big", "empty", "r0", "r1", "r2", "r3", "r4", "rich"]
    assert pages == 3
    assert listed["totalCount"] == 8


def test_a_repository_reads_as_git_has_it(shared: GitHubStub) -> None:
    answer = ask(shared, OVERVIEW, login="ADA", size=50)
    owner = answer["data"]["repositoryOwner"]
    by_name = {node["name"]: node for node in owner["repositories"]["nodes"]}
    head = shared.service.hub.clone(shared.world.repositories[5]).head
    assert head is not None
    assert by_name["rich"]["defaultBranchRef"]["target"]["tree"]["oid"] == head.tree
    assert by_name["rich"]["licenseInfo"] == {"spdxId": "MIT"}
    assert [edge["node"]["name"] for edge in by_name["r0"]["languages"]["edges"]] == ["Python", "R"]
    assert by_name["empty"]["isEmpty"]
    assert by_name["empty"]["defaultBranchRef"] is None
    parent = by_name["big"]["parent"]
    assert parent["defaultBranchRef"]["target"] == {"oid": by_name["big"]["defaultBranchRef"]["target"]["oid"]}
    assert owner["pinnedItems"]["nodes"] == [{"nameWithOwner": "ada/rich"}]
    assert owner["socialAccounts"]["nodes"] == [{"provider": "LINKEDIN", "url": "https://l.test"}]
    assert owner["profile"] is None
    assert [(error["type"], error["path"]) for error in answer["errors"]] == [
        ("NOT_FOUND", ["repositoryOwner", "profile"])
    ]


def test_details_come_by_node_id_and_an_unknown_id_is_null_with_an_error(shared: GitHubStub) -> None:
    listed = ask(shared, OVERVIEW, login="ada", size=50)["data"]["repositoryOwner"]["repositories"]["nodes"]
    ids = {node["name"]: node["id"] for node in listed}
    answer = ask(shared, DETAILS, ids=[ids["rich"], "R_nothing", ids["empty"]])
    rich, unknown, empty = answer["data"]["nodes"]
    assert rich["releases"] == {"totalCount": 2, "nodes": [{"tagName": "v2"}]}
    assert rich["deployments"]["nodes"][0]["latestStatus"] == {
        "state": "SUCCESS",
        "environmentUrl": "https://rich.ada.test",
    }
    assert rich["submodules"]["nodes"] == [
        {"path": "vendor/sub", "gitUrl": "https://git.test/sub.git", "subprojectCommitOid": "a" * 40}
    ]
    assert rich["defaultBranchRef"]["target"]["statusCheckRollup"] == {"state": "SUCCESS"}
    assert rich["defaultBranchRef"]["target"]["history"]["nodes"] == [{"author": {"user": {"login": "ada"}}}]
    assert unknown is None
    assert answer["errors"][0]["type"] == "NOT_FOUND"
    assert answer["errors"][0]["path"] == ["nodes", 1]
    assert empty["defaultBranchRef"] is None


@pytest.mark.parametrize(
    ("search", "titles"),
    [
        ("type:pr is:merged is:public author:ada -user:ada sort:updated-desc", ["One"]),
        ("type:pr is:closed is:unmerged author:ada -user:ada label:Merged", ["Two"]),
        ("type:pr is:merged author:ada", ["Four", "One"]),
        ("type:pr is:merged author:ada created:>2030-01-01", []),
        ("is:pr author:nobody", []),
    ],
)
def test_pull_requests_are_searched(shared: GitHubStub, search: str, titles: list[str]) -> None:
    found = ask(shared, MERGED, search=search, first=50)["data"]["search"]
    assert [node["title"] for node in found["nodes"]] == titles
    assert found["issueCount"] == len(titles)


@pytest.mark.parametrize(
    ("search", "count"),
    [
        ("is:pr org:lib", 3),
        ("is:pr repo:lib/big -author:bo", 2),
        ("is:pr user:ada is:open", 0),
        ("is:pr is:merged merged:2024-01-01..2024-01-31 author:ada", 2),
        ("is:pr is:merged merged:*..2023-12-31", 0),
        ("is:pr is:merged merged:>2024-01-03", 0),
        ("is:pr is:merged closed:<=2024-01-03", 3),
        ("is:pr closed:2024-01-03 three", 1),
        ("is:pr -label:merged", 3),
        ('is:pr label:"merged","other"', 1),
        ("is:pr archived:true", 0),
    ],
)
def test_qualifiers_narrow_a_search(shared: GitHubStub, search: str, count: int) -> None:
    assert ask(shared, MERGED, search=search, first=50)["data"]["search"]["issueCount"] == count


@pytest.mark.parametrize("search", ["is:pr colour:red", "is:pr a OR b", "is:pr is:strange", "is:pr sort:reactions"])
def test_a_search_that_is_not_modelled_fails_the_test_that_asked(search: str) -> None:
    with GitHubStub(invented()) as stub:
        assert ask(stub, MERGED, search=search, first=5)["data"] is None
        assert "search" in stub.violations[0]
        stub.violations.clear()


def test_files_and_commits_are_read_by_expression(shared: GitHubStub) -> None:
    query = """
    query Files($path: String!, $deep: Boolean = false) {
      repository(owner: "ada", name: "rich") {
        ...Named @skip(if: $deep)
        readme: object(expression: $path) { __typename oid ... on Blob { byteSize isBinary isTruncated text } }
        none: object(expression: "HEAD:nothing") { oid }
        root: object(expression: "HEAD:") { ... on Tree { entries { name type mode } } }
        head: object(expression: "HEAD") { ... on Commit { message authoredDate history(first: 5) { totalCount } } }
        codeOfConduct { key } contributingGuidelines { resourcePath } isSecurityPolicyEnabled fundingLinks { url }
        latestRelease { tagName } issues(states: [OPEN]) { totalCount } watchers { totalCount } diskUsage
        owner { login } primaryLanguage { name color } templateRepository { name }
      }
    }
    fragment Named on Repository { nameWithOwner url repositoryTopics(last: 1) { nodes { topic { name } } } }
    """
    found = ask(shared, query, path="HEAD:a.py")["data"]["repository"]
    text = {key: found["readme"][key] for key in ("__typename", "byteSize", "isBinary", "isTruncated", "text")}
    assert text == {"__typename": "Blob", "byteSize": 6, "isBinary": False, "isTruncated": False, "text": "x = 1\n"}
    assert found["none"] is None
    assert [entry["name"] for entry in found["root"]["entries"]] == [".gitmodules", "a.py", "vendor"]
    assert (found["head"]["message"], found["head"]["history"]["totalCount"]) == ("First", 1)
    assert (found["latestRelease"], found["nameWithOwner"]) == ({"tagName": "v2"}, "ada/rich")
    assert plan({"query": query, "variables": {"path": "x", "deep": True}}).cost.requests == 3
    assert plan({"query": query, "variables": {"path": "x"}}).cost.requests == 4


def test_a_history_is_counted_by_author(shared: GitHubStub) -> None:
    query = """query($who: ID!) { repository(owner: "lib", name: "big") { defaultBranchRef { target { ... on Commit {
      history(first: 10, author: {id: $who}) { totalCount } } } } } user(login: "ada") { id repositories(last: 1,
      orderBy: {field: NAME, direction: ASC}, isFork: false) { nodes { name } totalCount } } }"""
    who = ask(shared, '{ user(login: "ada") { id } organization(login: "lib") { id } }')["data"]
    answers = [ask(shared, query, who=who[kind]["id"])["data"] for kind in ("user", "organization")]
    counts = [one["repository"]["defaultBranchRef"]["target"]["history"]["totalCount"] for one in answers]
    assert counts == [0, 1]
    assert answers[0]["user"]["repositories"] == {"nodes": [{"name": "rich"}], "totalCount": 7}


def test_the_enterprise_mount_answers_too(shared: GitHubStub) -> None:
    assert ask(shared, "{ rateLimit { limit } }", endpoint="/api/graphql")["data"] == {"rateLimit": {"limit": 5000}}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{ viewer { login nickname } }", "Cannot query field 'nickname'"),
        ('{ repositoryOwner(login: "ada") { login', "Syntax Error"),
        (
            '{ repositoryOwner(login: "ada") { repositories(first: 101) { nodes { id } } } }',
            "exceeds the `first` limit",
        ),
        ('{ repositoryOwner(login: "ada") { repositories { nodes { id } } } }', "must provide a `first` or `last`"),
        (
            '{ user(login: "ada") { repositories(first: 100) { nodes { issues(first: 100) { nodes { '
            "labels(first: 100) { nodes { name } } } } } } } }",
            "1,010,100",
        ),
        ('{ user(login: "ada") { email } }', "required scopes"),
        ("{ viewer { isViewer } }", "does not model User.isViewer"),
    ],
)
def test_what_github_refuses_or_we_do_not_model_fails_the_test_that_asked(query: str, message: str) -> None:
    with GitHubStub(invented()) as stub:
        answer = ask(stub, query)
        assert message in answer["errors"][0]["message"]
        assert len(stub.violations) == 1
        assert message in stub.violations[0]
        stub.violations.clear()


def test_what_is_closed_today_is_an_error_beside_the_data(shared: GitHubStub) -> None:
    stars = '{ repository(owner: "ada", name: "r0") { name stargazerCount stargazers { totalCount } } }'
    answer = ask(shared, stars)
    assert (answer["data"]["repository"], answer["errors"][0]["type"]) == (None, "FORBIDDEN")
    window = """query($from: DateTime!, $to: DateTime!) { user(login: "ada") { login
      contributionsCollection(from: $from, to: $to) { totalCommitContributions } } }"""
    year = ask(shared, window, **{"from": "2025-01-01T00:00:00Z", "to": "2025-12-31T00:00:00Z"})
    assert (year["data"], year["errors"][0]["type"]) == ({"user": None}, "RESOURCE_LIMITS_EXCEEDED")
    quarter = ask(shared, window, **{"from": "2025-01-01T00:00:00Z", "to": "2025-03-31T00:00:00Z"})
    assert quarter["data"]["user"]["contributionsCollection"] == {"totalCommitContributions": 3}


def test_the_point_budget_is_real() -> None:
    with GitHubStub(invented(), limits={"graphql": 3}) as stub:
        costs = [ask(stub, OVERVIEW, login="ada", size=100)["data"]["rateLimit"] for _ in range(1)]
        assert (costs[0]["cost"], costs[0]["remaining"], costs[0]["used"]) == (2, 1, 2)
        assert costs[0]["resetAt"] == "2026-01-15T13:00:00Z"
        refused = ask(stub, OVERVIEW, login="ada", size=100)
        assert refused["errors"][0]["type"] == "RATE_LIMITED"
        assert stub.points() == 2


def test_without_a_token_there_is_no_graphql(shared: GitHubStub) -> None:
    answer = PLAIN.post(
        shared.api_url + "/graphql", json={"query": "{ rateLimit { cost } }"}, headers={"User-Agent": "t"}
    )
    assert answer.status_code == 401


def test_a_refused_field_nulls_what_its_type_says() -> None:
    denied = Fault(kind="refuse", match="Details", field="Repository.deployments", keep=1, error="FORBIDDEN")
    with GitHubStub(invented(), faults=[denied]) as stub:
        listed = ask(stub, OVERVIEW, login="ada", size=2)["data"]["repositoryOwner"]["repositories"]["nodes"]
        answer = ask(stub, DETAILS, ids=[node["id"] for node in listed])
        assert [bool(node) for node in answer["data"]["nodes"]] == [True, False]
        assert answer["errors"][0]["path"] == ["nodes", 1, "deployments"]
        assert stub.violations == []


def test_the_trimmed_schema_keeps_official_nullability_and_arguments() -> None:
    kinds = schema().type_map
    repository: Any = kinds["Repository"]
    assert str(repository.fields["defaultBranchRef"].type) == "Ref"
    assert str(repository.fields["nameWithOwner"].type) == "String!"
    assert str(repository.fields["languages"].type) == "LanguageConnection"
    owner: Any = kinds["RepositoryOwner"]
    assert set(owner.fields["repositories"].args) >= {"ownerAffiliations", "privacy", "orderBy", "after"}
