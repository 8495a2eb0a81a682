"""What a person has written: posts in their repositories, entries of their feeds, articles that they link to as theirs.

Counted once each. Dates are shown and never judged: a pause in writing says nothing.
"""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal, Self

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import hosts
from portfolio_audit.facts.blog import Blog
from portfolio_audit.facts.fact import Fact, Location, Portfolio, PortfolioFact, Repository
from portfolio_audit.facts.following import Following
from portfolio_audit.facts.links import Links
from portfolio_audit.facts.own_work import OwnWork
from portfolio_audit.facts.standing import Standing
from portfolio_audit.facts.words import counted, joined
from portfolio_audit.facts.writing_feeds import read_feeds
from portfolio_audit.facts.writing_names import alike, squeeze
from portfolio_audit.facts.writing_places import Address, find_addresses, own_names, profile_repository
from portfolio_audit.facts.writing_words import is_technical
from portfolio_audit.snapshot import Feed, Value

KEPT = 60
NAME_IN_TITLE = 6
"""Letters of a repository's name by which a title may be known to speak of it; shorter ones are common words."""


class Piece(Value, frozen=True):
    """One post or article. It can be opened at `location` in `repository`, else at `url`.

    `about` is the own repository that it explains: one that it links to or names, or whose README links to it.
    """

    title: str
    technical: bool
    source: Literal["repository", "feed", "link"]
    date: str | None = None
    url: str | None = None
    repository: str | None = None
    location: Location | None = None
    about: str | None = None


class Writing(PortfolioFact, frozen=True):
    """All pieces that were found, technical ones first, newest first (at most 60 are kept).

    `technical` and `other` count them all. `untold` are the reasons why some places could not be judged. `searched`
    says what was looked at. `incomplete` is about repositories that could not be read.
    """

    absent: ClassVar[str] = "a folder has no profile and no blog"
    reads: ClassVar[tuple[type[Fact], ...]] = (Links, Blog, Standing, OwnWork, Following)
    pieces: tuple[Piece, ...] = ()
    technical: int = 0
    other: int = 0
    untold: tuple[str, ...] = ()
    searched: str = ""

    @classmethod
    def distil(cls, portfolio: Portfolio) -> Self | None:
        """None for files on a disk, which belong to nobody in particular."""
        if portfolio.snapshot.owner.kind == "Folder":
            return None
        addresses = find_addresses(portfolio)
        feeds = list(read_feeds(portfolio, addresses))
        blogs = [(each, blog) for each in portfolio.repositories if (blog := _blog(each)) is not None]
        projects = _projects(portfolio, {each.record.full_name.lower() for each, blog in blogs if blog.total})
        posts = [piece for each, blog in blogs for piece in _posts(portfolio, each, blog, projects)]
        entries = [piece for _, feed, _ in feeds if feed for piece in _entries(feed, projects)]
        linked = [_article(address, projects) for address in addresses if not address.home]
        pieces = _distinct((*posts, *entries, *linked))
        beyond = sum(max(0, blog.technical - sum(post.technical for post in blog.posts)) for _, blog in blogs)
        technical = [piece for piece in pieces if piece.technical]
        ordered = sorted(pieces, key=lambda piece: (piece.technical, piece.date or ""), reverse=True)
        return cls(
            _unread(portfolio),
            tuple(ordered[:KEPT]),
            len(technical) + beyond,
            len(pieces) - len(technical),
            tuple(reason for _, _, reason in feeds if reason),
            _searched(portfolio, feeds),
        )

    @property
    def unopened(self) -> int:
        """How many pieces are known by title or summary alone, so that their text may say more."""
        return sum(1 for piece in self.pieces if piece.source != "repository")

    @property
    def on_projects(self) -> tuple[Piece, ...]:
        """The pieces that explain an own repository."""
        return tuple(piece for piece in self.pieces if piece.about is not None)


def _blog(repository: Repository) -> Blog | None:
    """The blog that a repository publishes, if it is the person's; a theme's own pages are samples."""
    try:
        blog = repository.fact(Blog)
    except Unavailable:
        return None
    if blog is None or (blog.theme and squeeze(blog.theme) in squeeze(repository.record.name)):
        return None
    return None if blog.theme == "theme" or repository.record.mirror else blog


def _posts(portfolio: Portfolio, repository: Repository, blog: Blog, projects: dict[str, str]) -> Iterator[Piece]:
    """The posts of a blog. Of a fork only those that own commits touch; of several authors only theirs, if named."""
    record, names = repository.record, own_names(portfolio)
    changed = set(record.comparison.files) if record.fork and record.comparison else None
    signed = any(post.author and alike(post.author, names) for post in blog.posts)
    for post in blog.posts:
        another = signed and post.author and not alike(post.author, names)
        if another or (record.fork and (changed is None or post.location.path not in changed)):
            continue
        about = _about(post.title, post.repositories, projects)
        yield Piece(post.title, post.technical, "repository", post.date, None, record.full_name, post.location, about)


def _entries(feed: Feed, projects: dict[str, str]) -> Iterator[Piece]:
    for entry in feed.entries:
        technical = is_technical(entry.title, " ".join(entry.tags), entry.opening, code=entry.code)
        about = _about(entry.title, entry.repositories, projects)
        yield Piece(entry.title or entry.url or "", technical, "feed", entry.date, entry.url, about=about)


def _article(address: Address, projects: dict[str, str]) -> Piece:
    """An article known by its link alone. One in the README of a project with code is about that project."""
    about = projects.get((address.repository or "").lower())
    parts = hosts.split_address(address.url)
    slug = parts.path.replace("-", " ") if parts else ""
    technical = about is not None or is_technical(f"{address.text} {slug}", "", "", code=False)
    title = address.text if address.text and not address.text.startswith("http") else address.url
    where = profile = address.location
    repository = address.repository if where else None
    return Piece(title, technical, "link", None, address.url, repository, where and profile, about)


def _about(title: str, repositories: Iterable[str], projects: dict[str, str]) -> str | None:
    """The own project that a piece links to, or names in its title."""
    linked = next((projects[name] for name in repositories if name in projects), None)
    if linked is not None:
        return linked
    words = squeeze(title)
    for name, shown in projects.items():
        short = squeeze(name.partition("/")[2])
        if len(short) >= NAME_IN_TITLE and short in words:
            return shown
    return None


def _projects(portfolio: Portfolio, blogs: set[str]) -> dict[str, str]:
    """Own repositories with code that are neither blog nor profile: lower-case full name to full name."""
    mine = profile_repository(portfolio)
    found = {}
    for repository in portfolio.repositories:
        standing, name = repository.fact(Standing), repository.record.full_name
        if repository is not mine and standing and standing.own and standing.lines and name.lower() not in blogs:
            found[name.lower()] = name
    return found


def _distinct(pieces: Iterable[Piece]) -> list[Piece]:
    """Each piece once, by its title or its address; the first found stays, with what a later one adds."""
    found: dict[str, int] = {}
    kept: list[Piece] = []
    for piece in pieces:
        parts = hosts.split_address(piece.url or "")
        slug = squeeze(parts.path.rstrip("/").rpartition("/")[2]) if parts else ""
        keys = [key for key in (squeeze(piece.title)[:60], slug) if len(key) > 7] or [piece.url or piece.title]
        at = next((found[key] for key in keys if key in found), None)
        if at is None:
            at = len(kept)
            kept.append(piece)
        elif piece.about and not kept[at].about:
            kept[at] = _with(kept[at], piece)
        for key in keys:
            found.setdefault(key, at)
    return kept


def _with(piece: Piece, other: Piece) -> Piece:
    return Piece(
        piece.title, piece.technical or other.technical, piece.source, piece.date or other.date,
        piece.url or other.url, piece.repository, piece.location, other.about,
    )  # fmt: skip


def _unread(portfolio: Portfolio) -> str | None:
    """How many repositories may hold writing and could not be read."""
    lost = [
        each.record.full_name
        for each in portfolio.repositories
        if not each.read and not each.record.empty and getattr(each.fact(Standing), "own", None) is not False
    ]
    return f"{counted(len(lost), 'repository', 'repositories')} could not be read" if lost else None


def _searched(portfolio: Portfolio, feeds: list[tuple[Address, Feed | None, str]]) -> str:
    read = [each for each in portfolio.repositories if each.read]
    homepages = sum(1 for each in portfolio.repositories if each.record.homepage)
    opened = sum(1 for _, feed, _ in feeds if feed is not None)
    parts = [
        "the profile",
        counted(len(read), "repository", "repositories"),
        counted(homepages, "homepage"),
        *([counted(opened, "feed")] if opened else []),
    ]
    return joined(parts)
