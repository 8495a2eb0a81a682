"""The labelled README sections of Prana et al., read from a clone of their repository and put as the classifier reads.

The labels name headings, not places: each is looked for below the one before it. Rows whose heading is "##" alone are
left out, as the authors do before training.
"""

import csv
import re
from pathlib import Path
from typing import NamedTuple

from portfolio_audit.facts.markup import parse_markdown
from portfolio_audit.facts.readme_features import Hashes, extract
from portfolio_audit.facts.readme_parts import Part, find_parents, plain_heading
from portfolio_audit.facts.readme_sections import kind_of
from portfolio_audit.facts.words import guess_language

FILES = {"development": "dataset_1.csv", "evaluation": "dataset_2.csv", "combined": "dataset_combined.csv"}
# Their codes in the order of CLASSES; code 2, why, counts as 1, what.
CODES = "-1345678"
_RULE = re.compile(r"\s{0,3}(?:=+|-+)\s*")


class Readme(NamedTuple):
    """One README: its labelled sections, what the classifier sees of each, and the classes given by hand."""

    parts: list[Part]
    kinds: list[str | None]
    language: str | None
    features: list[list[Hashes]]
    parents: list[int]
    labels: list[list[bool]]


class Labelled(NamedTuple):
    """All READMEs of a set, and how many headings were not found in the text."""

    readmes: list[Readme]
    sections: int
    missing: int


def read(clone: Path, name: str) -> Labelled:
    """The set of that name from a checked-out clone. Raises FileNotFoundError if it is none."""
    rows: dict[str, list[dict[str, str]]] = {}
    with (clone / "input" / FILES[name]).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["file-id"], []).append(row)
    readmes, missing = [], 0
    for group in rows.values():
        group = [row for row in group if row["heading"].strip() != "##"]
        if not group:
            continue
        address = group[0]["url"].removeprefix("https://github.com/").replace("/", ".")
        text = (clone / "input" / "dev_and_eval_readmes" / f"{address}.md").read_text("utf-8", errors="replace")
        readme, lost = _take_apart(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), group)
        readmes.append(readme)
        missing += lost
    return Labelled(readmes, sum(len(readme.parts) for readme in readmes), missing)


def _take_apart(lines: list[str], rows: list[dict[str, str]]) -> tuple[Readme, int]:
    places = _locate(lines, [row["heading"] for row in rows])
    fenced, fence = [], False
    for line in lines:
        fenced.append(fence)
        fence ^= line.lstrip().startswith(("```", "~~~"))
    starts = sorted(place[0] for place in places if place)
    ends = dict(zip(starts, [*starts[1:], len(lines)], strict=True))
    parts, labels = [], []
    for row, place in zip(rows, places, strict=True):
        source = row["heading"].strip()
        level = max(1, min(6, len(source) - len(source.lstrip("#"))))
        body = lines[place[1] : ends[place[0]]] if place else []
        parts.append(Part(plain_heading(source), source, level, body, place is not None and fenced[place[0]]))
        codes = row["Codes with >= 2 votes"].replace("2", "1")
        labels.append([code in codes for code in CODES])
    kinds: list[str | None] = [kind_of(part.heading) for part in parts]
    blocks = parse_markdown("\n".join(lines)).blocks
    language = guess_language(" ".join(block.text for block in blocks if block.kind != "code"))
    parents = find_parents(part.level for part in parts)
    return Readme(parts, kinds, language, extract(parts, kinds, language), parents, labels), places.count(None)


def _locate(lines: list[str], headings: list[str]) -> list[tuple[int, int] | None]:
    """Where each heading stands and where its text begins; None if it is not found below the one before."""
    marked = []
    for index, line in enumerate(lines):
        if line.lstrip().startswith("#"):
            marked.append((index, index + 1, _key(line)))
        elif line.strip() and index + 1 < len(lines) and _RULE.fullmatch(lines[index + 1]):
            marked.append((index, index + 2, _key(line)))
    found: list[tuple[int, int] | None] = []
    position = 0
    for heading in headings:
        key = _key(heading)
        hit = next(
            (
                place
                for place in range(position, len(marked))
                if marked[place][2] == key or (len(key) > 8 and marked[place][2].startswith(key))
            ),
            None,
        )
        found.append(None if hit is None else marked[hit][:2])
        position = position if hit is None else hit + 1
    return found


def _key(heading: str) -> str:
    bare = heading.strip().strip("#")
    return re.sub(r"[\W_]+", "", bare.lower()) or heading.strip()
