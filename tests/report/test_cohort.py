"""The cohort as value, table and page: counts one can recount, cells that do nothing."""

import csv
import io

import msgspec
import pytest

from portfolio_audit.journal import Entry
from portfolio_audit.report import cohort_page, cohort_table
from portfolio_audit.report.cohort import Cell, Cohort, Column, Row, Spread, cohort, most_missed, row
from portfolio_audit.report.model import Tool
from portfolio_audit.roster import Student
from tests.golden.portfolio import portfolio
from tests.golden.reading import parsed, prose
from tests.report.cohort_samples import HOSTILE, invented

TOOL = Tool("portfolio-audit", "0.1.0", "portfolio", "0" * 64)
TESTS = [Column("tests", "Tests")]


def student(key: str, low: float | None, high: float | None = None, **more: object) -> Row:
    span = None if low is None else (low, low if high is None else high)
    score = None if span is None or span == (0.0, 100.0) else low
    plain = Row(key, key, None, None, None, None, "done", None, criteria={"tests": Cell(score, span)})
    return msgspec.structs.replace(plain, **more)


def made(*rows: Row) -> Cohort:
    return cohort(TOOL, TESTS, rows)


def test_counts_are_of_those_whom_the_criterion_asks() -> None:
    rows = [student("a", 0), student("b", 24.9), student("c", 50), student("d", 100), student("e", None)]
    assert made(*rows).spreads == (Spread("tests", 4, (2, 0, 1, 1), 0, 2),)


def test_what_could_not_be_told_is_neither_missed_nor_placed() -> None:
    rows = [student("a", 0, 100), student("b", 20, 30), student("c", 10, 20), student("d", 30, 60)]
    assert made(*rows).spreads == (Spread("tests", 4, (1, 0, 0, 0), 3, 2),)


def test_most_missed_leaves_out_what_nobody_misses() -> None:
    assert most_missed(made(student("a", 80), student("b", 0, 100))) == ()
    assert [spread.missed for spread in most_missed(made(student("a", 0), student("b", 100)))] == [1]


def test_a_student_without_a_report_has_no_numbers() -> None:
    bare = row(Student("x", "x", line=2), Entry("not-found", "no such account"), None, None)
    assert (bare.score, bare.score_range, bare.criteria, bare.page) == (None, None, {}, None)


def test_a_row_says_what_the_report_says() -> None:
    report = portfolio()
    full = row(Student("ada", "Ada", "Ada", "7", line=2), Entry("done"), report, "students/ada.html")
    assert (full.score, full.score_range, full.band) == (report.score, report.score_range, report.band)
    assert [step.gain for step in full.fixes] == [fix.gain for fix in report.fixes[:5]]
    scores = {each.id: each.score for category in report.categories for each in category.criteria if each.applies}
    assert {id: cell.score for id, cell in full.criteria.items() if cell.score_range} == scores


def table(*rows: Row) -> list[dict[str, str]]:
    text = cohort_table.render(made(*rows)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "'=1", '"=1', "＝1", "＋1", "－1", "＠x", "\r=1", "\u00a0=1"]
)
def test_no_text_cell_runs(cell: str) -> None:
    found = table(student("a", 1, name=cell, group=cell, role=cell, reason=cell))[0]
    for column in ("name", "group", "role", "reason"):
        assert found[column].startswith("'")
        assert "\t" not in found[column]


def test_logins_and_identifiers_are_as_they_came_in() -> None:
    assert table(student("Ada-Invented", 1, identifier="  007 "))[0]["identifier"] == "  007 "


def test_numbers_are_numbers_and_what_is_not_known_is_none() -> None:
    rows = table(student("a", 33.33), student("b", 20, 60), student("c", 0, 100), student("d", None))
    assert [found["tests"] for found in rows] == ["33.33", "20", "", ""]
    assert [found["not_certain"] for found in rows] == ["", "tests 20-60", "tests 0-100", ""]


def test_the_page_counts_states_and_names_everybody() -> None:
    said = prose(cohort_page.render(invented(30), "Invented class"))
    assert "30 students: 27 done, 3 account not found." in said
    assert all(f"Person {n}, invented" in said for n in range(30))


def test_a_page_of_hostile_names_is_text() -> None:
    page = cohort_page.render(invented(12, name=HOSTILE, group=HOSTILE), HOSTILE)
    tree = parsed(page)
    assert len(tree.css("script")) == 1
    assert tree.css("img") == []
    assert "\u202e" not in page


def test_links_lead_to_files_beside_the_page() -> None:
    rows = [student("a", 1, page="students/a b%2f..#x?.html"), student("b", 1, page="students/javascript:x.html")]
    links = [node.attributes["href"] for node in parsed(cohort_page.render(made(*rows), "x")).css("tbody th a")]
    assert links == ["./students/a%20b%252f..%23x%3F.html", "./students/javascript%3Ax.html"]


def test_equal_cohorts_are_equal_pages() -> None:
    assert cohort_page.render(invented(12), "x") == cohort_page.render(invented(12), "x")
