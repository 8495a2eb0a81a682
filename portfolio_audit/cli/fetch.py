"""`portfolio-audit fetch LOGIN -o FILE`: all that an audit reads, saved to be judged later without a network."""

from pathlib import Path

import click

from portfolio_audit.cli.options import cache_option, config_option, merge_file, network_options, verbosity_options


@click.command("fetch", short_help="Save all that an audit reads.")
@click.argument("login")
@click.option("-o", "--output", required=True, metavar="FILE", help="The recording to write.")
@network_options
@cache_option
@config_option
@verbosity_options
@click.pass_context
def command(ctx: click.Context, /, **_: object) -> int:
    """Save metadata, archives and the answers of deployment links of LOGIN in one FILE.

    `portfolio-audit audit --from FILE` gives the same report as an audit at the time of fetching, byte for byte.
    """
    from portfolio_audit.cli.audit import subject
    from portfolio_audit.cli.check import announce
    from portfolio_audit.cli.judge import kinds_of
    from portfolio_audit.cli.links import opened
    from portfolio_audit.cli.options import cache_folder
    from portfolio_audit.cli.output import plan
    from portfolio_audit.cli.progress import Progress
    from portfolio_audit.cli.recorder import Recorder
    from portfolio_audit.cli.service import connect
    from portfolio_audit.discovery import discover
    from portfolio_audit.store import Store

    merge_file(ctx, audited=None)
    options = ctx.params
    login = subject(options["login"], None)
    assert login is not None
    path = Path(options["output"])
    plan((f"json={path}",), None, name=login)
    with (
        Progress(quiet=options["quiet"]) as progress,
        Store.open_if_usable(cache_folder(options["cache_dir"])) as store,
        connect(options, store, progress.tell) as source,
        Recorder(source) as recorder,
    ):
        from portfolio_audit.cli.audit import read

        gathered = read(source.snapshot(login), recorder, kinds_of(discover()), None, progress)
        gathered = opened(gathered, store, probe=options["probe"], tell=progress.tell)
        recorder.save(path, gathered.snapshot)
        if options["verbose"]:
            progress.tell(source.tally())
    announce([path], quiet=options["quiet"])
    return 3 if gathered.limits else 0
