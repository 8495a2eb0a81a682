"""Functions too long or too branched for a reader to hold in mind.

The limits are the linter's own scale: McCabe's measure above 15 (the tool's default is 10, so what is shown here is
beyond dispute) or more than 80 statements (default 50).
"""

import re
from typing import ClassVar, Self

from portfolio_audit.facts.fact import Location, TreeFact
from portfolio_audit.facts.lint_findings import Linted, linted
from portfolio_audit.facts.lint_process import MOST_BRANCHES, MOST_STATEMENTS, linter_version
from portfolio_audit.tree import SourceTree

EXAMPLES = 5
_NUMBER = re.compile(r"\((\d+) > \d+\)")


class Complexity(TreeFact, frozen=True):
    """Of `functions` in own Python files outside tests, `outliers` are above a limit; the worst five are shown.

    `worst` names the measure of each: "34 branches" or "120 statements". `sampled` files were left out because there
    are very many.
    """

    version: ClassVar[str] = f"1 ruff {linter_version()}"
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
    for each in found.findings:
        number = _NUMBER.search(each.message)
        if each.rule not in ("C901", "PLR0915") or number is None:
            continue
        limit, unit = (MOST_BRANCHES, "branches") if each.rule == "C901" else (MOST_STATEMENTS, "statements")
        place = (each.source, each.line)
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
