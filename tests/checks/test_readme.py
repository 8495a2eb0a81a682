"""The README checks, asked as an audit would ask them."""

import json
from typing import Any

import pytest

from portfolio_audit.testing import run_check

GOOD = """# Hive counter

Counts the bees at the entrance of a hive from a video, so that a keeper sees a swarm coming.

![Count over a day](docs/day.png)

## Why

Keepers notice a swarm when it hangs in a tree. The hive knows it two days before.

## Quick start

```bash
pip install -r requirements.txt
python -m hive download
python -m hive count garden.mp4
```

## Results

The counter reaches an F1 of 0.91 on 40 hours of video.

## Architecture

```mermaid
graph LR; video --> frames --> counter --> chart
```
"""
CODE: dict[str, str | bytes] = {"hive/__main__.py": "print('bees')\n", "docs/day.png": b"\x89PNG"}
CRA = """# Getting Started with Create React App

This project was bootstrapped with [Create React App](https://github.com/facebook/create-react-app).

## Available Scripts

In the project directory, you can run:

### `npm start`

Runs the app in the development mode.

### `npm test`

Launches the test runner in the interactive watch mode.
"""

NOTEBOOK = '{"cells": [{"cell_type": "code", "source": "x = 1\\ny = 2"}]}'


def ask(id: Any, readme: Any, files: Any = None, **options: Any) -> Any:
    return run_check(id, {"README.md": readme, **(CODE if files is None else files)}, **options)


SCRIPTS: dict[str, str | bytes] = {
    **CODE,
    **dict.fromkeys(("app.py", "count.py"), "print('bees')\n"),
    "requirements.txt": "numpy\n",
}


class TestPresent:
    def test_a_readme_is_evidence_of_itself(self) -> None:
        outcome = ask("readme-present", GOOD)
        assert (outcome.status, outcome.evidence[0].path) == ("passed", "README.md")

    @pytest.mark.parametrize(
        "path",
        ["readme.rst", "Readme.txt", "README", "docs/README.md", ".github/README.md", "README.zh-CN.md", "LEEME.md"],
    )
    def test_any_spelling_format_and_place_counts(self, path: Any) -> None:
        assert run_check("readme-present", {path: "Counts bees.\n", **CODE}).status == "passed"

    @pytest.mark.parametrize(
        "path", ["src/README.md", "chainlit.md", "readme.py", "README.pdf", "node_modules/x/README.md"]
    )
    def test_a_file_that_no_visitor_sees_does_not(self, path: Any) -> None:
        outcome = run_check("readme-present", {path: "Counts bees.\n", **CODE})
        assert outcome.status == "failed"
        assert "3 files" in (outcome.searched or "")
        assert outcome.fix

    def test_those_that_lie_in_folders_are_named(self) -> None:
        outcome = run_check(
            "readme-present", {"api/README.md": "# Hive\n\nServes counts.\n", "web/readme.md": "# Page\n", **CODE}
        )
        assert outcome.status == "failed"
        assert (
            outcome.summary == "no README where a visitor looks; api/README.md and web/readme.md lie in folders below"
        )
        one = run_check("readme-present", {"api/README.md": "# Hive\n\nServes counts.\n", **CODE})
        assert one.summary == "no README where a visitor looks; api/README.md lies in a folder below"
        assert [each.path for each in one.evidence] == ["api/README.md"]
        many = run_check("readme-present", {f"day{day}/README.md": "# Day\n" for day in range(7)})
        assert "day0/README.md, day1/README.md and 5 more lie in folders below" in many.summary

    @pytest.mark.parametrize("content", ["", "\n \n", "<!-- write me -->\n", "\ufeff"])
    def test_an_empty_one_is_none_and_is_named(self, content: Any) -> None:
        assert ask("readme-present", content).status == "failed"
        assert ask("readme-present", "").evidence[0].path == "README.md"

    def test_one_that_could_not_be_read_is_unknown(self) -> None:
        outcome = run_check("readme-present", CODE, unread={"README.md": "missing from the archive"})
        assert outcome.status == "unknown"
        assert "README.md" in outcome.summary

    def test_files_that_were_not_read_are_unknown(self) -> None:
        assert run_check("readme-present").status == "unknown"


class TestPurpose:
    def test_the_first_sentence_is_the_evidence(self) -> None:
        assert ask("readme-purpose", GOOD).evidence[0].line == 3

    @pytest.mark.parametrize(
        "readme",
        [
            "# 蜂巢计数\n\n这个项目根据视频统计进出蜂巢的蜜蜂数量，帮助养蜂人提前发现分蜂。\n",
            "# Contador\n\nEste proyecto cuenta las abejas que entran en una colmena a partir de un vídeo.\n",
            "# Счётчик\n\nПрограмма считает пчёл у входа в улей по видеозаписи и рисует график.\n",
            "# 蜂カウンター\n\nこのプロジェクトは動画から巣箱に出入りする蜂の数を数えるツールです。\n",
        ],
    )
    def test_another_language_is_as_good(self, readme: Any) -> None:
        assert ask("readme-purpose", readme).status == "passed"

    def test_a_title_alone_says_nothing(self) -> None:
        outcome = ask("readme-purpose", "# hive-counter\n")
        assert outcome.status == "failed"
        assert outcome.effort == "minutes"

    def test_the_text_of_a_generator_is_about_no_project(self) -> None:
        outcome = ask("readme-purpose", CRA)
        assert outcome.status == "failed"
        assert "Create React App" in outcome.summary

    def test_naming_the_generator_further_down_is_innocent(self) -> None:
        own = "# Hive counter\n\nCounts the bees at the entrance of a hive from a video.\n\n" + CRA.partition("\n")[2]
        assert ask("readme-purpose", own).status == "passed"

    def test_own_sections_in_a_generated_text_are_own(self) -> None:
        own = CRA + "\n## What it does\n\n" + "It counts the bees that enter a hive and shows the day as a chart. " * 3
        assert ask("readme-purpose", own).status == "passed"

    def test_without_a_readme_it_does_not_apply(self) -> None:
        assert run_check("readme-purpose", CODE).status == "not_applicable"

    def test_an_unread_one_is_unknown(self) -> None:
        assert run_check("readme-purpose", CODE, unread={"README.md": "gone"}).status == "unknown"


class TestRun:
    def test_commands_are_the_evidence(self) -> None:
        outcome = ask("readme-run", GOOD, SCRIPTS)
        assert [place.line for place in outcome.evidence] == [14, 15, 16]

    @pytest.mark.parametrize(
        "text",
        [
            "Start it with `npm run dev`.",
            "    $ hive count garden.mp4\n",
            "```console\nhive count garden.mp4\n```",
            "Steps\nstreamlit run app.py\n",
            "### `yarn start`",
            "```r\nsource('count.R')\n```",
            "```\ndocker compose up --build\n```",
        ],
    )
    def test_a_command_may_stand_anywhere(self, text: Any) -> None:
        assert ask("readme-run", f"# Hive\n\nCounts bees in videos of a hive.\n\n{text}\n", SCRIPTS).status == "passed"

    def test_commands_in_a_block_are_shown_before_those_in_a_sentence(self) -> None:
        text = "# Hive\n\nCounts bees. Renamed, as `npm run old` failed.\n\n```bash\nnpm ci\nnpm start\n```\n"
        assert [place.line for place in ask("readme-run", text).evidence] == [6, 7, 3]

    def test_what_a_program_printed_is_no_command(self) -> None:
        text = '# Hive\n\nCounts bees.\n\n```bash\nnpm start\n{\n"hit_rate": 1.0,\n"mrr": 0.9\n}\n```\n'
        assert [place.line for place in ask("readme-run", text).evidence] == [6]

    def test_steps_in_words_are_half_an_answer(self) -> None:
        steps = "# Hive\n\nCounts bees.\n\n## How to use\n\n1. Open the notebook.\n2. Run every cell.\n"
        outcome = ask("readme-run", steps)
        assert outcome.status == "partial"
        assert outcome.fix

    def test_installing_alone_is_not_called_running(self) -> None:
        text = "# Hive\n\nCounts bees in videos of a hive.\n\n```bash\npip install -r requirements.txt\n```\n"
        alone = ask("readme-run", text, SCRIPTS)
        said = "shows how to install what it needs, but not how to start it"
        assert (alone.status, alone.score, alone.summary) == ("partial", 0.8, said)
        assert (
            ask("readme-run", text.replace("txt\n", "txt\npython count.py\n"), SCRIPTS).summary == "shows the commands"
        )

    def test_a_list_that_is_not_there_installs_nothing(self) -> None:
        text = "# Hive\n\nCounts bees.\n\n```bash\npip install -r requirments.txt\npython app.py\n```\n"
        slip = ask("readme-run", text, SCRIPTS)
        assert slip.summary == "shows commands, but requirments.txt is not in the repository"
        assert [place.line for place in slip.evidence] == [6]

    def test_what_a_drawing_of_the_files_names_is_not_made_on_the_way(self) -> None:
        text = "# Hive\n\nCounts bees.\n\n```bash\npython weigh.py\n```\n\n"
        drawn = ask("readme-run", text + "```\nhive/\n│── weigh.py   # weighs\n└── app.py\n```\n", SCRIPTS)
        assert drawn.summary == "shows commands, but weigh.py is not in the repository"
        assert ask("readme-run", text + "```\n|-- weigh.py\n```\n", SCRIPTS).summary == drawn.summary
        assert ask("readme-run", text + "The first step writes weigh.py.\n", SCRIPTS).status == "passed"
        table = "| step | writes |\n|---|---|\n| weigh.py | by the first step |\n"
        assert ask("readme-run", text + table, SCRIPTS).status == "passed"

    @pytest.mark.parametrize(
        ("text", "files"),
        [
            ("```bash\npip install -e .\n```", {}),
            ("```bash\npip install git+https://github.com/ada/hive\n```", {}),
            ("```bash\npip install hive\n```\n\nThen open `count.py` and press F5.", {}),
            ("```bash\npip install numpy\n```", {"hive.ipynb": NOTEBOOK}),
            (
                "```bash\npip install hive\n```",
                {"pyproject.toml": '[project]\nname = "hive"\n', "hive/__init__.py": "x = 1"},
            ),
        ],
    )
    def test_installing_is_enough_for_what_is_used_by_others_or_opened(self, text: str, files: Any) -> None:
        code = files if "hive.ipynb" in files else {**CODE, **files}
        outcome = ask("readme-run", f"# Hive\n\nCounts bees in videos of a hive.\n\n{text}\n", code)
        assert (outcome.status, outcome.summary) == ("passed", "shows how to install it")

    def test_getting_the_sources_starts_nothing(self) -> None:
        assert ask("readme-run", "# Hive\n\n```\ngit clone https://github.com/ada/hive\n```\n").status == "failed"

    def test_prose_with_a_program_in_it_is_no_command(self) -> None:
        text = "# Hive\n\nI use python because make is old and docker is heavy for a keeper of bees.\n"
        assert ask("readme-run", text).status == "failed"

    def test_without_code_there_is_nothing_to_run(self) -> None:
        assert ask("readme-run", "# Notes\n\nWhat I read this year.\n", {"notes.md": "x"}).status == "not_applicable"

    def test_a_generated_text_gives_no_start_of_this_project(self) -> None:
        outcome = ask("readme-run", CRA)
        assert (outcome.status, outcome.summary.endswith("comes with Create React App")) == ("partial", True)


class TestResult:
    @pytest.mark.parametrize(
        "text",
        [
            "![Chart](docs/day.png)",
            "It reaches an accuracy of 94.2 % on the test videos.",
            "| model | F1 |\n|---|---|\n| small | 0.82 |\n| large | 0.91 |",
            "[Live demo](https://hive-counter.streamlit.app)",
            "https://github.com/user-attachments/assets/0f0e-11",
        ],
    )
    def test_a_picture_a_number_or_a_link_is_a_result(self, text: Any) -> None:
        assert ask("readme-result", f"# Hive\n\nCounts bees in videos.\n\n{text}\n").status == "passed"

    @pytest.mark.parametrize(
        "text",
        [
            "![build](https://img.shields.io/badge/build-passing-green)",
            "[![ci](https://github.com/ada/hive/actions/workflows/ci.yml/badge.svg)](https://github.com/ada/hive/actions)",
            "![logo](docs/logo.png)",
            "Made in 2024 by 3 people.",
        ],
    )
    def test_badges_logos_and_any_number_are_none(self, text: Any) -> None:
        files = {**CODE, "docs/logo.png": b"\x89PNG"}
        assert ask("readme-result", f"# Hive\n\nCounts bees in videos.\n\n{text}\n", files).status == "failed"

    @pytest.mark.parametrize(
        ("picture", "score"),
        [("docs/architecture.png", 0.5), ("docs/architecture_result.png", 1.0), ("docs/data_flow.png", 1.0)],
    )
    def test_a_picture_of_how_it_is_made_is_half_a_result(self, picture: str, score: float) -> None:
        files = {**CODE, picture: b"\x89PNG"}
        outcome = ask("readme-result", f"# Hive\n\nCounts bees in videos.\n\n![]({picture})\n", files)
        assert outcome.score == score

    def test_a_picture_of_what_comes_out_is_shown_before_a_plan(self) -> None:
        files = {**CODE, "docs/architecture.png": b"\x89PNG", "docs/day.png": b"\x89PNG"}
        text = "# Hive\n\nCounts bees in videos.\n\n![](docs/architecture.png)\n\n![](docs/day.png)\n"
        assert [place.line for place in ask("readme-result", text, files).evidence] == [7]

    def test_a_picture_that_is_not_there_is_told_apart(self) -> None:
        outcome = ask("readme-result", "# Hive\n\nCounts bees.\n\n![Home](assets/home.png)\n")
        assert outcome.status == "failed"
        assert "not in the repository" in outcome.summary
        assert outcome.evidence[0].line == 5

    def test_an_example_is_the_result_of_a_library(self) -> None:
        readme = (
            "# hivelib\n\nReads scales.\n\n    pip install hivelib\n\n```python\nimport hivelib\nhivelib.read()\n```\n"
        )
        manifest = {"pyproject.toml": '[project]\nname = "hivelib"\n', "hivelib/__init__.py": "def read(): ...\n"}
        assert ask("readme-result", readme, manifest).status == "passed"
        assert ask("readme-result", readme).status == "partial"


class TestQuality:
    def test_everything_there_passes(self) -> None:
        assert ask("readme-quality", GOOD).status == "passed"

    def test_a_stub_fails(self) -> None:
        assert ask("readme-quality", "# Hive\n\nBees.\n").status == "failed"

    def test_a_sentence_alone_is_not_called_nothing(self) -> None:
        outcome = ask("readme-quality", "# Hive\n\nCounts the bees of a hive from a video.\n")
        assert (outcome.status, outcome.summary) == ("failed", "10 words that say what it is, and little else")
        assert "Open with" not in outcome.fix

    def test_only_what_is_there_is_praised(self) -> None:
        assert "structure" in ask("readme-quality", GOOD).summary
        text = "# hive\n\nCounts the bees of a hive.\n\n```\npip install hive\n```\n\n"
        text += "## Why\n\nKeepers notice a swarm too late.\n\n"
        text += "```python\nimport hive\nhive.count('a.mp4')\n```\n\n![day](docs/day.png)\n"
        manifest = {"pyproject.toml": '[project]\nname = "hive"\n', **CODE}
        outcome = ask("readme-quality", text, manifest)
        assert outcome.status == "passed"
        assert "structure" not in outcome.summary

    def test_what_is_missing_is_named(self) -> None:
        outcome = ask(
            "readme-quality", "# Hive\n\nCounts the bees at the entrance of a hive from a video of the day.\n" * 3
        )
        assert outcome.status == "partial"
        assert "commands" in outcome.fix
        assert "result" in outcome.fix

    def test_length_earns_nothing(self) -> None:
        padded = "# Hive\n\n" + "Counts the bees at the entrance of a hive from a video. " * 400
        assert ask("readme-quality", padded).score <= ask("readme-quality", GOOD).score - 0.4


@pytest.mark.parametrize("id", ["readme-present", "readme-purpose", "readme-run", "readme-result", "readme-quality"])
@pytest.mark.parametrize(
    "content",
    [
        b">" * 200_000,
        b"<div>" * 50_000,
        b"[" * 200_000,
        b"\xff\xfe\x00\xd8" * 1_000,
        b"# \x00\x00\n" * 2_000,
        ("[x](javascript:alert(1)) ![y](" + "../" * 500 + "etc/passwd)").encode(),
        b"a\r" * 50_000,
    ],
)
def test_hostile_text_gets_an_answer(id: Any, content: Any) -> None:
    outcome = run_check(id, {"README.md": content, **CODE})
    assert outcome.status in ("passed", "partial", "failed", "not_applicable", "unknown")
    assert "could not be read (" not in outcome.summary


def test_each_kind_of_result_that_is_named_is_shown_and_pictures_stand_first() -> None:
    text = "# Hive\n\nCounts bees in photographs.\n\n![Counted bees](bees.png)\n\n## Result\n\nAccuracy 91 %.\n"
    outcome = run_check("readme-result", {"README.md": text, "bees.png": b"\x89PNG"})
    assert outcome.summary == "shows a picture and results in text"
    assert [(item.line, item.note) for item in outcome.evidence] == [(5, "Counted bees"), (9, "a result in text")]


def test_steps_without_a_command_that_runs_them_are_told_where_they_stand() -> None:
    text = (
        "# Hive\n\nCounts bees in photographs.\n\n## Getting started\n\n### Prerequisites\n\n* A workspace\n"
        "* Tables\n\n### Installation\n\n1. Clone it:\n\n"
        "```bash\ngit clone https://github.example/bee/hive\ncd hive\n```\n\n"
        "2. Upload the script.\n3. Press start.\n"
    )
    outcome = run_check("readme-run", {"README.md": text, **CODE})
    assert (outcome.status, outcome.summary) == ("partial", "describes the steps, but shows no command that runs it")
    assert [(item.line, item.end_line) for item in outcome.evidence] == [(14, 22)]
    needed = text.replace("### Installation", "### Thanks").replace("2. Upload the script.\n3. Press start.\n", "")
    assert [item.line for item in run_check("readme-run", {"README.md": needed, **CODE}).evidence] == [9]


def test_a_short_readme_is_never_told_to_be_cut() -> None:
    short = GOOD.replace("python -m hive download\n", "").partition("## Architecture")[0]
    short += "## Architecture\n\nFrames go through a counter into a chart of the day.\n"
    outcome = ask("readme-quality", short)
    assert outcome.status == "partial"
    assert "Cut it" not in outcome.fix
    long = ask("readme-quality", GOOD + "\n## Notes\n\n" + "More about the bees of this hive. " * 500)
    assert (long.status, "Cut it" in long.fix) == ("partial", True)


def test_what_is_shown_is_called_what_it_is() -> None:
    picture = ask("readme-result", GOOD.partition("## Results")[0])
    assert (picture.status, picture.summary) == ("passed", "shows a picture")
    assert ask("readme-result", GOOD).summary == "shows a picture and results in text"


def test_a_notice_of_another_edition_is_no_purpose_and_a_journals_badge_no_picture() -> None:
    text = "# Hive\n\n*Please note that a new edition is now available.*\n\nCounts bees at the entrance of a hive.\n"
    assert [each.line for each in ask("readme-purpose", text).evidence] == [5]
    badge = "[![DOI](https://joss.theoj.org/papers/10.21105/joss.1/status.svg)](https://doi.example/1)\n"
    assert ask("readme-result", text + badge).status == "failed"


def test_a_blog_without_code_owes_no_result_and_no_structure() -> None:
    blog: dict[str, str | bytes] = {"_config.yml": "", "_posts/2024-01-01-bees.md": "# Bees\n"}
    for id in ("readme-run", "readme-result", "readme-quality"):
        assert run_check(id, {"README.md": "# Blog\n\nMy notes on bees, made with Jekyll.\n", **blog}).status == (
            "not_applicable"
        )


def test_a_stub_is_told_once_how_to_begin() -> None:
    assert ask("readme-quality", "# Hive\n").fix.count("what it does") == 1


def test_what_is_only_announced_is_shown_with_its_line() -> None:
    outcome = ask("readme-quality", GOOD.replace("## Why", "Coming soon: wasps.\n\n## Why"))
    assert outcome.status == "partial"
    assert "line 7" in outcome.fix
    assert [item.line for item in outcome.evidence] == [None, 7]


def test_a_readme_with_every_part_but_few_commands_is_told_to_show_them() -> None:
    outcome = ask("readme-quality", GOOD.replace("pip install -r requirements.txt\npython -m hive download\n", ""))
    assert (outcome.status, "command" in outcome.fix) == ("partial", True)


THAI = "# ตัวนับผึ้ง\n\nโปรแกรมนี้นับผึ้งที่ทางเข้ารังจากวิดีโอ เพื่อให้คนเลี้ยงผึ้งรู้ล่วงหน้าว่าผึ้งจะแยกรัง\n\n## วิธีใช้\n\n"
THAI += "เปิดโปรแกรม แล้วเลือกไฟล์วิดีโอ จากนั้นกดปุ่มเริ่ม\n"
GOOD_ELSEWHERE = {
    "zh": (
        "蜂巢计数",
        "这个项目根据视频统计进出蜂巢的蜜蜂数量，帮助养蜂人提前发现分蜂。",
        "背景 | 快速开始 | 结果 | 准确率 | 架构",
    ),
    "es": (
        "Contador",
        "Este proyecto cuenta las abejas de una colmena para el apicultor.",
        "Motivación | Instalación | Resultados | Exactitud | Arquitectura",
    ),
    "pt": (
        "Contador",
        "Este projeto conta as abelhas de uma colmeia para o apicultor.",
        "Motivação | Como executar | Resultados | Precisão | Arquitetura",
    ),
    "fr": (
        "Compteur",
        "Ce projet compte les abeilles d'une ruche pour l'apiculteur.",
        "Pourquoi | Utilisation | Résultats | Précision | Architecture du projet",
    ),
    "de": (
        "Zähler",
        "Dieses Projekt zählt die Bienen eines Stocks für den Imker.",
        "Warum | Nutzung | Ergebnisse | Genauigkeit | Aufbau",
    ),
    "ru": (
        "Счётчик",
        "Программа считает пчёл у входа в улей по видеозаписи для пасечника.",
        "Мотивация | Запуск | Результаты | Точность | Архитектура",
    ),
    "ja": (
        "蜂カウンター",
        "このプロジェクトは動画から巣箱に出入りする蜂の数を数えるツールです。",
        "動機 | 使い方 | 結果 | 正解率 | 構成",
    ),
    "ko": (
        "벌 계수기",
        "이 프로젝트는 벌집에 드나드는 벌의 수를 영상에서 셉니다.",
        "동기 | 실행 | 결과 | 정확도 | 구조",
    ),
}


class TestOtherLanguages:
    @pytest.mark.parametrize("language", GOOD_ELSEWHERE)
    def test_a_good_structure_is_as_good_in_any_language(self, language: str) -> None:
        title, purpose, headings = GOOD_ELSEWHERE[language]
        why, how, results, measure, structure = headings.split(" | ")
        body = f"{purpose} {purpose}"
        commands = "```bash\npip install .\npython -m hive get\npython -m hive count\n```"
        readme = (
            f"# {title}\n\n{body}\n\n![](docs/day.png)\n\n## {why}\n\n{body}\n\n## {how}\n\n{commands}\n\n"
            f"## {results}\n\n{measure}: 0.91\n\n## {structure}\n\n{body}\n"
        )
        assert ask("readme-quality", readme).status == "passed"
        for check in ("readme-purpose", "readme-run", "readme-result"):
            assert ask(check, readme).status == "passed"

    @pytest.mark.parametrize("check", ["readme-run", "readme-result", "readme-quality"])
    def test_what_cannot_be_read_is_unknown_and_not_failed(self, check: str) -> None:
        assert ask(check, THAI).status == "unknown"

    def test_commands_pictures_and_prose_count_in_any_script(self) -> None:
        shown = THAI + "\n![](docs/day.png)\n\n```bash\npip install hive\n```\n"
        for check in ("readme-purpose", "readme-run", "readme-result"):
            assert ask(check, shown).status == "passed"


class TestHostile:
    @pytest.mark.parametrize(
        "readme",
        [
            "[" * 100_000,
            "![](" * 60_000,
            ">" * 200_000,
            "# " + "a" * 300_000,
            "<div>" * 50_000,
            "| a " * 60_000 + "\n" + "| - " * 60_000,
            "\u202e" * 80_000,
            "# x\n\n```bash\n" + "pip install x\n" * 18_000,
            "\x00" * 250_000 + "a",
        ],
        ids=["brackets", "pictures", "quotes", "one line", "tags", "table", "bidi", "commands", "zeros"],
    )
    @pytest.mark.parametrize(
        "check", ["readme-present", "readme-purpose", "readme-run", "readme-result", "readme-quality"]
    )
    def test_any_text_has_an_answer(self, check: str, readme: str) -> None:
        assert ask(check, readme).status in ("passed", "partial", "failed", "unknown")


SAMPLE = """# Hive reports

Asks a language model about the weights of a hive.

## Sample report output

| Question | Answer |
|---|---|
| Which hive swarmed? | The third, in the second week. |

### How it works

1. Weights are read.
2. The model is asked.
"""


def test_a_table_below_a_heading_that_announces_a_sample_of_output_is_a_result() -> None:
    outcome = ask("readme-result", SAMPLE)
    assert (outcome.status, outcome.evidence[0].line) == ("passed", 7)
    assert len(outcome.evidence) == 1
    assert ask("readme-result", SAMPLE.replace("Sample report output", "Columns of the report")).status == "failed"
    assert ask("readme-result", SAMPLE.replace("Sample report output", "Output")).status == "failed"


def test_a_link_to_a_committed_file_of_results_counts_below_a_heading_that_promises_them() -> None:
    text = "# Hive reports\n\nWeighs hives.\n\n## Results\n\n- [weights](data/results_2024.csv)\n"
    files = {**CODE, "data/results_2024.csv": "hive,weight\n1,20\n"}
    outcome = ask("readme-result", text, files)
    assert (outcome.status, outcome.evidence[0].line, outcome.evidence[0].note) == ("passed", 7, "a file of results")
    assert ask("readme-result", text).status == "failed"
    assert ask("readme-result", text.replace("## Results", "## Files"), files).status == "failed"


def test_settings_in_a_block_marked_as_a_program_are_no_example() -> None:
    text = "# Hive\n\nWeighs hives.\n\n```python\n# Keys\nHIVE_KEY=your_key\n\nHIVE_UID=50000\n```\n"
    assert ask("readme-result", text).status == "failed"
    assert ask("readme-result", text.replace("HIVE_UID=50000", "weigh(HIVE_KEY)")).status == "partial"


def _notebook(outputs: list[Any]) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": "weigh()", "outputs": outputs}]})


def test_a_readme_that_leads_to_notebooks_with_outputs_shows_half() -> None:
    text = "# Hive\n\nWeighs hives.\n\n- [the weights](./weights%20of%20hives.ipynb)\n"
    picture = [{"output_type": "display_data", "data": {"image/png": "aGl2ZQ=="}}]
    name = "weights of hives.ipynb"
    outcome = ask("readme-result", text, {**CODE, name: _notebook(picture)})
    assert (outcome.status, outcome.score, outcome.evidence[0].line) == ("partial", 0.7, 5)
    assert outcome.summary == "leads to a notebook with outputs, but shows none of them itself"
    assert ask("readme-result", text, {**CODE, name: _notebook([])}).status == "failed"
    assert ask("readme-result", text, {**CODE, "other.ipynb": _notebook(picture)}).status == "failed"
    assert ask("readme-result", text, {**CODE, name: "no notebook"}).status == "failed"


def test_advice_on_a_result_supposes_no_model() -> None:
    assert "model" not in (ask("readme-result", "# Hive\n\nScrapes prices of honey.\n").fix or "model")


def test_a_list_of_endpoints_is_no_step_and_a_request_shows_use_alone() -> None:
    endpoints = "# Hive API\n\nServes weights of hives.\n\n### API Endpoints\n\n- GET /weights\n- POST /hives\n"
    assert ask("readme-run", endpoints).status == "failed"
    outcome = ask("readme-run", f"{endpoints}\n```bash\ncurl -X POST 'http://hive:8000/hives'\n```\n")
    assert (outcome.status, outcome.summary) == ("partial", "shows a request to it, but not how to start it")
    assert outcome.evidence[0].line == 11
    fetched = ask("readme-run", f"{endpoints}\n```bash\ncurl -O https://bees.example/data.csv\n```\n")
    assert fetched.status == "failed"


def test_where_readmes_lie_below_none_is_said_to_be_where_a_visitor_looks() -> None:
    outcome = run_check("readme-purpose", {**CODE, "hive/README.md": "# Hive\n\nWeighs hives.\n"})
    assert (outcome.status, outcome.summary) == ("not_applicable", "there is no README with text where a visitor looks")


def test_what_a_writing_assistant_offers_is_shown_with_its_line() -> None:
    left = GOOD + "\nI can also write a shorter version. Would you like me to do that?\n"
    outcome = ask("readme-quality", left)
    assert outcome.status == "partial"
    assert "or leave these words out" in outcome.fix


def test_a_readme_that_hides_the_one_at_the_root_is_to_be_moved() -> None:
    files = {
        **CODE,
        "README.md": GOOD,
        ".github/README.md": "# CI\n\nThis folder holds the workflows of the project.\n",
    }
    outcome = run_check("readme-present", files)
    assert outcome.status == "partial"
    assert outcome.fix is not None
    assert "instead of README.md" in outcome.fix
    purpose = run_check("readme-purpose", files)
    assert (purpose.status, purpose.fix) == ("failed", outcome.fix)
    del files["README.md"]
    assert run_check("readme-present", files).status == "passed"


def test_a_command_that_starts_a_script_that_is_nowhere_is_told() -> None:
    text = "# Hive\n\nWeighs hives for keepers.\n\n```bash\npip install bees\npython {}\n```\n{}"
    outcome = ask("readme-run", text.format("weigh.py --all", ""))
    assert (outcome.status, outcome.evidence[0].line) == ("partial", 7)
    assert "weigh.py is not in the repository" in outcome.summary
    elsewhere = text.format("weigh.py", "```bash\ngit clone https://a.example/a\ngit clone https://a.example/b\n```\n")
    assert ask("readme-run", elsewhere).status == "passed"
    for script, more in (
        ("__main__.py", ""),
        ("your_script.py", ""),
        ("weigh.py", "\nCopy the block above to weigh.py first.\n"),
    ):
        assert ask("readme-run", text.format(script, more)).status == "passed", script
