"""The reading of a portfolio without a token: one request for the person, one per hundred repositories.

Sixty requests an hour is all that the service gives, and no GraphQL, so pins, details and the parents of forks stay
unknown, each with that reason. The newest commit is not in a listing either: it is learned from the archive and
remembered under the time of the push, so an unchanged repository is known without asking.
"""

from urllib.parse import quote

import msgspec

from portfolio_audit.errors import NetworkFailure, NotFound, UsageError
from portfolio_audit.snapshot import Owner, RepositoryRecord
from portfolio_audit.sources.answer_parts import items, mapping, number, text
from portfolio_audit.sources.overview import Overview, note_shortfall
from portfolio_audit.sources.service import Service
from portfolio_audit.sources.source import Memory, recalled
from portfolio_audit.sources.verdict import Answer, message

NEEDS_TOKEN = "not read without a token"  # noqa: S105 - a reason, no password
PAGE_SIZE = 100


class Settled(msgspec.Struct, frozen=True):
    """The commit and tree that an archive turned out to hold."""

    head: str
    tree: str | None = None


def read_anonymously(service: Service, memory: Memory, login: str) -> Overview:
    """The owner and all public repositories. Raises NotFound, and RateLimited before a listing it could not finish."""
    answer = service.rest(f"/users/{quote(login, safe='')}", what=f"looking up {login}")
    if answer.status == 404:
        raise NotFound(f"{service.host} knows no user or organisation {login}", hint="check the spelling")
    body = _expect(answer, f"looking up {login}")
    if text(body.get("login")) is None:
        raise UsageError(f"{service.host} does not answer as a GitHub API", hint="check --api-url")
    overview = Overview(
        owner=_owner(body, _links(service, login, body)),
        records=[],
        total=number(body.get("public_repos")) or 0,
        date=answer.headers.get("date"),
        pinned=None,
        unavailable={"pinned": NEEDS_TOKEN, "profile_readme": NEEDS_TOKEN, "activity": NEEDS_TOKEN},
        limits=[],
    )
    service.gate.spare("core", -(-overview.total // PAGE_SIZE))
    path = f"/users/{quote(login, safe='')}/repos?type=owner&sort=pushed&per_page={PAGE_SIZE}"
    known: set[str] = set()
    for page in service.pages(path, what=f"listing the repositories of {login}"):
        if page.status != 200:
            break
        for item in items(page.body):
            record = _record(item)
            if record is not None and record.id not in known:
                known.add(record.id)
                overview.records.append(_recalled(service, memory, record))
    note_shortfall(overview)
    return overview


def pushed_key(host: str, record: RepositoryRecord) -> str:
    """The name under which the commit of a repository is remembered: it holds until the next push."""
    return f"{host}/{record.id}/{record.default_branch}@{record.pushed_at}"


def _recalled(service: Service, memory: Memory, record: RepositoryRecord) -> RepositoryRecord:
    settled = recalled(memory, "pushed", pushed_key(service.host, record), Settled) if record.pushed_at else None
    if settled is None:
        return record
    return msgspec.structs.replace(record, head=settled.head, tree=settled.tree)


def _links(service: Service, login: str, body: dict[str, object]) -> tuple[str, ...]:
    if body.get("type") != "User":
        return ()
    answer = service.rest(f"/users/{quote(login, safe='')}/social_accounts", what=f"reading the links of {login}")
    urls = [text(item.get("url")) for item in items(answer.body)] if answer.status == 200 else []
    return tuple(url for url in urls if url)


def _owner(body: dict[str, object], links: tuple[str, ...]) -> Owner:
    return Owner(
        kind="Organization" if body.get("type") == "Organization" else "User",
        login=text(body.get("login")) or "",
        url=text(body.get("html_url")),
        id=text(body.get("node_id")),
        database_id=number(body.get("id")),
        name=text(body.get("name")),
        bio=text(body.get("bio")) or text(body.get("description")),
        website=text(body.get("blog")),
        links=links,
    )


def _record(item: dict[str, object]) -> RepositoryRecord | None:
    identity, name, full_name = text(item.get("node_id")), text(item.get("name")), text(item.get("full_name"))
    if identity is None or name is None or full_name is None or item.get("private"):
        return None
    unavailable = {"details": NEEDS_TOKEN, "languages": NEEDS_TOKEN}
    if item.get("fork"):
        unavailable["comparison"] = NEEDS_TOKEN
    if item.get("disabled"):
        unavailable["tree"] = "disabled by the service"
    topics = item.get("topics")
    license_key = mapping(item.get("license"))
    return RepositoryRecord(
        id=identity,
        name=name,
        full_name=full_name,
        url=text(item.get("html_url")),
        description=text(item.get("description")),
        homepage=text(item.get("homepage")),
        topics=tuple(topic for topic in topics if isinstance(topic, str)) if isinstance(topics, list) else (),
        language=text(item.get("language")),
        default_branch=text(item.get("default_branch")),
        created_at=text(item.get("created_at")),
        pushed_at=text(item.get("pushed_at")),
        size_kb=number(item.get("size")),
        fork=bool(item.get("fork")),
        archived=bool(item.get("archived")),
        template=bool(item.get("is_template")),
        mirror=bool(item.get("mirror_url")),
        disabled=bool(item.get("disabled")),
        license=text(license_key.get("spdx_id")) or text(license_key.get("key")),
        unavailable=unavailable,
    )


def _expect(answer: Answer, what: str) -> dict[str, object]:
    if answer.status != 200:
        raise NetworkFailure(f"{what}: answered {answer.status} {message(answer)}".rstrip(), hint="try again later")
    return mapping(answer.body)
