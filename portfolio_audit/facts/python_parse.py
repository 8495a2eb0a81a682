"""Python text into a PythonModule: the one place that speaks to the parser.

One compiled query over the whole file costs a tenth of the parse; a walk node by node, or a query per kind, costs as
much as the parse itself. Nothing here recurses, so the depth of the source does not matter.
"""

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from operator import attrgetter

import tree_sitter_python
from tree_sitter import Language, Node, Parser, Query, QueryCursor

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.python_module import (
    Assertion,
    Call,
    Class,
    Function,
    Import,
    Parameter,
    PythonModule,
    Text,
)

_LANGUAGE = Language(tree_sitter_python.language())
_QUERY = Query(
    _LANGUAGE,
    """
    (function_definition) @definition
    (class_definition) @definition
    (decorator) @decorator
    (import_statement) @import
    (import_from_statement) @import
    (call function: [(identifier) (attribute)] @callee)
    (attribute attribute: (identifier) @attribute)
    (string) @string
    (expression_statement . (string) @docstring .)
    (assert_statement) @assert
    """,
)
TEXT_CUT = 2000
NAME_CUT = 160
ARGUMENTS_CUT = 400
DEEPEST = 300
MOST_BROKEN = 20_000
_QUOTED = re.compile(rb"""[A-Za-z]{0,3}('''|\"""|'|")""")
_DOTTED = re.compile(rb"[^\W\d]\w*(?:\s*\.\s*\w+)*")
_LAST = re.compile(rb"\.\s*(\w+)$")
_PARAMETER = re.compile(rb"\*{0,2}\s*\w*")
_line = attrgetter("line")
_SMALL = tuple(range(20_000))
"""Line numbers shared by all values: each of its own would take as much memory as the call that it belongs to."""
_FIRST_ARGUMENT = re.compile(rb"\s*\(\s*(?:\w+\s*=\s*)?")
_LITERAL = rb"(?:[\d\s.,+*/<>=!\[\](){}-]|True|False|None|not|and|or|is|in|\"[^\"\n\\]{0,80}\"|'[^'\n\\]{0,80}')"
_CONSTANT = re.compile(_LITERAL + rb"++")
_CONSTANT_ARGUMENTS = re.compile(rb"\s*\(" + _LITERAL + rb"+\)\s*(?:#|;|\n|$)")
_UNITTEST = re.compile(r"self\.assert[A-Z]")


def parse(path: str, source: bytes, cells: tuple[tuple[int, int], ...] = ()) -> PythonModule:
    """The module in these bytes of UTF-8; whatever is broken in them, the rest is read.

    Raises Unavailable for a file that is no Python at all: the query takes quadratic time on an error of tens of
    thousands of tokens.
    """
    root = Parser(_LANGUAGE).parse(source).root_node
    if root.type == "ERROR" and root.child_count > MOST_BROKEN:
        raise Unavailable(f"{path} is too broken to be read as Python")
    cursor = QueryCursor(_QUERY)
    cursor.set_max_start_depth(DEEPEST)
    found = cursor.captures(root)
    lines, names = _Lines(source), _Names()
    docstrings = {node.start_byte for node in found.get("docstring", ())}
    functions, classes = _definitions(
        source, _ordered(found, "definition"), _ordered(found, "decorator"), docstrings, names
    )
    texts = {
        start: Text(_unquote(source[start : min(node.end_byte, start + 4 * TEXT_CUT)]), lines.of(start))
        for node in found.get("string", ())
        if (start := node.start_byte) not in docstrings
    }
    calls, asserting = _calls(source, found.get("callee", []), texts, lines)
    stated = [Assertion("assert", lines.of(node.start_byte), _holds(source, node)) for node in found.get("assert", ())]
    attributes = {source[node.start_byte : node.end_byte] for node in found.get("attribute", ())}
    return PythonModule(
        path,
        source,
        functions,
        classes,
        tuple(each for node in _ordered(found, "import") for each in _imports(source, node)),
        calls,
        tuple(texts[start] for start in sorted(texts)),
        frozenset(map(names.__getitem__, attributes)),
        tuple(sorted(stated + asserting, key=_line)),
        cells,
    )


def _ordered(found: dict[str, list[Node]], name: str) -> list[Node]:
    """The nodes of a capture by where they begin; the cursor hands them out by where their match ended."""
    return sorted(found.get(name, ()), key=lambda node: node.start_byte)


class _Lines:
    """Line numbers by byte offset; cheaper than asking the parser for a point each time."""

    def __init__(self, source: bytes) -> None:
        self._starts = list(accumulate(map((1).__add__, map(len, source.split(b"\n"))), initial=0))

    def of(self, offset: int) -> int:
        line = bisect_right(self._starts, offset)
        return _SMALL[line] if line < len(_SMALL) else line


class _Names(dict[bytes, str]):
    """Names already seen in this file, so that the same one is decoded and kept once."""

    def __missing__(self, name: bytes) -> str:
        self[name] = decoded = sys.intern(name.decode("utf-8", "replace"))
        return decoded


def _text(source: bytes, node: Node) -> str:
    return source[node.start_byte : node.end_byte].decode("utf-8", "replace")


def _definitions(
    source: bytes, nodes: list[Node], decorators: list[Node], docstrings: set[int], names: _Names
) -> tuple[tuple[Function, ...], tuple[Class, ...]]:
    """Functions and classes in order of appearance, each told what it lies in by a stack of open definitions."""
    functions: list[Function] = []
    classes: list[Class] = []
    waiting = decorators[::-1]
    open_: list[tuple[int, str, bool]] = []
    for node in nodes:
        start, end = node.start_byte, node.end_byte
        while open_ and open_[-1][0] <= start:
            open_.pop()
        above: list[str] = []
        while waiting and waiting[-1].start_byte < start:
            above.append(_decorator(source, waiting.pop()))
        name_node, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        name = names[source[name_node.start_byte : name_node.end_byte]] if name_node else ""
        documented = body is not None and body.start_byte in docstrings
        first, last = node.start_point.row + 1, node.end_point.row + 1
        if node.type == "class_definition":
            bases = node.child_by_field_name("superclasses")
            classes.append(Class(name, first, last, _bases(source, bases), tuple(above), documented))
            open_.append((end, name, True))
            continue
        owner = open_[-1][1] if open_ and open_[-1][2] else ""
        nested = any(not is_class for _, _, is_class in open_[-3:])
        parameters = _parameters(source, node.child_by_field_name("parameters"), names)
        returns = node.child_by_field_name("return_type") is not None
        functions.append(Function(name, first, last, owner, nested, parameters, returns, tuple(above), documented))
        open_.append((end, name, False))
    return tuple(functions), tuple(classes)


def _decorator(source: bytes, node: Node) -> str:
    dotted = _DOTTED.match(source, node.start_byte + 1, node.end_byte)
    return dotted[0].decode("utf-8", "replace") if dotted else ""


def _bases(source: bytes, node: Node | None) -> tuple[str, ...]:
    if node is None:
        return ()
    kinds = ("identifier", "attribute", "subscript", "call")
    return tuple(_text(source, child)[:200] for child in node.named_children[:20] if child.type in kinds)


def _parameters(source: bytes, node: Node | None, names: _Names) -> tuple[Parameter, ...]:
    if node is None:
        return ()
    found: list[Parameter] = []
    for child in node.named_children:
        kind = child.type
        if kind == "identifier":
            found.append(Parameter(names[source[child.start_byte : child.end_byte]], False))
        elif kind not in ("keyword_separator", "positional_separator", "comment", "ERROR"):
            name = _PARAMETER.match(source, child.start_byte, child.end_byte)
            annotated = kind in ("typed_parameter", "typed_default_parameter")
            found.append(Parameter(names[name[0]] if name else "", annotated))
    return tuple(found)


def _imports(source: bytes, node: Node) -> Iterable[Import]:
    text = re.sub(r"#[^\n]*|[\\()]", " ", _text(source, node))
    line = node.start_point.row + 1
    if text.startswith("from"):
        module, _, names = text[4:].partition(" import")
        module = "".join(module.split())
    else:
        module, names = "", text[6:]
    for item in names.split(","):
        words = item.split()
        if not words:
            continue
        alias = words[2] if len(words) >= 3 and words[1] == "as" else None
        yield Import(module, words[0], alias, line) if module else Import(words[0], None, alias, line)


def _calls(
    source: bytes, callees: list[Node], texts: dict[int, Text], lines: _Lines
) -> tuple[tuple[Call, ...], list[Assertion]]:
    calls: list[Call] = []
    asserting: list[Assertion] = []
    seen: dict[bytes, str] = {}
    for node in callees:
        start, end = node.start_byte, node.end_byte
        written = source[max(start, end - NAME_CUT) : end]
        name = seen.get(written)
        if name is None:
            name = seen[written] = sys.intern(_callee(written, whole=end - start <= NAME_CUT))
        opening = _FIRST_ARGUMENT.match(source, end)
        text = texts.get(opening.end()) if opening else None
        line = lines.of(end)
        calls.append(Call(name, line, text.text if text else None))
        if "assert" in name and name.rpartition(".")[2].startswith("assert"):
            fixed = _UNITTEST.match(name) and _CONSTANT_ARGUMENTS.match(source, end, end + ARGUMENTS_CUT)
            asserting.append(Assertion(name, line, fixed is not None))
    return tuple(sorted(calls, key=_line)), asserting


def _callee(written: bytes, *, whole: bool) -> str:
    """The dotted name; of a long chain only the end is looked at, or a chain of n calls would cost n squared."""
    if whole and _DOTTED.fullmatch(written):
        return b"".join(written.split()).decode("utf-8", "replace")
    last = _LAST.search(written)
    return "." + last[1].decode("utf-8", "replace") if last else ""


def _holds(source: bytes, node: Node) -> bool:
    """Whether the condition of an assert statement is made of literals alone."""
    condition = node.named_child(0)
    return condition is not None and _CONSTANT.fullmatch(source, condition.start_byte, condition.end_byte) is not None


def _unquote(literal: bytes) -> str:
    if literal[:1] in (b'"', b"'") and literal[1:2] != literal[:1]:
        return literal[1:-1].decode("utf-8", "replace")[:TEXT_CUT]
    opening = _QUOTED.match(literal)
    if opening is None:
        return literal.decode("utf-8", "replace")[:TEXT_CUT]
    quote = opening[1]
    inner = literal[opening.end() : len(literal) - len(quote) if literal.endswith(quote) else None]
    return inner.decode("utf-8", "replace")[:TEXT_CUT]
