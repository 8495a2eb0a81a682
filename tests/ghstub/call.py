"""What the REST handlers share: the request with its world, finding what it names, error answers and paging."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from msgspec import Struct

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
        place = f"{call.base}/repositories/{repo.number}"
        rest = call.seen.path.partition(f"/repos/{owner}/{name}")[2]
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
