"""The report as workflow commands, by which GitHub Actions marks lines of a change.

GitHub shows ten warnings and ten notices of a step and drops the rest without a word, first come first served. So at
most nine of each kind are written, most valuable first, and the ninth says how many more there are.
"""

from collections.abc import Iterator
from typing import NamedTuple

from portfolio_audit.report import words
from portfolio_audit.report.model import EvidenceLink, Report, Result
from portfolio_audit.report.plain import plain, short

MOST = 9
_KINDS = {"failed": "warning", "partial": "notice"}
_LONGEST = 900


class _Finding(NamedTuple):
    kind: str
    value: tuple[float, float]
    result: Result
    place: EvidenceLink


def render(report: Report) -> str:
    """One command a line. Only what is not met and has a place in a file is marked; of one repository only."""
    if len(report.repositories) != 1:
        return ""
    found = sorted(_findings(report), key=lambda finding: finding.value, reverse=True)
    lines: list[str] = []
    for kind in _KINDS.values():
        mine = [finding for finding in found if finding.kind == kind]
        shown = mine if len(mine) <= MOST else mine[: MOST - 1]
        lines += [_command(finding) for finding in shown]
        if len(mine) > len(shown):
            more = words.count(len(mine) - len(shown), "more place")
            lines.append(f"::{kind} title=portfolio-audit::{more} in the summary and the report of this run")
    return "".join(f"{line}\n" for line in lines)


def _findings(report: Report) -> Iterator[_Finding]:
    gains = {fix.check: fix.gain for fix in report.fixes}
    weights = {
        check: criterion.weight
        for category in report.categories
        for criterion in category.criteria
        for check in criterion.checks
    }
    for result in report.repositories[0].results:
        place = next((shown for shown in result.evidence if shown.path), None)
        if result.status in _KINDS and place is not None:
            value = (gains.get(result.check, 0.0), weights.get(result.check, 0.0))
            yield _Finding(_KINDS[result.status], value, result, place)


def _command(finding: _Finding) -> str:
    place = finding.place
    line = place.line or 1
    end = max(line, place.end_line or line)
    where = f"file={_property(place.path or '')},line={line},endLine={end},title={_property(finding.result.title)}"
    said = finding.result.summary + (f". To do: {finding.result.fix}" if finding.result.fix else "")
    return f"::{finding.kind} {where}::{_data(said)}"


def _data(value: str) -> str:
    """Text that cannot end the command; percent signs first, since they begin an escape."""
    return short(plain(value), _LONGEST).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
