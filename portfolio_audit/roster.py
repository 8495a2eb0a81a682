"""Who is audited together: a roster from the bytes of a file, judged whole before anybody is asked about anyone.

Read are tables (the CSV of Classroom 50 and of the old GitHub Classroom, or any with a heading) and plain lists. No
column is needed but the logins; addresses of mail are not read. A roster with a fault is refused as a whole, with
every fault and its line, since half a class would be taken for the class.
"""

import io
from collections.abc import Iterator, Sequence

from portfolio_audit.errors import UsageError
from portfolio_audit.roster_cells import Remark, decoded, fault, runs, turns
from portfolio_audit.roster_csv import GUESSED, Columns, Row, Table, Unclear, is_heading, separator, table
from portfolio_audit.roster_login import login_of, near
from portfolio_audit.snapshot import Value

MOST_STUDENTS = 5000
_MOST_NEAR = 20
_WORDS = {"identifier": "identifier", "name": "name", "group": "group", "role": "role"}


class Student(Value, frozen=True):
    """One line of a roster. `login` is None for somebody who never named an account; `number` is the account's id.

    `key` is what the student is known by within a cohort: the login in small letters, else the roster's identifier.
    """

    key: str
    login: str | None
    name: str | None = None
    identifier: str | None = None
    group: str | None = None
    role: str | None = None
    number: int | None = None
    line: int = 0


class Roster(Value, frozen=True):
    """The students in the roster's order, what its reader should look at, and who is on it and not audited."""

    students: tuple[Student, ...]
    warnings: tuple[str, ...] = ()
    left_out: tuple[Student, ...] = ()


class RosterRefused(UsageError):
    """The roster has faults; `problems` are sentences, each with its line."""

    def __init__(self, problems: Sequence[str]) -> None:
        amount = "one fault" if len(problems) == 1 else f"{len(problems)} faults"
        super().__init__(f"the roster has {amount}; nobody was audited", hint="Mend the lines above and run it again.")
        self.problems = tuple(problems)


def read(content: bytes, columns: Columns = GUESSED) -> Roster:
    """The roster in these bytes. Raises RosterRefused with every problem that was found."""
    reading = _Reading()
    try:
        text, guessed = decoded(content)
    except ValueError as error:
        raise RosterRefused([str(error)]) from None
    if guessed:
        reading.warnings.append(guessed)
    try:
        for student in reading.students(text, columns):
            reading.add(student)
    except Unclear as unclear:
        raise RosterRefused([str(unclear)]) from None
    return reading.finished()


class _Reading:
    """A roster being read: students so far, and what was found about the lines."""

    def __init__(self) -> None:
        self.found: list[Student] = []
        self.warnings: list[Remark] = []
        self.problems: list[Remark] = []
        self._lines: dict[str, int] = {}
        self._numbers: dict[int, int] = {}

    def students(self, text: str, columns: Columns) -> Iterator[Student]:
        by = separator(text)
        if by is None and columns == GUESSED:
            yield from self._list(text)
        else:
            made = table(text, by or ",", columns)
            for row in made.rows:
                yield from self._row(row, made)

    def add(self, student: Student) -> None:
        before = self._lines.setdefault(student.key, student.line)
        if before != student.line:
            self.problems.append(Remark(student.line, f"{student.login or student.key} is on line {before} already"))
            return
        if student.number is not None:
            before = self._numbers.setdefault(student.number, student.line)
            if before != student.line:
                self.problems.append(
                    Remark(student.line, f"the account number {student.number} is on line {before} already")
                )
        self.found.append(student)

    def finished(self) -> Roster:
        if not self.found and not self.problems:
            self.problems.append(Remark(0, "the roster names nobody"))
        if len(self.found) > MOST_STUDENTS:
            self.problems.append(Remark(0, f"the roster names {len(self.found):,} people; {MOST_STUDENTS:,} at most"))
        if self.problems:
            raise RosterRefused([str(problem) for problem in sorted(self.problems)])
        self._compare()
        return Roster(tuple(self.found), tuple(str(warning) for warning in sorted(self.warnings)))

    def _list(self, text: str) -> Iterator[Student]:
        first = True
        for line, whole in enumerate(io.StringIO(text, newline=None), 1):
            entry = whole.partition(" #")[0].strip().lstrip("\ufeff")
            if not entry or entry.startswith("#"):
                continue
            if first and is_heading(entry):
                self.warnings.append(Remark(line, f"{entry!r} is taken for a heading, not for a login"))
            elif (login := self._login(entry, line)) is not None:
                yield Student(login.casefold(), login, line=line)
            first = False

    def _row(self, row: Row, made: Table) -> Iterator[Student]:
        cells = {what: row.cells[at] if at < len(row.cells) else "" for what, at in made.places.items()}
        cells = {what: cell if what == "identifier" and cell.strip() else cell.strip() for what, cell in cells.items()}
        if "name" not in cells and ("first" in cells or "last" in cells):
            cells["name"] = f"{cells.get('first', '')} {cells.get('last', '')}".strip()
        sound = [self._sound(what, cells.get(what, ""), row.line) for what in _WORDS]
        number = self._number(cells.get("number", ""), row.line)
        kept = {what: cells.get(what) or None for what in _WORDS}
        if cells["login"]:
            login = self._login(cells["login"], row.line)
            key = login.casefold() if login else ""
        else:
            login, key = None, f"#{kept['identifier'] or kept['name'] or f'line {row.line}'}"
            self.warnings.append(Remark(row.line, "no login is given; this student cannot be audited"))
        if all(sound) and key:
            yield Student(key, login, number=number, line=row.line, **kept)

    def _login(self, text: str, line: int) -> str | None:
        login = login_of(text)
        if login is None:
            shown = text if len(text) <= 60 else f"{text[:60]}…"
            self.problems.append(Remark(line, f"{shown!r} is no GitHub login"))
        return login

    def _number(self, text: str, line: int) -> int | None:
        if not text:
            return None
        if text.isascii() and text.isdigit() and len(text) <= 15:
            return int(text)
        self.warnings.append(Remark(line, "the account's number is no number, and is not used"))
        return None

    def _sound(self, what: str, text: str, line: int) -> bool:
        """Whether a cell can be taken. An identifier must come out as it went in, so one that would run is refused."""
        why = fault(text)
        if why is None and what == "identifier" and runs(text):
            why = "begins like a formula, which a spreadsheet would run; it could not be written back unchanged"
        if why is not None:
            self.problems.append(Remark(line, f"the {_WORDS[what]} {why}"))
            return False
        if runs(text):
            self.warnings.append(Remark(line, f"the {_WORDS[what]} begins like a formula; tables get it as text"))
        if turns(text):
            self.warnings.append(Remark(line, f"the {_WORDS[what]} turns the direction of text; pages show that"))
        return True

    def _compare(self) -> None:
        linked = [student for student in self.found if student.login is not None]
        pairs = list(near([student.login or "" for student in linked]))
        for one, other in pairs[:_MOST_NEAR]:
            self.warnings.append(
                Remark(
                    linked[other].line,
                    f"{linked[other].login} is much like {linked[one].login} on line {linked[one].line}",
                )
            )
        if len(pairs) > _MOST_NEAR:
            self.warnings.append(Remark(0, f"{len(pairs) - _MOST_NEAR} more pairs of logins are much alike"))
