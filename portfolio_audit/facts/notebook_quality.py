"""How the notebooks of a repository are kept: which rules they break, and what of their code could move out of them.

Only notebooks of the owner's own exploration are judged. Those in documentation, examples and tests serve readers of
other code, and the notebooks of a library show its use.
"""

import hashlib
from collections import Counter
from typing import ClassVar, Self, get_args

from portfolio_audit.facts import paths
from portfolio_audit.facts.fact import Location, TreeFact
from portfolio_audit.facts.library import library
from portfolio_audit.facts.notebook_measures import Measure, measures
from portfolio_audit.facts.notebook_outputs import shown_secrets
from portfolio_audit.facts.notebook_rules import Group, Rule, broken_rules, load_rules
from portfolio_audit.facts.notebooks import Notebook, notebooks
from portfolio_audit.facts.python_code import PythonModule, python_code
from portfolio_audit.facts.standing import Coursework
from portfolio_audit.facts.words import counted
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import SourceTree

EXAMPLES = 3
"""Places kept of each rule."""

DEEPEST = 12
"""Folders above a notebook that are looked into for modules."""

SAME_LINES = 10
"""Code lines from which two notebooks with the same cells are a copy and no coincidence."""


class Broken(Value, frozen=True):
    """A rule with the number of notebooks that break it, and the first places."""

    rule: str
    notebooks: int
    places: tuple[Location, ...] = ()


class Tally(Value, frozen=True):
    """Of a group of rules: how many notebooks could be asked, how many break one that counts whole, or only half.

    `densest` is the one of them with most code.
    """

    asked: int = 0
    whole: int = 0
    half: int = 0
    densest: Location | None = None

    @property
    def score(self) -> float:
        """The mean over the notebooks: 1 without a break, one half for a small one, else 0."""
        return 1 - (self.whole + self.half / 2) / self.asked if self.asked else 0.0


class NotebookQuality(TreeFact, frozen=True):
    """The notebooks that were judged, their tallies by group, and each broken rule, the most often broken first.

    `judged` of them were read; `set_aside` lie in documentation, examples or tests, `unread` could not be read. `aside`
    says in words why none is asked about: a package, or notes of a course. `lines` are code lines, `python_lines` those
    in Python and `function_lines` those of them in functions and classes. `imported` are own modules that the notebooks
    import, `repeated` functions that several of them define, most of them `repeated_in`; `densest` is the one with most
    code and `functions` are some of its functions. `blank` notebooks more are empty, or have text alone.
    """

    version: ClassVar[str] = "6"
    absent: ClassVar[str] = "there is no notebook with code outside documentation, examples and tests"
    judged: int = 0
    set_aside: int = 0
    unread: int = 0
    aside: str | None = None
    tallies: dict[str, Tally] = {}
    broken: tuple[Broken, ...] = ()
    lines: int = 0
    python_lines: int = 0
    function_lines: int = 0
    imported: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    repeated_in: str = ""
    densest: Location | None = None
    functions: tuple[str, ...] = ()
    blank: int = 0

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        """None for a tree without a notebook to judge."""
        found = tree.derive(notebooks)
        every = [(each.path, each) for each in found.notebooks if any(cell.code for cell in each.cells)]
        own = [each for path, each in every if is_exploration(path)]
        unread = sorted(path for path in found.unread if is_exploration(path))
        if not own and not unread:
            return None
        modules = {module.path: module for module in tree.derive(python_code).notebooks}
        measured = _measured(own, modules, tree)
        densest = max(measured, key=lambda each: each[1]["code_lines"].value, default=None)
        python = [modules[each.path] for each, _ in measured if each.path in modules]
        repeated = _repeated(python)
        holding = max(python, key=lambda each: _holds(each, repeated), default=None)
        return cls(
            incomplete=f"{len(unread)} of {len(own) + len(unread)} notebooks, such as {unread[0]}" if unread else None,
            judged=len(own),
            set_aside=len(every) - len(own),
            unread=len(unread),
            aside=_aside(tree),
            tallies={group: _tally(group, measured) for group in get_args(Group)},
            broken=_broken(measured),
            lines=_sum("code_lines", measured),
            python_lines=_sum("code_lines", [each for each in measured if "function_lines" in each[1]]),
            function_lines=_sum("function_lines", measured),
            imported=_imported(tree, python),
            repeated=repeated,
            repeated_in=holding.path if holding and repeated else "",
            densest=None if densest is None else _place_of_code(*densest),
            functions=_functions(modules.get(densest[0].path)) if densest else (),
            blank=_all_notebooks(tree) - len(own) - len(unread),
        )


Measured = tuple[Notebook, dict[str, Measure]]


def is_exploration(path: str) -> bool:
    """Whether a notebook is somebody's own work rather than there to explain or test other code."""
    return not (paths.is_documentation(path) or paths.is_example(path) or paths.is_test(path))


def _all_notebooks(tree: SourceTree) -> int:
    """Own notebooks by name alone, empty files with them."""
    own = (file.path for file in tree.derive(paths.own_files) if paths.suffix(file.path) == ".ipynb")
    return sum(1 for path in own if is_exploration(path))


def _aside(tree: SourceTree) -> str | None:
    if tree.derive(library) is not None:
        return "a package to install: its notebooks show its use"
    course = Coursework.distil(tree)
    return "notes of a course: its notebooks are exercises" if course is not None and course.notes else None


def _sum(name: str, measured: list[Measured]) -> int:
    return round(sum(found[name].value for _, found in measured if name in found))


def _measured(own: list[Notebook], modules: dict[str, PythonModule], tree: SourceTree) -> list[Measured]:
    measured: list[Measured] = []
    known: dict[bytes, str] = {}
    for notebook in own:
        found = measures(notebook, modules.get(notebook.path))
        if found["code_lines"].value >= SAME_LINES:
            # Text counts too: a translation, or a version with the text left for the reader, is no copy.
            cells = "\0".join(cell.source for cell in notebook.cells)
            digest = hashlib.sha256(cells.encode("utf-8", "replace")).digest()
            first = known.setdefault(digest, notebook.path)
            found["same_cells"] = Measure(first != notebook.path, note=f"the same cells as {first}")
        shown = shown_secrets(tree.read(notebook.path))
        note = f"cell {shown[0][0]} prints what looks like {shown[0][1]}" if shown else ""
        found["secrets"] = Measure(len(shown), tuple(number for number, _ in shown), note)
        measured.append((notebook, found))
    return measured


def _tally(group: Group, measured: list[Measured]) -> Tally:
    """Notes ask nobody; a notebook that no other rule is asked of counts neither way."""
    scored = [rule for rule in load_rules() if rule.group == group and rule.counts != "note"]
    asked = [each for each in measured if any(rule.asked_of(each[1]) for rule in scored)]
    costs = [{rule.counts for rule in broken_rules(found, (group,))} for _, found in asked]
    densest = max(asked, key=lambda each: each[1]["code_lines"].value, default=None)
    whole = sum("whole" in cost for cost in costs)
    return Tally(
        len(asked),
        whole,
        sum("half" in cost for cost in costs if "whole" not in cost),
        densest and _place_of_code(*densest),
    )


def _broken(measured: list[Measured]) -> tuple[Broken, ...]:
    places: dict[str, list[Location]] = {}
    for notebook, found in measured:
        for rule in broken_rules(found):
            places.setdefault(rule.id, []).append(_place(notebook, found[rule.measure], rule))
    broken = [Broken(id, len(where), tuple(where[:EXAMPLES])) for id, where in places.items()]
    return tuple(sorted(broken, key=lambda each: (-each.notebooks, each.rule)))


def _place(notebook: Notebook, measure: Measure, rule: Rule) -> Location:
    if measure.note:
        return Location(notebook.path, note=measure.note)
    cells = ", ".join(str(number) for number in measure.cells[:4]) + (" …" if len(measure.cells) > 4 else "")
    where = f" (cell {cells})" if len(measure.cells) == 1 else f" (cells {cells})" if cells else ""
    return Location(notebook.path, note=f"{rule.says}{where}")


def _imported(tree: SourceTree, python: list[PythonModule]) -> tuple[str, ...]:
    """Own modules that notebooks import, by their first names.

    A module is found from the notebook's folder and those above it, in each also from `src`; where the notebook adds
    to its search path, from any folder. A file `models/catboost.py` alone does not make the package of that name own.
    """
    own = {
        file.path.removesuffix(".py").removesuffix("/__init__")
        for file in tree.derive(paths.own_files)
        if paths.suffix(file.path) == ".py"
    }
    searching = {module.path for module in python if b"sys.path" in module.source}
    folders = own if searching else ()
    anywhere = {"/".join(path.split("/")[start:]) for path in folders for start in range(path.count("/") + 1)}
    names: set[str] = set()
    for module in python:
        bases = _bases(module.path)
        searched = module.path in searching
        for each in module.imports:
            name = each.module.replace(".", "/")
            for wanted in (name, f"{name}/{each.name}") if each.package else ():
                if (searched and wanted in anywhere) or any(base + wanted in own for base in bases):
                    names.add(each.package)
    return tuple(sorted(names))[:5]


def _bases(path: str) -> tuple[str, ...]:
    """The folders from which a notebook may import: its own, those above it, and `src` in each."""
    above = path.split("/")[:-1][:DEEPEST]
    folders = ["".join(f"{folder}/" for folder in above[:end]) for end in range(len(above) + 1)]
    return tuple(base + inside for base in folders for inside in ("", "src/"))


def _repeated(python: list[PythonModule]) -> tuple[str, ...]:
    """Functions that several notebooks define under one name, the most often defined first."""
    names = Counter(name for module in python for name in _plain(module))
    often = [(-count, name) for name, count in names.items() if count > 1 and name != "main"]
    return tuple(name for _, name in sorted(often)[:3])


def _plain(module: PythonModule) -> dict[str, int]:
    """The functions at the top level, each with its number of lines."""
    return {each.name: each.end_line - each.line for each in module.functions if not (each.owner or each.nested)}


def _holds(module: PythonModule, names: tuple[str, ...]) -> tuple[int, int]:
    """How many functions of these names the notebook defines, and its size: where to begin."""
    return len(_plain(module).keys() & set(names)), len(module.source)


def _functions(module: PythonModule | None) -> tuple[str, ...]:
    """The three longest functions of a notebook."""
    lengths = {} if module is None else _plain(module)
    return tuple(sorted(lengths, key=lambda name: (-lengths[name], name))[:3])


def _place_of_code(notebook: Notebook, found: dict[str, Measure]) -> Location:
    lines, functions = found["code_lines"], found.get("functions")
    said = counted(round(lines.value), "code line")
    return Location(notebook.path, note=f"{said}, {counted(round(functions.value), 'function')}" if functions else said)
