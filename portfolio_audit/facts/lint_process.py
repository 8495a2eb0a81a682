"""One run of the linter over Python text: the only program that is ever started on what strangers wrote.

ruff parses and runs nothing of what it reads. It gets copies under names of ours in a private folder that is removed
again, one fixed command line, an environment with a single variable, and no way to write. In a reading process
everything else stays refused: `permitted` is all that its hook lets through.
"""

import os
import re
import resource
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from typing import NamedTuple

from portfolio_audit.errors import Unavailable
from portfolio_audit.tree import CODE_LIMIT, MIB

BROKEN = "invalid-syntax"
MOST_BRANCHES, MOST_STATEMENTS = 15, 80
RULES = "F401,F403,F50,F52,F601,F63,F70,F811,F821,F822,F823,F841,E722,S110,B006,T100,ERA001,C901,PLR0915"
COMMAND = (
    "check",
    "--isolated",
    "--no-cache",
    "--ignore-noqa",
    "--no-respect-gitignore",
    "--exit-zero",
    "--output-format=concise",
    "--target-version=py314",
    f"--select={RULES}",
    "--config=exclude=[]",
    f"--config=lint.mccabe.max-complexity={MOST_BRANCHES}",
    f"--config=lint.pylint.max-statements={MOST_STATEMENTS}",
    ".",
)
ENVIRONMENT = {"RAYON_NUM_THREADS": "1"}
SECONDS = 10
"""Of processor time, where the system can limit another process: what 4 MiB take is a fiftieth of it."""
OUTPUT = 8 * MIB
"""Bytes of findings that are read; ten thousand findings take less than one."""

FOLDER = "lint-"
"""How the names of its folders begin."""
_NAME = re.compile(r"\d{4}\.py")
_LINE = re.compile(rb"(\d{4})\.py:(\d{1,9}):(\d{1,9}): ([A-Z]+\d+|[a-z-]+|SyntaxError):?+ (?:\[\*\] )?+([^\n]*+)")
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Finding(NamedTuple):
    """What the linter says of one place: `source` counts the texts from 0, `line` and `column` (in characters) from 1;
    `rule` is its code, or BROKEN.
    """

    source: int
    line: int
    column: int
    rule: str
    message: str


class LinterUnavailable(Unavailable):
    """The linter did not do its work; another time it may."""


class LinterCrashed(LinterUnavailable):
    """One of the texts was too much for it."""


@cache
def linter() -> str:
    """The ruff that was installed with this package; never one from the search path. Raises Unavailable."""
    try:
        return str(import_module("ruff").find_ruff_bin())
    except (ImportError, OSError):
        raise Unavailable("ruff, which reads for style and mistakes, is not installed") from None


@cache
def linter_version() -> str:
    """The version of the installed ruff, or "none"; what it finds depends on it.

    Read from the name of its metadata's folder: asking `importlib.metadata` costs each reading process more than the
    rest of this module.
    """
    try:
        home = os.path.dirname(os.path.dirname(str(import_module("ruff").__file__)))
        names = [name for name in os.listdir(home) if name.startswith("ruff-") and name.endswith(".dist-info")]
    except (ImportError, OSError):
        return "none"
    return " ".join(sorted(name[len("ruff-") : -len(".dist-info")] for name in names)) or "none"


def lint(sources: Sequence[bytes]) -> tuple[tuple[Finding, ...], bool]:
    """What ruff finds in these texts (at most 9,999, each at most 1 MiB), and whether that is all of it.

    Raises Unavailable if ruff is not installed, LinterCrashed if a text is too much for it, LinterUnavailable if it
    could not be run or took too long.
    """
    program = linter()
    try:
        with _folder(sources) as folder:
            said = _run(program, folder)
        return tuple(each for each in _findings(said) if each.source < len(sources)), len(said) <= OUTPUT
    except OSError as fault:
        raise LinterUnavailable(f"the linter could not be run ({fault.strerror or type(fault).__name__})") from None


def permitted(event: str, arguments: Sequence[object]) -> bool:
    """Whether an audited event is a step of `lint`, in a process whose temporary folder is its own."""
    home = os.environ.get("TMPDIR", "")
    if not home:
        return False
    if event == "subprocess.Popen":
        program, command, folder, environment = arguments
        given = [program, command, environment] == [linter(), [linter(), *COMMAND], ENVIRONMENT]
        return given and _is_folder(folder, home)
    path = arguments[0] if arguments else None
    if event == "open":
        if path == os.devnull:
            return True
        return arguments[2] == _WRITE and _is_file(path, home)
    if event == "os.remove":
        return _is_file(path, home)
    return event in ("os.mkdir", "os.rmdir") and _is_folder(path, home)


def _is_folder(path: object, home: str) -> bool:
    return isinstance(path, str) and os.path.dirname(path) == home and os.path.basename(path).startswith(FOLDER)


def _is_file(path: object, home: str) -> bool:
    if not isinstance(path, str):
        return False
    folder, name = os.path.split(path)
    return _NAME.fullmatch(name) is not None and _is_folder(folder, home)


@contextmanager
def _folder(sources: Sequence[bytes]) -> Iterator[str]:
    """A private folder with the texts as 0000.py, 0001.py and so on. It goes with its files, however this ends."""
    folder = tempfile.mkdtemp(prefix=FOLDER, dir=os.environ.get("TMPDIR"))
    try:
        with _writing():
            for number, source in enumerate(sources):
                _write(os.path.join(folder, f"{number:04d}.py"), source)
        yield folder
    finally:
        for number in range(len(sources)):
            with suppress(OSError):
                os.remove(os.path.join(folder, f"{number:04d}.py"))
        with suppress(OSError):
            os.rmdir(folder)


def _write(path: str, source: bytes) -> None:
    descriptor = os.open(path, _WRITE, 0o600)
    try:
        left = memoryview(source)
        while left:
            left = left[os.write(descriptor, left) :]
    finally:
        os.close(descriptor)


@contextmanager
def _writing() -> Iterator[None]:
    """Raise the soft limit on the size of files for as long as they are written, where there is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    if soft == resource.RLIM_INFINITY or soft >= CODE_LIMIT:
        yield
        return
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _run(program: str, folder: str) -> bytes:
    """The first bytes of what ruff prints, up to one more than OUTPUT."""
    with subprocess.Popen(
        [program, *COMMAND],
        executable=program,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=ENVIRONMENT,
    ) as process:
        assert process.stdout is not None
        if hasattr(resource, "prlimit"):
            with suppress(OSError):
                resource.prlimit(process.pid, resource.RLIMIT_CPU, (SECONDS, SECONDS))
        said = process.stdout.read(OUTPUT + 1)
        process.stdout.close()
    if process.returncode and len(said) <= OUTPUT:
        if process.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            raise LinterUnavailable("the linter took too long")
        raise LinterCrashed("the linter crashed on one of the files")
    return said


def _findings(said: bytes) -> Iterator[Finding]:
    for line in said[:OUTPUT].split(b"\n"):
        if (match := _LINE.fullmatch(line)) is not None:
            rule = match[4].decode() if match[4][-1:].isdigit() else BROKEN
            message = match[5].decode("utf-8", "replace")
            yield Finding(int(match[1]), int(match[2]), int(match[3]), rule, message)
