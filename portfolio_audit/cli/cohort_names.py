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
    is unique; so a name never depends on the order of the roster.
    """
    linked = [student for student in students if student.login is not None]
    wanted = {student.key: safe(_words(student, by) or student.key) for student in linked}
    amounts = Counter(name.casefold() for name in wanted.values())
    shared = {key for key, name in wanted.items() if amounts[name.casefold()] > 1}
    # A name made longer may meet one that was unique before.
    longer = {key: f"{wanted[key]}-{key}" for key in shared}
    taken = Counter([*(longer.get(key, name).casefold() for key, name in wanted.items())])
    return {
        key: key if taken[longer.get(key, name).casefold()] > 1 else longer.get(key, name)
        for key, name in wanted.items()
    }


def safe(text: str) -> str:
    """The text in letters, digits and `._-` of ASCII, without a leading dot, at most `LONGEST` of them."""
    plainer = unicodedata.normalize("NFKD", text)
    kept = "".join(char if char.isascii() and (char.isalnum() or char in "._-") else "-" for char in _bare(plainer))
    kept = "-".join(filter(None, kept.split("-"))).strip(".-")[:LONGEST].strip(".-")
    return f"{kept}-" if kept.partition(".")[0].casefold() in _RESERVED else kept


def _bare(text: str) -> str:
    return "".join(char for char in text if not unicodedata.combining(char))


def _words(student: Student, by: str) -> str | None:
    chosen = {"login": student.login, "name": student.name, "id": student.identifier}[by]
    return chosen if chosen and safe(chosen) else None
