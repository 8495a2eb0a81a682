"""The first minute, advice on repositories and activity: true statements, careful words, and silence where unknown."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio_audit import audit, rubric
from portfolio_audit.discovery import discover
from portfolio_audit.report import build, html, model, text
from portfolio_audit.report.chart import HEIGHT, columns
from portfolio_audit.report.profile_view import ActivityView, Advice, FirstMinute, PinnedView, QuarterEntry, Sight
from portfolio_audit.scoring import score
from portfolio_audit.snapshot import (
    Activity,
    Comparison,
    Contributions,
    Owner,
    Probe,
    Quarter,
    Snapshot,
)
from portfolio_audit.testing import HEAD, TreeRepository, make_portfolio, make_record, make_repository
from tests.golden.portfolio import portfolio
from tests.golden.reading import prose

CODE = "import torch\nfrom torch import nn\n" + "".join(f"layer_{n} = nn.Linear({n}, {n})\n" for n in range(1, 320))
README = "# Hive\n\nCounts the bees in photographs of hives, so that keepers see losses early.\n"
CHECKS = {provided.check.id: provided.check for provided in discover().checks if provided.provider == "portfolio-audit"}
RUBRIC = rubric.load(None, CHECKS)
URL = "https://github.example/sample-owner"
SNAPSHOT = Snapshot(
    mode="authenticated",
    scope="portfolio",
    owner=Owner("User", "sample-owner", url=URL),
    data_time="2026-01-15T12:00:00Z",
    pinned=(),
    contributions=Contributions((), 0),
)


def project(name: str, *, readme: str | None = README, code: str = CODE, **record: Any) -> TreeRepository:
    files = {"train.py": code} | ({} if readme is None else {"README.md": readme})
    return make_repository(files, record=make_record(name, **record))


def report_of(*repositories: TreeRepository, pins: str | None = "", **snapshot: Any) -> model.Report:
    pinned = None if pins is None else tuple(n if "/" in n else f"sample-owner/{n}" for n in pins.split())
    given = msgspec.structs.replace(SNAPSHOT, **({"pinned": pinned} | snapshot))
    whole = make_portfolio(repositories, snapshot=given)
    results = audit.run(whole, CHECKS.values())
    return build.build(whole, results, score(whole, results, RUBRIC), RUBRIC, tool_version="9.9")


def minute_of(*repositories: TreeRepository, **more: Any) -> FirstMinute:
    minute = report_of(*repositories, **more).first_minute
    assert minute is not None
    return minute


def sights(minute: FirstMinute) -> Mapping[str, Sight]:
    return {sight.part: sight for sight in minute.sights}


def advised(report: model.Report) -> dict[str, str]:
    assert len({each.repository for each in report.advice}) == len(report.advice)
    return {each.repository.partition("/")[2]: each.action for each in report.advice}


def test_the_top_of_a_profile_is_read_in_its_order() -> None:
    owner = Owner("User", "sample-owner", url=URL, name="Kim", bio="Bees", website="kim.dev", links=("https://a.b/",))
    home = make_repository(
        {"README.md": "# Hi\n\nI build models that listen to the hives of my town.\n"}, name="sample-owner"
    )
    minute = minute_of(home, owner=owner)
    assert [(sight.part, sight.status, sight.quote) for sight in minute.sights] == [
        ("name", "there", "Kim"),
        ("bio", "there", "Bees"),
        ("links", "there", "kim.dev"),
        ("readme", "weak", "I build models that listen to the hives of my town."),
    ]
    found = sights(minute)
    assert found["links"].said == "Website, and 1 further link"
    assert found["links"].url == "https://kim.dev"
    assert found["readme"].url == f"{URL}/sample-owner/blob/{HEAD}/README.md?plain=1#L3"


def test_what_is_not_there_is_missing_and_what_was_not_seen_is_unknown() -> None:
    assert {sight.status for sight in minute_of().sights} == {"missing"}
    hidden = minute_of(pins=None, unavailable={"links": "refused", "pinned": "refused", "profile_readme": "refused"})
    assert sights(hidden)["links"].status == sights(hidden)["readme"].status == "unknown"
    assert hidden.pins is None
    assert hidden.note == "refused"


def test_an_organisation_has_no_profile_readme_of_this_kind() -> None:
    minute = minute_of(owner=Owner("Organization", "sample-owner", url=URL))
    assert "readme" not in sights(minute)


def test_pins_are_shown_as_a_visitor_meets_them() -> None:
    link = "https://hive-bees.streamlit.app"
    app = project("hive", readme=f"{README}\nLive demo: {link}\n", description="Bees", language="Python")
    probes = {link: Probe(link, "live", "HTTP 200", "2026-01-15T12:00:00Z")}
    minute = minute_of(app, project("bare", readme=None), pins="hive bare gone other/thing", probes=probes)
    assert minute.pins is not None
    hive, bare, gone, other = minute.pins
    assert (hive.kind, hive.description, hive.language, hive.purpose) == ("substantial", "Bees", "Python", True)
    assert hive.opening == "Counts the bees in photographs of hives, so that keepers see losses early."
    assert hive.opening_url == f"{URL}/hive/blob/{HEAD}/README.md?plain=1#L3"
    assert (hive.demo, hive.demo_status) == (link, "live")
    assert (bare.readme, bare.purpose, bare.opening) == (False, False, "")
    assert (gone.kind, gone.words, gone.readme) == ("unread", "a repository that was not listed", None)
    assert (other.kind, other.url) == ("elsewhere", "https://github.example/other/thing")


def test_without_pins_it_is_said_what_is_shown_instead() -> None:
    minute = minute_of(project("hive"))
    assert minute.pins == ()
    assert "popular" in minute.note


def test_a_single_repository_has_no_profile() -> None:
    report = report_of(project("hive"), scope="repository", mode="local")
    assert (report.first_minute, report.advice, report.activity) == (None, (), None)


def test_what_the_fields_of_the_profile_lack_is_said_of_them_alone() -> None:
    """A link may well stand in the profile README."""
    assert sights(minute_of())["links"].said == "The profile’s own fields hold no website and no other link"


# --- advice


def test_the_strongest_project_that_is_not_pinned_is_to_be_featured() -> None:
    strong = project("strong", readme=f"{README}\n## Run\n\n```sh\npip install -r requirements.txt\n```\n")
    report = report_of(strong, project("weak"), pins="weak")
    assert advised(report)["strong"] == "feature"
    found = next(each for each in report.advice if each.action == "feature")
    assert "the strongest of 2" in found.reason
    alike = report_of(project("weak"), project("alike")).advice
    assert [each.action for each in alike] == ["feature", "feature"]
    assert not any("strongest" in each.reason for each in alike), "their scores are the same"
    assert "feature" not in advised(report_of(project("weak"), pins="weak")).values()


def test_what_a_visitor_had_better_not_meet_is_said_before_a_project_is_featured() -> None:
    leak = project("b", code=CODE + 'URL = "mongodb+srv://kim:Hf7tR2qLz9wB@cluster0.x1y2z.mongodb.net/bees"\n')
    reasons = {each.repository: each.reason for each in report_of(project("a"), leak).advice}
    assert "; see to this first: at least one line looks like it holds a password" in reasons["sample-owner/b"]
    assert "see to this" not in reasons["sample-owner/a"]
    assert "; its README could hold more before that: 14 words" in reasons["sample-owner/a"]


def test_the_repository_of_the_profile_itself_is_left_alone() -> None:
    assert advised(report_of(project("sample-owner"), project("a"), pins="a")).get("sample-owner") is None


def test_a_fourth_project_needs_no_pin() -> None:
    assert "feature" not in advised(report_of(*map(project, "abcd"), pins="a b c")).values()


def test_a_project_that_lacks_little_is_to_be_improved_and_says_what() -> None:
    report = report_of(project("near", readme="# Near\n"), pins="")
    found = next(each for each in report.advice if each.repository.endswith("/near"))
    assert found.action == "improve"
    assert found.reason.startswith("lacks only a README at its root that states its purpose to be a substantial")


def test_a_project_far_from_it_and_one_that_was_not_read_are_left_alone() -> None:
    far = project("far", code=CODE.replace("torch", "colours"))
    unread = make_repository(None, name="unread")
    fixed = {fix.repository for fix in report_of(far, unread).fixes}
    assert set(advised(report_of(far, unread))) <= {name.partition("/")[2] for name in fixed if name}
    assert "unread" not in advised(report_of(far, unread))


def test_what_is_pinned_and_no_project_may_make_room() -> None:
    fork = make_repository({"x.py": "x = 1\n"}, record=make_record("f", fork=True, comparison=Comparison(0)))
    empty = make_repository(None, record=make_record("e", empty=True))
    found = advised(report_of(fork, empty, pins="f e"))
    assert found == {"f": "unpin", "e": "unpin"}


@pytest.mark.parametrize(
    ("made", "action"),
    [
        (make_repository({"x.py": "x = 1\n"}, name="bare"), "archive"),
        (make_repository({"x.py": "x = 1\n", "README.md": README}, name="told"), None),
        (make_repository(None, record=make_record("e", empty=True)), "archive"),
        (make_repository({f"week_{n}/homework.py": CODE for n in range(1, 5)}, name="course"), "archive"),
        (make_repository({"x.py": "x = 1\n"}, record=make_record("old", archived=True)), None),
        (make_repository({"x.py": "x = 1\n"}, name="dotfiles"), None),
        (make_repository({"x.py": "x = 1\n"}, name=".github"), None),
        (make_repository({"x.py": "x = 1\n"}, name="sample-owner.github.io"), None),
        (make_repository({"x.py": "x = 1\n"}, name="sample-owner"), None),
        (make_repository({"x.py": "x = 1\n"}, name="unsure", unread={"README.md": "missing"}), None),
        (make_repository(None, name="unread"), None),
        (make_repository({"x.py": "x = 1\n"}, record=make_record("f", fork=True)), None),
    ],
    ids=lambda value: value.record.name if isinstance(value, TreeRepository) else "",
)
def test_what_shows_nothing_may_be_archived(made: TreeRepository, action: str | None) -> None:
    assert advised(report_of(made)).get(made.record.name) == action


def test_words_on_a_tutorial_are_those_that_are_proven() -> None:
    followed = project("t", readme=README + "\nI followed the tutorial by Ada Sample.\n")
    found = next(each for each in report_of(followed).advice)
    assert found.action == "archive"
    assert found.reason.startswith("a repository that says it follows")


def test_nothing_is_featured_where_the_pins_were_not_seen() -> None:
    report = report_of(project("a"), pins=None, mode="anonymous", unavailable={"pinned": "no token"})
    assert not {"feature", "unpin"} & set(advised(report).values())


# --- activity


def test_quarters_are_named_and_the_running_one_is_marked() -> None:
    spans = (
        Quarter("2025-10-01T00:00:00Z", "2025-12-31T23:59:59Z", 7, 2, 0, 3, 0),
        Quarter("2026-01-01T00:00:00Z", "2026-01-15T12:00:00Z", None),
    )
    found = report_of(activity=Activity(spans)).activity
    assert found is not None
    assert [(each.label, each.running) for each in found.quarters] == [("Q4 2025", False), ("Q1 2026", True)]
    assert report_of(unavailable={"activity": "no token"}).activity == ActivityView(note="no token")


def quarter(
    label: str,
    commits: int | None = None,
    pulls: int | None = None,
    reviews: int | None = None,
    issues: int | None = None,
    *,
    running: bool = False,
) -> QuarterEntry:
    return QuarterEntry(label, "", "", commits, pulls, reviews, issues, 0, running=running)


def test_columns_are_as_tall_as_their_counts() -> None:
    made = columns(ActivityView((quarter("Q4 2025", 30, 10, 5, 5), quarter("Q1 2026", 0, 0, 0, 0, running=True))))
    assert [column.total for column in made] == ["50", "0"]
    assert made[0].commits + made[0].others == pytest.approx(HEIGHT, abs=0.2)
    assert (made[1].commits, made[1].others, made[1].below) == (0, 0, "so far")
    assert made[0].left + made[0].width < made[1].left


def test_what_was_not_counted_is_no_zero() -> None:
    made = columns(ActivityView((quarter("Q1 2026", None, None, None, None),)))
    assert (made[0].total, made[0].commits) == ("?", 0)
    assert columns(ActivityView()) == ()


def test_activity_and_advice_never_change_a_score() -> None:
    busy = Activity((Quarter("2025-10-01T00:00:00Z", "2025-12-31T23:59:59Z", 900, 9, 9, 9, 9),))
    with_it, without = report_of(project("a"), activity=busy), report_of(project("a"))
    assert (with_it.score, with_it.score_range) == (without.score, without.score_range)


# --- views


def test_the_page_says_all_of_it() -> None:
    page = prose(html.render(portfolio()))
    for words in (
        "The first minute",
        "No bio: one line there would say what is built",
        "Hello, I keep bees",
        "Its README says what it is for: “Says when a bee colony is about to swarm.”",
        "Leads to a running instance",
        "It has no README",
        "Whether its README says what it is for could not be read",
        "a fork is pinned".capitalize(),
        "+2.3 points",
        "Activity by quarter",
        "Q3 2026 so far 19 1 pull request, 0 reviews, 0 issues",
        "Q2 2026 ? could not be counted",
    ):
        assert words in page, words


def test_one_reason_for_many_is_said_once() -> None:
    page = prose(html.render(portfolio()))
    assert page.count("Few lines and no README") == 1
    assert "and 3 more" in page


def test_a_page_without_these_parts_says_nothing_of_them() -> None:
    bare = msgspec.structs.replace(portfolio(), first_minute=None, advice=(), activity=None)
    page = prose(html.render(bare))
    assert "The first minute" not in page
    assert "Activity by quarter" not in page
    assert "put away" not in page


def test_without_counts_the_page_says_why() -> None:
    report = msgspec.structs.replace(portfolio(), activity=ActivityView(note="not read without a token"))
    assert "Not shown here: not read without a token." in prose(html.render(report))


def test_where_nothing_was_counted_there_is_a_sentence_and_no_chart() -> None:
    still = ActivityView(tuple(quarter(f"Q{n} 2025", 0, 0, 0, 0) for n in range(1, 5)))
    page = html.render(msgspec.structs.replace(portfolio(), activity=still))
    assert "No public contribution was counted from Q1 2025 on." in prose(page)
    assert 'class="quarters"' not in page


def test_private_work_is_named_where_the_service_counts_it() -> None:
    spans = (QuarterEntry("Q1 2026", "", "", 3, 0, 0, 0, 40), QuarterEntry("Q2 2026", "", "", 1, 0, 0, 0, None))
    page = prose(html.render(msgspec.structs.replace(portfolio(), activity=ActivityView(spans))))
    assert "40 further contributions went to private repositories" in page


def test_the_text_has_it_in_short() -> None:
    shown = text.render(portfolio())
    flat = " ".join(shown.split())
    assert "name, bio: none, link field: not read, profile README (could say more); 5 pinned, 1 of them" in flat
    assert "Feature ada-invented/pollen; improve ada-invented/swarm;" in flat
    assert "archive ada-invented/tiny, ada-invented/small-0 and 4 more." in flat
    assert max(map(len, shown.splitlines())) <= 80


words = st.text(max_size=12)
maybe = st.none() | words
counts = st.none() | st.integers(0, 10**12)
entries = st.builds(QuarterEntry, words, words, words, counts, counts, counts, counts, counts, st.booleans())
pins = st.builds(
    PinnedView, words, words, words, maybe, maybe, maybe, st.none() | st.booleans(), st.none() | st.booleans(), words,
    maybe, maybe, maybe,
)  # fmt: skip
seen = st.builds(
    Sight,
    st.sampled_from(["name", "bio", "links", "readme"]),
    st.sampled_from(["there", "weak", "missing", "unknown"]),
    words,
    words,
    maybe,
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.builds(
        FirstMinute,
        st.lists(seen, max_size=4).map(tuple),
        st.none() | st.lists(pins, max_size=3).map(tuple),
        words,
    ),
    st.lists(
        st.builds(Advice, words, st.sampled_from(["feature", "improve", "unpin", "archive"]), words, maybe), max_size=4
    ).map(tuple),
    st.builds(ActivityView, st.lists(entries, max_size=4).map(tuple), words),
)
def test_any_profile_can_be_shown(minute: FirstMinute, advice: tuple[Advice, ...], activity: ActivityView) -> None:
    report = msgspec.structs.replace(portfolio(), first_minute=minute, advice=advice, activity=activity)
    assert html.render(report).rstrip().endswith("</html>")
    assert text.render(report).endswith("\n")
    assert model.decode(model.encode(report)) == report or any("\ud800" <= char <= "\udfff" for char in repr(report))
