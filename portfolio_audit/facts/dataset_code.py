"""Teaching data sets in code: loaders, ids, addresses, file names and column names, for Python and other languages.

Python comes parsed from `python_code`, other languages as words and strings from `other_code`.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator
from functools import partial
from itertools import islice

from portfolio_audit.facts.dataset_clues import Clue, is_aside, named_file
from portfolio_audit.facts.dataset_table import Table, table
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.other_code import OtherSource, other_sources
from portfolio_audit.facts.python_code import PythonModule, Text, python_code
from portfolio_audit.tree import SourceTree

ALIASES = {
    "gym.make": "gymnasium.make",
    "pandas_datareader.data.DataReader": "",
    "surprise.dataset.Dataset.load_builtin": "surprise.Dataset.load_builtin",
}
_BY_NAME = frozenset("load_dataset fetch_openml load get_rdataset data make load_builtin".split())
"""Last parts of loaders that are told which data set to load."""

_DATA_CALL = re.compile(r"\bdata\(\s*[\"']?([\w.]{2,40})")
_R_FUNCTION = re.compile(r"^([\w.]{1,80})[ \t]*(?:<-|=)[ \t]*function\b", re.MULTILINE)
_DEMONSTRATES = re.compile(r"(?:^|[._])(?:tests?|demo|examples?)(?:[._]|$)", re.IGNORECASE)
_JULIA_DATA = re.compile(r"\bdataset\(\s{0,9}\"\w{1,20}\"\s{0,9},\s{0,9}\"([\w.]{2,40})\"")
_INPUT = re.compile(r"kaggle/input/(?:competitions/|datasets/[\w-]+/)?([\w-]+)|\.\./input/([\w-]+)")
_KAGGLE = re.compile(
    r"kaggle (competitions|datasets) download([^\n;&|]{0,200})|kaggle\.com/(?:c|competitions|datasets)/([\w/-]+)"
)
_SHELL = re.compile(rb"^[ \t]*# ?[!%][^\n]{3,500}", re.MULTILINE)


def code_clues(tree: SourceTree) -> tuple[Clue, ...]:
    """Clues in all own code, column names excepted. Use it as `tree.derive(code_clues)`."""
    found: list[Clue] = []
    for module in tree.derive(python_code).all:
        found += _in_python(module, table())
    for source in tree.derive(other_sources):
        found += _in_other(source, table())
    return tuple(found)


def canonical(name: str) -> str:
    """A resolved dotted name as the table spells it."""
    name = name.removeprefix("tensorflow.python.").removeprefix("tensorflow.") if ".keras." in name else name
    name = name.replace("statsmodels.api.", "statsmodels.")
    return ALIASES.get(name, name)


def _in_python(module: PythonModule, known: Table) -> Iterator[Clue]:
    clue = partial(Clue, own=not is_aside(module.path))
    for each in module.imports:
        entry = known.loaders.get(canonical(f"{each.module}.{each.name}")) if each.name else None
        if entry:
            yield clue(entry, "loader", module.place(each.line, note=f"from {each.module} import {each.name}"))
    keras = not module.packages.isdisjoint(("keras", "tensorflow"))
    starred = tuple(each.module for each in module.imports if each.name == "*")
    calls = module.calls_of([name for name in module.called if _may_load(name, keras, known)])
    for call in calls:
        entry, kind = _called(module, call.name, call.text, keras, starred, known)
        if entry:
            yield clue(entry, kind, module.place(call.line, note=_spoken(call.name, call.text)))
    yield from _chosen(module, {call.name for call in calls if call.text is None}, known)
    for text in module.strings_of(_may_name):
        for entry, kind in in_string(text.text, known):
            yield clue(entry, kind, module.place(text.line, note=text.text[:80]))
    if module.notebook and b"!" in module.source:
        for line in _SHELL.finditer(module.source):
            number = module.source.count(b"\n", 0, line.start()) + 1
            for entry, kind in in_shell(line[0].decode("utf-8", "replace"), known):
                yield clue(entry, kind, module.place(number, note="shell line"))


def _chosen(module: PythonModule, calls: Collection[str], known: Table) -> Iterator[Clue]:
    """Sets that a call loads by a name that it is given: the first place of each that the file writes out."""
    functions = {canonical(module.resolve(name)) for name in calls if name.rpartition(".")[2] in _BY_NAME}
    names = {text: entry for (function, text), entry in known.named.items() if function in functions}
    first: dict[str, Text] = {}
    for text in module.strings_of(lambda text: text.casefold() in names) if names else ():
        first.setdefault(names[text.text.casefold()], text)
    for entry, text in first.items():
        yield Clue(entry, "loader", module.place(text.line, note=f'"{text.text}"'), not is_aside(module.path))


def _called(
    module: PythonModule, name: str, text: str | None, keras: bool, starred: tuple[str, ...], known: Table
) -> tuple[str | None, str]:
    last = name.rpartition(".")[2]
    if text is not None and last in _BY_NAME:
        function = canonical(module.resolve(name))
        entry = known.named.get((function, text.casefold()))
        if entry:
            return entry, "loader"
        if function == "datasets.load_dataset" or (last == "load_dataset" and "datasets" in module.packages):
            return known.hub.get(text.casefold()), "id"
        return None, ""
    if last in known.endings:
        function = canonical(module.resolve(name))
        entry = known.loaders.get(function) or known.loaders.get(function.rpartition(".")[0])
        if entry is None and starred and "." not in name:
            entry = next(
                (known.loaders[f"{star}.{name}"] for star in starred if f"{star}.{name}" in known.loaders), None
            )
        return entry, "loader"
    if keras and last == "load_data":
        owner = name.rpartition(".")[0].rpartition(".")[2]
        return known.loaders.get(f"keras.datasets.{owner}"), "loader"
    return None, ""


def _may_load(name: str, keras: bool, known: Table) -> bool:
    last = name.rpartition(".")[2]
    return last in known.endings or last in _BY_NAME or (keras and last == "load_data")


def _may_name(text: str) -> bool:
    return ("." in text or "/" in text or "aclImdb" in text or "ubyte" in text) and len(text) >= 4


def in_string(text: str, known: Table) -> Iterator[tuple[str, str]]:
    """Entry and kind for what a string literal names: an address, a platform id, a file."""
    if not _may_name(text):
        return
    if "/" in text:
        if "://" in text or "www." in text or text.count("/") >= 2:
            entry = known.url(text)
            if entry:
                yield entry, "url"
                return
        lower = text.casefold()
        entry = known.kaggle.get(lower) or (known.hub.get(lower) if lower.count("/") == 1 else None)
        if entry:
            yield entry, "id"
            return
        if "input/" in text:
            found = _INPUT.search(text)
            entry = known.folders.get((found[1] or found[2]).casefold()) if found else None
            if entry:
                yield entry, "id"
                return
    if len(text) > 300 or "\n" in text:
        return
    parts = text.replace("\\", "/").split("/")
    for end in range(max(1, len(parts) - 2), len(parts) + 1):
        entry = named_file("/".join(parts[:end]), known) if 4 <= len(parts[end - 1]) <= 80 else None
        if entry:
            yield entry, "url" if "://" in text else "file"
            return


def in_shell(line: str, known: Table) -> Iterator[tuple[str, str]]:
    """Entry and kind for what a line of a shell or of prose names: an address, or a page or download of Kaggle."""
    entry = known.url(line)
    if entry:
        yield entry, "url"
    for found in _KAGGLE.finditer(line):
        for word in re.split(r"[\s=]+", found[2] or found[3] or ""):
            word = word.casefold()
            entry = (
                known.kaggle.get(word) or known.competitions.get(word) or known.competitions.get(word.partition("/")[0])
            )
            if entry:
                yield entry, "id"


def _in_other(source: OtherSource, known: Table) -> Iterator[Clue]:
    clue = partial(Clue, own=not is_aside(source.path))
    seen: set[tuple[str, str]] = set()
    for entry, kind, position in _places(source, known):
        if (entry, kind) not in seen:
            seen.add((entry, kind))
            line = source.text[position : position + 80].partition("\n")[0]
            yield clue(entry, kind, Location(source.path, source.line(position), note=line))


def _places(source: OtherSource, known: Table) -> Iterator[tuple[str, str, int]]:
    for text, position in source.strings_of(lambda text: _may_name(text) and any(in_string(text, known))).items():
        for entry, kind in in_string(text, known):
            if not source.commented(position):
                yield entry, kind, position
    if source.language == "Shell":
        for line in re.finditer(r"[^\n]{4,500}", source.text):
            for entry, kind in in_shell(line[0], known):
                if not source.commented(line.end()):
                    yield entry, kind, line.start()
    if source.language == "R":
        for name in sorted(source.words & known.r.keys()):
            places = (position for position in source.positions(name) if not _demonstrated(source, position))
            yield from ((known.r[name], "loader", position) for position in islice(places, 1))
        for call in _DATA_CALL.finditer(source.text) if "data" in source.words else ():
            meant = call[1] in known.r_data and not _demonstrated(source, call.start())
            if meant and not source.commented(call.start()):
                yield known.r_data[call[1]], "loader", call.start()
    else:
        julia = source.language == "Julia"
        for name, parts in known.other_words.items():
            if parts <= source.names and (julia or name in source.text):
                spelled = name if name in source.text else name.rpartition(".")[2]
                yield from ((known.other[name], "loader", place) for place in islice(source.positions(spelled), 1))
        for call in _JULIA_DATA.finditer(source.text) if julia and "RDatasets" in source.names else ():
            if call[1] in known.r_data and not source.commented(call.start()):
                yield known.r_data[call[1]], "loader", call.start()


def _demonstrated(source: OtherSource, position: int) -> bool:
    """Whether this stands in an R function that is called a test or an example of the code beside it."""
    spans = source.derive(_demonstrations)
    at = bisect_left(spans, (position, 0)) - 1
    return at >= 0 and position < spans[at][1]


def _demonstrations(source: OtherSource) -> tuple[tuple[int, int], ...]:
    functions = list(_R_FUNCTION.finditer(source.text)) if "function" in source.words else []
    ends = [each.start() for each in functions[1:]] + [len(source.text)]
    spans = []
    for each, end in zip(functions, ends, strict=False):
        if _DEMONSTRATES.search(each[1]):
            closed = source.text.find("\n}", each.end(), end)
            spans.append((each.end(), end if closed < 0 else closed))
    return tuple(spans)


def _spoken(name: str, text: str | None) -> str:
    return f"{name}({text})"[:80] if text else name[:80]
