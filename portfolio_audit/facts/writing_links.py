"""What a text says of a link to an article: that its writer wrote it, that another did, or that it is one of a list.

Judged by the words around the link and by the names that the repository itself gives for who makes it (the address of
its own badges, its licence), never by who owns it: forks share trees.
"""

import re
from collections import Counter
from typing import Literal

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import hosts
from portfolio_audit.facts.markup import Link, Markup
from portfolio_audit.facts.words import fold, mentions
from portfolio_audit.facts.writing_names import squeeze
from portfolio_audit.facts.writing_words import link_words
from portfolio_audit.tree import SourceTree, decode

Claim = Literal["", "mine", "listed", "credited"]

BEFORE = 70
"""Letters before a link that speak of it: about a clause."""

_REPOSITORY = re.compile(r"github(?:usercontent)?\.(?:com|io)[/:]([A-Za-z0-9-]{1,39})/([A-Za-z0-9_.-]{1,100})")
_HOLDER = re.compile(r"copyright\W{0,4}(?:\(c\)|©)?[ ,\d-]{0,30}(?:by )?([^\n<(,]{3,60})", re.IGNORECASE)
_NOBODY = frozenset(
    "the and contributors authors all rights reserved inc llc ltd copyright holder holders owner".split()
)


def claim_of(link: Link, markup: Markup) -> Claim:
    """What the words around a link say of who wrote what it leads to."""
    words = link_words()
    label = "" if link.text.startswith("http") else link.text
    near = f"{link.before[-BEFORE:]} {label}"
    heading = markup.heading(link.section)
    if mentions(near, words["mine"]) or mentions(heading, words["mine"]):
        return "mine"
    if mentions(f"{near} . {link.after[:25]}", words["credited"]) or mentions(heading, words["credited"]):
        return "credited"
    if re.match(r"\W{0,3}by [A-Z]", link.after):
        return "credited"
    return "listed" if mentions(heading, words["listed"]) or mentions(near, words["listed"]) else ""


def makers(tree: SourceTree, markup: Markup, projects: frozenset[str]) -> frozenset[str]:
    """Names (squeezed) that the tree gives for who makes it: the account in its own addresses, its licence's holder."""
    addresses = (*(link.url for link in markup.links), *(picture.source for picture in markup.pictures))
    found = Counter(
        squeeze(owner)
        for address in addresses[:400]
        for owner, repository in _REPOSITORY.findall(address)
        if squeeze(repository.removesuffix(".git")) in projects
    )
    names = {name for name, _ in found.most_common(1)}
    holder = _holder(tree)
    return frozenset(name for name in (*names, squeeze(holder)) if len(name) >= 4)


def _holder(tree: SourceTree) -> str:
    for path in ("LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE", "COPYING"):
        try:
            match = _HOLDER.search(decode(tree.head(path)[:2_000])) if path in tree else None
        except Unavailable:
            continue
        if match is not None:
            words = [word for word in match[1].split() if word.lower().strip(".,") not in _NOBODY]
            return " ".join(words[:4])
    return ""


_GENERIC = frozenset(
    "the a an our its full official complete detailed project projects stable latest dev development current online "
    "api reference read more site website webpage page web html pdf en english user users developer developers here "
    "this can be found at for in on of and to is version main status hosted link "
    "library package click visit see view".split()
)


def names_another(label: str, documents: tuple[str, ...], names: frozenset[str]) -> bool:
    """Whether the words of a documentation link name something that is not this project."""
    left = [
        word
        for word in fold(label).split()
        if word not in _GENERIC and mentions(word, documents) is None and word not in names
    ]
    return bool(left) and not any(name in squeeze(label) for name in names if len(name) > 3) and not _address(label)


def _address(label: str) -> bool:
    return hosts.split_address(label if "://" in label else f"https://{label}") is not None and "." in label
