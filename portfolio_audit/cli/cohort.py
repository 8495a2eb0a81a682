"""`portfolio-audit cohort ROSTER`: a whole group of people, into one folder in which a stopped run goes on."""

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
    from portfolio_audit.cli.cohort_people import People, Place
    from portfolio_audit.cli.cohort_run import Bench, Line
    from portfolio_audit.cli.progress import Progress
    from portfolio_audit.journal import Journal
    from portfolio_audit.roster import Roster, Student

_MOST_NAMED = 20


@click.command("cohort", short_help="Audit everybody on a roster.")
@click.argument("roster", required=False)
@click.option("-o", "--output", "folder", default="cohort", show_default=True, metavar="FOLDER", help="Where pages go.")
@click.option("--org", metavar="NAME", help="Instead of a roster: the members of this organisation.")
@click.option("--team", metavar="ORG/SLUG", help="Instead of a roster: this team, with the teams below it.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    metavar="ROLE",
    help="Audit only people of this role; repeatable; all for everybody. Default: everybody but teachers, assistants, "
    "owners and maintainers.",
)
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
    whole first. Without one, --org and --team list the members, for which a token needs the scope read:org. FOLDER
    gets index.html, a page for each student, cohort.csv, cohort.json and results.sqlite. A run that stopped goes on
    when the same command is given again; a finished one asks everybody what is new.

    Exit code: 0 everybody was audited, 3 somebody could not be or only partly, 5 stopped by the rate or the network.
    """
    from portfolio_audit.cli.cohort_files import refresh, states_of
    from portfolio_audit.cli.cohort_names import file_names
    from portfolio_audit.cli.cohort_people import People, listed, place_of, read_roster
    from portfolio_audit.cli.cohort_plan import planned, planned_from
    from portfolio_audit.cli.cohort_run import Bench, line
    from portfolio_audit.cli.progress import Progress
    from portfolio_audit.journal import Journal
    from portfolio_audit.journal_file import NAME

    merge_file(ctx, audited=None)
    options = ctx.params
    progress = Progress(quiet=options["quiet"])
    place = place_of(options)
    people = People(read_roster(options, progress)) if place is None else None
    bench = Bench.of(options)
    folder = Path(options["folder"])
    with line(options, progress, needs_token=place is not None) as open_line:
        if place is not None and (options["dry_run"] or not (folder / NAME).exists()):
            people = listed(place, options, open_line.source, progress)
        if options["dry_run"] and people is not None:
            students = people.roster.students
            click.echo(
                planned(students, bench, open_line, progress)
                if place is None
                else planned_from(people.repositories, students, open_line)
            )
            return 0
        with Journal.open(folder) as journal:
            roster = begin(people, place, journal, bench, open_line, options, progress)
            students = roster.students
            files = file_names(students, options["name_by"])
            chosen = choose(roster, journal, options)
            try:
                stopped = bench.audit(chosen, journal, folder, files, open_line, options, progress)
            except KeyboardInterrupt:
                refresh(folder, students, journal, files, bench.rules)
                raise
            made = refresh(folder, students, journal, files, bench.rules)
    if not options["quiet"]:
        click.echo(f"Wrote {folder / 'index.html'}: {states_of(made)}", err=True)
    if stopped is not None:
        raise stopped
    partly = bool(options["only"] or options["since"])
    return 0 if set(made.states) <= {"done", "empty", *(["pending"] if partly else [])} else 3


def begin(
    people: "People | None",
    place: "Place | None",
    journal: "Journal",
    bench: "Bench",
    open_line: "Line",
    options: dict[str, Any],
    progress: "Progress",
) -> "Roster":
    """Begin a run with these people, or go on with the last one; who was listed when it began is in it to its end.

    Raises UsageError rather than erase somebody whom this token perhaps is only not shown.
    """
    from portfolio_audit.cli.cohort_people import People, listed, origin
    from portfolio_audit.cli.cohort_run import configuration, fingerprint
    from portfolio_audit.errors import UsageError
    from portfolio_audit.roster import Roster

    configured = configuration(bench, options)
    source = origin(place, options) if place is not None else None
    if people is None and source is not None and place is not None:
        kept = None if options["fresh"] else journal.listed(source, configured)
        people = People(Roster(kept)) if kept else listed(place, options, open_line.source, progress)
    assert people is not None
    students = people.roster.students
    gone = journal.gone(students)
    names = ", ".join(gone[:_MOST_NAMED]) + (f" and {len(gone) - _MOST_NAMED} more" if len(gone) > _MOST_NAMED else "")
    if gone and not people.whole and not options["fresh"]:
        raise UsageError(
            f"not listed any more, perhaps only not shown to this token: {names}",
            hint="Use a token that is shown all members; or erase what is kept about them with --fresh",
        )
    partly = bool(options["only"] or options["since"])
    run = journal.begin(
        students,
        roster=fingerprint(students),
        configuration=configured,
        fresh=options["fresh"],
        partly=partly,
        origin=source,
    )
    if gone:
        progress.tell(f"No longer among those audited, and erased from {options['folder']}: {names}")
    if run.resumed and not partly:
        done = len(students) - len(journal.waiting(students))
        progress.tell(f"Going on: {done} of {len(students)} are done")
    return people.roster


def choose(roster: "Roster", journal: "Journal", options: dict[str, Any]) -> "tuple[Student, ...]":
    """Whom to audit now. Raises UsageError for somebody who is not on the roster, and for a day that is none."""
    from portfolio_audit.cli.cohort_people import named, since

    only, day = named(roster, options), since(options)
    chosen = tuple(student for student in roster.students if only is None or student.key in only)
    if day is not None:
        chosen = tuple(student for student in chosen if (journal.entry(student).data_time or "") < day)
    return journal.waiting(chosen) if only is None and day is None else chosen
