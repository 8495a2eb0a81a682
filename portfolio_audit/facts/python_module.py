"""What is kept of one piece of Python source: its definitions and imports, and where its calls and strings stand.

Calls and strings are most of a file and few are ever asked for, so they are kept as offsets into the source and made
when asked for: by the names that a fact looks for, seldom all of them. These values live in a worker as long as its
tree does; they never travel.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from operator import attrgetter

import msgspec

from portfolio_audit.facts import paths
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.fingerprints import dotted
from portfolio_audit.facts.python_names import Parameter

TEXT_CUT = 2000
ARGUMENTS_CUT = 400
_FIRST_ARGUMENT = re.compile(rb"\s*\(\s*(?:\w+\s*=\s*)?")
LITERAL = rb"(?:[\d\s.,+*/<>=!\[\](){}-]|True|False|None|not|and|or|is|in|\"[^\"\n\\]{0,80}\"|'[^'\n\\]{0,80}')"
_CONSTANT_ARGUMENTS = re.compile(rb"\s*\(" + LITERAL + rb"+\)\s*(?:#|;|\n|$)")
_UNITTEST = re.compile(r"self\.assert[A-Z]")
_line = attrgetter("line")


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


class Lines:
    """Line numbers by byte offset; cheaper than asking the parser for a point each time."""

    def __init__(self, source: bytes) -> None:
        if b"\r" in source:
            sizes: Iterable[int] = map((1).__add__, map(len, source.split(b"\n")))
        else:  # quicker, and without a lone carriage return the same lines
            sizes = map(len, source.splitlines(keepends=True))
        self._starts = array("I", accumulate(sizes, initial=0))
        if self._starts[-1] == len(source) and source[-1:] not in (b"", b"\n"):
            self._starts[-1] += 1  # the end of the last line belongs to it

    def of(self, offset: int) -> int:
        """The line, from 1, of this offset."""
        return bisect_right(self._starts, offset)

    def start(self, line: int) -> int:
        """Where this line, from 1, begins; the end of the source for a line that is not there."""
        return self._starts[min(line, len(self._starts)) - 1]


class Spans(msgspec.Struct, frozen=True):
    """Of each call which of the names `called` it has, and where the name ends in the source; where each string begins
    (docstrings left out), and where its content begins and ends. Strings are in order, calls as they were found.
    """

    names: Sequence[int]
    name_ends: Sequence[int]
    strings: Sequence[int]
    contents: Sequence[int]
    content_ends: Sequence[int]


class PythonModule(msgspec.Struct, frozen=True, dict=True):
    """One .py file, or the code cells of one notebook joined.

    `called` are the distinct names of `calls`; `calls_of` and `strings_of` are the cheap way to a few calls and
    strings. `strings` leaves docstrings out. `test`, `example` and `documentation` say what the path looks like.
    Lines count from 1 in `source`; `place` turns one into a Location.
    """

    path: str
    source: bytes
    functions: tuple[Function, ...]
    classes: tuple[Class, ...]
    imports: tuple[Import, ...]
    called: tuple[str, ...]
    stated: tuple[Assertion, ...]
    spans: Spans
    lines: Lines
    cells: tuple[tuple[int, int], ...] = ()
    docstring: bool = False

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every call in order of lines, made anew each time."""
        return self.calls_of(self.called)

    def calls_of(self, names: Collection[str]) -> tuple[Call, ...]:
        """The calls of these names, which are some of `called`, in order of lines."""
        if not names:
            return ()
        found, line = self._called_as(names), self.lines.of
        return tuple(sorted((Call(name, line(end), self._argument(end)) for name, end in found), key=_line))

    def _called_as(self, names: Collection[str]) -> Iterator[tuple[str, int]]:
        """The calls of these names: the name and where it ends."""
        wanted = frozenset(names)
        places = {place: name for place, name in enumerate(self.called) if name in wanted}
        for place, end in zip(self.spans.names, self.spans.name_ends, strict=True) if places else ():
            if place in places:
                yield places[place], end

    def _argument(self, end: int) -> str | None:
        """The string that is the first argument of the call whose name ends there."""
        opening = _FIRST_ARGUMENT.match(self.source, end)
        if opening is None:
            return None
        strings, start = self.spans.strings, opening.end()
        place = bisect_left(strings, start)
        return self._text(place) if place < len(strings) and strings[place] == start else None

    def _text(self, place: int) -> str:
        content = self.source[self.spans.contents[place] : self.spans.content_ends[place]]
        return content.decode("utf-8", "replace")[:TEXT_CUT]

    @property
    def strings(self) -> tuple[Text, ...]:
        """Every string literal in order, docstrings left out, made anew each time."""
        return tuple(map(Text, self.texts, map(self.lines.of, self.spans.strings)))

    def strings_of(self, wanted: Callable[[str], object]) -> tuple[Text, ...]:
        """The string literals of whose text this is true."""
        found = [(text, start) for text, start in zip(self.texts, self.spans.strings, strict=True) if wanted(text)]
        return tuple(Text(text, self.lines.of(start)) for text, start in found)

    @property
    def texts(self) -> list[str]:
        """The text of every string literal, made anew each time."""
        source, spans = self.source, zip(self.spans.contents, self.spans.content_ends, strict=True)
        if source.isascii():
            text = source.decode("ascii")
            return [text[start : end if end - start < TEXT_CUT else start + TEXT_CUT] for start, end in spans]
        return [source[start:end].decode("utf-8", "replace")[:TEXT_CUT] for start, end in spans]

    @property
    def assertions(self) -> tuple[Assertion, ...]:
        """Every assertion in order of lines, made anew each time."""
        names = [name for name in self.called if "assert" in name and name.rpartition(".")[2].startswith("assert")]
        if not names:
            return self.stated
        asserting = [
            Assertion(name, self.lines.of(end), self._fixed(name, end)) for name, end in self._called_as(names)
        ]
        return tuple(sorted([*self.stated, *asserting], key=_line))

    def _fixed(self, name: str, end: int) -> bool:
        """Whether an assertion of unittest has literals alone as its arguments."""
        if not _UNITTEST.match(name):
            return False
        return _CONSTANT_ARGUMENTS.match(self.source, end, end + ARGUMENTS_CUT) is not None

    @property
    def notebook(self) -> bool:
        """Whether the source is a notebook's code cells."""
        return bool(self.cells)

    @cached_property
    def test(self) -> bool:
        """Whether the path looks like a test. A program that only its name calls so is none: it has functions, of which
        none is a test, and starts itself.
        """
        if not paths.is_test_by_name_alone(self.path):
            return paths.is_test(self.path)
        names = [each.name.lower() for each in self.functions] + [each.name.lower() for each in self.classes]
        program = bool(self.functions) and not any("test" in name for name in names) and b"__main__" in self.source
        return not program

    @property
    def example(self) -> bool:
        """Whether the path looks like an example."""
        return paths.is_example(self.path)

    @property
    def documentation(self) -> bool:
        """Whether the path lies in documentation."""
        return paths.is_documentation(self.path)

    @cached_property
    def dotted(self) -> Sequence[int]:
        """The names after dots, in strings and comments too, as `fingerprints.dotted` numbers them."""
        return dotted(self.source)

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
