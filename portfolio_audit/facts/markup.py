"""Markdown as blocks, links and pictures, each with the line it stands on.

comrak writes HTML with source positions and selectolax walks it once, in document order: linear on the hostile shapes
that make other readers blow up. Nothing is rendered for anybody; the HTML never leaves this module.
"""

import re
from typing import Literal

from portfolio_audit.facts.markup_depth import bound_depth
from portfolio_audit.snapshot import Value
from portfolio_audit.tree import KIB

SIZE_LIMIT = 256 * KIB
BLOCK_LIMIT = 4_000
LINK_LIMIT = 1_000
TEXT_LIMIT = 32_000
ADDRESS_LIMIT = 2_000

_POSITION = re.compile(r"(\d{1,7}):\d{1,7}-(\d{1,7}):\d{1,7}")
_FORGED = re.compile("data-sourcepos", re.IGNORECASE)
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BLOCKS: dict[str, Literal["paragraph", "item", "cell", "code"]] = {
    "p": "paragraph", "div": "paragraph", "li": "item", "dt": "item", "dd": "item", "td": "cell", "th": "cell",
    "pre": "code", "blockquote": "paragraph", "summary": "paragraph", "center": "paragraph",
}  # fmt: skip
_OUTSIDE = frozenset(("body", "div", "td", "li", "section", "center", "details", "blockquote"))
_HOLDERS = frozenset(("li", "dt", "dd", "td", "th"))
_CONTAINERS = frozenset(("table", "ul", "ol", "tr", "thead", "tbody", "hr"))


class Block(Value, frozen=True):
    """A piece of text. `section` is the index of the heading block it stands under, -1 above the first heading."""

    kind: Literal["heading", "paragraph", "item", "cell", "code"]
    text: str
    line: int
    end_line: int
    section: int = -1
    level: int = 0
    language: str = ""


class Link(Value, frozen=True):
    """A link. `before` and `after` are the text around it in its block; `picture` is the address of a picture in it."""

    url: str
    text: str
    line: int
    section: int
    before: str = ""
    after: str = ""
    picture: str | None = None


class Picture(Value, frozen=True):
    """A picture or video shown in the text."""

    source: str
    alt: str
    line: int
    section: int


class InlineCode(Value, frozen=True):
    """Code inside a sentence or heading."""

    text: str
    line: int
    section: int


class Markup(Value, frozen=True):
    """A text taken apart, in document order. `front` is the YAML front matter without its marks."""

    blocks: tuple[Block, ...]
    links: tuple[Link, ...]
    pictures: tuple[Picture, ...]
    codes: tuple[InlineCode, ...]
    front: str = ""

    def heading(self, section: int) -> str:
        """The text of a section's heading, empty above the first one."""
        return self.blocks[section].text if section >= 0 else ""


def parse_markdown(text: str) -> Markup:
    """Take a Markdown text apart; what lies beyond 256 KiB, 4,000 blocks or 1,000 links is left out."""
    from comrak import ExtensionOptions, RenderOptions, render_markdown
    from selectolax.lexbor import LexborHTMLParser

    text = text[:SIZE_LIMIT].replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    # Raw HTML passes through, so a source position written by hand could claim any line.
    text = _FORGED.sub("data-sourceqos", text)
    extensions = ExtensionOptions()
    extensions.table = extensions.autolink = extensions.strikethrough = extensions.footnotes = True
    front = _front_matter(text)
    if front:
        extensions.front_matter_delimiter = "---"
    options = RenderOptions()
    options.sourcepos = options.unsafe_ = True
    html = render_markdown(text, extension_options=extensions, render_options=options)
    root = LexborHTMLParser(bound_depth(html)).root
    reading = _Reading(text)
    if root is not None:
        for node in root.traverse(include_text=True):
            reading.take(node)
            if len(reading.blocks) >= BLOCK_LIMIT:
                break
    return reading.finish(front)


def _front_matter(text: str) -> str:
    if not text.startswith("---\n"):
        return ""
    end = text.find("\n---\n", 3)
    return text[4:end] if 0 < end < 16 * KIB else ""


def _is_within(node: object) -> bool:
    """Whether an element stands in a list item or table cell, at most four levels up."""
    for _ in range(4):
        node = node.parent  # type: ignore[attr-defined]
        if node is None:
            return False
        if node.tag in _HOLDERS:  # type: ignore[attr-defined]
            return True
    return False


class _Reading:
    """The walk's memory: the open block, the section it lies in, and the last line known."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.blocks: list[Block] = []
        self.links: list[Link] = []
        self.pictures: list[Picture] = []
        self.codes: list[InlineCode] = []
        self._section = -1
        self._line = 1
        self._open: Block | None = None
        self._text: list[str] = []
        self._length = 0
        self._pending: list[tuple[int, Link]] = []
        self._unplaced = False
        self._budget = 16_000_000

    def take(self, node: "object") -> None:
        tag: str = node.tag  # type: ignore[attr-defined]
        if tag == "-text":
            if self._open is not None and self._open.kind in ("heading", "code"):
                self._leave(node)
            self._add(node.text_content or "")  # type: ignore[attr-defined]
            return
        attributes: dict[str, str | None] = node.attributes  # type: ignore[attr-defined]
        span = self._span(attributes.get("data-sourcepos"))
        if tag in _HEADINGS:
            self._start("heading", node, span, _HEADINGS[tag])
        elif tag in _BLOCKS:
            self._start(_BLOCKS[tag], node, span, 0)
        elif tag in _CONTAINERS:
            self._close()
        elif tag == "br":
            self._add("\n")
        elif tag == "a":
            self._link(attributes.get("href"), node, span)
        elif tag in ("img", "video", "source", "iframe"):
            self._picture(attributes, span)
        elif tag == "code":
            self._code(node, span)

    def _leave(self, node: object) -> None:
        """Close a heading or code block when the text is beside it: the walk announces beginnings only."""
        parent = node.parent  # type: ignore[attr-defined]
        if parent is not None and parent.tag in _OUTSIDE and (node.text_content or "").strip():  # type: ignore[attr-defined]
            self._close()

    def finish(self, front: str) -> Markup:
        self._close()
        return Markup(tuple(self.blocks), tuple(self.links), tuple(self.pictures), tuple(self.codes), front)

    def _span(self, position: str | None) -> tuple[int, int] | None:
        match = _POSITION.fullmatch(position or "")
        if match is None:
            return None
        first = min(max(int(match[1]), 1), len(self.lines))
        return first, min(max(int(match[2]), first), len(self.lines))

    def _find(self, needle: str) -> int:
        """The first line at or below the last known one that holds the text; raw HTML carries no positions.

        All searches of one text together look at 16 million letters at most.
        """
        needle = needle[:200]
        for line in range(self._line - 1, min(self._line + 200, len(self.lines)) if needle else 0):
            self._budget -= len(self.lines[line])
            if self._budget < 0:
                break
            if needle in self.lines[line]:
                return line + 1
        return self._line

    def _find_words(self, text: str) -> int:
        """The first line at or below the last known one in which the text begins."""
        words = text.split()
        for needle in (" ".join(words[:6]), " ".join(words[:2]), *words[:2]):
            line = self._find(needle)
            if needle and needle in self.lines[line - 1]:
                return line
        return self._line

    def _start(self, kind: str, node: object, span: tuple[int, int] | None, level: int) -> None:
        inside = self._open is not None and self._open.kind in ("item", "cell")
        if inside and kind == "paragraph" and not "".join(self._text).strip() and _is_within(node):
            return
        self._close()
        language = ""
        if kind == "code":
            first = node.css_first("code")  # type: ignore[attr-defined]
            language = (first.attributes.get("class") or "").removeprefix("language-")[:40] if first is not None else ""
        if span is None:
            span = (self._line, self._line)
            self._unplaced = True
        self._line = span[0]
        self._open = Block(kind, "", *span, self._section, level, language)  # type: ignore[arg-type]

    def _close(self) -> None:
        block, text = self._open, "".join(self._text)
        self._open, self._text, self._length = None, [], 0
        unplaced, self._unplaced = self._unplaced, False
        flat = text.rstrip("\n") if block is not None and block.kind == "code" else " ".join(text.split())
        for start, link in self._pending:
            end = start + len(link.text)
            before, after = " ".join(text[max(0, start - 160) : start].split()), " ".join(text[end : end + 120].split())
            self.links.append(Link(link.url, link.text, link.line, link.section, before, after, link.picture))
        self._pending = []
        if not flat.strip():
            return
        if block is None:
            block = Block("paragraph", "", self._line, self._line, self._section)
            unplaced = True
        line, end_line = block.line, block.end_line
        if unplaced:
            line = end_line = self._line = self._find_words(flat)
        if block.kind == "heading":
            self._section = len(self.blocks)
        self.blocks.append(Block(block.kind, flat, line, end_line, self._section, block.level, block.language))

    def _add(self, text: str) -> None:
        if self._length < TEXT_LIMIT:
            self._text.append(text[: TEXT_LIMIT - self._length])
            self._length += len(text)

    def _link(self, href: str | None, node: object, span: tuple[int, int] | None) -> None:
        if not href or len(self.links) + len(self._pending) >= LINK_LIMIT:
            return
        inside = node.css_first("img")  # type: ignore[attr-defined]
        picture = inside.attributes.get("src") if inside is not None else None
        alt = (inside.attributes.get("alt") or "") if inside is not None else ""
        text = node.text(deep=True)[:300].strip() or alt[:300]  # type: ignore[attr-defined]
        line = span[0] if span else self._find(href)
        self._line = max(self._line, line)
        link = Link(href[:ADDRESS_LIMIT], text, line, self._place(), picture=picture)
        self._pending.append((self._length, link))

    def _place(self) -> int:
        """The section that something stands in; a heading that is still open begins the next one."""
        return len(self.blocks) if self._open is not None and self._open.kind == "heading" else self._section

    def _picture(self, attributes: dict[str, str | None], span: tuple[int, int] | None) -> None:
        source = attributes.get("src")
        if source and len(self.pictures) < LINK_LIMIT:
            line = span[0] if span else self._find(source)
            self.pictures.append(
                Picture(source[:ADDRESS_LIMIT], (attributes.get("alt") or "")[:200], line, self._place())
            )

    def _code(self, node: object, span: tuple[int, int] | None) -> None:
        if self._open is not None and self._open.kind != "code" and len(self.codes) < LINK_LIMIT:
            text = node.text(deep=True)[:300].strip()  # type: ignore[attr-defined]
            self.codes.append(InlineCode(text, span[0] if span else self._line, self._section))
