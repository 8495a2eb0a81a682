"""Numbers and states in the words that the views share."""

import math
import re

from portfolio_audit.report.model import Category, Criterion, Report, Subject

_STATUS = {
    "passed": "passed",
    "partial": "partly",
    "failed": "not met",
    "not_applicable": "does not apply",
    "unknown": "not assessed",
}
_KIND = {
    ("user", "portfolio"): "Portfolio audit",
    ("organization", "portfolio"): "Portfolio audit of an organisation",
    ("folder", "repository"): "Audit of a folder of repositories",
}
_LOST = 0.001
"""Points that may be lost where a report keeps the share of a criterion with two decimals: 5.9994 of 18 are 6."""

_EXACT = 0.001
_ALIKE = 0.06
"""Points (of 100) by which a sum over shares that are kept with two decimals may miss the score, and a bit more."""

_VISIBLE = 0.05
"""Points (of 100) below which two ends of a range are shown as one number."""


def number(value: float) -> str:
    """A weight or a bound with at most one decimal, without a trailing zero and without a negative zero."""
    text = f"{round(value, 1) + 0.0:.1f}"
    return text.removesuffix(".0")


def gained(value: float) -> str:
    """What a fix is worth: "+3.1", or "first" for the one that the others wait for, which adds nothing alone."""
    return f"+{points(value)}" if points(value) != "0" else "first"


def points(value: float) -> str:
    """Points with at most one decimal, cut and not rounded, so that none reads as the next band before it is there.

    All points are shown by this one rule; sums are made before they are cut.
    """
    return number(math.floor(round(value * 10, 4)) / 10)


def percent(share: float) -> str:
    """A share from 0 to 1 as whole per cent; all and nothing only where it is exactly so."""
    whole = round(share * 100)
    if share < 1 and whole == 100:
        whole = 99
    if share > 0 and whole == 0:
        whole = 1
    return f"{whole}%"


def status(name: str) -> str:
    """A result's state in words."""
    return _STATUS[name]


def wide(bounds: tuple[float, float]) -> bool:
    """Whether the two ends differ by enough to be shown."""
    return bounds[1] - bounds[0] >= _VISIBLE


def base(value: float | None, bounds: tuple[float, float]) -> str:
    """From where gains are counted, where the score shown is a range: "; counted from 38.8, …". Else empty."""
    if value is None or not wide(bounds):
        return ""
    exception = "but a running instance counts as not there until it answers"
    return f"; counted from {points(value)}, which leaves out what could not be told ({exception})"


def score(value: float | None, bounds: tuple[float, float]) -> str:
    """The range, or one number where its ends are one.

    `value` is the score over what could be judged. It never stands alone while something could not: whoever reads it
    would take the rest for passed.
    """
    if not wide(bounds):
        return points(bounds[0] if value is None else value)
    return f"{points(bounds[0])}–{points(bounds[1])}"


def applies(criterion: Criterion) -> bool:
    """Whether a criterion asks anything of this subject."""
    return criterion.applies and not (criterion.score is None and criterion.note == "does not apply")


def earned(criterion: Criterion) -> str:
    """The points that a criterion brings, of its weight; a range where part of it could not be told."""
    return _span(*_ends(criterion))


def sum_of(category: Category) -> str:
    """The points of a category and what it could bring, over the criteria that apply."""
    asked = [criterion for criterion in category.criteria if applies(criterion)]
    if not asked:
        return "does not apply"
    low, high = (sum(ends) for ends in zip(*map(_ends, asked), strict=True))
    return f"{_span(low, high)} of {number(sum(criterion.weight for criterion in asked))}"


def total(report: Report) -> tuple[str, str, tuple[float, float]] | None:
    """Points over all criteria that apply, the weight of those, and both ends as points of 100; None without any.

    Where the sum is the score but for what decimals leave out, it is taken from the score, so that both are cut alike.
    """
    weight, sums = _sums(report)
    if not weight:
        return None
    low, high = (100 * made / weight for made in sums)
    low, high = (
        score if abs(score - end) < _ALIKE else end for score, end in zip(report.score_range, (low, high), strict=True)
    )
    return _span(low * weight / 100, high * weight / 100), number(weight), (low, high)


def scaled(report: Report) -> str | None:
    """How the sum becomes points of 100, with as many decimals as it takes to work it out again; None without a sum."""
    weight, sums = _sums(report)
    if not weight:
        return None
    low, high = (_making(made, weight, end) for made, end in zip(sums, report.score_range, strict=True))
    bottom, top = (_two(end) for end in report.score_range)
    return f"{_joined(low, high)} of {number(weight)} points make {_joined(bottom, top)} of 100"


def _sums(report: Report) -> tuple[float, tuple[float, float]]:
    """The weight of all criteria that apply, and the points that they bring at both ends."""
    asked = [criterion for category in report.categories for criterion in category.criteria if applies(criterion)]
    ends = list(map(_ends, asked))
    return sum(criterion.weight for criterion in asked), (sum(low for low, _ in ends), sum(high for _, high in ends))


def _making(made: float, weight: float, end: float) -> str:
    """The sum, cut after the first decimal with which it makes this end of the score, which is cut as well."""
    for scale in (100, 1000, 10_000):
        cut = math.floor(round(made * scale, 4)) / scale
        if abs(math.floor(round(10_000 * cut / weight, 4)) / 100 - end) < _EXACT:
            return f"{cut:.4f}".rstrip("0").removesuffix(".")
    # What is behind the decimals of the criteria is not known: the next sum above that makes it.
    return _two(math.ceil(round(end * weight, 4)) / 100)


def _ends(criterion: Criterion) -> tuple[float, float]:
    low, high = criterion.score_range
    return low * criterion.weight / 100, high * criterion.weight / 100


def _span(low: float, high: float) -> str:
    return _joined(points(low + _LOST), points(high + _LOST))


def _joined(low: str, high: str) -> str:
    return low if low == high else f"{low}–{high}"


def _two(value: float) -> str:
    return f"{round(value, 2) + 0.0:.2f}".removesuffix("0").removesuffix(".0")


def count(amount: int, singular: str, plural: str | None = None) -> str:
    """An amount with its noun."""
    return f"{amount} {singular if amount == 1 else plural or singular + 's'}"


def day(time: str) -> str:
    """An ISO 8601 time as date and minute in UTC."""
    return f"{time[:10]} {time[11:16]} UTC" if len(time) >= 16 else time[:10]


def kind(report: Report) -> str:
    """What sort of audit this is."""
    return _KIND.get((report.subject.kind, report.score_scope), "Repository audit")


def source(report: Report) -> str:
    """Where the data came from and when; the time is the data's own."""
    if report.data_time is not None:
        return f"data read {day(report.data_time)}"
    return "read from disk" if on_disk(report.subject) else "data read at an unrecorded time"


def on_disk(subject: Subject) -> bool:
    """Whether this is about files on a disk rather than about an account."""
    return subject.login is None and subject.kind in ("repository", "folder")


def sentence(text: str) -> str:
    """A phrase as a sentence: a capital where it begins with an ordinary word, and a full stop."""
    opened = opening(text)
    return opened if opened.endswith((".", "!", "?", "…", ":")) else opened + "."


def opening(text: str) -> str:
    """The text with a capital, if its first word is an ordinary one: a name like `src/app.py` stays as it is."""
    return text[:1].upper() + text[1:] if re.match(r"[a-z]+(?:-[a-z]+)*(?:[,:;]? [^\s]|$)", text[:40]) else text


def next_band(report: Report) -> str | None:
    """The band above and how far it is, or None at the top and where the band itself is not certain."""
    low, high = report.score_range
    if report.band.startswith("between"):
        return None
    for band in report.bands:
        if band.low > high:
            away = math.ceil(round((band.low - low) * 10, 4)) / 10
            end = "the lower end" if wide(report.score_range) else "this score"
            return f"{opening(band.name)} begins at {number(band.low)}, {number(away)} points above {end}"
    return None
