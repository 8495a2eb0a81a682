"""`portfolio-audit corpus build`: the index of tutorials, made from folders that hold them.

Only hashes and the origins' names are written. Grams that also occur in engineered code, or with five or more owners,
are idioms and are left out.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

COMMON_OWNERS = 5
HABIT = 2
SMALLEST_FILE = 200
LIMITS = {
    **dict.fromkeys(".py .js .jsx .mjs .ts .tsx .md .mdx".split(), 1 << 20),
    ".ipynb": 64 << 20,
}
# Files that a generator writes into every project, or that hold nothing of a tutorial's own.
SCAFFOLD = frozenset("__init__.py manage.py wsgi.py asgi.py apps.py setup.py conftest.py versioneer.py".split())
# What the generators of web projects write, and the parts that everybody takes from the same collections.
SCRIPT_SCAFFOLD = frozenset(
    "reportWebVitals setupTests App.test serviceWorker serviceWorkerRegistration service-worker vite.config "
    "next.config tailwind.config postcss.config eslint.config webpack.config babel.config jest.config next-env.d "
    "vite-env.d react-app-env.d theme-provider use-toast use-mobile _document".split()
)
SCRIPTS = (".js", ".jsx", ".mjs", ".ts", ".tsx")
FENCED = {
    **dict.fromkeys(("python", "py", "python3", "ipython"), "Python"),
    **dict.fromkeys("js javascript jsx ts typescript tsx".split(), "JavaScript"),
}


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
@click.option(
    "--ordinary",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of people's projects, one folder each, whose common habits are left out. Repeatable.",
)
@click.option(
    "--since",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with a line for each origin: OWNER/NAME and the day of its first commit, YYYY-MM-DD.",
)
def build(
    folders: tuple[Path, ...],
    output: Path,
    background: tuple[Path, ...],
    ordinary: tuple[Path, ...],
    since: Path | None,
) -> None:
    """Index the Python, notebooks, JavaScript and TypeScript of FOLDERS, and such code in the Markdown there.

    Each folder is named OWNER+NAME after the repository it holds. With --since, a repository of the same name that is
    older than an origin is not compared with it.
    """
    from portfolio_audit.facts.fingerprints import Fingerprint, K, steps
    from portfolio_audit.facts.tutorial_index import encode
    from portfolio_audit.tree import blob_oid

    names = [folder.resolve().name.replace("+", "/", 1) for folder in folders]
    if bad := next((name for name in names if "/" not in name), None):
        raise click.UsageError(f"{bad!r} names no origin: call the folder OWNER+NAME")
    owners = [name.partition("/")[0].casefold() for name in names]
    grams: dict[int, dict[str, int]] = {}
    files: dict[str, tuple[int, dict[str, int]]] = {}
    taken: set[int] = set()
    days = _days(names, since)
    # What somebody's lessons share is of the first of them.
    for origin, folder in sorted(enumerate(folders), key=lambda each: days[names[each[0]]] or "9"):
        for path, content in _files(folder):
            tokens = 0
            for language, text in _texts(path, content):
                taken |= steps(text.encode("utf-8", "replace"))
                fingerprint = Fingerprint(text, language)
                tokens += len(fingerprint.codes)
                for gram in fingerprint.winnowed():
                    grams.setdefault(gram, {}).setdefault(owners[origin], origin)
            if len(content) >= SMALLEST_FILE and path.name not in SCAFFOLD and path.suffix not in (".md", ".mdx"):
                files.setdefault(blob_oid(content), (tokens, {}))[1].setdefault(owners[origin], origin)
    for folder in background:
        for path, content in _files(folder):
            files.pop(blob_oid(content), None)
            for language, text in _texts(path, content):
                taken -= steps(text.encode("utf-8", "replace"))
                for gram in Fingerprint(text, language).grams:
                    grams.pop(gram, None)
    kept = {gram: known.values() for gram, known in grams.items() if len(known) < COMMON_OWNERS}
    whole = {
        oid: dict.fromkeys(known.values(), tokens)
        for oid, (tokens, known) in files.items()
        if len(known) < COMMON_OWNERS and tokens >= K
    }
    try:
        index = encode(days, kept, whole, taken)
        if ordinary:
            habits = _habits([person for folder in ordinary for person in sorted(folder.iterdir())], index)
            kept = {gram: known for gram, known in kept.items() if gram not in habits}
            index = encode(days, kept, whole, taken)
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from None
    output.write_bytes(index)
    click.echo(f"{output}: {len(names)} origins, {len(kept)} grams, {len(whole)} files, {len(index)} bytes", err=True)


def _habits(projects: "Iterable[Path]", index: bytes) -> frozenset[int]:
    """The grams that two or more people have whose project has no file that is similar to anything of that origin."""
    from portfolio_audit.facts.copies import are_substantial, owner_of
    from portfolio_audit.facts.fingerprints import Fingerprint
    from portfolio_audit.facts.tutorial_index import Match, decode

    tutorials = decode(index)
    people: dict[int, set[str]] = {}
    for project in projects:
        person = owner_of(project.name.replace("+", "/", 1))
        followed = {person}
        found: dict[str, set[int]] = {}
        for path, content in _files(project):
            for language, text in _texts(path, content):
                fingerprint = Fingerprint(text, language)
                by_owner: dict[str, list[Match]] = {}
                for match in tutorials.matches(fingerprint.grams):
                    by_owner.setdefault(owner_of(tutorials.origins[match.origin]), []).append(match)
                for owner, matches in by_owner.items():
                    found.setdefault(owner, set()).update(match.gram for match in matches)
                    if are_substantial(matches, len(fingerprint.codes)):
                        followed.add(owner)
        for gram in (gram for owner, grams in found.items() if owner not in followed for gram in grams):
            people.setdefault(gram, set()).add(person)
    return frozenset(gram for gram, those in people.items() if len(those) >= HABIT)


def _days(names: list[str], since: Path | None) -> dict[str, str]:
    """Each origin with the day of its first commit, or "" where the file does not say."""
    lines = since.read_text("utf-8").splitlines() if since else ()
    known = {words[0]: words[1] for line in lines if len(words := line.split()) > 1}
    return {name: known.get(name, "") for name in names}


def _files(folder: Path) -> "Iterator[tuple[Path, bytes]]":
    """The files below a folder that may hold code, links left out, in order of their paths."""
    for path in sorted(folder.rglob("*")):
        limit = LIMITS.get(path.suffix)
        if path.suffix in SCRIPTS and (path.stem in SCRIPT_SCAFFOLD or path.parts[-3:-1] == ("components", "ui")):
            continue
        if limit and path.is_file() and not path.is_symlink() and path.stat().st_size <= limit:
            yield path, path.read_bytes()


def _texts(path: Path, content: bytes) -> "Iterator[tuple[str, str]]":
    """Language and text of what is to be fingerprinted; nothing for a notebook that is none or not in Python."""
    from portfolio_audit.errors import Unavailable
    from portfolio_audit.facts.notebooks import notebook
    from portfolio_audit.tree import decode

    if path.suffix in (".md", ".mdx"):
        yield from _fenced(decode(content))
    elif path.suffix != ".ipynb":
        yield "Python" if path.suffix == ".py" else "JavaScript", decode(content)
    else:
        try:
            read = notebook(path.name, content)
        except Unavailable:
            return
        if read.language == "Python":
            yield "Python", read.python()[0].decode("utf-8", "replace")


def _fenced(text: str) -> "Iterator[tuple[str, str]]":
    """The fenced code of a Markdown text, all blocks of a language in one, as a reader types them into one file."""
    blocks: dict[str, list[str]] = {}
    language = None
    inside = False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            inside = not inside
            language = FENCED.get(line.strip("`{}. \t").partition(" ")[0].lower()) if inside else None
        elif inside and language:
            blocks.setdefault(language, []).append(line)
    for language, lines in blocks.items():
        yield language, "\n".join(lines)
