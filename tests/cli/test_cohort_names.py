"""Names of students' pages: safe on every file system, never two alike, whatever the order of the roster."""

from itertools import permutations

import pytest

from portfolio_audit.cli.cohort_names import LONGEST, file_names, safe
from portfolio_audit.roster import Student


def person(login: str | None, name: str | None = None, identifier: str | None = None) -> Student:
    return Student((login or f"#{name}").casefold(), login, name, identifier, line=1)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Zoë Müller", "Zoe-Muller"),
        ("../../etc/passwd", "etc-passwd"),
        (".hidden", "hidden"),
        ("a" * 500, "a" * LONGEST),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("a\\b:c*d", "a-b-c-d"),
        ("李", ""),
        ("a\u202eb", "a-b"),
    ],
)
def test_a_name_is_letters_digits_and_few_signs(text: str, name: str) -> None:
    assert safe(text) == name


def test_names_follow_the_roster_and_fall_back_to_the_login() -> None:
    people = [person("Ada", "Ada L", "7"), person("kim", "李", None), person(None, "Max")]
    assert file_names(people, "name") == {"ada": "Ada-L", "kim": "kim"}
    assert file_names(people, "id") == {"ada": "7", "kim": "kim"}
    assert file_names(people, "login") == {"ada": "Ada", "kim": "kim"}


@pytest.mark.parametrize(
    "people",
    [
        [person("ada", "Same"), person("kim", "SAME"), person("zoe", "same-kim")],
        [person("ada", "kim"), person("kim", "李"), person("zoe", "kim-ada")],
        [person("ada", "Same"), person("kim", "SAME"), person("zoe", "Same-ada"), person("dan", "Ada")],
        [person("con", "A"), person("con-", "A"), person("a-b", "A"), person("a--b", "A")],
        [person("con"), person("con-"), person("a-b"), person("a--b")],
        [person("a", "x-b"), person("b", "x"), person("c", "X"), person("x-b", None)],
    ],
)
def test_two_are_never_alike_and_the_order_does_not_matter(people: list[Student]) -> None:
    made = {tuple(sorted(file_names(order, "name").items())) for order in permutations(people)}
    assert len(made) == 1
    names = [name.casefold() for _, name in made.pop()]
    assert len(set(names)) == len(people)
