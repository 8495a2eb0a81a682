"""Tables of students: which separator, which column holds what, and the rows with the lines they begin on."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from portfolio_audit.roster_login import is_marked

SEPARATORS = ",;\t|"
SAMPLE = 4096
"""Characters that the sniffer sees; it is slow on long odd ones."""
_HOW = "; name it with --login-column"
_OWN = ("github_username", "github_login", "github_user", "github_handle", "github_account", "github_profile",
        "github_url", "github_name", "github")  # fmt: skip
_GENERAL = ("username", "login", "handle", "user_name", "account")
_NAMES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "login": (_OWN, _GENERAL),
    "identifier": (("identifier",), ("student_id", "id_number", "matriculation_number", "sis_user_id"), ("id",)),
    "name": (("name",), ("full_name", "student_name", "display_name"), ("student",)),
    "group": (("section", "group", "team"), ("class", "course", "cohort")),
    "role": (("role",),),
    "number": (("github_id",),),
    "first": (("first_name", "given_name", "firstname"),),
    "last": (("last_name", "family_name", "surname", "lastname"),),
}


class Unclear(Exception):
    """The table cannot be read without being told more."""


class Columns(NamedTuple):
    """Names of columns that the caller chose; None is guessed."""

    login: str | None = None
    identifier: str | None = None
    name: str | None = None
    group: str | None = None


GUESSED = Columns()


class Row(NamedTuple):
    """The cells of one row and the line on which it begins."""

    line: int
    cells: tuple[str, ...]


class Table(NamedTuple):
    """Rows, and the place of each column that is known, by what it holds."""

    rows: tuple[Row, ...]
    places: Mapping[str, int]


def separator(text: str) -> str | None:
    """What separates the columns; None for one column. A heading that we know decides, else the usual sniffer."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if not lines:
        return None
    for each in SEPARATORS:
        heading = next(csv.reader([lines[0][:SAMPLE]], delimiter=each))
        if len(heading) > 1 and not {plain_name(cell) for cell in heading}.isdisjoint((*_OWN, *_GENERAL)):
            return each
    try:
        found = csv.Sniffer().sniff("\n".join(lines)[:SAMPLE], delimiters=SEPARATORS).delimiter
    except csv.Error:
        return None
    return found if found in lines[0] else None


def is_heading(text: str) -> bool:
    """Whether a single word is the heading of a column of logins."""
    return plain_name(text) in (*_OWN, *_GENERAL)


def rows(text: str, by: str) -> Iterator[Row]:
    """The rows that hold anything. Raises Unclear for text that is no table, with the line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=by)
    line = 1
    try:
        for cells in reader:
            rest = "".join(cells[1:]).strip()
            comment = bool(cells) and cells[0].lstrip().startswith("#") and not rest
            if "".join(cells).strip() and not comment:
                yield Row(line, tuple(cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise Unclear(f"line {line}: {error}") from None


def table(text: str, by: str, chosen: Columns) -> Table:
    """The table under its heading. Raises Unclear where the heading does not say enough."""
    found = tuple(rows(text, by))
    if not found:
        return Table((), {})
    heading, body = found[0], found[1:]
    names = [plain_name(cell) for cell in heading.cells]
    places: dict[str, int] = {}
    for what, ranks in _NAMES.items():
        asked = getattr(chosen, what, None)
        place = _chosen(asked, heading) if asked else _guessed(what, ranks, names, heading)
        if place is not None:
            places[what] = place
    if "login" not in places:
        places["login"] = _by_content(heading, body)
        if is_marked(heading.cells[places["login"]] if places["login"] < len(heading.cells) else ""):
            body = found
    return Table(body, places)


def plain_name(heading: str) -> str:
    """A heading in small letters with underscores."""
    return re.sub(r"[^a-z0-9]+", "_", heading.casefold()[:100]).strip("_")


def _chosen(asked: str, heading: Row) -> int:
    matches = [at for at, cell in enumerate(heading.cells) if cell == asked]
    matches = matches or [at for at, cell in enumerate(heading.cells) if plain_name(cell) == plain_name(asked)]
    if len(matches) == 1:
        return matches[0]
    fault = f"{len(matches)} columns are called" if matches else "there is no column"
    raise Unclear(f"line {heading.line}: {fault} {asked!r}; columns: {_listed(heading.cells)}")


def _guessed(what: str, ranks: Iterable[tuple[str, ...]], names: Sequence[str], heading: Row) -> int | None:
    for rank in ranks:
        matches = [at for at, name in enumerate(names) if name in rank]
        if what == "login" and len(matches) > 1:
            candidates = _listed([heading.cells[at] for at in matches])
            raise Unclear(f"line {heading.line}: more than one column may hold the logins: {candidates}{_HOW}")
        if matches:
            return matches[0]
    return None


def _by_content(heading: Row, body: Sequence[Row]) -> int:
    """The one column in which everything is an @name or an address at GitHub."""
    width = max(len(row.cells) for row in (heading, *body))
    filled = [
        [row.cells[at] for row in body or (heading,) if at < len(row.cells) and row.cells[at]] for at in range(width)
    ]
    found = [at for at, cells in enumerate(filled) if cells and all(map(is_marked, cells))]
    if len(found) != 1:
        raise Unclear(
            f"line {heading.line}: no column is known to hold logins; columns: {_listed(heading.cells)}{_HOW}"
        )
    return found[0]


def _listed(cells: Iterable[str]) -> str:
    return ", ".join(cell[:40] or "(empty)" for cell in list(cells)[:20])
