"""The score as a badge: a picture of its own, and the answer that a badge service asks an address for.

A number that stands alone is the low end of the range, so a badge never promises what could not be judged.
"""

import json
from html import escape

from portfolio_audit.report import words
from portfolio_audit.report.model import Report

LABEL = "portfolio audit"
# Contrast of white on each is at least 4.5 : 1.
_COLOURS = ((80, "1a7f37"), (60, "0969da"), (40, "9a6700"), (0, "6e7781"))
_GREY = "57606a"
_WIDTHS = {"narrow": 4.3, "wide": 9.6}
_NARROW, _WIDE = frozenset("fijlrt.,:;'|! I-()[]"), frozenset("mwMW%@")
_ORDINARY = 6.9
_PAD = 7


def message(report: Report) -> str:
    """What stands on the right: the low end and its band, or that there is no score."""
    if _is_bare(report):
        return "not scored"
    low = report.score_range[0]
    return f"{words.points(low)} of 100, {_band(report, low)}"


def endpoint(report: Report) -> bytes:
    """The JSON that badge services read from an address (shields.io, schemaVersion 1)."""
    made = {"schemaVersion": 1, "label": LABEL, "message": message(report), "color": _colour(report)}
    return json.dumps(made, indent=2, ensure_ascii=False).encode() + b"\n"


def svg(report: Report) -> bytes:
    """A flat badge, 20 units high, that says what it shows to readers of screens too."""
    said = message(report)
    left, right = _width(LABEL), _width(said)
    title = escape(f"{LABEL}: {said}", quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" aria-label="{title}">\n'
        f"  <title>{title}</title>\n"
        f'  <rect width="{left + right}" height="20" rx="3" fill="#{_colour(report)}"/>\n'
        f'  <path d="M3 0h{left - 3}v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z" fill="#24292f"/>\n'
        '  <g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">\n'
        f'    <text x="{left / 2:g}" y="14">{escape(LABEL)}</text>\n'
        f'    <text x="{left + right / 2:g}" y="14">{escape(said)}</text>\n'
        "  </g>\n"
        "</svg>\n"
    ).encode()


def _is_bare(report: Report) -> bool:
    return report.subject.kind == "folder" or report.band == "not scored"


def _band(report: Report, low: float) -> str:
    reached = [band.name for band in report.bands if band.low <= low]
    return reached[-1] if reached else report.band


def _colour(report: Report) -> str:
    if _is_bare(report):
        return _GREY
    return next(colour for least, colour in _COLOURS if report.score_range[0] >= least)


def _width(text: str) -> int:
    """Units that a text of 11 units needs in Verdana, roughly, with its padding."""
    units = sum(
        _WIDTHS["narrow"] if char in _NARROW else _WIDTHS["wide"] if char in _WIDE else _ORDINARY for char in text
    )
    return round(units) + 2 * _PAD
