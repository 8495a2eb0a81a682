"""The report as JUnit XML, which build servers read: a suite per repository, a case per check.

Not met is a failure; what does not apply or could not be told is skipped, with the reason.
"""

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from portfolio_audit.report import words
from portfolio_audit.report.model import Report, Result
from portfolio_audit.report.plain import plain, short

_LONGEST = 1_000
# What XML 1.0 cannot hold at all, not even as a reference.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report) -> bytes:
    """All results; portfolio checks are a suite of their own. No times: nothing of the machine is in a report."""
    suites = [(entry.name, entry.results) for entry in report.repositories]
    if report.portfolio_results:
        suites.insert(0, (f"{report.subject.name} (portfolio)", report.portfolio_results))
    every = [result for _, results in suites for result in results]
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f"<testsuites name={_quoted('portfolio-audit')}{_counts(every)}>",
    ]
    for name, results in suites:
        lines.append(f"  <testsuite name={_quoted(name)}{_counts(results)}>")
        lines += [line for result in results for line in _case(name, result)]
        lines.append("  </testsuite>")
    return ("\n".join([*lines, "</testsuites>"]) + "\n").encode()


def _counts(results: tuple[Result, ...] | list[Result]) -> str:
    failed = sum(result.status in ("failed", "partial") for result in results)
    skipped = sum(result.status in ("unknown", "not_applicable") for result in results)
    return f' tests="{len(results)}" failures="{failed}" errors="0" skipped="{skipped}"'


def _case(suite: str, result: Result) -> Iterator[str]:
    opening = f"    <testcase classname={_quoted(suite)} name={_quoted(result.check)}"
    if result.status == "passed":
        yield f"{opening}/>"
        return
    yield f"{opening}>"
    if result.status in ("failed", "partial"):
        places = "\n".join(f"{shown.path}:{shown.line or 1}" for shown in result.evidence if shown.path)
        todo = "\n".join(part for part in (result.fix or "", places) if part)
        kind = words.status(result.status)
        yield f"      <failure type={_quoted(kind)} message={_quoted(result.summary)}>{_content(todo)}</failure>"
    else:
        yield f"      <skipped message={_quoted(f'{words.status(result.status)}: {result.summary}')}/>"
    yield "    </testcase>"


def _clean(value: str, *, lines: bool = False) -> str:
    return _FORBIDDEN.sub("\ufffd", short(plain(value, keep_lines=lines), _LONGEST))


def _quoted(value: str) -> str:
    return quoteattr(_clean(value))


def _content(value: str) -> str:
    return escape(_clean(value, lines=True))
