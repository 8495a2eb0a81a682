"""The posts that a repository publishes, counted and dated, each with the file to open.

Whose they are is not decided here: forks share trees, so that is for `writing`.
"""

from typing import ClassVar, Self

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.blog_posts import Draft, Post, is_sample_name, read_notebook, read_post
from portfolio_audit.facts.blog_sites import NOTES, Site, find_notes, find_published_feed, find_sites
from portfolio_audit.facts.fact import Location, TreeFact
from portfolio_audit.facts.notebooks import notebooks
from portfolio_audit.facts.writing_words import is_technical
from portfolio_audit.tree import KIB, File, SourceTree, decode

PUBLISHED = "published pages"
READ_LIMIT = 60
"""Posts read, the newest by name first: enough to say what a blog is about; of the others only the number is known."""

READ_BYTES = 64 * KIB


class Blog(TreeFact, frozen=True):
    """A site with posts: the newest, at most 60. `left` is how many further files lie among the posts unread.

    `samples` and `drafts` are not posts. `mark` is the generator's file; `theme` names a theme that is made here.
    """

    absent: ClassVar[str] = "it publishes no blog"
    version: ClassVar[str] = "1"
    generator: str = ""
    mark: str = ""
    theme: str = ""
    posts: tuple[Post, ...] = ()
    left: int = 0
    samples: int = 0
    drafts: int = 0

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        """None where no generator of sites keeps files among its posts."""
        sites = tree.derive(find_sites) or find_notes(tree)
        if not sites:
            return cls._published(tree)
        files = sorted((file for site in sites for file in site.posts), key=_newest_first, reverse=True)
        posts: list[Post] = []
        aside: dict[str, int] = {}
        unread = 0
        for file in files[:READ_LIMIT]:
            try:
                read = _read(tree, file, notes=sites[0].generator == NOTES)
            except Unavailable:
                unread += 1
                continue
            if isinstance(read, Draft):
                aside[read.kind] = aside.get(read.kind, 0) + 1
            else:
                posts.append(read)
        posts.sort(key=lambda post: (post.date or "", post.location.path), reverse=True)
        best = sites[0] if not posts else _site_of(sites, posts[0])
        return cls(
            f"{unread} of {len(files)} posts" if unread else None,
            best.generator,
            best.mark,
            best.theme,
            tuple(posts),
            len(files[READ_LIMIT:]),
            aside.get("sample", 0),
            aside.get("draft", 0) + aside.get("stub", 0),
        )

    @classmethod
    def _published(cls, tree: SourceTree) -> Self | None:
        """A site whose pages lie here as they are published, by the feed beside them."""
        path = find_published_feed(tree)
        if path is None:
            return None
        from portfolio_audit.facts.feed_text import parse_feed  # its parsers are loaded where there is a feed

        try:
            content = tree.head(path)
            feed = parse_feed(decode(content), cut=len(content) < (tree.file(path) or File(path, 0)).size)
        except Unavailable:
            return None
        posts = tuple(
            Post(
                entry.title or entry.url or "",
                Location(path),
                entry.date,
                is_technical(entry.title, " ".join(entry.tags), entry.opening, code=entry.code),
                "",
                entry.repositories,
            )
            for entry in feed.entries
            if not is_sample_name(entry.title)
        )
        if not posts:
            return None
        return cls(None, PUBLISHED, path, "", posts)


def _newest_first(file: File) -> tuple[str, str]:
    """Names with a date sort by it; others by name."""
    name = paths.name(file.path)
    return (name if name[:4].isdigit() else "", file.path)


def _read(tree: SourceTree, file: File, *, notes: bool) -> Post | Draft:
    if paths.suffix(file.path) == ".ipynb":
        found = tree.derive(notebooks)
        if file.path in found.unread:
            raise Unavailable(found.unread[file.path])
        notebook = next((each for each in found.notebooks if each.path == file.path), None)
        if notebook is None:
            raise Unavailable("it could not be read")
        return read_notebook(notebook)
    return read_post(file.path, decode(tree.head(file.path)[:READ_BYTES]).replace("\r\n", "\n"), notes=notes)


def _site_of(sites: list[Site], post: Post) -> Site:
    return next(site for site in sites if any(file.path == post.location.path for file in site.posts))
