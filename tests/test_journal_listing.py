"""People who come from a list that changes by itself: a run keeps to the list with which it began."""

import sqlite3
from pathlib import Path

import pytest

from portfolio_audit.journal import Entry, Journal
from portfolio_audit.journal_file import NAME
from portfolio_audit.roster import Student

ADA, BOB, KIM = (
    Student(name, name, name=name.title(), group="bees", role="member", number=number)
    for number, name in enumerate(("ada", "bob", "kim"), 1)
)
CLASS = (ADA, BOB, KIM)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A journal whose run is stopped after the first of three members."""
    place = tmp_path / "cohort"
    with Journal.open(place) as journal:
        assert journal.listed("here", "c") is None
        journal.begin(CLASS, roster="r", configuration="c", origin="here")
        journal.keep(ADA, Entry("done"))
    return place


def test_a_stopped_run_still_knows_everybody_with_all_that_was_listed(folder: Path) -> None:
    with Journal.open(folder) as journal:
        assert journal.listed("here", "c") == CLASS
        run = journal.begin(CLASS, roster="r", configuration="c", origin="here")
        assert (run.number, run.resumed) == (1, True)
        assert journal.waiting(CLASS) == (BOB, KIM)
        assert journal.listed("here", "c") == CLASS


@pytest.mark.parametrize(("origin", "configuration"), [("there", "c"), ("here", "other")])
def test_another_list_or_other_rules_begin_with_a_new_one(folder: Path, origin: str, configuration: str) -> None:
    with Journal.open(folder) as journal:
        assert journal.listed(origin, configuration) is None


def test_a_finished_run_lists_anew(folder: Path) -> None:
    with Journal.open(folder) as journal:
        journal.begin(CLASS, roster="r", configuration="c", origin="here")
        for student in (BOB, KIM):
            journal.keep(student, Entry("empty"))
        assert journal.listed("here", "c") is None


def test_a_list_that_changed_during_a_run_over_some_is_not_taken_for_the_runs(folder: Path) -> None:
    with Journal.open(folder) as journal:
        journal.begin(CLASS[:2], roster="r2", configuration="c", origin="here", partly=True)
        assert journal.listed("here", "c") is None


def test_who_is_gone_is_whoever_something_is_kept_about(folder: Path) -> None:
    with Journal.open(folder) as journal:
        assert journal.gone(CLASS) == ()
        assert journal.gone((BOB,)) == ("ada",), "of Kim nothing is kept yet"


def test_the_list_goes_with_the_run_that_began_with_it(folder: Path) -> None:
    with Journal.open(folder) as journal:
        journal.begin((ADA,), roster="r2", configuration="c")
        assert journal.listed("here", "c") is None
    assert b"Kim" not in (folder / NAME).read_bytes()


def test_a_folder_of_an_earlier_build_gets_the_table(folder: Path) -> None:
    earlier = sqlite3.connect(folder / NAME)
    earlier.execute("DROP TABLE listing")
    earlier.close()
    with Journal.open(folder) as journal:
        assert journal.listed("here", "c") is None
        assert journal.begin(CLASS, roster="r", configuration="c").resumed
