"""Python text into a PythonModule: where the parser is asked.

One compiled query over the whole file costs a tenth of the parse; a walk node by node, or a query per kind, costs as
much as the parse itself. Nothing here recurses, so the depth of the source does not matter. Of most nodes only the
offsets are asked for, and what is written plainly is read from the text: each node asked for costs more than a match.
"""

import re
import sys
from array import array
from collections.abc import Iterable, Sequence
from functools import cache

import tree_sitter_python
from tree_sitter import Language, Node, Parser, Query, QueryCursor

from portfolio_audit.errors import Refused
from portfolio_audit.facts.python_module import (
    LITERAL,
    TEXT_CUT,
    Assertion,
    Class,
    Function,
    Import,
    Lines,
    PythonModule,
    Spans,
)
from portfolio_audit.facts.python_names import WRITTEN_CUT, Parameter, callee, plain, plain_parameters

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
    (string) @string
    (expression_statement . [(string) (concatenated_string)] @docstring .)
    (assert_statement) @assert
    """,
)
DEEPEST = 300
LONG_RUN = 100
"""Lines of comments in a row from which on they are hidden from the parser, whose time is quadratic in them."""
MOST_BROKEN = 20_000
_QUOTED = re.compile(rb"""[A-Za-z]{0,3}('''|\"""|'|")""")
_QUOTES = frozenset(b"\"'")
_DOTTED = re.compile(rb"[^\W\d]\w*(?:\s*\.\s*\w+)*")
_PARAMETER = re.compile(rb"\*{0,2}\s*\w*")
_PLAIN_DEFINITION = re.compile(
    rb"(?:async\s++)?+def\s++(\w++)\s*+\(([^()]*+)\)\s*+(->[\w\s.|]*+(?:\[[\w\s.|,]*+\])?+\s*+)?+:\s*+(?!#|\\)"
)
_NAMES_FOLLOW = re.compile(r"\bimport\b")
_NO_IMPORT = re.compile(r"#[^\n]*|[\\()]")
_CONSTANT = re.compile(LITERAL + rb"++")
_DOCUMENTING = re.compile(rb"[rRuU]?+[\"']")
_COMMENT_LINES = re.compile(rb"^(?:[ \t]*+#[^\n]*+\n)++", re.MULTILINE)
# Loops over alternatives are not made possessive: interpreters before 3.11.5 match too much with them.
_STRING_OR_COMMENT = re.compile(
    rb"""\"{3}[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*(?:\"{3}|\\?\Z)"""
    rb"""|'{3}[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*(?:'{3}|\\?\Z)"""
    rb"""|"[^"\\\n]*+(?:\\.[^"\\\n]*+)*(?:"|(?=\n)|\\?\Z)"""
    rb"""|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*(?:'|(?=\n)|\\?\Z)|#[^\n]*+""",
    re.DOTALL,
)
_HEAD = re.compile(rb"(?:\s++|#[^\n]*+|\\\r?\n)*+")


def parse(path: str, source: bytes, cells: tuple[tuple[int, int], ...] = ()) -> PythonModule:
    """The module in these bytes of UTF-8; whatever is broken in them, the rest is read.

    Raises Refused for a file that is no Python at all: the query takes quadratic time on an error of tens of
    thousands of tokens.
    """
    root = _root(source)
    if root.type == "ERROR" and root.child_count > MOST_BROKEN:
        raise Refused(f"{path} is too broken to be read as Python")
    found = _captures(_QUERY, root)
    lines = Lines(source)
    docstrings = {node.start_byte for node in found.get("docstring", ())}
    definitions, decorators = _ordered(found, "definition"), _ordered(found, "decorator")
    documenting = {start for start in docstrings if _DOCUMENTING.match(source, start)}
    functions, classes = _definitions(source, definitions, decorators, documenting, lines)
    strings = {node.start_byte: node.end_byte for node in found.get("string", ())}
    called, names, ends = _calls(source, found.get("callee", []))
    stated = [Assertion("assert", lines.of(node.start_byte), _holds(source, node)) for node in found.get("assert", ())]
    return PythonModule(
        path,
        source,
        functions,
        classes,
        tuple(each for node in _ordered(found, "import") for each in _imports(source, node, lines)),
        called,
        tuple(sorted(stated, key=lambda each: each.line)),
        Spans(names, ends, *_strings(source, sorted(strings.keys() - docstrings), strings)),
        lines,
        cells,
        _head(source) in documenting,
    )


def _head(source: bytes) -> int:
    """Where the first statement begins."""
    match = _HEAD.match(source)
    return match.end() if match else 0


def attributes(source: bytes) -> dict[str, int]:
    """The names after a dot, anywhere in the code, each with where it stands first."""
    asked = _query("(attribute attribute: (identifier) @attribute)")
    found = _captures(asked, _root(source))
    nodes = sorted(found.get("attribute", ()), key=lambda node: -node.start_byte)
    return {plain(source[node.start_byte : node.end_byte]): node.start_byte for node in nodes}


def comments(source: bytes) -> frozenset[int]:
    """Where each comment begins; what looks like one inside a string is none."""
    return frozenset(found.start() for found in _STRING_OR_COMMENT.finditer(source) if found[0].startswith(b"#"))


def _root(source: bytes) -> Node:
    """The syntax tree, without the comments of a file in which very many follow one another."""
    if source.count(b"#") >= LONG_RUN:
        runs = (run[0].count(b"\n") for run in _COMMENT_LINES.finditer(source))
        if max(runs, default=0) >= LONG_RUN:
            source = _STRING_OR_COMMENT.sub(_hidden, source)
    return Parser(_LANGUAGE).parse(source).root_node


def _hidden(found: re.Match[bytes]) -> bytes:
    """A string as it is, and as many spaces as a comment is long."""
    return b" " * len(found[0]) if found[0].startswith(b"#") else found[0]


@cache
def _query(text: str) -> Query:
    """A query that few files need, compiled when the first does."""
    return Query(_LANGUAGE, text)


def _captures(query: Query, root: Node) -> dict[str, list[Node]]:
    cursor = QueryCursor(query)
    cursor.set_max_start_depth(DEEPEST)
    return cursor.captures(root)


def _ordered(found: dict[str, list[Node]], name: str) -> list[Node]:
    """The nodes of a capture by where they begin; the cursor hands them out by where their match ended."""
    return sorted(found.get(name, ()), key=lambda node: node.start_byte)


def _calls(source: bytes, callees: list[Node]) -> tuple[tuple[str, ...], Sequence[int], Sequence[int]]:
    """The distinct names of what is called, which of them each call has, and where the name ends in each."""
    spans = sorted([(node.start_byte, node.end_byte) for node in callees])
    ends = [end for _, end in spans]
    texts = [source[start if start >= end - WRITTEN_CUT else end - WRITTEN_CUT : end] for start, end in spans]
    places: dict[str, int] = {}
    known = {text: places.setdefault(callee(text), len(places)) for text in dict.fromkeys(texts)}
    return tuple(places), array("I", map(known.__getitem__, texts)), array("I", ends)


def _strings(
    source: bytes, strings: list[int], ends: dict[int, int]
) -> tuple[Sequence[int], Sequence[int], Sequence[int]]:
    """Where each string begins, and where its content begins and ends."""
    contents: list[int] = []
    content_ends: list[int] = []
    for start in strings:
        end = ends[start]
        if source[start] in _QUOTES and source[start : start + 1] != source[start + 1 : start + 2]:
            first, end = start + 1, end - 1
        elif (opening := _QUOTED.match(source, start, end)) is not None:
            first, end = opening.end(), end - len(opening[1]) * source.endswith(opening[1], opening.end(), end)
        else:
            first = start
        contents.append(first)
        content_ends.append(min(end, first + 4 * TEXT_CUT))
    return array("I", strings), array("I", contents), array("I", content_ends)


def _text(source: bytes, node: Node) -> str:
    return source[node.start_byte : node.end_byte].decode("utf-8", "replace")


def _definitions(
    source: bytes, nodes: list[Node], decorators: list[Node], docstrings: set[int], lines: Lines
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
        above: tuple[str, ...] = ()
        while waiting and waiting[-1].start_byte < start:
            above = (*above, _decorator(source, waiting.pop()))
        first, last = lines.of(start), lines.of(end)
        if node.type == "class_definition":
            name, documented = _name(source, node), _documented(node, docstrings)
            bases = _bases(source, node.child_by_field_name("superclasses"))
            classes.append(Class(name, first, last, bases, above, documented))
            open_.append((end, name, True))
            continue
        name, parameters, returns, documented = _signature(source, node, start, end, docstrings)
        owner = open_[-1][1] if open_ and open_[-1][2] else ""
        nested = any(not is_class for _, _, is_class in open_[-3:])
        functions.append(Function(name, first, last, owner, nested, parameters, returns, above, documented))
        open_.append((end, name, False))
    return tuple(functions), tuple(classes)


def _signature(
    source: bytes, node: Node, start: int, end: int, docstrings: set[int]
) -> tuple[str, tuple[Parameter, ...], bool, bool]:
    """Name, parameters, whether the return is annotated, and whether there is a docstring."""
    match = _PLAIN_DEFINITION.match(source, start, end)
    if match and (parameters := plain_parameters(match[2])) is not None:
        return plain(match[1]), parameters, match[3] is not None, match.end() in docstrings
    parameters = _parameters(source, node.child_by_field_name("parameters"))
    returns = node.child_by_field_name("return_type") is not None
    return _name(source, node), parameters, returns, _documented(node, docstrings)


def _name(source: bytes, node: Node) -> str:
    name = node.child_by_field_name("name")
    return plain(source[name.start_byte : name.end_byte]) if name else ""


def _documented(node: Node, docstrings: set[int]) -> bool:
    body = node.child_by_field_name("body")
    return body is not None and body.start_byte in docstrings


def _decorator(source: bytes, node: Node) -> str:
    dotted = _DOTTED.match(source, node.start_byte + 1, node.end_byte)
    return plain(dotted[0]) if dotted else ""


def _bases(source: bytes, node: Node | None) -> tuple[str, ...]:
    if node is None:
        return ()
    kinds = ("identifier", "attribute", "subscript", "call")
    return tuple(_text(source, child)[:200] for child in node.named_children[:20] if child.type in kinds)


def _parameters(source: bytes, node: Node | None) -> tuple[Parameter, ...]:
    if node is None:
        return ()
    found: list[Parameter] = []
    for child in node.named_children:
        kind = child.type
        if kind not in ("keyword_separator", "positional_separator", "comment", "ERROR"):
            start, end = child.start_byte, child.end_byte
            name = None if kind == "identifier" else _PARAMETER.match(source, start, end)
            annotated = kind in ("typed_parameter", "typed_default_parameter")
            found.append(Parameter(plain(name[0] if name else source[start:end]), annotated))
    return tuple(found)


def _imports(source: bytes, node: Node, lines: Lines) -> Iterable[Import]:
    text = _NO_IMPORT.sub(" ", _text(source, node))
    line = lines.of(node.start_byte)
    if text.startswith("from"):
        module, *rest = _NAMES_FOLLOW.split(text[4:], maxsplit=1)
        module, names = sys.intern("".join(module.split())), "".join(rest)
    else:
        module, names = "", text[6:]
    for item in names.split(","):
        words = item.split()
        if not words:
            continue
        name = sys.intern(words[0])
        alias = sys.intern(words[2]) if len(words) >= 3 and words[1] == "as" else None
        yield Import(module, name, alias, line) if module else Import(name, None, alias, line)


def _holds(source: bytes, node: Node) -> bool:
    """Whether the condition of an assert statement is made of literals alone."""
    condition = node.named_child(0)
    return condition is not None and _CONSTANT.fullmatch(source, condition.start_byte, condition.end_byte) is not None
