"""How often is the right passage among the first five?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from paper_shelf.rank import Hit


@dataclass(frozen=True)
class Question:
    """A question with the file and line that answer it."""

    text: str
    path: str
    line: int


def load(path: Path) -> list[Question]:
    """Questions from a file with one JSON object per line."""
    return [Question(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def found(question: Question, hits: Iterable[Hit]) -> bool:
    """Whether a hit covers the line."""
    return any(
        hit.passage.path.endswith(question.path) and hit.passage.first_line <= question.line <= hit.passage.last_line
        for hit in hits
    )


def recall(questions: list[Question], search: Callable[[str], list[Hit]]) -> float:
    """The share of questions whose passage was found."""
    if not questions:
        raise ValueError("there are no questions to measure with")
    return sum(found(question, search(question.text)) for question in questions) / len(questions)
