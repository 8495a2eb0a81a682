"""Packages that are asked for outside a manifest: installed by a command that the README, a notebook or a
script shows."""

import re
from collections.abc import Iterator

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.manifest_formats import normalise
from portfolio_audit.facts.notebooks import notebooks
from portfolio_audit.facts.paths import name, own_files, suffix
from portfolio_audit.facts.python_code import python_code
from portfolio_audit.facts.readme_file import read_readme
from portfolio_audit.tree import KIB, SourceTree

_INSTALL = re.compile(
    r"(?:\b(?:pip3?|conda|mamba|uv pip|uv|poetry|pipenv)|\$\(PIP\)) (?:install|add)\b([^\n;&|]{0,400})"
)
_LISTED = re.compile(r"[\"']pip3?[\"'],\s{0,8}[\"']install[\"'],([^\])]{0,400})")
"""The same as a list of words that a program starts another with."""
_ENDED = re.compile(r"(?<=[\"']),")
_INSTALL_R = re.compile(r"\b(?:install\.packages|p_load|renv::install|pak::pak|install_github)\s?\(")
_PACKAGE = re.compile(r"[\"']?([A-Za-z][\w.-]{1,60})(?:\[[\w,-]{1,60}\])?(?:[=<>~!].{0,40})?[\"']?$")
_HEADER = re.compile(rb"^# /// script\r?$", re.MULTILINE)
_QUOTED = re.compile(r"[\"']([A-Za-z][\w.-]{1,60})")
_VALUED = frozenset(
    "-c --channel -i --index-url --extra-index-url -f --find-links -n --name -p --prefix -t --target".split()
)
MENTIONED = "mentioned"
_SCRIPTS = frozenset((".sh", ".bash", ".dockerfile"))


def declared_inside(tree: SourceTree) -> tuple[Location | None, frozenset[str]]:
    """The first place where packages are installed outside a manifest, and the normalised names of all of them.

    The text of a notebook may mention a package; that is no place where what the code needs is installed.
    """
    first: Location | None = None
    packages: set[str] = set()
    for place, found in _installs(tree):
        packages |= found
        first = first or (place if place.note != MENTIONED else None)
    return first, frozenset(packages)


def _installs(tree: SourceTree) -> Iterator[tuple[Location, set[str]]]:
    for notebook in tree.derive(notebooks).notebooks:
        for cell in notebook.cells:
            if "install" in cell.source and (found := _named(cell.source)):
                yield Location(notebook.path, note=f"cell {cell.number}" if cell.code else MENTIONED), found
            elif notebook.language == "R" and _installing_r(cell.source):
                yield Location(notebook.path, note=f"cell {cell.number}"), set()
    readme = tree.derive(read_readme)
    if readme is not None and (found := _named(readme.text)):
        yield Location(readme.path, readme.text.count("\n", 0, _first(readme.text)) + 1), found
    for module in tree.derive(python_code).modules:
        beginning = module.source[:4_000]
        if b"# /// script" in beginning and _HEADER.search(beginning):
            header = beginning.decode("utf-8", "replace").partition("# dependencies")[2].partition("]")[0]
            yield Location(module.path, 1), {normalise(each) for each in _QUOTED.findall(header)}
    for file in tree.derive(own_files):
        base, ending = name(file.path).lower(), suffix(file.path)
        script = ending in _SCRIPTS or "dockerfile" in base or base in ("makefile", "justfile")
        if (script or ending in (".r", ".rmd", ".qmd")) and 0 < file.size <= 64 * KIB:
            try:
                text = tree.text(file.path)
            except Unavailable:
                continue
            if not script:
                if found_r := _installing_r(text):
                    yield Location(file.path, text.count("\n", 0, found_r.start()) + 1), set()
            elif "install" in text and (found := _named(text)):
                yield Location(file.path, text.count("\n", 0, _first(text)) + 1), found


def _installing_r(text: str) -> re.Match[str] | None:
    """The first installation in R; to look for a word costs less than for the call."""
    return _INSTALL_R.search(text) if any(word in text for word in ("install", "p_load", "pak::pak")) else None


def _first(text: str) -> int:
    """Where the first installation begins."""
    found = _INSTALL.search(text) or _LISTED.search(text)
    return found.start() if found else 0


def _named(text: str) -> set[str]:
    """The packages that the installation commands of a text name; files of requirements are none."""
    packages: set[str] = set()
    if "install" not in text and " add" not in text:
        return packages
    commands = [*_INSTALL.finditer(text.replace("\\\n", " ")), *_LISTED.finditer(text)]
    for command in commands:
        words = [word.strip("()\"'`,") for word in _ENDED.sub(" ", command[1]).split()]
        for before, word in zip(["", *words], words, strict=False):
            if word.startswith(("-", ".", "/", "$")) or before in (*_VALUED, "-r", "--requirement", "-e", "--editable"):
                continue
            if (match := _PACKAGE.fullmatch(word)) and not word.endswith((".txt", ".toml", ".whl")):
                packages.add(normalise(match[1]))
    return packages
