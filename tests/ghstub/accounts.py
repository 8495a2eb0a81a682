"""REST handlers of users and organisations, their repositories, and the search."""

from __future__ import annotations

from tests.ghstub import search
from tests.ghstub.call import Call, Problem, missing, owner_of, paged
from tests.ghstub.wire import Answer
from tests.ghstub.world import Owner


def get_user(call: Call, login: str) -> Answer:
    return Answer(body=call.shapes.user(owner_of(call, login)))


def get_account(call: Call, number: str) -> Answer:
    return Answer(body=call.shapes.user(numbered(call, number)))


def numbered(call: Call, number: str) -> Owner:
    """The owner of a number, which stays when the login changes."""
    for owner in call.hub.world.owners:
        if owner.number == int(number):
            return owner
    raise missing()


def get_organization(call: Call, login: str) -> Answer:
    owner = owner_of(call, login)
    if owner.kind != "Organization":
        raise missing()
    return Answer(body=call.shapes.organization(owner))


def get_account_social(call: Call, number: str) -> Answer:
    return social_page(call, numbered(call, number))


def get_social(call: Call, login: str) -> Answer:
    return social_page(call, owner_of(call, login))


def social_page(call: Call, owner: Owner) -> Answer:
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
    owner = numbered(call, number)
    return repo_page(call, owner, "organizations" if "/organizations/" in call.seen.path else "user")


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
