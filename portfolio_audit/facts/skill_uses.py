"""Which tools of the guide's layers one repository's code and configuration really use, and where.

Use is a call, a decorator, a base, a definition, an import in languages where an unused one is refused, a file that
configures the tool. A requirement alone, a comment or a README shows nothing. A library that integrates a tool uses it
like anyone else: what is asked here is what its maker has worked with, not what runs.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, NamedTuple, Self

from portfolio_audit.facts import paths
from portfolio_audit.facts.ai_libraries import library_kind
from portfolio_audit.facts.fact import Location, TreeFact
from portfolio_audit.facts.other_code import other_sources
from portfolio_audit.facts.python_code import PythonModule, python_code
from portfolio_audit.facts.skill_files import Found, file_signs, other_signs, sql_cells, sql_in_python
from portfolio_audit.facts.skill_habits import models_by_helper, sliced
from portfolio_audit.facts.skill_python import DEFINED, Sign, is_maker, python_signs, rank, recursion
from portfolio_audit.facts.skill_table import special, stamp
from portfolio_audit.facts.skill_types import type_signs
from portfolio_audit.facts.tracking import recorded_runs
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import SourceTree

SHOWN = 3
"""Places of a tool that are kept, of different files: some may turn out to be a tutorial's."""

_DATABRICKS = b"# Databricks notebook source"


RECURSION_FILES = 30
"""Files that are searched for recursion, own code first: whoever uses it does so in more than one of thirty."""


class SkillUse(Value, frozen=True):
    """A tool in a repository: in how many files, the best places, and what kind of place the first is (`rank`)."""

    tool: str
    files: int
    rank: int
    places: tuple[Location, ...]


class SkillUses(TreeFact, frozen=True):
    """All tools of the table that a tree uses, ordered by id. Always there; empty without code."""

    version: ClassVar[str] = f"9.{stamp()}"
    uses: tuple[SkillUse, ...] = ()

    @classmethod
    def distil(cls, tree: SourceTree) -> Self:
        code = tree.derive(python_code)
        total = len(code.all) + len(code.unread)
        incomplete = f"{len(code.unread)} of {total} Python files could not be read" if code.unread else None
        found: dict[str, list[_Candidate]] = {}
        for tool, candidate in _candidates(tree):
            found.setdefault(tool, []).append(candidate)
        files = {tool: len({each.path for each in candidates}) for tool, candidates in found.items()}
        best = {tool: _best(found[tool]) for tool in sorted(found)}
        lines = _lines(each for candidates in best.values() for each in candidates)
        return cls(
            incomplete,
            tuple(
                SkillUse(tool, files[tool], candidates[0].rank, tuple(each.place(lines) for each in candidates))
                for tool, candidates in best.items()
            ),
        )


_MARKS = (
    ("streams", "pyspark", b".readStream"),
    ("registry", "mlflow", b"registered_model_name="),
    ("registry", "mlflow", b"models:/"),
)


class _Candidate(NamedTuple):
    rank: int
    path: str
    where: Location | None
    sign: Sign | None = None
    module: PythonModule | None = None

    @property
    def makes(self) -> bool:
        """Whether the tool's own object is made there: `FastAPI()` shows FastAPI better than one of its answers.

        A function shows a module better than a file without one does.
        """
        if self.sign is None:
            return False
        return self.sign.note.startswith(DEFINED) or any(is_maker(self.sign.tool, name) for name in self.sign.names)

    def place(self, lines: Mapping[str, Mapping[str, int]]) -> Location:
        """Where it is; `lines` gives the first line of each name by path."""
        if self.sign is not None and self.module is not None:
            return self.sign.place(self.module, lines.get(self.path, {}))
        return self.where or Location(self.path)


def _candidates(tree: SourceTree) -> Iterator[tuple[str, _Candidate]]:
    own = _own_modules(tree)
    for module in tree.derive(python_code).all:
        place = rank(module.path, module.notebook)
        for tool, sign in python_signs(module, own).items():
            yield tool, _Candidate(place, module.path, None, sign, module)
        if (where := sql_in_python(module)) is not None:
            for tool in special("sql"):
                yield tool, _Candidate(place, module.path, where)
        for name, position in _marked(module):
            for tool in special(name):
                yield tool, _Candidate(place, module.path, module.place(module.lines.of(position)))
        if (where := sliced(module)) is not None:
            for tool in special("split"):
                yield tool, _Candidate(place, module.path, where)
    for module, where in models_by_helper(tree.derive(python_code).all):
        for tool in special("stored"):
            yield tool, _Candidate(rank(module.path, module.notebook), module.path, where)
    for module, where in _recursive(tree.derive(python_code).all):
        for tool in special("recursion"):
            yield tool, _Candidate(rank(module.path, module.notebook), module.path, where)
    for path in recorded_runs(tree):
        for tool in special("runs"):
            yield _plain(Found(tool, Location(path, note="a recorded run")))
    typed = (found for source in tree.derive(other_sources) for found in type_signs(source))
    for signs in (file_signs(tree), sql_cells(tree), other_signs(tree), typed):
        yield from map(_plain, signs)


def _marked(module: PythonModule) -> Iterator[tuple[str, int]]:
    """What a file shows by no import or call: a notebook of Databricks stored as a script (and whether it is about
    models), a stream that Spark reads, a model that MLflow registers or fetches by its registered name."""
    if module.source.startswith(_DATABRICKS):
        yield "databricks", 0
        if _learns(module):
            yield "databricks-ml", 0
    for name, package, mark in _MARKS:
        position = module.source.find(mark) if package in module.packages else -1
        if position >= 0 and b"#" not in module.source[module.source.rfind(b"\n", 0, position) + 1 : position]:
            yield name, position


def _learns(module: PythonModule) -> bool:
    kinds = (
        library_kind("python", f"{each.module}.{each.name}" if each.name else each.module) for each in module.imports
    )
    return any(kind in ("ml", "llm", "embedding") for kind in kinds) or any(
        each.module.startswith("pyspark.ml") for each in module.imports
    )


def _recursive(modules: tuple[PythonModule, ...]) -> Iterator[tuple[PythonModule, Location]]:
    """Files with a function that calls itself, own code first; no more than are shown, for it takes time to find."""
    found = 0
    ordered = sorted(modules, key=lambda each: (rank(each.path, each.notebook), each.path))
    for module in ordered[:RECURSION_FILES]:
        if found < SHOWN and (where := recursion(module)) is not None:
            found += 1
            yield module, where


def _plain(found: Found) -> tuple[str, _Candidate]:
    path = found.where.path
    # What a run left behind shows a tool less well than the code that calls it.
    behind = path.endswith(".ipynb") or "mlruns" in paths.folders(path)
    return found.tool, _Candidate(rank(path, behind), path, found.where)


def _own_modules(tree: SourceTree) -> dict[str, set[str]]:
    """The folders in which own modules and packages lie, by their names."""
    own: dict[str, set[str]] = {}
    for file in tree.derive(paths.own_files):
        folder, _, name = file.path.rpartition("/")
        if name == "__init__.py":
            above, _, package = folder.rpartition("/")
            own.setdefault(package, set()).add(above)
        elif name.endswith(".py"):
            own.setdefault(name[:-3], set()).add(folder)
    return own


def _best(candidates: list[_Candidate]) -> list[_Candidate]:
    """The best places, of different files: by kind, those where it is made first, then in order of paths."""
    ordered = sorted(candidates, key=lambda each: (each.rank, not each.makes, each.path))
    distinct = {each.path: each for each in reversed(ordered)}
    return [each for each in ordered if distinct[each.path] is each][:SHOWN]


def _lines(candidates: Iterable[_Candidate]) -> dict[str, dict[str, int]]:
    """The first lines of the names that are shown, by path: each file is asked once, however many tools it shows."""
    wanted: dict[str, tuple[PythonModule, set[str]]] = {}
    for each in candidates:
        if each.sign is not None and each.module is not None and each.sign.names:
            wanted.setdefault(each.path, (each.module, set()))[1].update(each.sign.names)
    found: dict[str, dict[str, int]] = {}
    for path, (module, names) in wanted.items():
        first = found.setdefault(path, {})
        for call in module.calls_of(names):
            first.setdefault(call.name, call.line)
    return found
