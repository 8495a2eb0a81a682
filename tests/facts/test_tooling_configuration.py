"""Bounded reading of configuration: ordinary files are read, blow-up shapes are refused at once."""

from typing import Any

import pytest

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.configuration import line_of, parse_json, parse_toml, parse_yaml, walk


def laughs(levels: Any, width: Any, merge: Any = False) -> Any:
    lines = ["a0: &a0 {x: 1}" if merge else "a0: &a0 [x]"]
    for level in range(1, levels):
        uses = ", ".join([f"*a{level - 1}"] * width)
        lines.append(f"a{level}: &a{level} {{<<: [{uses}]}}" if merge else f"a{level}: &a{level} [{uses}]")
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        laughs(9, 9),
        laughs(7, 7, merge=True),
        laughs(4, 4, merge=True),
        "[" * 2_000,
        "- " * 2_000 + "x",
        "\n".join(f"k{n}: v" for n in range(15_000)),
        "---\n" * 100 + "x",
        "x" * 300_000,
        "a: &a [*a, *b]",
        "'unclosed",
        "\x00",
        "a: 2001-99-99",
        "? [a, b]\n: {[c]: d}\n? {x: y}\n: z",
        "i: " + "9" * 6_000,
    ],
)
def test_yaml_that_would_hurt_or_is_broken_is_refused_with_a_reason(text: Any) -> None:
    with pytest.raises(Unavailable) as refused:
        parse_yaml(text)
    assert refused.value.reason


def test_yaml_tags_are_read_as_what_they_stand_on_and_never_acted_upon() -> None:
    text = "a: !!python/object/apply:os.system ['echo no']\nb: !Ref Name\nc: !reference [x, y]\nd: !env {k: v}\n"
    assert parse_yaml(text) == [{"a": ["echo no"], "b": "Name", "c": ["x", "y"], "d": {"k": "v"}}]


def test_ordinary_anchors_and_merges_are_read() -> None:
    text = "base: &base\n  image: bees\none:\n  <<: *base\n  port: 1\n---\nsecond: true\n"
    assert parse_yaml(text) == [{"base": {"image": "bees"}, "one": {"image": "bees", "port": 1}}, {"second": True}]


def test_a_value_that_holds_itself_is_walked_once() -> None:
    (document,) = parse_yaml("a: &a\n  b: *a\n  c: text\n")
    assert [value for _, value in walk(document) if isinstance(value, str)] == ["text"]


def test_walking_shared_values_costs_what_was_written() -> None:
    (document,) = parse_yaml(laughs(5, 9))
    assert sum(1 for _ in walk(document)) < 500


@pytest.mark.parametrize(
    "text",
    [
        *("a = [" * 1_000, "a = " + "[" * 5_000, "a = " + "9" * 10_000, "=", "x" * 300_000),
        *("a" + ".a" * 100_000 + " = 1", "[a" + ".a" * 100_000 + "]", "x = {a" + ".a" * 100_000 + " = 1}"),
    ],
)
def test_toml_that_would_hurt_or_is_broken_is_refused(text: Any) -> None:
    with pytest.raises(Unavailable):
        parse_toml(text)


@pytest.mark.parametrize("text", ["[" * 100_000, "{", "NaN", "1" * 300_000])
def test_json_that_would_hurt_or_is_broken_is_refused(text: Any) -> None:
    with pytest.raises(Unavailable):
        parse_json(text)


def test_the_line_of_a_command_of_several_lines_is_its_first() -> None:
    text = "jobs:\r\n  run: |\r\n    make\r\n    pytest -q\r\n"
    assert line_of(text, "\n  pytest -q\n  more") == 4
    assert line_of(text, "absent") is None


@pytest.mark.parametrize("step", ["run: pytest", "- run: pytest", "pytest", '- run: "pytest"'])
def test_the_line_of_a_command_is_not_the_one_that_installs_it(step: Any) -> None:
    assert line_of(f"steps:\n  - run: pip install pytest\n  {step}\n", "pytest") == 3
    assert line_of("steps:\n  - run: poetry run pytest -q\n", "pytest") == 2
