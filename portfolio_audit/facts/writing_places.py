"""Where a person publishes: addresses in the profile, its README, the READMEs and homepages of their repositories.

Each address is theirs, or it is left out: an article that a README only refers to is credited to nobody. A site that
the profile names but that carries no name of theirs (it may be an employer's) is a doubt until its feed says more.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Literal

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import hosts
from portfolio_audit.facts.fact import Location, Portfolio, Repository
from portfolio_audit.facts.following import Following
from portfolio_audit.facts.links import FoundLink, Links, read_links
from portfolio_audit.facts.markup import parse_markdown
from portfolio_audit.facts.own_work import OwnWork
from portfolio_audit.facts.readme_file import ReadmeFile
from portfolio_audit.facts.standing import Standing
from portfolio_audit.facts.writing_names import author_of, carries, is_author_page, platform_of, squeeze
from portfolio_audit.snapshot import Value

SHORTEST_NAME = 4
"""Letters of a name that may be recognised in an address; shorter ones are in too many."""

TEXT_LIMIT = 64_000
TITLE_HYPHENS = 1
"""On a site of the person's own two words already make a title ("pi-architecture"); "about" and "contact" are one."""

HOMES = frozenset("blog blogs posts articles writing writings archive news about en".split())
_ADDRESS = re.compile(r"(?:https?://)?(?:[\w-]{1,60}\.){1,4}[a-z]{2,12}(?:/[^\s,;)>\]]{0,200})?", re.IGNORECASE)
_SITE_ROLES = frozenset(("other", "pages", "application", "docs"))

Source = Literal["profile", "profile README", "README", "homepage"]


class Address(Value, frozen=True):
    """An address of somebody's writing. `own` is false if only the words around it, or the field it stands in, say so.

    `home` says that it is a place with several pieces and not one piece. `repository` is the one whose README or
    homepage names it.
    """

    url: str
    source: Source
    text: str = ""
    own: bool = True
    home: bool = False
    repository: str | None = None
    location: Location | None = None


def own_names(portfolio: Portfolio) -> frozenset[str]:
    """The names (squeezed) by which the person is known: login, stated name, and authors of blogs in the profile."""
    owner = portfolio.snapshot.owner
    names = {squeeze(owner.login), squeeze(owner.name or "")}
    for url in profile_addresses(portfolio):
        author = author_of(url) if hosts.role(url) in ("blog", "pages", "other") else None
        names.add(squeeze(author.name) if author else "")
    return frozenset(name for name in names if len(name) >= (SHORTEST_NAME if name.isascii() else 2))


def profile_addresses(portfolio: Portfolio) -> tuple[str, ...]:
    """The web addresses of the profile itself: website, links, and those in the bio."""
    owner = portfolio.snapshot.owner
    stated = [owner.website or "", *owner.links, *_ADDRESS.findall((owner.bio or "")[:1_000])]
    whole = (address if "://" in address else f"https://{address}" for address in map(str.strip, stated) if address)
    return tuple(dict.fromkeys(address for address in whole if hosts.split_address(address)))


def is_home(url: str) -> bool:
    """Whether an address is that of a blog or site, not of one piece."""
    parts = hosts.split_address(url)
    steps = [step for step in parts.path.lower().split("/") if step] if parts else []
    author = author_of(url)
    if platform_of(url) is not None and author is None:
        return not steps
    named = author.name.lower() if author else ""
    left = [step for step in steps if step.removeprefix("@") != named and step not in HOMES]
    if steps[-1:] and steps[-1].endswith((".xml", ".atom", ".rss", ".rdf")):
        return True
    # The first part of a published page's path is the name of its repository.
    pages = hosts.role(url) == "pages" and len(left) == 1
    return not left or pages or left in (["index.html"], ["users"], ["u"], ["user"], ["people"])


def find_addresses(portfolio: Portfolio) -> tuple[Address, ...]:
    """Every address of the person's writing, those of the profile first; each once."""
    names = own_names(portfolio)
    found: dict[str, Address] = {}
    for address in (*_of_profile(portfolio, names), *_of_profile_readme(portfolio, names)):
        found.setdefault(hosts.normalise(address.url), address)
    sites = frozenset(hosts.host_of(each.url) for each in found.values() if each.own and platform_of(each.url) is None)
    for address in _of_repositories(portfolio, names, sites):
        found.setdefault(hosts.normalise(address.url), address)
    return tuple(found.values())


def _of_profile(portfolio: Portfolio, names: frozenset[str]) -> Iterator[Address]:
    organisation = portfolio.snapshot.owner.kind == "Organization"
    for url in profile_addresses(portfolio):
        role = hosts.role(url)
        if role == "blog":
            yield Address(url, "profile", home=is_home(url))
        elif role in _SITE_ROLES and not _is_account(url):
            yield Address(url, "profile", own=organisation or carries(url, names), home=True)


def _is_account(url: str) -> bool:
    """Whether an address is an account on a network ("https://some.social/@ada"), whose feed is no writing."""
    parts = hosts.split_address(url)
    return parts is not None and parts.path.startswith(("/@", "/users/", "/u/"))


def _is_theirs(link: FoundLink, named: bool) -> bool:
    """Whether a link of the profile README is a site that may be theirs, or a post on one that bears their name."""
    parts = hosts.split_address(link.url)
    steps = [step for step in parts.path.split("/") if step] if parts else []
    if link.claim != "listed" and link.role == "pages" and len(steps) == 1:
        return False  # the page of one of their projects
    return (is_home(link.url) and (named or link.claim == "listed")) or (named and _is_titled(link.url))


def _is_titled(url: str) -> bool:
    """Whether the last part of an address reads like the title of a post ("how-the-hive-hears")."""
    parts = hosts.split_address(url)
    last = parts.path.rstrip("/").rpartition("/")[2] if parts else ""
    return last.count("-") >= TITLE_HYPHENS and "." not in last


def _of_profile_readme(portfolio: Portfolio, names: frozenset[str]) -> Iterator[Address]:
    """Words claim more here than elsewhere: it is a person's page about themselves."""
    for link in profile_links(portfolio):
        named = carries(link.url, names)
        if link.role == "blog" or link.use == "writing":
            root = is_home(link.url) and author_of(link.url) is not None and link.claim != "credited"
            if named or root or link.claim in ("mine", "listed"):
                yield _address(link, "profile README", None)
        elif link.role in ("other", "pages", "application") and _is_theirs(link, named):
            yield _address(link, "profile README", None, own=named)


def profile_repository(portfolio: Portfolio) -> Repository | None:
    """The repository that bears its owner's name, whose README is shown on the profile."""
    if portfolio.snapshot.owner.kind != "User":
        return None
    login = portfolio.snapshot.owner.login.lower()
    return next((each for each in portfolio.repositories if each.record.full_name.lower() == f"{login}/{login}"), None)


def profile_links(portfolio: Portfolio) -> tuple[FoundLink, ...]:
    """The links of the profile README, read in its repository if that is there, else from the snapshot's text."""
    repository = profile_repository(portfolio)
    if repository is not None:
        try:
            links = repository.fact(Links)
            return links.readme if links else ()
        except Unavailable:
            pass
    text = (portfolio.snapshot.owner.profile_readme or "")[:TEXT_LIMIT]
    return tuple(read_links(ReadmeFile("README.md", text, parse_markdown(text), None))[:150]) if text else ()


def _of_repositories(portfolio: Portfolio, names: frozenset[str], sites: frozenset[str]) -> Iterator[Address]:
    mine = profile_repository(portfolio)
    for repository in portfolio.repositories:
        standing = repository.fact(Standing)
        if repository is mine or standing is None or standing.own is not True:
            continue
        name = repository.record.full_name
        homepage = (repository.record.homepage or "").strip()
        homepage = homepage if "://" in homepage or not homepage else f"https://{homepage}"
        if hosts.role(homepage) == "blog" and (carries(homepage, names) or hosts.host_of(homepage) in sites):
            yield Address(homepage, "homepage", repository.record.description or "", True, is_home(homepage), name)
        for link in _readme_links(repository):
            article = link.role == "blog" or link.use == "writing"
            named = carries(link.url, names) or hosts.host_of(link.url) in sites
            said = link.claim == "mine" or (link.use == "writing" and is_author_page(link.url))
            if article and (named or (said and _copied(repository) is False)):
                yield _address(link, "README", name, own=named)


def claims_untold(portfolio: Portfolio) -> bool:
    """Whether an article is claimed in a repository of which it could not be told whether it is a copy."""
    return any(
        link.claim == "mine" and _copied(repository) is None
        for repository in portfolio.repositories
        for link in _readme_links(repository)
    )


def _copied(repository: Repository) -> bool | None:
    """Whether the repository is a tutorial's: "my article" in its README may be the words of the tutorial's author."""
    with suppress(Unavailable):
        if repository.fact(Following) is not None:
            return True
        work = repository.fact(OwnWork)
        return work is not None and work.verdict == "mostly"
    return None


def _readme_links(repository: Repository) -> tuple[FoundLink, ...]:
    try:
        links = repository.fact(Links)
    except Unavailable:
        return ()
    return links.readme if links is not None else ()


def _address(link: FoundLink, source: Source, repository: str | None, own: bool = True) -> Address:
    return Address(link.url, source, link.text, own, is_home(link.url), repository, link.location)
