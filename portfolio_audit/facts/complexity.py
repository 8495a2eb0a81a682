"""Functions too long or too branched for a reader to hold in mind.

The limits are the linter's own scale: McCabe's measure above 15 (the tool's default is 10, so what is shown here is
beyond dispute) or more than 80 statements (default 50). The linter adds what is in inner functions to the outer one; a
factory of an application or a flow that only holds short functions is none to point at.
"""

import re
from bisect import bisect_left, bisect_right
from typing import ClassVar, Self

from portfolio_audit.facts.fact import Location, TreeFact
from portfolio_audit.facts.lint_findings import Linted, linted
from portfolio_audit.facts.lint_process import MOST_BRANCHES, MOST_STATEMENTS, linter_version
from portfolio_audit.facts.python_module import PythonModule
from portfolio_audit.tree import SourceTree

EXAMPLES = 5
_BRANCH = re.compile(rb"\s*+(?:async\s++)?+(?:if|elif|for|while|except|case)\b")
_BLANK = re.compile(rb"\s*+(?:#[^\n]*+)?+")
_NUMBER = re.compile(r"\((\d+) > \d+\)")


class Complexity(TreeFact, frozen=True):
    """Of `functions` in own Python files outside tests, `outliers` are above a limit; the worst five are shown.

    `worst` names the measure of each: "34 branches" or "120 statements". `sampled` files were left out because there
    are very many.
    """

    version: ClassVar[str] = f"4 ruff {linter_version()}"
    absent: ClassVar[str] = "there are no Python functions outside tests and examples"
    functions: int = 0
    outliers: int = 0
    worst: tuple[Location, ...] = ()
    sampled: int = 0

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        """The outliers, or None without a function. Raises Unavailable if the linter did not work."""
        found = linted(tree)
        functions = sum(len(module.functions) for module in found.modules)
        if not functions:
            return cls(found.incomplete) if found.incomplete else None
        outliers = _outliers(found)
        return cls(found.incomplete, functions, len(outliers), tuple(outliers[:EXAMPLES]), found.sampled)


def _outliers(found: Linted) -> list[Location]:
    """The worst first: by how many times the limit is passed."""
    measured: dict[tuple[int, int], tuple[float, str]] = {}
    read: dict[int, _Layout] = {}
    for each in found.findings:
        number = _NUMBER.search(each.message)
        if each.rule not in ("C901", "PLR0915") or number is None:
            continue
        limit, unit = (MOST_BRANCHES, "branches") if each.rule == "C901" else (MOST_STATEMENTS, "statements")
        place = (each.source, each.line)
        if each.source not in read:
            read[each.source] = _Layout(found.modules[each.source])
        if read[each.source].is_frame(each.line, each.rule):
            continue
        measured[place] = max(measured.get(place, (0.0, "")), (int(number[1]) / limit, f"{number[1]} {unit}"))
    order = sorted(measured, key=lambda place: (-measured[place][0], place))
    names = {(n, each.line): each for n, module in enumerate(found.modules) for each in module.functions}
    places = []
    for place in order:
        function = names.get(place)
        name = f"{function.name}: " if function else ""
        end = function.end_line if function else None
        places.append(found.modules[place[0]].place(place[1], end, f"{name}{measured[place][1]}"))
    return places


class _Layout:
    """Where the functions of a module lie, one inside another."""

    def __init__(self, module: PythonModule) -> None:
        self._functions = sorted(module.functions, key=lambda each: each.line)
        self._starts = [each.line for each in self._functions]
        self._lines = module.source.split(b"\n")

    def is_frame(self, line: int, rule: str) -> bool:
        """Whether the function of this line is within the limit of the rule without the functions inside it.

        Lines stand for statements, of which there are at most as many, and lines that begin with a branching word for
        branches.
        """
        at = bisect_left(self._starts, line)
        if at == len(self._starts) or self._starts[at] != line:
            return False
        end = self._functions[at].end_line
        inner = self._functions[at + 1 : bisect_right(self._starts, end)]
        own: list[bytes] = []
        position = line
        for each in inner:
            own += self._lines[position : each.line - 1]
            position = max(position, each.end_line)
        own += self._lines[position:end]
        if rule == "C901":
            return bool(inner) and 1 + sum(1 for text in own if _BRANCH.match(text)) <= MOST_BRANCHES
        return bool(inner) and sum(1 for text in own if not _BLANK.fullmatch(text)) <= MOST_STATEMENTS
