"""Object-oriented code in other languages than Python: classes, what they build on, abstract types, records.

Told from the lines that declare a type, so that the map does not say of somebody who writes Java or C# that there is
none. What frameworks make everybody write (an error class, a migration, a page that a tool began) is left out.
"""

import re
from collections.abc import Iterator
from itertools import islice

from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.other_code import OtherSource
from portfolio_audit.facts.skill_files import Found
from portfolio_audit.facts.skill_table import special

LANGUAGES = frozenset("Java Kotlin C# Scala TypeScript JavaScript Swift C++ Rust Go".split())
MOST = 60
"""Declarations of a file that are looked at."""

REACH = 3000
"""Characters behind a class in which a method is looked for."""

_GENERATED = (".xaml.cs", ".Designer.cs", ".g.cs", ".d.ts")
_METHOD = re.compile(r"\)[^;{}\]]{0,80}\{|\)[^;{}\]\n]{0,80}=>|\bfun |\bfunc |\bdef ")
"""A closing bracket before a body, unless an attribute ends there (`[StringLength(50)]`) and a property follows."""
_WHERE = re.compile(r"\bwhere\b")
"""Behind it stands what a type's parameter must be, which is no base."""

_KINDS = tuple((kind, re.compile(kind + r"[ \t]{1,4}([A-Za-z_]\w{0,80})([^\n{]{0,200})")) for kind in (
    "class", "interface", "trait", "protocol", "record",
))  # fmt: skip
_BEFORE = frozenset(
    "public private protected internal export default static abstract final sealed open partial data case readonly"
    " inner pub pub(crate) unsafe".split()
)
"""What may stand before the kind in its line; anything else is prose, a comment, or another construct."""

_BASES = re.compile(
    r"(?:\bextends\b|(?<!:):(?!:))\s{0,4}((?:(?:public|private|protected|virtual)\s{1,4}){0,3}[\w.]{2,80})"
)
_FOLLOWS = re.compile(r"\s*(?:$|[(<:,]|(?:extends|implements|with|where|permits|final)\b)")
"""What may stand behind a type's name, but for the brace that is not read: not the next word of a sentence."""

_ERROR = re.compile(r"(?:Exception|Error|Throwable)$")
_PLAIN = re.compile(r"^Migration$|^ModelSnapshot$|^Object$|^Enum$|^I[A-Z]\w*$|^JFrame$")
_GO_INTERFACE = re.compile(r"^type[ \t]{1,4}(\w{1,80})[ \t]{1,4}interface[ \t]{0,4}\{[ \t]{0,4}\n", re.MULTILINE)
_INTERFACES = {"interface": ("Java", "Kotlin", "C#"), "trait": ("Scala", "Rust"), "protocol": ("Swift",)}
"""Where an interface is a promise of behaviour; in TypeScript it mostly is the shape of data."""


def type_signs(source: OtherSource) -> Iterator[Found]:
    """At most one place for each of classes, inheritance, abstract types and records in a file.

    Rust and Go have no classes; of them only traits and interfaces are told.
    """
    if source.language not in LANGUAGES or source.path.endswith(_GENERATED):
        return
    if source.language == "Go":
        yield from _go_interfaces(source)
        return
    yield from _declared(source)


def _declared(source: OtherSource) -> Iterator[Found]:
    seen: set[str] = set()
    for kind, pattern in _KINDS:
        for found in islice(pattern.finditer(source.text), MOST) if kind in source.names else ():
            words = source.before(found.start()).split()
            for name in _shown(source.language, words, kind, found[2]) if _BEFORE.issuperset(words) else ():
                if name not in seen and (name != "classes" or _has_method(source, found.end())):
                    seen.add(name)
                    note = " ".join([*words, kind, found[1]])[:80]
                    for tool in special(name):
                        yield Found(tool, Location(source.path, source.line(found.start()), note=note))


def _go_interfaces(source: OtherSource) -> Iterator[Found]:
    found = _GO_INTERFACE.search(source.text) if "interface" in source.names else None
    if found is None:
        return
    for tool in special("abstract"):
        yield Found(tool, Location(source.path, source.line(found.start()), note=f"type {found[1]} interface"))


def _has_method(source: OtherSource, position: int) -> bool:
    """Whether code follows that takes arguments, as in a method; a header of C++ may leave it to another file."""
    return source.language == "C++" or _METHOD.search(source.text, position, position + REACH) is not None


def _shown(language: str, words: list[str], kind: str, rest: str) -> Iterator[str]:
    if not _FOLLOWS.match(rest):
        return
    if kind in ("interface", "trait", "protocol"):
        if language in _INTERFACES[kind]:
            yield "abstract"
        return
    if (kind == "record" and language in ("Java", "C#")) or {"data", "case"}.intersection(words):
        yield "records"
    bases = _BASES.search(_without_brackets(_WHERE.split(rest, maxsplit=1)[0]))
    base = bases[1].split()[-1].rpartition(".")[2] if bases else ""
    if _ERROR.search(base):
        return
    if kind == "class":
        yield "classes"
    if "abstract" in words:
        yield "abstract"
    if base and not _PLAIN.search(base):
        yield "inheritance"


def _without_brackets(text: str) -> str:
    """The text without what stands in round and angled brackets: the types of parameters are no bases."""
    kept, depth = [], 0
    for letter in text:
        depth += (letter in "(<") - (letter in ")>")
        if depth <= 0 and letter not in ")>":
            kept.append(letter)
            depth = 0
    return "".join(kept)
