"""How a test reads a page: as a parser and as a reader see it."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode


def parsed(page: str) -> LexborHTMLParser:
    return LexborHTMLParser(page)


def prose(page: str) -> str:
    """The page's text as a reader sees it, on one line."""
    body = parsed(page)
    for node in body.css("script, style"):
        node.decompose()
    assert body.body is not None
    words = " ".join(body.body.text(separator=" ").split())
    return re.sub(r"([(“]) ", r"\1", re.sub(r" ([.,:;)”])", r"\1", words))


def nodes(page: str) -> Iterator[LexborNode]:
    root = parsed(page).root
    assert root is not None
    return iter(root.traverse(include_text=False))


def skeleton(page: str) -> list[tuple[str, tuple[str, ...]]]:
    """Every element with the names of its attributes, in order."""
    return [(node.tag or "", tuple(sorted(node.attributes))) for node in nodes(page)]
