"""Which imported names may be the repository's own files and folders, so that no manifest has to ask for them.

A folder is no module by its name alone: `locust/` with nothing but a locustfile in it is not what
`from locust import HttpUser` means. It is one if it has an `__init__.py`, or holds what is imported from it.
"""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from portfolio_audit.facts import paths
from portfolio_audit.facts.words import load_table
from portfolio_audit.tree import SourceTree

_INSTALLED = frozenset("site-packages dist-packages".split())
_MODULES = frozenset(".py .pyi .pyx .so .pyd .ipynb .c .cpp .cc .cu .rs".split())
_PROJECTS = frozenset("setup.py setup.cfg pyproject.toml Cargo.toml CMakeLists.txt meson.build".split())
"""What makes a folder a project, which may build a module of its name."""
DEEPEST = 30
"""Folders above a file beyond which its place is left out: paths may be as long as a file."""


class Places(NamedTuple):
    """The paths of all files up to the first dot of their names, and of all folders, in the order of the tree.

    `named` are these by their last part.
    """

    paths: dict[str, None]
    named: dict[str, list[str]]

    def ending(self, path: str) -> list[str]:
        """Those that are this path or lie deeper and end with it."""
        return [each for each in self.named.get(path.rpartition("/")[2], ()) if f"/{each}".endswith(f"/{path}")]


def places(tree: SourceTree) -> Places:
    """Where something lies that an import could mean. Use it as `tree.derive(places)`."""
    found: dict[str, None] = {}
    for file in (file for file in tree.files if file.path.count("/") <= DEEPEST):
        folder, slash, base = file.path.rpartition("/")
        found[f"{folder}{slash}{base.partition('.')[0]}"] = None
        while folder and folder not in found:
            found[folder] = None
            folder = folder.rpartition("/")[0]
    named: dict[str, list[str]] = {}
    for path in found:
        named.setdefault(path.rpartition("/")[2], []).append(path)
    return Places(found, named)


def all_names(tree: SourceTree) -> frozenset[str]:
    """Names of files and folders anywhere in the repository: an import of one may well be of the repository's own.

    A committed virtual environment holds the very packages that are asked about, so its names are none of these.
    Use it as `tree.derive(all_names)`.
    """
    split = tree.derive(_split)
    names = {base.partition(".")[0] for _, base in split}
    return frozenset(names.union(*(folder.split("/") for folder in {folder for folder, _ in split})))


def own_packages(asked: Mapping[str, set[str]], tree: SourceTree) -> frozenset[str]:
    """Those of the imported top-level names that are the repository's own, by what is imported from each.

    A folder without an `__init__.py` whose Python files are none of what is imported from it is not what is meant. One
    without Python files may be filled by a build, and one imported whole may be; they are taken to be meant, unless the
    name is a well-known package's.
    """
    candidates = tree.derive(all_names).intersection(asked)
    firm = tree.derive(_modules)
    loose = candidates - firm
    if not loose:
        return candidates
    inside, code = _inside(loose, tree)
    held = {name for name in loose if "*" in asked[name] or any(_bare(each) in inside[name] for each in asked[name])}
    spoken = {name for name in code if asked[name] != {""}} | well_known()
    return (candidates & firm) | held | (loose - spoken)


def _split(tree: SourceTree) -> tuple[tuple[str, str], ...]:
    """Folder and name of each file that is not an installed package's."""
    split = (file.path.rpartition("/") for file in tree.files if _INSTALLED.isdisjoint(paths.folders(file.path)))
    return tuple((folder, base) for folder, _, base in split)


def _modules(tree: SourceTree) -> frozenset[str]:
    """Names of modules, of packages with an `__init__`, of projects within the repository, links and submodules."""
    found = {file.path.rpartition("/")[2] for file in tree.files if file.kind in ("symlink", "submodule")}
    for folder, base in tree.derive(_split):
        if base.startswith("__init__.") or base in _PROJECTS:
            found.add(folder.rpartition("/")[2])
        elif paths.suffix(base) in _MODULES:
            found.add(base.partition(".")[0])
    return frozenset(found)


def _inside(names: frozenset[str], tree: SourceTree) -> tuple[dict[str, set[str]], set[str]]:
    """What lies in the folders of these names, files without their endings; and which of them hold Python files."""
    inside: dict[str, set[str]] = {name: set() for name in names}
    code = set()
    for folder, base in tree.derive(_split):
        parts = folder.split("/")
        if names.isdisjoint(parts):
            continue
        for name, below in zip(parts, (*parts[1:], base.partition(".")[0]), strict=True):
            if name in inside:
                inside[name].add(below)
        if parts[-1] in names and base.endswith(".py"):
            code.add(parts[-1])
    return inside, code


def _bare(name: str) -> str:
    """The name without what the compiler of protocol buffers adds to a file's."""
    return name.removesuffix("_grpc").removesuffix("_pb2")


@cache
def well_known() -> frozenset[str]:
    """Modules and distributions that the tables know."""
    table = load_table("distributions")
    return frozenset(table["provided"]) | frozenset(table["brings"])
