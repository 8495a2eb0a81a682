"""Whom of a roster a cohort is: not those who teach it, unless they are asked for; nobody is left out in silence."""

import pytest

from portfolio_audit.errors import UsageError
from portfolio_audit.roster import Roster, read
from portfolio_audit.roster_roles import select, told

CLASS = b"""username,first_name,last_name,email,section,github_id,role
ada-invented,Ada,Invented,,A,1,student
mentor-invented,Mo,Invented,,A,2,teacher
kim-invented,Kim,Invented,,A,3,
head-invented,Hal,Invented,,A,4,hta
lou-invented,Lou,Invented,,B,5,Student
tess-invented,Tess,Invented,,B,6,TA
"""


def logins(roster: Roster) -> list[str | None]:
    return [student.login for student in roster.students]


def test_those_who_teach_are_left_out_with_their_lines() -> None:
    roster = select(read(CLASS), ())
    assert logins(roster) == ["ada-invented", "kim-invented", "lou-invented"]
    assert roster.warnings == ()
    assert told(roster.left_out) == (
        "Left out by role: line 3: mentor-invented (teacher), line 5: head-invented (hta), line 7: tess-invented (TA)."
        " --role all audits them too"
    )


@pytest.mark.parametrize(
    ("roles", "kept"),
    [
        (("all",), ["ada", "mentor", "kim", "head", "lou", "tess"]),
        (("ALL", "student"), ["ada", "mentor", "kim", "head", "lou", "tess"]),
        (("student",), ["ada", "kim", "lou"]),
        (("ta",), ["tess"]),
        (("Teacher", "hta"), ["mentor", "head"]),
        (("student", "ta"), ["ada", "kim", "lou", "tess"]),
    ],
)
def test_the_roles_that_are_asked_for_are_audited(roles: tuple[str, ...], kept: list[str]) -> None:
    roster = select(read(CLASS), roles)
    assert logins(roster) == [f"{name}-invented" for name in kept]
    assert len(roster.students) + len(roster.left_out) == 6


@pytest.mark.parametrize("role", ["Head TA", "head-ta", "teaching assistant", "Course Admin", "INSTRUCTOR", " owner "])
def test_staff_is_known_however_it_is_written(role: str) -> None:
    roster = select(read(f"login,role\nada,student\nbob,{role}\n".encode()), ())
    assert logins(roster) == ["ada"]


@pytest.mark.parametrize("role", ["ML engineer", "教師", "observer"])
def test_a_role_that_nobody_knows_loses_nobody_and_is_told(role: str) -> None:
    roster = select(read(f"login,role\nada,student\nbob,{role}\nkim,{role}\n".encode()), ())
    assert logins(roster) == ["ada", "bob", "kim"]
    assert roster.warnings == (f"2 with the role {role!r} are audited as students; --role student leaves them out",)
    assert logins(select(read(f"login,role\nada,student\nbob,{role}\n".encode()), ("student",))) == ["ada"]


def test_a_roster_without_roles_is_left_as_it_is() -> None:
    roster = read(b"ada\nbob\n")
    assert select(roster, ()) == roster
    assert logins(select(roster, ("student",))) == ["ada", "bob"]


@pytest.mark.parametrize(("roles", "words"), [((), "nobody here is a student"), (("ta",), "nobody here has that role")])
def test_a_class_of_teachers_is_no_empty_page(roles: tuple[str, ...], words: str) -> None:
    with pytest.raises(UsageError, match=f"{words}; roles: 2 teacher") as refused:
        select(read(b"login,role\nada,teacher\nbob,teacher\n"), roles)
    assert "--role" in (refused.value.hint or "")


def test_a_long_list_of_those_left_out_is_cut() -> None:
    rows = "".join(f"teacher-{number:02},teacher\n" for number in range(25))
    said = told(select(read(f"login,role\nada,student\n{rows}".encode()), ()).left_out)
    assert "line 22: teacher-19 (teacher) and 5 more" in said
    assert "teacher-20" not in said


def test_five_thousand_people_are_divided_quickly() -> None:
    rows = "".join(f"person-{number},{('student', 'ta')[number % 2]}\n" for number in range(5000))
    roster = select(read(f"login,role\n{rows}".encode()), ())
    assert (len(roster.students), len(roster.left_out)) == (2500, 2500)
