"""The Markdown view: what GitHub makes of it holds the report and nothing that its owner's texts ask for."""

import re
from typing import Any

import comrak
import msgspec
import pytest
from selectolax.lexbor import LexborHTMLParser

from portfolio_audit.report import gfm, markdown
from portfolio_audit.report.profile_view import Advice
from tests.golden.hostile import hostile, rewritten
from tests.golden.portfolio import portfolio
from tests.golden.states import states


def rendered(text: str) -> LexborHTMLParser:
    """As GitHub renders it: tables, strikethrough, task lists and addresses in plain text become links."""
    extensions, options = comrak.ExtensionOptions(), comrak.RenderOptions()
    extensions.table = extensions.strikethrough = extensions.autolink = extensions.tasklist = True
    extensions.footnotes = extensions.shortcodes = True
    options.unsafe_ = True
    return LexborHTMLParser(comrak.render_markdown(text, extension_options=extensions, render_options=options))


def links(page: LexborHTMLParser) -> list[str]:
    return [node.attributes["href"] or "" for node in page.css("a")]


ACTIVE = (
    "@ada", "hello @ada/team", "#12", "GH-7", "ada/hive#3", "https://example.org", "www.example.org", "me@example.org",
    "![x](https://example.org/x.png)", "[x](https://example.org)", "<https://example.org>", "<img src=x>", "*bold*",
    "`code`", "~~gone~~", "| a | b |", "# head", "- item", "1. item", "> quote", "```\nfence", ":smile:", "$x$",
    "0123456789abcdef0123456789abcdef01234567", "<!-- x", "</details></summary>", "[^1]", "[ ] task", "\\", "\\@ada",
    "xmpp:a@b.c", "&lt;b&gt;",
)  # fmt: skip


@pytest.mark.parametrize("value", ACTIVE)
def test_a_text_shows_as_it_reads_and_does_nothing(value: str) -> None:
    page = rendered(f"| a |\n|---|\n| {gfm.text(value)} |\n\n- {gfm.text(value)}\n")
    shown = [node.text().replace("\u200b", "").strip() for node in page.css("td, li")]
    assert shown == [" ".join(value.split("\n"))] * 2
    assert not page.css("a, img, em, strong, del, input, code, h1, blockquote, pre, sup, details")
    assert not re.search(r"@\w|#\d|://|www\.|GH-\d", page.body.text() if page.body else "")


@pytest.mark.parametrize("value", ["a`b", "``", "`", "x | y", "a``b`c", "", " ", "@ada"])
def test_code_cannot_be_left(value: str) -> None:
    page = rendered(f"| a |\n|---|\n| {gfm.code(value)} tail |\n")
    (cell,) = page.css("td")
    (shown,) = cell.css("code")
    assert shown.text() == (value.strip() or "-")
    assert cell.text().endswith("tail")


@pytest.mark.parametrize("name", sorted(states()))
def test_the_view_of_a_hostile_report_holds_only_its_own_elements(name: str) -> None:
    report = states()[name]
    page = rendered(markdown.render(hostile(report)))
    assert not page.css("img, script, style, svg, iframe, input, form, base, meta, object")
    assert all(href.startswith(("https://", "http://")) for href in links(page))
    assert not re.search(r"(?<![\w`])@\w", " ".join(node.text() for node in page.css("p, td, summary")))


@pytest.mark.parametrize("value", ACTIVE)
def test_no_text_of_a_report_adds_a_link_or_breaks_the_table(value: str) -> None:
    plain = rendered(markdown.render(portfolio()))
    replaced = rendered(markdown.render(rewritten(portfolio(), lambda text: value, lambda address: address)))
    assert {href.partition("#")[0] for href in links(replaced)} <= {href.partition("#")[0] for href in links(plain)}
    assert len(replaced.css("tr")) == len(plain.css("tr"))
    assert len(replaced.css("details")) == len(plain.css("details"))


def test_it_says_what_the_report_says() -> None:
    shown = markdown.render(portfolio())
    assert "**Portfolio score: 41.1–51.7 of 100** · developing" in shown
    assert "1. **+17.6** Take one open issue in a library you use. _(days)_" in shown
    assert "must not be the only reason" in shown


def test_repositories_stand_by_their_own_scores_as_on_the_page() -> None:
    report = portfolio()
    low = dict.fromkeys((each.name for each in report.repositories), 0.0) | {"ada-invented/pollen": 90.0}
    entries = tuple(
        msgspec.structs.replace(each, score=low[each.name], score_range=(low[each.name],) * 2)
        for each in report.repositories
    )
    shown = markdown.render(msgspec.structs.replace(report, repositories=entries))
    folded = re.findall(r"<summary>ada-invented/(\w[\w-]*)", shown.replace("\u200b", ""))
    assert folded[0] == "pollen"


def test_advice_stands_beside_the_fixes_like_reasons_together() -> None:
    shown = markdown.render(portfolio())
    items = [" ".join(node.text().split()) for node in rendered(shown).css("ul > li")]
    wanted = "Feature ada-invented/pollen: a substantial AI or data project, and it is not pinned"
    assert wanted in [item.replace("\u200b", "") for item in items]
    (put_away,) = [item for item in items if item.startswith("Archive ")]
    assert "ada-invented/small-3 and 1 more: few lines and no README" in put_away
    assert (
        shown.index("Do these first") < shown.index("What to feature, improve and put away") < shown.index("<details>")
    )
    assert "What to feature" not in markdown.render(msgspec.structs.replace(portfolio(), advice=()))


def test_a_long_list_of_advice_is_cut_and_counted() -> None:
    many = tuple(Advice(f"ada-invented/r{n}", "improve", f"reason {n}") for n in range(40))
    shown = markdown.render(msgspec.structs.replace(portfolio(), advice=many))
    assert shown.count("**Improve**") == 12
    assert "- and 28 more in the JSON" in shown


def test_a_long_report_is_cut_between_sections_and_says_so() -> None:
    report = portfolio()
    many = msgspec.structs.replace(report, repositories=report.repositories * 400)
    shown = markdown.render(many, most=60_000)
    assert len(shown.encode()) <= 60_000
    assert shown.count("<details>") == shown.count("</details>") > 3
    assert "More did not fit here" in shown
    whole: Any = markdown.render(report)
    assert "More did not fit" not in whole
