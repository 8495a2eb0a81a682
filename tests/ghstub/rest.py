"""The REST paths a portfolio needs, each with the published path that its answer is checked against."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote, unquote

from tests.ghstub import accounts
from tests.ghstub.call import Call, Problem, commit_of, missing, open_source, paged, repo_of
from tests.ghstub.compare import compare
from tests.ghstub.wire import Answer


def get_repo(call: Call, owner: str, name: str) -> Answer:
    repo = repo_of(call, owner, name)
    if repo.blocked:
        open_source(call, owner, name)
    return Answer(body=call.shapes.full_repo(repo))


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
    place += f"?token={repo.link_token}" if repo.link_token else ""
    return Answer(status=302, body=b"", media="text/html;charset=utf-8", headers={"location": place})


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
    (r"/users/([^/]+)", "/users/{username}", accounts.get_user),
    (r"/users/([^/]+)/social_accounts", "/users/{username}/social_accounts", accounts.get_social),
    (r"/users/([^/]+)/repos", "/users/{username}/repos", accounts.list_repos),
    (r"/user/(\d+)/social_accounts", "/users/{username}/social_accounts", accounts.get_account_social),
    (r"/user/(\d+)", "/user/{account_id}", accounts.get_account),
    (r"/user/(\d+)/repos", "/users/{username}/repos", accounts.list_account_repos),
    (r"/orgs/([^/]+)", "/orgs/{org}", accounts.get_organization),
    (r"/orgs/([^/]+)/repos", "/orgs/{org}/repos", accounts.list_repos),
    (r"/organizations/(\d+)/repos", "/orgs/{org}/repos", accounts.list_account_repos),
    (r"/search/issues", "/search/issues", accounts.search_issues),
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
    """The answer for a path below the mount; None when no such path is modelled.

    ``/repositories/{id}…``, where renamed repositories and later pages lead, is the same as the path by name.
    """
    if numbered := re.fullmatch(r"/repositories/(\d+)(/.*)?", path):
        named = [repo for repo in call.hub.world.repositories if repo.number == int(numbered[1])]
        path = f"/repos/{named[0].full_name}{numbered[2] or ''}" if named else "/repos/-/-"
    for pattern, template, handler in PATHS:
        if found := re.fullmatch(pattern, path):
            try:
                made = handler(call, *(unquote(part) for part in found.groups() if part is not None))
            except Problem as problem:
                made = problem.answer
            made.template = {"": template, "-": ""}[made.template]
            return made
    return None
