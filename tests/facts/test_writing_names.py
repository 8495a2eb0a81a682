"""Whose an address is. The names are invented."""

import pytest

from portfolio_audit.facts.writing_names import author_of, carries, squeeze

NAMES = frozenset(("adalovebee", "adaexampleton"))


@pytest.mark.parametrize(
    ("url", "author", "feed"),
    [
        ("https://medium.com/@ada.lovebee/bees-1a2b", "ada.lovebee", "https://medium.com/feed/@ada.lovebee"),
        ("https://adalovebee.medium.com/bees-1a2b", "adalovebee", "https://adalovebee.medium.com/feed"),
        ("https://dev.to/adalovebee", "adalovebee", "https://dev.to/feed/adalovebee"),
        ("https://bees.substack.com/p/x", "bees", "https://bees.substack.com/feed"),
        ("https://ada.hashnode.dev/x", "ada", "https://ada.hashnode.dev/rss.xml"),
        ("https://zenn.dev/ada/articles/x", "ada", "https://zenn.dev/ada/feed"),
        ("https://habr.com/ru/users/ada/", "ada", "https://habr.com/ru/rss/users/ada/posts/"),
        ("https://huggingface.co/blog/ada/bees", "ada", None),
        ("https://ada.github.io/bees", "ada", None),
        ("https://open.substack.com/pub/bees/p/x", "bees", "https://bees.substack.com/feed"),
    ],
)
def test_the_author_of_a_platform_and_their_feed(url: str, author: str, feed: str | None) -> None:
    found = author_of(url)
    assert found is not None
    assert (found.name, found.feed) == (author, feed)


@pytest.mark.parametrize(
    "url",
    [
        "https://towardsdatascience.com/counting-bees-3c4d",
        "https://medium.com/some-publication/bees-1a2b",
        "https://medium.com",
        "https://www.medium.com/",
        "https://dev.to/t/python",
        "https://bees.org/ada",
        "https://huggingface.co/blog/how-to-generate",
        "https://help.medium.com/x",
        "not an address",
        "https://medium.com/@" + "../" * 40,
        "https://dev.to/" + "a" * 500,
    ],
)
def test_nobody_is_named_by_a_publication_or_an_unknown_site(url: str) -> None:
    assert author_of(url) is None


@pytest.mark.parametrize(
    ("url", "theirs"),
    [
        ("https://medium.com/@adalovebee", True),
        ("https://adalovebee.com/posts/x", True),
        ("https://blog.ada-exampleton.net", True),
        ("https://adaexampleton.github.io", True),
        ("https://medium.com/@other/adalovebee", False),
        ("https://other.com/adalovebee", False),
        ("https://towardsdatascience.com/adalovebee", False),
        ("https://ada.com", False),
        ("https://lovebee.adala.com", False),
    ],
)
def test_an_address_carries_a_name_only_where_the_owner_of_it_stands(url: str, theirs: bool) -> None:
    assert carries(url, NAMES) is theirs


def test_names_are_compared_without_accents_and_marks() -> None:
    assert squeeze("Ada  Exámpleton-Ñu") == "adaexampletonnu"
