"""A page that leads to several reports, each with its score."""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

from portfolio_audit.report.html import ROOMS, Meter, asset, environment, policy
from portfolio_audit.report.model import Report


class Row(NamedTuple):
    """A report and the file name of its page, beside the index."""

    page: str
    report: Report


def render(title: str, rows: Sequence[Row]) -> str:
    """The page; rows in the order given. A page is always a file beside this one, whatever its name looks like."""
    style = asset("report.css")
    return (
        environment()
        .get_template("index.html.j2")
        .render(
            title=title,
            rows=[(f"./{quote(row.page, safe='')}", row.report) for row in rows],
            room=ROOMS[1],
            shown=Meter(ROOMS[1], None),
            style=style,
            policy=policy(style),
        )
    )
