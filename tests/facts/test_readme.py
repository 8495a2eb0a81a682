"""The README fact: what is found in it, where, and how good it is."""

from typing import Any

import msgspec
import pytest

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.readme import Readme, ReadmeSearch
from portfolio_audit.facts.words import count_words, counted, guess_language, joined
from portfolio_audit.testing import make_tree


def read(text: Any, files: Any = None, path: Any = "README.md", **options: Any) -> Any:
    return Readme.distil(make_tree({path: text, **(files or {})}, **options))


class TestWhichFile:
    @pytest.mark.parametrize(
        ("files", "path"),
        [
            ({"README.md": "a", "docs/README.md": "b", ".github/README.md": "c"}, ".github/README.md"),
            ({"README.md": "a", "docs/README.md": "b"}, "README.md"),
            ({"README.zh.md": "a", "docs/README.md": "b"}, "docs/README.md"),
            ({"README.zh.md": "a", "README.md": "b"}, "README.md"),
            ({"README.md": "", "README.rst": "b"}, "README.rst"),
            ({"README": "a", "readme.rst": "b", "ReadMe.MD": "c"}, "ReadMe.MD"),
        ],
    )
    def test_the_one_that_a_visitor_sees(self, files: Any, path: Any) -> None:
        readme = Readme.distil(make_tree(files))
        assert readme is not None
        assert readme.path == path

    def test_an_unread_one_does_not_hide_another(self) -> None:
        readme = Readme.distil(make_tree({"docs/README.md": "b"}, unread={"README.md": "gone"}))
        assert readme is not None
        assert readme.path == "docs/README.md"

    def test_only_an_unread_one_is_no_absence(self) -> None:
        with pytest.raises(Unavailable, match=r"README\.md: gone"):
            Readme.distil(make_tree({}, unread={"README.md": "gone"}))

    def test_one_too_large_is_read_in_part_and_says_so(self) -> None:
        readme = read("# Hive\n\nCounts the bees of a hive from a video.\n\n" + "x y z\n" * 60_000)
        assert readme.purpose.line == 3
        assert "first 8 KiB" in readme.incomplete

    def test_where_was_looked(self) -> None:
        search = ReadmeSearch.distil(make_tree({"README.md": "", "a.py": "x = 1\n", "b.txt": "b"}))
        assert (search.files, search.code_files, search.empty) == (3, 1, ("README.md",))


class TestReading:
    def test_the_text_stays_small(self) -> None:
        readme = read("# 蜂\n\n" + "蜜蜂从蜂巢的入口飞进飞出。" * 6_000)
        assert len(msgspec.json.encode(readme)) < 100_000

    def test_control_characters_do_not_swell_it(self) -> None:
        readme = read("# Hive\n\n" + "\x01\x02 " * 60_000)
        assert len(msgspec.json.encode(readme)) < 100_000

    def test_many_parts_stay_small(self) -> None:
        part = "## Install\n\n```\npip install x\n```\n\n![a](http://x.org/a.png) F1 0.9\n\n[d](https://d.fly.dev)\n\n"
        assert len(msgspec.json.encode(read("# Hive\n\n" + part * 2_000))) < 100_000

    @pytest.mark.parametrize(
        ("heading", "kind"),
        [
            ("🚀 Getting Started", "how"),
            ("Instalación", "how"),
            ("Como executar", "how"),
            ("安装与使用", "how"),
            ("使い方", "how"),
            ("설치 방법", "how"),
            ("Установка", "how"),
            ("Problem Statement", "why"),
            ("Motivación", "why"),
            ("Ergebnisse", "result"),
            ("实验结果", "result"),
            ("Screenshots", "picture"),
            ("Architettura", "structure"),
            ("License", "other"),
            ("Bees", None),
        ],
    )
    def test_headings_of_many_languages(self, heading: Any, kind: Any) -> None:
        readme = read(f"# Title here\n\n## {heading}\n\nSome words stand here.\n")
        assert readme.sections[1].kind == kind
        assert readme.sections[1].location.line == 3

    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("This is the tool that counts bees and draws a chart of the day for you.", "en"),
            ("Este proyecto cuenta las abejas que entran en la colmena y dibuja un gráfico para el día.", "es"),
            ("Este projeto conta as abelhas que entram na colmeia e desenha um gráfico para o dia.", "pt"),
            ("Ce projet compte les abeilles qui entrent dans la ruche et dessine un graphe pour le jour.", "fr"),
            ("Dieses Projekt zählt die Bienen, die in den Stock fliegen, und zeichnet ein Bild für den Tag.", "de"),
            ("这是一个用 Python 编写的蜜蜂计数工具，适合养蜂人使用。", "zh"),
            ("これは Python で書かれた蜂のカウンターです。", "ja"),
            ("이 프로젝트는 벌집에 드나드는 벌의 수를 셉니다.", "ko"),
            ("Эта программа считает пчёл у входа в улей.", "ru"),
            ("", None),
        ],
    )
    def test_the_language_is_guessed(self, text: Any, language: Any) -> None:
        assert guess_language(text) == language

    def test_words_of_scripts_without_spaces_are_counted(self) -> None:
        assert count_words("养蜂人使用的计数工具") == 5
        assert count_words("one two, three - four") == 4

    def test_commands_are_sorted_by_what_they_do(self) -> None:
        text = """# H

```bash
# get it
$ git clone https://x.org/h
cd h
pip install -r requirements.txt
$ hive count
```
"""
        found = [(command.text, command.kind, command.location.line) for command in read(text).commands]
        assert found == [
            ("git clone https://x.org/h", "fetch", 5),
            ("pip install -r requirements.txt", "install", 7),
            ("hive count", "run", 8),
        ]

    def test_lines_of_commands_survive_crlf_and_rst(self) -> None:
        text = "Hive\r\n====\r\n\r\n.. code:: bash\r\n\r\n   pip install hive\r\n\r\nEnd.\r\n"
        assert [command.location.line for command in read(text, path="README.rst").commands] == [6]

    def test_a_plan_is_no_description(self) -> None:
        plan = "# Churn, end to end\n\n1. structure : DONE\n2. EDA : DONE\n3. training : pending\n4. ui : pending\n"
        assert read(plan).quality == 1

    def test_a_space_with_the_text_it_was_born_with_is_a_template(self) -> None:
        born = (
            "---\ntitle: Hive\nsdk: gradio\n---\n\n"
            "Check out the configuration reference at https://huggingface.co/docs/hub/spaces-config-reference\n"
        )
        assert read(born).template == "Hugging Face Space"
        assert read(born + "\nIt counts the bees of a hive and shows them as a chart. " * 4).template is None


def test_the_pictures_that_are_there_and_those_that_are_not() -> None:
    text = "# H\n\n![a](docs/a.png) ![b](./docs/b%20c.png?raw=true) ![c](/top.png) ![d](no.png) ![e](https://x.org/e.png)\n"
    readme = read(text, {"docs/a.png": b"x", "docs/b c.png": b"x", "top.png": b"x"})
    assert (len(readme.pictures), len(readme.missing_pictures)) == (4, 1)


def test_pictures_of_a_readme_in_a_folder_are_looked_for_there() -> None:
    assert (
        len(
            read(
                "# H\n\n![a](a.png) ![b](../b.png)\n", {"docs/a.png": b"x", "b.png": b"x"}, path="docs/README.md"
            ).pictures
        )
        == 2
    )


WHAT = "# Hive\n\nCounts the bees at the entrance of a hive from a video, hour by hour.\n\n"
RUN = "## Usage\n\n```\npip install -r requirements.txt\npython -m hive fetch\npython -m hive count\n```\n\n"
SHOWN = "## Results\n\nF1 of 0.91 on 40 hours.\n\n![day](https://x.org/day.png)\n\n"
BUILT = "## Architecture\n\nFrames go to a counter, counts go to a chart that is drawn at night.\n\n"
WHY = "## Motivation\n\nKeepers notice a swarm too late, two days after the hive knows.\n\n"


@pytest.mark.parametrize(
    ("text", "quality"),
    [
        ("# Hive\n", 1),
        ("# Hive\n\nBee counter.\n", 1),
        (WHAT + "It is written in Python, and works on any small computer with a camera that looks at the hive.\n", 2),
        (WHAT + RUN, 2),
        (WHAT + RUN + BUILT, 3),
        (WHAT + RUN + SHOWN, 3),
        (WHAT + "    pip install -r requirements.txt\n\nCounted with an accuracy of 91.5 %.\n", 3),
        (WHAT + RUN + SHOWN + BUILT + WHY, 4),
        (WHAT + RUN + SHOWN + BUILT + WHY + "## Live demo\n\nComing soon.\n", 3),
        (WHAT + RUN + SHOWN + BUILT + WHY + "All the bees of the world. " * 600, 3),
    ],
)
def test_quality_grows_with_what_a_reader_learns(text: Any, quality: Any) -> None:
    assert read(text).quality == quality


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "# Hive\n\n[Docs](https://hive.org) | [Blog](https://a.org/blog)\n\nCounts the bees of a hive.\n",
            5,
        ),
        ("# Hive\n\n- [What it is](#what)\n- [How to run it](#how)\n\n## What\n\nCounts the bees of a hive.\n", 8),
        ("<img src='logo.png'>\n\n## An open library that counts the bees of a hive\n\n## Install\n", 3),
        ("# Hive\n\n## An open library that counts the bees of a hive\n\n## Install\n", 3),
        ("# An open library that counts the bees of a hive\n\n## Install\n", None),
        ("<h1>Hive</h1>\n<p>\n<b>Counts</b> the bees of a hive.\n</p>\n", 3),
        ("# Hive\n\n## Install\n\nDo the following before the dependencies are installed.\n", None),
        ("# Hive\n\n## Steps of work\n\n1. Update the file of settings first\n2. Update the table of hives\n", None),
        ("# Hive\n\n- Counts the bees of a hive by the hour\n", 3),
        ("# Hive\n\n## A\n\n## B\n\n## C\n\n## D\n\n## Description\n\nCounts the bees of a hive.\n", 13),
    ],
)
def test_where_the_purpose_is_found(text: Any, line: Any) -> None:
    purpose = read(text).purpose
    assert (purpose.line if purpose else None) == line


def test_a_heading_that_speaks_of_using_something_holds_no_steps() -> None:
    text = "# Hive\n\n### Counts of bees by regression using cameras\n\n" + "It looks at the entrance all day. " * 4
    assert read(text).steps is None
    assert read("# Hive\n\n## Using the counter\n\n" + "Hang the camera over the entrance. " * 4).steps is not None


@pytest.mark.parametrize(
    ("sentence", "results"),
    [
        ("Scripts for the paper on scores of a 10-year risk.", 0),
        ("Evaluated by 10-fold validation of the accuracy.", 0),
        ("70/30 stratified split; metrics include accuracy and ROC AUC on the test set.", 0),
        ("Accuracy on a 60/20/20 split: 83.", 1),
        ("Accuracy of 87/100 on new hives.", 1),
        ("Accuracy of 91 on 40 hours.", 1),
        ("Latency: 35ms.", 1),
        ("Reading the model at the first call adds 25 seconds of cold-start latency.", 0),
        ("It adds only 12 ms of latency.", 1),
        ("The validation loss: 0.31 after the last epoch.", 1),
        ("The best of them had a score of around 61 percent.", 1),
        ("Hives are told apart with a 0.93 validation score.", 1),
        ("Hives with a score greater than 0.5 are counted.", 0),
        ("Run `python score.py 2022 05`.", 0),
        ("- `lambda_gan`: 0.01 (GAN loss), reduced for stability.", 0),
        ("Each value scores one patch of 70 x 70 pixels.", 0),
    ],
)
def test_a_number_that_measures_nothing_is_no_result(sentence: Any, results: Any) -> None:
    assert len(read(f"# Hive\n\n{sentence}\n").results) == results


def test_a_vague_measure_is_a_result_below_a_heading_that_promises_one() -> None:
    table = "| setting | {} |\n|---|---|\n| bees | 12.5 |\n| drones | 14.0 |\n"
    assert read(f"# Hive\n\n## Results\n\n### By month\n\n{table.format('loss')}").results
    assert not read(f"# Hive\n\n## Settings\n\n### Of the loss\n\n{table.format('loss')}").results
    assert not read(f"# Hive\n\n{table.format('1000 letters balance what is known against the precision')}").results
    assert read(f"# Hive\n\n## Settings\n\n{table.format('accuracy')}").results
    assert not read(f"# Hive\n\n## Results\n\nGood.\n\n## Settings\n\n{table.format('loss')}").results


@pytest.mark.parametrize(
    ("sentence", "results"),
    [
        ("- Grid search over score range (1000 thresholds)", 0),
        ("- Combined: weighted average (60% scores + 40% reconstruction part)", 0),
        ("- **Stable**: GAN loss should stabilize around 0.5-1.5 (not explode)", 0),
        ("- Contrastive loss shows meaningful values (0.1-2.0 range)", 0),
        ("- **ROC-AUC > 0.8**: good discrimination", 0),
        ("- Target accuracy: 95%", 0),
        ("- Expected accuracy: 95%", 0),
        ("- **ROC-AUC**: area under the curve. Range: [0, 1], higher is better, 1.0 is perfect", 0),
        ("- Expected calibration error rate: 3.5%", 1),
        ("- It reached an accuracy > 90% on hives nobody had seen.", 1),
        ("- Final loss on the test hives: 0.31", 1),
        ("- Loss: 12", 1),
        ("- The score went up to 61%", 1),
        ("- Counts 2.5x faster than by eye", 1),
        ("- 30% faster", 1),
        ("- 70M params", 1),
        ("- 0.93 validation score", 1),
        ("- Cut into 1000 letters. Checked by the precision of what was found.", 0),
        ("- Accuracy approx. 91% of hives", 1),
        ("- You should get around 98% accuracy after an hour.", 1),
        ("- The accuracy was measured on new hives. It came to 91%.", 1),
        ("- So it runs with a 3X speedup of the count", 1),
        ("- Accuracy 91%. It should be measured on 50 more hives.", 1),
    ],
)
def test_settings_and_hopes_below_a_promising_heading_are_no_results(sentence: Any, results: Any) -> None:
    assert len(read(f"# Hive\n\n## Evaluation\n\n{sentence}\n").results) == results


def test_texts_of_pipeline_tools_are_templates() -> None:
    kedro = (
        "# bees\n\n## Overview\n\nThis is your new Kedro project, which was generated using kedro 0.19.5.\n\n"
        "## How to run your Kedro pipeline\n\nYou can run it with kedro run.\n\n"
        "### How to ignore notebook output cells in `git`\n\n" + "To strip out all output cells use a tool. " * 6
    )
    mage = (
        "## What is it?\n\nThis is a Docker Compose template for getting started with a new Mage project.\n\n"
        "## Why did you create it?\n\n" + "We created this for users to have an easy way to deploy. " * 4
    )
    own = "\n\n## Hives\n\n" + "It counts the bees of every hive and says how many there will be tomorrow. " * 3
    cookies = "bees\n====\n\nA short description of the project.\n\nProject Organization\n------------\n\n" + (
        "    ├── LICENSE\n    ├── Makefile  <- commands like `make data` or `make train`, and what else there is\n" * 4
    )
    for text, name in ((kedro, "Kedro"), (mage, "Mage"), (cookies, "Cookiecutter Data Science")):
        assert (read(text).template, read(text).quality) == (name, 1)
        assert read(text + own).template is None


def test_what_stands_in_for_data_announces_nothing() -> None:
    for said in (
        "Placeholder rows are removed.",
        "Replace the placeholder values with your own.",
        "no placeholder ids",
    ):
        assert not read(f"# Hive\n\n{said}\n").promises, said
    for said in ("Screenshot placeholder", "Replace these placeholder paths with pictures.", "A demo is coming soon."):
        assert read(f"# Hive\n\n{said}\n").promises, said


def test_a_setting_is_no_command_and_waking_an_environment_starts_nothing() -> None:
    text = "# Hive\n\n```bash\nHIVE_USER=bee\nHIVE_NAME='the first' # or another\nHIVE_PORT=1 ./serve\n```\n"
    assert [(each.text, each.kind) for each in read(text).commands] == [("HIVE_PORT=1 ./serve", "run")]
    waking = ("source venv/bin/activate", ". .venv/bin/activate", "venv\\Scripts\\activate", "conda activate hive")
    for line in waking:
        assert [each.kind for each in read(f"# Hive\n\n```bash\n{line}\n```\n").commands] == ["install"], line
    assert [each.kind for each in read("# Hive\n\n```bash\nsource run.sh\n```\n").commands] == ["run"]


def test_a_script_that_is_named_for_setting_up_starts_nothing() -> None:
    for line in ("bash ./setup/setup_env.sh", "./install.sh", "sh scripts/bootstrap.sh --all"):
        assert [each.kind for each in read(f"# Hive\n\n```bash\n{line}\n```\n").commands] == ["install"], line
    assert [each.kind for each in read("# Hive\n\n```bash\n./setup_and_run.sh\n```\n").commands] == ["run"]


def test_a_numbered_list_in_a_block_of_commands_is_none() -> None:
    text = "# Hive\n\n```bash\n1. Update the settings\n2) Update the counter\nmake count\n```\n"
    assert [each.text for each in read(text).commands] == ["make count"]


def test_a_command_over_several_lines_is_one() -> None:
    text = (
        "# Hive\n\n```bash\ncurl -X POST \\\n  'http://localhost/count' \\\n  -d '{\n  \"bees\": 3,\n  hive: 1\n}'\n"
        "docker run \\\n  -p 80:80 hive\nmake count\n```\n"
    )
    assert [(each.text, each.kind) for each in read(text).commands] == [
        ("curl -X POST \\", "fetch"),
        ("docker run \\", "run"),
        ("make count", "run"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "```\nBronze\n   |\n   |--[clean]\n   |\nSilver\n   |\nGold\n```",
        "![](docs/project_architecture.png)",
        "![Data flow diagram](docs/1.png)",
        "```\nhive -> counter\n├── a\n├── b\n└── c\n```",
    ],
)
def test_a_plan_is_a_drawing_whatever_it_is_drawn_with(text: Any) -> None:
    assert read(f"# Hive\n\n{text}\n").drawings
    assert not read("# Hive\n\n```\n| a | b |\n| 1 | 2 |\n| 3 | 4 |\n| 5 | 6 |\n```\n\n![](bees.png)\n").drawings


def test_a_picture_of_the_tools_shows_nothing_that_comes_out() -> None:
    found = read("# Hive\n\n![Tech Stack Flow](https://example.org/1.png)\n")
    assert (found.pictures, len(found.plans)) == ((), 1)
    stock = "# Hive\n\n![Swarms](https://st2.depositphotos.com/1/photo.jpg)\n\n![](https://media.giphy.com/bees.gif)\n"
    assert (read(stock).pictures, read(stock).plans) == ((), ())
    assert read("# Hive\n\n![Banner of the hive](https://example.org/result.png)\n").pictures
    raw = '# Hive\n\n## Architecture\n<img src="https://example.org/1.png">\n'
    assert (read(raw).pictures, len(read(raw).plans)) == ((), 1)
    assert read("# Hive\n\nhttps://github.com/kim/hive/assets/15684795/feb5331d-a7\n").pictures
    below = read("# Hive\n\n## 📁 Project Structure\n\n![one](a/1.png)\n\n![The result](https://example.org/2.png)\n")
    assert [place.line for place in below.plans] == []
    below = read("# Hive\n\n## 📁 Project Structure\n\n![one](https://example.org/1.png)\n")
    assert ([place.line for place in below.plans], below.pictures) == ([5], ())


def test_what_stands_right_below_a_command_is_its_answer() -> None:
    shown = "# Hive\n\nCount:\n\n```bash\nhive count garden.mp4\n```\n{}```\n{}\n```\n"
    assert [place.line for place in read(shown.format("", "42")).results] == [8]
    assert read(shown.format("", "pip install hive")).results == ()
    assert read(shown.format("\nThen write into the settings:\n\n", "42")).results == ()


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("docker-compose up -d\n\n# All should be up\ndocker-compose ps", "[OK] hives - fine\n[OK] bees  - fine"),
        ("hive start", "[OK] postgres  - healthy\n[OK] bees      - healthy\n[OK] init      - exited (0)"),
        ("hive --version", "hive 3.1"),
        ("hive doctor", "Python 3.12.1\nNumPy 2.0.1"),
        ("hive serve", "INFO: Started server process\nINFO: Uvicorn running on http://127.0.0.1:8000"),
        ("hive ask alive", '{\n  "status": "ok"\n}'),
    ],
)
def test_that_a_service_runs_and_in_which_version_is_no_result(typed: Any, answer: Any) -> None:
    shown = "# Hive\n\nCount:\n\n```bash\n{}\n```\n\n**Expected output:**\n```\n{}\n```\n"
    assert read(shown.format(typed, answer)).results == ()
    assert read(shown.format(typed, answer).replace("**Expected output:**\n", "")).results == ()
    assert read(shown.format("hive count garden.mp4", "bees: 42\ndrones: 7")).results
    assert read(shown.format("hive count --model-version 3", "bees: 42\ndrones: 7")).results


def test_numbers_and_lists_read_as_a_sentence_has_them() -> None:
    assert [counted(number, "file") for number in (0, 1, 2)] == ["0 files", "1 file", "2 files"]
    assert counted(2, "own repository", "own repositories") == "2 own repositories"
    assert [joined("a"), joined("ab"), joined("abc")] == ["a", "a and b", "a, b and c"]


def test_pictures_of_its_own_are_shown_before_those_of_others() -> None:
    text = "# Hive\n\n![a bee](https://example.org/bee.jpg)\n\n![count](count.png)\n"
    assert [place.line for place in read(text, {"count.png": b"\x89PNG"}).pictures] == [5, 3]


def test_a_word_that_an_editor_wrapped_out_of_a_comment_is_no_command() -> None:
    said = read("# Hive\n\n```bash\n# this starts the\nproducer\ncargo run producer\n# build\nmake\n```\n").run_commands
    assert [command.text for command in said] == ["cargo run producer", "make"]
    behind = read("# Hive\n\n```bash\ncargo run a #start the\nqueen bee\nhive count all\n```\n").run_commands
    assert [command.text for command in behind] == ["cargo run a #start the", "hive count all"]


def test_a_section_may_say_it_below_smaller_headings() -> None:
    found = read(
        "# Hive\n\n## Architecture\n\n### Camera\n\nA camera hangs over the entrance of the hive.\n\n## License\n"
    )
    assert found.section("structure") is not None
    assert (
        read("# Hive\n\n## Architecture\n\n## License\n\nAs free as the bees that it counts.\n").section("structure")
        is None
    )
