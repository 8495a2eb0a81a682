"""From gathered facts to a report, and the report to where it was asked for."""

from collections.abc import Iterable
from pathlib import Path

from portfolio_audit import __version__, audit, rubric, scoring
from portfolio_audit.cli.gather import Gathered, Kinds
from portfolio_audit.cli.output import Destination, write
from portfolio_audit.discovery import Discovered, discover
from portfolio_audit.facts.signals import Signals
from portfolio_audit.report import build, html, model, skill_map, text
from portfolio_audit.report.model import Report


def kinds_of(discovered: Discovered) -> Kinds:
    """Every tree fact that the installed checks, the score, the signals and the map of skills rest on."""
    asked = (provided.check for provided in discovered.checks)
    return audit.needed_facts([*asked, *scoring.FACTS, Signals, *skill_map.FACTS])


def judge(gathered: Gathered, *, rubric_file: str | None, discovered: Discovered | None = None) -> Report:
    """Ask every check, score by the rubric, and put the report together. Raises ConfigError for a refused rubric."""
    discovered = discovered or discover()
    checks = {provided.check.id: provided.check for provided in discovered.checks}
    rules = rubric.load(Path(rubric_file) if rubric_file else None, known=checks)
    results = audit.run(gathered.portfolio, checks.values())
    card = scoring.score(gathered.portfolio, results, rules)
    return build.build(
        gathered.portfolio,
        results,
        card,
        rules,
        limits=gathered.limits,
        changed=gathered.changed,
        tool_version=__version__,
    )


def deliver(report: Report, destinations: Iterable[Destination]) -> list[Path]:
    """Write the report in every format asked for; the files written are returned."""
    written = []
    for destination in destinations:
        if destination.format == "json":
            content = model.encode(report)
        elif destination.format == "html":
            content = html.render(report).encode()
        else:
            content = text.render(report).encode()
        write(destination, content)
        if destination.path is not None:
            written.append(destination.path)
    return written
