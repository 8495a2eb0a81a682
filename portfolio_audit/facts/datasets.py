"""Which teaching data sets a repository uses, and whether one of them is its main subject.

"Titanic, MNIST or Iris only" is the first mistake the guide names. It is also easy to accuse wrongly: libraries test on
iris, games are called Titanic, house prices may be scraped by hand. So a name alone never decides, libraries are never
accused, a popular table that is on no classic list is told as unclear, and what merely demonstrates is kept apart.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import ClassVar, Self

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.data_sources import Source, own_files, sources_in_code
from portfolio_audit.facts.dataset_clues import Clue, beside, file_clues
from portfolio_audit.facts.dataset_code import code_clues
from portfolio_audit.facts.dataset_columns import column_clues
from portfolio_audit.facts.dataset_table import STRONG, Entry, Tier, table
from portfolio_audit.facts.fact import Location, TreeFact
from portfolio_audit.facts.library import library
from portfolio_audit.facts.python_code import python_code
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import SourceTree

SMALL = 12
"""Up to this many own source files a data set that is loaded anywhere is no side matter."""

INTRODUCTION = 1500
"""Characters of a README within which it says what the project is about."""

SHOWN = 6
UNMISTAKABLE = ("mnist", "fashion_mnist", "cifar10", "pima", "wine_quality")
"""Sets whose names mean nothing else (Titanic, Iris and Boston do), so a README alone may raise the question."""

OWN_FILES = 3
"""More own data files than this, and heavier ones, beside a classic set: which is the subject cannot be told."""


class Use(Value, frozen=True):
    """One data set in use: `weight` of the best clue (0 to 1), and the places, strongest first, at most six."""

    id: str
    name: str
    tier: Tier
    weight: float
    evidence: tuple[Location, ...]


class Datasets(TreeFact, frozen=True):
    """Teaching data sets of a tree.

    `main`: a classic one is the main subject; null where it cannot be told (a popular but not classic set, several of
    equal standing, unread files). `datasets` are in the project's own part, `incidental` only in tests, examples,
    documentation or as a library's demonstration. `other_sources` is what else the data come from. `why` is the
    reason for `main` in one phrase.
    """

    version: ClassVar[str] = "1"
    main: bool | None = None
    why: str = ""
    datasets: tuple[Use, ...] = ()
    incidental: tuple[Use, ...] = ()
    other_sources: tuple[Source, ...] = ()

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        clues = _clues(tree)
        code = tree.derive(python_code)
        own = _uses(clue for clue in clues if clue.own)
        aside = _uses(clue for clue in clues if not clue.own)
        found = [use for use in own if use.weight >= STRONG]
        place = tree.derive(library)
        others = _other_sources(tree, found)
        main, why = _judge(tree, found, own, others, place)
        unread = [path for path in (*code.unread, *tree.unread) if paths.is_own(path) and _telling(path)]
        incomplete = f"{len(set(unread))} files that may name data" if unread else None
        if main is False and not found and incomplete:
            main, why = None, f"{incomplete} could not be read"
        demonstrated = found if place is not None else []
        listed = () if place is not None else tuple(found)
        kept = {use.id for use in listed}
        beside_it = {use.id: use for use in (*aside, *demonstrated) if use.weight >= STRONG and use.tier != "synthetic"}
        return cls(
            incomplete, main, why, listed, tuple(u for i, u in sorted(beside_it.items()) if i not in kept), others
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


def _judge(
    tree: SourceTree, found: list[Use], own: list[Use], others: tuple[Source, ...], place: Location | None
) -> tuple[bool | None, str]:
    classic = [use for use in found if use.tier == "classic"]
    rest = [use for use in found if use.tier in ("popular", "benchmark")]
    if place is not None:
        return False, "a library for others to install"
    if not classic:
        if rest:
            return None, f"{rest[0].name}: popular, but on no classic list"
        hint = _hinted(_readme(tree), own, others)
        return (None, f"only hints of {hint}") if hint else (False, "no classic teaching data set found")
    files = [source for source in others if source.kind == "file"]
    if len(files) > OWN_FILES and _weigh(tree, (f.where.path for f in files)) > _weigh(tree, _places(classic)):
        return None, f"{classic[0].name} beside {len(files)} data files of its own"
    benchmarks = [use for use in rest if use.tier == "benchmark"]
    if benchmarks and len(benchmarks) >= len(classic):
        return None, f"{classic[0].name} beside {benchmarks[0].name}"
    if not _central(tree, classic):
        return None, f"{classic[0].name} is met, but little of the code touches it"
    more = f" and {len(classic) - 1} more" if len(classic) > 1 else ""
    return True, f"the code works on {classic[0].name}{more}"


def _places(uses: list[Use]) -> set[str]:
    return {place.path for use in uses for place in use.evidence}


def _weigh(tree: SourceTree, places: Iterable[str]) -> int:
    """Bytes of the data files among these paths; code weighs nothing."""
    files = (tree.file(path) for path in places)
    return sum(file.size for file in files if file and not paths.language(file.path))


def _central(tree: SourceTree, classic: list[Use]) -> bool:
    """Whether the set is the subject and not a side use.

    A small repository, a good share of the code that touches it, its table committed while the code speaks of its
    columns, or a README that names it at once: each is enough.
    """
    sources = {
        file.path for file in tree.derive(paths.own_files) if paths.language(file.path) and not beside(file.path)
    }
    ids = {use.id for use in classic}
    clues = [clue for clue in _clues(tree) if clue.own and clue.dataset in ids and table().weights[clue.kind] >= STRONG]
    touching = sources.intersection(clue.where.path for clue in clues)
    if not sources:
        return False
    if len(sources) <= SMALL or len(touching) * 5 >= len(sources):
        return True
    committed = any(not paths.language(clue.where.path) and clue.kind != "columns" for clue in clues)
    spoken_of = any(clue.kind == "columns" and clue.where.path in sources for clue in clues)
    return (committed and spoken_of) or any(_mentioned(_readme(tree)[:INTRODUCTION], use.id) for use in classic)


def _hinted(readme: str, own: list[Use], others: tuple[Source, ...]) -> str | None:
    """A classic set that a common file name or, where nothing else is seen, the README's first words point at."""
    named = [use.name for use in own if use.tier == "classic" and _mentioned(readme, use.id)]
    if not named and not others:
        named = [table().entries[entry].name for entry in UNMISTAKABLE if _mentioned(readme[:INTRODUCTION], entry)]
    return named[0] if named else None


def _mentioned(readme: str, entry: str) -> bool:
    words = table().entries[entry].words
    return any(re.search(rf"\b{re.escape(word)}\b", readme) for word in words)


def _readme(tree: SourceTree) -> str:
    for file in tree.files:
        folder, _, name = file.path.rpartition("/")
        if folder in ("", "docs", ".github") and name.lower().startswith("readme"):
            try:
                return tree.text(file.path).casefold()
            except Unavailable:
                continue
    return ""


def _other_sources(tree: SourceTree, found: list[Use]) -> tuple[Source, ...]:
    entries = [table().entries[use.id] for use in found]
    columns = frozenset(
        column.casefold()
        for entry in entries
        for group in (entry.columns, *entry.headers)
        for column in group
        if len(column) > 1
    )
    known = _places(found)
    return (*sources_in_code(tree), *own_files(tree, known, columns))


def _telling(path: str) -> bool:
    """Whether an unread file could name the data. A data file is known by its id even where its bytes are missing."""
    return paths.suffix(path) in (".py", ".ipynb", ".r", ".rmd", ".jl") and not beside(path)
