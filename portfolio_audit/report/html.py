"""The report as one self-contained HTML page: no request to anywhere, nothing of others unescaped."""

import base64
import hashlib
from functools import lru_cache
from importlib import resources

import jinja2
from markupsafe import Markup

from portfolio_audit.report import words
from portfolio_audit.report.model import Report, RepositoryEntry, Result
from portfolio_audit.report.plain import plain, safe_url

_PACKAGE = "portfolio_audit.report_templates"


def render(report: Report) -> str:
    """The page for this report; equal reports give equal pages."""
    style, script = asset("report.css"), asset("report.js")
    shown = [entry for entry in report.repositories if entry.shown]
    rest = [entry for entry in report.repositories if not entry.shown]
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            style=style,
            script=script,
            policy=policy(style, script),
            shown=shown,
            counted=[entry for entry in rest if entry.counted],
            uncounted=[entry for entry in rest if not entry.counted],
            unassessed=unassessed(report),
            next_band=words.next_band(report),
        )
    )


def policy(style: str, script: str | None = None) -> str:
    """The content security policy: nothing but our own style and script, each by its hash."""
    scripts = f"script-src '{_hash(script)}'; " if script is not None else ""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; {scripts}img-src data:; base-uri 'none'; form-action 'none'"
    )


def unassessed(report: Report) -> list[tuple[RepositoryEntry | None, Result]]:
    """Every answer that is unknown, of the portfolio first and then of each repository that is shown or counted."""
    found: list[tuple[RepositoryEntry | None, Result]] = [
        (None, result) for result in report.portfolio_results if result.status == "unknown"
    ]
    for entry in report.repositories:
        if entry.shown or entry.counted:
            found.extend((entry, result) for result in entry.results if result.status == "unknown")
    return found


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


@lru_cache(maxsize=4)
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
    )
    templates.filters.update(
        plain=plain,
        safe_url=safe_url,
        number=words.number,
        percent=words.percent,
        status=words.status,
        score=words.score,
        earned=words.earned,
        count=words.count,
        day=words.day,
    )
    return templates
