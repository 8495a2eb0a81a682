"""The report as a short text for a terminal: what it says first, and where to look further."""

from portfolio_audit.report import words
from portfolio_audit.report.model import Criterion, Report
from portfolio_audit.report.plain import plain

_BAR = 20


def render(report: Report) -> str:
    """About forty lines of plain text, ending in a newline; no colour, no control characters."""
    kind = "Portfolio score" if report.score_scope == "portfolio" else "Repository score"
    lines = [plain(report.subject.name), ""]
    if report.score is None and report.subject.kind == "folder":
        lines += [f"{words.count(len(report.repositories), 'repository', 'repositories')}, each with its own score", ""]
        lines += [
            f"  {words.score(entry.score, entry.score_range):>9}  {plain(entry.name)}" for entry in report.repositories
        ]
    else:
        lines.append(f"{kind}: {words.score(report.score, report.score_range)} of 100, {report.band}")
        near = words.next_band(report)
        if near:
            lines.append(f"  {near}")
    lines += [f"  {plain(note)}" for note in report.notes]
    if report.categories:
        lines += ["", "What it is made of"]
        for category in report.categories:
            lines += [_row(criterion) for criterion in category.criteria]
    if report.fixes:
        lines += ["", "Do these first"]
        for position, fix in enumerate(report.fixes, 1):
            where = f" [{plain(fix.repository)}]" if fix.repository else ""
            lines.append(f"  {position}. +{words.number(fix.gain)} ({fix.effort}){where} {plain(fix.text)}")
        lines.append(f"  All of these together: +{words.number(report.combined_gain)}")
    if report.limits:
        lines += ["", f"Not everything could be read ({words.count(len(report.limits), 'limit')}):"]
        lines += [f"  {plain(limit.where)}: {plain(limit.detail)}" for limit in report.limits[:5]]
        if len(report.limits) > 5:
            lines.append(f"  and {len(report.limits) - 5} more in the page and the JSON")
    return "\n".join(lines) + "\n"


def _row(criterion: Criterion) -> str:
    low, high = criterion.score_range
    filled = int(low * _BAR // 100)
    open_end = int(high * _BAR // 100) - filled
    bar = "#" * filled + "?" * open_end + "." * (_BAR - filled - open_end)
    return f"  {bar}  {words.earned(criterion):>9} of {words.number(criterion.weight):<5} {criterion.title}"
