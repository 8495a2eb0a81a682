"""The cohort's page in a real browser: sorted and filtered by keyboard, asking for nothing."""

from typing import Any

import pytest

from portfolio_audit.report import cohort_page
from tests.report.cohort_samples import HOSTILE, invented
from tests.report.test_browser import RULES, VIEWS, Visit, axe, browser, pytestmark

__all__ = ["axe", "browser", "pytestmark"]
AMOUNTS = {"thirty": 30, "thousand": 1000}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Addresses of pages on disk."""
    place = tmp_path_factory.mktemp("cohorts")
    made = {name: invented(amount) for name, amount in AMOUNTS.items()}
    made["hostile"] = invented(12, name=HOSTILE, group=HOSTILE)
    for name, cohort in made.items():
        (place / f"{name}.html").write_text(cohort_page.render(cohort, "Invented class"), encoding="utf-8")
    return {name: (place / f"{name}.html").as_uri() for name in made}


def names(visit: Visit) -> list[str]:
    found = visit.page.evaluate(
        "[...document.querySelectorAll('#matrix tbody tr')].filter((row) => !row.hidden)"
        ".map((row) => row.cells[0].querySelector('.judged').textContent)"
    )
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("name", ["thirty", "hostile"])
def test_nothing_runs_and_nothing_leaves_the_page(browser: Any, pages: dict[str, str], name: str) -> None:
    with Visit(browser, pages[name]) as visit:
        for button in visit.page.query_selector_all("#matrix th button"):
            button.click()
        visit.page.fill("#search", "person")
        assert visit.page.evaluate("window.broken") == []
        assert visit.page.evaluate("window.ran") is None
        assert visit.requests == [pages[name]]
    assert visit.said == []


@pytest.mark.parametrize("view", VIEWS)
def test_no_barrier_is_found(browser: Any, pages: dict[str, str], axe: str, view: str) -> None:
    with Visit(browser, pages["thirty"], **VIEWS[view]) as visit:
        visit.page.evaluate(axe)
        found = visit.page.evaluate(
            "(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
        )
        assert [(each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in found["violations"]] == []
        assert len(found["passes"]) > 15


def test_the_keyboard_sorts_and_the_page_says_how(browser: Any, pages: dict[str, str]) -> None:
    with Visit(browser, pages["thirty"]) as visit:
        page = visit.page
        sort = "[...document.querySelectorAll('#matrix th')].map((head) => head.getAttribute('aria-sort'))"
        assert set(page.evaluate(sort)) - {None} == set()
        first = names(visit)
        page.get_by_role("button", name="Score of 100").focus()
        page.keyboard.press("Enter")
        values = page.evaluate(
            "[...document.querySelectorAll('#matrix tbody tr')].map((r) => +r.cells[2].dataset.value)"
        )
        assert values == sorted(values, reverse=True), "the highest first"
        assert page.evaluate(sort).count("descending") == 1
        page.keyboard.press("Space")
        values = page.evaluate(
            "[...document.querySelectorAll('#matrix tbody tr')].map((r) => +r.cells[2].dataset.value)"
        )
        assert values == sorted(values)
        page.get_by_role("button", name="Student", exact=True).focus()
        page.keyboard.press("Enter")
        assert names(visit) == first, "text begins ascending, and numbers in it count as numbers"
        assert [state for state in page.evaluate(sort) if state] == ["ascending"]


def test_search_and_filters_go_together_and_tell_how_many(browser: Any, pages: dict[str, str]) -> None:
    with Visit(browser, pages["thirty"]) as visit:
        page = visit.page
        assert page.inner_text(".found") == "30 of 30 shown"
        page.select_option("#group", label="Group A")
        assert names(visit) == [f"person-{n:04}" for n in range(0, 30, 3)]
        page.select_option("#state", "not-found")
        assert names(visit) == ["person-0009"]
        page.select_option("#group", "")
        page.fill("#search", " PERSON 1")
        assert names(visit) == ["person-0019"]
        assert page.inner_text(".found") == "1 of 30 shown"
        page.select_option("#state", "")
        page.fill("#search", "")
        band = str(page.evaluate("document.querySelector('#band').options[1].value"))
        page.select_option("#band", band)
        assert 0 < len(names(visit)) < 30


def test_a_thousand_rows_are_all_sorted_and_filtered(browser: Any, pages: dict[str, str]) -> None:
    with Visit(browser, pages["thousand"]) as visit:
        visit.page.click("#matrix th:nth-child(3) button")
        assert len(set(names(visit))) == 1000
        visit.page.fill("#search", "09")
        assert sorted(names(visit)) == [f"person-{n:04}" for n in range(1000) if "09" in f"{n} {n:04}"]


def test_the_page_is_readable_without_script(browser: Any, pages: dict[str, str]) -> None:
    with Visit(browser, pages["thirty"], java_script_enabled=False) as visit:
        assert visit.page.locator("#matrix tbody tr").count() == 30
        assert not visit.page.locator(".filters").is_visible()
        assert visit.page.locator("#matrix button").count() == 0


def test_a_phone_scrolls_the_table_and_not_the_page(browser: Any, pages: dict[str, str]) -> None:
    with Visit(browser, pages["thirty"], width=320) as visit:
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 320
