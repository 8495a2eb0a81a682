"""Every built-in check has its page, and what the page says of weight and place is true."""

import re

import pytest

from tests.check_pages import END, FOLDER, SECTIONS, built_in, head, index, rubric

EVERY = pytest.mark.parametrize("name", sorted(built_in()))


@EVERY
def test_the_made_part_of_a_page_is_up_to_date(name: str) -> None:
    text = (FOLDER / f"{name}.md").read_text("utf-8")
    assert text.startswith(head(built_in()[name], rubric())), "run `python -m tests.check_pages`"


@EVERY
def test_a_page_says_how_it_decides_where_it_errs_and_how_to_mend_it(name: str) -> None:
    written = (FOLDER / f"{name}.md").read_text("utf-8").partition(END)[2]
    assert [line for line in written.splitlines() if line.startswith("## ")] == list(SECTIONS)
    for section in re.split(r"^## .*$", written, flags=re.MULTILINE)[1:]:
        assert len(section.split()) >= 15


def test_no_page_is_left_over() -> None:
    assert {page.stem for page in FOLDER.glob("*.md")} == set(built_in()) | {"README"}


def test_the_index_lists_every_page() -> None:
    assert (FOLDER / "README.md").read_text("utf-8") == index(rubric()), "run `python -m tests.check_pages`"
