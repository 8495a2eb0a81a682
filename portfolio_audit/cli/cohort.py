"""`portfolio-audit cohort ROSTER`: everybody on a roster, into one folder in which a stopped run goes on."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portfolio_audit.cli.options import (
    cache_option,
    config_option,
    merge_file,
    network_options,
    rubric_option,
    verbosity_options,
)

if TYPE_CHECKING:
    from portfolio_audit.journal import Journal
    from portfolio_audit.roster import Roster, Student

_MOST_PROBLEMS = 50


@click.command("cohort", short_help="Audit everybody on a roster.")
@click.argument("roster")
@click.option("-o", "--output", "folder", default="cohort", show_default=True, metavar="FOLDER", help="Where pages go.")
@click.option("--login-column", metavar="NAME", help="Column of the GitHub logins. Default: known headings.")
@click.option("--id-column", metavar="NAME", help="Column of your own identifiers.")
@click.option("--name-column", metavar="NAME", help="Column of names.")
@click.option("--group-column", metavar="NAME", help="Column of groups.")
@click.option(
    "--name-by",
    type=click.Choice(["login", "name", "id"]),
    default="login",
    show_default=True,
    help="What the students' pages are called after.",
)
@click.option("--fresh", is_flag=True, help="Begin a new run, also where the last one is unfinished.")
@click.option("--only", multiple=True, metavar="LOGIN", help="Audit only this student now; repeatable.")
@click.option("--since", metavar="DATE", help="Audit only those whose last audit is older than this day (2026-03-01).")
@click.option("--dry-run", is_flag=True, help="State requests, points and hours against the rate left, then stop.")
@rubric_option
@network_options
@cache_option
@config_option
@verbosity_options
@click.pass_context
def command(ctx: click.Context, /, **_: object) -> int:
    """Audit everybody on ROSTER: a CSV with a column of logins, or a list of logins or addresses; - is standard input.

    The CSV of Classroom 50 and of the old GitHub Classroom are known by their headings. The roster is checked as a
    whole first. FOLDER gets index.html, a page for each student, cohort.csv, cohort.json and results.sqlite. A run that
    stopped goes on when the same command is given again; a finished one asks everybody what is new.

    Exit code: 0 everybody was audited, 3 somebody could not be or only partly, 5 stopped by the rate or the network.
    """
    from portfolio_audit.cli.cohort_files import refresh, states_of
    from portfolio_audit.cli.cohort_names import file_names
    from portfolio_audit.cli.cohort_plan import planned
    from portfolio_audit.cli.cohort_run import Bench, configuration, fingerprint
    from portfolio_audit.cli.progress import Progress
    from portfolio_audit.journal import Journal

    merge_file(ctx, audited=None)
    options = ctx.params
    progress = Progress(quiet=options["quiet"])
    roster = read_roster(options, progress)
    bench = Bench.of(options)
    if options["dry_run"]:
        click.echo(planned(roster.students, bench, options, progress))
        return 0
    folder = Path(options["folder"])
    files = file_names(roster.students, options["name_by"])
    with Journal.open(folder) as journal:
        partly = bool(options["only"] or options["since"])
        run = journal.begin(
            roster.students,
            roster=fingerprint(roster.students),
            configuration=configuration(bench, options),
            fresh=options["fresh"],
            partly=partly,
        )
        chosen = choose(roster, journal, options)
        if run.resumed and not partly:
            progress.tell(f"Going on: {len(roster.students) - len(chosen)} of {len(roster.students)} are done")
        try:
            stopped = bench.audit(chosen, journal, folder, files, options, progress)
        except KeyboardInterrupt:
            refresh(folder, roster.students, journal, files, bench.rules)
            raise
        made = refresh(folder, roster.students, journal, files, bench.rules)
    if not options["quiet"]:
        click.echo(f"Wrote {folder / 'index.html'}: {states_of(made)}", err=True)
    if stopped is not None:
        raise stopped
    return 0 if set(made.states) <= {"done", "empty", *(["pending"] if partly else [])} else 3


def read_roster(options: dict[str, Any], progress: Any) -> "Roster":
    """The roster, with its warnings told. Raises UsageError, after every problem was told with its line."""
    import sys

    from portfolio_audit import roster
    from portfolio_audit.errors import UsageError
    from portfolio_audit.report.plain import plain
    from portfolio_audit.roster_cells import MOST_BYTES
    from portfolio_audit.roster_csv import Columns

    place = options["roster"]
    if place == "-" and options["token_file"] == "-":  # noqa: S105 - standard input
        raise UsageError("roster and token cannot both come from standard input", hint="Name a file for one of them.")
    try:
        if place == "-":
            content = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with open(place, "rb") as file:
                content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"the roster {place} cannot be read: {error.strerror}") from None
    columns = Columns(*(options[f"{what}_column"] or None for what in ("login", "id", "name", "group")))
    try:
        found = roster.read(content, columns)
    except roster.RosterRefused as refused:
        for problem in refused.problems[:_MOST_PROBLEMS]:
            click.echo(plain(problem), err=True)
        if len(refused.problems) > _MOST_PROBLEMS:
            click.echo(f"and {len(refused.problems) - _MOST_PROBLEMS} more", err=True)
        raise
    for warning in found.warnings:
        progress.tell(f"Warning: {warning}")
    return found


def choose(roster: "Roster", journal: "Journal", options: dict[str, Any]) -> "tuple[Student, ...]":
    """Whom to audit now. Raises UsageError for somebody who is not on the roster, and for a day that is none."""
    from datetime import date

    from portfolio_audit.errors import UsageError

    chosen = roster.students
    if options["only"]:
        wanted = {name.removeprefix("@").casefold() for name in options["only"]}
        missing = sorted(wanted - {student.key for student in chosen})
        if missing:
            raise UsageError(f"{', '.join(missing)}: not on the roster", hint="Name logins as the roster has them.")
        chosen = tuple(student for student in chosen if student.key in wanted)
    if options["since"]:
        try:
            day = date.fromisoformat(options["since"]).isoformat()
        except ValueError:
            raise UsageError(f"{options['since']!r} is no day", hint="Write it as 2026-03-01.") from None
        chosen = tuple(student for student in chosen if (journal.entry(student).data_time or "") < day)
    return chosen if options["only"] or options["since"] else journal.waiting(chosen)
