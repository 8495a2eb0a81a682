"""`corpus build`: an index of hashes and names, without idioms and without what engineered code holds too."""

from pathlib import Path

import pytest

from portfolio_audit.cli.main import run
from portfolio_audit.facts.fingerprints import Fingerprint
from portfolio_audit.facts.tutorial_index import TutorialIndex, decode
from portfolio_audit.tree import blob_oid
from tests.facts.tutorials import OTHER, TUTORIAL


def folder(at: Path, name: str, **files: str) -> Path:
    made = at / name
    made.mkdir(parents=True)
    for stem, text in files.items():
        (made / f"{stem}.py").write_text(text, "utf-8")
    return made


def built(tmp_path: Path, *arguments: Path | str) -> TutorialIndex:
    output = tmp_path / "index.bin"
    assert run(["corpus", "build", *map(str, arguments), "-o", str(output)]) == 0
    return decode(output.read_bytes())


def share(index: TutorialIndex, text: str) -> float:
    grams = Fingerprint(text).grams
    return sum(bool(index.of_gram(gram)) for gram in grams) / len(grams)


def test_what_is_indexed_is_found_under_its_origin(tmp_path: Path) -> None:
    index = built(tmp_path, folder(tmp_path, "school+bees", count=TUTORIAL), folder(tmp_path, "club+hives", read=OTHER))
    assert index.origins == ("school/bees", "club/hives")
    assert share(index, TUTORIAL) > 0.1
    assert index.of_file(blob_oid(TUTORIAL.encode())) == (0,)
    assert index.of_file(blob_oid(OTHER.encode())) == (1,)


def test_no_text_is_in_the_index(tmp_path: Path) -> None:
    output = tmp_path / "index.bin"
    lessons = folder(tmp_path, "school+bees", count=TUTORIAL)
    assert run(["corpus", "build", str(lessons), "-o", str(output)]) == 0
    assert b"school/bees" in output.read_bytes()
    for word in (b"threshold", b"BeeCounter", b"count.py", b"nonzero"):
        assert word not in output.read_bytes()


def test_background_and_what_three_owners_share_are_left_out(tmp_path: Path) -> None:
    lessons = folder(tmp_path, "school+bees", count=TUTORIAL)
    library = folder(tmp_path, "library", count=TUTORIAL)
    assert share(built(tmp_path, lessons, "--background", library), TUTORIAL) == 0
    others = [folder(tmp_path, f"{owner}+bees", count=TUTORIAL) for owner in ("club", "museum")]
    assert share(built(tmp_path, lessons, others[0]), TUTORIAL) > 0.1
    assert share(built(tmp_path, lessons, *others), TUTORIAL) == 0


def test_a_folder_that_names_no_origin_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["corpus", "build", str(folder(tmp_path, "bees", count=TUTORIAL)), "-o", str(tmp_path / "x")]) == 2
    assert "OWNER+NAME" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()
