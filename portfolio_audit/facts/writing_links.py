"""What a text says of a link to an article: that its writer wrote it, that another did, or that it is one of a list.

Judged by the words around the link and by the names that the repository itself gives for who makes it (the address of
its own badges, its licence), never by who owns it: forks share trees.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Literal, NamedTuple

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import hosts
from portfolio_audit.facts.markup import Link, Markup
from portfolio_audit.facts.readme_file import ReadmeFile
from portfolio_audit.facts.words import fold, mentions
from portfolio_audit.facts.writing_names import squeeze
from portfolio_audit.facts.writing_words import link_words
from portfolio_audit.tree import SourceTree, decode

Claim = Literal["", "mine", "listed", "credited"]

BEFORE = 70
"""Letters before a link that speak of it: about a clause."""

SELF_LINKS = 3
"""Links to one repository from which it is the README's own: badges, issues, pictures."""

SHORTEST_NAME = 4
_COMMON = frozenset(
    "docs documentation website blog tutorial tutorials examples example course notes demo test app".split()
)
TEXT_LIMIT = 64_000

_REPOSITORY = re.compile(r"github(?:usercontent)?\.com[/:]([A-Za-z0-9-]{1,39})/([A-Za-z0-9_.-]{1,100})")
_PAGE = re.compile(r"//([A-Za-z0-9-]{1,39})\.github\.io/([A-Za-z0-9_.-]{1,100})")
_CLONE = re.compile(r"git clone [^\n]{0,60}?github\.com[/:]([A-Za-z0-9-]{1,39})/([A-Za-z0-9_.-]{1,100})")
_HOLDER = re.compile(r"copyright[ :]{0,3}(?:\(c\)|©)?[ ,\d–-]{0,30}(?:by )?([^\n<(,]{3,60})", re.IGNORECASE)
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
    if mentions(link.after[:40], words["behind"]):
        return "mine"
    if mentions(f"{near} . {link.after[:25]}", words["credited"]) or mentions(heading, words["credited"]):
        return "credited"
    if re.match(r"\W{0,3}by [A-Z]", link.after):
        return "credited"
    if fold(heading) in words["headings"]:
        return "mine"
    return "listed" if mentions(heading, words["listed"]) or mentions(near, words["listed"]) else ""


def is_site(link: Link) -> bool:
    """Whether a link is presented as somebody's site: "Website: ada.example"."""
    return mentions(f"{link.before[-30:]} {link.text}", link_words()["sites"]) is not None


class Identity(NamedTuple):
    """Names (squeezed) by which a repository calls itself and its makers."""

    projects: frozenset[str]
    makers: frozenset[str]


def identify(readme: ReadmeFile, tree: SourceTree | None) -> Identity:
    """What a README and its tree say of whose they are: title, own address in badges and commands, licence, authors."""
    title = _title(readme.markup)
    text = readme.text[:TEXT_LIMIT]
    found = Counter((squeeze(owner), squeeze(name.removesuffix(".git"))) for owner, name in _REPOSITORY.findall(text))
    found.update((squeeze(owner), squeeze(name)) for owner, name in _PAGE.findall(text))
    cloned = {(squeeze(owner), squeeze(name.removesuffix(".git"))) for owner, name in _CLONE.findall(text)}
    own = [
        pair
        for pair, count in found.most_common()
        if pair[1] == title or count >= SELF_LINKS or (len(cloned) == 1 and pair in cloned)
    ][:1]
    holder = squeeze(_holder(tree)) if tree is not None else ""
    makers = {*(pair[0] for pair in own), holder, *_authors(readme.markup)}
    return Identity(
        frozenset(name for name in (title, *(pair[1] for pair in own)) if _telling(name)),
        frozenset(name for name in makers if _telling(name)),
    )


def _telling(name: str) -> bool:
    return len(name) >= SHORTEST_NAME and name not in _COMMON


def _title(markup: Markup) -> str:
    """The first heading as one word, if it is a name and no sentence."""
    words = fold(next((block.text for block in markup.blocks if block.kind == "heading"), "")).split()
    return "".join(words) if len(words) <= 3 else ""


def _authors(markup: Markup) -> Iterator[str]:
    """The labels of sites to which a section on the authors leads."""
    for link in markup.links:
        heading = markup.heading(link.section) if link.section >= 0 else ""
        if heading and mentions(heading, link_words()["authors"]) and hosts.role(link.url) in ("other", "pages"):
            labels = hosts.host_of(link.url).split(".")
            yield squeeze(labels[0] if "github" in labels or len(labels) <= 2 else labels[-2])


def _holder(tree: SourceTree) -> str:
    for path in ("LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE", "COPYING"):
        try:
            match = _HOLDER.search(decode(tree.head(path)[:16_000])) if path in tree else None
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
