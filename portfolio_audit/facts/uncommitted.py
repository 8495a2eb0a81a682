"""Modules of the repository itself that its code imports and that a `.gitignore` keeps out of it.

A line meant for weights (`models/`) leaves out a package of that name too, and nobody but its author can start what
imports it. Told only where all of it is sure: the folder around it is there with Python in it, nothing of the name is
anywhere at that place, and a plain line of a `.gitignore` names the path or a folder above it.
"""

import re
from collections.abc import Iterator

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.own_modules import DEEPEST, places
from portfolio_audit.facts.python_code import Import, PythonModule, python_code
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import KIB, SourceTree

IGNORES, LINES, NAMES, ABSENT, SHOWN = 10, 500, 2_000, 100, 3
"""`.gitignore` files and lines of each that are read, names and absent ones that are looked up, and modules told."""

ROOTS = ("", "src/")
_WRITTEN = re.compile(
    r"^_|_pb2|^(?:build|dist|out|target|gen|generated|auto_?gen\w*|protos?|protobufs?|grpc|stubs|migrations|version)$|"
    r"secret|credential|config|settings|keys?$|local|private"
)
"""What a build writes, and what somebody keeps to themselves on purpose."""
_BOUND_LATER = ("__getattr__", "__path__", "sys.modules")


class Uncommitted(Value, frozen=True):
    """A module that is imported and left out: its name, its path, the first import, and the line that leaves it out."""

    name: str
    path: str
    place: Location
    rule: Location
    pattern: str


def uncommitted(tree: SourceTree) -> tuple[Uncommitted, ...]:
    """The modules that are left out, those that code other than tests imports first. Up to three."""
    ignores = [file.path for file in tree.files if paths.name(file.path) == ".gitignore" and file.size <= 64 * KIB]
    if not ignores or any(file.kind == "submodule" for file in tree.files):
        return ()
    modules = tree.derive(python_code).modules
    known = _Known(tree, modules)
    found: dict[str, Uncommitted] = {}
    rules: dict[str, tuple[Location, str] | None] = {}
    for module in sorted(modules, key=lambda each: (each.test, each.example)):
        for each in module.imports:
            for name, path in known.lacking(each):
                if name in found or module.source[module.lines.start(each.line) :][:1] in (b" ", b"\t"):
                    continue
                if path not in rules and len(rules) < ABSENT:
                    rules[path] = next(_rules(tree, ignores, path), None)
                if rule := rules.get(path):
                    found[name] = Uncommitted(name, path, module.place(each.line), *rule)
        if len(found) >= SHOWN:
            break
    return tuple(found.values())[:SHOWN]


class _Known:
    """Which folders hold Python files, what lies where, and what the `__init__` of a package binds."""

    def __init__(self, tree: SourceTree, modules: tuple[PythonModule, ...]) -> None:
        self._inits = {each.path: each for each in modules if each.path.endswith("__init__.py")}
        self._packages: set[str] = set()
        for module in (module for module in modules if module.path.count("/") <= DEEPEST):
            folder = module.path.rpartition("/")[0]
            while folder and folder not in self._packages:
                self._packages.add(folder)
                folder = folder.rpartition("/")[0]
        self._places = tree.derive(places)
        self._asked: dict[str, tuple[tuple[str, str], ...]] = {}

    def lacking(self, each: Import) -> tuple[tuple[str, str], ...]:
        """Name and path of the module that an import asks for and that is nowhere, if the package around it is there.

        A name that is imported from a package may be anything that its `__init__` binds, so only what stands before
        it counts.
        """
        if each.module not in self._asked and len(self._asked) < NAMES:
            self._asked[each.module] = tuple(self._lacking(each.module))
        return self._asked.get(each.module, ())

    def _lacking(self, module: str) -> Iterator[tuple[str, str]]:
        parts = module.split(".")
        if len(parts) < 2 or not parts[0] or any(_WRITTEN.search(part) for part in parts):
            return
        for root in ROOTS:
            if root + parts[0] not in self._packages:
                continue
            deep = next(
                (n for n in range(1, len(parts)) if root + "/".join(parts[: n + 1]) not in self._places.paths), 0
            )
            around, name = root + "/".join(parts[:deep]), ".".join(parts[: deep + 1])
            path = root + "/".join(parts[: deep + 1])
            # Something of that path that lies deeper may be imported by another route.
            if deep and around in self._packages and not self._places.ending("/".join(parts[: deep + 1])):
                if not self._binds(around, parts[deep]):
                    yield name, path
                return

    def _binds(self, package: str, name: str) -> bool:
        init = self._inits.get(f"{package}/__init__.py")
        if init is None:
            return False
        text = init.source.decode("utf-8", "replace")
        made = {each.alias or each.name or each.package for each in init.imports if not each.module.startswith(".")}
        return (
            name in made or any(each in text for each in _BOUND_LATER) or re.search(rf"(?m)^{name}\b", text) is not None
        )


def _rules(tree: SourceTree, ignores: list[str], path: str) -> Iterator[tuple[Location, str]]:
    """The line of a `.gitignore` that leaves a path out, unless another may take it in again."""
    for ignore in ignores[:IGNORES]:
        folder = ignore.removesuffix(".gitignore")
        if not path.startswith(folder):
            continue
        try:
            lines = tree.text(ignore).splitlines()[:LINES]
        except Unavailable:
            continue
        rest = path.removeprefix(folder)
        last = rest.rpartition("/")[2]
        if any(line.startswith("!") and (last in line or "*" in line) for line in lines):
            return
        for number, line in enumerate(lines, 1):
            if _leaves_out(line.strip(), rest):
                yield Location(ignore, number), line.strip()


def _leaves_out(pattern: str, path: str) -> bool:
    """Whether a pattern without wildcards but at its ends is for this folder or one above it."""
    anywhere = pattern.startswith("**/")
    bare = pattern.removeprefix("**/").removesuffix("/**").removesuffix("/*")
    anchored = not anywhere and "/" in pattern.removesuffix("/")
    bare = bare.strip("/")
    if not bare or re.search(r"[*?\[\\!#]", bare):
        return False
    return f"{path}/".startswith(f"{bare}/") if anchored else f"/{bare}/" in f"/{path}/"
