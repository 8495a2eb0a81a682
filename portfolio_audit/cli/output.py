"""Where results go: validated before any work begins, written whole or not at all."""

import errno
import os
import stat
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from portfolio_audit.cli.standard import forget_output
from portfolio_audit.errors import FULL, MAKE_ROOM, UsageError

FORMATS = ("html", "json", "text", "markdown", "sarif", "junit", "annotations", "badge", "endpoint")
_BY_SUFFIX = {
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".txt": "text",
    ".md": "markdown",
    ".sarif": "sarif",
    ".xml": "junit",
    ".svg": "badge",
}


class Destination(NamedTuple):
    """A format and where it goes; None is standard output."""

    format: str
    path: Path | None


def plan(formats: Sequence[str], output: str | None, *, name: str) -> tuple[Destination, ...]:
    """What to write where.

    Without formats: the one that the ending of `output` names, else HTML to `output` or `portfolio-audit-NAME.html`,
    with text on standard output beside a page. Raises UsageError for an unknown format, two results in one place, or
    a place that cannot be written.
    """
    if formats:
        chosen = [_one(text, output) for text in formats]
    elif output and output != "-" and _BY_SUFFIX.get(Path(output).suffix.lower(), "html") != "html":
        chosen = [Destination(_BY_SUFFIX[Path(output).suffix.lower()], Path(output))]
    elif output == "-":
        chosen = [Destination("text", None)]
    else:
        chosen = [Destination("html", Path(output or f"portfolio-audit-{_safe(name)}.html")), Destination("text", None)]
    seen: set[Path | None] = set()
    for destination in chosen:
        key = destination.path.resolve() if destination.path else None
        if key in seen:
            where = destination.path or "standard output"
            raise UsageError(
                f"two formats cannot both go to {where}", hint="Give each its own place: --format json=FILE"
            )
        seen.add(key)
        if destination.path is not None:
            _writable(destination.path)
        elif sys.stdout is None:
            raise UsageError("standard output is closed", hint="Name a file for the result: -o FILE")
    return tuple(chosen)


def _one(text: str, output: str | None) -> Destination:
    kind, _, dest = text.partition("=")
    if kind not in FORMATS:
        raise UsageError(f"there is no format {kind!r}", hint=f"Formats: {', '.join(FORMATS)}")
    dest = dest or output or "-"
    return Destination(kind, None if dest == "-" else Path(dest))


def _safe(name: str) -> str:
    kept = "".join(char if char.isascii() and (char.isalnum() or char in "._-") else "-" for char in name)
    return kept.strip(".-")[:80] or "report"


def _writable(path: Path) -> None:
    if path.is_dir():
        raise UsageError(f"{path} is a folder", hint="Name a file for the result.")
    if _is_stream(path):
        return
    folder = path.parent
    if not folder.is_dir():
        raise UsageError(f"the folder {folder} does not exist", hint=f"Make it first: mkdir -p {folder}")
    if not os.access(folder, os.W_OK):
        raise UsageError(f"the folder {folder} cannot be written to")


def _is_stream(path: Path) -> bool:
    """Whether the name stands for a terminal, pipe or device, or for an open file: written into, never replaced.

    Links count only below /dev and /proc: elsewhere a stranger may have laid them, and the link itself is replaced.
    Raises UsageError for what nobody can mean: a disk, a socket.
    """
    try:
        state = path.lstat()
        if stat.S_ISLNK(state.st_mode) and path.absolute().parts[1:2] in (("dev",), ("proc",)):
            return True
    except OSError:
        return False
    if stat.S_ISBLK(state.st_mode) or stat.S_ISSOCK(state.st_mode):
        raise UsageError(f"{path} is a disk or socket", hint="Name a file for the result.")
    return stat.S_ISCHR(state.st_mode) or stat.S_ISFIFO(state.st_mode)


def write(destination: Destination, content: bytes) -> None:
    """Write a result. A file appears whole under its name, or the old one stays as it was. Raises UsageError."""
    if destination.path is not None:
        write_file(destination.path, content)
        return
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # the reader has enough; other results and the exit code are still wanted
        forget_output()
    except OSError as error:
        forget_output()
        hint = MAKE_ROOM if error.errno in FULL else None
        raise UsageError(f"standard output cannot be written: {error.strerror}", hint=hint) from None


def _write_stream(path: Path, content: bytes) -> None:
    try:
        # Without O_NONBLOCK a pipe that nobody reads would hold the command for ever.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY), "wb") as stream:
            os.set_blocking(stream.fileno(), True)
            stream.write(content)
    except OSError as error:
        reason = "nobody reads from it" if error.errno == errno.ENXIO else error.strerror
        raise UsageError(f"{path} cannot be written: {reason}") from None


def write_file(path: Path, content: bytes) -> None:
    """Replace a file in one step: temporary file beside it, flushed to disk, renamed. Raises UsageError.

    A pipe or device is written into.
    """
    if _is_stream(path):
        _write_stream(path, content)
        return
    write_together({path: content})


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Replace files that belong together: none before the new content of all is on the disk. Raises UsageError."""
    waiting: dict[Path, str] = {}
    path = None
    try:
        for path, content in contents.items():
            handle, waiting[path] = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(waiting[path], 0o644)
        for path in contents:
            os.replace(waiting[path], path)
            del waiting[path]
    except BaseException as error:
        for temporary in waiting.values():
            Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError):
            hint = "The old file, if any, is as it was"
            hint = f"{hint}. {MAKE_ROOM}" if error.errno in FULL else f"{hint}."
            raise UsageError(f"{path} cannot be written: {error.strerror}", hint=hint) from None
        raise
    for folder in {path.parent for path in contents}:
        _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
