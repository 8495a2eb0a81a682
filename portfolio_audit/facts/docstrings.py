"""How much of what others call says in words what it is for.

Counted are public functions, methods and classes of Python files outside tests, examples and documentation that are
longer than five lines: below that the code says as much as a sentence would.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import ClassVar, Self

from portfolio_audit.facts.fact import Location, TreeFact
from portfolio_audit.facts.lint_findings import left_out, own_modules
from portfolio_audit.facts.python_code import python_code
from portfolio_audit.facts.python_module import Class, Function, PythonModule
from portfolio_audit.facts.words import counted
from portfolio_audit.tree import SourceTree

EXAMPLES = 5
SHORT = 5
TOLERATED = 0.05
_PLAIN_BASES = frozenset("object ABC Protocol Generic BaseModel Enum NamedTuple TypedDict Exception ValueError".split())
_SEEN_ELSEWHERE = ("overload", "override", "setter", "deleter", "group")
"""Decorators of definitions whose docstring stands at another one, or is a command's help text given elsewhere."""

Definition = tuple[PythonModule, Function | Class]


class Docstrings(TreeFact, frozen=True):
    """Of `definitions` public functions and classes of more than five lines, `documented` carry a docstring.

    `inherited` methods that long belong to classes with a base of their own and are not among them. `modules` are the
    files with code and `documented_modules` those that begin with a docstring. `missing` are the longest definitions
    without, `written` the first with. `sampled` files more were left out because there are very many.
    """

    absent: ClassVar[str] = "there are no public Python functions or classes of more than five lines"
    version: ClassVar[str] = "6"
    definitions: int = 0
    documented: int = 0
    modules: int = 0
    documented_modules: int = 0
    missing: tuple[Location, ...] = ()
    written: tuple[Location, ...] = ()
    inherited: int = 0
    sampled: int = 0

    @property
    def share(self) -> float:
        """Documented of all, between 0 and 1."""
        return self.documented / self.definitions if self.definitions else 0.0

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        """The share, or None if nothing is to be documented and everything was read."""
        code = tree.derive(python_code)
        modules = own_modules(code)
        unread = sum(1 for path in code.unread if not path.lower().endswith(".ipynb"))
        total = len(modules) + unread
        incomplete = f"{unread} of {counted(total, 'Python file')}" if unread > TOLERATED * total else None
        written, missing = _split(modules)
        if not written and not missing:
            return cls(incomplete) if incomplete else None
        missing.sort(key=lambda pair: pair[1].line - pair[1].end_line)
        filled = [module for module in modules if module.functions or module.classes]
        return cls(
            incomplete,
            len(written) + len(missing),
            len(written),
            len(filled),
            sum(1 for module in filled if module.docstring),
            tuple(_place(module, each) for module, each in missing[:EXAMPLES]),
            tuple(_place(module, each) for module, each in written[:EXAMPLES]),
            sum(1 for module in modules for _ in _methods(module, plain=False)),
            left_out(code),
        )


def public(module: PythonModule) -> Iterator[Function | Class]:
    """The definitions of a module that others use and that are long enough for a docstring.

    Left out: names with an underscore in front, `main`, definitions inside functions, setters and overloads, and
    methods of a class that inherits from more than a plain base, since a method that overrides another has its
    documentation there.
    """
    for each in module.classes:
        if _open(each.name) and _long(each) and not _lies_inside(each, module):
            yield each
    for function in module.functions:
        if not function.owner and _asked(function):
            yield function
    yield from _methods(module, plain=True)


def _split(modules: Iterable[PythonModule]) -> tuple[list[Definition], list[Definition]]:
    """The definitions with a docstring, and those without; what a class asks for may be said in its `__init__`."""
    written: list[Definition] = []
    missing: list[Definition] = []
    for module in modules:
        said = {each.owner for each in module.functions if each.name == "__init__" and each.docstring}
        for each in public(module):
            documented = each.docstring or (isinstance(each, Class) and each.name in said)
            (written if documented else missing).append((module, each))
    return written, missing


def _methods(module: PythonModule, *, plain: bool) -> Iterator[Function]:
    """The methods that others use of classes that inherit from a plain base at most, or of the others."""
    classes = {each.name: each for each in module.classes}
    for function in module.functions:
        owner = classes.get(function.owner)
        if owner is not None and _open(owner.name) and _plain(owner) == plain and _asked(function):
            yield function


def _asked(function: Function) -> bool:
    if function.nested or not _open(function.name) or not _long(function) or function.name == "main":
        return False
    return not any(name.rpartition(".")[2] in _SEEN_ELSEWHERE for name in function.decorators)


def _lies_inside(each: Class, module: PythonModule) -> bool:
    """Whether the class is defined inside a function, where nobody else can call it."""
    outer = sorted((function.line, function.end_line) for function in module.functions if not function.nested)
    before = bisect_left(outer, (each.line, 0)) - 1
    return before >= 0 and each.end_line <= outer[before][1]


def _open(name: str) -> bool:
    return not name.startswith("_")


def _long(each: Function | Class) -> bool:
    return each.end_line - each.line >= SHORT


def _plain(owner: Class) -> bool:
    return all(base.partition("[")[0].rpartition(".")[2] in _PLAIN_BASES for base in owner.bases)


def _place(module: PythonModule, each: Function | Class) -> Location:
    return module.place(each.line, each.end_line, each.name)
