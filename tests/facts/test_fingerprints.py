"""Fingerprints stay the same under what a copyist changes, and their cost stays in bounds."""

from time import process_time

import pytest

from portfolio_audit.facts.fingerprints import WINDOW, Fingerprint, K, steps
from portfolio_audit.facts.tutorial_index import decode, encode, shipped
from tests.facts import tutorials


@pytest.mark.parametrize("change", [tutorials.renamed, tutorials.relettered, tutorials.reformatted])
def test_names_numbers_strings_and_layout_do_not_matter(change: object) -> None:
    changed = change(tutorials.TUTORIAL)  # type: ignore[operator]
    assert changed != tutorials.TUTORIAL
    assert Fingerprint(changed).codes == Fingerprint(tutorials.TUTORIAL).codes


@pytest.mark.parametrize(
    ("one", "other"),
    [("x.fit(y)", "x.predict(y)"), ("len(x)", "sum(x)"), ("if x: y", "while x: y"), ("x + y", "x - y")],
)
def test_what_the_code_does_matters(one: str, other: str) -> None:
    assert Fingerprint(one).codes != Fingerprint(other).codes


@pytest.mark.parametrize(
    "dropped",
    [
        "# a comment",
        "import os",
        "from os import (\n    path,\n    sep,\n)",
        '"""A docstring."""',
        "import os, sys # x",
    ],
)
def test_imports_comments_and_docstrings_say_nothing(dropped: str) -> None:
    assert Fingerprint(dropped + "\n").codes == []


def test_imported_names_are_kept_and_others_are_not() -> None:
    known = Fingerprint("from bees import swarm\nx = swarm(y)").codes
    assert known != Fingerprint("from bees import hive\nx = swarm(y)").codes
    assert Fingerprint("x = swarm(y)").codes == Fingerprint("a = b(c)").codes


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("const a = b.map((x) => x * 2)", "const rows = list.map((n) => n * 7)", True),
        ("x.map(y)", "x.filter(y)", False),
        ("<div className='a'>", "<span className='a'>", False),
        ("<p id={a}>", "<p key={a}>", False),
        ("f(`a ${b} c`) // x", "g('d')", True),
        ("/* a */ f(1)", "f(2)", True),
        ("import { a } from 'x';\na(b)", "import { a } from 'x';\nc(b)", False),
        ("const { a } = require('x');\na(b)", "const { a } = require('x');\nc(b)", False),
    ],
)
def test_scripts_keep_what_a_copyist_keeps(one: str, other: str, same: bool) -> None:
    assert (Fingerprint(one, "JavaScript").codes == Fingerprint(other, "JavaScript").codes) is same


def test_steps_are_those_of_three_names_after_dots() -> None:
    assert steps(b"a.x(1).y[2].z") == steps(b"other.x.y = q.z")
    assert len(steps(b"a.x.y.z.x.y.z")) == 3
    assert steps(b"a.x.y") == set()


def test_winnowing_keeps_a_gram_of_every_long_run() -> None:
    whole = Fingerprint(tutorials.TUTORIAL)
    kept = set(whole.winnowed())
    assert 0 < len(kept) < len(whole.grams) / 2
    covered = {token for start, gram in enumerate(whole.grams) if gram in kept for token in range(start, start + K)}
    assert len(covered) > 0.95 * len(whole.codes)


def test_the_labels_of_a_chart_keep_no_gram() -> None:
    chart = """
import matplotlib.pyplot as plt
fig, axes = plt.subplots(2, 1, figsize=(15, 12))
axes[0].plot(days, bees, color="red", linewidth=1)
axes[0].set_title("Bees", fontsize=14)
axes[0].set_xlabel("Day", fontsize=11)
axes[1].hist(bees, bins=30, alpha=0.7, edgecolor="black")
plt.xlabel("Bees")
plt.ylabel("Days")
plt.legend()
plt.tight_layout()
plt.show()
"""
    assert len(Fingerprint(chart).grams) > 60
    assert list(Fingerprint(chart).winnowed()) == []


def test_a_table_of_literals_keeps_no_gram() -> None:
    assert list(Fingerprint("x = [" + "1, 2, 3, " * 50 + "]").winnowed()) == []


def test_lines_are_those_of_the_tokens() -> None:
    ((first, last),) = Fingerprint("import os\n\nx = 1\ny = (2,\n     3)\n").lines(((0, 9),))
    assert (first, last) == (3, 5)


@pytest.mark.parametrize(
    "hostile",
    [
        '"""' * 20_000,
        "'" * 60_001,
        "(" * 60_000,
        "from x import (" * 5000,
        '"\\' * 30_000,
        ". " * 30_000,
        "\\'''" * 9000,
        "`" * 60_001,
        "/*" * 30_000,
        "</" * 30_000,
        "a-" * 30_000,
        "import {" * 9000,
        "import {\n" * 9000,
        "const a,\n" * 9000,
        "const a\n" * 9000,
        "x = 1" + "\n" * 200_000,
        "\t \x0b\u3000" * 50_000,
        "from a import (" + "\n" * 200_000,
    ],
)
@pytest.mark.parametrize("language", ["Python", "TypeScript"])
def test_hostile_text_costs_no_more_than_its_length(hostile: str, language: str) -> None:
    started = process_time()
    Fingerprint(hostile, language)
    steps(hostile.encode())
    assert process_time() - started < 5  # quadratic time would take minutes


def test_an_index_finds_what_was_put_in_and_nothing_else() -> None:
    made = decode(
        encode(
            {"a/one": "", "b/two": ""}, {7: (0,), 1 << 39: (0, 1), (1 << 39) + 1: (1,)}, {"ab" * 20: {1: 40}}, (5, 9)
        )
    )
    found = [(match.position, match.origin) for match in made.matches((7, 1 << 39, (1 << 39) + 1, 8, 0))]
    assert found == [(0, 0), (1, 0), (1, 1), (2, 1)]
    assert made.known({4, 5, 9, 13}) == 2
    assert (made.of_file("ab" * 20), made.of_file("ac" * 20)) == ({1: 40}, {})


@pytest.mark.parametrize("wrong", [b"", b"GIF89a", encode({"a/b": ""}, {1: (0,)}, {}, ())[:-1]])
def test_what_is_no_index_is_refused(wrong: bytes) -> None:
    with pytest.raises(ValueError, match=r"no index|cut short|item size"):
        decode(wrong)


def test_the_shipped_index_is_wide_enough_and_small() -> None:
    index = shipped()
    assert len(index.origins) >= 60
    assert len(set(index.origins)) == len(index.origins)
    assert all(len(origin.split("/")) == 2 for origin in index.origins)
    assert 100_000 < len(index) < 1_300_000


def test_grams_have_the_length_that_the_levels_were_measured_with() -> None:
    assert (K, WINDOW) == (20, 6)
