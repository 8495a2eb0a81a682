"""What text and addresses of others become before anybody sees them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_audit.report.plain import MOST_MARKS, plain, safe_url, short
from tests.golden.hostile import ADDRESSES

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@given(st.text(st.characters()))
def test_nothing_that_steers_a_terminal_or_a_page_is_left(text: str) -> None:
    shown = plain(text)
    assert not any(char in BIDI for char in shown)
    hidden = {unicodedata.category(char) for char in shown if char not in "\u200c\u200d"}
    assert not hidden & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert plain(shown) == shown


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("plain words, ünïcode, 字, 👩‍🚀", "plain words, ünïcode, 字, 👩‍🚀"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("a\r\nb\tc", "a  b c"),
        ("gpj.\u202eexe", "gpj.\\u202eexe"),
        ("a\u2028b\ufeff", "a\\u2028b\\ufeff"),
        ("\udce9", "\\udce9"),
    ],
)
def test_text_is_shown_as_it_is_and_the_rest_as_escapes(given_text: str, shown: str) -> None:
    assert plain(given_text) == shown


def test_lines_stay_where_they_are_wanted() -> None:
    assert plain("a\nb\x07", keep_lines=True) == "a\nb\\x07"


def test_no_tower_of_marks_reaches_the_lines_above() -> None:
    shown = plain("e" + "\u0301" * 50)
    assert sum(unicodedata.combining(char) > 0 for char in shown) == MOST_MARKS


@given(st.text(), st.integers(1, 50))
def test_a_cut_is_seen_and_holds(text: str, most: int) -> None:
    cut = short(text, most)
    assert len(cut) <= most
    assert cut == text or cut.endswith("…")


@pytest.mark.parametrize("url", ["https://example.org/a?b=1&c=2#L3", "http://example.org:8080/", "https://例え.jp/字"])
def test_an_honest_address_may_be_followed(url: str) -> None:
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "JAVASCRIPT://example.org/%0aalert(1)",
        "java\tscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//example.org",
        "example.org",
        "https://",
        "https://user@example.org/",
        "https://user:pass@example.org/",
        "https:\\\\example.org",
        "https://example.org\\@other.example",
        "https://example.org/\u202e",
        "https://example.org/a b",
        "http://[::1",
        "https://example.org/" + "a" * 2048,
    ],
)
def test_any_other_address_is_text(url: str | None) -> None:
    assert safe_url(url) is None


@pytest.mark.parametrize("url", ADDRESSES)
def test_what_may_be_followed_of_the_attacks_is_only_the_web(url: str) -> None:
    assert (safe_url(url) or "https://").startswith(("https://", "http://"))
