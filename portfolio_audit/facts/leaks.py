"""Where keys and tokens were committed: path and line, never the value.

Searched are the owner's own code, configuration and notebooks. Left out are tests, where made-up values are the rule,
documentation, which shows examples, templates that are to be copied and filled in, lock files and data.
"""

import re
from collections.abc import Iterator
from typing import ClassVar, Self

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.fact import Location, TreeFact
from portfolio_audit.facts.notebooks import notebooks
from portfolio_audit.facts.paths import LANGUAGES, is_documentation, is_test, name, own_files, suffix
from portfolio_audit.facts.secrets import find_secrets, is_placeholder
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import MIB, TEXT_LIMIT, SourceTree, decode

SHOWN = 10
NOTEBOOK_TEXT = 4 * MIB
"""Up to here a notebook that is no valid JSON is searched as plain text."""

_CONFIGURATION = frozenset(
    ".toml .yaml .yml .cfg .ini .json .xml .env .properties .tf .tfvars .conf .config .pem .key .rsa .ppk .txt .html "
    ".http .rest .plist .gradle .netrc .envrc .j2".split()
)
_BARE = frozenset(
    "dockerfile .env .envrc .netrc .pgpass .npmrc .pypirc .git-credentials id_rsa id_ed25519 id_ecdsa procfile".split()
)
_BROWSER = frozenset(".js .jsx .ts .tsx .mjs .vue .svelte .html .dart .kt .swift .xml .plist .gradle .json".split())
_LFS = b"version https://git-lfs"
_TEMPLATE = re.compile(r"example|sample|template|\.dist\b|\.model\b|default|skeleton|placeholder|dummy|mock")
_LOCKS = re.compile(r"(?:^|[-.])lock(?:\.|$)|\.sum$|^searchindex")
_KAGGLE = re.compile(r"\"key\"\s{0,4}:\s{0,4}\"[0-9a-f]{32}\"")
_PASSWORD = re.compile(
    r"(?m)^[ \t]*(?:export[ \t]+)?[A-Za-z][A-Za-z0-9_]{0,40}(?:PASSWORD|PASSWD|_PWD|SECRET)[ \t]*=[ \t]*"
    r"[\"']?([^\s\"'#]{8,80})[\"']?[ \t]*$"
)


class Leak(Value, frozen=True):
    """A line that looks like it holds a secret, and which ("an OpenAI key")."""

    place: Location
    kind: str


class Leaks(TreeFact, frozen=True):
    """Up to ten lines with what looks like a secret; `count` is of all, `files` of what was searched.

    None where there is nothing to search.
    """

    absent: ClassVar[str] = "there is no code and no configuration to search"
    version: ClassVar[str] = "6"
    leaks: tuple[Leak, ...] = ()
    count: int = 0
    files: int = 0

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        """Every line of the files searched; data and what is too large to be written by hand are left out."""
        found: list[Leak] = []
        searched, unread = 0, 0
        for path in _searched(tree):
            try:
                text = tree.text(path)
            except Unavailable:
                unread += 1
                continue
            searched += 1
            found += [Leak(Location(path, line), kind) for line, kind in sorted(_in_file(path, text))]
        cells = tree.derive(notebooks)
        for notebook in cells.notebooks:
            searched += 1
            for cell in notebook.cells:
                for line, kind in find_secrets(cell.source):
                    found.append(Leak(Location(notebook.path, note=f"cell {cell.number}, line {line}"), kind))
        for path in cells.unread:
            broken = _broken(tree, path)
            searched += broken is not None
            unread += broken is None
            found += [Leak(Location(path), kind) for _, kind in find_secrets(broken or "")]
        if not searched and not unread:
            return None
        incomplete = f"{unread} of {searched + unread} files" if unread else None
        return cls(incomplete, tuple(found[:SHOWN]), len(found), searched)


def _searched(tree: SourceTree) -> Iterator[str]:
    # Charts within a chart of Helm are copies of those that it rests on.
    copied = tuple(
        f"{folder}/charts/"
        for folder, _, base in (file.path.rpartition("/") for file in tree.files)
        if base == "Chart.yaml"
    )
    for file in tree.derive(own_files):
        if copied and file.path.startswith(copied):
            continue
        base, ending = name(file.path).lower(), suffix(file.path)
        known = ending in _CONFIGURATION or base in _BARE or base.startswith(".env")
        if not (known or (ending in LANGUAGES and ending != ".ipynb")) or not 0 < file.size <= TEXT_LIMIT:
            continue
        if not (is_test(file.path) or is_documentation(file.path) or _is_template(base) or _LOCKS.search(base)):
            yield file.path


def _broken(tree: SourceTree, path: str) -> str | None:
    """The text of a notebook that is no valid JSON, or None if it could not be had."""
    try:
        content = tree.read(path)
    except Unavailable:
        return None
    return decode(content) if len(content) <= NOTEBOOK_TEXT and not content.startswith(_LFS) else None


def _is_template(base: str) -> bool:
    """Whether the file is to be copied and filled in: .env.example, config.sample.yml."""
    return _TEMPLATE.search(base) is not None


def _in_file(path: str, text: str) -> Iterator[tuple[int, str]]:
    ending = suffix(path)
    for line, kind in find_secrets(text):
        if kind == "a Google API key" and ending in _BROWSER and not _calls_gemini(text):
            continue
        yield line, kind
    if name(path).lower() == "kaggle.json" and (found := _KAGGLE.search(text)):
        yield text.count("\n", 0, found.start()) + 1, "a Kaggle key"
    if name(path).lower().startswith(".env"):
        for match in _PASSWORD.finditer(text):
            if not is_placeholder(match[1], 2.8) and _is_mixed(match[1]):
                yield text.count("\n", 0, match.start(1)) + 1, "a password"


def _calls_gemini(text: str) -> bool:
    """Whether a Google key is one of its language models, which a browser must not know."""
    lower = text.lower()
    return any(word in lower for word in ("gemini", "generativelanguage", "generativeai", "genai"))


def _is_mixed(value: str) -> bool:
    return any(letter.isdigit() for letter in value) and any(letter.isalpha() for letter in value)
