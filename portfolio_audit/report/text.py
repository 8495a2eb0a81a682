"""The report as a short text for a terminal: what it says first, and where to look further."""

import textwrap
from collections.abc import Iterator

from portfolio_audit.report import words
from portfolio_audit.report.model import Criterion, Fix, Report, RepositoryEntry
from portfolio_audit.report.plain import plain, short
from portfolio_audit.report.profile_view import FirstMinute
from portfolio_audit.report.skill_words import paragraph

WIDTH = 80
_BAR = 16
_MOST_CRITERIA = 20
_MOST_FIXES = 5
_MOST_REPOSITORIES = 30
_MOST_LIMITS = 3
_MOST_NOTES = 5
_LONGEST = 240
_MOST_ADVICE = 2
_SIGHTS = {"name": "name", "bio": "bio", "links": "link field", "readme": "profile README"}
_MARKS = {"there": "", "weak": " (could say more)", "missing": ": none", "unknown": ": not read"}


def render(report: Report) -> str:
    """About forty lines of plain text, none wider than 80 characters, ending in a newline.

    No colour and no control characters, whatever the report holds; what is left out is said.
    """
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    folder = report.score_scope == "repository" and (report.subject.kind == "folder" or len(report.repositories) > 1)
    yield from _wrapped(report.subject.name)
    yield ""
    if folder:
        yield from _folder(report)
    else:
        yield from _verdict(report)
        yield from _notes(report)
    yield from _criteria(report)
    if not folder:
        yield from _fixes(report)
        yield from _profile(report)
        yield from _skills(report)
    yield from _limits(report)


def _verdict(report: Report) -> Iterator[str]:
    kind = "Portfolio score" if report.score_scope == "portfolio" else "Repository score"
    yield from _wrapped(f"{kind}: {words.score(report.score, report.score_range)} of 100, {report.band}")
    if words.wide(report.score_range):
        low, high = map(words.points, report.score_range)
        known = f"{words.percent(report.coverage)} of what counts could be judged"
        yield from _wrapped(f"{known}: {low} if the rest failed, {high} if it passed", 2)
    near = words.next_band(report)
    if near:
        yield from _wrapped(near, 2)


def _notes(report: Report) -> Iterator[str]:
    for note in report.notes[:_MOST_NOTES]:
        yield from _wrapped(words.sentence(plain(short(note, _LONGEST))), 2)


def _folder(report: Report) -> Iterator[str]:
    yield f"{words.count(len(report.repositories), 'repository', 'repositories')}, each with a score of its own"
    yield ""
    for entry in report.repositories[:_MOST_REPOSITORIES]:
        yield from _hanging(f"  {_own(entry):>10}  ", entry.name)
    yield from _rest(len(report.repositories) - _MOST_REPOSITORIES)


def _own(entry: RepositoryEntry) -> str:
    low, high = entry.score_range
    nothing = entry.score is None and high - low > 99.9
    return "not scored" if nothing else words.score(entry.score, entry.score_range)


def _criteria(report: Report) -> Iterator[str]:
    rows = [criterion for category in report.categories for criterion in category.criteria]
    if not rows:
        return
    yield ""
    yield "What it is made of (points; # earned, ? could not be told)"
    for criterion in rows[:_MOST_CRITERIA]:
        yield from _hanging(_row(criterion), criterion.title)
    yield from _rest(len(rows) - _MOST_CRITERIA)


def _row(criterion: Criterion) -> str:
    if not words.applies(criterion):
        return f"  {' ' * _BAR}  {'does not apply':<16}  "
    low, high = criterion.score_range
    filled = int(low * _BAR // 100)
    open_end = int(high * _BAR // 100) - filled
    bar = "#" * filled + "?" * open_end + "." * (_BAR - filled - open_end)
    return f"  {bar}  {words.earned(criterion):>9} of {words.number(criterion.weight):<3}  "


def _fixes(report: Report) -> Iterator[str]:
    if not report.fixes:
        return
    yield ""
    yield "Do this first" if len(report.fixes) == 1 else "Do these first"
    for position, fix in enumerate(report.fixes[:_MOST_FIXES], 1):
        yield from _hanging(
            f"  {position}. {words.gained(fix.gain):>5}  ", _said(fix, many=len(report.repositories) > 1)
        )
    yield from _rest(len(report.fixes) - _MOST_FIXES)
    if len(report.fixes) > 1:
        base = words.base(report.score, report.score_range)
        together = f"All together: +{words.points(report.combined_gain)} (gains do not simply add up{base})"
        yield from _wrapped(together, 2)


def _said(fix: Fix, *, many: bool) -> str:
    where = f"{short(fix.repository, 60)}: " if fix.repository and many else ""
    return f"{where}{short(fix.text, _LONGEST)} ({fix.effort})"


def _skills(report: Report) -> Iterator[str]:
    said = paragraph(report.skills)
    if said:
        yield ""
        yield from _hanging("", said, most=480)


def _profile(report: Report) -> Iterator[str]:
    """What a visitor meets first, and what to do with which repository, in a few lines."""
    minute = report.first_minute
    if minute is not None:
        yield ""
        seen = ", ".join(_SIGHTS[sight.part] + _MARKS[sight.status] for sight in minute.sights)
        yield from _wrapped(f"The first minute: {seen}; {_pinned(minute)}")
    if report.advice:
        actions = dict.fromkeys(each.action for each in report.advice)
        said = (f"{action} {_few(report, action)}" for action in actions)
        yield from _wrapped(words.sentence("; ".join(said)))


def _few(report: Report, action: str) -> str:
    """The first repositories of that advice, and how many more there are."""
    names = [short(each.repository, 40) for each in report.advice if each.action == action]
    more = f" and {len(names) - _MOST_ADVICE} more" if len(names) > _MOST_ADVICE else ""
    return ", ".join(names[:_MOST_ADVICE]) + more


def _pinned(minute: FirstMinute) -> str:
    if minute.pins is None:
        return f"pins not read: {minute.note}"
    if not minute.pins:
        return minute.note
    good = sum(pin.kind == "substantial" for pin in minute.pins)
    what = "a substantial AI or data project" if good == 1 else "substantial AI or data projects"
    return f"{len(minute.pins)} pinned, {good} of them {what}"


def _limits(report: Report) -> Iterator[str]:
    if not report.limits:
        return
    yield ""
    yield f"Not everything could be read ({words.count(len(report.limits), 'limit')}):"
    for limit in report.limits[:_MOST_LIMITS]:
        yield from _wrapped(f"{short(limit.where, 80)}: {limit.detail}", 2)
    yield from _rest(len(report.limits) - _MOST_LIMITS)


def _rest(amount: int) -> Iterator[str]:
    if amount > 0:
        yield f"  and {amount} more in the page and the JSON"


def _wrapped(text: str, indent: int = 0) -> list[str]:
    return _hanging(" " * indent, text)


def _hanging(lead: str, text: str, *, most: int = _LONGEST + 80) -> list[str]:
    """The text after its lead, further lines below its beginning; words of any length are broken."""
    whole = short(plain(short(text, most)), most)
    return textwrap.wrap(whole, WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead)) or [lead.rstrip()]
