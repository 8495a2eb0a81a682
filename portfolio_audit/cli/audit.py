"""`portfolio-audit audit LOGIN`: public work, live, from a recording, or from what was kept."""

from typing import TYPE_CHECKING, Any

import click

from portfolio_audit.cli.options import cache_option, merge_file, network_options, output_options

if TYPE_CHECKING:
    from portfolio_audit.cli.gather import Gathered, Kinds
    from portfolio_audit.cli.progress import Progress
    from portfolio_audit.store import Store
    from portfolio_audit.workers import Workers


@click.command("audit", short_help="Audit a GitHub user or organisation.")
@click.argument("login", required=False)
@click.option("--from", "recording", metavar="FILE", help="Audit a recording made by `fetch`, offline.")
@click.option("--offline", is_flag=True, envvar="PORTFOLIO_AUDIT_OFFLINE", help="Only what earlier audits kept.")
@click.option("--dry-run", is_flag=True, help="State the requests this needs and the rate left, then stop.")
@network_options
@cache_option
@output_options
@click.pass_context
def command(ctx: click.Context, /, **_: object) -> int:
    """Audit LOGIN: a GitHub user, an organisation, or the address of either.

    With a token in GH_TOKEN or GITHUB_TOKEN (no rights needed) one request tells what is new; without one the public
    limits apply. Every repository is read, its deployment links are opened, merged pull requests elsewhere are counted.
    """
    from portfolio_audit.cli import output
    from portfolio_audit.cli.check import announce
    from portfolio_audit.cli.judge import deliver, judge, kinds_of
    from portfolio_audit.cli.progress import Progress
    from portfolio_audit.cli.verdict import exit_code, gate_of
    from portfolio_audit.discovery import discover

    merge_file(ctx, audited=None)
    options = ctx.params
    login = subject(options["login"], options["recording"])
    destinations = output.plan(options["formats"], options["output"], name=login or "recording")
    discovered = discover()
    gate = gate_of(options, {provided.check.id for provided in discovered.checks})
    with Progress(quiet=options["quiet"]) as progress:
        if options["recording"]:
            gathered: Gathered | None = from_recording(options["recording"], login, kinds_of(discovered), progress)
        else:
            gathered = from_service(login or "", options, kinds_of(discovered), progress)
        if gathered is None:
            return 0
    report = judge(gathered, rubric_file=options["rubric"], discovered=discovered)
    announce(deliver(report, destinations), quiet=options["quiet"])
    return exit_code(report, gate)


def subject(login: str | None, recording: str | None) -> str | None:
    """The login meant by a name, an @name or an address. Raises UsageError."""
    import re

    from portfolio_audit.errors import UsageError

    if login is None:
        if recording:
            return None
        raise UsageError("nobody was named", hint="portfolio-audit audit LOGIN")
    name = re.sub(r"^(?:https?://)?[^/\s]+\.[^/\s]+/", "", login.strip()).split("/")[0].lstrip("@")
    if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})(?:_[A-Za-z0-9]+)?", name):
        raise UsageError(
            f"{login!r} is no GitHub name", hint="Name a user or an organisation: portfolio-audit audit LOGIN"
        )
    return name


def from_service(login: str, options: dict[str, Any], kinds: "Kinds", progress: "Progress") -> "Gathered | None":
    """Gather from the service, or with `--offline` from what was kept; None if only the estimate was asked for."""
    from portfolio_audit.cli.options import cache_folder
    from portfolio_audit.cli.service import connect
    from portfolio_audit.store import Store
    from portfolio_audit.workers import Workers

    with Store.open_if_usable(cache_folder(options["cache_dir"])) as store:
        if options["offline"]:
            return from_store(login, kinds, store, progress)
        with connect(options, store, progress.tell) as source:
            if options["dry_run"]:
                click.echo(source.estimated(login, store, kinds))
                return None
            with Workers() as workers:
                if store.recall("snapshot", login.lower()) is None:
                    workers.warm(kinds)  # everything is new: the readers start while the service is asked
                snapshot = source.snapshot(login)
                gathered = gather(snapshot, source, kinds, store, progress, workers, probe=options["probe"])
            if options["verbose"]:
                progress.tell(source.tally())
    return gathered


def gather(
    snapshot: Any,
    source: Any,
    kinds: "Kinds",
    store: "Store",
    progress: "Progress",
    workers: "Workers",
    *,
    probe: bool,
) -> "Gathered":
    """Read every repository of a snapshot that was just taken, open its links, and keep it for `--offline`."""
    from portfolio_audit.cli.links import opened

    gathered = read(snapshot, source, kinds, store, progress, workers)
    gathered = opened(gathered, store, probe=probe, tell=progress.tell)
    keep(gathered, store)
    return gathered


def read(
    snapshot: Any,
    source: Any,
    kinds: "Kinds",
    store: "Store | None",
    progress: "Progress",
    workers: "Workers | None" = None,
) -> "Gathered":
    """Read every repository of the snapshot in worker processes: those given, else some of its own."""
    from contextlib import nullcontext

    from portfolio_audit.cli.gather import assemble, read_all
    from portfolio_audit.workers import Workers

    progress.start(len(snapshot.repositories))
    with nullcontext(workers) if workers else Workers() as readers:
        reads = read_all(snapshot, source, kinds, workers=readers, store=store, advance=progress.advance)
    return assemble(snapshot, reads)


def keep(gathered: "Gathered", store: "Store") -> None:
    """Keep the snapshot, so that `--offline` can judge it again."""
    from portfolio_audit.snapshot import encode

    login = gathered.snapshot.owner.login
    store.remember("snapshot", login.lower(), encode(gathered.snapshot), login=login)


def from_store(login: str, kinds: "Kinds", store: "Store", progress: "Progress") -> "Gathered":
    """What an earlier audit kept about this login. Raises UsageError if there is nothing."""
    import msgspec

    from portfolio_audit.cli.recorded import Absent
    from portfolio_audit.errors import UsageError
    from portfolio_audit.snapshot import Snapshot

    kept = store.recall("snapshot", login.lower())
    if kept is None:
        raise UsageError(
            f"nothing is kept about {login}", hint=f"Audit it once with the network: portfolio-audit audit {login}"
        )
    snapshot = msgspec.json.decode(kept, type=Snapshot)
    return read(snapshot, Absent("its files are not kept; audit it once with the network"), kinds, store, progress)


def from_recording(path: str, login: str | None, kinds: "Kinds", progress: "Progress") -> "Gathered":
    """What `fetch` saved. Raises UsageError if the recording is of somebody else."""
    from portfolio_audit.cli.recorded import Recorded
    from portfolio_audit.errors import UsageError
    from portfolio_audit.sources import recording

    saved = recording.read(path)
    owner = saved.snapshot.owner.login
    if login is not None and login.lower() != owner.lower():
        raise UsageError(f"{path} is a recording of {owner}, not of {login}")
    return read(saved.snapshot, Recorded(saved), kinds, None, progress)
