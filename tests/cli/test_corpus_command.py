"""`corpus build`: an index of hashes and names, without idioms and without what engineered code holds too."""

import json
from pathlib import Path

import pytest

from portfolio_audit.cli.main import run
from portfolio_audit.facts.fingerprints import Fingerprint, steps
from portfolio_audit.facts.tutorial_index import TutorialIndex, decode
from portfolio_audit.tree import blob_oid
from tests.facts.tutorials import OTHER, SCRIPT, TUTORIAL


def folder(at: Path, name: str, files: dict[str, str]) -> Path:
    made = at / name
    for path, text in files.items():
        (made / path).parent.mkdir(parents=True, exist_ok=True)
        (made / path).write_text(text, "utf-8")
    return made


def built(tmp_path: Path, *arguments: Path | str) -> TutorialIndex:
    output = tmp_path / "index.bin"
    assert run(["corpus", "build", *map(str, arguments), "-o", str(output)]) == 0
    return decode(output.read_bytes())


def share(index: TutorialIndex, text: str, language: str = "Python") -> float:
    grams = Fingerprint(text, language).grams
    return len({match.position for match in index.matches(grams)}) / len(grams)


def test_what_is_indexed_is_found_under_its_origin(tmp_path: Path) -> None:
    index = built(
        tmp_path,
        folder(tmp_path, "school+bees", {"count.py": TUTORIAL}),
        folder(tmp_path, "club+hives", {"read.py": OTHER}),
    )
    assert index.origins == ("school/bees", "club/hives")
    assert share(index, TUTORIAL) > 0.1
    assert index.of_file(blob_oid(TUTORIAL.encode())) == {0: len(Fingerprint(TUTORIAL).codes)}
    assert list(index.of_file(blob_oid(OTHER.encode()))) == [1]
    assert index.known(steps(TUTORIAL.encode())) == len(steps(TUTORIAL.encode()))


def test_scripts_notebooks_and_code_in_markdown_are_indexed_too(tmp_path: Path) -> None:
    notebook = {"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code", "source": TUTORIAL, "outputs": []}]}
    lesson = f"# Bees\n\n```python\n{TUTORIAL}```\n\nThen:\n\n```jsx\n{SCRIPT}```\n\n```text\n{OTHER}\n```\n"
    for files in ({"count.ipynb": json.dumps(notebook)}, {"lesson.md": lesson}):
        assert share(built(tmp_path, folder(tmp_path, f"school+{len(files)}", files)), TUTORIAL) > 0.1
    assert share(built(tmp_path, folder(tmp_path, "school+web", {"src/Board.tsx": SCRIPT})), SCRIPT, "TypeScript") > 0.1
    both = built(tmp_path, folder(tmp_path, "school+text", {"lesson.md": lesson}))
    assert share(both, SCRIPT, "JavaScript") > 0.1
    assert share(both, OTHER) == 0


@pytest.mark.parametrize("path", ["src/reportWebVitals.js", "vite.config.ts", "components/ui/board.tsx"])
def test_what_generators_of_web_projects_write_is_no_lesson(tmp_path: Path, path: str) -> None:
    assert len(built(tmp_path, folder(tmp_path, "school+web", {path: SCRIPT}))) == 0


def test_the_day_of_the_first_commit_is_kept(tmp_path: Path) -> None:
    (tmp_path / "days").write_text("school/bees\t2020-05-01\nclub/other 2021-01-01\n", "utf-8")
    lessons = [folder(tmp_path, name, {"count.py": TUTORIAL}) for name in ("school+bees", "club+hives")]
    assert built(tmp_path, *lessons, "--since", tmp_path / "days").since == ("2020-05-01", "")


def test_what_an_owners_lessons_share_is_of_the_first_of_them(tmp_path: Path) -> None:
    (tmp_path / "days").write_text("school/bees 2022-05-01\nschool/hives 2020-01-01\n", "utf-8")
    lessons = [folder(tmp_path, name, {"count.py": TUTORIAL}) for name in ("school+bees", "school+hives")]
    index = built(tmp_path, *lessons, "--since", tmp_path / "days")
    assert {match.origin for match in index.matches(Fingerprint(TUTORIAL).grams)} == {1}


def test_no_text_is_in_the_index(tmp_path: Path) -> None:
    output = tmp_path / "index.bin"
    lessons = folder(tmp_path, "school+bees", {"count.py": TUTORIAL})
    assert run(["corpus", "build", str(lessons), "-o", str(output)]) == 0
    assert b"school/bees" in output.read_bytes()
    for word in (b"threshold", b"BeeCounter", b"count.py", b"nonzero"):
        assert word not in output.read_bytes()


def test_background_and_what_many_owners_share_are_left_out(tmp_path: Path) -> None:
    lessons = folder(tmp_path, "school+bees", {"count.py": TUTORIAL})
    library = folder(tmp_path, "library", {"count.py": TUTORIAL})
    assert share(built(tmp_path, lessons, "--background", library), TUTORIAL) == 0
    others = [folder(tmp_path, f"{owner}+bees", {"count.py": TUTORIAL}) for owner in ("club", "museum", "shop", "farm")]
    assert share(built(tmp_path, lessons, others[0]), TUTORIAL) > 0.1
    assert share(built(tmp_path, lessons, *others), TUTORIAL) == 0


def test_habits_of_people_are_left_out_and_copies_of_a_lesson_are_no_habit(tmp_path: Path) -> None:
    lessons = folder(tmp_path, "school+bees", {"count.py": TUTORIAL})
    start = TUTORIAL.index("    def trend")
    habit = TUTORIAL[start : TUTORIAL.index("def run")]
    for person, text in (("ada", TUTORIAL), ("bea", TUTORIAL), ("cleo", OTHER + habit), ("dora", OTHER + habit)):
        folder(tmp_path / "people", f"{person}+project", {"own.py": text})
    plain = built(tmp_path, lessons)
    index = built(tmp_path, lessons, "--ordinary", tmp_path / "people")
    assert share(plain, habit) > 0
    assert share(index, habit) == 0
    assert share(index, TUTORIAL[:start]) == share(plain, TUTORIAL[:start])


def test_a_folder_that_names_no_origin_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run(["corpus", "build", str(folder(tmp_path, "bees", {"count.py": TUTORIAL})), "-o", str(tmp_path / "x")]) == 2
    )
    assert "OWNER+NAME" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()
