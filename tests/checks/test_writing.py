"""The two checks on technical writing, asked as an audit would ask them. All people are invented."""

from typing import Any

import pytest

from portfolio_audit.api import Outcome
from portfolio_audit.snapshot import Feed, FeedEntry, Owner, Snapshot
from portfolio_audit.testing import Files, make_portfolio, make_record, make_repository, run_check

WORDS = "The hives were quiet in winter and so was the code that listens to them, until the microphones froze. " * 6
SITE: Files = {"_config.yml": "title: Bees\n", "index.md": "# Bees\n"}
CODE = "".join(f"def part_{n}(size):\n    return size * {n}\n" for n in range(200))


def post(number: int, title: str = "Training a model on bee sounds", text: str = WORDS) -> dict[str, str]:
    return {f"_posts/2024-0{number}-11-bees-{number}.md": f"---\ntitle: {title} {number}\n---\n\n{text}\n"}


def blog(*posts: dict[str, str], **extra: str) -> dict[str, Any]:
    files: dict[str, Any] = dict(SITE) | extra
    for each in posts:
        files |= each
    return files


def answer(
    check: str = "writing-own",
    repositories: dict[str, Files | None] | None = None,
    *,
    feeds: dict[str, Feed] | None = None,
    unavailable: dict[str, str] | None = None,
    records: dict[str, dict[str, Any]] | None = None,
    **owner: Any,
) -> Outcome:
    who = Owner(**{"kind": "User", "login": "sample-owner", "name": "Ada Invented", **owner})
    snapshot = Snapshot(
        mode="authenticated", scope="portfolio", owner=who, feeds=feeds or {}, unavailable=unavailable or {}
    )
    made = [
        make_repository(files, record=make_record(name, **(records or {}).get(name, {})))
        for name, files in (repositories or {}).items()
    ]
    return run_check(check, portfolio=make_portfolio(made, snapshot=snapshot))


def feed(*titles: str, **fields: Any) -> Feed:
    entries = tuple(
        FeedEntry(title, f"https://x.example-blog.net/p/{n}-{len(title)}") for n, title in enumerate(titles)
    )
    return Feed(
        "https://medium.com/feed/@sample-owner", "read", "read", "2026-01-15T12:00:00Z", None, (), entries, **fields
    )


@pytest.mark.parametrize(("count", "status", "score"), [(3, "passed", 1.0), (2, "partial", 0.8), (1, "partial", 0.6)])
def test_posts_in_a_repository_are_counted_and_shown(count: int, status: str, score: float) -> None:
    outcome = answer(repositories={"bees-blog": blog(*(post(n) for n in range(1, count + 1)))})
    assert (outcome.status, outcome.score) == (status, score)
    assert str(count) in outcome.summary
    first = outcome.evidence[0]
    assert first.path == f"_posts/2024-0{count}-11-bees-{count}.md"
    assert (first.line, first.repository) == (2, "sample-owner/bees-blog")
    assert f"(2024-0{count}-11)" in first.note


def test_no_writing_says_what_was_searched() -> None:
    outcome = answer(repositories={"bees": {"bees.py": CODE}, "hives": {"README.md": "# Hives\n"}})
    assert outcome.status == "failed"
    assert outcome.searched == "the profile and the READMEs and posts of 2 repositories"


def test_a_blog_with_nothing_but_samples_says_so() -> None:
    outcome = answer(repositories={"blog": blog(post(1, "Hello world", "This is a sample post. " + WORDS))})
    assert outcome.status == "failed"
    assert outcome.summary.endswith("1 sample, draft or stub left out")


def test_a_diary_is_writing_but_not_technical() -> None:
    walk = "We walked along the river and ate apples under the old bridge until the rain came back to us. " * 6
    outcome = answer(repositories={"walks": blog(post(1, "A walk by the river", walk))})
    assert (outcome.status, outcome.score) == ("partial", 0.3)


def test_a_feed_of_their_own_counts_and_one_of_another_does_not() -> None:
    place = "https://medium.com/@sample-owner"
    read = feed("Fine-tuning on bee sounds", "Three ways to lose data", "What my data pipeline taught me")
    assert answer(feeds={place: read}, website=place).status == "passed"
    foreign = "https://great-company.example-corp.com"
    assert answer(feeds={foreign: read}, website=foreign).status == "unknown"


def test_a_site_whose_feed_names_them_is_theirs() -> None:
    place = "https://the-quiet-hive.net"
    read = feed("Fine-tuning on bee sounds", "Three ways to lose data", "What my data pipeline taught me")
    signed = Feed(read.url, "read", "read", read.checked_at, "The quiet hive", ("Ada Invented",), read.entries)
    assert answer(feeds={place: signed}, website=place).status == "passed"


def test_a_site_without_a_feed_was_searched() -> None:
    place = "https://sample-owner.dev"
    outcome = answer(feeds={place: Feed(place, "absent", "no feed", "2026-01-15T12:00:00Z")}, website=place)
    assert outcome.status == "failed"
    assert outcome.searched is not None
    assert outcome.searched.endswith("1 site without a feed")


@pytest.mark.parametrize("state", ["unknown", "refused"])
def test_a_feed_that_could_not_be_read_is_unknown(state: Any) -> None:
    place = "https://medium.com/@sample-owner"
    outcome = answer(feeds={place: Feed(place, state, "timed out", "2026-01-15T12:00:00Z")}, website=place)
    assert outcome.status == "unknown"
    assert "timed out" in outcome.summary


def test_links_that_were_not_opened_matter_only_if_there_is_a_place_to_read() -> None:
    closed = {"probes": "links were not opened (--no-probe)"}
    assert answer(unavailable=closed).status == "failed"
    outcome = answer(unavailable=closed, website="https://dev.to/sample-owner")
    assert outcome.status == "unknown"
    assert "--no-probe" in outcome.summary


def test_what_is_certain_is_kept_where_the_rest_is_unknown() -> None:
    outcome = answer(repositories={"blog": blog(post(1), post(2)), "lost": None}, website="https://dev.to/sample-owner")
    assert (outcome.status, outcome.at_least) == ("unknown", 0.8)


@pytest.mark.parametrize("titles", [(), ("Fine-tuning",), ("Fine-tuning", "SQL", "Docker"), ("A walk",)])
@pytest.mark.parametrize("check", ["writing-own", "writing-projects"])
def test_unplugging_a_feed_or_a_repository_only_widens(check: str, titles: tuple[str, ...]) -> None:
    place = "https://medium.com/@sample-owner"
    linked = post(1, "Listening to hives", f"The code is at https://github.com/sample-owner/bees. {WORDS}")
    whole: dict[str, Files | None] = {"blog": blog(linked), "bees": {"a.py": CODE}, "wax": {"a.py": CODE}}

    def span(feeds: dict[str, Feed], repositories: dict[str, Files | None]) -> tuple[float, float]:
        outcome = answer(check, repositories, feeds=feeds, website=place)
        score = outcome.score if outcome.score is not None else 0.0
        return (outcome.at_least, 1.0) if outcome.status == "unknown" else (score, score)

    read = {place: feed(*titles)}
    for lost in ((), ("blog",), ("bees",), ("blog", "bees", "wax")):
        parts = {name: None if name in lost else files for name, files in whole.items()}
        low, high = span(read, parts)
        for feeds in ({}, {place: Feed(place, "unknown", "timed out", "2026-01-15T12:00:00Z")}):
            assert span(feeds, parts)[0] <= low
            assert span(feeds, parts)[1] >= high
        for name in whole.keys() - set(lost):
            assert span(read, {**parts, name: None})[0] <= low
            assert span(read, {**parts, name: None})[1] >= high


def test_a_reference_to_an_article_of_another_is_not_theirs() -> None:
    text = (
        "# Bees\n\nBased on [this article](https://medium.com/@other/bees-1a2b) and, as explained in\n"
        "[Counting bees](https://towardsdatascience.com/counting-bees-3c4d), with thanks.\n"
    )
    assert answer(repositories={"bees": {"README.md": text, "a.py": CODE}}).status == "failed"


@pytest.mark.parametrize(
    "line",
    [
        "I wrote about it on [Medium](https://medium.com/@buzz/bees-1a2b).",
        "My article: [Counting bees](https://towardsdatascience.com/counting-bees-3c4d)",
        "Escribí un [artículo](https://medium.com/@zumbido/abejas-1a2b) sobre este proyecto.",
    ],
)
def test_an_own_article_in_a_readme_counts_and_explains_the_project(line: str) -> None:
    portfolio: dict[str, Files | None] = {"bees": {"README.md": f"# Bees\n\n{line}\n", "a.py": CODE}}
    assert (answer(repositories=portfolio).status, answer(repositories=portfolio).score) == ("partial", 0.6)
    outcome = answer("writing-projects", portfolio)
    assert outcome.status == "passed"
    assert "sample-owner/bees" in outcome.summary
    assert (outcome.evidence[0].path, outcome.evidence[0].line) == ("README.md", 3)


def test_an_article_under_their_name_says_that_there_may_be_more() -> None:
    line = "[Counting bees](https://medium.com/@sample-owner/counting-bees-3c4d)"
    outcome = answer(repositories={"bees": {"README.md": f"# Bees\n\n{line}\n", "a.py": CODE}})
    assert (outcome.status, outcome.at_least) == ("unknown", 0.6)


def test_a_post_that_links_to_a_project_explains_it() -> None:
    linked = post(1, "Listening to hives", f"The code is at https://github.com/Sample-Owner/bees. {WORDS}")
    outcome = answer("writing-projects", {"blog": blog(linked), "bees": {"a.py": CODE}})
    assert outcome.status == "passed"
    assert "sample-owner/bees" in outcome.summary


def test_posts_that_explain_no_project_say_so() -> None:
    outcome = answer("writing-projects", {"blog": blog(post(1)), "wax": {"a.py": CODE}})
    assert outcome.status == "failed"
    assert outcome.searched == "1 post or article"


def test_articles_known_by_title_alone_are_no_proof_of_absence() -> None:
    place = "https://medium.com/@sample-owner"
    outcome = answer("writing-projects", feeds={place: feed("Fine-tuning on sounds")}, website=place)
    assert outcome.status == "unknown"


def test_without_any_writing_nothing_is_asked_of_it() -> None:
    assert answer("writing-projects").status == "not_applicable"


@pytest.mark.parametrize("check", ["writing-own", "writing-projects"])
def test_a_folder_is_not_asked(check: str) -> None:
    assert answer(check, kind="Folder").status == "not_applicable"


@pytest.mark.parametrize("check", ["writing-own", "writing-projects"])
def test_hostile_posts_and_links_change_nothing(check: str) -> None:
    files = blog(
        {"_posts/2024-01-01-a.md": "---\n" + "a: [" * 20_000},
        {"_posts/2024-01-02-b.md": "\x00" * 50_000},
        {"_posts/2024-99-99-c.ipynb": "[" * 100_000},
        **{"README.md": "[my article](https://medium.com/@" + "a" * 5000 + ")\n" * 200},
    )
    outcome = answer(check, {"bees": files}, website="https://[bad", bio="see http://" + "a." * 4000)
    assert outcome.status in ("partial", "unknown", "not_applicable")
    assert outcome.status != "partial" or outcome.score == 0.3


def test_posts_that_were_not_read_are_not_called_older_where_names_tell_no_date() -> None:
    posts = [{f"content/post/bees-{n:03}.md": f"---\ntitle: Training a model {n}\n---\n\n{WORDS}"} for n in range(70)]
    site = {"config.toml": "title = 'Bees'\n", **{path: said for each in posts for path, said in each.items()}}
    outcome = answer(repositories={"bees-blog": site})
    assert outcome.status == "passed"
    assert outcome.summary.endswith("10 further posts not read")
