"""Plain words of Markdown lines: what a reader reads, on the line it stands on, and hostile text stalls nothing."""

import pytest

from portfolio_audit.facts.excerpt import fenced_lines, plain_lines, quote


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("### Hi **there**", "Hi there"),
        ("- [hive](https://a.example/b) counts `bees`", "hive counts bees"),
        ("1. first", "first"),
        ("> - quoted", "quoted"),
        ("[![badge](https://b.example)](https://c.example) text", "text"),
        ("<h1 align='center'>Kim &amp; bees</h1>", "Kim & bees"),
        ("see https://a.example/x for more", "see for more"),
        ("[name]: https://a.example", ""),
        ("---", ""),
        ("┣━━ uvtrick", "uvtrick"),
        (":seedling: growing", "growing"),
        ("three-part 2.5 names_of things", "three-part 2.5 names_of things"),
    ],
)
def test_a_line_is_what_a_reader_reads(line: str, words: str) -> None:
    assert plain_lines(line) == [words]


def test_what_is_not_shown_is_cut_out_and_lines_keep_their_numbers() -> None:
    text = (
        "one\n<!-- a\nb\n--->two\n<img\n alt='some words'\n src='x'>three\n<style>\n.a { b }\n</style>\nfour\n<!-- open"
    )
    assert [(number, line) for number, line in enumerate(plain_lines(text), 1) if line] == [
        (1, "one"),
        (4, "two"),
        (7, "three"),
        (11, "four"),
    ]


def test_code_blocks_are_known_by_their_lines() -> None:
    assert fenced_lines("a\n```python\nb\n```\nc\n~~~\nd") == {2, 3, 4, 6, 7}


def test_a_quote_is_cut_at_a_word() -> None:
    text = "# Title\n\n" + "word " * 80
    assert quote(text, 3, most=20) == "word word word word…"
    assert quote('> "Just draw."', 1) == "Just draw."
    assert quote(text, None) == quote(text, 0) == quote(text, 99) == ""
    assert len(quote("x" * 900, 1, most=50)) == 50


@pytest.mark.parametrize(
    "piece",
    [
        "<a",
        "<!--",
        "[",
        "](",
        "![",
        "[a](",
        "#",
        "- ",
        "\n",
        ":a",
        "&",
        "<style>",
        "</style>",
        "[a]: ",
        "<a " + "x" * 1990,
    ],
)
def test_hostile_text_stalls_nothing(piece: str) -> None:
    assert sum(map(len, plain_lines((piece * 50_000)[:50_000]))) <= 50_000
