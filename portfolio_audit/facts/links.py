"""The links of a repository and what they lead to: a running instance of this project, or one of the many other things.

Rules use the host, the words around the link and the section it stands in, never who owns the repository: forks
share trees.
"""

import re
from typing import ClassVar, Literal, Self

from portfolio_audit.facts import hosts
from portfolio_audit.facts.blog_sites import find_sites
from portfolio_audit.facts.fact import Location, TreeFact
from portfolio_audit.facts.hosted import find_hosted
from portfolio_audit.facts.markup import Link, Markup
from portfolio_audit.facts.paths import name
from portfolio_audit.facts.readme_file import ReadmeFile, read_readme
from portfolio_audit.facts.words import fold, load_vocabularies, mentions
from portfolio_audit.facts.writing_links import Claim, claim_of, identify, is_site, names_another
from portfolio_audit.facts.writing_names import carries, is_author_page
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import SourceTree

LINK_LIMIT = 150

_SITES = (
    *"mkdocs.yml mkdocs.yaml docs/conf.py docs/source/conf.py doc/conf.py doc/source/conf.py _config.yml".split(),
    *"docs/_config.yml _pkgdown.yml docs/make.jl _quarto.yml docs/_quarto.yml book.toml antora.yml "
    "docs/index.rst".split(),
)

_WORDS = load_vocabularies("link_words")
_HERE = frozenset(
    "here link this click live visit url website site app demo aqui aca ici hier qui тут здесь "
    "这里 链接 点击这里 こちら 여기".split()
)
_ARTICLE = frozenset("read the our my a blog post blogpost article medium on writeup write up full project".split())
# They explain what a project has its name from, and never the project.
_REFERENCE_WORKS = frozenset("wikipedia.org creativecommons.org opensource.org choosealicense.com gnu.org".split())
_CONSOLE_WORDS = frozenset(word for entry in _WORDS["consoles"] for word in entry.split()) | frozenset(
    "ui console dashboard dashboards url link server is at on open the admin panel web access live".split()
)
BLOG_POSTS = 3
"""Posts from which a repository is a blog, so that its site is writing and no application."""
_RANK = {"deployment": 0, "documentation": 1, "writing": 2, "elsewhere": 3}
_DOMAIN = re.compile(r"[\w-]{1,60}(?:\.[\w-]{1,60}){1,5}(?:/\S{0,200})?")

Use = Literal["deployment", "documentation", "writing", "elsewhere"]


class FoundLink(Value, frozen=True):
    """A link: `role` is what the address says, `use` what this repository means by it, `location` where it stands.

    `claim` is what the words around it say of who wrote what it leads to.
    """

    url: str
    role: hosts.Role
    location: Location
    use: Use = "elsewhere"
    text: str = ""
    claim: Claim = ""


class Links(TreeFact, frozen=True):
    """Links of the README, and addresses of applications in configuration and code (`where` they were found).

    `readme` holds at most 150, deployments first in order of their lines; `config` and `code` only deployments.
    `documentation_site` says that the tree builds one, so a published page need not be the application.
    """

    version: ClassVar[str] = "5"
    readme: tuple[FoundLink, ...] = ()
    config: tuple[FoundLink, ...] = ()
    code: tuple[FoundLink, ...] = ()
    documentation_site: bool = False

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        """Always a value; without a README its links are none. Raises Unavailable if the README could not be read."""
        readme = tree.derive(read_readme)
        found = read_links(readme, tree) if readme is not None else []
        stated = {hosts.normalise(link.url) for link in found}
        configured: list[FoundLink] = []
        coded: list[FoundLink] = []
        for hosted in find_hosted(tree):
            if hosts.normalise(hosted.url) in stated:
                continue
            stated.add(hosts.normalise(hosted.url))
            link = FoundLink(hosted.url, hosts.role(hosted.url), Location(hosted.path, hosted.line), "deployment")
            (configured if hosted.configuration else coded).append(link)
        incomplete = readme.incomplete if readme is not None else None
        return cls(incomplete, tuple(found[:LINK_LIMIT]), tuple(configured), tuple(coded), _builds_documentation(tree))

    @property
    def deployments(self) -> tuple[FoundLink, ...]:
        """The links by which the README says where this project runs."""
        return tuple(link for link in self.readme if link.use == "deployment")


def _builds_documentation(tree: SourceTree) -> bool:
    return any(path in tree for path in _SITES) or any(name(file.path) == "docusaurus.config.js" for file in tree.files)


def read_links(readme: ReadmeFile, tree: SourceTree | None = None) -> list[FoundLink]:
    """The README's distinct links, those to a running instance of the project first."""
    markup = readme.markup
    seen: dict[str, FoundLink] = {}
    identity = identify(readme, tree)
    blog = tree is not None and any(not site.root and len(site.posts) >= BLOG_POSTS for site in tree.derive(find_sites))
    for link in (*markup.links, *_bare_addresses(markup)):
        address = "https://" + link.url if link.url.startswith("www.") else link.url
        if not address.lower().startswith(("http://", "https://")):
            continue
        role = hosts.role(address)
        use = _use(link, address, role, markup, identity.projects)
        claim: Claim = ""
        if use != "documentation" and _is_article(link, role):
            claim = claim_of(link, markup)
            presented = _stands_alone(link, claim) or (claim != "credited" and is_author_page(address))
            own = claim == "mine" or presented or carries(address, identity.makers | identity.projects)
            use = "writing" if own else "elsewhere"
        elif role in ("other", "pages", "application") and is_site(link):
            claim = "listed"
        if use == "deployment" and role in ("pages", "other") and blog:
            use = "writing"
        found = FoundLink(address, role, Location(readme.path, link.line), use, link.text[:120], claim)
        known = seen.get(hosts.normalise(address))
        if known is None or _RANK[use] < _RANK[known.use]:
            seen[hosts.normalise(address)] = found
    return sorted(seen.values(), key=lambda found: (found.use != "deployment", found.location.line or 0))


def _is_article(link: Link, role: hosts.Role) -> bool:
    """Whether a link leads to an article, by its host or by the words around it."""
    if role == "blog":
        return True
    label = _label(link)
    parts = hosts.split_address(link.url)
    if role not in ("other", "pages") or mentions(label, _WORDS["networks"]):
        return False
    # "My blog is made with [a generator](...)": of an unknown site's front page its own label must speak.
    front = parts is None or not parts.path.strip("/")
    named = not label or set(fold(label).split()) <= _HERE
    around = f"{link.before[-80:]} {label}" if named or not front else label
    return mentions(around, _WORDS["articles"]) is not None


def _stands_alone(link: Link, claim: Claim) -> bool:
    """Whether a link is presented as the article of this project: "Read the blog post", and no word of another."""
    words = set(fold(_label(link)).split())
    return claim == "listed" and bool(words) and words <= _ARTICLE and len(link.before.split()) <= 6


def _label(link: Link) -> str:
    return "" if link.text.startswith("http") or _DOMAIN.fullmatch(link.text) else link.text


def _use(link: Link, address: str, role: hosts.Role, markup: Markup, names: frozenset[str]) -> Use:
    heading = markup.heading(link.section)
    near = link.before[-80:]
    label = _label(link)
    if role in ("docs", "pages", "other", "application") and _is_documentation(link, address, role, heading, names):
        return "documentation"
    if role not in ("application", "temporary", "dashboard", "pages", "other"):
        return "elsewhere"
    if mentions(near[-50:], _WORDS["example"]) or mentions(f"{near} {link.after[:60]}", _WORDS["gone"]):
        return "elsewhere"
    if (
        mentions(heading, _WORDS["elsewhere"])
        or mentions(near[-40:], _WORDS["elsewhere"])
        or mentions(label, _WORDS["elsewhere"])
    ):
        return "elsewhere"
    if _is_console(near, label):
        return "elsewhere"
    if role in ("application", "temporary", "dashboard"):
        return "deployment" if _points_at_instance(link, address, role, label) else "elsewhere"
    if _introduced(label, role, near, heading):
        return "deployment"
    return "elsewhere"


def _is_console(near: str, label: str) -> bool:
    """Whether a link is presented as a tool's console: by its label, or by "Argo CD:" alone before it.

    "Deployed with Argo CD at" presents the project.
    """
    if mentions(label, _WORDS["consoles"]):
        return set(fold(label).split()) <= _CONSOLE_WORDS
    clause = near.replace("\n", ".").replace("|", ".").rsplit(". ", 1)[-1]
    words = fold(clause).split()
    bare = not label or set(fold(label).split()) <= _HERE
    return bare and mentions(clause, _WORDS["consoles"]) is not None and set(words) <= _CONSOLE_WORDS


def _points_at_instance(link: Link, address: str, role: hosts.Role, label: str) -> bool:
    """Whether a link to an application host is more than a passing mention of somebody else's application."""
    if link.picture is not None and hosts.role(link.picture) == "badge" and "readthedocs" in link.picture:
        return False
    parts = hosts.split_address(address)
    if parts is not None and parts.path.endswith(
        (".png", ".jpg", ".jpeg", ".gif", ".svg", ".csv", ".zip", ".pdf", ".json")
    ):
        return False
    return not (
        label
        and "slack" in (parts.hostname or "" if parts else "")
        and mentions(label, (" slack ", " join ", " invite "))
    )


def _introduced(label: str, role: hosts.Role, near: str, heading: str) -> bool:
    """Whether the words before an address of an unknown host present it as the running project."""
    bare = not label or set(fold(label).split()) <= _HERE
    if len(label.split()) <= (8 if role == "pages" else 5) and mentions(label, _WORDS["demo"]):
        return True
    if role == "pages" and len(label.split()) <= 3 and mentions(label, _WORDS["page"]):
        return True
    if bare and mentions(near[-60:], _WORDS["demo"]):
        return True
    return bare and mentions(heading, _WORDS["demo"]) is not None and len(near.split()) < 12


def _is_documentation(link: Link, address: str, role: hosts.Role, heading: str, names: frozenset[str]) -> bool:
    words = f"{link.before[-40:]} {link.text}"
    host = hosts.host_of(address)
    if hosts.matches(host, _REFERENCE_WORKS):
        return False
    if role == "application":
        static = hosts.matches(host, hosts.STATIC) is not None
        return (
            static and mentions(words, _WORDS["documents"]) is not None and mentions(words, _WORDS["interface"]) is None
        )
    if any(each in address.lower().replace("-", "").replace("_", "") for each in names):
        said = mentions(words, _WORDS["documents"]) or mentions(heading, _WORDS["documents"])
        return role == "docs" or "/docs/" in address or said is not None
    if mentions(heading, _WORDS["elsewhere"]) or names_another(link.text, _WORDS["documents"], names):
        return False
    # "For those new to Jekyll, the official docs": the clause before it names whose they are.
    alone = len(link.before[-80:].split()) <= 4 and mentions(words, _WORDS["documents"]) is not None
    return alone if role != "docs" else alone and mentions(link.text, _WORDS["documents"]) is not None


def _bare_addresses(markup: Markup) -> list[Link]:
    """Addresses on application hosts that no Markdown link holds: in code blocks, or without a scheme."""
    from portfolio_audit.facts.hosted import addresses

    linked = {hosts.normalise(link.url) for link in markup.links}
    found = []
    for block in markup.blocks:
        for offset, url in addresses(block.text):
            if hosts.normalise(url) in linked or any(known.startswith(hosts.normalise(url)) for known in linked):
                continue
            linked.add(hosts.normalise(url))
            line = (
                block.line + block.text.count("\n", 0, offset) + (block.kind == "code" and block.end_line > block.line)
            )
            found.append(
                Link(url, url, min(line, block.end_line), block.section, block.text[max(0, offset - 160) : offset])
            )
    return found
