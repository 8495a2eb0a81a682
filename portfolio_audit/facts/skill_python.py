"""Tools used in one Python file: by the names it calls, decorates with or inherits from, never by an import alone.

A name counts only where the file imports its package, and not where that package is the repository's own module of the
same name. Lines are looked up late, for the one or two places that are shown.
"""

from collections.abc import Iterator
from typing import NamedTuple

from portfolio_audit.facts import paths
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.python_code import Class, PythonModule
from portfolio_audit.facts.skill_table import Pattern, fits, methods, named, own_names, special

MOST_RECURSIVE = 40
"""Own functions of a file that are looked at for calling themselves."""

ABSTRACT = frozenset("object Exception BaseException ValueError RuntimeError TypeError ABC Enum".split())


class Sign(NamedTuple):
    """A tool in a file: the names that call it (their first line is looked up when asked for), or a line and a note."""

    tool: str
    names: tuple[str, ...] = ()
    line: int = 0
    note: str = ""

    def place(self, module: PythonModule) -> Location:
        """Where it is used first."""
        first = next(iter(module.calls_of(self.names)), None) if self.names else None
        if first is not None and (not self.line or first.line < self.line):
            return module.place(first.line, note=f"{first.name}()")
        return module.place(self.line or None, note=self.note)


def python_signs(module: PythonModule, own: frozenset[tuple[str, str]]) -> dict[str, Sign]:
    """The tools of a file. `own` holds (folder, name) of the repository's own modules and packages."""
    folder = module.path.rpartition("/")[0]
    foreign = frozenset(name for name in module.packages if not {(folder, name), ("", name), ("src", name)} & own)
    found: dict[str, Sign] = {}
    for sign in (*_called(module, foreign), *_declared(module, foreign), *_own(module)):
        known = found.get(sign.tool)
        if known is None:
            found[sign.tool] = sign
        elif sign.names:
            found[sign.tool] = known._replace(names=known.names + sign.names)
    return found


def _called(module: PythonModule, foreign: frozenset[str]) -> Iterator[Sign]:
    if not foreign:
        return
    by_method = methods()
    for name in module.called:
        resolved = module.resolve(name)
        if resolved.partition(".")[0] in foreign:
            for pattern in named("python", resolved):
                if not pattern.arguments:
                    yield Sign(pattern.tool, (name,))
                elif line := _with_argument(module, name, pattern):
                    yield Sign(pattern.tool, (), line, f"{name}()")
        for ending, pattern in by_method.get(name.rpartition(".")[2], ()) if "." in name else ():
            whole = "." not in ending or name.endswith("." + ending)
            bound = resolved != name and not pattern.matches(resolved)
            if whole and not bound and _imports(foreign, pattern.package):
                yield Sign(pattern.tool, (name,))


def _with_argument(module: PythonModule, name: str, pattern: Pattern) -> int:
    for call in module.calls_of((name,)):
        if call.text is not None and any(fits(call.text, argument) for argument in pattern.arguments):
            return call.line
    return 0


def _imports(packages: frozenset[str], package: str) -> bool:
    if package.endswith("*"):
        return any(each.startswith(package[:-1]) for each in packages)
    return package.partition(".")[0] in packages


def _declared(module: PythonModule, foreign: frozenset[str]) -> Iterator[Sign]:
    """Decorators and bases."""
    for function in module.functions:
        for name in function.decorators:
            for pattern in _of(module, name, "python", foreign):
                yield Sign(pattern.tool, (), function.line, f"@{name}")
    for each in module.classes:
        for name in each.decorators:
            for pattern in _of(module, name, "python", foreign):
                yield Sign(pattern.tool, (), each.line, f"@{name}")
        for base in each.bases:
            for field in ("python", "bases"):
                for pattern in _of(module, base.partition("[")[0], field, foreign):
                    yield Sign(pattern.tool, (), each.line, f"class {each.name}({base[:60]})")


def _of(module: PythonModule, name: str, field: str, foreign: frozenset[str]) -> tuple[Pattern, ...]:
    resolved = module.resolve(name)
    if resolved.partition(".")[0] not in foreign:
        return ()
    return tuple(pattern for pattern in named(field, resolved) if not pattern.arguments)


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
    if module.functions:
        first = next((each for each in module.functions if not each.nested and not each.owner), module.functions[0])
        for tool in special("modules") if not module.notebook else ():
            yield Sign(tool, (), first.line, f"def {first.name}")
    if module.notebook and module.called:
        for tool in special("notebooks"):
            yield Sign(tool)
    known = {each.name for each in module.classes}
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
    if (line := _recursion(module)) is not None:
        for tool in special("recursion"):
            yield Sign(tool, (), line[0], f"{line[1]} calls itself")


def _inherits(module: PythonModule, each: Class, base: str, known: set[str]) -> bool:
    """Whether a base is a class of the file or imported from somewhere; plain errors and the like are no design."""
    bare = base.partition("[")[0]
    if bare in ABSTRACT or bare.rpartition(".")[2] in ABSTRACT or bare == each.name:
        return False
    return bare in known or module.resolve(bare) != bare


def _recursion(module: PythonModule) -> tuple[int, str] | None:
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
                return call.line, function.name
    return None


def rank(path: str, notebook: bool) -> int:
    """How well a place shows somebody's own work: 0 code, 1 a notebook, 2 an example or documentation, 3 a test."""
    if paths.is_test(path):
        return 3
    if paths.is_example(path) or paths.is_documentation(path):
        return 2
    return 1 if notebook else 0
