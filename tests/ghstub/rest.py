"""The REST paths a portfolio needs, each with the published path that its answer is checked against."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote, urlencode

from msgspec import Struct

from tests.ghstub import search
from tests.ghstub.compare import compare
from tests.ghstub.git import Clone
from tests.ghstub.gitshapes import GitShapes
from tests.ghstub.hub import Hub
from tests.ghstub.wire import Answer, Seen
from tests.ghstub.world import Owner, Repo

HELP = "https://docs.github.com/rest"
BLOCKS = {"dmca": (451, "https://github.com/github/dmca"), "tos": (403, "https://github.com/contact")}


class Call(Struct):
    """What a handler may look at."""

    hub: Hub
    shapes: GitShapes
    seen: Seen
    archive_url: str
    page_root: str
    """Address that page links start with; ``/api/v3`` included on an enterprise mount."""

    @property
    def base(self) -> str:
        return self.shapes.base


class Problem(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, message: str, **more: Any) -> None:
        super().__init__(message)
        body = {"message": message, **more, "documentation_url": HELP, "status": str(status)}
        self.answer = Answer(status=status, body=body)


def missing() -> Problem:
    return Problem(404, "Not Found")


def owner_of(call: Call, login: str) -> Owner:
    owner = call.hub.world.owner(login)
    if owner is None:
        raise missing()
    return owner


def repo_of(call: Call, owner: str, name: str) -> Repo:
    """The repository, or the answer for one that moved, is blocked or is not there."""
    repo = call.hub.world.repo(f"{owner}/{name}")
    if repo is None or repo.private:
        raise missing()
    if f"{owner}/{name}".lower() != repo.full_name.lower():
        old = f"{call.page_root}/repos/{owner}/{name}"
        place = call.base + "/repositories/" + str(repo.number)
        rest = call.seen.path.partition(f"/repos/{owner}/{name}")[2] or old[:0]
        target = place + rest + ("?" + call.seen.query if call.seen.query else "")
        problem = Problem(301, "Moved Permanently", url=target)
        problem.answer.headers = {"location": target}
        raise problem
    return repo


def open_source(call: Call, owner: str, name: str) -> tuple[Repo, Clone]:
    """The repository and its clone; blocked ones answer 451 or 403, empty ones 409."""
    repo = repo_of(call, owner, name)
    if repo.blocked:
        status, page = BLOCKS[repo.blocked]
        block = {"reason": repo.blocked, "created_at": "2024-01-01T00:00:00Z", "html_url": page}
        raise Problem(status, "Repository access blocked", block=block)
    clone = call.hub.clone(repo)
    if clone.head is None:
        raise Problem(409, "Git Repository is empty.")
    return repo, clone


def commit_of(clone: Clone, ref: str) -> str:
    oid = clone.resolve(ref)
    if oid is None:
        raise Problem(422, f"No commit found for SHA: {ref}")
    return oid


def paged(
    call: Call, items: list[Any], root: str, make: Callable[[Any], Any], default: int = 30
) -> tuple[list[Any], dict[str, str]]:
    """One page of a list and its Link header, whose addresses start at ``root``."""
    asked = call.seen.parameters
    size = int(asked["per_page"]) if asked.get("per_page", "").isdigit() else default
    size = min(100, size) or default
    page = max(1, int(asked["page"])) if asked.get("page", "").isdigit() else 1
    last = max(1, -(-len(items) // size))

    def link(number: int, relation: str) -> str:
        return f'<{root}?{urlencode(asked | {"page": str(number)}, quote_via=quote)}>; rel="{relation}"'

    links = []
    if page > 1:
        links += [link(page - 1, "prev")]
    if page < last:
        links += [link(page + 1, "next"), link(last, "last")]
    if page > 1:
        links += [link(1, "first")]
    shown = [make(item) for item in items[(page - 1) * size : page * size]]
    return shown, {"link": ", ".join(links)} if links else {}


def get_user(call: Call, login: str) -> Answer:
    return Answer(body=call.shapes.user(owner_of(call, login)))


def get_account(call: Call, number: str) -> Answer:
    for owner in call.hub.world.owners:
        if owner.number == int(number):
            return Answer(body=call.shapes.user(owner))
    raise missing()


def get_organization(call: Call, login: str) -> Answer:
    owner = owner_of(call, login)
    if owner.kind != "Organization":
        raise missing()
    return Answer(body=call.shapes.organization(owner))


def get_social(call: Call, login: str) -> Answer:
    owner = owner_of(call, login)
    accounts = [{"provider": one.provider.lower(), "url": one.url} for one in owner.social]
    body, headers = paged(call, accounts, f"{call.base}/user/{owner.number}/social_accounts", dict)
    return Answer(body=body, headers=headers)


def list_repos(call: Call, login: str) -> Answer:
    """Public repositories, sorted as asked; users' pages link to ``/user/{id}/repos``."""
    owner = owner_of(call, login)
    organization = call.seen.path.partition("/orgs/")[1]
    if organization and owner.kind != "Organization":
        raise missing()
    return repo_page(call, owner, "organizations" if organization else "user")


def list_account_repos(call: Call, number: str) -> Answer:
    for owner in call.hub.world.owners:
        if owner.number == int(number):
            return repo_page(call, owner, "organizations" if "/organizations/" in call.seen.path else "user")
    raise missing()


def repo_page(call: Call, owner: Owner, root: str) -> Answer:
    asked = call.seen.parameters
    repos = call.hub.world.of(owner.login)
    if asked.get("type") == "member":
        repos = []
    if asked.get("type") in ("forks", "sources"):
        repos = [repo for repo in repos if (repo.parent is not None) == (asked["type"] == "forks")]
    shapes = {repo.full_name: call.shapes.repo(repo) for repo in repos}
    key = {"created": "created_at", "updated": "updated_at", "pushed": "pushed_at"}.get(
        asked.get("sort", ""), "full_name"
    )
    up = asked.get("direction", "asc" if key == "full_name" else "desc") == "asc"
    repos.sort(key=lambda repo: repo.full_name.lower())
    repos.sort(key=lambda repo: str(shapes[repo.full_name][key]).lower(), reverse=not up)
    body, headers = paged(call, repos, f"{call.base}/{root}/{owner.number}/repos", lambda repo: shapes[repo.full_name])
    return Answer(body=body, headers=headers)


def search_issues(call: Call) -> Answer:
    """Pull requests; 422 for a login that does not exist, a missing or an over-long query."""
    asked = call.seen.parameters
    text = asked.get("q", "")
    try:
        query = search.parse(text)
        if unknown := search.unknown_author(call.hub.world, query):
            raise search.Invalid(
                "The listed users cannot be searched either because the users do not exist or you do not have "
                f"permission to view the users. ({unknown})"
            )
        if asked.get("sort"):
            query.sort, query.ascending = asked["sort"], asked.get("order") == "asc"
        found = search.find(call.hub.world, query)
    except search.Invalid as fault:
        wrong = [{"message": str(fault), "resource": "Search", "field": "q", "code": "invalid"}]
        raise Problem(422, "Validation Failed", errors=wrong) from fault
    items, headers = paged(call, found[:1000], f"{call.base}/search/issues", call.shapes.pull)
    body = {"total_count": len(found), "incomplete_results": False, "search_type": "lexical", "items": items}
    return Answer(body=body, headers=headers, bucket="search")


def get_repo(call: Call, owner: str, name: str) -> Answer:
    repo = repo_of(call, owner, name)
    if repo.blocked:
        open_source(call, owner, name)
    return Answer(body=call.shapes.full_repo(repo))


def get_numbered_repo(call: Call, number: str) -> Answer:
    """``/repositories/{id}``, where a renamed repository redirects to."""
    for repo in call.hub.world.repositories:
        if repo.number == int(number):
            return get_repo(call, repo.owner, repo.name)
    raise missing()


def get_numbered_tarball(call: Call, number: str, ref: str = "") -> Answer:
    for repo in call.hub.world.repositories:
        if repo.number == int(number):
            return get_tarball(call, repo.owner, repo.name, ref)
    raise missing()


def get_languages(call: Call, owner: str, name: str) -> Answer:
    return Answer(body=call.hub.languages(repo_of(call, owner, name)))


def get_tarball(call: Call, owner: str, name: str, ref: str = "") -> Answer:
    """A redirect to the archive host, whatever the ref: the host says 404 for one that is not there."""
    repo = repo_of(call, owner, name)
    if repo.blocked or call.hub.clone(repo).head is None:
        if repo.blocked:
            open_source(call, owner, name)
        raise missing()
    full = ref if re.fullmatch("[0-9a-f]{40}", ref) else f"refs/heads/{ref or repo.default_branch}"
    place = f"{call.archive_url}/{repo.full_name}/legacy.tar.gz/{quote(full)}"
    return Answer(status=302, body=b"", headers={"location": place})


def get_tree(call: Call, owner: str, name: str, oid: str) -> Answer:
    repo, clone = open_source(call, owner, name)
    recursive = "recursive" in call.seen.parameters
    found = clone.object(f"{oid}^{{tree}}")
    if found is None:
        raise missing()
    entries = clone.entries(found[0], recursive=recursive)
    sha = oid if re.fullmatch("[0-9a-f]{40}", oid) else found[0]
    return Answer(body=call.shapes.tree(repo, sha, entries, recursive))


def get_blob(call: Call, owner: str, name: str, oid: str) -> Answer:
    """A blob as base64, or its bytes with the raw media type."""
    repo, clone = open_source(call, owner, name)
    found = clone.object(oid) if re.fullmatch("[0-9a-f]{40}", oid) else None
    if found is None or found[1] != "blob":
        raise missing()
    if "raw" in call.seen.headers.get("accept", ""):
        return Answer(body=found[2], media="application/vnd.github.raw; charset=utf-8", template="-")
    return Answer(body=call.shapes.blob(repo, oid, found[2]))


def get_git_commit(call: Call, owner: str, name: str, oid: str) -> Answer:
    repo, clone = open_source(call, owner, name)
    return Answer(body=call.shapes.git_commit(repo, clone, commit_of(clone, oid)))


def get_commit(call: Call, owner: str, name: str, ref: str) -> Answer:
    repo, clone = open_source(call, owner, name)
    return Answer(body=call.shapes.commit(repo, clone, commit_of(clone, ref)))


def list_commits(call: Call, owner: str, name: str) -> Answer:
    repo, clone = open_source(call, owner, name)
    asked = call.seen.parameters
    start = commit_of(clone, asked.get("sha") or "HEAD")
    paths = [asked["path"]] if "path" in asked else []
    lines = [line.split() for line in clone.run("log", "--format=%H %ae", start, "--", *paths).decode().splitlines()]
    if author := asked.get("author"):
        lines = [line for line in lines if author in (line[1], line[1].partition("@")[0].rpartition("+")[2])]
    root = f"{call.base}/repositories/{repo.number}/commits"
    body, headers = paged(call, [line[0] for line in lines], root, lambda oid: call.shapes.commit(repo, clone, oid))
    return Answer(body=body, headers=headers)


def get_branch(call: Call, owner: str, name: str, branch: str) -> Answer:
    repo, clone = open_source(call, owner, name)
    if branch != repo.default_branch or clone.head is None:
        raise Problem(404, "Branch not found")
    home = f"{call.base}/repos/{repo.full_name}/branches/{quote(branch)}"
    body = {
        "name": branch,
        "commit": call.shapes.commit(repo, clone, clone.head.oid),
        "_links": {"self": home, "html": call.hub.web(repo.full_name, "tree", branch)},
        "protected": False,
        "protection": {"enabled": False, "required_status_checks": {"contexts": [], "checks": []}},
        "protection_url": f"{home}/protection",
    }
    return Answer(body=body)


def get_comparison(call: Call, owner: str, name: str, span: str) -> Answer:
    repo, _ = open_source(call, owner, name)
    base, dots, head = span.partition("...")
    body = compare(call.hub, call.shapes, repo, base, head) if dots else None
    if body is None:
        raise missing()
    return Answer(body=body)


def list_releases(call: Call, owner: str, name: str) -> Answer:
    repo = repo_of(call, owner, name)
    items = sorted(repo.releases, key=lambda item: item.created_at, reverse=True)
    root = f"{call.base}/repositories/{repo.number}/releases"
    body, headers = paged(call, items, root, lambda item: call.shapes.release(repo, item))
    return Answer(body=body, headers=headers)


R = "/repos/{owner}/{repo}"
PATHS: list[tuple[str, str, Callable[..., Answer]]] = [
    (r"/users/([^/]+)", "/users/{username}", get_user),
    (r"/users/([^/]+)/social_accounts", "/users/{username}/social_accounts", get_social),
    (r"/users/([^/]+)/repos", "/users/{username}/repos", list_repos),
    (r"/user/(\d+)", "/user/{account_id}", get_account),
    (r"/user/(\d+)/repos", "/users/{username}/repos", list_account_repos),
    (r"/orgs/([^/]+)", "/orgs/{org}", get_organization),
    (r"/orgs/([^/]+)/repos", "/orgs/{org}/repos", list_repos),
    (r"/organizations/(\d+)/repos", "/orgs/{org}/repos", list_account_repos),
    (r"/search/issues", "/search/issues", search_issues),
    (r"/repositories/(\d+)", R, get_numbered_repo),
    (r"/repositories/(\d+)/tarball(?:/(.+))?", R + "/tarball/{ref}", get_numbered_tarball),
    (r"/repos/([^/]+)/([^/]+)", R, get_repo),
    (r"/repos/([^/]+)/([^/]+)/languages", R + "/languages", get_languages),
    (r"/repos/([^/]+)/([^/]+)/tarball(?:/(.+))?", R + "/tarball/{ref}", get_tarball),
    (r"/repos/([^/]+)/([^/]+)/git/trees/(.+)", R + "/git/trees/{tree_sha}", get_tree),
    (r"/repos/([^/]+)/([^/]+)/git/blobs/([^/]+)", R + "/git/blobs/{file_sha}", get_blob),
    (r"/repos/([^/]+)/([^/]+)/git/commits/([^/]+)", R + "/git/commits/{commit_sha}", get_git_commit),
    (r"/repos/([^/]+)/([^/]+)/commits", R + "/commits", list_commits),
    (r"/repos/([^/]+)/([^/]+)/commits/(.+)", R + "/commits/{ref}", get_commit),
    (r"/repos/([^/]+)/([^/]+)/branches/(.+)", R + "/branches/{branch}", get_branch),
    (r"/repos/([^/]+)/([^/]+)/compare/(.+)", R + "/compare/{basehead}", get_comparison),
    (r"/repos/([^/]+)/([^/]+)/releases", R + "/releases", list_releases),
]


def answer(call: Call, path: str) -> Answer | None:
    """The answer for a path below the mount; None when no such path is modelled."""
    for pattern, template, handler in PATHS:
        if found := re.fullmatch(pattern, path):
            try:
                made = handler(call, *(unquote(part) for part in found.groups() if part is not None))
            except Problem as problem:
                made = problem.answer
            made.template = {"": template, "-": ""}[made.template]
            return made
    return None
