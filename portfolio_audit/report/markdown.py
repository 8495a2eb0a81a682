"""The report as GitHub's Markdown, for a job summary or a comment: the verdict first, details folded.

GitHub drops a summary of more than 1 MiB as a whole, so the text is cut between sections well below that.
"""

from collections.abc import Iterable, Iterator

from portfolio_audit.report import gfm, words
from portfolio_audit.report.model import EvidenceLink, Report, RepositoryEntry, Result
from portfolio_audit.report.outline import advised, ranked
from portfolio_audit.report.plain import plain

MOST_BYTES = 900_000
_EVIDENCE = 3
_ADVISED, _NAMED = 12, 5
_OPEN = ("failed", "partial", "unknown")
_MARK = {"failed": "❌", "partial": "◐", "unknown": "❔", "passed": "✅"}


def render(report: Report, *, most: int = MOST_BYTES) -> str:
    """The whole report, at most `most` bytes of UTF-8; what does not fit is left out by whole sections and said."""
    parts = [*_head(report), _criteria(report), _fixes(report), _advice(report)]
    parts += [_repository(entry) for entry in ranked(report)]
    parts += [_results("Portfolio", report.portfolio_results), _limits(report), _end(report)]
    return _fitted([part for part in parts if part], most)


def _fitted(parts: list[str], most: int) -> str:
    cut = "\n_More did not fit here; the page and the JSON of this run hold everything._\n"
    room = most - len(cut.encode())
    kept: list[str] = []
    for part in parts:
        room -= len(part.encode()) + 1
        if room < 0:
            return "\n".join([*kept, cut])
        kept.append(part)
    return "\n".join(kept)


def _head(report: Report) -> Iterator[str]:
    kind = "Portfolio score" if report.score_scope == "portfolio" else "Repository score"
    yield f"## {gfm.link(gfm.text(report.subject.name), report.subject.url)}\n"
    if report.subject.kind == "folder":
        count = words.count(len(report.repositories), "repository", "repositories")
        yield f"{count}, each with a score of its own\n"
        return
    score = words.score(report.score, report.score_range)
    known = f"{words.percent(report.coverage)} of what counts could be judged"
    yield f"**{kind}: {score} of 100** · {gfm.text(report.band)} · {known}\n"
    for note in report.notes:
        yield f"> {gfm.text(words.sentence(plain(note)))}\n"


def _criteria(report: Report) -> str:
    rows = [
        f"| {gfm.text(criterion.title)} | {words.earned(criterion)} | {words.number(criterion.weight)} |"
        for category in report.categories
        for criterion in category.criteria
        if words.applies(criterion)
    ]
    return "\n".join(["| criterion | points | of |", "|---|--:|--:|", *rows, ""]) if rows else ""


def _fixes(report: Report) -> str:
    if not report.fixes:
        return ""
    lines = ["### Do these first\n"]
    for number, fix in enumerate(report.fixes, 1):
        where = f"{gfm.code(fix.repository)}: " if fix.repository and len(report.repositories) > 1 else ""
        lines.append(f"{number}. **{words.gained(fix.gain)}** {where}{gfm.text(fix.text, 600)} _({fix.effort})_")
    if len(report.fixes) > 1:
        base = words.base(report.score, report.score_range)
        lines.append(f"\nAll together: +{words.points(report.combined_gain)}; gains do not simply add up{base}.")
    return "\n".join([*lines, ""])


def _advice(report: Report) -> str:
    groups = advised(report)
    if not groups:
        return ""
    lines = ["### What to feature, improve and put away\n"]
    for group in groups[:_ADVISED]:
        names = ", ".join(gfm.code(name) for name in group.subjects[:_NAMED])
        if len(group.subjects) > _NAMED:
            names += f" and {len(group.subjects) - _NAMED} more"
        lines.append(f"- **{words.opening(group.action)}** {names}: {gfm.text(group.reason, 600)}")
    if len(groups) > _ADVISED:
        lines.append(f"- and {len(groups) - _ADVISED} more in the JSON")
    lines.append("\nSuggestions that leave the choice to you. Archiving a repository never changes a score.")
    return "\n".join([*lines, ""])


def _repository(entry: RepositoryEntry) -> str:
    score = words.score(entry.score, entry.score_range)
    return _results(entry.name, entry.results, f": {score} of 100" if entry.score is not None else "")


def _results(title: str, results: Iterable[Result], more: str = "") -> str:
    ranked = sorted(
        (result for result in results if result.status != "not_applicable"),
        key=lambda result: (*_OPEN, "passed").index(result.status),
    )
    if not ranked:
        return ""
    asked = sum(result.status in _OPEN for result in ranked)
    lines = ["<details>", f"<summary>{gfm.html(title)}{more} ({asked} of {len(ranked)} open)</summary>", ""]
    lines += [line for result in ranked for line in _result(result)]
    return "\n".join([*lines, "", "</details>", ""])


def _result(result: Result) -> Iterator[str]:
    state = words.status(result.status)
    yield f"- {_MARK[result.status]} **{gfm.text(result.title)}** ({state}): {gfm.text(result.summary)}"
    if result.status in _OPEN:
        for shown in result.evidence[:_EVIDENCE]:
            yield f"  - {_place(shown)}"
        if result.fix:
            yield f"  - To do: {gfm.text(result.fix, 600)}"


def _place(shown: EvidenceLink) -> str:
    named = f"{shown.path}:{shown.line}" if shown.path and shown.line else shown.path or "link"
    note = f" {gfm.text(shown.note, 160)}" if shown.note else ""
    return gfm.link(gfm.code(named), shown.url) + note


def _limits(report: Report) -> str:
    if not report.limits:
        return ""
    lines = ["### Not everything could be read\n"]
    lines += [f"- {gfm.code(limit.where)}: {gfm.text(limit.detail)}" for limit in report.limits[:50]]
    if len(report.limits) > 50:
        lines.append(f"- and {len(report.limits) - 50} more in the JSON")
    return "\n".join([*lines, ""])


def _end(report: Report) -> str:
    made = f"{gfm.text(report.tool.name)} {gfm.text(report.tool.version)}, {gfm.text(words.source(report))}"
    fair = "Public code is a part of what a person can do"
    return f"_{made}. {fair}; this must not be the only reason for a decision about anybody._\n"
