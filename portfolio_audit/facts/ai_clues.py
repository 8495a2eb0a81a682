"""The single signs of AI work: in Python, in other languages, in manifests, in methods written by hand.

What each library, call and address stands for is data (`data/ai_libraries.toml`); here it is only found.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, partial
from typing import Literal

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.ai_calls import model_calls
from portfolio_audit.facts.ai_imports import FAMILIES, imported, manifest_names
from portfolio_audit.facts.ai_libraries import (
    Library,
    library_kind,
    may_address,
    may_address_by,
    may_import,
    pattern,
    words,
)
from portfolio_audit.facts.blog_sites import find_sites
from portfolio_audit.facts.data_sources import PACKAGES
from portfolio_audit.facts.dataset_clues import file_clues
from portfolio_audit.facts.dataset_code import code_clues
from portfolio_audit.facts.dataset_columns import column_clues
from portfolio_audit.facts.dataset_table import STRONG, table
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.library import library
from portfolio_audit.facts.other_code import OtherSource, other_sources
from portfolio_audit.facts.pipeline_scripts import sql_steps
from portfolio_audit.facts.python_code import Import, PythonModule, python_code
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import KIB, SourceTree

Kind = Literal["training", "inference", "llm", "embedding", "pipeline", "exercise"]
KINDS: tuple[Kind, ...] = ("training", "inference", "llm", "embedding", "pipeline", "exercise")

OWN_NAMES = 3
"""Different method names that must be defined before a repository counts as an implementation of its own."""

SHOWN = 4
"""Clues of a kind that are kept, of a repository and of a file."""

_PREPARING = ("fit_transform()", "fit_resample()", "create_study()")
"""Calls that learn from data too or make ready to, but of which a reader would not say that they train a model."""

_READY = re.compile(
    r"(?i)scaler|(?<!auto)(?<!auto_)encoder(?!_?decoder)|imputer|vectori[sz]er|tokeni[sz]er|preprocess|(?:^|[._])processor(?:_?obj)?$|transformer|discreti[sz]er|binari[sz]er|normali[sz]er"
    r"|selector|pca|tfidf|resampl|ohe$|(?:^|[._])le$"
)
"""Names of what learns from data only to make them ready."""

STORES = ("joblib", "pickle", "cloudpickle", "dill", "skops")


class AiClue(Value, frozen=True):
    """One sign of AI work: what kind, the library or call that shows it, and where."""

    kind: Kind
    name: str
    where: Location


def ai_clues(tree: SourceTree) -> Iterator[AiClue]:
    """Every sign of AI work in the own files of a tree, tests left out."""
    for module in tree.derive(python_code).all:
        if not module.test:
            yield from _in_python(module)
    for source in tree.derive(other_sources):
        if not paths.is_test(source.path):
            yield from _in_other(source)
    yield from _in_manifests(tree)
    yield from _own_methods(tree)
    steps = tree.derive(sql_steps)
    if len({stage for step in steps for stage in step.stages}) > 1:
        for step in steps[:SHOWN]:
            yield AiClue(
                "pipeline", "SQL", Location(step.path, step.where.line, note=f"a step in SQL: {step.stages[0]}")
            )
    # What the pages of a site offer for download is no work of the site.
    files = () if tree.derive(find_sites) else tree.derive(file_clues)
    for clue in (*files, *tree.derive(code_clues), *tree.derive(column_clues)):
        entry = table().entries[clue.dataset]
        strong = entry.tier != "synthetic" and table().weights[clue.kind] >= STRONG
        if strong and clue.own and tree.derive(library) is None:
            yield AiClue("exercise", entry.name, clue.where)


def telling(clue: AiClue) -> int:
    """How well a clue shows the work, best first: in a file, in a manifest, in a notebook, what only prepares data."""
    if _only_readies(clue.where.note.rpartition(" ")[2]) or is_support(clue):
        return 3
    if clue.where.path.endswith(".ipynb"):
        return 2
    # An address may only be asked whether something answers there.
    return 1 if "://" in clue.where.note or clue.where.note.startswith(("depends on", "own methods")) else 0


def is_support(clue: AiClue) -> bool:
    """Whether the clue is only the import of a helper around models, so that it shows none."""
    return clue.where.note.startswith("imports ") and _helps(clue.name)


def _helps(name: str) -> bool:
    """Whether a dotted name is that of a helper around models, or below one."""
    parts = name.split(".")[:4]
    names = {".".join(parts[:end]) for end in range(1, len(parts) + 1)}
    return not names.isdisjoint(words("support", "python"))


def _in_other(source: OtherSource) -> Iterator[AiClue]:
    """At most a few clues of a kind for one file: to find the line of each costs the length of the file."""
    learns = not source.names.isdisjoint(words("calls", "training"))
    shown: Counter[Kind] = Counter()
    first: dict[str, int] = {}
    family = FAMILIES.get(source.language)
    for name, position in imported(source) if family and may_import(family, source.names) else ():
        first.setdefault(name, position)
    for name, position in first.items():
        library = library_kind(family, name) if family else None
        kind = _kind(library, learns) if library else None
        if kind and shown[kind] < SHOWN:
            shown[kind] += 1
            yield AiClue(kind, name, Location(source.path, source.line(position), note=name))
    addressed = source.strings_of(_address) if may_address_by(source.names, source.text) else {}
    addresses = 0
    for text, position in addressed.items():
        if addresses < SHOWN and not source.commented(position):
            addresses += 1
            yield AiClue("llm", text[:60], Location(source.path, source.line(position), note=text[:80]))


def addressed_providers(clues: Iterable[AiClue]) -> Iterator[AiClue]:
    """The first clue for each known address of language models, with the address as its name."""
    known = sorted(words("addresses", "llm"))
    seen: set[str] = set()
    for clue in clues:
        if clue.kind == "llm" and not clue.where.note.startswith(("imports ", "depends on ")):
            for address in known:
                if address in clue.where.note and address not in seen:
                    seen.add(address)
                    yield AiClue("llm", address, clue.where)


def _kind(library: Library, learns: bool = False) -> Kind:
    """What a library's use is called: a model library means training where something learns, else inference."""
    if library == "ml":
        return "training" if learns else "inference"
    return library


def _whole(each: Import) -> str:
    return f"{each.module}.{each.name}" if each.name else each.module


def _in_python(module: PythonModule) -> Iterator[AiClue]:
    telling = [name for name in module.called if name.rpartition(".")[2] in _telling()]
    calls = sorted(module.calls_of(telling), key=lambda call: (_prepares(call.name), call.line))
    last = {call.name.rpartition(".")[2]: call for call in reversed(calls)}
    learned = [call for name, call in last.items() if name in words("calls", "training")]
    learning = min(learned, key=lambda call: _only_readies(f"{call.name}()"), default=None)
    kinds = [(each, library_kind("python", _whole(each))) for each in module.imports]
    called = model_calls(module, [(each, _helps(_whole(each))) for each, kind in kinds if kind])
    for each, kind in kinds:
        if kind is None:
            continue
        whole = _whole(each)
        name = each.package if kind == "ml" else whole if whole in words("support", "python") else each.module
        shown = learning if learning and kind == "ml" else called.get(each)
        note = f"{each.package}: {shown.name}()" if shown else f"imports {each.module}"
        where = module.place(shown.line if shown else each.line, note=note)
        yield AiClue(_kind(kind, learning is not None), name, where)
    asking = sorted(last.keys() & words("calls", "inference"), key=lambda name: ("proba" not in name, name))
    asked = last[asking[0]] if asking else None
    if asked and ("proba" in asked.name or _loads(module)):
        yield AiClue("inference", asked.name, module.place(asked.line, note=f"a stored model is asked: {asked.name}()"))
    for text in module.strings_of(_address) if may_address(module.dotted, module.source) else ():
        yield AiClue("llm", text.text[:60], module.place(text.line, note=text.text[:80]))
    reads = tuple(words("calls", "reads"))
    written = next((last[name] for name in sorted(words("calls", "writes")) if name in last), None)
    if written is None and any(PACKAGES.get(package) == "scraper" for package in module.packages):
        written = next((last[name] for name in sorted(words("calls", "stores")) if name in last), None)
    if written and not module.notebook and any(name.rpartition(".")[2].startswith(reads) for name in module.called):
        yield AiClue(
            "pipeline",
            written.name,
            module.place(written.line, note=f"reads data and writes them on: {written.name}()"),
        )


def _loads(module: PythonModule) -> bool:
    """Whether a file reads what a package that stores models wrote."""
    return any(
        package in STORES and "load" in name.rpartition(".")[2].lower()
        for package, name in ((module.resolve(name).partition(".")[0], name) for name in module.called)
    )


def _only_readies(call: str) -> bool:
    """Whether a call ("scaler.fit()") makes data ready or sets out to learn, and trains no model."""
    return call.endswith(_PREPARING) or (call.endswith("()") and _prepares(call[:-2]))


def _prepares(name: str) -> bool:
    """Whether what is called belongs to something that makes data ready, by its name ("self.scaler.fit")."""
    return _READY.search(name.rpartition(".")[0]) is not None


@cache
def _telling() -> frozenset[str]:
    """Last parts of calls that say something about a Python file."""
    return frozenset[str]().union(*(words("calls", kind) for kind in ("training", "inference", "writes", "stores")))


def _in_manifests(tree: SourceTree) -> Iterator[AiClue]:
    definitions = words("files", "pipeline")
    for file in tree.derive(paths.own_files):
        name = paths.name(file.path).lower()
        if name in definitions:
            yield AiClue("pipeline", name, Location(file.path, note="defines a pipeline"))
        suffix = paths.suffix(file.path)
        if suffix in words("files", "models") and not paths.is_test(file.path) and not tree.derive(find_sites):
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
            lines = {each.name: each.line for each in module.functions[::-1] if each.name in names}
            lines.update({each.name: each.line for each in module.classes[::-1] if each.name in names})
            for name, line in lines.items():
                defined.setdefault(name, module.place(line))
    met: dict[str, Location] = {}
    others = [source for source in tree.derive(other_sources) if not paths.is_test(source.path)]
    everything = _plainly(frozenset[str]().union(*(source.words for source in others)))
    stems = [stem for stem in words("own", "stems") if stem in everything]
    for source in others:
        said = _plainly(source.words) if len(stems) >= OWN_NAMES else ""
        if any(stem in said for stem in stems):
            for stem in set(pattern("own", "stems").findall(said)):
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


def _plainly(those: frozenset[str]) -> str:
    """Words one below the other, in small letters and without what joins their parts."""
    return "\n".join(those).replace("_", "").lower()


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
