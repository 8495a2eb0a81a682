"""A README as a list of parts, each a heading with the lines under it, measured once for the section classifier.

The lines are source, not rendered text: fences, links, pictures and badges say much about what a section is for.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from portfolio_audit.facts.markup import Markup

# What lies beyond says nothing new about a section, and bounds what a hostile one costs.
LINE_LIMIT = 120
LETTER_LIMIT = 4_000
PART_LIMIT = 300

_LINK = re.compile(r"\[([^\[\]\n]{0,200})\]\(([^()\s]{0,300})[^()\n]{0,80}\)")
_URL = re.compile(r"https?://(?:www\.)?([\w.-]{1,60})[^\s)>\]\"'`|]{0,300}")
_TAG = re.compile(r"<[^<>\n]{0,200}>")
_WORD = re.compile(r"[^\W_]+")
_ITEM = re.compile(r"\s{0,12}(?:[-*+]|\d{1,3}[.)]) ")
_COMMAND = re.compile(
    r"\s{0,8}(?:[$>%] ?)?(?:sudo |npm |pip|git |yarn |docker|make\b|cd |go |cargo |python|ruby|gem |bower |composer |"
    r"brew |apt|mvn|gradle|node |\./|curl |rake|bundle|php )"
)
_CALL = re.compile(r"[(){}=<>`_]|\w\.\w|^[a-z]{1,40}[A-Z]")
_VERSION = re.compile(r"\d\.\d")
_YEAR = re.compile(r"(?:19|20)\d\d")


class Part(NamedTuple):
    """A heading as text, its source line, its level (1 to 6) and the source lines under it up to the next heading.

    `fenced` is for lines that look like headings inside a code block, which only the training set holds.
    """

    heading: str
    source: str
    level: int
    body: Sequence[str]
    fenced: bool = False


class Measure(NamedTuple):
    """What the classifier looks at in one part."""

    heading: list[str]
    words: list[str]
    code: list[str]
    sites: list[str]
    prose_words: int
    blocks: int
    code_lines: int
    links: int
    pictures: int
    badges: int
    commands: int
    items: int
    inline: int
    foreign: float
    call: bool
    version: bool
    year: bool
    question: bool
    linked: bool
    marked: bool


def read_parts(text: str, markup: Markup) -> tuple[list[Part], list[int]]:
    """The parts of a text, the lines above the first heading left out, and the block that each one's heading is."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    headings = [index for index, block in enumerate(markup.blocks) if block.kind == "heading"]
    starts = [markup.blocks[index] for index in headings]
    ends = [*(block.line - 1 for block in starts[1:]), len(lines)] if starts else []
    parts = [
        Part(block.text, lines[min(block.line, len(lines)) - 1][:600], block.level, lines[block.end_line : end])
        for block, end in zip(starts, ends, strict=True)
    ]
    return parts, headings


def plain_heading(source: str) -> str:
    """The text of a Markdown heading line."""
    text = _LINK.sub(r"\1", source[:300].strip().strip("#").strip().lstrip("!"))
    return _TAG.sub(" ", _URL.sub(" ", text)).strip()


def split_words(text: str) -> list[str]:
    """Words in lower case without accents, at most 24 letters of each; a number is "0"."""
    folded = text.lower()
    if not folded.isascii():
        folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return ["0" if word.isdigit() else word[:24] for word in _WORD.findall(folded)]


def measure(part: Part) -> Measure:
    """Read at most 120 lines and 4,000 letters of the part."""
    prose: list[str] = []
    code: list[str] = []
    blocks = commands = items = read = 0
    fence = False
    for line in part.body[:LINE_LIMIT]:
        if read > LETTER_LIMIT:
            break
        line = line[:600]
        read += len(line)
        bare = line.strip()
        if bare.startswith(("```", "~~~")):
            fence = not fence
            blocks += fence
            code.append(bare.strip("`~"))
        elif fence or (line.startswith(("    ", "\t")) and not _ITEM.match(line)):
            code.append(line)
            commands += _COMMAND.match(line) is not None
        elif bare:
            prose.append(line)
            items += _ITEM.match(line) is not None
    text = "\n".join(prose)
    sites = [_site(address) for _, address in _LINK.findall(text)]
    pictures = text.count("![") + text.count("<img")
    badges = text.count("badge") + text.count("shields.io") + text.count("travis-ci")
    flat = _LINK.sub(r" \1 ", text)
    sites += [host.lower() for host in _URL.findall(flat)]
    words = split_words(_URL.sub(" ", flat))
    heading = split_words(part.heading)
    both = part.heading + flat
    return Measure(
        heading[:20],
        words[:120],
        split_words("\n".join(code)[:1_200])[:30],
        sites[:20],
        len(words),
        blocks,
        len(code),
        len(sites),
        pictures,
        badges,
        commands,
        items,
        flat.count("`") // 2,
        0.0 if both.isascii() else sum(ord(letter) > 0x2FF for letter in both) / len(both),
        _CALL.search(part.heading) is not None,
        _VERSION.search(part.heading) is not None,
        _YEAR.search(part.heading) is not None,
        part.heading.rstrip().endswith("?"),
        "](" in part.source,
        "`" in part.source,
    )


def _site(address: str) -> str:
    """The host of an address, or what kind of address it is."""
    match = _URL.match(address)
    if match:
        return match[1].lower()
    return "#" if address.startswith("#") else "mail" if address.startswith("mailto:") else "local"


def find_parents(levels: Iterable[int]) -> list[int]:
    """For each heading the index of the one it stands under, -1 at the top."""
    parents: list[int] = []
    above: list[tuple[int, int]] = []
    for index, level in enumerate(levels):
        while above and above[-1][1] >= level:
            above.pop()
        parents.append(above[-1][0] if above else -1)
        above.append((index, level))
    return parents
