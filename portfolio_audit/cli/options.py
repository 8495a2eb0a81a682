"""Options that several commands share, and their values from option, environment and file, in this order."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

PREFIX = "PORTFOLIO_AUDIT_"


class Points(click.FloatRange):
    """A number in a range; NaN, which compares with nothing, is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if number != number:
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


def _option(*names: str, env: str | None, **attributes: Any) -> Callable[[F], F]:
    return click.option(*names, envvar=PREFIX + env if env else None, show_envvar=False, **attributes)


def output_options(function: F) -> F:
    """`--format`, `-o`, `--rubric`, `--fail-under`, `--fail-on`, `--gate`, `--config`, `-q`, `-v`."""
    for decorate in reversed(
        [
            _option(
                "--format",
                "formats",
                env="FORMAT",
                multiple=True,
                metavar="FORMAT[=DEST]",
                help="html, json, text, markdown, sarif, junit, annotations, badge (SVG) or endpoint (badge as JSON); "
                "repeatable. Default: HTML to a file and text to standard output.",
            ),
            _option("-o", "--output", env="OUTPUT", metavar="FILE", help="Where formats without DEST go; - is stdout."),
            rubric_option,
            _option(
                "--fail-under",
                env="FAIL_UNDER",
                type=Points(0, 100),
                metavar="N",
                help="Exit 1 if the score is under N, 3 if that cannot be told.",
            ),
            _option(
                "--fail-on",
                env="FAIL_ON",
                multiple=True,
                metavar="CHECK",
                help="Exit 1 if this check fails where it counts; repeatable.",
            ),
            _option(
                "--gate",
                env="GATE",
                type=click.Choice(["enforced", "informational"]),
                default="enforced",
                show_default=True,
                help="Informational: the gate is stated and never fails the run.",
            ),
            config_option,
            verbosity_options,
        ]
    ):
        function = decorate(function)
    return function


def rubric_option(function: F) -> F:
    """`--rubric`."""
    return _option("--rubric", env="RUBRIC", metavar="FILE", help="Judge by another rubric.")(function)


def config_option(function: F) -> F:
    """`--config`."""
    return _option("--config", "config_file", env="CONFIG", metavar="FILE", help="Read settings from this file.")(
        function
    )


def verbosity_options(function: F) -> F:
    """`-q` and `-v`."""
    quiet = click.option("-q", "--quiet", is_flag=True, help="No progress, only errors, on standard error.")
    verbose = click.option("-v", "--verbose", is_flag=True, help="Also counts of requests and limits.")
    return quiet(verbose(function))


def network_options(function: F) -> F:
    """`--token-file`, `--api-url`, `--archive-url`, `--max-wait`, `--no-probe`, `--offline`."""
    for decorate in reversed(
        [
            _option("--token-file", env="TOKEN_FILE", metavar="FILE", help="File with a GitHub token; - is stdin."),
            click.option(
                "--api-url",
                envvar=[PREFIX + "API_URL", "GITHUB_API_URL"],
                metavar="URL",
                help="Another API, e.g. https://HOST/api/v3 of GitHub Enterprise.",
            ),
            _option("--archive-url", env="ARCHIVE_URL", metavar="URL", help="Web host of archives, if not the usual."),
            _option(
                "--max-wait",
                env="MAX_WAIT",
                type=Points(0),
                default=120,
                show_default=True,
                metavar="SECONDS",
                help="Longest wait for a rate limit; longer ones stop the run (exit 5).",
            ),
            _option(
                "--probe/--no-probe", "probe", env="PROBE", default=True, help="Open deployment links. Default: yes."
            ),
        ]
    ):
        function = decorate(function)
    return function


def cache_option(function: F) -> F:
    """`--cache-dir`."""
    return _option("--cache-dir", env="CACHE_DIR", metavar="FOLDER", help="Where to keep what was read.")(function)


_FILE_NAMES = {"format": "formats"}


def merge_file(ctx: click.Context, *, audited: Path | None) -> None:
    """Fill every option that neither the command line nor the environment set from the configuration file.

    Raises ConfigError. `audited` is the tree under audit, where no configuration is looked for.
    """
    from portfolio_audit.config import load

    named = ctx.params.get("config_file")
    table = load(Path(named) if named else None, folder=Path.cwd(), audited=audited)
    known = {param.name: param for param in ctx.command.params}
    for key, value in table.items():
        name = _FILE_NAMES.get(key, key.replace("-", "_"))
        if name not in known or name is None:
            continue
        source = ctx.get_parameter_source(name)
        if source in (click.core.ParameterSource.DEFAULT, click.core.ParameterSource.DEFAULT_MAP):
            if name in ("formats", "fail_on") and isinstance(value, str):
                value = [value]
            ctx.params[name] = known[name].type_cast_value(ctx, value)


def cache_folder(chosen: str | None) -> Path:
    """The folder of the store: the option, else the platform's cache folder for this user."""
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME")
    if base:
        return Path(base) / "portfolio-audit"
    home = Path.home()
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local")) / "portfolio-audit"
    mac = home / "Library" / "Caches"
    return (mac if os.uname().sysname == "Darwin" else home / ".cache") / "portfolio-audit"
