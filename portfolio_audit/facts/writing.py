"""What a person has written: posts in their repositories, entries of their feeds, articles that they link to as theirs.

Counted once each. Dates are shown and never judged: a pause in writing says nothing.
"""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal, Self

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import hosts
from portfolio_audit.facts.blog import PUBLISHED, Blog
from portfolio_audit.facts.fact import Fact, Location, Portfolio, PortfolioFact, Repository
from portfolio_audit.facts.following import Following
from portfolio_audit.facts.links import Links
from portfolio_audit.facts.own_work import OwnWork
from portfolio_audit.facts.standing import Standing
from portfolio_audit.facts.words import counted, joined
from portfolio_audit.facts.writing_about import Explainable, explainable, is_blog
from portfolio_audit.facts.writing_feeds import read_feeds
from portfolio_audit.facts.writing_names import alike, another_name, squeeze
from portfolio_audit.facts.writing_places import Address, claims_untold, find_addresses, own_names
from portfolio_audit.facts.writing_words import is_technical
from portfolio_audit.snapshot import Feed, Value

TITLE_WORDS = 3
"""Words from which the text of a link is the title of what it leads to; "here" and "blog post" are none."""


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
    """All pieces that were found, technical ones first, newest first.

    `untold` are the reasons why some places could not be judged. `searched` says what was looked at. `incomplete` is
    about repositories that could not be read. `samples` counts posts that came with a theme, drafts and stubs; `left`
    further posts that were not read: older ones, where the names of the files say the date.
    """

    absent: ClassVar[str] = "a folder has no profile and no blog"
    reads: ClassVar[tuple[type[Fact], ...]] = (Links, Blog, Standing, OwnWork, Following)
    pieces: tuple[Piece, ...] = ()
    untold: tuple[str, ...] = ()
    searched: str = ""
    samples: int = 0
    left: int = 0

    @classmethod
    def distil(cls, portfolio: Portfolio) -> Self | None:
        """None for files on a disk, which belong to nobody in particular."""
        if portfolio.snapshot.owner.kind == "Folder":
            return None
        addresses = find_addresses(portfolio)
        feeds = list(read_feeds(portfolio, addresses))
        blogs = [(each, blog) for each in portfolio.repositories if (blog := _blog(each)) is not None]
        projects = explainable(portfolio, {each.record.full_name.lower() for each, blog in blogs if is_blog(blog)})
        posts = [piece for each, blog in blogs for piece in _posts(portfolio, each, blog, projects)]
        entries = [piece for _, feed, _ in feeds if feed for piece in _entries(feed, projects)]
        linked = [_article(address, projects) for address in addresses if not address.home]
        pieces = _distinct((*posts, *entries, *linked))
        ordered = sorted(pieces, key=lambda piece: (piece.technical, piece.date or ""), reverse=True)
        return cls(
            _unread(portfolio),
            tuple(ordered),
            (*(reason for _, _, reason in feeds if reason), *_untold(portfolio)),
            _searched(portfolio, feeds),
            sum(blog.samples + blog.drafts for _, blog in blogs),
            sum(blog.left for _, blog in blogs),
        )

    @property
    def technical(self) -> tuple[Piece, ...]:
        """The pieces on software, data or AI."""
        return tuple(piece for piece in self.pieces if piece.technical)

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
    if blog is None or repository.record.mirror:
        return None
    # Who forks a theme writes under its name; what they wrote is told by the comparison.
    made = blog.theme == "theme" or (blog.theme and squeeze(blog.theme) in squeeze(repository.record.name))
    return None if made and not repository.record.fork else blog


def _posts(portfolio: Portfolio, repository: Repository, blog: Blog, projects: Explainable) -> Iterator[Piece]:
    """The posts of a blog. Of a fork only those that own commits touch; of several authors only theirs, if named."""
    record, names = repository.record, own_names(portfolio)
    changed = set(record.comparison.files) if record.fork and record.comparison else None
    signed = any(post.author and alike(post.author, names) for post in blog.posts)
    stated = portfolio.snapshot.owner.name or ""
    source: Literal["repository", "feed"] = "feed" if blog.generator == PUBLISHED else "repository"
    for post in blog.posts:
        another = post.author and not alike(post.author, names) and (signed or another_name(post.author, stated))
        if another or (record.fork and (changed is None or post.location.path not in changed)):
            continue
        about = projects.named_by(post.title, post.repositories)
        technical = post.technical or about is not None
        yield Piece(post.title, technical, source, post.date, None, record.full_name, post.location, about)


def _entries(feed: Feed, projects: Explainable) -> Iterator[Piece]:
    for entry in feed.entries:
        technical = is_technical(entry.title, " ".join(entry.tags), entry.opening, code=entry.code)
        about = projects.named_by(entry.title, entry.repositories)
        technical = technical or about is not None
        yield Piece(entry.title or entry.url or "", technical, "feed", entry.date, entry.url, about=about)


def _article(address: Address, projects: Explainable) -> Piece:
    """An article known by its link alone. One in the README of a project with code is about that project."""
    about = projects.listed.get((address.repository or "").lower())
    parts = hosts.split_address(address.url)
    last = parts.path.rstrip("/").rpartition("/")[2] if parts else ""
    slug = " ".join(last.removesuffix(".html").removesuffix(".htm").split("-"))
    technical = about is not None or is_technical(f"{address.text} {slug}", "", "", code=False)
    told = len(address.text.split()) >= TITLE_WORDS and not address.text.startswith("http")
    title = address.text if told else slug or address.url
    repository = address.repository if address.location else None
    location = address.location if repository else None
    return Piece(title, technical, "link", None, address.url, repository, location, about)


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
        else:
            kept[at] = _with(kept[at], piece)
        for key in keys:
            found.setdefault(key, at)
    return kept


def _with(piece: Piece, other: Piece) -> Piece:
    return Piece(
        piece.title, piece.technical or other.technical, piece.source, piece.date or other.date,
        piece.url or other.url, piece.repository, piece.location, piece.about or other.about,
    )  # fmt: skip


def _untold(portfolio: Portfolio) -> Iterator[str]:
    if "links" in portfolio.snapshot.unavailable:
        yield f"the links of the profile: {portfolio.snapshot.unavailable['links']}"
    if claims_untold(portfolio):
        yield "an article is claimed in a repository that could not be compared with tutorials"


def _unread(portfolio: Portfolio) -> str | None:
    """How many repositories may hold writing and could not be read."""
    lost = 0
    for repository in portfolio.repositories:
        standing = repository.fact(Standing)
        if repository.record.empty or (standing is not None and standing.own is False):
            continue
        try:
            blog = repository.fact(Blog)
            lost += repository.fact(Links) is None or bool(blog and blog.incomplete)
        except Unavailable:
            lost += 1
    return f"{counted(lost, 'repository', 'repositories')} could not be read whole" if lost else None


def _searched(portfolio: Portfolio, feeds: list[tuple[Address, Feed | None, str]]) -> str:
    read = [each for each in portfolio.repositories if each.read]
    homepages = sum(1 for each in portfolio.repositories if each.record.homepage)
    opened = sum(1 for _, feed, _ in feeds if feed is not None)
    without = [place for place, _, _ in feeds if _state(portfolio, place) == "absent"]
    parts = [
        "the profile",
        f"the READMEs and posts of {counted(len(read), 'repository', 'repositories')}",
        *([counted(homepages, "homepage")] if homepages else []),
        *([counted(opened, "feed")] if opened else []),
        *([counted(len(without), "site without a feed", "sites without a feed")] if without else []),
    ]
    return joined(parts)


def _state(portfolio: Portfolio, place: Address) -> str | None:
    feed = portfolio.snapshot.feeds.get(place.url)
    return feed.state if feed is not None else None
