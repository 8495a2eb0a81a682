"""The skills of the guide and the signs of their tools, from data (`data/skills.toml`), made ready to be looked up.

A rule that can match nothing, an unknown key or a doubled name is an error when the table is loaded, so that a new line
is either understood or refused.
"""

import re
from collections import defaultdict
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple
from zlib import crc32

import msgspec

from portfolio_audit.facts.words import load_table
from portfolio_audit.snapshot import Value

SPECIAL = frozenset(
    "modules notebooks recursion classes inheritance abstract records sql stored split databricks databricks-ml streams"
    " runs registry".split()
)
"""What `special` may name: worked out by the program, see `skill_uses`."""

FAMILIES = ("r", "julia", "javascript", "go", "rust", "jvm", "cpp", "dotnet", "swift")
_PATTERN = re.compile(r"([\w.]+\*?)(?::([^()\s:]+))?(?:\(([^()\s]+)\))?")


class Marked(Value, frozen=True, rename={"files": "in"}):
    """Files (by name or folder, stars allowed at one end) in which a line that is no comment holds one of the marks.

    `runs` are commands that a line must begin with (or a part of it: "cd x && aws …") instead. `within` is a word that
    a folder above the file must hold, `beside` names packages of which the code of the repository must import one.
    """

    files: str
    has: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    within: str = ""
    beside: str = ""


class Tool(Value, frozen=True):
    """One tool, method or habit, and the signs of its use; what the signs mean is said in the data."""

    name: str
    python: str = ""
    calls: str = ""
    bases: str = ""
    unless: str = ""
    methods: str = ""
    defines: str = ""
    classes: str = ""
    without: str = ""
    files: str = ""
    text: tuple[Marked, ...] = ()
    r: str = ""
    julia: str = ""
    javascript: str = ""
    go: str = ""
    rust: str = ""
    jvm: str = ""
    cpp: str = ""
    dotnet: str = ""
    swift: str = ""
    r_calls: str = ""
    go_calls: str = ""
    javascript_calls: str = ""
    special: str = ""
    signs: str = ""
    unseen: str = ""

    @property
    def id(self) -> str:
        """The name as an identifier: "Weights & Biases" is "weights-biases"."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")


class Skill(Value, frozen=True):
    """A row of the map: tools that show the same thing. `unseen` is its title where none of them is seen."""

    id: str
    layer: str
    title: str
    tools: tuple[Tool, ...]
    unseen: str = ""


class Layer(Value, frozen=True):
    """A layer of the guide; `guide` names the section, `note` says what its rows cannot show."""

    id: str
    title: str
    guide: str
    note: str = ""


class SkillTable(Value, frozen=True):
    """All layers in the guide's order, and their skills."""

    layer: tuple[Layer, ...]
    skill: tuple[Skill, ...]

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The tools of all skills."""
        return tuple(tool for skill in self.skill for tool in skill.tools)


class Pattern(NamedTuple):
    """Names of a package, see the data: any of it, or those with one of the `words` among their parts.

    `arguments` are what the first string of a call may be, where that matters.
    """

    tool: str
    package: str
    words: frozenset[str]
    starred: tuple[str, ...]
    arguments: tuple[str, ...]

    def matches(self, name: str) -> bool:
        """Whether a resolved dotted name is one of these."""
        rest = below(name, self.package)
        if rest is None:
            return False
        if not self.words and not self.starred:
            return True
        parts = rest.split(".")
        if not self.words.isdisjoint(parts):
            return True
        return any(fits(part, word) for word in self.starred for part in parts)


def below(name: str, package: str) -> str | None:
    """What follows the package in a dotted name, or None if the name is not of it."""
    if package.endswith("*"):
        top, _, rest = name.partition(".")
        return rest if top.startswith(package[:-1]) else None
    if name.startswith(package) and name[len(package) : len(package) + 1] in (".", ""):
        return name[len(package) + 1 :]
    return None


def fits(text: str, pattern: str) -> bool:
    """Whether a text is the pattern; a star at its beginning, end or both stands for any letters."""
    if pattern.startswith("*"):
        bare = pattern.strip("*")
        return bare in text if pattern.endswith("*") else text.endswith(bare)
    return text.startswith(pattern[:-1]) if pattern.endswith("*") else text == pattern


def patterns(tool: Tool, text: str) -> tuple[Pattern, ...]:
    """The patterns of a line of the data. Raises ValueError for one that is not understood."""
    made = []
    for said in text.split():
        found = _PATTERN.fullmatch(said)
        if found is None:
            raise ValueError(f"{tool.name}: {said!r} is no pattern")
        words, arguments = ((found[group] or "").split("|") if found[group] else [] for group in (2, 3))
        plain = frozenset(word for word in words if "*" not in word)
        starred = tuple(word for word in words if "*" in word)
        made.append(Pattern(tool.id, found[1], plain, starred, tuple(arguments)))
    return tuple(made)


@cache
def skill_table() -> SkillTable:
    """The table. Raises msgspec.ValidationError or ValueError for data that are not understood."""
    table = msgspec.convert(load_table("skills"), SkillTable)
    ids = [tool.id for tool in table.tools] + [skill.id for skill in table.skill]
    twice = sorted({id for id in ids if ids.count(id) > 1})
    if twice:
        raise ValueError(f"named twice: {', '.join(twice)}")
    layers = {layer.id for layer in table.layer}
    for skill in table.skill:
        if skill.layer not in layers:
            raise ValueError(f"{skill.id}: there is no layer {skill.layer!r}")
    for tool in table.tools:
        if tool.special and tool.special not in SPECIAL:
            raise ValueError(f"{tool.name}: nothing special is called {tool.special!r}")
        for text in (tool.python, tool.calls, tool.bases, tool.methods):
            patterns(tool, text)
        for name in (*tool.files.split(), *(name for mark in tool.text for name in mark.files.split())):
            if not re.fullmatch(r"\*\.\w+|[^*]+\*?", name):
                raise ValueError(f"{tool.name}: {name!r} is neither *.ending, a name, nor a beginning with a star")
    return table


@cache
def _by_package(field: str) -> tuple[dict[str, list[Pattern]], list[Pattern]]:
    """The patterns of a field by top-level package, and those whose package ends in a star."""
    exact: dict[str, list[Pattern]] = defaultdict(list)
    open_ended: list[Pattern] = []
    for tool in skill_table().tools:
        for made in patterns(tool, getattr(tool, field)):
            if made.package.endswith("*"):
                open_ended.append(made)
            else:
                exact[made.package.partition(".")[0]].append(made)
    return dict(exact), open_ended


@lru_cache(maxsize=4096)
def is_wanted(package: str) -> bool:
    """Whether anything is known of a top-level package."""
    return any(
        package in exact or any(package.startswith(made.package[:-1]) for made in open_ended)
        for exact, open_ended in map(_by_package, ("python", "calls", "bases", "methods"))
    )


@lru_cache(maxsize=16_384)
def named(field: str, name: str) -> tuple[Pattern, ...]:
    """The patterns of `python`, `calls` or `bases` that a resolved name matches."""
    exact, open_ended = _by_package(field)
    top = name.partition(".")[0]
    return tuple(made for made in (*exact.get(top, ()), *open_ended) if made.matches(name))


@lru_cache(maxsize=4096)
def methods(packages: frozenset[str]) -> dict[str, tuple[tuple[str, Pattern], ...]]:
    """For a file that imports these packages, by the last part of a method's name: the whole ending, the pattern."""
    found: dict[str, list[tuple[str, Pattern]]] = defaultdict(list)
    exact, open_ended = _by_package("methods")
    rows = [made for package in sorted(packages) for made in exact.get(package, ())]
    rows += [made for made in open_ended if any(each.startswith(made.package[:-1]) for each in packages)]
    for made in rows:
        for word in sorted(made.words):
            found[word.rpartition(".")[2]].append((word, made))
    return {last: tuple(each) for last, each in found.items()}


@cache
def own_names(field: str) -> tuple[dict[str, tuple[str, ...]], tuple[tuple[str, str], ...]]:
    """Names of `defines` or `classes`: tools by the exact name, and (pattern, tool) for those with a star."""
    exact: dict[str, tuple[str, ...]] = {}
    starred: list[tuple[str, str]] = []
    for tool in skill_table().tools:
        for word in getattr(tool, field).split():
            if "*" in word:
                starred.append((word, tool.id))
            else:
                exact[word] = (*exact.get(word, ()), tool.id)
    return exact, tuple(starred)


@cache
def libraries(family: str) -> dict[str, tuple[str, ...]]:
    """Tools by the library of a family of languages; a family with "_calls" gives its functions."""
    found: dict[str, tuple[str, ...]] = {}
    for tool in skill_table().tools:
        for name in getattr(tool, family).split():
            found[name] = (*found.get(name, ()), tool.id)
    return found


@cache
def exceptions(tool: str) -> tuple[str, ...]:
    """Patterns of class names that a tool's `bases` do not mean."""
    return next(tuple(each.unless.split()) for each in skill_table().tools if each.id == tool)


@cache
def excluded() -> dict[str, frozenset[str]]:
    """By tool, the packages of which none may be imported where its own names count."""
    return {tool.id: frozenset(tool.without.split()) for tool in skill_table().tools if tool.without}


@cache
def special(name: str) -> tuple[str, ...]:
    """The tools that rest on this special sign."""
    return tuple(tool.id for tool in skill_table().tools if tool.special == name)


def stamp(table: str = "skills") -> str:
    """A short sign of the data, part of a fact's version: another table gives other facts of the same tree."""
    data = resources.files("portfolio_audit").joinpath("data", f"{table}.toml").read_bytes()
    return f"{crc32(data):08x}"
