"""What can be counted in one notebook, by name; which counts are too high or too low is data (`notebook_rules`).

A measure that makes no sense for a notebook is not there: nothing about order where nothing ran, nothing about
imports where the language is not read.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

import msgspec

from portfolio_audit.facts import paths
from portfolio_audit.facts.notebook_names import early_uses
from portfolio_audit.facts.notebook_order import Run, run_of
from portfolio_audit.facts.notebooks import Cell, Notebook
from portfolio_audit.facts.python_module import PythonModule
from portfolio_audit.facts.words import count_words, load_table

EDGE = 3
"""Cells at the beginning or end that may hold the title, the opening and the conclusion (pynblint has three too)."""

IMPORT_CELLS = 3
"""Code cells at the top in which imports are expected; an installation and a configuration may stand before them."""

READ = 4_000
"""Characters of one text cell that are looked at; a picture may be stored in the rest."""

MOST_WORDS = 1_000
LONG_CELL = 30
LONG_LINE = 400
"""Characters of a comment that are looked at."""

_TITLE = re.compile(r"^[ ]{0,3}#[ \t]*[^#\s]|^={3,}[ \t]*$|<h1\b", re.MULTILINE)
_HEADING = re.compile(
    r"^[ ]{0,3}#{1,6}[ \t]*[^#\s]|^[=-]{3,}[ \t]*$|^[ ]{0,3}(?:<b>|\*\*)[^\n]{1,80}$|<h[1-6]\b", re.MULTILINE
)
_DEFAULT_NAME = re.compile(
    r"(?i)(?:copy[_ ]of[_ ])?(?:untitled(?: notebook)?|notebook[0-9a-f]{10})[ _-]?\d{0,4}(?: ?\(\d{1,3}\))?"
)
_COPY_NAME = re.compile(r"(?i).{1,200}-copy ?\d{0,3}|.{1,200} \(\d{1,3}\)|.{1,200} - copy|copy[_ ]of[_ ].{1,200}")
_SPOKEN_OF = re.compile(r"(?i)error|exception|\bfail|\bwrong|\braise|\bcrash|won't|doesn't work|not work|\bbreaks?\b")
_MEASURED = re.compile(
    r"(?i)(?<!\w)\w{0,60}_errors?\b|\berrors?_\w+|\berrorbars?\b|\berror (?:rates?|bars?|terms?|metrics?|analysis)\b|"
    r"\b(?:squared?|absolute|percentage|percent|logarithmic|log|standard|residual|prediction|forecast(?:ing)?|training|train|"
    r"validation|test|generali[sz]ation|mean|median|max|average)[ -]errors?\b"
)
"""Errors of a model, which say nothing of a cell that ends in one."""
_CAUGHT = re.compile(r"\b(?:try|except|raises?)\b")
_CODE = re.compile(
    r"(?:import|from) [\w.]++(?: import\b.*| as \w+)?$|[\w.]++(?:\[[^\]]{0,80}\]|, ?\w++){0,3} ?[-+*/|]?=[^=]|"
    r"[\w.]++(?:\[[^\]]{0,80}\][\w.]{0,80}+)?\(.{0,300}[)(,]$|[\w.]++\(.{0,300}\)\.\w|(?:def|class) \w++.{0,200}:$|"
    r"(?:if|elif|while|with) [^=()<>\[\]]{0,80}[=()<>\[\]].{0,200}:$|for [\w, ]{1,40} in [\w.]++\(.{0,200}:$|"
    r"return [\w.\[\]()]++$|[\"'][\w .-]{1,60}[\"'] ?[:,]|[%!]\w|pip install|[)\]}]++,?$"
)
"""A comment that is code put out of use."""
_OF_KAGGLE = (
    "# This Python 3 environment comes with many helpful",
    "# It is defined by the kaggle/python",
    "# For example, here's several helpful packages to load",
    "# Input data files are available in the",
    "# For example, running this (by clicking run or pressing",
    "# You can write up to ",
    "# You can also write temporary files to /kaggle/temp/",
    "# Any results you write to the current directory are saved",
)
"""How the comments begin that Kaggle writes into the first cell of every new notebook."""
_BLANK = re.compile(rb"\s*(?:#|$)")
_PORTABLE = re.compile(r"[A-Za-z0-9_.-]+")


class Measure(msgspec.Struct, frozen=True):
    """A count or a share, the numbers of the cells that make it, and words for a reader about the first of them."""

    value: float
    cells: tuple[int, ...] = ()
    note: str = ""


def measures(notebook: Notebook, module: PythonModule | None) -> dict[str, Measure]:
    """Everything counted in this notebook; `module` is its Python, if it is in Python and was read."""
    code = tuple(cell for cell in notebook.cells if cell.code)
    found = {
        "cells": Measure(len(notebook.cells)),
        "code_cells": Measure(len(code)),
        **_named(paths.name(notebook.path).removesuffix(".ipynb")),
        **_ordered(run_of(notebook.cells)),
        **_narrated(notebook.cells, code),
        **_outputs(notebook.cells, code),
        **_shaped(notebook.cells, code),
    }
    if module is not None:
        return {**found, **_python(module, code)}
    return {**found, "code_lines": Measure(sum(len(cell.source.strip().splitlines()) for cell in code))}


def _named(name: str) -> dict[str, Measure]:
    default = _DEFAULT_NAME.fullmatch(name) is not None
    return {
        "default_name": Measure(default),
        "copy_name": Measure(not default and _COPY_NAME.fullmatch(name) is not None),
        "name_odd": Measure(not _PORTABLE.fullmatch(name)),
    }


def _ordered(run: Run) -> dict[str, Measure]:
    found = {"ran": Measure(run.ran), "sessions": Measure(2 if run.order == "several sessions" else 1)}
    if run.ran:
        found["unrun"] = Measure(len(run.unrun), run.unrun)
    if run.order in ("cleared", "several sessions"):
        return found
    note = ""
    if run.upper and run.lower:
        note = (
            f"cell {run.upper.number} ran as In [{run.upper.execution}], "
            f"cell {run.lower.number} below it as In [{run.lower.execution}]"
        )
    found["displaced_cells"] = Measure(run.displaced)
    found["displaced"] = Measure(run.displaced / run.ran, (run.upper.number,) if run.upper else (), note)
    return found


def _narrated(cells: tuple[Cell, ...], code: tuple[Cell, ...]) -> dict[str, Measure]:
    text = {
        cell.number: "# " * (cell.kind == "heading") + cell.source[:READ]
        for cell in cells
        if cell.kind in ("markdown", "heading") and not cell.source.isspace() and cell.source
    }
    opening = [source for number, source in text.items() if number <= EDGE]
    closing = [source for number, source in text.items() if number > len(cells) - EDGE]
    longest, run, since = 0, 0, 0
    for cell in cells:
        run = run + 1 if cell.code else 0 if cell.number in text else run
        if run > longest:
            longest, since = run, cell.number - run + 1
    found = {
        "title": Measure(any(_TITLE.search(source) for source in opening)),
        "headings": Measure(any(_HEADING.search(source) for source in text.values())),
        "opening": Measure(any(_sentence(source) for source in opening)),
        "closing": Measure(any(_sentence(source) for source in closing)),
        "text_words": Measure(_words(text.values())),
        "silent_run": Measure(longest, (since,)),
    }
    if code:
        found["text_ratio"] = Measure(len(text) / len(code))
        lines = [line.strip() for cell in code for line in cell.source.splitlines()]
        written = [line for line in lines if not line.startswith(_OF_KAGGLE)]
        found["comment_share"] = Measure(sum(map(_explains, written)) / max(len(written), 1))
    return found


def _explains(line: str) -> bool:
    """Whether a line of code, without the spaces around it, is a comment in words."""
    return line.startswith(("#", "//")) and line.count(" ") > 1 and not _CODE.match(line[:LONG_LINE].lstrip("#/ "))


def _words(texts: Iterable[str]) -> int:
    """Words of these texts, as many as anybody asks for."""
    total = 0
    for text in texts:
        total += count_words(text)
        if total > MOST_WORDS:
            return MOST_WORDS
    return total


def _sentence(source: str) -> bool:
    """Whether there is more than headings."""
    return any(line.strip() and not line.lstrip().startswith("#") for line in source.splitlines())


def _outputs(cells: tuple[Cell, ...], code: tuple[Cell, ...]) -> dict[str, Measure]:
    erring = [cell for cell in code if cell.errors and not _meant(cell, cells)]
    largest = max(code, key=lambda cell: cell.output_bytes, default=None)
    note = f"cell {erring[0].number} ends in {erring[0].errors[0]}" if erring else ""
    size = sum(cell.output_bytes for cell in code)
    weight = f"{size / 1e6:.1f} MB of outputs, the largest in cell {largest.number}" if largest else ""
    return {
        "errors": Measure(len(erring), tuple(cell.number for cell in erring), note),
        "output_bytes": Measure(size, note=weight),
    }


def _meant(cell: Cell, cells: tuple[Cell, ...]) -> bool:
    """Whether a comment of the cell, or the text above or below it, speaks of the error: then it is shown on purpose.

    Code that catches or raises errors is about them too; the name of a measure (`mean_squared_error`) is not.
    """
    beside = [other.source for other in cells[max(0, cell.number - 2) : cell.number + 1] if not other.code]
    parted = [line.partition("#") for line in cell.source.splitlines()]
    comments = "\n".join(comment for _, _, comment in parted)
    spoken = any(_SPOKEN_OF.search(_MEASURED.sub("", said)) for said in (comments, *beside))
    return spoken or any(_CAUGHT.search(code) for code, _, _ in parted)


def _shaped(cells: tuple[Cell, ...], code: tuple[Cell, ...]) -> dict[str, Measure]:
    last = max((cell.number for cell in cells if cell.source.strip()), default=0)
    # Those at the end are what an editor leaves, or are for whoever goes on.
    empty = tuple(cell.number for cell in cells[:last] if cell.kind == "code" and not cell.source.strip())
    long = tuple(cell.number for cell in code if len(cell.source.strip().splitlines()) > LONG_CELL)
    return {"empty_cells": Measure(len(empty), empty), "long_cells": Measure(len(long), long)}


def _python(module: PythonModule, code: tuple[Cell, ...]) -> dict[str, Measure]:
    definitions = [(each.line, each.end_line) for each in module.functions]
    spans = _outermost(definitions + [(each.line, each.end_line) for each in module.classes])
    ends = [end for _, end in spans]
    written = [line for line, text in enumerate(module.source.split(b"\n"), 1) if text and not _BLANK.match(text)]
    inside = sum(bisect_right(written, last) - bisect_left(written, first) for first, last in spans)
    starts = [start for start, _ in module.cells]
    late: set[int] = set()
    for each in module.imports:
        cell, span = bisect_right(starts, each.line) - 1, bisect_left(ends, each.line)
        if cell >= IMPORT_CELLS and not (span < len(spans) and spans[span][0] <= each.line):
            late.add(module.cells[cell][1])
    ran = {cell.number for cell in code if cell.execution}
    early = [use for use in early_uses(module) if not ran or use.used in ran]
    note = f"cell {early[0].used} calls {early[0].name}, which cell {early[0].made} makes" if early else ""
    return {
        "code_lines": Measure(len(written)),
        "function_lines": Measure(inside),
        "functions": Measure(len(module.functions)),
        "late_imports": Measure(len(late), tuple(sorted(late))),
        "early_uses": Measure(len(early), tuple(use.used for use in early), note),
        "unseeded": Measure(len(unseeded(module))),
    }


def _outermost(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of lines in order, without those that lie in another."""
    kept: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if not kept or first > kept[-1][1]:
            kept.append((first, last))
    return kept


def unseeded(module: PythonModule) -> tuple[str, ...]:
    """Libraries whose random numbers are drawn although nothing in the notebook seeds them."""
    called = {module.resolve(name) for name in module.called}
    return tuple(_unseeded(called))


def _unseeded(called: set[str]) -> Iterator[str]:
    for library in load_table("notebook_rules")["random"]:
        draws = tuple(library["draws"])
        seeds = set(library["seeds"])
        if any(name.startswith(draws) and name not in seeds for name in called) and not any(
            name in seeds for name in called
        ):
            yield library["name"]
