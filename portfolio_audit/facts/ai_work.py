"""Whether a repository is AI work: a model that learns or answers, a language model that is called, data that flow.

Read from code and manifests, never from a README. The bar is low on purpose: saying of somebody that no AI work was
found is an accusation, saying that some was found costs nothing. So a dependency stated in a manifest is enough, and a
network written without any library counts too.
"""

from collections.abc import Iterator
from functools import partial
from typing import ClassVar, Literal, Self

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.ai_imports import FAMILIES, imported, manifest_names
from portfolio_audit.facts.ai_libraries import Library, library_kind, pattern, words
from portfolio_audit.facts.data_sources import PACKAGES
from portfolio_audit.facts.dataset_clues import file_clues
from portfolio_audit.facts.dataset_code import code_clues
from portfolio_audit.facts.dataset_columns import column_clues
from portfolio_audit.facts.dataset_table import STRONG, table
from portfolio_audit.facts.fact import Location, TreeFact
from portfolio_audit.facts.library import library
from portfolio_audit.facts.other_code import other_sources
from portfolio_audit.facts.python_code import PythonModule, python_code
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import KIB, SourceTree

Kind = Literal["training", "inference", "llm", "embedding", "pipeline", "exercise"]
KINDS: tuple[Kind, ...] = ("training", "inference", "llm", "embedding", "pipeline", "exercise")

READABLE = frozenset({"Python", "Jupyter Notebook", *FAMILIES})
"""Languages in which libraries are recognised; of others nothing may be claimed to be absent."""

OWN_NAMES = 3
"""Different method names that must be defined before a repository counts as an implementation of its own."""

SHOWN = 4
STORES = ("joblib", "pickle", "cloudpickle", "dill", "skops")
_WRITES = (
    "to_csv",
    "to_parquet",
    "to_sql",
    "to_excel",
    "to_feather",
    "to_json",
    "write_parquet",
    "write_csv",
    "write_database",
    "to_gbq",
)
_STORED = (
    "writerow",
    "writerows",
    "dump",
    "execute",
    "executemany",
    "insert_one",
    "insert_many",
    "add",
    "bulk_save_objects",
)
_READS = ("read_", "scan_", "get", "urlopen", "urlretrieve", "execute", "connect")


class AiClue(Value, frozen=True):
    """One sign of AI work: what kind, the library or call that shows it, and where."""

    kind: Kind
    name: str
    where: Location


class AiWork(TreeFact, frozen=True):
    """The AI work of a tree. `kinds` in fixed order, empty if none was found; `evidence` at most four of each kind.

    "exercise" is work on a teaching data set of machine learning by whatever means, so that no such notebook is told
    to hold no AI work.

    `language` is the main one by bytes of own code, null without code; `readable` says whether libraries of that
    language are recognised. `searched` is the number of source files looked at.
    """

    version: ClassVar[str] = "1"
    kinds: tuple[Kind, ...] = ()
    evidence: tuple[AiClue, ...] = ()
    language: str | None = None
    readable: bool = True
    searched: int = 0

    @property
    def found(self) -> bool | None:
        """Whether there is AI work: true, false, or null where its absence cannot be claimed."""
        return True if self.kinds else None if self.incomplete or not self.readable else False

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        code = tree.derive(python_code)
        others = tree.derive(other_sources)
        clues = list(dict.fromkeys(_clues(tree)))
        shown = [clue for kind in KINDS for clue in [each for each in clues if each.kind == kind][:SHOWN]]
        language = main_language(tree)
        unread = f"{len(code.unread)} Python files or notebooks" if code.unread else None
        found = {clue.kind for clue in clues}
        return cls(
            unread,
            tuple(kind for kind in KINDS if kind in found),
            tuple(shown),
            language,
            language is None or language in READABLE,
            len(code.all) + len(others),
        )


def main_language(tree: SourceTree) -> str | None:
    """The language with most bytes of own code; notebooks count a fifth, as most of a stored notebook is no code."""
    size: dict[str, int] = {}
    for file in tree.derive(paths.own_files):
        language = paths.language(file.path)
        if language is not None:
            size[language] = size.get(language, 0) + (file.size // 5 if language == "Jupyter Notebook" else file.size)
    return max(sorted(size), key=size.__getitem__) if size else None


def _clues(tree: SourceTree) -> Iterator[AiClue]:
    for module in tree.derive(python_code).all:
        if not module.test:
            yield from _in_python(module)
    for source in tree.derive(other_sources):
        if paths.is_test(source.path):
            continue
        learns = not source.names.isdisjoint(words("calls", "training"))
        first = dict(reversed(list(imported(source))))
        for name, position in first.items():
            kind = library_kind(FAMILIES[source.language], name)
            if kind:
                yield AiClue(_kind(kind, learns), name, Location(source.path, source.line(position), note=name))
        for text, position in source.strings.items():
            if _address(text) and not source.commented(position):
                yield AiClue("llm", text[:60], Location(source.path, source.line(position), note=text[:80]))
    yield from _in_manifests(tree)
    yield from _own_methods(tree)
    for clue in tree.derive(file_clues) + tree.derive(code_clues) + tree.derive(column_clues):
        entry = table().entries[clue.dataset]
        strong = entry.tier != "synthetic" and table().weights[clue.kind] >= STRONG
        if strong and clue.own and tree.derive(library) is None:
            yield AiClue("exercise", entry.name, clue.where)


def _kind(library: Library, learns: bool = False) -> Kind:
    """What a library's use is called: a model library means training where something learns, else inference."""
    if library == "ml":
        return "training" if learns else "inference"
    return library


def _in_python(module: PythonModule) -> Iterator[AiClue]:
    last = {call.name.rpartition(".")[2]: call for call in reversed(module.calls)}
    learning = next((last[name] for name in last if name in words("calls", "training")), None)
    for each in module.imports:
        kind = library_kind("python", f"{each.module}.{each.name}" if each.name else each.module)
        if kind == "ml":
            place = learning.line if learning else each.line
            note = f"{each.package}: {learning.name}()" if learning else f"imports {each.module}"
            yield AiClue(_kind(kind, learning is not None), each.package, module.place(place, note=note))
        elif kind:
            yield AiClue(_kind(kind), each.module, module.place(each.line, note=f"imports {each.module}"))
    asking = sorted(last.keys() & words("calls", "inference"), key=lambda name: ("proba" not in name, name))
    asked = last[asking[0]] if asking else None
    if asked and ("proba" in asked.name or not module.packages.isdisjoint(STORES)):
        yield AiClue("inference", asked.name, module.place(asked.line, note=f"a stored model is asked: {asked.name}()"))
    for text in module.strings:
        if _address(text.text):
            yield AiClue("llm", text.text[:60], module.place(text.line, note=text.text[:80]))
    written = next((last[name] for name in _WRITES if name in last), None)
    if written is None and any(PACKAGES.get(package) == "scraper" for package in module.packages):
        written = next((last[name] for name in _STORED if name in last), None)
    if written and any(name.startswith(_READS) for name in last) and not module.notebook:
        yield AiClue(
            "pipeline",
            written.name,
            module.place(written.line, note=f"reads data and writes them on: {written.name}()"),
        )


def _in_manifests(tree: SourceTree) -> Iterator[AiClue]:
    definitions = words("files", "pipeline")
    for file in tree.derive(paths.own_files):
        name = paths.name(file.path).lower()
        if name in definitions:
            yield AiClue("pipeline", name, Location(file.path, note="defines a pipeline"))
        suffix = paths.suffix(file.path)
        if suffix in words("files", "models") and not paths.is_test(file.path):
            yield AiClue("inference", name, Location(file.path, note="a stored model"))
        if file.size > 256 * KIB:
            continue
        if suffix in (".yml", ".yaml") and "io.kestra" in _text(tree, file.path):
            yield AiClue("pipeline", "kestra", Location(file.path, note="defines a Kestra flow"))
        for family, dependency, line in manifest_names(name, partial(_text, tree, file.path)):
            kind = library_kind(family, dependency)
            if kind and not paths.is_test(file.path):
                where = Location(file.path, line, note=f"depends on {dependency}")
                yield AiClue(_kind(kind), dependency, where)


def _own_methods(tree: SourceTree) -> Iterator[AiClue]:
    """Methods written by hand: enough different names defined in Python, or met as stems of words elsewhere."""
    names = words("own", "names")
    defined: dict[str, Location] = {}
    for module in tree.derive(python_code).all:
        if not module.test:
            lines = {each.name: each.line for each in (*module.functions[::-1],)}
            lines.update({each.name: each.line for each in module.classes[::-1]})
            for name in names & lines.keys():
                defined.setdefault(name, module.place(lines[name]))
    met: dict[str, Location] = {}
    for source in tree.derive(other_sources):
        if paths.is_test(source.path):
            continue
        for stem in set(pattern("own", "stems").findall("\n".join(source.words).replace("_", "").lower())):
            met.setdefault(stem, Location(source.path))
        called = sorted(name for name in words("r", "words") if source.language == "R" and name in source.words)
        for name in called:
            if (position := source.text.find(f"{name}(")) >= 0:
                yield AiClue("training", name, Location(source.path, source.line(position), note=f"{name}()"))
                break
    for found in (defined, met):
        if len(found) >= OWN_NAMES:
            first = found[min(found)]
            said = ", ".join(sorted(found)[:5])
            yield AiClue(
                "training", "own implementation", Location(first.path, first.line, note=f"own methods: {said}")
            )


def _address(text: str) -> bool:
    return (
        ("." in text or ":" in text)
        and len(text) < 300
        and any(address in text for address in words("addresses", "llm"))
    )


def _text(tree: SourceTree, path: str) -> str:
    try:
        return tree.text(path)
    except Unavailable:
        return ""
