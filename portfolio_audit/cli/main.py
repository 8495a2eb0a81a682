"""The console command: finds the subcommand, turns errors into one line and an exit code.

Only click and a little of the standard library are imported here: `--help` must answer before anybody looks up.
Everything else is imported by the subcommand's module, which is itself imported when it is called.
"""

import contextlib
import errno
import sys
from collections.abc import Iterator, Sequence

import click

from portfolio_audit import __version__
from portfolio_audit.cli import standard

COMMANDS = {
    "audit": ("portfolio_audit.cli.audit", "Audit a GitHub user or organisation."),
    "cache": ("portfolio_audit.cli.cache", "Show or clear what earlier audits kept."),
    "check": ("portfolio_audit.cli.check", "Check a repository, or a folder of them, on this disk; offline."),
    "checks": ("portfolio_audit.cli.checks", "List the checks, or explain one."),
    "cohort": ("portfolio_audit.cli.cohort", "Audit everybody on a roster, into one folder of pages."),
    "corpus": ("portfolio_audit.cli.corpus", "Build the index of tutorials that copies are looked up in."),
    "demo": ("portfolio_audit.cli.demo", "Audit the bundled portfolio of three invented people; offline."),
    "fetch": ("portfolio_audit.cli.fetch", "Save all that an audit reads, to audit it later offline."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        from importlib import import_module

        command = import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # click would make it exit code 1, which says that a gate failed
            standard.forget_output()
            ctx.exit(0)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, 1)
            hint = f" Did you mean {near[0]!r}?" if near else f" To audit a person: portfolio-audit audit {args[0]}"
            ctx.fail(f"There is no command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def cli(debug: bool) -> None:
    """Would this GitHub portfolio get its owner hired as an AI engineer, and what should they do next?

    Results go to standard output or to files, everything else to standard error.

    \b
    Exit codes: 0 done, 1 gate failed, 2 wrong use or configuration, 3 finished but something
    could not be read, 4 authentication, 5 rate limit or network, 70 internal fault, 130 interrupted.
    """


def run(arguments: Sequence[str]) -> int:
    """Run the command with these arguments and return its exit code; errors are printed to standard error."""
    debug = "--debug" in arguments
    try:
        result = cli.main(list(arguments), prog_name="portfolio-audit", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as wrong:
        with _telling():
            wrong.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        _say("Interrupted. Run the same command again; an audit goes on from what it kept.")
        return 130
    except BrokenPipeError:
        standard.forget_output()
        return 0
    except Exception as error:
        return _explain(error, debug)


@contextlib.contextmanager
def _telling() -> Iterator[None]:
    """Where standard error is full or gone, the exit code says it alone."""
    try:
        yield
    except (OSError, ValueError):
        standard.forget_output(sys.stderr)


def _say(text: str) -> None:
    """One message on standard error."""
    with _telling():
        click.echo(text, err=True)


def _explain(error: Exception, debug: bool) -> int:
    from portfolio_audit.errors import MAKE_ROOM, PortfolioAuditError
    from portfolio_audit.report.plain import plain

    if debug:
        import traceback

        _say(plain(traceback.format_exc(), keep_lines=True))
    if isinstance(error, PortfolioAuditError):
        _say(f"Error: {plain(str(error))}")
        if error.hint:
            _say(f"  {plain(error.hint)}")
        return error.exit_code
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        standard.forget_output()
        _say(f"Error: {plain(str(error.filename or 'the output'))}: {error.strerror}")
        _say(f"  {MAKE_ROOM}")
        return 2
    if isinstance(error, OSError) and error.filename is not None:
        _say(f"Error: {plain(str(error.filename))}: {error.strerror or type(error).__name__}")
        return 2
    _say(f"Error: an internal fault ({type(error).__name__}: {plain(str(error))})")
    _say("  This is a bug of portfolio-audit. --debug shows where it happened.")
    return 70


def main() -> None:
    """Entry point of the console script."""
    standard.keep_numbers()
    standard.end_in_order()
    sys.exit(run(sys.argv[1:]))
