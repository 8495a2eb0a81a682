"""What the parts of a README are about, in many languages, and whether a generator wrote it."""

from functools import lru_cache
from typing import Literal, get_args

from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.markup import Block, Markup
from portfolio_audit.facts.words import count_words, fold, load_table, load_vocabularies, mentions
from portfolio_audit.snapshot import Value

SectionKind = Literal["demo", "picture", "why", "result", "how", "structure", "what", "data", "other"]
# A longer heading that mentions a licence or an author speaks of something else.
ASIDE_HEADING_WORDS = 5
KINDS: tuple[SectionKind, ...] = get_args(SectionKind)


class Section(Value, frozen=True):
    """A heading with what stands directly under it: `words` of prose, `codes` code blocks, `items` of lists."""

    heading: str
    kind: SectionKind | None
    level: int
    location: Location
    words: int = 0
    codes: int = 0
    items: int = 0


@lru_cache(maxsize=1)
def _headings() -> dict[str, tuple[str, ...]]:
    return load_vocabularies("readme_headings")


@lru_cache(maxsize=4096)
def kind_of(heading: str) -> SectionKind | None:
    """What a heading announces, or None. The kinds are tried in the order of the table.

    "How to contribute" and "Citing the project" announce neither steps nor a description. "Using" announces where it
    begins ("Using the counter"); further on it only speaks ("Counting bees using video").
    """
    if mentions(heading, _headings()["aside"]) and len(fold(heading).split()) <= ASIDE_HEADING_WORDS:
        return "other"
    found = next((kind for kind in KINDS if mentions(heading, _headings()[kind])), None)
    return "how" if found is None and fold(heading).startswith(" using ") else found


def title_of(markup: Markup) -> int:
    """The block that is the title: a heading of level 1 among the first three, else the first; -1 without headings."""
    headings = [index for index, block in enumerate(markup.blocks[:60]) if block.kind == "heading"][:3]
    return next((index for index in headings if markup.blocks[index].level == 1), headings[0] if headings else -1)


def _title_kind(title: str) -> SectionKind | None:
    """What a title announces: "Overview" does, but "Student performance predictor" holds no results."""
    kind = kind_of(title)
    return kind if kind in ("what", "why", "how") and len(fold(title).split()) <= 3 else None


def read_sections(path: str, markup: Markup) -> tuple[Section, ...]:
    """The sections of a README in order; the title is one of them."""
    title = title_of(markup)
    words: dict[int, int] = {}
    codes: dict[int, int] = {}
    items: dict[int, int] = {}
    for block in markup.blocks:
        if block.kind == "code":
            codes[block.section] = codes.get(block.section, 0) + 1
        elif block.kind != "heading":
            words[block.section] = words.get(block.section, 0) + count_words(block.text)
            items[block.section] = items.get(block.section, 0) + (block.kind == "item")
    return tuple(
        Section(
            block.text[:120],
            _title_kind(block.text) if index == title else kind_of(block.text),
            block.level,
            Location(path, block.line, block.end_line if block.end_line > block.line else None),
            words.get(index, 0),
            codes.get(index, 0),
            items.get(index, 0),
        )
        for index, block in enumerate(markup.blocks)
        if block.kind == "heading"
    )


def find_steps(path: str, markup: Markup, sections: tuple[Section, ...]) -> Location | None:
    """Where the steps to run it are described: two list items or fifteen words under a heading that announces them.

    What must be there before is no step where another section has some; of a section with a list, the list is meant.
    """
    described = [s for s in sections[1:] if s.kind == "how" and (s.items >= 2 or s.words >= 15)]
    before = load_vocabularies("readme_words")["before"]
    described.sort(key=lambda section: mentions(section.heading, before) is not None)
    if not described:
        return None
    found = described[0]
    line = found.location.line
    heading = next((n for n, block in enumerate(markup.blocks) if block.kind == "heading" and block.line == line), -1)
    items = [block for block in markup.blocks if block.kind == "item" and block.section == heading]
    return Location(path, items[0].line, items[-1].end_line) if len(items) >= 2 else found.location


def find_template(markup: Markup) -> str | None:
    """The name of the generator whose README this is, or None.

    The generator's sentence must stand among the first three pieces of text and before any sentence of one's own, and
    at most one section with text may be other than the generator's.
    """
    opening = [block for block in markup.blocks[:8] if block.kind in ("heading", "paragraph", "code")][:4]
    for template in load_table("readme_templates")["template"]:
        for position, block in enumerate(opening):
            text = fold(block.text)
            if not any(f" {sentence} " in text for sentence in template["opening"]):
                continue
            own_before = sum(count_words(each.text) for each in opening[:position] if each.kind == "paragraph")
            if own_before < 8 and not _has_own_parts(markup, frozenset(template["headings"]), block):
                return str(template["name"])
    return None


def _has_own_parts(markup: Markup, headings: frozenset[str], opening: Block) -> bool:
    """Whether parts that the generator does not bring hold more than 20 words."""
    title = next((index for index, block in enumerate(markup.blocks) if block.kind == "heading"), -1)
    own = 0
    for block in markup.blocks:
        brought = fold(markup.heading(block.section)).strip() in headings or (headings and block.section <= title)
        if block.kind != "heading" and block is not opening and not brought:
            own += count_words(block.text)
    return own > 20
