"""Feeds as strangers write them (RSS, Atom, JSON Feed), read without trusting a byte of them.

The parser is expat with everything refused that feeds do not need: document types, entity declarations, depth. Nothing
is ever looked up, nothing expanded, and what was read before a fault counts: a feed cut off at a byte budget is usual.
"""

import html
import re
import unicodedata
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from xml.parsers import expat

import msgspec

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.writing_words import linked_repositories
from portfolio_audit.snapshot import FeedEntry

ENTRY_LIMIT = 40
DEPTH_LIMIT = 40
ELEMENT_LIMIT = 60_000
FIELD_LIMIT = 1_000
BODY_LIMIT = 40_000
TITLE_LENGTH = 160
OPENING_LENGTH = 400

_NAMESPACES = frozenset(
    (
        "",
        "http://www.w3.org/2005/Atom",
        "http://purl.org/atom/ns#",
        "http://purl.org/rss/1.0/",
        "http://purl.org/dc/elements/1.1/",
        "http://purl.org/rss/1.0/modules/content/",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    )
)
_ROOTS = frozenset(("rss", "feed", "rdf"))
_BODIES = frozenset(("description", "summary", "content", "encoded"))
_DATES = ("published", "pubdate", "issued", "date", "created", "updated", "modified")
_ENCODING = re.compile(r"<\?xml[^>]{0,200}?\?>")
_TAG = re.compile(r"<[^<>]{0,800}>")
_ISO = re.compile(r"((?:19|20)\d\d)-(\d\d)-(\d\d)")


class FeedText(NamedTuple):
    """What a feed says: its title, the names it gives for who writes it, its newest entries in its own order.

    `complete` is false if it goes on after what was read.
    """

    title: str | None
    authors: tuple[str, ...]
    entries: tuple[FeedEntry, ...]
    complete: bool


def parse_feed(text: str, *, cut: bool = False) -> FeedText:
    """Read a feed; `cut` says that the text is only its beginning. Raises Unavailable with the reason."""
    text = text.lstrip("\ufeff \t\r\n")
    if text.startswith("{"):
        return _parse_json(text)
    if not text.startswith("<"):
        raise Unavailable("not a feed")
    reading = _Reading()
    fault = reading.read(_ENCODING.sub("", text, count=1))
    if not reading.feed:
        raise Unavailable("not a feed")
    if fault is not None and not reading.entries:
        raise Unavailable(fault)
    entries = reading.entries[:ENTRY_LIMIT]
    return FeedText(
        clean(reading.title, TITLE_LENGTH) or None,
        tuple(dict.fromkeys(filter(None, (clean(name, 80) for name in reading.authors[:20]))))[:5],
        tuple(entries),
        fault is None and not cut and len(reading.entries) <= ENTRY_LIMIT,
    )


class _Reading:
    """The parser's memory: where it stands, and the entry that is open."""

    def __init__(self) -> None:
        self.feed = False
        self.title = ""
        self.authors: list[str] = []
        self.entries: list[FeedEntry] = []
        self._path: list[str] = []
        self._count = 0
        self._entry: dict[str, Any] | None = None
        self._entry_depth = 0
        self._text: list[str] = []
        self._room = 0

    def read(self, text: str) -> str | None:
        """Read as far as it goes; the reason if it did not go to the end."""
        parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        try:
            parser.Parse(text.encode("utf-8", "replace"), True)
        except _Stop as stop:
            return str(stop)
        except expat.ExpatError:
            return "not well-formed XML"
        return None

    @staticmethod
    def _refuse(*_: object) -> None:
        raise _Stop("declares a document type or entities, which is not read")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, local = tag.rpartition(" ")
        name = local.lower() if space in _NAMESPACES else f"other:{local}"
        self._count += 1
        if len(self._path) >= DEPTH_LIMIT or self._count > ELEMENT_LIMIT or len(self.entries) > ENTRY_LIMIT:
            raise _Stop("longer or deeper than what is read of a feed")
        if not self._path:
            self.feed = name in _ROOTS
            if not self.feed:
                raise _Stop("not a feed")
        self._path.append(name)
        if self._entry is None and name in ("item", "entry"):
            self._entry, self._entry_depth = {}, len(self._path)
        if self._entry is not None and self._inside_field():
            # XHTML in an Atom entry: its text belongs to the field around it.
            self._entry["code"] = self._entry.get("code") or local.lower() in ("pre", "code")
            self._data(" ")
            return
        self._text, self._room = [], BODY_LIMIT if name in _BODIES else FIELD_LIMIT
        if self._entry is not None and len(self._path) == self._entry_depth + 1:
            relation = attributes.get("rel", "alternate")
            if name == "link" and attributes.get("href") and relation == "alternate":
                self._entry.setdefault("link", attributes["href"][:FIELD_LIMIT])
            elif name == "category" and attributes.get("term"):
                self._entry.setdefault("tags", []).append(attributes["term"][:60])

    def _inside_field(self) -> bool:
        named = self._path[-2:] == ["author", "name"]
        return self._entry is not None and len(self._path) > self._entry_depth + 1 and not named

    def _data(self, text: str) -> None:
        if self._room > 0:
            self._text.append(text[: self._room])
            self._room -= len(text)

    def _end(self, tag: str) -> None:
        inside = self._inside_field()
        name, depth = self._path.pop(), len(self._path) + 1
        if inside:
            return
        text = "".join(self._text).strip()
        self._text, self._room = [], 0
        parent = self._path[-1] if self._path else ""
        if self._entry is None:
            self._keep_of_feed(name, parent, text)
        elif depth == self._entry_depth:
            self.entries.append(_entry(self._entry))
            self._entry = None
        elif depth == self._entry_depth + 1 or (name == "name" and parent == "author"):
            self._keep(name, text)

    def _keep_of_feed(self, name: str, parent: str, text: str) -> None:
        if name == "title" and parent in ("channel", "feed") and not self.title:
            self.title = text
        elif name in ("name", "creator", "managingeditor") and parent in ("author", "channel", "feed") and text:
            self.authors.append(text)

    def _keep(self, name: str, text: str) -> None:
        assert self._entry is not None
        if not text:
            return
        if name == "category":
            self._entry.setdefault("tags", []).append(text[:60])
        elif name in ("name", "creator", "author"):
            if len(self.authors) < 20:
                self.authors.append(text)
        elif name in _BODIES:
            if len(text) > len(self._entry.get("body", "")):
                self._entry["body"] = text
        else:
            self._entry.setdefault(name, text)


class _Stop(Exception):
    """Ends the parsing from inside a handler."""


def _entry(found: dict[str, Any]) -> FeedEntry:
    body = found.get("body", "")
    address = str(found.get("link") or found.get("guid") or found.get("id") or "")
    lowered = body.lower()
    return FeedEntry(
        title=clean(_plain(str(found.get("title", ""))), TITLE_LENGTH),
        url=address[:500] if address.startswith(("http://", "https://")) and " " not in address else None,
        date=next((day for day in (_day(found.get(key)) for key in _DATES) if day), None),
        tags=tuple(filter(None, (clean(tag, 40) for tag in found.get("tags", [])[:8]))),
        opening=clean(_plain(body), OPENING_LENGTH),
        code=bool(found.get("code")) or "<pre" in lowered or "<code" in lowered or "```" in body,
        repositories=linked_repositories(body),
    )


def _plain(markup: str) -> str:
    return html.unescape(_TAG.sub(" ", html.unescape(markup[:8_000])))


def clean(text: str, most: int) -> str:
    """One line without control, format (bidi, zero-width), private or unassigned characters, cut to `most`."""
    visible = (" " if one.isspace() else one for one in text[: most * 20])
    kept = "".join(one for one in visible if unicodedata.category(one)[0] != "C")
    line = " ".join(kept.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _day(value: object) -> str | None:
    text = str(value or "")[:60].strip()
    iso = _ISO.match(text)
    if iso is not None:
        return iso[0] if 1 <= int(iso[2]) <= 12 and 1 <= int(iso[3]) <= 31 else None
    try:
        return parsedate_to_datetime(text).strftime("%Y-%m-%d")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _parse_json(text: str) -> FeedText:
    try:
        found = msgspec.json.decode(text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise Unavailable("not readable as JSON") from None
    if not isinstance(found, dict) or "jsonfeed.org" not in str(found.get("version", ""))[:200]:
        raise Unavailable("not a feed")
    listed = found.get("items")
    items = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    entries = []
    for item in items[:ENTRY_LIMIT]:
        tags = item.get("tags")
        body = str(item.get("content_html") or item.get("content_text") or item.get("summary") or "")[:BODY_LIMIT]
        entries.append(
            _entry(
                {
                    "title": str(item.get("title") or "")[:FIELD_LIMIT],
                    "link": str(item.get("url") or item.get("id") or "")[:FIELD_LIMIT],
                    "published": item.get("date_published"),
                    "updated": item.get("date_modified"),
                    "tags": [str(tag)[:60] for tag in tags[:8]] if isinstance(tags, list) else [],
                    "body": body,
                }
            )
        )
    named = found.get("authors")
    people = [*(named if isinstance(named, list) else []), found.get("author")][:5]
    authors = (clean(str(each.get("name") or ""), 80) for each in people if isinstance(each, dict))
    title = clean(str(found.get("title") or "")[:FIELD_LIMIT], TITLE_LENGTH)
    return FeedText(title or None, tuple(filter(None, authors)), tuple(entries), len(items) <= ENTRY_LIMIT)
