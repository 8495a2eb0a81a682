"""What the pages of students are called: after the roster, safe on every file system, never two alike."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from portfolio_audit.roster import Student

_RESERVED = frozenset(("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))))
"""Names that one system keeps for devices, whatever their ending."""
LONGEST = 80


def file_names(students: Sequence[Student], by: Literal["login", "name", "id"]) -> dict[str, str]:
    """The name of each student's page, without ending, by the student's key; only those who have a login get one.

    Where two would be called alike (large and small letters are alike), each of them also carries the login, which
    is unique; if two are alike even then, all are called after their logins. So a name never depends on the order of
    the roster.
    """
    linked = [student for student in students if student.login is not None]
    wanted = {student.key: _wanted(student, by) for student in linked}
    amounts = Counter(name.casefold() for name in wanted.values())
    names = {key: name if amounts[name.casefold()] == 1 else f"{name}-{key}" for key, name in wanted.items()}
    if len({name.casefold() for name in names.values()}) < len(names):
        return {student.key: _allowed(student.key) for student in linked}
    return names


def safe(text: str) -> str:
    """The text in letters, digits and `._-` of ASCII, without a leading dot, at most `LONGEST` of them."""
    plainer = unicodedata.normalize("NFKD", text)
    kept = "".join(char if char.isascii() and (char.isalnum() or char in "._-") else "-" for char in _bare(plainer))
    return _allowed("-".join(filter(None, kept.split("-"))).strip(".-")[:LONGEST].strip(".-"))


def _bare(text: str) -> str:
    return "".join(char for char in text if not unicodedata.combining(char))


def _wanted(student: Student, by: str) -> str:
    """What the page is called if nobody else's is: a login as it is, since its signs are safe."""
    chosen = {"login": None, "name": student.name, "id": student.identifier}[by]
    return (safe(chosen) if chosen else "") or _allowed(student.login or "")


def _allowed(name: str) -> str:
    """A name kept for a device gets a sign in front with which no login begins."""
    return f"_{name}" if name.partition(".")[0].casefold() in _RESERVED else name
