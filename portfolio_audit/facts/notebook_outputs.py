"""Secrets that a notebook prints: a key shown by a cell stays in the file although no line of code holds it.

Only the text of outputs is decoded; pictures and tables in HTML are skipped. What is found is told by cell and kind,
its value never leaves this room.
"""

from bisect import bisect_right
from itertools import accumulate
from typing import Any

import msgspec

from portfolio_audit.facts.secrets import find_secrets

READ = 100_000
"""Characters of one output that are looked at; nobody prints a key behind so many."""

MOST_LINES = 2_000

_SIGNED = ("X-Amz-", "AWSAccessKeyId=", "Signature=")
"""Marks of a signed address, which downloads print: the key's name in it belongs to the service and is no secret."""


class _Data(msgspec.Struct, rename={"plain": "text/plain"}):
    plain: Any = None


class _Output(msgspec.Struct):
    text: Any = None
    data: _Data | None = None


class _Cell(msgspec.Struct):
    outputs: list[_Output] | None = None


class _Notebook(msgspec.Struct):
    cells: list[_Cell] | None = None


_decoder = msgspec.json.Decoder(_Notebook)


def shown_secrets(content: bytes) -> tuple[tuple[int, str], ...]:
    """The number of each cell that prints what looks like a secret, with its kind ("an OpenAI key").

    Nothing for a file with outputs of odd types.
    """
    try:
        cells = _decoder.decode(content).cells or []
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ()
    numbers: list[int] = []
    texts: list[str] = []
    for number, cell in enumerate(cells, 1):
        for output in cell.outputs or ():
            text = _text(output.text) or _text(output.data.plain if output.data else None)
            if text:
                numbers.append(number)
                texts.append(text)
    starts = list(accumulate((text.count("\n") + 1 for text in texts), initial=1))
    found: dict[int, str] = {}
    printed = "\n".join(texts)
    lines: list[str] = []
    for line, kind in find_secrets(printed):
        lines = lines or printed.split("\n")
        if not any(mark in lines[line - 1] for mark in _SIGNED):
            found.setdefault(numbers[bisect_right(starts, line) - 1], kind)
    return tuple(found.items())


def _text(stored: object) -> str:
    if isinstance(stored, list):
        stored = "".join(line for line in stored[:MOST_LINES] if type(line) is str)
    return stored[:READ] if isinstance(stored, str) else ""
