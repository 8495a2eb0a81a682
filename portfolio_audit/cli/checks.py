"""`portfolio-audit checks list|show`: what is asked, by whom, and why."""

import click


@click.group("checks", short_help="List the checks, or explain one.")
def command() -> None:
    """List the installed checks, or explain one."""


@command.command("list")
def list_checks() -> int:
    """List every check with its id, what it states and who provides it."""
    from portfolio_audit.discovery import discover
    from portfolio_audit.report.plain import plain

    found = discover()
    width = max((len(provided.check.id) for provided in found.checks), default=0)
    for provided in found.checks:
        origin = f"{provided.provider} {provided.version or ''}".strip()
        click.echo(f"{provided.check.id:<{width}}  {plain(provided.check.title)}  ({plain(origin)})")
    for problem in found.problems:
        click.echo(
            f"Not loaded: {plain(problem.module)} of {plain(problem.provider)}: {plain(problem.reason)}", err=True
        )
    return 3 if found.problems else 0


@command.command("show")
@click.argument("check_id", metavar="ID")
def show(check_id: str) -> int:
    """Explain one check: what it states, why it matters, what it needs and where it counts."""
    from difflib import get_close_matches

    from portfolio_audit import rubric
    from portfolio_audit.discovery import discover
    from portfolio_audit.errors import UsageError
    from portfolio_audit.gains import AI_WORK
    from portfolio_audit.report.plain import plain

    checks = {provided.check.id: provided for provided in discover().checks}
    if check_id == AI_WORK:
        ceiling = rubric.load(None, checks).ceiling
        click.echo(
            f"{AI_WORK}: no check, but the ceiling of the score\n\n"
            f"A portfolio without AI or data work in its code scores at most {ceiling.at}, whatever else it shows.\n"
            f"The fix that lifts it: {plain(ceiling.fix)}"
        )
        return 0
    if check_id not in checks:
        near = get_close_matches(check_id, (*checks, AI_WORK), 1)
        raise UsageError(
            f"there is no check {check_id!r}" + (f"; did you mean {near[0]!r}?" if near else ""),
            hint="portfolio-audit checks list",
        )
    provided = checks[check_id]
    check = provided.check
    click.echo(f"{check.id}: {plain(check.title)}\n")
    click.echo(plain(check.why, keep_lines=True))
    click.echo(f"\nAsked of each {check.scope}. Needs: " + ", ".join(need.fact.__name__ for need in check.needs))
    rules = rubric.load(None, checks)
    places = [criterion.title for criterion in rules.criteria if check.id in criterion.checks]
    click.echo(f"Counts in: {places[0]}" if places else "Also noticed, without weight in the score.")
    click.echo(f"Provided by {plain(provided.provider)} {plain(provided.version or '')}".rstrip())
    return 0
