"""`portfolio-audit demo`: three invented people audited offline, on the path that real people take from archives on."""

from pathlib import Path

import click

from portfolio_audit.cli.options import verbosity_options


@click.command("demo", short_help="Audit three invented people, offline.")
@click.option(
    "-o", "--output", default="portfolio-audit-demo", show_default=True, metavar="FOLDER", help="For the pages."
)
@verbosity_options
def command(output: str, quiet: bool, verbose: bool) -> int:
    """Audit the bundled portfolios of three invented people and write a page for each into FOLDER.

    No network and no token: their repositories come from this package, packed as GitHub would pack them, and the
    answers of their links are recorded.
    """
    from portfolio_audit.cli.audit import read
    from portfolio_audit.cli.demo_people import people
    from portfolio_audit.cli.judge import judge, kinds_of
    from portfolio_audit.cli.output import write_file
    from portfolio_audit.cli.progress import Progress
    from portfolio_audit.discovery import discover
    from portfolio_audit.errors import UsageError
    from portfolio_audit.report import html, words
    from portfolio_audit.report.index import Row, render
    from portfolio_audit.workers import Workers

    folder = Path(output)
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file", hint="Name a folder: portfolio-audit demo --output FOLDER")
    discovered = discover()
    kinds = kinds_of(discovered)
    rows = []
    folder.mkdir(parents=True, exist_ok=True)
    with Progress(quiet=quiet) as progress, Workers() as workers:
        for person in people():
            gathered = read(person.snapshot, person, kinds, None, progress, workers=workers)
            report = judge(gathered, rubric_file=None, discovered=discovered)
            page = f"{person.snapshot.owner.login}.html"
            write_file(folder / page, html.render(report).encode())
            rows.append(Row(page, report))
            score = words.score(report.score, report.score_range)
            click.echo(f"{report.subject.name}: {score} of 100, {report.band}")
    write_file(folder / "index.html", render("Three invented people", rows).encode())
    click.echo(f"\nOpen {(folder / 'index.html').resolve()}")
    return 0
