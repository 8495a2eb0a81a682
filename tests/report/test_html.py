"""What the page says, in every state a report can be in."""

import re

import msgspec
import pytest

from portfolio_audit.report import html
from portfolio_audit.report.html import ROOMS
from tests.golden.portfolio import portfolio, repository, result
from tests.golden.reading import parsed, prose
from tests.golden.states import states

PAGES = {name: html.render(report) for name, report in states().items()}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_state_makes_a_page_with_its_parts_in_order(name: str) -> None:
    page = parsed(PAGES[name])
    headings = [(node.attributes.get("id") or "") for node in page.css("h2")]
    wanted = (
        "verdict fixes made first-minute advice activity whole best others left-out skills roles plan certifications "
        "unassessed limits method"
    ).split()
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
    assert "87% of what counts could be judged." in said
    assert "leaves the score open: 41.1 if all of it turned out failed, 51.7 if all of it turned out passed." in said
    assert "Interview-ready begins at 60, 18.9 points above the lower end." in said
    assert "1 repository may count, but could not be read: the range allows for it." in said
    assert "Together 23.4–29.4 of 57" in said
    assert "23.474–29.47 of 57 points make 41.18–51.7 of 100. Points are cut after one decimal" in said
    assert "Notebooks does not apply" in said
    assert "Not everything could be read: see the limits of this reading." in said
    assert "The three repositories that averages rest on" in said
    assert "others may stand higher by it. Highest own score first." in said
    assert "An unchanged fork: nothing in it is the owner's ada-invented/hive-fork, ada-invented/other-fork" in said


def test_repositories_stand_by_their_own_scores_in_each_part() -> None:
    report = portfolio()
    scores = {each.name: 10.0 * place for place, each in enumerate(report.repositories)}
    entries = tuple(
        msgspec.structs.replace(each, score=scores[each.name], score_range=(scores[each.name],) * 2)
        for each in report.repositories
    )
    page = parsed(html.render(msgspec.structs.replace(report, repositories=entries)))
    for part, chosen in (("best", [e for e in entries if e.shown]), ("others", [e for e in entries if not e.shown])):
        names = [node.text() for node in page.css(f"section[aria-labelledby={part}] summary .name")]
        wanted = sorted((each.name for each in chosen if each.counted), key=lambda name: -scores[name])
        assert names == wanted[: len(names)]
        assert names


def test_nothing_is_called_the_best_where_nothing_counts() -> None:
    report = portfolio()
    small = tuple(msgspec.structs.replace(each, counted=False) for each in report.repositories)
    said = prose(html.render(msgspec.structs.replace(report, repositories=small)))
    assert "The three with most code" in said
    assert "that averages rest on" not in said


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
    for foreign in (
        "Portfolio score",
        "Across the portfolio",
        "Chosen as those",
        "Not counted",
        "averages",
        "public work",
    ):
        assert foreign not in said
    assert "3 of 41 functions have a type hint" in said, "what is small is judged all the same"
    assert "9.48 of 19 points make 49.89 of 100; what a repository alone cannot show is no criterion here." in said
    assert "Not everything could be read" not in said
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
    assert "leaves the score open" not in said


def test_a_ceiling_is_named_where_the_sum_says_more() -> None:
    said = prose(PAGES["capped"])
    assert "No AI or data work found in 4 repositories read: the score cannot pass 39." in said
    assert "The score is not simply this sum" in said
    assert "where a note above names a limit, that limit holds" in said


def test_a_person_without_repositories_gets_a_page_without_claims() -> None:
    said = prose(PAGES["empty"])
    assert "0 repositories, data read" in said
    assert "There is no repository of their own to judge." in said
    assert "No question was put." in said


def test_nothing_judged_names_no_number() -> None:
    said = prose(PAGES["unjudged"])
    assert "0–100 of 100" in said
    assert "0% of what counts could be judged. What could not leaves the score open: 0 if" in said


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


def test_a_fix_leads_to_its_answer_only_where_the_page_shows_it() -> None:
    steps = parsed(PAGES["many"]).css(".fixes > li")
    assert [bool(step.css("a")) for step in steps] == [True, True, False, True], "the weakest stand in short"
    assert "Now: 3 of 41 functions have a type hint in ada-invented/experiment-0." in prose(steps[2].html or "")


def test_what_was_noted_beside_the_rubric_is_not_taken_for_a_criterion() -> None:
    extra = result("extra-seen", "Something extra", "failed", "it is not there", fix="Add it.")
    report = msgspec.structs.replace(portfolio(), repositories=(repository("swarm", shown=True, answers=(extra,)),))
    assert "Something extra (part of no criterion) extra-seen" in prose(html.render(report))
