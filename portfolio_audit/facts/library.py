"""Whether a repository is a library for others to install, told by its own installation line.

Many learners' projects carry a setup.py. A library says how a stranger gets it from a registry, under the name its own
manifest states; only that pair is taken, since libraries may use teaching data for tests and examples all they like.
"""

import re
from collections.abc import Iterator

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.fact import Location
from portfolio_audit.tree import SourceTree

_NAME = re.compile(r"""^[ \t]*["']?name["']?[ \t]*[=:][ \t]*["']([\w.@/-]{2,80})["']""", re.MULTILINE)
_SETUP_NAME = re.compile(
    r"""\b(?:name|(?:DIST|PACKAGE_|PKG_|PROJECT_|MODULE_)?NAME)[ \t]*=[ \t]*["']([\w.-]{2,80})["']"""
)
_CFG_NAME = re.compile(r"^name[ \t]*=[ \t]*([\w.-]{2,80})\s*$", re.MULTILINE)
_R_NAME = re.compile(r"^Package:[ \t]*([\w.]{2,80})", re.MULTILINE)
_GO_NAME = re.compile(r"^module[ \t]+(\S{3,200})", re.MULTILINE)
_INSTALL = re.compile(
    r"(?:pip3?|conda|mamba|uv|poetry|pdm|npm|yarn|pnpm|bun|cargo|luarocks|brew)\s+(?:pip\s+)?(?:install|add|i)\s+([^\n`&|;<]{2,200})"
    r"|go\s+(?:get|install)\s+([^\n`]{3,200})"
    r"|install\.packages\(\s*[\"']([\w.]{2,80})|install_github\(\s*[\"']([\w./-]{2,120})|pak\(\s*[\"']([\w./-]{2,120})"
    r"|Pkg\.add\(\s*\"([\w.]{2,80})|\]\s*add\s+([\w.]{2,80})|use_package\(\s*[\"']([\w.]{2,80})"
)
_DEPENDS = re.compile(r"^[ \t]*[\"']?([\w-]{2,80})[\"']?[ \t]*=[ \t]*(?:\{|[\"'][\d^~>*])", re.MULTILINE)
_REGISTRY = re.compile(
    r"(?:pypi\.org/project/|badge\.fury\.io/(?:py|js|rs)/|img\.shields\.io/(?:pypi|npm|crates|cran|conda)/\w{1,20}/(?:conda-forge/)?"
    r"|crates\.io/crates/|docs\.rs/|npmjs\.(?:com|org)/package/|[Cc][Rr][Aa][Nn]\.[\w.-]{3,30}/(?:web/packages/|package=)"
    r"|anaconda\.org/conda-forge/|pkg\.go\.dev/|pepy\.tech/project/)([\w./-]{2,120}?)(?:\.svg|\.png)?(?=[/)\]\s\"'?#]|$)"
)
_FILES = re.compile(r'"files"\s{0,20}:\s{0,20}\[')
_ENTRY = re.compile(r'"(?:main|module|exports|bin)"\s{0,20}:')
_PRIVATE = re.compile(r'"private"\s{0,20}:\s{0,20}true')
TOO_COMMON = frozenset("src app api web main project backend frontend server client package my-project".split())
MANIFESTS = {
    "pyproject.toml": _NAME,
    "setup.py": _SETUP_NAME,
    "setup.cfg": _CFG_NAME,
    "package.json": _NAME,
    "cargo.toml": _NAME,
    "description": _R_NAME,
    "project.toml": _NAME,
    "go.mod": _GO_NAME,
}


def library(tree: SourceTree) -> Location | None:
    """The place of the installation line that names this repository's own package, or None.

    Without such a line a package.json says it too, where it lists the files to publish and is not private.

    Use it as `tree.derive(library)`.
    """
    names = {key for path in tree.files for name in _names(tree, path.path) if (key := _key(name))} - TOO_COMMON
    if not names:
        return None
    for file in tree.files:
        folder, _, name = file.path.rpartition("/")
        if not name.lower().startswith(("readme", "index.", "install", "quickstart")) or folder.count("/") > 2:
            continue
        if folder and not paths.is_documentation(file.path) and folder not in ("R", ".github"):
            continue
        text = _text(tree, file.path)
        for line in _INSTALL.finditer(text):
            said = next(group for group in line.groups() if group)
            if names.intersection(_installed(said)):
                return Location(file.path, text.count("\n", 0, line.start()) + 1, note=line[0][:80])
        for link in _REGISTRY.finditer(text):
            if _key(link[1]) in names:
                return Location(file.path, text.count("\n", 0, link.start()) + 1, note=link[0][:80])
        if _cargo_dependency(text, names):
            return Location(file.path, note="shows the dependency line")
    return _published(tree)


def _published(tree: SourceTree) -> Location | None:
    """The list of files to publish in the package.json at the root; only a package that goes to a registry has one."""
    text = _text(tree, "package.json")
    entry, private = _ENTRY.search(text), _PRIVATE.search(text)
    if entry is None or private is not None or (listed := _FILES.search(text)) is None:
        return None
    return Location("package.json", text.count("\n", 0, listed.start()) + 1, note="files to publish")


def _installed(arguments: str) -> Iterator[str]:
    """The packages of an installation line, up to the first word that can be none (prose follows in many READMEs)."""
    for word in re.split(r"[\s\"',]+", arguments):
        if re.fullmatch(r"\.+|-e|--editable|-r|[^\w@-].*|.*\)", word):
            return
        if word:
            yield _key(word[0] + re.split(r"[\[=@>]", word[1:], maxsplit=1)[0])


def _names(tree: SourceTree, path: str) -> Iterator[str]:
    pattern = MANIFESTS.get(paths.name(path).lower())
    if pattern is None or path.count("/") > 2 or not paths.is_own(path):
        return
    for found in pattern.finditer(_text(tree, path)):
        yield found[1]


def _cargo_dependency(text: str, names: set[str]) -> bool:
    return "[dependencies]" in text and any(_key(found[1]) in names for found in _DEPENDS.finditer(text))


def _key(name: str) -> str:
    """Registry names compare without case and separators; a Go module by its last part but a version."""
    parts = [part for part in name.removesuffix(".git").split("/") if not re.fullmatch(r"v\d+|\.{3}|\.*", part)]
    return re.sub(r"[-_.]+", "-", parts[-1].casefold()) if parts else ""


def _text(tree: SourceTree, path: str) -> str:
    try:
        return tree.text(path)
    except Unavailable:
        return ""
