"""Posts of blogs, whatever builds the site; and what lies among posts or looks like them and is none."""

import json
from typing import Any

import pytest

from portfolio_audit.facts.blog import Blog
from portfolio_audit.testing import make_tree

WORDS = "We measured how the model hears a swarm, and most of what we tried first was wrong in an instructive way. " * 5
MATTER = "---\ntitle: Hearing swarms with Python\ndate: 2024-05-06\n---\n\n" + WORDS


def blog(files: Any, **options: Any) -> Any:
    return Blog.distil(make_tree(files, **options))


def notebook(*cells: tuple[str, str]) -> str:
    return json.dumps({"cells": [{"cell_type": kind, "source": text} for kind, text in cells], "nbformat": 4})


SITES = {
    "Jekyll": ({"_config.yml": "title: x"}, "_posts/2024-05-06-hearing-swarms.md"),
    "Jekyll in a folder": ({"site/_config.yml": "title: x"}, "site/_posts/2024/2024-05-06-hearing-swarms.markdown"),
    "Hexo": ({"_config.yml": "title: x"}, "source/_posts/hearing-swarms.md"),
    "Hugo": ({"hugo.toml": ""}, "content/posts/hearing-swarms/index.md"),
    "Hugo, by language": ({"config/_default/hugo.yaml": ""}, "content/en/blog/hearing-swarms.md"),
    "Quarto": ({"_quarto.yml": "project:\n  type: website\n"}, "posts/hearing-swarms/index.qmd"),
    "Astro": ({"astro.config.mjs": ""}, "src/content/blog/hearing-swarms.mdx"),
    "Docusaurus": ({"docusaurus.config.ts": ""}, "blog/2024-05-06-hearing-swarms.md"),
    "MkDocs": ({"mkdocs.yml": "plugins: [blog]"}, "docs/blog/posts/hearing-swarms.md"),
    "Eleventy": ({".eleventy.js": ""}, "src/posts/hearing-swarms.md"),
    "Gatsby": ({"gatsby-config.js": ""}, "content/blog/hearing-swarms/index.md"),
    "Next.js": ({"next.config.mjs": ""}, "data/blog/hearing-swarms.mdx"),
    "Pelican": ({"pelicanconf.py": ""}, "content/hearing-swarms.md"),
    "Nikola": ({"conf.py": "POSTS = ()"}, "posts/hearing-swarms.md"),
}


@pytest.mark.parametrize(("files", "path"), SITES.values(), ids=SITES.keys())
def test_a_post_is_found_with_its_title_line_and_date(files: Any, path: str) -> None:
    found = blog({**files, path: MATTER})
    assert [post.technical for post in found.posts] == [True]
    post = found.posts[0]
    assert (post.title, post.date) == ("Hearing swarms with Python", "2024-05-06")
    assert (post.location.path, post.location.line) == (path, 2)


@pytest.mark.parametrize(
    "head",
    [
        '+++\ntitle = "Hearing swarms"\ndate = 2024-05-06T10:00:00Z\n+++\n',
        "Title: Hearing swarms\nDate: 2024-05-06 10:00\nCategory: code\n",
        ".. title: Hearing swarms\n.. date: 2024-05-06 10:00:00 UTC\n",
        "---\r\ntitle: 'Hearing swarms'\r\npubDate: 2024/5/6\r\n---\r\n",
        "---\ntitle: Hearing swarms\npublished_at: 2024-05-06\ntags:\n  - bees\n---\n",
    ],
)
def test_every_kind_of_front_matter_is_read(head: str) -> None:
    post = blog({"hugo.toml": "", "content/posts/a.md": f"{head}\n{WORDS}"}).posts[0]
    assert (post.title, post.date) == ("Hearing swarms", "2024-05-06")


@pytest.mark.parametrize("title", ["[Python] Lists of lists", "Lists [part 2]", "It's a list"])
def test_a_title_is_kept_as_it_is(title: str) -> None:
    text = MATTER.replace("Hearing swarms with Python", f'"{title}"')
    assert blog({"_config.yml": "", "_posts/2024-05-06-a.md": text}).posts[0].title == title


def test_notebooks_are_posts_too() -> None:
    quarto = notebook(("raw", "---\ntitle: Counting bees\ndate: 2023-01-02\n---"), ("code", "import torch"))
    fast = notebook(("markdown", '# "Counting bees"\n- toc: true'), ("markdown", WORDS), ("code", "import torch"))
    assert blog({"_quarto.yml": "", "posts/bees/index.ipynb": quarto}).posts[0].date == "2023-01-02"
    post = blog({"_config.yml": "", "_action_files/x.sh": "", "_notebooks/2023-01-02-bees.ipynb": fast}).posts[0]
    assert (post.title, post.date, post.technical) == ('"Counting bees"'.strip('"'), "2023-01-02", True)


NO_POSTS = {
    "documentation": ({"mkdocs.yml": ""}, "docs/guide/install.md", MATTER),
    "a site of documentation": ({"docusaurus.config.js": ""}, "docs/intro.md", MATTER),
    "a theme's example": ({"hugo.toml": ""}, "exampleSite/content/posts/a.md", MATTER),
    "a list of posts": ({"hugo.toml": ""}, "content/posts/_index.md", MATTER),
    "the page that lists them": ({"_quarto.yml": ""}, "posts/index.qmd", MATTER),
    "no generator": ({"README.md": "# x"}, "posts/a.md", MATTER),
    "a data set of posts": ({"train.py": "import torch"}, "data/posts/2024-05-06-a.md", MATTER),
    "a test": ({"_config.yml": ""}, "tests/_posts/2024-05-06-a.md", MATTER),
    "a package": ({"_config.yml": ""}, "node_modules/x/_posts/2024-05-06-a.md", MATTER),
}


@pytest.mark.parametrize(("files", "path", "text"), NO_POSTS.values(), ids=NO_POSTS.keys())
def test_what_is_no_post_is_not_counted(files: Any, path: str, text: str) -> None:
    found = blog({**files, path: text})
    assert found is None or found.posts == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("2024-05-06-welcome-to-jekyll.md", MATTER),
        ("2024-05-06-hello.md", MATTER.replace("Hearing swarms with Python", "My First Post")),
        ("2024-05-06-filler.md", MATTER + "\n\nLorem ipsum dolor sit amet.\n"),
        ("2024-05-06-first.md", "---\ntitle: x\n---\n\nYou'll find this post in your `_posts` directory. " + WORDS),
    ],
)
def test_what_came_with_the_theme_is_a_sample(name: str, text: str) -> None:
    found = blog({"_config.yml": "", f"_posts/{name}": text})
    assert (found.posts, found.samples) == ((), 1)


@pytest.mark.parametrize("mark", ["draft: true", "published: false", "status: draft"])
def test_a_draft_is_not_published(mark: str) -> None:
    found = blog({"_config.yml": "", "_posts/2024-05-06-a.md": MATTER.replace("title:", f"{mark}\ntitle:")})
    assert (found.posts, found.drafts) == ((), 1)


def test_a_diary_is_not_technical() -> None:
    walk = "---\ntitle: By the river\n---\n\n" + "We walked by the river, ate apples and watched the rain come in. " * 9
    found = blog({"_config.yml": "", "_posts/2024-05-06-river.md": walk})
    assert [post.technical for post in found.posts] == [False]


def test_a_post_in_another_language_is_technical_by_its_terms() -> None:
    text = "---\ntitle: 用深度学习识别蜂群\n---\n\n" + "我们在三个蜂箱里放了麦克风,记录了一整个夏天的声音。 " * 60
    assert blog({"_config.yml": "", "_posts/2024-05-06-a.md": text}).posts[0].technical


def test_a_theme_is_named_so_that_its_own_pages_can_be_told() -> None:
    found = blog({"quiet-theme.gemspec": "", "_config.yml": "", "_posts/2024-05-06-a.md": MATTER})
    assert found.theme == "quiet-theme"


def test_links_to_repositories_are_kept() -> None:
    text = MATTER + "\nCode: https://github.com/Ada/Bees.git and https://github.com/sponsors/ada\n"
    assert blog({"_config.yml": "", "_posts/2024-05-06-a.md": text}).posts[0].repositories == ("ada/bees",)


def test_the_source_and_what_was_made_of_it_are_one_post() -> None:
    files = {"hugo.toml": "", "content/post/a.Rmd": MATTER, "content/post/a.md": MATTER}
    assert len(blog(files).posts) == 1


def test_notes_are_told_by_the_title_of_their_readme() -> None:
    notes = {f"python/note-{n}.md": f"# Slicing a list {n}\n\n{WORDS}" for n in range(6)}
    found = blog({"README.md": "# Today I Learned\n\nNotes.\n", **notes})
    assert (found.generator, len(found.posts)) == ("notes", 6)
    assert blog({"README.md": "# Bees\n", **notes}) is None


def test_published_pages_are_read_by_the_feed_beside_them() -> None:
    feed = "<rss><channel><item><title>Counting bees with Python</title></item></channel></rss>"
    found = blog({"index.html": "<html>", "index.xml": feed})
    assert [(post.technical, post.location.path) for post in found.posts] == [(True, "index.xml")]
    assert blog({"index.xml": feed}) is None
    sample = feed.replace("Counting bees with Python", "Hello World")
    assert blog({"index.html": "<html>", "feeds/all.atom.xml": sample}) is None


def test_newest_first_and_never_too_many() -> None:
    files = {f"_posts/20{n:02}-01-02-bees.md": MATTER.replace("date: 2024-05-06\n", "") for n in range(1, 99)}
    found = blog({"_config.yml": "", **files})
    assert (len(found.posts), found.left) == (60, 38)
    assert found.posts[0].date == "2098-01-02"


def test_unread_posts_are_said() -> None:
    found = blog({"_config.yml": "", "_posts/2024-05-06-a.md": MATTER}, unread={"_posts/2024-05-07-b.md": "too large"})
    assert (len(found.posts), found.incomplete) == (1, "1 of 2 posts")


@pytest.mark.parametrize(
    "text",
    ["---\n" * 50_000, "---\n" + "a: b\n" * 100_000, "\x00" * 90_000, "---\ntitle: " + "x" * 200_000, "=" * 200_000],
)
def test_hostile_posts_cost_little_and_break_nothing(text: str) -> None:
    found = blog({"_config.yml": "", "_posts/2024-05-06-a.md": text})
    assert all(len(post.title) <= 120 for post in found.posts)
