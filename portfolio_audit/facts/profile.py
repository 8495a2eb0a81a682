"""The profile README: the text that greets a visitor above the pinned repositories.

GitHub shows it if a public repository has the same name as the account and a README. Its words are counted as a
visitor reads them: pictures, badges, comments and a template's unfinished lines say nothing about anybody.
"""

from typing import ClassVar, Self
from urllib.parse import urlsplit

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import hosts
from portfolio_audit.facts.excerpt import fenced_lines, plain_lines, quote
from portfolio_audit.facts.fact import Fact, Location, Portfolio, PortfolioFact, Repository
from portfolio_audit.facts.links import FoundLink, Links
from portfolio_audit.facts.readme import Readme
from portfolio_audit.facts.readme_purpose import PURPOSE_WORDS
from portfolio_audit.facts.words import count_words, fold, load_vocabularies, mentions
from portfolio_audit.snapshot import Value

LEAST_WORDS = 12
"""Fewer words than this are a greeting: "Hi, I am Kim, I like computers" has seven."""

SENTENCE_WORDS = 8
"""A line as long as this says something; "Hi there, I am Kim" greets."""

_PAGES = frozenset("followers following stars repositories projects packages achievements sponsoring".split())
"""Pages of an account whose addresses look like those of a repository."""

_DOTS = ("...", "…", "..")


class NamedProject(Value, frozen=True):
    """An own repository that the profile README leads to, and where."""

    repository: str
    location: Location


class Profile(PortfolioFact, frozen=True):
    """What the profile README says. `repository` is the one that holds it, empty if there is none.

    `words` counts those a visitor reads; `unfinished` the lines that a template brought and nobody finished. `opening`
    is where it first says something, and `quoted` those words. `projects` are own repositories that it leads to.
    `unfound` are names under the account that it links to and that no public repository has: private, renamed or gone;
    they are told only where the list of those is whole.
    """

    absent: ClassVar[str] = "asked of a person's account only"
    reads: ClassVar[tuple[type[Fact], ...]] = (Readme, Links)
    repository: str = ""
    words: int = 0
    unfinished: int = 0
    opening: Location | None = None
    quoted: str = ""
    projects: tuple[NamedProject, ...] = ()
    unfound: tuple[NamedProject, ...] = ()

    @classmethod
    def distil(cls, portfolio: Portfolio) -> Self | None:
        """None where a profile has no such README. Raises Unavailable if it could not be read."""
        snapshot = portfolio.snapshot
        if snapshot.mode == "local" or snapshot.owner.kind != "User":
            return None
        home = profile_repository(portfolio)
        if home is None:
            _require_looked(portfolio)
            return cls()
        if home.record.empty:
            return cls(repository=home.record.full_name)
        readme = home.fact(Readme)
        if readme is None:
            return cls(repository=home.record.full_name)
        lines = [(line, words) for line, words in enumerate(plain_lines(readme.text), 1) if words]
        brought = unfinished_lines(readme.text)
        own = [(line, words) for line, words in lines if line not in brought]
        opening = _opening(own, fenced_lines(readme.text))
        return cls(
            incomplete=readme.incomplete,
            repository=home.record.full_name,
            words=sum(count_words(words) for _, words in own),
            unfinished=len(brought),
            opening=Location(readme.path, opening) if opening is not None else Location(readme.path),
            quoted=quote(readme.text, opening),
            projects=_projects(portfolio, home),
            unfound=_unfound(portfolio, home),
        )

    @property
    def introduces(self) -> bool:
        """Whether it says something about its owner in words."""
        return bool(self.quoted) and self.words >= LEAST_WORDS


def _opening(lines: list[tuple[int, str]], code: frozenset[int]) -> int | None:
    """The line that says first what is worth quoting: a sentence, else a few words, and code where all stands in it."""
    prose = [(line, count_words(words)) for line, words in lines if line not in code]
    inside = [(line, count_words(words)) for line, words in lines if line in code]
    for least, each in ((SENTENCE_WORDS, prose), (PURPOSE_WORDS, prose), (PURPOSE_WORDS, inside)):
        found = next((line for line, words in each if words >= least), None)
        if found is not None:
            return found
    return None


def profile_repository(portfolio: Portfolio) -> Repository | None:
    """The repository that carries the account's own name."""
    login = portfolio.snapshot.owner.login.casefold()
    return next((each for each in portfolio.repositories if each.record.name.casefold() == login), None)


def unfinished_lines(text: str) -> frozenset[int]:
    """The shown lines (from 1) that a template brought, with nothing where the owner's words should stand.

    Templates bring their prompts as items of a list. A heading of such words is answered by what stands below it, and
    so is an item with lines of its own.
    """
    raw, plain = text.split("\n"), plain_lines(text)
    table = load_vocabularies("profile_words")
    found = []
    for number, words in enumerate(plain, 1):
        if words and mentions(words, table["remarks"]):
            found.append(number)
        elif words.endswith(_DOTS) and raw[number - 1].lstrip().startswith(("-", "*", "+")):
            prompt = mentions(words, table["prompts"])
            answered = number < len(plain) and plain[number] and raw[number][:1].isspace()
            if prompt and not answered and count_words(fold(words)) <= count_words(prompt) + 1:
                found.append(number)
    return frozenset(found)


def _require_looked(portfolio: Portfolio) -> None:
    """Raise Unavailable unless it is certain that the account has no repository of its own name.

    Without a token the list of repositories must be whole; with one, the profile itself was asked for it.
    """
    snapshot = portfolio.snapshot
    missing = snapshot.unavailable
    if snapshot.owner.profile_readme is not None:
        raise Unavailable("there is a profile README, but its repository is not among those that were listed")
    if snapshot.mode == "anonymous":
        if "repositories" in missing:
            raise Unavailable(missing["repositories"])
    elif "profile_readme" in missing or (snapshot.pinned is None and "pinned" not in missing):
        raise Unavailable(missing.get("profile_readme", "nobody looked at the profile"))


def _projects(portfolio: Portfolio, home: Repository) -> tuple[NamedProject, ...]:
    try:
        links = home.fact(Links)
    except Unavailable:
        return ()
    addresses: dict[str, str] = {}
    for each in portfolio.repositories:
        record = each.record
        if each is not home:
            for url in (record.url, f"https://github.com/{record.full_name}", record.homepage):
                if url and "." in url:
                    addresses[_place(url)] = record.full_name
    named: dict[str, Location] = {}
    for link in links.readme if links else ():
        name = _named(link, addresses)
        if name is not None:
            named.setdefault(name, link.location)
    return tuple(NamedProject(name, location) for name, location in list(named.items())[:20])


def _unfound(portfolio: Portfolio, home: Repository) -> tuple[NamedProject, ...]:
    snapshot = portfolio.snapshot
    if "repositories" in snapshot.unavailable or snapshot.repository_count > len(snapshot.repositories):
        return ()
    try:
        links = home.fact(Links)
    except Unavailable:
        return ()
    known = {each.record.name.casefold() for each in portfolio.repositories} | _PAGES
    account = _place(snapshot.owner.url or f"https://github.com/{snapshot.owner.login}")
    named: dict[str, NamedProject] = {}
    for link in links.readme if links else ():
        host, _, path = _place(link.url).partition("/")
        owner, _, rest = path.partition("/")
        name = rest.partition("/")[0].removesuffix(".git")
        if name and f"{host}/{owner}" == account and name not in known:
            spelled = link.url.casefold().find(f"/{name}", len(account))
            written = link.url[spelled + 1 : spelled + 1 + len(name)] if spelled >= 0 else name
            named.setdefault(name, NamedProject(f"{snapshot.owner.login}/{written}", link.location))
    return tuple(named.values())[:20]


def _named(link: FoundLink, addresses: dict[str, str]) -> str | None:
    """The own repository that a link leads to: to itself, to something in it, or to its homepage."""
    place = _place(link.url)
    whole = addresses.get(place)
    if whole is not None:
        return whole
    return addresses.get("/".join(place.split("/")[:3]))


def _place(url: str) -> str:
    parts = urlsplit(hosts.normalise(url if "://" in url else f"https://{url}"))
    return f"{parts.netloc.removeprefix('www.')}{parts.path}".rstrip("/").casefold()
