"""The journal of a cohort: committed student by student, one run at a time, private."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from portfolio_audit.errors import UsageError
from portfolio_audit.journal import Before, Entry, Journal
from portfolio_audit.journal_file import NAME
from portfolio_audit.roster import Student

ADA, BOB, KIM = (Student(name, name, line=line) for line, name in enumerate(("ada", "bob", "kim"), 1))
CLASS = (ADA, BOB, KIM)
DONE = Entry("done", data_time="2026-03-01T12:00:00Z", report=b'{"score": 41.5, "categories": []}')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cohort"


def test_a_killed_run_goes_on_after_the_last_student_that_was_kept(folder: Path) -> None:
    with Journal.open(folder) as journal:
        assert not journal.begin(CLASS, roster="r", configuration="c").resumed
        journal.keep(ADA, DONE)
        journal.keep(BOB, Entry("not-found", "no such account"))
        journal.reach(KIM, "asked")
    with Journal.open(folder) as journal:
        assert journal.begin(CLASS, roster="r", configuration="c").resumed
        assert journal.waiting(CLASS) == (KIM,)
        assert journal.entry(ADA) == DONE
        assert journal.entry(BOB) == Entry("not-found", "no such account")
        assert journal.entry(KIM).state == "pending"


def test_what_is_in_the_file_survives_a_kill(folder: Path) -> None:
    """No clean end: the process that wrote is gone in the middle of a transaction."""
    program = (
        "import os, sys; from pathlib import Path; from tests.test_journal import *\n"
        "journal = Journal.open(Path(sys.argv[1])); journal.begin(CLASS, roster='r', configuration='c')\n"
        "journal.keep(ADA, DONE); journal._connection.execute('BEGIN IMMEDIATE')\n"
        "journal._connection.execute('DELETE FROM result'); os.kill(os.getpid(), 9)\n"
    )
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", program, str(folder)], cwd=root, check=False, timeout=60)
    assert done.returncode == -9
    with Journal.open(folder) as journal:
        assert journal.begin(CLASS, roster="r", configuration="c").resumed
        assert journal.waiting(CLASS) == (BOB, KIM)


def finished(folder: Path) -> None:
    with Journal.open(folder) as journal:
        journal.begin(CLASS, roster="r", configuration="c")
        for student in CLASS:
            journal.keep(student, DONE)


@pytest.mark.parametrize(
    ("given", "visible"),
    [
        ({"roster": "r", "configuration": "c"}, True),
        ({"roster": "other", "configuration": "c"}, True),
        ({"roster": "r", "configuration": "c", "fresh": True}, True),
        ({"roster": "r", "configuration": "other"}, False),
    ],
)
def test_a_new_run_asks_everybody_again(folder: Path, given: dict[str, object], visible: bool) -> None:
    finished(folder)
    with Journal.open(folder) as journal:
        run = journal.begin(CLASS, **given)  # type: ignore[arg-type]
        assert (run.number, run.resumed) == (2, False)
        assert journal.waiting(CLASS) == CLASS
        assert (journal.entry(ADA) == DONE) is visible, "what another configuration judged is not shown beside this one"


def test_a_run_over_some_begins_none(folder: Path) -> None:
    finished(folder)
    with Journal.open(folder) as journal:
        assert journal.begin(CLASS, roster="r", configuration="c", partly=True).number == 1
        journal.keep(ADA, Entry("failed", "x"))
        assert journal.waiting(CLASS) == ()
        assert journal.entry(ADA).state == "failed"


@pytest.mark.parametrize("state", ["rate-limited", "pending"])
def test_what_passes_is_no_answer(folder: Path, state: str) -> None:
    with Journal.open(folder) as journal:
        journal.begin(CLASS, roster="r", configuration="c")
        journal.keep(ADA, Entry(state, "x"))  # type: ignore[arg-type]
        journal.keep(BOB, Entry("failed", "no route"))
        assert journal.waiting(CLASS) == (ADA, KIM)
        journal.reopen([BOB])
        assert journal.waiting(CLASS) == CLASS
        assert journal.entry(BOB).state == "failed"


def test_whoever_left_the_roster_is_forgotten(folder: Path) -> None:
    finished(folder)
    with Journal.open(folder) as journal:
        journal.begin((ADA, BOB), roster="r2", configuration="c")
        assert journal.entry(KIM).state == "pending"
    assert b"kim" not in (folder / NAME).read_bytes()


def test_a_second_run_on_the_folder_is_refused(folder: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from portfolio_audit.journal import Journal\n"
        "try: Journal.open(Path(sys.argv[1]))\nexcept Exception as error: print(error)\n"
    )
    with Journal.open(folder), pytest.raises(UsageError, match="another run is at work"):
        Journal.open(folder)
    with Journal.open(folder) as journal:
        journal.begin(CLASS, roster="r", configuration="c")
        other = subprocess.run(
            [sys.executable, "-c", program, str(folder)], capture_output=True, text=True, timeout=60, check=True
        )
        assert "another run is at work" in other.stdout
        journal.keep(ADA, DONE)
    Journal.open(folder).__exit__(None, None, None)


def test_the_file_and_its_folder_are_private(folder: Path) -> None:
    finished(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / NAME).stat().st_mode) == 0o600


def test_a_folder_of_other_things_is_left_alone(folder: Path) -> None:
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine")
    with pytest.raises(UsageError, match="holds other files"):
        Journal.open(folder)
    assert [file.name for file in folder.iterdir()] == ["thesis.txt"]


def test_a_folder_that_everybody_may_write_is_refused(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(UsageError, match="not yours alone"):
        Journal.open(folder)
    assert list(folder.iterdir()) == []


def test_a_file_of_another_program_is_left_alone(folder: Path) -> None:
    folder.mkdir()
    other = sqlite3.connect(folder / NAME)
    other.execute("CREATE TABLE marks (x)")
    other.close()
    with pytest.raises(UsageError, match="another program"):
        Journal.open(folder)
    (folder / NAME).write_bytes(b"a diary\n" * 1000)
    with pytest.raises(UsageError, match="cannot be used"):
        Journal.open(folder)
    assert (folder / NAME).read_bytes() == b"a diary\n" * 1000


def test_a_file_of_another_version_is_left_alone(folder: Path) -> None:
    finished(folder)
    other = sqlite3.connect(folder / NAME)
    other.execute("PRAGMA user_version = 99")
    other.close()
    with pytest.raises(UsageError, match="another version"):
        Journal.open(folder)


def test_the_score_of_the_run_before_stays_through_a_run(folder: Path) -> None:
    low, high = (Entry("done", None, day, b'{"score_range": [%d, 50]}' % low) for day, low in (("1", 10), ("2", 20)))
    with Journal.open(folder) as journal:
        journal.begin((ADA,), roster="r", configuration="c")
        journal.keep(ADA, low)
        assert journal.entry(ADA).before is None
        journal.begin((ADA,), roster="r", configuration="c")
        for entry in (Entry("rate-limited", "x", low.data_time, low.report), high, high):
            journal.keep(ADA, entry)
            assert journal.entry(ADA).before == Before("1", (10, 50))
        journal.begin((ADA,), roster="r", configuration="other")
        journal.keep(ADA, high)
        assert journal.entry(ADA).before is None, "another rubric's score is no score to compare with"


def test_a_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    folder.mkdir()
    (tmp_path / "theirs").write_bytes(b"")
    os.symlink(tmp_path / "theirs", folder / NAME)
    with pytest.raises(UsageError):
        Journal.open(folder)
    assert (tmp_path / "theirs").read_bytes() == b""


def test_the_views_can_be_read_with_sql(folder: Path) -> None:
    finished(folder)
    rows = sqlite3.connect(folder / NAME).execute("SELECT login, state, score FROM students").fetchall()
    assert rows == [("ada", "done", 41.5), ("bob", "done", 41.5), ("kim", "done", 41.5)]
    assert sqlite3.connect(folder / NAME).execute("SELECT * FROM criteria").fetchall() == []


def test_a_full_disk_is_told_and_what_was_kept_before_is_there(folder: Path) -> None:
    with Journal.open(folder) as journal:
        journal.begin(CLASS, roster="r", configuration="c")
        journal.keep(ADA, DONE)
        pages = journal._connection.execute("PRAGMA page_count").fetchone()[0]
        journal._connection.execute(f"PRAGMA max_page_count = {pages + 1}")
        with pytest.raises(UsageError, match="No space left") as told:
            journal.keep(BOB, Entry("done", report=b'{"text": "' + b"x" * 100_000 + b'"}'))
    assert "Make room" in (told.value.hint or "")
    with Journal.open(folder) as journal:
        assert journal.begin(CLASS, roster="r", configuration="c").resumed
        assert journal.waiting(CLASS) == (BOB, KIM)
        assert journal.entry(ADA) == DONE
