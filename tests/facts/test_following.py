"""What counts as saying that a project follows a tutorial, and what honest people write about own work."""

from time import process_time

import pytest

from portfolio_audit.facts.following import Following, what_it_follows
from portfolio_audit.testing import make_tree

FOLLOWS = [
    "I followed the tutorial by Ada Sample to build this.",
    "We used code from this tutorial: https://videos.example/watch?v=1",
    "This project is based on the Bees from Scratch course by Ada Sample.",
    "This app was built following a YouTube video.",
    "Built while following the Hive Academy course.",
    "This project follows along with the official quickstart.",
    "The code is from the YouTube video by Ada Sample.",
    "Based on this tutorial: https://lessons.example/bees",
    "I followed a step-by-step guide of Ada Sample.",
    "This project was made by following the video tutorial by Ada Sample.",
    "I coded along with the video by Ada Sample.",
    "We worked through the Hive Academy course.",
    "I followed this great blog post by Ada Sample.",
    "Built by following along with Ada Sample's bootcamp.",
    "The source code of this project comes from a bee tutorial.",
    "The code is taken from the course Bees from Scratch.",
    "Link to the tutorial I followed: https://lessons.example/bees",
    "It is my implementation of the tutorial by Ada Sample.",
    "This repository is a replica of the official quickstart.",
    "Hecho siguiendo el tutorial de Ada Sample.",
    "Este projeto foi feito seguindo o curso de Ada Sample.",
    "Um pequeno exemplo criado enquanto eu acompanhava o curso.",
    "J'ai suivi le tutoriel d'Ada Sample.",
    "Das Projekt entstand nach einem YouTube-Tutorial.",
    "这个项目基于官方教程。",
    "官方教程的部分代码复现",
    "This is a code from the Bee Blog that introduces hives.",
    "Code from https://github.com/invented-school/youtube_channel.git",
    "Built a small hive counter following Sample's tutorial to see how it works.",
    "Implemented the model while following along with the lectures of Ada Sample.",
    "All code is taken from https://github.com/invented-school/bee-lectures",
    "The source code comes from: https://github.com/bee-tutorials/hives",
]
INNOCENT = [
    "Inspired by the tutorial of Ada Sample.",
    "Thanks to Ada Sample, whose course taught me about bees.",
    "The data set is from the Bees from Scratch course.",
    "Follow the tutorial below to install it.",
    "To deploy it, I followed this tutorial on Docker.",
    "Final project of the Bees from Scratch course.",
    "This is my capstone project for the course.",
    "This repository is part of the course on bees.",
    "Project based on the cookiecutter template of the course.",
    "If you followed the course, you know this.",
    "See the tutorial for details.",
    "This project is based on a survey of three hundred hives.",
    "The recommender suggests courses and videos based on what people watched.",
    "We follow the guidelines of the course.",
    "A tutorial on counting bees.",
    "The code for the progress bar was adapted from a tutorial.",
    "The code for model building and training has been extracted from a bee tutorial.",
    "I followed the approach of this article.",
    "We followed the notation of the book.",
    "It follows the step-by-step guide for releases that the team wrote.",
    "We worked through the video footage of a hive.",
    "This project is based on the videos that a camera at the hive makes.",
    "We built it during a bootcamp.",
    "This is my implementation of the paper.",
    "Watch the video of the demo.",
    "The bees walked along the course of the river.",
    "The source code is from 2019.",
    "I worked on this project during the course.",
    "I wrote a tutorial that people used.",
    "The code comes from years of work on the online course platform.",
    "The app downloads YouTube videos.",
    "This repository follows the thread of these videos, to develop a platform in C++.",
    "I followed the course by Ada Sample and ported it to another framework.",
    "This project is based on the tutorial by Ada Sample, rewritten in Rust.",
    "This repository is a rewrite of the video lecture (https://github.com/invented-school/bee-lectures).",
    "Code from https://github.com/sample-owner/hive-counter",
    "Some code is taken from https://github.com/invented-school/bee-lectures",
    "Code from https://hives.example/course-booking is called by the client.",
    "This is a challenge of the bee certification.",
    "Built a hive counter following the videos that beekeepers send.",
    "Built a hive counter following the structure of a tutorial.",
    "Built a website along with a course for beekeepers.",
    "Written a guide following which a course was held.",
]


@pytest.mark.parametrize("sentence", FOLLOWS)
def test_a_plain_statement_counts(sentence: str) -> None:
    found = Following.distil(make_tree({"README.md": f"# Bees\n\nCounts bees.\n\n{sentence}\n"}))
    assert found is not None
    assert found.sentence in sentence
    assert (found.where.path, found.where.line) == ("README.md", 5)


@pytest.mark.parametrize("sentence", INNOCENT)
def test_credit_data_instructions_and_course_projects_do_not(sentence: str) -> None:
    assert what_it_follows(sentence) == ""
    assert Following.distil(make_tree({"README.md": f"# Bees\n\n{sentence}\n"})) is None


def test_the_tutorial_is_named_by_its_author_or_its_address() -> None:
    by_name = Following.distil(make_tree({"README.md": "# B\n\nI followed the tutorial by Ada Sample.\n"}))
    by_link = Following.distil(make_tree({"README.md": "# B\n\nI followed [this tutorial](https://a.example/b).\n"}))
    assert by_name is not None
    assert by_link is not None
    assert (by_name.name, by_link.name) == ("Ada Sample", "https://a.example/b")


def test_code_blocks_are_no_statements() -> None:
    assert Following.distil(make_tree({"README.md": "# B\n\n```\nI followed the tutorial by Ada.\n```\n"})) is None


def test_a_line_without_a_full_stop_before_it_is_not_quoted() -> None:
    assert what_it_follows("Age We used code from this tutorial: x") == "We used code from this tutorial: x"


@pytest.mark.parametrize(
    "part", ["I followed the ", "this project is based on ", "by A B C D ", "(https://", "案例", "A"]
)
def test_hostile_text_costs_no_more_than_its_length(part: str) -> None:
    started = process_time()
    assert Following.distil(make_tree({"README.md": "# B\n\n" + part * (200_000 // len(part))})) is None
    assert process_time() - started < 5  # quadratic time would take minutes


def test_the_line_is_that_of_the_sentence_and_not_of_the_list_above_it() -> None:
    readme = "# Bees\n\nCounts bees.\n\n* Age\nWe used code from this tutorial: https://videos.example/watch?v=1\n"
    found = Following.distil(make_tree({"README.md": readme, "a.py": "x = 1\n"}))
    assert found is not None
    assert found.where.line == 6
