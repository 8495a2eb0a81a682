"""What a work in progress leaves behind: code that is commented out, functions without a body, traces of debugging.

Every kind is one that a reviewer points at without a doubt. A note "TODO" is none of them: it is a plan, and plans are
welcome.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar, Self

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts import paths
from portfolio_audit.facts.fact import Location, TreeFact
from portfolio_audit.facts.lint_findings import Flaws, Linted, linted
from portfolio_audit.facts.lint_process import linter_version
from portfolio_audit.facts.python_module import Function, PythonModule
from portfolio_audit.facts.words import load_table
from portfolio_audit.tree import KIB, SourceTree

PLACES = 3
BLOCK = 5
"""Lines of code that are commented out one after the other. Fewer are often an example or an alternative."""
APART = 4
"""Lines from one commented-out line to the next of the same block: between them are blank lines, plain comments, and
brackets that the linter takes for words."""
EMPTY = 2
"""Modules without a letter from which they are a plan that nobody carried out. One may be there for a tool."""
CONFIGURATION = frozenset(
    "settings.py config.py conf.py gunicorn.conf.py webserver_config.py superset_config.py jupyterhub_config.py "
    "jupyter_notebook_config.py jupyter_server_config.py".split()
)
"""Files whose comments list what could be set."""
_BLANK = re.compile(rb"\s*+(?:#[^\n]*+)?+")
_EMPTY_BODY = re.compile(rb"\s*+(?:pass|\.\.\.|raise NotImplementedError(?:\([^)\n]{0,200}\))?+)\s*+(?:#[^\n]*+)?+")
_STUB_LINE = re.compile(rb"(?:async\s++)?+def\b[^\n]*:\s*+(pass|\.\.\.)?+\s*+(?:#[^\n]*+)?+")
_MEANT_EMPTY = re.compile(r"no_?op|nothing|dummy|null|nop|upgrade|downgrade|pytest_\w+|setup\w*|teardown\w*|on_\w+|_.*")
_TRACE = re.compile(
    r"[\W_]{0,40}(?:(?:(?:got|reached|i am|i'm|im|made it|am) )?here\s?\d{0,3}|asdf\w{0,20}|a{3,20}|x{3,20}"
    r"|blah[ a-z]{0,20}|wtf|lol|foo|debug(?:ging)?)[\W_]{0,40}",
    re.IGNORECASE,
)
_BEGUN = re.compile(rb"[ \t]*#[ \t]*(?:(?:async )?def \w+\(|class \w+[:(]|return ?[\[{(]|[\w.]+ ?= ?[\[{(])")
LONGEST = 100
"""Lines of a comment in which its beginning is looked for."""
_ANNOUNCED = re.compile(rb"::|\b(?:examples?|usage|for instance|such as|like this)\b|\be\.g\.", re.IGNORECASE)
_ALONE = re.compile(rb"print\s?\(\s?([\"'])[^\"']{0,80}\1\s?\)")
_UNDONE = re.compile(
    rb"#[ \t#*-]{0,20}(?:your code here|(?:add|write|insert|put) your (?:own )?code here"
    rb"|todo:? {0,3}(?:implement (?:this|me)\b|your code|write this))",
    re.IGNORECASE,
)


class Scaffolding(TreeFact, frozen=True):
    """Leftovers by kind in `files` own Python files of together `lines` lines; templates in any language.

    `sampled` files more were left out because there are very many.
    """

    version: ClassVar[str] = f"6 ruff {linter_version()}"
    absent: ClassVar[str] = "there is no Python file and no sample file outside tests and examples"
    files: int = 0
    lines: int = 0
    leftovers: tuple[Flaws, ...] = ()
    sampled: int = 0

    @property
    def count(self) -> int:
        """All leftovers."""
        return sum(each.count for each in self.leftovers)

    @classmethod
    def distil(cls, tree: SourceTree) -> Self | None:
        """The leftovers, or None if there is nothing to look at. Raises Unavailable if the linter did not work."""
        found = linted(tree)
        samples = list(_templates(tree))
        if not found.files and not samples:
            return None
        kinds = {
            "untouched sample file": samples,
            "empty module": _empty(found),
            "unfinished place": [place for module in found.modules for place in _undone(module)],
            "function without a body": [place for module in found.modules for place in _stubs(module)],
            "trace of debugging": list(_traces(found)),
            "block of commented-out code": list(_blocks(found)),
        }
        leftovers = tuple(Flaws(kind, len(all_), tuple(all_[:PLACES])) for kind, all_ in kinds.items() if all_)
        return cls(found.incomplete, len(found.modules), found.lines, leftovers, found.sampled)


def _blocks(found: Linted) -> Iterator[Location]:
    """Runs of at least five commented-out lines, between which a few lines may be blank or plain comment."""
    by_source: dict[int, list[int]] = {}
    for each in found.findings:
        if each.rule == "ERA001" and paths.name(found.modules[each.source].path) not in CONFIGURATION:
            by_source.setdefault(each.source, []).append(each.line)
    for source, numbers in by_source.items():
        module = found.modules[source]
        lines = module.source.split(b"\n") if len(numbers) >= BLOCK else []
        start = last = size = 0
        if numbers[-1] > len(lines):  # too few, or ends of lines that are not the usual ones
            continue
        for line in [*numbers, len(lines) + APART + 1]:
            if size and line - last <= APART and all(map(_BLANK.fullmatch, lines[last : line - 1])):
                last, size = line, size + 1
                continue
            if size >= BLOCK and not _shown(lines, start):
                written = sum(1 for each in lines[start - 1 : last] if not each.isspace() and each)
                yield module.place(start, last, f"{written} lines of commented-out code")
            start, last, size = line, line, 1


def _empty(found: Linted) -> list[Location]:
    """Modules with nothing in them; the file that makes a folder a package may be empty."""
    empty = [each for each in found.modules if not each.source or each.source.isspace()]
    left = [each.path for each in empty if paths.name(each.path) not in ("__init__.py", "conftest.py")]
    return [Location(path, note="an empty file") for path in left] if len(left) >= EMPTY else []


def _shown(lines: list[bytes], start: int) -> bool:
    """Whether commented lines from here are an example of data, or of use that the comment above announces."""
    if lines[start - 1].lstrip(b" \t#").startswith((b"{", b"[", b"(", b"'", b'"')) and not _goes_on(lines, start):
        return True
    above = start - 1
    while above > 0 and start - above < 5 and lines[above - 1].lstrip().startswith(b"#"):
        above -= 1
    return any(_ANNOUNCED.search(line[:400]) for line in lines[above : start - 1])


def _goes_on(lines: list[bytes], start: int) -> bool:
    """Whether the comment begins above with what goes on here: `def weigh():`, `return {`, `hives = [`."""
    above = start - 1
    while above > 0 and start - above < LONGEST and lines[above - 1].lstrip().startswith(b"#"):
        above -= 1
        if _BEGUN.match(lines[above][:400]):
            return True
    return False


def _traces(found: Linted) -> Iterator[Location]:
    """Calls of a debugger, one for each file, and prints that only say that this line was reached."""
    seen = set()
    for each in found.findings:
        if each.rule == "T100" and each.source not in seen:
            seen.add(each.source)
            yield found.modules[each.source].place(each.line, note="debugger left in")
    for module in found.modules:
        said = [call for call in module.calls_of({"print"} & set(module.called)) if _TRACE.fullmatch(call.text or "")]
        lines = module.source.split(b"\n") if said else []
        for call in said:
            if _ALONE.search(lines[call.line - 1]):
                yield module.place(call.line, note=f'print("{call.text}")')


def _undone(module: PythonModule) -> Iterator[Location]:
    """Comments of an exercise that ask for the code that is not there."""
    from portfolio_audit.facts.python_parse import comments  # tree-sitter is loaded where there is code to parse

    plain = module.source.lower()
    if b"code here" not in plain and b"todo" not in plain:
        return
    asked = list(_UNDONE.finditer(module.source))
    real = comments(module.source) if asked else frozenset()
    for match in asked:
        if match.start() not in real:
            continue
        line = module.source.count(b"\n", 0, match.start()) + 1
        yield module.place(line, note=match[0].decode("utf-8", "replace").strip()[:60])


def _stubs(module: PythonModule) -> Iterator[Location]:
    """Undecorated functions of a module that do nothing but pass or raise NotImplementedError."""
    short = [each for each in module.functions if _may_be_stub(each)]
    lines = module.source.split(b"\n") if short else []
    for each in short:
        body = [line for line in lines[each.line - 1 : each.end_line] if not _BLANK.fullmatch(line)]
        head = _STUB_LINE.fullmatch(body[0]) if body else None
        if head is None or body[0][:1] in b" \t":
            continue
        if (head[1] and len(body) == 1) or (len(body) == 2 and not head[1] and _EMPTY_BODY.fullmatch(body[1])):
            yield module.place(each.line, each.end_line, f"{each.name} does nothing")


def _may_be_stub(each: Function) -> bool:
    outside = not each.owner and not each.nested and not each.decorators and not each.docstring
    return outside and each.end_line - each.line < 8 and not _MEANT_EMPTY.fullmatch(each.name)


def _templates(tree: SourceTree) -> Iterator[Location]:
    """Files as a project generator wrote them."""
    known = _known()
    for file in tree.derive(paths.own_files):
        template = known.get(paths.name(file.path))
        if template is None or file.size > 16 * KIB or _offered(file.path):
            continue
        try:
            text = tree.text(file.path)
        except Unavailable:
            continue
        if any(words in text for words in template["holds"]) and not (template.get("only") and _more(text)):
            yield Location(file.path, note=template["said"])


def _offered(path: str) -> bool:
    """Whether the file is there for others to start from, to try a tool on, or to be read about."""
    above = paths.folders(path)
    meant = any(word in folder for folder in above for word in ("template", "fixture", "boilerplate", "starter"))
    return meant or not paths.TESTS.isdisjoint(above) or paths.is_example(path) or paths.is_documentation(path)


@cache
def _known() -> dict[str, Any]:
    return {name: each for each in load_table("scaffolding")["template"] for name in each["names"]}


def _more(text: str) -> bool:
    """Whether Python text has anything but imports and comments."""
    lines = (line.strip() for line in text.splitlines())
    return any(line and not line.startswith(("#", "from ", "import ")) for line in lines)
