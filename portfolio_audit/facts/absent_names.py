"""Names that code imports from modules of its own that do not have them: whatever imports such a file ends in an error.

A linter reads one file at a time and cannot see it. Told only where all of it is sure: the import stands at the left
edge, so nothing catches it; every module of that path in the repository was read, none of them so much as mentions
the name, and none fills itself while it runs.
"""

import re
from collections.abc import Iterable, Iterator

from portfolio_audit.facts import paths
from portfolio_audit.facts.distributions import standard
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.manifest_formats import normalise
from portfolio_audit.facts.manifests import read_manifests
from portfolio_audit.facts.own_modules import well_known
from portfolio_audit.facts.python_code import Import, PythonModule, python_code
from portfolio_audit.tree import SourceTree

_FILLED = tuple(
    b"import *|globals()|locals()|vars()|exec(|eval(|__getattr__|sys.modules|setattr(|__path__|{{".split(b"|")
)
_WRITTEN = re.compile(r"^_|_pb2|_cuda$|_cpp$|_ext$|^version$|config|settings|secret|generated")
"""What a build writes, and what somebody keeps to themselves on purpose."""
_COMPILED = frozenset(".pyx .pxd .so .pyd .c .cpp .cc .cu .rs".split())
LOOKED_UP = 2_000
"""Pairs of a module and a name that are looked up; far more than the code of one person has."""


def absent_names(tree: SourceTree, modules: Iterable[PythonModule]) -> tuple[Location, ...]:
    """The imports of these modules that cannot work, one place for each line, with what is lacking as its note."""
    if any(file.kind in ("submodule", "symlink") for file in tree.files):
        return ()
    known = _Known(tree)
    return tuple(place for module in modules if "{{" not in module.path for place in _of_module(module, known))


def _of_module(module: PythonModule, known: "_Known") -> Iterator[Location]:
    lines: dict[int, list[Import]] = {}
    for each in module.imports:
        start = module.lines.start(each.line)
        if each.name and module.source[start : start + 1] not in (b" ", b"\t") and known.lacks(module.path, each):
            lines.setdefault(each.line, []).append(each)
    for line, found in lines.items():
        names = ", ".join(f"`{each.name}`" for each in found[:3])
        yield module.place(line, note=f"`{found[0].module}` has no {names}")


class _Known:
    """The modules of a tree by the end of their paths, and what was asked of them."""

    def __init__(self, tree: SourceTree) -> None:
        self._modules = {module.path: module for module in tree.derive(python_code).modules}
        self._compiled = any(paths.suffix(file.path) in _COMPILED for file in tree.files)
        self._by_name: dict[str, list[str]] = {}
        self._stems: set[str] = set()
        for file in tree.files:
            folder, _, base = file.path.rpartition("/")
            self._stems.add(f"{folder}/{base.partition('.')[0]}".lstrip("/"))
            while folder and folder not in self._stems:
                self._stems.add(folder)
                folder = folder.rpartition("/")[0]
        for stem in self._stems:
            self._by_name.setdefault(stem.rpartition("/")[2], []).append(stem)
        listed = (package.name for manifest in tree.derive(read_manifests).files for package in manifest.packages)
        self._listed = frozenset(map(normalise, listed))
        self._asked: dict[tuple[str, str, bool], bool] = {}

    def lacks(self, path: str, each: Import) -> bool:
        """Whether every own module that the import may mean was read and does not have the name."""
        where, name = _inside(path, each.module), each.name or ""
        if not where or not name.isidentifier() or _WRITTEN.search(name):
            return False
        relative = each.module.startswith(".")
        place = where if relative else self._found(path, where)
        if not place or place not in self._stems:
            return False
        key = (where, name, relative)
        if key not in self._asked:
            self._asked[key] = len(self._asked) < LOOKED_UP and self._lacks(where, name, relative=relative)
        return self._asked[key]

    def _found(self, path: str, where: str) -> str:
        """Where Python finds the module: in a folder above the file that is no package itself, or in `src`."""
        if normalise(where.partition("/")[0]) in self._listed:
            return ""
        above = path.split("/")[:-1]
        folders = ["src", *("/".join(above[:depth]) for depth in range(len(above) + 1))]
        places = (f"{each}/{where}".lstrip("/") for each in folders if f"{each}/__init__" not in self._stems)
        return next((place for place in places if place in self._stems), "")

    def _lacks(self, where: str, name: str, *, relative: bool) -> bool:
        """Whether no module of that path has the name: another may be found when a program changes where it looks."""
        ends = self._by_name.get(where.rpartition("/")[2], ())
        meant = [where] if relative else [stem for stem in ends if f"/{stem}".endswith(f"/{where}")]
        word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)".encode())
        return all(self._has_not(stem, name, word) for stem in meant)

    def _has_not(self, stem: str, name: str, word: re.Pattern[bytes]) -> bool:
        init = self._modules.get(f"{stem}/__init__.py")
        module = init or self._modules.get(f"{stem}.py")
        if module is None or (init is not None and (self._compiled or f"{stem}/{name}" in self._stems)):
            return False
        return word.search(module.source) is None and not any(mark in module.source for mark in _FILLED)


def _inside(path: str, module: str) -> str:
    """The path that a module's name stands for, from the root for a relative one; "" for what is not the owner's."""
    bare = module.lstrip(".")
    dots = len(module) - len(bare)
    parts = bare.split(".") if bare else []
    if not dots:
        top = parts[0] if parts else ""
        return "" if top in standard() or top in well_known() else "/".join(parts)
    above = path.split("/")[:-1]
    return "/".join([*above[: len(above) - (dots - 1)], *parts]) if dots - 1 <= len(above) else ""
