"""Which lines of a README say what the project is, told from credits, notes, steps and pointers that stand before them.

Word lists decide where a heading is plain. The section classifier is asked only where they find nothing, to recognise a
description under an unusual heading, so it can clear a README but never accuse one.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.markup import Block, Markup
from portfolio_audit.facts.readme_features import extract
from portfolio_audit.facts.readme_model import section_model
from portfolio_audit.facts.readme_parts import PART_LIMIT, read_parts
from portfolio_audit.facts.readme_sections import SectionKind, kind_of, title_of
from portfolio_audit.facts.words import Language, count_words, fold, load_vocabularies

# A purpose needs a few words: "Decision Tree" is a topic.
PURPOSE_WORDS = 4
SUBTITLE_WORDS = 6
# Lists far down hold steps and names more often than a description.
LATE_ITEM_WORDS = 6
EARLY_HEADINGS = 4
BLOCK_LIMIT = 400
SMALL_LEVEL = 5
# A longer text that begins like an aside goes on to say more.
ASIDE_WORDS = 25
MAKER_WORDS = 20

_STEPS = (" how ", " step", " install", " set", " run", " get", " start", " us", " to ", " train", " what ", " why ")
_OF_A_FOLDER = re.compile(
    r"(?i)\W{0,6}(?:this|the|esta|este|diese[rs]?|ce) "
    r"(?:folder|directory|pasta|diret[óo]rio|carpeta|directorio|ordner|verzeichnis|dossier|r[ée]pertoire)\b"
)
"""How a text begins that is about the folder that it lies in."""
_SUBSTITUTION = re.compile(r"\|[\w .-]{1,40}\|_{0,2}")
_DRAWN = re.compile(r"--+>|==+>|[│├└┌┐─]{2}")
_TYPED = re.compile(
    r"(?:[$>%] ?)?(?:sudo |pip3? install|python3? \S{1,80}\.py|python3? -m |conda (?:create|activate|install|env) |"
    r"npm (?:i|ci|install|run|start)\b|yarn |npx |git clone |docker (?:run|build|compose|pull)|docker-compose |"
    r"streamlit run|uvicorn |poetry (?:install|run)|uv (?:pip|run|sync)|cd \S|source \S{1,60}activate|export [A-Z]|"
    r"curl |wget |apt(?:-get)? |brew install|\./\w|[a-z][\w-]{0,20}(?: [\w-]{1,20}){0,3} --[a-z])"
)
_ALERT = re.compile(r"\W{0,6}\[!?\w{2,12}\]")
# After these words a maker's line goes on to say what was made.
_SAYS_MORE = re.compile(r" (?:this|is|are|that|which|to|for|lets|allows|helps) ")
_ABOUT_PROJECT = re.compile(
    r" (?:predict|analy|detect|classif|recommend|build|create|project|app|problem|topic|dataset|projet|proyecto|"
    r"projeto)"
)


class _Piece(NamedTuple):
    """Prose that could be the purpose: where it stands, and whether better text may follow."""

    block: Block
    weak: bool


def find_purpose(path: str, text: str, markup: Markup, language: Language | None) -> Location | None:
    """The first prose that says what the project is, else the first that says at least what it was made for.

    It is looked for under the title and the next three headings, then in sections about the project. Bars of links,
    tables of contents, commands and drawings are none, nor what stands under a heading on how to run it or on people,
    nor a list under a heading that announces no description. A subtitle of six words or more (below a title or a logo)
    counts as well, the title never: a name is no purpose.
    """
    weak: Block | None = None
    for piece in _pieces(markup):
        if "/" in path and _OF_A_FOLDER.match(piece.block.text):
            return None
        if not piece.weak:
            return _place(path, piece.block)
        weak = weak or piece.block
    found = weak or _speaking_of_itself(markup) or _described(text, markup, language)
    return _place(path, found) if found and not ("/" in path and _OF_A_FOLDER.match(found.text)) else None


def _place(path: str, block: Block) -> Location:
    return Location(path, block.line, block.end_line if block.end_line > block.line else None)


def _pieces(markup: Markup) -> Iterator[_Piece]:
    headings = 0
    linked = _linked(markup)
    title = title_of(markup)
    for index, block in enumerate(markup.blocks[:BLOCK_LIMIT]):
        headings += block.kind == "heading"
        below_title = block.section in (-1, title)
        kind = "what" if below_title else _kind_above(markup, block.section)
        described = kind in ("what", "why")
        if block.kind == "heading":
            if headings <= EARLY_HEADINGS and _is_subtitle(block, index, title, markup):
                yield _Piece(block, False)
            continue
        early = headings <= EARLY_HEADINGS and kind not in ("how", "other")
        if block.kind not in ("paragraph", "item") or not (early or described):
            continue
        least = LATE_ITEM_WORDS if block.kind == "item" and not early else PURPOSE_WORDS
        listed = block.kind == "item" and not described
        if listed or not _is_prose(block, linked, least) or is_aside(block.text):
            continue
        yield _Piece(block, not (described or kind is None) or _is_occasion(block.text))


def _kind_above(markup: Markup, section: int) -> SectionKind | None:
    """What the heading of a section announces; a small line of thanks or sponsors below a title begins no section."""
    kind = kind_of(markup.heading(section))
    return None if kind == "other" and markup.blocks[section].level >= SMALL_LEVEL else kind


def _is_subtitle(block: Block, index: int, title: int, markup: Markup) -> bool:
    """Whether a heading is a sentence about the project: below a title or a logo, and announcing nothing of its own.

    Right below the title even "Build 12 bee counters with one camera" describes, although "build" announces steps.
    """
    below_picture = bool(markup.pictures) and markup.pictures[0].line <= block.line and block.level > 1
    if count_words(block.text) < SUBTITLE_WORDS or is_aside(block.text):
        return False
    if kind_of(block.text) is not None:
        return 0 <= title == index - 1 and not fold(block.text).startswith(_STEPS)
    return title not in (-1, index) or below_picture


def _linked(markup: Markup) -> dict[int, int]:
    """Letters of links by line."""
    linked: dict[int, int] = {}
    for link in markup.links:
        linked[link.line] = linked.get(link.line, 0) + len(link.text)
    return linked


def _is_prose(block: Block, linked: dict[int, int], least: int) -> bool:
    """Whether a block says something beyond its links and the names of its badges."""
    text = _SUBSTITUTION.sub("", block.text)
    if count_words(text) < least:
        return False
    inside = sum(linked.get(line, 0) for line in range(block.line, min(block.end_line, block.line + 40) + 1))
    return inside < 0.6 * len(text)


def _speaking_of_itself(markup: Markup) -> Block | None:
    """The first paragraph anywhere that begins with the project ("This tool …") and goes on to say what it is or does.

    Told from what it needs or how it is licensed, and not looked for under headings on steps and people.
    """
    lists = _asides()
    for block in markup.blocks[:BLOCK_LIMIT]:
        if block.kind != "paragraph" or kind_of(markup.heading(block.section)) in ("how", "other"):
            continue
        folded = fold(block.text[:400])
        begun = next((entry.strip() for entry in lists["itself"] if folded.strip().startswith(entry.strip())), None)
        if begun is None or count_words(block.text) < SUBTITLE_WORDS or is_aside(block.text):
            continue
        if not any(folded.strip()[len(begun) :].strip().startswith(e.strip()) for e in lists["itself_otherwise"]):
            return block
    return None


def _described(text: str, markup: Markup, language: Language | None) -> Block | None:
    """The first prose under a heading that no word list knows and that the classifier takes for a description."""
    parts, headings = read_parts(text, markup)
    kinds = [kind_of(part.heading) for part in parts]
    linked = _linked(markup)
    if not parts:
        return None
    read = extract(parts[:PART_LIMIT], kinds[:PART_LIMIT], language)
    about = {
        heading
        for heading, kind, features in zip(headings, kinds, read, strict=False)
        if kind is None and section_model().may_describe(section_model().score(features))
    }
    for block in markup.blocks[:BLOCK_LIMIT]:
        told = block.section in about and block.kind == "paragraph" and _is_prose(block, linked, PURPOSE_WORDS)
        if told and not is_aside(block.text):
            return block
    return None


@lru_cache(maxsize=1)
def _asides() -> dict[str, tuple[str, ...]]:
    return load_vocabularies("readme_asides")


def is_aside(text: str) -> bool:
    """Whether a text speaks of people, notes, links, steps or means, and not of what the project is."""
    head = text[:400]
    if _DRAWN.search(head) or _ALERT.match(head) or _TYPED.match(head):
        return True
    lists, folded = _asides(), fold(head)
    label, colon, _ = _label(head)
    if colon and len(label) <= 40:
        name = fold(label).strip()
        noted = any(name == entry.strip() for entry in lists["notes"]) and not _ABOUT_PROJECT.search(folded)
        if noted or any(name == entry.strip() for entry in lists["people"]):
            return True
    words = count_words(text)
    if words > ASIDE_WORDS:
        return _begins(folded, lists["choices"]) and not _ABOUT_PROJECT.search(folded)
    if _begins(folded, lists["makers"]) and words <= MAKER_WORDS and not _SAYS_MORE.search(folded):
        return True
    if _begins(folded, lists["choices"]):
        return not _ABOUT_PROJECT.search(folded)
    if text.rstrip().endswith(":") and _begins(folded, lists["before_steps"]):
        return True
    return any(_begins(folded, lists[name]) for name in ("states", "pointers", "steps"))


def _label(head: str) -> tuple[str, str, str]:
    """What stands before the first colon or exclamation mark, that mark, and the rest."""
    place = min((index for mark in ":：!！" if (index := head.find(mark)) >= 0), default=-1)
    return (head[:place], head[place], head[place + 1 :]) if place >= 0 else (head, "", "")


def _is_occasion(text: str) -> bool:
    return count_words(text) <= ASIDE_WORDS and _begins(fold(text), _asides()["occasions"])


def _begins(folded: str, entries: tuple[str, ...]) -> bool:
    """Whether a folded text begins with an entry; entries in scripts without spaces have none before them."""
    return any(folded.startswith(entry if entry.startswith(" ") else f" {entry}") for entry in entries)
