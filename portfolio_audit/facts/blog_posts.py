"""One post of a blog: its front matter, its date, and whether it speaks of software, data or machine learning.

Front matter is read line by line and never as YAML: a title, a date and some tags are all that is wanted of it, and a
thousand posts must cost little.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from portfolio_audit.facts import paths
from portfolio_audit.facts.fact import Location
from portfolio_audit.facts.notebooks import Notebook
from portfolio_audit.facts.words import fold, load_table
from portfolio_audit.facts.writing_words import is_technical, linked_repositories
from portfolio_audit.snapshot import Value

MATTER_LINES = 60
STUB_WORDS = 60
"""A file with fewer words than this is no post: a pointer to another page, or a place to fill in."""

TITLE_LENGTH = 120
_KEY = re.compile(r"[:.]{0,2}\s?([A-Za-z][\w -]{0,30}?)\s?[:=]\s*(.{0,400})")
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_HEADING = re.compile(r"#{1,2} +(.{1,200})")
_DATED = re.compile(r"^(?:19|20)\d\d[-_]?\d\d?[-_]?\d\d?[-_ ]*")


class Post(Value, frozen=True):
    """A published post. `date` is YYYY-MM-DD or a year, null if not stated; `repositories` are those it links to."""

    title: str
    location: Location
    date: str | None = None
    technical: bool = False
    author: str = ""
    repositories: tuple[str, ...] = ()


class Draft(Value, frozen=True):
    """A file among the posts that is none: a draft, a sample that came with the theme, or a stub."""

    kind: str


class _Words(NamedTuple):
    dates: tuple[str, ...]
    drafts: tuple[str, ...]
    samples: frozenset[str]
    sample_texts: tuple[str, ...]


@lru_cache(maxsize=1)
def _words() -> _Words:
    table = load_table("blogs")
    matter, samples = table["matter"], table["samples"]
    return _Words(
        tuple(matter["dates"].split()),
        tuple(matter["drafts"].split()),
        frozenset(samples["names"].split()),
        tuple(samples["texts"]),
    )


def read_post(path: str, text: str, *, notes: bool = False) -> Post | Draft:
    """The post of a text file; one of `notes` needs no date, its heading is enough."""
    matter, body_line = front_matter(text)
    lines = text.split("\n")
    body = "\n".join(lines[body_line:])
    title, line = _title(matter, lines, body_line)
    if notes and title:
        matter = {"title": (title, line), **matter}
    return _judge(path, matter, title, line, body, "```" in body or "{% highlight" in body or ".. code" in body)


def read_notebook(notebook: Notebook) -> Post | Draft:
    """The post that a notebook is; its line is that of the file as stored, so only the file is named."""
    first = notebook.cells[0].source if notebook.cells else ""
    matter, _ = front_matter(first if first.lstrip().startswith("---") else _quoted(first))
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.kind != "code")[:60_000]
    title = matter.get("title", ("", 0))[0] or next(iter(_HEADING.findall(text)), "")
    code = any(cell.code for cell in notebook.cells)
    return _judge(notebook.path, matter, title, None, text if not code else text + " code" * STUB_WORDS, code)


def _quoted(cell: str) -> str:
    """The first cell of a fastpages notebook ('# "Title"', '- key: value') as front matter."""
    lines = [line.strip() for line in cell.split("\n")[:30]]
    title = next((line[2:] for line in lines if line.startswith("# ")), "")
    keys = [line[2:] for line in lines if line.startswith("- ") and ":" in line]
    return "\n".join(["---", f"title: {title}", *keys, "---"]) if title and keys else ""


def front_matter(text: str) -> tuple[dict[str, tuple[str, int]], int]:
    """Keys (lower case) with value and line, and the number of lines before the body.

    YAML between dashes, TOML between pluses, and the bare "Key: value" lines of Pelican and Nikola.
    """
    lines = text.split("\n", MATTER_LINES + 1)[: MATTER_LINES + 1]
    fence = lines[0].strip() if lines else ""
    fenced = fence in ("---", "+++", "<!--")
    close = "-->" if fence == "<!--" else fence
    found: dict[str, tuple[str, int]] = {}
    last = ""
    for number, line in enumerate(lines[1:] if fenced else lines, 2 if fenced else 1):
        stripped = line.strip()
        if fenced and stripped == close:
            return found, number
        key = _KEY.fullmatch(line.rstrip()[:440]) if line[:1] not in (" ", "\t", "-", "#") else None
        if key is not None:
            last = key[1].strip().lower()
            found.setdefault(last, (_bare(key[2]), number))
        elif fenced and stripped.startswith("- ") and last and len(found[last][0]) < 300:
            found[last] = (f"{found[last][0]} {_bare(stripped[2:])}".strip(), found[last][1])
        elif not fenced and stripped:
            return (found, number - 1) if len(found) >= 2 else ({}, 0)
    return ({}, 0) if fenced else (found, 0)


def _bare(value: str) -> str:
    value = value.strip().strip("\"'").strip()
    return value[1:-1].strip() if value.startswith("[") and value.endswith("]") else value


def _title(matter: dict[str, tuple[str, int]], lines: list[str], body_line: int) -> tuple[str, int]:
    if matter.get("title", ("", 0))[0]:
        return matter["title"]
    for number, line in enumerate(lines[body_line : body_line + 40], body_line + 1):
        heading = _HEADING.match(line)
        if heading is not None:
            return heading[1].strip(), number
    return "", 1


def _judge(
    path: str, matter: dict[str, tuple[str, int]], title: str, line: int | None, body: str, code: bool
) -> Post | Draft:
    words = _words()
    stem = paths.name(path).partition(".")[0]
    slug = _DATED.sub("", paths.folders(path)[-1] if stem.lower() == "index" else stem)
    title = " ".join(title.split())[:TITLE_LENGTH]
    if any(matter.get(key, ("", 0))[0].lower() == "true" for key in words.drafts) or _withheld(matter):
        return Draft("draft")
    if is_sample_name(slug) or is_sample_name(title) or _is_sample(body, words):
        return Draft("sample")
    date = _date(path, matter)
    if date is None and "title" not in matter:
        return Draft("page")
    if len(body[:4_000].split()) < STUB_WORDS:
        return Draft("stub")
    tags = " ".join(matter.get(key, ("", 0))[0] for key in ("tags", "categories", "category", "keywords"))
    return Post(
        title or slug.replace("-", " ").replace("_", " "),
        Location(path, line),
        date,
        is_technical(f"{title} {slug}", tags, body, code=code),
        matter.get("author", ("", 0))[0][:60],
        linked_repositories(body),
    )


def is_sample_name(name: str) -> bool:
    """Whether a file or title of this name comes with a generator or theme."""
    return "".join(fold(name).split()) in _words().samples


def _is_sample(body: str, words: _Words) -> bool:
    opening = " ".join(body[:4_000].lower().split())
    return any(text in opening for text in words.sample_texts)


def _withheld(matter: dict[str, tuple[str, int]]) -> bool:
    return matter.get("published", ("", 0))[0].lower() == "false" or matter.get("status", ("", 0))[0].lower() == "draft"


def _date(path: str, matter: dict[str, tuple[str, int]]) -> str | None:
    stated = [matter[key][0] for key in _words().dates if key in matter]
    for text in (paths.name(path), *stated, path):
        day = _DAY.search(text)
        if day is not None and 1 <= int(day[2]) <= 12 and 1 <= int(day[3]) <= 31:
            return f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}"
    year = next((found[1] for found in map(_YEAR.search, stated) if found), None)
    return year
