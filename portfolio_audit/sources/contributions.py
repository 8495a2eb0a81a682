"""Pull requests of a person that repositories of others took in.

Most are merged, and the service says so. Some projects land changes by a bot: their pull requests end as closed,
with a label. Those projects are a table in the package data, and a second search in the same document finds them.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal
from urllib.parse import quote_plus

from portfolio_audit.errors import Unavailable
from portfolio_audit.snapshot import Contributions, MergedPullRequest, encode
from portfolio_audit.sources.answer_parts import items, mapping, nodes, number, text
from portfolio_audit.sources.queries import MERGED_ELSEWHERE, closed_search, landed_search, merged_search
from portfolio_audit.sources.service import Reply, Service, TooHeavy
from portfolio_audit.sources.source import Memory, recalled
from portfolio_audit.sources.verdict import message

PAGE_SIZE, SMALLEST_PAGE = 50, 6
MOST_PAGES = 4
REST_PAGE = 100


@cache
def landing_labels() -> dict[str, str]:
    """Label by repository (both in lower case) for the projects whose pull requests a bot lands."""
    table = tomllib.loads((files("portfolio_audit") / "data" / "landed_by_bot.toml").read_text("utf-8"))
    return {project["repository"].lower(): project["label"].lower() for project in table["project"]}


def read_contributions(service: Service, memory: Memory, login: str) -> Contributions:
    """The pull requests found, newest first; with a token by one or a few GraphQL searches, without by one REST search.

    A remembered answer is used as long as the memory keeps it. Raises Unavailable with the reason if nothing
    could be searched, besides what the service raises.
    """
    known = remembered(service, memory, login)
    if known is not None:
        return known
    found, lasting = _by_graphql(service, login) if service.authenticated else _by_rest(service, login)
    if lasting:
        memory.remember("pulls", _key(service, login), encode(found), login=login)
    return found


def remembered(service: Service, memory: Memory, login: str) -> Contributions | None:
    """The answer of an earlier search that may still be used, or None."""
    return recalled(memory, "pulls", _key(service, login), Contributions)


def _key(service: Service, login: str) -> str:
    return f"{service.host}/{login.lower()}/{'graphql' if service.authenticated else 'rest'}"


def _by_graphql(service: Service, login: str) -> tuple[Contributions, bool]:
    """What the search lists, and whether it would list the same again (false where the service broke off)."""
    labels = sorted(set(landing_labels().values()))
    merged: dict[str, MergedPullRequest] = {}
    landed: dict[str, MergedPullRequest] = {}
    cursor: str | None = None
    total = page = 0
    size, reason, failure = PAGE_SIZE, "", ""
    while page < MOST_PAGES:
        variables = {
            "merged": merged_search(login),
            "landed": landed_search(login, labels),
            "first": size,
            "cursor": cursor,
            "withLanded": page == 0,
        }
        try:
            reply = service.graphql(MERGED_ELSEWHERE, variables, what=f"searching merged pull requests of {login}")
        except TooHeavy as heavy:
            if size > SMALLEST_PAGE:
                size = max(size // 2, SMALLEST_PAGE)
                service.gate.breathe(1, f"{service.host} {heavy.reason}: asking for {size} pull requests at a time")
                continue
            if page == 0:
                raise Unavailable(f"the search for merged pull requests failed: {heavy.reason}") from None
            failure = heavy.reason
            break
        search = mapping(reply.data.get("merged"))
        if not search and page == 0:
            raise Unavailable(f"the search for merged pull requests failed: {_why(reply)}")
        if not search:
            failure = _why(reply)
            break
        merged |= {pull.url: pull for pull in map(_from_graphql, nodes(search)) if pull}
        total = number(search.get("issueCount")) or 0
        if page == 0:
            second = mapping(reply.data.get("landed"))
            landed = {pull.url: pull for pull in map(_from_graphql, nodes(second)) if pull and _landed(pull)}
            if not second or mapping(second.get("pageInfo")).get("hasNextPage"):
                reason = "not all pull requests that a bot may have landed were listed"
        page += 1
        info = mapping(search.get("pageInfo"))
        following = text(info.get("endCursor"))
        if not info.get("hasNextPage") or following is None or following == cursor:
            break
        cursor = following
    if len(merged) < total:
        reason = f"{len(merged)} of {total} merged pull requests were listed" + (f": {failure}" if failure else "")
    pulls = (*merged.values(), *(pull for url, pull in landed.items() if url not in merged))
    count = max(total + len(pulls) - len(merged), len(pulls))
    return Contributions(pulls, count, not reason, reason or None), not failure


def _by_rest(service: Service, login: str) -> tuple[Contributions, bool]:
    """The same by one search over all closed pull requests, which the answer tells apart."""
    path = f"/search/issues?q={quote_plus(closed_search(login))}&sort=updated&order=desc&per_page={REST_PAGE}"
    answer = service.rest(path, what=f"searching merged pull requests of {login}", bucket="search")
    if answer.status != 200:
        # 422 is the answer for an account whose activity is hidden.
        raise Unavailable(f"the search for merged pull requests was refused: {message(answer) or answer.status}")
    body = mapping(answer.body)
    listed = items(body.get("items"))
    pulls = tuple(pull for pull in map(_from_rest, listed) if pull)
    closed = number(body.get("total_count")) or 0
    reason = None
    unfinished = bool(body.get("incomplete_results"))
    if unfinished:
        reason = "the service's search did not finish"
    elif closed > len(listed):
        reason = f"only the newest {len(listed)} of {closed} closed pull requests are read without a token"
    return Contributions(pulls, len(pulls), reason is None, reason), not unfinished


def _from_graphql(node: dict[str, Any]) -> MergedPullRequest | None:
    repository = mapping(node.get("repository"))
    name, url = text(repository.get("nameWithOwner")), text(node.get("url"))
    if name is None or url is None:
        return None
    merged_at = text(node.get("mergedAt"))
    labels = tuple(label for label in (text(item.get("name")) for item in nodes(node.get("labels"))) if label)
    return MergedPullRequest(
        title=text(node.get("title")) or "",
        url=url,
        repository=name,
        merged_at=merged_at or text(node.get("closedAt")),
        additions=number(node.get("additions")),
        deletions=number(node.get("deletions")),
        changed_files=number(node.get("changedFiles")),
        association=text(node.get("authorAssociation")),
        labels=labels,
        fork=bool(repository.get("isFork")),
        landed=_how(merged_at),
    )


def _from_rest(item: dict[str, Any]) -> MergedPullRequest | None:
    """A search hit as a pull request, or None if it was closed for good. Sizes are not in such an answer."""
    name = "/".join((text(item.get("repository_url")) or "").split("/")[-2:])
    url = text(item.get("html_url"))
    if url is None or "/" not in name:
        return None
    merged_at = text(mapping(item.get("pull_request")).get("merged_at"))
    pull = MergedPullRequest(
        title=text(item.get("title")) or "",
        url=url,
        repository=name,
        merged_at=merged_at or text(item.get("closed_at")),
        association=text(item.get("author_association")),
        labels=tuple(label for label in (text(entry.get("name")) for entry in items(item.get("labels"))) if label),
        landed=_how(merged_at),
    )
    return pull if merged_at or _landed(pull) else None


def _how(merged_at: str | None) -> Literal["merged", "closed-with-label"]:
    return "merged" if merged_at else "closed-with-label"


def _landed(pull: MergedPullRequest) -> bool:
    wanted = landing_labels().get(pull.repository.lower())
    return wanted is not None and any(label.lower() == wanted for label in pull.labels)


def _why(reply: Reply) -> str:
    return next((fault.text for fault in reply.faults if fault.text), "an empty answer")
