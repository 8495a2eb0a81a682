"""Cut texts into passages that make sense on their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SMALLEST = 40
LARGEST = 180


@dataclass(frozen=True)
class Passage:
    """A few sentences of one file; lines count from 1."""

    path: str
    first_line: int
    last_line: int
    text: str

    @property
    def words(self) -> int:
        """The number of words."""
        return len(self.text.split())


def paragraphs(path: Path) -> Iterator[Passage]:
    """The paragraphs of a text file, which are separated by empty lines."""
    block: list[str] = []
    start = 1
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        if line.strip():
            if not block:
                start = number
            block.append(line.strip())
        elif block:
            yield Passage(str(path), start, number - 1, " ".join(block))
            block = []
    if block:
        yield Passage(str(path), start, start + len(block) - 1, " ".join(block))


def join(first: Passage, second: Passage) -> Passage:
    """Two neighbouring passages as one."""
    return Passage(first.path, first.first_line, second.last_line, f"{first.text} {second.text}")


def split(passage: Passage) -> Iterator[Passage]:
    """A long passage in pieces that end with a sentence where possible."""
    words = passage.text.split()
    while len(words) > LARGEST:
        end = LARGEST
        for position in range(LARGEST, SMALLEST, -1):
            if words[position - 1].endswith((".", "?", "!")):
                end = position
                break
        yield Passage(passage.path, passage.first_line, passage.last_line, " ".join(words[:end]))
        words = words[end:]
    if words:
        yield Passage(passage.path, passage.first_line, passage.last_line, " ".join(words))


def cut(path: Path) -> list[Passage]:
    """The passages of a file: short paragraphs joined, long ones split."""
    passages: list[Passage] = []
    waiting: Passage | None = None
    for paragraph in paragraphs(path):
        current = join(waiting, paragraph) if waiting else paragraph
        if current.words < SMALLEST:
            waiting = current
            continue
        passages.extend(split(current))
        waiting = None
    if waiting:
        passages.append(waiting)
    return passages
