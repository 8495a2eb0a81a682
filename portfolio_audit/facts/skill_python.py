"""Tools used in one Python file: by the names it calls, decorates with or inherits from, never by an import alone.

A name counts only where the file imports its package, and not where that package is the repository's own module of the
same name. Lines are looked up late, for the one or two places that are shown.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from portfolio_audit.facts import paths
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.python_code import Class, PythonModule
from portfolio_audit.facts.skill_table import (
    Pattern,
    exceptions,
    excluded,
    fits,
    is_wanted,
    methods,
    named,
    own_names,
    special,
)

MOST_RECURSIVE = 40
"""Own functions of a file that are looked at for calling themselves."""

MOST_ABOVE, LONGEST = 40, 200
"""Lines above a definition in which its decorators are looked for, and bytes of each."""

MOST_BASES = 10
"""Classes of a file, one resting on the other, that are followed to an error."""

_TAKEN = (
    rb"(?m)^[ \t]*+(?:[\w.]++[ \t]*+(?::[^=\n\"'#]{0,80})?=|(?:return|if|elif|while|for|def)\b)"
    rb"[^\n\"'#]{0,200}?(?<![\w.])(%s\.\w++)"
)
"""Something taken from a package, in a line that text hardly looks like and before any quote or hash."""

DEFINED = "def "
"""How the note of a function begins."""

ABSTRACT = frozenset(
    "object Exception BaseException ValueError RuntimeError TypeError ABC Enum Protocol Generic".split()
    + "NamedTuple TypedDict".split()
)
"""Bases that are a declaration rather than a design."""


class Sign(NamedTuple):
    """A tool in a file: the names that call it (their first line is looked up when asked for), or a line and a note."""

    tool: str
    names: tuple[str, ...] = ()
    line: int = 0
    note: str = ""

    def place(self, module: PythonModule, lines: Mapping[str, int]) -> Location:
        """Where it is made, else used first; `lines` gives the first line of each name that the file calls."""
        called = [(not is_maker(self.tool, name), lines[name], name) for name in self.names if name in lines]
        other, line, name = min(called, default=(True, 0, ""))
        above = _decorator(module, self.line, self.note) if self.note.startswith("@") else self.line
        if line and (not other or not above or line < above):
            return module.place(line, note=f"{name}()")
        return module.place(above or None, note=self.note)


def is_maker(tool: str, name: str) -> bool:
    """Whether a called name is the tool's own: `fastapi.FastAPI` for "fastapi"."""
    return name.rpartition(".")[2].casefold() == tool


def _decorator(module: PythonModule, line: int, note: str) -> int:
    """The line of a decorator of what is defined in this line, which is named if it is not among those above."""
    for above in range(line, max(0, line - MOST_ABOVE), -1):
        start = module.lines.start(above)
        if module.source[start : start + LONGEST].lstrip().startswith(note.encode()):
            return above
    return line


def python_signs(module: PythonModule, own: Mapping[str, set[str]]) -> dict[str, Sign]:
    """The tools of a file. `own` gives the folders of the repository's own modules and packages by their names."""
    names = _Names(module, own)
    found: dict[str, Sign] = {}
    barred = excluded()
    for sign in (*_called(module, names), *_declared(module, names), *_own(module)):
        if sign.tool in barred and not module.packages.isdisjoint(barred[sign.tool]):
            continue
        known = found.get(sign.tool)
        if known is None:
            found[sign.tool] = sign
        elif sign.names:
            found[sign.tool] = known._replace(names=known.names + sign.names)
    for sign in _taken(module, names, found):
        found.setdefault(sign.tool, sign)
    return found


def _taken(module: PythonModule, names: "_Names", found: Mapping[str, Sign]) -> Iterator[Sign]:
    """Packages of which a file calls nothing and takes something (`np.nan`), where any name of them shows the tool."""
    whole = [(bound, origin) for bound, origin in names.known.items() if "." not in origin]
    for bound, pattern in ((bound, pattern) for bound, origin in whole for pattern in named("python", origin)):
        if pattern.tool in found or f"{bound}.".encode() not in module.source:
            continue
        if taken := re.search(_TAKEN % re.escape(bound.encode()), module.source):
            name = taken[1].decode("utf-8", "replace")
            yield Sign(pattern.tool, (), module.lines.of(taken.start(1)), name)


class _Names:
    """What the names of a file stand for: those of packages that the table knows, and all that are imported."""

    def __init__(self, module: PythonModule, own: Mapping[str, set[str]]) -> None:
        self.known: dict[str, str] = {}
        self.imported: set[str] = set()
        self.packages: set[str] = set()
        for each in module.imports:
            top = each.package
            bound = each.alias or each.name or top
            self.imported.add(bound)
            if not top or bound == "*" or not is_wanted(top) or (top in own and _near(module.path, own[top])):
                continue
            self.packages.add(top)
            self.known[bound] = f"{each.module}.{each.name}" if each.name else each.module if each.alias else top

    def resolve(self, name: str) -> str | None:
        """The name from its package on, or None if the table knows nothing of it."""
        first, dot, rest = name.partition(".")
        origin = self.known.get(first)
        return None if origin is None else origin + dot + rest


def _near(path: str, folders: set[str]) -> bool:
    """Whether one of these folders is above a file (or is `src`): a module there is what the file imports."""
    above = path.split("/")[:-1]
    return not folders.isdisjoint(["src", *("/".join(above[:depth]) for depth in range(len(above) + 1))])


def _called(module: PythonModule, names: _Names) -> Iterator[Sign]:
    if not names.packages:
        return
    by_method = methods(frozenset(names.packages))
    for name in module.called:
        first, dot, rest = name.partition(".")
        origin = names.known.get(first)
        resolved = None if origin is None else origin + dot + rest
        for pattern in (*named("python", resolved), *named("calls", resolved)) if resolved else ():
            if not pattern.arguments:
                yield Sign(pattern.tool, (name,))
            elif line := _with_argument(module, name, pattern):
                yield Sign(pattern.tool, (), line, f"{name}()")
        for ending, pattern in by_method.get(rest.rpartition(".")[2], ()) if dot and by_method else ():
            whole = "." not in ending or name.endswith("." + ending)
            other = first in names.imported and not (resolved and pattern.matches(resolved))
            if whole and not other:
                yield Sign(pattern.tool, (name,))


def _with_argument(module: PythonModule, name: str, pattern: Pattern) -> int:
    for call in module.calls_of((name,)):
        if call.text is not None and any(fits(call.text, argument) for argument in pattern.arguments):
            return call.line
    return 0


def _declared(module: PythonModule, names: _Names) -> Iterator[Sign]:
    """Decorators and bases."""
    for function in module.functions if names.packages else ():
        for name in function.decorators:
            for pattern in _of(names, name, "python"):
                yield Sign(pattern.tool, (), function.line, f"@{name}")
    for each in module.classes if names.packages else ():
        for name in each.decorators:
            for pattern in _of(names, name, "python"):
                yield Sign(pattern.tool, (), each.line, f"@{name}")
        for base in each.bases:
            bare, note = base.partition("[")[0], f"class {each.name}({base[:60]})"
            for pattern in _of(names, bare, "python"):
                yield Sign(pattern.tool, (), each.line, note)
            for pattern in _of(names, bare, "bases"):
                if not any(fits(each.name, word) for word in exceptions(pattern.tool)):
                    yield Sign(pattern.tool, (), each.line, note)


def _of(names: _Names, name: str, field: str) -> tuple[Pattern, ...]:
    resolved = names.resolve(name)
    return tuple(pattern for pattern in named(field, resolved) if not pattern.arguments) if resolved else ()


def _own(module: PythonModule) -> Iterator[Sign]:
    """What the file defines itself."""
    defined, _ = own_names("defines")
    for function in module.functions:
        for tool in defined.get(function.name, ()):
            yield Sign(tool, (), function.line, f"def {function.name}")
    exact, starred = own_names("classes")
    methods_of = {function.owner for function in module.functions if function.owner}
    for each in module.classes:
        if each.name in methods_of:
            for tool in (*exact.get(each.name, ()), *(tool for pattern, tool in starred if fits(each.name, pattern))):
                yield Sign(tool, (), each.line, f"class {each.name}")
    yield from _structure(module, methods_of)


def _structure(module: PythonModule, methods_of: set[str]) -> Iterator[Sign]:
    if not module.notebook and module.source and not module.source.isspace():
        outer = (each for each in module.functions if not each.nested and not each.owner)
        first = next(outer, next(iter(module.functions), None))
        for tool in special("modules"):
            yield Sign(tool, (), first.line, f"{DEFINED}{first.name}") if first is not None else Sign(tool)
    if module.notebook and module.called:
        for tool in special("notebooks"):
            yield Sign(tool)
    known = {each.name: each.bases for each in module.classes}
    made = next((each for each in module.classes if each.name in methods_of), None)
    if made is not None:
        for tool in special("classes"):
            yield Sign(tool, (), made.line, f"class {made.name}")
    for each in module.classes:
        base = next((base for base in each.bases if _inherits(module, each, base, known)), None)
        if base is not None and each.name in methods_of:
            for tool in special("inheritance"):
                yield Sign(tool, (), each.line, f"class {each.name}({base[:60]})")
            break


def _inherits(module: PythonModule, each: Class, base: str, known: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a base is a class of the file or imported from somewhere; plain errors and the like are no design."""
    bare = base.partition("[")[0]
    if bare in ABSTRACT or bare.rpartition(".")[2] in ABSTRACT or bare == each.name or _is_error(bare, known):
        return False
    return bare in known or module.resolve(bare) != bare


def _is_error(name: str, known: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a class is an error: by its name, or by what it rests on in the same file."""
    for _ in range(MOST_BASES):
        if name.endswith(("Error", "Exception", "Warning")):
            return True
        name = next(iter(known.get(name, ())), "")
    return False


def recursion(module: PythonModule) -> Location | None:
    """The first place where a function of the file calls itself."""
    called = frozenset(module.called)
    own = [
        each
        for each in module.functions
        if (f"self.{each.name}" if each.owner else each.name) in called and not each.name.startswith("__")
    ][:MOST_RECURSIVE]
    if not own:
        return None
    spelled = {f"self.{each.name}" if each.owner else each.name: each for each in own}
    for call in module.calls_of(spelled.keys()):
        function = spelled[call.name]
        if function.line < call.line <= function.end_line:
            inner = [
                each for each in module.functions if each is not function and each.line <= call.line <= each.end_line
            ]
            if not any(function.line < each.line for each in inner):
                return module.place(call.line, note=f"{function.name} calls itself")
    return None


def rank(path: str, notebook: bool) -> int:
    """How well a place shows somebody's own work: 0 code, 1 a notebook, 2 an example or documentation, 3 a test."""
    if paths.is_test(path):
        return 3
    if paths.is_example(path) or paths.is_documentation(path):
        return 2
    return 1 if notebook else 0
