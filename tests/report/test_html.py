"""The page without a browser: what it says in every state, and that nothing of others becomes markup."""

import re
from collections.abc import Iterator
from html import unescape

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from portfolio_audit.report import html, index, model, text
from portfolio_audit.report.html import MOST_BYTES, ROOMS, asset, policy
from tests.golden import hostile as attacks
from tests.golden.portfolio import (
    capped,
    certain,
    checkout,
    empty,
    folder,
    place,
    portfolio,
    repository,
    result,
    results,
    states,
)

PAGES = {**{name: html.render(report) for name, report in states().items()}}


def parsed(page: str) -> LexborHTMLParser:
    return LexborHTMLParser(page)


def prose(page: str) -> str:
    """The page's text as a reader sees it, on one line."""
    body = parsed(page)
    for node in body.css("script, style"):
        node.decompose()
    assert body.body is not None
    words = " ".join(body.body.text(separator=" ").split())
    return re.sub(r"([(“]) ", r"\1", re.sub(r" ([.,:;)”])", r"\1", words))


def nodes(page: str) -> Iterator[LexborNode]:
    root = parsed(page).root
    assert root is not None
    return iter(root.traverse(include_text=False))


def skeleton(page: str) -> list[tuple[str, tuple[str, ...]]]:
    """Every element with the names of its attributes, in order."""
    return [(node.tag or "", tuple(sorted(node.attributes))) for node in nodes(page)]


# --- what the page says


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_state_makes_a_page_with_its_parts_in_order(name: str) -> None:
    page = parsed(PAGES[name])
    headings = [(node.attributes.get("id") or "") for node in page.css("h2")]
    wanted = ["verdict", "fixes", "made", "whole", "best", "others", "left-out", "unassessed", "limits", "method"]
    assert headings == [each for each in wanted if each in headings]
    assert {"verdict", "unassessed", "limits", "method"} <= set(headings)
    assert len(page.css("h1")) == len(page.css("main")) == 1
    assert "None" not in prose(PAGES[name])


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_link_within_the_page_leads_somewhere_and_ids_are_unique(name: str) -> None:
    page = parsed(PAGES[name])
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert len(ids) == len(set(ids))
    targets = {str(node.attributes["href"])[1:] for node in page.css("a[href^='#'], use")}
    assert targets <= set(ids)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_decision_is_left_to_people_in_every_state(name: str) -> None:
    assert "must not be the only reason for a decision about a person" in prose(PAGES[name])
    assert portfolio().tool.rubric_hash in PAGES[name]


def test_a_portfolio_shows_its_range_and_how_it_comes_about() -> None:
    said = prose(PAGES["portfolio"])
    assert "Would this public work get its owner hired as an AI engineer?" in said
    assert "Portfolio score: 41.1–51.7 of 100 Developing" in said
    assert "What could be judged, 87% by weight, earns 46.2 of 100." in said
    assert "Interview-ready begins at 60, 18.9 points above the lower end." in said
    assert "1 repository may count, but could not be read: the range allows for it." in said
    assert "Together 23.5–29.5 of 57" in said
    assert "Notebooks does not apply" in said
    assert "The three that show you best" in said
    assert "An unchanged fork: nothing in it is the owner's ada-invented/hive-fork, ada-invented/other-fork" in said


def test_a_fix_says_its_gain_what_is_now_and_where_to_see_it() -> None:
    steps = parsed(PAGES["portfolio"]).css(".fixes > li")
    assert [step.css_first("strong").text() for step in steps] == ["+17.6", "+2.3"]  # type: ignore[union-attr]
    said = prose(steps[1].html or "")
    assert "Now: 3 of 41 functions have a type hint in ada-invented/swarm (what was seen)" in said
    assert "A matter of hours. Guide: “What Strong AI Portfolios Include”." in said
    link = steps[1].css_first("a")
    assert link is not None
    seen = parsed(PAGES["portfolio"]).css_first(str(link.attributes["href"]))
    assert seen is not None
    assert "src/model.py:10" in seen.text()
    assert "All of these together: +19.9 points." in prose(PAGES["portfolio"])


def test_what_is_missing_comes_first_and_what_passed_is_folded() -> None:
    inside = parsed(PAGES["portfolio"]).css_first("#r1 > .inside")
    assert inside is not None
    states_shown = [str(node.attributes["class"]).split()[1] for node in inside.css("li.result")]
    assert states_shown == ["failed", "unknown", "passed", "passed"]
    folded = inside.css_first("details.more:not([open]) > summary")
    assert folded is not None
    assert not inside.css("details.more[open]")


def test_every_state_is_a_word_beside_its_mark() -> None:
    for node in parsed(PAGES["portfolio"]).css("li.result"):
        state = str(node.attributes["class"]).split()[1]
        said = {"passed": "passed", "partial": "partly", "failed": "not met", "unknown": "not assessed"}[state]
        assert node.css_first(".state").text() == said  # type: ignore[union-attr]


def test_passed_results_carry_no_word_of_importance() -> None:
    for node in parsed(PAGES["portfolio"]).css("li.result.passed"):
        assert not re.search(r"critical|important|severe|high|major|weight", node.text(), re.IGNORECASE)


def test_long_evidence_is_folded_and_counted() -> None:
    inside = parsed(PAGES["portfolio"]).css_first("#r1")
    assert inside is not None
    folded = [node.text() for node in inside.css("summary")]
    assert "and 5 more" in folded
    assert len(inside.css("#r1 a[href*='tests/test_part_']")) == 9


def test_unknowns_and_limits_that_say_the_same_are_said_once() -> None:
    said = prose(PAGES["many"])
    assert said.count("A running instance answers: the link was not opened") == 1
    assert "and 90 more" in said
    assert prose(PAGES["portfolio"]).count("The content is missing missing-blob") == 1


def test_a_checkout_has_a_repository_score_and_no_portfolio() -> None:
    said = prose(PAGES["checkout"])
    assert "Repository score: " in said
    assert "read from disk" in said
    for foreign in ("Portfolio score", "Across the portfolio", "show you best", "Not counted", "averages", "public work"):
        assert foreign not in said
    assert "3 of 41 functions have a type hint" in said, "what is small is judged all the same"
    assert "9.5 of 19 points make 49.8 of 100; what a repository alone cannot show is no criterion here." in said
    assert "No limit was hit, and nothing that was to be read was missing." in said


def test_a_folder_has_no_score_but_each_repository_has_one() -> None:
    said = prose(PAGES["folder"])
    assert "7 repositories, each with a score of its own" in said
    assert "A folder of repositories has no score as a whole" in said
    assert "ada-invented/swarm 66–75 of 100" in said
    for foreign in ("Portfolio score", "Repository score", "Do these first", "What to do next", "Not counted"):
        assert foreign not in said
    assert len(parsed(PAGES["folder"]).css("details.repository")) == 7


def test_full_marks_say_so_and_promise_nothing() -> None:
    said = prose(PAGES["certain"])
    assert "Portfolio score: 100 of 100 Strong" in said
    assert "by weight" not in said
    assert "nothing was found whose mending alone would raise the score by half a point" in said
    assert "neither passed nor failed: it leaves" not in said


def test_a_ceiling_is_named_where_the_sum_says_more() -> None:
    said = prose(PAGES["capped"])
    assert "No AI work found in 4 repositories read: the score cannot pass 39." in said
    assert "The score is held below this sum; the notes above say why." in said


def test_a_person_without_repositories_gets_a_page_without_claims() -> None:
    said = prose(PAGES["empty"])
    assert "0 repositories, data read" in said
    assert "There is no repository of their own to judge." in said
    assert "No question was put." in said


def test_nothing_judged_names_no_number() -> None:
    said = prose(PAGES["unjudged"])
    assert "0–100 of 100" in said
    assert "0% of what counts could be judged; no single number is named." in said


def test_an_organisation_is_no_you() -> None:
    said = prose(PAGES["organisation"])
    assert "get its makers hired as AI engineers?" in said
    assert "show you" not in said


def test_one_repository_and_one_fix_are_singular() -> None:
    said = prose(PAGES["one"])
    assert "1 repository, data read" in said
    assert "Do this first" in said
    assert "The repository that averages rest on" in said
    assert "All of these together" not in said


def test_many_repositories_are_listed_in_short_and_none_is_dropped() -> None:
    page = parsed(PAGES["many"])
    assert len(page.css("details.repository")) <= 3 + ROOMS[0].detailed
    said = prose(PAGES["many"])
    assert "60 repositories in short" in said
    for number in range(90):
        assert f"ada-invented/experiment-{number} " in said
    for number in range(37):
        assert f"ada-invented/small-{number} " in said


def test_what_was_noted_beside_the_rubric_is_not_taken_for_a_criterion() -> None:
    extra = result("extra-seen", "Something extra", "failed", "it is not there", fix="Add it.")
    report = msgspec.structs.replace(portfolio(), repositories=(repository("swarm", shown=True, answers=(extra,)),))
    assert "Something extra (part of no criterion) extra-seen" in prose(html.render(report))


# --- what it may not become


@pytest.mark.parametrize("name", sorted(PAGES))
def test_text_of_others_adds_no_element_and_no_attribute(name: str) -> None:
    report = states()[name]
    attacked = html.render(attacks.unfollowable(report))
    assert skeleton(attacked) == skeleton(html.render(attacks.harmless(report)))


@pytest.mark.parametrize("name", sorted(PAGES))
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
    for node in parsed(PAGES["portfolio"]).css("main *"):
        if node.text(deep=False).strip() == said:
            assert node.tag == "bdi"


def test_the_policy_comes_before_all_it_rules() -> None:
    page = PAGES["portfolio"]
    rule = page.index("Content-Security-Policy")
    assert rule < page.index("<style") < page.index("<script")
    written = unescape(re.search(r'Policy" content="([^"]+)"', page)[1])  # type: ignore[index]
    assert written == policy(asset("report.css"), asset("report.js"))
    assert "unsafe" not in written
    assert written.startswith("default-src 'none';")
    assert "script-src" not in policy(asset("report.css"))


# --- how large it may be


def test_twenty_five_repositories_of_thirty_checks_stay_under_500_kb() -> None:
    states_of = ("passed", "failed", "partial", "passed", "passed", "unknown")
    many = []
    for number in range(25):
        name = f"project-number-{number}"
        answers = tuple(
            result(
                f"check-{n:02}",
                "A statement of some length about the good state of it",
                states_of[n % 6],
                f"{n} of 31 places hold what this statement asks for",
                *[place(name, f"src/package/module_{m}.py", m + 1, m + 9) for m in range((1, 2, 2, 1, 1, 0)[n % 6])],
                fix="Add what is missing in the places named below." if n % 6 in (1, 2) else None,
                searched="212 files",
            )
            for n in range(30)
        )
        many.append(repository(name, shown=number < 3, answers=answers))
    page = html.render(msgspec.structs.replace(portfolio(), repositories=tuple(many)))
    assert len(page.encode()) <= 500_000
    assert "This page is cut" not in page


@pytest.mark.parametrize("attack", [False, True])
def test_no_page_passes_the_hard_stop_and_a_cut_is_said(attack: bool) -> None:
    long = "a sentence that goes on " * 20
    wide = tuple(
        msgspec.structs.replace(each, check=f"check-{n}", title=long, summary=f"{n} {long}")
        for n, each in enumerate(results("wide", evidence=6) * 12)
    )
    report = msgspec.structs.replace(
        portfolio(),
        repositories=tuple(repository(f"r-{n}", shown=n < 3, answers=wide) for n in range(40)),
        limits=tuple(model.LimitEntry(f"kind-{n}", f"place-{n}", f"detail {n} {long}") for n in range(900)),
    )
    page = html.render(attacks.hostile(report) if attack else report)
    assert len(page.encode()) <= MOST_BYTES
    assert "This page is cut to stay below 2 MB" in page
    assert "in the JSON report" in page


# --- every report there can be


words = st.text(max_size=12)
numbers = st.integers(0, 10_000).map(lambda hundredths: hundredths / 100)
ranges = st.tuples(numbers, numbers).map(lambda ends: (min(ends), max(ends)))
shares = st.integers(0, 100).map(lambda hundredths: hundredths / 100)
maybe = st.none() | words
evidence = st.builds(model.EvidenceLink, maybe, st.none() | st.just(3), st.none() | st.just(9), maybe, words)
answers = st.lists(
    st.builds(
        model.Result,
        words,
        words,
        st.sampled_from(["passed", "partial", "failed", "not_applicable", "unknown"]),
        st.none() | shares,
        shares,
        words,
        st.lists(evidence, max_size=2).map(tuple),
        maybe,
        maybe,
    ),
    max_size=3,
).map(tuple)
criteria = st.lists(
    st.builds(
        model.Criterion, words, words, words, st.none() | numbers, ranges, numbers, shares, st.just(()),
        st.lists(words, max_size=2).map(tuple), words, st.booleans(),
    ),
    max_size=2,
).map(tuple)  # fmt: skip
reports = st.builds(
    model.Report,
    st.just(1),
    st.builds(model.Tool, words, words, words, words),
    maybe,
    st.builds(model.Subject, st.sampled_from(["user", "organization", "repository", "folder"]), maybe, maybe, words),
    st.none() | numbers,
    ranges,
    st.sampled_from(["portfolio", "repository"]),
    shares,
    words,
    st.lists(words, max_size=2).map(tuple),
    st.lists(st.builds(model.Category, words, words, st.none(), ranges, numbers, shares, criteria), max_size=2).map(tuple),
    st.lists(
        st.builds(
            model.RepositoryEntry, words, maybe, maybe, maybe, st.booleans(), st.booleans(), maybe,
            st.none() | numbers, ranges, st.just({}), answers,
        ),
        max_size=4,
    ).map(tuple),
    answers,
    st.lists(
        st.builds(model.Fix, words, maybe, numbers, st.sampled_from(["minutes", "hours", "days"]), words, words),
        max_size=3,
    ).map(tuple),
    numbers,
    st.lists(st.builds(model.LimitEntry, words, words, words), max_size=3).map(tuple),
    st.just({}),
    st.none(),
    st.lists(st.builds(model.Band, words, numbers), max_size=4).map(tuple),
)  # fmt: skip


@settings(max_examples=60, deadline=None, derandomize=True)
@given(reports)
def test_any_report_can_be_shown(report: model.Report) -> None:
    page = html.render(report)
    assert page.rstrip().endswith("</html>")
    assert not [node for node in nodes(page) if any(name.startswith("on") for name in node.attributes)]
    assert text.render(report).endswith("\n")
    assert index.render("Any", [index.Row("a.html", report)]).rstrip().endswith("</html>")


# --- the page that leads to others


def test_the_index_names_score_band_and_first_step_of_each() -> None:
    page = index.render("Invented people", [index.Row("ada.html", portfolio()), index.Row("done.html", certain())])
    said = prose(page)
    assert "Ada Invented (invented) First to do, +17.6: Take one open issue in a library that you use." in said
    assert "41.1–51.7 developing" in said
    assert "No fix that alone would raise the score by half a point" in said
    assert [node.attributes["href"] for node in parsed(page).css("a.lead")] == ["./ada.html", "./done.html"]


def test_the_index_has_words_for_nothing_and_for_a_folder() -> None:
    assert "There is no report here." in prose(index.render("Nobody", []))
    assert "7 repositories, each with a score of its own" in prose(index.render("F", [index.Row("f.html", folder())]))


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
