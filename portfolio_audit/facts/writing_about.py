"""Which own project a post explains: one that it links to, or names in its title."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from portfolio_audit.facts.blog import Blog
from portfolio_audit.facts.fact import Portfolio
from portfolio_audit.facts.standing import Standing
from portfolio_audit.facts.words import fold
from portfolio_audit.facts.writing_names import squeeze
from portfolio_audit.facts.writing_places import profile_repository

NAME_IN_TITLE = 6
"""Letters of a repository's name by which a title may be known to speak of it; shorter ones are common words."""

BESIDE = ("docs/", "doc/", "website/", "site/", "documentation/")
_GIST = re.compile(r"[0-9a-f]{20,40}")


class Explainable(NamedTuple):
    """What a post may explain. `listed` are own repositories with code, lower-case full name to full name.

    Whatever else lies under `login` counts too, as an own project need not be public any more; `aside` does not (blogs,
    the profile, forks).
    """

    login: str
    listed: dict[str, str]
    aside: frozenset[str]

    def named_by(self, title: str, repositories: Iterable[str]) -> str | None:
        """The own project that a post with this title and these links (owner/name, lower case) explains, or None."""
        for name in repositories:
            owner, _, short = name.partition("/")
            if name in self.listed:
                return self.listed[name]
            if owner == self.login and name not in self.aside and not _GIST.fullmatch(short):
                return name
        words = squeeze(title)
        single = set(fold(title).split())
        for name, shown in self.listed.items():
            parts = fold(name.partition("/")[2]).split()
            short = "".join(parts)
            if len(short) >= NAME_IN_TITLE and (short in words if len(parts) > 1 else short in single):
                return shown
        return None


def explainable(portfolio: Portfolio, blogs: set[str]) -> Explainable:
    """The own projects of a portfolio; `blogs` are the repositories (lower-case full names) that are blogs."""
    profile = profile_repository(portfolio)
    listed: dict[str, str] = {}
    aside = set(blogs)
    for repository in portfolio.repositories:
        standing, name = repository.fact(Standing), repository.record.full_name
        if standing and standing.own and standing.lines and repository is not profile and name.lower() not in blogs:
            listed[name.lower()] = name
        elif repository is profile or standing is None or standing.own is not True or standing.lines is None:
            # One that could not be read may be the blog.
            aside.add(name.lower())
    return Explainable(portfolio.snapshot.owner.login.lower(), listed, frozenset(aside))


def is_blog(blog: Blog) -> bool:
    """Whether a repository is there for its posts, and not a project that tells its news beside its documentation."""
    return any(not post.location.path.startswith(BESIDE) for post in blog.posts)
