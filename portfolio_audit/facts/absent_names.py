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
from portfolio_audit.facts.own_modules import DEEPEST, places, well_known
from portfolio_audit.facts.python_code import Import, PythonModule, python_code
from portfolio_audit.tree import MIB, SourceTree

_FILLED = tuple(
    b"import *|globals()|locals()|vars()|exec(|eval(|__getattr__|sys.modules|setattr(|__path__|{{".split(b"|")
)
_REPLACED, _SETS_UP = b"sys.modules", "conftest.py"
"""What puts a module of one's own in another's place, and the file that does so for all tests."""
_WRITTEN = re.compile(r"^_|_pb2|_cuda$|_cpp$|_ext$|^version$|config|settings|secret|generated")
"""What a build writes, and what somebody keeps to themselves on purpose."""
_COMPILED = frozenset(".pyx .pxd .so .pyd .c .cpp .cc .cu .rs".split())
STANDS_FOR = re.compile(
    r"(?i)(?:your|my)_?(?:module|package|project|app|script|code|file|lib)\b|(?:module|package)_?name$"
)
"""What an example has in place of a module's name that is to be filled in."""
SEARCHED = 100 * MIB
"""Bytes of modules in which names are looked for, counted as if each were the last word."""
MOST_ALIKE = 50
"""Modules of one name beyond which none is sure to be meant."""
LOOKED_UP = 2_000
"""Pairs of a module and a name that are looked up; far more than the code of one person has."""


def absent_names(tree: SourceTree, modules: Iterable[PythonModule]) -> tuple[Location, ...]:
    """The imports of these modules that cannot work, one place for each line, with what is lacking as its note."""
    if any(file.kind in ("submodule", "symlink") for file in tree.files):
        return ()
    started = [module for module in modules if "{{" not in module.path and _REPLACED not in module.source]
    if any(_REPLACED in module.source for module in tree.derive(python_code).modules if module.path.endswith(_SETS_UP)):
        started = [module for module in started if not module.test]
    known = _Known(tree)
    return tuple(place for module in started for place in _of_module(module, known))


def _of_module(module: PythonModule, known: "_Known") -> Iterator[Location]:
    lines: dict[int, list[Import]] = {}
    for each in module.imports:
        if each.name and known.lacks(module.path, each.module, each.name):
            start = module.lines.start(each.line)
            if module.source[start : start + 1] not in (b" ", b"\t"):
                lines.setdefault(each.line, []).append(each)
    for line, found in lines.items():
        names = ", ".join(f"`{each.name}`" for each in found[:3])
        yield module.place(line, note=f"`{found[0].module}` has no {names}")


class _Known:
    """The modules of a tree by the end of their paths, and what was asked of them."""

    def __init__(self, tree: SourceTree) -> None:
        self._modules = {module.path: module for module in tree.derive(python_code).modules}
        self._compiled = any(paths.suffix(file.path) in _COMPILED for file in tree.files)
        self._places = tree.derive(places)
        listed = (package.name for manifest in tree.derive(read_manifests).files for package in manifest.packages)
        self._foreign = frozenset(map(normalise, listed)) | well_known() | standard()
        self._meant: dict[tuple[str, str], tuple[str, ...]] = {}
        self._asked: dict[tuple[tuple[str, ...], str], bool] = {}
        self._left = SEARCHED

    def lacks(self, path: str, module: str, name: str) -> bool:
        """Whether every own module that an import of this file may mean was read and does not have the name."""
        top = module.partition(".")[0]
        if top and top not in self._places.named:
            return STANDS_FOR.match(top) is not None and normalise(top) not in self._foreign
        folder = path.rpartition("/")[0]
        if (folder, module) not in self._meant:
            self._meant[folder, module] = tuple(self._meaning(folder, module))
        meant = self._meant[folder, module]
        if not meant:
            return False
        if (meant, name) not in self._asked:
            few = len(self._asked) < LOOKED_UP and name.isidentifier() and not _WRITTEN.search(name)
            self._asked[meant, name] = few and all(self._has_not(stem, name) for stem in meant)
        return self._asked[meant, name]

    def _meaning(self, folder: str, module: str) -> Iterable[str]:
        """The own modules of that path: another may be found when a program changes where it looks."""
        bare = module.lstrip(".")
        where = bare.replace(".", "/")
        above = folder.split("/") if folder else []
        alike = self._places.named.get(where.rpartition("/")[2], [])
        if len(above) > DEEPEST or len(alike) > MOST_ALIKE:
            return []
        dots = len(module) - len(bare)
        if dots:
            kept = len(above) - (dots - 1)
            place = "/".join([*above[:kept], *filter(None, [where])]) if kept >= 0 else ""
            return [place] if place in self._places.paths else []
        top = bare.partition(".")[0]
        if top in self._foreign or normalise(top) in self._foreign:
            return []
        folders = ["src", *("/".join(above[:depth]) for depth in range(len(above) + 1))]
        # Programs are started at the root even where somebody made it a package.
        open_ = (each for each in folders if not each or f"{each}/__init__" not in self._places.paths)
        found = any(f"{each}/{where}".lstrip("/") in self._places.paths for each in open_)
        return self._places.ending(where) if found else []

    def _has_not(self, stem: str, name: str) -> bool:
        init = self._modules.get(f"{stem}/__init__.py")
        module = init or self._modules.get(f"{stem}.py")
        if module is None or (init is not None and (self._compiled or f"{stem}/{name}" in self._places.paths)):
            return False
        self._left -= len(module.source)
        if self._left < 0 or _says(module.source, name.encode()):
            return False
        return not any(mark in module.source for mark in _FILLED)


def _says(source: bytes, name: bytes) -> bool:
    """Whether a text has the name as a word."""
    at = source.find(name)
    while at >= 0 and any(_is_word(source[place : place + 1]) for place in (at - 1, at + len(name)) if place >= 0):
        at = source.find(name, at + 1)
    return at >= 0


def _is_word(letter: bytes) -> bool:
    return letter.isalnum() or letter == b"_" or letter > b"\x7f"
