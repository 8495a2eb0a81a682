"""An invented cohort of any size, for the tests of its views."""

from portfolio_audit.journal import Entry
from portfolio_audit.report.cohort import Cohort, Column, Row, cohort, row
from portfolio_audit.report.model import Tool
from portfolio_audit.roster import Student
from tests.golden.portfolio import portfolio
from tests.golden.states import states

HOSTILE = '<script>window.ran=1</script>"><img src=x onerror=window.ran=1>\u202e'


def invented(amount: int, *, name: str = "Person {}, invented", group: str = "Group {}") -> Cohort:
    """That many students; every tenth has no account, and scores come from a handful of reports in turn."""
    reports = [portfolio(), *(report for report in states().values() if report.score_scope == "portfolio")]
    columns = [Column(each.id, each.title) for category in portfolio().categories for each in category.criteria]
    return cohort(
        Tool("portfolio-audit", "0.1.0", "portfolio", "0" * 64),
        columns,
        [_row(place, reports[place % len(reports)], name, group) for place in range(amount)],
    )


def _row(place: int, report: object, name: str, group: str) -> Row:
    login = f"person-{place:04}"
    student = Student(login, login, name.format(place), f"{place:04}", group.format("ABC"[place % 3]), line=place + 2)
    if place % 10 == 9:
        return row(student, Entry("not-found", "there is no such account"), None, None)
    return row(student, Entry("done"), report, f"students/{login}.html")  # type: ignore[arg-type]
