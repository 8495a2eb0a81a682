"""Markdown and its relatives taken apart: the right lines, and no hostile shape that takes long."""

import time
from typing import Any

import pytest

from portfolio_audit.facts.dialects import to_markdown
from portfolio_audit.facts.markup import parse_markdown

TEXT = """---
title: Hive
sdk: gradio
---
# Hive *counter*

Counts bees, see https://hive.fly.dev.
![Chart](docs/day.png "x")

<p align="center">
  <a href="https://hive.org"><img src="docs/raw.png" alt="raw"></a>
</p>

Setext title
------------

- one `pip install hive`

- two
  ```sh
  hive count
  ```

| a | b |
|---|---|
| [cell](https://c.org) | 1 |

<h2 align="center">Raw <b>heading</b></h2>
tail
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_blocks_links_and_pictures_stand_on_their_lines(newline: Any) -> None:
    markup = parse_markdown(TEXT.replace("\n", newline))
    headings = [(block.text, block.line, block.level) for block in markup.blocks if block.kind == "heading"]
    assert headings == [("Hive counter", 5, 1), ("Setext title", 14, 2), ("Raw heading", 28, 2)]
    assert [(link.url, link.line) for link in markup.links] == [
        ("https://hive.fly.dev", 7),
        ("https://hive.org", 11),
        ("https://c.org", 26),
    ]
    assert [(picture.source, picture.line) for picture in markup.pictures] == [
        ("docs/day.png", 8),
        ("docs/raw.png", 11),
    ]
    assert [(code.text, code.line) for code in markup.codes] == [("pip install hive", 17)]
    code = next(block for block in markup.blocks if block.kind == "code")
    assert (code.text, code.line, code.end_line, code.language) == ("hive count", 20, 22, "sh")
    assert markup.blocks[-1].text == "tail"
    assert "sdk: gradio" in markup.front


def test_text_around_a_link_and_its_section_are_kept() -> None:
    markup = parse_markdown("# Hive\n\n## Demo\n\nTry it [here](https://hive.org), it is free.\n")
    (link,) = markup.links
    assert (link.before, link.after, markup.heading(link.section)) == ("Try it", ", it is free.", "Demo")


DIALECTS = {
    ".rst": """Hive
====

Counts bees, see `the page <https://hive.org>`__.

.. image:: day.png
   :alt: chart

Usage
-----

.. code:: bash

   hive count

End.
""",
    ".adoc": """= Hive

Counts bees, see https://hive.org[the page].

image::day.png[chart]

== Usage

----
hive count
----
""",
    ".org": """* Hive

Counts bees, see [[https://hive.org][the page]].

[[file:day.png]]

** Usage

#+BEGIN_SRC sh
hive count
#+END_SRC
""",
}


@pytest.mark.parametrize("suffix", DIALECTS)
def test_other_formats_say_the_same_on_the_same_lines(suffix: Any) -> None:
    text = DIALECTS[suffix]
    lines = text.split("\n")
    rewritten = to_markdown(text, suffix)
    assert rewritten.count("\n") == text.count("\n")
    markup = parse_markdown(rewritten)
    for block in markup.blocks:
        if block.kind == "heading":
            assert block.text in lines[block.line - 1]
    assert [block.text for block in markup.blocks if block.kind == "heading"] == ["Hive", "Usage"]
    assert [(link.url, link.text) for link in markup.links] == [("https://hive.org", "the page")]
    assert "https://hive.org" in lines[markup.links[0].line - 1]
    assert "day.png" in lines[markup.pictures[0].line - 1]
    assert next(block for block in markup.blocks if block.kind == "code").text.strip() == "hive count"


@pytest.mark.parametrize(
    "text", ["====\nA\n====\n", ".. code::\n", ".. image:: x", "A\n===", "a::\n", ".. |x| image:: y\n   :target: z\n"]
)
def test_rst_that_ends_in_the_middle_keeps_its_lines(text: Any) -> None:
    assert to_markdown(text, ".rst").count("\n") == text.count("\n")


N = 256 * 1024
SHAPES = {
    "quotes": ">" * N,
    "spaced quotes": "> " * (N // 2),
    "brackets": "[" * N,
    "divs": "<div>" * (N // 5),
    "lists": "<ul><li>" * (N // 8),
    "unknown elements": "<x>" * (N // 3),
    "tables in links": "<a href=x><table><tr><td>" * 9_000,
    "stars": "*a " * (N // 3),
    "backticks": "".join("`" * n + " " for n in range(700)),
    "short rows": "|a|b|\n|-|-|\n" + "|x\n" * 40_000,
    "references": "[a]: http://" + "x" * 1_000 + "\n\n" + "[a] " * 50_000,
    "nested list": "".join(" " * (2 * n) + "- x\n" for n in range(500)),
    "links": "[a](http://b.c)" * 15_000,
    "headings": "# a\n" * 60_000,
    "comments": "<!--" * 60_000,
    "footnotes": "".join(f"[^{n}]" for n in range(20_000)) + "\n\n" + "".join(f"[^{n}]: x\n" for n in range(10_000)),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_no_shape_blows_up(shape: Any) -> None:
    """The bound is two orders of magnitude below what the deep shapes cost without one (306 CPU seconds)."""
    before = time.process_time()
    markup = parse_markdown(SHAPES[shape])
    assert time.process_time() - before < 4
    assert len(markup.blocks) <= 4_001
    assert len(markup.links) <= 1_000
