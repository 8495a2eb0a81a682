"""Feeds: what is read of honest ones, and that hostile ones cost little and say nothing."""

import json

import pytest

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.feed_text import ENTRY_LIMIT, parse_feed

DATE = "<pubDate>Mon, 06 May 2024 10:00:00 GMT</pubDate>"
ITEM = f"<item><title>Hearing swarms</title><link>https://bees.net/a</link>{DATE}{{}}</item>"
RSS = '<?xml version="1.0" encoding="iso-8859-1"?>\n<rss version="2.0"><channel><title>Bees</title>{}</channel></rss>'
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>Bees</title><author><name>Ada Invented</name></author>'
    '<entry><title type="html">Hearing &lt;b&gt;swarms&lt;/b&gt;</title><link rel="self" href="https://bees.net/self"/>'
    '<link href="https://bees.net/a"/><published>2024-05-06T10:00:00Z</published><category term="ml"/>'
    '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>It hums.</p><pre>x</pre></div></content>'
    "</entry></feed>"
)


def test_rss_is_read() -> None:
    body = (
        "<description>&lt;p&gt;It hums. &lt;code&gt;x&lt;/code&gt; https://github.com/Ada/Bees&lt;/p&gt;</description>"
    )
    feed = parse_feed(RSS.format(ITEM.format(f"<category>audio</category>{body}")))
    entry = feed.entries[0]
    assert (feed.title, feed.complete, entry.title, entry.url) == ("Bees", True, "Hearing swarms", "https://bees.net/a")
    assert (entry.date, entry.tags, entry.code, entry.repositories) == ("2024-05-06", ("audio",), True, ("ada/bees",))
    assert entry.opening == "It hums. x https://github.com/Ada/Bees"


def test_atom_is_read() -> None:
    feed = parse_feed(ATOM)
    entry = feed.entries[0]
    assert feed.authors == ("Ada Invented",)
    assert (entry.title, entry.url, entry.date) == ("Hearing swarms", "https://bees.net/a", "2024-05-06")
    assert (entry.tags, entry.code, entry.opening) == (("ml",), True, "It hums. x")


def test_json_feed_is_read() -> None:
    item = {"title": "Hearing swarms", "url": "https://bees.net/a", "date_published": "2024-05-06", "tags": ["ml", 3]}
    feed = parse_feed(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Bees", "items": [item, 7]}))
    assert [(entry.title, entry.date, entry.tags) for entry in feed.entries] == [
        ("Hearing swarms", "2024-05-06", ("ml", "3"))
    ]


def test_what_was_read_before_the_end_broke_off_counts() -> None:
    feed = parse_feed(RSS.format(ITEM.format("") * 3)[:-50], cut=True)
    assert (len(feed.entries), feed.complete) == (2, False)


def test_many_entries_are_cut() -> None:
    feed = parse_feed(RSS.format(ITEM.format("") * 500))
    assert (len(feed.entries), feed.complete) == (ENTRY_LIMIT, False)


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><rss>&c;</rss>'


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        '<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss><channel/></rss>',
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "http://127.0.0.1/">]><rss><channel><item><title>&x;</title></item></channel></rss>',
        "<html><body>no feed</body></html>",
        "",
        "{}",
        "{" * 100_000,
        "[" * 100_000,
        "<" * 100_000,
        "<rss>" + "<a>" * 100_000,
        "plain text",
        "<rss><channel><item><title>&undefined;</title></item></channel></rss>",
    ],
)
def test_what_is_hostile_or_no_feed_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(Unavailable) as caught:
        parse_feed(text)
    assert 0 < len(caught.value.reason) < 100


def test_text_of_a_feed_is_one_clean_short_line() -> None:
    title = "a\u202eb\u200bc&#10;d &amp;lt;script&amp;gt;" + "x" * 900
    entry = parse_feed(RSS.format(f"<item><title>{title}</title><link>javascript:alert(1)</link></item>")).entries[0]
    assert entry.title.startswith("abc d ")
    assert "\u202e" not in entry.title
    assert len(entry.title) <= 160
    assert entry.url is None


def test_another_vocabulary_does_not_speak_for_the_entry() -> None:
    media = '<m:title xmlns:m="http://search.yahoo.com/mrss/">picture.png</m:title>'
    assert (
        parse_feed(RSS.format(f"<item>{media}<title>Hearing swarms</title></item>")).entries[0].title
        == "Hearing swarms"
    )


def test_a_date_that_is_none_is_left_out() -> None:
    for stated in ("yesterday", "2024-99-99", "Mon, 99 Foo 99999 99:99:99", "9" * 500):
        assert (
            parse_feed(RSS.format(f"<item><title>x</title><pubDate>{stated}</pubDate></item>")).entries[0].date is None
        )
