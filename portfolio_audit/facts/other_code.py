"""Source code in other languages than Python, as strings and words.

What is asked of these files (data sets, libraries) needs no syntax tree, and no parser for a dozen languages: which
words occur, which strings occur, and where. Bundled and minified files are left out, as nobody wrote them.
"""

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TypeVar

import msgspec

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.notebooks import notebooks
from portfolio_audit.tree import CODE_LIMIT, SourceTree

T = TypeVar("T")

LANGUAGES = frozenset("R Julia JavaScript TypeScript Go Rust Java Scala Kotlin C++ C C# Swift Shell".split())
HASH_COMMENTS = frozenset("R Julia Shell".split())

MINIFIED = 220
"""Characters a line, on average, from which a file of any length was written by a program."""

_WORD = re.compile(r"[A-Za-z_][\w.]*")
_NOT_FIRST = "0123456789."
_SPACED = bytes(code if chr(code).isalnum() or chr(code) in "_." else 32 for code in range(128)) + bytes(128)
_STRING = re.compile(r"\"[^\"\n\\]{2,400}\"|'[^'\n\\]{2,400}'|`[^`\n\\]{2,400}`")


class OtherSource(msgspec.Struct, frozen=True, dict=True):
    """One source file (or the code of one notebook): its text, all its dotted words, and its language."""

    path: str
    language: str
    text: str
    words: frozenset[str]

    @cached_property
    def names(self) -> frozenset[str]:
        """The words taken apart at their dots."""
        return frozenset(".".join(self.words).split(".")) if self.words else self.words

    @cached_property
    def literals(self) -> frozenset[str]:
        """String literals that stand in one line, in comments too."""
        return frozenset(literal[1:-1] for literal in _STRING.findall(self.text))

    def strings_of(self, wanted: Callable[[str], object]) -> dict[str, int]:
        """The literals of which this is true, each with the position where it occurs first, in order.

        Few are ever wanted, and where each stands is dearer to know than that it is there.
        """
        those = {literal for literal in self.literals if wanted(literal)}
        found: dict[str, int] = {}
        for literal in _STRING.finditer(self.text) if those else ():
            if (text := literal[0][1:-1]) in those:
                found.setdefault(text, literal.start())
        return found

    def derive(self, reading: "Callable[[OtherSource], T]") -> T:
        """The result of a reading of this source, computed once however many facts ask for it."""
        made: dict[object, T] = self.__dict__.setdefault("_derived", {})
        if reading not in made:
            made[reading] = reading(self)
        return made[reading]

    def line(self, position: int) -> int:
        """The line, from 1, of a position in the text."""
        return self.text.count("\n", 0, position) + 1

    def positions(self, word: str) -> Iterator[int]:
        """Where a word occurs as a word of code, outside comments and (as far as one line shows) outside strings."""
        for found in re.finditer(rf"(?<![\w.]){re.escape(word)}(?!\w)", self.text):
            before = self.before(found.start())
            quoted = before.count('"') % 2 or before.count("'") % 2
            if not quoted and not self.commented(found.start()):
                yield found.start()

    def before(self, position: int) -> str:
        """What stands before a position in its line, at most 1,000 characters: a line may be as long as the file."""
        return self.text[max(0, position - 1000) : position].rpartition("\n")[2]

    def commented(self, position: int) -> bool:
        """Whether the line up to this position is a comment."""
        before = self.before(position)
        if self.language in HASH_COMMENTS:
            return "#" in before
        return before.lstrip().startswith(("//", "*", "/*")) or " // " in before


def other_sources(tree: SourceTree) -> tuple[OtherSource, ...]:
    """Every own source file and notebook that is not Python. Use it as `tree.derive(other_sources)`."""
    return tuple(OtherSource(path, language, text, _words(text)) for path, language, text in _read(tree))


def _words(text: str) -> frozenset[str]:
    if not text.isascii():
        return frozenset(_WORD.findall(text))
    # Between what is no word character there is at most one word, which need not begin where that ends.
    runs = set(text.encode().translate(_SPACED).decode().split())
    later = [run for run in runs if run < "A"]  # which begin with a digit or a dot
    runs.difference_update(later)
    runs.update([run.lstrip(_NOT_FIRST) for run in later])
    runs.discard("")
    return frozenset(runs)


def _read(tree: SourceTree) -> Iterator[tuple[str, str, str]]:
    for file in tree.derive(paths.own_files):
        language = paths.language(file.path)
        if language is None or language not in LANGUAGES or not 0 < file.size <= CODE_LIMIT:
            continue
        try:
            text = tree.text(file.path)
        except Unavailable:
            continue
        if len(text) <= MINIFIED * (text.count("\n") + 1) or len(text) < 2000:
            yield file.path, language, text
    for notebook in tree.derive(notebooks).notebooks:
        if notebook.language in LANGUAGES:
            yield notebook.path, notebook.language, "\n".join(cell.source for cell in notebook.cells if cell.code)
