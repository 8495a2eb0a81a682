"""work-own and work-not-followed: passed, partial, failed, not applicable and unknown."""

import pytest

from portfolio_audit.facts import copies, python_sample
from portfolio_audit.facts.copies import CopiedFile, Copies, Source
from portfolio_audit.snapshot import Comparison, Details, Parent
from portfolio_audit.testing import make_record, run_check
from tests.facts import tutorials
from tests.facts.tutorials import OTHER, TUTORIAL


@pytest.fixture(autouse=True)
def _one_tutorial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "shipped", tutorials.index)


def test_a_copy_fails_with_file_lines_and_origin_in_careful_words() -> None:
    outcome = run_check("work-own", {"count.py": tutorials.renamed(TUTORIAL)})
    assert outcome.status == "failed"
    assert "similar to invented-school/bee-lessons" in outcome.summary
    (place,) = outcome.evidence
    assert place.path == "count.py"
    assert place.line
    assert "of its code without imports and comments is similar to invented-school/bee-lessons" in place.note
    assert place.note.endswith("; the longest stretch")
    assert (outcome.fix or "").startswith("Solve another problem")


def test_a_borrowed_part_is_partial() -> None:
    own = "\n\n".join(OTHER.replace("read_", f"part{n}_") for n in range(4))
    outcome = run_check("work-own", {"count.py": TUTORIAL, "own.py": own})
    assert outcome.status == "partial"
    assert outcome.score is not None
    assert 0.6 < outcome.score < 0.9
    assert (outcome.fix or "").startswith("Write count.py anew, or say in the README")


def test_own_code_passes_and_says_what_was_compared() -> None:
    outcome = run_check("work-own", {"read.py": OTHER})
    assert outcome.status == "passed"
    assert outcome.searched
    assert outcome.searched.startswith("1 file of code")


def test_an_unchanged_fork_fails_by_its_ancestry() -> None:
    record = make_record(
        "project", fork=True, parent=Parent(full_name="invented-school/bees"), comparison=Comparison(ahead_by=0)
    )
    outcome = run_check("work-own", {"read.py": OTHER}, record=record)
    assert outcome.status == "failed"
    assert "a fork of invented-school/bees, without a commit of its own" in outcome.summary


def test_an_unchanged_copy_of_a_template_fails_in_careful_words() -> None:
    record = make_record("project", template_of="invented-school/bees", details=Details(commit_count=1))
    outcome = run_check("work-own", {"read.py": OTHER}, record=record)
    assert outcome.status == "failed"
    assert outcome.summary == "made from the template invented-school/bees, without a commit of its own since"


@pytest.mark.parametrize(("commits", "said"), [(1, "one commit"), (2, "two commits"), (40, None)])
def test_one_large_commit_is_said_beside_a_copy_alone(commits: int, said: str | None) -> None:
    record = make_record("project", details=Details(commit_count=commits))
    copied = run_check("work-own", {"count.py": TUTORIAL}, record=record)
    own = run_check("work-own", {"read.py": OTHER}, record=record)
    assert ("all of it came in" in copied.summary) is (said is not None)
    assert (said or "similar") in copied.summary
    assert own.status == "passed"
    assert "commit" not in own.summary


@pytest.mark.parametrize("files", [{}, {"README.md": "# Bees\n"}, {"app.go": "a := count(1)\n" * 30}])
def test_without_code_that_is_compared_it_does_not_apply(files: dict[str, str | bytes]) -> None:
    assert run_check("work-own", files).status == "not_applicable"


def test_unread_files_make_it_unknown_even_beside_a_copy() -> None:
    outcome = run_check("work-own", {"read.py": OTHER}, unread={"more.py": "over the budget"})
    assert outcome.status == "unknown"
    assert run_check("work-own", None).status == "unknown"


@pytest.mark.parametrize("text", ["\x00" * 5000, "(" * 50_000, '"""' * 9000, "def " * 9000])
@pytest.mark.parametrize("path", ["a.py", "a.tsx", "a.ipynb"])
def test_hostile_code_gets_an_answer(text: str, path: str) -> None:
    assert run_check("work-own", {path: text}).status in ("passed", "unknown", "not_applicable")


@pytest.mark.parametrize(
    "text", ["\x00" * 5000, "I followed " * 20_000, "[" * 50_000, "this project is based on the " * 5000]
)
def test_a_hostile_readme_is_no_follower(text: str) -> None:
    assert run_check("work-not-followed", {"README.md": f"# Bees\n\n{text}\n"}).status == "passed"


def test_a_followed_tutorial_fails_with_the_sentence() -> None:
    outcome = run_check("work-not-followed", {"README.md": "# Bees\n\nI followed the tutorial by Ada Sample.\n"})
    assert outcome.status == "failed"
    assert "says it follows Ada Sample" in outcome.summary
    assert "I followed the tutorial by Ada Sample." in outcome.summary
    assert (outcome.evidence[0].path, outcome.evidence[0].line) == ("README.md", 3)


def test_a_readme_that_says_nothing_of_the_kind_passes() -> None:
    assert run_check("work-not-followed", {"README.md": "# Bees\n\nInspired by a course.\n"}).status == "passed"


def test_without_a_readme_it_does_not_apply_and_unread_it_is_unknown() -> None:
    assert run_check("work-not-followed", {"read.py": OTHER}).status == "not_applicable"
    assert run_check("work-not-followed", {}, unread={"README.md": "missing"}).status == "unknown"


def test_a_short_stretch_among_own_code_passes_and_is_named() -> None:
    own = "\n\n".join(OTHER.replace("read_", f"part{n}_") for n in range(60))
    outcome = run_check("work-own", {"count.py": TUTORIAL, "own.py": own})
    assert outcome.status == "passed"
    assert "similar to invented-school/bee-lessons" in outcome.summary
    assert [place.path for place in outcome.evidence] == ["count.py"]


def test_more_files_than_the_advice_names_are_counted() -> None:
    own = "\n\n".join(OTHER.replace("read_", f"part{n}_") for n in range(20))
    outcome = run_check("work-own", {**{f"c{n}.py": TUTORIAL for n in range(5)}, "own.py": own})
    assert "Write c0.py, c1.py, c2.py and 2 more anew" in (outcome.fix or ""), outcome


@pytest.mark.parametrize(
    ("rows", "status", "said"), [(40, "passed", "no long stretches"), (160, "not_applicable", "the code is in SQL")]
)
def test_lines_are_compared_with_lines(rows: int, status: str, said: str) -> None:
    code = "\n".join(f"hive_{n} = {n}" for n in range(100))
    tables = "\n".join(f"SELECT hive_{n}, weight, day, hour, place FROM hives WHERE n = {n};" for n in range(rows))
    outcome = run_check("work-own", {"load.py": code, "hives.sql": tables})
    assert (outcome.status, said in outcome.summary) == (status, True), outcome
    assert outcome.status != "passed" or outcome.summary.endswith("; SQL not compared")


def test_what_only_starts_programs_is_no_code_that_was_not_compared() -> None:
    script = "\n".join(f"python load.py {n}" for n in range(300))
    assert run_check("work-own", {"load.py": OTHER, "run.sh": script}).status == "passed"


def test_the_text_of_a_generator_follows_nothing_and_presents_nothing() -> None:
    text = (
        "# Getting Started with Create React App\n\nThis project was bootstrapped with "
        "[Create React App](https://github.com/facebook/create-react-app).\n\n## Available Scripts\n\nnpm start\n"
    )
    outcome = run_check("work-not-followed", {"README.md": text})
    assert (outcome.status, outcome.summary) == (
        "not_applicable",
        "the README is the one that comes with Create React App",
    )


def test_a_copy_outside_notebooks_says_of_which_code_the_share_is(monkeypatch: pytest.MonkeyPatch) -> None:
    found = tuple(
        CopiedFile(f"src/part{n}.py", 100, (Source("invented-school/bee-lessons", 60, line=3, end_line=9),))
        for n in range(4)
    )
    copies_of = Copies(tokens=800, notebooks=300, compared=5, files=found)
    monkeypatch.setattr(Copies, "distil", classmethod(lambda cls, tree: copies_of))
    outcome = run_check("work-own", {"read.py": OTHER})
    assert outcome.status == "failed"
    said = "48% of the code outside notebooks, 30% of all, is similar to invented-school/bee-lessons"
    assert outcome.summary == said


def test_a_large_part_that_is_no_copy_gets_the_advice_about_the_part(monkeypatch: pytest.MonkeyPatch) -> None:
    found = (CopiedFile("bees.py", 1000, (Source("invented-school/bee-lessons", 440, line=3, end_line=9),)),)
    copies_of = Copies(tokens=1000, compared=1, files=found)
    monkeypatch.setattr(Copies, "distil", classmethod(lambda cls, tree: copies_of))
    outcome = run_check("work-own", {"bees.py": OTHER})
    assert outcome.status == "partial"
    assert outcome.score == pytest.approx(0.56)
    assert outcome.summary.startswith("44% of the code is similar to")
    assert (outcome.fix or "").startswith("Write bees.py anew")


def test_what_was_compared_of_a_large_library_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python_sample, "LIBRARY", python_sample.Bound(2, 0, 10_000))
    files = {f"hive/{name}.py": OTHER for name in "abcde"} | {"pyproject.toml": '[project]\nname = "hive"\n'}
    outcome = run_check("work-own", files | {"README.md": "    pip install hive\n"})
    assert outcome.searched is not None
    assert outcome.searched.startswith("2 files of code (a sample, without 3 more files), compared with")
