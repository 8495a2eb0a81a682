"""Whether a classic teaching data set is what a repository is about.

The clues say what is used; here it is weighed against the rest of the repository. Every doubt ends in null, because a
wrong "this is the Titanic exercise" is worse than none.
"""

import re
from collections.abc import Iterable

import msgspec

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.ai_libraries import library_kind, words
from portfolio_audit.facts.data_sources import Source
from portfolio_audit.facts.dataset_clues import Clue, beside
from portfolio_audit.facts.dataset_table import STRONG, Tier, table
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.library import library
from portfolio_audit.facts.other_code import other_sources
from portfolio_audit.facts.python_code import python_code
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import SourceTree

SMALL = 12
"""Up to this many own source files a data set that is loaded anywhere is no side matter."""

PROJECT = 40
"""Up to this many own source files a model is trained on the one set that is seen; collections are larger."""

SHARE = 0.2
"""The share of the source files that must touch a set in a larger repository."""

MOST = 0.5
"""The same where the project has data of its own and the set itself is not committed."""

INTRODUCTION = 1500
"""Characters of a README within which it says what the project is about."""

OWN_FILES = 3
"""More own data files than this, and heavier ones, beside a committed set: which is the subject cannot be told."""

UPLOADS = frozenset("file_uploader UploadFile FileField secure_filename multer papaparse Papa.parse fileInput".split())
"""Calls and names by which a program takes a table from its user; a committed table is then perhaps only a sample."""

LOADERS = frozenset("data dataset datasets loaders data_loaders dataloaders".split())
"""Folders in which a file is named for what it loads."""

UNREAD_CODE = frozenset(".fs .fsx .lisp .vb .pas .zig .nim .f90 .groovy .pde .sas .wl".split())
"""Endings of source files in languages that nothing is read from, so that a project in one is not without code."""

UNMISTAKABLE = ("mnist", "fashion_mnist", "cifar10", "pima", "wine_quality")
"""Sets whose names mean nothing else (Titanic, Iris and Boston do), so a README alone may raise the question."""


OF_ANOTHER = re.compile(
    r"\b(?:kannada|kuzushiji|sign|language|cancer|audio|spoken|moving|arabic|bangla|chinese|not|med|[cekqn])[- _]?mnist"
    r"|mnist[- _]?(?:c|1d|3d)\b|ham10000|cifar[- _]?100"
)
"""Sets that took over a famous name."""


class Use(Value, frozen=True):
    """One data set in use: `weight` of the best clue (0 to 1), and the places, strongest first, at most six."""

    id: str
    name: str
    tier: Tier
    weight: float
    evidence: tuple[Location, ...]


class Reach(msgspec.Struct, frozen=True):
    """How far the classic sets reach: source files in all and touching them, the tables committed, whether code speaks
    of their columns, and whether it loads one by more than a file's name."""

    sources: int
    touching: int
    committed: frozenset[str]
    spoken_of: bool
    loaded: bool


def judge(
    tree: SourceTree, own: list[Use], clues: tuple[Clue, ...], others: tuple[Source, ...]
) -> tuple[bool | None, str]:
    """Whether a classic set is the main subject (null: cannot be told), and the reason in one phrase.

    `own` are the uses outside tests, examples and documentation, strongest first.
    """
    if tree.derive(library) is not None:
        return False, "a library for others to install"
    strong = [use for use in own if use.weight >= STRONG]
    classic = [use for use in strong if use.tier == "classic"]
    rest = [use for use in strong if use.tier in ("popular", "benchmark")]
    if not classic:
        if rest:
            return None, f"{rest[0].name}: popular, but on no classic list"
        hint = _hinted(readme_text(tree), own, others)
        return (None, f"only hints of {hint}") if hint else (False, "no classic teaching data set found")
    name, reach = classic[0].name, _reach(tree, {use.id for use in classic}, clues)
    benchmarks = [use for use in rest if use.tier == "benchmark"]
    title = title_of(readme_text(tree))
    in_title = any(mentioned(title, use.id) for use in classic) and not OF_ANOTHER.search(title)
    if benchmarks and len(benchmarks) >= len(classic) and not in_title:
        return None, f"{name} beside {benchmarks[0].name}"
    introduction = readme_text(tree)[:INTRODUCTION]
    named = any(mentioned(introduction, use.id) for use in classic)
    rival = _rival(tree, reach, others)
    if rival and (reach.committed or not named):
        return None, f"{name} beside {rival}"
    if not (reach.loaded or reach.spoken_of) and _takes_tables(tree):
        return None, f"{name} may be a sample: the code takes tables from its user"
    if not (named or in_title or reach.committed) and _demonstrated(clues, {use.id for use in classic}, reach):
        return None, f"{name} is met in the code as it is in its examples and tests"
    if len(classic) > 1 and not (named or in_title or any(_in_a_path(tree, use.id) for use in classic)):
        return None, f"{name} and {len(classic) - 1} more, none of them named as the subject"
    named = named or (not others and any(in_a_name(tree, use.id) for use in classic))
    single = len(strong) == 1 and not others and reach.sources <= PROJECT
    if not reach.sources or not (named or _central(reach) or (single and _trains(tree))):
        return None, f"{name} is met, but little of the code touches it"
    more = f" and {len(classic) - 1} more" if len(classic) > 1 else ""
    return True, f"the code works on {name}{more}"


def _reach(tree: SourceTree, ids: set[str], clues: tuple[Clue, ...]) -> Reach:
    sources = {
        file.path
        for file in tree.derive(paths.own_files)
        if (paths.language(file.path) or paths.suffix(file.path) in UNREAD_CODE) and not beside(file.path)
    }
    strong = [clue for clue in clues if clue.own and clue.dataset in ids and table().weights[clue.kind] >= STRONG]
    tables = {clue.where.path for clue in strong if clue.kind != "columns" and not paths.language(clue.where.path)}
    touching = sources.intersection(clue.where.path for clue in strong)
    spoken_of = any(clue.kind == "columns" and clue.where.path in sources for clue in strong)
    loaded = any(clue.kind in ("loader", "url", "id") and clue.where.path in sources for clue in strong)
    return Reach(len(sources), len(touching), frozenset(tables), spoken_of, loaded)


def _demonstrated(clues: tuple[Clue, ...], ids: set[str], reach: Reach) -> bool:
    """Whether classic sets are met in more files of tests and examples than of the project's own part."""
    aside = {
        clue.where.path
        for clue in clues
        if not clue.own
        and paths.language(clue.where.path)
        and table().weights[clue.kind] >= STRONG
        and table().entries[clue.dataset].tier == "classic"
    }
    return len(aside) > reach.touching and any(clue.dataset in ids for clue in clues if not clue.own)


def _takes_tables(tree: SourceTree) -> bool:
    for module in tree.derive(python_code).all:
        names = {name.rpartition(".")[2] for name in module.called} | {str(each.name) for each in module.imports}
        if names & UPLOADS:
            return True
    return any(source.words & UPLOADS for source in tree.derive(other_sources))


def _trains(tree: SourceTree) -> bool:
    """Whether own code trains a model: where no other data are seen, it is trained on the set that is."""
    learning = words("calls", "training")
    return any(
        not module.test
        and not beside(module.path)
        and any(library_kind("python", package) == "ml" for package in module.packages)
        and any(name.rpartition(".")[2] in learning for name in module.called)
        for module in tree.derive(python_code).all
    )


def _rival(tree: SourceTree, reach: Reach, others: tuple[Source, ...]) -> str | None:
    """Data of its own that may as well be the subject, in words; a database or a bucket may hold anything."""
    files = [source.where.path for source in others if source.kind == "file"]
    if reach.committed:
        heavier = _weigh(tree, files) > _weigh(tree, reach.committed)
        return f"{len(files)} data files of its own" if len(files) > OWN_FILES and heavier else None
    if reach.touching >= MOST * reach.sources:
        return None
    return next((f"data of its own ({source.name})" for source in others if source.kind in ("file", "api")), None)


def _weigh(tree: SourceTree, places: Iterable[str]) -> int:
    return sum(file.size for path in places if (file := tree.file(path)))


def _central(reach: Reach) -> bool:
    """Whether a set that the README does not name at once is the subject and no side use.

    A small repository, a good share of the code that touches it, or its table committed while the code speaks of its
    columns: each is enough.
    """
    central = reach.sources <= SMALL or reach.touching >= SHARE * reach.sources
    return central or (bool(reach.committed) and reach.spoken_of)


def _hinted(readme: str, own: list[Use], others: tuple[Source, ...]) -> str | None:
    """A classic set that a common file name or, where nothing else is seen, the README's first words point at."""
    named = [use.name for use in own if use.tier == "classic" and mentioned(readme, use.id)]
    if not named and not others:
        named = [table().entries[entry].name for entry in UNMISTAKABLE if mentioned(readme[:INTRODUCTION], entry)]
    return named[0] if named else None


def title_of(readme: str) -> str:
    """The first heading of a README, or its first line of text."""
    lines = [line.strip() for line in readme[:INTRODUCTION].splitlines()]
    headings = (line for line in lines if re.match(r"#{1,2}(?!#)|<h1", line))
    return next(headings, next((line for line in lines if line and line[0] not in "!<[.="), ""))[:300]


def mentioned(text: str, entry: str) -> bool:
    """Whether a text in lower case has one of the names of a set."""
    return any(re.search(rf"\b{re.escape(word)}\b", text) for word in table().entries[entry].words)


def in_a_name(tree: SourceTree, entry: str) -> bool:
    """Whether an own source file is named for the set ("titanic_model.py"), and is none of several loaders."""
    stems = (
        paths.name(file.path).casefold()
        for file in tree.derive(paths.own_files)
        if paths.language(file.path) and LOADERS.isdisjoint(paths.folders(file.path)[-1:])
    )
    return any(mentioned(re.sub(r"[-_.]", " ", stem), entry) for stem in stems)


def _in_a_path(tree: SourceTree, entry: str) -> bool:
    """The same of the folders too: exercises on a set are kept under its name, lessons and algorithms under theirs."""
    files = tree.derive(paths.own_files)
    names = {re.sub(r"[-_./]", " ", file.path.casefold()) for file in files if paths.language(file.path)}
    return any(mentioned(name, entry) for name in names)


def readme_text(tree: SourceTree) -> str:
    """The README in lower case, or nothing."""
    return readme_file(tree)[1]


def readme_file(tree: SourceTree) -> tuple[str, str]:
    """The README's path and its text in lower case; nothing twice if there is none or it could not be read."""
    for file in tree.files:
        folder, _, name = file.path.rpartition("/")
        if folder in ("", "docs", ".github") and name.lower().startswith("readme"):
            try:
                return file.path, tree.text(file.path).casefold()
            except Unavailable:
                continue
    return "", ""
