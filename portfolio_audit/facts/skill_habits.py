"""Two habits that no single name shows: a pickled model asked through an own helper, data divided by slices.

Both are looked for only where cheap words say that they may be there.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.python_code import PythonModule

MOST = 12
"""Candidates of a kind that are looked at in one file, so that no file can ask for much time."""
LONGEST = 200
"""Bytes of a line before what is looked for."""
_STORES = frozenset("pickle.load cloudpickle.load dill.load".split())
_KEPT = re.compile(rb"\s*(\w{1,60})\s*=\s*\w{1,20}\.load\(")
_ROUNDED = re.compile(rb"(?:int|round|floor)\(")
_COUNT = re.compile(
    rb"[ \t]{0,99}([A-Za-z_]\w{0,60})[ \t]{0,9}=[ \t]{0,9}(?:max\(\d{1,4},[ \t]?)?"
    rb"(?:int|round|math\.floor|np\.floor)\(([^\n]{3,120})"
)
_WHOLE = re.compile(rb"\blen\(|\.shape\[0\]")
_SHARE = re.compile(rb"(?<![\w.])0?\.\d|(?:ratio|split|frac|percent|_size)\b", re.IGNORECASE)
_HALF = re.compile(rb"(?<![\w.])0?\.50?(?!\d)")
_PARTS = (b"train", b"test")


def models_by_helper(modules: Iterable[PythonModule]) -> Iterator[tuple[PythonModule, Location]]:
    """Where a model is asked that an own function has unpickled and returned, the first place of each file."""
    modules = tuple(modules)
    helpers = {name for module in modules if not _STORES.isdisjoint(module.called) for name in _helpers(module)}
    for module in modules if helpers else ():
        if b".predict" not in module.source:
            continue
        for name in islice((name for name in module.called if name.rpartition(".")[2] in helpers), MOST):
            line = _asked(module, name)
            if line is not None:
                yield module, module.place(line, note=f"a model from {name}() is asked")
                break


def _helpers(module: PythonModule) -> Iterator[str]:
    """Own functions that return what they unpickle."""
    lines = module.source.split(b"\n")
    for call in module.calls_of(_STORES.intersection(module.called))[:MOST]:
        within = [each for each in module.functions if each.line < call.line <= each.end_line]
        if not within:
            continue
        function = max(within, key=lambda each: each.line)
        said = lines[call.line - 1]
        kept = _KEPT.match(said)
        rest = (line.split() for line in lines[call.line : function.end_line])
        if said.split()[:1] == [b"return"] or (kept and [b"return", kept[1]] in rest):
            yield function.name


def _asked(module: PythonModule, helper: str) -> int | None:
    """The first line where what the helper returned predicts."""
    bound = re.compile(rb"([A-Za-z_][\w.]{0,60})[ \t]{0,9}=[ \t]{0,9}" + re.escape(helper.encode()) + rb"\(")
    for found in islice(bound.finditer(module.source), MOST):
        asked = re.compile(rb"(?<![\w.])" + re.escape(found[1]) + rb"\.predict").search(module.source, found.end())
        if asked is not None:
            return module.source.count(b"\n", 0, asked.start()) + 1
    return None


def _shares(source: bytes) -> Iterator[re.Match[bytes]]:
    """Names that are given a share of a length, but for halves."""
    for called in _ROUNDED.finditer(source):
        before = max(0, called.start() - LONGEST)
        line = source.rfind(b"\n", before, called.start()) + 1
        found = _COUNT.match(source, line) if line or not before else None
        if found is None or b"*" not in found[2] or _HALF.search(found[2]):
            continue
        if _WHOLE.search(found[2]) and _SHARE.search(found[2]):
            yield found


def sliced(module: PythonModule) -> Location | None:
    """Where a share of the rows is counted by which they are then divided into two parts, or None.

    Halves are left out: sorting and searching divide so too.
    """
    source = module.source
    if b"[:" not in source or not all(part in source for part in _PARTS):
        return None
    for found in islice(_shares(source), MOST):
        name = found[1]
        if re.search(rb"\[\s*:\s*" + name + rb"\b", source) and re.search(rb"\[\s*" + name + rb"\s*:", source):
            return module.place(source.count(b"\n", 0, found.start(1)) + 1, note="rows divided by a share")
    return None
