"""No text and no address of others becomes markup, whatever it holds and wherever it stands."""

import re
from html import unescape

import pytest

from portfolio_audit.report import html, index
from portfolio_audit.report.html import asset, policy
from tests.golden import hostile as attacks
from tests.golden.portfolio import portfolio
from tests.golden.reading import nodes, parsed, skeleton
from tests.golden.states import capped, checkout, empty, states


@pytest.mark.parametrize("name", sorted(states()))
def test_text_of_others_adds_no_element_and_no_attribute(name: str) -> None:
    report = states()[name]
    attacked = html.render(attacks.unfollowable(report))
    assert skeleton(attacked) == skeleton(html.render(attacks.harmless(report)))


@pytest.mark.parametrize("name", sorted(states()))
def test_no_attack_reaches_an_attribute_that_acts(name: str) -> None:
    attacked = html.render(attacks.hostile(states()[name]))
    for node in nodes(attacked):
        for attribute, value in node.attributes.items():
            assert not attribute.startswith("on")
            assert attribute not in ("style", "src", "srcset", "srcdoc", "action", "formaction", "xlink:href", "ping")
            if attribute == "href":
                assert re.match(r"(https?://|#)", value or ""), value
    page = parsed(attacked)
    assert [node.text() for node in page.css("script")] == [str(asset("report.js"))]
    assert [node.text() for node in page.css("style")] == [str(asset("report.css"))]
    assert not page.css("base, iframe, object, embed, form, img, link")
    assert len(page.css("meta[http-equiv]")) == 1


def test_no_character_that_hides_or_turns_text_is_on_the_page() -> None:
    attacked = html.render(attacks.hostile(portfolio()))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]", attacked)
    assert "window.ran=1&lt;/script" in attacked, "it is shown, not dropped"


def test_text_of_others_stands_in_its_own_direction() -> None:
    for node in parsed(html.render(attacks.hostile(portfolio()))).css("bdi"):
        assert not node.css("*:not(bdi)")
    said = "ada-invented/swarm"
    for node in parsed(html.render(portfolio())).css("main *"):
        if node.text(deep=False).strip() == said:
            assert node.tag == "bdi"


def test_the_policy_comes_before_all_it_rules() -> None:
    page = html.render(portfolio())
    rule = page.index("Content-Security-Policy")
    assert rule < page.index("<style") < page.index("<script")
    written = unescape(re.search(r'Policy" content="([^"]+)"', page)[1])  # type: ignore[index]
    assert written == policy(asset("report.css"), asset("report.js"))
    assert "unsafe" not in written
    assert written.startswith("default-src 'none';")
    assert "script-src" not in policy(asset("report.css"))


def test_no_attack_changes_the_index() -> None:
    names = ("javascript:alert(1)", '"><script>', "../../x", "a b?c#d")
    rows = [
        index.Row(name, attacks.hostile(report))
        for name, report in zip(names, (portfolio(), checkout(), capped(), empty()), strict=True)
    ]
    page = index.render("<script>window.ran=1</script>", rows)
    harmless = [
        index.Row("x.html", attacks.harmless(report)) for report in (portfolio(), checkout(), capped(), empty())
    ]
    assert skeleton(page) == skeleton(index.render("word", harmless))
    hrefs = [str(node.attributes["href"]) for node in parsed(page).css("a.lead")]
    assert all(re.fullmatch(r"\./[\w.%~-]+", href) for href in hrefs), hrefs
