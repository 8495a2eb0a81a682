"""Invented notebooks, written as an editor would store them."""

import json
from typing import Any


def code(source: str, count: int | None = None, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "execution_count": count, "outputs": [], "metadata": {}, **more}


def text(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def stored(*cells: dict[str, Any], language: str = "python") -> bytes:
    metadata = {"kernelspec": {"name": language, "language": language}}
    return json.dumps({"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}).encode()


def error(name: str = "KeyError") -> dict[str, Any]:
    return {"output_type": "error", "ename": name, "evalue": "'hive'", "traceback": ["…"]}


STEPS = (
    "import pandas as pd\nimport numpy as np",
    "hives = pd.read_csv('hives.csv')\nhives.head()",
    "hives['weight'] = hives.gross - hives.tare\nhives = hives.dropna()",
    "totals = hives.groupby('apiary').weight.sum()\ntotals.describe()",
    "ranked = totals.sort_values()\nranked.plot.bar()",
    "late = hives[hives.month > 8]\nlate.weight.mean()",
    "late.groupby('apiary').weight.mean().plot()\nlen(late)",
    "share = late.weight.sum() / hives.weight.sum()\nprint(share)",
)
TEXTS = (
    "# How much honey do late hives give?\n\nScales under forty hives, read every day of one year.",
    "## The readings\n\nOne row a hive and day.",
    "## Net weight\n\nThe tare was weighed in spring and is taken off here.",
    "## By apiary\n\nThe two apiaries by the lake give most.",
)


def told(counts: tuple[int | None, ...] = (1, 2, 3, 4, 5, 6, 7, 8), steps: tuple[str, ...] = STEPS) -> bytes:
    """A notebook with a title, headings and text, whose cells ran as these counts say."""
    cells = [text(TEXTS[0])]
    for place, (step, count) in enumerate(zip(steps, counts, strict=True)):
        cells += [code(step, count)] + [text(each) for each in TEXTS[place + 1 : place + 2]]
    return stored(*cells)


def bare(counts: tuple[int | None, ...] = (1, 2, 3, 4, 5, 6, 7, 8), steps: tuple[str, ...] = STEPS) -> bytes:
    """The same code without a word."""
    return stored(*(code(step, count) for step, count in zip(steps, counts, strict=True)))
