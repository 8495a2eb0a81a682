"""What the host of a link says about it: tables of application platforms and of everything that is none.

Data, so that a new platform is one word. A host matches an entry if it is the entry or ends with a dot and the entry.
"""

import re
from collections.abc import Collection
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

from portfolio_audit.facts.words import load_table

Role = Literal[
    "application", "pages", "temporary", "dashboard", "registry", "container", "badge", "video", "notebook", "dataset",
    "model", "paper", "course", "social", "blog", "repository", "docs", "file", "platform", "template", "placeholder",
    "local", "console", "other",
]  # fmt: skip

_DATA = load_table("hosts")
APPLICATIONS = frozenset(_DATA["applications"].split())
PAGES = frozenset(_DATA["pages"].split())
TEMPORARY = frozenset(_DATA["temporary"].split())
STATIC = PAGES | frozenset(_DATA["static"].split())
_CONSOLES = frozenset(_DATA["consoles"].split())
_ROLES: dict[str, Role] = {host: role for role, hosts in _DATA["other"].items() for host in hosts.split()}

_LOCAL = frozenset("localhost 0.0.0.0 host.docker.internal".split())
_RESERVED = frozenset("example test invalid local localhost internal lan home".split())
_HOLE = re.compile(r"[<>{}\[\]$*|…]|\.\.\.|%3[ce]|%5[bd]|%7[bd]", re.IGNORECASE)
# Names that stand for a name: the whole first label, or "your" with a noun after it. "find-your-dog" is a name.
_STAND_IN_LABELS = frozenset(
    "example placeholder changeme demo-link app-url link-to-demo live-demo-link "
    "app-name appname my-app myapp project-name projectname my-project myproject my-site "
    "mysite repo-name reponame user-name username domain mydomain my-domain space-name spacename abc abc123 xyz xxx "
    "xxxx xxxxx my-streamlit-app yourapp yourname yourproject yourdomain yourusername yoursite yourspace".split()
)
_YOUR = re.compile(
    r"your[-_]?(?:user[-_]?name|user|name|app|space|repo|project|model|org|account|id|url|domain|site|bucket|endpoint|"
    r"service|server|backend|frontend|api|instance|deployment|streamlit|render|vercel|railway|heroku|hf)(?:$|[-_./])"
)
_WORD = re.compile(r"[a-z0-9]+")
_NUMERIC = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
# Addresses that a platform keeps for itself.
_OFFICES = frozenset("docs help blog community status support dashboard console forum discuss".split())
# Hosts that are something else, and carry articles under a part of their own.
_ARTICLES: dict[str, str] = _DATA["articles"]
_ARTICLE_PATHS = frozenset("blog blogs post posts articles writing writings essays til".split())
_TEMPLATE = frozenset("template starter boilerplate quickstart".split())


def split_address(url: str) -> SplitResult | None:
    """The parts of an absolute web address, or None for anything else."""
    address = "https://" + url if url.startswith("www.") else url
    try:
        parts = urlsplit(address.strip())
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") and host else None


def host_of(url: str) -> str:
    """The host of an address, lower case and without "www."; empty if it is none."""
    parts = split_address(url)
    return (parts.hostname or "").lower().removeprefix("www.") if parts else ""


def normalise(url: str) -> str:
    """One spelling of an address for comparing: lower-case scheme and host, no fragment, no final slash."""
    parts = split_address(url)
    if parts is None:
        return url
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}{query}"


def matches(host: str, table: Collection[str]) -> str | None:
    """The longest entry that the host is or lies under, or None."""
    labels = host.split(".")
    for start in range(max(0, len(labels) - 5), len(labels)):
        suffix = ".".join(labels[start:])
        if suffix in table:
            return suffix
    return None


def role(url: str) -> Role:
    """What the address alone says. "other" is a host nobody here knows; the words around the link must decide."""
    parts = split_address(url)
    if parts is None:
        return "placeholder" if url.lower().startswith(("http://", "https://")) else "other"
    host = (parts.hostname or "").removeprefix("www.")
    path = unquote(parts.path)
    if is_local(host):
        return "local"
    if is_placeholder(parts.netloc.lower(), host, path):
        return "placeholder"
    if is_console(host):
        return "console"
    steps = [step for step in path.split("/") if step]
    if host == "huggingface.co":
        return _hugging_face(steps)
    if host == "share.streamlit.io":
        return "template" if steps[:1] == ["streamlit"] else "application" if len(steps) >= 2 else "platform"
    if host.endswith(".amazonaws.com"):
        return "application" if any(mark in host for mark in ("execute-api", "s3-website", "elb.", "ec2-")) else "file"
    entry = matches(host, _ROLES)
    special = matches(host, APPLICATIONS) or matches(host, TEMPORARY) or matches(host, PAGES)
    if special and host != special and (entry is None or len(special) >= len(entry)):
        if host.removesuffix("." + special) in _OFFICES or host in ("app.netlify.com", "app.railway.app"):
            return "platform"
        if set(_WORD.findall(host.removesuffix(special))) & _TEMPLATE:
            return "template"
        return "temporary" if special in TEMPORARY else "pages" if special in PAGES else "application"
    if entry is not None:
        return "blog" if entry in _ARTICLES and _ARTICLES[entry] in steps[:3] else _ROLES[entry]
    if (
        "/en/stable" in path
        or "/en/latest" in path
        or host.startswith(("docs.", "doc.", "documentation.", "wiki.", "developer.", "developers.", "help."))
    ):
        return "docs"
    if host.startswith("blog.") or (steps and steps[0].lower() in _ARTICLE_PATHS):
        return "blog"
    return "other"


def is_console(host: str) -> bool:
    """Whether the host's own name is that of a tool of operations ("argocd.example.com"), which shows no project."""
    first, _, rest = host.partition(".")
    words = first.split("-")
    return bool(rest.count(".")) and not _CONSOLES.isdisjoint((words[0], words[-1], first, "".join(words)))


def is_local(host: str) -> bool:
    """Whether the host is this machine or a private network, by name alone."""
    if host in _LOCAL or host.endswith(".localhost"):
        return True
    if _NUMERIC.fullmatch(host):
        first, second = (int(part) for part in host.split(".")[:2])
        return (
            first in (0, 10, 127) or (first, second) in ((192, 168), (169, 254)) or (first == 172 and 16 <= second < 32)
        )
    return ":" in host or "." not in host


def is_placeholder(netloc: str, host: str, path: str) -> bool:
    """Whether the address has a hole to fill in, or a name that nobody can own."""
    labels = host.split(".")
    if _HOLE.search(netloc) or _HOLE.search(path) or labels[-1] in _RESERVED or ":port" in netloc:
        return True
    if len(labels) >= 2 and labels[-2] in ("example", "yourdomain", "yoursite", "domain", "yourapp", "placeholder"):
        return True
    if labels[0] in _STAND_IN_LABELS or _YOUR.match(labels[0]) or labels[0].startswith(("username-", "xxx")):
        return True
    return any(step in ("username", "user-name", "yourname") or _YOUR.match(step) for step in path.lower().split("/"))


def _hugging_face(steps: list[str]) -> Role:
    if steps[:1] == ["spaces"]:
        return "application" if len(steps) >= 3 else "platform"
    if steps[:1] == ["datasets"]:
        return "dataset"
    if steps[:1] == ["blog"]:
        return "blog"
    if steps[:1] in (["docs"], ["learn"], ["papers"], ["tasks"]):
        return "docs"
    return "model" if len(steps) >= 2 else "platform"
