"""The report as one self-contained HTML page: no request to anywhere, nothing of others unescaped."""

import base64
import hashlib
from functools import lru_cache
from importlib import resources

import jinja2
from markupsafe import Markup

from portfolio_audit.report import words
from portfolio_audit.report.chart import columns
from portfolio_audit.report.compiled import compiled
from portfolio_audit.report.model import Report
from portfolio_audit.report.outline import Room, outline
from portfolio_audit.report.plain import plain, safe_url, short

_PACKAGE = "portfolio_audit.report_templates"

MOST_BYTES = 2_000_000
"""No page is larger; browsers, mail and people get slow beyond it."""

ROOMS = (
    Room(text=600, evidence=4, folded=40, detailed=30, named=400, results=200, listed=60),
    Room(text=400, evidence=3, folded=12, detailed=12, named=300, results=80, listed=40),
    Room(text=240, evidence=2, folded=0, detailed=3, named=150, results=40, listed=25),
    Room(text=80, evidence=1, folded=0, detailed=0, named=40, results=10, listed=8, links=False),
)
"""Tried in this order until the page fits; all but the first are said to be cut."""

_MARKUP = 40
"""Characters of our own that stand around a text of others, at least."""


class Full(Exception):
    """The page in the making is larger than any page may be."""


class Meter:
    """Makes texts of others ready for a page and counts them, so that a page too large is given up early."""

    def __init__(self, room: Room, most: int | None) -> None:
        self._room = room
        self._left = most

    def __call__(self, text: str) -> str:
        """The text as the page shows it, cut to what the room allows. Raises Full."""
        shown = plain(short(text, self._room.text))
        if self._left is not None:
            self._left -= len(shown) + _MARKUP
            if self._left < 0:
                raise Full
        return shown


def render(report: Report) -> str:
    """The page for this report; equal reports give equal pages, and none is larger than `MOST_BYTES`."""
    for room in ROOMS[:-1]:
        try:
            page = _page(report, room, Meter(room, MOST_BYTES))
        except Full:
            continue
        if len(page.encode()) <= MOST_BYTES:
            return page
    return _page(report, ROOMS[-1], Meter(ROOMS[-1], None))


def _page(report: Report, room: Room, meter: Meter) -> str:
    style, script = asset("report.css"), asset("report.js")
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            outline=outline(report, room),
            room=room,
            shown=meter,
            cut=room is not ROOMS[0],
            style=style,
            script=script,
            policy=policy(style, script),
            next_band=words.next_band(report),
            total=words.total(report),
            scaled=words.scaled(report),
            columns=columns(report.activity) if report.activity else (),
        )
    )


def policy(style: str, script: str | None = None) -> str:
    """The content security policy: nothing but our own style and script, each by its hash."""
    scripts = f"script-src '{_hash(script)}'; " if script is not None else ""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; {scripts}img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


@lru_cache(maxsize=8)
def asset(name: str) -> Markup:
    """One of our own files, to stand in the page as it is."""
    return Markup(resources.files(_PACKAGE).joinpath(name).read_text(encoding="utf-8"))  # noqa: S704


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    """The templates with the filters that all pages share; everything is escaped."""
    templates = jinja2.Environment(
        loader=jinja2.PackageLoader(_PACKAGE, ""),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # A page is mostly rendered once, and to look for what could be worked out before takes longer than it saves.
        optimized=False,
    )
    templates.bytecode_cache = compiled(_PACKAGE, templates)
    templates.filters.update(
        plain=plain,
        safe_url=safe_url,
        short=short,
        number=words.number,
        gained=words.gained,
        points=words.points,
        percent=words.percent,
        status=words.status,
        score=words.score,
        wide=words.wide,
        applies=words.applies,
        earned=words.earned,
        sum_of=words.sum_of,
        count=words.count,
        kind=words.kind,
        source=words.source,
        on_disk=words.on_disk,
        opening=words.opening,
        sentence=words.sentence,
    )
    return templates
