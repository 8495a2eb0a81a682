"""What a README lets its reader see: pictures and diagrams, and what it only promises."""

import posixpath
import re
from urllib.parse import unquote

from portfolio_audit.facts import hosts
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.markup import Link, Markup, Picture
from portfolio_audit.facts.notebooks import notebooks
from portfolio_audit.facts.words import fold, load_vocabularies, mentions
from portfolio_audit.tree import SourceTree

_WORDS = load_vocabularies("readme_words")
_DECORATION = tuple(
    "logo icon banner badge avatar header sponsor star-history wave typing "
    "divider separator colab binder button".split()
)
_STOCK = tuple(
    "depositphotos shutterstock istockphoto gettyimages dreamstime unsplash pexels.com pixabay freepik vecteezy 123rf "
    "stock-photo stock-illustration stock-vector stockphoto giphy.com tenor.com".split()
)
"""Who offers pictures for any purpose, by parts of addresses."""
_UPLOADED = re.compile(r"https://github\.com/[\w.-]{1,40}/[\w.-]{1,100}/assets/\d{1,12}/")
"""Where GitHub kept what was dropped into a text before it had an address for all."""
_MOVING = (".mp4", ".mov", ".webm", ".gif")
_DRAWN = re.compile("[│├└┌┐┘─▶►▼→↓]|^[ \t]{0,40}\\|(?:--[^\n]{0,200})?$", re.MULTILINE)
_OUTPUTS = (b'"image/png"', b'"image/jpeg"', b'"image/svg+xml"', b'"text/html"', b"application/vnd.plotly")
"""Kinds of outputs that a notebook shows as a picture or a table."""
_PLANS = (
    "architectur",
    "diagram",
    "flowchart",
    "flow chart",
    "flow_chart",
    "flow-chart",
    "data_flow",
    "data-flow",
    "uml",
)
_STRUCTURE = ("architectur", "uml", "tech stack", "techstack", "tech-stack", "tech_stack")
_OF_STRUCTURE = (" architecture ", " project structure ", " folder structure ", " directory structure ", " tech stack ")
_COMING_OUT = ("result", "screen", "output", "demo", "dashboard", "predict", "confusion", "curve", "plot", "run")
SHOWN_LIMIT = 12


def find_pictures(
    tree: SourceTree, path: str, markup: Markup
) -> tuple[tuple[Location, ...], tuple[Location, ...], tuple[Location, ...]]:
    """Pictures of what the project does, of how it is made, and those whose file is not in the repository.

    Badges and logos are none. The project's own files come first: a picture from elsewhere may only illustrate.
    """
    own: list[Location] = []
    shown: list[Location] = []
    plans: list[Location] = []
    missing: list[Location] = []
    for picture in markup.pictures:
        if is_decoration(picture):
            continue
        local = local_path(path, picture.source)
        place = Location(path, picture.line, note=picture.alt[:60])
        if local is not None and not _is_there(tree, local):
            missing.append(place)
        else:
            plan = is_plan(picture) or _is_below_a_plan(picture, markup.heading(picture.section))
            (plans if plan else shown if local is None else own).append(place)
    for link in markup.links:
        if (
            "user-attachments/assets" in link.url
            or _UPLOADED.match(link.url)
            or link.url.lower().split("?")[0].endswith(_MOVING)
        ):
            shown.append(Location(path, link.line, note="recording"))
        elif hosts.role(link.url) == "video" and mentions(
            f"{link.before[-40:]} {_label(link)} {markup.heading(link.section)}", _WORDS["recorded"]
        ):
            shown.append(Location(path, link.line, note="video"))
    return (*own, *shown)[:SHOWN_LIMIT], tuple(plans[:SHOWN_LIMIT]), tuple(missing[:SHOWN_LIMIT])


def _label(link: Link) -> str:
    return "" if link.text.startswith("http") else link.text


def is_decoration(picture: Picture) -> bool:
    """Whether a picture is a badge, a logo or an ornament, which say nothing about what the project does."""
    source = picture.source.lower()
    if (
        any(mark in source for mark in _STOCK)
        or hosts.role(source) in ("badge", "registry", "container")
        or "badge" in source
        or "shields.io" in source
        or source.startswith("data:")
    ):
        return True
    file = posixpath.basename(unquote(source.split("?")[0]))
    said = "" if any(word in file for word in _COMING_OUT) else picture.alt.lower()
    return any(mark in file or mark in said for mark in _DECORATION)


def is_plan(picture: Picture) -> bool:
    """Whether a picture is named for how the project is made, and for nothing that comes out of it.

    A flow or a diagram may well be a picture of a run.
    """
    return _is_named(picture, _STRUCTURE) and not _is_named(picture, _COMING_OUT)


def _is_below_a_plan(picture: Picture, heading: str) -> bool:
    """Whether the heading above says that it shows how the project is made, and no name that it is a result."""
    said = fold(heading)
    return any(word in said for word in _OF_STRUCTURE) and not _is_named(picture, _COMING_OUT)


def _is_named(picture: Picture, words: tuple[str, ...]) -> bool:
    named = f"{posixpath.basename(unquote(picture.source))} {picture.alt}".lower()
    return any(word in named for word in words)


def local_path(readme: str, source: str) -> str | None:
    """The path in the tree that a relative address means, or None for an address elsewhere."""
    plain = unquote(source.split("#")[0].split("?")[0])
    if "://" in plain or plain.startswith("//") or not plain:
        return None
    if plain.startswith("/"):
        return posixpath.normpath(plain.lstrip("/"))
    return posixpath.normpath(posixpath.join(posixpath.dirname(readme), plain))


def _is_there(tree: SourceTree, path: str) -> bool:
    """Whether the tree has the file, or a link or submodule on the way to it, behind which nothing can be seen."""
    if path in tree:
        return True
    above = path.split("/")[:-1]
    parents = (tree.file("/".join(above[: depth + 1])) for depth in range(min(len(above), 20)))
    return any(parent is not None for parent in parents)


def find_notebooks(tree: SourceTree, path: str, markup: Markup) -> tuple[Location, ...]:
    """Links to the repository's own notebooks whose outputs hold a picture or a table."""
    wanted: dict[str, int] = {}
    for link in markup.links:
        target = local_path(path, link.url) if ".ipynb" in link.url else None
        if target is not None and target.endswith(".ipynb") and target in tree:
            wanted.setdefault(target, link.line)
    found = [each for each in tree.derive(notebooks).notebooks if each.path in wanted] if wanted else []
    return tuple(
        Location(path, wanted[each.path], note=f"leads to {each.path}"[:200])
        for each in found
        if any(cell.output_bytes for cell in each.cells) and any(mark in tree.read(each.path) for mark in _OUTPUTS)
    )[:SHOWN_LIMIT]


def find_drawings(path: str, markup: Markup) -> tuple[Location, ...]:
    """Diagrams: mermaid, boxes, arrows and trees of letters, and pictures whose name says that they are a plan."""
    drawn = [
        Location(path, block.line, block.end_line)
        for block in markup.blocks
        if block.kind == "code"
        and (block.language in ("mermaid", "plantuml", "dot") or len(_DRAWN.findall(block.text)) >= 4)
    ]
    for picture in markup.pictures:
        if not is_decoration(picture) and _is_named(picture, _PLANS):
            drawn.append(Location(path, picture.line))
    return tuple(drawn[:SHOWN_LIMIT])


# What stands in for data or a secret is none for a part of the text.
_STANDING_IN = re.compile(
    r"(?i)\bplaceholders?\s{1,4}(?:`|rows?\b|values?\b|records?\b|ids?\b|columns?\b|strings?\b|tokens?\b|variables?\b|data\b"
    r"|keys?\b|credentials?\b)"
)


_OFFER = re.compile(r"(?i)\b(?:would you like me to|do you want me to|let me know if you(?:[’']d| would) like me to)\b")
"""How an assistant that wrote a text offers to go on; nobody means a visitor to read it."""


def find_promises(path: str, markup: Markup) -> tuple[Location, ...]:
    """Short pieces of text that announce something instead of showing it, or that a writing assistant left there."""
    return tuple(
        Location(path, block.line)
        for block in markup.blocks
        if block.kind != "code"
        and (
            (len(block.text) <= 160 and mentions(_STANDING_IN.sub(" ", block.text), _WORDS["promised"]))
            or _OFFER.search(block.text)
        )
    )[:SHOWN_LIMIT]
