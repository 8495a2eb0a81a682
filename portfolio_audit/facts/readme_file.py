"""Which file of a tree is the README that a visitor sees, and its text taken apart once for all facts."""

from typing import NamedTuple

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.dialects import to_markdown
from portfolio_audit.facts.markup import SIZE_LIMIT, Markup, parse_markdown
from portfolio_audit.facts.paths import suffix
from portfolio_audit.tree import KIB, File, SourceTree, decode

# GitHub looks into these folders in this order and shows the first README it finds.
FOLDERS = (".github/", "", "docs/")
# Formats that can be read here, the one that is shown first in front.
SUFFIXES = (
    *".md .markdown .mdown .mkdn .mkd .rst .rest .adoc .asciidoc .org .textile .rdoc .mediawiki .wiki .txt".split(),
    "",
)
# Names for "read me" in other languages, used only where no README is there.
_OTHER_NAMES = frozenset(
    "leeme léeme leiame leia-me lisezmoi lisez-moi liesmich leggimi read_me read-me 自述文件 说明 прочти".split()
)
_LANGUAGE_ENDINGS = frozenset("zh cn en es pt fr de it ja jp ko kr ru tr vi id ar fa".split())


class ReadmeFile(NamedTuple):
    """The README's path, its text (CRLF kept), the parts of it, and what could not be read of it."""

    path: str
    text: str
    markup: Markup
    incomplete: str | None


def candidates(tree: SourceTree) -> list[File]:
    """All files of this tree that could be its README, best first."""
    ranked = []
    for file in tree.files:
        rank = _rank(file.path)
        if rank is not None and file.kind != "submodule":
            ranked.append((rank, file.path, file))
    return [file for _, _, file in sorted(ranked, key=lambda item: item[:2])]


def _rank(path: str) -> tuple[int, int, int] | None:
    folder, _, name = path.rpartition("/")
    prefix = folder.lower() + "/" if folder else ""
    if prefix not in FOLDERS:
        return None
    lower = name.lower()
    ending = suffix(name)
    if ending not in SUFFIXES:
        # "README.zh" and "README.en" name a language; "README.pdf" cannot be read.
        if not (lower.startswith("readme.") and len(ending) <= 6 and ending[1:3].isalpha() and _is_language(ending)):
            return None
        ending = ""
    stem = lower.removesuffix(ending) if ending else lower
    if stem == "readme":
        kind = 0
    elif stem.startswith(("readme.", "readme_", "readme-")) and len(stem) <= 16:
        kind = 1
    elif stem in _OTHER_NAMES:
        kind = 2
    else:
        return None
    # A translation at the root is shown by nobody, so any plain README comes before it.
    return (min(kind, 1), FOLDERS.index(prefix), kind * 100 + SUFFIXES.index(ending))


def _is_language(ending: str) -> bool:
    return ending[1:] in (
        "zh",
        "cn",
        "en",
        "es",
        "pt",
        "fr",
        "de",
        "it",
        "ja",
        "jp",
        "ko",
        "kr",
        "ru",
        "tr",
        "vi",
        "id",
        "ar",
        "fa",
    )


def read_readme(tree: SourceTree) -> ReadmeFile | None:
    """The README of the tree, or None if there is none with content.

    Raises Unavailable if the only ones there could not be read, so nobody is told that they have none.
    """
    reason: str | None = None
    for file in candidates(tree):
        if file.size == 0 and file.path not in tree.unread:
            continue
        if file.kind == "symlink":
            reason = reason or f"{file.path} is a symbolic link, which is not followed"
            continue
        try:
            content = tree.head(file.path)
        except Unavailable as unavailable:
            reason = reason or f"{file.path}: {unavailable.reason}"
            continue
        text = decode(content)
        if not text.strip():
            continue
        markup = parse_markdown(to_markdown(text[:SIZE_LIMIT].replace("\r\n", "\n"), suffix(file.path)))
        if not (markup.blocks or markup.pictures or markup.links):
            continue
        incomplete = None
        if len(content) < file.size:
            incomplete = f"only the first {len(content) // KIB} KiB of {file.path} were read"
        return ReadmeFile(file.path, text, markup, incomplete)
    if reason is not None:
        raise Unavailable(reason)
    return None
