"""`portfolio-audit corpus build`: the index of tutorials, made from folders that hold them.

Only hashes and the origins' names are written. Grams that also occur in engineered code, or with three or more owners,
are idioms and are left out.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMON_OWNERS = 3
SMALLEST_FILE = 200
LARGEST_CODE = 1 << 20
LARGEST_NOTEBOOK = 64 << 20
# Files that a generator writes into every project, or that hold nothing of a tutorial's own.
SCAFFOLD = frozenset("__init__.py manage.py wsgi.py asgi.py apps.py setup.py conftest.py versioneer.py".split())


@click.group()
def command() -> None:
    """Build the index of tutorials that copies are looked up in."""


@command.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The index file.")
@click.option(
    "--background",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of engineered code whose grams are left out. Repeatable.",
)
def build(folders: tuple[Path, ...], output: Path, background: tuple[Path, ...]) -> None:
    """Index the Python files and notebooks of FOLDERS, each named OWNER+NAME after the repository it holds."""
    from portfolio_audit.facts.fingerprints import Fingerprint
    from portfolio_audit.facts.tutorial_index import encode
    from portfolio_audit.tree import blob_oid

    names = [folder.resolve().name.replace("+", "/", 1) for folder in folders]
    if bad := next((name for name in names if "/" not in name), None):
        raise click.UsageError(f"{bad!r} names no origin: call the folder OWNER+NAME")
    owners = [name.partition("/")[0].casefold() for name in names]
    grams: dict[int, dict[str, int]] = {}
    files: dict[str, dict[str, int]] = {}
    for origin, folder in enumerate(folders):
        for path, content in _files(folder):
            if len(content) >= SMALLEST_FILE and path.name not in SCAFFOLD:
                files.setdefault(blob_oid(content), {}).setdefault(owners[origin], origin)
            for gram in Fingerprint(_source(path, content)).winnowed():
                grams.setdefault(gram, {}).setdefault(owners[origin], origin)
    for folder in background:
        for path, content in _files(folder):
            files.pop(blob_oid(content), None)
            for gram in Fingerprint(_source(path, content)).grams:
                grams.pop(gram, None)
    kept = {gram: known.values() for gram, known in grams.items() if len(known) < COMMON_OWNERS}
    whole = {oid: known.values() for oid, known in files.items() if len(known) < COMMON_OWNERS}
    try:
        index = encode(names, kept, whole)
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from None
    output.write_bytes(index)
    click.echo(f"{output}: {len(names)} origins, {len(kept)} grams, {len(whole)} files, {len(index)} bytes", err=True)


def _files(folder: Path) -> "Iterator[tuple[Path, bytes]]":
    """The Python files and notebooks below a folder, links left out, in order of their paths."""
    limits = {".py": LARGEST_CODE, ".ipynb": LARGEST_NOTEBOOK}
    for path in sorted(folder.rglob("*")):
        limit = limits.get(path.suffix)
        if limit and path.is_file() and not path.is_symlink() and path.stat().st_size <= limit:
            yield path, path.read_bytes()


def _source(path: Path, content: bytes) -> str:
    """The text to be fingerprinted; nothing for a notebook that is none or not in Python."""
    from portfolio_audit.errors import Unavailable
    from portfolio_audit.facts.notebooks import notebook
    from portfolio_audit.tree import decode

    if path.suffix == ".py":
        return decode(content)
    try:
        read = notebook(path.name, content)
    except Unavailable:
        return ""
    return read.python()[0].decode("utf-8", "replace") if read.language == "Python" else ""
