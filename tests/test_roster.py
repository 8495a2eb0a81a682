"""Rosters: every format is read, and every fault is named with its line before anybody is asked about anyone."""

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_audit.roster import Roster, RosterRefused, Student, read
from portfolio_audit.roster_csv import GUESSED, Columns

SAMPLES = Path(__file__).parent / "roster"


def sample(name: str, columns: Columns = GUESSED) -> Roster:
    return read((SAMPLES / name).read_bytes(), columns)


def logins(roster: Roster) -> list[str | None]:
    return [student.login for student in roster.students]


def problems(content: bytes | str, columns: Columns = GUESSED) -> tuple[str, ...]:
    with pytest.raises(RosterRefused) as refused:
        read(content.encode() if isinstance(content, str) else content, columns)
    return refused.value.problems


def test_the_roster_of_classroom_50_with_columns_nobody_knows() -> None:
    roster = sample("classroom50.csv")
    assert roster.students == (
        Student("ada-invented", "ada-invented", "Ada Invented", None, "Morning", "student", 101, 2),
        Student("noor-invented", "Noor-Invented", "Noor Invented, the second", None, "Evening", "student", 102, 3),
        Student("kim-invented", "kim-invented", "Kim", None, "Morning", "student", 103, 4),
    )
    assert roster.warnings == ()


def test_the_old_export_keeps_whoever_was_never_linked() -> None:
    roster = sample("old_classroom.csv")
    assert logins(roster) == ["ada-invented", None, "kim-invented"]
    assert [student.identifier for student in roster.students] == ["2026-001", "2026-002", "2026-003"]
    assert [student.key for student in roster.students] == ["ada-invented", "#2026-002", "kim-invented"]
    assert roster.warnings == ("line 3: no login is given; this student cannot be audited",)


def test_any_table_is_read_by_the_columns_one_names() -> None:
    roster = sample("own.csv", Columns("konto", "Matrikel", "Vor- und Nachname", "Kurs"))
    assert roster.students == (
        Student("ada-invented", "ada-invented", "Ada (erfunden)", "0017", "A", line=2),
        Student("noor-invented", "noor-invented", "Noor (erfunden)", "0018", "B", line=3),
    )


def test_a_column_of_nothing_but_addresses_and_at_names_needs_no_name() -> None:
    assert logins(sample("own.csv")) == ["ada-invented", "noor-invented"]


def test_tabs_and_headings_in_other_letters() -> None:
    roster = sample("tabs.tsv")
    assert logins(roster) == ["ada-invented", "noor-invented"]
    assert [(student.name, student.group) for student in roster.students] == [
        ("Ada (invented)", "bees"), ("Noor (invented)", "bees"),
    ]  # fmt: skip


def test_a_plain_list_with_comments_addresses_and_at_names() -> None:
    roster = sample("list.txt")
    assert logins(roster) == ["ada-invented", "noor-invented", "kim-invented", "lou-invented", "mo_invented"]
    assert [student.line for student in roster.students] == [3, 4, 5, 6, 7]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("text", ["username\nada\nbob\n", "username,name\nada,A\nbob,B", "ada\n\n\n\nbob"])
def test_a_heading_and_any_line_ends(text: str, end: str) -> None:
    assert logins(read(text.replace("\n", end).encode())) == ["ada", "bob"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_usual_encoding(encoding: str) -> None:
    roster = read("github,name,section\nada,Zoë Ünvented,é\nbob,Bob Invented,e\n".encode(encoding))
    assert [student.name for student in roster.students] == ["Zoë Ünvented", "Bob Invented"]
    guessed = {"cp1252": "line 2: no UTF-8", "utf-16-le": "read as UTF-16", "utf-16-be": "read as UTF-16"}
    assert len(roster.warnings) == (encoding in guessed)
    assert all(warning.startswith(guessed[encoding]) for warning in roster.warnings)


def test_what_is_no_text_is_refused_with_its_line() -> None:
    assert problems(b"ada\nb\x81b\n") == ("line 2 is neither UTF-8, UTF-16 nor Windows-1252 text",)


def test_a_spreadsheet_is_not_taken_for_text() -> None:
    assert problems(b"PK\x03\x04\x14\0") == ("the roster is a file of a spreadsheet program; save it as CSV",)


PIECES = st.lists(
    st.sampled_from(["login", "name", "ada", "bob-1", "@x", "=1", ",", ";", "\t", "|", '"', "'", "\n", "\r", "\0", "#",
                     "github_id", "7", " ", "\ufeff", "\u2028", "\u202e", "https://github.com/a/b", "\x1c", "ä"]),
    max_size=40,
).map("".join)  # fmt: skip


@given(st.one_of(st.binary(max_size=200), PIECES.map(str.encode), PIECES.map(lambda text: text.encode("utf-16"))))
def test_whatever_the_bytes_are_it_is_a_sound_roster_or_refused_with_reasons(content: bytes) -> None:
    try:
        roster = read(content)
    except RosterRefused as refused:
        why = refused.problems
        roster = Roster(())
    else:
        why = ()
    assert bool(why) != bool(roster.students)
    assert len({student.key for student in roster.students}) == len(roster.students)
    for student in roster.students:
        assert student.login is None or re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", student.login)
        for cell in (student.name, student.identifier, student.group, student.role):
            assert cell is None or not any(unicodedata.category(char) == "Cc" for char in cell)


def test_all_faults_are_told_at_once_with_their_lines() -> None:
    found = problems("login,name\nada,A\n-bob,B\nADA,C\nkim lou,D\n" + "x" * 60 + ",E\n")
    assert found == (
        "line 3: '-bob' is no GitHub login",
        "line 4: ADA is on line 2 already",
        "line 5: 'kim lou' is no GitHub login",
        f"line 6: '{'x' * 60}' is no GitHub login",
    )


def test_lines_are_those_of_the_file_even_behind_a_cell_with_a_line_break() -> None:
    assert problems('login,name,note\nada,A,"one\ntwo"\n*,B,\n') == ("line 4: '*' is no GitHub login",)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ('ada,"A\nB",1', "the name holds a line break"),
        ("ada,A\x1b[31m,1", "the name holds the control character 0x1b"),
        ("ada,A\0,1", "the name holds the control character 0x0"),
        (f"ada,{'A' * 1000},1", "the name has 1,000 characters, and 300 are allowed"),
        (f"ada,{'A' * 1_000_000},1", "field larger than field limit"),
        ("ada,A,=1+1", "the identifier begins like a formula"),
        ("ada,A,＝1", "the identifier begins like a formula"),
        ("ada,A, -1", "the identifier begins like a formula"),
    ],
)
def test_cells_that_do_harm_are_refused_with_their_line(row: str, words: str) -> None:
    found = problems(f"login,name,identifier\nbob,B,0\n{row}\n")
    assert len(found) == 1
    assert found[0].startswith(f"line 3: {words}")


@pytest.mark.parametrize(
    "login", ["=cmd()", "@SUM(1)", "a\u202eb", "a\tb", "../etc", "a/../b", "https://github.com/", "ä"]
)
def test_no_login_of_another_shape_gets_through(login: str) -> None:
    assert len(problems(f"ada\n{login}\n")) == 1


def test_names_that_begin_like_formulas_or_turn_text_are_kept_and_told() -> None:
    roster = read("login,name,group\nada,=HYPERLINK(1),@x\nbob,B\u202eb,1\n".encode())
    assert [student.name for student in roster.students] == ["=HYPERLINK(1)", "B\u202eb"]
    assert [warning.partition(";")[0] for warning in roster.warnings] == [
        "line 2: the group begins like a formula",
        "line 2: the name begins like a formula",
        "line 3: the name turns the direction of text",
    ]


def test_an_identifier_comes_out_as_it_went_in() -> None:
    assert read(b"login,identifier\nada,  007 \n").students[0].identifier == "  007 "


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("ada-invented", "ada-invnted", True),
        ("ada-invented", "ada-inventde", True),
        ("ada-invented", "ada-invemted", True),
        ("ada-invented", "xada-invented", True),
        ("ada-invented", "ada-invennnted", False),
        ("student-1", "student-2", False),
        ("student-1", "student-12", False),
        ("bob", "ada", False),
    ],
)
def test_logins_that_are_nearly_the_same_are_told(one: str, other: str, alike: bool) -> None:
    warnings = read(f"{one}\n{other}\n".encode()).warnings
    assert warnings == ((f"line 2: {other} is much like {one} on line 1",) if alike else ())


def test_a_number_on_two_lines_is_one_account() -> None:
    assert problems("username,github_id\nada,7\nbob,7\n") == ("line 3: the account number 7 is on line 2 already",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the roster names nobody"),
        ("# nothing\n\n", "the roster names nobody"),
        ("username,name\n", "the roster names nobody"),
        ("login,username,name\na,b,c\n", "more than one column may hold the logins: login, username"),
        ("first,second\nada,bob\n", "no column is known to hold logins; columns: first, second"),
    ],
)
def test_a_roster_that_says_too_little_is_refused(text: str, words: str) -> None:
    assert [words in problem for problem in problems(text)] == [True]


def test_a_column_that_is_not_there_is_named_with_those_that_are() -> None:
    found = problems("login,name\nada,A\n", Columns(login="user"))
    assert found == ("line 1: there is no column 'user'; columns: login, name",)


def test_a_column_of_github_wins_over_the_name_at_the_school() -> None:
    assert logins(read(b"username,github_username\nab123,ada\n")) == ["ada"]


def test_a_large_roster_is_read_quickly_and_a_huge_one_refused() -> None:
    assert len(read("\n".join(f"student-{n:04}" for n in range(1000)).encode()).students) == 1000
    assert problems("\n".join(f"student-{n:04}" for n in range(5001))) == (
        "the roster names 5,001 people; 5,000 at most",
    )
    assert problems(b"a\n" * 5_000_000) == ("the roster is larger than 8 MiB",)
