"""Whether a text speaks of software, data or machine learning, and which repositories it links to.

Careful in both directions: a travel diary with one mention of an app is none, and a post on backpropagation in any
language with Latin terms is one.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from portfolio_audit.facts.words import fold, load_table, vocabulary

OPENING = 3_000
"""Letters of a text that are looked at: what a post is about is said at its beginning."""

TERMS = 5
"""Different technical terms in the opening that make a text without code technical; a diary has one or two."""

REPOSITORIES = 10
_REPOSITORY = re.compile(r"github\.com/([A-Za-z0-9][A-Za-z0-9-]{0,38})/([A-Za-z0-9_.-]{1,100})")
_PLATFORM_PATHS = frozenset("orgs sponsors topics features about settings marketplace user-attachments apps".split())


class _Terms(NamedTuple):
    clear: tuple[str, ...]
    ambiguous: tuple[str, ...]
    all: tuple[str, ...]


@lru_cache(maxsize=1)
def _technical() -> _Terms:
    table = load_table("writing_words")["technical"]
    clear, ambiguous = vocabulary(table["title"]), vocabulary(table["ambiguous"])
    return _Terms(clear, ambiguous, tuple(dict.fromkeys((*clear, *ambiguous, *vocabulary(table["text"])))))


@lru_cache(maxsize=1)
def link_words() -> dict[str, tuple[str, ...]]:
    """The vocabularies for words around links: mine, credited, listed."""
    return {name: vocabulary(text) for name, text in load_table("writing_words")["links"].items()}


def is_technical(title: str, tags: str, text: str, *, code: bool) -> bool:
    """Whether a post is technical, by its title and tags, else by its opening; `code` says that it shows code."""
    terms = _technical()
    heading = fold(f"{title} . {tags}")
    half = sum(term in heading for term in terms.ambiguous)
    if half >= 2 or any(term in heading for term in terms.clear):
        return True
    folded = fold(text[:OPENING])
    wanted = 1 if code else TERMS - 2 * half
    found = 0
    for term in terms.all:
        found += term in folded
        if found >= wanted:
            return True
    return False


def linked_repositories(text: str) -> tuple[str, ...]:
    """GitHub repositories (owner/name, lower case) that a text links to, at most 10 in order."""
    found: dict[str, None] = {}
    for match in _REPOSITORY.finditer(text[:200_000]):
        if match[1].lower() not in _PLATFORM_PATHS:
            found.setdefault(f"{match[1]}/{match[2].rstrip('.').removesuffix('.git')}".lower())
        if len(found) >= REPOSITORIES:
            break
    return tuple(found)
