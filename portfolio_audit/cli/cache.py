"""`portfolio-audit cache info|clear`: what earlier audits kept on this disk, and how to be rid of it."""

import click

from portfolio_audit.cli.options import cache_folder, cache_option


@click.group("cache", short_help="Show or clear what earlier audits kept.")
def command() -> None:
    """Show or clear what earlier audits kept on this disk."""


@command.command("info")
@cache_option
def info(cache_dir: str | None) -> int:
    """Show where the cache is and what it holds."""
    from portfolio_audit.report.plain import plain
    from portfolio_audit.store import Store

    folder = cache_folder(cache_dir)
    with Store.open(folder) as store:
        for name, value in store.info().items():
            click.echo(f"{name}: {plain(str(value))}")
    return 0


@command.command("clear")
@click.option("--login", metavar="LOGIN", help="Erase only what concerns this person.")
@cache_option
def clear(login: str | None, cache_dir: str | None) -> int:
    """Erase the cache, or all that it holds about one person."""
    from portfolio_audit.report.plain import plain
    from portfolio_audit.store import Store

    with Store.open(cache_folder(cache_dir)) as store:
        store.clear(login)
    click.echo(f"Erased what was kept about {plain(login)}." if login else "Erased everything that was kept.", err=True)
    return 0
