"""Names that a notebook calls above the cell that makes them, so that running it from the top stops there.

Found without following the flow of data: only a call at the top level counts, whose name occurs nowhere above it in any
form and is made by an import, a definition or an assignment in a cell below. Whatever might make names unseen (a star
import, %run, exec) ends the search.
"""

import builtins
import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice

import msgspec

from portfolio_audit.facts.python_module import Lines, PythonModule

MOST = 50
"""Names of one notebook that are looked at closely; a sound notebook has none."""

_ASSIGNED = re.compile(rb"^([^\W\d]\w*)[ \t]*=(?!=)", re.MULTILINE)
_UNSEEN = re.compile(
    rb"\bimport[ \t]*\(?[ \t]*\*|%run\b|%pylab|%load\b|%store\b|%%?cython|%%?capture|\bexec(?:file)?\s*\(|\bglobals\(\)"
)
_AMBIENT = frozenset(
    "display get_ipython In Out exit quit spark sc sqlContext dbutils raw_input unicode xrange reduce unichr long file "
    "execfile basestring reload cmp apply intern buffer coerce".split()
) | frozenset(dir(builtins))


class EarlyUse(msgspec.Struct, frozen=True):
    """A name called in the cell with number `used` and made only in the cell `made`, which stands below."""

    name: str
    used: int
    made: int


def early_uses(module: PythonModule) -> tuple[EarlyUse, ...]:
    """Each such name of a notebook once, in the order of the cells that use them; of very many the first."""
    called = _first_calls(module)
    if not called:
        return ()
    lines = module.lines
    made = _made(module, called, lines)
    used = sorted((called[name], name) for name in made)
    early = ((offset, name, lines.of(offset)) for offset, name in used if name not in _AMBIENT)
    uses = list(islice((use for use in early if use[2] < made[use[1]]), MOST))
    if not uses:
        return ()
    hidden = _UNSEEN.search(module.source)
    return tuple(_confirmed(module, uses, made, hidden.start() if hidden else len(module.source)))


def _confirmed(
    module: PythonModule, uses: list[tuple[int, str, int]], made: dict[str, int], end: int
) -> Iterator[EarlyUse]:
    """Those that lie in an upper cell, run at once, and are the very first mention of the name."""
    starts = [start for start, _ in module.cells]
    for offset, name, line in uses:
        used, making = bisect_right(starts, line) - 1, bisect_right(starts, made[name]) - 1
        first = re.search(rb"\b" + name.encode() + rb"\b", module.source)
        above = module.source[module.source.rfind(b"\n", 0, offset) + 1 : offset]
        at_once = not any(each.line <= line <= each.end_line for each in module.functions) and b"lambda" not in above
        if used < making and at_once and first is not None and first.start() == offset < end and b"#" not in above:
            yield EarlyUse(name, module.cells[used][1], module.cells[making][1])


def _first_calls(module: PythonModule) -> dict[str, int]:
    """Where each name that begins a called one is called first."""
    parts = [name.partition(".")[0] for name in module.called]
    first: dict[str, int] = {}
    for place, end in zip(module.spans.names, module.spans.name_ends, strict=True):
        start = end - len(module.called[place].encode())
        if parts[place] and start < first.get(parts[place], end):
            first[parts[place]] = start
    return first


def _made(module: PythonModule, called: dict[str, int], at: Lines) -> dict[str, int]:
    """The first line on which each called name is imported, defined, or assigned at the top level."""
    lines = [(each.alias or (each.package if each.name is None else each.name), each.line) for each in module.imports]
    lines += [(each.name, each.line) for each in module.functions]
    lines += [(each.name, each.line) for each in module.classes]
    assigned: dict[bytes, int] = {}
    for found in _ASSIGNED.finditer(module.source):
        assigned.setdefault(found[1], found.start())
    for name in called:
        offset = assigned.get(name.encode())
        if offset is not None:
            lines.append((name, at.of(offset)))
    made: dict[str, int] = {}
    for name, line in lines:
        if name in called:
            made[name] = min(line, made.get(name, line))
    return made
