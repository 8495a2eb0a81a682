"""`portfolio-audit check PATH`: a checkout, or a folder of checkouts, judged as it lies on this disk."""

from pathlib import Path

import click

from portfolio_audit.cli.options import merge_file, output_options


@click.command("check", short_help="Check a repository on this disk, offline.")
@click.argument("path", metavar="[PATH]", default=".")
@output_options
@click.pass_context
def command(ctx: click.Context, /, path: str, **_: object) -> int:
    """Check the repository at PATH, or each repository in the folder PATH, as it is on disk.

    No network, no token, and nothing outside PATH is read. The score covers what a repository alone can show; it is
    another score than that of a whole portfolio and not to be compared with it.
    """
    from msgspec import structs

    from portfolio_audit.cli import output
    from portfolio_audit.cli.gather import Read, assemble
    from portfolio_audit.cli.judge import deliver, judge, kinds_of
    from portfolio_audit.cli.progress import Progress
    from portfolio_audit.cli.verdict import exit_code, gate_of
    from portfolio_audit.discovery import discover
    from portfolio_audit.errors import Unavailable, UsageError
    from portfolio_audit.sources import local
    from portfolio_audit.workers import Workers

    if not path.strip():
        raise UsageError("an empty path names nothing", hint="portfolio-audit check .")
    folder = Path(path)
    merge_file(ctx, audited=folder)
    options = ctx.params
    snapshot = local.snapshot(folder)
    destinations = output.plan(options["formats"], options["output"], name=snapshot.owner.login)
    discovered = discover()
    gate = gate_of(options, {provided.check.id for provided in discovered.checks})
    kinds = kinds_of(discovered)
    reads = []
    with Progress(quiet=options["quiet"]) as progress, Workers(count=min(2, len(snapshot.repositories))) as workers:
        progress.start(len(snapshot.repositories) if len(snapshot.repositories) > 1 else 0)
        for record in snapshot.repositories:
            try:
                reading = workers.read_folder(local.folder_of(folder, record), kinds)
                reads.append(Read(structs.replace(record, head=reading.commit, tree=reading.tree), reading, None))
            except Unavailable as unavailable:
                reads.append(Read(record, None, unavailable.reason))
            progress.advance(record.name)
    report = judge(assemble(snapshot, reads), rubric_file=options["rubric"], discovered=discovered)
    announce(deliver(report, destinations), quiet=options["quiet"])
    return exit_code(report, gate)


def announce(written: list[Path], *, quiet: bool) -> None:
    """Say where the files are, on standard error."""
    if not quiet:
        for path in written:
            click.echo(f"Wrote {path}", err=True)
