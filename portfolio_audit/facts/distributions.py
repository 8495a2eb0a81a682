"""Which packages Python code imports from elsewhere, and which distributions on a registry provide them.

Told by a table and by names alone; no registry is asked.
"""

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Literal

from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.manifest_formats import normalise
from portfolio_audit.facts.own_modules import all_names, own_packages
from portfolio_audit.facts.python_code import PythonModule
from portfolio_audit.facts.words import load_table
from portfolio_audit.tree import SourceTree

Depth = Literal["outside", "untried", "anywhere"]
"""Which imports count: those at the beginning of a line, since others are often optional; all but those of a `try` or
a condition; or all."""


def first_imports(modules: Iterable[PythonModule], tree: SourceTree, depth: Depth = "outside") -> dict[str, Location]:
    """The first import of each package that is neither Python's own, nor its platform's, nor the repository's."""
    found: dict[str, Location] = {}
    parts: dict[str, set[str]] = {}
    for module in modules:
        for name, part, line in _needed(module, depth):
            parts.setdefault(name, set()).add(part)
            if name not in found:
                found[name] = module.place(line)
    own = own_packages(parts, tree)
    return {name: where for name, where in found.items() if name not in own}


def _needed(module: PythonModule, depth: Depth) -> Iterator[tuple[str, str, int]]:
    """Top-level name, what is imported from it ("" for all of it) and line."""
    tried: frozenset[int] | None = None
    for each in module.imports:
        name = each.package
        if not name or name in standard() or each.module in standard():
            continue
        start = module.lines.start(each.line)
        if depth != "anywhere" and module.source[start : start + 1] in (b" ", b"\t"):
            if tried is None and depth == "untried":
                tried = _tried(module.source.split(b"\n"))
            if tried is None or each.line in tried:
                continue
        yield name, each.module[len(name) + 1 :].partition(".")[0] or each.name or "", each.line


def _tried(lines: list[bytes]) -> frozenset[int]:
    """The lines that lie directly in a `try` or a condition: the nearest line above that is less deep begins one."""
    found: list[int] = []
    above: list[tuple[int, bool]] = []
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text:
            deep = len(line) - len(line.lstrip())
            while above and above[-1][0] >= deep:
                above.pop()
            if above and above[-1][1]:
                found.append(number)
            above.append((deep, text.startswith((b"try", b"except", b"if "))))
    return frozenset(found)


@cache
def standard() -> frozenset[str]:
    """Modules that come with Python, or with the place where the code runs."""
    table = load_table("distributions")
    return frozenset(table["standard"].split()) | frozenset(table["around"].split())


def tools() -> frozenset[str]:
    """Tools for working on code: a newer one changes nothing about what runs, so nobody has to hold it back."""
    return frozenset(load_table("distributions")["tools"]["names"].split())


def foreign(names: list[str], tree: SourceTree) -> list[str]:
    """Those that are no file of the repository under a longer name: lessons are often numbered (03_bees.py)."""
    stems = tree.derive(all_names)
    return [each for each in names if not any(_is_numbered(stem, each) for stem in stems)]


def _is_numbered(stem: str, name: str) -> bool:
    """Whether a file's stem is a name with a number in front; words in front make it a file about a package."""
    before = stem[: -len(name)]
    return stem.endswith(name) and before[-1:] in ("_", "-", " ") and any(letter.isdigit() for letter in before)


def with_brought(names: set[str]) -> frozenset[str]:
    """The distributions and what they bring along, two steps deep."""
    brings: dict[str, str] = load_table("distributions")["brings"]
    known = set(names)
    for _ in range(2):
        known |= {each for name in known for each in brings.get(name, "").split()}
    return frozenset(known)


def installed_as(module: str) -> str:
    """What to put into a list for a module: its distribution by the table, else its own name."""
    return next(iter(load_table("distributions")["provided"].get(module, "").split()), module)


def is_provided(module: str, known: frozenset[str]) -> bool:
    """Whether one of the distributions provides the module, by table or by its name."""
    plain = normalise(module)
    wanted = {plain, *load_table("distributions")["provided"].get(module, "").split()}
    if wanted & known:
        return True
    alike = tuple(f"{name}-" for name in wanted)
    if plain.replace("-", "") in _undashed(known):
        return True
    return any(name.startswith(alike) or name in (f"python-{plain}", f"py{plain}", f"py-{plain}") for name in known)


@lru_cache(maxsize=8)
def _undashed(known: frozenset[str]) -> frozenset[str]:
    return frozenset(name.replace("-", "") for name in known)
