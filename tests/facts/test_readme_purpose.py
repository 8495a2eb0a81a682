"""Which lines of a README say what the project is, and which only stand before them."""

from typing import Any

import pytest

from portfolio_audit.facts.readme import Readme
from portfolio_audit.facts.readme_purpose import is_aside
from portfolio_audit.testing import make_tree


def purpose(text: str) -> int | None:
    readme: Any = Readme.distil(make_tree({"README.md": text, "a.py": "x = 1\n"}))
    return readme.purpose.line if readme and readme.purpose else None


ASIDES = [
    "Author: Ada Winters, MSc. Organization: Hive Lab. Website: www.hive.example",
    "Developed by Hive Lab (Institute of Bees and Flowers) of Meadow University",
    "**Docente:** Ada Winters",
    "作者：冬天",
    "Can take up to 50 seconds to start on the free plan, patience please",
    "> [!WARNING]\n> Still being written, expect changes here",
    "If you like the course, don't forget to star this repository.",
    "You can find the tutorial for this on the channel.",
    "Click here to open it in your browser now",
    "Elegí FastAPI como framework porque es la herramienta que mejor conozco.",
    "Escolhi o FastAPI porque é a ferramenta com a qual tenho mais familiaridade.",
    "I chose Flask as a framework because I know it best.",
    "To deactivate the environment when done:",
    "You need to install `pngquant`, then run:",
    "pip install -r requirements.txt",
    "hive up --blocking --port 80",
    "A[Raw data (CSV)] --> B[Load step: load_data] --> C[Train step]",
    "## [NEW] The second edition of the code is now live!",
]
INNOCENT = [
    "Created by the hive team, this app detects swarms from photos and warns the keeper.",
    "Note: this app predicts when a swarm leaves.",
    "I chose this project to learn how swarms can be predicted from sound.",
    "We decided to use sound to detect swarms before they leave the hive.",
    "Thanks to sound, a swarm is known two days before it leaves.",
    "Download videos of hives and count the bees in them.",
    "Run bee counters on your own machine, offline and without an account.",
    "Visit the hives of a city on a map with their honey yields.",
    "If you like honey, this shows which keepers near you sell it.",
    "You can find the nearest keeper by the taste of a honey.",
    "Update hives from the terminal with one word.",
    "Clone of a well-known bee game, written in Rust.",
    "make bees visible on every frame of a video",
    "A new way to count bees: by their sound.",
    "Team of small models that count bees together.",
]


class TestAsides:
    @pytest.mark.parametrize("aside", ASIDES)
    def test_an_aside_is_passed_over_for_what_follows(self, aside: str) -> None:
        text = f"# Hive\n\n{aside}\n\nCounts the bees at the entrance of a hive from a video.\n"
        assert purpose(text) == text.split("\n").index("Counts the bees at the entrance of a hive from a video.") + 1

    @pytest.mark.parametrize("aside", ASIDES)
    def test_alone_it_says_nothing_of_the_project(self, aside: str) -> None:
        assert purpose(f"# Hive\n\n{aside.splitlines()[0]}\n") is None

    @pytest.mark.parametrize("text", INNOCENT)
    def test_what_only_begins_alike_is_innocent(self, text: str) -> None:
        assert not is_aside(text)
        assert purpose(f"# Hive\n\n{text}\n") == 3

    def test_an_occasion_gives_way_to_a_description(self) -> None:
        occasion = "# Hive\n\nThis was created during my time at Meadow School.\n"
        assert purpose(occasion) == 3
        assert purpose(occasion + "\nCounts the bees at the entrance of a hive.\n") == 5


class TestPlaces:
    def test_a_notice_above_the_title_does_not_hide_what_is_below_it(self) -> None:
        text = "### Moved: see the new hive\n\n# Tutorials on bees\n\nIn these tutorials we count bees with a camera.\n"
        assert purpose(text) == 5

    def test_a_sentence_right_below_the_title_describes_whatever_words_it_uses(self) -> None:
        assert purpose("# Hive\n\n## Build 12 bee counters with one camera\n\nLearn it.\n") == 3
        assert purpose("# Hive\n\n## How to build and run the counter\n\n`hive`\n") is None

    def test_a_line_of_sponsors_in_small_print_begins_no_section(self) -> None:
        text = "# Hive\n\n##### Sponsored by the meadow\n\nCounts the bees at the entrance of a hive.\n"
        assert purpose(text) == 5

    def test_people_are_not_the_purpose(self) -> None:
        assert purpose("# Hive\n\n## Contributors\n\nMany people of the meadow helped with this.\n") is None

    def test_how_to_cite_the_project_is_no_description_of_it(self) -> None:
        assert purpose("# Hive\n\n## Citing the project\n\nUse this entry in your papers, please do.\n") is None

    def test_a_project_that_speaks_of_itself_is_heard_wherever_it_does(self) -> None:
        news = "# Hive v3\n\n## Changelog\n\n- a\n\n# Hive v2\n\n## Changelog\n\n- b\n\n## More\n\n- c\n\n"
        assert purpose(news + "This action counts the bees of your hive.\n") == 17
        assert purpose(news + "This action requires the camera of your hive.\n") is None

    def test_an_unusual_heading_is_recognised_by_what_stands_under_it(self) -> None:
        text = (
            "# Hive\n\n## Getting started\n\nInstall it with `pip install hive`.\n\n## Usage\n\n`hive count`\n\n"
            "## Setup\n\nSet `HIVE_HOME`.\n\n## Bees, everywhere\n\n"
            "Hive is a simple tool that counts bees in a video and draws a chart for the keeper.\n"
        )
        assert purpose(text) == 17

    def test_text_below_a_table_of_badges_is_found(self) -> None:
        badge = "![b](https://img.shields.io/badge/a-b-blue)"
        text = f"# Hive\n\n| | |\n| --- | --- |\n| Code | {badge} |\n<div></div>\n\nCounts the bees of a hive.\n"
        assert purpose(text) == 8

    def test_a_table_of_contents_is_none(self) -> None:
        text = "# Hive\n\n- [Counting the bees of a hive](#a)\n- [Drawing the day as a chart](#b)\n"
        assert purpose(text) is None


class TestHostile:
    @pytest.mark.parametrize(
        "text",
        [
            "[" * 50_000,
            "# " + "a" * 262_144,
            "note: " * 40_000,
            "--" * 100_000,
            "# x\n\n" + "By: \u202e" * 20_000,
            "cd " * 80_000,
        ],
        ids=["brackets", "one line", "labels", "dashes", "bidi", "commands"],
    )
    def test_any_text_has_an_answer(self, text: str) -> None:
        assert purpose(text) in (None, 1, 3)
