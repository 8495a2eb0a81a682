"""Mistakes that a linter or the first start would have shown: what is left in Python code nobody looked over.

Only rules that a reviewer would mention are counted; length of lines, quotes and order of imports are nobody's flaw.
"""

import re
from collections import Counter
from typing import ClassVar, Self

from portfolio_audit.facts.absent_names import absent_names
from portfolio_audit.facts.fact import Location, TreeFact
from portfolio_audit.facts.lint_findings import Flaws, Linted, linted
from portfolio_audit.facts.lint_process import BROKEN, Finding, linter_version
from portfolio_audit.tree import SourceTree

PLACES = 2
KINDS = {
    BROKEN: "file that is no valid Python 3",
    "F821": "undefined name",
    "F822": "undefined name",
    "F823": "undefined name",
    "E722": "bare except",
    "S110": "silently swallowed exception",
    "F632": "comparison of a literal with `is`",
    "F601": "dictionary key given twice",
    "B006": "mutable default argument",
    "F811": "definition replaced unused",
    "F50": "format string that does not fit",
    "F52": "format string that does not fit",
    "F403": "import of *",
    "F401": "unused import",
    "F841": "unused variable",
}
"""Rules and families of rules in plain words, the gravest first."""
ABSENT = "import of a name that the own module does not have"
OLD = "file written for Python 2"
OTHER = "other certain mistake"
_WEIGHTS = {ABSENT: 5, KINDS[BROKEN]: 5, "undefined name": 5, "bare except": 2, "silently swallowed exception": 2}
"""What ends in an error when it is run counts five, what hides one counts two, anything else one."""
_PYTHON_2 = re.compile(
    rb"^\s*+(?:print|exec)\s++[^\s(=.,]|^\s*+print\s*+$|\bprint\s++[\"'%\w]|^\s*+raise\s++\w++\s*+,|<>|\bur['\"]"
)
_NOT_HERE = frozenset(("C901", "PLR0915", "ERA001", "T100"))


class Lint(TreeFact, frozen=True):
    """Mistakes by kind, the gravest kind first, in `files` own Python files of together `lines` lines.

    `sampled` files more were left out because there are very many. `more` means that the findings did not end with
    those counted. `pickled` are the first files that read pickles and import from own modules what only these
    may need: it is not counted, and a linter would take it away.
    """

    version: ClassVar[str] = f"9 ruff {linter_version()}"
    absent: ClassVar[str] = "there are no Python files outside tests and examples"
    files: int = 0
    lines: int = 0
    mistakes: tuple[Flaws, ...] = ()
    sampled: int = 0
    more: bool = False
    pickled: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """All mistakes."""
        return sum(each.count for each in self.mistakes)

    @property
    def weight(self) -> int:
        """All mistakes, the grave ones counted more than once."""
        return sum(each.count * _WEIGHTS.get(each.kind, 1) for each in self.mistakes)

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        """The mistakes, or None without Python of their own. Raises Unavailable if the linter did not work."""
        found = linted(tree)
        if not found.files:
            return None
        return cls(
            found.incomplete,
            files=len(found.modules),
            lines=found.lines,
            mistakes=(*_absent(tree, found), *_mistakes(found)),
            sampled=found.sampled,
            more=not found.whole,
            pickled=found.pickled[:PLACES],
        )


def _absent(tree: SourceTree, found: Linted) -> tuple[Flaws, ...]:
    places = absent_names(tree, found.modules)
    return (Flaws(ABSENT, len(places), places[:PLACES]),) if places else ()


def _mistakes(found: Linted) -> tuple[Flaws, ...]:
    counts: Counter[str] = Counter()
    places: dict[str, list[Location]] = {}
    seen: set[tuple[int, int]] = set()
    for each in found.findings:
        if each.rule in _NOT_HERE or _again(each, seen):
            continue
        kind = _kind(found, each)
        counts[kind] += 1
        shown = places.setdefault(kind, [])
        if len(shown) < PLACES:
            shown.append(found.modules[each.source].place(each.line, note=_note(kind, each)))
    order = [*dict.fromkeys(KINDS.values()), OLD, OTHER]
    return tuple(Flaws(kind, counts[kind], tuple(places[kind])) for kind in order if kind in counts)


def _kind(found: Linted, each: Finding) -> str:
    if each.rule == BROKEN:
        line = found.modules[each.source].source.split(b"\n", each.line)[: each.line][-1]
        return OLD if _PYTHON_2.search(line[:400]) else KINDS[BROKEN]
    return KINDS.get(each.rule) or KINDS.get(each.rule[:3], OTHER)


def _again(each: Finding, seen: set[tuple[int, int]]) -> bool:
    """Whether this place was counted before: an `except` both bare and silent, a broken file with many errors."""
    if each.rule not in ("E722", "S110", BROKEN):
        return False
    place = (each.source, 0 if each.rule == BROKEN else each.line)
    known = place in seen
    seen.add(place)
    return known


def _note(kind: str, each: Finding) -> str:
    if kind == OTHER or each.rule[:3] in KINDS:
        return each.message[:120]
    name = each.message.split("`")[1] if each.message.count("`") >= 2 else ""
    return f"{kind}: {name[:80]}" if name and each.rule in ("F401", "F811", "F821", "F822", "F823", "F841") else kind
