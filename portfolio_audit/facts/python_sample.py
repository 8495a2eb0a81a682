"""Which Python files of a very large tree are parsed: an even sample, since the others would show the same again.

Whatever the code imports from elsewhere, a file of the sample imports, so that nothing is called unused that is used.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from typing import NamedTuple

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.library import library
from portfolio_audit.facts.own_modules import all_names
from portfolio_audit.tree import KIB, MIB, File, SourceTree


class Bound(NamedTuple):
    """At most so many files are read, and of more than `large` bytes about `read`."""

    files: int
    large: int
    read: int

    def wanted(self, sizes: Sequence[int]) -> int:
        """How many files of these sizes are read."""
        size = sum(sizes)
        fitting = len(sizes) * self.read // size if size > self.large else len(sizes)
        return min(self.files, max(1, fitting))


TESTS = Bound(300, 256 * KIB, 128 * KIB)
"""Of 861 public repositories 24 have more, all but four of them libraries for others to install."""
LIBRARY = Bound(400, 512 * KIB, 256 * KIB)
"""The files outside tests of a library for others to install; of the 861 about 40 have more."""
APPLICATION = Bound(400, 4 * MIB, 4 * MIB)
"""The files outside tests of all else, since what an application does may stand in any of them. Of the 861 eight have
more, collections of others' projects mostly; what is started is always read."""
_ALWAYS = frozenset(("conftest.py", "__init__.py", "__main__.py"))
_STARTED = b"__main__"
MOST_NAMES = 500
"""Imports of a file beyond which nobody wrote it."""
_IMPORTED = re.compile(rb"^[ \t]*+(?:from[ \t]++([\w.]++)[ \t]++import\b|import[ \t]++([\w., \t]++))", re.MULTILINE)

Imports = set[tuple[bool, str]]
"""Dotted names with whether the file is an example or documentation, whose imports the code itself may do without."""


def left_out(tree: SourceTree, files: Sequence[File]) -> frozenset[str]:
    """The paths of own Python files that are not parsed."""
    tests = [file for file in files if paths.is_test(file.path)]
    others = [file for file in files if not paths.is_test(file.path)]
    left = _beyond(tree, tests, TESTS, started=False)
    installed = tree.derive(library) is not None
    left |= _beyond(tree, others, LIBRARY if installed else APPLICATION, started=not installed)
    return frozenset(left)


def _beyond(tree: SourceTree, files: Sequence[File], bound: Bound, *, started: bool) -> set[str]:
    """The files beyond the bound that show nothing new; `started` ones are read too."""
    named = [file for file in files if paths.name(file.path) not in _ALWAYS]
    wanted = bound.wanted([file.size for file in named])
    if len(named) <= wanted:
        return set()
    kept = {named[n * len(named) // wanted].path for n in range(wanted)}
    own = tree.derive(all_names) | {""}  # the name of a relative import
    names_of: dict[str, Imports] = {}
    for path in (file.path for file in files):
        with suppress(Unavailable):  # whoever parses it says so
            source = tree.read(path)
            names_of[path] = imported(path, source, own)
            if paths.name(path) in _ALWAYS or (started and _STARTED in source):
                kept.add(path)
    known: Imports = set().union(*(names for path, names in names_of.items() if path in kept))
    left = set()
    for path, names in names_of.items():
        if path not in kept and names <= known:
            left.add(path)
        known |= names
    return left


def imported(path: str, source: bytes, own: frozenset[str]) -> Imports:
    """What a file imports from elsewhere, as far as its lines show without a parse."""
    shown = paths.is_example(path) or paths.is_documentation(path)
    found = ((one or many).decode("utf-8", "replace") for one, many in _IMPORTED.findall(source))
    names = islice((word for each in found for part in each.split(",") for word in part.split()[:1]), MOST_NAMES)
    return {(shown, name) for name in names if name.partition(".")[0] not in own}
