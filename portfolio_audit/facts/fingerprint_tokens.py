"""The tokens of a source text that a copyist cannot help copying, each as a number.

Names that the author chose become one symbol, strings another, numbers a third, while keywords, built-ins, imported
names and names after a dot stay; imports, comments, magics and long strings are dropped. What the two families of
languages differ in is data here: one expression for a token, one for an import, and the words that stay.
"""

import builtins
import keyword
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple
from zlib import crc32

NUMBER, STRING, NAME = crc32(b"0"), crc32(b"''"), crc32(b"I")
_IGNORED = 0
_WORD = re.compile(r"[^\W\d][\w$]*")

# Every alternative takes what it begins with to the end of the text if its own end is missing, so none is tried twice;
# the frequent ones stand in front, and white space is taken in one piece before them.
_QUOTED = (
    r'"(?:""(?:[^"\\]++|\\.|"(?!""))*+(?:"{3})?|(?:[^"\\\n]++|\\.)*+"?)'
    r"|'(?:''(?:[^'\\]++|\\.|'(?!''))*+(?:'{3})?|(?:[^'\\\n]++|\\.)*+'?)"
)
_PYTHON_TOKEN = re.compile(
    rf"""\s*+(
    [,()=:\[\]{{}}+*/<>-]
    | [rRbBuUfF][rRbBuUfF]?+(?:{_QUOTED})
    | [^\W\d]\w*+
    | \.(?:[ \t]*+[^\W\d]\w*+)?
    | {_QUOTED}
    | \d[\w.]*+
    | \#[^\n]*+
    | \S
    )""",
    re.VERBOSE | re.DOTALL,
)
_PYTHON_IMPORT = re.compile(
    r"^[ \t]*+(?:from[ \t]++[\w.]++[ \t]++import\b(?:[ \t]*+\([^)]*+\)?|[^\n;]*+)|import[ \t][^\n;]*+)", re.MULTILINE
)
_PYTHON_WORDS = frozenset(keyword.kwlist) | frozenset(dir(builtins)) | {"self", "cls"}

_SCRIPT_TOKEN = re.compile(
    r"""\s*+(
    [,()=:\[\]{}+*;>-]
    | [\w-]{1,40}+=(?=["'{])
    | [^\W\d][\w$]*+
    | \.(?:\s*+[^\W\d][\w$]*+)?
    | "(?:[^"\\\n]++|\\.)*+"?
    | '(?:[^'\\\n]++|\\.)*+'?
    | `(?:[^`\\]++|\\.)*+`?
    | </?+[A-Za-z][\w.]*+
    | \d[\w.]*+
    | //[^\n]*+
    | /\*(?:[^*]++|\*(?!/))*+(?:\*/)?
    | \S
    )""",
    re.VERBOSE | re.DOTALL,
)
_SCRIPT_IMPORT = re.compile(
    r"^[ \t]*+(?:import[ \t{*\"'][^;'\"]*+(?:'[^'\n]*+'?|\"[^\"\n]*+\"?)?;?"
    r"|(?:const|let|var)[ \t]++[\w$ \t\n{},:]{0,400}+=[ \t]*+require[ \t]*+\([^)\n]*+\)?;?)",
    re.MULTILINE,
)
_SCRIPT_WORDS = frozenset(
    "break case catch class const continue debugger default delete do else enum export extends finally for function "
    "if implements import in instanceof interface let new of private protected public readonly return static super "
    "switch this throw try type typeof var void while with yield async await true false null undefined NaN Infinity "
    "console document window Math JSON Promise Array Object Number String Boolean Date Error Map Set RegExp Symbol "
    "process module require exports fetch parseInt parseFloat setTimeout setInterval clearInterval "
    "requestAnimationFrame localStorage Float32Array Uint8Array Int32Array FormData FileReader Image URL Response "
    "Request Headers".split()
)
_TAGS = frozenset(
    "a article aside audio body br button canvas code details div dl dt em fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 head header hr html i iframe img input label legend li link main meta nav ol option p path "
    "pre script section select small source span strong style summary svg table tbody td textarea th thead title tr "
    "ul video".split()
)


_PLOTTING = (
    ".title .xlabel .ylabel .figure .show .legend .grid .plot .subplot .subplots .tight_layout .set_title "
    ".set_xlabel .set_ylabel .set_xticks .set_yticks .set_xticklabels .xticks .yticks .xlim .ylim .set_xlim "
    ".set_ylim .savefig .hist .bar .barh .scatter .imshow .axis .axhline .axvline .colorbar .suptitle .text "
    ".annotate .fill_between .boxplot .countplot .histplot .heatmap .barplot .scatterplot .lineplot .pairplot .set "
    ".close .style .use plt sns"
)
_PLAIN = "( ) [ ] { } , . : ; = + - * / < > ! % & | ^ ~ @ ? \\ True False None print self in not and or is"
UNTELLING = frozenset(crc32(word.encode()) for word in (*_PLOTTING.split(), *_PLAIN.split())) | {NUMBER, STRING, NAME}
"""What every program has, and how every chart is labelled."""


class Grammar(NamedTuple):
    """How the texts of a family of languages are taken apart; `code` answers for a token and the words that stay."""

    token: re.Pattern[str]
    imports: re.Pattern[str]
    words: frozenset[str]
    code: Callable[[str, frozenset[str]], int]


def _python_code(token: str, words: frozenset[str]) -> int:
    first = token[0]
    if first == "#":
        return _IGNORED
    if first.isdigit():
        return NUMBER
    if '"' in token or "'" in token:
        return _IGNORED if token.lstrip("rRbBuUfF").startswith(('"""', "'''")) else STRING
    return _plain_code(token, words)


def _script_code(token: str, words: frozenset[str]) -> int:
    first = token[0]
    if token.startswith(("//", "/*")):
        return _IGNORED
    if first.isdigit():
        return NUMBER
    if first in "\"'`":
        return STRING
    if token[-1] == "=" and len(token) > 1:
        return crc32(token.encode("utf-8", "replace"))
    if first == "<" and len(token) > 1:
        tag = token.lstrip("</")
        return crc32((token if tag in _TAGS or tag in words else token[: token.index(tag)] + "I").encode())
    return _plain_code(token, words)


def _plain_code(token: str, words: frozenset[str]) -> int:
    """Names after a dot and the words that stay by themselves, other names as one, marks by themselves."""
    if token[0] == ".":
        return crc32("".join(token.split()).encode("utf-8", "replace"))
    if token[0].isalpha() or token[0] == "_":
        return crc32((token if token in words else "I").encode("utf-8", "replace"))
    return crc32(token[0].encode("utf-8", "replace"))


PYTHON = Grammar(_PYTHON_TOKEN, _PYTHON_IMPORT, _PYTHON_WORDS, _python_code)
SCRIPT = Grammar(_SCRIPT_TOKEN, _SCRIPT_IMPORT, _SCRIPT_WORDS, _script_code)
"""JavaScript and TypeScript, with markup inside."""


class _Codes(dict[str, int]):
    """The number that stands for each token of one text; 0 for what is dropped."""

    def __init__(self, grammar: Grammar, imported: frozenset[str]) -> None:
        super().__init__()
        self._code = grammar.code
        self._words = grammar.words | imported

    def __missing__(self, token: str) -> int:
        code = self[token] = self._code(token, self._words)
        return code


class Tokens:
    """The tokens of one text: `codes` in the order of the text."""

    def __init__(self, source: str, grammar: Grammar) -> None:
        self._grammar = grammar
        found: list[str] = []

        def keep(statement: re.Match[str]) -> str:
            found.append(statement[0])
            return "\n" * statement[0].count("\n")

        # White space that no token follows would be tried again from each of its places.
        self._text = grammar.imports.sub(keep, source).rstrip()
        imported = frozenset(name for statement in found for name in _WORD.findall(statement))
        self._codes_of = _Codes(grammar, imported)
        self.codes = list(filter(None, map(self._codes_of.__getitem__, grammar.token.findall(self._text))))

    def starts(self) -> list[int]:
        """Where each token stands in a text that has the same lines as the source."""
        return [found.start(1) for found in self._grammar.token.finditer(self._text) if self._codes_of[found[1]]]

    def breaks(self) -> list[int]:
        """Where the lines of that text end."""
        return list(_ends(self._text))


def _ends(text: str) -> Iterator[int]:
    at = text.find("\n")
    while at >= 0:
        yield at
        at = text.find("\n", at + 1)
