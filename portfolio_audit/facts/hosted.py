"""Addresses of hosted applications in any text, and the files in which to look for them.

Only application hosts are searched for: every other address in configuration and code (services called, schemas,
documentation) says nothing about where this project runs.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import hosts
from portfolio_audit.facts.paths import folders, is_documentation, is_own, is_test, name, suffix
from portfolio_audit.tree import KIB, MIB, SourceTree, decode

FILE_LIMIT = 400
FILE_BYTES = 64 * KIB
TOTAL_BYTES = 4 * MIB
FOUND_LIMIT = 10

_CODE = frozenset(".py .js .jsx .mjs .ts .tsx .vue .svelte .html .go .rs .java .kt .rb .php".split())
_CONFIGURATION = frozenset(".toml .yaml .yml .json .env .ini .cfg .conf .tf .properties .hcl".split())
_NAMES = frozenset(".env Procfile CNAME _redirects nginx.conf .env.production .env.example .env.local".split())


class Hosted(NamedTuple):
    """An address of a hosted application, and where it stands."""

    url: str
    path: str
    line: int
    configuration: bool


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    names = "|".join(
        re.escape(host)
        for host in sorted(hosts.APPLICATIONS | hosts.TEMPORARY | {"share.streamlit.io"}, key=len, reverse=True)
    )
    # Bounded on both sides, so the cost per starting point is constant.
    return re.compile(
        rf"(?<![\w@./-])(?:https?://)?(?:[a-zA-Z0-9<{{\[$-][a-zA-Z0-9<>{{}}\[\]$_-]{{0,80}}\.){{1,4}}(?:{names})(?![\w-]|\.[a-z])"
        r"(?:/[^\s\"'`)>\]}]{0,200})?"
    )


@lru_cache(maxsize=1)
def _beginnings() -> frozenset[str]:
    """The first two labels of each host that is looked for; they stand behind a dot."""
    known = hosts.APPLICATIONS | hosts.TEMPORARY | {"share.streamlit.io"}
    return frozenset(".".join(host.split(".")[:2]) for host in known)


# Settings of a client that name a service it signs in or stores at, not the place where the project runs.
_SERVICES = re.compile(r"(?i)auth_?domain|storage_?bucket|database_?url|project_?id")
_FILES = re.compile(
    r"\.(?:zip|t?gz|tar|7z|rar|csv|tsv|json|parquet|pdf|png|jpe?g|gif|svg|mp4|pt|pth|pkl|h5|onnx)(?:\?|$)"
)
_PARTS = re.compile(r"cloudfront\.net/\w|[-=]$")
"""In code: what a network of caches delivers, and the beginning of an address that is put together."""
_LABELS = re.compile(r"\.(?=([\w-]++\.[a-z]++))")
_SPACE = re.compile(r"(?:https?://)?huggingface\.co/spaces/[\w.<>-]{1,100}/[\w.<>-]{1,100}")


def addresses(text: str) -> Iterator[tuple[int, str]]:
    """Offset and address of each application host named in a text, with or without a scheme."""
    # Most texts name no such host, which is told at a tenth of the cost of looking for addresses.
    hosted = not _beginnings().isdisjoint(_LABELS.findall(text))
    for pattern in (_pattern() if hosted else None, _SPACE if "huggingface.co/spaces/" in text else None):
        for match in pattern.finditer(text) if pattern else ():
            url = match[0].rstrip(".,;:!?*_")
            yield match.start(), url if url.startswith("http") else "https://" + url


def find_hosted(tree: SourceTree) -> list[Hosted]:
    """Addresses of hosted applications in own configuration and code, at most 10, configuration first."""
    found: dict[str, Hosted] = {}
    budget = TOTAL_BYTES
    ranked = sorted(
        (not _is_configuration(file.path), file.path.count("/"), file.path)
        for file in tree.files
        if _searched(file.path)
    )
    for coded, _, path in ranked[:FILE_LIMIT]:
        try:
            content = tree.head(path)[:FILE_BYTES]
        except Unavailable:
            continue
        budget -= len(content)
        if budget < 0 or len(found) >= FOUND_LIMIT:
            break
        if b"." not in content:
            continue
        text = decode(content)
        for offset, url in addresses(text):
            key = hosts.normalise(url)
            if _SERVICES.search(text[max(text.rfind("\n", 0, offset), offset - 120, 0) : offset]):
                continue
            if _FILES.search(url) or (coded and _PARTS.search(url)):
                continue
            if key not in found and hosts.role(url) in ("application", "temporary"):
                found[key] = Hosted(url, path, text.count("\n", 0, offset) + 1, not coded)
    return list(found.values())[:FOUND_LIMIT]


def _is_configuration(path: str) -> bool:
    return suffix(path) in _CONFIGURATION or name(path) in _NAMES


def _searched(path: str) -> bool:
    if suffix(path) not in _CODE and not _is_configuration(path):
        return False
    aside = any(folder.strip("_").startswith(("example", "sample", "tutorial")) for folder in folders(path))
    beside = is_test(path) or is_documentation(path) or path.endswith((".lock", "-lock.yaml"))
    return is_own(path) and not aside and not beside
