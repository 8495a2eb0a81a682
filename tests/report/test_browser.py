"""The page in a real browser: nothing runs, nothing is fetched, everybody can reach it, it prints whole."""

import shutil
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from portfolio_audit.report import html, index
from tests.golden import hostile as attacks
from tests.golden.portfolio import portfolio
from tests.golden.states import folder, states

NAMES = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WATCH = """
window.broken = [];
document.addEventListener("securitypolicyviolation", (event) => window.broken.push(event.violatedDirective));
"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason=f"no browser: none of {', '.join(NAMES)} is installed"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One browser for all tests here, in a profile of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Addresses of pages on disk."""
    place = tmp_path_factory.mktemp("pages")
    made = {name: html.render(report) for name, report in states().items()}
    made["hostile"] = html.render(attacks.hostile(portfolio()))
    made["hostile-one"] = html.render(attacks.hostile(states()["one"]))
    made["index"] = index.render("Invented people", [index.Row(f"{n}.html", portfolio()) for n in range(3)])
    for name, page in made.items():
        (place / f"{name}.html").write_text(page, encoding="utf-8")
    return {name: (place / f"{name}.html").as_uri() for name in made}


class Visit:
    """A page that was opened, with all that it asked for and said."""

    def __init__(
        self, browser: Any, address: str, *, width: int = 1000, media: str | None = None, **context: Any
    ) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 800}, **context)
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.stopped: list[str] = []
        self.said: list[str] = []
        self.dialogs: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("requestfailed", lambda request: self.stopped.append(f"{request.url}: {request.failure}"))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", self._dismiss)
        self.page.add_init_script(WATCH)
        if media:
            self.page.emulate_media(media=media)
        self.page.goto(address)

    def _dismiss(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def unfold(self) -> None:
        self.page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")

    def __enter__(self) -> "Visit":
        return self

    def __exit__(self, *exc: object) -> None:
        self.context.close()


@pytest.mark.parametrize("name", ["portfolio", "hostile", "index"])
def test_nothing_runs_and_nothing_is_fetched(browser: Any, pages: dict[str, str], name: str) -> None:
    with Visit(browser, pages[name]) as visit:
        visit.unfold()
        for node in visit.page.query_selector_all("main p, main li, main h2")[:60]:
            node.dispatch_event("mouseover")
        assert visit.page.evaluate("window.broken") == []
        assert visit.page.evaluate("window.ran") is None
        visit.page.pdf()
        assert visit.requests == [pages[name]]
    assert visit.said == []
    assert visit.dialogs == []


def test_what_the_policy_forbids_is_stopped_by_the_browser_too(browser: Any, pages: dict[str, str]) -> None:
    """The second wall holds if the first ever falls: markup put into the page still neither runs nor loads."""
    with Visit(browser, pages["portfolio"]) as visit:
        visit.page.evaluate(
            "document.body.insertAdjacentHTML('beforeend',"
            " '<img src=https://example.org/x onerror=window.ran=1><p style=color:red onclick=window.ran=1>x</p>')"
        )
        visit.page.evaluate("document.body.lastElementChild.click()")
        visit.page.wait_for_function("window.broken.length >= 3")
        assert visit.page.evaluate("window.ran") is None
        assert visit.stopped == ["https://example.org/x: csp"]


@pytest.fixture(scope="module")
def axe() -> str:
    """The rules of axe-core; run through the browser's protocol, for the page's policy blocks script elements."""
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


VIEWS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": {"width": 320, "color_scheme": "dark"},
    "print": {"media": "print"},
}


@pytest.mark.parametrize(
    ("name", "view"),
    [("portfolio", "light"), *[("one", view) for view in VIEWS], ("index", "dark"), ("hostile-one", "phone")],
)
def test_no_barrier_is_found(browser: Any, pages: dict[str, str], axe: str, name: str, view: str) -> None:
    with Visit(browser, pages[name], **VIEWS[view]) as visit:
        visit.unfold()
        visit.page.evaluate(axe)
        found = visit.page.evaluate(
            "(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
        )
        assert [(each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in found["violations"]] == []
        assert len(found["passes"]) > 15


@pytest.mark.parametrize("name", ["portfolio", "many", "folder", "hostile", "index"])
def test_a_phone_needs_no_sideways_scroll(browser: Any, pages: dict[str, str], name: str) -> None:
    with Visit(browser, pages[name], width=320) as visit:
        visit.unfold()
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 320
        sizes = visit.page.evaluate(
            "[...document.querySelectorAll('.scroll')].map((e) => e.scrollWidth - e.clientWidth)"
        )
        assert name == "many" or max(sizes, default=0) <= 0


def test_the_keyboard_reaches_and_toggles_every_part(browser: Any, pages: dict[str, str]) -> None:
    with Visit(browser, pages["one"]) as visit:
        page = visit.page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0, "it shows itself"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
        visit.unfold()
        page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
        reached = 0
        for _ in range(400):
            page.keyboard.press("Tab")
            kind = page.evaluate("document.activeElement.tagName")
            if kind == "BODY":
                break
            if kind == "SUMMARY":
                reached += 1
                page.keyboard.press("Enter")
                assert page.evaluate("document.activeElement.parentElement.open") is False
                page.keyboard.press("Space")
                assert page.evaluate("document.activeElement.parentElement.open") is True
        assert reached == page.evaluate("document.querySelectorAll('summary').length")


def test_what_has_the_focus_is_seen(browser: Any, pages: dict[str, str]) -> None:
    with Visit(browser, pages["portfolio"]) as visit:
        visit.page.keyboard.press("Tab")
        visit.page.keyboard.press("Tab")
        width = visit.page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert float(width.removesuffix("px")) >= 2


def test_targets_are_large_enough(browser: Any, pages: dict[str, str]) -> None:
    with Visit(browser, pages["portfolio"], width=320) as visit:
        visit.unfold()
        heights = visit.page.evaluate(
            "[...document.querySelectorAll('summary, button')].map((e) => e.getBoundingClientRect().height)"
        )
        assert min(heights) >= 24


def test_closed_parts_are_printed_even_without_script(browser: Any, pages: dict[str, str]) -> None:
    with Visit(browser, pages["portfolio"], media="print", java_script_enabled=False) as visit:
        folded = visit.page.locator("#r1 details.more .results li").first
        box = folded.bounding_box()
        assert box is not None
        assert box["height"] > 0
        assert visit.page.locator(".tools").bounding_box() is None


def test_printing_opens_closed_parts_and_closes_them_again(browser: Any, pages: dict[str, str]) -> None:
    with Visit(browser, pages["portfolio"]) as visit:
        before = visit.page.evaluate("document.querySelectorAll('details:not([open])').length")
        visit.page.evaluate(
            "window.addEventListener('beforeprint', () => {"
            " window.closed_in_print = document.querySelectorAll('details:not([open])').length; })"
        )
        visit.page.pdf()
        assert before > 0
        assert visit.page.evaluate("window.closed_in_print") == 0
        assert visit.page.evaluate("document.querySelectorAll('details:not([open])').length") == before


def test_the_summary_can_be_printed_alone(browser: Any, pages: dict[str, str]) -> None:
    with Visit(browser, pages["portfolio"]) as visit:
        visit.page.evaluate("window.print = () => { window.printed = document.documentElement.className; }")
        visit.page.get_by_role("button", name="Print the summary").click()
        assert visit.page.evaluate("window.printed") == "summary-only"
        visit.page.emulate_media(media="print")
        assert visit.page.locator("#best").bounding_box() is None
        assert visit.page.locator("#fixes").bounding_box() is not None
        visit.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert visit.page.locator("#best").bounding_box() is not None


def test_it_is_readable_without_script_and_without_style(browser: Any, tmp_path: Path) -> None:
    bare = html.render(portfolio())
    start, end = bare.index("<style>"), bare.index("</style>")
    file = tmp_path / "bare.html"
    file.write_text(bare[:start] + bare[end + len("</style>") :], encoding="utf-8")
    with Visit(browser, file.as_uri(), java_script_enabled=False) as visit:
        said = visit.page.locator("body").inner_text()
        for words in ("41.1–51.7", "of 100", "Developing", "Do these first", "+17.6", "not met", "Not assessed"):
            assert words in said
        assert "Print all" not in said, "a button without its script would do nothing"


def test_marks_and_bars_survive_forced_colours(browser: Any, pages: dict[str, str]) -> None:
    with Visit(browser, pages["portfolio"], forced_colors="active") as visit:
        mark = "getComputedStyle(document.querySelector('li.result'), '::before').backgroundColor"
        ground = "getComputedStyle(document.body).backgroundColor"
        assert visit.page.evaluate(mark) != visit.page.evaluate(ground)
        fills = visit.page.evaluate(
            "['.bar .fill', '.bar .track'].map((name) => getComputedStyle(document.querySelector(name)).fill)"
        )
        assert len(set(fills)) == 2


def test_a_link_to_an_answer_opens_the_part_it_is_in(browser: Any, pages: dict[str, str]) -> None:
    with Visit(browser, pages["many"]) as visit:
        link = visit.page.locator(".fixes > li").nth(3).get_by_role("link", name="what was seen")
        target = visit.page.locator(str(link.get_attribute("href")))
        assert not target.is_visible()
        link.click()
        assert target.is_visible()


def test_a_folder_page_opens_its_parts(browser: Any, pages: dict[str, str]) -> None:
    assert folder().repositories
    with Visit(browser, pages["folder"]) as visit:
        visit.page.locator("summary").first.click()
        assert visit.page.locator("#r1 .inside").is_visible()
