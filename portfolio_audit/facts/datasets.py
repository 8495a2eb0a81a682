"""Which teaching data sets a repository uses, and whether one of them is its main subject.

"Titanic, MNIST or Iris only" is the first mistake the guide names. It is also easy to accuse wrongly: libraries test on
iris, games are called Titanic, house prices may be scraped by hand. So a name alone never decides, libraries are never
accused, a popular table that is on no classic list is told as unclear, and what merely demonstrates is kept apart.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import ClassVar, Self

from portfolio_audit.facts import paths
from portfolio_audit.facts.data_sources import Source, fetched, own_files, sources_in_code
from portfolio_audit.facts.dataset_clues import Clue, beside, file_clues
from portfolio_audit.facts.dataset_code import code_clues
from portfolio_audit.facts.dataset_columns import column_clues
from portfolio_audit.facts.dataset_subject import Use, judge
from portfolio_audit.facts.dataset_table import STRONG, Entry, table
from portfolio_audit.facts.dataset_title import titled
from portfolio_audit.facts.fact import Location, TreeFact
from portfolio_audit.facts.library import library
from portfolio_audit.facts.python_code import python_code
from portfolio_audit.facts.words import counted
from portfolio_audit.tree import SourceTree

SHOWN = 6


class Datasets(TreeFact, frozen=True):
    """Teaching data sets of a tree.

    `main`: a classic one is the main subject; null where it cannot be told (a popular but not classic set, several of
    equal standing, unread files). `datasets` are in the project's own part, `incidental` only in tests, examples,
    documentation or as a library's demonstration. `other_sources` is what else the data come from, `fetched` where code
    asks an address for something; they decide nothing. `why` is the reason for `main` in one phrase.
    """

    version: ClassVar[str] = "12"
    main: bool | None = None
    why: str = ""
    datasets: tuple[Use, ...] = ()
    incidental: tuple[Use, ...] = ()
    other_sources: tuple[Source, ...] = ()
    fetched: tuple[Location, ...] = ()

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        clues = _clues(tree)
        code = tree.derive(python_code)
        own = _uses(clue for clue in clues if clue.own)
        aside = _uses(clue for clue in clues if not clue.own)
        found = [use for use in own if use.weight >= STRONG]
        place = tree.derive(library)
        others = _other_sources(tree, found)
        main, why = judge(tree, own, clues, others)
        use = titled(tree, clues) if not found and not others and place is None else None
        if use is not None:
            found, main, why = [use], True, f"the code works on {use.name}"
        unread = [path for path in (*code.unread, *tree.unread) if paths.is_own(path) and _telling(path)]
        incomplete = f"{counted(len(set(unread)), 'file')} that may name data" if unread else None
        if main is False and not found and incomplete:
            main, why = None, f"{incomplete} could not be read"
        demonstrated = found if place is not None else []
        listed = () if place is not None else tuple(found)
        kept = {use.id for use in listed}
        beside_it = {use.id: use for use in (*aside, *demonstrated) if use.weight >= STRONG and use.tier != "synthetic"}
        return cls(
            incomplete,
            main,
            why,
            listed,
            tuple(u for i, u in sorted(beside_it.items()) if i not in kept),
            others,
            fetched(tree),
        )


def _clues(tree: SourceTree) -> tuple[Clue, ...]:
    return tree.derive(file_clues) + tree.derive(code_clues) + tree.derive(column_clues)


def _uses(clues: Iterable[Clue]) -> list[Use]:
    """Uses by weight; a name that only looks alike counts little, and several such never add up to a strong one."""
    by_entry: dict[str, list[Clue]] = defaultdict(list)
    for clue in clues:
        by_entry[clue.dataset].append(clue)
    known = table()
    uses = []
    for i, found in by_entry.items():
        found.sort(key=lambda clue: (-known.weights[clue.kind], clue.where.path, clue.where.line or 0))
        entry: Entry = known.entries[i]
        places = tuple(dict.fromkeys(clue.where for clue in found))[:SHOWN]
        uses.append((-len(found), Use(i, entry.name, entry.tier, known.weights[found[0].kind], places)))
    return [use for _, use in sorted(uses, key=lambda item: (-item[1].weight, item[0], item[1].id))]


def _other_sources(tree: SourceTree, found: list[Use]) -> tuple[Source, ...]:
    entries = [table().entries[use.id] for use in found]
    columns = frozenset(
        column.casefold()
        for entry in entries
        for group in (entry.columns, *entry.headers)
        for column in group
        if len(column) > 1
    )
    known = {place.path for use in found for place in use.evidence}
    return (*sources_in_code(tree), *own_files(tree, known, columns))


def _telling(path: str) -> bool:
    """Whether an unread file could name the data. A data file is known by its id even where its bytes are missing."""
    return paths.suffix(path) in (".py", ".ipynb", ".r", ".rmd", ".jl") and not beside(path)
