"""`python -I -m portfolio_audit.cli.action`: what the GitHub action runs, between the runner's files and the command.

Inputs come from the environment and never from a shell's text. While the command runs, the runner is told to take no
commands from its output, so no name or title of a repository can give any; outputs are numbers, ids and own paths.
"""

import json
import os
import secrets
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from portfolio_audit.cli.main import run
from portfolio_audit.cli.output import write_file
from portfolio_audit.errors import UsageError

RESULTS = "portfolio-audit-results"
_FURTHER = {"text": "txt", "junit": "xml", "markdown": "md", "annotations": "txt"}
_SEVERITIES = {"none": 0, "warning": 1, "notice": 2}


class Inputs(NamedTuple):
    """The action's inputs, checked."""

    user: str
    folder: Path
    config: Path | None
    fail_under: str
    fail_on: tuple[str, ...]
    severity: str
    formats: tuple[str, ...]
    sarif: bool
    badge: Path | None
    pages: Path | None
    offline: bool


def inputs(environment: Mapping[str, str]) -> Inputs:
    """The inputs of a run. Raises UsageError for a value that means nothing, or a path outside the workspace."""

    def value(name: str) -> str:
        return environment.get(f"INPUT_{name}", "").strip()

    def listed(name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in value(name).split(",") if part.strip())

    def chosen(name: str, choices: tuple[str, ...]) -> str:
        given = value(name).lower() or choices[0]
        if given not in choices:
            label = name.lower().replace("_", "-")
            raise UsageError(f"{label} cannot be {given!r}", hint=f"One of: {', '.join(choices)}")
        return given

    workspace = Path(environment.get("GITHUB_WORKSPACE") or ".").resolve()

    def inside(name: str) -> Path | None:
        given = value(name)
        if not given:
            return None
        path = (workspace / given).resolve()
        if not path.is_relative_to(workspace):
            label = name.lower().replace("_", "-")
            raise UsageError(f"{label} leads out of the workspace", hint="Name a place inside it, without links.")
        return path

    for name in listed("FORMAT"):
        if name not in _FURTHER:
            raise UsageError(f"there is no format {name!r} to write", hint=f"Formats: {', '.join(_FURTHER)}")
    return Inputs(
        user=value("USER"),
        folder=inside("REPOSITORY") or workspace,
        config=inside("CONFIG"),
        fail_under=value("FAIL_UNDER"),
        fail_on=listed("FAIL_ON"),
        severity=chosen("MIN_SEVERITY", ("notice", "warning", "none")),
        formats=listed("FORMAT"),
        sarif=chosen("SARIF", ("false", "true")) == "true",
        badge=inside("BADGE_PATH"),
        pages=inside("PAGES_DIR"),
        offline=chosen("OFFLINE", ("false", "true")) == "true",
    )


def arguments(given: Inputs, results: Path) -> list[str]:
    """The command line of the audit; the values of others stand behind `--` or `=`."""
    formats = {"html": "report.html", "json": "report.json", "badge": "badge.svg", "endpoint": "badge.json"}
    formats |= {"markdown": "summary.md", "annotations": "annotations.txt"}
    formats |= {name: f"report.{_FURTHER[name]}" for name in given.formats if name not in formats}
    if given.sarif:
        formats["sarif"] = "report.sarif"
    options = ["--quiet", *(f"--format={kind}={results / name}" for kind, name in formats.items())]
    options += [f"--fail-under={given.fail_under}"] if given.fail_under else []
    options += [f"--fail-on={check}" for check in given.fail_on]
    options += [f"--config={given.config}"] if given.config else []
    if not given.user:
        return ["check", *options, "--", str(given.folder)]
    return ["audit", *options, *(["--no-probe"] if given.offline else []), "--", given.user]


def main(environment: Mapping[str, str] = os.environ) -> int:
    """Run the audit, write the runner's files, and return 0: the gate is a step of its own, after the uploads.

    Anything that is no verdict (wrong use, no network, an internal fault) is returned as it is.
    """
    results = Path(environment.get("RUNNER_TEMP") or ".").resolve() / RESULTS
    shutil.rmtree(results, ignore_errors=True)
    try:
        given = inputs(environment)
        results.mkdir(parents=True)
        if given.user and environment.get("INPUT_TOKEN"):
            os.environ["GH_TOKEN"] = environment["INPUT_TOKEN"]
        code = _silently(arguments(given, results))
        if code not in (0, 1, 3):
            return code
        report = json.loads((results / "report.json").read_bytes())
        _publish(given, results)
    except UsageError as error:
        print(f"Error: {error}\n  {error.hint or ''}".rstrip(), file=sys.stderr)
        return error.exit_code
    _append(environment.get("GITHUB_STEP_SUMMARY"), (results / "summary.md").read_text("utf-8"))
    _append(environment.get("GITHUB_OUTPUT"), "".join(_outputs(report, given, results, code)))
    sys.stdout.write(_marks((results / "annotations.txt").read_text("utf-8"), given.severity))
    return 0


def _silently(arguments: list[str]) -> int:
    """Run the command while the runner takes none from the output."""
    word = secrets.token_hex(16)
    sys.stdout.write(f"::stop-commands::{word}\n")
    sys.stdout.flush()
    try:
        return run(arguments)
    finally:
        sys.stdout.write(f"\n::{word}::\n")
        sys.stdout.flush()


def _outputs(report: dict[str, Any], given: Inputs, results: Path, code: int) -> Iterator[str]:
    folder = report["subject"]["kind"] == "folder"
    asked = bool(given.fail_under or given.fail_on)
    gate = "none" if not asked else {0: "passed", 1: "failed"}.get(code, "unknown")
    found = [*report["portfolio_results"], *(each for entry in report["repositories"] for each in entry["results"])]
    failed = sorted({each["check"] for each in found if each["status"] == "failed"})
    yield from _line("score", "" if folder else str(report["score_range"][0]))
    yield from _line("band", report["band"])
    yield from _line("gate", gate)
    yield from _line("failed-checks", ",".join(failed))
    yield from _line("report-path", str(results / "report.html"))
    yield from _line("json-path", str(results / "report.json"))
    yield from _line("sarif-path", str(results / "report.sarif") if given.sarif else "")
    yield from _line("badge-path", str(given.badge or results / "badge.svg"))
    yield from _line("exit-code", str(code if asked or code != 3 else 0))


def _line(name: str, value: str) -> Iterator[str]:
    """One output between delimiters that nobody can guess, so that no value can end itself or name another."""
    word = secrets.token_hex(16)
    yield f"{name}<<{word}\n{value}\n{word}\n"


def _append(path: str | None, text: str) -> None:
    if path:
        with open(path, "a", encoding="utf-8") as file:
            file.write(text)


def _marks(commands: str, severity: str) -> str:
    kinds = tuple(f"::{kind} " for kind in ("warning", "notice") if _SEVERITIES[kind] <= _SEVERITIES[severity])
    return "".join(line for line in commands.splitlines(keepends=True) if kinds and line.startswith(kinds))


def _publish(given: Inputs, results: Path) -> None:
    """Copies for the workspace. What stands there is replaced, never written through: a link may lead anywhere."""
    copies: dict[Path, str] = {}
    if given.badge is not None:
        copies |= {given.badge: "badge.svg", given.badge.with_suffix(".json"): "badge.json"}
    if given.pages is not None:
        copies |= {given.pages / name: source for name, source in _PAGES.items()}
    for path, source in copies.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, (results / source).read_bytes())


_PAGES = {
    "index.html": "report.html",
    "report.json": "report.json",
    "badge.svg": "badge.svg",
    "badge.json": "badge.json",
}

if __name__ == "__main__":
    sys.exit(main())
