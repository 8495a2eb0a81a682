"""What is kept of one piece of Python source: flat tuples of functions, imports, calls and strings.

These values live in a worker as long as its tree does; they never travel.
"""

from bisect import bisect_right
from functools import cached_property

import msgspec

from portfolio_audit.facts import paths
from portfolio_audit.facts.fact import Location


class Parameter(msgspec.Struct, frozen=True, gc=False):
    """One parameter; `name` carries the stars of `*args` and `**kwargs`. `self` and `cls` are listed like any other."""

    name: str
    annotated: bool


class Function(msgspec.Struct, frozen=True, gc=False):
    """A `def`. `owner` is the class it is a method of (else ""), `nested` that it lies inside another function.

    `line` is the line of `def`, below any decorators; `decorators` are dotted names without arguments.
    """

    name: str
    line: int
    end_line: int
    owner: str
    nested: bool
    parameters: tuple[Parameter, ...]
    returns: bool
    decorators: tuple[str, ...]
    docstring: bool


class Class(msgspec.Struct, frozen=True, gc=False):
    """A `class` with the source text of its bases ("nn.Module")."""

    name: str
    line: int
    end_line: int
    bases: tuple[str, ...]
    decorators: tuple[str, ...]
    docstring: bool


class Import(msgspec.Struct, frozen=True, gc=False):
    """One imported thing: `import module as alias`, or `from module import name as alias` (name "*" for all).

    Relative modules keep their dots. `alias` is null where the source gives none.
    """

    module: str
    name: str | None
    alias: str | None
    line: int

    @property
    def package(self) -> str:
        """The top-level package, or "" for a relative import."""
        return self.module.partition(".")[0]


class Call(msgspec.Struct, frozen=True, gc=False):
    """A call by dotted name as written ("pd.read_csv"); ".name" where the receiver is no plain name.

    `text` is the string literal given as the first argument, by position or by keyword, without quotes; else null.
    """

    name: str
    line: int
    text: str | None


class Text(msgspec.Struct, frozen=True, gc=False):
    """A string literal without prefix and quotes, escapes left as written, cut at 2,000 characters."""

    text: str
    line: int


class Assertion(msgspec.Struct, frozen=True, gc=False):
    """An `assert` statement (name "assert") or a call of something named assert…; `constant` if it can only hold."""

    name: str
    line: int
    constant: bool


class PythonModule(msgspec.Struct, frozen=True, dict=True):
    """One .py file, or the code cells of one notebook joined.

    `strings` leaves docstrings out; `attributes` are the names after a dot, anywhere. `test`, `example` and
    `documentation` say what the path looks like. Lines count from 1 in `source`; `place` turns one into a Location.
    """

    path: str
    source: bytes
    functions: tuple[Function, ...]
    classes: tuple[Class, ...]
    imports: tuple[Import, ...]
    calls: tuple[Call, ...]
    strings: tuple[Text, ...]
    attributes: frozenset[str]
    assertions: tuple[Assertion, ...]
    cells: tuple[tuple[int, int], ...] = ()

    @property
    def notebook(self) -> bool:
        """Whether the source is a notebook's code cells."""
        return bool(self.cells)

    @property
    def test(self) -> bool:
        """Whether the path looks like a test."""
        return paths.is_test(self.path)

    @property
    def example(self) -> bool:
        """Whether the path looks like an example."""
        return paths.is_example(self.path)

    @property
    def documentation(self) -> bool:
        """Whether the path lies in documentation."""
        return paths.is_documentation(self.path)

    @cached_property
    def packages(self) -> frozenset[str]:
        """Top-level packages imported, relative imports left out."""
        return frozenset(each.package for each in self.imports if each.package)

    @cached_property
    def _bound(self) -> dict[str, str]:
        bound: dict[str, str] = {}
        for each in self.imports:
            if each.name is None:
                bound[each.alias or each.package] = each.module if each.alias else each.package
            elif each.name != "*":
                bound[each.alias or each.name] = f"{each.module.rstrip('.')}.{each.name}"
        return bound

    def resolve(self, name: str) -> str:
        """The dotted name with its first part replaced by what it was imported from ("pd.x" gives "pandas.x")."""
        first, dot, rest = name.partition(".")
        return self._bound.get(first, first) + dot + rest

    def place(self, line: int | None = None, end_line: int | None = None, note: str = "") -> Location:
        """Where a reader finds that line: in a notebook its cell, since lines of the stored JSON mean nothing there."""
        if not self.cells or line is None:
            return Location(self.path, line, end_line, note)
        start, number = self.cells[max(0, bisect_right(self.cells, (line, 1 << 30)) - 1)]
        where = f"cell {number}, line {line - start + 1}"
        return Location(self.path, note=f"{where}: {note}" if note else where)
