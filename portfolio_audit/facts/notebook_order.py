"""In which order a notebook's cells ran, as far as their execution counts tell.

A kernel counts upwards while it lives, so within one session the counts say the order. Counts that stand twice come
from several sessions, and then nothing is told: hosted notebooks that reconnect and exports that restart look so.
"""

from bisect import bisect_right
from itertools import pairwise
from typing import Literal

import msgspec

from portfolio_audit.facts.notebooks import Cell

Order = Literal["in order", "out of order", "several sessions", "cleared"]


class Run(msgspec.Struct, frozen=True):
    """How the code cells ran; "cleared" where most of them tell nothing.

    `ran` is how many have a count, `unrun` the numbers of those with code that have neither a count nor outputs.
    `displaced` is the least number of cells that had to run at another time for the rest to be in order. `upper`
    and `lower` are the first two neighbours against the order: the upper one ran later.
    """

    order: Order
    ran: int
    displaced: int = 0
    unrun: tuple[int, ...] = ()
    upper: Cell | None = None
    lower: Cell | None = None


def run_of(cells: tuple[Cell, ...]) -> Run:
    """The run that these cells show; empty cells and text are left out."""
    code = [cell for cell in cells if cell.code]
    counted = [(cell.execution, cell) for cell in code if cell.execution]
    unrun = tuple(cell.number for cell in code if not (cell.execution or cell.output_bytes) and _does_something(cell))
    if len(counted) < 2 or len(unrun) > len(counted):
        return Run("cleared", len(counted), unrun=unrun)
    counts = [count for count, _ in counted]
    if len(set(counts)) < len(counts):
        return Run("several sessions", len(counts), unrun=unrun)
    displaced = len(counts) - _longest_rise(counts)
    if not displaced:
        return Run("in order", len(counts), unrun=unrun)
    upper, lower = next((upper, lower) for (before, upper), (after, lower) in pairwise(counted) if before > after)
    return Run("out of order", len(counts), displaced, unrun, upper, lower)


def _does_something(cell: Cell) -> bool:
    """Whether there is more in a cell than comments, so that not to run it leaves something out."""
    lines = (line.lstrip() for line in cell.source.splitlines())
    return any(line and not line.startswith(("#", "//")) for line in lines)


def _longest_rise(counts: list[int]) -> int:
    """The length of the longest rising subsequence (patience sorting: the least last count for each length)."""
    last: list[int] = []
    for count in counts:
        place = bisect_right(last, count)
        last[place : place + 1] = [count]
    return len(last)
