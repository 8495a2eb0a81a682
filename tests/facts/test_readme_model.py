"""The section classifier: its weights file, its answers on plain cases, and what a hostile README costs it."""

from math import sqrt

import pytest

from portfolio_audit.facts.readme_features import GROUPS, extract
from portfolio_audit.facts.readme_model import (
    CLASSES,
    SIZE,
    SectionModel,
    decode_model,
    encode_model,
    section_model,
)
from portfolio_audit.facts.readme_parts import PART_LIMIT, Part, find_parents, measure, plain_heading
from portfolio_audit.facts.readme_sections import kind_of


def part(heading: str, body: str = "", level: int = 2) -> Part:
    return Part(heading, "#" * level + " " + heading, level, body.split("\n"))


HIVE = (
    part("Hive counter", "Counts the bees at the entrance of a hive from a video, so that a keeper sees a swarm.", 1),
    part("Installation", "```bash\npip install hive\n```"),
    part("Usage", "```bash\npython -m hive count garden.mp4\n```"),
    part("Contributing", "Pull requests are welcome. Please open an issue first."),
    part("License", "MIT"),
    part("Roadmap", "- [ ] night video\n- [ ] wasps"),
)


def classify(parts: tuple[Part, ...]) -> list[tuple[str, ...]]:
    return [tuple(found) for found in section_model().classify(parts, [kind_of(each.heading) for each in parts], "en")]


class TestAnswers:
    @pytest.mark.parametrize(
        ("place", "expected"), [(0, "what"), (1, "how"), (2, "how"), (3, "contribution"), (4, "who"), (5, "when")]
    )
    def test_plain_sections_are_told_apart(self, place: int, expected: str) -> None:
        assert expected in classify(HIVE)[place]

    def test_every_part_gets_a_class(self) -> None:
        strange = (part(""), part("…", "…"), part("\ud800", "\x00"), part("x" * 5_000, "y" * 100_000, 6))
        assert [len(found) >= 1 for found in classify(strange)] == [True] * 4

    def test_no_part_gives_no_answer(self) -> None:
        assert classify(()) == []


class TestModel:
    def test_a_file_gives_back_the_model_it_was_made_of(self) -> None:
        model = section_model()
        assert decode_model(encode_model(model)) == model

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"portfolio-audit sections 0\n"])
    def test_another_file_is_refused(self, content: bytes) -> None:
        with pytest.raises(ValueError, match="section weights"):
            decode_model(content)

    def test_a_score_is_the_sum_of_products(self) -> None:
        model = section_model()
        for features in extract(HIVE, [None] * len(HIVE), "en"):
            for index, score in enumerate(model.score(features)):
                wanted = model.bases[index]
                for weight, group in zip(model.groups, features, strict=True):
                    for place in group:
                        root = model.columns[index][place] - 128
                        wanted += weight / sqrt(len(group)) * model.scales[index] * root * abs(root)
                assert score == pytest.approx(wanted)

    def test_what_passes_no_threshold_gets_the_best_class(self) -> None:
        flat = bytes([128]) * SIZE
        bases = [-1.0, -0.5, -0.2, -1.0, -1.0, -1.0, -1.0, -1.0]
        model = SectionModel((flat,) * len(CLASSES), [1.0] * 8, bases, [1.0] * len(GROUPS), [0.0] * 8)
        assert model.classify(HIVE[:1], [None], None) == [("how",)]


class TestParts:
    @pytest.mark.parametrize(
        ("source", "text"),
        [
            ("## Quick *start* ##", "Quick *start*"),
            ("# [Hive](https://hive.example) ![build](https://ci.example/b.svg)", "Hive !build"),
            ("### <a name='x'></a>API", "API"),
        ],
    )
    def test_a_heading_is_its_text(self, source: str, text: str) -> None:
        assert plain_heading(source) == text

    def test_a_part_stands_under_the_last_higher_heading(self) -> None:
        assert find_parents([1, 2, 3, 3, 2, 1, 4]) == [-1, 0, 1, 1, 0, -1, 5]

    def test_marks_are_counted(self) -> None:
        seen = measure(
            part("Run", "Call `x`.\n\n- [docs](https://d.example/a)\n\n```sh\npip install x\n```\n\n![p](p.png)")
        )
        assert (seen.items, seen.blocks, seen.commands, seen.pictures, seen.links, seen.inline) == (1, 1, 1, 1, 2, 1)
        assert seen.sites == ["d.example", "local"]


class TestHostile:
    @pytest.mark.parametrize(
        "body",
        [
            "[" * 200_000,
            "<" * 200_000,
            "[a](" * 60_000,
            "http://" * 40_000,
            "`" * 200_000,
            "\u202e" * 50_000,
            "a" * 262_144,
        ],
        ids=["brackets", "tags", "links", "addresses", "ticks", "bidi", "one line"],
    )
    def test_a_blow_up_costs_what_its_first_letters_cost(self, body: str) -> None:
        seen = measure(part(body, "\n".join([body] * 3)))
        assert (len(seen.heading), len(seen.words), len(seen.code), len(seen.sites)) <= (20, 120, 30, 20)
        assert len(classify((part(body, body), part("x", "\n".join([body] * 3))))) == 2

    def test_thousands_of_headings_cost_what_three_hundred_cost(self) -> None:
        found = classify(tuple(part(f"x{number}", "text", 1 + number % 6) for number in range(4_000)))
        assert len(found) == 4_000
        assert set(found[PART_LIMIT:]) == {("none",)}
