"""The run of a cohort: student after student over one connection, each kept before the next is begun.

Students come one after the other because each already uses every reading process; one who cannot be audited is a
state and a reason, and the run goes on. Only what concerns everybody ends it: the rate, the token, a dead network.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple, Self

import msgspec

from portfolio_audit import __version__, rubric
from portfolio_audit.cli.audit import gather
from portfolio_audit.cli.cohort_files import write_page
from portfolio_audit.cli.gather import Kinds
from portfolio_audit.cli.judge import judge, kinds_of
from portfolio_audit.cli.options import cache_folder
from portfolio_audit.cli.progress import Progress
from portfolio_audit.cli.service import Connection, connect
from portfolio_audit.discovery import Discovered, discover
from portfolio_audit.errors import (
    FULL,
    AuthenticationError,
    InternalFault,
    Interrupted,
    NetworkFailure,
    NotFound,
    PortfolioAuditError,
    RateLimited,
)
from portfolio_audit.journal import Entry, Journal
from portfolio_audit.journal_file import JournalUnusable
from portfolio_audit.report import model
from portfolio_audit.report.model import LimitEntry, Report
from portfolio_audit.report.plain import plain, short
from portfolio_audit.roster import Student
from portfolio_audit.rubric import Rubric
from portfolio_audit.snapshot import Snapshot
from portfolio_audit.store import Store, fact_version
from portfolio_audit.workers import Workers

IN_A_ROW = 3
"""Students in a row whom the network failed, after which it is the network and not the students."""
SURE_AFTER = 3
"""Students after which the time that is left is told."""
_LONGEST_REASON = 300


class Line(NamedTuple):
    """The connection over which everybody is asked, and the store of what was read before."""

    source: Connection
    store: Store


@contextmanager
def line(options: dict[str, Any], progress: Progress, *, needs_token: bool) -> Iterator[Line]:
    """One line for the whole command, since the token may come from a stream that is read once."""
    with (
        Store.open_if_usable(cache_folder(options["cache_dir"])) as store,
        connect(options, store, progress.tell, needs_token=needs_token) as source,
    ):
        yield Line(source, store)


class Bench(NamedTuple):
    """What all students are judged with."""

    discovered: Discovered
    rules: Rubric
    kinds: Kinds
    rubric_file: str | None

    @classmethod
    def of(cls, options: dict[str, Any]) -> Self:
        """The checks and the rubric of these options. Raises ConfigError for a rubric that is refused."""
        discovered = discover()
        file = options["rubric"]
        rules = rubric.load(Path(file) if file else None, known={each.check.id for each in discovered.checks})
        return cls(discovered, rules, kinds_of(discovered), file)

    def audit(
        self,
        students: Sequence[Student],
        journal: Journal,
        folder: Path,
        files: Mapping[str, str],
        line: Line,
        options: dict[str, Any],
        progress: Progress,
    ) -> PortfolioAuditError | None:
        """Audit these students over an open line; returns what ended the run before its end, or None."""
        linked = [student for student in students if student.login is not None]
        for student in students:
            if student.login is None:
                journal.keep(student, Entry("unlinked", "the roster names no GitHub login"))
        if not linked:
            return None
        with Workers() as workers:
            walk = _Walk(self, journal, folder, files, options, progress, line.source, line.store, workers)
            stopped = walk.over(linked)
        if options["verbose"]:
            progress.tell(line.source.tally())
        return stopped


class _Walk(NamedTuple):
    """One pass over students with everything that is open meanwhile."""

    bench: Bench
    journal: Journal
    folder: Path
    files: Mapping[str, str]
    options: dict[str, Any]
    progress: Progress
    source: Connection
    store: Store
    workers: Workers

    def over(self, students: Sequence[Student]) -> PortfolioAuditError | None:
        failed: list[Student] = []
        begun = monotonic()
        for place, student in enumerate(students, 1):
            left = time_left(monotonic() - begun, done=place - 1, waiting=len(students) - place + 1)
            self.progress.tell(f"{place} of {len(students)}: {student.login}{left}")
            try:
                entry, report = self.student(student)
            except NetworkFailure as failure:
                entry, report = self.failure(student, str(failure)), None
                failed.append(student)
                if len(failed) == IN_A_ROW:
                    self.journal.keep(student, entry)
                    self.journal.reopen(failed)
                    return failure
            except (AuthenticationError, Interrupted) as stop:
                if isinstance(stop, RateLimited):
                    before = self.journal.entry(student)
                    limited = msgspec.structs.replace(before, state="rate-limited", reason=_short(str(stop)))
                    self.journal.keep(student, limited)
                return stop
            else:
                failed.clear()
            if report is not None:  # before the answer is kept, so that whoever is done has a page
                write_page(self.folder, student, report, self.journal, self.files)
            self.journal.keep(student, entry)
            if entry.state != "done":
                self.progress.tell(f"  {student.login}: {entry.state}" + (f", {entry.reason}" if entry.reason else ""))
        return None

    def student(self, student: Student) -> tuple[Entry, Report | None]:
        """What comes out for one student. Raises what concerns everybody, and NetworkFailure."""
        try:
            return self.asked(student)
        except (AuthenticationError, Interrupted, JournalUnusable):
            raise
        except Exception as fault:
            if isinstance(fault, OSError) and fault.errno in FULL:
                raise
            known = isinstance(fault, PortfolioAuditError) and not isinstance(fault, InternalFault)
            why = str(fault) if known else f"an internal fault ({type(fault).__name__}: {fault})"
            return self.failure(student, why), None

    def asked(self, student: Student) -> tuple[Entry, Report | None]:
        self.journal.reach(student, "asked")
        try:
            snapshot = self.source.snapshot(student.login or "")
        except NotFound as missing:
            return self.moved(student, str(missing), missing.renamed_to), None
        if student.number is not None and snapshot.owner.database_id not in (None, student.number):
            return self.moved(student, "the login belongs to another account than the roster's"), None
        return self.judged(student, snapshot)

    def judged(self, student: Student, snapshot: Snapshot) -> tuple[Entry, Report]:
        with Progress(quiet=self.options["quiet"]) as progress:
            probe = self.options["probe"]
            gathered = gather(snapshot, self.source, self.bench.kinds, self.store, progress, self.workers, probe=probe)
        self.journal.reach(student, "read")
        report = judge(gathered, rubric_file=self.bench.rubric_file, discovered=self.bench.discovered)
        return Entry(*_state(report, gathered.snapshot), report.data_time, model.encode(report)), report

    def moved(self, student: Student, why: str, login: str | None = None) -> Entry:
        """For an account that is not under its login: renamed, if the service knows its number, else not found."""
        if login is None and student.number is not None:
            login = self.source.login_of(student.number)
        if login is None:
            return Entry("not-found", _short(why))
        return Entry("renamed", _short(f"{why.partition(';')[0]}; the roster's account is now {login}"))

    def failure(self, student: Student, why: str) -> Entry:
        """A failed student keeps what an earlier run found."""
        before = self.journal.entry(student)
        return Entry("failed", _short(why), before.data_time, before.report)


def time_left(seconds: float, *, done: int, waiting: int) -> str:
    """In words how long the rest takes, if it goes on as before; nothing where that is no minute or a guess."""
    minutes = seconds / done * waiting / 60 if done >= SURE_AFTER else 0.0
    return f" (about {minutes:.0f} min left)" if minutes >= 1 else ""


def fingerprint(students: Sequence[Student]) -> str:
    """A digest of the people on a roster, whatever lines they stand on."""
    people = [msgspec.structs.replace(student, line=0) for student in students]
    return hashlib.sha256(msgspec.json.encode(people)).hexdigest()


def configuration(bench: Bench, options: dict[str, Any]) -> str:
    """A digest of everything by which students are judged; reports of two of them are not compared."""
    checks = sorted(each.check.id for each in bench.discovered.checks)
    facts = sorted(f"{kind.key()} {fact_version(kind)}" for kind in bench.kinds)
    parts = [__version__, bench.rules.hash, *checks, *facts, str(options["probe"]), options["api_url"] or ""]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _state(report: Report, snapshot: Snapshot) -> tuple[Any, str | None]:
    if report.limits:
        return "partial", unread(report.limits)
    if all(record.empty for record in snapshot.repositories):
        return "empty", "no public repository that holds anything"
    return "done", None


def unread(limits: Sequence[LimitEntry]) -> str:
    """What could not be read, by the first of it. The place and the reason both name a file: once is enough."""
    first, more = limits[0], len(limits) - 1
    reason = first.detail.removeprefix(f"{first.where.partition(':')[2]}: ")
    return _short(f"{first.where}: {reason}") + (f" (and {more} more)" if more else "")


def _short(why: str) -> str:
    return short(plain(why), _LONGEST_REASON)
