"""From gathered facts to a report, and the report to where it was asked for."""

from collections.abc import Callable, Iterable
from pathlib import Path

from portfolio_audit import __version__, audit, rubric, scoring
from portfolio_audit.cli.gather import Gathered, Kinds
from portfolio_audit.cli.output import Destination, write
from portfolio_audit.discovery import Discovered, discover
from portfolio_audit.facts.signals import Signals
from portfolio_audit.report import build, model, skill_map
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


def view(report: Report, format: str) -> bytes:
    """The report in one of the formats of `output.FORMATS`."""
    from portfolio_audit.report import annotations, badge, html, junit, markdown, sarif, text

    views: dict[str, Callable[[Report], str | bytes]] = {
        "html": html.render,
        "json": model.encode,
        "text": text.render,
        "markdown": markdown.render,
        "sarif": sarif.render,
        "junit": junit.render,
        "annotations": annotations.render,
        "badge": badge.svg,
        "endpoint": badge.endpoint,
    }
    made = views[format](report)
    return made if isinstance(made, bytes) else made.encode()


def deliver(report: Report, destinations: Iterable[Destination]) -> list[Path]:
    """Write the report in every format asked for; the files written are returned."""
    written = []
    for destination in destinations:
        write(destination, view(report, destination.format))
        if destination.path is not None:
            written.append(destination.path)
    return written
