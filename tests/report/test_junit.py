"""The JUnit view: a parser reads it, whatever the report holds, and its counts are those of the report."""

import xml.etree.ElementTree as ElementTree

import pytest

from portfolio_audit.report import junit
from portfolio_audit.report.model import Report, Result
from tests.golden.hostile import hostile
from tests.golden.portfolio import portfolio
from tests.golden.states import states


def read(report: Report) -> ElementTree.Element:
    return ElementTree.fromstring(junit.render(report))


def results(report: Report) -> list[Result]:
    return [result for entry in report.repositories for result in entry.results] + list(report.portfolio_results)


@pytest.mark.parametrize("name", sorted(states()))
@pytest.mark.parametrize("attack", [False, True])
def test_a_parser_reads_every_report(name: str, attack: bool) -> None:
    report = hostile(states()[name]) if attack else states()[name]
    root = read(report)
    assert root.tag == "testsuites"
    assert {node.tag for node in root.iter()} <= {"testsuites", "testsuite", "testcase", "failure", "skipped"}
    assert len(root.findall("testsuite/testcase")) == len(results(report)) == int(root.attrib["tests"])


def test_what_is_not_met_fails_and_what_was_not_judged_is_skipped() -> None:
    report = portfolio()
    cases = {(case.attrib["classname"], case.attrib["name"]): case for case in read(report).iter("testcase")}
    for entry in report.repositories:
        for result in entry.results:
            case = cases[entry.name, result.check]
            tags = [child.tag for child in case]
            expected = {"passed": [], "failed": ["failure"], "partial": ["failure"]}.get(result.status, ["skipped"])
            assert tags == expected
            if expected:
                assert result.summary in case[0].attrib["message"]


def test_the_counts_of_the_suites_are_those_of_the_whole() -> None:
    root = read(portfolio())
    for count in ("tests", "failures", "skipped"):
        assert int(root.attrib[count]) == sum(int(suite.attrib[count]) for suite in root.findall("testsuite"))
    assert int(root.attrib["failures"]) > 0
