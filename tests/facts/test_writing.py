"""Where writing is looked for, and whose it is. All people are invented."""

from typing import Any

import pytest

from portfolio_audit.facts.writing import Writing
from portfolio_audit.facts.writing_feeds import places_to_read
from portfolio_audit.facts.writing_places import find_addresses
from portfolio_audit.snapshot import Comparison, Owner, Snapshot
from portfolio_audit.testing import Files, make_portfolio, make_record, make_repository

WORDS = "The hives were quiet in winter and so was the code that listens to them, until the microphones froze. " * 6
CODE = "".join(f"def part_{n}(size):\n    return size * {n}\n" for n in range(200))
LOGIN = "sample-owner"


def portfolio(
    repositories: dict[str, Files | None] | None = None,
    records: dict[str, dict[str, Any]] | None = None,
    **owner: Any,
) -> Any:
    who = Owner(**{"kind": "User", "login": LOGIN, "name": "Ada Invented", **owner})
    made = [
        make_repository(files, record=make_record(name, **(records or {}).get(name, {})))
        for name, files in (repositories or {}).items()
    ]
    return make_portfolio(made, snapshot=Snapshot(mode="authenticated", scope="portfolio", owner=who))


def urls(*arguments: Any, **options: Any) -> list[str]:
    return [address.url for address in find_addresses(portfolio(*arguments, **options))]


def post(title: str = "Training a classifier on bee sounds", author: str = "", more: str = "") -> str:
    return f"---\ntitle: {title}\n{f'author: {author}' if author else ''}\n---\n\n{WORDS}{more}\n"


def pieces(*arguments: Any, **options: Any) -> Any:
    found = portfolio(*arguments, **options).fact(Writing)
    return [(piece.title, piece.about) for piece in found.pieces]


@pytest.mark.parametrize(
    "fields",
    [
        {"website": "medium.com/@ada-writes"},
        {"links": ("https://dev.to/ada-writes",)},
        {"bio": "I listen to bees. I write at https://bees.substack.com, sometimes."},
        {"website": "https://sampleowner.dev"},
        {"website": "https://ada-invented.com/"},
    ],
)
def test_the_profile_names_places(fields: Any) -> None:
    assert len(urls(**fields)) == 1
    assert len(places_to_read(portfolio(**fields))) == 1


@pytest.mark.parametrize(
    "address",
    [
        "https://www.linkedin.com/in/ada",
        "https://twitter.com/ada",
        "https://some-network.social/@sample-owner",
        "https://www.kaggle.com/ada",
        "https://github.com/other",
        "https://www.youtube.com/@ada",
    ],
)
def test_accounts_on_networks_are_no_writing(address: str) -> None:
    assert urls(website=address, links=(address,)) == []


PROFILE = """# Hi, I am Ada

I write at [Bees and bits](https://bees.substack.com). Find me on [LinkedIn](https://linkedin.com/in/ada).

## Latest blog posts

- [Counting bees with a cheap camera](https://towardsdatascience.com/counting-bees-1a2b)

## Credits

The badges are explained in [this article](https://medium.com/@somebody-else/badges-3c4d).
"""


@pytest.mark.parametrize("stored", [True, False])
def test_the_profile_readme_claims_its_lists_and_places(stored: bool) -> None:
    found = urls({LOGIN: {"README.md": PROFILE}}) if stored else urls(profile_readme=PROFILE)
    assert found == ["https://bees.substack.com", "https://towardsdatascience.com/counting-bees-1a2b"]


def test_an_author_page_under_another_name_is_a_doubt_until_its_feed_speaks() -> None:
    readme: dict[str, Files | None] = {
        "bees": {"README.md": "# Bees\n\nMore on Medium - https://medium.com/@buzz29\n", "a.py": CODE}
    }
    assert [(each.url, each.own) for each in find_addresses(portfolio(readme))] == [
        ("https://medium.com/@buzz29", False)
    ]
    assert places_to_read(portfolio(readme)) == ("https://medium.com/@buzz29",)


def test_titled_pages_of_their_own_site_are_articles() -> None:
    text = (
        "# Hi\n\n- [How it hears](https://sample-owner.com/hive-hearing/)\n- [CV](https://sample-owner.com/contact)\n"
    )
    assert urls(profile_readme=text) == ["https://sample-owner.com/hive-hearing/"]


def test_the_page_of_a_project_is_no_writing() -> None:
    text = "# Hi\n\n- [Hive counter](https://sample-owner.github.io/hive-counter/)\n- [Me](https://sample-owner.github.io)\n"
    assert urls(profile_readme=text) == ["https://sample-owner.github.io"]


def test_a_heading_that_says_open_source_credits_nobody() -> None:
    text = "# Ada\n\n## Open source builder\n\n[Medium](https://medium.com/@ada.bee.2011)\n"
    assert urls(profile_readme=text) == ["https://medium.com/@ada.bee.2011"]


def test_a_homepage_is_theirs_by_its_name_only() -> None:
    records = {
        "bees": {"homepage": "https://sample-owner.hashnode.dev/bees"},
        "wax": {"homepage": "https://medium.com/@other/wax-1a2b"},
    }
    assert urls({"bees": {}, "wax": {}}, records) == ["https://sample-owner.hashnode.dev/bees"]


def test_a_blog_of_the_profile_vouches_for_its_articles_elsewhere() -> None:
    line = "See [how it hears](https://medium.com/@ada-writes/how-it-hears-1a2b) and https://bees.net/posts/wings."
    readme: dict[str, Files | None] = {"bees": {"README.md": f"# Bees\n\n{line}\n", "a.py": CODE}}
    assert urls(readme) == []
    assert len(urls(readme, website="https://medium.com/@ada-writes")) == 2


def test_articles_named_in_a_tutorials_copy_are_not_theirs() -> None:
    article = "My article: https://medium.com/@tutor/bees-1a2b"
    readme = f"# Bees\n\nI followed the tutorial by Ada Tutor to build this.\n\n{article}\n"
    assert urls({"bees": {"README.md": readme, "a.py": CODE}}) == []


def test_a_blog_in_a_repository_needs_no_feed() -> None:
    blog: Files = {"_config.yml": "", "_posts/2024-01-02-a.md": post()}
    site = "https://sample-owner.github.io"
    assert places_to_read(portfolio({f"{LOGIN}.github.io": blog}, website=site)) == ()
    assert places_to_read(portfolio({"bees": blog}, website=f"{site}/bees/")) == ()
    assert places_to_read(portfolio({"bees": {}}, website=site)) == (site,)


def test_of_a_fork_only_the_posts_that_they_changed_are_theirs() -> None:
    blog: Files = {
        "_config.yml": "",
        "_posts/2024-01-02-a.md": post("Python one"),
        "_posts/2024-01-03-b.md": post("SQL"),
    }
    fields = {"fork": True, "comparison": Comparison(2, ("_posts/2024-01-03-b.md",))}
    assert pieces({"theme": blog}, {"theme": fields}) == [("SQL", None)]
    assert pieces({"theme": blog}, {"theme": {"fork": True}}) == []


def test_the_pages_of_a_theme_are_not_posts_of_its_maker() -> None:
    blog: Files = {"_config.yml": "", "_posts/2024-01-02-a.md": post(), "quiet-hive.gemspec": ""}
    assert pieces({"quiet-hive": blog}) == []
    assert len(pieces({f"{LOGIN}.github.io": blog})) == 1
    forked = {"fork": True, "comparison": Comparison(1, ("_posts/2024-01-02-a.md",))}
    assert len(pieces({"quiet-hive": blog}, {"quiet-hive": forked})) == 1


def test_posts_that_others_signed_in_full_are_not_theirs() -> None:
    files: Files = {"_config.yml": "", "_posts/2024-01-02-a.md": post("Python one", "Fred Q. Sample")}
    assert pieces({"starter": files}) == []
    for handle in ("admin", "adabee", "Ada I.", ""):
        assert len(pieces({"starter": {**files, "_posts/2024-01-02-a.md": post("Python one", handle)}})) == 1


def test_a_site_in_the_profile_readme_is_a_doubt_until_its_feed_speaks() -> None:
    text = (
        "# Hi\n\n- Website: [the-quiet-hive.net](https://the-quiet-hive.net)\n- Uses [Hivegen](https://hivegen.org)\n"
    )
    found = find_addresses(portfolio(profile_readme=text))
    assert [(address.url, address.own) for address in found] == [("https://the-quiet-hive.net", False)]
    assert places_to_read(portfolio(profile_readme=text)) == ("https://the-quiet-hive.net",)


def test_posts_signed_by_others_are_theirs_alone() -> None:
    files: Files = {
        "_config.yml": "",
        "_posts/2024-01-02-a.md": post("Python one", "Ada Invented"),
        "_posts/2024-01-03-b.md": post("SQL two", "Somebody Else"),
        "_posts/2024-01-04-c.md": post("Docker three"),
    }
    assert {title for title, _ in pieces({"club": files})} == {"Python one", "Docker three"}


def test_the_same_post_in_two_places_is_one_piece() -> None:
    blog: Files = {"_config.yml": "", "_posts/2024-01-02-counting.md": post("Counting bees with Python")}
    readme: Files = {
        "README.md": "# Bees\n\nMy article: [Counting bees with Python](https://bees.net/blog/counting)\n",
        "a.py": CODE,
    }
    assert pieces({"blog": blog, "bees": readme}) == [("Counting bees with Python", f"{LOGIN}/bees")]


@pytest.mark.parametrize(
    ("title", "more", "about"),
    [
        ("Python notes", "https://github.com/Sample-Owner/hive-sounds", f"{LOGIN}/hive-sounds"),
        ("How hive-sounds hears with Python", "", f"{LOGIN}/hive-sounds"),
        ("Python notes", "https://github.com/sample-owner/an-older-one", f"{LOGIN}/an-older-one"),
        ("Python notes", "https://github.com/other/thing", None),
        ("Python notes", "The source of this site: https://github.com/sample-owner/blog", None),
        ("Python notes", "https://gist.github.com/sample-owner/0123456789abcdef01234567", None),
        ("Python and bees", "", None),
    ],
)
def test_what_a_post_is_about(title: str, more: str, about: str | None) -> None:
    blog: Files = {"_config.yml": "", "_posts/2024-01-02-a.md": post(title, more=more)}
    assert pieces({"blog": blog, "hive-sounds": {"a.py": CODE}, "bees": {"a.py": CODE}}) == [(title, about)]


def test_what_is_about_a_project_of_theirs_is_technical() -> None:
    walk = "We walked by the river, ate apples and watched the rain come in. " * 9
    blog: Files = {"_config.yml": "", "_posts/2024-01-02-a.md": f"---\ntitle: By the river\n---\n\n{walk}"}
    assert not portfolio({"blog": blog}).fact(Writing).technical
    linked = {**blog, "_posts/2024-01-02-a.md": f"{blog['_posts/2024-01-02-a.md']!s} https://github.com/{LOGIN}/bees"}
    assert len(portfolio({"blog": linked, "bees": {"a.py": CODE}}).fact(Writing).technical) == 1


def test_an_organisations_own_site_is_its_own() -> None:
    found = portfolio(kind="Organization", login="hive-tools", name="Hive Tools", website="https://bees.net")
    assert [address.own for address in find_addresses(found)] == [True]


def test_what_could_not_be_read_is_said() -> None:
    assert portfolio({"bees": None}).fact(Writing).incomplete == "1 repository could not be read whole"
    assert portfolio({"bees": None}, {"bees": {"empty": True}}).fact(Writing).incomplete is None
