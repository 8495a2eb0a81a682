"""Which files of a tree are posts of a blog, told by the generator of the site and the folders it keeps posts in.

Documentation is no blog: a generator's pages count only in its folders for posts.
"""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.words import fold, load_table, vocabulary
from portfolio_audit.tree import File, SourceTree, decode

DEPTH = 3
"""Folders between the root of a repository and that of a site inside it ("packages/web/site")."""

NOTES = "notes"
NOTES_WANTED = 5
"""Notes from which a collection is one, and not an empty beginning."""

ENDINGS = frozenset(".md .mdx .markdown .qmd .rmd .rmarkdown .ipynb .rst .html .htm .org .adoc .typ .svx .njk".split())


class Site(NamedTuple):
    """A site: the generator's name, the folder it lies in (with a slash, or empty), the file that says so, its posts.

    `theme` is the name of the theme that is made here, if one is.
    """

    generator: str
    root: str
    mark: str
    posts: tuple[File, ...]
    theme: str


class _Generator(NamedTuple):
    name: str
    marks: re.Pattern[str]
    posts: re.Pattern[str]
    pages: frozenset[str]


@lru_cache(maxsize=1)
def _generators() -> tuple[_Generator, ...]:
    made = []
    for entry in load_table("blogs")["site"]:
        marks = "|".join(re.escape(mark).replace(r"\*", "[^/]{1,40}") for mark in entry["marks"].split())
        posts = "|".join(
            re.escape(folder).replace(r"\*\*/", "(?:[^/]{1,200}/){0,4}") for folder in entry["posts"].split()
        )
        pages = frozenset(entry.get("pages", "").split())
        made.append(_Generator(entry["name"], re.compile(marks), re.compile(f"(?:{posts})/(.+)"), pages))
    return tuple(made)


@lru_cache(maxsize=1)
def aside() -> dict[str, frozenset[str]]:
    """Names of folders and files (without ending) that hold no posts."""
    table: dict[str, Any] = load_table("blogs")["aside"]
    return {kind: frozenset(names.split()) for kind, names in table.items()}


def find_sites(tree: SourceTree) -> list[Site]:
    """Every site with files that look like posts, in the order of generators. A file belongs to one site."""
    documents = [
        file
        for file in tree.derive(paths.own_files)
        if not _folders().isdisjoint(paths.folders(file.path)) and _looks_like_post(file)
    ]
    if not documents:
        return []
    marks = _marks(tree)
    sites: list[Site] = []
    taken: set[str] = set()
    for generator in _generators():
        for root, entries in marks.items():
            mark = next((name for name in entries if generator.marks.fullmatch(name)), None)
            if mark is None:
                continue
            posts = tuple(file for file in documents if file.path not in taken and _is_post(file.path, root, generator))
            taken.update(file.path for file in posts)
            if posts:
                # The source of a post and what was made of it ("post.Rmd", "post.md") are one.
                single = {file.path.rpartition(".")[0]: file for file in posts}
                sites.append(Site(generator.name, root, entries[mark], tuple(single.values()), _theme(entries)))
    return sites


def find_notes(tree: SourceTree) -> list[Site]:
    """A collection of notes ("today I learned"), told by the title of its README."""
    path = next((file.path for file in tree.files if file.path.lower() == "readme.md"), None)
    if path is None:
        return []
    try:
        opening = decode(tree.head(path)[:600])
    except Unavailable:
        return []
    title = next((line.lstrip("# ") for line in opening.split("\n") if line.startswith("#")), "")
    names = {entry.strip() for entry in vocabulary(load_table("blogs")["notes"]["titles"])}
    if fold(title).strip() not in names:
        return []
    posts = tuple(
        file
        for file in tree.derive(paths.own_files)
        if file.path.count("/") in (1, 2) and _looks_like_post(file) and paths.suffix(file.path) in (".md", ".markdown")
    )
    return [Site(NOTES, "", path, posts, "")] if len(posts) >= NOTES_WANTED else []


def find_published_feed(tree: SourceTree) -> str | None:
    """The feed beside the pages of a site that lies here as it is published, or None."""
    table: dict[str, str] = load_table("blogs")["published"]
    for folder in table["folders"].replace("/ ", " ", 1).split(" "):
        for name in table["feeds"].split():
            if f"{folder}{name}" in tree and f"{folder}{table['pages']}" in tree:
                return f"{folder}{name}"
    return None


@lru_cache(maxsize=1)
def _folders() -> frozenset[str]:
    """The names of folders that hold posts in any generator."""
    return frozenset(
        folder.rpartition("/")[2] for site in load_table("blogs")["site"] for folder in site["posts"].split()
    )


def _looks_like_post(file: File) -> bool:
    if paths.suffix(file.path) not in ENDINGS or paths.is_test(file.path):
        return False
    stem = paths.name(file.path).lower().partition(".")[0]
    return stem not in aside()["files"] and aside()["folders"].isdisjoint(paths.folders(file.path))


def _marks(tree: SourceTree) -> dict[str, dict[str, str]]:
    """By folder (with a slash, or empty): the names in it, files and folders, each with a path that shows it."""
    found: dict[str, dict[str, str]] = {}
    for file in tree.files:
        steps = file.path.split("/")
        for depth in range(min(len(steps), DEPTH + 1)):
            root = "/".join((*steps[:depth], ""))
            found.setdefault(root, {}).setdefault(steps[depth], file.path)
    return found


def _is_post(path: str, root: str, generator: _Generator) -> bool:
    if not path.startswith(root):
        return False
    inside = generator.posts.match(path, len(root))
    if inside is None:
        return False
    rest = inside[1].lower()
    first = rest.partition("/")[0]
    # The page that lists the posts lies among them; "my-post/index.md" is one.
    return first not in generator.pages and not rest.startswith("index.")


def _theme(entries: dict[str, str]) -> str:
    """The name of the theme that this folder publishes, or an empty string."""
    gem = next((name for name in entries if name.endswith(".gemspec")), "")
    return gem.removesuffix(".gemspec") or ("theme" if "theme.toml" in entries or "theme.yaml" in entries else "")
