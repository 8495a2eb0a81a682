"""A teaching data set that the README's title names, where no file shows it.

From-scratch programs read MNIST from a folder they are told, and a table may lie in a folder of examples. A title alone
accuses nobody: own code has to speak of the set as well.
"""

import re
from itertools import chain

from portfolio_audit.facts import paths
from portfolio_audit.facts.dataset_clues import TABULAR, Clue, beside
from portfolio_audit.facts.dataset_code import in_shell
from portfolio_audit.facts.dataset_subject import (
    OF_ANOTHER,
    UNMISTAKABLE,
    UNREAD_CODE,
    Use,
    mentioned,
    readme_file,
    title_of,
)
from portfolio_audit.facts.dataset_table import STRONG, table
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.other_code import other_sources
from portfolio_audit.facts.python_code import python_code
from portfolio_audit.tree import SourceTree

_APART = re.compile(r"[\s()\[\]<>\"']")

TITLE = 0.85
"""The weight of a title and own code that say the same, or of a table among examples that both name."""


def titled(tree: SourceTree, clues: tuple[Clue, ...]) -> Use | None:
    """The set of the README's title: own code or a data file speaks of it under an unmistakable name, or the README
    links the set's own address, or its table lies in a folder of examples and a source file is named for it.

    For trees in which no other data are seen.
    """
    path, text = readme_file(tree)
    title = title_of(text)
    if not title or OF_ANOTHER.search(title):
        return None
    said = [known for known in table().entries.values() if known.tier == "classic" and mentioned(title, known.id)]
    tables = {
        clue.dataset: clue.where
        for clue in reversed(clues if said else ())
        if table().weights[clue.kind] >= STRONG and not paths.language(clue.where.path)
    }
    linked = _linked(tree, text) if said else {}
    for known in said:
        place = _spoken_of(tree, known.id) if known.id in UNMISTAKABLE else None
        place = place or (_named(tree, known.id) if known.id in tables else None)
        if place is None and known.id in linked:
            place = Location(path, linked[known.id], note="links the data")
        if place is not None:
            line = text[: text.find(title)].count("\n") + 1
            shown = (Location(path, line, note="title"), place, *([tables[known.id]] if known.id in tables else []))
            return Use(known.id, known.name, known.tier, TITLE, shown)
    return None


def _spoken_of(tree: SourceTree, entry: str) -> Location | None:
    """Where own code outside tests and examples has one of the set's names, in its path or its text."""
    words = {re.sub(r"[^a-z0-9]", "", word) for word in table().entries[entry].words}
    python = ((module.path, module.source) for module in tree.derive(python_code).all)
    others = ((source.path, source.text.encode("utf-8", "replace")) for source in tree.derive(other_sources))
    for path, source in chain(python, others):
        if beside(path):
            continue
        if any(word in _plain(path) for word in words):
            return Location(path, note="its name")
        for number, line in enumerate(source.decode("utf-8", "replace").splitlines(), 1):
            if any(word in _plain(line[:500]) for word in words):
                return Location(path, number, note=line.strip()[:80])
    for file in tree.derive(paths.own_files):
        table_of_own = paths.suffix(file.path) in TABULAR and not beside(file.path)
        if table_of_own and any(word in _plain(paths.name(file.path)) for word in words):
            return Location(file.path, note="its name")
    return None


def _linked(tree: SourceTree, text: str) -> dict[str, int]:
    """The sets whose own address stands in a README beside which there is code, each with the line."""
    if not any(paths.language(file.path) or paths.suffix(file.path) in UNREAD_CODE for file in tree.files):
        return {}
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        for word in _APART.split(line[:2000]) if "/" in line else ():
            for entry, _ in in_shell(word, table()) if "/" in word else ():
                found.setdefault(entry, number)
    return found


def _named(tree: SourceTree, entry: str) -> Location | None:
    for file in tree.derive(paths.own_files):
        stem = re.sub(r"[-_.]", " ", paths.name(file.path).casefold())
        if paths.language(file.path) and not beside(file.path) and mentioned(stem, entry):
            return Location(file.path, note="its name")
    return None


def _plain(text: str) -> str:
    return text.casefold().replace("-", "").replace("_", "").replace(" ", "")
